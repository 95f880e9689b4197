"""The content of a report in one language, without pages and fonts: the input of the three renderers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sim.ground.text import Language

Side = Literal["left", "right"]
Format = Literal["pdf", "html", "docx"]
FORMATS: tuple[Format, ...] = ("pdf", "html", "docx")
"""The kinds of files that a document can be turned into."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 begins a section, level 2 a part of one. starts_page: in print it stands on a new page."""

    text: str
    level: int = 1
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `tone`: the answer itself stands out, a note is small."""

    text: str
    tone: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A box with a title, for warnings."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. share: of the table's width, relative to the other columns."""

    heading: str
    side: Side = "right"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a heading of rows has one cell, which spans the table. depth: how far its label is set in."""

    cells: tuple[str, ...]
    is_heading: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption above."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row.cells) != (1 if row.is_heading else len(self.columns))]
        if wrong:
            raise ValueError(f"{self.caption}: a row does not fit the columns: {wrong[0]}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. svg, png: its bytes, without dates · width_in, height_in: as drawn · alternative: for readers who don't see it."""

    key: str
    caption: str
    alternative: str
    svg: bytes
    png: bytes
    width_in: float
    height_in: float


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type at a prompt."""

    text: str


Block = Heading | Paragraph | Bullets | Callout | Table | Picture | Command


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a report. date: when the study was run, not when the report was written, so that equal studies give equal bytes.

    contents: the heading of its list of contents, which it has none of where that is empty · most_pages: on as many pages of A4
    it is set, in smaller type if need be; 0: on as many as it takes.
    """

    language: Language
    title: str
    subtitle: str
    date: date
    contents: str
    blocks: tuple[Block, ...] = field(default=())
    most_pages: int = 0

    def texts(self) -> Iterator[str]:
        """Every text that a reader sees, but for those drawn in pictures."""
        yield from (self.title, self.subtitle, self.contents)
        for block in self.blocks:
            yield from texts_of(block)


def texts_of(block: Block) -> Sequence[str]:
    """The texts of one block in their order."""
    match block:
        case Heading(text) | Paragraph(text) | Command(text):
            return (text,)
        case Bullets(items):
            return items
        case Callout(title, items):
            return (title, *items)
        case Table(caption, columns, rows):
            return (caption, *(column.heading for column in columns), *(cell for row in rows for cell in row.cells))
        case Picture(_, caption, alternative):
            return (caption, alternative)
