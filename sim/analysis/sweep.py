"""A sweep: one scenario over values of some of its parameters, on the same random numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.design_points import points_of, read_axis, settings
from sim.analysis.design_run import Finish, Means, Survey, survey
from sim.metrics.measure_ref import Measured, headline_of, read_measure
from sim.scenario.load import load_scenario
from sim.statistics.intervals import estimate_mean

if TYPE_CHECKING:
    import pandas as pd

KIND = "sweep"
LISTING = "sweep.csv"
POINTS, STEPS = 64, 5


def sweep(
    file: str | Path,
    vary: Sequence[str],
    *,
    measures: Sequence[str] = (),
    design: str = "grid",
    points: int = POINTS,
    steps: int = STEPS,
    overrides: Sequence[str] = (),
    means: Means = Means(),  # noqa: B008 (frozen)
    finish: Finish | None = None,
) -> Survey:
    """The scenario of `file` at every point of a design over the parameters of `vary`.

    vary: "PATH=value,value", "PATH=low..high" or "PATH", whose plausible range is taken · measures: those of the table
    (`sweep_table`), the first for the chart; unless given, the scenario's `answered_by` or the headline measures · design:
    "grid" (with `steps` values of an axis that has a range), or `points` points by "lhs" (Latin hypercube) or "sobol" ·
    finish(survey, folder): writes more into the folder, such as charts.

    Raises InputError for what can't be done as asked.
    """
    base = load_scenario(file, overrides)
    asked_for = [read_measure(name) for name in measures or base.answered_by or [headline_of([base])]]
    axes = [read_axis(option, base) for option in vary]
    seed = base.study.seed if means.seed is None else means.seed
    made = list(points_of(base, settings(axes, design, points, steps, seed)))
    asked = {"vary": list(vary), "design": design, "measures": [each.name for each in asked_for]}

    def write(found: Survey, folder: Path) -> None:
        (folder / LISTING).write_text(sweep_table(found, asked_for).to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        if finish:
            finish(found, folder)

    return survey(KIND, [base], made, asked, write, means)


def sweep_table(found: Survey, measures: Sequence[Measured]) -> "pd.DataFrame":
    """One row a point and measure: the point, what was set (a column a parameter), metric, part, unit, n, mean, ci_low, ci_high.

    The interval is that of the mean over n replications. Points share their random numbers, so that differences between them
    are sharper than their intervals say.
    """
    import pandas as pd

    set_here: list[dict[str, Any]] = found.points.drop(columns="base").to_dict("records")  # type: ignore[assignment]
    rows = []
    for measured in measures:
        for row, values in zip(set_here, found.measured(measured.name), strict=True):
            e = estimate_mean(values, found.confidence)
            estimate = {"n": e.n, "mean": e.mean, "ci_low": e.low, "ci_high": e.high}
            rows.append(dict(row) | measured.ref._asdict() | {"unit": measured.metric.unit} | estimate)
    return pd.DataFrame(rows)
