"""`sim sensitivity`: Morris screening or Sobol indices over the world's parameters."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.design_run import DesignRun
from sim.analysis.sensitivity import sensitivity as analysis
from sim.cli.files import SET
from sim.cli.run_options import FILE, LEAVE, read_run_options, run_analysis, with_run_options
from sim.execution.options import RunOptions
from sim.report.sensitivity import write_answer


@click.command()
@FILE
@SET
@click.option("--measure", metavar="KEY", default="", help="The measure asked about  [default: on_time_share]")
@click.option("--method", default="morris", show_default=True, metavar="NAME", help="morris or sobol.")
@click.option("--samples", type=int, help="Trajectories, or base points  [default: 10 for morris, 64 for sobol]")
@click.option("--over", multiple=True, metavar="PATH", help="A parameter to vary  [default: all of the world with a range]")
@LEAVE
@with_run_options
def sensitivity(
    file: Path,
    overrides: tuple[str, ...],
    measure: str,
    method: str,
    samples: int | None,
    over: tuple[str, ...],
    leave: tuple[str, ...],
    **run_options: Any,
) -> None:
    """Rank the world's parameters by their effect on a measure when all vary.

    One replication at each point for morris, two for sobol, unless --replications says otherwise; on the same random numbers.
    """

    options = read_run_options(run_options, f"{file.stem}-sensitivity")

    def run(options: RunOptions) -> DesignRun:
        return analysis(
            file,
            measure=measure,
            method=method,
            samples=samples,
            over=over,
            leave=leave,
            set=overrides,
            options=options,
            finish=write_answer,
        )

    run_analysis(options, run)
