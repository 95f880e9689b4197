"""Measures: how many flights get across, and how full the corridor is."""

from collections.abc import Callable, Collection, Set

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.metrics.groups import priorities
from sim.metrics.occupancy import occupancy
from sim.metrics.quantiles import mean, share
from sim.metrics.release_time import CUSTOMS_STEPS
from sim.metrics.visits import pools_by_key
from sim.model.metric import EventSize, Margin, Metric
from sim.model.observation import Observation
from sim.model.phrase import FLIGHTS_COUNTED, MORE_OR_FEWER, Phrase
from sim.model.plan import NO_POOL
from sim.model.stage import Mark, Step

WAYS = (Mark.OUT, Mark.BACK)  # of legs: a boundary is crossed between one leg and the next


def _inside_window(observation: Observation, instants_s: Floats) -> Floats:
    """Shape (k,), rising: those of the instants that lie in the window, NaN left out."""
    start, end = observation.window_start_s, observation.window_end_s
    return np.sort(instants_s[(instants_s >= start) & (instants_s < end)])


def _releases(observation: Observation) -> Floats:
    return _inside_window(observation, observation.released_s)


def _crossings(observation: Observation) -> Floats:
    """Ends of all legs but a flight's last."""
    legs = np.array([len(route.legs) for route in observation.flights.routes], dtype=np.int64)[observation.flights.route]
    ends_s = [
        np.where(legs > number, observation.timeline.end_of(stage), np.nan)
        for way in WAYS
        for number, stage in enumerate(observation.plan.marked(way), start=1)
    ]
    return _inside_window(observation, np.concatenate([np.zeros(0), *ends_s]))


def _peak_hour(rising_s: Floats) -> float:
    """The most instants in any 60 consecutive minutes."""
    within = np.searchsorted(rising_s, rising_s + HOUR_S) - np.arange(len(rising_s))
    return float(within.max(initial=0))


def _corridor_occupancy(observation: Observation) -> dict[str, float]:
    plan = observation.plan
    slots = [s for s, step in enumerate(plan.steps) if step.stage.step == "slot"]
    used = {int(number) for number in np.unique(plan.pool[:, slots]) if number != NO_POOL}
    return _occupancy_of_kinds(observation, {plan.pools[number].kind.key for number in used})


def _pad_occupancy(observation: Observation) -> dict[str, float]:
    pads = {pool.kind.key for pool in observation.plan.pools if pool.kind.mark == "pads"}
    return _occupancy_of_kinds(observation, pads)


def _occupancy_of_kinds(observation: Observation, kinds: Set[str]) -> dict[str, float]:
    utilisation, pools = occupancy(observation).utilisation, observation.plan.pools
    by_key = pools_by_key(observation)
    return {key: float(utilisation[number]) for key, number in by_key.items() if pools[number].kind.key in kinds}


def _released_by_priority(observation: Observation) -> dict[str, float]:
    released = ~np.isnan(observation.released_s)
    return {key: mean(released[observation.measured & members]) for key, members in priorities(observation).items()}


def _planned(observation: Observation) -> float:
    return float(observation.measured.sum())


def _released(observation: Observation) -> float:
    return float((observation.measured & ~np.isnan(observation.released_s)).sum())


def _came_to(steps: Collection[Step]) -> Callable[[Observation], float]:
    """How many measured flights came to a stage of one of the steps by the horizon."""

    def count(observation: Observation) -> float:
        stages = [s for s, step in enumerate(observation.plan.steps) if step.stage.step in steps]
        came = (observation.timeline.queued_s[:, stages] <= observation.horizon_s).any(axis=1)
        return float((came & observation.measured).sum())

    return count


AIRSPACE_STEPS: tuple[Step, ...] = ("airspace",)
FLIGHTS_FILED = Metric(
    key="flights_filed",
    label=Text("flights filed", "已申報航班數", "已申报航班数"),
    unit="1",
    adds_up=True,
    better="neither",
    topic="throughput",
    formula=(
        "Measured flights that came to the data interface or to another stage of customs, immigration or quarantine by the "
        "horizon: those on which their officers can have any work."
    ),
    compute=_came_to(CUSTOMS_STEPS),
    event=EventSize(),
)
FLIGHTS_APPLIED = Metric(
    key="flights_applied",
    label=Text("flights applied for", "已提出飛行活動申請的航班數", "已提出飞行活动申请的航班数"),
    unit="1",
    adds_up=True,
    better="neither",
    topic="throughput",
    formula="Measured flights that came to a stage of the airspace's authorities by the horizon.",
    compute=_came_to(AIRSPACE_STEPS),
    event=EventSize(),
)
FLIGHTS_RELEASED = Metric(
    key="flights_released",
    label=Text("flights released", "放行航班數", "放行航班数"),
    unit="1",
    adds_up=True,
    better="neither",
    topic="throughput",
    formula="Measured flights whose release stage ended by the horizon.",
    compute=_released,
    headline=True,
    event=EventSize(),
    phrase=Phrase(
        Text("{n} flights are released in {period}", "{period}內放行 {n} 班航班", "{period}内放行 {n} 班航班"),
        MORE_OR_FEWER,
        counter=FLIGHTS_COUNTED,
    ),
)

