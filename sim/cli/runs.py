"""`sim runs`: the studies in a folder, finished and unfinished."""

import json
from pathlib import Path

import click

from sim.study.identity import study_fingerprint
from sim.study.inventory import StudyRow, list_studies, not_ours_in, remove_unfinished

DEFAULT = Path("out")
NAMED = 8  # scenarios told by name; an analysis has as many as points
HEADINGS = ("study", "state", "when", "replications", "seed", "version", "took", "scenarios")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, for other programs.")
@click.option("--clean", is_flag=True, help="Remove what unfinished studies have left.")
def runs(folder: Path | None, as_json: bool, clean: bool) -> None:
    """List the studies in FOLDER (out/ unless named), finished and unfinished."""

    if folder is None:
        folder = DEFAULT
        if not folder.is_dir():
            click.echo("[]" if as_json else f"{folder}: no study")
            return
    if clean:
        for name, n_kept in remove_unfinished(folder):
            removed = f"{n_kept} finished replications of an unfinished study removed"
            click.echo(f"{folder / name}: {'a process works on it, so it is left alone' if n_kept is None else removed}")
        for path in not_ours_in(folder):
            click.echo(f"{path}: this is not proved to be of an unfinished study, so it is left alone")
        return
    rows = list_studies(folder, study_fingerprint())
    if as_json:
        click.echo(json.dumps([row.__dict__ for row in rows], indent=2, ensure_ascii=False))
    elif rows:
        _print(rows)
    else:
        click.echo(f"{folder}: no study")


def _print(rows: list[StudyRow]) -> None:
    lines = [HEADINGS, *(_in_words(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _in_words(row: StudyRow) -> tuple[str, ...]:
    if row.replications_asked is None:
        return (row.name, row.state, *[""] * (len(HEADINGS) - 2))
    done = f"{row.replications_done:g} of {row.replications_asked}" if row.seconds is None else str(row.replications_asked)
    took = "" if row.seconds is None else f"{row.seconds:,.0f} s"
    when = row.started[:16].replace("T", " ")
    return row.name, row.state, when, done, str(row.seed), row.version, took, _what(row)


def _what(row: StudyRow) -> str:
    """What is in the folder: its scenarios, by name if they are few."""
    names = row.scenarios
    shown = names if len(names) <= NAMED else [*names[:2], f"\N{HORIZONTAL ELLIPSIS} ({len(names)} in all)"]
    return (f"{row.holds}: " if row.holds else "") + ", ".join(shown)
