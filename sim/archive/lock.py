"""One study at a time in a folder: a lock that ends with the process, however it ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.archive.disk import write_errors
from sim.archive.layout import lock_of
from sim.ground.errors import InputError, Problem

TRIES = 10  # `is_locked` itself holds the lock for an instant, which must not refuse anybody
PAUSE_S = 0.05


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a study's folder. Raises InputError where another process holds it, or nothing can be written."""
    try:
        import fcntl
    except ImportError:  # not on this system: the user has to see to it that there is one at a time
        yield
        return
    path, refused = lock_of(folder), 0
    while True:
        with write_errors(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            if (refused := refused + 1) < TRIES:
                time.sleep(PAUSE_S)
                continue
            message = "another process is working on a study in this folder"
            raise InputError(Problem(message, path="out", found=str(folder), allowed="another folder, or wait for it")) from None
        except OSError:  # the file system knows no locks
            pass
        if _is_still_there(handle, path):
            break
        os.close(handle)  # whoever held it has just removed the file
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def is_locked(folder: Path) -> bool:
    """Whether some process works on a study in this folder now, as far as the system can tell."""
    try:
        import fcntl

        with lock_of(folder).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except (ImportError, OSError):
        return False
    return False


def _is_still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
