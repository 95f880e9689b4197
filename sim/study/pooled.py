"""The quantiles of a study: of all replications together, from the counts in its table of distributions.

The table is read twice, some of its rows at a time. In memory stand the counts of all replications together, to the second, and
of the single replications only those about the quantiles, fewer the more replications there are.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.ground.arrays import Floats, Ints
from sim.metrics.breakdown import SEPARATOR
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric, Quantiles
from sim.statistics.pooled_quantiles import (
    ClusterCounts,
    PooledQuantile,
    cluster_counts,
    of_each_replication,
    places_about,
    pool_of,
    pooled_quantile,
    sums_of_powers,
)
from sim.study.replication_values import Values

if TYPE_CHECKING:
    import pyarrow as pa

Pooled = Mapping[MeasureRef, Mapping[str, PooledQuantile]]
"""By measure and scenario: the quantiles of each scenario that has that part."""
NO_QUANTILES: Pooled = MappingProxyType({})

ROWS = 2_000_000  # of the table, in memory at a time


class Part(NamedTuple):
    """A part of a distribution in one scenario."""

    scenario: str
    distribution: str
    part: str


class Rows(NamedTuple):
    """Rows of one part, shape (k,) each; value: inf for those that never came · times: how often it came."""

    replication: Ints
    value: Floats
    times: Ints


Read = Callable[[], Iterable[tuple[Part, Rows]]]


class _Counts:
    """What the first reading leaves of a part: how often each value came in all, and size and sum of each replication."""

    def __init__(self, n_replications: int) -> None:
        self.values, self.counts = np.zeros(0), np.zeros(0, dtype=np.int64)
        self.sizes, self.sums = np.zeros(n_replications), np.zeros((2, n_replications))

    def add(self, rows: Rows) -> None:
        self.sizes += np.bincount(rows.replication, rows.times, len(self.sizes))
        came = np.isfinite(rows.value)
        self.sums += sums_of_powers(rows.replication[came], rows.value[came], rows.times[came], len(self.sizes))
        self.values, place = np.unique(np.append(self.values, rows.value[came]), return_inverse=True)
        counts = np.append(self.counts, rows.times[came])
        self.counts = np.bincount(place, counts, len(self.values)).astype(np.int64)


class _Group:
    """The values behind a part of a measure in one scenario, and what the second reading leaves of them."""

    def __init__(self, quantiles: Quantiles, parts: Sequence[_Counts]) -> None:
        self.quantiles = quantiles
        self.sizes, self.sums = (np.sum([getattr(part, name) for part in parts], axis=0) for name in ("sizes", "sums"))
        values, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("values", "counts"))
        self.pool = pool_of(values, counts, int(self.sizes.sum()))
        of_quantiles = self.pool.of_those_that_came if quantiles.came_only else self.pool
        self.kept = self.pool.values[places_about(of_quantiles, self.sizes, [share for _, share in quantiles.shares])]
        self.table = np.zeros((len(self.kept), len(self.sizes)))

    def add(self, rows: Rows) -> None:
        """Each row counts at the first kept value that is not below its own."""
        came = np.isfinite(rows.value)
        places = np.searchsorted(self.kept, rows.value[came]), rows.replication[came]
        np.add.at(self.table, places, rows.times[came])

    def estimates(self) -> Iterator[tuple[str, PooledQuantile]]:
        """The quantiles by name."""
        pool, counts = self.pool, ClusterCounts(self.kept, np.cumsum(self.table, axis=0), self.sizes, self.sums)
        if self.quantiles.came_only:
            pool, counts = pool.of_those_that_came, counts.of_those_that_came
        for name, share in self.quantiles.shares:
            yield name, pooled_quantile(pool, counts, share)


def values_of_quantiles(
    table: "pa.Table", metrics: Mapping[str, Metric], n_replications: int
) -> dict[MeasureRef, dict[str, Floats]]:
    """The quantiles of each replication's flights alone, by measure and scenario, shape (r,), from rows of distributions.

    inf where one falls among the flights never released, NaN where there are none.
    """
    wanted = {key: metric.quantiles for key, metric in metrics.items() if metric.quantiles}
    rows = dict(rows_by_part(table))
    values: Values = {}
    for (scenario, key, group), behind in _members(wanted, rows).items():
        replication, value, times = (np.concatenate(column) for column in zip(*(rows[part] for part in behind), strict=True))
        _, counts = cluster_counts(replication, value, times, n_replications)
        counts = counts.of_those_that_came if wanted[key].came_only else counts
        for name, share in wanted[key].shares:
            values.setdefault(ref_of(key, group, name), {})[scenario] = of_each_replication(counts, share)
    return values


def in_order(refs: Iterable[MeasureRef], metrics: Mapping[str, Metric]) -> list[MeasureRef]:
    """The measures as tables list them: in the order of declaration, and the quantiles of a group of flights behind its mean."""
    place = {key: number for number, key in enumerate(metrics)}
    group: dict[tuple[str, str], int] = {}
    for ref in refs:
        group.setdefault((ref.metric, _group(ref, metrics)), len(group))
    return sorted(refs, key=lambda ref: (place[ref.metric], group[ref.metric, _group(ref, metrics)]))


def ref_of(key: str, group: str, name: str) -> MeasureRef:
    """The measure that is a quantile of a group of flights; the group may be empty."""
    return MeasureRef(key, f"{group}{SEPARATOR}{name}" if group else name)


def is_quantile(ref: MeasureRef, metrics: Mapping[str, Metric]) -> bool:
    """Whether a part of a measure is a pooled quantile, by its name."""
    quantiles = metrics[ref.metric].quantiles
    return quantiles is not None and ref.part.rpartition(SEPARATOR)[2] in dict(quantiles.shares)


def _group(ref: MeasureRef, metrics: Mapping[str, Metric]) -> str:
    """The part without the name of its statistic, of a measure that has quantiles."""
    return ref.part.rpartition(SEPARATOR)[0] if metrics[ref.metric].quantiles else ref.part


def pooled_quantiles(
    file: Path, scenarios: Sequence[str], metrics: Mapping[str, Metric], n_replications: int, keys: Collection[str] = ()
) -> Pooled:
    """The quantiles in that table of distributions, of all measures or of those of these keys, in the order of the measures.

    n_replications: those counted, from the first on.
    """
    import pyarrow.parquet as pq

    wanted = {key: metric.quantiles for key, metric in metrics.items() if metric.quantiles and (not keys or key in keys)}
    at_a_time = max(1, len(scenarios) * ROWS // max(pq.read_metadata(file).num_rows, 1))
    pooled: dict[MeasureRef, dict[str, PooledQuantile]] = {}
    for first in range(0, len(scenarios), at_a_time):
        for (scenario, ref), quantile in _of_some(file, scenarios[first : first + at_a_time], wanted, n_replications).items():
            pooled.setdefault(ref, {})[scenario] = quantile
    place = {key: number for number, key in enumerate(wanted)}
    return {ref: pooled[ref] for ref in sorted(pooled, key=lambda ref: place[ref.metric])}


def _of_some(
    file: Path, scenarios: Sequence[str], wanted: Mapping[str, Quantiles], n_replications: int
) -> dict[tuple[str, MeasureRef], PooledQuantile]:
    """The quantiles of scenarios whose counts are in memory at a time, by scenario and measure."""
    read = _reader(file, scenarios, sorted({quantiles.distribution.key for quantiles in wanted.values()}), n_replications)
    parts: dict[Part, _Counts] = {}
    for part, rows in read():
        if part not in parts:
            parts[part] = _Counts(n_replications)
        parts[part].add(rows)
    members = _members(wanted, parts)
    groups = {name: _Group(wanted[name[1]], [parts[part] for part in behind]) for name, behind in members.items()}
    of_part: dict[Part, list[_Group]] = {part: [] for part in parts}
    for name, behind in members.items():
        for part in behind:
            of_part[part].append(groups[name])
    for part, rows in read():
        for group in of_part[part]:
            group.add(rows)
    return {
        (scenario, ref_of(key, prefix, name)): quantile
        for (scenario, key, prefix), group in groups.items()
        for name, quantile in group.estimates()
    }


def _members(wanted: Mapping[str, Quantiles], parts: Iterable[Part]) -> dict[tuple[str, str, str], list[Part]]:
    """The parts of distributions by what they belong to: scenario, measure's key, and its part but for the quantile's name."""
    members: dict[tuple[str, str, str], list[Part]] = {}
    for part in parts:
        for key, quantiles in wanted.items():
            for prefix in quantiles.parts(part.part) if quantiles.distribution.key == part.distribution else ():
                members.setdefault((part.scenario, key, prefix), []).append(part)
    return members


def _reader(file: Path, scenarios: Sequence[str], distributions: Sequence[str], n_replications: int) -> Read:
    """What reads the rows of these scenarios, distributions and first replications, part by part of some rows.

    Few rows are read once.
    """
    import pyarrow.dataset as ds

    table = ds.dataset(file, format=ds.ParquetFileFormat(dictionary_columns=["scenario", "metric", "part"]))
    rows = ds.field("scenario").isin(list(scenarios)) & ds.field("metric").isin(list(distributions))
    rows &= ds.field("replication") < n_replications

    def read() -> Iterator[tuple[Part, Rows]]:
        for batch in table.to_batches(filter=rows, batch_size=ROWS):
            yield from rows_by_part(batch)

    if table.count_rows(filter=rows) > ROWS:
        return read
    all_at_once = list(rows_by_part(table.to_table(filter=rows)))
    return lambda: all_at_once


def rows_by_part(rows: "pa.RecordBatch | pa.Table") -> Iterator[tuple[Part, Rows]]:
    """The rows of a table of distributions by part, in order of first appearance."""
    import pandas as pd

    table = rows.to_pandas()
    if table.empty:
        return
    codes = [pd.factorize(table[name]) for name in ("scenario", "metric", "part")]
    number = np.ravel_multi_index([code for code, _ in codes], [len(names) for _, names in codes])
    order = np.argsort(number, kind="stable")
    replication, times = (table[name].to_numpy(dtype=np.int64)[order] for name in ("replication", "count"))
    value = table["value"].fillna(np.inf).to_numpy(dtype=np.float64)[order]
    for of_part in np.split(np.arange(len(order)), np.flatnonzero(np.diff(number[order])) + 1):
        row, here = order[of_part[0]], slice(of_part[0], of_part[-1] + 1)
        yield Part(*(str(names[code[row]]) for code, names in codes)), Rows(replication[here], value[here], times[here])
