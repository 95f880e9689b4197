"""Measures: by which rule or pool flights are lost, put off and kept waiting.

Until its planned departure a flight loses nothing: that is when its customer wants it to leave. From there to the earliest
departure that policy permits, the rules that put it off have it, whatever it does meanwhile. Then its critical path is divided by
what it waited for: a queue for servers that were all taken, a roster or hours in which nobody served, the next batch, a closure.
A wait in a queue is divided by instants, so that a night without anybody on duty is told apart from the busy hour after it. What
remains is service. A flight that ends without a release counts for what ended it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, MINUTE_S
from sim.metrics.breakdown import TOTAL
from sim.metrics.cached import cached_per_observation
from sim.metrics.occupancy import is_counted
from sim.metrics.waiting import markers
from sim.metrics.waterfall import Passage, critical_paths, released_flights, walk_back
from sim.model.calendar import Calendar
from sim.model.fact_catalogue import PUT_OFF
from sim.model.feature import Feature
from sim.model.limit import SCHEDULE, PutOff, batch, not_in_time, off_duty, queue
from sim.model.metric import EventSize, Metric
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.model.plan import NEVER, NO_POOL, Plan, Pool
from sim.model.stage import Limit, Mark

PUT_OFF_S = 3600.0
LEAST_S = 1.0
DUST_S = 1e-6  # the sums of two calendars that close at the same instants differ in their last digits
BEFORE, SERVICE = "before_departure", "in_service"
NOT_LIMITS: dict[str, Text] = {
    BEFORE: Text("up to the planned departure", "計劃起飛前", "计划起飞前"),
    SERVICE: Text("being dealt with", "處理中", "办理中"),
}
"""The parts of a flight's time that no limit accounts for."""
ENDS = (Outcome.REFUSED, Outcome.DIVERTED, Outcome.CANCELLED, Outcome.LOST)
Flights = NDArray[np.int64]


def limit_labels(features: Sequence[Feature]) -> dict[str, Text]:
    """The label of everything that these features may lose, put off or keep waiting flights by, by key; stages have their own."""
    kinds = [kind for feature in features for kind in feature.pools]
    stages = [stage for feature in features for stage in feature.stages]
    limits = [SCHEDULE, *(limit for feature in features for limit in feature.limits), *map(not_in_time, stages)]
    limits += [of_kind(kind) for of_kind in (queue, batch, off_duty) for kind in kinds]
    return {limit.key: limit.label for limit in limits}


@dataclass(frozen=True)
class Held:
    """What held flights past their planned departure.

    flight: shape (k,), numbers · seconds: by key of a limit, BEFORE or SERVICE, shape (k,); they add up to the critical path.
    """

    flight: Flights
    seconds: Mapping[str, Floats]

    @property
    def by_limit(self) -> dict[str, Floats]:
        """The same of limits alone."""
        return {key: seconds for key, seconds in self.seconds.items() if key not in NOT_LIMITS}


@cached_per_observation
def held_released(observation: Observation) -> Held:
    """Of the measured, released flights, up to the release."""
    return _held(observation, released_flights(observation), critical_paths(observation))


@cached_per_observation
def held_under_way(observation: Observation) -> Held:
    """Of the measured flights that have not ended by the horizon, up to then."""
    flight = np.flatnonzero(observation.measured & (observation.outcome == Outcome.IN_SYSTEM))
    release = observation.plan.the_marked(Mark.RELEASED)
    if release is None or not len(flight):
        return Held(flight, {})
    until_s = np.full(len(flight), observation.horizon_s)
    return _held(observation, flight, walk_back(observation, flight, np.full(len(flight), release), until_s))


