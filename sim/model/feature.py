"""A policy feature: one file that says its parameters, its draws, its stages and pools, its measures.

A replication is planned in two rounds, each in the order of `sim.policies.FEATURES`: first every feature
*decides* (facts: who is selected, when a flight may depart, which legs it flies), then every feature
*builds* (the stages that say it to the engine), so that what is built may rest on all that was decided.
Both functions see the case, which is the same for all, and the feature's own two parameter groups.
See docs/how-to/add-a-feature.md.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.ground.arrays import Floats, Ints32
from sim.ground.condition import Condition, Holds, all_of
from sim.ground.errors import Problem
from sim.ground.law import Law
from sim.ground.parameter import Group
from sim.ground.roster import Roster
from sim.ground.sides import SIDE_KEYS, side_index
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.model.calendar import DAYS_PAST_END, LEAD_IN_S, Calendar
from sim.model.disruption import Disruption
from sim.model.draws import Draws
from sim.model.fact_catalogue import PORT_HOURS_S, PORTS_SHUT
from sim.model.facts import Fact, Facts, FactValues
from sim.model.flights import NO_SIDE, Consignments, Flights
from sim.model.metric import Metric
from sim.model.outcome import Outcome
from sim.model.plan import Pool
from sim.model.process import Milestone, Signal
from sim.model.stage import Limit, PoolKind, Stage
from sim.world.aircraft import Aircraft
from sim.world.closures import Closure, spells_s
from sim.world.routes import Route
from sim.world.run_days import RunDays

SEQUENCE_PATH = "policy.inspection.sequence"  # where a scenario says which means of examination are used


@dataclass(frozen=True)
class PoolChoice:
    """A pool for each flight: `choice[n]` is the position of flight n's pool in `pools`."""

    pools: tuple[Pool, ...]
    choice: Ints32


def chosen(side: Ints32, of_side: Callable[[str, NDArray[np.intp]], Floats | float]) -> Floats:
    """Shape (k,): at each place the value of the side whose number stands in `side`.

    `of_side` is given a side's key and the places (shape (j,)) where it stands, and says what is there. Where no side stands
    (NO_SIDE) the value is 0; sides that stand nowhere are not asked for.
    """
    values = np.zeros(len(side))
    for number, key in enumerate(SIDE_KEYS):
        here = np.flatnonzero(side == number)
        if len(here):
            values[here] = of_side(key, here)
    return values


def _positions(sides: Sequence[str]) -> Ints32:
    """Shape (sides,): the position in `sides` of each of SIDES; NO_SIDE for one that is not there."""
    return np.array([sides.index(key) if key in sides else NO_SIDE for key in SIDE_KEYS], dtype=np.int32)


