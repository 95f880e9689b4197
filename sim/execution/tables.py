"""One replication as tables: its measures, distributions, flights, consignments and visited stages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.metrics.accounts import ACCOUNTS, account_of_stage
from sim.metrics.outcomes import consignment_outcomes
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.model.flights import Priority
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome, Outcome
from sim.model.plan import NO_POOL
from sim.world.goods import GOODS_KEYS

if TYPE_CHECKING:
    import pyarrow as pa

STAGE_COLUMNS = (
    "scenario", "replication", "flight", "stage", "role", "step", "pool", "side", "queued_s", "start_s", "end_s", "given_up",
)  # fmt: skip
DISTRIBUTION_COLUMNS = ("scenario", "replication", "metric", "part", "value", "count")
ROLE_OF_PLACE = ("origin", "destination")


def measures_table(scenario: str, replication: int, rows: Iterable[tuple[str, str, float]]) -> "pa.Table":
    """One row a measure: scenario, replication, metric, part, value (NaN: nothing to measure)."""
    import pyarrow as pa

    metrics, parts, values = zip(*rows, strict=True)
    named = {name: pa.array(keys, pa.string()).dictionary_encode() for name, keys in (("metric", metrics), ("part", parts))}
    columns = {**named, "value": pa.array(values, pa.float64())}
    return _table(scenario, replication, len(values), columns)


def distributions_table(scenario: str, replication: int, times: Iterable[tuple[str, str, Floats]]) -> "pa.Table":
    """How often each time came, to the second: scenario, replication, metric (the distribution's key), part, value, count.

    times: key, part and seconds, inf for those that never came. Values rise within a part; the last row of each part, with a
    value that is null, counts those that never came, and is there if there are none.
    """
    import pyarrow as pa

    keys, parts, values, counts = [], [], [], []
    for key, part, times_s in times:
        came, n_of_each = np.unique(np.rint(times_s[np.isfinite(times_s)]).astype(np.int32), return_counts=True)
        keys.append(key)
        parts.append(part)
        values.append(np.append(came, 0))
        counts.append(np.append(n_of_each, np.count_nonzero(np.isinf(times_s))))
    n_rows = [len(of_part) for of_part in values]
    is_last = np.zeros(sum(n_rows), dtype=np.bool_)
    is_last[np.cumsum(n_rows) - 1] = True
    columns = {
        "metric": _repeated(keys, n_rows),
        "part": _repeated(parts, n_rows),
        "value": pa.array(np.concatenate([*values, np.zeros(0)]), pa.int32(), mask=is_last),
        "count": pa.array(np.concatenate([*counts, np.zeros(0)]), pa.int32()),
    }
    return _table(scenario, replication, len(is_last), columns)


def _repeated(names: Sequence[str], times: Sequence[int]) -> "pa.Array":
    """Each name that many times, kept once."""
    known = list(dict.fromkeys(names))
    number = {name: place for place, name in enumerate(known)}
    return _named(np.repeat([number[name] for name in names], times), known)


def flights_table(scenario: str, replication: int, observation: Observation) -> "pa.Table":
    """One row a planned flight, measured or not: what was asked for, what was decided, what became of it.

    Instants and durations in seconds from midnight of the first day, NaN where there is none.
    released_s: release by the horizon · outcome: key of Outcome at the horizon · measured: planned inside the window · then
    those of FLIGHT_QUANTITIES.
    """
    flights = observation.flights
    columns: dict[str, Any] = {
        "flight": np.arange(len(flights), dtype=np.int32),
        "measured": observation.measured,
        "route": _named(flights.route, [route.key for route in flights.routes]),
        "outward": flights.outward,
    }
    for role in ROLE_OF_PLACE:
        columns[role] = _named(flights.site(role), flights.sites)
        columns[f"{role}_side"] = _named(flights.side(role), ACCOUNTS)
    columns |= {
        "aircraft": _named(flights.aircraft, [aircraft.key for aircraft in flights.aircraft_types]),
        "operator": flights.operator,
        "aeo": flights.aeo,
        "priority": _named(flights.priority, [priority.name.lower() for priority in Priority]),
        "ordered_s": flights.ordered_s,
        "planned_departure_s": flights.planned_departure_s,
        "planned_release_s": flights.planned_release_s,
        "max_shift_s": flights.max_shift_s,
        "outcome": _named(observation.outcome, [outcome.name.lower() for outcome in Outcome]),
        "released_s": observation.released_s,
        **{quantity.key: quantity.compute(observation) for quantity in FLIGHT_QUANTITIES},
    }
    return _table(scenario, replication, len(flights), _joined(columns, _facts(observation, "flight")))


def consignments_table(scenario: str, replication: int, observation: Observation) -> "pa.Table":
    """One row a consignment: its number, its flight's, its goods, what became of it, and the facts about it."""
    consignments = observation.consignments
    columns = {
        "consignment": np.arange(len(consignments), dtype=np.int32),
        "flight": consignments.flight,
        "goods": _named(consignments.goods, GOODS_KEYS),
        "outcome": _named(consignment_outcomes(observation), [outcome.name.lower() for outcome in ConsignmentOutcome]),
    }
    return _table(scenario, replication, len(consignments), _joined(columns, _facts(observation, "consignment")))


def stages_table(scenario: str, replication: int, observation: Observation) -> "pa.Table":
    """One row a visited stage, by flight and stage: queued_s, start_s, end_s (NaN where there is none).

    side: whose minutes they are, a key of ACCOUNTS · pool: key of the pool queued for, empty for none.
    """
    plan, timeline = observation.plan, observation.timeline
    visited = ~(np.isnan(timeline.queued_s) & np.isnan(timeline.end_s))
    flight, stage = np.nonzero(visited)
    stages = [step.stage for step in plan.steps]
    pool_keys = [*(pool.key for pool in plan.pools), ""]  # NO_POOL (-1) reads the last entry
    pool = np.where(plan.pool == NO_POOL, len(plan.pools), plan.pool)[visited]
    columns = {
        "flight": flight.astype(np.int32),
        "stage": _named(stage, [item.key for item in stages]),
        "role": _named(stage, [item.role for item in stages]),
        "step": _named(stage, [item.step for item in stages]),
        "pool": _named(pool, pool_keys),
        "side": _named(account_of_stage(observation)[visited], ACCOUNTS),
        "queued_s": timeline.queued_s[visited],
        "start_s": timeline.start_s[visited],
        "end_s": timeline.end_s[visited],
        "given_up": timeline.given_up()[visited],
    }
    return _table(scenario, replication, len(flight), columns)


def _facts(observation: Observation, per: str) -> "Iterator[tuple[str, NDArray[Any] | pa.Array]]":
    """The declared facts per flight or consignment, in process order, each once; null where no feature has told any.

    A column for every fact, so that all replications of all scenarios have the same.
    """
    import pyarrow as pa

    n = len(observation.flights) if per == "flight" else len(observation.consignments)
    features = observation.scenario.assembly.features
    declared = {fact.name: fact for feature in features for fact in feature.writes if fact.per == per and not fact.latent}
    for name, fact in declared.items():
        if fact in observation.facts:
            yield name, observation.facts[fact]
        else:
            yield name, pa.nulls(n, pa.from_numpy_dtype(np.dtype(fact.dtype)))


def _joined(columns: dict[str, Any], facts: "Iterable[tuple[str, NDArray[Any] | pa.Array]]") -> dict[str, Any]:
    for name, values in facts:
        if name in columns:
            raise ValueError(f"the fact {name} has the name of a column of its table")
        columns[name] = values
    return columns


def _named(numbers: NDArray[Any], names: Sequence[str]) -> "pa.Array":
    """The name of each number: text that is kept once a name."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers.astype(np.int32), pa.array(list(names), pa.string()))


def _table(scenario: str, replication: int, n_rows: int, columns: dict[str, Any]) -> "pa.Table":
    import pyarrow as pa

    whose_rows = {
        "scenario": _named(np.zeros(n_rows), [scenario]),
        "replication": np.full(n_rows, replication, dtype=np.int32),
    }
    return pa.table({**whose_rows, **columns})


def arrow_bytes(table: "pa.Table") -> bytes:
    """The rows of one replication as an Arrow file, in which NaN is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [
        pc.if_else(pc.is_nan(column), None, column) if pa.types.is_floating(column.type) else column for column in table.columns
    ]
    table = pa.table(columns, names=table.column_names)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
