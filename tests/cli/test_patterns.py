"""Patterns of files work in every command that takes files, where no shell has replaced them."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sim.cli.commands import COMMANDS
from sim.cli.main import main
from sim.cli.patterns import expand_patterns, files_that_fit
from sim.ground.errors import InputError
from tests.conftest import write_scenarios


def sim(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_files_that_fit_stand_in_order(scenarios: list[Path]) -> None:
    folder = scenarios[0].parent
    assert [line for line in sim("check", folder / "*.yaml").stdout.splitlines() if ": ok: " in line] == [
        f"{folder / 'base.yaml'}: ok: base: Base", f"{folder / 'dense.yaml'}: ok: dense: Dense"
    ]  # fmt: skip


def test_what_is_named_before_a_pattern_is_not_taken_again(scenarios: list[Path]) -> None:
    folder = scenarios[0].parent
    checked = sim("check", folder / "dense.yaml", folder / "*.yaml").stdout
    assert checked.index("ok: dense") < checked.index("ok: base") and checked.count("ok: dense") == 1
    twice = sim("check", folder / "dense.yaml", folder / "dense.yaml").stdout
    assert twice.count("ok: dense") == 2, "what a user writes twice is a user's to mend"


def test_a_file_with_the_name_of_a_pattern_wins(tmp_path: Path) -> None:
    (file,) = write_scenarios(tmp_path, {"[a]": "study: {days: 1}"})
    write_scenarios(tmp_path, {"a": "study: {days: 1}"})
    assert files_that_fit(file) == [file]


def test_a_pattern_that_nothing_fits_is_answered_with_the_nearest_files(scenarios: list[Path]) -> None:
    failed = sim("check", scenarios[0].with_name("bases-*.yaml"))
    assert failed.exit_code == 2
    assert "bases-*.yaml: no file fits this pattern" in failed.stderr
    assert str(scenarios[0]) in failed.stderr


def test_an_argument_of_one_file_takes_a_pattern_that_one_fits(scenarios: list[Path]) -> None:
    folder = scenarios[0].parent
    assert sim("new", "mine", "--extends", folder / "b*.yaml").exit_code == 0
    failed = sim("warm-up", folder / "*e*.yaml")
    assert failed.exit_code == 2
    assert "one file is needed here, and 3 fit" in failed.stderr
    with pytest.raises(InputError, match="no file fits"):
        files_that_fit(folder / "x*.yaml")


def test_every_argument_that_is_a_file_takes_patterns() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]  # type: ignore[attr-defined]
    files = [param for command in commands for param in command.params if param.name in ("file", "files", "first", "study")]
    assert len(files) > 12
    assert {param.callback for param in files} == {expand_patterns}
