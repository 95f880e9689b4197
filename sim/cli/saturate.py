"""`sim saturate`: the demand at which a target breaks."""

from pathlib import Path
from typing import Any

import click

from sim.cli.files import SET
from sim.cli.run_options import FILE, Run, conducted, with_means


@click.command()
@FILE
@SET
@click.option("--target", required=True, metavar="'MEASURE <= QUANTITY'", help="What must hold, as in 'on_time_share >= 80%'.")
@with_means
def saturate(file: Path, overrides: tuple[str, ...], target: str, **said: Any) -> None:
    """Find the demand at which a target breaks, and the pool that is saturated first.

    The demand of all routes is multiplied alike. A first search doubles and halves it and stands in a folder of its own.
    """
    from sim.analysis.saturation import saturation as analysis
    from sim.report.saturation import write_answer

    run = Run.of(said, f"{file.stem}-saturation")
    conducted(run, lambda means: analysis(file, target, overrides=overrides, means=means, finish=write_answer).survey)
