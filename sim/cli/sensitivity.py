"""`sim sensitivity`: Morris screening or Sobol indices over the world's parameters."""

from pathlib import Path
from typing import Any

import click

from sim.cli.files import SET
from sim.cli.run_options import FILE, LEAVE, Run, conducted, with_means


@click.command()
@FILE
@SET
@click.option("--measure", metavar="KEY", default="", help="The measure asked about  [default: on_time_share]")
@click.option("--method", default="morris", show_default=True, metavar="NAME", help="morris or sobol.")
@click.option("--samples", type=int, help="Trajectories, or base points  [default: 10 for morris, 64 for sobol]")
@click.option("--over", multiple=True, metavar="PATH", help="A parameter to vary  [default: all of the world with a range]")
@LEAVE
@with_means
def sensitivity(
    file: Path,
    overrides: tuple[str, ...],
    measure: str,
    method: str,
    samples: int | None,
    over: tuple[str, ...],
    leave: tuple[str, ...],
    **said: Any,
) -> None:
    """Rank the world's parameters by what they do to a measure when all vary at once.

    One replication at each point unless --replications says otherwise, on the same random numbers.
    """
    from sim.analysis.sensitivity import sensitivity as analysis
    from sim.report.sensitivity import write_answer

    run = Run.of(said, f"{file.stem}-sensitivity")
    asked: dict[str, Any] = {"measure": measure, "method": method, "samples": samples, "over": over, "leave": leave}
    conducted(run, lambda means: analysis(file, **asked, overrides=overrides, means=means, finish=write_answer))
