"""Saturation: the demand at which a target breaks, and the pool that is short there."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from sim.analysis.design_points import points_of
from sim.analysis.design_run import DesignRun, Finish, run_design_points
from sim.archive.checkpoint import unfinished_in
from sim.execution.options import RunKeywords, RunOptions, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.metrics.breakdown import split_part
from sim.metrics.measure_ref import Measure, MeasureRef, measures_of, read_measure
from sim.model.metric import Metric
from sim.model.outcome import Outcome
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.scenario.scenario import Scenario
from sim.study.comparison import within_bounds
from sim.study.csv_files import words_of, write_csv
from sim.study.runner import NONE_LEFT, WITHOUT_RESUME

if TYPE_CHECKING:
    import pandas as pd

_NO_TARGET = Text("the target can't be read", "無法讀取目標", "无法读取目标")
_A_TARGET = Text(
    "a measure, <= or >=, and a quantity, as in 'delay_quantile/p95 <= 30 min'",
    "指標、<= 或 >=，以及數值，例如 'delay_quantile/p95 <= 30 min'",
    "指标、<= 或 >=，以及数值，例如 'delay_quantile/p95 <= 30 min'",
)
_NEVER_THAT = Text("a share is never that", "比例不可能是這個數值", "比例不可能是这个数值")
_A_SCHEDULE = Text(
    "flights come from a schedule, which can't be multiplied",
    "航班來自時刻表，不能按倍數增減",
    "航班来自时刻表，不能按倍数增减",
)
_BY_RATE = Text("a scenario with flights_per_day", "以 flights_per_day 訂明需求的情景", "用 flights_per_day 规定需求的情景")
_NO_DEMAND = Text("no demand to be multiplied", "沒有可按倍數增減的需求", "没有可按倍数增减的需求")
_DEMANDS = Text("{least} to {most}", "{least} 至 {most}", "{least} 至 {most}")


KIND, SEARCH_KIND = "saturation study", "saturation search"
LISTING, POOLS = "saturation.csv", "pools.csv"
DEMAND, ON_ROUTE, SCHEDULE = "world.demand.flights_per_day", "world.demand.flights_on_route", "world.demand.schedule"
STEP = 2.0  # of the search
MOST_A_DAY, LEAST_A_DAY = 5000.0, 0.25  # flights a route each way: the bounds of the search
COARSE_REPLICATIONS = 3
SATURATED = 0.95
OUTCOMES, PUT_OFF = "flight_outcome_share", "departure_shifted_share"
FINE, BEYOND = 8, 4  # steps within the bracket, a factor of two, and beyond it to either side
_TARGET = re.compile(r"\s*(\S+)\s*(<=|>=)\s*(.+?)\s*")


@dataclass(frozen=True)
class Target:
    """What must hold of the mean of a measure over replications: at most, or at least, a value in its unit; as it was written."""

    written: str
    measured: Measure
    at_most: bool
    value: float

    def excess(self, levels: Any) -> Floats:
        """By how much levels break the target; 0 or less where it is met, inf where there is no level (NaN)."""
        array = np.asarray(levels, dtype=np.float64)
        return np.where(np.isnan(array), np.inf, array - self.value if self.at_most else self.value - array)


@dataclass(frozen=True)
class Saturation:
    """The answer: at which multiple of the scenario's own demand the target breaks, and what is short there.

    design_run: the points tried · multiple: where the mean first crosses the target from met to broken, NaN where it does not;
    low and high: its interval, where the ends of the interval of the mean cross it (0 and inf beyond the points tried) · tried:
    the multiples tried · is_met: at each of them, whether the mean meets the target · own_per_day: the scenario's flights a day
    on each route, each way · level_at_least: the mean at the least multiple; level_past: at the first point past the break, or
    the last; NaN where there is none, as of a quantile that is not reached · ends_at_least: at the least multiple, the share of
    the flights planned that ends in each outcome · pools: see `pools_at`, at the first point past the break, or the last.
    """

    target: Target
    design_run: DesignRun
    multiple: float
    low: float
    high: float
    tried: tuple[float, ...]
    is_met: tuple[bool, ...]
    own_per_day: float
    level_at_least: float
    level_past: float
    ends_at_least: Mapping[Outcome, float]
    put_off_at_least: float
    pools: "pd.DataFrame"

    def per_day(self, multiple: float) -> float:
        """The flights a day on each route, each way, at a multiple."""
        return multiple * self.own_per_day


def read_target(written: str, known: Mapping[str, Metric] | None = None) -> Target:
    """The target of "MEASURE <= QUANTITY" or "MEASURE >= QUANTITY".

    known: the measures that there are; unless given, those of the package. Raises InputError that says what is allowed.
    """
    arguments.check(arguments.text("target", written))
    match = _TARGET.fullmatch(written)
    if match is None:
        raise InputError(Problem(_NO_TARGET, path="target", found=Text.same(written), allowed=_A_TARGET))
    measured = read_measure(match[1], "target", known)
    value = measured.quantity(match[3], "target")
    if measured.unit == "share" and not 0 <= value <= 1:
        raise InputError(Problem(_NEVER_THAT, path="target", found=Text.same(written), allowed=Text.same("0%..100%")))
    return Target(f"{measured.name} {match[2]} {match[3]}", measured, match[2] == "<=", value)


@takes_run_keywords
def saturate(
    scenarios: Scenarios,
    *,
    target: str,
    set: Changes = (),  # noqa: A002
    finish: "Callable[[Saturation, Path], None] | None" = None,
    **keywords: Unpack[RunKeywords],
) -> Saturation:
    """The multiple of a scenario's demand at which the mean of a measure breaks a target.

    scenarios: the path of one, or a Scenario · target: "MEASURE <= QUANTITY" or "MEASURE >= QUANTITY" · set, and the other
    keywords: see `sim.run`.

    Demand is first doubled and halved, COARSE_REPLICATIONS each, to find two neighbours that hold the break between them (that
    search stands beside the study in a folder of its own); then FINE points between them and BEYOND to either side, evenly by
    factor, are simulated with the study's replications, and the mean is read off between points. Where no two hold it, the
    search itself is the answer. Raises InputError for what can't be done.
    """
    options = read_options(keywords)
    base = load_one_scenario(scenarios, set)
    aim, own_per_day = read_target(target, measures_of([base])), per_day(base)
    search, main = _resuming(replace(options, replications=COARSE_REPLICATIONS, out=_beside(options.out)), options)
    least, most = _bounds(base)
    ladder = [STEP**k for k in range(-3, 8) if least <= STEP**k <= most]
    coarse = _run_multiples(SEARCH_KIND, base, ladder, aim, search)
    bracket = _bracket(ladder, np.array([estimate.mean for estimate in coarse.estimates(aim.measured.name)]), aim)
    if bracket is None:  # nothing to look at more closely: the ladder itself is the answer
        main, multiples = replace(main, replications=COARSE_REPLICATIONS), ladder
    else:
        multiples = [m for m in _steps(bracket) if least <= m <= most]

    def write(run: DesignRun, folder: Path) -> None:
        answer = _answer(run, multiples, aim, own_per_day)
        write_csv(curve(run, multiples, aim, own_per_day), folder / LISTING, words_of(run))
        write_csv(answer.pools, folder / POOLS, words_of(run))
        if finish:
            finish(answer, folder)

    return _answer(_run_multiples(KIND, base, multiples, aim, main, write), multiples, aim, own_per_day)


def _resuming(search: RunOptions, main: RunOptions) -> tuple[RunOptions, RunOptions]:
    """Both stages, told to go on where they have something to go on with. Raises InputError if neither has, but was to."""
    if not main.resume or main.out is None:
        return search, main
    waiting = {name for name, _, _, n in unfinished_in(main.out.resolve().parent) if n}
    stages = [replace(stage, resume=Path(str(stage.out)).name in waiting) for stage in (search, main)]
    if not any(stage.resume for stage in stages):
        raise InputError(Problem(NONE_LEFT, path="resume", found=Text.same(str(main.out)), allowed=WITHOUT_RESUME))
    return stages[0], stages[1]


def per_day(scenario: Scenario) -> float:
    """The scenario's flights a day on each route, each way. Raises InputError where its demand is a schedule, or none."""
    if scenario.world.demand.schedule is not None:
        raise InputError(Problem(_A_SCHEDULE, str(scenario.file or ""), path=SCHEDULE, allowed=_BY_RATE))
    rate = float(scenario.world.demand.flights_per_day) * DAY_S
    if not LEAST_A_DAY <= rate <= MOST_A_DAY:
        allowed = _DEMANDS.fill(least=f"{LEAST_A_DAY:g}/d", most=f"{MOST_A_DAY:g}/d")
        raise InputError(Problem(_NO_DEMAND, path=DEMAND, found=Text.same(f"{rate:g}/d"), allowed=allowed))
    return rate


