"""The comparison as rows of texts: the levels of a scenario, and its differences from the one it is held against."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from sim.charts import labels
from sim.charts.chart import headline_rows
from sim.charts.quantity import NOT_KNOWN, Scale, measure_scale
from sim.ground.text import Language, Text
from sim.metrics import of_those_that_came
from sim.model.metric import TOPIC_LABELS
from sim.report.ledger_tables import INTERVAL, MEAN, LabelledRow
from sim.report.same_flights import few_that_differ, same_flights_row
from sim.study.comparison import NOT_REACHED, SHORT, SKEW
from sim.study.verdict import SIGNS, VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

VERDICT = Text("verdict", "結論", "结论")
MEASURE = Text("measure", "指標", "指标")
LEVEL_COLUMNS = (MEAN, INTERVAL)
DIFFERENCE_COLUMNS = (
    Text("against", "對照", "对照"),
    Text("scenario", "情景", "情景"),
    Text("difference", "差異", "差异"),
    INTERVAL,
    Text("differ", "有別次數", "有别次数"),
    VERDICT,
)
MAY_FALL_SHORT = "^"  # a sign that every terminal has, and that no unit has
MANY = 10_000  # replications beyond which a study that would decide is not worth a number
NOT_REACHED_BY_ANY = Text("not reached", "未達到", "未达到")
NEVER = Text("not reached: {share} {never}", "未達到：{share} {never}", "未达到：{share} {never}")
OF_THOSE_THAT_CAME = Text("of released flights", "已放行航班計", "已放行航班计")
AT_MOST = Text("at most {bound}", "不多於 {bound}", "不多于 {bound}")


def level_rows(study: "Study", name: str, language: Language = "en") -> list[LabelledRow]:
    """A row a headline measure, under its topic: mean and interval."""

    def cells(row: Any, scale: Scale) -> tuple[str, ...]:
        if _is_not_reached(row):
            return _never(study, row, language), ""
        mean, low, high = scale.levels(row.mean, row.ci_low, row.ci_high)
        interval = _at_most(study, row, language) if study.metrics[row.metric].rare else ""
        return mean, interval or both_ends(low, high, getattr(row, "note", ""))

    def scale_of(row: Any) -> Scale:
        return measure_scale(study.metrics[row.metric], row.part, row.mean, row.ci_low, row.ci_high)

    rows = study.summary[study.summary["scenario"] == name]
    return list(_rows(study, rows, "mean", scale_of, cells, language))


def difference_rows(study: "Study", name: str, language: Language = "en", *, is_together: bool = False) -> list[LabelledRow]:
    """A row a headline measure, under its topic: both levels, difference, interval and verdict.

    The difference is that from the scenario it is held against; `is_together`: that of all its steps from the baseline. Under a
    measure that would be better but is of fewer flights stands its difference over the flights released under both, under a
    quantile that is not reached that of the flights released.
    """
    summary = study.summary.set_index(["scenario", "metric", "part"])

    def levels(row: Any, column: str = "mean") -> list[float]:
        return [float(summary[column].get((of, row.metric, row.part), float("nan"))) for of in (row.baseline, row.scenario)]

    def scale_of(row: Any) -> Scale:
        shown = (level for column in ("mean", "ci_low", "ci_high") for level in levels(row, column))
        return measure_scale(study.metrics[row.metric], row.part, *shown)

    def cells(row: Any, scale: Scale) -> tuple[str, ...]:
        before, after = levels(row)
        difference, low, high = scale.changes(row.difference, row.ci_low, row.ci_high, level=before)
        interval = "" if row.verdict == Verdict.TOO_FEW_EVENTS else both_ends(low, high, getattr(row, "note", ""))
        both = scale.levels(before, after)
        if _is_not_reached(row):
            both = tuple(_not_reached(level, language) for level in both)
        return *both, difference, interval, few_that_differ(row.differ, row.n), _verdict(row, language)

    def of_same_flights(metric: str, of_metric: "pd.DataFrame") -> LabelledRow | None:
        of_fewer = (of_metric["verdict"] == Verdict.FEWER_FLIGHTS).any() and not is_together
        return same_flights_row(study, name, metric, language) if of_fewer else None

    table = study.together if is_together else study.comparison
    rows = table[table["scenario"] == name]
    return list(_rows(study, rows, "difference", scale_of, cells, language, of_same_flights, levels))


def _verdict(row: Any, language: Language) -> str:
    """The verdict behind its sign, if something differs; behind what is undecided, how many replications would decide."""
    verdict = Verdict(row.verdict)
    word = VERDICT_LABELS[verdict].in_language(language)
    if row.replications_to_decide > 0:
        return f"{word} ({replications_in_words(row.replications_to_decide)})"
    return f"{SIGNS[verdict]} {word}" if verdict in SIGNS else word


def replications_in_words(replications: float) -> str:
    """A number of replications, rounded up to two digits: nobody can foresee more of them."""
    if replications > MANY:
        return f">{MANY:,}"
    step = 10 ** max(len(str(int(replications))) - 2, 0)
    return f"{-(-int(replications) // step) * step:,}"


def _rows(
    study: "Study",
    rows: "pd.DataFrame",
    column: Literal["mean", "difference"],
    scale_of: Callable[[Any], Scale],
    cells_of: Callable[[Any, Scale], tuple[str, ...]],
    language: Language,
    below: Callable[[str, "pd.DataFrame"], LabelledRow | None] = lambda metric, of_metric: None,
    levels_of: Callable[[Any], Sequence[float]] = lambda row: (),
) -> Iterator[LabelledRow]:
    """The rows of the headline measures, a heading before each topic (depth 0) and each measure by parts (depth 1).

    `column`: the column of `rows` with the numbers, "mean" in a summary and "difference" in a comparison · `below`: of a measure
    and its rows, what stands under them · `levels_of`: the levels that a difference is of; with one at least, the unit is named.
    """
    shown = _without_empty_parts(headline_rows(study, rows), column)
    topic = ""
    for metric, of_metric in shown.groupby("metric", sort=False):
        if study.metrics[str(metric)].topic != topic:
            topic = study.metrics[str(metric)].topic
            yield LabelledRow(TOPIC_LABELS[study.metrics[str(metric)].topic].in_language(language).capitalize())
        if of_metric["part"].iloc[0] != "":
            yield LabelledRow(labels.measure(study, str(metric), language=language), depth=1)
        for row in cast(Iterator[Any], of_metric.itertuples()):
            scale = scale_of(row)
            label = _label(study, row.metric, row.part, language)
            unit = scale.unit.in_language(language) if np.isfinite([getattr(row, column), *levels_of(row)]).any() else ""
            yield LabelledRow(labels.with_unit(label, unit, language), cells_of(row, scale), depth=2 if row.part else 1)
            for other in _of_those_that_came(study, rows, row):
                scale = scale_of(other)
                label = labels.with_unit(OF_THOSE_THAT_CAME.in_language(language), scale.unit.in_language(language), language)
                yield LabelledRow(label, cells_of(other, scale), depth=3)
        last = below(str(metric), of_metric)
        if last is not None:
            yield last


def _without_empty_parts(rows: "pd.DataFrame", column: str) -> "pd.DataFrame":
    """The rows without parts that were not measured, or that are 0 throughout, or differ nowhere."""
    rows = rows[(rows["metric"] != "flight_outcome_share") | (rows["part"] != "released")]  # the throughput says the same
    value = rows[column]
    nought = (value == 0) & (rows["differ"] == 0 if "differ" in rows else _has_no_width(rows))
    empty = (value.isna() | nought) & (rows.get("note", "") != NOT_REACHED)
    return rows[(rows["part"] == "") | ~empty]


def _has_no_width(rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Which levels are the same in all replications: a mean without deviation, a quantile without width."""
    return (rows["sd"].fillna(0) == 0) & (rows["ci_high"].fillna(0) == rows["ci_low"].fillna(0))


