"""Global sensitivity of a measure to the world's parameters: Morris screening and Sobol indices, on samples made by SALib."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from sim.analysis.dead import TRIED, dead_in_design, left_out
from sim.analysis.design_points import points_of, settings_of, unit_points
from sim.analysis.design_run import DesignRun, Finish, run_design_points
from sim.analysis.first_look import FirstLook, measure_with_values
from sim.analysis.ranges import Range, no_such_parameter, ranges
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.metrics.measure_ref import EVERYWHERE, Measure, MeasureRef, measures_of, read_measure
from sim.model.metric import Metric
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.statistics.variance_shares import variance_shares
from sim.study.csv_files import words_of, write_csv
from sim.study.replication_values import Values

if TYPE_CHECKING:
    import pandas as pd

_ONE_REPLICATION = Text(
    "one replication can't tell the noise of a replication from the effect of parameters together",
    "只有一次重複，無法分辨隨機波動與各參數的共同影響",
    "只有一次重复，无法分辨随机波动与各参数的共同影响",
)
_2_FOR_SOBOL = Text("2 or more for sobol", "sobol 須 2 次或以上", "sobol 须 2 次或以上")
_NONE_MOVES = Text("none of the parameters moves anything here", "這些參數在此均無作用", "这些参数在此均无作用")
_OTHERS = Text("others, or another scenario", "其他參數，或另一情景", "其他参数，或另一情景")
_OF_FIRST = Text("{n} of the first {total} points", "首 {total} 點中有 {n} 點", "前 {total} 点中有 {n} 点")
_NO_VALUE = Text(
    "{where} have no finite value, so that no index can be had",
    "{where}沒有有限數值，無法計算指數",
    "{where}没有有限数值，无法计算指数",
)
_OF_POINTS = Text("{n} of {total} points", "{total} 點中有 {n} 點", "{total} 点中有 {n} 点")
_IN_ALL_WORLDS = Text(
    "a measure that has one in all worlds, such as {measure}",
    "在所有環境均有數值的指標，例如 {measure}",
    "在所有环境均有数值的指标，例如 {measure}",
)
_NO_METHOD = Text("there is no such method", "沒有這種方法", "没有这种方法")
_2_OR_MORE = Text("2 or more", "2 或以上", "2 或以上")
_A_POWER = Text("a power of 2", "2 的冪", "2 的幂")
_NO_RANGE = Text(
    "no world parameter of that name has a plausible range, or it is left as it is",
    "沒有這個名稱而設有合理範圍的環境參數，或該參數已保持原值",
    "没有这个名称而设有合理范围的环境参数，或该参数已保持原值",
)


KIND = "sensitivity study"
LISTING = "sensitivity.csv"
METHODS = ("morris", "sobol")
SAMPLES = {"morris": 10, "sobol": 64}
LEVELS = 4  # of the Morris grid
FIRST_POINTS = 20  # after so many it is asked whether the measure has a value there
REPLICATIONS = {"morris": 1, "sobol": 2}


@takes_run_keywords
def sensitivity(
    scenarios: Scenarios,
    *,
    measure: str = "",
    method: str = "morris",
    samples: int | None = None,
    over: str | Sequence[str] = (),
    leave: str | Sequence[str] = (),
    set: Changes = (),  # noqa: A002
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> DesignRun:
    """Sensitivity of the mean of a measure over replications, which share their random numbers over all points.

    scenarios: the path of one, or a Scenario · method: "morris" (elementary effects; `samples` trajectories) or "sobol" (first-
    order and total indices; `samples` base points, a power of 2) · over: the parameters to vary, all of the world with a
    plausible range unless given · leave: of these, those that keep the scenario's value; those that move nothing
    anywhere keep it too (`sim.analysis.dead`) · replications: REPLICATIONS of the
    method at each point unless given, for sobol two at least · set, and the other keywords: see `sim.run`.

    Raises InputError for what can't be done as asked.
    """
    options, chosen, left = read_options(keywords), texts("over", over), texts("leave", leave)
    base = load_one_scenario(scenarios, set)
    measured = read_measure(measure or EVERYWHERE, known=measures_of([base]))
    samples = SAMPLES.get(str(method), 0) if samples is None else samples
    _check(method, samples)
    options = options.with_replications(REPLICATIONS[method])
    if method == "sobol" and options.replications == 1:
        raise InputError(Problem(_ONE_REPLICATION, path="replications", found=Text.same("1"), allowed=_2_FOR_SOBOL))
    seed = base.study.seed if options.seed is None else options.seed
    varied = _chosen(ranges(base, "world", left), chosen)
    dead = dead_in_design([base], settings_of(varied, unit_points("lhs", TRIED, len(varied), seed)), seed)
    varied = tuple(span for span in varied if span.path not in dead)
    if not varied:
        raise InputError(Problem(_NONE_MOVES, path="over", found=Text.same(", ".join(dead)), allowed=_OTHERS))
    problem = {
        "num_vars": len(varied),
        "names": [span.path for span in varied],
        "bounds": [[0.0, 1.0]] * len(varied),
    }
    u = _sampled(method, problem, samples, seed)
    points = list(points_of(base, settings_of(varied, u)))
    question = {"measure": measured.name, "method": method, "samples": samples, "over": list(chosen), "leave": list(left)}

    def write(run: DesignRun, folder: Path) -> None:
        table = sensitivity_table(run, measured, method, problem, u, seed)
        write_csv(table, folder / LISTING, words_of(run))
        if finish:
            finish(run, folder)

    look = FirstLook(min(len(points), FIRST_POINTS), partial(check_has_values, measured))
    return run_design_points(
        KIND, [base], points, question, write, options, look, left_out([base], dead), is_answered=finish is not None
    )


def check_has_values(measured: Measure, values: Values, metrics: Mapping[str, Metric]) -> None:
    """Raises InputError where a measure has no finite value at one of the first points; values: by measure and point."""

    def has_value(ref: MeasureRef) -> list[bool]:
        names = dict.fromkeys(name for by_point in values.values() for name in by_point)
        return [name in values.get(ref, {}) and bool(np.isfinite(values[ref][name]).all()) for name in names]

    at_points = has_value(measured.ref)
    if not all(at_points):
        missing = _OF_FIRST.fill(n=at_points.count(False), total=len(at_points))
        raise _no_value(measured, missing, measure_with_values(values, measured, metrics, lambda ref: all(has_value(ref))))


def _no_value(measured: Measure, where: Text, allowed: Text) -> InputError:
    return InputError(Problem(_NO_VALUE.fill(where=where), path="measure", found=Text.same(measured.name), allowed=allowed))


def _check(method: str, samples: int) -> None:
    arguments.check(arguments.text("method", method), arguments.whole_number("samples", samples, 0))
    if method not in METHODS:
        raise InputError(Problem(_NO_METHOD, path="method", found=Text.same(method), allowed=COMMA.join(METHODS)))
    if samples < 2 or (method == "sobol" and samples & (samples - 1)):
        allowed = _2_OR_MORE if method == "morris" else _A_POWER
        raise InputError(Problem(arguments.NOT_POSSIBLE, path="samples", found=Text.same(str(samples)), allowed=allowed))


def _chosen(all_ranges: Sequence[Range], over: Sequence[str]) -> tuple[Range, ...]:
    by_path = {span.path: span for span in all_ranges}
    unknown = [no_such_parameter(path, list(by_path)) for path in over if path not in by_path]
    if unknown:
        raise InputError(*(Problem(_NO_RANGE, path=problem.path, allowed=problem.allowed) for problem in unknown))
    return tuple(by_path[path] for path in over) if over else tuple(all_ranges)


def _sampled(method: str, problem: dict[str, Any], samples: int, seed: int) -> Floats:
    """Shape (points, ranges), from 0 to 1."""
    if method == "morris":
        from SALib.sample import morris

        return np.asarray(morris.sample(problem, samples, num_levels=LEVELS, seed=seed))
    from SALib.sample import sobol

    return np.asarray(sobol.sample(problem, samples, calc_second_order=False, seed=seed))


def sensitivity_table(
    run: DesignRun, measured: Measure, method: str, problem: dict[str, Any], u: Floats, seed: int
) -> "pd.DataFrame":
    """One row a parameter, the most important first.

    Morris: mu_star (mean absolute elementary effect over the whole range, in the unit of the measure), mu_star_ci (half width by
    resampling), sigma (non-linear or with others). Source: Morris, Technometrics 33 (1991) 161-174; Campolongo et al. 2007,
    as in SALib. Sobol: total, first_order (shares of the variance of the expectation over the points), total_ci,
    first_order_ci, and replication_noise, one number for all parameters: see `variance_shares`. Raises InputError where some
    point has no finite value.
    """
    import pandas as pd

    values = run.values(measured.name)
    y = np.mean(values, axis=1)
    if not np.isfinite(y).all():
        where = _OF_POINTS.fill(n=int(np.sum(~np.isfinite(y))), total=len(y))
        raise _no_value(measured, where, _IN_ALL_WORLDS.fill(measure=EVERYWHERE))
    if method == "morris":
        from SALib.analyze import morris

        result = morris.analyze(problem, u, y, num_levels=LEVELS, conf_level=run.confidence, seed=seed)
        columns = {
            "mu_star": result["mu_star"],
            "mu_star_ci": result["mu_star_conf"],
            "mu": result["mu"],
            "sigma": result["sigma"],
        }
    else:
        shares = variance_shares(values.reshape(-1, problem["num_vars"] + 2, values.shape[1]), run.confidence, seed)
        columns = {
            "total": shares.total,
            "total_ci": shares.total_ci,
            "first_order": shares.first_order,
            "first_order_ci": shares.first_order_ci,
            "replication_noise": np.full(problem["num_vars"], shares.noise),
        }
    numbers = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    table = pd.DataFrame({"path": problem["names"], **numbers})
    return table.sort_values(next(iter(columns)), ascending=False, kind="stable", ignore_index=True)
