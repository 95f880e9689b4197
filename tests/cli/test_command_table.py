"""The table of the commands is true, and `sim --help` is made from it alone."""

import inspect
import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sim.cli.commands import ASK, CHECK, COMMANDS, COMPARE, LOOK, TRY, CommandInfo
from sim.cli.lazy_group import LazyGroup
from sim.cli.main import main
from sim.cli.run_options import NOT_OPTIONS, OPTIONS
from sim.cli.wrapping import cells
from sim.execution.options import RunOptions
from sim.ground.text import LANGUAGES, Language, Text

ROOT = Path(__file__).resolve().parents[2]
SLOW = [
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "matplotlib",
    "shapely",
    "pyproj",
    "pydantic",
    "ruamel",
    "simpy",
    "rich",
    "duckdb",
    "numba",
    "distributed",
    "typst",
    "jinja2",
    "docx",
    "fontTools",
]
HELPERS = {
    "__init__", "main", "commands", "lazy_group", "files", "language", "output", "patterns", "progress", "run_options",
    "usage_errors", "wrapping",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_an_entry_is_the_command_that_its_docstring_describes(name: str) -> None:
    module, _, function = COMMANDS[name].place.partition(":")
    command = getattr(import_module(module), function)
    assert isinstance(command, click.Command) and command.callback is not None
    assert command.name == name
    assert inspect.getdoc(command.callback).splitlines()[0] == COMMANDS[name].summary.en  # type: ignore[union-attr]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert " ".join(result.output.split()).startswith(f"Usage: main {name} ")
    assert COMMANDS[name].summary.en in " ".join(result.output.split())


def test_every_module_of_a_command_is_in_the_table() -> None:
    modules = {path.stem for path in (ROOT / "sim" / "cli").glob("*.py")} - HELPERS
    assert {f"sim.cli.{module}" for module in modules} == {info.place.partition(":")[0] for info in COMMANDS.values()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", ["80", "100"])
def test_help_lists_them_by_what_one_wants_and_cuts_nothing(
    language: Language, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    output = CliRunner().invoke(main, ["--help", "--lang", language]).output
    listed = [words[0] for words in map(str.split, output.splitlines()) if words and words[0] in COMMANDS]
    assert listed == list(COMMANDS) and listed[0] == "run"
    groups = [info.group for info in COMMANDS.values()]
    headings = [line for line in output.splitlines() if line[:1].strip() and line.endswith((":", "："))]
    assert [line[:-1] for line in headings[:-1]] == [group.in_language(language) for group in (TRY, COMPARE, LOOK, ASK, CHECK)]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index), "the commands of a group stand together"
    words = re.sub(r"\s+", "", output)
    assert [name for name, info in COMMANDS.items() if re.sub(r"\s+", "", info.summary.in_language(language)) not in words] == []
    assert max(map(cells, output.splitlines())) <= int(columns)


def test_without_a_command_the_help_is_printed() -> None:
    result = CliRunner().invoke(main, [])
    assert (result.exit_code, result.stdout) == (0, CliRunner().invoke(main, ["--help"]).stdout)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_no_command_and_nothing_slow(option: str) -> None:
    code = (
        "import sys\nfrom sim.cli import main\ntry:\n    main([sys.argv[1]])\nfinally:\n"
        "    print(*{name.split('.')[0] for name in sys.modules}, *sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code, option], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert loaded & {*SLOW, *(info.place.partition(":")[0] for info in COMMANDS.values())} == set()


@pytest.mark.parametrize(("name", "nearest"), [("rn", "run"), ("sensitivty", "sensitivity"), ("warm_up", "warm-up")])
def test_an_unknown_command_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    result = CliRunner().invoke(main, [name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"There is no command '{name}'; there is {nearest}" in result.stderr


def test_a_line_of_the_table_is_all_that_a_command_needs() -> None:
    group = LazyGroup(table={"look": CommandInfo("sim.cli.schema:schema", Text.same("Look at it."), Text.same("Looks"))})
    assert "Looks:\n  look  Look at it." in re.sub(" {3,}", "  ", CliRunner().invoke(group, ["--help"]).output)
    assert CliRunner().invoke(group, ["look", "--help"]).exit_code == 0


def test_every_run_option_is_on_the_command_line_or_stands_with_the_reason_why_not() -> None:
    names = [field.name for field in fields(RunOptions)]
    assert sorted([*OPTIONS, *NOT_OPTIONS]) == sorted(names)
    output = CliRunner().invoke(main, ["run", "--help"]).output
    assert [name for name in OPTIONS if f"--{name}" not in output] == []