def demand_times(scenario: Scenario, multiple: float) -> dict[str, Any]:
    """What to set so that every route has that multiple of its demand."""
    on_route = scenario.world.demand.flights_on_route
    times = {DEMAND: _rate(float(scenario.world.demand.flights_per_day) * multiple)}
    return times | ({ON_ROUTE: {route: _rate(float(rate) * multiple) for route, rate in on_route.items()}} if on_route else {})


def _rate(rate: float) -> str:
    return f"{float(f'{rate * DAY_S:.6g}')!r}/d"


def _beside(out: Path | None) -> Path | None:
    """The folder of the search for the bracket."""
    return None if out is None else out.with_name(f"{out.name}-search")


def _run_multiples(
    kind: str, base: Scenario, multiples: Sequence[float], aim: Target, options: RunOptions, finish: Finish | None = None
) -> DesignRun:
    points = list(points_of(base, [demand_times(base, m) for m in multiples]))
    return run_design_points(
        kind, [base], points, {"target": aim.written}, finish or (lambda *_: None), options, is_answered=finish is not None
    )


def _bounds(scenario: Scenario) -> tuple[float, float]:
    """The multiples between which the demand of every route stays within the bounds of the search."""
    demand = scenario.world.demand
    rates = [float(rate) * DAY_S for rate in (demand.flights_per_day, *demand.flights_on_route.values()) if rate > 0]
    return LEAST_A_DAY / min(rates), MOST_A_DAY / max(rates)


