"""Schedules and traces: a file's flights, instants and durations are what is simulated, to the last digit.

The waits are checked by recursions of queueing theory that know nothing of the engine: Lindley (1952) for
one server, Kiefer and Wolfowitz (1955) for several. They read the file, not the plan.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.ground.sides import SIDE_KEYS
from sim.model.fact_catalogue import RED
from sim.model.timeline import Timeline
from sim.replication import Prepared, prepare
from sim.replication.scheduled import INSTANTS
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from sim.world.demand import PRIORITY_KEYS
from sim.world.schedule import OPTIONAL, REQUIRED
from tests.model.replicated import ONE_DAY, plan_digest, run, same
from tests.policies.observed import scenario

EXAMPLE = Path(__file__).parent / "data" / "example-schedule.csv"
ROUTE = "wenjindu_sheung_shui"
OFFICERS = 2
# One document officer, two examination officers, one level in the corridor; nothing else is scarce.
EXAMPLE_SETTING: dict[str, Any] = {
    **ONE_DAY,
    "policy.flight_authorisation.officers": 50,
    "policy.port_hours.opens": "00:00",
    "policy.port_hours.closes": "00:00",
    "policy.data_interface.single_submission": False,
    "policy.vertiports.reservation": False,
    "world.demand.operators": 24,
    "world.data_interface.entry_time": "1 min",
    "world.data_interface.reject_share": "0%",
    "world.data_interface.outage_interval": "3650 d",
    "world.pre_clearance.late_share": "0%",
    "policy.document_check.officers": 1,
    "policy.inspection.sequence": ["open"],
    "policy.opening.officers": OFFICERS,
    "policy.vertiports.pads": 40,
    "policy.vertiports.fleet": 40,
    "policy.vertiports.returns": False,
}


def with_schedule(text: str, setting: dict[str, Any] = EXAMPLE_SETTING) -> Scenario:
    return apply(scenario(setting), {"world.demand.schedule": {"csv": text}})


# ------------------------------------------------------------------ waits, worked out from the file alone


def lindley_s(arrival_s: Sequence[float], service_s: Sequence[float]) -> list[float]:
    """Waits at one server, first come first served: W' = max(0, W + S - A')."""
    waits = [0.0]
    for k in range(1, len(arrival_s)):
        waits.append(max(0.0, waits[-1] + service_s[k - 1] - (arrival_s[k] - arrival_s[k - 1])))
    return waits


def kiefer_wolfowitz_s(arrival_s: Sequence[float], service_s: Sequence[float], servers: int) -> list[float]:
    """Waits at several servers: the least of their sorted workloads, to which the service is added."""
    work, before, waits = [0.0] * servers, arrival_s[0], []
    for arrival, service in zip(arrival_s, service_s, strict=True):
        work = sorted(max(0.0, left - (arrival - before)) for left in work)
        waits.append(work[0])
        work[0] += service
        before = arrival
    return waits


@dataclass(frozen=True)
class Queue:
    """A pool of the example: its stage, the columns of arrivals and services, and its recursion."""

    stage: str
    arrival: str
    service: str
    waits_s: Callable[[Sequence[float], Sequence[float]], list[float]]
    flights: int
    waiting: int


DOCUMENTS, OPENING = "documents_destination", "open_destination_by_destination"
QUEUES = (
    Queue(DOCUMENTS, f"{DOCUMENTS}:not_before_s", f"{DOCUMENTS}:service_s", lindley_s, 19, 12),
    Queue("slot", "planned_departure", "slot:cooldown_s", lindley_s, 30, 20),
    Queue(OPENING, f"{OPENING}:not_before_s", f"{OPENING}:service_s", lambda a, s: kiefer_wolfowitz_s(a, s, OFFICERS), 15, 8),
)


@pytest.mark.parametrize("queue", QUEUES, ids=[queue.stage for queue in QUEUES])
def test_the_waits_are_those_of_the_recursion(queue: Queue) -> None:
    with EXAMPLE.open(encoding="utf-8", newline="") as lines:
        rows = [(float(row[queue.arrival]), n, float(row[queue.service])) for n, row in enumerate(csv.DictReader(lines))
                if row[queue.service]]  # fmt: skip
    rows.sort()
    expected = queue.waits_s([arrival for arrival, _, _ in rows], [service for _, _, service in rows])
    observation = run(with_schedule(EXAMPLE.read_text(encoding="utf-8")))
    number = observation.plan.stage_number(queue.stage)
    flights = [n for _, n, _ in rows]
    timeline = observation.timeline
    assert np.array_equal(timeline.queued_s[flights, number], [arrival for arrival, _, _ in rows])
    waits = timeline.start_s[flights, number] - timeline.queued_s[flights, number]
    print(f"\n{queue.stage}: {len(rows)} flights, mean wait {np.mean(waits):.3f} s, largest difference "
          f"{np.max(np.abs(waits - expected)):.1e} s")  # fmt: skip
    assert len(rows) >= queue.flights and np.count_nonzero(np.array(expected) > 1) >= queue.waiting
    assert np.max(np.abs(waits - expected)) < 1e-9
    assert np.count_nonzero(~np.isnan(timeline.start_s[:, number])) == len(rows)


def test_every_flight_of_the_example_is_released() -> None:
    observation = run(with_schedule(EXAMPLE.read_text(encoding="utf-8")))
    assert not np.isnan(observation.released_s).any()


# --------------------------------------------------------------------------------- open and given cells


def rows_of(*rows: str, columns: str = "route,from_side,planned_departure") -> str:
    return "\n".join([columns, *rows]) + "\n"


def test_open_cells_are_drawn_and_given_ones_kept() -> None:
    columns = "route,from_side,planned_departure,ordered,max_shift_s,operator,aeo,priority,consignments"
    lines = [f"{ROUTE},mainland,{36000 + 60 * k},{'' if k % 2 else 1000},,,,{'' if k % 2 else 'medical'},{'' if k % 2 else 3}"
             for k in range(400)]  # fmt: skip
    text = rows_of(*lines, columns=columns)
    made = with_schedule(text)
    one, other = (prepare(made, 1, replication) for replication in (0, 1))
    given = np.arange(400) % 2 == 0
    counts = np.bincount(one.consignments.flight, minlength=400)
    assert np.all(one.flights.ordered_s[given] == 1000) and np.all(counts[given] == 3)
    assert np.all(one.flights.priority[given] == PRIORITY_KEYS.index("medical"))
    notice_s = (one.flights.planned_departure_s - one.flights.ordered_s)[~given]
    assert np.array_equal(np.unique(notice_s), [4 * 86400]), "the notice of the setting is fixed"
    assert len(set(one.flights.operator.tolist())) > 15 and abs(counts[~given].mean() - 7) < 4.4 * np.sqrt(6 / 200)
    assert len(set(one.flights.priority[~given].tolist())) == 3
    assert not np.array_equal(one.flights.operator, other.flights.operator)
    assert np.array_equal(one.flights.planned_departure_s, other.flights.planned_departure_s)


def test_an_open_stage_cell_is_what_the_model_draws() -> None:
    columns = "route,from_side,planned_departure,load:service_s,fact:red_origin"
    rows = [f"{ROUTE},{side},{40000 + 300 * k}" for k, side in enumerate(("hong_kong", "mainland") * 10)]
    plain = prepare(with_schedule(rows_of(*rows)), 1, 0)
    traced = [f"{row},{'' if k % 2 else 77.25},{'' if k % 2 else 1}" for k, row in enumerate(rows)]
    other = prepare(with_schedule(rows_of(*traced, columns=columns)), 1, 0)
    load = plain.plan.stage_number("load")
    drawn = plain.plan.service_s[:, load]
    assert np.array_equal(other.plan.service_s[:, load], np.where(np.arange(20) % 2, drawn, 77.25))
    assert np.array_equal(other.facts[RED["origin"]], np.where(np.arange(20) % 2, plain.facts[RED["origin"]], True))
    opened = other.plan.visits[:, other.plan.stage_number("present_origin")]
    assert np.all(opened[::2]), "a flight that the trace sends to red is examined"


def test_an_open_instant_is_that_of_the_order() -> None:
    """Where a feature sets no earliest instant of its own."""
    columns = "route,from_side,planned_departure,ordered,order:not_before_s"
    rows = [f"{ROUTE},mainland,40000,1234.5,", f"{ROUTE},mainland,40000,1234.5,2000"]
    plan = prepare(with_schedule(rows_of(*rows, columns=columns)), 1, 0).plan
    assert plan.not_before_s[:, plan.stage_number("order")].tolist() == [1234.5, 2000]


def test_a_traced_visit_takes_a_server() -> None:
    """The stage is gone through as if the model had chosen it, with its pool."""
    columns = (
        "route,from_side,planned_departure,fact:amber_destination,documents_destination:visits,documents_destination:service_s"
    )
    rows = [f"{ROUTE},mainland,{40000 + k},0,1,600" for k in range(5)]
    observation = run(with_schedule(rows_of(*rows, columns=columns)))
    number = observation.plan.stage_number("documents_destination")
    starts = np.sort(observation.timeline.start_s[:, number])
    assert np.all(observation.plan.pool[:, number] >= 0)
    assert np.all(np.diff(starts) >= 600)


# ------------------------------------------------------------------------------ a run, written out and read back

QUANTITIES = ("visits", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s")
SAMPLED: tuple[dict[str, Any], ...] = (
    {**ONE_DAY, "world.demand.notice": "40 h"},
    {
        **ONE_DAY,
        "policy.pre_clearance.decision": "before_departure",
        "policy.pre_clearance.late_rule": "inspect_on_arrival",
        "policy.inspection.regime": "one_stop",
        "policy.opening.officers": 1,
        "policy.data_interface.fallback": "paper",
        "policy.data_interface.batch_period": "1 h",
        "policy.vertiports.stands": 1,
        "policy.vertiports.pads": 1,
        "world.compliance.prevalence": "10%",
    },
)


def trace_of(prepared: Prepared, made: Scenario) -> str:
    """A schedule with every cell of a replication: what was asked for, decided and drawn."""
    flights, plan = prepared.flights, prepared.plan
    counts = np.bincount(prepared.consignments.flight, minlength=len(flights))
    origin, day_1_s = flights.side("origin"), made.study.run_days.day_1_s
    columns: dict[str, list[str]] = {
        "route": [flights.routes[number].key for number in flights.route],
        "from_side": [SIDE_KEYS[side] for side in origin],
        "priority": [PRIORITY_KEYS[number] for number in flights.priority],
        "consignments": [str(count) for count in counts],
        "aeo": [str(int(member)) for member in flights.aeo],
        "operator": [str(number) for number in flights.operator],
        "max_shift_s": numbers(flights.max_shift_s),
        "planned_departure": numbers(flights.planned_departure_s - day_1_s),
        "ordered": numbers(flights.ordered_s - day_1_s),
    }
    for feature in made.assembly.features:
        for fact in feature.writes:
            if fact.per == "flight":
                columns[f"fact:{fact.name}"] = numbers(prepared.facts[fact] - (day_1_s if fact.is_instant else 0))
    for number, step in enumerate(plan.steps):
        for quantity in QUANTITIES:
            since_s = day_1_s if quantity in INSTANTS else 0
            columns[f"{step.stage.key}:{quantity}"] = numbers(getattr(plan, quantity)[:, number] - since_s)
    return rows_of(*(",".join(row) for row in zip(*columns.values(), strict=True)), columns=",".join(columns))


def numbers(column: np.ndarray) -> list[str]:
    return [repr(float(value)) for value in column]


@pytest.mark.parametrize("setting", SAMPLED, ids=["baseline", "one_stop"])
def test_a_run_written_out_and_read_back_is_the_same_run(setting: dict[str, Any]) -> None:
    made = scenario(setting)
    sampled = run(made, seed=3, replication=2)
    traced = run(with_schedule(trace_of(prepare(made, 3, 2), made), setting), seed=3, replication=2)
    assert len(sampled.flights) > 60 and equal(sampled.timeline, traced.timeline)
    assert same(sampled.flights, traced.flights) and plan_digest(sampled.plan) == plan_digest(traced.plan)


def test_a_changed_cell_changes_the_run() -> None:
    """The comparison above can fail."""
    made = scenario(SAMPLED[0])
    text = trace_of(prepare(made, 3, 2), made)
    header, first, *rest = text.splitlines()
    cells = first.split(",")
    cells[header.split(",").index("load:service_s")] = "1234.5"
    changed = run(with_schedule("\n".join([header, ",".join(cells), *rest]), SAMPLED[0]), seed=3, replication=2)
    assert not equal(run(made, seed=3, replication=2).timeline, changed.timeline)


def equal(one: Timeline, other: Timeline) -> bool:
    names = ("queued_s", "start_s", "end_s", "outcome", "ended_s")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in names)


# ----------------------------------------------------------------------------------------------- the page

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "schedules-and-traces.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_run_as_they_stand() -> None:
    tables = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert len(tables) == 2
    for table in tables:
        assert len(run(with_schedule(table, ONE_DAY)).flights) == 3


def test_the_page_names_every_column() -> None:
    facts = {fact.name for feature in scenario(ONE_DAY).assembly.features for fact in feature.writes if fact.per == "flight"}
    assert set(re.findall(r"`fact:(\w+)`", PAGE)) == facts
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {*REQUIRED, *OPTIONAL, *QUANTITIES}


# -------------------------------------------------------------------------------------------------- faults

GOOD = f"{ROUTE},mainland,40000"


@pytest.mark.parametrize(
    ("columns", "row", "told"),
    [
        ("load:servise_s", f"{GOOD},5", ["load:servise_s", "unknown column"]),
        ("lode:service_s", f"{GOOD},5", ["lode:service_s", "unknown column"]),
        ("fact:red_orign", f"{GOOD},1", ["fact:red_orign", "unknown column"]),
        ("fact:illicit", f"{GOOD},1", ["fact:illicit", "unknown column"]),
        ("load:service_s", f"{GOOD},soon", ["row 2", "load:service_s", "soon", "a number"]),
        ("load:service_s", f"{GOOD},nan", ["row 2", "load:service_s", "nan"]),
        ("load:service_s", f"{GOOD},-1", ["row 2", "load:service_s", "-1", "0 or more"]),
        ("load:service_s", f"{GOOD},inf", ["row 2", "load:service_s", "inf"]),
        ("slot:cooldown_s", f"{GOOD},-0.5", ["row 2", "slot:cooldown_s", "-0.5"]),
        ("slot:patience_s", f"{GOOD},-2", ["row 2", "slot:patience_s", "-2"]),
        ("slot:not_before_s", f"{GOOD},inf", ["row 2", "slot:not_before_s", "inf"]),
        ("slot:deadline_s", f"{GOOD},-inf", ["row 2", "slot:deadline_s", "-inf"]),
        ("load:visits", f"{GOOD},2", ["row 2", "load:visits", "2", "0 or 1"]),
        ("fact:red_origin", f"{GOOD},0.5", ["row 2", "fact:red_origin", "0.5", "0 or 1"]),
        ("fact:customs_priority", f"{GOOD},0.5", ["row 2", "fact:customs_priority", "a whole number"]),
        ("ordered", f"{GOOD},40001", ["row 2", "ordered", "40001"]),
        ("max_shift_s", f"{GOOD},-1", ["row 2", "max_shift_s", "-1"]),
        ("operator", f"{GOOD},24", ["row 2", "operator", "0 to 23"]),
        ("aeo", f"{GOOD},2", ["row 2", "aeo", "0 or 1"]),
        ("consignments", f"{GOOD},0", ["row 2", "consignments", "at least 1"]),
        ("consignments", f"{GOOD},2.5", ["row 2", "consignments", "2.5"]),
        ("priority", f"{GOOD},urgent", ["row 2", "priority", "urgent", "medical"]),
        ("aeo", f"{ROUTE},macao,40000,1", ["row 2", "from_side", "macao", "mainland or hong_kong"]),
        ("aeo", "hetao,mainland,40000,1", ["row 2", "route", "hetao", ROUTE]),
        ("aeo", f"{ROUTE},mainland,,1", ["row 2", "planned_departure", "nothing"]),
        ("aeo", f"{ROUTE},mainland,inf,1", ["row 2", "planned_departure", "inf"]),
        ("aeo", f"{ROUTE},mainland,39998,1", ["row 2", "planned_departure", "not before the row above"]),
        ("arrival_s", f"{GOOD},1", ["arrival_s", "not known"]),
    ],
)  # fmt: skip
def test_a_fault_names_its_row_and_column(columns: str, row: str, told: list[str]) -> None:
    text = rows_of(f"{ROUTE},hong_kong,39999,", row, columns=f"route,from_side,planned_departure,{columns}")
    with pytest.raises(InputError) as error:
        prepare(with_schedule(text), 1, 0)
    assert all(part in str(error.value) for part in told), str(error.value)


def test_all_faults_of_a_column_are_told_at_once() -> None:
    text = rows_of(f"{GOOD},-1", f"{GOOD},x", f"{GOOD},-3", columns="route,from_side,planned_departure,load:service_s")
    with pytest.raises(InputError) as error:
        prepare(with_schedule(text), 1, 0)
    assert len(error.value.problems) == 3


def test_a_fully_given_flight_is_the_same_whatever_the_seed() -> None:
    """What the example gives does not move with the seed; what it leaves open does."""
    one, other = (run(with_schedule(EXAMPLE.read_text(encoding="utf-8")), seed=seed) for seed in (1, 2))
    for queue in QUEUES:
        number = one.plan.stage_number(queue.stage)
        assert np.array_equal(one.timeline.start_s[:, number], other.timeline.start_s[:, number], equal_nan=True)
    load = one.plan.stage_number("load")
    assert not np.array_equal(one.timeline.end_s[:, load], other.timeline.end_s[:, load])
