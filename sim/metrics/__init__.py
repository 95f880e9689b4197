"""Floor 7: the measures: pure functions of one observation, declared once each in `CATALOGUE`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import nan

from sim.ground.arrays import Floats
from sim.metrics import (
    control,
    delay,
    ends_last,
    expected_examinations,
    limits,
    outcomes,
    posts,
    recovery,
    release_time,
    throughput,
    time_release,
    waiting,
    waterfall,
    workload,
)
from sim.metrics.breakdown import TOTAL
from sim.model.feature import Feature
from sim.model.metric import Distribution, Metric
from sim.model.observation import Observation

CATALOGUE: tuple[Metric, ...] = (
    *throughput.METRICS,
    *delay.METRICS,
    *release_time.METRICS,
    *time_release.METRICS,
    *waterfall.METRICS,
    *ends_last.METRICS,
    *limits.METRICS,
    *outcomes.METRICS,
    *control.METRICS,
    *expected_examinations.METRICS,
    *workload.METRICS,
    *posts.METRICS,
    *waiting.METRICS,
    *recovery.METRICS,
)


def all_metrics(features: Iterable[Feature]) -> tuple[Metric, ...]:
    """The general measures, then each feature's own. Raises ValueError where two have the same key."""
    metrics = (*CATALOGUE, *(metric for feature in features for metric in feature.metrics))
    keys = [metric.key for metric in metrics]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"measures declared twice: {', '.join(twice)}")
    return metrics


def measure(observation: Observation, metrics: Iterable[Metric]) -> list[tuple[str, str, float]]:
    """Every number of one replication: (key of the measure, part, value), in the order of declaration.

    The part is empty for the whole (see `sim.metrics.breakdown`); NaN means that there was nothing to measure, or that it
    would be the measure of another world: in a boosted study, whatever does not count consignments by their weights.
    """
    rows: list[tuple[str, str, float]] = []
    for metric in metrics:
        computed = metric.compute(observation)
        values = computed if isinstance(computed, Mapping) else {TOTAL: computed}
        if observation.boost > 1 and not metric.boostable:
            values = dict.fromkeys(values, nan)
        rows.extend((metric.key, part, float(value)) for part, value in values.items())
    return rows


def distributions(metrics: Iterable[Metric]) -> tuple[Distribution, ...]:
    """The distributions that the measures have quantiles of, each once. Raises ValueError where two have the same key."""
    declared = dict.fromkeys(metric.quantiles.distribution for metric in metrics if metric.quantiles)
    keys = [distribution.key for distribution in declared]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"distributions declared twice: {', '.join(twice)}")
    return tuple(declared)


def times(observation: Observation, declared: Iterable[Distribution]) -> Iterator[tuple[str, str, Floats]]:
    """The times of one replication by distribution and part: (key of the distribution, part, seconds; inf for never).

    A boosted study has the parts and no times, for those would be the times of another world.
    """
    for distribution in declared:
        for part, times_s in distribution.compute(observation).items():
            yield distribution.key, part, times_s[:0] if observation.boost > 1 else times_s


def of_those_that_came(metrics: Mapping[str, Metric], key: str) -> str:
    """The measure of the same quantiles without the times that never came; empty where there is none."""
    quantiles = metrics[key].quantiles
    if quantiles is None:
        return ""
    same = (other for other, metric in metrics.items() if metric.quantiles == replace(quantiles, came_only=True))
    return next((other for other in same if other != key), "")
