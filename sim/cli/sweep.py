"""`sim sweep`: one scenario over values of its parameters."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.design_run import DesignRun
from sim.analysis.sweep import sweep as analysis
from sim.cli.files import SET
from sim.cli.run_options import FILE, VARY, read_run_options, run_analysis, with_run_options
from sim.execution.options import RunOptions
from sim.report.sweep import write_answer


@click.command()
@FILE
@SET
@VARY
@click.option("--measure", "measures", multiple=True, metavar="KEY", help="A measure of the table; may be given again.")
@click.option("--design", default="grid", show_default=True, metavar="KIND", help="grid, lhs (Latin hypercube) or sobol.")
@click.option("--points", default=64, show_default=True, type=click.IntRange(min=2), help="Points of lhs or sobol.")
@click.option("--steps", default=5, show_default=True, type=click.IntRange(min=2), help="Values of a range in a grid.")
@with_run_options
def sweep(
    file: Path,
    overrides: tuple[str, ...],
    vary: tuple[str, ...],
    measures: tuple[str, ...],
    design: str,
    points: int,
    steps: int,
    **run_options: Any,
) -> None:
    """Simulate a scenario at every combination of the values, or over a sample of ranges.

    Example: sim sweep scenarios/baseline.yaml --vary policy.pre_clearance.lead="0 min,30 min,60 min,240 min"
    """

    options = read_run_options(run_options, f"{file.stem}-sweep")

    def run(options: RunOptions) -> DesignRun:
        return analysis(
            file,
            vary=vary,
            measures=measures,
            design=design,
            points=points,
            steps=steps,
            set=overrides,
            options=options,
            finish=write_answer,
        )

    run_analysis(options, run)
