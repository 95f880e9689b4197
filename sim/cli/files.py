"""Files named on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import click

from sim.archive.disk import draft_of, make_new_folder, token, write_errors
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text

SCENARIOS = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
SET = click.option(
    "overrides",
    "--set",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a value in all scenarios, as in policy.corridor.headway='45 s'.",
)

NAME_NEEDED = Text("the name of a file is needed", "須有檔案名稱", "须有文件名")
CANNOT_BE_WRITTEN = Text("can't be written: {why}", "無法寫入：{why}", "无法写入：{why}")


def write_whole(path: Path, text: str) -> None:
    """Write `text` as the file `path`; where that fails, the file is left as it was. Raises InputError if it can't be written."""
    if not path.name:
        raise InputError(Problem(NAME_NEEDED, file=str(path)))
    try:
        with draft_of(path) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(Problem(CANNOT_BE_WRITTEN.fill(why=error.strerror), file=str(path))) from None


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into; its files are moved into `folder` at the end of the block, and none where the block raises.

    Files of the same names are replaced, others stay. Raises InputError where `folder` can't be written, RunError where the disk
    can't take it.
    """
    draft = make_new_folder(folder.with_name(f".{folder.name}.partial-{token()}"))
    try:
        with write_errors(folder):
            yield draft
            for file in sorted(path for path in draft.rglob("*") if path.is_file()):
                place = folder / file.relative_to(draft)
                place.parent.mkdir(parents=True, exist_ok=True)
                file.replace(place)
    finally:
        rmtree(draft, ignore_errors=True)
