"""CONTRIBUTING.md is true: its commands and files exist, its picture is that of the floors, its table is how things are."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.architecture.test_floors import FLOORS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]
INLINE = re.findall(r"`(make [\w -]+|python -m [\w.]+)`", PAGE)
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| a")]
FILE = re.compile(r"`([\w./-]+)`")
NAMED_IN = {file: FILE.findall(write) for _, write, lines in ROWS for file in FILE.findall(lines)}


@pytest.mark.parametrize("command", [*COMMANDS, *INLINE])
def test_a_command_exists(command: str) -> None:
    if command.startswith("make "):
        assert subprocess.run(["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, check=False).returncode == 0
    else:
        module = command.removeprefix("python -m ").split()[0]
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists()


def test_it_is_read_before_a_first_change() -> None:
    """Longer pages are not; what is not special to this project has no place here."""
    assert len(COMMANDS) == 2
    assert len(PAGE.splitlines()) <= 50


def test_the_picture_has_the_floors_in_their_order() -> None:
    picture = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL).group(1)
    rooms = [set(re.findall(r"\w+", step.split("   ")[0])) for step in " ".join(picture.split("\n")).split(" < ")]
    assert rooms == [set(floor) for floor in FLOORS]


def test_the_table_has_every_kind_of_change() -> None:
    assert len(ROWS) >= 7


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_files_of_a_row_are_there(row: list[str]) -> None:
    files = [file for cell in row[1:] for file in FILE.findall(cell)]
    assert files
    for file in files:
        assert any(ROOT.glob(file.replace("NAME", "*").rstrip("/"))), file


@pytest.mark.parametrize("file", [file for file, written in NAMED_IN.items() if any("NAME" in name for name in written)])
def test_the_file_that_gets_a_line_names_its_neighbours(file: str) -> None:
    """What was added before stands there: most files of the written kind are named in the file that gets the line."""
    text = (ROOT / file).read_text(encoding="utf-8")
    patterns = [name.replace("NAME", "*") for name in NAMED_IN[file] if "NAME" in name and Path(name).suffix == Path(file).suffix]
    names = [
        path.stem
        for path in ROOT.glob(str(Path(file).parent) + "/**/*")
        if any(fnmatch(path.relative_to(ROOT).as_posix(), p) for p in patterns)
    ]
    kept = [name for name in names if re.search(rf"\b{name}\b", text)]
    assert len(kept) > len(names) / 3, set(names) - set(kept)
