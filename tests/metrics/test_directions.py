"""What every measure with a direction declares, and that measures made of two others are what they say."""

from collections.abc import Mapping

import numpy as np
import pytest

from sim.metrics import all_metrics
from sim.metrics.measure_ref import quantity_in
from sim.model.metric import Metric, Ratio
from sim.model.observation import Observation
from sim.policies import FEATURES
from tests.metrics.hand_made import At, observe, servers
from tests.metrics.test_control import five_flights
from tests.policies.observed import observed
from tests.policies.test_passengers import HELICOPTERS

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
DIRECTED = [metric for metric in METRICS.values() if {metric.better, *metric.better_of_part.values()} != {"neither"}]
RATIOS = [metric for metric in METRICS.values() if metric.ratio]


def named(metric: Metric) -> str:
    return metric.key


@pytest.mark.parametrize("metric", DIRECTED, ids=named)
def test_a_measure_with_a_direction_says_what_matters(metric: Metric) -> None:
    assert metric.matters is not None
    assert metric.matters.source
    value, least, most = (quantity_in(metric.unit, written) for written in (metric.matters.value, *metric.matters.plausible))
    assert 0 < least <= value <= most
    assert least < most


def test_a_measure_without_a_direction_says_nothing_of_what_matters() -> None:
    assert [metric.key for metric in METRICS.values() if metric.matters and metric not in DIRECTED] == []


def test_percentage_points_are_read() -> None:
    assert quantity_in("share", "1 pp") == pytest.approx(0.01)


def test_plain_counts_have_no_direction() -> None:
    """What counts flights, consignments or passengers falls where they are turned away; per hour, per 1,000 and so on do not."""
    per = ("per_million", "per_thousand", "finds_per")
    assert [
        metric.key for metric in DIRECTED if metric.unit in ("1", "km", "m") and not any(word in metric.key for word in per)
    ] == []
    assert {METRICS[key].better for key in ("flights_released", "illicit_missed", "expected_missed", "queue_longest")} == {
        "neither"
    }


def test_flights_that_end_otherwise_than_released_are_worse() -> None:
    outcomes = METRICS["flight_outcome_share"]
    directions = {
        part: outcomes.direction(part) for part in ("lost", "cancelled", "refused", "diverted", "released", "in_system")
    }
    assert set(list(directions.values())[:4]) == {"lower"}
    assert (directions["released"], directions["in_system"]) == ("higher", "neither")


@pytest.mark.parametrize("metric", METRICS.values(), ids=named)
def test_what_a_measure_rests_on_is_declared(metric: Metric) -> None:
    keys = {metric.counted_by, metric.expectation}
    keys |= {metric.ratio.numerator, metric.ratio.denominator} if metric.ratio else set()
    keys |= {metric.event.times, metric.event.per} if metric.event else set()
    assert keys - {""} <= METRICS.keys()


@pytest.mark.parametrize("metric", RATIOS, ids=named)
def test_a_ratio_is_that_of_its_measures(metric: Metric) -> None:
    """A part is read of both sides, or the whole where a side has no such part."""
    assert metric.ratio is not None
    for observation in (five_flights(), worked(), observed({**HELICOPTERS, "world.datum_fault.faulty_share": "10%"}, 0)):
        try:
            parts, above, below = (by_part(key, observation) for key in (metric.key, *sides(metric.ratio)))
        except (KeyError, AttributeError):  # written by hand, without the facts of that feature
            assert observation.scenario is None
            continue
        for part, value in parts.items():
            under = below.get(part, below.get("", np.nan))
            expected = metric.ratio.scale * above.get(part, np.nan) / under if under else np.nan
            assert value == pytest.approx(expected, nan_ok=True), part


def sides(ratio: Ratio) -> tuple[str, str]:
    return ratio.numerator, ratio.denominator


def by_part(key: str, observation: Observation) -> dict[str, float]:
    computed = METRICS[key].compute(observation)
    return dict(computed) if isinstance(computed, Mapping) else {"": computed}


def worked() -> Observation:
    """Three flights: one goes all the way, one is turned away at the order, one is still at the desk at the horizon."""
    return observe(
        At("order", [(0, 0, 0), (0, 0, 0), (0, 0, 0)], role="operator", step="order"),
        At("authorise", [(0, 0, 60), None, (0, 0, 120)], role="origin", step="airspace", pool="authority", patience_s=900.0),
        At("documents", [(60, 60, 360), None, (120, 360, 1800)], role="origin", step="documents", pool="desk"),
        At("release", [(400, 400, 400), None, None], role="destination", step="release"),
        pools=[servers("desk", 2, "officer", "mainland"), servers("authority", 1, "aviation", "mainland")],
        ordered_s=[0, 0, 0],
        outcome=[1, 5, 0],
        ended_s=[400, 0, np.nan],
        horizon_s=3600.0,
    )


def test_work_is_told_per_flight_that_it_was_done_for_and_per_flight_released() -> None:
    assert by_part("flights_planned", worked())[""] == 3
    assert by_part("flights_filed", worked())[""] == by_part("flights_applied", worked())[""] == 2
    hours = (300 + 1440) / 3600
    assert by_part("officer_time", worked())["mainland"] == pytest.approx(hours)
    assert by_part("officer_hours", worked())["mainland"] == pytest.approx(1000 * hours / 2)
    assert by_part("officer_hours_per_released", worked())["mainland"] == pytest.approx(1000 * hours)
    assert by_part("officer_hours_scheduled", worked())[""] == pytest.approx(1000 * 2 / 2)  # two desks, one hour
    assert by_part("officer_hours_scheduled_per_released", worked())[""] == pytest.approx(2000)
    assert by_part("aviation_hours", worked())[""] == pytest.approx(1000 * 180 / 3600 / 2)


def test_one_visit_is_the_root_mean_square_at_the_longest_step() -> None:
    visit = by_part("officer_visit_hours", worked())
    assert visit == {"": pytest.approx(np.sqrt((300**2 + 1440**2) / 2) / 3600), "mainland": visit[""]}
    two = observe(
        At("short", [(0, 0, 60), (0, 0, 60)], role="origin", pool="desk"),
        At("long", [(60, 60, 360), None], role="origin", pool="yard"),
        pools=[servers("desk", 2, "officer", "mainland"), servers("yard", 2, "officer", "mainland")],
        ordered_s=[0, 0],
    )
    assert by_part("officer_visit_hours", two)[""] == pytest.approx(300 / 3600)
    assert np.isnan(by_part("dog_visit_hours", two)[""])


def test_stages_given_up_are_told_of_the_flights_that_came_to_them() -> None:
    observation = observe(
        At("gate", [(0, np.nan, 50), (0, 10, 20), (np.nan, np.nan, 30), None], patience_s=50.0),
        ordered_s=[0] * 4,
    )
    assert by_part("give_ups", observation) == {"gate": 2}
    assert by_part("give_up_visits", observation) == {"gate": 3}
    assert by_part("give_up_share", observation)["gate"] == pytest.approx(2 / 3)
