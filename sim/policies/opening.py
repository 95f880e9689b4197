"""Manual opening: officers open what an earlier means raised an alarm on, alone, in turn, or as a joint team."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import BySide, Duration, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.examination import LOOKED, PLACE_LABELS, PLACES, Examination, Look, Sight, sees
from sim.model.facts import Fact
from sim.model.feature import Case, Feature, PoolChoice, StageUse
from sim.model.process import LOOKS, Milestone, Signal
from sim.model.stage import ENDS, ROLE_LABELS, PoolKind, Role, Stage


class OpeningPolicy(Group):
    """Officers, at home and with the other side."""

    officers: BySide[Servers] = parameter(
        2,
        label=Text("Examination officers", "查驗人員", "查验人员"),
        meaning=(
            "Officers of a side on duty for manual opening at each of its own vertiports, or in its yard; shifts by clock time."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(1, 6),
    )
    officers_abroad: BySide[Servers] = parameter(
        1,
        label=Text("Examination officers with the other side", "派駐對方的查驗人員", "派驻对方的查验人员"),
        meaning="Officers of a side on duty at each vertiport of the other side (regimes co-located and one-stop).",
        source="Hengqin: agencies of two sides in one lane (newsgd.com, Mar 2024); no number of officers",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(1, 4),
    )
    joint_patience: Duration = parameter(
        "30 min",
        label=Text("Wait for a joint team", "等候聯合查驗人員上限", "等候联合查验人员上限"),
        meaning=(
            "Regime one-stop: how long a flight waits for an officer of each side before it goes on and is inspected in full on"
            " arrival."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("10 min", "2 h"),
    )


class OpeningWorld(Group):
    """What opening takes and finds."""

    opening_time: DurationLaw = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.6}},
        label=Text("Opening a consignment", "每件開拆查驗用時", "每件开拆查验用时"),
        meaning="Time to open, examine and repack one consignment.",
        source="3 to 4 hours for a loaded container truck (Lok Ma Chau, 2003), scaled to a drone's load: 5 to 20 min",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 min", "20 min"),
    )
    sensitivity: Share = parameter(
        "95%",
        label=Text("Sensitivity of opening", "開拆查驗靈敏度", "开拆查验灵敏度"),
        meaning="Share of illicit consignments, once opened, that are recognised.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("85%", "99%"),
    )


MEANS = "open"
TIME = {role: Stream(f"opening.time.{role}", per="consignment") for role in ENDS}
OWN = {role: Stream(f"opening.own.{role}", "normal", per="consignment") for role in ENDS}

FOUND = {place: Fact(f"found_{place}", bool, "consignment", f"contraband found at the examination {place}") for place in PLACES}

OPEN = {
    (place, role): Stage(
        f"open_{place}_by_{role}",
        Text("opening {at}, by the {by}", "{at}開拆查驗（{by}）", "{at}开拆查验（{by}）").fill(
            at=PLACE_LABELS[place], by=ROLE_LABELS[role]
        ),
        role,
        "inspection",
    )
    for place in PLACES
    for role in ENDS
}
TEAM = {
    role: Stage(
        f"team_{role}",
        Text("officer for the joint opening, {by}", "聯合查驗人員（{by}）", "联合查验人员（{by}）").fill(by=ROLE_LABELS[role]),
        role,
        "inspection",
    )
    for role in ENDS
}
JOINT = Stage("open_joint", Text("joint opening", "聯合開拆查驗", "联合开拆查验"), "shared", "inspection")
OFFICERS = PoolKind("examination_officers", Text("examination officers", "查驗人員", "查验人员"), "officer")


def decide(case: Case, policy: OpeningPolicy, world: OpeningWorld) -> Mapping[Fact, Any]:
    """What opening finds, by whom."""
    facts: dict[Fact, Any] = {}
    looks = []
    for examination in case.facts["examinations"]:
        sight = Sight(world.sensitivity, 0.0, OWN[examination.site_role].name)
        found_at_place = np.zeros(len(case.consignments), dtype=np.bool_)
        for stage, role, opened in _openings(case, examination):
            found = opened & _recognised(case, world, examination)
            looks.append(Look(stage.key, role, MEANS, opened, found, found, sight))
            found_at_place |= found
        facts[FOUND[examination.place]] = found_at_place
    return {**facts, LOOKED: tuple(looks)}


def _recognised(case: Case, world: OpeningWorld, examination: Examination) -> Bools:
    recognised = np.zeros(len(case.consignments), dtype=np.bool_)
    illicit = np.flatnonzero(case.facts["illicit"])
    exposure, own = case.facts["exposure"][illicit], case.draw(OWN[examination.site_role])[illicit]
    recognised[illicit] = sees(world.sensitivity, exposure, own, case.facts["exposure_correlation"])
    return recognised


def _openings(case: Case, examination: Examination) -> list[tuple[Stage, Role, Bools]]:
    """The openings of an examination: stage, whose officers, and the consignments opened, shape (m,).

    Opened is what a means before raised an alarm on, and what none of them looked at.
    """
    place = examination.place
    looked_at = np.zeros(len(case.consignments), dtype=np.bool_)
    for look in case.facts.get(LOOKED.name, ()):
        if look.stage_key == f"{look.means}_{place}":
            looked_at |= look.examined
    due = case.facts.get(f"alarm_{place}", False) | (examination.examined & ~looked_at)
    if examination.staffing == "joint":
        return [(JOINT, "shared", due)]
    return [(OPEN[place, role], role, due & selected) for role, selected in examination.selected.items()]


def build(case: Case, policy: OpeningPolicy, world: OpeningWorld) -> Sequence[StageUse]:
    """The openings, last in the sequence."""
    uses: list[StageUse] = []
    for examination in case.facts["examinations"]:
        openings = _openings(case, examination)
        if examination.staffing == "joint":
            uses += _joint_opening(case, policy, world, examination, openings[0][2])
            continue
        before: Stage | Milestone = LOOKS[examination.place][len(case.facts["sequence"]) - 1]
        for opening in openings:
            uses.append(_opening(case, policy, world, examination, opening, before))
            before = opening[0]
    return uses


def _opening_s(case: Case, world: OpeningWorld, examination: Examination, opened: Bools) -> Floats:
    each_s = world.opening_time.quantile_where(opened, case.draw(TIME[examination.site_role]))
    return case.consignments.sum_of_flight(each_s, len(case.flights))


def _opening(
    case: Case,
    policy: OpeningPolicy,
    world: OpeningWorld,
    examination: Examination,
    opening: tuple[Stage, Role, Bools],
    after: Stage | Milestone,
) -> StageUse:
    stage, role, opened = opening
    return StageUse(
        stage,
        after=(after,),
        precedes=(LOOKS[examination.place][len(case.facts["sequence"])],),
        if_given_up=examination.if_given_up,
        unless_given_up=examination.unless_given_up,
        visits=case.consignments.any_of_flight(opened, len(case.flights)),
        pool=_officers(case, policy, role, examination.site_role),
        service_s=_opening_s(case, world, examination, opened),
        priority=case.facts["customs_priority"],
    )


def _officers(case: Case, policy: OpeningPolicy, role: Role, site_role: Role) -> PoolChoice:
    """The officers of the side of `role` who stand at the site of `site_role`."""
    if role == site_role:
        return case.pools_at_site(OFFICERS, policy.officers, role, in_yard=case.facts["inspected_in_yard"])
    return case.pools_at_site(OFFICERS, policy.officers_abroad, site_role, in_yard=case.facts["inspected_in_yard"], of_role=role)


def _joint_opening(
    case: Case, policy: OpeningPolicy, world: OpeningWorld, examination: Examination, opened: Bools
) -> list[StageUse]:
    """Two short stages take an officer of each side, in a fixed order, and hold both until the opening ends."""
    place, position = examination.place, len(case.facts["sequence"]) - 1
    visits = case.consignments.any_of_flight(opened, len(case.flights))
    teams = [
        StageUse(
            TEAM[role],
            after=(LOOKS[place][position],) if role == "origin" else (TEAM["origin"],),
            unless_given_up=examination.unless_given_up if role == "origin" else (*examination.unless_given_up, TEAM["origin"]),
            raises=(Signal.NO_OFFICER,),
            hold_until=JOINT,
            visits=visits,
            pool=_officers(case, policy, role, examination.site_role),
            patience_s=policy.joint_patience,
            priority=case.facts["customs_priority"],
        )
        for role in ENDS
    ]
    joint = StageUse(
        JOINT,
        after=tuple(TEAM.values()),
        precedes=(LOOKS[place][position + 1],),
        unless_given_up=(*examination.unless_given_up, *TEAM.values()),
        visits=visits,
        service_s=_opening_s(case, world, examination, opened),
    )
    return [*teams, joint]


OPENING = Feature(
    key="opening",
    label=Text("Manual opening", "開拆查驗", "开拆查验"),
    means=MEANS,
    policy=OpeningPolicy,
    world=OpeningWorld,
    streams=(*TIME.values(), *OWN.values()),
    reads=(
        "examinations", "sequence", "inspected_in_yard", "illicit", "exposure", "exposure_correlation", "customs_priority",
        "looks", *(f"alarm_{place}" for place in PLACES),
    ),
    writes=(*FOUND.values(), LOOKED),
    stages=(*OPEN.values(), *TEAM.values(), JOINT),
    pools=(OFFICERS,),
    decide=decide,
    build=build,
)  # fmt: skip
