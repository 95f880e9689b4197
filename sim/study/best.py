"""Multiple comparisons with the best: of several scenarios, which may be the best by a measure?

No scenario is the baseline here. For each, the interval is that of its difference from the best of the others, and the
scenarios that may be the best are found on the way. Source: Hsu's constrained intervals, Annals of Statistics 12 (1984)
1136-1144, with the standard error of each paired difference (common random numbers: Nelson and Matejcik, Management
Science 41 (1995) 1935-1945) and Bonferroni's bound over the k - 1 one-sided comparisons with the best, which holds
however the scenarios depend on each other and however unequal their variances are (Law 2015, 10.3.3).
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.model.metric import Better, Metric
from sim.statistics.intervals import few_events, half_width
from sim.statistics.paired import differences_of
from sim.study.comparison import Values
from sim.study.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd

BEST_COLUMNS = ("scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "may_be_best")


class MayBeBest(StrEnum):
    """Whether a scenario may be the best of those compared, by one measure."""

    YES = "yes"
    NO = "no"
    NOT_COMPARABLE = str(Verdict.NOT_COMPARABLE)  # no number, a quantile that is infinite, or fewer than two replications
    TOO_FEW_EVENTS = str(Verdict.TOO_FEW_EVENTS)  # of a rare event, in two scenarios or more


@dataclass(frozen=True, slots=True)
class WithTheBest:
    """k scenarios held against the best of the others; shape (k,) each, NaN and False where n < 2.

    n: replications that count · difference: a scenario's mean less that of the best of the others; where lower is
    better, the one in front has the negative one · low, high: the simultaneous intervals, all of which hold at once with
    the confidence asked for; one end is 0 wherever nothing says that the scenario is ahead, or behind · may_be_best: the
    true best is among these with the same confidence.
    """

    n: int
    difference: Floats
    low: Floats
    high: Floats
    may_be_best: NDArray[np.bool_]


def with_the_best(values: Floats, better: Better, confidence: float) -> WithTheBest:
    """The comparison of `values`, shape (k, r) in the order of replications, k >= 2; `better` is "lower" or "higher".

    A replication in which any value is NaN is left out; values are finite otherwise. With d_ij the mean paired difference
    i - j where higher is better, and w_ij = t(1 - (1 - confidence)/(k - 1); n - 1) · s_ij / √n, scenario i may be the best
    if d_ij + w_ij >= 0 for all j; the interval reaches up to max(0, min_j d_ij + w_ij), and down to the least d_ij - w_ij
    over the others j that may be the best, or to 0 where there is none. Equal scenarios may both be the best.
    """
    if better == "neither" or len(values) < 2:
        raise ValueError(f"there is no best of {len(values)} scenarios where {better} is better")
    sign = 1.0 if better == "higher" else -1.0
    values = values[:, ~np.isnan(values).any(axis=0)]
    k, n = values.shape
    if n < 2:
        nothing = np.full(k, math.nan)
        return WithTheBest(n, nothing, nothing, nothing, np.zeros(k, dtype=np.bool_))
    apart = sign * differences_of(values[None, :, :], values[:, None, :])  # [i, j]: i less j, higher is better
    mean = apart.mean(axis=2)
    spread = np.where(np.ptp(apart, axis=2) == 0, 0.0, apart.std(axis=2, ddof=1))
    width = half_width(1.0, n, 2 * (1 - confidence) / (k - 1)) * spread
    others = ~np.eye(k, dtype=np.bool_)
    reach = np.where(others, mean + width, math.inf).min(axis=1)
    may_be_best = reach >= 0
    rivals = others & may_be_best[None, :]
    floor = np.where(rivals.any(axis=1), np.where(rivals, mean - width, math.inf).min(axis=1), 0.0)
    difference = np.where(others, mean, math.inf).min(axis=1)
    low, high = floor, np.maximum(reach, 0.0)
    if better == "lower":
        difference, low, high = -difference, -high, -low
    return WithTheBest(n, difference + 0.0, low + 0.0, high + 0.0, may_be_best)  # + 0.0: no minus nought


def best_table(
    values: Values, scenarios: Sequence[str], metrics: Mapping[str, Metric], confidence: float, boost: float = 1.0
) -> "pd.DataFrame":
    """One row a measure with a direction and a scenario that has it: see `WithTheBest`; empty for a single scenario.

    may_be_best is a `MayBeBest`. A scenario without a number, or with an infinite one (a quantile among the flights never
    released), is not compared, and the others are compared without it. Where two or more scenarios have too few
    rare events, none is compared.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for (key, part), by_scenario in values.items():
        metric = metrics[key]
        if metric.better != "neither" and len(scenarios) > 1:
            own = {name: by_scenario[name] for name in scenarios if name in by_scenario}
            events = values.get((metric.counted_by or key, part), {})
            thin = {name for name in own if metric.rare and name in events and few_events(events[name], boost)}
            rows += [(name, key, part, metric.unit, *told) for name, told in _family(own, metric, confidence, thin).items()]
    return pd.DataFrame(rows, columns=list(BEST_COLUMNS))


Told = tuple[int, float, float, float, str]  # the columns from n to may_be_best


def _family(by_scenario: Mapping[str, Floats], metric: Metric, confidence: float, thin: Set[str]) -> dict[str, Told]:
    """The rows of one measure; thin: the scenarios in which its events are too few."""
    compared = [name for name, column in by_scenario.items() if not np.isnan(column).all() and not np.isinf(column).any()]
    told = {name: _untold(column, MayBeBest.NOT_COMPARABLE) for name, column in by_scenario.items()}
    if len(thin & set(compared)) > 1:
        told |= {name: _untold(by_scenario[name], MayBeBest.TOO_FEW_EVENTS) for name in compared}
    elif len(compared) > 1:
        found = with_the_best(np.array([by_scenario[name] for name in compared]), metric.better, confidence)
        if found.n > 1:
            columns = (column.tolist() for column in (found.difference, found.low, found.high, found.may_be_best))
            for name, difference, low, high, may in zip(compared, *columns, strict=True):
                told[name] = found.n, difference, low, high, str(MayBeBest.YES if may else MayBeBest.NO)
    return told


def _untold(column: Floats, why: MayBeBest) -> Told:
    return int(np.count_nonzero(~np.isnan(column))), math.nan, math.nan, math.nan, str(why)