@dataclass(frozen=True)
class PlanningContext:
    """What a feature sees of one replication of one scenario.

    `horizon_s` is the end of the observed time; flights may be planned later if they were ordered by then. `expected`, shape
    (2 * routes, 24): planned departures as forecast, to scale, by way (2 * route + outward) and hour of the day. `days`: the
    numbers and dates of the run's days. `boost`: importance sampling, the factor on the prevalence of contraband in a study
    of misses (`study.boost`).
    """

    flights: Flights
    consignments: Consignments
    draws: Draws
    facts: Facts
    horizon_s: float
    expected: Floats
    days: RunDays
    boost: float = 1.0

    @property
    def begin_s(self) -> float:
        """The first instant that calendars must cover: a day before the earliest order, or earlier."""
        return min(LEAD_IN_S, float(np.min(self.flights.ordered_s, initial=0.0)) - DAY_S)

    @property
    def end_s(self) -> float:
        """The instant that calendars must reach past: the horizon, or the last planned departure."""
        return max(self.horizon_s, float(np.max(self.flights.planned_departure_s, initial=0.0)))

    def roster(self, roster: Roster, side: str | None = None) -> Calendar:
        """Servers by clock time, and by weekday as that side counts its days, over all instants that any flight may need."""
        return Calendar.roster(roster, self.end_s, self.begin_s, lambda day: self.days.counts_as(day, side))

    def daily(self, capacity: int, opens_s: float, closes_s: float) -> Calendar:
        """`capacity` between two clock times every day, over all instants that any flight may need."""
        return Calendar.daily(capacity, opens_s, closes_s, self.end_s, self.begin_s)

    def spells_s(self, closures: Sequence[Closure]) -> Iterator[tuple[float, float]]:
        """Every spell of closures, over all instants that any flight may need, s from the first midnight of the run."""
        return spells_s(closures, self.days, self.begin_s, self.end_s + DAYS_PAST_END * DAY_S)

    def draw(self, stream: Stream) -> Floats:
        """The numbers of one of the feature's own streams."""
        return self.draws[stream]

    def sample(self, law: Law | Mapping[str, Law], role: str, u: Floats) -> Floats:
        """Shape (n,): the quantile at `u` of a law, or of the law of each flight's side of origin or destination."""
        if isinstance(law, Law):
            return law.quantile(u)
        return chosen(self.flights.side(role), lambda side, here: law[side].quantile(u[here]))

    def draw_of_side(self, streams: Mapping[str, Stream], side: Ints32) -> Floats:
        """Shape of `side` (numbers in SIDES): from each side's own stream, the number at that place."""
        return chosen(side, lambda key, here: self.draw(streams[key])[here])

    def port_hours(self, side: str) -> tuple[float, float]:
        """From when until when (clock, s) the ports of a side are open; the same instant twice is all day."""
        return self.facts.get(PORT_HOURS_S, {}).get(side, (0.0, 0.0))

    def pools_by_side(self, kind: PoolKind, rosters: Mapping[str, Roster], role: str) -> PoolChoice:
        """A pool of that kind for each side on which flights begin or end, and the flight's side of `role`."""
        return self.pool_of_each_side(lambda side: self._pool(kind, rosters, side, side, side), role)

    def pool_of_each_side(self, pool_of: Callable[[str], Pool], role: str) -> PoolChoice:
        """The pool that `pool_of` makes for each side's key, and the flight's side of `role`.

        Role "transit" has the sides that are only flown over; flights without one get the first pool, and must not visit it.
        """
        sides = self.flights.sides_flown_over if role == "transit" else self.flights.sides
        position = np.maximum(_positions(sides)[self.flights.side(role)], 0)
        return PoolChoice(tuple(pool_of(side) for side in sides), position)

    def pools_at_site(
        self, kind: PoolKind, rosters: Mapping[str, Roster], role: str, in_yard: bool = False, of_role: str | None = None
    ) -> PoolChoice:
        """A pool at each vertiport, or one in each side's yard, at the flight's site of `role`.

        Servers belong to the site's own side; with `of_role`, to that side of the flight, a guest at the site.
        """
        if in_yard:
            sides = self.flights.sides
            places, at = tuple(f"{side}_yard" for side in sides), _positions(sides)[self.flights.side(role)]
        else:
            places, sides, at = self.flights.sites, self.flights.site_sides, self.flights.site(role)
        if of_role is None:
            pools = tuple(self._pool(kind, rosters, place, side, side) for place, side in zip(places, sides, strict=True))
            return PoolChoice(pools, at)
        guests = sorted(self._guests(places, sides, in_yard))
        number = {pair: i for i, pair in enumerate(guests)}
        choice = [number[pair] for pair in zip(at.tolist(), self.flights.side(of_role).tolist(), strict=True)]
        pools = tuple(
            self._pool(kind, rosters, f"{places[place]}.{SIDE_KEYS[guest]}", SIDE_KEYS[guest], sides[place])
            for place, guest in guests
        )
        return PoolChoice(pools, np.array(choice, dtype=np.int32))

    def _guests(self, places: Sequence[str], sides: Sequence[str], in_yard: bool) -> set[tuple[int, int]]:
        """(place, number of a side in SIDES): the sides whose flights begin or end at a place that is not theirs."""
        ends = [route.sites for route in self.flights.routes]
        pairs = [(host, guest.side) for first, last in ends for host, guest in ((first, last), (last, first))]
        return {(sides.index(host.side) if in_yard else places.index(host.key), side_index(guest)) for host, guest in pairs}

    def _pool(self, kind: PoolKind, rosters: Mapping[str, Roster], place: str, side: str, host: str) -> Pool:
        """The servers of `side` at a place of the side `host`, by their roster, and in the hours of that port if so declared."""
        calendar = self.roster(rosters[side], side)
        if not kind.in_port_hours:
            return Pool(kind, calendar, place, side)
        hours = self.daily(1, *self.port_hours(host))
        return Pool(kind, calendar.within(hours), place, side, closed_by=((PORTS_SHUT, hours),))


@dataclass(frozen=True)
class StageUse:
    """One stage as a feature puts it into the plan; arrays have shape (n,) or are one value for all.

    after, precedes: stages of the same feature, or milestones · if_given_up, unless_given_up: stages of
    the same feature, or signals; a signal that no stage raises is never given · raises: signals ·
    hold_until: a stage of the feature, or a milestone that exactly one stage precedes · not_before_s:
    None is the instant of the order. The other fields are those of `Plan`.
    """

    stage: Stage
    after: tuple[Stage | Milestone, ...]
    precedes: tuple[Milestone, ...] = ()
    if_given_up: tuple[Stage | Signal, ...] = ()
    unless_given_up: tuple[Stage | Signal, ...] = ()
    raises: tuple[Signal, ...] = ()
    hold_until: Stage | Milestone | None = None
    on_give_up: Outcome = Outcome.CANCELLED
    visits: ArrayLike = True
    pool: Pool | PoolChoice | None = None
    service_s: ArrayLike = 0.0
    cooldown_s: ArrayLike = 0.0
    not_before_s: ArrayLike | None = None
    patience_s: ArrayLike = np.inf
    deadline_s: ArrayLike = np.inf
    ends: ArrayLike = 0
    priority: ArrayLike = 0
    closing: bool = False
    takeoff: bool = False


