"""`sim frontier`: which policies are not beaten in two measures at once."""

from pathlib import Path
from typing import Any

import click

from sim.cli.files import SCENARIOS, SET
from sim.cli.run_options import VARY, Run, conducted, with_means


@click.command()
@SCENARIOS
@SET
@VARY
@click.option("--pair", "pairs", multiple=True, metavar="X,Y", help="Two measures with a direction; may be given again.")
@with_means
def frontier(
    files: tuple[Path, ...], overrides: tuple[str, ...], vary: tuple[str, ...], pairs: tuple[str, ...], **said: Any
) -> None:
    """Set policies against each other in two measures, and mark those that another beats in both.

    Unless --pair says otherwise: delay, and order to release, against contraband missed; delay against officer-hours.
    """
    from sim.analysis.frontier import PAIRS, read_pair
    from sim.analysis.frontier import frontier as analysis
    from sim.report.frontier import write_answer

    run = Run.of(said, f"{files[0].stem}-frontier")
    chosen = [read_pair(pair) for pair in pairs] or PAIRS
    conducted(run, lambda means: analysis(files, vary, pairs=chosen, overrides=overrides, means=means, finish=write_answer))
