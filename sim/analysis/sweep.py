"""A sweep: one scenario over values of some of its parameters, on the same random numbers."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from sim.analysis.dead import dead_in_design, left_out, without_effect
from sim.analysis.design_points import Plan, plan_of, read_factor, settings
from sim.analysis.design_run import DesignRun, Finish, run_design_points
from sim.analysis.forbidden import before_varying, forbidden_sentences, none_possible
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.metrics.measure_ref import Measure, headline_of, measures_of, read_measure
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.scenario.scenario import Scenario
from sim.study.comparison import within_bounds
from sim.study.csv_files import words_of, write_csv

if TYPE_CHECKING:
    import pandas as pd

_NONE_MOVES = Text("none of what is varied moves anything here", "所變動的各項在此均無作用", "所变动的各项在此均无作用")
_OTHERS = Text("other parameters, or another scenario", "其他參數，或另一情景", "其他参数，或另一情景")

KIND = "sweep"
LISTING = "sweep.csv"
POINTS, STEPS = 64, 5


@takes_run_keywords
def sweep(
    scenarios: Scenarios,
    *,
    vary: str | Sequence[str],
    measures: str | Sequence[str] = (),
    design: str = "grid",
    points: int = POINTS,
    steps: int = STEPS,
    set: Changes = (),  # noqa: A002
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> DesignRun:
    """One scenario at every point of a design over the parameters of `vary`.

    scenarios: the path of one, or a Scenario · vary: "PATH=value,value", "PATH=low..high" or "PATH", whose plausible range is
    taken; one or a list · measures: those of the table (`sweep_table`), the first for the chart; unless given, the scenario's
    `answered_by` or the headline measures · design: "grid" (with `steps` values of an factor that has a range), or `points`
    points by "lhs" (Latin hypercube) or "sobol" · set, and the other keywords: see `sim.run` · finish(run, folder): writes
    more into the folder, such as charts.

    Combinations that a check between parameters forbids are left out and listed (`DesignRun.left_out`); points keep the numbers
    that they have in the whole design. Raises InputError for what can't be done as asked: a value that is never possible, and a
    design of which no combination is.
    """
    options, varied = read_options(keywords), texts("vary", vary)
    arguments.check(
        arguments.text("design", design),
        arguments.whole_number("points", points, 2, optional=False),
        arguments.whole_number("steps", steps, 2, optional=False),
    )
    with before_varying(varied):
        base = load_one_scenario(scenarios, set)
    names, known = texts("measures", measures) or base.answered_by or [headline_of([base])], measures_of([base])
    listed = [read_measure(name, known=known) for name in names]
    factors = [read_factor(option, base) for option in varied]
    seed = base.study.seed if options.seed is None else options.seed
    plan = _planned(base, settings(factors, design, points, steps, seed))
    dead = dead_in_design([base], [point.set for point in plan.possible], seed)
    if len(dead) == len(factors):
        reasons = Text.same(" ").join([*left_out([base], dead), *forbidden_sentences([plan])])
        raise InputError(Problem(_NONE_MOVES, path="vary", found=reasons, allowed=_OTHERS))
    dead = without_effect(dead, plan.forbidden)
    if dead:
        living = [factor for factor in factors if factor.path not in dead]
        plan = _planned(base, settings(living, design, points, steps, seed))
    notes = [*forbidden_sentences([plan]), *left_out([base], dead)]
    question = {"vary": list(varied), "design": design, "measures": [measure.name for measure in listed]}

    def write(run: DesignRun, folder: Path) -> None:
        write_csv(sweep_table(run, listed), folder / LISTING, words_of(run))
        if finish:
            finish(run, folder)

    return run_design_points(
        KIND,
        [base],
        plan.possible,
        question,
        write,
        options,
        notes=notes,
        forbidden=plan.forbidden,
        is_answered=finish is not None,
    )


def _planned(base: Scenario, settings: Sequence[Mapping[str, Any]]) -> Plan:
    """Raises InputError where no point is possible, with the reasons."""
    plan = plan_of(base, settings)
    if not plan.possible:
        raise none_possible([plan])
    return plan


def sweep_table(run: DesignRun, measures: Sequence[Measure]) -> "pd.DataFrame":
    """One row a point and measure: the point, what was set (a column a parameter), and the columns named below.

    metric, part, unit, n, mean, ci_low, ci_high: the interval is that of the mean over n replications, or of the quantile of all
    of them together · never: of a quantile, the share of its values that never came; where it falls among those it has no mean.
    Points share their random numbers, so that differences between them are sharper than their intervals say.
    """
    import pandas as pd

    set_here: list[dict[str, Any]] = run.points.drop(columns="base").to_dict("records")  # type: ignore[assignment]
    rows = []
    for measured in measures:
        quantiles = run.quantiles(measured.name)
        never = [quantile.never for quantile in quantiles] or [math.nan] * len(set_here)
        for row, e, share in zip(set_here, run.estimates(measured.name), never, strict=True):
            low, high = within_bounds(e.low, e.high, measured.unit)
            estimate = {"n": e.n, "mean": e.mean, "ci_low": low, "ci_high": high, "never": share}
            rows.append(dict(row) | measured.ref._asdict() | {"unit": measured.unit} | estimate)
    return pd.DataFrame(rows)
