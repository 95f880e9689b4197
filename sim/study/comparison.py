"""From replication values to the two tables of a study: its summary and its comparison."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.measure_ref import MeasureRef, margin_of
from sim.model.metric import Metric
from sim.statistics.differences import Difference, ends_of
from sim.statistics.independent import IndependentDifference, Level, independent_difference, mean_level
from sim.statistics.intervals import METHOD, estimate_means, is_seldom, skewness
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import PairedDifference, paired_differences
from sim.statistics.pooled_quantiles import NOTHING_TO_COMPARE, PooledQuantile, quantile_difference
from sim.statistics.rare_events import few_events, judged_exactly
from sim.study.coverage import falls_short
from sim.study.pooled import NO_QUANTILES, Pooled, in_order
from sim.study.replication_values import Values, event_size
from sim.study.verdict import IS_BETTER, Verdict, half_width_to_decide, verdict_of

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high", "never", "note")
COMPARISON_COLUMNS = (
    "baseline", "scenario", "metric", "part", "unit", "n", "differ", "difference", "ci_low", "ci_high", "p", "p_adjusted",
    "variance_reduction", "matters", "verdict", "replications_to_decide", "note",
)  # fmt: skip
SELDOM, SHORT, SKEW, NOT_REACHED = "seldom", "short", "skew", "not_reached"
"""Notes: too few values are not 0 for an interval; intervals of this measure fell short in a trial (docs/reference/coverage.md);
the numbers are so skew that the interval may fall short; the quantile falls among the flights never released."""
SKEWED = 1.0
BOUNDS = {"share": (0.0, 1.0), "s": (-math.inf, math.inf), "min": (-math.inf, math.inf)}
"""Between what a level lies, by unit: times may be before their plan; nothing else is below 0."""
ABOVE_1 = ("utilisation", "utilisation_by_hour")
"""Shares that may be above 1: servers finish after their shift."""
FLIGHTS = MeasureRef("released_share")
"""The measure of how many of the flights ordered get through: where it is clearly worse, little else can be better."""
NOT_GUARDED = ("throughput",)
"""Topics whose measures say how many flights get through themselves."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a study compares.

    confidence: of its intervals · boost: for the number of events behind a count; with one, counts are weighted sums, and judged
    as any other measure · margins: by measure, the smallest difference that matters, where the study names another than the
    measure's · other_world: the scenarios that do not stand in the world of the one that they are held against.
    """

    confidence: float
    boost: float = 1.0
    margins: Mapping[MeasureRef, float] | None = None
    other_world: Collection[str] = ()

    def margin(self, ref: MeasureRef, metric: Metric) -> float:
        """The smallest difference of a measure that matters; NaN where neither direction is better."""
        if metric.direction(ref.part) == "neither":
            return math.nan
        stated = self.margins or {}
        return stated.get(ref, stated.get(MeasureRef(ref.metric), margin_of(metric)))


def summary_table(
    values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], confidence: float, pooled: Pooled = NO_QUANTILES
) -> "pd.DataFrame":
    """One row a scenario and measure: mean, standard deviation and confidence interval over replications, or a pooled quantile.

    The interval of a share is cut off at 0 and 1, that of a count or a rate at 0. A quantile has no sd; where it falls among the
    flights never released it has no mean, and where an end of its interval does, not that end. never: of a quantile, the share of
    its values that never came · note: SELDOM, SHORT, SKEW, NOT_REACHED or empty.
    """
    import pandas as pd

    table = []
    order = {ref: number for number, ref in enumerate(in_order([*values, *pooled], metrics))}
    for scenario in scenarios:
        of_scenario: dict[MeasureRef, tuple[object, ...]] = {}
        rows = _rows(values, scenario)
        events = np.array([event_size(metrics[ref.metric].event, ref.part, values, [scenario]) for ref in values])
        estimates = estimate_means(rows, confidence, events)
        for (ref, by_scenario), row, event, estimate in zip(values.items(), rows, events, estimates, strict=True):
            if scenario in by_scenario:
                unit = metrics[ref.metric].unit_in(ref.part)
                low, high = within_bounds(estimate.low, estimate.high, unit)
                numbers = estimate.n, estimate.mean, estimate.standard_deviation, float(low), float(high)
                of_scenario[ref] = (scenario, *ref, unit, *numbers, math.nan, _note(ref, row[np.isfinite(row)], event))
        for ref, quantiles in pooled.items():
            if scenario in quantiles:
                quantile = quantiles[scenario]
                estimate, short = quantile.estimate(confidence), SHORT if falls_short(ref, "level") else ""
                note = NOT_REACHED if quantile.is_not_reached else short
                numbers = estimate.n, estimate.mean, estimate.standard_deviation, estimate.low, estimate.high
                of_scenario[ref] = (scenario, *ref, metrics[ref.metric].unit_in(ref.part), *numbers, quantile.never, note)
        table += [of_scenario[ref] for ref in sorted(of_scenario, key=order.__getitem__)]
    return pd.DataFrame(table, columns=list(SUMMARY_COLUMNS))


def within_bounds(low: float, high: float, unit: str) -> tuple[float, float]:
    """The ends of the interval of a level, cut off where no level of that unit can lie."""
    ends = np.clip((low, high), *BOUNDS.get(unit, (0.0, math.inf)))
    return float(ends[0]), float(ends[1])


def _note(ref: MeasureRef, numbers: Floats, event: float) -> str:
    """What to know of the interval of a level, from the finite values of the replications, shape (n,)."""
    if len(numbers) < 2:
        return ""
    if math.isnan(event) and numbers.any() and is_seldom(numbers[None])[0]:
        return SELDOM
    if falls_short(ref, "level"):
        return SHORT
    return SKEW if math.isnan(event) and abs(skewness(numbers[None])[0]) > SKEWED else ""


def comparison_table(
    values: Values,
    against: Mapping[str, str],
    metrics: Mapping[str, Metric],
    terms: Terms,
    pooled: Pooled = NO_QUANTILES,
    is_paired: bool = True,
) -> "pd.DataFrame":
    """One row a compared scenario and measure: the paired difference from its base, the scenario that it is held against.

    against: the base by compared scenario; column `baseline` has it · is_paired: whether the replications of the two share
    their random numbers; where they don't, the intervals are those of independent levels · ci_low, ci_high, p_adjusted and
    verdict are adjusted (Holm) over all these comparisons within one world, whatever their bases, measure by measure, and
    agree: the interval contains 0 exactly where p_adjusted > 1 - confidence. Small counts of rare events are judged by an
    exact test. An end is NaN where there is none on that side: the quantile of one of the two may never be reached. differ:
    replications that differ · matters: the smallest difference that matters · replications_to_decide: those of a new study,
    with another seed, that would decide what is undecided, if the difference is as seen; NaN elsewhere · note: SHORT, SKEW,
    NOT_REACHED (in either of the two) or empty.
    """
    import pandas as pd

    refs = in_order([*values, *pooled], metrics)
    apart = {
        scenario: differences_from_base(values, pooled, base, scenario, metrics, terms.boost, is_paired)
        for scenario, base in against.items()
    }
    factors, adjusted = _holm_adjustment(refs, apart, terms)
    rows: list[tuple[object, ...]] = []
    for scenario, differences in apart.items():
        alphas = (1 - terms.confidence) / np.array([factors[scenario, ref] for ref in refs])
        ends = dict(zip(refs, ends_of([differences[ref] for ref in refs], alphas), strict=True))
        of_scenario = []
        for ref in refs:
            base = against[scenario]
            names, pair = (base, scenario, ref, metrics[ref.metric]), _pair(pooled, ref, base, scenario)
            numbers = *ends[ref], factors[scenario, ref], adjusted[scenario, ref]
            of_scenario.append(_Row(*names, differences[ref], *numbers, pair))
        verdicts = [row.verdict(values, terms) for row in of_scenario]
        has_fewer = any(
            row.ref == FLIGHTS and verdict == Verdict.WORSE for row, verdict in zip(of_scenario, verdicts, strict=True)
        )
        for row, verdict in zip(of_scenario, verdicts, strict=True):
            is_empty = has_fewer and verdict in IS_BETTER and row.metric.topic not in NOT_GUARDED
            rows.append(row.cells(Verdict.FEWER_FLIGHTS if is_empty else verdict, terms))
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


def releasing_fewer(comparison: "pd.DataFrame") -> list[str]:
    """The scenarios of a comparison that release clearly fewer flights than their base."""
    of_flights = (comparison["metric"] == FLIGHTS.metric) & (comparison["part"] == FLIGHTS.part)
    return comparison.loc[of_flights & (comparison["verdict"] == Verdict.WORSE), "scenario"].tolist()


@dataclass(frozen=True, slots=True)
class _Row:
    """One measure of one compared scenario, its difference from its base with the adjusted interval.

    quantiles: those of the two, of a measure that is a pooled quantile.
    """

    base: str
    scenario: str
    ref: MeasureRef
    metric: Metric
    difference: Difference
    low: float
    high: float
    factor: float
    p_adjusted: float
    quantiles: Sequence[PooledQuantile]

    def verdict(self, values: Values, terms: Terms) -> Verdict:
        if self.scenario in terms.other_world:
            return Verdict.OTHER_WORLD
        if self.metric.rare:
            events = values.get(MeasureRef(self.metric.counted_by or self.ref.metric, self.ref.part), {})
            if _too_few(events.get(self.base), events.get(self.scenario), terms.boost):
                return Verdict.TOO_FEW_EVENTS
        if not self.difference.has_interval:
            return verdict_without_interval(self.difference, self.quantiles)
        return verdict_of(self.low, self.high, self.metric.direction(self.ref.part), terms.margin(self.ref, self.metric))

    def cells(self, verdict: Verdict, terms: Terms) -> tuple[object, ...]:
        difference, margin = self.difference, terms.margin(self.ref, self.metric)
        needed = self._replications(margin, terms) if verdict == Verdict.UNDECIDED else math.nan
        unit = self.metric.unit_in(self.ref.part)
        most = largest_difference(self.ref, unit)
        return (
            self.base, self.scenario, *self.ref, unit, difference.n, difference.differ, difference.mean,
            *np.clip([_finite(self.low), _finite(self.high)], -most, most).tolist(), difference.p_value, self.p_adjusted,
            _finite(difference.variance_reduction), margin, str(verdict), needed, self._note(),
        )  # fmt: skip

    def _note(self) -> str:
        difference = self.difference
        if any(quantile.is_not_reached for quantile in self.quantiles):
            return NOT_REACHED
        if not difference.has_interval:
            return ""
        if falls_short(self.ref, "difference"):
            return SHORT
        if not isinstance(difference, PairedDifference) or not math.isnan(difference.event):
            return ""
        return SKEW if abs(difference.skewness) > SKEWED else ""

    def _replications(self, margin: float, terms: Terms) -> float:
        """Those of a new study that would decide; never fewer than have not decided."""
        half, alpha, n = (self.high - self.low) / 2, (1 - terms.confidence) / self.factor, self.difference.n
        required = half_width_to_decide(self.difference.mean, margin, alpha)
        if not math.isfinite(half) or not required > 0:
            return math.nan
        return max(math.ceil(METHOD.replications_needed(n, half, required, alpha)), n + 1)


def verdict_without_interval(difference: Difference, quantiles: Sequence[PooledQuantile] = ()) -> Verdict:
    """The verdict on a difference without an interval; quantiles: those that it is the difference of."""
    if isinstance(difference, IndependentDifference):
        is_compared, is_of_few = not math.isnan(difference.mean), difference.n > 1
    elif isinstance(difference, PairedDifference):
        is_compared, is_of_few = len(difference.values) > 1, difference.differ > 0
    else:
        has_values = len(quantiles) > 1 and not any(math.isnan(quantile.value) for quantile in quantiles)
        is_compared, is_of_few = has_values, math.isnan(difference.mean)
    if not is_compared:
        return Verdict.NOT_COMPARABLE
    return Verdict.TOO_FEW_EVENTS if is_of_few else Verdict.UNDECIDED


def largest_difference(ref: MeasureRef, unit: str) -> float:
    """By how much a measure can differ at most: no share of flights or the like moves by more than 1."""
    return 1.0 if unit == "share" and ref.metric not in ABOVE_1 else math.inf


def _finite(end: float) -> float:
    """An end of an interval as a table has it: NaN where there is none on that side."""
    return end if math.isfinite(end) else math.nan


def differences_from_base(
    values: Values,
    pooled: Pooled,
    base: str,
    scenario: str,
    metrics: Mapping[str, Metric],
    boost: float,
    is_paired: bool = True,
) -> dict[MeasureRef, Difference]:
    """The difference of every measure; paired, that of small counts of rare events is to be judged exactly."""
    both = [base, scenario]
    events = np.array([event_size(metrics[ref.metric].event, ref.part, values, both) for ref in values])
    if not is_paired:
        return _independent(values, pooled, base, scenario, events)
    means = paired_differences(_rows(values, base), _rows(values, scenario), events)
    if boost == 1:
        for number, ((key, _), counts) in enumerate(values.items()):
            if metrics[key].rare and not metrics[key].counted_by and {base, scenario} <= counts.keys():
                means[number] = judged_exactly(means[number], counts[base], counts[scenario])
    differences: dict[MeasureRef, Difference] = dict(zip(values, means, strict=True))
    for ref in pooled:
        pair = _pair(pooled, ref, base, scenario)
        differences[ref] = quantile_difference(*pair) if len(pair) == len(both) else NOTHING_TO_COMPARE
    return differences


def _independent(values: Values, pooled: Pooled, base: str, scenario: str, events: Floats) -> dict[MeasureRef, Difference]:
    differences: dict[MeasureRef, Difference] = {}
    for (ref, by_scenario), event in zip(values.items(), events.tolist(), strict=True):
        levels = [mean_level(by_scenario.get(name, np.zeros(0)), event) for name in (base, scenario)]
        differences[ref] = independent_difference(*levels)
    for ref in pooled:
        pair = [Level(quantile.value, quantile.n, quantile.interval) for quantile in _pair(pooled, ref, base, scenario)]
        differences[ref] = independent_difference(*pair) if len(pair) > 1 else NOTHING_TO_COMPARE
    return differences


def _pair(pooled: Pooled, ref: MeasureRef, base: str, scenario: str) -> list[PooledQuantile]:
    """The quantiles of the two, of those that have one."""
    of_measure = pooled.get(ref, {})
    return [of_measure[name] for name in (base, scenario) if name in of_measure]


ByRow = dict[tuple[str, MeasureRef], float]  # by scenario and measure


def _holm_adjustment(
    refs: Sequence[MeasureRef], apart: Mapping[str, Mapping[MeasureRef, Difference]], terms: Terms
) -> tuple[ByRow, ByRow]:
    """With what each p-value is multiplied, and the adjusted one.

    A scenario of another world is in no family: its factor is 1, its adjusted p-value NaN.
    """
    factors: ByRow = {(scenario, ref): 1.0 for scenario in apart for ref in refs}
    p_values: ByRow = dict.fromkeys(factors, math.nan)
    family = [scenario for scenario in apart if scenario not in terms.other_world]
    for ref in refs:
        result = holm([apart[scenario][ref].p_value for scenario in family])
        factors |= {(scenario, ref): factor for scenario, factor in zip(family, result.factors.tolist(), strict=True)}
        p_values |= {(scenario, ref): p for scenario, p in zip(family, result.p_values.tolist(), strict=True)}
    return factors, p_values


def _rows(values: Values, scenario: str) -> Floats:
    """Shape (measures, r): the scenario's values of each measure, NaN where it has none."""
    lengths = {len(column) for by_scenario in values.values() for column in by_scenario.values()}
    rows = np.full((len(values), max(lengths, default=0)), np.nan)
    for row, by_scenario in zip(rows, values.values(), strict=True):
        row[:] = by_scenario.get(scenario, np.nan)
    return rows


def _too_few(base: Floats | None, compared: Floats | None, boost: float) -> bool:
    """Whether neither of two scenarios has events enough to say that it differs."""
    return all(counts is not None and few_events(counts, boost) for counts in (base, compared))
