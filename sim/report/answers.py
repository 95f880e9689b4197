"""The answer first: for each question that a study's scenarios ask, the measures that answer it, scenario by scenario."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.breakdown import TOTAL
from sim.metrics.measure_ref import MeasureRef
from sim.report.comparing import both_ends
from sim.study.held_against import steps_to
from sim.study.questions import LONGEST_WAIT, question_of
from sim.study.shown_names import BETWEEN_NAMES, names_in
from sim.study.verdict import SIGNS, VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

UTILISATION, WAIT = "utilisation", "wait_mean"
WHERE = Text("longest wait at", "輪候最久之處", "排队最久之处")
FEW = Text("(few)", "（太少）", "（太少）")
KEYED = Text("{key}. {question}", "{key}　{question}", "{key}　{question}")
LEVEL = Text("{label} in {name}: {level}.", "{label}：{name} 為 {level}。", "{label}：{name} 为 {level}。")
LEVEL_OF_BASE = Text("in {name}: {level}", "{name} 為 {level}", "{name} 为 {level}")
NONE_CLEAR = Text(
    "No scenario is shown to differ in this by as much as matters.",
    "就此而言，未見任何情景有值得關注的差異。",
    "就此而言，未见任何情景有值得关注的差异。",
)
NONE_CLEAR_FROM_ITS_BASE = Text(
    "No scenario is shown to differ in this, from the one it is held against, by as much as matters.",
    "就此而言，未見任何情景與其對照情景有值得關注的差異。",
    "就此而言，未见任何情景与其对照情景有值得关注的差异。",
)
NO_VERDICT = Text(
    "Without a verdict, because of another world than that of the scenario held against: {names}. Their numbers are no effect of "
    "policy alone.",
    "因外在條件與對照情景不同而不作結論：{names}；其數字並非純粹由政策造成。",
    "因外部条件与对照情景不同而不作结论：{names}；其数字并非纯粹由政策造成。",
)
TOO_FEW = Text("There are too few events to compare.", "事件太少，不宜比較。", "事件太少，不宜比较。")
ONE_CLEAR = Text("It differs only in {findings}.", "有差異的只有 {findings}。", "有差异的只有 {findings}。")
EXTREMES = Text("{findings}.", "{findings}。", "{findings}。")
LOWEST = Text("lowest in {findings}", "最低為 {findings}", "最低为 {findings}")
HIGHEST = Text("highest in {findings}", "最高為 {findings}", "最高为 {findings}")
EACH_FROM_ITS_BASE = Text("Differences: {findings}.", "差異：{findings}。", "差异：{findings}。")
DIFFERS_FROM = Text(
    "{name} against {base}: {level}, {change}, {verdict}",
    "{name} 與 {base} 比較：{level}，{change}，{verdict}",
    "{name} 与 {base} 比较：{level}，{change}，{verdict}",
)
TOGETHER = Text(
    "All steps together ({steps}), {name} against {base}: {change}, {verdict}.",
    "各步合計（{steps}），{name} 與 {base} 比較：{change}，{verdict}。",
    "各步合计（{steps}），{name} 与 {base} 比较：{change}，{verdict}。",
)
TOGETHER_NO_NUMBER = Text(
    "All steps together ({steps}), {name} against {base}: {verdict}.",
    "各步合計（{steps}），{name} 與 {base} 比較：{verdict}。",
    "各步合计（{steps}），{name} 与 {base} 比较：{verdict}。",
)
HELD_AGAINST = Text("held against", "對照情景", "对照情景")
STEPS_TOGETHER = Text("{name}, all steps together", "{name}（各步合計）", "{name}（各步合计）")
DIFFERS = Text("{name}: {level}, {change}, {verdict}", *["{name}：{level}，{change}，{verdict}"] * 2)
BESIDES = Text("Besides: {findings}.", "此外：{findings}。", "此外：{findings}。")
NOTHING_BESIDES = Text(
    "No other measure of this question is shown to differ by as much as matters.",
    "此問題的其他指標未見值得關注的差異。",
    "此问题的其他指标未见值得关注的差异。",
)
NOTHING_BESIDES_FROM_ITS_BASE = Text(
    "No other measure of this question is shown to differ, from the scenario held against, by as much as matters.",
    "此問題的其他指標與對照情景相比，未見值得關注的差異。",
    "此问题的其他指标与对照情景相比，未见值得关注的差异。",
)
MORE = Text("and {n} more", "另有 {n} 項", "另有 {n} 项")
OTHER = Text("{label} in {name} {change}, {verdict}", *["{name} 的{label} {change}，{verdict}"] * 2)
OTHER_FROM = Text(
    "{label} in {name} {change} against {base}, {verdict}",
    "{name} 的{label}較 {base} {change}，{verdict}",
    "{name} 的{label}较 {base} {change}，{verdict}",
)
BETWEEN = Text("; ", "；", "；")
MOST_BESIDES = 3


@dataclass(frozen=True)
class Answer:
    """What a group of scenarios answers: `sentences` with intervals, then a table of texts, in one language.

    sentences: the weightiest measure in the baseline, where it clearly differs, what steps come to together, and what differs
    besides; none where nothing was measured · columns: the headings of the measures · rows: by scenario, as a page calls it, the
    baseline first, its cells; a cell is the level and, in brackets where it is clear, the difference from its base; below a
    scenario that is held against another than the baseline, a row with its difference from the baseline · bases: by row, what its
    differences are from; empty where that is the baseline in every row · where: whether the last column is the pool with the
    longest wait.
    """

    question: str
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    bases: dict[str, str] = field(default_factory=dict)
    where: bool = False


def answers(study: "Study", language: Language = "en") -> Iterator[Answer]:
    """The answers in the order in which the scenarios first ask.

    A question of the catalogue is written out behind its key; one in a scenario's own words stands as it is, and is
    answered if the scenario names measures (`answered_by`). The baseline's question counts where it stands alone.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    compared = [scenario for scenario in study.scenarios if scenario.name != study.baseline]
    for scenario in compared or study.scenarios:
        known = question_of(scenario.question)
        measures = tuple(scenario.answered_by) or (known.answered_by if known else ())
        if scenario.question:
            groups.setdefault((question_in_words(scenario.question, language), measures), []).append(scenario.name)
    for (question, measures), names in groups.items():
        yield _answer(study, question, measures, names, language)


