"""`sim frontier`: which policies are not beaten in two measures at once."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.frontier import PAIRS
from sim.analysis.frontier import frontier as analysis
from sim.cli.files import SCENARIOS, SET
from sim.cli.run_options import VARY, read_run_options, run_analysis, with_run_options
from sim.report.frontier import write_answer


@click.command()
@SCENARIOS
@SET
@VARY
@click.option("--pair", "pairs", multiple=True, metavar="X,Y", help="Two measures with a direction; may be given again.")
@with_run_options
def frontier(
    files: tuple[Path, ...], overrides: tuple[str, ...], vary: tuple[str, ...], pairs: tuple[str, ...], **run_options: Any
) -> None:
    """Find the policies that no other beats in two measures at once.

    Unless --pair says otherwise: delay, and order to release, against contraband missed; delay against officer-hours.
    """

    options = read_run_options(run_options, f"{files[0].stem}-frontier")
    run_analysis(
        options,
        lambda options: analysis(files, vary=vary, pairs=pairs or PAIRS, set=overrides, options=options, finish=write_answer),
    )
