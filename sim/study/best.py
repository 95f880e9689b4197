"""Multiple comparisons with the best: which of several scenarios may be the best by a measure?

No scenario is held against another here. For each, the interval is that of its difference from the best of the others, and the
scenarios that may be the best are found on the way: see `sim.statistics.multiple_comparisons.compare_with_best`.
"""

import math
from collections.abc import Collection, Mapping, Sequence, Set
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.measure_ref import Measure, MeasureRef
from sim.model.metric import Metric
from sim.statistics.multiple_comparisons import ComparisonWithBest, compare_quantiles_with_best, compare_with_best
from sim.statistics.pooled_quantiles import PooledQuantile
from sim.statistics.rare_events import few_events
from sim.study.comparison import NOT_GUARDED, Terms
from sim.study.pooled import NO_QUANTILES, Pooled, in_order
from sim.study.replication_values import Values, event_size
from sim.study.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd

BEST_COLUMNS = ("scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "may_be_best")


class MayBeBest(StrEnum):
    """Whether a scenario may be the best of those compared, by one measure."""

    YES = "yes"
    NEAR = "near"  # it is not the best, and less from it than matters
    NO = "no"
    NOT_COMPARABLE = str(Verdict.NOT_COMPARABLE)  # no number, a quantile that is not reached, or fewer than two replications
    TOO_FEW_EVENTS = str(Verdict.TOO_FEW_EVENTS)  # of a rare event, in two scenarios or more, or too few values about a quantile
    OTHER_WORLD = str(Verdict.OTHER_WORLD)  # it does not stand in the world of the baseline
    FEWER_FLIGHTS = str(Verdict.FEWER_FLIGHTS)  # it releases clearly fewer flights than the baseline


def best_table(
    values: Values,
    scenarios: Sequence[str],
    metrics: Mapping[str, Metric],
    terms: Terms,
    pooled: Pooled = NO_QUANTILES,
    fewer: Collection[str] = (),
) -> "pd.DataFrame":
    """One row a measure with a direction and a scenario that has it: see `ComparisonWithBest`; empty for a single scenario.

    may_be_best is a `MayBeBest`. A scenario without a number (a quantile that falls among the flights never released), or of
    another world than the study's baseline's (`terms.other_world`), is not compared, and the others are compared without it; so
    is each of `fewer`, which release clearly fewer flights than that baseline, but by how many get through. Where two or more
    scenarios have too few rare events, none is compared.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for ref in in_order([*values, *pooled], metrics):
        metric = metrics[ref.metric]
        if metric.direction(ref.part) == "neither" or len(scenarios) < 2:
            continue
        out = dict.fromkeys(fewer if metric.topic not in NOT_GUARDED else (), MayBeBest.FEWER_FLIGHTS)
        out |= dict.fromkeys(terms.other_world, MayBeBest.OTHER_WORLD)
        if ref in pooled:
            of_measure = {name: pooled[ref][name] for name in scenarios if name in pooled[ref]}
            family = _family_of_quantiles(of_measure, Measure(ref, metric), terms, out)
        else:
            measured = {name: values[ref][name] for name in scenarios if name in values[ref]}
            events = values.get(MeasureRef(metric.counted_by or ref.metric, ref.part), {})
            thin = {name for name in measured if metric.rare and name in events and few_events(events[name], terms.boost)}
            size = event_size(metric.event, ref.part, values, [name for name in measured if name not in out])
            family = _family(measured, Measure(ref, metric), terms, thin, 0.0 if math.isnan(size) else size, out)
        rows += [(name, *ref, metric.unit_in(ref.part), *columns) for name, columns in family.items()]
    return pd.DataFrame(rows, columns=list(BEST_COLUMNS))


Columns = tuple[int, float, float, float, str]  # those from n to may_be_best


def _family(
    by_scenario: Mapping[str, Floats],
    measured: Measure,
    terms: Terms,
    thin: Set[str],
    event: float,
    out: Mapping[str, MayBeBest],
) -> dict[str, Columns]:
    """The rows of one measure.

    thin: the scenarios in which its events are too few · event: the size of one, 0 for none · out: those left out, and why.
    """
    known = {name for name, column in by_scenario.items() if not np.isnan(column).all() and not np.isinf(column).any()}
    compared = [name for name in by_scenario if name in known and name not in out]
    rows = {name: _no_comparison(column, MayBeBest.NOT_COMPARABLE) for name, column in by_scenario.items()}
    rows |= {name: _no_comparison(column, out[name]) for name, column in by_scenario.items() if name in out}
    if len(thin & set(compared)) > 1:
        rows |= {name: _no_comparison(by_scenario[name], MayBeBest.TOO_FEW_EVENTS) for name in compared}
    elif len(compared) > 1:
        columns = np.array([by_scenario[name] for name in compared])
        margin = terms.margin(measured.ref, measured.metric)
        rows |= _judged(compared, compare_with_best(columns, measured.better, terms.confidence, margin, event))
    return rows


def _family_of_quantiles(
    by_scenario: Mapping[str, PooledQuantile], measured: Measure, terms: Terms, out: Mapping[str, MayBeBest]
) -> dict[str, Columns]:
    """The rows of one quantile; out: the scenarios left out, and why."""
    rows: dict[str, Columns] = {}
    for name, quantile in by_scenario.items():
        why = MayBeBest.NOT_COMPARABLE if math.isnan(quantile.value) else MayBeBest.TOO_FEW_EVENTS
        rows[name] = quantile.n, math.nan, math.nan, math.nan, str(out.get(name, why))
    compared = [name for name, quantile in by_scenario.items() if quantile.is_comparable and name not in out]
    if len(compared) > 1:
        quantiles, margin = [by_scenario[name] for name in compared], terms.margin(measured.ref, measured.metric)
        rows |= _judged(compared, compare_quantiles_with_best(quantiles, measured.better, terms.confidence, margin))
    return rows


def _judged(compared: Sequence[str], result: ComparisonWithBest) -> dict[str, Columns]:
    """The rows of the scenarios compared; none where fewer than two replications count."""
    if result.n < 2:
        return {}
    numbers = zip(
        *(np.where(np.isfinite(ends), ends, np.nan).tolist() for ends in (result.difference, result.low, result.high)),
        strict=True,
    )
    may_be = np.select([result.may_be_best, result.is_near_best], [MayBeBest.YES, MayBeBest.NEAR], MayBeBest.NO).tolist()
    return {name: (result.n, *ends, str(may)) for name, ends, may in zip(compared, numbers, may_be, strict=True)}


def _no_comparison(column: Floats, why: MayBeBest) -> Columns:
    return int(np.count_nonzero(~np.isnan(column))), math.nan, math.nan, math.nan, str(why)
