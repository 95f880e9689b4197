"""The report as one HTML page: charts and the letters it needs are inside it, and nothing is fetched."""

from base64 import b64encode
from importlib.resources import files

from sim.report.document import Document, Heading
from sim.report.fonts import TAG, covered, subset_woff

PRINTABLE = 0x20


def html(document: Document) -> bytes:
    """The page, in UTF-8; the same document gives the same bytes."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("sim.report").joinpath("templates/report.html.j2").read_text(encoding="utf-8"))
    headings = {number: block for number, block in enumerate(document.blocks) if isinstance(block, Heading)}
    page = template.render(
        document=document,
        tag=TAG[document.language],
        font=_base64(subset_woff(document.language, _signs(document))),
        sections={number: heading.text for number, heading in headings.items() if heading.level == 1},
        first=next(iter(headings), 0),
        kind_of=lambda block: type(block).__name__,
        base64=_base64,
    )
    return (page + "\n").encode()


def _signs(document: Document) -> frozenset[str]:
    """Every sign of the page that the face has a glyph for."""
    known = covered(document.language)
    signs = {sign for text in (*document.texts(), document.date.isoformat()) for sign in text}
    return frozenset(sign for sign in signs if ord(sign) >= PRINTABLE and ord(sign) in known)


def _base64(content: bytes) -> str:
    return b64encode(content).decode()
