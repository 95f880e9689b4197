"""Risk screening: each side's engine scores every consignment and opens the green, amber or red channel.

A score is N(0, 1) for a licit consignment and N(d', 1) for an illicit one, d' = sqrt(2) * Phi^-1(AUC)
(the equal-variance binormal model; Green and Swets 1966, Hanley and McNeil 1982). The two sides' scores
are correlated. Red: a score above the upper threshold, or the random share; amber: a score between the
thresholds, or a faulty document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np

from sim.ground.errors import Problem
from sim.ground.parameter import BySide, DurationLaw, Group, Share, Status, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Floats, Stream
from sim.ground.text import Text
from sim.nouns.examination import Bools
from sim.nouns.facts import Fact
from sim.nouns.feature import Case, Feature, StageUse
from sim.nouns.process import NO_DATA, RECEIVED, SCREENED, Milestone
from sim.nouns.stage import ENDS, Role, Stage, by_role
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors


class RiskScreeningPolicy(Group):
    """Whose engine, and selection by side, direction, goods."""

    engine: Literal["separate", "shared_results", "joint"] = parameter(
        "separate",
        label=Text("Risk engines", "風險引擎安排", "风险引擎安排"),
        meaning=(
            "Each side scores on its own data (separate); the side of destination is also told which consignments the other"
            " side's engine has flagged, and nothing else, and selects those first (shared results); or one engine scores on"
            " both sides' data, as far as the fields of the data interface let them cross (joint)."
        ),
        source="risk management is a line of the 2025-2026 plan; at joint gates the sides share no data (prologuejournal)",
        status=Status.DERIVED,
    )

    export_rate: BySide[Share] = parameter(
        "5%",
        label=Text("Export selection rate", "出口抽查率", "出口查验率"),
        meaning="Share of licit consignments of ordinary traders that the side of origin sends to inspection (red channel).",
        source="Mainland exports at least 5% (zealpartner.com, a trade blog, undated); carried over to Hong Kong",
        status=Status.STATED,
        bounds=("0%", "100%"),
        plausible=("1%", "15%"),
    )
    import_rate: BySide[Share] = parameter(
        {"hong_kong": "5%", "mainland": "10%", "macao": "5%"},
        label=Text("Import selection rate", "進口抽查率", "进口查验率"),
        meaning="Share of licit consignments of ordinary traders that the side of destination sends to inspection (red channel).",
        source="Mainland imports at least 10% (zealpartner.com, a trade blog, undated); no Hong Kong or Macao figure found",
        status=Status.STATED,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
    )
    random_share: BySide[Share] = parameter(
        "2.5%",
        label=Text("Random share", "隨機抽查比例", "随机查验比例"),
        meaning="Share of all consignments of ordinary traders selected at random; it is part of the selection rate.",
        source="half of the inspections at random (zealpartner.com, a trade blog, undated)",
        status=Status.STATED,
        bounds=("0%", "100%"),
        plausible=("0%", "5%"),
    )
    amber_rate: BySide[Share] = parameter(
        "10%",
        label=Text("Document check rate", "單證審核率", "单证审核率"),
        meaning="Share of licit consignments of ordinary traders that has their documents checked (amber channel).",
        source="India: 85% of bills are facilitated (NTRS 2024), so up to 15% are not",
        status=Status.DERIVED,
        bounds=("0%", "100%"),
        plausible=("2%", "20%"),
    )
    goods_factor: Annotated[dict[str, float], Factors(GOODS_KEYS)] = parameter(
        {"parcel": 1.0},
        label=Text("Selection factor by goods", "各類貨物的抽查倍數", "各类货物的查验倍数"),
        meaning="Factor on the selection rates for each class of goods; classes left out have factor 1.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 20),
    )


class RiskScreeningWorld(Group):
    """What the engines can do."""

    auc: BySide[Share] = parameter(
        0.85,
        label=Text("Screening quality (AUC)", "篩查質素（AUC）", "筛查质量（AUC）"),
        meaning="Area under the receiver operating characteristic of each side's engine that sees personal data: 50% is chance.",
        source=(
            "a customs fraud model reaches 0.98 (DATE, KDD 2020, derived), an optimistic ceiling for contraband; swept from 0.65"
            " to 0.98"
        ),
        status=Status.GUESS,
        bounds=("50%", "99.9%"),
        plausible=("65%", "98%"),
    )
    auc_without_personal: Share = parameter(
        0.82,
        label=Text("Screening quality without personal data", "不含個人資料的篩查質素", "不含个人信息的筛查质量"),
        meaning=(
            "AUC that the side of destination reaches where tokens cross in place of personal data, if its own quality is not"
            " lower still."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("50%", "99.9%"),
        plausible=("60%", "95%"),
    )
    score_correlation: Share = parameter(
        "50%",
        label=Text("Correlation of the sides' scores", "雙方評分的相關性", "双方评分的相关性"),
        meaning="Correlation between the two sides' scores of the same consignment.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("20%", "80%"),
    )
    faulty_share: Share = parameter(
        "0.5%",
        label=Text("Faulty documents", "單證有誤比例", "单证有误比例"),
        meaning="Share of consignments with a faulty document, which sends them to the amber channel at either side.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0.1%", "5%"),
    )
    screening_time: DurationLaw = parameter(
        "5 s",
        label=Text("Screening time", "篩查用時", "筛查用时"),
        meaning="Time of one side's engine for one flight.",
        source="no figure found; an automatic answer",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("1 s", "180 s"),
    )


COMMON_SCORE = Stream("risk_screening.score.common", "normal", per="consignment")
OWN_SCORE = {side: Stream(f"risk_screening.score.{side}", "normal", per="consignment") for side in SIDE_KEYS}
RANDOM = {side: Stream(f"risk_screening.random.{side}", per="consignment") for side in SIDE_KEYS}
FAULTY = Stream("risk_screening.faulty", per="consignment")
TIME = {role: Stream(f"risk_screening.time.{role}") for role in ENDS}

RED_CONSIGNMENT = {
    role: Fact(f"red_consignment_{role}", bool, "consignment", f"selected for inspection by the side of {role}") for role in ENDS
}
AMBER_CONSIGNMENT = {
    role: Fact(f"amber_consignment_{role}", bool, "consignment", f"sent to the document check of the side of {role}; not red")
    for role in ENDS
}
RED = {role: Fact(f"red_{role}", bool, "flight", f"red channel at the side of {role}") for role in ENDS}
AMBER = {
    role: Fact(f"amber_{role}", bool, "flight", f"documents of a consignment are checked at the side of {role}") for role in ENDS
}
SCREEN = by_role("screen", Text("risk screening, {at}", "風險篩查（{at}）", "风险筛查（{at}）"), "screening")


def separation(auc: Floats | float) -> Floats:
    """d', the distance between the mean scores of illicit and licit consignments: sqrt(2) * Phi^-1(AUC)."""
    from scipy.special import ndtri

    return np.asarray(np.sqrt(2.0) * ndtri(auc))


