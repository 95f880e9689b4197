"""From replication values to the two tables of a study: its summary and its comparison."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric
from sim.statistics.intervals import estimate_means
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import intervals_of, paired_differences
from sim.statistics.rare_events import few_events, judged_exactly
from sim.study.verdict import Verdict, verdict_of

if TYPE_CHECKING:
    import pandas as pd

Values = dict[MeasureRef, dict[str, Floats]]  # by measure and scenario, shape (r,), NaN: not measured

SUMMARY_COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high")
COMPARISON_COLUMNS = (
    "baseline", "scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "p", "p_adjusted",
    "variance_reduction", "verdict",
)  # fmt: skip


def values_by_measure(replications: "pd.DataFrame", n_replications: int) -> Values:
    """The column `value` by measure (in order of first appearance) and scenario, shape (n_replications,)."""
    import pandas as pd

    scenario, names = pd.factorize(replications["scenario"])
    metric, metrics = pd.factorize(replications["metric"])
    part, parts = pd.factorize(replications["part"])
    measure, measures = pd.factorize(metric * len(parts) + part)
    table = np.full((len(measures), len(names), n_replications), np.nan)
    table[measure, scenario, replications["replication"].to_numpy()] = replications["value"].to_numpy()
    is_measured = np.zeros(table.shape[:2], dtype=np.bool_)
    is_measured[measure, scenario] = True
    return {
        MeasureRef(str(metrics[number // len(parts)]), str(parts[number % len(parts)])): {
            str(name): table[row, column] for column, name in enumerate(names) if is_measured[row, column]
        }
        for row, number in enumerate(measures.tolist())
    }


def summary_table(values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], confidence: float) -> "pd.DataFrame":
    """One row a scenario and measure: mean, standard deviation and confidence interval over replications.

    The interval of a share is cut off at 0 and 1.
    """
    import pandas as pd

    rows = []
    for scenario in scenarios:
        estimates = estimate_means(_rows(values, scenario), confidence)
        for ((metric, part), by_scenario), estimate in zip(values.items(), estimates, strict=True):
            if scenario in by_scenario:
                unit = metrics[metric].unit
                low, high = np.clip((estimate.low, estimate.high), 0, 1) if unit == "share" else (estimate.low, estimate.high)
                mean, sd = estimate.mean, estimate.standard_deviation
                rows.append((scenario, metric, part, unit, estimate.n, mean, sd, float(low), float(high)))
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def comparison_table(
    values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], confidence: float, boost: float = 1.0
) -> "pd.DataFrame":
    """One row a compared scenario and measure: the paired difference from the baseline, the first scenario.

    ci_low, ci_high, p_adjusted and verdict are adjusted (Holm) over the compared scenarios, measure by
    measure, and agree: the interval contains 0 exactly where p_adjusted > 1 - confidence. Small counts of rare events are judged
    by an exact test. boost: that of the study, for the number of events behind a count; with one, counts are weighted sums, and
    judged as any other measure.
    """
    import pandas as pd

    baseline, *compared = scenarios
    first = _rows(values, baseline)
    apart = [paired_differences(first, _rows(values, scenario)) for scenario in compared]
    if boost == 1:
        for scenario, differences in zip(compared, apart, strict=True):
            for number, ((key, _), counts) in enumerate(values.items()):
                if metrics[key].rare and not metrics[key].counted_by and {baseline, scenario} <= counts.keys():
                    differences[number] = judged_exactly(differences[number], counts[baseline], counts[scenario])
    adjusted = [holm([of_one[number].p_value for of_one in apart]) for number in range(len(values))]  # by measure
    rows: list[tuple[object, ...]] = []
    for place, (scenario, differences) in enumerate(zip(compared, apart, strict=True)):
        factors = np.array([family.factors[place] for family in adjusted])
        ends = intervals_of(differences, (1 - confidence) / factors)
        for (key, part), difference, family, (low, high) in zip(values, differences, adjusted, ends, strict=True):
            metric, p_adjusted = metrics[key], float(family.p_values[place])
            events = values.get(MeasureRef(metric.counted_by or key, part), {})
            thin = metric.rare and _too_few(events.get(baseline), events.get(scenario), boost)
            verdict = Verdict.TOO_FEW_EVENTS if thin else verdict_of(low, high, metric.better)
            names = baseline, scenario, key, part, metric.unit
            numbers = difference.n, difference.mean, low, high, difference.p_value, p_adjusted, difference.variance_reduction
            rows.append((*names, *numbers, str(verdict)))
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


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
