"""One study at a time in a folder: a lock that ends with the process, however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.ground.errors import InputError, Problem


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a study's folder. Raises InputError where another process holds it."""
    try:
        import fcntl
    except ImportError:  # not on this system: two at once are then the user's own care
        yield
        return
    path = folder.with_name(f".{folder.name}.lock")
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            told = "another process is working on a study in this folder"
            raise InputError(Problem(told, path="out", found=str(folder), allowed="another folder, or wait for it")) from None
        if _is_still_there(handle, path):
            break
        os.close(handle)  # the one who held it has just removed the file
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _is_still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