def question_in_words(question: Text, language: Language = "en") -> str:
    """A scenario's question, written out where it is a key of the catalogue."""
    known = question_of(question)
    if known is None:
        return question.in_language(language).strip()
    return KEYED.in_language(language).format(key=known.key, question=known.text.in_language(language))


def _answer(study: "Study", question: str, measures: Sequence[str], names: Sequence[str], language: Language) -> Answer:
    compared = [name for name in names if name != study.baseline]
    ways = [step for name in compared for step in steps_to(name, study.against)]
    members = [name for name in study.names if name == study.baseline or name in (*names, *ways)]
    columns = [_Column(study, measure, members, language) for measure in measures if measure != LONGEST_WAIT]
    columns = [column for column in columns if column.is_measured]
    if not columns:
        return Answer(question, (), (), {})
    headings = [column.heading for column in columns]
    if LONGEST_WAIT in measures:
        headings.append(WHERE.in_language(language))
    rows, bases, shown_as = {}, {}, names_in(study, language)
    for name in members:
        where = (_longest_wait(study, name, language),) if LONGEST_WAIT in measures else ()
        rows[shown_as[name]] = (*(column.cell(name) for column in columns), *where)
        base = study.against.get(name, "")
        bases[shown_as[name]] = shown_as.get(base, "")
        if base not in ("", study.baseline):
            label = STEPS_TOGETHER.in_language(language).format(name=shown_as[name])
            rows[label] = (*(column.cell(name, is_together=True) for column in columns), *where)
            bases[label] = shown_as[study.baseline]
    sentences = [columns[0].level_sentence(compared)]
    if compared:
        sentences += [columns[0].difference_sentence(compared), *(columns[0].together_sentence(name) for name in compared)]
        sentences.append(_besides(columns[1:], compared, language))
    are_alike = set(bases.values()) <= {"", shown_as[study.baseline]}
    texts = tuple(filter(None, sentences)), tuple(headings)
    return Answer(question, *texts, rows, {} if are_alike else bases, LONGEST_WAIT in measures)


