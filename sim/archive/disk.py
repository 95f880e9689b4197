"""Files that are written as a whole or not at all, their hashes, and what is said when the disk does not take them."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.ground.errors import InputError, Problem, RunError
from sim.ground.text import Text

_CANNOT_BE_WRITTEN = Text("the folder can't be written: {why}", "無法寫入資料夾：{why}", "无法写入文件夹：{why}")
_STUDY_NOT_WRITTEN = Text("the study could not be written: {why}", "無法寫入研究：{why}", "无法写入研究：{why}")
_FILE_MISSING = Text(
    "file is missing in the study's folder, which is not whole",
    "研究的資料夾不完整，缺少此檔案",
    "研究的文件夹不完整，缺少此文件",
)


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Raises InputError for an error which says that `path` can't be made where it is to be, RunError for others of the disk."""
    try:
        yield
    except (PermissionError, FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise InputError(
            Problem(_CANNOT_BE_WRITTEN.fill(why=error.strerror), path="out", found=Text.same(str(path.parent)))
        ) from error
    except OSError as error:
        raise disk_failure(error) from error


def disk_failure(error: OSError) -> RunError:
    """The error to raise when the disk fails."""
    return RunError(_STUDY_NOT_WRITTEN.fill(why=error.strerror or error))


def make_folder(path: Path) -> Path:
    """The folder, made with its parents if it is not there. Raises as `write_errors`."""
    with write_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def token() -> str:
    """16 random hexadecimal digits, for a name that nobody else has."""
    return secrets.token_hex(8)


def make_new_folder(path: Path) -> Path:
    """The folder, made with its parents; none of that name may be there. Raises as `write_errors`."""
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
    return path


def is_real_folder(path: Path) -> bool:
    """Whether it is a folder and no link to one."""
    return path.is_dir() and not path.is_symlink()


def write_atomically(path: Path, content: bytes) -> None:
    """All of the content or nothing, also where others write the same file at the same time."""
    draft = path.with_name(f"{path.name}.{token()}.new")
    draft.touch(exist_ok=False)
    draft.write_bytes(content)
    draft.replace(path)


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """An empty hidden file beside `path`, which takes its place at the end, and is gone if that is not reached.

    Raises OSError where it can't be written.
    """
    draft = path.with_name(f".{path.stem}.partial-{token()}{path.suffix}")
    draft.touch(exist_ok=False)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def existing(folder: Path, name: str) -> Path:
    """A file of a study. Raises InputError where it is missing."""
    path = folder / name
    if not path.is_file():
        raise InputError(Problem(_FILE_MISSING, file=name))
    return path


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> str:
    """The hash of a file, whose bytes have reached the disk by then."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return hash_of(path)


def sync_folder(folder: Path) -> None:
    """Let the names of a folder's files reach the disk."""
    if os.name != "posix":
        return  # elsewhere a folder can't be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
