"""Compliance: what there is to find. Which consignments are illicit, and how well they are hidden."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import IsAbove, IsNot, both
from sim.ground.errors import Problem, contradiction
from sim.ground.parameter import Group, Share, Status, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.boost import not_boosted
from sim.model.fact_catalogue import (
    EXPOSURE,
    EXPOSURE_CORRELATION,
    ILLICIT,
    LOST,
    PREVALENCE,
    PREVALENCE_DRAWN,
    SELECTION_FACTOR,
    WEIGHT_ALONE,
)
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors

CONTRABAND = IsAbove("world.compliance.prevalence", "1%")


class ComplianceWorld(Group):
    """Prevalence of contraband."""

    prevalence: Share = parameter(
        "0.01%",
        label=Text("Prevalence of contraband", "違禁品比率", "违禁品比率"),
        meaning="Share of consignments that are illicit, before the factors for goods and tier.",
        source="unknown for drone consignments; swept from 0.001% to 0.1%",
        status=Status.GUESS,
        bounds=("0%", "50%"),
        plausible=("0.001%", "0.1%"),
    )
    goods_factor: Annotated[dict[str, float], Factors(GOODS_KEYS)] = parameter(
        {"parcel": 1.0},
        label=Text("Prevalence factor by goods", "各類貨物的比率倍數", "各类货物的比率倍数"),
        meaning="Factor on the prevalence for each class of goods; classes left out have factor 1.",
        source=(
            "85% of drug cases at the Hong Kong airport in the first half of 2023 were parcels under 5 kg (China Daily HK, 18 Jul"
            " 2023); no rate by goods"
        ),
        status=Status.GUESS,
        bounds=(0, 100),
        needs=CONTRABAND,
    )
    trusted_share: Share = parameter(
        "20%",
        label=Text("Share of trustworthy operators", "守法營運商比例", "守法运营人比例"),
        meaning=(
            "Share of operators that carry less contraband than the rest. It is a fact of the world: the AEO programme takes"
            " operators in the order of their trustworthiness, and a programme larger than this share takes in others too."
        ),
        source="no figure found; set to the size of the programme",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("5%", "60%"),
        needs=both(CONTRABAND, IsNot("world.compliance.trusted_factor", 1.0, such_as=0.2)),
    )
    trusted_factor: float = parameter(
        0.2,
        label=Text("Prevalence factor of trustworthy operators", "守法營運商的比率倍數", "守法运营人的比率倍数"),
        meaning="Factor on the prevalence for consignments of trustworthy operators.",
        source="no figure found; the lower inspection rate of AEO suggests a lower prevalence",
        status=Status.GUESS,
        bounds=(0, 10),
        plausible=(0.05, 1),
        needs=both(CONTRABAND, IsAbove("world.compliance.trusted_share", "20%")),
    )
    displacement: Share = parameter(
        "0%",
        label=Text("Displacement to the weaker door", "轉移至較弱關口的比例", "转移至较弱关口的比例"),
        meaning=(
            "Share of illicit consignments that are sent with an operator who is inspected less (a lower selection factor, as AEO"
            " have) on the next flight in the same direction."
        ),
        source="no figure found; that smugglers choose the weaker door is general experience",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "80%"),
        needs=CONTRABAND,
    )
    concealment_correlation: Share = parameter(
        "50%",
        label=Text("Correlation of concealment", "隱藏程度的相關性", "隐藏程度的相关性"),
        meaning=(
            "How far one examination of an illicit consignment resembles the next: 0 makes them independent, 1 makes a "
            "second examination by the same means useless."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("20%", "80%"),
    )


LATENT_LICIT = Stream("compliance.illicit", per="consignment")
MOVES = Stream("compliance.moves", per="consignment")
CONCEALMENT = Stream("compliance.concealment", "normal", per="consignment")

MOST_BOOSTED = 0.5  # a boost may lift no prevalence beyond this, so that licit consignments are left
LONGEST_LINE = 64


def decide(context: PlanningContext, policy: None, world: ComplianceWorld) -> FactValues:
    """Which consignments are illicit, how probable that was, and the exposure that all looks at one of them share."""
    by_goods = np.array([world.goods_factor[goods.key] for goods in GOODS])[context.consignments.goods]
    by_tier = np.where(context.flights.rank < world.trusted_share, world.trusted_factor, 1.0)[context.consignments.flight]
    probability = np.minimum(1.0, world.prevalence * by_goods * by_tier)
    drawn = probability * context.boost
    illicit, exposure = context.draw(LATENT_LICIT) < drawn, context.draw(CONCEALMENT)
    weight = np.where(illicit, probability, 1.0 - probability) / np.where(illicit, drawn, 1.0 - drawn)
    if world.displacement:
        exchanged = _displaced(context, illicit, illicit & (context.draw(MOVES) < world.displacement))
        illicit, exposure = illicit[exchanged], exposure[exchanged]
        probability = drawn = _displaced_probability(context, probability, world.displacement)
    return {
        ILLICIT: illicit,
        EXPOSURE: exposure,
        EXPOSURE_CORRELATION: world.concealment_correlation,
        PREVALENCE: probability,
        PREVALENCE_DRAWN: drawn,
        WEIGHT_ALONE: weight,
    }


_BOOSTED = Text(
    "the boost lifts the highest prevalence, {most}, beyond one half",
    "違禁品加強倍數令最高違禁品比率 {most} 超過一半",
    "违禁品加强倍数令最高违禁品比率 {most} 超过一半",
)


_AT_MOST = Text("at most {boost}", "不多於 {boost}", "不多于 {boost}")


def check(policy: None, world: ComplianceWorld, scenario: Any) -> Sequence[Problem]:
    """A boosted study needs licit consignments, and no contraband that takes another's place."""
    most = min(1.0, world.prevalence * max(world.goods_factor.values()) * max(1.0, world.trusted_factor))
    boost = scenario.study.boost
    problems = not_boosted(scenario, "world.compliance.displacement", world.displacement > 0, "0%")
    if boost > 1 and most * boost > MOST_BOOSTED:
        problems.append(
            contradiction(
                _BOOSTED.fill(most=Text.same(f"{most:.3%}")),
                "study.boost",
                tuple(f"world.compliance.{name}" for name in ("prevalence", "goods_factor", "trusted_factor")),
                value=Text.same(f"{boost:g}"),
                allowed=_AT_MOST.fill(boost=f"{MOST_BOOSTED / most:.4g}") if most <= MOST_BOOSTED else Text.same("1"),
            )
        )
    return problems


