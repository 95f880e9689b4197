"""Printed pages as plain text: sections, sentences and tables of a fixed width."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from textwrap import fill

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

WIDTH = 100
_BLANK = "\N{NO-BREAK SPACE}"
_HEADING = 16  # columns at least of a heading that is broken
_FIRST = 24  # columns at most that the first column is sure of


def as_text(parts: Iterable[RenderableType], width: int = WIDTH) -> str:
    """The parts as plain text, at most `width` columns wide."""
    page = StringIO()
    Console(file=page, width=width, color_system=None, force_terminal=False).print(Group(*parts))
    return "\n".join(line.replace(_BLANK, " ").rstrip() for line in page.getvalue().splitlines()) + "\n"


def section(heading: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """A heading with what stands under it, indented."""
    yield Line(f"\n{heading}", style="bold underline")
    for part in parts:
        yield Padding(part, (0, 0, 0, 2))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> Table:
    """A table without rules; the first `left` columns are texts.

    Headings and texts may be broken, numbers not: where the page is too narrow, headings of numbers are broken first.
    """
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    cells = [[*row[:left], *(cell.replace(" ", _BLANK) for cell in row[left:])] for row in rows]
    first = max((len(row[0]) for row in cells), default=0)
    widest = [max((len(row[number]) for row in cells), default=0) for number in range(len(headings))]
    is_narrow = sum(max(len(heading), width) + 2 for heading, width in zip(headings, widest, strict=True)) > WIDTH - 2
    lines = [*headings[:left], *(map(_broken, headings[left:], widest[left:]) if is_narrow else headings[left:])]
    for number in range(len(headings)):
        room = min(first, _FIRST) if number == 0 else None
        made.add_column(lines[number], justify="left" if number < left else "right", min_width=room, overflow="fold")
    for row in cells:
        made.add_row(*map(Line, row))  # as it stands: brackets are no markup
    return made


def _broken(heading: str, width: int) -> str:
    """A heading in lines not much longer than what stands under it."""
    return fill(heading, max(width, _HEADING), break_long_words=False)