def _held(observation: Observation, flight: Flights, passages: "Sequence[Passage] | Iterator[Passage]") -> Held:
    seconds = {BEFORE: np.zeros(len(flight)), SERVICE: np.zeros(len(flight))}
    spells = [(BEFORE, np.full(len(flight), -np.inf)), *_departures_s(observation, flight)]
    permitted_s = spells[-1][1]
    begin_s, end_s = np.full(len(flight), np.inf), np.full(len(flight), -np.inf)
    for passage in passages:
        rows = passage.rows
        begin_s[rows], end_s[rows] = passage.ready_s, np.maximum(end_s[rows], passage.until_s)
        until_s, served_s, queued_s, ready_s = (
            np.maximum(instants_s, permitted_s[rows])
            for instants_s in (passage.until_s, passage.served_s, passage.queued_s, passage.ready_s)
        )
        limit = observation.plan.steps[passage.stage].stage.limit
        _add(seconds, SERVICE if limit is None else limit.key, rows, until_s - served_s)
        for key, which, spent_s in _of_queue(observation, passage.stage, flight[rows], queued_s, served_s):
            _add(seconds, key, rows[which], spent_s)
        for key, which, spent_s in _of_schedule(observation, passage.stage, flight[rows], queued_s - ready_s):
            _add(seconds, key, rows[which], spent_s)
    everybody = np.arange(len(flight))
    for (key, from_s), (_, to_s) in pairwise(spells):  # the passages adjoin each other
        _add(seconds, key, everybody, np.clip(end_s, from_s, to_s) - np.clip(begin_s, from_s, to_s))
    return Held(flight, seconds)


def _departures_s(observation: Observation, flight: Flights) -> Iterator[tuple[str, Floats]]:
    """From when, in turn, each rule has the flight, from its planned departure to the one that policy permits."""
    departure_s = observation.flights.planned_departure_s[flight]
    for put_off in _put_offs(observation):
        yield put_off.limit.key, departure_s
        departure_s = departure_s + np.maximum(put_off.by_s[flight], 0.0)
    yield SERVICE, departure_s


def _put_offs(observation: Observation, stage_key: str = "") -> list[PutOff]:
    """What puts off a stage, or the departure if none is named, in turn."""
    declared = observation.facts.get(PUT_OFF, ()) if observation.facts is not None else ()
    return [put_off for put_off in declared if put_off.stage_key == stage_key]


def _add(seconds: dict[str, Floats], key: str, rows: Flights, spent_s: Floats) -> None:
    if not spent_s.any():
        return
    if key not in seconds:
        seconds[key] = np.zeros(len(seconds[BEFORE]))
    seconds[key][rows] += spent_s


Shares = Iterator[tuple[str, Flights, Floats]]
"""Key of a limit, the positions of flights that it holds, and how long."""


def _of_schedule(observation: Observation, stage: int, flight: Flights, spent_s: Floats) -> Shares:
    """A wait by schedule for `spent_s` past the departure that policy permits, by the rules that put the stage off."""
    waits = np.flatnonzero(spent_s > 0)
    if not len(waits):
        return
    left_s = spent_s[waits]
    for put_off in _put_offs(observation, observation.plan.steps[stage].stage.key):
        by_s = np.clip(put_off.by_s[flight[waits]], 0.0, left_s)
        left_s = left_s - by_s
        yield put_off.limit.key, waits, by_s
    yield SCHEDULE.key, waits, left_s


def _of_queue(observation: Observation, stage: int, flight: Flights, queued_s: Floats, left_s: Floats) -> Shares:
    """Waits in a stage's queue, divided by why nobody served."""
    waits = np.flatnonzero(left_s > queued_s)
    numbers = observation.plan.pool[:, stage][flight[waits]]
    for number in np.unique(numbers).tolist():
        which = waits[numbers == number]
        if number == NO_POOL:
            yield not_in_time(observation.plan.steps[stage].stage).key, which, left_s[which] - queued_s[which]
        else:
            for key, spent_s in _causes(observation)[number].divided(queued_s[which], left_s[which]):
                yield key, which, spent_s


