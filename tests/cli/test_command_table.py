"""The table of the commands is true, and `sim --help` is made from it alone."""

import inspect
import os
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sim.cli.commands import COMMANDS, CommandInfo
from sim.cli.lazy_group import LazyGroup
from sim.cli.main import main
from sim.cli.run_options import NOT_OPTIONS, OPTIONS
from sim.execution.options import RunOptions

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
HELPERS = {"__init__", "main", "commands", "lazy_group", "files", "language", "output", "progress", "run_options", "usage_errors"}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_entry_is_the_command_that_its_docstring_describes(name: str) -> None:
    module, _, function = COMMANDS[name].place.partition(":")
    command = getattr(import_module(module), function)
    assert isinstance(command, click.Command) and command.callback is not None
    assert command.name == name
    assert inspect.getdoc(command.callback).splitlines()[0] == COMMANDS[name].summary  # type: ignore[union-attr]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert " ".join(result.output.split()).startswith(f"Usage: main {name} ")
    assert COMMANDS[name].summary in " ".join(result.output.split())


def test_every_module_of_a_command_is_in_the_table() -> None:
    modules = {path.stem for path in (ROOT / "sim" / "cli").glob("*.py")} - HELPERS
    assert {f"sim.cli.{module}" for module in modules} == {info.place.partition(":")[0] for info in COMMANDS.values()}


def test_help_lists_them_in_the_order_of_the_table() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    listed = [words[0] for words in map(str.split, output.splitlines()) if words and words[0] in COMMANDS]
    assert listed == list(COMMANDS)
    groups = [info.group for info in COMMANDS.values()]
    assert [group for group in dict.fromkeys(groups) if f"\n{group}:\n" in output] == list(dict.fromkeys(groups))
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index), "the commands of a group stand together"


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
    group = LazyGroup(table={"look": CommandInfo("sim.cli.schema:schema", "Look at it.", "Looks")})
    assert "Looks:\n  look  Look at it." in CliRunner().invoke(group, ["--help"]).output
    assert CliRunner().invoke(group, ["look", "--help"]).exit_code == 0


def test_every_run_option_is_on_the_command_line_or_stands_with_the_reason_why_not() -> None:
    names = [field.name for field in fields(RunOptions)]
    assert sorted([*OPTIONS, *NOT_OPTIONS]) == sorted(names)
    output = CliRunner().invoke(main, ["run", "--help"]).output
    assert [name for name in OPTIONS if f"--{name}" not in output] == []
