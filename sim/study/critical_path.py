"""What a change of policy does to the critical path: which stage ends last, in how many flights, and whether it takes longer.

Read from the values of replications: two scenarios of a study, or one scenario in two studies.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.ground.arrays import Floats
from sim.metrics.breakdown import TOTAL, join_part, split_part
from sim.metrics.ends_last import DEPARTURE, RELEASE
from sim.metrics.measure_ref import MeasureRef
from sim.model.stage import Role, Stage, Step
from sim.statistics.differences import Difference, ends_of
from sim.statistics.independent import independent_difference, mean_level
from sim.statistics.intervals import mean_of_present
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import paired_difference

if TYPE_CHECKING:
    from sim.study.study import Study

ENDS_LAST, ON_PATH, STAGE_TIME, RELEASED = "ends_last", "on_critical_path", "stage_time", "flights_released"
FLIGHT: Step = "flight"
POINTS = (DEPARTURE, RELEASE)
LEAST_SHARE = 0.05  # what moves in fewer flights is no news
LEAST_S, LEAST_PART = 6.0, 0.05  # a stage takes as long as before if its time moves by less than the larger of the two
APART = ("ground", "filing")  # steps whose stages a reader tells apart
PathValues = Mapping[MeasureRef, Floats]
"""By measure, shape (r,): the values of one scenario's replications."""
Group = tuple[Step, Role, str]
Pace = Literal["same", "longer", "shorter", "undecided", "new", "gone"]


@dataclass(frozen=True, slots=True)
class OwnTime:
    """How long something takes by itself, of a released flight on the mean, in s; 0 where none comes to it."""

    before_s: float
    after_s: float
    pace: Pace


