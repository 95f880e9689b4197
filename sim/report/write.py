"""A report's files: every language and format asked for, and the charts beside them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.layout import CHARTS
from sim.charts.export import drawn_charts, write_drawn, write_numbers
from sim.ground.text import LANGUAGES, Language
from sim.report.as_docx import docx
from sim.report.as_html import html
from sim.report.as_typst import pdf
from sim.report.build import build
from sim.report.document import FORMATS, Document, Format

if TYPE_CHECKING:
    from sim.study.study import Study

RENDERERS: dict[Format, Callable[[Document], bytes]] = {"pdf": pdf, "html": html, "docx": docx}


def write_report(
    study: "Study",
    folder: Path,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    assumed: Path | None = None,
) -> list[Path]:
    """The files written into `folder`: report.<language>.<format>, and in charts/ each chart by itself with its numbers.

    assumed: the folder of an assumption study, whose ranking the ledger of assumptions then tells. The same studies give the
    same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    charts = folder / CHARTS
    written = write_numbers(study, charts)
    for language in languages:
        drawn = list(drawn_charts(study, language))
        for chart in drawn:
            written += write_drawn(chart, charts, language)
        document = build(study, language, drawn, assumed)
        for form in formats:
            path = folder / f"report.{language}.{form}"
            path.write_bytes(RENDERERS[form](document))
            written.append(path)
    return written
