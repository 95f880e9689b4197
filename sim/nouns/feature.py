"""A policy feature: one file that says its parameters, its draws, its stages and pools, its measures.

A replication is planned in two rounds, each in the order of `sim.policies.FEATURES`: first every feature
*decides* (facts: who is selected, when a flight may depart, which legs it flies), then every feature
*builds* (the stages that say it to the engine), so that what is built may rest on all that was decided.
Both functions see the case, which is the same for all, and the feature's own two parameter groups.
See docs/add-a-feature.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.errors import Problem
from sim.ground.law import Law
from sim.ground.parameter import Group
from sim.ground.roster import Roster
from sim.ground.sides import SIDE_KEYS, side_index
from sim.ground.streams import Floats, Stream
from sim.ground.text import Text
from sim.nouns.calendar import Calendar
from sim.nouns.draws import Draws
from sim.nouns.facts import Fact, Facts
from sim.nouns.flights import Consignments, Flights, Ints
from sim.nouns.metric import Metric
from sim.nouns.outcome import Outcome
from sim.nouns.plan import Pool
from sim.nouns.process import Milestone, Signal
from sim.nouns.stage import PoolKind, Stage


@dataclass(frozen=True)
class PoolChoice:
    """A pool for each flight: `choice[n]` is the position of flight n's pool in `pools`."""

    pools: tuple[Pool, ...]
    choice: Ints


@dataclass(frozen=True)
class Case:
    """What a feature sees of one replication of one scenario.

    `horizon_s` is the end of the observed time; calendars must reach past it. `expected`, shape (2 * routes, 24):
    planned departures as forecast, to scale, by way (2 * route + outward) and hour of the day.
    """

    flights: Flights
    consignments: Consignments
    draws: Draws
    facts: Facts
    horizon_s: float
    expected: Floats

    def draw(self, stream: Stream) -> Floats:
        """The numbers of one of the feature's own streams."""
        return self.draws[stream]

    def sample(self, law: Law | Mapping[str, Law], role: str, u: Floats) -> Floats:
        """Shape (n,): the quantile at `u` of a law, or of the law of each flight's side of origin or destination."""
        if isinstance(law, Law):
            return law.quantile(u)
        return np.asarray(np.choose(self.flights.side(role), [law[side].quantile(u) for side in SIDE_KEYS]))

    def pools_by_side(self, kind: PoolKind, rosters: Mapping[str, Roster]) -> tuple[Pool, ...]:
        """A pool of that kind for each side, in the order of SIDES."""
        return tuple(self._pool(kind, rosters, side, side) for side in SIDE_KEYS)

    def pools_at_site(
        self, kind: PoolKind, rosters: Mapping[str, Roster], role: str, in_yard: bool = False, of_role: str | None = None
    ) -> PoolChoice:
        """A pool at each vertiport, or one in each side's yard, at the flight's site of `role`.

        Servers belong to the site's own side; with `of_role`, to that side of the flight, a guest at the site.
        """
        if in_yard:
            places, sides, at = tuple(f"{side}_yard" for side in SIDE_KEYS), SIDE_KEYS, self.flights.side(role)
        else:
            places, sides, at = self.flights.sites, self.flights.site_sides, self.flights.site(role)
        if of_role is None:
            pools = tuple(self._pool(kind, rosters, place, side) for place, side in zip(places, sides, strict=True))
            return PoolChoice(pools, at)
        guests = [(place, side, guest) for place, side in enumerate(sides) for guest in SIDE_KEYS if guest != side]
        number = {(place, side_index(guest)): i for i, (place, _, guest) in enumerate(guests)}
        choice = [number[pair] for pair in zip(at.tolist(), self.flights.side(of_role).tolist(), strict=True)]
        pools = tuple(self._pool(kind, rosters, f"{places[place]}.{guest}", guest) for place, _, guest in guests)
        return PoolChoice(pools, np.array(choice, dtype=np.int32))

    def _pool(self, kind: PoolKind, rosters: Mapping[str, Roster], place: str, side: str) -> Pool:
        return Pool(kind, Calendar.roster(rosters[side], self.horizon_s), place, side)


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


Decide = Callable[[Case, Any, Any], Mapping[Fact, Any]]
Build = Callable[[Case, Any, Any], Sequence[StageUse]]
Check = Callable[[Any, Any, Any], Sequence[Problem]]


def _decides_nothing(case: Case, policy: Any, world: Any) -> Mapping[Fact, Any]:
    return {}


def _builds_nothing(case: Case, policy: Any, world: Any) -> Sequence[StageUse]:
    return ()


def _no_check(policy: Any, world: Any, scenario: Any) -> Sequence[Problem]:
    return ()


@dataclass(frozen=True)
class Feature:
    """The declarations of a policy feature.

    means: the name by which it takes a place in the sequence of examination, if it is a means · policy,
    world: its parameter groups, or None · streams: its draws · reads: names of other features'
    facts (those read in `decide` must be written earlier) · writes: facts it decides · stages, pools:
    every stage and kind of pool it may use · metrics: its own measures · check: problems between parameters, found on load
    (policy, world, whole scenario).
    """

    key: str
    label: Text
    means: str = ""
    decide: Decide = _decides_nothing
    build: Build = _builds_nothing
    policy: type[Group] | None = None
    world: type[Group] | None = None
    streams: tuple[Stream, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[Fact, ...] = ()
    stages: tuple[Stage, ...] = ()
    pools: tuple[PoolKind, ...] = ()
    metrics: tuple[Metric, ...] = ()
    check: Check = _no_check