def _bracket(ladder: Sequence[float], levels: Floats, aim: Target) -> tuple[float, float] | None:
    """The first two neighbours between which the target breaks."""
    broken = aim.excess(levels) > 0
    first = next((i for i in range(1, len(ladder)) if broken[i] and not broken[i - 1]), None)
    return None if first is None else (ladder[first - 1], ladder[first])


def _steps(bracket: tuple[float, float]) -> list[float]:
    low, high = bracket
    ratio = (high / low) ** (1 / FINE)
    return [low * ratio**k for k in range(-BEYOND, FINE + BEYOND + 1)]


def curve(run: DesignRun, multiples: Sequence[float], aim: Target, own_per_day: float) -> "pd.DataFrame":
    """One row a point: multiple, flights_per_day, n, mean, ci_low, ci_high of the measure."""
    import pandas as pd

    rows = zip(multiples, run.estimates(aim.measured.name), strict=True)
    unit = aim.measured.unit
    points = [(m, m * own_per_day, e.n, e.mean, *within_bounds(e.low, e.high, unit)) for m, e in rows]
    return pd.DataFrame(points, columns=["multiple", "flights_per_day", "n", "mean", "ci_low", "ci_high"])


def excess_at_ends(aim: Target, shown: "pd.DataFrame") -> Floats:
    """Shape (2, points): by how much both ends of the interval of the level break the target.

    Of an interval with one end the other is not reached, and breaks it; without an interval, the level stands for both.
    """
    is_missing = shown[["ci_low", "ci_high"]].isna().all(axis=1)
    middle = aim.excess(shown["mean"])
    return np.array([np.where(is_missing, middle, aim.excess(shown[name])) for name in ("ci_low", "ci_high")])


