"""`sim calibrate`: what the model predicts beside what was published."""

from pathlib import Path

import click

from sim.cli.files import SCENARIOS, SET
from sim.cli.language import language_of_command


@click.command()
@SCENARIOS
@SET
@click.option("--replications", type=int, help="Number of replications  [default: the first scenario's]")
def calibrate(files: tuple[Path, ...], overrides: tuple[str, ...], replications: int | None) -> None:
    """Print predicted figures beside published ones.

    What each FILE's scenario predicts is shown, and what follows from the declarations alone; docs/explanation/face-validity.md
    has all of it, and names the scenarios. Nothing is written.
    """
    from rich.console import Console

    from sim.report.as_terminal import print_blocks
    from sim.report.calibration import compared, compared_in_blocks
    from sim.study.study import run

    study = run(files, set=overrides, replications=replications, keep_stages="none")
    print_blocks(compared_in_blocks(compared(study), language_of_command()), Console(highlight=False))
