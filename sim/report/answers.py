"""The answer first: for each question that a study's scenarios ask, the measures that answer it, scenario by scenario."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.breakdown import TOTAL
from sim.metrics.measure_ref import MeasureRef
from sim.report.comparing import both_ends
from sim.report.questions import LONGEST_WAIT, question_of
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
NONE_CLEAR = Text(
    "No scenario is shown to differ in this by as much as matters.",
    "就此而言，未見任何情景有值得關注的差異。",
    "就此而言，未见任何情景有值得关注的差异。",
)
NO_VERDICT = Text(
    "Without a verdict, because of another world than the baseline's: {names}. Their numbers are no effect of policy alone.",
    "因外在條件與基準不同而不作結論：{names}；其數字並非純粹由政策造成。",
    "因外部条件与基准不同而不作结论：{names}；其数字并非纯粹由政策造成。",
)
TOO_FEW = Text("There are too few events to compare.", "事件太少，不宜比較。", "事件太少，不宜比较。")
ONE_CLEAR = Text("It differs only in {findings}.", "有差異的只有 {findings}。", "有差异的只有 {findings}。")
EXTREMES = Text("{findings}.", "{findings}。", "{findings}。")
LOWEST = Text("lowest in {findings}", "最低為 {findings}", "最低为 {findings}")
HIGHEST = Text("highest in {findings}", "最高為 {findings}", "最高为 {findings}")
DIFFERS = Text("{name}: {level}, {change}, {verdict}", *["{name}：{level}，{change}，{verdict}"] * 2)
BESIDES = Text("Besides: {findings}.", "此外：{findings}。", "此外：{findings}。")
NOTHING_BESIDES = Text(
    "No other measure of this question is shown to differ by as much as matters.",
    "此問題的其他指標未見值得關注的差異。",
    "此问题的其他指标未见值得关注的差异。",
)
MORE = Text("and {n} more", "另有 {n} 項", "另有 {n} 项")
OTHER = Text("{label} in {name} {change}, {verdict}", *["{name} 的{label} {change}，{verdict}"] * 2)
BETWEEN = Text("; ", "；", "；")
MOST_BESIDES = 3


@dataclass(frozen=True)
class Answer:
    """What a group of scenarios answers: `sentences` with intervals, then a table of texts, in one language.

    sentences: the weightiest measure in the baseline, where it clearly differs, and what differs besides; none where nothing
    was measured · columns: the headings of the measures · rows: by scenario, the baseline first, its cells; a cell is the
    level and, in brackets where it is clear, the difference from the baseline · where: whether the last column is the pool
    with the longest wait.
    """

    question: str
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
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
    members = list(dict.fromkeys([study.baseline, *names]))
    columns = [_Column(study, measure, members, language) for measure in measures if measure != LONGEST_WAIT]
    columns = [column for column in columns if column.is_measured]
    if not columns:
        return Answer(question, (), (), {})
    cells = {name: [column.cell(name) for column in columns] for name in members}
    headings = [column.heading for column in columns]
    if LONGEST_WAIT in measures:
        headings.append(WHERE.in_language(language))
        for name in members:
            cells[name].append(_longest_wait(study, name, language))
    compared = [name for name in names if name != study.baseline]
    sentences = [columns[0].level_sentence()]
    if compared:
        sentences += [columns[0].difference_sentence(compared), _besides(columns[1:], compared, language)]
    rows = {name: tuple(row) for name, row in cells.items()}
    return Answer(question, tuple(filter(None, sentences)), tuple(headings), rows, LONGEST_WAIT in measures)


def _besides(columns: Sequence["_Column"], compared: Sequence[str], language: Language) -> str:
    """What clearly differs in the other measures, the weightiest first; empty where there are no others."""
    compared = [name for name in compared if all(column.verdict(name) != Verdict.OTHER_WORLD for column in columns)]
    if not columns or not compared:
        return ""
    clear = [column.besides(name) for column in columns for name in compared if column.verdict(name) in SIGNS]
    if not clear:
        return NOTHING_BESIDES.in_language(language)
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
        self.baseline = study.baseline
        self.names = names_in(study, language)
        self.levels = _of_measure(study.summary, metric, part)
        self.changes = _of_measure(study.comparison, metric, part)
        known = [float(self.levels[name]["mean"]) for name in members if name in self.levels]
        self.scale: Scale = scale_for(study.metrics[metric].unit_in(part), *known)
        self.is_measured = any(np.isfinite(known))

    @property
    def heading(self) -> str:
        return labels.with_unit(self.label, self.scale.unit.in_language(self.language), self.language)

    def level(self, name: str) -> str:
        return self.scale.levels(float(self.levels[name]["mean"]))[0] if name in self.levels else NOT_KNOWN

    def cell(self, name: str) -> str:
        """The level, and the difference where it is clear."""
        verdict, level = self.verdict(name), self.level(name)
        if verdict == Verdict.TOO_FEW_EVENTS:
            return f"{level} {FEW.in_language(self.language)}"
        if verdict not in SIGNS:
            return level
        (change,) = self.scale.changes(float(self.changes[name]["difference"]), level=float(self.levels[name]["mean"]))
        return f"{level} ({change}{SIGNS[Verdict(verdict)]})"

    def verdict(self, name: str) -> str:
        return str(self.changes[name]["verdict"]) if name in self.changes else ""

    def level_sentence(self) -> str:
        """The level in the baseline with its interval."""
        return self._say(LEVEL, label=self.label, name=self.names[self.baseline], level=self._level_with_interval(self.baseline))

    def difference_sentence(self, compared: Sequence[str]) -> str:
        """Where the levels clearly differ from the baseline's: the lowest and the highest, with the differences."""
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
            return self._say(TOO_FEW if few else NONE_CLEAR)
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

    def besides(self, name: str) -> str:
        """The difference of one scenario in a clause."""
        change, verdict = self._change_with_interval(name), self._verdict_in_words(name)
        return self._say(OTHER, label=self.label, name=self.names[name], change=change, verdict=verdict)

    def _differs(self, name: str) -> str:
        change, verdict = self._change_with_interval(name), self._verdict_in_words(name)
        return self._say(DIFFERS, name=self.names[name], level=self._with_unit(self.level(name)), change=change, verdict=verdict)

    def _verdict_in_words(self, name: str) -> str:
        return VERDICT_LABELS[Verdict(self.verdict(name))].in_language(self.language)

    def _level_with_interval(self, name: str) -> str:
        if name not in self.levels:
            return NOT_KNOWN
        row = self.levels[name]
        mean, low, high = self.scale.levels(*(float(row[column]) for column in ("mean", "ci_low", "ci_high")))
        return f"{self._with_unit(mean)} {both_ends(low, high, row.get('note', ''))}".strip()

    def _change_with_interval(self, name: str) -> str:
        row = self.changes[name]
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
