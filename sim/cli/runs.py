"""`sim runs`: the studies in a folder, finished and unfinished."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.experiment.runs import Row

DEFAULT = Path("out")
HEADINGS = ("study", "state", "when", "replications", "seed", "took", "scenarios")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, for other programs.")
@click.option("--clean", is_flag=True, help="Remove what unfinished studies have left.")
def runs(folder: Path | None, as_json: bool, clean: bool) -> None:
    """List the studies in FOLDER (out/ unless named), finished and unfinished."""
    import json

    from sim.experiment.runs import list_studies, remove_unfinished

    if folder is None:
        folder = DEFAULT
        if not folder.is_dir():
            click.echo("[]" if as_json else f"{folder}: no study")
            return
    if clean:
        for name, n_kept in remove_unfinished(folder):
            click.echo(f"{folder / name}: {n_kept} finished replications of an unfinished study removed")
        return
    rows = list_studies(folder)
    if as_json:
        click.echo(json.dumps([row.__dict__ for row in rows], indent=2, ensure_ascii=False))
    elif rows:
        _print(rows)
    else:
        click.echo(f"{folder}: no study")


def _print(rows: "list[Row]") -> None:
    lines = [HEADINGS, *(_in_words(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _in_words(row: "Row") -> tuple[str, ...]:
    kept = f"{row.replications_done} of {row.replications_asked}" if row.state == "unfinished" else str(row.replications_asked)
    took = "" if row.seconds is None else f"{row.seconds:,.0f} s"
    return row.name, row.state, row.started[:16].replace("T", " "), kept, str(row.seed), took, ", ".join(row.scenarios)
