"""Kinds of wrong numbers that were reported of neighbouring tools, each with inputs whose right value is known.

Whole counts of converted lengths, 24:00 beside 00:00, instants before the calendars begin, batches of a day, halves, bounds
that are met exactly, whole numbers beside their bounds.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.execution.replicate import Task, observe
from sim.ground.errors import InputError
from sim.ground.law import parse_law
from sim.ground.roster import parse_roster
from sim.ground.time_units import DAY_S
from sim.ground.tolerance import at_most, beyond, nearest_whole, wholes_around, wholes_within
from sim.ground.units import parse_quantity
from sim.metrics import all_metrics, measure
from sim.model.calendar import Calendar, next_opening
from sim.model.observation import Observation
from sim.policies import FEATURES
from sim.policies.corridor import CorridorPolicy, levels
from sim.replication import prepare
from sim.study.caveats import caveats_of_scenario

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
ROUTE = "wenjindu_sheung_shui"
PLAIN: dict[str, Any] = {  # nothing is random but what a schedule leaves open, and nothing is short
    "policy.flight_authorisation.mode": "standing",
    "policy.flight_authorisation.officers": 50,
    "policy.flight_authorisation.confirmation": False,
    "policy.flight_authorisation.return_confirmation": False,
    "policy.data_interface.mode": "api",
    "policy.data_interface.opens": "00:00",
    "policy.data_interface.closes": "24:00",
    "policy.vertiports.pads": 40,
    "policy.vertiports.fleet": 40,
    "policy.vertiports.returns": False,
    "policy.corridor.headway": "10 min",
    "world.data_interface.entry_time": "1 min",
    "world.data_interface.reject_share": "0%",
    "world.data_interface.outage_interval": "3650 d",
    "world.pre_clearance.late_share": "0%",
    "world.vertiports.load_time": "5 min",
    "world.vertiports.unload_time": "3 min",
    "world.vertiports.swap_time": "5 min",
    "world.vertiports.turnaround_time": "5 min",
    "world.risk_screening.faulty_share": "0%",
    "world.corridor.speed_variation": "0%",
    "study.warm_up": "0 s",
    "study.days": 1,
    "study.cool_down": "1 d",
    "study.replications": 1,
}


def observed(csv: str | None, replications: int = 0, **settings: Any) -> Observation:
    """One replication of the plain world with these flights and settings ("__" stands for a dot)."""
    changes = {**PLAIN, **{key.replace("__", "."): value for key, value in settings.items()}}
    if csv is not None:
        changes["world.demand.schedule"] = {"csv": csv}
    scenario = sim.apply(sim.load_scenario(BASELINE), changes)
    return observe(Task(scenario, 1, replications), prepare(scenario, 1, replications))


def numbers(observation: Observation, key: str) -> dict[str, float]:
    """A measure of the observation by part."""
    return {part: value for metric, part, value in measure(observation, all_metrics(FEATURES)) if metric == key}


def together(n: int) -> str:
    """n general flights that are all ready for their slot at the same instant."""
    facts = ",".join(f"fact:{name}" for name in ("red_origin", "amber_origin", "red_destination", "amber_destination"))
    head = f"route,from_side,planned_departure,ordered,max_shift_s,operator,aeo,priority,consignments,{facts}"
    return "\n".join([head, *(f"{ROUTE},mainland,36000,-100000,0,{i},0,general,1,0,0,0,0" for i in range(n))])


@pytest.mark.parametrize(
    ("floor", "ceiling", "separation", "right"),
    [
        ("0 ft", "300 ft", "100 ft", 4),
        ("0 m", "300 m", "100 m", 4),
        ("0 ft", "150 ft", "50 ft", 4),
        ("0 ft", "600 ft", "200 ft", 4),
        ("0 ft", "299 ft", "100 ft", 3),
        ("100 ft", "100 ft", "50 ft", 1),
        ("0.1 km", "0.4 km", "0.1 km", 4),
    ],
)
def test_levels_are_counted_whole(floor: str, ceiling: str, separation: str, right: int) -> None:
    policy = CorridorPolicy(floor=floor, ceiling=ceiling, vertical_separation=separation)
    assert levels(policy) == right


def test_all_levels_of_every_band_in_feet() -> None:
    """Every band in steps of 50 ft up to 1,000 ft, with six separations: the count is that of whole feet."""
    steps = range(0, 1001, 50)
    for separation in (50, 100, 150, 200, 250, 500):
        size = parse_quantity(f"{separation} ft", "length")
        for low in steps:
            for high in (high for high in steps if high > low):
                length = parse_quantity(f"{high} ft", "length") - parse_quantity(f"{low} ft", "length")
                assert wholes_within(length, size) == (high - low) // separation, (low, high, separation)
                assert wholes_around(length, size) == -(-(high - low) // separation), (low, high, separation)


def test_four_levels_let_four_flights_go_at_once() -> None:
    band = {
        "policy__corridor__floor": "0 ft",
        "policy__corridor__ceiling": "300 ft",
        "policy__corridor__vertical_separation": "100 ft",
        "world__demand__operators": 4,
    }
    waits = numbers(observed(together(4), **band), "wait_mean")
    assert waits[f"slots.{ROUTE}.from_wenjindu"] == 0.0


@pytest.mark.parametrize("midnight", ["00:00", "24:00"])
def test_midnight_has_two_names_in_a_roster(midnight: str) -> None:
    officers = {"hong_kong": {"07:00": 3, midnight: 1}, "mainland": {"00:00": 2, "08:00": 6}, "macao": 2}
    plan = observed(
        together(1),
        policy__flight_authorisation__mode="noon_day_before",
        policy__flight_authorisation__agencies="single_desk",
        policy__flight_authorisation__officers=officers,
    ).plan
    (desk,) = (pool for pool in plan.pools if pool.place == "single_desk")
    assert [desk.calendar.at(hour * 3600.0) for hour in (0, 6.99, 7, 8, 23.99, 24, 31)] == [3, 3, 5, 9, 9, 3, 5]


def test_midnight_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="each clock time once"):
        parse_roster({"00:00": 1, "24:00": 2})


@pytest.mark.parametrize(
    ("opens_s", "closes_s", "open_at", "shut_at"),
    [
        (DAY_S, 7 * 3600.0, [0.0, 3600.0, DAY_S], [7 * 3600.0, 20 * 3600.0]),  # from 24:00 to 07:00
        (0.0, 7 * 3600.0, [0.0, 3600.0, DAY_S], [7 * 3600.0, 20 * 3600.0]),
        (7 * 3600.0, DAY_S, [7 * 3600.0, DAY_S - 1], [0.0, DAY_S]),
        (DAY_S, DAY_S, [0.0, 1e5], []),
        (0.0, DAY_S, [0.0, 1e5], []),
    ],
)
def test_midnight_has_two_names_in_a_window(opens_s: float, closes_s: float, open_at: list[float], shut_at: list[float]) -> None:
    calendar = Calendar.daily(1, opens_s, closes_s, 2 * DAY_S)
    assert {calendar.at(instant) for instant in open_at} == {1}
    assert {calendar.at(instant) for instant in shut_at} <= {0}
    assert (next_opening(np.array(open_at), opens_s, closes_s) == 0).all()
    assert (next_opening(np.array(shut_at), opens_s, closes_s) > 0).all()


@pytest.mark.parametrize("days", [1, 119, 121, 150, 400, 3000])
def test_a_desk_is_open_however_early_the_order(days: int) -> None:
    csv = f"route,from_side,planned_departure,ordered\n{ROUTE},mainland,36000,{-days * 86400}"
    observation = observed(csv, policy__flight_authorisation__mode="noon_day_before")
    waits = numbers(observation, "wait_mean")
    assert {value for part, value in waits.items() if part.startswith("authorisation_officers")} == {0.0}


def test_an_order_of_another_century_is_refused() -> None:
    csv = f"route,from_side,planned_departure,ordered\n{ROUTE},mainland,36000,-1e300"
    with pytest.raises(InputError, match=r"row 1 of the schedule, column ordered[\s\S]*ten years"):
        observed(csv)


@pytest.mark.parametrize("warm_up_days", [0, 1, 2])
def test_the_batches_of_a_day_count_from_its_opening(warm_up_days: int) -> None:
    """Messages ready at 06:01 on three days leave with the first batch of each, at 07:00, and so whatever the warm-up."""
    rows = [f"{ROUTE},mainland,{day * 86400 + 36000},0,{day * 86400 + 6 * 3600}" for day in range(3)]
    head = "route,from_side,planned_departure,fact:preparation_s,enter_origin:not_before_s"
    observation = observed(
        "\n".join([head, *rows]),
        policy__data_interface__mode="batch",
        policy__data_interface__opens="07:00",
        policy__data_interface__closes="23:00",
        policy__data_interface__batch_period="50 min",
        policy__pre_clearance__lead="5 h",
        study__days=3,
        study__warm_up=f"{warm_up_days} d",
    )
    stage = observation.plan.stage_number("message_1_origin")
    assert stage is not None
    assert observation.timeline.start_s[:, stage].tolist() == [(warm_up_days + day) * 86400 + 7 * 3600 for day in range(3)]


@pytest.mark.parametrize(("share", "right"), [(0.05, 1), (0.15, 2), (0.25, 3), (0.35, 4), (0.45, 5), (0.449, 4), (0, 0), (1, 10)])
def test_halves_go_up(share: float, right: int) -> None:
    assert nearest_whole(share, 10) == right
    settings = {"world__demand__operators": 10, "policy__pre_clearance__aeo_share": f"{100 * share:g}%"}
    flights = observed(None, **settings, world__demand__flights_per_day="100/d").flights
    assert len(np.unique(flights.operator[flights.aeo])) == right


@pytest.mark.parametrize(
    ("operators", "share", "sentence"),
    [
        (10, "25%", "25% of 10 operators is no whole number; 3 are in the AEO programme, 30%"),
        (7, "50%", "50% of 7 operators is no whole number; 4 are in the AEO programme, 57.1%"),
        (10, "30%", ""),
        (24, "20%", ""),  # 5 of 24 are 20.8%: near enough
    ],
)
def test_the_share_that_a_rounded_number_comes_to_is_told(operators: int, share: str, sentence: str) -> None:
    changes = {"world.demand.operators": operators, "policy.pre_clearance.aeo_share": share}
    sentences = [caveat.en for caveat in caveats_of_scenario(sim.apply(sim.load_scenario(BASELINE), changes))]
    assert [sentence in text for text in sentences] == ([True] if sentence else [])


def test_a_bound_that_is_met_exactly_is_met() -> None:
    planned_s = 36000.0 + np.arange(60) * 0.1
    released_s = planned_s + 291.07 + 608.93  # 900 s later, in other digits
    assert at_most(released_s - planned_s, 900.0).all()
    assert not beyond(released_s - planned_s, 900.0).any()
    assert beyond([900.001, np.inf, np.nan], 900.0).tolist() == [True, True, False]
    assert at_most([900.001, np.inf, np.nan], 900.0).tolist() == [False, False, False]


@pytest.mark.parametrize("seed", [2**63, 10**49])
def test_whole_numbers_are_compared_as_whole_numbers(seed: int) -> None:
    with pytest.raises(InputError, match="9223372036854775807"):
        sim.apply(sim.load_scenario(BASELINE), {"study.seed": seed})
    assert sim.apply(sim.load_scenario(BASELINE), {"study.seed": 2**63 - 1}).study.seed == 2**63 - 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"412,5\n388,25\n", r"values\.csv:1: one value a line is needed, with a decimal point; '412,5' reads as 2 values"),
        (b"1,412\n2,388\n", r"values\.csv:1: one value a line"),
        (b"412.5\n388.25,x\n", r"values\.csv:2: one value a line"),
        (b"412;5\n", r"values\.csv:1: "),
        (b"412.5\n0:12:30\n", r"values\.csv:2: .*unknown unit"),
        (b"412.5\n\nN/A\n", r"values\.csv:3: "),
        (b"412.5\n-5\n", r"values\.csv:2: the value must not be negative"),
        (b"1_000\n", r"values\.csv:1: "),
        (b'412.5\n"388\n400\n', r"values\.csv:2: a quotation mark is opened and not closed"),
        ("412.5\n".encode("utf-16"), "UTF-16; save it as UTF-8"),
        ("412.5\n秒\n".encode("gbk"), r"values\.csv:2: not in UTF-8, perhaps GBK or Big5; save it as UTF-8"),
        (b"7" * 200_000 + b"\n", r"values\.csv:1: a cell is longer than 128 KiB"),
        (b"7\n" + b"7" * 200_000, r"values\.csv:2: a cell is longer than 128 KiB"),
        (b"\n \n", "holds no values"),
    ],
)
def test_a_file_of_values_that_is_no_such_file_is_refused_with_its_line(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_bytes(content)

    class Name(str):
        folder = tmp_path

    with pytest.raises(ValueError, match=message):
        parse_law({"empirical": {"file": Name("values.csv")}}, "time")


@pytest.mark.parametrize(
    ("content", "values"),
    [(b"412.5\r388.25\r", [412.5, 388.25]), (b"412.5,\r\n2 min\r\n", [412.5, 120.0]), (b'"412.5"\n', [412.5]), (b"1e2", [100.0])],
)
def test_a_file_of_values_is_read_whatever_ends_its_lines(content: bytes, values: list[float], tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_bytes(content)

    class Name(str):
        folder = tmp_path

    law = parse_law({"empirical": {"file": Name("values.csv")}}, "time")
    assert law.as_written() == parse_law({"empirical": {"values": [f"{value} s" for value in values]}}, "time").as_written()
