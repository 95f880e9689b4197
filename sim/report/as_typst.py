"""The report as PDF, set by Typst: the content goes over as JSON, the look is in templates/report.typ."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sim.report.document import Block, Bullets, Callout, Column, Command, Document, Heading, Paragraph, Picture, Row, Table
from sim.report.fonts import FAMILY, REGION, font_file

ROOM_CM = (17.4, 22.0)  # for a chart on a page, under a heading and above its caption
LETTER_CM = 0.19  # a wide letter of a table
ZERO_WIDTH_SPACE = "\u200b"
CM = 2.54
ACCESSIBLE = "ua-1"  # PDF/UA: Typst refuses a page that a screen reader could not follow


def pdf(document: Document) -> bytes:
    """The PDF file, after the standard of accessible PDF (PDF/UA-1); the same document gives the same bytes."""
    import typst

    made = typst.compile(**inputs(document, setting_of(document)))
    assert isinstance(made, bytes)
    return made


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set: the size of its type, and whether headings that ask for it begin a page."""

    size_pt: float = 10.0
    breaks: bool = True


USUAL, ON_ONE_PAGE = Setting(), Setting(9.5, breaks=False)
OF_FEW_PAGES = (
    *(Setting(size, breaks=True) for size in (9.5, 9.0, 8.5, 8.0)),
    *(Setting(size, breaks=False) for size in (9.0, 8.5, 8.0, 7.5)),
)
"""Of a document that may have few pages: what is tried, one after the other."""


def setting_of(document: Document) -> Setting:
    """On one page if it fits, so that none is half empty; else the first in which it is no longer than it may be."""
    if not document.most_pages:
        return USUAL
    if pages(document, ON_ONE_PAGE) == 1:
        return ON_ONE_PAGE
    fitting = (setting for setting in OF_FEW_PAGES if pages(document, setting) <= document.most_pages)
    return next(fitting, OF_FEW_PAGES[-1])


def pages(document: Document, setting: Setting = USUAL) -> int:
    """On how many pages the document is set."""
    import typst

    parts = inputs(document, setting)
    return int(json.loads(typst.query(parts["input"], "<page-count>", field="value", one=True, font_paths=parts["font_paths"])))


def inputs(document: Document, setting: Setting = USUAL) -> dict[str, Any]:
    """What Typst is given: the files by name, the fonts and nothing of the system's, and the time stamp."""
    charts = {f"{block.key}.svg": block.svg for block in document.blocks if isinstance(block, Picture)}
    template = files("sim.report").joinpath("templates/report.typ").read_bytes()
    look = {"size": setting.size_pt, "breaks": setting.breaks, "compact": document.most_pages > 0}
    content = json.dumps(_content(document) | look, ensure_ascii=False).encode()
    stamp = int(datetime.combine(document.date, datetime.min.time(), UTC).timestamp())
    texts = {"main.typ": template, "document.json": content}
    return {"input": {**texts, **charts}, "font_paths": _fonts(), "timestamp": stamp, "pdf_standards": ACCESSIBLE}


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_file().parent])


def _content(document: Document) -> dict[str, Any]:
    language, region = REGION[document.language]
    blocks = list(_blocks(document.blocks))
    first = next((number for number, block in enumerate(blocks) if block["kind"] == "heading"), 0)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "contents": document.contents,
        "date": document.date.isoformat(),
        **{part: getattr(document.date, part) for part in ("year", "month", "day")},
        "lang": language,
        "region": region,
        "font": FAMILY[document.language],
        "first": first,
        "blocks": blocks,
    }


def _blocks(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    """The blocks for the template; a lead-in stays with its table."""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        more = {"leads": leads_in(block, following)} if isinstance(block, Paragraph) else {}
        yield {**_as_json(block), **more}


def leads_in(block: Block, following: Block | None) -> bool:
    """Whether the block is a paragraph that is not to be parted from what follows it: a table, a list, a command."""
    return isinstance(block, Paragraph) and isinstance(following, Table | Bullets | Command)


def _as_json(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level, starts_page):
            return {"kind": "heading", "text": text, "level": level, "starts_page": starts_page}
        case Paragraph(text, tone):
            return {"kind": "paragraph", "text": text, "tone": tone}
        case Bullets(items):
            return {"kind": "bullets", "items": items}
        case Callout(title, items):
            return {"kind": "callout", "title": title, "items": items}
        case Table(caption, columns, rows):
            return {"kind": "table", "caption": caption, **_laid_out(columns, rows)}
        case Command(text):
            return {"kind": "command", "text": text}
        case Picture():
            return _picture(block)


def _laid_out(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> dict[str, Any]:
    """Columns and rows, with words that are longer than their column made breakable."""
    whole = sum(column.share for column in columns)
    room = [max(1, int(ROOM_CM[0] * column.share / whole / LETTER_CM)) for column in columns]
    heads = [
        {"heading": breakable(column.heading, most), "side": column.side, "share": column.share}
        for column, most in zip(columns, room, strict=True)
    ]
    return {"columns": heads, "rows": [_row(row, room) for row in rows]}


def _row(row: Row, room: list[int]) -> dict[str, Any]:
    cells = row.cells if row.is_heading else tuple(map(breakable, row.cells, room))
    return {"cells": cells, "heading": row.is_heading, "depth": row.depth}


def breakable(text: str, most: int) -> str:
    """The text with places to break in its words of more than `most` letters; Chinese breaks by itself."""

    def broken(word: re.Match[str]) -> str:
        letters = word[0]
        return ZERO_WIDTH_SPACE.join(letters[at : at + most] for at in range(0, len(letters), most))

    return re.sub(rf"[!-~]{{{most + 1},}}", broken, text)


def _picture(chart: Picture) -> dict[str, Any]:
    return {
        "kind": "picture", "file": f"{chart.key}.svg", "caption": chart.caption, "alternative": chart.alternative,
        "width_cm": round(width_on_page(chart), 3),
    }  # fmt: skip


def width_on_page(chart: Picture) -> float:
    """How wide (cm) a chart is shown: as wide as the text, unless it is then too high, and never larger than drawn."""
    drawn_cm = chart.width_in * CM, chart.height_in * CM
    return min(1.0, *(room / size for room, size in zip(ROOM_CM, drawn_cm, strict=True))) * drawn_cm[0]
