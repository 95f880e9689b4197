"""The report of an analysis: what it answered, kept as blocks in its folder, with its charts, in every format and language."""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.analysis import assumptions, attribution, frontier, robust, saturation, sensitivity, sweep
from sim.archive import layout
from sim.charts.export import DPI
from sim.ground.errors import InputError, Problem
from sim.ground.text import LANGUAGES, Language, Text
from sim.report.document import Document, Format, Heading, Paragraph, Picture
from sim.report.kept_blocks import NO_ANSWER, read_content
from sim.report.write import RENDERERS
from sim.study.manifest import AnalysisManifest

TITLES: dict[str, Text] = {
    attribution.KIND: Text("Which lever did it", "哪一項措施起作用", "哪一项措施起作用"),
    sweep.KIND: Text("Results by value of the parameters", "按參數數值列出的結果", "按参数数值列出的结果"),
    frontier.KIND: Text("Policies that none beats in two measures", "兩項指標上不遜於任何政策者", "两项指标上不逊于任何政策者"),
    robust.KIND: Text("How sure: two policies in many worlds", "穩健程度：兩項政策在多個情境", "稳健程度：两项政策在多个情境"),
    assumptions.KIND: Text("What the answer rests on", "結果所依據的假設", "结果所依据的假设"),
    sensitivity.KIND: Text("What moves the measure", "影響指標的參數", "影响指标的参数"),
    saturation.KIND: Text("How much demand it bears", "可承受的需求", "可承受的需求"),
}
"""The title of each kind of analysis; a folder of another kind, such as a search, has no answer."""
SUBTITLE = Text(
    "{points} points; {n} replications each, seed {seed}",
    "{points} 個點；各重複 {n} 次，隨機種子 {seed}",
    "{points} 个点；各重复 {n} 次，随机种子 {seed}",
)
CHARTS = Text("Charts", "圖表", "图表")


def analysis_document(folder: Path, manifest: AnalysisManifest, language: Language) -> Document:
    """The report of the analysis in a folder, in one language. Raises InputError where the folder has no answer."""
    blocks = read_content(folder, language)
    answers = [block.text for block in blocks if isinstance(block, Paragraph) and block.tone == "lead"]
    title = TITLES[manifest.holds].in_language(language)
    pictures = list(_pictures(folder / layout.CHARTS, " ".join(answers) or title, language))
    if pictures:
        blocks += [Heading(CHARTS.in_language(language)), *pictures]
    numbers = {"points": f"{manifest.points:,}", "n": manifest.replications, "seed": manifest.seed}
    subtitle = SUBTITLE.in_language(language).format(**numbers)
    return Document(language, title, subtitle, manifest.run.started.date(), "", tuple(blocks))


def _pictures(charts: Path, alternative: str, language: Language) -> Iterator[Picture]:
    """The charts drawn in that language; what they show is told by their own titles, and by the answer."""
    suffixes = {other: f".{other}.svg" for other in LANGUAGES if other != "en"}
    for file in sorted(charts.glob("*.svg")):
        if not file.name.endswith(tuple(suffixes.values())):
            drawn = file if language == "en" else file.with_name(f"{file.stem}{suffixes[language]}")
            png = drawn.with_suffix(".png").read_bytes()
            width, height = struct.unpack(">II", png[16:24])  # of its header
            caption = f"{layout.CHARTS}/{drawn.name}"
            yield Picture(drawn.stem, caption, alternative, drawn.read_bytes(), png, width / DPI, height / DPI)


def write_analysis_report(
    source: Path, manifest: AnalysisManifest, folder: Path, languages: Sequence[Language], formats: Sequence[Format]
) -> list[Path]:
    """The files written into `folder`, report.<language>.<format>, of the analysis in the folder `source`."""
    if manifest.holds not in TITLES:
        raise InputError(Problem(NO_ANSWER, file=str(source)))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in languages:
        document = analysis_document(source, manifest, language)
        for form in formats:
            written.append(folder / f"{layout.REPORT}.{language}.{form}")
            written[-1].write_bytes(RENDERERS[form](document))
    return written
