"""Everything that is shown of one scenario's replication: one meaning for the page, the stills and the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

import sim
from sim.ground.arrays import Ints
from sim.ground.text import Language
from sim.metrics.outcomes import consignment_outcomes
from sim.metrics.waterfall import KINDS, waterfall
from sim.model.disruption import DISRUPTIONS, WEATHER_IN_FORCE, Disruption, Spell, without
from sim.model.fact_catalogue import ALTERNATE_DISTANCE_M, ILLICIT
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome
from sim.replay.categories import category_of
from sim.replay.places import Places
from sim.replay.spells import TICKS_PER_S, Spells, Visits, spells_of
from sim.replay.strip import Strip
from sim.replay.terms import TERMS
from sim.study.shown_names import shown_names
from sim.world.climate import RAINSTORMS, SIGNALS
from sim.world.run_days import RunDays

_SCALES = (SIGNALS, RAINSTORMS, ("fog",))  # from the lowest level to the highest
_UNITED = {kind for scale in _SCALES for kind in scale}


@dataclass(frozen=True)
class Scene:
    """The observation, the seed and the replication that it is of, and what is drawn of it."""

    observation: Observation
    places: Places
    seed: int
    replication: int

    @staticmethod
    def of(observation: Observation, corner: tuple[int, int], seed: int, replication: int) -> "Scene":
        """The scene on the map with that corner."""
        alternate_m = observation.facts[ALTERNATE_DISTANCE_M]
        return Scene(observation, Places.of(observation.flights.routes, alternate_m, corner), seed, replication)

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.observation.scenario.name)

    @property
    def days(self) -> RunDays:
        """The numbers and dates of the run's days."""
        days: RunDays = self.observation.scenario.study.run_days
        return days

    def shown_as(self, language: Language) -> str:
        """What a picture in that language calls the scenario."""
        return shown_names([self.observation.scenario], language)[self.name]

    def provenance(self, language: Language) -> str:
        """What a picture of it is made from, in a sentence."""
        sentence = TERMS["provenance"].in_language(language)
        return sentence.format(number=self.replication, seed=self.seed, version=sim.__version__)

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
        illicit = observation.facts.get(ILLICIT, np.zeros(len(outcomes), dtype=bool))
        kinds = {"missed": ConsignmentOutcome.RELEASED, "found": ConsignmentOutcome.SEIZED}
        count = observation.consignments.count_of_flight
        return {name: count(illicit & (outcomes == kind), len(observation.flights)) for name, kind in kinds.items()}

    @property
    def disruptions(self) -> tuple[Disruption, ...]:
        """What stood still when, and in which weather, in order, until the horizon.

        The measures unite overlapping weather under its worst kind; shown is what is in force at each instant.
        """
        facts = self.observation.facts
        others = [disruption for disruption in facts.get(DISRUPTIONS, ()) if disruption.kind not in _UNITED]
        all_disruptions = {*others, *in_force(facts.get(WEATHER_IN_FORCE, ()))}
        shown = (disruption for disruption in all_disruptions if disruption.start_s < self.observation.horizon_s)
        return tuple(sorted(shown, key=lambda disruption: (*disruption[1:], disruption.kind)))


def in_force(weather: Sequence[Disruption]) -> tuple[Disruption, ...]:
    """The weather with lower signals and rainstorms only while no higher one of their scale takes their place."""
    shown: list[Disruption] = []
    for scale in _SCALES:
        higher: list[Spell] = []
        for kind in scale[::-1]:
            spells = [(disruption.start_s, disruption.end_s) for disruption in weather if disruption.kind == kind]
            shown += [Disruption(kind, *spell) for spell in without(spells, higher)]
            higher += spells
    return tuple(shown)
