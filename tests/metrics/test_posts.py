"""Posts, people, pay, pads and aircraft: written by hand, and of a world whose figures are stated here."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.ground.parameter import Status
from sim.ground.sides import CURRENCY_OF
from sim.metrics import CATALOGUE
from sim.model.calendar import Calendar
from sim.model.metric import CURRENCY
from sim.model.observation import Observation
from sim.model.plan import Pool
from sim.model.stage import PoolKind
from sim.scenario.parameters import catalogue
from tests.metrics.hand_made import At, observe, servers
from tests.policies.observed import observed

METRICS = {metric.key: metric for metric in CATALOGUE}
KINDS = ("officer", "aviation", "immigration", "quarantine")
HOUR = 3600.0
DAY = 24 * HOUR
PAY = {"officer": {"hong_kong": 30_000.0}, "pads": {"mainland": 7_300.0}, "fleet": {"hong_kong": 14_600.0}}


def of(key: str, observation: Observation) -> dict[str, float]:
    computed = METRICS[key].compute(observation)
    assert isinstance(computed, Mapping)
    return dict(computed)


def by_day(kind: Pool, *turns: tuple[int, int], side: str) -> Pool:
    """A pool whose servers change at full hours of every day: (hour, servers) from then on."""
    calendar = Calendar.roster(tuple((hour * HOUR, number) for hour, number in turns), 10 * DAY)
    return Pool(kind.kind, calendar, kind.place, side)


def two_days(hours: float = 2000.0, monthly: Any = PAY, stated: Any = None) -> Observation:
    """Two flights a day for two days, one of the four not released; three officers by day and one by night on either side."""
    desk = servers("desk", workload="officer")
    pools = [
        by_day(desk, (7, 3), (19, 1), side="hong_kong"),
        by_day(servers("desk", workload="officer", place="far"), (7, 3), (19, 1), side="mainland"),
        Pool(PoolKind("pads", desk.kind.label, mark="pads"), Calendar.always(2), "shenzhen", "mainland"),
        Pool(PoolKind("fleet", desk.kind.label, mark="fleet"), Calendar.always(5), "test.sheung_wan"),
    ]
    at = [8 * HOUR, 8.5 * HOUR, DAY + 8 * HOUR, DAY + 9 * HOUR]
    return observe(
        At("vehicle", [(t, t, t + HOUR) for t in at], role="operator", pool="fleet.test.sheung_wan"),
        At("documents", [(t, t, t + 600) for t in at], role="destination", step="documents", pool="desk"),
        At("release", [(t, t, t) for t in at[:3]] + [None], role="destination", step="release"),
        pools=pools,
        ordered_s=at,
        outcome=[1, 1, 1, 5],
        ended_s=[t + HOUR for t in at],
        window=(0.0, 2 * DAY),
        consignments=[0, 0, 1, 2],
        facts={
            "hours_a_year": {"hong_kong": hours, "mainland": hours},
            "monthly_costs": monthly,
            "stated_pay": stated or {},
        },
    )


def test_posts_are_those_of_the_roster_busy_or_not() -> None:
    assert of("officer_posts", two_days()) == {"": 4, "hong_kong": 2, "mainland": 2, "shared": 0}
    by_hour = of("officer_posts_by_hour", two_days())
    assert len(by_hour) == 48
    assert [by_hour[f"mainland/{hour:02d}"] for hour in (0, 6, 7, 18, 19, 23)] == [1, 1, 3, 3, 1, 1]
    assert of("quarantine_posts_by_hour", two_days()) == {}


def test_posts_by_hour_of_part_of_a_day() -> None:
    short = observe(
        At("documents", [(0, 0, 60)], role="destination", pool="desk"),
        pools=[by_day(servers("desk", workload="officer"), (0, 2), (1, 4), side="mainland")],
        window=(1800.0, 5400.0),
    )
    by_hour = of("officer_posts_by_hour", short)
    assert (by_hour["mainland/00"], by_hour["mainland/01"]) == (2, 4) and np.isnan(by_hour["mainland/02"])
    assert of("officer_posts", short)["mainland"] == 3


def test_a_post_round_the_clock_needs_the_year_over_what_one_person_works() -> None:
    assert of("officer_people", two_days(1760)) == {side: pytest.approx(2 * 8760 / 1760) for side in ("hong_kong", "mainland")}
    assert of("officer_people", two_days(8760)) == dict.fromkeys(("hong_kong", "mainland"), 2)


def test_pay_is_that_of_the_people_needed_and_only_where_a_side_has_a_figure() -> None:
    observation = two_days(2000)
    a_year = of("officer_people", observation)["hong_kong"] * 12 * 30_000
    assert of("officer_pay", observation) == {"hong_kong": pytest.approx(a_year * 2 / 365)}
    assert of("officer_pay", observation)["hong_kong"] == pytest.approx(96 * 180)  # 96 h at 12 x 30,000 / 2,000 h
    assert of("officer_pay_per_flight", observation) == {"hong_kong": pytest.approx(96 * 180 / 4)}
    assert of("officer_pay_per_released", observation) == {"hong_kong": pytest.approx(96 * 180 / 3)}
    assert of("officer_pay_per_consignment", observation) == {"hong_kong": pytest.approx(96 * 180 / 4)}
    assert of("aviation_pay", observation) == {}
    assert of("officer_pay", two_days(monthly={})) == {}


def test_nothing_is_added_up_over_sides() -> None:
    both = two_days(monthly={"officer": {"hong_kong": 30_000.0, "mainland": 10_000.0}})
    assert set(of("officer_pay_per_released", both)) == {"hong_kong", "mainland"}
    money = [metric for metric in CATALOGUE if metric.unit == CURRENCY]
    assert len(money) == 20
    assert {metric.unit_in(side) for metric in money for side in CURRENCY_OF} == set(CURRENCY_OF.values())
    assert METRICS["officer_pay_per_released"].unit_in("mainland") == "CNY"


def test_the_break_even_volume_is_the_days_pay_over_what_a_flight_may_cost() -> None:
    assert of("officer_break_even", two_days()) == {}
    stated = two_days(stated={"hong_kong": 90.0, "mainland": 90.0})
    assert of("officer_break_even", stated) == {"hong_kong": pytest.approx(48 * 180 / 90)}


def test_pads_and_aircraft() -> None:
    observation = two_days()
    assert of("pad_hours", observation) == {"": 96, "mainland": 96}
    assert of("pad_hours_per_released", observation)["mainland"] == 32
    assert of("aircraft", observation) == {"": 5, "hong_kong": 5}
    assert of("aircraft_needed", observation) == {"": 2, "hong_kong": 2}
    assert of("pads_cost", observation) == {"mainland": pytest.approx(2 * 7_300 * 12 * 2 / 365)}
    assert of("aircraft_cost_per_released", observation) == {"hong_kong": pytest.approx(5 * 14_600 * 12 * 2 / 365 / 3)}
    assert of("aircraft_cost", two_days(monthly={})) == {}


def test_a_pad_costs_its_month_also_where_it_is_shut_by_night() -> None:
    kind = PoolKind("pads", servers("x").kind.label, mark="pads")
    shut = Pool(kind, Calendar.daily(2, 7 * HOUR, 19 * HOUR, 3 * DAY), "p", "mainland")
    observation = observe(
        At("land", [(DAY, DAY, DAY + 60)], pool="pads.p"),
        pools=[shut],
        window=(DAY, 2 * DAY),
        facts={"hours_a_year": {}, "monthly_costs": PAY, "stated_pay": {}},
    )
    assert of("pads_cost", observation) == {"mainland": pytest.approx(2 * 7_300 * 12 / 365)}
    assert of("pad_hours", observation)["mainland"] == 24


SET = {
    "study.days": 2,
    "study.warm_up": "0 s",
    "study.cool_down": "6 h",
    "world.demand.flights_per_day": "20/d",
    "policy.port_hours.opens": "08:00",
    "policy.port_hours.closes": "20:00",
    "world.posts.hours_a_year": "1500 h",
    "world.posts.officer_pay": {"hong_kong": "20000 HKD", "mainland": "8000 RMB"},
}


def test_the_pay_of_a_scenario_goes_by_its_rosters_and_figures() -> None:
    """Two officers more, on duty while the port is open: half of the day."""
    once = observed({**SET, "policy.document_check.officers": 1}, 0)
    more = observed({**SET, "policy.document_check.officers": {"hong_kong": 3, "mainland": 1, "macao": 1}}, 0)
    added = {side: of("officer_pay", more)[side] - of("officer_pay", once)[side] for side in ("hong_kong", "mainland")}
    assert added == {"hong_kong": pytest.approx(2 * 24 * 12 * 20_000 / 1500), "mainland": 0}
    assert of("officer_people", more)["hong_kong"] - of("officer_people", once)["hong_kong"] == pytest.approx(8760 / 1500)
    ratio = of("officer_pay", once)["mainland"] / of("officer_pay", once)["hong_kong"]
    hours = of("officer_time_scheduled", once)
    assert ratio == pytest.approx(0.4 * hours["mainland"] / hours["hong_kong"])


def test_the_figures_name_their_pay_scale_and_leave_open_what_is_not_public() -> None:
    parameters = {path: parameter for path, parameter in catalogue().items() if path.startswith("world.posts.")}
    pay = parameters["world.posts.officer_pay"]
    assert set(pay.default) == {"hong_kong"} and "points 5 to 16" in pay.source and pay.status is Status.DERIVED
    assert all(parameters[f"world.posts.{kind}_pay"].default == {} for kind in KINDS if kind != "officer")
    assert all(parameters[f"world.posts.{key}"].default == {} for key in ("pad_cost", "aircraft_cost", "stated_pay"))


def test_posts_and_money_move_no_flight_and_are_left_alone_where_worlds_are_varied() -> None:
    from sim.analysis.ranges import range_of, ranges
    from tests.policies.observed import scenario

    base = scenario(SET)
    assert not [span.path for span in ranges(base) if span.path.startswith("world.posts.")]
    pay = range_of(base, "world.posts.officer_pay")
    assert pay is not None and pay.high == 36270
    assert range_of(scenario({"world.posts.officer_pay": {}}), "world.posts.aviation_pay") is None
