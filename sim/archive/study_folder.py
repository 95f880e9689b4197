"""The folder of a study as a whole: written whole or not at all; what it holds is made in `study/folder_contents.py`.

Everything is written into a hidden sibling, the manifest last, and then renamed. A folder of the
study's own name is therefore always a finished study.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sim.archive import layout
from sim.archive.disk import disk_failure, hash_of, is_real_folder, make_new_folder, sync_file, sync_folder, token
from sim.archive.layout import ANALYSES, IDENTITY, MANIFEST
from sim.archive.parquet import ParquetAppender
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text

_NO_STUDY = Text(
    "the folder exists and is not that of a study, so it is not replaced",
    "資料夾已存在，且不是研究的資料夾，故不予取代",
    "文件夹已存在，且不是研究的文件夹，故不予替换",
)
_NEW_FOLDER = Text(
    "a new or an empty folder, or one with a study's manifest.json",
    "新的或空的資料夾，或內有研究的 manifest.json 的資料夾",
    "新的或空的文件夹，或内有研究的 manifest.json 的文件夹",
)
_FILES_OF_THE_USER = Text(
    "the study's folder holds files that were added or changed since it was written; replacing it would lose them",
    "研究的資料夾內有其後加入或更改的檔案，取代資料夾會令其遺失",
    "研究的文件夹内有其后加入或更改的文件，替换文件夹会令其丢失",
)
_FILES_MOVED = Text(
    "another folder, or these files moved elsewhere",
    "另一資料夾，或把這些檔案移往別處",
    "另一文件夹，或把这些文件移往别处",
)
_NONE_HERE = Text("no study can be read here: {why}", "此處沒有可讀取的研究：{why}", "此处没有可读取的研究：{why}")
_DAMAGED_BY = Text("the manifest is damaged: {why}", "manifest.json 已損壞：{why}", "manifest.json 已损坏：{why}")
_AS_WRITTEN = Text(
    "the folder as it was written, or moved elsewhere",
    "當初寫成的資料夾，或把它移往別處",
    "当初写成的文件夹，或把它移往别处",
)
_OTHER_FORMAT = Text("the study was written in another format", "該研究以另一格式寫成", "该研究以另一格式写成")
_DAMAGED = Text("the manifest is damaged", "manifest.json 已損壞", "manifest.json 已损坏")
_HASHES = Text("an object with the hash of each file", "物件，內有每個檔案的雜湊值", "对象，内有每个文件的哈希值")

HOLDS = "holds"  # entry of the manifest of what is no study of scenarios: what the folder holds instead
ANY = "*"  # in the name of a hidden folder: whatever its token
FORMAT = 2  # of the folder; raised when a reader of the old one would misread the new one


class StagingFolder:
    """A study's folder while it is being written; leaving the context unpublished leaves nothing behind.

    `path` is the hidden folder to write into. An OSError inside the context (a full disk) becomes a
    RunError; another study folder of the same name stays as it is until `publish`. Whoever writes a
    staging folder holds the lock of the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        check_replaceable(self.folder)
        self.path = layout.staging_of(self.folder, token())
        self._published = False
        self._tables: dict[str, ParquetAppender] = {}

    def __enter__(self) -> Self:
        make_new_folder(self.path)
        try:
            self.write_text(IDENTITY, json.dumps({"study": self.folder.name}))  # until it is published: whose the folder is
        except OSError as error:
            shutil.rmtree(self.path, ignore_errors=True)
            raise disk_failure(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._published:
            shutil.rmtree(self.path, ignore_errors=True)
        if isinstance(error, OSError):
            raise disk_failure(error) from error

    def add_rows(self, parts: Mapping[str, Path]) -> None:
        """Add the rows of the next replication to the tables of the study. parts: Arrow files by name of the table."""
        for name, part in parts.items():
            if name not in self._tables:
                self._tables[name] = ParquetAppender(self.path / layout.table_file(name))
            self._tables[name].add(part)

    def close_tables(self) -> None:
        """End the tables, which have all their rows now."""
        for table in self._tables.values():
            table.close()
        self._tables = {}

    def write_text(self, name: str, text: str) -> None:
        """Write a text file of the study, with its folder if it needs one."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def publish(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """The manifest as a reader gets it: files to disk, then the manifest with their hashes, then the renaming."""
        names = [name for name in files_of(self.path) if name != IDENTITY]
        with ThreadPoolExecutor(2) as pool:  # hashing and the disk let go of the interpreter
            files = dict(zip(names, pool.map(sync_file, (self.path / name for name in names)), strict=True))
        written = json.dumps({"format": FORMAT, **manifest, "files": files}, indent=2, ensure_ascii=False)
        self.write_text(MANIFEST, written + "\n")
        sync_file(self.path / MANIFEST)
        (self.path / IDENTITY).unlink()
        for folder in {path.parent for path in self.path.rglob("*")}:
            sync_folder(folder)
        check_replaceable(self.folder)
        _keep_analyses(self.folder, self.path, manifest.get("key"))
        _rename_over(self.path, self.folder)
        self._published = True
        return dict(json.loads(written))


def recover(folder: Path) -> None:
    """Put right what a process left that was killed while it wrote or replaced the study in this folder.

    Whoever calls it holds the folder's lock.
    """
    for staging in _left_behind(layout.staging_of(folder, ANY)):
        shutil.rmtree(staging, ignore_errors=True)
    for old in _left_behind(layout.replaced_of(folder, ANY)):
        if (folder / MANIFEST).is_file():  # the new study had taken its place
            shutil.rmtree(old, ignore_errors=True)
        elif not folder.exists():
            old.rename(folder)


def _left_behind(pattern: Path) -> list[Path]:
    """The siblings whose name is that of the pattern with a token for ANY, and which are of a study beyond doubt."""
    before, _, after = pattern.name.rpartition(ANY)
    name = re.compile(re.escape(before) + layout.TOKEN + re.escape(after))
    return [path for path in sorted(pattern.parent.iterdir()) if name.fullmatch(path.name) and _is_ours(path)]


def _is_ours(path: Path) -> bool:
    """Whether it is a real folder that tells what study it is of, by its identity or its manifest."""
    if not is_real_folder(path):
        return False
    try:
        return "study" in json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        pass
    try:
        read_manifest(path)
    except InputError:
        return False
    return True


def check_replaceable(folder: Path) -> None:
    """Raises InputError if something stands there that is neither an empty folder nor a study's without changes by the user."""
    if is_empty_folder(folder):
        return
    if (folder.exists() or folder.is_symlink()) and not (folder / MANIFEST).is_file():
        raise InputError(Problem(
            _NO_STUDY, path="out", found=Text.same(str(folder)), allowed=_NEW_FOLDER,
        ))  # fmt: skip
    if folder.exists() and (names := _files_of_the_user(folder)):
        raise InputError(Problem(
            _FILES_OF_THE_USER,
            path="out",
            found=Text.same(", ".join(names[:5]) + (" …" if len(names) > 5 else "")),
            allowed=_FILES_MOVED,
        ))  # fmt: skip


def is_empty_folder(folder: Path) -> bool:
    """Whether a folder with nothing in it stands there."""
    return folder.is_dir() and not folder.is_symlink() and next(folder.iterdir(), None) is None


def _files_of_the_user(folder: Path) -> list[str]:
    present = set(files_of(folder))
    return [*(name for name in changed_files(folder) if name in present), *_files_of_the_user_beside_analyses(folder)]


def _files_of_the_user_beside_analyses(folder: Path) -> Iterator[str]:
    """Those in the folder of a study's analyses that are part of none, or were added to one or changed."""
    home = folder / ANALYSES
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        within = f"{ANALYSES}/{path.name}"
        if path.is_dir() and (path / MANIFEST).is_file():
            try:
                yield from (f"{within}/{name}" for name in _files_of_the_user(path))
            except InputError:  # a damaged manifest: nobody knows whose the files are
                yield within
        elif not (path.name.startswith(".") and layout.is_hidden_sibling(path.name)):
            yield within


def _keep_analyses(folder: Path, new: Path, key: object) -> None:
    """Copy the analyses of a study that is replaced by one with the same key into the new folder: they are of that one too."""
    if not (folder / ANALYSES).is_dir():
        return
    try:
        is_same = read_manifest(folder).get("key") == key
    except InputError:
        return
    if is_same:
        shutil.copytree(folder / ANALYSES, new / ANALYSES)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished study, as JSON has it; its format and its files are as they must be, the rest may be anything.

    Raises InputError where there is none that can be read.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Problem(_NONE_HERE.fill(why=error.strerror), file=str(path))) from None
    except (ValueError, RecursionError) as error:
        raise InputError(Problem(_DAMAGED_BY.fill(why=error), file=str(path), allowed=_AS_WRITTEN)) from None
    number = manifest.get("format") if isinstance(manifest, dict) else None
    if number != FORMAT:
        raise InputError(Problem(_OTHER_FORMAT, file=str(path), found=Text.same(str(number)), allowed=Text.same(str(FORMAT))))
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(value, str) for value in files.values()):
        raise InputError(Problem(_DAMAGED, file=str(path), path="files", allowed=_HASHES))
    return dict(manifest)