METRICS: tuple[Metric, ...] = (
    Metric(
        key="flights_planned",
        label=Text("flights planned", "計劃航班數", "计划航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="throughput",
        formula="Flights whose planned departure lies in the window: the measured flights.",
        compute=_planned,
        event=EventSize(),
    ),
    FLIGHTS_FILED,
    FLIGHTS_APPLIED,
    FLIGHTS_RELEASED,
    Metric(
        key="released_share",
        label=Text("share of flights released", "航班放行率", "航班放行率"),
        unit="share",
        better="higher",
        topic="throughput",
        formula="Flights released / flights planned.",
        compute=lambda o: share(_released(o), _planned(o)),
        headline=True,
        event=EventSize(per="flights_planned"),
        matters=Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
        phrase=Phrase(
            Text(
                "{n} of {of} flights planned are released", "每 {of} 班計劃航班有 {n} 班放行", "每 {of} 班计划航班有 {n} 班放行"
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="released_share_by_priority",
        label=Text("share of flights released, by priority", "航班放行率（按優先級別）", "航班放行率（按优先级别）"),
        unit="share",
        better="higher",
        topic="throughput",
        formula="Flights released / flights planned. By class of priority.",
        compute=_released_by_priority,
        matters=Margin("1 pp", "one flight in a hundred of its class", Status.GUESS, ("0.5 pp", "5 pp")),
    ),
    Metric(
        key="releases_per_hour",
        label=Text("releases per hour", "每小時放行航班數", "每小时放行航班数"),
        unit="/h",
        better="higher",
        topic="throughput",
        formula="Releases within the window, of measured and other flights / hours of the window.",
        compute=lambda o: len(_releases(o)) / o.window_h,
        event=EventSize(times="releases_per_hour", per="flights_released"),
        matters=Margin("0.05 /h", "about one flight more a day", Status.GUESS, ("0.01 /h", "0.5 /h")),
    ),
    Metric(
        key="peak_hour_releases",
        label=Text("releases in the peak hour", "高峰小時放行航班數", "高峰小时放行航班数"),
        unit="/h",
        better="higher",
        topic="throughput",
        formula="The most releases in any 60 consecutive minutes of the window.",
        compute=lambda o: _peak_hour(_releases(o)),
        event=EventSize(),
        matters=Margin("1 /h", "one flight", Status.GUESS, ("0.5 /h", "5 /h")),
    ),
    Metric(
        key="crossings_per_hour",
        label=Text("boundary crossings per hour", "每小時跨境架次", "每小时跨境架次"),
        unit="/h",
        better="higher",
        topic="throughput",
        formula="Ends of all legs but the last, outward and returning, within the window / hours of the window.",
        compute=lambda o: len(_crossings(o)) / o.window_h,
        headline=True,
        event=EventSize(times="crossings_per_hour", per="flights_released"),
        matters=Margin("0.1 /h", "about one flight more a day, there and back", Status.GUESS, ("0.02 /h", "1 /h")),
        phrase=Phrase(
            Text(
                "{n} flights cross the boundary in an hour on average", "每小時平均 {n} 班航班跨境", "每小时平均 {n} 班航班跨境"
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="peak_hour_crossings",
        label=Text("boundary crossings in the peak hour", "高峰小時跨境架次", "高峰小时跨境架次"),
        unit="/h",
        better="higher",
        topic="throughput",
        formula="The most crossings, outward and return together, in any 60 consecutive minutes of the window.",
        compute=lambda o: _peak_hour(_crossings(o)),
        event=EventSize(),
        matters=Margin("1 /h", "one crossing", Status.GUESS, ("0.5 /h", "5 /h")),
    ),
    Metric(
        key="corridor_occupancy",
        label=Text("corridor occupancy", "低空通道佔用率", "低空通道占用率"),
        unit="share",
        better="neither",
        topic="throughput",
        formula=(
            "Of each corridor's slot capacity within the window, the share taken: headways after a slot used / time open. By "
            "pool."
        ),
        compute=_corridor_occupancy,
    ),
    Metric(
        key="pad_occupancy",
        label=Text("pad occupancy", "起降坪佔用率", "起降坪占用率"),
        unit="share",
        better="neither",
        topic="throughput",
        formula=(
            "Of each vertiport's pad time within the window, the share taken: from landing or moving onto the pad until it is "
            "cleared, holds and the turnaround after it included / pads open. By pool; by hour it is in utilisation_by_hour."
        ),
        compute=_pad_occupancy,
    ),
)
