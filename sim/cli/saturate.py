"""`sim saturate`: the demand at which a target breaks."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.saturation import saturate as analysis
from sim.cli.files import SET
from sim.cli.run_options import FILE, read_run_options, run_analysis, with_run_options
from sim.report.saturation import write_answer


@click.command()
@FILE
@SET
@click.option("--target", required=True, metavar="'MEASURE <= QUANTITY'", help="What must hold, as in 'on_time_share >= 80%'.")
@with_run_options
def saturate(file: Path, overrides: tuple[str, ...], target: str, **run_options: Any) -> None:
    """Find the demand at which a target breaks, and the pool that is saturated first.

    The demand of all routes is multiplied alike. A first search doubles and halves it and stands in a folder of its own.
    """

    options = read_run_options(run_options, f"{file.stem}-saturation")
    run_analysis(
        options,
        lambda options: analysis(file, target=target, set=overrides, options=options, finish=write_answer).design_run,
    )
