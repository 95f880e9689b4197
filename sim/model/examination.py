"""Examinations of consignments: who examines where, and what an examination step finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text
from sim.model.facts import Fact
from sim.model.process import Signal
from sim.model.stage import Mark, Role, Stage

Place = Literal["origin", "destination", "late"]
PLACES: tuple[Place, ...] = ("origin", "destination", "late")
PLACE_LABELS: dict[Place, Text] = {
    "origin": Text("at the origin", "始發地", "始发地"),
    "destination": Text("at the destination", "目的地", "目的地"),
    "late": Text("in full on arrival", "抵達後全數", "抵达后全数"),
}
SITE_ROLE: dict[Place, Role] = {"origin": "origin", "destination": "destination", "late": "destination"}
Staffing = Literal["own", "in_turn", "joint"]


@dataclass(frozen=True, eq=False)
class Chances:
    """How likely something is for each consignment before any draw, shape (m,) each: if it is licit, and if it is illicit."""

    licit: Floats
    illicit: Floats

    def times(self, other: "Chances") -> "Chances":
        """That of both, where they are independent given what the consignment holds."""
        return Chances(self.licit * other.licit, self.illicit * other.illicit)

    def less(self, part: "Chances", share: float) -> "Chances":
        """That less a share of a part of it."""
        return Chances(self.licit - share * part.licit, self.illicit - share * part.illicit)

    def mean(self, prevalence: Floats) -> Floats:
        """Shape (m,): whatever it holds."""
        return (1.0 - prevalence) * self.licit + prevalence * self.illicit


@dataclass(frozen=True, eq=False)
class SelectionChances:
    """How likely a consignment is to be selected at each side, and at both."""

    of_role: Mapping[Role, Chances]
    both: Chances

    @property
    def either(self) -> Chances:
        """At one side or the other."""
        first, second = self.of_role.values()
        return Chances(
            first.licit + second.licit - self.both.licit,
            first.illicit + second.illicit - self.both.illicit,
        )


@dataclass(frozen=True, eq=False)
class Examination:
    """One examination as the regime orders it, before any means is chosen.

    place: where in the flight ("late": the full inspection on arrival of what was not cleared in time) ·
    site_role: at whose site · selected: for each side that takes part, shape (m,), the consignments it
    selected · chances, chance: how likely each of these sides was to select it, and any of them · staffing: "own" officers of
    that side, both sides "in_turn", or "joint" teams · if_given_up, unless_given_up: the signals on which the whole examination
    is conditional · begins_with: key of the stage that comes before all means.
    """

    place: Place
    site_role: Role
    selected: dict[Role, Bools]
    chances: Mapping[Role, Chances]
    chance: Chances
    staffing: Staffing
    if_given_up: tuple[Signal, ...] = ()
    unless_given_up: tuple[Signal, ...] = ()
    begins_with: str = ""

    @property
    def examined(self) -> Bools:
        """Shape (m,): selected by any side that takes part."""
        return np.asarray(np.logical_or.reduce(list(self.selected.values())))


@dataclass(frozen=True, eq=False)
class DetectionModel:
    """The probabilities of an alarm in one step: what an alarm, or none, says of the examined consignment.

    sensitivity: probability of an alarm on an illicit consignment, one for all or shape (m,) · false_alarm: on a licit
    one · image: the name of the numbers by which the step detects; steps with one image detect the same in each consignment.
    """

    sensitivity: float | Floats
    false_alarm: float
    image: str


@dataclass(frozen=True, eq=False)
class Expectation:
    """What a step was expected to be before any draw of its own or of the screening.

    applies: shape (m,), whether it examines the consignment if that is selected, or alarmed at · chance: shape (m,), how likely
    it is to examine it · chance_if_selected: the same once it is known which are selected, of licit consignments · mean_s: the
    mean time for one consignment; None where the time is not a sum over consignments · officers: a customs officer of each of
    these roles spends that time · begins_with: key of the stage with which the examination begins.
    """

    applies: Bools
    chance: Floats
    chance_if_selected: Floats
    mean_s: float | None
    officers: tuple[Role, ...]
    begins_with: str


@dataclass(frozen=True, eq=False)
class ExaminationStep:
    """One means applied at one stage; it counts only for flights that went through that stage.

    Shape (m,) each · examined: the consignments examined · alarmed: an alarm was raised · found: an
    illicit consignment recognised as such (False throughout for a means that only raises alarms).
    role: whose officers · detection: with what probabilities it alarms (for a step that finds: finds) · expectation: None at the
    full inspection of what was not cleared in time, which nobody selects.
    """

    stage_key: str
    role: Role
    means: str
    examined: Bools
    alarmed: Bools
    found: Bools
    detection: DetectionModel
    expectation: Expectation | None = None


@dataclass(frozen=True, eq=False)
class Withholding:
    """Consignments kept back at a stage, of flights that go through it; consignments: shape (m,)."""

    stage_key: str
    consignments: Bools


SELECTION_CHANCES = Fact[SelectionChances](
    "selection_chances", SelectionChances, "scenario", "how likely each consignment was to be selected at each side"
)
EXAMINATIONS = Fact[tuple[Examination, ...]]("examinations", tuple, "scenario", "the examinations that the regime orders")
SEQUENCE = Fact[tuple[str, ...]]("sequence", tuple, "scenario", "the means in their order")
INSPECTED_IN_YARD = Fact[bool]("inspected_in_yard", bool, "scenario", "examinations are held in the yard of the side")
ALARM: dict[Place, Fact[Bools]] = {
    place: Fact[Bools](f"alarm_{place}", bool, "consignment", f"a means raised an alarm {PLACE_LABELS[place]}", shared=True)
    for place in PLACES
}
FOUND: dict[Place, Fact[Bools]] = {
    place: Fact[Bools](f"found_{place}", bool, "consignment", f"contraband found at the examination {place}") for place in PLACES
}
WITHHELD = Fact[tuple[Withholding, ...]]("withheld", tuple, "scenario", "the consignments kept back, stage by stage", shared=True)
PLANNED_STEPS = Fact[tuple[ExaminationStep, ...]](
    "looks", tuple, "scenario", "the examination steps, stage by stage", shared=True
)


def stages_by_place(means: str, label: Text, marks: tuple[Mark, ...] = ()) -> dict[Place, Stage]:
    """The stages of a means at each place of examination: `xray_origin`, "x-ray, at the origin"."""
    joint = Text("{means}, {at}", "{means}（{at}）", "{means}（{at}）")
    return {
        place: Stage(f"{means}_{place}", joint.fill(means=label, at=PLACE_LABELS[place]), SITE_ROLE[place], "inspection", marks)
        for place in PLACES
    }
