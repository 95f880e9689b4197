"""Errors of scenarios that are provoked on purpose are told in three languages, and what is typed stays as it is."""

from pathlib import Path
from typing import Any

import pytest

from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.scenario.load import apply, load_scenario
from sim.scenario.parameters import catalogue
from tests.scenario.error_words import fault_of, faults_of
from tests.scenario.test_slips import CASES

WRONG: list[Any] = [
    "x", [1], {"a": 1}, -1e12, True, 1e15, None, "-5", "60", [["x"]], [], {}, "1 w", "60 km", "6０ min", "1,000/d", "1e999 s",
    {"lognormal": {"mean": "5 min"}}, {"lognormal": {"mean": "5 min", "cv": 99}}, {"uniform": {"low": "5 min", "high": "1 min"}},
    {"hong_kong": "x"}, {"HK": 1}, {"07:00": 3, "mon": 2}, {"mon": 1}, "25:00", "2026-13-01", "day 5 30:00", "104 h",
    {"file": "no-such-file.csv"}, {"csv": "route,from_side\nx,y"}, {"csv": ""}, [["day 5 08:00", "day 4 08:00"]], "yes",
]  # fmt: skip


def refusal(changes: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as refused:
        apply(load_scenario(Path("scenarios/baseline.yaml")), changes)
    return refused.value.problems


@pytest.mark.parametrize("value", WRONG, ids=str)
def test_a_wrong_value_of_any_parameter_is_told_in_three_languages(value: Any) -> None:
    problems = refusal(dict.fromkeys(catalogue(), value))
    assert problems
    assert faults_of(problems, str(value)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"policy.corridor.nothing": 1},
        {"policy.corridor": 5},
        {"nothing": 1},
        {"policy.corridor.routes": ["no_such_route", "wenjindu_sheung_shui", "wenjindu_sheung_shui"]},
        {"policy.corridor.own_routes": {"mine": {"start": "nowhere", "end": "sheung_shui"}}},
        {"policy.corridor.own_routes": {"mine": {"start": "lo_wu", "end": "sheung_shui"}}},
        {
            "policy.corridor.own_routes": {
                "mine": {"start": {"lon": 22.5, "lat": 114.1, "side": "mainland"}, "end": "sheung_shui"}
            }
        },
        {"policy.corridor.own_routes": {"mine": {"start": {"lon": 114.1, "lat": 22.6, "side": "HK"}, "end": "sheung_shui"}}},
        {"policy.corridor.closed_areas": {"a": {"outline": [[114.0, 22.4], [114.2, 22.6], [114.2, 22.4], [114.0, 22.6]]}}},
        {"policy.corridor.closed_areas": {"a": {"outline": [[114.0, 22.4], [114.2, 22.4], [114.2, 22.7], [114.0, 22.7]]}}},
        {"policy.corridor.closures": [["day 5 08:00", "day 4 08:00"]]},
        {"policy.corridor.closures": [{"daily": ["08:00", "08:00"]}]},
        {"policy.inspection.sequence": ["xray", "xray", "open"]},
        {"world.data_interface.outage_events": [["day 5 08:00", "day 4 08:00"]]},
        {"world.weather.events": [{"kind": "wind", "start": "day 5 08:00", "end": "day 4 08:00"}]},
        {"world.road.times": {"no_such_route": "1 h"}},
        {"world.demand.flights_on_route": {"no_such_route": "4/d"}},
        {"world.demand.aircraft": "no_such_aircraft"},
        {"world.demand.goods_mix": {"parcel": "40%"}},
        {"world.demand.hourly_profile": [0] * 24},
        {"policy.risk_screening.random_share": "99%"},
    ],
    ids=str,
)
def test_what_checks_forbid_is_told_in_three_languages(changes: dict[str, Any]) -> None:
    assert faults_of(refusal(changes), f"{changes} nothing") == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_slips_are_told_in_three_languages(case: tuple[str, int, int, str, str, str]) -> None:
    assert fault_of(Text(*case[3:]), f"{case[0]} mine yaml yml") == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (Text("a number is needed", "須填數字", "须填数字"), ""),
        (Text("headway is needed", "須填 headway", "须填 headway"), ""),
        (Text("a number is needed", "須填 number", "须填 number"), "no word that is typed"),
        (Text("a number is needed", "", "须填数字"), "a language lacks"),
        (Text("a number is needed", "——", "——"), "not translated"),
        (Text("at least 3", "不少於 3", "不少于 4"), "other numbers"),
        (Text.same("wenjindu_sheung_shui"), ""),
    ],
)
def test_a_fault_is_noticed(text: Text, fault: str) -> None:
    assert fault_of(text).startswith(fault) and bool(fault_of(text)) == bool(fault)
