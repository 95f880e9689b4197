"""Measures: what control finds, what it misses, and how much it selects and examines to do so."""

from collections.abc import Mapping

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import Status
from sim.ground.sides import side_index
from sim.ground.text import Text
from sim.metrics.accounts import sum_by_account
from sim.metrics.breakdown import TOTAL, join_part
from sim.metrics.completed_examinations import completed_steps
from sim.metrics.expected import expected_carried, expected_missed
from sim.metrics.groups import DIRECTIONS, sides, tiers
from sim.metrics.outcomes import consignment_outcomes, measured_consignments
from sim.metrics.quantiles import share
from sim.model.fact_catalogue import DECLARATION, ILLICIT, RED, RED_CONSIGNMENT, WEIGHT
from sim.model.facts import Fact
from sim.model.metric import EventSize, Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome
from sim.model.phrase import CONSIGNMENTS_COUNTED, DECLARATIONS_COUNTED, FLIGHTS_COUNTED, MORE_OR_FEWER, Phrase
from sim.model.ratios import divided
from sim.model.stage import ENDS, Role


def _illicit(observation: Observation) -> Bools | None:
    """Shape (m,): illicit consignments of measured flights; None where no feature says so."""
    if ILLICIT not in observation.facts:
        return None
    illicit: Bools = observation.facts[ILLICIT]
    return illicit & measured_consignments(observation)


def _weight(observation: Observation) -> Floats:
    """Shape (m,): how many consignments of the study without boost each stands for; 1 where nothing is boosted."""
    weight: Floats = observation.facts.get(WEIGHT, np.ones(len(observation.consignments)))
    return weight


def _number(observation: Observation, which: Bools) -> float:
    """How many consignments are in `which`, shape (m,), by their weights."""
    return float(_weight(observation)[which].sum())


def _count(observation: Observation, outcome: ConsignmentOutcome | None = None) -> float:
    """Illicit consignments, of that outcome if one is given; NaN where no feature says which are illicit."""
    illicit = _illicit(observation)
    if illicit is None:
        return np.nan
    return _number(observation, illicit if outcome is None else illicit & (consignment_outcomes(observation) == outcome))


def _seized(observation: Observation) -> float:
    return _count(observation, ConsignmentOutcome.SEIZED)


def _missed(observation: Observation) -> float:
    return _count(observation, ConsignmentOutcome.RELEASED)


def _found_or_missed(observation: Observation) -> float:
    return _seized(observation) + _missed(observation)


def _missed_of_consignments(observation: Observation) -> Floats | None:
    """Shape (m,): the weight of each illicit consignment that was released, else 0; None as in `_illicit`."""
    illicit = _illicit(observation)
    if illicit is None:
        return None
    return np.where(illicit & (consignment_outcomes(observation) == ConsignmentOutcome.RELEASED), _weight(observation), 0.0)


def _summed(expected: Floats | None) -> float:
    return np.nan if expected is None else float(expected.sum())


def _expected(observation: Observation) -> float:
    return _summed(expected_missed(observation))


def _expected_by_side(observation: Observation) -> dict[str, float]:
    return _by_side(observation, expected_missed(observation))


def _expected_by_tier(observation: Observation) -> dict[str, float]:
    return _by_tier(observation, expected_missed(observation))


def _expected_carried(observation: Observation) -> float:
    return _summed(expected_carried(observation))


def _released(observation: Observation) -> dict[str, float]:
    """Consignments released, by their weights: all; by side and by side / direction, as what is missed; by tier."""
    released = measured_consignments(observation) & (consignment_outcomes(observation) == ConsignmentOutcome.RELEASED)
    weights = np.where(released, _weight(observation), 0.0)
    return {TOTAL: float(weights.sum()), **_by_side(observation, weights), **_by_tier(observation, weights)}


def _by_side(observation: Observation, missed: Floats | None) -> dict[str, float]:
    """By side, then by side / direction: what was released passed the control of both ends, and counts at each."""
    if missed is None:
        return {}
    of_flight = observation.consignments.sum_of_flight(missed, len(observation.flights))
    at_end = {
        direction: {key: float(of_flight[here].sum()) for key, here in sides(observation, role).items()}
        for direction, role in DIRECTIONS.items()
    }
    total = {key: sum(by_side[key] for by_side in at_end.values()) for key in observation.flights.sides}
    return {**total, **{join_part(key, way): n for way, by_side in at_end.items() for key, n in by_side.items()}}


