"""Files that users bring: regular files, no larger than can be meant."""

import os
import stat
from pathlib import Path
from unicodedata import category


def content_of(path: Path, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` of them.

    A device, a pipe or a folder is not opened, which might wait for ever or never end. Raises ValueError that says in plain words
    what is wrong, without the file's name.
    """
    try:
        if (reason := _refusal(path.stat(), largest)) is not None:
            raise ValueError(reason)
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            if (reason := _refusal(os.fstat(file.fileno()), largest)) is not None:
                raise ValueError(reason)  # it has become something else in between
            content = file.read(largest + 1)
    except OSError as error:
        raise ValueError(_in_words(error)) from None
    except ValueError as error:
        raise ValueError("a name with a null byte is no file" if "null" in str(error) else str(error)) from None
    if len(content) > largest:
        raise ValueError(_too_large(largest))
    return content


def shown_path(path: object) -> str:
    """A path as a message shows it: characters that can't be printed are escaped."""
    return "".join(letter.encode("unicode_escape").decode() if is_control(letter) else letter for letter in str(path))


def is_control(letter: str) -> bool:
    """Whether a character steers a terminal or a reader instead of being shown: control, format and line characters."""
    return category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _refusal(status: os.stat_result, largest: int) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return "this is a folder, not a file"
    if not stat.S_ISREG(status.st_mode):
        return "this is a device or a pipe, not a file"
    return _too_large(largest) if status.st_size > largest else None


def _too_large(largest: int) -> str:
    return f"the file is larger than {largest // 1_000_000:,} MB"


def _in_words(error: OSError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "there is no such file"
        case PermissionError():
            return "the file may not be read (no permission)"
    return f"the file can't be read ({error.strerror or error})"