def files_of(folder: Path) -> list[str]:
    """The files of a study but the manifest and its analyses, sorted, relative to its folder."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in files if name != MANIFEST and not name.startswith(f"{ANALYSES}/"))


def changed_files(folder: Path) -> list[str]:
    """The files of a finished study that are missing, were added or are no longer those it was written with."""
    written: dict[str, str] = read_manifest(folder)["files"]
    present = files_of(folder)
    same = {name for name in present if name in written and hash_of(folder / name) == written[name]}
    return sorted({*written, *present} - same)


def _move_into(new: Path, folder: Path) -> None:
    """Move all files into an empty folder, which stays, as it may be a mounted volume; the manifest goes last."""
    moved: list[Path] = []
    try:
        for path in sorted(new.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
            moved.append(folder / path.name)
            shutil.move(path, folder / path.name)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    shutil.rmtree(new, ignore_errors=True)


def _rename_over(new: Path, folder: Path) -> None:
    """Put the new folder in place of the old one, which goes last; if the new one can't go there, the old one stays."""
    if is_empty_folder(folder):
        _move_into(new, folder)
        return
    old = layout.replaced_of(folder, token())
    replaces = folder.exists()
    if replaces:
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if replaces:
            old.rename(folder)
        raise
    sync_folder(folder.parent)
    if replaces:
        shutil.rmtree(old, ignore_errors=True)
