"""The folder that a user names for results: a name that can be written, with room for the hidden names beside it."""

import os
from errno import ELOOP, ENAMETOOLONG
from pathlib import Path

from sim.ground.errors import InputError, Problem
from sim.ground.input_file import is_control, shown_path
from sim.ground.text import Text

LONGEST_NAME = 255  # bytes, of most file systems
_NO_NAME = Text(
    "the name of a folder is needed, without control characters",
    "須填資料夾名稱，不可含控制字元",
    "须填文件夹名称，不可含控制字符",
)
_NO_HOME = Text("there is no such home folder", "沒有這個主目錄", "没有这个主目录")
_LOOP = Text("the link leads to itself", "連結指向自身", "链接指向自身")
_TOO_LONG = Text("the path is too long", "路徑過長", "路径过长")
_ROOT = Text(
    "the root of the file system is no folder for results", "檔案系統的根目錄不可存放結果", "文件系统的根目录不可存放结果"
)
_LONG_NAME = Text(
    "the folder's name is too long, at most {most} bytes are possible",
    "資料夾名稱過長，最多 {most} 位元組",
    "文件夹名称过长，最多 {most} 字节",
)
_ANOTHER = Text("another folder", "另一資料夾", "另一文件夹")
BESIDE = len("." + ".unfinished-0123456789abcdef")  # that the longest hidden sibling's name has more


def output_folder(path: object) -> Path:
    """The folder of a path, a leading ~ being the home folder. Raises InputError where no folder can be written there."""
    written = os.fspath(path)  # type: ignore[call-overload]
    if not written or any(map(is_control, written)):
        raise _refused(_NO_NAME, path)
    try:
        folder = Path(os.path.expanduser(written))  # noqa: PTH111 (a Path would take ./~ for ~)
        if folder.parts and folder.parts[0].startswith("~"):
            if written.startswith("~"):
                raise _refused(_NO_HOME, path)
            folder = folder.absolute()  # readers of tables take a leading ~ for the home folder
        name = folder.resolve().name
        _follow(folder)
    except RuntimeError as error:  # of a link to itself, or of a home that is not known
        raise _refused(_LOOP if "loop" in str(error) else _NO_HOME, path) from None
    except OSError as error:
        if error.errno in (ELOOP, ENAMETOOLONG):
            raise _refused(_LOOP if error.errno == ELOOP else _TOO_LONG, path) from None
        return folder  # whoever writes there says what is wrong
    if not name:
        raise _refused(_ROOT, path)
    if len(os.fsencode(name)) > LONGEST_NAME - BESIDE:
        raise _refused(_LONG_NAME.fill(most=LONGEST_NAME - BESIDE), path)
    return folder


def _follow(folder: Path) -> None:
    """Raises OSError for a link to itself or a name that is too long, and nothing where there is no such file yet."""
    try:
        folder.stat()
    except FileNotFoundError:
        return


def _refused(message: Text, path: object) -> InputError:
    shown = shown_path(path)
    shown = shown if len(shown) <= 120 else f"{shown[:117]}..."
    return InputError(Problem(message, path="out", found=Text.same(shown), allowed=_ANOTHER))