@dataclass(frozen=True)
class _Causes:
    """Why a pool does not serve: `closed`, each after those before it, then whatever keeps servers on duty from serving."""

    closed: tuple[tuple[str, Calendar], ...]
    otherwise: str

    @staticmethod
    def of(pool: Pool) -> "_Causes":
        closed, together = [], None
        for limit, calendar in pool.closed_by:
            together = calendar if together is None else together.within(calendar)
            closed.append((limit.key, together))
        takes_all = not is_counted(pool.calendar)
        closed.append((off_duty(pool.kind).key, pool.calendar))
        waits_for_batch = batch(pool.kind).key if pool.period_s > 0 else closed[0][0]
        return _Causes(tuple(closed), waits_for_batch if takes_all else queue(pool.kind).key)

    def divided(self, from_s: Floats, to_s: Floats) -> Iterator[tuple[str, Floats]]:
        """How much of [from_s, to_s) is due to each cause, shape (k,) each; they add up."""
        accounted_s = np.zeros(len(from_s))
        for key, calendar in self.closed:
            shut_s = shut_until(calendar, to_s) - shut_until(calendar, from_s)
            yield key, np.where(shut_s - accounted_s > DUST_S, shut_s - accounted_s, 0.0)
            accounted_s = np.maximum(shut_s, accounted_s)
        yield self.otherwise, np.maximum(to_s - from_s - accounted_s, 0.0)

    def possible(self) -> Iterator[str]:
        """The causes that the pool may have at all."""
        *rules, (key, calendar) = self.closed
        yield from (of_rule for of_rule, _ in rules)
        shut_s = [_shut_in_all(closing, calendar) for _, closing in self.closed[-2:]]
        if 0 in calendar.capacities and (not rules or shut_s[1] > shut_s[0] + LEAST_S):
            yield key
        yield self.otherwise


def _shut_in_all(closing: Calendar, calendar: Calendar) -> float:
    """Seconds that a calendar is shut over the instants that another has."""
    if 0 not in closing.capacities:
        return 0.0
    return float(np.diff(shut_until(closing, np.array([calendar.times_s[0], calendar.times_s[-1] + DAY_S])))[0])


def shut_until(calendar: Calendar, instants_s: Floats) -> Floats:
    """Shape of `instants_s`: seconds without any server since the calendar's first instant; negative before it."""
    times, shut = np.array(calendar.times_s), np.array(calendar.capacities) == 0
    at_change = np.concatenate([[0.0], np.cumsum(np.diff(times) * shut[:-1])])
    spell = np.maximum(np.searchsorted(times, instants_s, side="right") - 1, 0)
    lapse_s = instants_s - times[spell]
    return np.asarray(at_change[spell] + np.where(shut[spell] | (lapse_s < 0), lapse_s, 0.0))


@cached_per_observation
def _causes(observation: Observation) -> tuple[_Causes, ...]:
    """By number of a pool."""
    return tuple(_Causes.of(pool) for pool in observation.plan.pools)


# ------------------------------------------------------------------------------------------------ flights that end unreleased


@cached_per_observation
def ended_by(observation: Observation) -> dict[str, float]:
    """By key of a limit or stage: the measured flights that ended without a release by the horizon, each once."""
    is_ended = _is_ended(observation)
    counts: dict[str, float] = {}
    for key, n in _lost_orders(observation, is_ended & (observation.outcome == Outcome.LOST)):
        counts[key] = counts.get(key, 0.0) + n
    for key, n in _ended_on_the_way(observation, np.flatnonzero(is_ended & (observation.outcome != Outcome.LOST))):
        counts[key] = counts.get(key, 0.0) + n
    return counts


def _is_ended(observation: Observation) -> Bools:
    """Shape (n,): measured, and ended without a release by the horizon."""
    return observation.measured & np.isin(observation.outcome, ENDS)


def _lost_orders(observation: Observation, lost: Bools) -> Iterator[tuple[str, float]]:
    """Orders that would not wait, by the rule that first puts their departure off further than they would."""
    limits, number = departures_put_off_by(observation)
    counts = np.bincount(number[lost], minlength=len(limits))
    yield from ((limit.key, float(n)) for limit, n in zip(limits, counts.tolist(), strict=True) if n)


