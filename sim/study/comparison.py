"""From replication values to the two tables of a study: its summary and its comparison."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.measure_ref import MeasureRef, margin_of
from sim.model.metric import Metric
from sim.statistics.intervals import METHOD, estimate_means, is_seldom, skewness
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import PairedDifference, intervals_of, paired_differences
from sim.statistics.rare_events import few_events, judged_exactly
from sim.study.replication_values import Values, event_size
from sim.study.verdict import IS_BETTER, Verdict, half_width_to_decide, verdict_of

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high", "note")
COMPARISON_COLUMNS = (
    "baseline", "scenario", "metric", "part", "unit", "n", "differ", "difference", "ci_low", "ci_high", "p", "p_adjusted",
    "variance_reduction", "matters", "verdict", "replications_to_decide", "note",
)  # fmt: skip
SELDOM, SKEW = "seldom", "skew"
"""Notes: too few values are not 0 for an interval; the numbers are so skew that the interval may fall short."""
SKEWED = 1.0
BOUNDS = {"share": (0.0, 1.0), "s": (-math.inf, math.inf), "min": (-math.inf, math.inf)}
"""Between what a level lies, by unit: times may be before their plan; nothing else is below 0."""
FLIGHTS = MeasureRef("released_share")
"""The measure of how many of the flights ordered get through: where it is clearly worse, little else can be better."""
NOT_GUARDED = ("throughput",)
"""Topics whose measures say how many flights get through themselves."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a study compares.

    confidence: of its intervals · boost: for the number of events behind a count; with one, counts are weighted sums, and judged
    as any other measure · margins: by measure, the smallest difference that matters, where the study names another than the
    measure's · other_world: the scenarios that do not stand in the world of the baseline.
    """

    confidence: float
    boost: float = 1.0
    margins: Mapping[MeasureRef, float] | None = None
    other_world: Collection[str] = ()

    def margin(self, ref: MeasureRef, metric: Metric) -> float:
        """The smallest difference of a measure that matters; NaN where neither direction is better."""
        stated = self.margins or {}
        for known in (ref, MeasureRef(ref.metric)):
            if known in stated:
                return stated[known]
        return margin_of(metric) if metric.direction(ref.part) != "neither" else math.nan


def summary_table(values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], confidence: float) -> "pd.DataFrame":
    """One row a scenario and measure: mean, standard deviation and confidence interval over replications.

    The interval of a share is cut off at 0 and 1, that of a count or a rate at 0. note: SELDOM, SKEW or empty.
    """
    import pandas as pd

    table = []
    for scenario in scenarios:
        rows = _rows(values, scenario)
        events = np.array([event_size(metrics[ref.metric].event, ref.part, values, [scenario]) for ref in values])
        estimates = estimate_means(rows, confidence, events)
        for (ref, by_scenario), row, event, estimate in zip(values.items(), rows, events, estimates, strict=True):
            if scenario in by_scenario:
                unit = metrics[ref.metric].unit
                low, high = within_bounds(estimate.low, estimate.high, unit)
                numbers = estimate.n, estimate.mean, estimate.standard_deviation, float(low), float(high)
                table.append((scenario, *ref, unit, *numbers, _note(row[np.isfinite(row)], event)))
    return pd.DataFrame(table, columns=list(SUMMARY_COLUMNS))


def within_bounds(low: float, high: float, unit: str) -> tuple[float, float]:
    """The ends of the interval of a level, cut off where no level of that unit can lie."""
    ends = np.clip((low, high), *BOUNDS.get(unit, (0.0, math.inf)))
    return float(ends[0]), float(ends[1])


def _note(numbers: Floats, event: float) -> str:
    """What to know of the interval of a level, from the finite values of the replications, shape (n,)."""
    if len(numbers) < 2 or not math.isnan(event):
        return ""
    if numbers.any() and is_seldom(numbers[None])[0]:
        return SELDOM
    return SKEW if abs(skewness(numbers[None])[0]) > SKEWED else ""


def comparison_table(values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], terms: Terms) -> "pd.DataFrame":
    """One row a compared scenario and measure: the paired difference from the baseline, the first scenario.

    ci_low, ci_high, p_adjusted and verdict are adjusted (Holm) over the compared scenarios of the baseline's world, measure by
    measure, and agree: the interval contains 0 exactly where p_adjusted > 1 - confidence. Small counts of rare events are judged
    by an exact test. differ: replications that differ · matters: the smallest difference that matters · replications_to_decide:
    those of a new study, with another seed, that would decide what is undecided, if the difference is as seen; NaN elsewhere.
    """
    import pandas as pd

    baseline, *compared = scenarios
    apart = {scenario: _differences(values, baseline, scenario, metrics, terms.boost) for scenario in compared}
    factors, adjusted = _holm_adjustment(values, apart, terms)
    rows: list[tuple[object, ...]] = []
    for scenario, differences in apart.items():
        ends = intervals_of(differences, (1 - terms.confidence) / np.array([factors[scenario, ref] for ref in values]))
        of_scenario = [
            _Row(
                baseline,
                scenario,
                ref,
                metrics[ref.metric],
                difference,
                low,
                high,
                factors[scenario, ref],
                adjusted[scenario, ref],
            )
            for ref, difference, (low, high) in zip(values, differences, ends, strict=True)
        ]
        verdicts = [row.verdict(values, terms) for row in of_scenario]
        has_fewer = any(
            row.ref == FLIGHTS and verdict == Verdict.WORSE for row, verdict in zip(of_scenario, verdicts, strict=True)
        )
        for row, verdict in zip(of_scenario, verdicts, strict=True):
            is_empty = has_fewer and verdict in IS_BETTER and row.metric.topic not in NOT_GUARDED
            rows.append(row.cells(Verdict.FEWER_FLIGHTS if is_empty else verdict, terms))
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


@dataclass(frozen=True, slots=True)
class _Row:
    """One measure of one compared scenario, its difference from the baseline with the adjusted interval."""

    baseline: str
    scenario: str
    ref: MeasureRef
    metric: Metric
    difference: PairedDifference
    low: float
    high: float
    factor: float
    p_adjusted: float

    def verdict(self, values: Values, terms: Terms) -> Verdict:
        if self.scenario in terms.other_world:
            return Verdict.OTHER_WORLD
        if self.metric.rare:
            events = values.get(MeasureRef(self.metric.counted_by or self.ref.metric, self.ref.part), {})
            if _too_few(events.get(self.baseline), events.get(self.scenario), terms.boost):
                return Verdict.TOO_FEW_EVENTS
        if not self.difference.has_interval and len(self.difference.values) > 1:
            return Verdict.TOO_FEW_EVENTS if self.difference.differ else Verdict.UNDECIDED
        return verdict_of(self.low, self.high, self.metric.direction(self.ref.part), terms.margin(self.ref, self.metric))

    def cells(self, verdict: Verdict, terms: Terms) -> tuple[object, ...]:
        difference, margin = self.difference, terms.margin(self.ref, self.metric)
        needed = self._replications(margin, terms) if verdict == Verdict.UNDECIDED else math.nan
        is_skew = difference.has_interval and math.isnan(difference.event) and abs(difference.skewness) > SKEWED
        return (
            self.baseline, self.scenario, *self.ref, self.metric.unit, difference.n, difference.differ, difference.mean,
            self.low, self.high, difference.p_value, self.p_adjusted, difference.variance_reduction, margin, str(verdict), needed,
            SKEW if is_skew else "",
        )  # fmt: skip

    def _replications(self, margin: float, terms: Terms) -> float:
        """Those of a new study that would decide; never fewer than have not decided."""
        half, alpha, n = (self.high - self.low) / 2, (1 - terms.confidence) / self.factor, self.difference.n
        required = half_width_to_decide(self.difference.mean, margin, alpha)
        if math.isnan(half) or not required > 0:
            return math.nan
        return max(math.ceil(METHOD.replications_needed(n, half, required, alpha)), n + 1)


def _differences(
    values: Values, baseline: str, scenario: str, metrics: Mapping[str, Metric], boost: float
) -> list[PairedDifference]:
    """The paired difference of every measure; that of small counts of rare events to be judged exactly."""
    both = [baseline, scenario]
    events = np.array([event_size(metrics[ref.metric].event, ref.part, values, both) for ref in values])
    differences = paired_differences(_rows(values, baseline), _rows(values, scenario), events)
    if boost == 1:
        for number, ((key, _), counts) in enumerate(values.items()):
            if metrics[key].rare and not metrics[key].counted_by and {baseline, scenario} <= counts.keys():
                differences[number] = judged_exactly(differences[number], counts[baseline], counts[scenario])
    return differences


ByRow = dict[tuple[str, MeasureRef], float]  # by scenario and measure


def _holm_adjustment(values: Values, apart: Mapping[str, Sequence[PairedDifference]], terms: Terms) -> tuple[ByRow, ByRow]:
    """With what each p-value is multiplied, and the adjusted one.

    A scenario of another world is in no family: its factor is 1, its adjusted p-value NaN.
    """
    factors: ByRow = {(scenario, ref): 1.0 for scenario in apart for ref in values}
    p_values: ByRow = dict.fromkeys(factors, math.nan)
    family = [scenario for scenario in apart if scenario not in terms.other_world]
    for number, ref in enumerate(values):
        result = holm([apart[scenario][number].p_value for scenario in family])
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


def _too_few(baseline: Floats | None, compared: Floats | None, boost: float) -> bool:
    """Whether neither of two scenarios has events enough to say that it differs."""
    return all(counts is not None and few_events(counts, boost) for counts in (baseline, compared))
