"""What a comparison of one measure says, in one word."""

import math
from enum import StrEnum

from sim.ground.text import Text
from sim.model.metric import Better


class Verdict(StrEnum):
    """The verdict on one measure of one scenario against the baseline."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"  # clearly different, of a measure of which neither direction is better
    FEWER_FLIGHTS = "fewer_flights"  # better, but of clearly fewer flights
    NO_CLEAR_DIFFERENCE = "no clear difference"  # the adjusted interval contains 0
    NO_DIFFERENCE = "no difference"  # every replication gave the same number in both
    NOT_COMPARABLE = "not comparable"  # fewer than two replications measured it in both
    TOO_FEW_EVENTS = "too few events"  # a count of rare events, too small in both to compare


VERDICT_LABELS: dict[Verdict, Text] = {
    Verdict.BETTER: Text("better", "較佳", "较优"),
    Verdict.WORSE: Text("worse", "較差", "较差"),
    Verdict.CHANGED: Text("changed", "有變化", "有变化"),
    Verdict.FEWER_FLIGHTS: Text("for fewer flights", "因航班減少", "因航班减少"),
    Verdict.NO_CLEAR_DIFFERENCE: Text("no clear difference", "無明顯差異", "无明显差异"),
    Verdict.NO_DIFFERENCE: Text("no difference", "無差異", "无差异"),
    Verdict.NOT_COMPARABLE: Text("not comparable", "無法比較", "无法比较"),
    Verdict.TOO_FEW_EVENTS: Text("too few events", "事件太少", "事件太少"),
}


def verdict_of(ci_low: float, ci_high: float, better: Better) -> Verdict:
    """The verdict on a difference "compared minus baseline" with this adjusted interval."""
    if math.isnan(ci_low) or math.isnan(ci_high):
        return Verdict.NOT_COMPARABLE
    if ci_low == ci_high == 0:
        return Verdict.NO_DIFFERENCE
    if ci_low <= 0 <= ci_high:
        return Verdict.NO_CLEAR_DIFFERENCE
    if better == "neither":
        return Verdict.CHANGED
    return Verdict.BETTER if (ci_high < 0) == (better == "lower") else Verdict.WORSE
