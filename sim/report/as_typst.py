"""The report as PDF, set by Typst: the content goes over as JSON, the look is in templates/report.typ."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sim.report.document import Block, Bullets, Callout, Column, Command, Document, Heading, Paragraph, Picture, Row, Table
from sim.report.fonts import FAMILY, REGION, font_file

ROOM_CM = (17.4, 23.0)  # for a chart on an upright page, under a heading and above its caption
ROOM_FLIPPED_CM = (26.1, 14.6)
LETTER_CM = 0.19  # a wide letter of a table
ZERO_WIDTH_SPACE = "\u200b"
CM = 2.54
ACCESSIBLE = "ua-1"  # PDF/UA: Typst refuses a page that a screen reader could not follow


def pdf(document: Document) -> bytes:
    """The PDF file, after the standard of accessible PDF (PDF/UA-1); the same document gives the same bytes."""
    import typst

    made = typst.compile(**inputs(document))
    assert isinstance(made, bytes)
    return made


def inputs(document: Document) -> dict[str, Any]:
    """What Typst is given: the files by name, the fonts and nothing of the system's, and the time stamp."""
    charts = {f"{block.key}.svg": block.svg for block in document.blocks if isinstance(block, Picture)}
    template = files("sim.report").joinpath("templates/report.typ").read_bytes()
    content = json.dumps(_content(document), ensure_ascii=False).encode()
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
    """The blocks for the template; a heading before a picture goes on the picture's page, a lead-in stays with its table."""
    above: str | None = None
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if isinstance(block, Heading) and isinstance(following, Picture):
            above = block.text
            continue
        more: dict[str, Any] = {"above": above} if isinstance(block, Picture) else {}
        if isinstance(block, Paragraph):
            more = {"leads": leads_in(block, following)}
        yield {**_as_json(block), **more}
        above = None


def leads_in(block: Block, following: Block | None) -> bool:
    """Whether the block is a paragraph that is not to be parted from what follows it: a table, a list, a command."""
    return isinstance(block, Paragraph) and isinstance(following, Table | Bullets | Command)


def _as_json(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
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
    """A chart on a page of its own, whichever way round it is larger, but never larger than drawn."""
    width_cm, flipped = width_on_page(chart)
    return {
        "kind": "picture", "file": f"{chart.key}.svg", "caption": chart.caption, "alternative": chart.alternative,
        "width_cm": round(width_cm, 3), "flipped": flipped,
    }  # fmt: skip


def width_on_page(chart: Picture) -> tuple[float, bool]:
    """How wide (cm) a chart is shown, and whether its page lies on its side."""
    drawn_cm = chart.width_in * CM, chart.height_in * CM
    upright, flipped = (min(1.0, *(room / size for room, size in zip(rooms, drawn_cm, strict=True))) for rooms in _ROOMS)
    return max(upright, flipped) * drawn_cm[0], flipped > upright


_ROOMS = (ROOM_CM, ROOM_FLIPPED_CM)