def _by_tier(observation: Observation, missed: Floats | None) -> dict[str, float]:
    if missed is None:
        return {}
    of_flight = observation.consignments.sum_of_flight(missed, len(observation.flights))
    return {key: float(of_flight[members].sum()) for key, members in tiers(observation).items()}


def _found_by_side(observation: Observation) -> dict[str, float]:
    """Found illicit consignments, by the officers of the first step that found each."""
    illicit = _illicit(observation)
    if illicit is None:
        return {}
    first_s = np.full(len(illicit), np.inf)
    officers = np.zeros(len(illicit), dtype=np.int8)
    for step in completed_steps(observation):
        earlier = step.found & (step.end_s < first_s)
        first_s, officers = np.where(earlier, step.end_s, first_s), np.where(earlier, step.account, officers)
    seized = illicit & np.isfinite(first_s)
    return sum_by_account(observation, officers[seized], _weight(observation)[seized])


def _false_alarms(observation: Observation) -> dict[str, float]:
    if ILLICIT not in observation.facts:
        return {}
    licit = measured_consignments(observation) & ~observation.facts[ILLICIT]
    return _by_officers(observation, [step.alarmed & licit for step in completed_steps(observation)])


def _examinations(observation: Observation) -> dict[str, float]:
    measured = measured_consignments(observation)
    return _by_officers(observation, [step.examined & measured for step in completed_steps(observation)])


def _by_officers(observation: Observation, counted: list[Bools]) -> dict[str, float]:
    """The consignments counted at each step, summed by the side of its officers."""
    steps = completed_steps(observation)
    if not steps:
        return {TOTAL: 0.0, **dict.fromkeys(observation.flights.sides, 0.0)}
    officers = np.concatenate([step.account[which] for step, which in zip(steps, counted, strict=True)])
    weight = _weight(observation)
    return sum_by_account(observation, officers, np.concatenate([weight[which] for which in counted]))


def _examined(observation: Observation) -> float:
    examined = np.zeros(len(observation.consignments), dtype=bool)
    for step in completed_steps(observation):
        examined |= step.examined
    return _number(observation, examined & measured_consignments(observation))


def _selected_consignments(observation: Observation) -> dict[str, float]:
    measured = measured_consignments(observation)
    weight = np.where(measured, _weight(observation), 0.0)
    return _selected(observation, _red(observation, RED_CONSIGNMENT), observation.consignments.flight, weight)


def _selected_declarations(observation: Observation) -> dict[str, float]:
    """A declaration is selected where any of its consignments is; those of measured flights count."""
    if DECLARATION not in observation.facts:
        return {}
    _, first, of = np.unique(observation.facts[DECLARATION], return_index=True, return_inverse=True)
    flight = observation.consignments.flight[first]
    selected = [np.bincount(of[red], minlength=len(first)) > 0 for red in _red(observation, RED_CONSIGNMENT)]
    return _selected(observation, selected, flight, observation.measured[flight].astype(np.float64))


def _selected_flights(observation: Observation) -> dict[str, float]:
    measured = observation.measured.astype(np.float64)
    return _selected(observation, _red(observation, RED), np.arange(len(measured)), measured)


def _red(observation: Observation, facts: Mapping[Role, Fact[Bools]]) -> list[Bools]:
    """What is on the red channel of each role's side; nothing where no feature says so."""
    return [observation.facts[facts[role]] for role in ENDS if facts[role] in observation.facts]


def _selected(observation: Observation, selected: list[Bools], flight: np.ndarray, weight: Floats) -> dict[str, float]:
    """The share, by weight, of what touches a side that the side selected; under TOTAL, selected by either side."""
    if len(selected) < len(ENDS):
        return {}
    sides = [observation.flights.side(role)[flight] for role in ENDS]
    result = {TOTAL: share(float(weight[np.logical_or(*selected)].sum()), float(weight.sum()))}
    for key in observation.flights.sides:
        at_side = [end == side_index(key) for end in sides]
        by_side = np.logical_or.reduce([red & here for red, here in zip(selected, at_side, strict=True)])
        result[key] = share(float(weight[by_side].sum()), float(weight[np.logical_or(*at_side)].sum()))
    return result


MILLION = 1e6
THOUSAND = 1e3

ONE = EventSize()
_MATTERS_MISSED = Margin(
    "10",
    "one illicit consignment in 100,000 released",
    Status.GUESS,
    ("1", "100"),
)
_MATTERS_PASSED = Margin("1 pp", "one illicit consignment in a hundred", Status.GUESS, ("0.5 pp", "5 pp"))

