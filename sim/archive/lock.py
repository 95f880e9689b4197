"""One study at a time in a folder: a lock that ends with the process, however it ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.archive.study_folder import telling_of_the_place
from sim.ground.errors import InputError, Problem

TRIES = 10  # a moment's patience: `is_locked` finds out by holding the lock for an instant
PAUSE_S = 0.05


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a study's folder. Raises InputError where another process holds it, or nothing can be written."""
    try:
        import fcntl
    except ImportError:  # not on this system: two at once are then the user's own care
        yield
        return
    path, refused = _lock_of(folder), 0
    while True:
        with telling_of_the_place(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            if (refused := refused + 1) < TRIES:
                time.sleep(PAUSE_S)
                continue
            told = "another process is working on a study in this folder"
            raise InputError(Problem(told, path="out", found=str(folder), allowed="another folder, or wait for it")) from None
        except OSError:  # the file system knows no locks: two at once are then the user's own care
            pass
        if _is_still_there(handle, path):
            break
        os.close(handle)  # the one who held it has just removed the file
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def is_locked(folder: Path) -> bool:
    """Whether some process works on a study in this folder now, as far as the system can tell."""
    try:
        import fcntl

        with _lock_of(folder).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except (ImportError, OSError):
        return False
    return False


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def _is_still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