def _label(study: "Study", metric: str, part: str, language: Language) -> str:
    """The label of a measure; of a part, which stands under its measure's heading, the part's alone."""
    return labels.part(part, language, study.features) if part else labels.measure(study, metric, language=language)


def _at_most(study: "Study", row: Any, language: Language) -> str:
    """For a count of few rare events its exact upper bound instead of an interval; empty where there are enough."""
    from sim.statistics.rare_events import FEW_EVENTS, events_seen, upper_bound_of_count

    count = row.mean * row.n
    if not events_seen(count, study.boost) < FEW_EVENTS:
        return ""
    bound = upper_bound_of_count(count, study.confidence, study.boost) / row.n
    return AT_MOST.in_language(language).format(bound=f"{bound:.2g}")


def _is_not_reached(row: Any) -> bool:
    """Whether a row of a table is of a quantile that falls among the flights never released, in either of two scenarios."""
    return getattr(row, "note", "") == NOT_REACHED


def _never(study: "Study", row: Any, language: Language) -> str:
    """What stands in place of the level of a quantile that is not reached."""
    quantiles = study.metrics[row.metric].quantiles
    never = quantiles.distribution.never if quantiles else None
    words = never.in_language(language) if never else ""
    return NEVER.in_language(language).format(share=f"{row.never:.1%}", never=words).strip()


def _not_reached(level: str, language: Language) -> str:
    return NOT_REACHED_BY_ANY.in_language(language) if level == NOT_KNOWN else level


def _of_those_that_came(study: "Study", rows: "pd.DataFrame", row: Any) -> Iterator[Any]:
    """Of a quantile that is not reached, the row of that of the flights released, where there is one."""
    if _is_not_reached(row) and (key := of_those_that_came(study.metrics, row.metric)):
        yield from rows[(rows["metric"] == key) & (rows["part"] == row.part)].dropna(subset=["unit"]).itertuples()


def both_ends(low: str, high: str, note: str = "") -> str:
    """Both ends, or the one that there is, marked where the interval may fall short."""
    mark = MAY_FALL_SHORT if note in (SHORT, SKEW) else ""
    if low == high == NOT_KNOWN:
        return ""
    if NOT_KNOWN in (low, high):
        return f"\N{GREATER-THAN OR EQUAL TO} {low}{mark}" if high == NOT_KNOWN else f"\N{LESS-THAN OR EQUAL TO} {high}{mark}"
    return f"[{low}, {high}]{mark}"