def _answer(run: DesignRun, multiples: Sequence[float], aim: Target, own_per_day: float) -> Saturation:
    shown, m = curve(run, multiples, aim, own_per_day), np.asarray(multiples)
    middle = aim.excess(shown["mean"])
    ends = excess_at_ends(aim, shown)
    multiple = crossing(m, middle)
    past = int(np.argmax((middle > 0) & (m > multiple))) if not math.isnan(multiple) else len(m) - 1
    low, high = _or(crossing(m, np.max(ends, axis=0)), 0.0), _or(crossing(m, np.min(ends, axis=0)), math.inf)
    is_met = tuple(bool(met) for met in middle <= 0)
    put_off = _mean(run.of_measure(PUT_OFF).get(MeasureRef(PUT_OFF), {}), run.names[0])
    levels = float(shown["mean"].iloc[0]), float(shown["mean"].iloc[past])
    at_least = ends_at(run, run.names[0]), put_off
    return Saturation(
        aim, run, multiple, low, high, tuple(multiples), is_met, own_per_day, *levels, *at_least, pools_at(run, multiples, past)
    )


def _or(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value


def crossing(x: Floats, excess: Floats) -> float:
    """Where `excess`, shape (k,), first passes from 0 or less to above 0, read off on a line over the logarithm of rising x.

    An excess that is infinite is passed at the point before it; NaN where nothing is passed.
    """
    for i in range(1, len(x)):
        before, after = float(excess[i - 1]), float(excess[i])
        if before <= 0 < after:
            part = 0.0 if math.isinf(after) else -before / (after - before)
            return float(x[i - 1] * (x[i] / x[i - 1]) ** part)
    return math.nan


def ends_at(run: DesignRun, point: str) -> dict[Outcome, float]:
    """The share of the flights planned that ends in each outcome at a point, mean over replications; NaN where there is none."""
    shares = run.of_measure(OUTCOMES)
    return {outcome: _mean(shares.get(MeasureRef(OUTCOMES, outcome.name.lower()), {}), point) for outcome in Outcome}


def pools_at(run: DesignRun, multiples: Sequence[float], past: int) -> "pd.DataFrame":
    """One row a pool, those first that are saturated first: at SATURATED of their time on duty in the busiest hour of the day.

    Columns: pool · saturated_from: the least multiple at which it is saturated (NaN: at none) · peak_at_least, peak_past: the
    busy share of its time on duty in its busiest hour, at the least multiple and at point number `past` · wait_at_least_s,
    wait_past_s: mean wait there (NaN: not used). All are means over replications. Of pools saturated from one multiple on, the
    busier there comes first; of those not saturated at `past`, the busier there: a long wait says nothing of who is short, where
    few come, nor does what is full at more demand only. Pools whose servers can't be counted are left out.
    """
    import pandas as pd

    peaks, waits = _peaks(run), run.of_measure("wait_mean")
    rows = []
    for pool, peak in peaks.items():
        full = np.flatnonzero(peak >= SATURATED)
        wait = waits.get(MeasureRef("wait_mean", pool), {})
        mean_waits = [_mean(wait, run.names[at]) for at in (0, past)]
        is_full_there = bool(peak[past] >= SATURATED)
        order = (full[0], peak[full[0]]) if is_full_there else (len(multiples), peak[past])
        rows.append((pool, multiples[full[0]] if len(full) else math.nan, peak[0], peak[past], *mean_waits, *order))
    columns = ["pool", "saturated_from", "peak_at_least", "peak_past", "wait_at_least_s", "wait_past_s", "first", "busy"]
    table = pd.DataFrame(rows, columns=columns)
    in_order = table.sort_values(["first", "busy"], ascending=[True, False], kind="stable", ignore_index=True)
    return in_order.drop(columns=["first", "busy"])


def _peaks(run: DesignRun) -> dict[str, Floats]:
    """By pool, shape (points,): the busy share of the time on duty in the busiest hour of the day."""
    by_hour: dict[str, list[Floats]] = {}
    for (_, part), by_point in run.of_measure("utilisation_by_hour").items():
        pool, _ = split_part(part)
        by_hour.setdefault(pool, []).append(np.array([_mean(by_point, name) for name in run.names]))
    return {pool: np.nan_to_num(np.fmax.reduce(hours)) for pool, hours in by_hour.items() if not np.isnan(hours).all()}


def _mean(by_point: dict[str, Floats], name: str) -> float:
    values = by_point.get(name)
    if values is None or np.isnan(values).all():
        return math.nan
    return float(np.nanmean(values))
