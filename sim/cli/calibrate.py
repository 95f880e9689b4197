"""`sim calibrate`: what the model predicts beside what was published."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from sim.cli.files import SCENARIOS, SET
from sim.report.calibration import Compared, compared
from sim.study.study import run

WIDTH = 130
HEADINGS = {
    "check": "Predicted: nothing in the model was set from these.",
    "input": "Calibrated: something was set from these; that such a figure is met proves nothing.",
}


@click.command()
@SCENARIOS
@SET
@click.option("--replications", type=int, help="Number of replications  [default: the first scenario's]")
def calibrate(files: tuple[Path, ...], overrides: tuple[str, ...], replications: int | None) -> None:
    """Print predicted figures beside published ones.

    What each FILE's scenario predicts is shown, and what follows from the declarations alone; docs/explanation/face-validity.md
    has all of it, and names the scenarios. Nothing is written.
    """

    study = run(files, set=overrides, replications=replications, keep_stages="none")
    rows = compared(study)
    console = Console(highlight=False, width=WIDTH)
    for role, heading in HEADINGS.items():
        click.echo(heading)
        console.print(_table([(number, row) for number, row in enumerate(rows, start=1) if row.published.role == role]))
    for number, row in enumerate(rows, start=1):
        parts = [row.published.source, row.published.remark, row.published.why if row.verdict == "misses" else ""]
        click.echo(f"{number}  {'; '.join(part for part in parts if part)}.")
    click.echo(
        "Agrees: in the published range, or out of it by a fiftieth at most; near: by a fifth at most. No clearance time of a"
    )
    click.echo("cross-boundary drone is published; what is compared here is what lies around it.")


def _table(rows: Sequence[tuple[int, Compared]]) -> Table:

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("figure", "published", "predicted", ""):
        table.add_column(heading, justify="right" if heading in ("published", "predicted") else "left", no_wrap=True)
    for number, row in rows:
        table.add_row(f"{number} {row.published.what.en}", *row.in_words(), row.verdict)
    return table
