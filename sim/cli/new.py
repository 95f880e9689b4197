"""`sim new`: a fresh scenario file to fill in."""

import os
import re
from pathlib import Path

import click

from sim.cli.files import write_whole
from sim.cli.patterns import expand_patterns
from sim.ground.errors import InputError, Problem
from sim.ground.names import NAME_PATTERN
from sim.scenario.load import load_scenario
from sim.scenario.template import new_scenario


@click.command()
@click.argument("name")
@click.option(
    "--extends", required=True, type=click.Path(path_type=Path), callback=expand_patterns, metavar="FILE",
    help="The scenario that it changes.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PATH", help="The file to write  [default: NAME.yaml beside FILE]"
)
def new(name: str, extends: Path, out: Path | None) -> None:
    """Write a scenario file with every parameter in it as a comment."""

    load_scenario(extends)
    if not re.fullmatch(NAME_PATTERN, name):
        raise InputError(Problem("this can't be a scenario's name", found=name, allowed="up to 64 letters, digits, - and _"))
    path = out or extends.with_name(f"{name}.yaml")
    if path.exists():
        raise InputError(Problem("the file exists and is left as it is", file=str(path)))
    base = Path(os.path.relpath(extends.resolve(), path.parent.resolve())).as_posix()
    write_whole(path, new_scenario(name, base))
    click.echo(f"{path}: written; it extends {base}")
