"""`sim robust`: two policies in many plausible worlds."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.design_run import DesignRun
from sim.analysis.robust import robust as analysis
from sim.cli.files import SET
from sim.cli.run_options import LEAVE, MEASURE, read_run_options, run_analysis, with_run_options
from sim.execution.options import RunOptions
from sim.report.robustness import write_answer


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
@SET
@MEASURE
@click.option("--band", default="", metavar="QUANTITY", help="Within it they are alike  [default: the least that matters]")
@click.option("--worlds", default=500, show_default=True, type=click.IntRange(min=2), help="Worlds tried.")
@LEAVE
@with_run_options
def robust(
    first: Path,
    second: Path,
    overrides: tuple[str, ...],
    measure: str,
    band: str,
    worlds: int,
    leave: tuple[str, ...],
    **run_options: Any,
) -> None:
    """Ask in how many plausible worlds policy B is better than policy A, and where not.

    Every world parameter is drawn from its declared plausible range; both policies meet the same worlds and the same random
    numbers, five replications in each unless --replications says otherwise (two at least). A world is decided, or not, by the
    interval of its own paired difference.
    """

    options = read_run_options(run_options, f"{second.stem}-against-{first.stem}-robust")

    def run(options: RunOptions) -> DesignRun:
        return analysis(
            [first, second],
            measure=measure,
            band=band,
            worlds=worlds,
            leave=leave,
            set=overrides,
            options=options,
            finish=write_answer,
        ).design_run

    run_analysis(options, run)