def _besides(columns: Sequence["_Column"], compared: Sequence[str], language: Language) -> str:
    """What clearly differs in the other measures, the weightiest first; empty where there are no others."""
    compared = [name for name in compared if all(column.verdict(name) != Verdict.OTHER_WORLD for column in columns)]
    if not columns or not compared:
        return ""
    with_base = columns[0].names_bases(compared)
    clear = [column.besides(name, with_base) for column in columns for name in compared if column.verdict(name) in SIGNS]
    if not clear:
        return (NOTHING_BESIDES_FROM_ITS_BASE if with_base else NOTHING_BESIDES).in_language(language)
    clauses = clear[:MOST_BESIDES]
    if len(clear) > len(clauses):
        clauses.append(MORE.in_language(language).format(n=len(clear) - len(clauses)))
    return BESIDES.in_language(language).format(findings=BETWEEN.in_language(language).join(clauses))


class _Column:
    """One measure over the scenarios of a question, all in one unit."""

    def __init__(self, study: "Study", measure: str, members: Sequence[str], language: Language) -> None:
        metric, part = MeasureRef.parse(measure)
        self.language = language
        self.label = labels.measure(study, metric, part or TOTAL, language)
        self.study, self.baseline = study, study.baseline
        self.names = names_in(study, language)
        self.levels = _of_measure(study.summary, metric, part)
        self.changes = _of_measure(study.comparison, metric, part)
        self.together = _of_measure(study.together, metric, part)
        known = [float(self.levels[name]["mean"]) for name in members if name in self.levels]
        self.scale: Scale = scale_for(study.metrics[metric].unit_in(part), *known)
        self.is_measured = any(np.isfinite(known))

    @property
    def heading(self) -> str:
        return labels.with_unit(self.label, self.scale.unit.in_language(self.language), self.language)

    def level(self, name: str) -> str:
        return self.scale.levels(float(self.levels[name]["mean"]))[0] if name in self.levels else NOT_KNOWN

    def names_bases(self, compared: Sequence[str]) -> bool:
        """Whether sentences on these scenarios name what each is held against: not all are held against the baseline."""
        return any(self.study.against[name] != self.baseline for name in compared)

    def cell(self, name: str, is_together: bool = False) -> str:
        """The level, and the difference where it is clear: that from its base, or of all steps together from the baseline."""
        changes = self.together if is_together else self.changes
        verdict, level = str(changes[name]["verdict"]) if name in changes else "", self.level(name)
        if verdict == Verdict.TOO_FEW_EVENTS:
            return f"{level} {FEW.in_language(self.language)}"
        if verdict not in SIGNS:
            return level
        (change,) = self.scale.changes(float(changes[name]["difference"]), level=float(self.levels[name]["mean"]))
        return f"{level} ({change}{SIGNS[Verdict(verdict)]})"

    def verdict(self, name: str) -> str:
        return str(self.changes[name]["verdict"]) if name in self.changes else ""

    def level_sentence(self, compared: Sequence[str]) -> str:
        """The level in the baseline, and in whatever else these scenarios are held against, with intervals."""
        levels = [self._level_with_interval(self.baseline)]
        for base in dict.fromkeys(self.study.against[name] for name in compared):
            if base != self.baseline:
                levels.append(self._say(LEVEL_OF_BASE, name=self.names[base], level=self._level_with_interval(base)))
        return self._say(LEVEL, label=self.label, name=self.names[self.baseline], level=self._say(BETWEEN).join(levels))

    def difference_sentence(self, compared: Sequence[str]) -> str:
        """Where the levels clearly differ from the baseline's: the lowest and the highest, with the differences.

        Of scenarios that are not all held against the baseline, each that differs from its base.
        """
        clear = [name for name in compared if self.verdict(name) in SIGNS]
        elsewhere = [name for name in compared if self.verdict(name) == Verdict.OTHER_WORLD]
        if elsewhere:
            of_policy = [name for name in compared if name not in elsewhere]
            sentences = [self.difference_sentence(of_policy)] if of_policy else []
            gap = " " if self.language == "en" else ""
            return gap.join(
                [*sentences, self._say(NO_VERDICT, names=self._say(BETWEEN_NAMES).join(self.names[name] for name in elsewhere))]
            )
        if not clear:
            few = any(self.verdict(name) == Verdict.TOO_FEW_EVENTS for name in compared)
            none_clear = NONE_CLEAR_FROM_ITS_BASE if self.names_bases(compared) else NONE_CLEAR
            return self._say(TOO_FEW if few else none_clear)
        if self.names_bases(compared):
            return self._say(
                EACH_FROM_ITS_BASE, findings=self._say(BETWEEN).join(self._differs(name, DIFFERS_FROM) for name in clear)
            )
        if len(clear) == 1:
            return self._say(ONE_CLEAR, findings=self._differs(clear[0]))
        clear.sort(key=lambda name: float(self.levels[name]["mean"]))
        level = float(self.levels[self.baseline]["mean"]) if self.baseline in self.levels else np.nan
        clauses = [
            self._say(word, findings=self._differs(name))
            for name, word in ((clear[0], LOWEST), (clear[-1], HIGHEST))
            if (float(self.levels[name]["mean"]) < level) == (word is LOWEST)
        ]
        sentence = self._say(EXTREMES, findings=self._say(BETWEEN).join(clauses))
        return sentence[:1].upper() + sentence[1:]

    def together_sentence(self, name: str) -> str:
        """What the steps up to a scenario come to together, against the baseline; empty where it is held against that."""
        if self.study.against[name] == self.baseline or name not in self.together:
            return ""
        row, steps = self.together[name], " > ".join(self.names[step] for step in steps_to(name, self.study.against))
        sentence = TOGETHER if np.isfinite(row["difference"]) else TOGETHER_NO_NUMBER
        return self._say(sentence, steps=steps, **self._change_in_words(row))

    def besides(self, name: str, with_base: bool) -> str:
        """The difference of one scenario in a clause; with_base: it names what the scenario is held against."""
        return self._say(OTHER_FROM if with_base else OTHER, label=self.label, **self._change_in_words(self.changes[name]))

    def _differs(self, name: str, clause: Text = DIFFERS) -> str:
        return self._say(clause, level=self._with_unit(self.level(name)), **self._change_in_words(self.changes[name]))

    def _change_in_words(self, row: Mapping[str, Any]) -> dict[str, str]:
        """A difference with its interval and its verdict, of which scenario, and from which."""
        return {
            "name": self.names[str(row["scenario"])],
            "base": self.names[str(row["baseline"])],
            "change": self._change_with_interval(row),
            "verdict": VERDICT_LABELS[Verdict(row["verdict"])].in_language(self.language),
        }

    def _level_with_interval(self, name: str) -> str:
        if name not in self.levels:
            return NOT_KNOWN
        row = self.levels[name]
        mean, low, high = self.scale.levels(*(float(row[column]) for column in ("mean", "ci_low", "ci_high")))
        return f"{self._with_unit(mean)} {both_ends(low, high, row.get('note', ''))}".strip()

    def _change_with_interval(self, row: Mapping[str, Any]) -> str:
        change, low, high = self.scale.changes(*(float(row[column]) for column in ("difference", "ci_low", "ci_high")))
        unit = self.scale.difference_unit.in_language(self.language)
        return f"{change}{' ' if unit else ''}{unit} {both_ends(low, high, row.get('note', ''))}".strip()

    def _with_unit(self, number: str) -> str:
        unit = self.scale.unit.in_language(self.language)
        return f"{number}{'' if unit in ('', '%') else ' '}{unit}"

    def _say(self, text: Text, **parts: object) -> str:
        return text.in_language(self.language).format(**parts)


def _of_measure(table: "pd.DataFrame", metric: str, part: str) -> Mapping[str, Any]:
    """The rows of one measure by scenario."""
    rows = table[(table["metric"] == metric) & (table["part"] == (part or TOTAL))]
    return {str(row["scenario"]): row for row in rows.to_dict("records")}


def _longest_wait(study: "Study", name: str, language: Language) -> str:
    """The pool at which flights wait longest on the mean, of those whose servers can be counted, and how long."""
    means = study.summary[study.summary["scenario"] == name].set_index(["metric", "part"])["mean"]
    pools = [part for part in means[UTILISATION].index if np.isfinite(means[UTILISATION, part])] if UTILISATION in means else []
    waits = {pool: float(means[WAIT, pool]) for pool in pools if np.isfinite(means[WAIT, pool])}
    if not waits:
        return NOT_KNOWN
    pool = max(waits, key=lambda key: waits[key])
    return f"{labels.pool(pool, language, study.features)}: {scale_for('s', waits[pool]).level(waits[pool], language)}"
