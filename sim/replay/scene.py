"""Everything that is shown of one scenario's replication: one meaning for the page, the stills and the tests."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.metrics.outcomes import consignment_outcomes
from sim.metrics.waterfall import KINDS, waterfall
from sim.nouns.disruption import Disruption
from sim.nouns.observation import Observation
from sim.nouns.outcome import ConsignmentOutcome
from sim.replay.categories import category_of
from sim.replay.places import Places
from sim.replay.spells import TICKS_PER_S, Ints, Spells, Visits, spells_of
from sim.replay.strip import Strip


@dataclass(frozen=True)
class Scene:
    """The observation, and what is drawn of it."""

    observation: Observation
    places: Places

    @staticmethod
    def of(observation: Observation, corner: tuple[int, int]) -> "Scene":
        """The scene on the map with that corner."""
        alternate_m = observation.scenario.world.vertiports.alternate_distance
        return Scene(observation, Places.of(observation.flights.routes, alternate_m, corner))

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.observation.scenario.name)

    @cached_property
    def visits(self) -> Visits:
        """Every stage that was visited."""
        return Visits.of(self.observation)

    @cached_property
    def spells(self) -> Spells:
        """What is seen of the flights."""
        return spells_of(self.observation, self.visits, self.places)

    @cached_property
    def category(self) -> Ints:
        """Shape (s,): the number in CATEGORIES of each stage of the plan."""
        return np.array([category_of(step.stage) for step in self.observation.plan.steps], dtype=np.int64)

    @cached_property
    def strip(self) -> Strip:
        """What is counted under the map."""
        return Strip.of(self.observation, self.visits, self.category)

    @cached_property
    def critical_path(self) -> dict[str, Ints]:
        """By kind of KINDS, shape of the visits: ticks on the critical path of a measured, released flight, else 0."""
        table = waterfall(self.observation)
        row = np.full(len(self.observation.flights), len(table.flight))
        row[table.flight] = np.arange(len(table.flight))
        with_none = np.concatenate([table.seconds, np.zeros((1, *table.seconds.shape[1:]))])
        seconds = with_none[row[self.visits.flight], self.visits.stage]
        return {kind: np.rint(seconds[:, number] * TICKS_PER_S).astype(np.int64) for number, kind in enumerate(KINDS)}

    @cached_property
    def contraband(self) -> dict[str, NDArray[np.int64]]:
        """By outcome, shape (n,): illicit consignments of each flight that were released ("missed") or seized ("found")."""
        observation = self.observation
        outcomes = consignment_outcomes(observation)
        illicit = observation.facts.get("illicit", np.zeros(len(outcomes), dtype=bool))
        kinds = {"missed": ConsignmentOutcome.RELEASED, "found": ConsignmentOutcome.SEIZED}
        count = observation.consignments.count_of_flight
        return {name: count(illicit & (outcomes == kind), len(observation.flights)) for name, kind in kinds.items()}

    @property
    def disruptions(self) -> tuple[Disruption, ...]:
        """What stood still when, in order, until the horizon."""
        found = self.observation.facts.get("disruptions", ())
        return tuple(sorted({one for one in found if one.start_s < self.observation.horizon_s}, key=lambda one: one[1:]))
