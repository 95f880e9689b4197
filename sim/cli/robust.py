"""`sim robust`: two policies in many plausible worlds."""

from pathlib import Path
from typing import Any

import click

from sim.cli.files import SET
from sim.cli.run_options import LEAVE, MEASURE, Run, conducted, with_means


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
@SET
@MEASURE
@click.option("--band", default="", metavar="QUANTITY", help="Differences no larger are a tie  [default: 1% of A's median level]")
@click.option("--worlds", default=500, show_default=True, type=click.IntRange(min=2), help="Worlds tried.")
@LEAVE
@with_means
def robust(
    first: Path,
    second: Path,
    overrides: tuple[str, ...],
    measure: str,
    band: str,
    worlds: int,
    leave: tuple[str, ...],
    **said: Any,
) -> None:
    """Ask in how many plausible worlds policy B is better than policy A, and where it is not.

    Every world parameter is drawn from its declared plausible range; both policies meet the same worlds and the same random
    numbers, three replications in each unless --replications says otherwise.
    """
    from sim.analysis.robust import robust as analysis
    from sim.report.robustness import write_answer

    run = Run.of(said, f"{second.stem}-against-{first.stem}-robust")
    asked: dict[str, Any] = {"measure": measure, "band": band, "worlds": worlds, "leave": leave, "overrides": overrides}
    conducted(run, lambda means: analysis(first, second, **asked, means=means, finish=write_answer).survey)
