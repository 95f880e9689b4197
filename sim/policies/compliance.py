"""Compliance: what there is to find. Which consignments are illicit, and how well they are hidden."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.parameter import Group, Share, Status, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.nouns.examination import Bools
from sim.nouns.facts import Fact
from sim.nouns.feature import Case, Feature
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors


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
    )
    trusted_share: Share = parameter(
        "20%",
        label=Text("Share of trustworthy operators", "守法營運商比例", "守法经营者比例"),
        meaning=(
            "Share of operators that carry less contraband than the rest. It is a fact of the world: the AEO programme takes"
            " operators in the order of their trustworthiness, and a programme larger than this share takes in others too."
        ),
        source="no figure found; set to the size of the programme",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("5%", "60%"),
    )
    trusted_factor: float = parameter(
        0.2,
        label=Text("Prevalence factor of trustworthy operators", "守法營運商的比率倍數", "守法经营者的比率倍数"),
        meaning="Factor on the prevalence for consignments of trustworthy operators.",
        source="no figure found; the lower inspection rate of AEO suggests a lower prevalence",
        status=Status.GUESS,
        bounds=(0, 10),
        plausible=(0.05, 1),
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
    )
    concealment_correlation: Share = parameter(
        "50%",
        label=Text("Correlation of concealment", "隱藏程度的相關性", "隐藏程度的相关性"),
        meaning=(
            "How far one look resembles the next at the same illicit consignment: 0 makes looks independent, "
            "1 makes a second look by the same means useless."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("20%", "80%"),
    )


LATENT_LICIT = Stream("compliance.illicit", per="consignment")
MOVES = Stream("compliance.moves", per="consignment")
CONCEALMENT = Stream("compliance.concealment", "normal", per="consignment")

ILLICIT = Fact("illicit", bool, "consignment", "the consignment is contraband")
EXPOSURE = Fact(
    "exposure",
    float,
    "consignment",
    "standard normal; the higher, the easier the consignment is to find by any means",
    latent=True,
)
CORRELATION = Fact("exposure_correlation", float, "scenario", "share of a look's chance that all looks have in common")


def decide(case: Case, policy: None, world: ComplianceWorld) -> Mapping[Fact, Any]:
    """Which consignments are illicit, and the exposure that all looks at one of them share."""
    by_goods = np.array([world.goods_factor[goods.key] for goods in GOODS])[case.consignments.goods]
    by_tier = np.where(case.flights.rank < world.trusted_share, world.trusted_factor, 1.0)[case.consignments.flight]
    probability = np.minimum(1.0, world.prevalence * by_goods * by_tier)
    illicit, exposure = case.draw(LATENT_LICIT) < probability, case.draw(CONCEALMENT)
    if world.displacement:
        exchanged = _displaced(case, illicit, illicit & (case.draw(MOVES) < world.displacement))
        illicit, exposure = illicit[exchanged], exposure[exchanged]
    return {ILLICIT: illicit, EXPOSURE: exposure, CORRELATION: world.concealment_correlation}


def _displaced(case: Case, illicit: Bools, moving: Bools) -> NDArray[np.int64]:
    """Shape (m,): whose contents each consignment holds after the moving ones went to the weaker door.

    Contents, hidden as before, change places with the first licit consignment, from the same flight on, that
    flies in the same direction with an operator of the lowest selection factor there; where no such flight is
    left, they stay. The same latent numbers are only moved, so that totals are the same.
    """
    of_flight = case.consignments.flight
    factor = case.facts["selection_factor"][of_flight]
    direction = (case.flights.side("origin") * len(SIDE_KEYS) + case.flights.side("destination"))[of_flight]
    lost = case.facts["lost"][of_flight]
    holds = np.arange(len(of_flight))
    for way in np.unique(direction[moving]):
        here = direction == way
        weakest = here & (factor == factor[here].min()) & ~lost
        free = np.flatnonzero(weakest & ~illicit)
        taken = 0
        for mover in np.flatnonzero(moving & here & ~weakest):
            taken = max(taken, int(np.searchsorted(of_flight[free], of_flight[mover])))
            if taken == len(free):
                break
            holds[[mover, free[taken]]] = holds[[free[taken], mover]]
            taken += 1
    return holds


COMPLIANCE = Feature(
    key="compliance",
    label=Text("Compliance", "守法程度", "守法程度"),
    world=ComplianceWorld,
    streams=(LATENT_LICIT, CONCEALMENT, MOVES),
    reads=("selection_factor", "lost"),
    writes=(ILLICIT, EXPOSURE, CORRELATION),
    decide=decide,
)
