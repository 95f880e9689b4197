"""Risk screening: each side's engine scores every unit of selection and opens the green, amber or red channel.

A unit is a consignment, a declaration or a flight: it is scored once, as illicit if anything in it is, with the numbers of its
first consignment, and a channel is that of all its consignments. The scores are those of `sim.statistics.detection`; the two
sides' are correlated. Red: a score above the upper threshold, or the random share; amber: a score between the thresholds, or a
faulty document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import CUSTOMS_EACH, CUSTOMS_TOGETHER, Instrument
from sim.ground.parameter import BySide, DurationLaw, Group, Share, Status, by_side, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.unique_rows import distinct_rows, map_unique_rows
from sim.model.examination import SELECTION_CHANCES, Chances, SelectionChances
from sim.model.fact_catalogue import (
    AMBER,
    AMBER_CONSIGNMENT,
    DECLARATION,
    ILLICIT,
    PERSONAL_DATA_CROSS,
    PREVALENCE,
    RED,
    RED_CONSIGNMENT,
    SCREENING_ODDS,
    SELECTION_FACTOR,
    SELECTION_UNIT,
    WATCH_FACTOR,
    WEIGHT,
    WEIGHT_ALONE,
)
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.process import NO_DATA, RECEIVED, SCREENED, Milestone
from sim.model.stage import ENDS, Mark, Role, Stage, by_role
from sim.statistics.bivariate_normal import within_both
from sim.statistics.detection import (
    correlated_normal,
    joint_score,
    joint_separation,
    likelihood_ratio,
    likelihood_ratio_of_two,
    product_of_others,
    separation,
    threshold,
    threshold_given_flags,
)
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors


class RiskScreeningPolicy(Group):
    """What is selected as one, whose engine, and selection by side, direction, goods."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(CUSTOMS_EACH, Text("customs' own risk rules", "海關內部的風險規則", "海关内部的风险规则"), ("customs",)),
        Instrument(
            CUSTOMS_TOGETHER,
            Text("arrangement to share data and risk results", "共享數據及風險分析結果的安排", "共享数据及风险分析结果的安排"),
            ("customs",),
            ("engine",),
        ),
    )

    unit: Literal["consignment", "declaration", "flight"] = parameter(
        "declaration",
        label=Text("Unit of selection", "抽選單位", "布控单位"),
        meaning=(
            "What is selected as one: each consignment by itself; a declaration with all the consignments it covers; or a flight"
            " with all of its. Selection rates are shares of these. A unit is scored once and has the largest factor of its"
            " goods; if it is selected, all its consignments are examined."
        ),
        source="on the road a driver is told that his vehicle goes or is inspected (ROCARS, 2011); for drones no rule was found",
        status=Status.GUESS,
    )

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
        label=Text("Export selection rate", "出口抽查率", "出口布控率"),
        meaning="Share of licit units of ordinary traders that the side of origin sends to inspection (red channel).",
        source="Mainland exports at least 5% (zealpartner.com, a trade blog, undated); carried over to Hong Kong",
        status=Status.DERIVED,
        bounds=("0%", "100%"),
        plausible=("1%", "15%"),
    )
    import_rate: BySide[Share] = parameter(
        by_side("5%", mainland="10%"),
        label=Text("Import selection rate", "進口抽查率", "进口布控率"),
        meaning="Share of licit units of ordinary traders that the side of destination sends to inspection (red channel).",
        source="Mainland imports at least 10% (zealpartner.com, a trade blog, undated); no Hong Kong or Macao figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
    )
    random_share: BySide[Share] = parameter(
        "2.5%",
        label=Text("Random share", "隨機抽查比例", "随机布控比例"),
        meaning="Share of all units of ordinary traders selected at random; it is part of the selection rate.",
        source="half of the inspections at random (zealpartner.com, a trade blog, undated)",
        status=Status.DERIVED,
        bounds=("0%", "100%"),
        plausible=("0%", "5%"),
    )
    amber_rate: BySide[Share] = parameter(
        "10%",
        label=Text("Document check rate", "文件審核率", "单证审核率"),
        meaning="Share of licit units of ordinary traders that has their documents checked (amber channel).",
        source="India: 85% of bills are facilitated (NTRS 2024), so up to 15% are not",
        status=Status.DERIVED,
        bounds=("0%", "100%"),
        plausible=("2%", "20%"),
    )
    goods_factor: Annotated[dict[str, float], Factors(GOODS_KEYS)] = parameter(
        {"parcel": 1.0},
        label=Text("Selection factor by goods", "各類貨物的抽查倍數", "各类货物的布控倍数"),
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
        needs=is_one_of("policy.data_interface.fields", "tokens"),
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
        label=Text("Faulty documents", "文件有誤比例", "单证有误比例"),
        meaning="Share of units of selection with a faulty document, which sends them to the amber channel at either side.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0.1%", "5%"),
    )
    consignments_per_declaration: int = parameter(
        3,
        label=Text("Consignments on a declaration", "每份貨物資料申報的貨件數", "每份报关单的货件数"),
        meaning=(
            "How many of a flight's consignments one declaration covers, in their order; its last declaration may cover fewer."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(1, 1000),
        plausible=(1, 10),
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

SCREEN = by_role("screen", Text("risk screening, {at}", "風險篩查（{at}）", "风险筛查（{at}）"), "screening", (Mark.ACCEPTED,))


def decide(context: PlanningContext, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> FactValues:
    """The channels of each side, per consignment and, by its worst consignment, per flight; and what they say of it."""
    n, units, alone = len(context.flights), _units(context, policy, world), context.facts[WEIGHT_ALONE]
    facts: dict[Fact[Any], Any] = {WEIGHT: alone * product_of_others(alone, units.of)}
    distances = _distances(context, units, policy, world)
    scores = _scores(context, units, policy, world, distances)
    sides: dict[Role, _Screened] = {"origin": _screened(context, units, policy, world, "origin", scores["origin"], None)}
    flagged = sides["origin"] if policy.engine == "shared_results" else None
    sides["destination"] = _screened(context, units, policy, world, "destination", scores["destination"], flagged)
    for role in ENDS:
        red, amber = sides[role].red[units.of], sides[role].amber[units.of]
        facts[RED_CONSIGNMENT[role]], facts[AMBER_CONSIGNMENT[role]] = red, amber
        facts[RED[role]] = context.consignments.any_of_flight(red, n)
        facts[AMBER[role]] = context.consignments.any_of_flight(amber, n)
    return {
        **facts,
        SELECTION_UNIT: units.of,
        DECLARATION: _in_blocks(context, world.consignments_per_declaration).of,
        SCREENING_ODDS: _odds(policy, world, sides, distances)[units.of],
        SELECTION_CHANCES: _chances_of_consignments(context, units, _chances(policy, world, sides, distances)),
    }


# ---------------------------------------------------------------------------- what is selected as one


@dataclass(frozen=True)
class _Units:
    """The k units of selection. first: shape (k,), the number of the first consignment · of: shape (m,), each one's unit."""

    first: NDArray[np.intp]
    of: NDArray[np.intp]

    def most(self, values: Floats) -> Floats:
        """Shape (k,): the largest value of its consignments."""
        return np.asarray(np.maximum.reduceat(values, self.first)) if len(self.first) else np.zeros(0)

    def any(self, which: Bools) -> Bools:
        """Shape (k,): whether any of its consignments is in `which`."""
        return np.bincount(self.of[which], minlength=len(self.first)) > 0


def _units(context: PlanningContext, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> _Units:
    sizes = {
        "consignment": 1,
        "declaration": world.consignments_per_declaration,
        "flight": max(1, len(context.consignments)),
    }
    return _in_blocks(context, sizes[policy.unit])


def _in_blocks(context: PlanningContext, size: int) -> _Units:
    """Each flight's consignments in blocks of that size, in their order."""
    flight = context.consignments.flight
    place = np.arange(len(flight)) - np.searchsorted(flight, flight)
    begins = place % size == 0
    return _Units(np.flatnonzero(begins), np.cumsum(begins) - 1)


def _chances_of_consignments(context: PlanningContext, units: _Units, of_units: SelectionChances) -> SelectionChances:
    """How likely each consignment was to be selected: a licit one may stand in a unit with an illicit one."""
    another = 1.0 - product_of_others(1.0 - context.facts[PREVALENCE], units.of)

    def of_each(chances: Chances) -> Chances:
        licit, illicit = chances.licit[units.of], chances.illicit[units.of]
        return Chances((1.0 - another) * licit + another * illicit, illicit)

    return SelectionChances({role: of_each(chances) for role, chances in of_units.of_role.items()}, of_each(of_units.both))


@dataclass(frozen=True)
class _Rates:
    """Shape (k,) each: the shares of licit units that a side's engine is to select. `random` is of all; the
    others are of those not selected at random: red by score, and down to the amber threshold."""

    random: Floats
    by_score: Floats
    to_amber: Floats


def _rates(context: PlanningContext, units: _Units, policy: RiskScreeningPolicy, role: Role) -> _Rates:
    of_flight = context.consignments.flight[units.first]
    factor = units.most(np.array([policy.goods_factor[goods.key] for goods in GOODS])[context.consignments.goods])
    factor = factor * (context.facts[SELECTION_FACTOR] * context.facts[WATCH_FACTOR])[of_flight]

    def by_side(values: Mapping[str, float]) -> Floats:
        return np.asarray(context.flights.by_side(dict(values), role)[of_flight] * factor)

    rate = np.minimum(1.0, by_side(policy.export_rate if role == "origin" else policy.import_rate))
    random = np.minimum(rate, by_side(policy.random_share))
    amber = np.minimum(1.0 - rate, by_side(policy.amber_rate))
    with np.errstate(invalid="ignore"):
        by_score, below = (np.nan_to_num(share / (1.0 - random)) for share in (rate - random, amber))
    return _Rates(random, by_score, np.minimum(1.0, by_score + below))


def _at_random(context: PlanningContext, units: _Units, rates: _Rates, role: Role) -> Bools:
    u = context.draw_of_side(RANDOM, context.flights.side(role)[context.consignments.flight])
    return np.asarray(u[units.first] < rates.random)


@dataclass(frozen=True)
class _Screened:
    """One side's screening, shape (k,) each: what was selected at random or has a faulty document, its score, the scores
    above which it is red and amber, the shares selected at random and, of licit consignments, by score, and the scores above
    which it is red if the other side has not flagged it, and if it has."""

    at_random: Bools
    faulty: Bools
    score: Floats
    red_above: Floats
    amber_above: Floats
    random: Floats
    by_score: Floats
    red_by_flag: tuple[Floats, Floats]

    @cached_property
    def flagged(self) -> Bools:
        """Red by the score, whether or not it is also selected at random."""
        return np.asarray(self.score > self.red_above)

    @cached_property
    def red(self) -> Bools:
        return self.at_random | self.flagged

    @cached_property
    def amber(self) -> Bools:
        return ~self.red & ((self.score > self.amber_above) | self.faulty)

    def bounds(self, with_random: bool) -> tuple[Floats, Floats]:
        """Between which scores the channel says that the score lies; `with_random`: the flag of one selected at random as well.

        What is selected at random shows no score, and a faulty document none but that it is not red.
        """
        shown = ~self.at_random | with_random
        low = np.where(shown & self.flagged, self.red_above, -np.inf)
        high = np.where(shown & ~self.flagged, self.red_above, np.inf)
        by_amber = ~self.red & ~self.faulty
        low = np.where(by_amber & self.amber, np.maximum(low, self.amber_above), low)
        return low, np.where(by_amber & ~self.amber, np.minimum(high, self.amber_above), high)


def _screened(
    context: PlanningContext,
    units: _Units,
    policy: RiskScreeningPolicy,
    world: RiskScreeningWorld,
    role: Role,
    score: Floats,
    flags: _Screened | None,
) -> _Screened:
    """The screening of the side of `role`, which may be told what the other side has flagged."""
    rates = _rates(context, units, policy, role)

    def above(rate: Floats, flagged: Bools | None) -> Floats:
        if flags is None or flagged is None:
            return map_unique_rows(threshold, rate)
        return threshold_given_flags(rate, flags.by_score, flagged, world.score_correlation)

    faulty = context.draw(FAULTY)[units.first] < world.faulty_share
    at_random = _at_random(context, units, rates, role)
    flagged = None if flags is None else flags.flagged
    amber_above = above(rates.to_amber, flagged)
    if flagged is None:
        by_flag = (above(rates.by_score, None),) * 2
        red_above = by_flag[0]
    else:
        by_flag = above(rates.by_score, np.zeros_like(flagged)), above(rates.by_score, np.ones_like(flagged))
        red_above = np.where(flagged, by_flag[1], by_flag[0])
    return _Screened(at_random, faulty, score, red_above, amber_above, rates.random, rates.by_score, by_flag)


def _chances(
    policy: RiskScreeningPolicy, world: RiskScreeningWorld, sides: Mapping[Role, _Screened], distances: Mapping[Role, Floats]
) -> SelectionChances:
    """How likely each unit was to be red at each side, and at both, before its scores were drawn: if all in it is licit, and if
    anything is illicit; once a distinct case."""
    first, second = (sides[role] for role in ENDS)
    columns = (first.red_above, *second.red_by_flag, first.random, second.random, distances["origin"], distances["destination"])
    row, of_row = distinct_rows(*columns)
    *rules, d1, d2 = (column[row] for column in columns)
    licit = _chances_if(policy, world, rules, np.zeros_like(d1), np.zeros_like(d2))
    illicit = _chances_if(policy, world, rules, d1, d2)
    pairs = zip(licit, illicit, strict=True)
    origin, destination, both = (Chances(if_licit[of_row], if_illicit[of_row]) for if_licit, if_illicit in pairs)
    return SelectionChances({"origin": origin, "destination": destination}, both)


def _chances_if(
    policy: RiskScreeningPolicy, world: RiskScreeningWorld, rules: Sequence[Floats], d1: Floats, d2: Floats
) -> tuple[Floats, Floats, Floats]:
    """The same at the origin, at the destination and at both, if the scores are N(d', 1), shape of the columns.

    rules: the scores above which it is red, at the origin, at the destination if the origin has not flagged it, and if it has;
    and the shares at random, which are independent of the scores and of each other. A joint engine has one score.
    """
    red_above, unflagged_above, flagged_above, random_1, random_2 = rules
    flag_1 = _above(red_above, d1)
    if policy.engine == "joint":
        flag_2 = _above(unflagged_above, d1)
        flag_both = np.minimum(flag_1, flag_2)
    else:
        top, correlation = np.full_like(d1, np.inf), world.score_correlation
        flag_both = within_both(red_above - d1, top, flagged_above - d2, top, correlation)
        flag_2 = flag_both + within_both(-top, red_above - d1, unflagged_above - d2, top, correlation)
    scored_1, scored_2 = 1.0 - random_1, 1.0 - random_2
    both = random_1 * random_2 + random_1 * scored_2 * flag_2 + scored_1 * random_2 * flag_1 + scored_1 * scored_2 * flag_both
    return random_1 + scored_1 * flag_1, random_2 + scored_2 * flag_2, both


def _above(score: Floats, distance: Floats) -> Floats:
    """P(N(d', 1) > score), shape of both."""
    from scipy.special import ndtr

    return np.asarray(ndtr(distance - score))


def _odds(
    policy: RiskScreeningPolicy, world: RiskScreeningWorld, sides: Mapping[Role, _Screened], distances: Mapping[Role, Floats]
) -> Floats:
    """Shape (k,): the likelihood of a unit's channels at both sides if anything in it is illicit / if all is licit.

    Each channel says between which bounds a score lies, N(0, 1) or N(d', 1). Two scores are correlated; of a joint engine
    there is one, and both channels bound it.
    """
    low, high = zip(*(sides[role].bounds(with_random=policy.engine == "shared_results") for role in ENDS), strict=True)
    first, second = (distances[role] for role in ENDS)
    if policy.engine == "joint":
        return map_unique_rows(likelihood_ratio, np.maximum(*low), np.minimum(*high), first)

    def of_two(low: Floats, high: Floats, other_low: Floats, other_high: Floats, d1: Floats, d2: Floats) -> Floats:
        return likelihood_ratio_of_two((low, high), (other_low, other_high), (d1, d2), world.score_correlation)

    return map_unique_rows(of_two, low[0], high[0], low[1], high[1], first, second)


def _distances(
    context: PlanningContext, units: _Units, policy: RiskScreeningPolicy, world: RiskScreeningWorld
) -> dict[Role, Floats]:
    """Shape (k,) each: d' of the score by which each role's side selects."""
    separate = _separate_distances(context, units, world)
    if policy.engine != "joint":
        return separate
    return dict.fromkeys(ENDS, joint_separation(separate["origin"], separate["destination"], world.score_correlation))


def _scores(
    context: PlanningContext,
    units: _Units,
    policy: RiskScreeningPolicy,
    world: RiskScreeningWorld,
    distances: Mapping[Role, Floats],
) -> dict[Role, Floats]:
    """Shape (k,) each: the score by which each role's side selects."""
    origin, destination = (_noise(context, units, world, role) for role in ENDS)
    if policy.engine == "joint":
        separate = _separate_distances(context, units, world)
        both = separate["origin"], separate["destination"]
        origin = destination = joint_score((origin, destination), both, world.score_correlation)
    noise: dict[Role, Floats] = {"origin": origin, "destination": destination}
    illicit = units.any(context.facts[ILLICIT])
    return {role: noise[role] + np.where(illicit, distances[role], 0.0) for role in ENDS}


def _noise(context: PlanningContext, units: _Units, world: RiskScreeningWorld, role: Role) -> Floats:
    """Shape (k,): the score of that role's side if all in the unit is licit, N(0, 1); the sides' are correlated."""
    specific = context.draw_of_side(OWN_SCORE, context.flights.side(role)[context.consignments.flight])
    return correlated_normal(context.draw(COMMON_SCORE)[units.first], specific[units.first], world.score_correlation)


def _separate_distances(context: PlanningContext, units: _Units, world: RiskScreeningWorld) -> dict[Role, Floats]:
    """Shape (k,) each: d' of the engine of each role's side alone; the side of destination sees what may cross."""
    auc = np.array([world.auc[key] for key in SIDE_KEYS])
    imports = auc if context.facts[PERSONAL_DATA_CROSS] else np.minimum(auc, world.auc_without_personal)
    of_side: dict[Role, Floats] = {"origin": separation(auc), "destination": separation(imports)}
    return {role: of_side[role][context.flights.side(role)[context.consignments.flight[units.first]]] for role in ENDS}


def build(context: PlanningContext, policy: RiskScreeningPolicy, world: RiskScreeningWorld) -> Sequence[StageUse]:
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
            visits=~context.flights.cabin,
            service_s=world.screening_time.quantile(context.draw(TIME[role])),
        )
        for role in ENDS
    ]


_BEYOND_RATE = Text(
    "the random share exceeds the {rate} of that side, of which it is a part",
    "隨機抽查比例高於該側的{rate}，而前者屬後者的一部分",
    "随机布控比例高于该侧的{rate}，而前者属后者的一部分",
)
_RATES = {
    "export_rate": Text("export rate", "出口抽查率", "出口布控率"),
    "import_rate": Text("import rate", "進口抽查率", "进口布控率"),
}


_IN_SIDE = Text("{share} in {side}", "{side} 為 {share}", "{side} 为 {share}")
_AT_MOST = Text("at most {rate} ({path})", "不多於 {rate}（{path}）", "不多于 {rate}（{path}）")


def check(policy: RiskScreeningPolicy, world: RiskScreeningWorld, scenario: Any) -> Sequence[Problem]:
    """The random share is part of the selection rate."""
    return [
        contradiction(
            _BEYOND_RATE.fill(rate=_RATES[name]),
            "policy.risk_screening.random_share",
            (f"policy.risk_screening.{name}",),
            value=_IN_SIDE.fill(share=f"{policy.random_share[side]:.3%}", side=side),
            allowed=_AT_MOST.fill(rate=f"{getattr(policy, name)[side]:.3%}", path=f"policy.risk_screening.{name}"),
        )
        for name in _RATES
        for side in SIDE_KEYS
        if policy.random_share[side] > getattr(policy, name)[side]
    ]


RISK_SCREENING = Feature(
    key="risk_screening",
    label=Text("Risk screening", "風險篩查", "风险筛查"),
    policy=RiskScreeningPolicy,
    world=RiskScreeningWorld,
    streams=(COMMON_SCORE, *OWN_SCORE.values(), *RANDOM.values(), FAULTY, *TIME.values()),
    reads=(SELECTION_FACTOR, WATCH_FACTOR, ILLICIT, PREVALENCE, WEIGHT_ALONE, PERSONAL_DATA_CROSS),
    writes=(
        WEIGHT,
        *RED_CONSIGNMENT.values(),
        *AMBER_CONSIGNMENT.values(),
        SCREENING_ODDS,
        SELECTION_CHANCES,
        SELECTION_UNIT,
        DECLARATION,
        *RED.values(),
        *AMBER.values(),
    ),
    stages=tuple(SCREEN.values()),
    decide=decide,
    build=build,
    check=check,
)
