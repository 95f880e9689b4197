"""Measures: waits, queues and use of each pool; stages given up; flights in gridlock."""

from collections.abc import Callable

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.ground.time_units import HOURS_A_DAY
from sim.metrics.breakdown import join_part
from sim.metrics.cached import cached_per_observation
from sim.metrics.derived import gridlock
from sim.metrics.groups import priorities
from sim.metrics.occupancy import most_at_once, occupancy
from sim.metrics.quantiles import mean, pooled_only
from sim.metrics.visits import in_queues_s, pool_visits, pools_by_key
from sim.model.metric import Distribution, EventSize, Margin, Metric, Quantiles, Ratio
from sim.model.observation import Observation
from sim.model.plan import NEVER, Plan
from sim.model.ratios import divided

WAIT_QUANTILES = (("p95", 0.95),)


@cached_per_observation
def _waits_s(observation: Observation) -> dict[str, Floats]:
    """By pool: the waits of measured flights, of every visit that entered the queue."""
    visits = pool_visits(observation)
    measured = observation.measured[visits.flight]
    slices = {key: visits.of_pool(number) for key, number in pools_by_key(observation).items()}
    return {key: visits.wait_s[of_pool][measured[of_pool]] for key, of_pool in slices.items()}


@cached_per_observation
def _queueing_s(observation: Observation) -> dict[str, tuple[Floats, Floats]]:
    """By pool: entry to and exit from the queue within the window, of every visit that waited there."""
    visits = pool_visits(observation)
    window = observation.window_start_s, observation.window_end_s
    entered, left = np.clip(visits.queued_s, *window), np.clip(visits.left_s, *window)
    queued = {}
    for key, number in pools_by_key(observation).items():
        of_pool = visits.of_pool(number)
        waited = left[of_pool] > entered[of_pool]
        queued[key] = entered[of_pool][waited], left[of_pool][waited]
    return queued


def _mean_queue(observation: Observation) -> dict[str, float]:
    window_s = observation.window_end_s - observation.window_start_s
    return {key: float((left - entered).sum() / window_s) for key, (entered, left) in _queueing_s(observation).items()}


def _longest_queue(observation: Observation) -> dict[str, float]:
    return {key: most_at_once(entered, left) for key, (entered, left) in _queueing_s(observation).items()}


def _utilisation(observation: Observation) -> dict[str, float]:
    shares = occupancy(observation).utilisation
    return {key: float(shares[number]) for key, number in pools_by_key(observation).items()}


def _utilisation_by_hour(observation: Observation) -> dict[str, float]:
    shares = occupancy(observation).utilisation_by_hour
    return {
        join_part(key, f"{hour:02d}"): float(shares[number, hour])
        for key, number in pools_by_key(observation).items()
        for hour in range(HOURS_A_DAY)
    }


def _give_ups(observation: Observation) -> dict[str, float]:
    """By stage that has a patience or a deadline: measured flights that gave it up by the horizon.

    A stage on a marker is given up by all who visit it: it states a fact and nobody lost patience.
    """
    return _of_impatient_stages(observation, lambda stage: _gave_up(observation, stage))


def _may_give_up(observation: Observation) -> dict[str, float]:
    """By the same stages: measured flights that came to it by the horizon, or gave it up before they came."""
    entered_s = observation.timeline.queued_s
    return _of_impatient_stages(
        observation, lambda stage: _gave_up(observation, stage) | (entered_s[:, stage] <= observation.horizon_s)
    )


def _gave_up(observation: Observation, stage: int) -> Bools:
    """Shape (n,): gave the stage up by the horizon."""
    timeline = observation.timeline
    return np.asarray(np.isnan(timeline.start_s[:, stage]) & (timeline.end_s[:, stage] <= observation.horizon_s))


def _of_impatient_stages(observation: Observation, which: Callable[[int], Bools]) -> dict[str, float]:
    """By stage that has a patience or a deadline: how many measured flights are in `which`, shape (n,)."""
    plan = observation.plan
    soonest_s = np.minimum(*(instants_s.min(axis=0, initial=np.inf) for instants_s in (plan.patience_s, plan.deadline_s)))
    impatient = np.flatnonzero(np.isfinite(soonest_s) & ~markers(plan)).tolist()
    return {plan.steps[s].stage.key: float(np.count_nonzero(which(s) & observation.measured)) for s in impatient}


def markers(plan: Plan) -> Bools:
    """Shape (s,): the stage is a marker; one that no flight visits has no pool, but its patience of 0 tells."""
    on_marker = np.zeros(plan.n_stages, dtype=np.bool_)
    for number, pool in enumerate(plan.pools):
        if pool == NEVER:
            on_marker |= (plan.pool == number).any(axis=0)
    unvisited = ~plan.visits.any(axis=0)
    on_marker[unvisited] |= (plan.patience_s[:, unvisited] == 0).all(axis=0)
    return on_marker


def _gridlocked(observation: Observation) -> float:
    members = np.zeros(len(observation.flights), dtype=bool)
    for circle in gridlock(observation):
        members[list(circle)] = True
    return float((members & observation.measured).sum())


