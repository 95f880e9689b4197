"""`sim warm-up`: a proposal for the warm-up of a scenario."""

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

import click

from sim.archive.layout import MANIFEST
from sim.charts.export import write_warm_up
from sim.charts.warm_up import listed
from sim.cli.files import SET
from sim.cli.output import note_kept
from sim.cli.progress import engine_made_ready, progress_bar
from sim.engine import default_engine
from sim.ground.errors import InputError, Problem
from sim.ground.output_folder import output_folder
from sim.ground.units import format_quantity
from sim.scenario.load import load_scenario
from sim.study.study_type import study_type
from sim.study.warm_up import DAYS, SEEDS, WarmUp
from sim.study.warm_up import warm_up as propose

WIDTH = 120
HOW = """\
How: each series is the mean over the replications of a seed, hour by hour from an empty start, less the daily cycle (the mean
of each hour of the day over the second half). MSER-5 (White 1997) leaves out what makes the standard error of the rest smallest,
in batches of five hours; a cut in the second half is not accepted. Proposed: the cut rounded up to whole days. Delays are those
of released flights; a flight is in the system from its planned departure until it has ended or its aircraft is back.
None: the run is too short, or does not settle. Seeds differ by noise alone: flights put off for days make slow waves, and one
proposal tells little. The chart has the mean over all seeds. The rule can't tell an empty start from a disruption at a stated
time (a typhoon, a closure): take such events out with --set."""


@click.command("warm-up")
@click.argument("file", type=click.Path(path_type=Path))
@SET
@click.option("--replications", type=int, help="Number of replications of each seed  [default: 100]")
@click.option("--seeds", type=int, help="Number of seeds, each with a proposal of its own  [default: 5]")
@click.option("--days", type=int, help="Days simulated from the empty start  [default: 28]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the chart  [default: out/<scenario>-warm-up]")
def warm_up(
    file: Path, overrides: tuple[str, ...], replications: int | None, seeds: int | None, days: int | None, out: Path | None
) -> None:
    """Propose a warm-up for a scenario from runs without one.

    Several seeds give a proposal each: what differs between them is noise. The series that they are read from are drawn.
    """

    scenario = load_scenario(file, overrides)
    folder = output_folder(out) if out else Path("out") / f"{scenario.name}-warm-up"
    _refuse_study(folder)
    engine_made_ready(default_engine())
    with progress_bar() as progress:
        days, seeds = DAYS if days is None else days, SEEDS if seeds is None else seeds
        proposal = propose(scenario, days=days, seeds=seeds, replications=replications, progress=progress)
    written = _write(proposal, folder)
    note_kept(folder)
    _print(proposal)
    click.echo(f"{HOW}\n\n{folder}: {', '.join(path.name for path in written)}")


def _refuse_study(folder: Path) -> None:

    if (folder / MANIFEST).exists():
        raise InputError(Problem("the folder holds a study", path="out", found=str(folder), allowed="another folder"))


def _write(proposal: WarmUp, folder: Path) -> list[Path]:
    """The chart's files in `folder`, each whole: they are drawn beside it first. Raises InputError where they can't be there."""

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".partial-") as draft:
            return [path.replace(folder / path.name) for path in write_warm_up(proposal, Path(draft))]
    except OSError as error:
        raise InputError(Problem(f"can't be written: {error.strerror}", path="out", found=str(folder))) from None


def _print(proposal: WarmUp) -> None:

    study, seeds = proposal.scenario.study, proposal.seeds
    warm_up, cool_down = (format_quantity(seconds, "time") for seconds in (study.warm_up, study.cool_down))
    click.echo(f"{proposal.scenario.name}: warm-up by MSER-5, seeds {seeds[0]} to {seeds[-1]}")
    click.echo(f"  simulated with each seed: {proposal.replications} replications of {proposal.days} days from an empty start,")
    click.echo(f"  and {cool_down} for late flights to end")
    if len(proposal.series) == 1:
        click.echo("  no flight was released, so there is no series of delays")
    for series in proposal.series:
        click.echo(f"  {series.label.en}:")
        click.echo(f"    MSER-5 leaves out {listed(series.cuts_h)} h")
    click.echo(f"  proposed: {listed(proposal.proposed_d)} d; the file's study.warm_up: {warm_up}")
    click.echo("\n".join(wrap(proposal.finding.en, WIDTH, initial_indent="  ", subsequent_indent="  ")))
    click.echo(f"  {study_type(study.warm_up).en}\n")