@dataclass(frozen=True, slots=True)
class ShareMoved:
    """In what share of the released flights something holds, before and after; the two differ clearly.

    step, role: of the stages meant; stage: the one of them that is meant alone, or empty · led_there: whether they lead to that
    point, before and after, in whatever share of flights.
    """

    step: Step
    role: Role
    stage: str
    before: float
    after: float
    time: OwnTime
    led_there: tuple[bool, bool] = (True, True)

    @property
    def is_risen(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class PathChange:
    """What changed of the critical path.

    ends_last: by point (departure, release) the stages that end last in clearly more or fewer flights, what moved most first ·
    flight: in how many flights the release waits for the flight itself, None where that did not clearly change.
    """

    ends_last: Mapping[str, tuple[ShareMoved, ...]]
    flight: ShareMoved | None

    def __bool__(self) -> bool:
        return self.flight is not None or any(self.ends_last.values())


NO_CHANGE = PathChange({}, None)


def path_values(study: "Study") -> Mapping[str, PathValues]:
    """By scenario, the values that a change of the critical path is read from; nothing in a study of a version without them."""
    rows = study.replications
    rows = rows[rows["metric"].isin((ENDS_LAST, ON_PATH, STAGE_TIME, RELEASED))]
    values: dict[str, dict[MeasureRef, Floats]] = {name: {} for name in study.names}
    for (scenario, metric, part), of_measure in rows.groupby(["scenario", "metric", "part"], sort=False, observed=True):
        column = np.full(study.manifest.replications, np.nan)
        column[of_measure["replication"].to_numpy()] = of_measure["value"].to_numpy()
        values[str(scenario)][MeasureRef(str(metric), str(part))] = column
    return {name: of_name if any(ref.metric == ENDS_LAST for ref in of_name) else {} for name, of_name in values.items()}


def path_change(
    before: PathValues, after: PathValues, stages: Mapping[str, Stage], confidence: float, is_paired: bool = True
) -> PathChange:
    """What changed of the critical path from one scenario to another.

    stages: by key · is_paired: whether the replications share their random numbers. All shares that come to LEAST_SHARE in either
    are one family (Holm); a stage takes as long as before where the interval of the difference lies within LEAST_S or LEAST_PART.
    Nothing changed where either did not keep what that is read from.
    """
    if not all(any(ref.metric == ENDS_LAST for ref in values) for values in (before, after)):
        return NO_CHANGE  # what was not kept is not 0
    alpha = 1 - confidence
    event = _event(before, after)
    places = {
        (point, group): ([join_part(point, stage.key) for stage in members], members)
        for point in POINTS
        for group, members in _groups(_stages_at(point, (before, after), stages)).items()
    }
    shares = {place: _both(before, after, ENDS_LAST, parts) for place, (parts, _) in places.items()}
    if any(MeasureRef(ON_PATH, FLIGHT) in values for values in (before, after)):
        shares[FLIGHT, (FLIGHT, "air", "")] = _both(before, after, ON_PATH, [FLIGHT])
    shares = {place: pair for place, pair in shares.items() if max(map(mean_of_present, pair)) >= LEAST_SHARE}
    differences = [_difference(was, now, is_paired, event) for was, now in shares.values()]
    is_clear = holm([difference.p_value for difference in differences]).p_values < alpha
    moved: dict[str, list[ShareMoved]] = {}
    for ((point, group), (was, now)), difference, clear in zip(shares.items(), differences, is_clear.tolist(), strict=True):
        if clear and abs(difference.mean) >= LEAST_SHARE:
            members = _of_step(FLIGHT, stages) if point == FLIGHT else places[point, group][1]
            time = _own_time(before, after, members, alpha, is_paired)
            led = _led_there(places[point, group][0], before, after) if point != FLIGHT else (True, True)
            moved.setdefault(point, []).append(ShareMoved(*group, mean_of_present(was), mean_of_present(now), time, led))
    at_points = {point: _largest_first(moved.get(point, ())) for point in POINTS}
    return PathChange(at_points, next(iter(moved.get(FLIGHT, ())), None))


def _stages_at(point: str, both: Iterable[PathValues], stages: Mapping[str, Stage]) -> list[Stage]:
    """The stages that may end last there, in either."""
    parts = dict.fromkeys(ref.part for values in both for ref in values if ref.metric == ENDS_LAST)
    keys = [split_part(part)[1] for part in parts if split_part(part)[0] == point]
    return [stages[key] for key in keys if key in stages]


def _groups(members: Iterable[Stage]) -> dict[Group, list[Stage]]:
    """The stages as a reader tells them apart: by step, role and, of some steps, the stage itself."""
    groups: dict[Group, list[Stage]] = {}
    for stage in members:
        groups.setdefault((stage.step, stage.role, stage.key if stage.step in APART else ""), []).append(stage)
    return groups


def _of_step(step: Step, stages: Mapping[str, Stage]) -> list[Stage]:
    return [stage for stage in stages.values() if stage.step == step]


def _sum(values: PathValues, metric: str, parts: Iterable[str]) -> Floats:
    """Shape (r,): of the parts that there are; NaN where nothing was measured."""
    columns = [values[MeasureRef(metric, part)] for part in parts if MeasureRef(metric, part) in values]
    return np.sum(columns, axis=0) if columns else np.where(np.isnan(_released(values)), np.nan, 0.0)


def _both(before: PathValues, after: PathValues, metric: str, parts: Iterable[str]) -> tuple[Floats, Floats]:
    return _sum(before, metric, parts), _sum(after, metric, parts)


def _led_there(parts: Iterable[str], before: PathValues, after: PathValues) -> tuple[bool, bool]:
    refs = [MeasureRef(ENDS_LAST, part) for part in parts]
    return any(ref in before for ref in refs), any(ref in after for ref in refs)


def _released(values: PathValues) -> Floats:
    return values.get(MeasureRef(RELEASED, TOTAL), np.zeros(0))


def _event(before: PathValues, after: PathValues) -> float:
    """By how much one flight moves a share."""
    released = mean_of_present(np.concatenate([_released(before), _released(after)]))
    return 1 / released if released > 0 else math.nan


def _difference(before: Floats, after: Floats, is_paired: bool, event: float = math.nan) -> Difference:
    if is_paired:
        return paired_difference(before, after, event)
    return independent_difference(mean_level(before, event), mean_level(after, event))


def _own_time(before: PathValues, after: PathValues, members: Iterable[Stage], alpha: float, is_paired: bool) -> OwnTime:
    keys = [stage.key for stage in members]
    was, now = _both(before, after, STAGE_TIME, keys)
    before_s, after_s = mean_of_present(was), mean_of_present(now)
    if before_s and after_s:
        return OwnTime(before_s, after_s, _pace(was, now, alpha, is_paired))
    return OwnTime(before_s, after_s, "new" if after_s else "gone" if before_s else "same")


def _pace(was: Floats, now: Floats, alpha: float, is_paired: bool) -> Pace:
    margin = max(LEAST_S, LEAST_PART * mean_of_present(was))
    if is_paired and bool((np.abs(now - was)[~np.isnan(now - was)] <= margin).all()):
        return "same"
    difference = _difference(was, now, is_paired)
    low, high = ends_of([difference], np.array([alpha]))[0]
    if -margin <= low and high <= margin:
        return "same"
    if low > 0:
        return "longer"
    return "shorter" if high < 0 else "undecided"


def _largest_first(moved: Iterable[ShareMoved]) -> tuple[ShareMoved, ...]:
    return tuple(sorted(moved, key=lambda share: -abs(share.after - share.before)))


def risen_and_fallen(moved: Iterable[ShareMoved]) -> Iterator[ShareMoved]:
    """What ends last in more flights than before, and what in fewer: of each that which moved most."""
    for is_risen in (True, False):
        yield from [share for share in moved if share.is_risen == is_risen][:1]
