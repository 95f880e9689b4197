"""The folder of a study: written whole or not at all.

Everything is written into a hidden sibling, the manifest last, and then renamed. A folder of the
study's own name is therefore always a finished study.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sim.archive.parquet import Whole
from sim.ground.errors import InputError, Problem, RunError

MANIFEST = "manifest.json"
TABLES = ("replications", "flights", "consignments", "stages")
HOLDS = "holds"  # entry of the manifest of what is no study of scenarios: what the folder holds instead
FORMAT = 2  # of the folder; raised when a reader of the old one would misread the new one


class Draft:
    """A study's folder while it is being written; leaving the context unpublished leaves nothing behind.

    `path` is the hidden folder to write into. An OSError inside the context (a full disk) becomes a
    RunError; another study folder of the same name stays as it is until `publish`. Whoever writes a
    draft holds the folder's lock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        check_replaceable(self.folder)
        self.path = self.folder.with_name(f".{self.folder.name}.partial-{os.getpid()}")
        self._published = False
        self._tables: dict[str, Whole] = {}

    def __enter__(self) -> Self:
        make_hidden(self.path)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._published:
            shutil.rmtree(self.path, ignore_errors=True)
        if isinstance(error, OSError):
            raise not_written(error) from error

    def add(self, parts: Mapping[str, Path]) -> None:
        """The rows of the next replication, by name of the table, to the tables of the study."""
        for name, part in parts.items():
            if name not in self._tables:
                self._tables[name] = Whole(self.path / f"{name}.parquet")
            self._tables[name].add(part)

    def close_tables(self) -> None:
        """The tables as they are, with all their rows."""
        for table in self._tables.values():
            table.close()
        self._tables = {}

    def write(self, name: str, text: str) -> None:
        """Write a text file of the study, with its folder if it needs one."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def publish(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """The manifest as written: files to disk, then the manifest with their hashes, then the renaming."""
        names = files_of(self.path)
        with ThreadPoolExecutor(2) as at_once:  # hashing and the disk let go of the interpreter
            files = dict(zip(names, at_once.map(_hash_on_disk, (self.path / name for name in names)), strict=True))
        complete = {"format": FORMAT, **manifest, "files": files}
        self.write(MANIFEST, json.dumps(complete, indent=2, ensure_ascii=False) + "\n")
        _hash_on_disk(self.path / MANIFEST)
        for folder in {path.parent for path in self.path.rglob("*")}:
            _folder_to_disk(folder)
        check_replaceable(self.folder)
        _rename_over(self.path, self.folder)
        self._published = True
        return complete


def mend(folder: Path) -> None:
    """Put right what a process left that was killed while it wrote or replaced the study in this folder.

    Whoever calls it holds the folder's lock.
    """
    for draft in _left_behind(folder, "partial"):
        shutil.rmtree(draft, ignore_errors=True)
    for old in _left_behind(folder, "replaced"):
        if (folder / MANIFEST).is_file():  # the new study had taken its place
            shutil.rmtree(old, ignore_errors=True)
        elif not folder.exists():
            old.rename(folder)


def _left_behind(folder: Path, what: str) -> list[Path]:
    named = re.compile(rf"\.{re.escape(folder.name)}\.{what}-\d+")
    return [path for path in sorted(folder.parent.iterdir()) if named.fullmatch(path.name)]


def make_hidden(path: Path) -> None:
    """Make a hidden folder beside a study's, if it is not there.

    Raises InputError where the place can't be written, RunError where the disk can't take it.
    """
    with telling_of_the_place(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def telling_of_the_place(path: Path) -> Iterator[None]:
    """Raises InputError where `path` can't be made where it is to be, RunError where the disk can't take it."""
    try:
        yield
    except (PermissionError, FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        told = f"the folder can't be written: {error.strerror}"
        raise InputError(Problem(told, path="out", found=str(path.parent))) from error
    except OSError as error:
        raise not_written(error) from error


def check_replaceable(folder: Path) -> None:
    """Raises InputError if something stands there that is not a study's folder."""
    if (folder.exists() or folder.is_symlink()) and not (folder / MANIFEST).is_file():
        raise InputError(Problem(
            "the folder exists and is not that of a study, so it is not replaced",
            path="out", found=str(folder), allowed="a new folder, or one with a study's manifest.json",
        ))  # fmt: skip
    if folder.exists() and (own := _files_of_the_user(folder)):
        raise InputError(Problem(
            "the study's folder holds files that were added or changed since it was written; replacing it would lose them",
            path="out",
            found=", ".join(own[:5]) + (" …" if len(own) > 5 else ""),
            allowed="another folder, or these files moved elsewhere",
        ))  # fmt: skip


def _files_of_the_user(folder: Path) -> list[str]:
    there = set(files_of(folder))
    return [name for name in changed_files(folder) if name in there]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished study. Raises InputError where there is none that can be read."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Problem(f"no study can be read here: {error.strerror}", file=str(path))) from None
    except ValueError as error:
        raise InputError(Problem(f"the study's manifest is damaged: {error}", file=str(path))) from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        other = Problem("the study was written in another format", file=str(path), found=str(found), allowed=str(FORMAT))
        raise InputError(other)
    return dict(manifest)


def files_of(folder: Path) -> list[str]:
    """The files of a study but the manifest, sorted, relative to its folder."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in files if name != MANIFEST)


def changed_files(folder: Path) -> list[str]:
    """The files of a finished study that are missing, were added or are no longer those it was written with."""
    written: dict[str, str] = read_manifest(folder)["files"]
    there = files_of(folder)
    same = {name for name in there if name in written and hash_of(folder / name) == written[name]}
    return sorted({*written, *there} - same)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_on_disk(path: Path) -> str:
    """The hash of a file whose bytes have reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return hash_of(path)


def _folder_to_disk(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder can't be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename_over(new: Path, folder: Path) -> None:
    """Put the new folder in place of the old one, which goes last; if the new one can't go there, the old one stays."""
    old = folder.with_name(f".{folder.name}.replaced-{os.getpid()}")
    replaces = folder.exists()
    if replaces:
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if replaces:
            old.rename(folder)
        raise
    _folder_to_disk(folder.parent)
    if replaces:
        shutil.rmtree(old, ignore_errors=True)


def not_written(error: OSError) -> RunError:
    """What to tell when the disk fails."""
    return RunError(f"the study could not be written: {error.strerror or error}")
