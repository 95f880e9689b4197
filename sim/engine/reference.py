"""The reference engine: what a plan means, as a SimPy simulation written to be read aloud.

A flight is a set of visits, one for each stage that it goes through. A visit lies ahead, waits, is in
service, is past. When its stage settles (it ended, was skipped, or was given up and the flight goes
on), the stages that waited for it may be ready. The words are those of docs/reference/engine.md.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from sim.engine.clock import Clock, Rank
from sim.engine.graph import Graph
from sim.engine.instants import clock_start_s
from sim.engine.station import Station
from sim.ground.arrays import Floats
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan, Step
from sim.model.timeline import Timeline

AHEAD, WAITING, IN_SERVICE, PAST = range(4)


class Flight:
    """One flight under way. Lists are by stage; `visits` is None where the flight skips the stage."""

    __slots__ = ("awaited", "ended_s", "given_up", "held_until", "n_unsettled", "outcome", "settled", "undecided", "visits")

    def __init__(self, graph: Graph) -> None:
        n_stages = len(graph.followers)
        self.visits: list[Visit | None] = [None] * n_stages
        self.awaited = list(graph.n_predecessors)  # how many stages must still settle before this one is ready
        self.undecided = list(graph.n_conditions)  # how many must still settle before its condition is decided
        self.settled = [False] * n_stages
        self.n_unsettled = n_stages
        self.given_up: set[int] = set()
        self.held_until: dict[int, list[Visit]] = {}  # whose servers leave when this stage settles
        self.outcome = Outcome.IN_SYSTEM
        self.ended_s = nan


@dataclass(slots=True, eq=False)
class Visit:
    """One flight at one stage: its cells of the plan, and how far it has come."""

    flight: Flight
    stage: int
    key: int  # n * S + s, the order among equals
    station: "Station[Visit] | None"
    service_s: float
    cooldown_s: float
    not_before_s: float
    patience_s: float
    deadline_s: float
    verdict: int
    priority: int
    progress: int = AHEAD
    has_server: bool = False
    queued_s: float = nan
    start_s: float = nan
    end_s: float = nan

    @property
    def waiting(self) -> bool:
        return self.progress == WAITING


class Simulation:
    """One plan, run once. The methods stand in the order in which things happen to a flight."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.steps: tuple[Step, ...] = plan.steps
        self.graph = Graph.of(plan.steps)
        self.clock = Clock(clock_start_s(plan))
        self.stations = [Station(self.clock, number, pool, self.start) for number, pool in enumerate(plan.pools)]
        self.flights = [Flight(self.graph) for _ in range(plan.n_flights)]
        self.visits = self._visits()

    def _visits(self) -> list[Visit]:
        """All visits that are planned, by flight and stage."""
        plan, where = self.plan, np.nonzero(self.plan.visits)
        cells = (plan.service_s, plan.cooldown_s, plan.not_before_s, plan.patience_s, plan.deadline_s, plan.ends, plan.priority)
        columns = (column[where].tolist() for column in (plan.pool, *cells))
        visits = []
        for n, s, pool, *values in zip(where[0].tolist(), where[1].tolist(), *columns, strict=True):
            station = None if pool == NO_POOL else self.stations[pool]
            visit = Visit(self.flights[n], s, n * plan.n_stages + s, station, *values)
            visit.flight.visits[s] = visit
            visits.append(visit)
        return visits

    def run(self) -> Timeline:
        """The timeline; the run is over when no event is left."""
        for visit in self.visits:
            if not self.graph.n_conditions[visit.stage]:
                self.expect_deadline(visit)
        for flight in self.flights:
            for stage in self.graph.roots:
                self.reach(flight, stage)
        self.clock.run()
        return self._timeline()

    def expect_deadline(self, visit: Visit) -> None:
        """A deadline runs from the start of the clock, a conditional stage's from the decision."""
        if visit.deadline_s < inf:
            self.clock.at(max(self.clock.now, visit.deadline_s), Rank.GIVE_UP, visit.key, self.give_up, visit)

    def reach(self, flight: Flight, stage: int) -> None:
        """The stage is ready: a visit enters as soon as it may, a skipped stage settles."""
        visit = flight.visits[stage]
        if visit is None:
            self.settle(flight, stage)
        elif visit.progress == AHEAD and visit.deadline_s >= self.clock.now:
            if visit.not_before_s > self.clock.now:
                self.clock.at(visit.not_before_s, Rank.ENTRY, visit.key, self.enter, visit)
            else:
                self.enter(visit)

    def enter(self, visit: Visit) -> None:
        """The visit starts, or joins the queue of its station."""
        if visit.progress != AHEAD:
            return
        visit.queued_s = self.clock.now
        if visit.station is None:
            self.start(visit)
            return
        visit.progress = WAITING
        visit.station.join(visit)
        patience_ends_s = visit.queued_s + visit.patience_s
        if patience_ends_s < visit.deadline_s:
            self.clock.at(patience_ends_s, Rank.GIVE_UP, visit.key, self.give_up, visit)

    def start(self, visit: Visit) -> None:
        """Service begins; where the stage has a station, with a server of it."""
        visit.progress = IN_SERVICE
        visit.has_server = visit.station is not None
        visit.start_s = self.clock.now
        self.clock.at(visit.start_s + visit.service_s, Rank.END, visit.key, self.end, visit)

    def end(self, visit: Visit) -> None:
        """Service ends; a verdict ends the flight before anything follows."""
        if visit.progress != IN_SERVICE:
            return
        visit.progress = PAST
        visit.end_s = self.clock.now
        if visit.verdict:
            self.clock.at(visit.end_s, Rank.VERDICT, visit.key, self.pronounce, visit)
            return
        if visit.has_server:
            self.leave_or_hold(visit)
        self.settle(visit.flight, visit.stage)

    def leave_or_hold(self, visit: Visit) -> None:
        """The server leaves now, or is held until a later stage settles."""
        hold_until = self.steps[visit.stage].hold_until
        if hold_until is None or visit.flight.settled[hold_until]:
            self.leave(visit)
        else:
            visit.flight.held_until.setdefault(hold_until, []).append(visit)

    def leave(self, visit: Visit) -> None:
        """The flight leaves the server, which cools down before it is free."""
        assert visit.station is not None
        visit.has_server = False
        if visit.cooldown_s > 0:
            self.clock.at(self.clock.now + visit.cooldown_s, Rank.SERVERS, visit.key, Station.free, visit.station)
        else:
            visit.station.free()

    def settle(self, flight: Flight, stage: int) -> None:
        """The stage is settled, and with it every stage that is skipped and waited for nothing else."""
        settling = [stage]
        for settled in settling:  # grows while it is walked
            flight.settled[settled] = True
            for visit in flight.held_until.pop(settled, ()):
                self.leave(visit)
            for stage in self.graph.conditional[settled]:
                flight.undecided[stage] -= 1
                if not flight.undecided[stage]:
                    self.decide(flight, stage)
            for stage in self.graph.followers[settled]:
                flight.awaited[stage] -= 1
                if not flight.awaited[stage]:
                    if flight.visits[stage] is None:
                        settling.append(stage)
                    else:
                        self.reach(flight, stage)
        flight.n_unsettled -= len(settling)
        if not flight.n_unsettled:
            self.end_flight(flight, Outcome.RELEASED)

    def decide(self, flight: Flight, stage: int) -> None:
        """The stage's condition is decided: a stage of which it fails is skipped."""
        visit, step = flight.visits[stage], self.steps[stage]
        if visit is None:
            return
        wanted = not step.if_given_up or not flight.given_up.isdisjoint(step.if_given_up)
        if wanted and flight.given_up.isdisjoint(step.unless_given_up):
            self.expect_deadline(visit)
        else:
            flight.visits[stage] = None

    def give_up(self, visit: Visit) -> None:
        """Patience or deadline is over: the flight goes on along its fallback path, or ends."""
        if visit.progress not in (AHEAD, WAITING):
            return
        visit.progress = PAST
        visit.end_s = self.clock.now
        if self.graph.has_fallback[visit.stage]:
            visit.flight.given_up.add(visit.stage)
            self.settle(visit.flight, visit.stage)
        else:
            self.end_flight(visit.flight, self.steps[visit.stage].on_give_up)

    def pronounce(self, visit: Visit) -> None:
        """The verdict at the end of a stage ends the flight, unless an earlier one of the same instant has."""
        if visit.flight.outcome == Outcome.IN_SYSTEM:
            self.end_flight(visit.flight, Outcome(visit.verdict))

    def end_flight(self, flight: Flight, outcome: Outcome) -> None:
        """Every track of the flight stops: queues are left, services cut off, servers left."""
        flight.outcome = outcome
        flight.ended_s = self.clock.now
        for visit in flight.visits:
            if visit is not None:
                visit.progress = PAST
                if visit.has_server:
                    self.leave(visit)

    def _timeline(self) -> Timeline:
        flights, visits = self.flights, self.visits
        return Timeline(
            queued_s=self._cells([visit.queued_s for visit in visits]),
            start_s=self._cells([visit.start_s for visit in visits]),
            end_s=self._cells([visit.end_s for visit in visits]),
            outcome=np.array([flight.outcome for flight in flights], dtype=np.int8),
            ended_s=np.array([flight.ended_s for flight in flights], dtype=np.float64),
        )

    def _cells(self, values: list[float]) -> Floats:
        cells = np.full(self.plan.visits.shape, nan, order="F")
        cells[self.plan.visits] = values
        return cells


@contextmanager
def _collector_paused() -> Iterator[None]:
    """The garbage collector would walk every visit again and again, and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def simulate(plan: Plan) -> Timeline:
    """The timeline of a checked plan; see `sim.engine.run`."""
    with _collector_paused():
        return Simulation(plan).run()