Decide = Callable[[PlanningContext, Any, Any], FactValues]
Learn = Callable[[PlanningContext, Any, Any], FactValues]
Build = Callable[[PlanningContext, Any, Any], Sequence[StageUse]]
Check = Callable[[Any, Any, Any], Sequence[Problem]]
Cautions = Callable[[Any, Any, Any], Sequence[Text]]


def _decides_nothing(context: PlanningContext, policy: Any, world: Any) -> FactValues:
    return {}


def _builds_nothing(context: PlanningContext, policy: Any, world: Any) -> Sequence[StageUse]:
    return ()


def no_check(policy: Any, world: Any, scenario: Any) -> Sequence[Problem]:
    """No problems: the check of a feature whose parameters cannot contradict each other."""
    return ()


def no_cautions(policy: Any, world: Any, scenario: Any) -> Sequence[Text]:
    return ()


@dataclass(frozen=True)
class Feature:
    """The declarations of a policy feature.

    means: the name by which it takes a place in the sequence of examination, if it is a means · policy,
    world: its parameter groups, or None · streams: its draws · reads: facts of other features
    (those read in `decide` must be written earlier) · writes: facts it decides · stages, pools:
    every stage and kind of pool it may use · limits: the rules by which it loses flights, puts them off or keeps them waiting,
    beside the queues for its pools · metrics: its own measures · check: problems between parameters, found on load
    (policy, world, whole scenario) · learn: facts about what all features have decided, which the feature's own
    `decide` reads in the next round (`context.facts.get`; absent in the first), declared in `learns`. Rounds go on until
    nothing new is learned; what is learned of a flight may bear only on flights planned later, so they come to an end ·
    needs: without which none of its parameters moves anything; a means needs its place in the sequence besides ·
    routes, aeo_share: what flights are made from, before anything is decided, by the feature's policy: the routes that are
    flown, and the share of operators in the AEO programme; one feature declares each · average_year: the expected share of an
    average year in which types of aircraft could not take off (policy, world, types), by the type's key · stated_spells: what
    stands still at times that its policy and world state, by the days of the run, s from the first midnight of the run ·
    cautions: sentences for whoever reads a number of this scenario (policy, world, whole scenario) · values_only: its parameters
    put a value on what happened and move nothing that happens, so that analyses of other worlds leave them alone.
    """

    key: str
    label: Text
    means: str = ""
    decide: Decide = _decides_nothing
    build: Build = _builds_nothing
    policy: type[Group] | None = None
    world: type[Group] | None = None
    streams: tuple[Stream, ...] = ()
    reads: tuple[Fact[Any], ...] = ()
    writes: tuple[Fact[Any], ...] = ()
    stages: tuple[Stage, ...] = ()
    pools: tuple[PoolKind, ...] = ()
    limits: tuple[Limit, ...] = ()
    metrics: tuple[Metric, ...] = ()
    check: Check = no_check
    learns: tuple[Fact[Any], ...] = ()
    learn: Learn = _decides_nothing
    needs: Condition | None = None
    routes: Callable[[Any], tuple[Route, ...]] | None = None
    aeo_share: Callable[[Any], float] | None = None
    average_year: Callable[[Any, Any, Sequence[Aircraft]], Mapping[str, float]] | None = None
    stated_spells: Callable[[Any, Any, RunDays], Iterable[Disruption]] | None = None
    cautions: Cautions = no_cautions
    values_only: bool = False

    def __post_init__(self) -> None:
        """Whoever has servers in the hours of a port reads these."""
        if any(kind.in_port_hours for kind in self.pools) and PORT_HOURS_S not in self.reads:
            object.__setattr__(self, "reads", (*self.reads, PORT_HOURS_S))

    @property
    def needed(self) -> Condition | None:
        """Without which none of the feature's parameters moves anything."""
        return all_of(Holds(SEQUENCE_PATH, self.means) if self.means else None, self.needs)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        """By the name that its module gives it, if there is one: its functions may be such that no other process knows them."""
        groups = (self.policy, self.world, self.decide, self.build, *(metric.compute for metric in self.metrics))
        for name in dict.fromkeys(part.__module__ for part in groups if part is not None):
            for variable, value in vars(sys.modules[name]).items() if name in sys.modules else ():
                if value is self:
                    return _feature_at, (name, variable)
        return super().__reduce_ex__(protocol)


def _feature_at(module: str, variable: str) -> Feature:
    """The feature that a module knows by that name."""
    feature: Feature = getattr(import_module(module), variable)
    return feature
