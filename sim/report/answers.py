"""The answer first: for each question that a study's scenarios ask, the measures that answer it, scenario by scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, Scale, scale_for
from sim.metrics.parts import WHOLE
from sim.report.questions import LONGEST_WAIT, question_of
from sim.report.sides import SIGNS

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.study import Study

FEW = "too few events"
UTILISATION, WAIT, WHERE = "utilisation", "wait_mean", "longest wait at"


@dataclass(frozen=True)
class Answer:
    """What a group of scenarios answers: `headline` in a sentence, then a table of texts.

    columns: the headings of the measures · rows: by scenario, the baseline first, its cells; a cell is the level and, in
    brackets where it is clear, the difference from the baseline.
    """

    question: str
    headline: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]


def answers(study: "Study") -> Iterator[Answer]:
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
            groups.setdefault((scenario.question.strip(), measures), []).append(scenario.name)
    for (question, measures), names in groups.items():
        known = question_of(question)
        yield _answer(study, f"{known.key}. {known.text}" if known else question, measures, names)


def _answer(study: "Study", question: str, measures: Sequence[str], names: Sequence[str]) -> Answer:
    members = list(dict.fromkeys([study.baseline, *names]))
    columns = [_Column(study, measure, members) for measure in measures if measure != LONGEST_WAIT]
    columns = [column for column in columns if column.is_measured]
    cells = {name: [column.cell(name) for column in columns] for name in members}
    headings = [column.heading for column in columns]
    if LONGEST_WAIT in measures:
        headings.append(WHERE)
        for name in members:
            cells[name].append(_longest_wait(study, name))
    headline = columns[0].headline(names) if columns else ""
    return Answer(question, headline, tuple(headings), {name: tuple(row) for name, row in cells.items()} if columns else {})


class _Column:
    """One measure over the scenarios of a question, all in one unit."""

    def __init__(self, study: "Study", measure: str, members: Sequence[str]) -> None:
        metric, _, part = measure.partition("/")
        self.label = labels.measure(study, metric, part or WHOLE)
        self.baseline = study.baseline
        self.levels = _of_measure(study.summary, metric, part)
        self.changes = _of_measure(study.comparison, metric, part)
        known = [float(self.levels[name]["mean"]) for name in members if name in self.levels]
        self.scale: Scale = scale_for(study.metrics[metric].unit, *known)
        self.is_measured = any(np.isfinite(known))

    @property
    def heading(self) -> str:
        unit = self.scale.unit.en
        return self.label if not unit or self.label.endswith(unit) else f"{self.label} ({unit})"

    def level(self, name: str) -> str:
        return self.scale.levels(float(self.levels[name]["mean"]))[0] if name in self.levels else NOT_KNOWN

    def cell(self, name: str) -> str:
        """The level, and the difference where it is clear."""
        verdict, level = self.verdict(name), self.level(name)
        if verdict == FEW:
            return f"{level} (few)"
        if verdict not in SIGNS:
            return level
        (change,) = self.scale.changes(float(self.changes[name]["difference"]), level=float(self.levels[name]["mean"]))
        return f"{level} ({change}{SIGNS[verdict]})"

    def verdict(self, name: str) -> str:
        return str(self.changes[name]["verdict"]) if name in self.changes else ""

    def headline(self, names: Sequence[str]) -> str:
        """The span of the levels that clearly differ from the baseline's, in a sentence."""
        compared = [name for name in names if name != self.baseline]
        clear = [name for name in compared if self.verdict(name) in SIGNS]
        measured = f"{self.label} in {self.baseline}: {self._told(self.baseline)}"
        if not compared:
            return f"{measured}."
        if not clear:
            return f"{measured}; in this no scenario differs clearly."
        clear.sort(key=lambda name: float(self.levels[name]["mean"]))
        told = {clear[0]: "lowest", clear[-1]: "highest"} if len(clear) > 1 else {clear[0]: "clearly other only"}
        level = float(self.levels[self.baseline]["mean"]) if self.baseline in self.levels else np.nan
        beyond = [
            f"{word} in {name}: {self._told(name)}, {self.verdict(name)}"
            for name, word in told.items()
            if len(clear) == 1 or (float(self.levels[name]["mean"]) < level) == (word == "lowest")
        ]
        return f"{'; '.join([measured, *beyond])}."

    def _told(self, name: str) -> str:
        unit = self.scale.unit.en
        return f"{self.level(name)}{'' if unit in ('', '%') else ' '}{unit}"


def _of_measure(table: "pd.DataFrame", metric: str, part: str) -> dict[str, Any]:
    """The rows of one measure by scenario."""
    rows = table[(table["metric"] == metric) & (table["part"] == (part or WHOLE))]
    return {str(row["scenario"]): row for row in rows.to_dict("records")}


def _longest_wait(study: "Study", name: str) -> str:
    """The pool at which flights wait longest on the mean, of those whose servers can be counted, and how long."""
    own = study.summary[study.summary["scenario"] == name].set_index(["metric", "part"])["mean"]
    pools = [part for part in own[UTILISATION].index if np.isfinite(own[UTILISATION, part])] if UTILISATION in own else []
    waits = {pool: float(own[WAIT, pool]) for pool in pools if np.isfinite(own[WAIT, pool])}
    if not waits:
        return NOT_KNOWN
    pool = max(waits, key=lambda key: waits[key])
    return f"{labels.pool(pool)}: {scale_for('s', waits[pool]).level(waits[pool])}"
