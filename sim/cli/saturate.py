"""`sim saturate`: the demand at which a target breaks."""

from pathlib import Path
from typing import Any

import click

from sim.cli.files import SET
from sim.cli.means import FILE, Run, with_means


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
    from sim.cli.progress import engine_made_ready, progress_bar
    from sim.engine import default_engine
    from sim.report.paper import as_text
    from sim.report.saturation import pages, write_answer

    run = Run.of(said, f"{file.stem}-saturation")
    if run.cluster is None:
        engine_made_ready(run.engine or default_engine())
    with progress_bar() as progress:
        found = analysis(file, target, overrides=overrides, means=run.means(progress), finish=write_answer)
    click.echo(as_text(pages(found, file.stem)), nl=False)
    if found.survey is not None:
        click.echo(f"\n{run.out}: saturation.csv, pools.csv, charts/, report/.")