@cached_per_observation
def departures_put_off_by(observation: Observation) -> tuple[tuple[Limit, ...], NDArray[np.int64]]:
    """The rules that put departures off, and of each flight, shape (n,), the number of the one that does so.

    Of a lost order the first that puts it off further than the customer would wait, else the one that puts off most; the
    last number where none does.
    """
    put_offs = _put_offs(observation)
    by_s = np.array([np.maximum(put_off.by_s, 0.0) for put_off in put_offs]).reshape(len(put_offs), len(observation.flights))
    is_too_far = np.cumsum(by_s, axis=0) > observation.flights.max_shift_s
    none = len(put_offs)
    most = np.where(by_s.any(axis=0), by_s.argmax(axis=0), none) if none else np.full(len(observation.flights), none)
    first = np.where(is_too_far.any(axis=0), is_too_far.argmax(axis=0), none) if none else most
    number = np.where(observation.outcome == Outcome.LOST, first, most)
    return (*(put_off.limit for put_off in put_offs), SCHEDULE), number.astype(np.int64)


def _ended_on_the_way(observation: Observation, flight: Flights) -> Iterator[tuple[str, float]]:
    """Flights by what ended them: the verdict of a stage, or what they waited for when they gave one up."""
    plan, timeline = observation.plan, observation.timeline
    fallback, left = _with_fallback(plan), flight
    for number in range(plan.n_stages if len(flight) else 0):
        at_end = left[timeline.end_s[:, number][left] == timeline.ended_s[left]]
        was_served = ~np.isnan(timeline.start_s[:, number][at_end])
        judged = at_end[was_served & (plan.ends[:, number][at_end] != 0)]
        gave_up = at_end[~was_served] if number not in fallback else at_end[:0]
        yield from _by_verdict(observation, number, judged)
        yield from _gave_up(observation, number, gave_up)
        left = np.setdiff1d(left, np.concatenate([judged, gave_up]), assume_unique=True)
    for outcome in ENDS if len(left) else ():
        if n := int((observation.outcome[left] == outcome).sum()):
            yield outcome.name.lower(), float(n)


def _with_fallback(plan: Plan) -> frozenset[int]:
    """The stages that a flight can give up and go on."""
    return frozenset(stage for step in plan.steps for stage in step.if_given_up)


def _by_verdict(observation: Observation, number: int, flight: Flights) -> Iterator[tuple[str, float]]:
    """A closing stage carries what was given up before: the first of these counts."""
    plan, left = observation.plan, flight
    step = plan.steps[number]
    if number in plan.closing and step.if_given_up and len(flight):
        ends_s = np.array([_instant_given_up(observation, stage, flight) for stage in step.if_given_up])
        first = np.argmin(ends_s, axis=0)
        for place, stage in enumerate(step.if_given_up):
            here = (first == place) & np.isfinite(ends_s[place])
            yield from _gave_up(observation, stage, flight[here])
            left = np.setdiff1d(left, flight[here], assume_unique=True)
    if len(left):
        yield step.stage.key, float(len(left))


def _instant_given_up(observation: Observation, stage: int, flight: Flights) -> Floats:
    timeline = observation.timeline
    is_given_up = np.isnan(timeline.start_s[:, stage][flight]) & ~np.isnan(timeline.end_s[:, stage][flight])
    return np.where(is_given_up, timeline.end_s[:, stage][flight], np.inf)


def _gave_up(observation: Observation, number: int, flight: Flights) -> Iterator[tuple[str, float]]:
    """Flights that gave a stage up, by what they waited for.

    Out of patience: in its queue. By its deadline: on the way to it since they were last free to begin, the longest. What was
    waited for nowhere counts for the stage itself; a marker states a fact, and counts for itself.
    """
    if not len(flight):
        return
    plan, timeline = observation.plan, observation.timeline
    stage = plan.steps[number].stage
    if markers(plan)[number]:
        yield stage.key, float(len(flight))
        return
    queued_s = timeline.queued_s[:, number][flight]
    impatient = queued_s + plan.patience_s[:, number][flight] <= plan.deadline_s[:, number][flight]
    for which, waits_of in ((impatient, _in_queue), (~impatient, _on_the_way)):
        for key, n in _longest(waits_of(observation, number, flight[which])):
            yield key or not_in_time(stage).key, n


