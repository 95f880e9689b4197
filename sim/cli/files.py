"""Files named on the command line."""

import os
from pathlib import Path

import click

from sim.ground.errors import InputError, Problem

SCENARIOS = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
SET = click.option(
    "overrides",
    "--set",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a value in all scenarios, as in policy.corridor.headway='45 s'.",
)


def write_whole(path: Path, text: str) -> None:
    """Write `text` as the file `path`, which holds all of it or is left as it was. Raises InputError if it can't."""
    draft = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(Problem(f"can't be written: {error.strerror}", file=str(path))) from None
