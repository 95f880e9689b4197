"""The headline of a study: each scenario's answer to the question it was made for, in a sentence or two."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, scale_for
from sim.metrics.parts import WHOLE
from sim.report.questions import question_of

if TYPE_CHECKING:
    from sim.experiment.study import Study


_NO_NUMBERS = ("too few events", "no difference", "no clear difference", "not comparable")


def asked(study: "Study") -> list[tuple[str, list[str]]]:
    """The questions of a study's scenarios in order of first asking, each with the names of the scenarios that ask it.

    A question of the catalogue is written out behind its key; one that a scenario asks in its own words stands as
    it is. The baseline's question is left out where other scenarios ask one.
    """
    found: dict[str, list[str]] = {}
    compared = [scenario for scenario in study.scenarios if scenario.name != study.baseline]
    for scenario in compared or study.scenarios:
        if scenario.question:
            found.setdefault(scenario.question.strip(), []).append(scenario.name)
    return [(_written_out(question), names) for question, names in found.items()]


def _written_out(question: str) -> str:
    known = question_of(question)
    return f"{known.key}. {known.text}" if known else question


def answer(study: "Study", name: str) -> str:
    """What the measures that answer its question say of a scenario: against the baseline, or as levels for the baseline itself.

    The measures are those that the scenario names, else its question's. Empty where neither names any, or none of them
    was measured.
    """
    scenario = next(scenario for scenario in study.scenarios if scenario.name == name)
    question = question_of(scenario.question)
    measures = scenario.answered_by or (question.answered_by if question else ())
    told = _levels(study, name, measures) if name == study.baseline else _changes(study, name, measures)
    return "; ".join(told)


def _rows(table: Any, name: str, measures: Sequence[str]) -> Iterator[tuple[Any, str, str]]:
    """The rows of the answering measures, in their order."""
    own = table[table["scenario"] == name]
    for measure in measures:
        metric, _, part = measure.partition("/")
        rows = own[(own["metric"] == metric) & (own["part"] == (part or WHOLE))]
        if len(rows):
            yield next(iter(rows.itertuples())), metric, part


def _levels(study: "Study", name: str, measures: Sequence[str]) -> Iterator[str]:
    for row, metric, part in _rows(study.summary, name, measures):
        scale = scale_for(row.unit, row.mean)
        mean, low, high = scale.levels(row.mean, row.ci_low, row.ci_high)
        if mean != NOT_KNOWN:
            yield f"{_named(study, metric, part)} {_measured(mean, scale.unit.en)} [{low}, {high}]"


def _changes(study: "Study", name: str, measures: Sequence[str]) -> Iterator[str]:
    means = study.summary.set_index(["scenario", "metric", "part"])["mean"]
    for row, metric, part in _rows(study.comparison, name, measures):
        levels = [float(means.get((of, metric, part), float("nan"))) for of in (row.baseline, name)]
        scale, own = scale_for(row.unit, *levels), scale_for(row.unit, row.difference)
        before, after = scale.levels(*levels)
        if NOT_KNOWN in (before, after):
            continue
        if row.verdict in _NO_NUMBERS:
            yield f"{_named(study, metric, part)} {_measured(after, scale.unit.en)} against {before}: {row.verdict}"
            continue
        difference, low, high = own.changes(row.difference, row.ci_low, row.ci_high)
        changed = f"{_measured(difference, own.difference_unit.en)} [{low}, {high}], {row.verdict}"
        yield f"{_named(study, metric, part)} {_measured(after, scale.unit.en)} against {before}: {changed}"


def _named(study: "Study", metric: str, part: str) -> str:
    return labels.measure(study, metric, part)


def _measured(number: str, unit: str) -> str:
    return f"{number}%" if unit == "%" else f"{number} {unit}".strip()
