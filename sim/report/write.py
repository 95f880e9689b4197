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
from sim.report.build import build_annexes, build_brief
from sim.report.document import FORMATS, Document, Format
from sim.report.small_analyses import KeptAnalyses

if TYPE_CHECKING:
    from sim.study.study import Study

RENDERERS: dict[Format, Callable[[Document], bytes]] = {"pdf": pdf, "html": html, "docx": docx}


def write_report(
    study: "Study",
    folder: Path,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    analyses: KeptAnalyses | None = None,
) -> list[Path]:
    """The files written into `folder`: brief.<language>.<format>, annex-<name>.<language>.<format>, and each chart in charts/.

    analyses: what the brief says of how sure the finding is, and the annex of how far assumptions move it; "not tried" for
    those that are None. The same study and analyses give the same bytes.
    """
    assumed = analyses.assumptions.files if analyses and analyses.assumptions else None
    folder.mkdir(parents=True, exist_ok=True)
    charts = folder / CHARTS
    written = write_numbers(study, charts)
    for language in languages:
        drawn = list(drawn_charts(study, language))
        for chart in drawn:
            written += write_drawn(chart, charts, language)
        documents = {"brief": build_brief(study, language, analyses or KeptAnalyses())}
        documents |= {f"annex-{key}": annex for key, annex in build_annexes(study, language, drawn, assumed).items()}
        for name, document in documents.items():
            for form in formats:
                path = folder / f"{name}.{language}.{form}"
                path.write_bytes(RENDERERS[form](document))
                written.append(path)
    return written
