"""The terminal's renderer: blocks as lines of plain text, by the width of the signs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from sim.report.document import Block, Bullets, Callout, Column, Command, Heading, Paragraph, Picture, Row, Table

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
INDENT, GAP = 2, 2
_NEVER_FIRST = "。，、；：？！）」』”’》〉％…,.;:?!)]}%"
_NEVER_LAST = "（「『“‘《〈([{"
_WIDE = "\u2e80"
_UNIT = re.compile("\\w{1,2}）?")  # behind a Chinese bracket, which is not broken
_TWO_SIGNS = 4
_WHOLE = 6  # columns up to which a heading is not broken
_LEAST_LEFT, _LEAST_NUMBER = 14, 8
"""Columns at least of a column of texts, before columns of numbers are broken; and of those."""


class Line(NamedTuple):
    """A line of the terminal. style: "heading", "lead", "note", "head" (of a table), "topic" or plain."""

    text: str
    style: str = ""


def terminal_text(blocks: Iterable[Block], width: int = WIDTH, *, spaced: bool = True) -> str:
    """The blocks as plain text, no line wider than `width` columns: what stands under a heading of level 1 is set in.

    In tables texts are broken, numbers only where nothing else is left; pictures are told by their captions. spaced: with a blank
    line before each heading, and before an answer that stands below a table.
    """
    return "".join(f"{line.text.rstrip()}\n" for line in lines_of(blocks, width, spaced=spaced))


def print_blocks(blocks: Iterable[Block], console: "Console", *, spaced: bool = True) -> None:
    """The same on a console, at its width, with headings and answers in bold."""
    from rich.text import Text as Styled

    styles = {"heading": "bold underline", "lead": "bold", "note": "dim", "head": "dim", "topic": "bold"}
    for line in lines_of(blocks, console.width, spaced=spaced):
        console.print(Styled(line.text, style=styles.get(line.style, "")), soft_wrap=True)


def lines_of(blocks: Iterable[Block], width: int = WIDTH, *, spaced: bool = True) -> Iterator[Line]:
    """The lines, none wider than `width`."""
    indent, before = 0, None
    for block in blocks:
        if spaced and isinstance(before, Table) and isinstance(block, Paragraph) and block.tone == "lead":
            yield Line("")
        if isinstance(block, Callout) or (isinstance(block, Heading) and block.level == 1):
            indent = 0
        for line in _lines_of_block(block, width - indent, before is None or not spaced or isinstance(before, Heading)):
            yield Line(" " * indent + line.text if line.text else "", line.style)
        if isinstance(block, Heading) and block.level == 1:
            indent = INDENT
        before = block


def _lines_of_block(block: Block, width: int, is_first: bool) -> Iterator[Line]:
    match block:
        case Heading(text, level):
            if not is_first:
                yield Line("")
            yield from (Line(line, "heading" if level == 1 else "topic") for line in wrapped(text, width))
        case Paragraph(text, tone):
            yield from (Line(line, "" if tone == "plain" else tone) for line in wrapped(text, width))
        case Bullets(items):
            for item in items:
                yield from _hanging("- ", item, width)
        case Callout(title, items):
            if not is_first:
                yield Line("")
            yield from (Line(line, "heading") for line in wrapped(title, width))
            for item in items:
                yield from _hanging(f"{' ' * INDENT}! ", item, width)
        case Command(text):
            yield from _hanging("  ", text, width)
        case Picture(_, caption, alternative):
            yield from (Line(line, "topic") for line in wrapped(caption, width))
            yield from (Line(line, "note") for line in wrapped(" ".join(alternative.split()), width))
        case Table():
            yield from _lines_of_table(block, width)


def _hanging(mark: str, text: str, width: int) -> Iterator[Line]:
    first, *others = wrapped(text, width - len(mark)) or [""]
    yield Line(mark + first)
    yield from (Line(" " * len(mark) + line) for line in others)


def _lines_of_table(table: Table, width: int) -> Iterator[Line]:
    if table.caption:
        yield from (Line(line, "topic") for line in wrapped(table.caption, width))
    if not table.columns:
        return
    widths = _widths(table, width)
    if any(column.heading for column in table.columns):
        yield from _lines_of_row([column.heading for column in table.columns], table.columns, widths, "head", at_bottom=True)
    for row in table.rows:
        if row.is_heading:
            style = "topic" if row.depth == 0 else ""
            yield from (
                Line(" " * INDENT * row.depth + line, style) for line in wrapped(row.cells[0], width - INDENT * row.depth)
            )
        else:
            yield from _lines_of_row(row.cells, table.columns, widths, "", INDENT * row.depth)


def _widths(table: Table, width: int) -> list[int]:
    """The width of each column: numbers have what they need, texts what is left, by their length."""
    rows = [row for row in table.rows if not row.is_heading]
    room = width - GAP * (len(table.columns) - 1)
    needs = [max((_length(row, number) for row in rows), default=0) for number in range(len(table.columns))]
    words = [_least(column.heading) for column in table.columns]
    is_text = [column.side == "left" for column in table.columns]
    wide = [max(need, cell_len(column.heading)) for need, column in zip(needs, table.columns, strict=True)]
    if sum(wide) <= room:
        return wide
    # Headings are broken first, then texts; numbers only in a table that is all numbers.
    narrow = [max(need, word) for need, word in zip(needs, words, strict=True)]
    if sum(narrow) <= room:
        return _spread(narrow, wide, room)
    texts = [number for number, text in enumerate(is_text) if text]
    numbers = [number for number in range(len(narrow)) if number not in texts]
    left = room - sum(narrow[number] for number in numbers)
    while numbers and left < _LEAST_LEFT * len(texts) and max(narrow[number] for number in numbers) > _LEAST_NUMBER:
        widest = max(numbers, key=lambda number: narrow[number])
        narrow[widest] -= 1
        left += 1
    share = dict.fromkeys(texts, 0)
    for number in sorted(texts, key=lambda n: narrow[n]):
        open_texts = [n for n in texts if not share[n]]
        share[number] = min(narrow[number], max(left // len(open_texts), 4))
        left -= share[number]
    return [share.get(number, size) for number, size in enumerate(narrow)]


def _least(heading: str) -> int:
    """The columns that a heading needs at least: those of its longest word, all of a short one, two signs of a Chinese one."""
    size = cell_len(heading)
    return size if size <= _WHOLE else max(_TWO_SIGNS, *map(cell_len, _words(heading)))


def _spread(narrow: Sequence[int], wide: Sequence[int], room: int) -> list[int]:
    """What is left over goes to columns whose headings are broken, from the first on."""
    widths = list(narrow)
    for number, most in enumerate(wide):
        widths[number] += min(most - widths[number], room - sum(widths))
    return widths


def _length(row: Row, number: int) -> int:
    return cell_len(row.cells[number]) + (INDENT * row.depth if number == 0 else 0)


def _lines_of_row(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], style: str, indent: int = 0, at_bottom: bool = False
) -> Iterator[Line]:
    broken = []
    for number, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        set_in = indent if number == 0 else 0
        broken.append([" " * set_in + line for line in wrapped(cell, size - set_in)] or [""])
    height = max(map(len, broken))
    padded = [[""] * (height - len(lines)) + lines if at_bottom else lines + [""] * (height - len(lines)) for lines in broken]
    for level in range(height):
        parts = [_set(lines[level], column, size) for lines, column, size in zip(padded, columns, widths, strict=True)]
        yield Line((" " * GAP).join(parts).rstrip(), style)


def _set(text: str, column: Column, size: int) -> str:
    blank = " " * max(size - cell_len(text), 0)
    return text + blank if column.side == "left" else blank + text


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns: between words, and between Chinese signs but for punctuation."""
    lines: list[str] = []
    for written in text.split("\n"):
        line = ""
        for word in _words(written):
            if not line or cell_len(line) + cell_len(word.rstrip()) <= width:
                line += word if line else word.lstrip()
            else:
                lines.append(line.rstrip())
                line = word.lstrip()
            while cell_len(line.rstrip()) > width:
                head = _cut(line, width)
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    return lines


def _words(text: str) -> list[str]:
    """The text in pieces that stay together, each with the blanks behind it."""
    pieces: list[str] = []
    for sign in text:
        last = pieces[-1] if pieces else ""
        goes_on = bool(last) and (
            sign == " "
            or (last[-1] != " " and (sign in _NEVER_FIRST or last[-1] in _NEVER_LAST))
            or (last[-1] != " " and sign < _WIDE and last[-1] < _WIDE)
        )
        if goes_on:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return _with_whole_brackets(pieces)


def _with_whole_brackets(pieces: Sequence[str]) -> list[str]:
    """The pieces, of which those of a unit in Chinese brackets are joined."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _UNIT.fullmatch(joined[-1].rpartition("（")[2] + piece.rstrip()) and "（" in joined[-1]:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _cut(text: str, width: int) -> str:
    size = 0
    for number, sign in enumerate(text):
        size += cell_len(sign)
        if size > width:
            return text[: max(number, 1)]
    return text
