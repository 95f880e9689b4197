"""The folder that a user names for results: a name that can be written, with room for the hidden names beside it."""

import os
from errno import ELOOP, ENAMETOOLONG
from pathlib import Path

from sim.ground.errors import InputError, Problem
from sim.ground.input_file import is_control, shown_path

LONGEST_NAME = 255  # bytes, of most file systems
BESIDE = len("." + ".unfinished-0123456789abcdef")  # that the longest hidden sibling's name has more


def output_folder(path: object) -> Path:
    """The folder of a path, a leading ~ being the home folder. Raises InputError where no folder can be written there."""
    written = os.fspath(path)  # type: ignore[call-overload]
    if not written or any(map(is_control, written)):
        raise _refused("the name of a folder is needed, without control characters", path)
    try:
        folder = Path(os.path.expanduser(written))  # noqa: PTH111 (a Path would take ./~ for ~)
        if folder.parts and folder.parts[0].startswith("~"):
            if written.startswith("~"):
                raise _refused("there is no such home folder", path)
            folder = folder.absolute()  # readers of tables take a leading ~ for the home folder
        name = folder.resolve().name
        _follow(folder)
    except RuntimeError as error:  # of a link to itself, or of a home that is not known
        raise _refused(_LOOP if "loop" in str(error) else "there is no such home folder", path) from None
    except OSError as error:
        if error.errno in (ELOOP, ENAMETOOLONG):
            raise _refused(_LOOP if error.errno == ELOOP else "the path is too long", path) from None
        return folder  # whoever writes there says what is wrong
    if not name:
        raise _refused("the root of the file system is no folder for results", path)
    if len(os.fsencode(name)) > LONGEST_NAME - BESIDE:
        raise _refused(f"the folder's name is too long, at most {LONGEST_NAME - BESIDE} bytes are possible", path)
    return folder


_LOOP = "the link leads to itself"


def _follow(folder: Path) -> None:
    """Raises OSError for a link to itself or a name that is too long, and nothing where there is no such file yet."""
    try:
        folder.stat()
    except FileNotFoundError:
        return


def _refused(message: str, path: object) -> InputError:
    shown = shown_path(path)
    shown = shown if len(shown) <= 120 else f"{shown[:117]}..."
    return InputError(Problem(message, path="out", found=shown, allowed="another folder"))
