"""What ends last: the stage that a flight's take-off, and its release, waited for, and how long each stage takes by itself.

A stage off the critical path delays nothing. Where one grows on the path, it may take longer, or what ran beside it may no longer
end after it; the measures here tell the two apart.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine.graph import predecessors
from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.metrics.breakdown import join_part
from sim.metrics.waterfall import Passage, critical_paths, released_flights, walk_back
from sim.model.metric import Metric
from sim.model.observation import Observation
from sim.model.plan import Step
from sim.model.stage import Mark

DEPARTURE, RELEASE = "departure", "release"
LEAST_S = 10.0  # a stage that is passed in less holds nobody up: what it came after does
_ROUNDING_S = 0.001
_NONE = -1


def _before(steps: Sequence[Step], number: int) -> list[int]:
    """The stages that lead to a stage, in their order."""
    reached: set[int] = set()
    ahead = set(predecessors(steps[number]))
    while ahead:
        reached |= ahead
        ahead = {before for stage in ahead for before in predecessors(steps[stage])} - reached
    return sorted(reached)


def _before_release(observation: Observation) -> list[int]:
    release = observation.plan.the_marked(Mark.RELEASED)
    return [] if release is None else _before(observation.plan.steps, release)


def _last(passages: Iterator[Passage] | Sequence[Passage], counted: Sequence[int], n: int) -> NDArray[np.int64]:
    """Shape (n,): of each path the last stage of those counted that took LEAST_S or more, _NONE where none did."""
    last = np.full(n, _NONE)
    for passage in passages:
        if passage.stage in counted:
            wait_s, service_s, _ = passage.parts.T
            is_last = (last[passage.rows] == _NONE) & (wait_s + service_s >= LEAST_S)
            last[passage.rows[is_last]] = passage.stage
    return last


def _last_before_departure(observation: Observation) -> tuple[list[int], NDArray[np.int64]]:
    """The stages a take-off may wait for, but for those of the airspace, and which of them each released flight's did."""
    flight, takeoff = released_flights(observation), observation.plan.takeoff
    if takeoff is None:
        return [], np.full(len(flight), _NONE)
    steps = observation.plan.steps
    counted = [stage for stage in _before(steps, takeoff) if steps[stage].stage.role != "air"]
    started_s = observation.timeline.start_s[:, takeoff][flight]
    flown = np.flatnonzero(~np.isnan(started_s))
    last = np.full(len(flight), _NONE)
    last[flown] = _last(
        walk_back(observation, flight[flown], np.full(len(flown), takeoff), started_s[flown]), counted, len(flown)
    )
    return counted, last


def _ends_last(observation: Observation) -> dict[str, float]:
    steps, n = observation.plan.steps, len(released_flights(observation))
    before_release = _before_release(observation)
    points = {
        DEPARTURE: _last_before_departure(observation),
        RELEASE: (before_release, _last(critical_paths(observation), before_release, n)),
    }
    return {
        join_part(point, steps[stage].stage.key): float((last == stage).sum()) / n if n else np.nan
        for point, (counted, last) in points.items()
        for stage in counted
    }


def _on_critical_path(observation: Observation) -> dict[str, float]:
    steps, n = observation.plan.steps, len(released_flights(observation))
    on_path = {steps[stage].stage.step: np.zeros(n, dtype=np.bool_) for stage in _before_release(observation)}
    for passage in critical_paths(observation):
        step = steps[passage.stage].stage.step
        if step in on_path:
            wait_s, service_s, _ = passage.parts.T
            on_path[step][passage.rows] |= wait_s + service_s > _ROUNDING_S
    return {step: float(is_on_path.mean()) if n else np.nan for step, is_on_path in on_path.items()}


def _stage_time(observation: Observation) -> dict[str, float]:
    flight, timeline, steps = released_flights(observation), observation.timeline, observation.plan.steps
    until_s, n = observation.released_s[flight], len(flight)

    def seconds(stage: int) -> Floats:
        entered_s, left_s = timeline.queued_s[:, stage][flight], timeline.end_s[:, stage][flight]
        return np.where(np.isnan(entered_s), 0.0, np.fmin(left_s, until_s) - np.fmin(entered_s, until_s))

    return {steps[stage].stage.key: float(seconds(stage).sum()) / n if n else np.nan for stage in _before_release(observation)}


def _metric(key: str, label: Text, unit: str, formula: str, compute: Callable[[Observation], dict[str, float]]) -> Metric:
    return Metric(key=key, label=label, unit=unit, better="neither", topic="release time", formula=formula, compute=compute)


METRICS: tuple[Metric, ...] = (
    _metric(
        "ends_last",
        Text("flights, by what ends last", "航班（按最後完成的環節）", "航班（按最后完成的环节）"),
        "share",
        "Measured flights released of which the stage is the last on the way to take-off (departure) or to the release that took "
        "10 s or more, waiting by schedule left out / measured flights released; to take-off, without the stages of the "
        "airspace, which all flights come to last. By departure or release / stage.",
        _ends_last,
    ),
    _metric(
        "on_critical_path",
        Text("flights with the step on their critical path", "該環節位於關鍵路徑上的航班", "该环节位于关键路径上的航班"),
        "share",
        "Measured flights released whose critical path has time in the queue or in service of the step / measured flights "
        "released. By step.",
        _on_critical_path,
    ),
    _metric(
        "stage_time",
        Text("time in each stage", "各環節用時", "各环节用时"),
        "s",
        "Mean over measured flights released of the time in the queue and in service of the stage up to the release, on the "
        "critical path or not; 0 for those that do not come to it. By stage.",
        _stage_time,
    ),
)