def _doors(context: PlanningContext) -> Iterator[tuple[Bools, Bools]]:
    """For each direction, shape (m,) each: its consignments, and those of them that fly with the lowest selection factor."""
    of_flight = context.consignments.flight
    factor, lost = context.facts[SELECTION_FACTOR][of_flight], context.facts[LOST][of_flight]
    direction = (context.flights.side("origin") * len(SIDE_KEYS) + context.flights.side("destination"))[of_flight]
    for way in np.unique(direction):
        here = direction == way
        yield here, here & (factor == factor[here].min()) & ~lost


def _displaced(context: PlanningContext, illicit: Bools, moving: Bools) -> NDArray[np.int64]:
    """Shape (m,): whose contents each consignment holds after the moving ones went to the weaker door.

    Contents, hidden as before, change places with the first licit consignment, from the same flight on, that
    flies in the same direction with an operator of the lowest selection factor there; where no such flight is
    left, they stay. The same latent numbers are only moved, so that totals are the same.
    """
    of_flight = context.consignments.flight
    holds = np.arange(len(of_flight))
    for here, weakest in _doors(context):
        free = np.flatnonzero(weakest & ~illicit)
        taken = 0
        for mover in np.flatnonzero(moving & here & ~weakest):
            taken = max(taken, int(np.searchsorted(of_flight[free], of_flight[mover])))
            if taken == len(free):
                break
            holds[[mover, free[taken]]] = holds[[free[taken], mover]]
            taken += 1
    return holds


def _displaced_probability(context: PlanningContext, probability: Floats, displacement: float) -> Floats:
    """Shape (m,): the probability that a consignment holds contraband once the moving part has gone to the weaker door.

    Movers wait in line for the licit consignments of the weaker door, each of which takes one: the distribution of the
    line's length is followed from consignment to consignment. Behind the last flight of the weaker door nothing moves.
    That a mover before it may find all places taken is left out.
    """
    displaced = probability.copy()
    for here, weakest in _doors(context):
        last = np.flatnonzero(weakest)[-1:]
        line, shifted = np.eye(1, LONGEST_LINE).ravel(), np.zeros(LONGEST_LINE)
        for number in np.flatnonzero(here)[: np.searchsorted(np.flatnonzero(here), last[0]) + 1] if len(last) else ():
            if weakest[number]:
                licit = 1.0 - probability[number]
                displaced[number] += licit * (1.0 - line[0])
                shifted[0], shifted[1:-1], shifted[-1] = line[0] + line[1], line[2:], 0.0
                line = line * probability[number] + licit * shifted
            else:
                moves = probability[number] * displacement
                displaced[number] -= moves
                shifted[0], shifted[1:-1], shifted[-1] = 0.0, line[:-2], line[-2] + line[-1]
                line = line * (1.0 - moves) + moves * shifted
    return displaced


COMPLIANCE = Feature(
    key="compliance",
    label=Text("Compliance", "守法程度", "守法程度"),
    world=ComplianceWorld,
    streams=(LATENT_LICIT, CONCEALMENT, MOVES),
    reads=(SELECTION_FACTOR, LOST),
    writes=(ILLICIT, EXPOSURE, EXPOSURE_CORRELATION, PREVALENCE, PREVALENCE_DRAWN, WEIGHT_ALONE),
    decide=decide,
    check=check,
)
