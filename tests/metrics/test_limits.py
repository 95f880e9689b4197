"""What limits: waits divided by hand, and the causes of flights that end without a release."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from sim.execution.replicate import Task
from sim.execution.replicate import observe as observe_task
from sim.ground.text import Text
from sim.metrics.limits import BEFORE, METRICS, SERVICE, departures_put_off_by, ended_by, held_released, limit_labels, shut_until
from sim.model.calendar import PLENTY, Calendar
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.limit import PutOff, not_in_time, off_duty, queue
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.model.plan import Plan, Pool
from sim.model.stage import Limit, PoolKind
from sim.policies import FEATURES
from sim.replication import prepare
from tests.metrics.hand_made import NEVER, At, observe, servers
from tests.shipped import shipped

COMPUTE = {metric.key: metric.compute for metric in METRICS}
HOUR = 3600.0
CUT_OFF, AIRSPACE, LATE = (Limit(key, Text(key, key, key)) for key in ("cut_off", "airspace", "late"))


def held(observation: Observation, row: int = 0) -> dict[str, float]:
    """What held one released flight, without what is 0."""
    return {key: float(seconds[row]) for key, seconds in held_released(observation).seconds.items() if seconds[row]}


def desk(calendar: Calendar, **more: Any) -> Pool:
    return Pool(PoolKind("desk", Text("desk", "", ""), "officer"), calendar, **more)


def waits_from_100_to_400(pool: Pool, **more: Any) -> Observation:
    """Ordered and planned for 0; into the queue at 100, served from 400 to 460."""
    return observe(
        At("load", [(0, 0, 100)]),
        At("check", [(100, 400, 460)], after="load", pool=pool.key),
        At("release", [(460, 460, 460)], after="check"),
        pools=[pool],
        outcome=[Outcome.RELEASED],
        ended_s=[460],
        **more,
    )


def with_plan(observation: Observation, **columns: Any) -> Observation:
    """The observation with other columns of its plan."""
    return replace(observation, plan=replace(observation.plan, **columns))


def column(plan: Plan, stage: int, value: float, others: float) -> np.ndarray:
    table = np.full(plan.visits.shape, others)
    table[:, stage] = value
    return table


# --------------------------------------------------------------------------------------------- waits


def test_a_wait_is_divided_into_the_roster_and_the_queue_by_instants() -> None:
    observation = waits_from_100_to_400(desk(Calendar((0.0, 300.0), (0, 1))))
    assert held(observation) == {"off_duty.desk": 200, "queue.desk": 100, SERVICE: 160}


def test_of_several_rules_that_close_a_pool_the_first_accounts_for_it_and_the_roster_for_the_rest() -> None:
    port, outage = Limit("port", Text("", "", "")), Limit("outage", Text("", "", ""))
    open_from_200, down_until_250 = Calendar((0.0, 200.0), (0, 1)), Calendar((0.0, 150.0, 250.0), (1, 0, 1))
    pool = desk(Calendar((0.0, 300.0), (0, 1)), closed_by=((port, open_from_200), (outage, down_until_250)))
    assert held(waits_from_100_to_400(pool)) == {"port": 100, "outage": 50, "off_duty.desk": 50, "queue.desk": 100, SERVICE: 160}


def test_a_wait_for_a_batch_and_one_for_a_pool_that_takes_all_who_come() -> None:
    batches = desk(Calendar((0.0, 300.0), (0, PLENTY)), period_s=400.0)
    assert held(waits_from_100_to_400(batches)) == {"off_duty.desk": 200, "batch.desk": 100, SERVICE: 160}
    weather = Limit("weather", Text("", "", ""))
    fit = Calendar((0.0, 400.0), (0, PLENTY))
    assert held(waits_from_100_to_400(desk(fit, closed_by=((weather, fit),)))) == {"weather": 300, SERVICE: 160}


def test_until_the_planned_departure_nothing_is_lost() -> None:
    observation = waits_from_100_to_400(desk(Calendar.always(1)), planned_departure_s=350, window=(0, 1e4))
    assert held(observation) == {BEFORE: 350, "queue.desk": 50, SERVICE: 60}


def test_a_wait_beside_the_critical_path_is_nobodys_fault() -> None:
    observation = observe(
        At("paper", [(0, 500, 560)], pool="desk"),
        At("fly", [(0, 0, 600)]),
        At("release", [(600, 600, 600)], after="paper fly"),
        pools=[desk(Calendar.always(1))],
        outcome=[Outcome.RELEASED],
        ended_s=[600],
    )
    assert held(observation) == {SERVICE: 600}


def test_until_the_departure_that_policy_permits_the_rules_have_the_flight_that_put_it_off() -> None:
    """Planned for 100, the departure is put off by 40 s for filing and 500 s for the airspace, to 640; a file is 30 s late."""
    put_off = (
        PutOff(CUT_OFF, np.array([40.0])),
        PutOff(AIRSPACE, np.array([500.0])),
        PutOff(LATE, np.array([30.0]), "file"),
        PutOff(LATE, np.array([999.0]), "elsewhere"),
    )
    observation = observe(
        At("file", [(700, 700, 710)]),
        At("release", [(710, 710, 710)], after="file"),
        planned_departure_s=100,
        outcome=[Outcome.RELEASED],
        ended_s=[710],
        facts={"put_off": put_off},
    )
    assert held(observation) == {BEFORE: 100, "cut_off": 40, "airspace": 500, "late": 30, "by_schedule": 30, SERVICE: 10}


def test_what_a_flight_does_before_it_may_depart_delays_nothing() -> None:
    """Put off to 450, it is in a queue until 400; of the service until 460 only the last 10 s come after."""
    observation = waits_from_100_to_400(desk(Calendar.always(1)), facts={"put_off": (PutOff(CUT_OFF, np.array([450.0])),)})
    assert held(observation) == {"cut_off": 450, SERVICE: 10}


def test_the_service_of_a_stage_that_a_rule_sets_counts_for_the_rule() -> None:
    observation = observe(
        At("lead", [(0, 0, 100)]), At("release", [(100, 100, 130)], after="lead"), outcome=[Outcome.RELEASED], ended_s=[130]
    )
    steps = tuple(
        replace(step, stage=replace(step.stage, limit=CUT_OFF)) if step.stage.key == "lead" else step
        for step in observation.plan.steps
    )
    assert held(with_plan(observation, steps=steps)) == {"cut_off": 100, SERVICE: 30}


def test_put_off_are_those_held_for_an_hour_by_one_limit_and_kept_waiting_those_held_for_less() -> None:
    until_s = [HOUR + 10, HOUR / 2, 0.5, nan]
    observation = observe(
        At("check", [(0, s, s) if s == s else (0, nan, nan) for s in until_s], pool="desk"),
        At("release", [(s, s, s) if s == s else NEVER for s in until_s], after="check"),
        pools=[desk(Calendar.always(1))],
        ordered_s=[0] * 4,
        outcome=[Outcome.RELEASED] * 3 + [Outcome.IN_SYSTEM],
        ended_s=[*until_s[:3], nan],
        horizon_s=2 * HOUR,
    )
    put_off, waiting, minutes = (COMPUTE[f"{name}_by_limit"](observation) for name in ("put_off", "kept_waiting", "minutes"))
    assert (put_off["queue.desk"], put_off[""]) == (0.5, 0.5), "the last one waits still, for two hours"
    assert (waiting["queue.desk"], waiting[""]) == (0.25, 0.25)
    assert minutes["queue.desk"] == pytest.approx(sum(until_s[:3]) / 3 / 60)
    assert sum(minutes[key] for key in minutes if key) == pytest.approx(minutes[""])


# ------------------------------------------------------------------------------- flights that end unreleased


def test_an_order_is_lost_by_the_rule_that_first_puts_it_off_too_far() -> None:
    put_off = PutOff(CUT_OFF, np.array([50.0, 50.0])), PutOff(AIRSPACE, np.array([500.0, 500.0]))
    observation = observe(
        At("order", [(0, 0, 0)] * 2),
        ordered_s=[0, 0],
        max_shift_s=[40.0, 60.0],
        outcome=[Outcome.LOST] * 2,
        ended_s=[0, 0],
        facts={"put_off": put_off},
    )
    ends = np.full(observation.plan.visits.shape, int(Outcome.LOST), dtype=np.int8)
    assert ended_by(with_plan(observation, ends=ends)) == {"cut_off": 1, "airspace": 1}


def test_a_departure_is_put_off_by_the_rule_with_most_of_it_and_of_a_lost_order_by_the_first_too_far() -> None:
    put_off = PutOff(CUT_OFF, np.array([50.0, 50.0, 0.0, -5.0])), PutOff(AIRSPACE, np.array([500.0, 500.0, 9.0, 0.0]))
    observation = observe(
        At("order", [(0, 0, 0)] * 4),
        ordered_s=[0] * 4,
        max_shift_s=40.0,
        outcome=[Outcome.LOST, Outcome.RELEASED, Outcome.RELEASED, Outcome.RELEASED],
        ended_s=[0] * 4,
        facts={"put_off": put_off},
    )
    limits, number = departures_put_off_by(observation)
    assert [limits[k].key for k in number] == ["cut_off", "airspace", "airspace", "by_schedule"]


def test_who_runs_out_of_patience_is_lost_by_what_the_queue_was_for() -> None:
    observation = observe(
        At("pad", [(100, nan, 400)], pool="desk", patience_s=300.0),
        pools=[desk(Calendar((0.0, 300.0), (1, 0)))],
        outcome=[Outcome.CANCELLED],
        ended_s=[400],
    )
    assert ended_by(observation) == {"queue.desk": 1}


def test_who_misses_a_deadline_is_lost_by_the_longest_wait_since_it_was_free_to_begin() -> None:
    """200 s for the clerk before a fixed instant mattered to nobody; then 50 s for the desk and 150 s for the pad did."""
    pools = [servers(key) for key in ("clerk", "desk", "pad")]
    observation = observe(
        At("data", [(0, 200, 210)], pool="clerk"),
        At("load", [(300, 300, 300)], after="data"),
        At("check", [(300, 350, 360)], pool="desk", after="load"),
        At("taxi", [(360, nan, nan)], pool="pad", after="check"),
        At("slot", [(nan, nan, 510)], after="taxi"),
        pools=pools,
        outcome=[Outcome.CANCELLED],
        ended_s=[510],
    )
    assert ended_by(with_plan(observation, deadline_s=column(observation.plan, 4, 510, inf))) == {"queue.pad": 1}


def test_who_misses_a_deadline_without_a_wait_was_not_in_time_and_a_verdict_counts_for_its_stage() -> None:
    observation = observe(
        At("work", [(0, 0, nan), (0, 0, 10)]),
        At("gate", [(nan, nan, 90), (10, 10, 20)], after="work"),
        ordered_s=[0, 0],
        outcome=[Outcome.CANCELLED, Outcome.REFUSED],
        ended_s=[90, 20],
    )
    plan = observation.plan
    ends = np.array([[0, 0], [0, Outcome.REFUSED]], dtype=np.int8)
    assert ended_by(with_plan(observation, ends=ends, deadline_s=column(plan, 1, 90, inf))) == {"late.gate": 1, "gate": 1}


def test_a_closing_stage_counts_for_what_was_given_up_before() -> None:
    observation = observe(
        At("land", [(0, nan, 600)], pool="pad", patience_s=600.0),
        At("home", [(600, 600, 900)], after="land", if_given_up="land"),
        pools=[servers("pad")],
        outcome=[Outcome.DIVERTED],
        ended_s=[900],
    )
    ends = np.array([[0, Outcome.DIVERTED]], dtype=np.int8)
    assert ended_by(with_plan(observation, ends=ends, closing=(1,))) == {"queue.pad": 1}


# --------------------------------------------------------------------------------------------- calendars


def test_time_without_servers_is_counted_from_the_first_instant_of_a_calendar() -> None:
    calendar = Calendar((100.0, 200.0, 300.0), (1, 0, 2))
    assert shut_until(calendar, np.array([50.0, 100.0, 250.0, 400.0])).tolist() == [-50, 0, 50, 100]


# ------------------------------------------------------------------------------------ shipped scenarios


def observed(name: str, replication: int = 0) -> Observation:
    scenario = shipped(name)
    return observe_task(Task(scenario, 1, replication), prepare(scenario, 1, replication))


def test_of_flights_approved_one_by_one_the_deadline_of_the_day_before_takes_most() -> None:
    observation = observed("each-flight-approved")
    lost, put_off = COMPUTE["lost_by_limit"](observation), COMPUTE["put_off_by_limit"](observation)
    most = max((key for key in lost if key), key=lambda key: lost[key] + put_off.get(key, 0.0))
    assert most == "noon_day_before"
    flights, measured = observation.flights, observation.measured
    shift_s = observation.facts[DEPARTURE_TARGET_S] - flights.planned_departure_s
    assert lost[most] == pytest.approx(np.mean((observation.outcome == Outcome.LOST)[measured]))
    came = observation.outcome == Outcome.RELEASED
    assert put_off[most] == pytest.approx(np.mean((came & (shift_s >= HOUR))[measured]))


def test_at_the_growth_of_six_times_the_fleet_is_short() -> None:
    observation = observed("growth-6x")
    lost = COMPUTE["lost_by_limit"](observation)
    assert max((key for key in lost if key), key=lambda key: lost[key]) == "queue.fleet"


@pytest.mark.parametrize("name", ["baseline", "june-rain", "outage-paper", "fifo"])
def test_every_replication_of_a_scenario_has_the_same_limits(name: str) -> None:
    """A limit that stood in some replications only would be averaged over these alone."""
    several = [observed(name, replication) for replication in range(4)]
    for key, compute in COMPUTE.items():
        assert len({tuple(compute(observation)) for observation in several}) == 1, key


def test_every_limit_has_a_label_of_its_own_in_three_languages() -> None:
    by_key = limit_labels(FEATURES)
    assert len(set(by_key.values())) == len(by_key)
    assert all(text.zh_hant and text.zh_hans for text in by_key.values())
    for kind in (kind for feature in FEATURES for kind in feature.pools):
        assert {queue(kind).key, off_duty(kind).key} <= set(by_key)
    assert all(not_in_time(stage).key in by_key for feature in FEATURES for stage in feature.stages)
