"""Patterns such as 'scenarios/dogs-*.yaml' on the command line, which not every shell replaces by the files that fit."""

from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path

import click

from sim.ground.arguments import near_names
from sim.ground.errors import InputError, Problem
from sim.ground.text import NOTHING, Text

NO_FILE_FITS = Text("no file fits this pattern", "沒有檔案符合此寫法", "没有文件符合此写法")
SEVERAL_FIT = Text(
    "one file is needed here, and {n} fit this pattern",
    "此處只可指明一個檔案，而符合此寫法的有 {n} 個",
    "此处只可指明一个文件，而符合此写法的有 {n} 个",
)


def expand_patterns(context: click.Context, param: click.Parameter, value: object) -> object:
    """The files of an argument, with those that fit in place of a pattern; an argument of one file must fit one alone.

    A file whose name is the pattern itself is that file. Raises InputError for a pattern that nothing fits.
    """
    if isinstance(value, Path):
        files = files_that_fit(value)
        if len(files) > 1:
            raise InputError(
                Problem(SEVERAL_FIT.fill(n=len(files)), file=str(value), found=Text.same(", ".join(map(str, files))))
            )
        return files[0]
    return _each_once(value) if isinstance(value, tuple) else value


def _each_once(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files, in the order of the arguments; what a pattern adds is left out where another argument has it before."""
    files: list[Path] = []
    for path in paths:
        fitting = files_that_fit(path)
        files += [file for file in fitting if fitting == [path] or file not in files]
    return tuple(files)


def files_that_fit(path: Path) -> list[Path]:
    """The path itself, or, if it is a pattern and no file's name, the files that fit, sorted. Raises InputError if none does."""
    if not has_magic(str(path)) or path.exists():
        return [path]
    if files := sorted(Path(name) for name in glob(str(path), recursive=True)):  # noqa: PTH207 - Path.glob takes hidden files
        return files
    beside = [] if has_magic(str(path.parent)) else [str(other) for other in _like(path)]
    near = Text.same(near_names(str(path), beside)) if beside else NOTHING
    raise InputError(Problem(NO_FILE_FITS, file=str(path), allowed=near))


def _like(path: Path) -> list[Path]:
    """The files of the pattern's folder that end as it does."""
    return sorted(other for other in path.parent.glob(f"*{path.suffix}") if not other.name.startswith("."))
