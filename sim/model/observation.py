"""What one replication offers to the measures."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats
from sim.ground.time_units import HOUR_S
from sim.model.facts import Facts
from sim.model.flights import Consignments, Flights
from sim.model.outcome import Outcome
from sim.model.plan import Plan
from sim.model.stage import Mark
from sim.model.timeline import Timeline


@dataclass(frozen=True)
class Observation:
    """One replication, run: measures are pure functions of it.

    Measured are the flights whose *planned departure* lies in [window_start_s, window_end_s); what
    ended after `horizon_s` counts as still in the system. Both are filters: the engine knows neither.
    """

    scenario: Any
    flights: Flights
    consignments: Consignments
    facts: Facts
    plan: Plan
    timeline: Timeline
    window_start_s: float
    window_end_s: float
    horizon_s: float

    @property
    def boost(self) -> float:
        """Importance sampling: how many times contraband was drawn more often than it occurs; 1 outside a study of misses."""
        return 1.0 if self.scenario is None else float(self.scenario.study.boost)

    @cached_property
    def measured(self) -> Bools:
        """Shape (n,): the flight is planned inside the window."""
        planned = self.flights.planned_departure_s
        return (planned >= self.window_start_s) & (planned < self.window_end_s)

    @cached_property
    def window_h(self) -> float:
        """Length of the window in hours."""
        return (self.window_end_s - self.window_start_s) / HOUR_S

    @cached_property
    def released_s(self) -> Floats:
        """Shape (n,): instant of release by the horizon; NaN for a flight not released by then."""
        end = self.end_of_marked(Mark.RELEASED)
        return np.where(end <= self.horizon_s, end, np.nan)

    @cached_property
    def outcome(self) -> NDArray[np.int8]:
        """Shape (n,): Outcome at the horizon; released as soon as the release stage has ended."""
        ended = np.where(self.timeline.ended_s <= self.horizon_s, self.timeline.outcome, Outcome.IN_SYSTEM)
        return np.where(~np.isnan(self.released_s), Outcome.RELEASED, ended).astype(np.int8)

    def end_of(self, key: str) -> Floats:
        """Shape (n,): end of the stage of that key; NaN where it was not gone through."""
        return self._end_of_number(self.plan.stage_number(key))

    def end_of_marked(self, mark: Mark) -> Floats:
        """Shape (n,): end of the stage with that mark; NaN where it was not gone through. Raises RunError as `Plan.marked`."""
        return self._end_of_number(self.plan.the_marked(mark))

    def _end_of_number(self, number: int | None) -> Floats:
        return np.full(len(self.flights), np.nan) if number is None else self.timeline.end_of(number)
