"""What a study found: the answer in sentences, who gains and who pays, how sure that is, and what it rests on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.ground.sides import SIDES
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef
from sim.report.comparing import replications_in_words
from sim.report.sentences import Saying, saying
from sim.report.spoken import period_in_words
from sim.study.questions import LONGEST_WAIT, question_in_words, question_of
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
ONLY_BETTER = Text(
    "Better in something asked about and shown to be worse in nothing: {names}.",
    "有改善而未見變差：{names}。",
    "有改善而未见变差：{names}。",
)
NONE_BEST = Text("No policy here gains without a price.", "沒有一項政策有得益而無代價。", "没有一项政策有收益而无代价。")
BOTH_WAYS = Text("Gains at a price: {names}.", "有得益，亦有代價：{names}。", "有收益，也有代价：{names}。")
AT_THE_PRICE = Text(
    "{name} (worse: {label}, from {before} to {after})",
    "{name}（變差：{label}由 {before} 變為 {after}）",
    "{name}（变差：{label}由 {before} 变为 {after}）",
)
ONLY_WORSE = Text(
    "Worse in something and better in nothing (quicker steps aside): {names}.",
    "只有變差（個別環節較快除外）：{names}。",
    "只有变差（个别环节较快除外）：{names}。",
)
NEITHER = Text("No difference that matters: {names}.", "未見值得關注的差異：{names}。", "未见值得关注的差异：{names}。")
NOT_TOLD = Text(
    "No difference shown, but not all can be told: {names}.",
    "未見差異，但部分指標未能判定：{names}。",
    "未见差异，但部分指标未能判定：{names}。",
)
NOT_JUDGED = Text(
    "Not judged, since more than policy differs (--same-world compares policies alone): {names}.",
    "外在條件不同，不作判定（--same-world 可只比較政策）：{names}。",
    "外部条件不同，不作判定（--same-world 可只比较政策）：{names}。",
)
SURE = Text(
    "{n} runs of {period} each; the ranges hold with {confidence}% confidence for chance alone, not for wrong assumptions.",
    "模擬 {n} 次，每次 {period}；範圍的置信水平為 {confidence}%，只反映隨機波動，並不反映假設是否正確。",
    "模拟 {n} 次，每次 {period}；范围的置信水平为 {confidence}%，只反映随机波动，并不反映假设是否正确。",
)
CANNOT_TELL = Text(
    "Of {all} comparisons asked about, {n} cannot be told yet{more}.",
    "與問題有關的 {all} 項比較中，{n} 項未能判定{more}。",
    "与问题有关的 {all} 项比较中，{n} 项未能判定{more}。",
)
IT_TAKES = Text(" (that would take some {runs} runs)", "（約須模擬 {runs} 次）", "（约须模拟 {runs} 次）")
WITH_MORE = Text(" (most would take {runs} runs)", "（多數須模擬 {runs} 次）", "（多数须模拟 {runs} 次）")
RESTS = Text(
    "Of {all} assumptions, {stated} have a published source, {between} are worked out or general knowledge, and {guess} are "
    "guesses.",
    "{all} 項假設中，{stated} 項有公開出處，{between} 項由出處推算或憑一般認識，{guess} 項屬估計。",
    "{all} 项假设中，{stated} 项有公开出处，{between} 项由出处推算或凭一般认识，{guess} 项属估计。",
)
ALL_STEPS = Text("All steps together: {sentence}", "各步合計：{sentence}", "各步合计：{sentence}")
WAITS = Text(
    "With {name}, flights wait longest at {pool}: {n} on average.",
    "{name}下，航班輪候最久之處為{pool}：平均 {n}。",
    "{name}下，航班排队最久之处为{pool}：平均 {n}。",
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
            if price is not None:
                sentences.append(price.sentence())
            elif not self.elsewhere():
                sentences.append(self._say(NO_PRICE))
        return [*sentences, self.verdict()]

    def of_question(self, names: Sequence[str]) -> list[str]:
        """The answer to the question that these scenarios ask: a sentence a scenario, with all its steps, then the verdict."""
        if not self.study.against:
            return self.sentences()
        sentences = []
        for name in names:
            head = self._head([name])
            if head is None:
                continue
            sentences.append(head.sentence())
            if self.study.against[name] != self.study.baseline:
                whole = saying(self.study, head.ref, name, self.language, is_together=True)
                if whole is not None and whole.change is not None:
                    sentences.append(self._say(ALL_STEPS, sentence=whole.sentence()))
        return [*sentences, self.verdict(names)] if sentences else [self._say(NO_NUMBERS)]

    def waits(self, names: Sequence[str]) -> list[str]:
        """Where flights wait longest, a sentence a scenario that is asked so, its base included."""
        by_name = {scenario.name: scenario for scenario in self.study.scenarios}
        asking = [name for name in names if LONGEST_WAIT in _all_answering(by_name[name])]
        bases = [self.study.against[name] for name in asking if name in self.study.against]
        sentences = (self._longest_wait(name) for name in dict.fromkeys((*bases, *asking)))
        return [sentence for sentence in sentences if sentence]

    def _longest_wait(self, name: str) -> str:
        """The pool at which flights wait longest on the mean, of those whose servers can be counted; empty for none."""
        means = self.study.summary[self.study.summary["scenario"] == name].set_index(["metric", "part"])["mean"]
        pools = (
            [part for part in means["utilisation"].index if np.isfinite(means["utilisation", part])]
            if "utilisation" in means
            else []
        )
        waits = {pool: float(means["wait_mean", pool]) for pool in pools if np.isfinite(means.get(("wait_mean", pool), np.nan))}
        if not waits:
            return ""
        pool = max(waits, key=lambda key: waits[key])
        shown = labels.pool(pool, self.language, self.study.features)
        return self._say(
            WAITS, name=self.quoted(name), pool=shown, n=scale_for("s", waits[pool]).level(waits[pool], self.language)
        )

    def head(self) -> Saying | None:
        """What the first sentence is of: the title of a brief and of its chart; None where nothing was measured."""
        return next(iter(self._heads()), None)

    def _heads(self) -> list[Saying]:
        """What speaks for each question, the weightiest first."""
        heads = (self._head(names) for names in self.questions.values())
        return sorted((head for head in heads if head is not None), key=lambda line: (not line.is_seen, -line.weight))

    def _head(self, names: Sequence[str]) -> Saying | None:
        """What speaks for a question: the first of its measures that clearly differs, where it does so most; else the first."""
        lines = [line for name in names for line in self.sayings.get(name, ())]
        if lines and set(names) <= set(self.elsewhere()):
            return lines[0]  # where the world differs too, the largest change says nothing of a policy
        for ref in dict.fromkeys(line.ref for line in lines):
            clear = [line for line in lines if line.ref == ref and line.is_seen]
            if clear:
                return max(clear, key=lambda line: line.weight)
        return lines[0] if lines else None

    def _price(self, others: Sequence[Saying]) -> Saying | None:
        """What gets worse the most, but for those named; what may be too small last."""
        worse = [line for of_name in self.sayings.values() for line in of_name if line.is_worse and line not in others]
        return max(worse, key=lambda line: (line.verdict == Verdict.WORSE, line.weight), default=None)

    def verdict(self, of: Sequence[str] = ()) -> str:
        """Which scenarios, all or those named, are better in something asked about, worse in something, both or neither."""
        order = (ONLY_BETTER, BOTH_WAYS, ONLY_WORSE, NEITHER, NOT_TOLD, NOT_JUDGED)
        groups: dict[Text, list[str]] = {group: [] for group in order}
        for name, lines in self.sayings.items():
            if of and name not in of:
                continue
            better, worse = any(line.is_better for line in lines), any(line.is_worse for line in lines)
            neither = NEITHER if all(line.is_told for line in lines) else NOT_TOLD
            group = BOTH_WAYS if better and worse else ONLY_BETTER if better else ONLY_WORSE if worse else neither
            groups[NOT_JUDGED if name in self.elsewhere() else group].append(name)
        sentences = [self._say(NONE_BEST)] if groups[BOTH_WAYS] and not groups[ONLY_BETTER] else []
        for group, names in groups.items():
            shown = [self._with_price(name) if group is BOTH_WAYS else self.quoted(name) for name in names]
            if names:
                sentences.append(self._say(group, names=self._say(BETWEEN_QUOTED).join(shown)))
        return (" " if self.language == "en" else "").join(sentences)

    def quoted(self, name: str) -> str:
        """A scenario in a sentence: its title in quotation marks."""
        return quoted_names(self.study, self.language)[name]

    def _with_price(self, name: str) -> str:
        """A scenario with what it makes worse the most."""
        worse = [line for line in self.sayings[name] if line.is_worse]
        weightiest = max(worse, key=lambda line: (line.verdict == Verdict.WORSE, line.weight))
        label = labels.measure(self.study, weightiest.ref.metric, weightiest.ref.part, self.language)
        label = label[:1].lower() + label[1:] if self.language == "en" else label
        before, after, *_ = weightiest.cells()
        return self._say(AT_THE_PRICE, name=self.quoted(name), label=label, before=before, after=after)

    def moved(self) -> list[Saying]:
        """What clearly differs of what was asked about: scenario by scenario, the question's measures first."""
        return [line for lines in self.sayings.values() for line in lines if line.is_seen]

    def elsewhere(self) -> list[str]:
        """The scenarios that stand in another world than the one they are held against: policy alone does not explain them."""
        return [name for name, lines in self.sayings.items() if any(line.verdict == Verdict.OTHER_WORLD for line in lines)]

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
                    if line is not None and line.is_seen:
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
            more = (
                self._say(WITH_MORE if len(unclear) > 1 else IT_TAKES, runs=replications_in_words(finite[len(finite) // 2]))
                if finite
                else ""
            )
            sentences.append(self._say(CANNOT_TELL, n=len(unclear), all=of_all, more=more))
        return sentences

    def what_it_rests_on(self) -> str:
        """How many assumptions have a source, and how many are guesses."""
        from sim.scenario.parameters import catalogue

        counts = Counter(parameter.status.value for parameter in catalogue().values())
        statuses = {status: counts[status] for status in ("stated", "derived", "recalled", "guess")}
        between = statuses["derived"] + statuses["recalled"]
        return self._say(RESTS, all=counts.total(), between=between, **statuses)

    def levers(self) -> dict[str, list[str]]:
        """By scenario, in their order, what it changes against the one it is held against, in short; nothing of the baseline."""
        return self.study.differences_in_short(self.language)

    def _say(self, text: Text, **parts: object) -> str:
        return text.in_language(self.language).format(**parts)


def _all_answering(scenario: "Scenario") -> tuple[str, ...]:
    """What answers a scenario's question, as it or the catalogue names it, the weightiest first."""
    known = question_of(scenario.question)
    return tuple(scenario.answered_by) or (known.answered_by if known else ())


def _answering(scenario: "Scenario") -> tuple[str, ...]:
    """Of that, the measures."""
    return tuple(key for key in _all_answering(scenario) if key != LONGEST_WAIT)