METRICS: tuple[Metric, ...] = (
    Metric(
        key="illicit_planned",
        label=Text("illicit consignments planned", "計劃違禁貨件數", "计划违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Illicit consignments of measured flights, whatever becomes of them.",
        compute=_count,
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="consignments_released",
        label=Text("consignments released", "已放行貨件數", "已放行货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Consignments of measured flights that were released. By side and by side / direction, at each side whose control "
            "they passed, and so twice in all; by tier (aeo: authorised economic operator; other); the whole."
        ),
        compute=_released,
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="illicit_found_or_missed",
        label=Text("illicit consignments found or missed", "檢獲或漏檢的違禁貨件數", "查获或漏检的违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Illicit consignments of measured flights that were found or released. What never came through is left out.",
        compute=_found_or_missed,
        rare=True,
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="expected_carried",
        label=Text("illicit consignments carried, expected", "預期運載的違禁貨件數", "预期运载的违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "The probabilities, added up over the consignments of measured flights that were released or stopped for a find, that"
            " each is illicit: as expected_missed, from its prevalence and its channels alone, before any examination."
        ),
        compute=_expected_carried,
        boostable=True,
    ),
    Metric(
        key="illicit_found",
        label=Text("illicit consignments found", "檢獲違禁貨件數", "查获违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Illicit consignments of measured flights found at an examination that the flight went through. By side of the"
            " officers of the first such examination; the whole."
        ),
        compute=_found_by_side,
        headline=True,
        rare=True,
        boostable=True,
        event=ONE,
        phrase=Phrase(
            Text(
                "{n} illicit consignments are found{where} in {period}",
                "{where}{period}內檢獲 {n} 件違禁貨件",
                "{where}{period}内查获 {n} 件违禁货件",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="illicit_missed",
        label=Text("illicit consignments missed", "漏檢違禁貨件數", "漏检违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Illicit consignments of measured flights that were released.",
        compute=_missed,
        headline=True,
        rare=True,
        expectation="expected_missed",
        boostable=True,
        event=ONE,
        phrase=Phrase(
            Text(
                "{n} illicit consignments are missed in {period}",
                "{period}內漏檢 {n} 件違禁貨件",
                "{period}内漏检 {n} 件违禁货件",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="expected_missed",
        label=Text("illicit consignments missed, expected", "預期漏檢違禁貨件數", "预期漏检违禁货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "The probabilities, added up over the released consignments of measured flights, that each is illicit: by Bayes' rule"
            " from its prevalence, its channels at both sides (scores N(0, 1) or N(d', 1), correlated; what was selected at "
            "random shows no score), and the alarm or silence of each examination gone through (one concealment behind them"
            " all). Given the selections, alarms, finds and times of the replication; the mean is that of illicit_missed, the"
            " noise far smaller."
        ),
        compute=_expected,
        headline=True,
        boostable=True,
        phrase=Phrase(
            Text(
                "{n} illicit consignments are missed in {period} as expected from the chances",
                "按機率計，{period}內漏檢 {n} 件違禁貨件",
                "按概率计，{period}内漏检 {n} 件违禁货件",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="missed_per_million",
        label=Text(
            "illicit consignments per million released",
            "每百萬件已放行貨件中的違禁貨件數",
            "每百万件已放行货件中的违禁货件数",
        ),
        unit="1",
        better="lower",
        topic="control",
        formula="1,000,000 x illicit consignments missed, expected / consignments released.",
        compute=divided(_expected, _released, MILLION),
        headline=True,
        boostable=True,
        ratio=Ratio("expected_missed", "consignments_released", MILLION),
        matters=_MATTERS_MISSED,
        same_flights="expected_missed",
        phrase=Phrase(
            Text(
                "{n} illicit consignments pass for every million released",
                "每放行一百萬件貨件，有 {n} 件違禁貨件未被發現",
                "每放行一百万件货件，有 {n} 件违禁货件未被发现",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="illicit_passed_share",
        label=Text(
            "share of illicit consignments that passes",
            "違禁貨件漏檢率",
            "违禁货件漏检率",
        ),
        unit="share",
        better="lower",
        topic="control",
        formula=(
            "Illicit consignments missed, expected / illicit consignments carried, expected: of a hundred illicit ones carried, "
            "so many pass."
        ),
        compute=divided(_expected, _expected_carried),
        headline=True,
        boostable=True,
        ratio=Ratio("expected_missed", "expected_carried"),
        matters=_MATTERS_PASSED,
        same_flights="expected_missed",
        phrase=Phrase(
            Text(
                "{n} of {of} illicit consignments pass unnoticed",
                "每 {of} 件違禁貨件有 {n} 件未被發現",
                "每 {of} 件违禁货件有 {n} 件未被发现",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="illicit_missed_by_side",
        label=Text("illicit consignments missed, by side", "漏檢違禁貨件數（按各方）", "漏检违禁货件数（按各方）"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Illicit consignments of measured flights that were released, at each side whose control they passed: the side of "
            "origin (export) and the side of destination (import), whether it examined them or not. Each counts at both, so the "
            "sides add up to twice those missed. By side; by side / direction."
        ),
        compute=lambda o: _by_side(o, _missed_of_consignments(o)),
        rare=True,
        expectation="expected_missed_by_side",
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="expected_missed_by_side",
        label=Text(
            "illicit consignments missed, expected, by side", "預期漏檢違禁貨件數（按各方）", "预期漏检违禁货件数（按各方）"
        ),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "As expected_missed, at each side whose control the consignments passed, and so twice in all. By side; by side / "
            "direction."
        ),
        compute=_expected_by_side,
        boostable=True,
    ),
    Metric(
        key="missed_per_million_by_side",
        label=Text(
            "illicit consignments per million released, by side",
            "每百萬件已放行貨件中的違禁貨件數（按各方）",
            "每百万件已放行货件中的违禁货件数（按各方）",
        ),
        unit="1",
        better="lower",
        topic="control",
        formula=(
            "1,000,000 x illicit consignments missed, expected, at a side whose control they passed / consignments released that "
            "passed it. By side; by side / direction."
        ),
        compute=divided(_expected_by_side, _released, MILLION),
        boostable=True,
        ratio=Ratio("expected_missed_by_side", "consignments_released", MILLION),
        matters=_MATTERS_MISSED,
        same_flights="expected_missed",
    ),
    Metric(
        key="missed_by_tier",
        label=Text(
            "illicit consignments missed, by operator tier", "漏檢違禁貨件數（按營運商級別）", "漏检违禁货件数（按运营人级别）"
        ),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Illicit consignments of measured flights that were released. By tier (aeo: authorised economic operator; other)."
        ),
        compute=lambda o: _by_tier(o, _missed_of_consignments(o)),
        rare=True,
        expectation="expected_missed_by_tier",
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="expected_missed_by_tier",
        label=Text(
            "illicit consignments missed, expected, by operator tier",
            "預期漏檢違禁貨件數（按營運商級別）",
            "预期漏检违禁货件数（按运营人级别）",
        ),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="As expected_missed. By tier (aeo: authorised economic operator; other).",
        compute=_expected_by_tier,
        boostable=True,
    ),
    Metric(
        key="missed_per_million_by_tier",
        label=Text(
            "illicit consignments per million released, by operator tier",
            "每百萬件已放行貨件中的違禁貨件數（按營運商級別）",
            "每百万件已放行货件中的违禁货件数（按运营人级别）",
        ),
        unit="1",
        better="neither",
        topic="control",
        formula=(
            "1,000,000 x illicit consignments missed, expected / consignments released, of the same operators. By tier (aeo: "
            "authorised economic operator; other); who is in which is policy, so that neither direction is better."
        ),
        compute=divided(_expected_by_tier, _released, MILLION),
        boostable=True,
        ratio=Ratio("expected_missed_by_tier", "consignments_released", MILLION),
        same_flights="expected_missed",
    ),
    Metric(
        key="detection_share",
        label=Text("share of illicit consignments found", "違禁貨件檢獲率", "违禁货件查获率"),
        unit="share",
        better="higher",
        topic="control",
        formula=(
            "Illicit consignments found / illicit consignments found or missed: a count of rare events, and so far less certain "
            "than the share expected to pass, of which it is the rest."
        ),
        compute=divided(_seized, _found_or_missed),
        rare=True,
        counted_by="illicit_found_or_missed",
        boostable=True,
        ratio=Ratio("illicit_found", "illicit_found_or_missed"),
        event=EventSize(per="illicit_found_or_missed"),
        matters=_MATTERS_PASSED,
        phrase=Phrase(
            Text("{n} of {of} illicit consignments are found", "每 {of} 件違禁貨件檢獲 {n} 件", "每 {of} 件违禁货件查获 {n} 件"),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="false_alarms",
        label=Text("false alarms", "誤報次數", "误报次数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Alarms at examinations gone through for consignments that are not illicit; a consignment counts at each"
            " examination. By side of the officers; the whole."
        ),
        compute=_false_alarms,
        boostable=True,
        event=ONE,
    ),
    Metric(
        key="false_alarms_per_thousand",
        label=Text("false alarms per 1,000 examinations", "每千次查驗誤報次數", "每千次查验误报次数"),
        unit="1",
        better="lower",
        topic="control",
        formula="1,000 x false alarms / examinations. By side of the officers; the whole.",
        compute=divided(_false_alarms, _examinations, THOUSAND),
        boostable=True,
        ratio=Ratio("false_alarms", "examinations", THOUSAND),
        event=EventSize(THOUSAND, per="examinations"),
        matters=Margin("5", "one false alarm in 200 examinations", Status.GUESS, ("1", "20")),
    ),
    Metric(
        key="examinations",
        label=Text("examinations of consignments", "查驗件次", "查验件次"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=(
            "Consignments examined, at examinations that the flight went through; a consignment counts at each examination. By "
            "side of the officers; the whole."
        ),
        compute=_examinations,
        boostable=True,
        event=ONE,
        expectation="expected_examinations",
    ),
    Metric(
        key="consignments_examined",
        label=Text("consignments examined", "受查驗貨件數", "受查验货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Consignments of measured flights examined at least once; each counts once.",
        compute=_examined,
        headline=True,
        boostable=True,
        event=ONE,
        expectation="expected_consignments_examined",
        phrase=Phrase(
            Text(
                "{n} consignments are examined in {period}",
                "{period}內查驗 {n} 件貨件",
                "{period}内查验 {n} 件货件",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="finds_per_thousand_examined",
        label=Text("finds per 1,000 consignments examined", "每千件受查驗貨件檢獲數", "每千件受查验货件查获数"),
        unit="1",
        better="higher",
        topic="control",
        formula=(
            "1,000 x illicit consignments found / consignments examined; NaN where none was examined. Its inverse, the "
            "examinations a find, is no measure of a replication: most have no find."
        ),
        compute=divided(_seized, _examined, THOUSAND),
        rare=True,
        counted_by="illicit_found",
        boostable=True,
        ratio=Ratio("illicit_found", "consignments_examined", THOUSAND),
        event=EventSize(THOUSAND, per="consignments_examined"),
        matters=Margin("0.5", "one find in 2,000 consignments examined", Status.GUESS, ("0.1", "2")),
    ),
    Metric(
        key="selected_consignment_share",
        label=Text("share of consignments selected", "貨件抽選查驗比例", "货件布控比例"),
        unit="share",
        better="neither",
        topic="control",
        formula=(
            "Consignments on a side's red channel / consignments of measured flights that touch the side. By side; the whole is "
            "those on the red channel of either side."
        ),
        compute=_selected_consignments,
        headline=True,
        boostable=True,
        phrase=Phrase(
            Text(
                "{n} of {of} consignments are selected for examination{where}",
                "{where}每 {of} 件貨件抽選 {n} 件查驗",
                "{where}每 {of} 件货件布控 {n} 件",
            ),
            MORE_OR_FEWER,
            counter=CONSIGNMENTS_COUNTED,
        ),
    ),
    Metric(
        key="selected_declaration_share",
        label=Text("share of declarations selected", "貨物資料申報抽選查驗比例", "报关单布控比例"),
        unit="share",
        better="neither",
        topic="control",
        formula=(
            "Declarations with a consignment on a side's red channel / declarations of measured flights that touch the side, "
            "whatever is selected as one. By side; the whole is those on the red channel of either side."
        ),
        compute=_selected_declarations,
        headline=True,
        phrase=Phrase(
            Text(
                "{n} of {of} declarations are selected for examination{where}",
                "{where}每 {of} 份貨物資料申報抽選 {n} 份查驗",
                "{where}每 {of} 份报关单布控 {n} 份",
            ),
            MORE_OR_FEWER,
            counter=DECLARATIONS_COUNTED,
        ),
    ),
    Metric(
        key="selected_flight_share",
        label=Text("share of flights selected", "航班抽選查驗比例", "航班布控比例"),
        unit="share",
        better="neither",
        topic="control",
        formula=(
            "Flights with a consignment on a side's red channel / measured flights that touch the side. By side; the whole is "
            "those on the red channel of either side."
        ),
        compute=_selected_flights,
        headline=True,
        phrase=Phrase(
            Text(
                "{n} of {of} flights have something selected for examination{where}",
                "{where}每 {of} 班航班有 {n} 班被抽選查驗",
                "{where}每 {of} 班航班有 {n} 班被布控",
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
)
