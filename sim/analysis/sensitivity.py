"""Global sensitivity of a measure to the world's parameters: Morris screening and Sobol indices, on samples made by SALib."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from sim.analysis.dead import TRIED, dead_in_design, left_out
from sim.analysis.design_points import points_of, settings_of, unit_points
from sim.analysis.design_run import DesignRun, Finish, run_design_points
from sim.analysis.first_look import KEPT, FirstLook, measure_with_values
from sim.analysis.ranges import Range, no_such_parameter, ranges
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.metrics.measure_ref import EVERYWHERE, Measure, MeasureRef, measures_of, read_measure
from sim.model.metric import Metric
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.statistics.variance_shares import variance_shares
from sim.study.csv_files import words_of, write_csv
from sim.study.replication_values import Values

if TYPE_CHECKING:
    import pandas as pd


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
        message = "one replication can't tell the noise of a replication from the effect of parameters together"
        raise InputError(Problem(message, path="replications", found="1", allowed="2 or more for sobol"))
    seed = base.study.seed if options.seed is None else options.seed
    varied = _chosen(ranges(base, "world", left), chosen)
    dead = dead_in_design([base], settings_of(varied, unit_points("lhs", TRIED, len(varied), seed)), seed)
    varied = tuple(span for span in varied if span.path not in dead)
    if not varied:
        message = "none of the parameters moves anything here"
        raise InputError(Problem(message, path="over", found=", ".join(dead), allowed="others, or another scenario"))
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
        missing = f"{at_points.count(False)} of the first {len(at_points)} points"
        raise _no_value(measured, missing, measure_with_values(values, measured, metrics, lambda ref: all(has_value(ref))))


def _no_value(measured: Measure, where: str, allowed: str) -> InputError:
    message = f"{where} have no finite value, so that no index can be had"
    return InputError(Problem(message, path="measure", found=measured.name, allowed=allowed))


def _check(method: str, samples: int) -> None:
    arguments.check(arguments.text("method", method), arguments.whole_number("samples", samples, 0))
    if method not in METHODS:
        raise InputError(Problem("there is no such method", path="method", found=method, allowed=", ".join(METHODS)))
    if samples < 2 or (method == "sobol" and samples & (samples - 1)):
        allowed = "2 or more" if method == "morris" else "a power of 2"
        raise InputError(Problem("not possible", path="samples", found=str(samples), allowed=allowed))


def _chosen(all_ranges: Sequence[Range], over: Sequence[str]) -> tuple[Range, ...]:
    by_path = {span.path: span for span in all_ranges}
    unknown = [no_such_parameter(path, list(by_path)) for path in over if path not in by_path]
    if unknown:
        message = "no world parameter of that name has a plausible range, or it is left as it is"
        raise InputError(*(Problem(message, path=problem.path, allowed=problem.allowed) for problem in unknown))
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
        allowed = f"a measure that has one in all worlds, such as {EVERYWHERE} ({KEPT})"
        raise _no_value(measured, f"{int(np.sum(~np.isfinite(y)))} of {len(y)} points", allowed)
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