def _longest(waits: Mapping[str, Floats]) -> Iterator[tuple[str, float]]:
    """How many flights have each wait as their longest; under "" those without any."""
    seconds = np.array(list(waits.values()))
    longest = np.where(seconds.max(axis=0, initial=0.0) > LEAST_S, np.argmax(seconds, axis=0), 0)
    numbers, counts = np.unique(longest, return_counts=True)
    keys = ["", *list(waits)[1:]]
    yield from ((keys[number], float(n)) for number, n in zip(numbers.tolist(), counts.tolist(), strict=True))


def _in_queue(observation: Observation, number: int, flight: Flights) -> dict[str, Floats]:
    """What flights waited for in the queue of a stage until they gave it up."""
    timeline, waits = observation.timeline, {BEFORE: np.zeros(len(flight))}
    queued_s = timeline.queued_s[:, number][flight]
    left_s = np.maximum(timeline.end_s[:, number][flight], queued_s + 2 * LEAST_S)  # without any patience: what kept it out
    for key, which, spent_s in _of_queue(observation, number, flight, queued_s, left_s):
        _add(waits, key, which, spent_s)
    return waits


def _on_the_way(observation: Observation, number: int, flight: Flights) -> dict[str, Floats]:
    """What flights waited for up to the deadline of a stage, back to the last wait by schedule: before that nothing pressed."""
    waits = {BEFORE: np.zeros(len(flight))}
    until_s, runs_on = observation.timeline.end_s[:, number][flight], np.ones(len(flight), dtype=np.bool_)
    for passage in walk_back(observation, flight, np.full(len(flight), number), until_s):
        running = np.flatnonzero(runs_on[passage.rows])
        rows, queue_s = passage.rows[running], (passage.queued_s[running], passage.served_s[running])
        for key, which, spent_s in _of_queue(observation, passage.stage, flight[rows], *queue_s):
            _add(waits, key, rows[which], spent_s)
        by_schedule_s = (passage.queued_s - passage.ready_s)[running]
        for put_off in _put_offs(observation, observation.plan.steps[passage.stage].stage.key):
            _add(waits, put_off.limit.key, rows, np.clip(put_off.by_s[flight[rows]], 0.0, by_schedule_s))
        runs_on[rows] &= by_schedule_s <= LEAST_S
    return waits


# ---------------------------------------------------------------------------------------------------------------- measures


@cached_per_observation
def _possible(observation: Observation) -> tuple[str, ...]:
    """The limits that flights of this scenario may meet, whether or not they do in this replication."""
    plan = observation.plan
    keys = [put_off.limit.key for put_off in (observation.facts.get(PUT_OFF, ()) if observation.facts is not None else ())]
    keys += [step.stage.limit.key for step in plan.steps if step.stage.limit]
    keys += [
        key for pool, causes in zip(plan.pools, _causes(observation), strict=True) if pool != NEVER for key in causes.possible()
    ]
    return tuple(dict.fromkeys((*keys, SCHEDULE.key)))


def _possible_ends(observation: Observation) -> Iterator[str]:
    """The stages that flights of this scenario may end for, whether or not they do in this replication."""
    plan = observation.plan
    is_marker, fallback = markers(plan), _with_fallback(plan)
    judges = np.any((plan.ends != 0) & (plan.ends != Outcome.LOST), axis=0).tolist()
    is_timed = np.any(np.isfinite(plan.deadline_s), axis=0).tolist()
    for number, step in enumerate(plan.steps):
        if number in plan.closing and step.if_given_up:
            yield from (plan.steps[stage].stage.key for stage in step.if_given_up if is_marker[stage])
        elif judges[number]:
            yield step.stage.key
        if number not in fallback and is_timed[number]:
            yield not_in_time(step.stage).key


def _shares(observation: Observation, counts: Mapping[str, float], whole: float) -> dict[str, float]:
    n = int(observation.measured.sum())
    keys = dict.fromkeys((*_possible(observation), *counts))
    shares = {TOTAL: whole, **{key: counts.get(key, 0.0) for key in keys}}
    return {key: count / n if n else np.nan for key, count in shares.items()}


def _lost(observation: Observation) -> dict[str, float]:
    counts = dict.fromkeys(_possible_ends(observation), 0.0) | ended_by(observation)
    return _shares(observation, counts, float(_is_ended(observation).sum()))