def _queued_by_priority(observation: Observation) -> dict[str, float]:
    """Mean time in queues up to the release over measured flights released; waits that run side by side all count."""
    counted = observation.measured & ~np.isnan(observation.released_s)
    return {key: mean(in_queues_s(observation)[counted & members]) for key, members in priorities(observation).items()}


_WAITS = Distribution(
    key="wait",
    label=Text("wait at each visit to a pool", "每次輪候的時間", "每次等候的时间"),
    formula=(
        "Time from entry into the pool's queue to service, giving up, the flight's end or the horizon, of each visit of a "
        "measured flight. By pool."
    ),
    compute=_waits_s,
)

METRICS: tuple[Metric, ...] = (
    Metric(
        key="wait_mean",
        label=Text("mean wait", "平均輪候時間", "平均等候时间"),
        unit="s",
        better="lower",
        topic="waiting",
        formula=(
            "Mean time from entry into the pool's queue to service, giving up, the flight's end or the horizon, over all visits "
            "of measured flights. By pool."
        ),
        compute=lambda o: {key: mean(waits) for key, waits in _waits_s(o).items()},
        same_flights="in_queues_s",
        matters=Margin("1 min", "what whoever stands in a queue would notice", Status.GUESS, ("10 s", "10 min")),
    ),
    Metric(
        key="wait_quantile",
        label=Text("wait, quantile", "輪候時間分位數", "等候时间分位数"),
        unit="s",
        better="lower",
        topic="waiting",
        formula="Quantile of the same waits, of all replications together. By pool / quantile.",
        compute=pooled_only,
        quantiles=Quantiles(_WAITS, WAIT_QUANTILES),
        same_flights="in_queues_s",
        matters=Margin("2 min", "what whoever stands in a queue would notice", Status.GUESS, ("30 s", "20 min")),
    ),
    Metric(
        key="queued_by_priority",
        label=Text("time in queues, by priority", "排隊時間（按優先級）", "排队时间（按优先级）"),
        unit="s",
        better="neither",
        topic="waiting",
        formula=(
            "Time spent in queues up to the release, summed over the stages (waits that run side by side all count), mean over "
            "measured flights released. By class of priority."
        ),
        compute=_queued_by_priority,
    ),
    Metric(
        key="queue_mean",
        label=Text("mean queue", "平均隊長", "平均队长"),
        unit="1",
        better="neither",
        topic="waiting",
        formula="Time average of the number of flights in the pool's queue over the window, measured or not. By pool.",
        compute=_mean_queue,
        same_flights="in_queues_s",
    ),
    Metric(
        key="queue_longest",
        label=Text("longest queue", "最長隊長", "最长队长"),
        unit="1",
        better="neither",
        topic="waiting",
        formula="The most flights in the pool's queue at once within the window. By pool.",
        compute=_longest_queue,
        same_flights="in_queues_s",
        event=EventSize(),
    ),
    Metric(
        key="utilisation",
        label=Text("utilisation", "使用率", "利用率"),
        unit="share",
        better="neither",
        topic="waiting",
        formula=(
            "Server time busy within the window, holds and cooldowns included / server time on duty. Above 1 where servers finish"
            " after their shift; NaN with nobody on duty, or where the pool takes all that comes. By pool."
        ),
        compute=_utilisation,
    ),
    Metric(
        key="utilisation_by_hour",
        label=Text("utilisation by hour of the day", "按時段使用率", "按时段利用率"),
        unit="share",
        better="neither",
        topic="waiting",
        formula="Utilisation within each hour of the day, over all days of the window. By pool / hour (00 to 23).",
        compute=_utilisation_by_hour,
    ),
    Metric(
        key="give_ups",
        label=Text("stages given up", "放棄輪候次數", "放弃等候次数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="waiting",
        formula=(
            "Measured flights that gave the stage up, whether they went on or ended there. By stage that has a patience or a "
            "deadline."
        ),
        compute=_give_ups,
        event=EventSize(),
    ),
    Metric(
        key="give_up_visits",
        label=Text("flights that came to a stage they could give up", "到達可放棄環節的航班數", "到达可放弃环节的航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="waiting",
        formula=(
            "Measured flights that came to the stage by the horizon, or gave it up before they came. By stage that has a patience"
            " or a deadline."
        ),
        compute=_may_give_up,
        event=EventSize(),
    ),
    Metric(
        key="give_up_share",
        label=Text("share of flights that give a stage up", "放棄輪候的航班比例", "放弃等候的航班比例"),
        unit="share",
        better="lower",
        topic="waiting",
        formula="Stages given up / flights that came to a stage they could give up. By stage that has a patience or a deadline.",
        compute=divided(_give_ups, _may_give_up),
        ratio=Ratio("give_ups", "give_up_visits"),
        event=EventSize(per="give_up_visits"),
        matters=Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
    ),
    Metric(
        key="gridlocked_flights",
        label=Text("flights in gridlock", "陷入互鎖的航班數", "陷入死锁的航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="waiting",
        formula=(
            "Measured flights in a circle of flights each of which holds what another waits for, found after the replication."
        ),
        compute=_gridlocked,
        event=EventSize(),
    ),
)
