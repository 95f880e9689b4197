"""What each flight is seen to do at each moment, and where.

A flight does several things at a time: its data are checked while it is loaded. Shown is one of them, the stage of
the step farthest along (the order of `sim.model.stage.Step`; of two in one step, the later stage of the plan). Goods and
aircraft part at the destination, so the stages of the return are a track of their own. A flight that only waits for an
hour that its schedule names is not shown.
"""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats, Ints
from sim.metrics.visits import pool_visits
from sim.model.observation import Observation
from sim.model.plan import NO_POOL, Plan
from sim.model.stage import Mark, Step
from sim.replay.places import BACK, OUT, Places

TICKS_PER_S = 10
NEVER = -(2**31)  # no instant
NO_PATH, NOBODY = -1, -1
AT_START, MOVING, AT_END, HOLDING = 0, 1, 2, 3
RETURN: Step = "return"
_STEP_RANK = {step: rank for rank, step in enumerate(get_args(Step))}


def ticks(instants_s: Floats) -> Ints:
    """Tenths of a second, NEVER for NaN and infinity."""
    known = np.isfinite(instants_s)
    return np.where(known, np.rint(np.where(known, instants_s, 0.0) * TICKS_PER_S), NEVER).astype(np.int64)


@dataclass(frozen=True)
class Visits:
    """The visited stages of all flights, by flight and stage; every array has shape (k,).

    flight, stage, pool: numbers, NO_POOL (-1) for none · queued, start, end: ticks, NEVER where there is
    none · left: ticks, when the flight left the queue · over: ticks, when it left the stage · free: ticks, when the
    server was free again, NEVER where none was taken. What lasts for ever lasts until the horizon.
    """

    flight: Ints
    stage: Ints
    pool: Ints
    queued: Ints
    start: Ints
    end: Ints
    left: Ints
    over: Ints
    free: Ints

    @staticmethod
    def of(observation: Observation) -> "Visits":
        """Those that began by the horizon."""
        plan, timeline, horizon_s = observation.plan, observation.timeline, observation.horizon_s
        began_s = np.fmin(timeline.queued_s, timeline.end_s)
        flight, stage = np.nonzero(began_s <= horizon_s)
        cell = flight, stage
        queued, start, end = (ticks(times[cell]) for times in (timeline.queued_s, timeline.start_s, timeline.end_s))
        last = np.where(np.isnan(timeline.ended_s), horizon_s, timeline.ended_s)  # cut off there, or still in it
        over = np.where(end == NEVER, ticks(last)[flight], end)
        left = np.where(start == NEVER, over, start)
        pool = np.where(plan.visits, plan.pool, NO_POOL)[cell].astype(np.int64)
        return Visits(flight, stage, pool, queued, start, end, left, over, _free(observation, flight, stage, over))


def _free(observation: Observation, flight: Ints, stage: Ints, over: Ints) -> Ints:
    visits, n_stages = pool_visits(observation), observation.plan.n_stages
    cell = flight * n_stages + stage
    place = np.searchsorted(cell, visits.flight.astype(np.int64) * n_stages + visits.stage)
    free = np.full(len(flight), NEVER, dtype=np.int64)
    held = np.maximum(over[place], ticks(np.array([observation.horizon_s])))
    free[place] = np.where(visits.served, np.where(np.isinf(visits.free_s), held, ticks(visits.free_s)), NEVER)
    return free


@dataclass(frozen=True)
class Spells:
    """What is seen, by flight and begin; every array has shape (k,).

    flight: number · begin, end: ticks · visit: position in the visits · waiting: in the queue, not in service ·
    path: number of a path of the places · mode: AT_START of it, MOVING along it, AT_END of it, or HOLDING in the air at its end.
    """

    flight: Ints
    begin: Ints
    end: Ints
    visit: Ints
    waiting: NDArray[np.bool_]
    path: Ints
    mode: Ints

    def at(self, instant_s: float) -> Ints:
        """The positions of the spells seen at an instant."""
        now = round(instant_s * TICKS_PER_S)
        return np.flatnonzero((self.begin <= now) & (now < self.end))

    def points(self, spells: Ints, instant_s: float, places: Places) -> tuple[Floats, Floats]:
        """Where those spells are at an instant: shape (k, 2), m from the map's corner, and shape (k,), their headings."""
        elapsed = instant_s * TICKS_PER_S - self.begin[spells]
        share = np.select(
            [self.mode[spells] == AT_START, self.mode[spells] == MOVING],
            [0.0, elapsed / np.maximum(self.end[spells] - self.begin[spells], 1)],
            1.0,
        )
        points, headings = np.empty((len(spells), 2)), np.empty(len(spells))
        for number in np.unique(self.path[spells]):
            here = self.path[spells] == number
            points[here] = places.paths[number].at(share[here])
            headings[here] = places.paths[number].headings(share[here])
        return points, headings


