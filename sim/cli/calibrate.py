"""`sim calibrate`: what the model predicts beside what was published."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from sim.charts.quantity import scale_for
from sim.cli.files import SCENARIOS, SET
from sim.report.calibration import Compared, compared
from sim.study.study import run

WIDTH = 120


@click.command()
@SCENARIOS
@SET
@click.option("--replications", type=int, help="Number of replications  [default: the first scenario's]")
def calibrate(files: tuple[Path, ...], overrides: tuple[str, ...], replications: int | None) -> None:
    """Print predicted times beside published ones.

    The FILEs are the scenarios of the calibration set (scenarios/calibration-*.yaml); a published time is predicted by the
    scenario it names. Nothing is written.
    """

    study = run(files, set=overrides, replications=replications, keep_stages="none")
    rows = compared(study)
    Console(highlight=False, width=WIDTH).print(_table(rows))
    for number, row in enumerate(rows, start=1):
        remark = f"; {row.published.remark}" if row.published.remark else ""
        click.echo(f"{number}  {row.published.source}{remark}.")
    click.echo("Input: some parameter was set from the figure, so that it comes near is no proof. Check: none was.")
    click.echo("Agrees: within the published range; near: within a fifth of it. No clearance time of a cross-boundary drone is")
    click.echo("published; what is compared here is flying, passengers, and one lane for vehicles.")


def _table(rows: Sequence[Compared]) -> Table:

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("published time", "published", "predicted", "", ""):
        table.add_column(heading, justify="right" if heading in ("published", "predicted") else "left", no_wrap=True)
    for number, row in enumerate(rows, start=1):
        scale = scale_for("s", row.published.high_s, row.predicted_s)
        low, high, mean, ci_low, ci_high = scale.levels(
            row.published.low_s, row.published.high_s, row.predicted_s, row.low_s, row.high_s
        )
        published = f"under {high}" if row.published.low_s == 0 else high if low == high else f"{low} to {high}"
        interval = f" [{ci_low}, {ci_high}]" if ci_low != ci_high else ""
        unit, what = scale.unit.en, f"{number} {row.published.what.en}"
        table.add_row(what, f"{published} {unit}", f"{mean} {unit}{interval}", row.published.role, row.verdict)
    return table
