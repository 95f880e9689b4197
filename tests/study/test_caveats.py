"""What the reader of a study is told, from made-up results."""

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.execution.replicate import ReplicationResult
from sim.ground.text import LANGUAGES, Text
from sim.model.metric import Metric
from sim.study.caveats import caveats, paired_by_flight
from sim.study.design import Design
from sim.study.replication_values import Values

N = 12
MISSED = Metric(
    key="missed",
    label=Text("missed", "漏檢", "漏检"),
    unit="1",
    better="lower",
    topic="control",
    formula="made up",
    compute=lambda _: math.nan,
    rare=True,
    headline=True,
)
DELAY = Metric(
    key="delay",
    label=Text("delay", "延誤", "延误"),
    unit="s",
    better="lower",
    topic="delay",
    formula="made up",
    compute=lambda _: math.nan,
)
IN_TIME = {"policy.flight_authorisation.mode": "standing", "policy.pre_clearance.lead": "0 s"}  # no order comes too late
METRICS = {"missed": MISSED, "delay": DELAY}


@pytest.fixture
def design(scenarios: list[Path]) -> Design:
    in_weather = {**IN_TIME, "world.weather.mode": "sampled"}  # without any, that alone would be told
    return Design(
        tuple(sim.apply(sim.load_scenario(path), in_weather) for path in scenarios), seed=1, replications=N, confidence=0.95
    )


def result(
    scenario: str, replication: int, key: str = "same", in_system: int = 0, gridlock: tuple[int, ...] = ()
) -> ReplicationResult:
    return ReplicationResult(scenario, replication, {}, key, 10, 8, in_system, (gridlock,) if gridlock else ())


def said(design: Design, results: list[ReplicationResult] | None = None, values: Values | None = None) -> list[str]:
    quiet = [result(name, replication) for name in design.names for replication in range(design.replications)]
    return [text.en for text in caveats(design, results or quiet, values or {}, METRICS)]


def test_nothing_to_tell(design: Design) -> None:
    assert said(design) == []


def test_fair_weather_is_told_once_for_all_scenarios(scenarios: list[Path]) -> None:
    (sentence,) = said(Design(tuple(sim.apply(sim.load_scenario(path), IN_TIME) for path in scenarios), 1, N, 0.95))
    assert sentence.startswith("Scenario “Base”, “Dense”: Fair weather only.")


def test_few_replications(design: Design) -> None:
    few = Design(design.scenarios, 1, 9, 0.95)
    assert said(few)[0].startswith("9 replications are few")
    assert said(Design(design.scenarios, 1, 1, 0.95))[0].startswith("One replication")


def test_other_flights_in_one_replication_unpair_the_scenario(design: Design) -> None:
    results = [result("base", 0), result("base", 1), result("dense", 0), result("dense", 1, key="other")]
    assert paired_by_flight(design, results) == {"base": True, "dense": False}
    assert any("“Dense” has other flights" in sentence for sentence in said(design, results))


def test_gridlock_is_told_with_its_members(design: Design) -> None:
    results = [result("base", 0), result("dense", 0, gridlock=tuple(range(40, 60)))]
    (sentence,) = said(design, results)
    assert "scenario “Dense”, replication 0: flights 40, 41, 42, 43, 44, 45, 46, 47 … hold" in sentence


def test_flights_in_system_are_counted_over_replications(design: Design) -> None:
    results = [result("base", 0, in_system=2), result("base", 1, in_system=1), result("dense", 0), result("dense", 1)]
    (sentence,) = said(design, results)
    assert sentence.startswith("Scenario “Base”: 3 of 16 measured flights")


def test_rare_events_are_told_with_their_exact_bound(design: Design) -> None:
    # none in 12 replications: 2.996 / 12 = 0.25; the delay is not rare, and 6 events are not few
    columns = {"base": np.zeros(N), "dense": np.repeat([1.0, 0.0], N // 2)}
    (sentence,) = said(design, values={("missed", ""): columns, ("delay", ""): columns})
    assert "scenario “Base”: 0 in 12 replications" in sentence
    assert "at most 0.25 a replication" in sentence


def test_rare_events_are_told_once_for_scenarios_alike_and_not_by_part(design: Design) -> None:
    columns = {"base": np.zeros(N), "dense": np.zeros(N)}
    (sentence,) = said(design, values={("missed", ""): columns, ("missed", "mainland"): columns})
    assert "scenario “Base”, “Dense”" in sentence
    (sentence,) = said(design, values={("missed", "mainland"): columns})
    assert sentence.startswith("Missed (mainland)")


def test_every_language_tells_the_same_numbers(design: Design) -> None:
    results = [result("base", 0, in_system=2, gridlock=(1, 2)), result("dense", 0, key="other")]
    texts = caveats(design, results, {("missed", ""): {"base": np.zeros(N)}}, METRICS)
    assert len(texts) == 4
    for text in texts:
        numbers = [sorted(filter(str.isdigit, text.in_language(language))) for language in LANGUAGES]
        assert numbers[0] == numbers[1] == numbers[2]


def test_orders_too_far_ahead_are_told(design: Design) -> None:
    def told_with(notice: object) -> list[str]:
        changed = sim.apply(design.scenarios[0], {"world.demand.notice": notice})
        return said(Design((changed,), seed=1, replications=N, confidence=0.95))

    (sentence,) = told_with({"lognormal": {"mean": "20 d", "cv": 0.6}})
    assert "comes 95.2 d or more before its flight" in sentence and "60 d after the horizon" in sentence
    assert told_with("30 d") == []
