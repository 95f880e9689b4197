"""What a comparison of one measure says: against the smallest difference that matters, and only where it can be said."""

import math
from enum import StrEnum

from scipy import special

from sim.ground.text import Text
from sim.model.metric import Better


class Verdict(StrEnum):
    """The verdict on one measure of one scenario against its base; m is the smallest difference that matters."""

    BETTER = "better"  # the interval lies beyond m
    WORSE = "worse"
    BETTER_PERHAPS_SMALL = "better_perhaps_small"  # without 0, but not beyond m
    WORSE_PERHAPS_SMALL = "worse_perhaps_small"
    TOO_SMALL = "too_small"  # without 0, and within m: there is a difference, and it does not matter
    SAME = "same"  # with 0, and within m: practically the same
    UNDECIDED = "undecided"  # the interval says neither
    LARGER = "larger"  # of a measure of which neither direction is better: without 0
    SMALLER = "smaller"
    OTHER_WORLD = "other_world"  # the scenario does not stand in the world of its base
    FEWER_FLIGHTS = "fewer_flights"  # better, but of clearly fewer flights
    TOO_FEW_EVENTS = "too_few_events"  # too few events, or replications that differ, to say anything
    NOT_COMPARABLE = "not_comparable"  # fewer than two replications measured it in both


VERDICT_LABELS: dict[Verdict, Text] = {
    Verdict.BETTER: Text("better", "較佳", "较优"),
    Verdict.WORSE: Text("worse", "較差", "较差"),
    Verdict.BETTER_PERHAPS_SMALL: Text("better, perhaps slightly", "較佳（幅度或屬輕微）", "较优（幅度可能轻微）"),
    Verdict.WORSE_PERHAPS_SMALL: Text("worse, perhaps slightly", "較差（幅度或屬輕微）", "较差（幅度可能轻微）"),
    Verdict.TOO_SMALL: Text("too small to matter", "差異甚微", "差异甚微"),
    Verdict.SAME: Text("practically the same", "實際上相同", "实际上相同"),
    Verdict.UNDECIDED: Text("undecided", "未能判定", "未能判定"),
    Verdict.LARGER: Text("larger", "較大", "较大"),
    Verdict.SMALLER: Text("smaller", "較小", "较小"),
    Verdict.OTHER_WORLD: Text("another world", "外在條件不同", "外部条件不同"),
    Verdict.FEWER_FLIGHTS: Text("for fewer flights", "航班減少", "航班减少"),
    Verdict.TOO_FEW_EVENTS: Text("too few events", "事件太少", "事件太少"),
    Verdict.NOT_COMPARABLE: Text("not comparable", "無法比較", "无法比较"),
}
POWER = 0.8  # with which probability the study that is named for what is undecided decides it
SIGNS: dict[Verdict, str] = {
    Verdict.BETTER: "+",
    Verdict.WORSE: "!",
    Verdict.BETTER_PERHAPS_SMALL: "+?",
    Verdict.WORSE_PERHAPS_SMALL: "!?",
    Verdict.LARGER: "~",
    Verdict.SMALLER: "~",
    Verdict.FEWER_FLIGHTS: "*",
}
"""Verdicts that say that something differs, and what stands beside the number."""
IS_BETTER = (Verdict.BETTER, Verdict.BETTER_PERHAPS_SMALL)
IS_WORSE = (Verdict.WORSE, Verdict.WORSE_PERHAPS_SMALL)


def verdict_of(low: float, high: float, better: Better, margin: float) -> Verdict:
    """The verdict on a difference "compared minus base" with this adjusted interval; NaN: there is none.

    margin: the smallest difference that matters, NaN for a measure without a direction. That an interval lies within the margin
    is the test of equivalence by two one-sided tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987)
    657-680), here at half the error that they would allow.
    """
    if math.isnan(low) or math.isnan(high):
        return Verdict.NOT_COMPARABLE
    holds_0, is_within = low <= 0 <= high, -margin <= low and high <= margin
    if holds_0:
        return Verdict.SAME if is_within else Verdict.UNDECIDED
    if better == "neither":
        return Verdict.SMALLER if high < 0 else Verdict.LARGER
    if is_within:
        return Verdict.TOO_SMALL
    is_beyond = high < -margin or low > margin
    if (high < 0) == (better == "lower"):
        return Verdict.BETTER if is_beyond else Verdict.BETTER_PERHAPS_SMALL
    return Verdict.WORSE if is_beyond else Verdict.WORSE_PERHAPS_SMALL


def half_width_to_decide(difference: float, margin: float, alpha: float) -> float:
    """How narrow half the interval must be to decide, four times in five, if the difference is as seen.

    It is to leave 0 out, or to lie within the margin, whichever is the easier. Half of the studies whose interval is just so wide
    as the distance decide; `alpha` is the probability with which the interval misses.
    """
    within = margin - abs(difference)
    distance = abs(difference) if math.isnan(margin) else max(abs(difference), within)
    quantile = -special.ndtri(alpha / 2)
    return float(distance * quantile / (quantile + special.ndtri(POWER)))
