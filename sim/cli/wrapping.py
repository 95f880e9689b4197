"""Lines of a terminal, in which a Chinese character takes two cells; without Rich, which is slow to load."""

import re
import shutil
from collections.abc import Iterable, Iterator
from unicodedata import combining, east_asian_width

WIDEST = 100  # cells of a line that is still read with ease
_NEVER_FIRST = "，。、；：？！）」』》”’…％"
_NEVER_LAST = "（「『《“‘"


def terminal_width() -> int:
    """The cells of a line that is printed, at most WIDEST; 80 where there is no terminal."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def cells(text: str) -> int:
    """How many cells a line takes."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int) -> str:
    """The text with blanks after it, up to that many cells."""
    return text + " " * (width - cells(text))


def wrapped(text: str, width: int, first: str = "", others: str = "") -> str:
    """The text in lines of at most `width` cells, broken at blanks and between Chinese characters.

    first, others: what the first line and all others begin with. A word that is longer than a line stands in a line alone.
    """
    lines, start, line = [], first, ""
    for piece, glue in _pieces(text):
        if line and cells(start + line + glue + piece) > width:
            lines.append(start + line)
            start, line = others, ""
        line += (glue if line else "") + piece
    return "\n".join([*lines, start + line])


def definitions(rows: Iterable[tuple[str, str]], width: int, names_width: int = 0, indent: int = 2) -> str:
    """Names with what each means beside it, in two columns; names_width: cells of the first one at least."""
    rows = list(rows)
    column = indent + max(names_width, *(cells(name) for name, _ in rows)) + 2
    return "\n".join(wrapped(text, width, padded(" " * indent + name, column), " " * column) for name, text in rows)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What may stand at the end of a line, each piece with the blank before it."""
    for word in re.finditer(r"( *)(\S+)", text):
        glue, piece = word[1], ""
        for letter in word[2]:
            is_break = piece and (_is_wide(letter) or _is_wide(piece[-1]))
            if is_break and letter not in _NEVER_FIRST and piece[-1] not in _NEVER_LAST:
                yield piece, glue
                glue, piece = "", ""
            piece += letter
        yield piece, glue


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in "WF"
