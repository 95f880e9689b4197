"""Pooled quantiles after each replication, for the rule by which a precision asked for stops a study."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.metrics.breakdown import split_part
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric
from sim.statistics.pooled_quantiles import ClusterCounts, Pool, cluster_counts, of_first_replications, quantile_difference
from sim.statistics.sequential import Running
from sim.study.pooled import Rows, ref_of, rows_by_part

Step = tuple[int, float, float]  # n, mean and half width


class RunningQuantiles:
    """The quantiles of some measures after each replication, in every scenario.

    measured: the quantiles that some scenario has had so far.
    """

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.measured: set[MeasureRef] = set()
        self._asked = {metric.key: metric.quantiles for metric in metrics if metric.quantiles}
        self._rows: dict[tuple[str, MeasureRef], list[Rows]] = {}
        self._steps: dict[tuple[MeasureRef, tuple[str, ...], float], list[Step]] = {}

    def add(self, scenario: str, file: Path) -> None:
        """The counts of one more replication, from its Arrow file of distributions."""
        import pyarrow as pa

        if not self._asked:
            return
        with pa.memory_map(str(file)) as opened:
            table = pa.ipc.open_file(opened).read_all()
        for part, rows in rows_by_part(table):
            for key, quantiles in self._asked.items():
                for group in quantiles.parts(part.part) if quantiles.distribution.key == part.distribution else ():
                    for name, _ in quantiles.shares:
                        ref = ref_of(key, group, name)
                        self.measured.add(ref)
                        self._rows.setdefault((scenario, ref), []).append(rows)

    def has(self, scenario: str, measure: MeasureRef) -> bool:
        """Whether a scenario has had that quantile."""
        return (scenario, measure) in self._rows

    def running(self, measure: MeasureRef, names: Sequence[str], n: int, alpha: float) -> Running:
        """Level and half width of the interval that misses with probability `alpha`, after each of n replications.

        names: a scenario, or one and before it that which it is held against, where the difference is asked. The mean is inf
        where the quantile of either falls among the values that never came. What stands at a place depends on the replications
        up to it alone.
        """
        steps = self._steps.setdefault((measure, tuple(names), alpha), [])
        if len(steps) < n:
            steps += self._further(measure, names, n, alpha, len(steps) + 1)
        columns = zip(*steps[:n], strict=True)
        n_values, mean, half = (np.array(column) for column in columns)
        return Running(n_values, mean, half)

    def _further(self, measure: MeasureRef, names: Sequence[str], n: int, alpha: float, begin: int) -> Iterator[Step]:
        quantiles = self._asked[measure.metric]
        share = dict(quantiles.shares)[split_part(measure.part)[-1]]
        pairs = [self._counts(name, measure, n) for name in names]
        if quantiles.came_only:
            pairs = [(pool.of_those_that_came, counts.of_those_that_came) for pool, counts in pairs]
        of_all = [of_first_replications(*pair, share, begin, with_draws=len(names) > 1) for pair in pairs]
        for estimates in zip(*of_all, strict=True):
            if any(quantile.is_not_reached for quantile in estimates):
                yield min(quantile.n for quantile in estimates), math.inf, math.nan
            elif len(estimates) == 1:
                low, high = estimates[0].interval(alpha)
                yield estimates[0].n, estimates[0].value, (high - low) / 2
            else:
                difference = quantile_difference(*estimates)
                low, high = difference.interval(alpha) if difference.has_interval else (math.nan, math.nan)
                half = (high - low) / 2
                yield difference.n, difference.mean, half if math.isfinite(half) else math.nan

    def _counts(self, scenario: str, measure: MeasureRef, n: int) -> tuple[Pool, ClusterCounts]:
        rows = self._rows.get((scenario, measure), [Rows(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64))])
        replication, value, times = (np.concatenate(column) for column in zip(*rows, strict=True))
        return cluster_counts(replication, value, times, n)


def with_quantiles(metrics: Mapping[str, Metric], refs: Iterable[MeasureRef]) -> tuple[Metric, ...]:
    """The measures that some of these are parts of, if they have quantiles."""
    keys = dict.fromkeys(ref.metric for ref in refs)
    return tuple(metrics[key] for key in keys if metrics[key].quantiles)
