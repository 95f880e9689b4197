"""`sim new`: a fresh scenario file to fill in."""

import os
import re
from pathlib import Path

import click

from sim.cli.files import write_whole
from sim.cli.language import echo
from sim.cli.patterns import expand_patterns
from sim.ground.errors import InputError, Problem
from sim.ground.names import NAME_PATTERN
from sim.ground.text import Text
from sim.scenario.load import load_scenario
from sim.scenario.template import new_scenario

NO_NAME = Text("this can't be a scenario's name", "這不可作為情景名稱", "这不可作为情景名称")
A_NAME = Text("up to 64 letters, digits, - and _", "不多於 64 個英文字母、數字、- 及 _", "不多于 64 个英文字母、数字、- 及 _")
EXISTS = Text("the file exists and is left as it is", "檔案已存在，未作更改", "文件已存在，未作更改")
WRITTEN = Text("{path}: written; it extends {base}", "{path}：已寫入，沿用 {base}", "{path}：已写入，沿用 {base}")


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
        raise InputError(Problem(NO_NAME, found=Text.same(name), allowed=A_NAME))
    path = out or extends.with_name(f"{name}.yaml")
    if path.exists():
        raise InputError(Problem(EXISTS, file=str(path)))
    base = Path(os.path.relpath(extends.resolve(), path.parent.resolve())).as_posix()
    write_whole(path, new_scenario(name, base))
    echo(WRITTEN.fill(path=path, base=base))
