"""The values of every measure in every replication, ready to be summed up: ratios as sums over sums, and the sizes of events."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.breakdown import TOTAL
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import EventSize, Metric, Ratio
from sim.statistics.ratios import linearised

if TYPE_CHECKING:
    import pandas as pd

Values = dict[MeasureRef, dict[str, Floats]]
"""By measure and scenario, shape (r,), NaN: not measured. Of a ratio, see `with_ratios`."""


def values_by_measure(replications: "pd.DataFrame", n_replications: int, metrics: Mapping[str, Metric]) -> Values:
    """The column `value` by measure (in order of first appearance) and scenario, shape (n_replications,); ratios linearised."""
    import pandas as pd

    scenario, names = pd.factorize(replications["scenario"])
    metric, keys = pd.factorize(replications["metric"])
    part, parts = pd.factorize(replications["part"])
    measure, measures = pd.factorize(metric * len(parts) + part)
    table = np.full((len(measures), len(names), n_replications), np.nan)
    table[measure, scenario, replications["replication"].to_numpy()] = replications["value"].to_numpy()
    is_measured = np.zeros(table.shape[:2], dtype=np.bool_)
    is_measured[measure, scenario] = True
    values = {
        MeasureRef(str(keys[number // len(parts)]), str(parts[number % len(parts)])): {
            str(name): table[row, column] for column, name in enumerate(names) if is_measured[row, column]
        }
        for row, number in enumerate(measures.tolist())
    }
    return with_ratios(values, metrics)


def with_ratios(values: Values, metrics: Mapping[str, Metric]) -> Values:
    """The values, those of each ratio being the linearised ones of its sums: see `sim.statistics.ratios.linearised`.

    A ratio whose numerator or denominator is not among the values keeps those of the single replications.
    """
    ratios = {ref: metrics[ref.metric].ratio for ref in values if ref.metric in metrics}
    return {
        ref: by_scenario if (ratio := ratios.get(ref)) is None else _of_ratio(ref, by_scenario, values, ratio)
        for ref, by_scenario in values.items()
    }


def _of_ratio(ref: MeasureRef, by_scenario: dict[str, Floats], values: Values, ratio: Ratio) -> dict[str, Floats]:
    above, below = (of_part(values, key, ref.part) for key in (ratio.numerator, ratio.denominator))
    return {
        name: linearised(above[name], below[name], ratio.scale) if name in above and name in below else of_replications
        for name, of_replications in by_scenario.items()
    }


def keys_behind(metric: Metric) -> tuple[str, ...]:
    """The keys of the measures whose values are needed for one: its own, and those of a ratio's and an event's sides."""
    ratio, event = metric.ratio, metric.event
    keys = (ratio.numerator, ratio.denominator) if ratio else ()
    return tuple(dict.fromkeys(key for key in (metric.key, *keys, *((event.times, event.per) if event else ())) if key))


def event_size(event: EventSize | None, part: str, values: Values, scenarios: Sequence[str]) -> float:
    """By how much one event moves a replication's value, over the replications of these scenarios; NaN where it is not known."""
    if event is None:
        return math.nan
    times = _mean(values, event.times, part, scenarios) if event.times else 1.0
    per = _mean(values, event.per, part, scenarios) if event.per else 1.0
    return event.size * times / per if per else math.nan


def _mean(values: Values, key: str, part: str, scenarios: Sequence[str]) -> float:
    by_scenario = of_part(values, key, part)
    numbers = np.concatenate([np.zeros(0), *(by_scenario[name] for name in scenarios if name in by_scenario)])
    numbers = numbers[np.isfinite(numbers)]
    return float(numbers.mean()) if len(numbers) else math.nan


def of_part(values: Values, key: str, part: str) -> dict[str, Floats]:
    """By scenario: that part of a measure, where it has the part, else the whole."""
    return values.get(MeasureRef(key, part)) or values.get(MeasureRef(key, TOTAL), {})