def threshold(rate: Floats) -> Floats:
    """The score that a licit consignment exceeds with probability `rate` (inf for 0, -inf for 1)."""
    from scipy.special import ndtri

    return -np.asarray(ndtri(rate))


def decide(case: Case, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> Mapping[Fact, Any]:
    """The channels of each side, per consignment and, by its worst consignment, per flight."""
    facts: dict[Fact, Any] = {}
    n = len(case.flights)
    scores = _scores(case, policy, world)
    rates = {role: _rates(case, policy, role) for role in ENDS}
    for role in ENDS:
        if policy.engine == "shared_results" and role == "destination":
            flags = _Flags(rates["origin"].by_score, scores["origin"] > threshold(rates["origin"].by_score))
        else:
            flags = None
        red, amber = _channels(case, world, role, rates[role], scores[role], flags)
        facts[RED_CONSIGNMENT[role]], facts[AMBER_CONSIGNMENT[role]] = red, amber
        facts[RED[role]] = case.consignments.any_of_flight(red, n)
        facts[AMBER[role]] = case.consignments.any_of_flight(amber, n)
    return facts


@dataclass(frozen=True)
class _Rates:
    """Shape (m,) each: the shares of licit consignments that a side's engine is to select. `random` is of all; the
    others are of those not selected at random: red by score, and down to the amber threshold."""

    random: Floats
    by_score: Floats
    to_amber: Floats


def _rates(case: Case, policy: RiskScreeningPolicy, role: Role) -> _Rates:
    of_flight = case.consignments.flight
    factor = np.array([policy.goods_factor[goods.key] for goods in GOODS])[case.consignments.goods]
    factor = factor * (case.facts["selection_factor"] * case.facts["watch_factor"])[of_flight]

    def by_side(values: Mapping[str, float]) -> Floats:
        return np.asarray(case.flights.by_side(dict(values), role)[of_flight] * factor)

    rate = np.minimum(1.0, by_side(policy.export_rate if role == "origin" else policy.import_rate))
    random = np.minimum(rate, by_side(policy.random_share))
    amber = np.minimum(1.0 - rate, by_side(policy.amber_rate))
    with np.errstate(invalid="ignore"):
        by_score, below = (np.nan_to_num(share / (1.0 - random)) for share in (rate - random, amber))
    return _Rates(random, by_score, np.minimum(1.0, by_score + below))


def _at_random(case: Case, rates: _Rates, role: Role) -> Bools:
    return np.asarray(case.draw_of_side(RANDOM, case.flights.side(role)[case.consignments.flight]) < rates.random)


@dataclass(frozen=True)
class _Flags:
    """Shape (m,) each: what the other side's engine has flagged by score, and the rate at which it does so."""

    rate: Floats
    flagged: Bools


def _channels(
    case: Case, world: RiskScreeningWorld, role: Role, rates: _Rates, score: Floats, flags: _Flags | None
) -> tuple[Bools, Bools]:
    """Shape (m,) each: red, and amber without red."""

    def highest(rate: Floats) -> Bools:
        if flags is None:
            return np.asarray(score > threshold(rate))
        return _highest_told(rate, score, flags, world.score_correlation)

    red = _at_random(case, rates, role) | highest(rates.by_score)
    amber = ~red & (highest(rates.to_amber) | (case.draw(FAULTY) < world.faulty_share))
    return red, amber


def _highest_told(rate: Floats, score: Floats, flags: _Flags, rho: float) -> Bools:
    """Shape (m,): the `rate` of licit consignments that a side puts first, once it is told what the other has flagged.

    The flagged go first, and by its own score within them: all of them and then the highest of the rest where the rate
    has room, else the highest of them.
    """
    pairs, of_pair = np.unique(np.column_stack([rate, flags.rate]), axis=0, return_inverse=True)
    t = np.array([told_threshold(own, others, rho) for own, others in pairs.tolist()])[of_pair.ravel()]
    above = score > t
    return np.asarray(np.where(rate > flags.rate, flags.flagged | above, flags.flagged & above))


@lru_cache(maxsize=4096)
def told_threshold(rate: float, flagged_rate: float, rho: float) -> float:
    """The own score t that makes up the rate among licit consignments, for standard normal scores correlated by rho.

    Where the rate exceeds that of the flagged, P(own > t, other <= t_flag) = rate - flagged_rate; else
    P(own > t, other > t_flag) = rate. Either is the integral of phi(x) Phi((rho x - t) / sqrt(1 - rho^2)) over the
    other's scores, taken by Gauss-Legendre quadrature in the other's share.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    room = rate > flagged_rate
    wanted, low, high = (rate - flagged_rate, flagged_rate, 1.0) if room else (rate, 0.0, flagged_rate)
    if wanted <= 0:
        return np.inf
    if wanted >= high - low:
        return -np.inf
    rho = min(rho, 0.9999)
    places, weights = np.polynomial.legendre.leggauss(400)
    other = -ndtri(low + (high - low) * (places + 1) / 2)  # scores that a share of low to high exceeds
    weight = weights / 2 * (high - low)

    def excess(t: float) -> float:
        return float(np.sum(weight * ndtr((rho * other - t) / np.sqrt(1 - rho**2))) - wanted)

    return float(brentq(excess, -15.0, 15.0))


def _scores(case: Case, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> dict[Role, Floats]:
    """Shape (m,) each: the score by which each role's side selects."""
    noise = {role: _noise(case, world, role) for role in ENDS}
    separations = {role: separation(_auc(case, world, role)) for role in ENDS}
    if policy.engine == "joint":
        joint = _joint_score(case.facts["illicit"], noise, separations, world.score_correlation)
        return dict.fromkeys(ENDS, joint)
    return {role: noise[role] + np.where(case.facts["illicit"], separations[role], 0.0) for role in ENDS}


def _noise(case: Case, world: RiskScreeningWorld, role: Role) -> Floats:
    """Shape (m,): the score of that role's side if the consignment is licit, N(0, 1); the sides' are correlated."""
    rho = world.score_correlation
    own = case.draw_of_side(OWN_SCORE, case.flights.side(role)[case.consignments.flight])
    return np.asarray(np.sqrt(rho) * case.draw(COMMON_SCORE) + np.sqrt(1.0 - rho) * own)


def _auc(case: Case, world: RiskScreeningWorld, role: Role) -> Floats:
    """Shape (m,): the quality that the engine of that role's side reaches; the side of destination sees what may cross."""
    auc = np.array([world.auc[key] for key in SIDE_KEYS])[case.flights.side(role)[case.consignments.flight]]
    if role == "destination" and not case.facts["personal_data_cross"]:
        auc = np.minimum(auc, world.auc_without_personal)
    return auc


def _joint_score(illicit: Bools, noise: Mapping[Role, Floats], separations: Mapping[Role, Floats], rho: float) -> Floats:
    """Shape (m,): the best linear score of both sides' scores: N(0, 1) if licit, N(d', 1) if illicit.

    d'^2 = (d1^2 + d2^2 - 2 rho d1 d2) / (1 - rho^2), the weights are Sigma^-1 d / d' (Fisher's discriminant). Where the
    scores are one (rho = 1) or neither side sees anything (d' = 0), the better side's score stands.
    """
    d1, d2 = separations["origin"], separations["destination"]
    x1, x2 = noise["origin"], noise["destination"]
    one = 1.0 - rho**2
    joint = np.sqrt(np.maximum((d1**2 + d2**2 - 2 * rho * d1 * d2) / one, 0.0)) if one > 1e-9 else np.zeros_like(d1)
    usable = joint > 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        both = ((d1 - rho * d2) * x1 + (d2 - rho * d1) * x2) / (one * joint)
    score = np.where(usable, both, np.where(d1 >= d2, x1, x2))
    return np.asarray(score + np.where(illicit, np.where(usable, joint, np.maximum(d1, d2)), 0.0))


def build(case: Case, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> Sequence[StageUse]:
    """The engines' run at each side, once its data are in, and what it needs of the other side's."""
    needed: dict[Role, tuple[Stage | Milestone, ...]] = {role: (RECEIVED[role],) for role in ENDS}
    if policy.engine == "joint":
        needed = dict.fromkeys(ENDS, tuple(RECEIVED.values()))
    if policy.engine == "shared_results":
        needed["destination"] = (RECEIVED["destination"], SCREEN["origin"])
    return [
        StageUse(
            SCREEN[role],
            after=needed[role],
            precedes=(SCREENED[role],),
            unless_given_up=(NO_DATA[role],),
            visits=~case.flights.cabin,
            service_s=world.screening_time.quantile(case.draw(TIME[role])),
        )
        for role in ENDS
    ]


def check(policy: RiskScreeningPolicy, world: RiskScreeningWorld, scenario: Any) -> Sequence[Problem]:
    """The random share is part of the selection rate."""
    return [
        Problem(
            f"the random share exceeds the {name.replace('_', ' ')} of that side, of which it is a part",
            path="policy.risk_screening.random_share",
            found=f"{policy.random_share[side]:.3%} in {side}",
            allowed=f"at most {getattr(policy, name)[side]:.3%} (policy.risk_screening.{name})",
        )
        for name in ("export_rate", "import_rate")
        for side in SIDE_KEYS
        if policy.random_share[side] > getattr(policy, name)[side]
    ]


RISK_SCREENING = Feature(
    key="risk_screening",
    label=Text("Risk screening", "風險篩查", "风险筛查"),
    policy=RiskScreeningPolicy,
    world=RiskScreeningWorld,
    streams=(COMMON_SCORE, *OWN_SCORE.values(), *RANDOM.values(), FAULTY, *TIME.values()),
    reads=("selection_factor", "watch_factor", "illicit", "personal_data_cross"),
    writes=(*RED_CONSIGNMENT.values(), *AMBER_CONSIGNMENT.values(), *RED.values(), *AMBER.values()),
    stages=tuple(SCREEN.values()),
    decide=decide,
    build=build,
    check=check,
)
