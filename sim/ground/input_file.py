"""Files that users bring: regular files, no larger than can be meant."""

import os
import stat
from pathlib import Path
from unicodedata import category

from sim.ground.errors import WordsError
from sim.ground.text import Text

_FOLDER = Text("this is a folder, not a file", "這是資料夾，不是檔案", "这是文件夹，不是文件")
_DEVICE = Text("this is a device or a pipe, not a file", "這是裝置或管道，不是檔案", "这是设备或管道，不是文件")
_TOO_LARGE = Text("the file is larger than {size} MB", "檔案大於 {size} MB", "文件大于 {size} MB")
_NULL = Text("a name with a null byte is no file", "檔案名稱不可含空字元", "文件名不可含空字符")
_NO_FILE = Text("there is no such file", "沒有此檔案", "没有此文件")
_NO_PERMISSION = Text("the file may not be read (no permission)", "無權讀取此檔案", "无权读取此文件")
_UNREADABLE = Text("the file can't be read ({reason})", "無法讀取檔案（{reason}）", "无法读取文件（{reason}）")


def content_of(path: Path, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` of them.

    A device, a pipe or a folder is not opened, which might wait for ever or never end. Raises WordsError that says in plain words
    what is wrong, without the file's name.
    """
    try:
        if (reason := _refusal(path.stat(), largest)) is not None:
            raise WordsError(reason)
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            if (reason := _refusal(os.fstat(file.fileno()), largest)) is not None:
                raise WordsError(reason)  # it has become something else in between
            content = file.read(largest + 1)
    except OSError as error:
        raise WordsError(_in_words(error)) from None
    except WordsError:
        raise
    except ValueError as error:
        raise WordsError(_NULL if "null" in str(error) else _UNREADABLE.fill(reason=error)) from None
    if len(content) > largest:
        raise WordsError(_too_large(largest))
    return content


def shown_path(path: object) -> str:
    """A path as a message shows it: characters that can't be printed are escaped."""
    return "".join(letter.encode("unicode_escape").decode() if is_control(letter) else letter for letter in str(path))


def is_control(letter: str) -> bool:
    """Whether a character steers a terminal or a reader instead of being shown: control, format and line characters."""
    return category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _refusal(status: os.stat_result, largest: int) -> Text | None:
    if stat.S_ISDIR(status.st_mode):
        return _FOLDER
    if not stat.S_ISREG(status.st_mode):
        return _DEVICE
    return _too_large(largest) if status.st_size > largest else None


def _too_large(largest: int) -> Text:
    return _TOO_LARGE.fill(size=f"{largest // 1_000_000:,}")


def _in_words(error: OSError) -> Text:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return _NO_FILE
        case PermissionError():
            return _NO_PERMISSION
    return _UNREADABLE.fill(reason=error.strerror or error)
