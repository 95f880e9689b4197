"""A hash of the source and data that results come from, by their content.

The modules are found by following imports from where a result is made, wherever in a file an import stands. So no list of
folders has to be kept, and where a file lies counts for nothing by itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import sim
from sim.execution.replicate import replicate

ROOT = Path(sim.__file__).parent
_NAMES = r"\([^)]*\)|[^\n]+"
_IMPORT = re.compile(rf"^[ \t]*(?:from +sim((?:\.\w+)*) +import +({_NAMES})|import +sim((?:\.\w+)+))", re.MULTILINE)


def model_fingerprint() -> str:
    """That of everything a replication's numbers come from."""
    return fingerprint(replicate.__module__)


@cache
def fingerprint(*entries: str) -> str:
    """That of the modules of these names, of all of this package that they import, and of the data beside them."""
    return _hash_of(files_behind(entries))


@cache
def fingerprint_of_the_rest(*entries: str) -> str:
    """That of everything else in the package: what shows the numbers, and what brings them about in another order."""
    return _hash_of(set(_all_files()) - files_behind(entries))


def files_behind(entries: Iterable[str]) -> set[Path]:
    """The files of these modules, of all modules of this package that they import, near or far, and the data beside them."""
    to_read, files = [path for name in entries for path in _files_of(name.split(".")[1:])], set[Path]()
    while to_read:
        if (path := to_read.pop()) not in files:
            files.add(path)
            to_read += _imported(path)
    return files | {path for path in _all_files() if path.suffix != ".py" and _package_of(path) / "__init__.py" in files}


def _imported(path: Path) -> Iterator[Path]:
    for package, names, module in _IMPORT.findall(path.read_text(encoding="utf-8")):
        parts = (package or module).split(".")[1:]
        yield from _files_of(parts)
        for name in re.findall(r"\w+", names):
            yield from _files_of([*parts, name])


def _files_of(parts: list[str]) -> Iterator[Path]:
    """The file of a module, and those of the packages it is in; nothing for what is no module.

    The root of the package is left out: it holds nothing but names, for users, of what is in all its rooms.
    """
    for n in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:n])
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file():
                yield path


@cache
def _all_files() -> tuple[Path, ...]:
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _package_of(path: Path) -> Path:
    """The package whose folder, or a folder of data in it, holds the file."""
    return next(folder for folder in path.parents if (folder / "__init__.py").is_file())


def _hash_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for content in sorted(hashlib.sha256(path.read_bytes()).digest() for path in files):
        digest.update(content)
    return digest.hexdigest()
