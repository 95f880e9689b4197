"""Robustness: two policies in many plausible worlds, on the same random numbers in each."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import NDArray

from sim.analysis.dead import dead_in_design, left_out
from sim.analysis.design_points import DesignPoint, Plan, number_of, plan_of, settings_of, unit_points
from sim.analysis.design_run import DesignRun, check_same_world, run_design_points
from sim.analysis.first_look import FirstLook, measure_with_values
from sim.analysis.forbidden import WORLDS as OF_WORLDS
from sim.analysis.forbidden import forbidden_sentences, none_possible
from sim.analysis.ranges import Range, ranges
from sim.analysis.scenario_discovery import Rule, rule_of
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.arrays import Bools, Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.metrics.measure_ref import EVERYWHERE, Measure, MeasureRef, directed, headline_of, margin_of, measures_of, read_measure
from sim.model.metric import Metric
from sim.scenario.load import Changes, Scenarios, load_scenarios
from sim.scenario.scenario import Scenario
from sim.statistics import intervals
from sim.statistics.differences import Difference, ends_of, is_without_difference
from sim.statistics.paired import paired_differences
from sim.statistics.pooled_quantiles import PooledQuantile, quantile_difference
from sim.statistics.rare_events import interval_of_share
from sim.study.comparison import FLIGHTS, NOT_GUARDED
from sim.study.csv_files import words_of, write_csv
from sim.study.design import margins_of
from sim.study.replication_values import Values

if TYPE_CHECKING:
    import pandas as pd

_TWO_NEEDED = Text("two scenarios are needed", "須有兩個情景", "须有两个情景")
_0_OR_MORE = Text("0 or more", "0 或以上", "0 或以上")
_2_OR_MORE = Text("2 or more", "2 或以上", "2 或以上")
_ONE_REPLICATION = Text(
    "one replication can't tell a difference from chance",
    "只有一次重複，無法分辨差異與偶然",
    "只有一次重复，无法分辨差异与偶然",
)
_NO_VALUES = Text(
    "in {n} of the first {total} worlds the measure has no value to compare by",
    "首 {total} 種環境中有 {n} 種，該指標沒有可供比較的數值",
    "前 {total} 种环境中有 {n} 种，该指标没有可供比较的数值",
)

Shares = dict[str, tuple[float, float, float]]  # share of all worlds and the ends of its interval

KIND = "robustness study"
LISTING = "worlds.csv"
WORLDS, REPLICATIONS = 500, 5
FIRST_WORLDS = 20  # after so many it is asked whether the measure has a value there
BAND = 0.01  # of the median level under A, where nobody states the smallest difference that matters
WIN, TIE, LOSS, FEWER = "B better", "alike", "A better", "fewer flights"
UNDECIDED, UNKNOWN = "undecided", "not measured"
VERDICTS = (WIN, TIE, LOSS, FEWER, UNDECIDED, UNKNOWN)
CERTAIN = 0.05  # with at most that probability a quantile that is told to be never reached is reached
MOST_LOST = 2 / 3  # of the worlds; beyond, losses can't be DENSER anywhere, and it is asked where B wins


@dataclass(frozen=True)
class Robustness:
    """What the worlds say of policy B against policy A.

    design_run: all points, each world under A and then under B · measured: by what they are compared · ranges: what was sampled,
    one column each of `worlds` · u: shape (worlds, ranges), where in its range each parameter stood · difference: shape
    (worlds,), B minus A, mean over replications; inf where one releases too few, NaN where neither is known · low, high: shape
    (worlds,), the ends of the interval of each difference by itself, NaN where there is none · band: half width within which they
    are alike · verdict: shape (worlds,), one of VERDICTS · shares: of each verdict among all worlds, with Wilson's interval ·
    about: WIN or LOSS, of which the rule speaks · rule: where it is frequent, None where that can't be told ·
    replications_needed: with so many in each world half of the undecided worlds would be decided if their differences are as
    seen; NaN where that can't be said.
    """

    design_run: DesignRun
    measured: Measure
    ranges: tuple[Range, ...]
    u: Floats
    difference: Floats
    low: Floats
    high: Floats
    band: float
    verdict: NDArray[np.str_]
    shares: Shares
    about: str
    rule: Rule | None
    replications_needed: float

    @property
    def n(self) -> int:
        """In how many worlds the measure has a value."""
        return int(np.count_nonzero(self.verdict != UNKNOWN))

    def table(self) -> "pd.DataFrame":
        """One row a world, with its number among all that were drawn.

        Its columns: difference with its interval, verdict, value of each parameter in SI units (of a law, its mean).
        """
        import pandas as pd

        columns = {
            "world": [number_of(name) for name in self.design_run.names[::2]],
            "difference": self.difference,
            "ci_low": self.low,
            "ci_high": self.high,
            "verdict": self.verdict,
        }
        values = {
            varied.path: [varied.at(u) for u in column] for varied, column in zip(self.ranges, self.u.T.tolist(), strict=True)
        }
        return pd.DataFrame(columns | values)


@takes_run_keywords
def robust(
    scenarios: Scenarios,
    *,
    measure: str = "",
    band: str = "",
    worlds: int = WORLDS,
    leave: str | Sequence[str] = (),
    set: Changes = (),  # noqa: A002
    finish: "Callable[[Robustness, Path], None] | None" = None,
    **keywords: Unpack[RunKeywords],
) -> Robustness:
    """The policies of two scenarios in `worlds` worlds, drawn as a Latin hypercube over the plausible ranges of world parameters.

    measure: one with a direction; unless given, that by which the second answers its question, else EVERYWHERE · band: where they
    differ by no more they are alike, in the unit of the measure; unless given, the smallest difference that matters as the first
    scenario or the measure states it, else BAND of the median level under the first · leave: parameters, or groups of
    them, that keep the scenario's value · replications: REPLICATIONS in each world unless given, two at least; none are added
    to a world that stays undecided · set, and the other keywords: see `sim.run`.

    Worlds that a check between parameters forbids under one of them are left out of both (`DesignRun.left_out`). Raises
    InputError where the two scenarios stand in different worlds, or what is asked can't be; and after FIRST_WORLDS where
    the measure has no value in most of them, with one that has.
    """
    options, left = read_options(keywords).with_replications(REPLICATIONS), texts("leave", leave)
    arguments.check(arguments.text("band", band), arguments.whole_number("worlds", worlds, 2, optional=False))
    loaded = load_scenarios(scenarios, set)
    if len(loaded) != 2:
        raise InputError(Problem(_TWO_NEEDED, path="scenarios", found=Text.same(str(len(loaded))), allowed=Text.same("2")))
    check_same_world(loaded)
    measured = directed(read_measure(measure or headline_of(loaded, EVERYWHERE), known=measures_of(loaded)))
    half = measured.quantity(band, "band") if band else margin_of_scenario(loaded[0], measured)
    if half is not None and not 0 <= half < np.inf:
        raise InputError(Problem(arguments.NOT_POSSIBLE, path="band", found=Text.same(band), allowed=_0_OR_MORE))
    if options.replications == 1:
        raise InputError(Problem(_ONE_REPLICATION, path="replications", found=Text.same("1"), allowed=_2_OR_MORE))
    varied = ranges(loaded[0], "world", left)
    seed = loaded[0].study.seed if options.seed is None else options.seed
    u = unit_points("lhs", worlds, len(varied), seed)
    dead = dead_in_design(loaded, settings_of(varied, u), seed)
    living = [number for number, span in enumerate(varied) if span.path not in dead]
    varied, u = tuple(varied[number] for number in living), u[:, living]
    plans = [plan_of(policy, settings_of(varied, u)) for policy in loaded]
    points = worlds_of(plans)
    if not points:
        raise none_possible(plans, leave=True)
    u = u[[number_of(point.scenario.name) - 1 for point in points[::2]]]
    forbidden = [point for plan in plans for point in plan.forbidden]
    notes = [*forbidden_sentences(plans, OF_WORLDS), *left_out(loaded, dead)]
    question = {"measure": measured.name, "band": band, "leave": list(left)}

    def judged(run: DesignRun) -> Robustness:
        return judge(run, measured, varied, u, half)

    def write(run: DesignRun, folder: Path) -> None:
        result = judged(run)
        write_csv(result.table(), folder / LISTING, words_of(run))
        if finish:
            finish(result, folder)

    look = FirstLook(min(len(points), 2 * FIRST_WORLDS), partial(check_has_values, measured))
    return judged(
        run_design_points(KIND, loaded, points, question, write, options, look, notes, forbidden, is_answered=finish is not None)
    )


def worlds_of(plans: Sequence[Plan]) -> list[DesignPoint]:
    """Both policies in every world that is possible under each: the first world under both, then the second, and so on."""
    by_policy = [{number_of(point.scenario.name): point for point in plan.possible} for plan in plans]
    both = [number for number in by_policy[0] if all(number in points for points in by_policy)]
    return [points[number] for number in both for points in by_policy]


def check_has_values(measured: Measure, values: Values, metrics: Mapping[str, Metric]) -> None:
    """Raises InputError where a measure has no value in more than half of the first worlds; values: by measure and point."""
    first, second = _by_policy(values, measured.ref)
    missing = ~is_measured(first, second)
    if np.count_nonzero(missing) * 2 > len(missing):
        other = measure_with_values(values, measured, metrics, lambda ref: bool(is_measured(*_by_policy(values, ref)).all()))
        message = _NO_VALUES.fill(n=np.count_nonzero(missing), total=len(missing))
        raise InputError(Problem(message, path="measure", found=Text.same(measured.name), allowed=other))


def _by_policy(values: Values, ref: MeasureRef) -> tuple[Floats, Floats]:
    """Shape (worlds, r) each, from the values of points that stand in the order of `worlds_of`; NaN where a point has none."""
    names = list(dict.fromkeys(name for by_point in values.values() for name in by_point))
    r = max((len(row) for row in values.get(ref, {}).values()), default=1)
    rows = np.array([values.get(ref, {}).get(name, np.full(r, np.nan)) for name in names])
    return rows[::2], rows[1::2]


def is_measured(first: Floats, second: Floats) -> Bools:
    """Shape (worlds,): some replication has a value under both policies, and it is not infinite under both in each such."""
    return np.asarray(~(np.isnan(first) | np.isnan(second) | (np.isinf(first) & np.isinf(second))).all(axis=1))


def margin_of_scenario(scenario: Scenario, measured: Measure) -> float | None:
    """The smallest difference of a measure that matters, as the scenario, else the measure, states it; None where none does."""
    stated = margins_of(scenario, measures_of([scenario]))
    known = (stated.get(ref) for ref in (measured.ref, MeasureRef(measured.ref.metric)))
    return next((margin for margin in known if margin), margin_of(measured.metric) or None)


def usual_band(level: Floats) -> float:
    """Within what difference two policies are alike where nothing is stated; level: under A, shape (worlds,)."""
    finite = level[np.isfinite(level)]
    return BAND * float(np.median(np.abs(finite))) if len(finite) else 0.0


def judge(run: DesignRun, measured: Measure, varied: tuple[Range, ...], u: Floats, band: float | None) -> Robustness:
    """The verdict of every world, their shares, and the rule where B loses, or where it wins if it loses in most worlds."""
    alpha, quantiles = 1 - run.confidence, run.quantiles(measured.name)
    if quantiles:
        certain = _certain_levels(quantiles)
        first, second = certain[::2, None], certain[1::2, None]
        level = np.array([math.inf if quantile.is_not_reached else quantile.value for quantile in quantiles]).reshape(-1, 2).T
    else:
        values = run.values(measured.name)
        first, second = values[::2], values[1::2]
        level = _levels(first, second)
    with np.errstate(invalid="ignore"):
        difference = level[1] - level[0]  # NaN where both are infinite: which of them is the better can't be told
    half = usual_band(level[0]) if band is None else band
    apart, low, high = _apart(run, measured.name, alpha)
    verdict = verdicts(first, second, apart, (low, high), half, -1 if measured.better == "lower" else 1)
    if measured.metric.topic not in NOT_GUARDED:
        b_fewer, a_fewer = clearly_fewer_flights(run, alpha)
        verdict = np.where(((verdict == WIN) & b_fewer) | ((verdict == LOSS) & a_fewer), FEWER, verdict)
    shares = {name: share_of(verdict, name, run.confidence) for name in VERDICTS}
    known = verdict != UNKNOWN
    about = WIN if np.count_nonzero(verdict == LOSS) > MOST_LOST * np.count_nonzero(known) else LOSS
    rule = rule_of(verdict[known] == about, u[known], varied, run.manifest.seed) if known.any() else None
    needed = _replications_needed([d for d, name in zip(apart, verdict, strict=True) if name == UNDECIDED], half, alpha)
    return Robustness(run, measured, varied, u, difference, low, high, half, verdict, shares, about, rule, needed)


def _apart(run: DesignRun, measure: str, alpha: float) -> tuple[list[Difference], Floats, Floats]:
    """The difference of each world, B minus A, and the ends of its interval, shape (worlds,) each."""
    quantiles, names = run.quantiles(measure), run.names
    apart: list[Difference]
    if quantiles:
        apart = list(map(quantile_difference, quantiles[::2], quantiles[1::2]))
    else:
        values = run.values(measure)
        sizes = run.event_sizes(measure, list(zip(names[::2], names[1::2], strict=True)))
        apart = [*paired_differences(values[::2], values[1::2], sizes)]
    low, high = np.array(ends_of(apart, np.full(len(apart), alpha))).T
    return apart, low, high


def clearly_fewer_flights(run: DesignRun, alpha: float) -> tuple[Bools, Bools]:
    """Shape (worlds,) each: B releases clearly fewer of the flights planned than A, and A than B, by more than matters.

    Who turns flights away waits less, works less and misses less: as in a study, that is not called better.
    """
    margin = margin_of(run.metrics[FLIGHTS.metric])
    _, low, high = _apart(run, str(FLIGHTS), alpha)
    return high < -margin, low > margin


def verdicts(
    first: Floats, second: Floats, apart: Sequence[Difference], ends: tuple[Floats, Floats], half: float, sign: int
) -> NDArray[np.str_]:
    """The verdict of each world by its own paired interval, whose ends are given, shape (worlds,).

    first, second: the replications under A and B, shape (worlds, r) · half: half width of the band · sign: 1 where more is
    better, -1 where less is. A world is decided where the interval lies wholly beyond the band, or wholly within it; also where
    no replication differs; and where one policy has an infinite value in every replication (too few flights released) and the
    other in none. All else is undecided.
    """
    low, high = ends if sign > 0 else (-ends[1], -ends[0])
    is_paired = ~(np.isnan(first) | np.isnan(second))
    n_paired = is_paired.sum(axis=1)
    infinite = [(np.isinf(values) & is_paired).sum(axis=1) for values in (first, second)]
    is_apart = [(infinite[i] == n_paired) & (infinite[1 - i] == 0) for i in (0, 1)]
    shown = np.where(is_apart[0], -first.max(axis=1, initial=-np.inf, where=is_paired), 0.0)
    shown = np.where(is_apart[1], second.max(axis=1, initial=-np.inf, where=is_paired), shown) * sign
    is_same = np.array([is_without_difference(difference) for difference in apart])
    cases = {
        UNKNOWN: ~is_measured(first, second),
        WIN: (shown == np.inf) | (low > half),
        LOSS: (shown == -np.inf) | (high < -half),
        TIE: (is_same & np.isnan(low)) | ((low >= -half) & (high <= half)),
    }
    return np.select(list(cases.values()), list(cases), UNDECIDED)


def _certain_levels(quantiles: Sequence[PooledQuantile]) -> Floats:
    """Shape (points,): inf where a quantile falls among the flights never released with its whole interval, NaN without flights.

    The others have their value, or the least that it may be: what is uncertain is no certain loss.
    """
    lowest = [(quantile, quantile.interval(CERTAIN)[0]) for quantile in quantiles]
    return np.array([
        math.nan if not quantile.pool.size
        else quantile.value if not quantile.is_not_reached
        else math.inf if math.isnan(low)
        else low
        for quantile, low in lowest
    ])  # fmt: skip


def _levels(first: Floats, second: Floats) -> Floats:
    """Shape (2, worlds): means of both policies over the replications in which both have a value, NaN where there is none."""
    both = np.stack([first, second])
    known = ~np.isnan(both).any(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, both, 0.0).sum(axis=2) / known.sum(axis=1))


def _replications_needed(undecided: Sequence[Difference], half: float, alpha: float) -> float:
    """With how many replications half of these worlds would be decided if their differences are as seen; NaN: can't be said."""
    numbers = []
    for difference, (low, high) in zip(undecided, ends_of(undecided, np.full(len(undecided), alpha)), strict=True):
        required = abs(abs(difference.mean) - half)
        if 0 < high - low < math.inf and required > 0:
            numbers.append(intervals.METHOD.replications_needed(difference.n, (high - low) / 2, required, alpha))
    return float(np.ceil(np.median(numbers))) if numbers else float("nan")


def share_of(verdict: NDArray[np.str_], name: str, confidence: float) -> tuple[float, float, float]:
    """The share of a verdict among all worlds, shape (worlds,), and Wilson's interval of it.

    The interval treats the worlds as drawn independently; those of a Latin hypercube are spread more evenly, so that it is
    rather too wide.
    """
    count, n = int(np.count_nonzero(verdict == name)), len(verdict)
    return count / n, *interval_of_share(count, n, confidence)