def spells_of(observation: Observation, visits: Visits, places: Places) -> Spells:
    """What is seen of every flight until the horizon."""
    stages = [step.stage for step in observation.plan.steps]
    returning = np.array([stage.step == RETURN for stage in stages])[visits.stage]
    rank = np.array([_STEP_RANK[stage.step] for stage in stages])[visits.stage]
    waits = (visits.queued != NEVER) & (visits.left > visits.queued)
    serves = (visits.start != NEVER) & (visits.over > visits.start)
    shown = np.concatenate([np.flatnonzero(waits), np.flatnonzero(serves)])
    waiting = np.arange(len(shown)) < waits.sum()
    begin = np.where(waiting, visits.queued[shown], visits.start[shown])
    end = np.where(waiting, visits.left[shown], visits.over[shown])
    track = 2 * visits.flight[shown] + returning[shown]
    path = _paths_of_moves(observation, visits, places)
    moves = path[shown] != NO_PATH
    order = np.lexsort((visits.stage[shown], rank[shown], moves))
    begin, end, owner = _seen(track[order], begin[order], end[order])
    owner = order[owner]
    in_order = np.lexsort((begin, track[owner]))
    begin, end, owner = begin[in_order], end[in_order], owner[in_order]
    visit = shown[owner]
    where, mode = _where(observation, visits, path, visit, begin, returning[visit], places)
    mode = np.where(_holds(observation, visits.stage[visit], waiting[owner]), HOLDING, mode)
    return Spells(visits.flight[visit], begin, end, visit, waiting[owner], where, mode)


def _holds(observation: Observation, stage: Ints, waiting: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Shape of `stage`: the aircraft waits in the air for a pad, or is stopped there."""
    for_pad = np.isin(stage, observation.plan.marked(Mark.HELD_FOR_PAD))
    stopped = np.isin(stage, observation.plan.marked(Mark.HELD_IN_FLIGHT))
    return np.asarray((for_pad & waiting) | stopped)


def _seen(track: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Of intervals [begin, end) on tracks, each later one in front of the earlier: what is seen of each, as begin, end, interval.

    Time is cut at every edge on a track; each interval paints the cells that it covers, the last one stays.
    """
    span = 2**40
    low, high = track * span + begin, track * span + end  # a begin before the first midnight stays above the track before
    edges = np.unique(np.concatenate([low, high]))
    first, last = np.searchsorted(edges, low), np.searchsorted(edges, high)
    lengths = last - first
    painter = np.repeat(np.arange(len(track)), lengths)
    cell = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(first, lengths)
    owner = np.full(len(edges), NOBODY, dtype=np.int64)
    owner[cell] = painter  # of several, NumPy keeps the last
    starts = np.flatnonzero((owner != NOBODY) & (owner != np.concatenate([[NOBODY], owner[:-1]])))
    ends = np.flatnonzero((owner != NOBODY) & (owner != np.concatenate([owner[1:], [NOBODY]]))) + 1
    base = track[owner[starts]] * span
    return edges[starts] - base, edges[ends] - base, owner[starts]


def _paths_of_moves(observation: Observation, visits: Visits, places: Places) -> Ints:
    """Shape of the visits: the path along which the stage moves the aircraft; NO_PATH for a stage that moves nothing."""
    flights = observation.flights
    route, outward = flights.route[visits.flight], flights.outward[visits.flight].astype(np.int64)
    path = np.full(len(visits.flight), NO_PATH, dtype=np.int64)
    for stage, of_way in _moves(observation.plan, places).items():
        rows = np.flatnonzero(visits.stage == stage)
        table = np.array([[of_way.get((r, way), NO_PATH) for way in (BACK, OUT)] for r in range(len(flights.routes))])
        path[rows] = table[route[rows], outward[rows]]
    return path


def _moves(plan: Plan, places: Places) -> dict[int, dict[tuple[int, int], int]]:
    """By number of a stage that moves the aircraft: its path by route and way of the flight."""
    moves = dict.fromkeys(plan.marked(Mark.DIVERT), places.divert) | dict.fromkeys(plan.marked(Mark.DIVERT_HOME), places.home)
    for k, stage in enumerate(plan.marked(Mark.OUT)):
        moves[stage] = {key: legs[k] for key, legs in places.legs.items() if k < len(legs)}
    for k, stage in enumerate(plan.marked(Mark.BACK)):
        moves[stage] = {(route, 1 - way): legs[k] for (route, way), legs in places.legs.items() if k < len(legs)}
    return moves


def _where(
    observation: Observation, visits: Visits, path: Ints, visit: Ints, begin: Ints, returning: NDArray[np.bool_], places: Places
) -> tuple[Ints, Ints]:
    """Path and mode of spells: on a path while it is flown, else at the end of the last one, before the first at its start.

    Goods stay where the flight out or the diversion took them; the aircraft goes on home.
    """
    flights = observation.flights
    first = np.array([[places.legs[r, way][0] for way in (BACK, OUT)] for r in range(len(flights.routes))])
    flight = visits.flight[visit]
    where = first[flights.route[flight], flights.outward[flight].astype(np.int64)]
    mode = np.full(len(visit), AT_START)
    outward = ~np.isin(visits.stage, observation.plan.marked(Mark.BACK))
    moves = (path != NO_PATH) & (visits.start != NEVER)
    for group, movers in ((returning, moves), (~returning, moves & outward)):
        rows = np.flatnonzero(movers)
        instant = _combined(visits.flight[rows], visits.start[rows])
        in_time = np.argsort(instant, kind="stable")
        last = np.searchsorted(instant[in_time], _combined(flight[group], begin[group]), side="right") - 1
        known = np.append(rows[in_time], 0)[last]
        moved = (last >= 0) & (visits.flight[known] == flight[group])
        where[group] = np.where(moved, path[known], where[group])
        mode[group] = np.where(moved, np.where(known == visit[group], MOVING, AT_END), AT_START)
    return where, mode


def _combined(flight: Ints, instant: Ints) -> Ints:
    return np.asarray(flight * 2**40 + instant)
