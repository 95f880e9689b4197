"""What a study found: the answer in sentences, who gains and who pays, how sure that is, and what it rests on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.charts import labels
from sim.ground.sides import SIDES
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef
from sim.report.answers import question_in_words
from sim.report.comparing import replications_in_words
from sim.report.sentences import Saying, saying
from sim.report.spoken import period_in_words
from sim.study.questions import LONGEST_WAIT, question_of
from sim.study.shown_names import quoted_names
from sim.study.verdict import Verdict

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.study import Study

ALWAYS = (
    "on_time_share",
    "released_share",
    "delay_quantile/p95",
    "missed_per_million",
    "officer_hours",
    "officer_hours_scheduled",
    "aviation_hours",
)
"""What every study is groups: whether flights come through and on time, what passes unnoticed, and whose time it takes."""
BY_SIDE = ("officer_posts", "officer_hours", "aviation_posts", "immigration_posts", "quarantine_posts")
MINUTES_BY_SIDE = "arrival_to_release_by_destination"
NO_QUESTION = Text(
    "What do the policies change, for whom, and at what price?",
    "各項政策帶來甚麼改變？誰受惠，代價為何？",
    "各项政策带来什么改变？谁受惠，代价是什么？",
)
NO_NUMBERS = Text(
    "Nothing that was asked about could be measured in this study.",
    "本研究未能量度任何與問題有關的指標。",
    "本研究未能测得任何与问题有关的指标。",
)
NO_PRICE = Text(
    "Nothing else that was asked about is shown to get worse by as much as matters.",
    "其他指標未見有值得關注的惡化。",
    "其他指标未见有值得关注的恶化。",
)
ONLY_BETTER = Text("Better in something, worse in nothing: {names}.", "有改善而無惡化：{names}。", "有改善而无恶化：{names}。")
BOTH_WAYS = Text(
    "Better in one thing and worse in another: {names}.", "有改善，亦有惡化：{names}。", "有改善，也有恶化：{names}。"
)
NONE_BEST = Text(
    "No policy here is better in something without being worse in something else.",
    "沒有任何政策只有改善而無惡化。",
    "没有任何政策只有改善而无恶化。",
)
AT_THE_PRICE = Text("{name} (worse: {label})", "{name}（惡化：{label}）", "{name}（恶化：{label}）")
ONLY_WORSE = Text("Worse in something, better in nothing: {names}.", "有惡化而無改善：{names}。", "有恶化而无改善：{names}。")
NEITHER = Text("No difference shown that matters: {names}.", "未見值得關注的差異：{names}。", "未见值得关注的差异：{names}。")
NOT_JUDGED = Text(
    "Not judged, since more than policy differs: {names}.",
    "外在條件不同，不作判定：{names}。",
    "外部条件不同，不作判定：{names}。",
)
QUOTED = Text("{name}", "「{name}」", "“{name}”")
SURE = Text(
    "{n} runs of {period} each. The ranges hold with {confidence}% confidence for chance in the simulation; they do not show how "
    "wrong the assumptions may be.",
    "模擬 {n} 次，每次 {period}。範圍的置信水平為 {confidence}%，只反映模擬的隨機波動，並不反映假設可能有多大偏差。",
    "模拟 {n} 次，每次 {period}。范围的置信水平为 {confidence}%，只反映模拟的随机波动，并不反映假设可能有多大偏差。",
)
CANNOT_TELL = Text(
    "{n} of the {all} comparisons asked about cannot be told yet{more}.",
    "與問題有關的 {all} 項比較中，{n} 項未能判定{more}。",
    "与问题有关的 {all} 项比较中，{n} 项未能判定{more}。",
)
WITH_MORE = Text("; most of them would take {runs} runs", "，多數須模擬 {runs} 次", "，多数须模拟 {runs} 次")
RESTS = Text(
    "Of the {all} assumptions of the model, {stated} have a published source, {derived} are worked out from one, {recalled} are "
    "general knowledge and {guess} are guesses.",
    "模型的 {all} 項假設中，{stated} 項有公開出處，{derived} 項由出處推算，{recalled} 項憑一般認識，{guess} 項屬估計。",
    "模型的 {all} 项假设中，{stated} 项有公开出处，{derived} 项由出处推算，{recalled} 项凭一般认识，{guess} 项属估计。",
)
BETWEEN_QUOTED = Text(", ", "、", "、")
MOST_QUESTIONS, MOST_SENTENCES = 2, 3


@dataclass(frozen=True)
class Finding:
    """What a study found, in one language."""

    study: "Study"
    language: Language

    @cached_property
    def questions(self) -> dict[str, tuple[str, ...]]:
        """By question in words, the scenarios that ask it, in their order; scenarios without one are asked what changes."""
        groups: dict[str, list[str]] = {}
        for scenario in self.study.scenarios[1:] or self.study.scenarios:
            words = question_in_words(scenario.question, self.language) if scenario.question else self._say(NO_QUESTION)
            groups.setdefault(words, []).append(scenario.name)
        return {words: tuple(names) for words, names in groups.items()}

    @cached_property
    def sayings(self) -> dict[str, tuple[Saying, ...]]:
        """By compared scenario, what was measured of what it is asked: the measures of its question, then what all are asked.

        Of a study of one scenario, that of this one.
        """
        of_scenarios = {}
        for scenario in self.study.scenarios[1:] or self.study.scenarios:
            refs = (MeasureRef.parse(key) for key in dict.fromkeys((*_answering(scenario), *ALWAYS)))
            lines = (saying(self.study, ref, scenario.name, self.language) for ref in refs if self._is_shown(ref))
            of_scenarios[scenario.name] = tuple(line for line in lines if line is not None)
        return of_scenarios

    def _is_shown(self, ref: MeasureRef) -> bool:
        """Whether the study has the measure in this world: a boosted study has only those that hold under it."""
        metric = self.study.metrics.get(ref.metric)
        return metric is not None and (metric.boostable or self.study.boost == 1)

    def sentences(self) -> list[str]:
        """The answer in three sentences: what changes by question, at what price, and which policy is better in what."""
        if not any(self.sayings.values()):
            return [self._say(NO_NUMBERS)]
        if not self.study.against:
            return [line.sentence() for line in self.sayings[self.study.baseline][:MOST_SENTENCES]]
        heads = self._heads()[:MOST_QUESTIONS]
        sentences = [head.sentence() for head in heads]
        if len(heads) < MOST_QUESTIONS:
            price = self._price(heads)
            sentences.append(price.sentence() if price else self._say(NO_PRICE))
        return [*sentences, self.verdict()]

    def head(self) -> Saying | None:
        """What the first sentence is of: the title of a brief and of its chart; None where nothing was measured."""
        return next(iter(self._heads()), None)

    def _heads(self) -> list[Saying]:
        """What speaks for each question, the weightiest first."""
        heads = (self._head(names) for names in self.questions.values())
        return sorted((head for head in heads if head is not None), key=lambda line: (not line.is_clear, -line.weight))

    def _head(self, names: Sequence[str]) -> Saying | None:
        """What speaks for a question: the first of its measures that clearly differs, where it does so most; else the first."""
        lines = [line for name in names for line in self.sayings.get(name, ())]
        for ref in dict.fromkeys(line.ref for line in lines):
            clear = [line for line in lines if line.ref == ref and line.is_clear]
            if clear:
                return max(clear, key=lambda line: line.weight)
        return lines[0] if lines else None

    def _price(self, others: Sequence[Saying]) -> Saying | None:
        """What gets worse the most, but for those named; what may be too small last."""
        worse = [line for of_name in self.sayings.values() for line in of_name if line.is_worse and line not in others]
        return max(worse, key=lambda line: (line.verdict == Verdict.WORSE, line.weight), default=None)

    def verdict(self) -> str:
        """Which scenarios are better in something, worse in something, both or neither, of what was asked about."""
        groups: dict[Text, list[str]] = {ONLY_BETTER: [], BOTH_WAYS: [], ONLY_WORSE: [], NEITHER: [], NOT_JUDGED: []}
        for name, lines in self.sayings.items():
            better, worse = any(line.is_better for line in lines), any(line.is_worse for line in lines)
            elsewhere = any(line.verdict == Verdict.OTHER_WORLD for line in lines)
            group = BOTH_WAYS if better and worse else ONLY_BETTER if better else ONLY_WORSE if worse else NEITHER
            groups[NOT_JUDGED if elsewhere else group].append(name)
        sentences = [self._say(NONE_BEST)] if groups[BOTH_WAYS] and not groups[ONLY_BETTER] else []
        for group, names in groups.items():
            shown = [self._with_price(name) if group is BOTH_WAYS else self.quoted(name) for name in names]
            if names:
                sentences.append(self._say(group, names=self._say(BETWEEN_QUOTED).join(shown)))
        return (" " if self.language == "en" else "").join(sentences)

    def quoted(self, name: str) -> str:
        """A scenario in a sentence: its title in quotation marks."""
        shown = quoted_names(self.study, self.language)[name]
        return shown if self.language == "en" else self._say(QUOTED, name=shown)

    def _with_price(self, name: str) -> str:
        """A scenario with what it makes worse the most."""
        worse = [line for line in self.sayings[name] if line.is_worse]
        weightiest = max(worse, key=lambda line: (line.verdict == Verdict.WORSE, line.weight))
        label = labels.measure(self.study, weightiest.ref.metric, weightiest.ref.part, self.language)
        label = label[:1].lower() + label[1:] if self.language == "en" else label
        return self._say(AT_THE_PRICE, name=self.quoted(name), label=label)

    def moved(self) -> list[Saying]:
        """What clearly differs of what was asked about: scenario by scenario, the question's measures first."""
        return [line for lines in self.sayings.values() for line in lines if line.is_clear]

    def unclear(self) -> list[Saying]:
        """What was asked about and cannot be told."""
        lines = (line for of_name in self.sayings.values() for line in of_name)
        return [line for line in lines if line.verdict == Verdict.UNDECIDED and not line.is_alike]

    def by_side(self) -> dict[str, list[Saying]]:
        """By side, in the order of their English names: whose posts, work and minutes clearly change, scenario by scenario."""
        rows: dict[str, list[Saying]] = {}
        for side in sorted(SIDES, key=lambda side: side.name.en):
            refs = [MeasureRef(MINUTES_BY_SIDE, f"{side.key}/mean"), *(MeasureRef(key, side.key) for key in BY_SIDE)]
            for name in self.sayings if self.study.against else ():
                for ref in refs:
                    line = saying(self.study, ref, name, self.language) if self._is_shown(ref) else None
                    if line is not None and line.is_clear:
                        rows.setdefault(side.key, []).append(line)
        return rows

    def how_sure(self) -> list[str]:
        """What the ranges hold, and how much of what was asked cannot be told."""
        manifest = self.study.manifest
        period = period_in_words(manifest.window.days, self.language)
        sentences = [self._say(SURE, n=manifest.replications, period=period, confidence=labels.confidence(self.study))]
        unclear = self.unclear()
        if unclear:
            of_all = sum(map(len, self.sayings.values()))
            known = sorted(float(line.change["replications_to_decide"]) for line in unclear if line.change is not None)
            finite = [runs for runs in known if runs > 0]
            more = self._say(WITH_MORE, runs=replications_in_words(finite[len(finite) // 2])) if finite else ""
            sentences.append(self._say(CANNOT_TELL, n=len(unclear), all=of_all, more=more))
        return sentences

    def what_it_rests_on(self) -> str:
        """How many assumptions have a source, and how many are guesses."""
        from sim.scenario.parameters import catalogue

        counts = Counter(parameter.status.value for parameter in catalogue().values())
        statuses = {status: counts[status] for status in ("stated", "derived", "recalled", "guess")}
        return self._say(RESTS, all=counts.total(), **statuses)

    def levers(self) -> Iterator[tuple[str, list[str]]]:
        """By scenario, in their order, what it changes against the one it is held against; nothing of the baseline."""
        differences: Mapping[str, list[str]] = self.study.differences_in(self.language)
        for name in self.study.against:
            yield name, differences[name]

    def _say(self, text: Text, **parts: object) -> str:
        return text.in_language(self.language).format(**parts)


def _answering(scenario: "Scenario") -> tuple[str, ...]:
    """The measures that answer a scenario's question, the weightiest first."""
    known = question_of(scenario.question)
    measures = tuple(scenario.answered_by) or (known.answered_by if known else ())
    return tuple(key for key in measures if key != LONGEST_WAIT)
