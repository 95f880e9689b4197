"""Measures of a time release study by side: the control of the side of origin (export) and of destination (import).

The clock of export runs from the goods' arrival at the vertiport of departure, when their loading begins, to
take-off; that of import from the landing to the release. What is lodged and checked before the goods arrive counts
too. A step's time is that of the cargo flights which went through it. `sim.study.trs` gives the steps the names of
the World Customs Organization's guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text
from sim.metrics.breakdown import join_part, split_part
from sim.metrics.cached import cached_per_observation
from sim.metrics.groups import DIRECTIONS, Direction, apart, channels, sides, tiers
from sim.metrics.quantiles import RELEASE_TIME_QUANTILES, mean
from sim.metrics.release_time import (
    arrival_to_release_s,
    file_to_release_s,
    lodged_s,
    not_negative,
    union_s,
)
from sim.model.metric import Distribution, Metric, Quantiles
from sim.model.observation import Observation
from sim.model.stage import Mark, Role

ALL = "all"


@dataclass(frozen=True)
class Cell:
    """One line of the study: where it stands, and the lapses of its flights (s, shape (k,), without NaN)."""

    direction: Direction
    side: str
    group: str
    step: str
    lapse_s: Floats

    @property
    def part(self) -> str:
        return join_part(self.direction, self.side, self.group, self.step)


@dataclass(frozen=True)
class _Lines:
    """The flights that went through a step at a side: their lapses (s, shape (k,)), and who of them is in a group."""

    direction: Direction
    side: str
    step: str
    lapse_s: Floats
    channels: Mapping[str, Bools]
    tiers: Mapping[str, Bools]


@cached_per_observation
def cells(observation: Observation) -> tuple[Cell, ...]:
    """Every line, whether a flight stands in it or not: the sides at the ends of the routes, all groups, all steps."""
    return tuple(
        Cell(lines.direction, lines.side, group, lines.step, lines.lapse_s[members])
        for lines in _lines(observation)
        for group, members in {ALL: np.ones(len(lines.lapse_s), dtype=bool), **lines.channels, **lines.tiers}.items()
    )


@cached_per_observation
def _lines(observation: Observation) -> tuple[_Lines, ...]:
    return tuple(lines for direction in DIRECTIONS for lines in _of_direction(observation, direction))


def _of_direction(observation: Observation, direction: Direction) -> Iterator[_Lines]:
    role = DIRECTIONS[direction]
    ended_s = _departed_s(observation) if direction == "export" else observation.released_s
    counted = observation.measured & ~observation.flights.cabin & ~np.isnan(ended_s)
    lapses = _export(observation) if direction == "export" else _import(observation)
    groupings = channels(observation, (role,)), tiers(observation)
    for side, of_side in sides(observation, role).items():
        here = np.flatnonzero(counted & of_side)
        for step, lapse_s in lapses.items():
            through = here[~np.isnan(lapse_s[here])]
            groups = ({key: members[through] for key, members in grouping.items()} for grouping in groupings)
            yield _Lines(direction, side, step, lapse_s[through], *groups)


def _departed_s(observation: Observation) -> Floats:
    """Shape (n,): the take-off, by the horizon; NaN where there was none by then."""
    number = observation.plan.takeoff
    if number is None:
        return np.full(len(observation.flights), np.nan)
    start_s = observation.timeline.start_s[:, number]
    return np.where(start_s <= observation.horizon_s, start_s, np.nan)


def _instant_s(observation: Observation, mark: Mark, which: str, role: Role | None = None) -> Floats:
    """Shape (n,): an instant (`queued_s` or `start_s`) of the stage with that mark; NaN where there is none."""
    number = observation.plan.the_marked(mark, role)
    if number is None:
        return np.full(len(observation.flights), np.nan)
    instants: Floats = getattr(observation.timeline, which)[:, number]
    return instants


def _export(observation: Observation) -> Mapping[str, Floats]:
    """By step: lapses, shape (n,), NaN where the flight did not go through it."""
    departed_s, lodged = _departed_s(observation), lodged_s(observation)
    arrived_s = _instant_s(observation, Mark.LOADING, "start_s")
    return {
        "arrival_to_lodgement": lodged - arrived_s,
        **_controls(observation, "origin", np.full(len(lodged), -np.inf), departed_s),
        "arrival_to_departure": departed_s - arrived_s,
        "lodgement_to_departure": not_negative(departed_s - lodged),
    }


def _import(observation: Observation) -> Mapping[str, Floats]:
    released_s = observation.released_s
    return {
        "arrival_to_lodgement": lodged_s(observation) - observation.end_of_marked(Mark.LANDED),
        **_controls(observation, "destination", _departed_s(observation), released_s),
        "release": released_s - _instant_s(observation, Mark.RELEASED, "start_s"),
        "arrival_to_release": arrival_to_release_s(observation),
        "lodgement_to_release": file_to_release_s(observation),
    }


def _controls(observation: Observation, role: Role, from_s: Floats, until_s: Floats) -> Mapping[str, Floats]:
    """What both directions have. Goods are inspected where they are: before take-off at the origin, else at the destination.

    from_s, until_s: between which instants an inspection of this direction begins and is counted.
    """
    steps = observation.plan.steps
    documents = [s for s, step in enumerate(steps) if step.stage.step == "documents" and step.stage.role == role]
    inspection = [s for s, step in enumerate(steps) if step.stage.step == "inspection"]
    return {
        "lodgement_to_acceptance": not_negative(_instant_s(observation, Mark.ACCEPTED, "queued_s", role) - lodged_s(observation)),
        "documentary_control": _spent_s(observation, documents, np.full(len(until_s), -np.inf), until_s),
        "physical_inspection": _spent_s(observation, inspection, from_s, until_s),
    }


def _spent_s(observation: Observation, stages: list[int], from_s: Floats, until_s: Floats) -> Floats:
    """Shape (n,): from entry to end of any of the stages entered in [from, until), what overlaps once; NaN if none was."""
    entered_s = observation.timeline.queued_s[:, stages]
    inside = (entered_s >= from_s[:, None]) & (entered_s < until_s[:, None])
    rows = np.flatnonzero(inside.any(axis=1))
    left_s = np.fmin(observation.timeline.end_s[:, stages][rows], until_s[rows, None])
    spent_s = np.full(len(inside), np.nan)
    spent_s[rows] = union_s(np.where(inside[rows], entered_s[rows], np.nan), left_s)
    return spent_s


def _means(observation: Observation) -> dict[str, float]:
    return {join_part(*split_part(cell.part), "mean"): mean(cell.lapse_s) for cell in cells(observation)}


def _by_finest(observation: Observation) -> dict[str, Floats]:
    """The lapses by direction, side, channel (empty where there are none), tier and step."""
    return {
        join_part(lines.direction, lines.side, *split_part(groups), lines.step): lines.lapse_s[members]
        for lines in _lines(observation)
        for groups, members in apart(len(lines.lapse_s), lines.channels, lines.tiers).items()
    }


def _lines_of(part: str) -> tuple[str, ...]:
    """The lines in which the flights of a part of the distribution stand."""
    direction, side, channel, tier, step = split_part(part)
    return tuple(join_part(direction, side, group, step) for group in (ALL, channel, tier) if group)


def _flights(observation: Observation) -> dict[str, float]:
    return {cell.part: float(len(cell.lapse_s)) for cell in cells(observation)}


_BY = (
    "By direction (export: control of the side of origin, before take-off; import: of the side of destination) / side / "
    "all, channel at that side or tier / step"
)
_OVER = (
    "over measured cargo flights that took off (export) or were released (import) and went through the step; what overlaps "
    "counts once."
)
_TIMES = Distribution(
    key="time_release",
    label=Text("time release study by side", "各方貨物放行時間研究", "各方货物放行时间研究"),
    formula=f"Time of each step of export and import, {_OVER} By direction / side / channel at that side / tier / step.",
    compute=_by_finest,
)
METRICS: tuple[Metric, ...] = (
    Metric(
        key="time_release",
        label=Text("time release study by side", "各方貨物放行時間研究", "各方货物放行时间研究"),
        unit="s",
        better="neither",
        topic="release time",
        formula=f"Time of each step of export and import, {_OVER} {_BY} / statistic: mean, quantiles of all replications.",
        compute=_means,
        quantiles=Quantiles(_TIMES, RELEASE_TIME_QUANTILES, _lines_of),
    ),
    Metric(
        key="time_release_flights",
        label=Text("time release study by side, flights", "各方貨物放行時間研究：航班數", "各方货物放行时间研究：航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="release time",
        formula=f"The flights behind each of these times. {_BY}.",
        compute=_flights,
    ),
)
