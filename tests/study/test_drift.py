"""Days that are not alike are told, with the setting that would help; alike days seldom are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.execution.replicate import ReplicationResult, Task, observe
from sim.ground.text import LANGUAGES, Text
from sim.metrics.thirds import FlightCounts, thirds
from sim.replication import prepare
from sim.scenario.scenario import Scenario
from sim.study.design import Design
from sim.study.drift import cautions_of_drift, cautions_of_points
from sim.study.shown_names import shown_names
from tests.metrics.hand_made import At
from tests.metrics.hand_made import observe as observe_by_hand
from tests.shipped import FOLDER, shipped

DAY_S = 86400.0
BUSY = ("world.demand.flights_per_day=85/d", "study.days=3")
DAY_BEFORE = (
    "policy.flight_authorisation.mode=noon_day_before", "policy.flight_authorisation.officers=2",
    "policy.port_hours.opens=00:00", "policy.port_hours.closes=00:00", "policy.vertiports.reservation=false",
)  # fmt: skip
"""Each flight is applied for the day before, and ports do not close: no night empties the system, and orders wait for days."""


def design(*scenarios: Scenario) -> Design:
    return Design(scenarios, seed=1, replications=1, confidence=0.95)


def result(name: str, *counts: tuple[int, int, int, int]) -> ReplicationResult:
    return ReplicationResult(name, 0, {}, "", 0, 0, 0, (), thirds=tuple(FlightCounts(*count) for count in counts))


def texts_of(scenarios: Sequence[Scenario], results: Sequence[ReplicationResult]) -> list[Text]:
    return list(cautions_of_drift(design(*scenarios), results))


def simulated(made: Scenario, count: int, seed: int = 1) -> list[ReplicationResult]:
    observations = (observe(Task(made, seed, number), prepare(made, seed, number)) for number in range(count))
    return [ReplicationResult(made.name, 0, {}, "", 0, 0, 0, (), thirds=thirds(observation)) for observation in observations]


def of_binomials(name: str, first: float, last: float, count: int, rng: np.random.Generator) -> list[ReplicationResult]:
    """Replications of 80 flights in either third, released and on time with these probabilities."""
    drawn = rng.binomial(80, [[first, last]] * count)
    return [result(name, *((80, int(k), int(k), 0) for k in pair)) for pair in drawn]


# ------------------------------------------------------------------------------------------- what is counted


def test_flights_are_counted_in_the_third_in_which_they_are_planned() -> None:
    planned_s = np.array([0.1, 0.9, 1.5, 2.1, 2.9, 3.1, -0.1]) * DAY_S
    released_s = (planned_s + np.array([600, 1200, 0, np.nan, 600, 0, 0])).tolist()
    observation = observe_by_hand(
        At("release", [(at, at, at) for at in released_s]),
        ordered_s=planned_s - DAY_S,
        planned_departure_s=planned_s,
        planned_release_s=planned_s,
        ended_s=released_s,
        window=(0.0, 3 * DAY_S),
    )
    assert thirds(observation) == (FlightCounts(2, 2, 1, 0), FlightCounts(2, 1, 1, 1))


@pytest.mark.parametrize(("days", "length"), [(2, 1), (3, 1), (5, 1), (6, 2), (10, 3)])
def test_the_parts_are_whole_days(days: int, length: int) -> None:
    planned_s = (np.arange(days) + 0.5) * DAY_S
    observation = observe_by_hand(ordered_s=planned_s, planned_departure_s=planned_s, window=(0.0, days * DAY_S))
    assert [counts.planned for counts in thirds(observation)] == [length, length]


def test_one_day_has_no_parts() -> None:
    assert thirds(observe_by_hand(window=(0.0, DAY_S))) == ()


# ------------------------------------------------------------------------------------------- what is told


@pytest.mark.takes(10)
def test_an_empty_start_that_is_measured_is_told_with_its_size_and_the_setting() -> None:
    made = shipped("growth-6x", *BUSY, *DAY_BEFORE, "study.warm_up=1 h")
    (text,) = texts_of([made], simulated(made, 20))
    assert text.en.startswith(
        "Scenario “Demand times six (50 flights a day each way)”: the measured days are not alike: on time "
    )
    assert "% in the first 1 d, " in text.en and "% in the last 1 d (-" in text.en and "study.warm_up would help" in text.en
    for language in LANGUAGES:
        shown_as = shown_names([made], language)["growth-6x"]
        assert "study.warm_up" in text.in_language(language) and shown_as in text.in_language(language)


@pytest.mark.takes(10)
def test_a_cool_down_too_short_is_told_as_such() -> None:
    made = shipped("growth-6x", "study.days=3", *DAY_BEFORE, "study.cool_down=6 h")
    (text,) = texts_of([made], simulated(made, 20))
    assert "released " in text.en and text.en.endswith("a longer study.cool_down would help.")
    long = shipped("growth-6x", "study.days=3", *DAY_BEFORE)
    assert texts_of([long], simulated(long, 20)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"study.warm_up": "0 s"},
        {"study.boost": 2},
        {"world.weather.events": [{"kind": "signal_8", "start": "day 3 00:00", "end": "day 4 00:00"}]},
    ],
)
def test_days_that_are_not_meant_to_be_alike_are_not_compared(changes: dict[str, Any]) -> None:
    baseline = shipped("baseline")
    results = of_binomials("baseline", 0.9, 0.5, 20, np.random.default_rng(1))
    assert len(texts_of([baseline], results)) == 1
    assert texts_of([sim.apply(baseline, changes)], results) == []


def test_too_few_replications_are_no_evidence() -> None:
    results = of_binomials("baseline", 1.0, 0.5, 2, np.random.default_rng(1))
    assert texts_of([shipped("baseline")], results) == []
    assert texts_of([shipped("baseline")], [result("baseline")] * 20) == []
    assert texts_of([shipped("baseline")], [result("baseline", (0, 0, 0, 0), (5, 5, 5, 0))] * 20) == []


def test_of_many_points_the_first_and_the_number_are_told() -> None:
    scenarios = [shipped(name) for name in ("baseline", "one-stop", "pads-1")]
    rng = np.random.default_rng(1)

    def told_of(*last: float) -> list[str]:
        pairs = zip(scenarios, last, strict=True)
        results = [one for made, share in pairs for one in of_binomials(made.name, 0.9, share, 10, rng)]
        return [text.en for text in cautions_of_points(design(*scenarios), results)]

    assert told_of(0.9, 0.9, 0.9) == []
    (only,) = told_of(0.9, 0.5, 0.9)
    assert only.startswith("Scenario “Joint inspection and one release, at the origin”: the measured days are not alike")
    first, count = told_of(0.9, 0.5, 0.4)
    assert "Joint inspection and one release" in first and count.startswith("In 2 of the 3 points")


@pytest.mark.takes(20)
def test_an_analysis_warns_too(tmp_path: Path) -> None:
    changes = (
        *DAY_BEFORE,
        "study.days=3",
        "study.cool_down=0 s",
        "policy.flight_authorisation.mode=three_days",
        "world.demand.max_shift=10 d",
    )
    options = [word for change in changes for word in ("--set", change)] + ["--replications", "6", "--out", str(tmp_path / "out")]
    options += ["--vary", "policy.vertiports.pads=3,4", "--measure", "released_share", "--workers", "1"]
    done = CliRunner().invoke(main, ["sweep", str(FOLDER / "growth-6x.yaml"), *options])
    assert done.exit_code == 0, done.output
    output = " ".join(done.output.split())
    assert "! Scenario " in output and "the measured days are not alike" in output and "study.cool_down would help" in output
    assert "In 2 of the 2 points that were simulated the measured days are not alike." in output


# ------------------------------------------------------------------------------------------- how often by chance


@pytest.mark.takes(10)
@pytest.mark.parametrize("count", [3, 5, 20])
def test_days_alike_are_seldom_called_different(count: int) -> None:
    rng, n_studies = np.random.default_rng(count), 400
    baseline = shipped("baseline")
    n_told = sum(bool(texts_of([baseline], of_binomials("baseline", 0.7, 0.7, count, rng))) for _ in range(n_studies))
    assert n_told <= 0.02 * n_studies, f"{n_told} of {n_studies}"


@pytest.mark.takes(10)
def test_scenarios_of_a_study_are_one_family() -> None:
    """Of five scenarios with nothing in common, each at 1%, five in a hundred studies would be told."""
    scenarios = [shipped(name) for name in ("baseline", "one-stop", "recognition-50", "pads-1", "fifo")]
    rng, n_studies = np.random.default_rng(3), 200
    n_told = 0
    for _ in range(n_studies):
        results = [one for made in scenarios for one in of_binomials(made.name, 0.7, 0.7, 10, rng)]
        n_told += bool(texts_of(scenarios, results))
    assert n_told <= 0.02 * n_studies, f"{n_told} of {n_studies}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "growth-6x"])
def test_of_the_shipped_scenarios_seldom_too(name: str) -> None:
    """Disjoint studies of five replications: at 2% twelve or fewer of 240 are told in 999 of 1,000 cases."""
    made = shipped(name)
    bank = simulated(made, 1200, seed=909)
    n_told = sum(bool(texts_of([made], bank[start : start + 5])) for start in range(0, len(bank), 5))
    assert n_told <= 12, f"{n_told} of 240"