def _put_off(observation: Observation) -> dict[str, float]:
    return _of_not_ended(observation, PUT_OFF_S, np.inf)


def _kept_waiting(observation: Observation) -> dict[str, float]:
    return _of_not_ended(observation, LEAST_S, PUT_OFF_S)


def _of_not_ended(observation: Observation, from_s: float, below_s: float) -> dict[str, float]:
    """Flights released or under way that a limit held for at least `from_s` and less than `below_s`; as a whole, the longest."""
    counts: dict[str, float] = {}
    whole = 0.0
    for held in (held_released(observation), held_under_way(observation)):
        longest_s = np.zeros(len(held.flight))
        for key, seconds in held.by_limit.items():
            counts[key] = counts.get(key, 0.0) + float(((seconds >= from_s) & (seconds < below_s)).sum())
            longest_s = np.maximum(longest_s, seconds)
        whole += float(((longest_s >= from_s) & (longest_s < below_s)).sum())
    return _shares(observation, counts, whole)


def _minutes(observation: Observation) -> dict[str, float]:
    held = held_released(observation)
    n = len(held.flight)
    sums = {key: float(seconds.sum()) / MINUTE_S for key, seconds in held.seconds.items()}
    keys = dict.fromkeys((*NOT_LIMITS, *_possible(observation), *sums))
    table = {TOTAL: sum(sums.values()), **{key: sums.get(key, 0.0) for key in keys}}
    return {key: total / n if n else np.nan for key, total in table.items()}


_BY_LIMIT = "By limit: a rule, a pool's queue, batches, roster or hours"
METRICS: tuple[Metric, ...] = (
    Metric(
        key="lost_by_limit",
        label=Text("flights lost, by limit", "流失航班（按制約因素）", "流失航班（按制约因素）"),
        unit="share",
        better="neither",
        topic="outcome",
        formula=(
            "Measured flights that ended without a release by the horizon / flights planned. Lost after a cut-off: by the first "
            "rule that puts the departure off further than the customer would wait; out of patience: by what the queue was for; "
            "past a deadline: by the longest wait on the way to it; else by the stage that refused it, or was not reached in "
            f"time. {_BY_LIMIT}, or a stage."
        ),
        compute=_lost,
        event=EventSize(per="flights_planned"),
    ),
    Metric(
        key="put_off_by_limit",
        label=Text(
            "flights put off by an hour or more, by limit",
            "推遲一小時或以上的航班（按制約因素）",
            "推迟一小时或以上的航班（按制约因素）",
        ),
        unit="share",
        better="neither",
        topic="delay",
        formula=(
            "Measured flights released, or not ended by the horizon, that one limit held for 60 min or more after the planned "
            f"departure, by putting it off or on the critical path / flights planned. {_BY_LIMIT}; as a whole, by any."
        ),
        compute=_put_off,
        event=EventSize(per="flights_planned"),
    ),
    Metric(
        key="kept_waiting_by_limit",
        label=Text(
            "flights kept waiting for less than an hour, by limit",
            "等候不足一小時的航班（按制約因素）",
            "等候不足一小时的航班（按制约因素）",
        ),
        unit="share",
        better="neither",
        topic="waiting",
        formula=f"The same flights held for 1 s or more, and less than 60 min. {_BY_LIMIT}; as a whole, by the longest.",
        compute=_kept_waiting,
        event=EventSize(per="flights_planned"),
    ),
    Metric(
        key="minutes_by_limit",
        label=Text("order to release, by limit", "下單至放行時間（按制約因素）", "下单至放行时间（按制约因素）"),
        unit="min",
        better="neither",
        topic="release time",
        formula=(
            "Mean time on the critical path over measured flights released, by what the flight waited for. Up to the planned "
            "departure: before_departure. From there to the departure that policy permits: the rules that put it off. Then: "
            "in_service, and waits; of a wait in a queue, the time when no server is on duty counts for the rule that closes the "
            "pool or for its roster or hours, the rest for the queue or the batch. The parts add up to the mean of order to "
            f"release. {_BY_LIMIT}."
        ),
        compute=_minutes,
    ),
)
