"""One study at a time in a folder: a lock that ends with the process, however it ends."""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.archive.disk import write_errors
from sim.archive.layout import lock_of
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text

_AT_WORK = Text(
    "another process is working on a study in this folder",
    "另一程序正在處理此資料夾內的研究",
    "另一进程正在处理此文件夹内的研究",
)
_WAIT = Text("another folder, or wait for it", "另一資料夾，或稍候", "另一文件夹，或稍候")
_NO_LOCK = Text(
    "this stands where the lock of the study's folder would be, and is no lock",
    "此處應為研究資料夾的鎖定檔案，但現有的並不是",
    "此处应为研究文件夹的锁定文件，但现有的并不是",
)
_MOVED = Text("another folder, or this moved elsewhere", "另一資料夾，或把此檔案移往別處", "另一文件夹，或把此文件移往别处")

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
            handle = _opened(path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            if (refused := refused + 1) < TRIES:
                time.sleep(PAUSE_S)
                continue
            raise InputError(Problem(_AT_WORK, path="out", found=Text.same(str(folder)), allowed=_WAIT)) from None
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

        handle = _opened(lock_of(folder), os.O_RDONLY)
    except PermissionError:
        return True
    except (ImportError, OSError, InputError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _opened(path: Path, flags: int) -> int:
    """The lock's file, opened. Raises InputError for a link or anything else that is not an empty file, which none of ours is."""
    try:
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise InputError(_not_a_lock(path)) from None
        raise
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size:
        os.close(handle)
        raise InputError(_not_a_lock(path))
    return handle


def _not_a_lock(path: Path) -> Problem:
    return Problem(_NO_LOCK, path="out", found=Text.same(str(path)), allowed=_MOVED)


def _is_still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
