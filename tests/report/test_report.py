"""The report: its content, three renderers, three languages, and the same bytes for the same study."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from shutil import copytree
from typing import Any
from zipfile import ZipFile

import docx as word
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis import assumptions as analysis
from sim.analysis.frontier import PAIRS, tradeoffs_of_study
from sim.archive import study_folder
from sim.charts import delay, export
from sim.charts.catalogue import CHARTS
from sim.charts.quantity import scale_for
from sim.cli.main import main
from sim.execution.options import RunOptions
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Language
from sim.metrics.measure_ref import MeasureRef
from sim.report import as_typst
from sim.report.as_docx import docx
from sim.report.as_html import html
from sim.report.as_typst import ROOM_CM, pdf, width_on_page
from sim.report.assumption_effects import assumption_study
from sim.report.assumptions import read_ledger
from sim.report.brief import in_one_unit
from sim.report.build import ANNEXES, BRIEF_PAGES, build_annexes, build_brief
from sim.report.context import ReportContext
from sim.report.document import (
    Block,
    Bullets,
    Callout,
    Column,
    Command,
    Document,
    Heading,
    Paragraph,
    Picture,
    Row,
    Table,
)
from sim.report.finding import Finding
from sim.report.fonts import covered, subset_woff
from sim.report.sections.assumptions import assumptions
from sim.report.sections.frontier import FRONTIER
from sim.report.sections.gallery import in_full_pages
from sim.report.sections.time_release import time_release
from sim.report.sentences import Saying, saying
from sim.report.small_analyses import KeptAnalyses
from sim.report.write import write_report
from sim.scenario.load import load_scenario
from sim.scenario.parameters import catalogue
from sim.study.study import Study
from sim.study.trs import TERMS
from tests.analysis.conftest import FEW
from tests.conftest import MakeStudy
from tests.tiers import slow

TITLE = 'A title with <signs> & "marks"'
BASE = """
name: base
title: A title with <signs> & "marks"
study: {days: 1, warm_up: 6 h, cool_down: 12 h, replications: 3, seed: 7}
world:
  demand: {flights_per_day: 24/d}
  data_interface:
    outage_interval: 3650 d
    outage_events: [[day 1 08:00, day 1 12:00]]
"""
OTHER = """
extends: base.yaml
name: other
question: Q4
policy:
  inspection: {regime: one_stop}
  pre_clearance: {decision: before_departure, lead: 1 h}
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
CHART = Picture("toy", "1. Toy. Data: charts/toy.csv.", "A toy chart.\nOne box.", SVG, b"", 10.0, 5.0)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> Study:
    return sim.load(make_study({"base": BASE, "other": OTHER}, engine="reference"))


def annexed(study: Study, language: Language) -> Document:
    """All annexes in one document."""
    annexes = build_annexes(study, language, [])
    return replace(annexes["results"], blocks=tuple(block for annex in annexes.values() for block in annex.blocks))


@pytest.fixture(scope="module")
def documents(study: Study) -> dict[Language, Document]:
    return {language: annexed(study, language) for language in LANGUAGES}


def png() -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (40, 20)).save(file, "png")
    return file.getvalue()


def with_chart(document: Document) -> Document:
    return replace(document, blocks=(*document.blocks, Heading("Charts"), replace(CHART, png=png()), Paragraph("After.")))


def of(document: Document, kind: type[Any]) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


def table(document: Document, caption: str) -> Table:
    (found,) = (block for block in of(document, Table) if block.caption == caption)
    assert isinstance(found, Table)
    return found


# content


def test_each_annex_has_its_sections_in_the_order_of_reading(study: Study) -> None:
    annexes = build_annexes(study, "en", [])
    sections = {key: [block.text for block in of(annex, Heading) if block.level == 1] for key, annex in annexes.items()}
    assert sections == {
        "results": [
            "The question", "The answer", "What limits", "What was compared", "Comparison",
            "Whose cost: the two-sided ledger", "Posts and money", "Winners and losers",
            "Frontier: what cannot be had at once", "Time release study", "Surge and recovery",
        ],
        "assumptions": ["Assumption ledger"],
        "method": ["Method (STRESS-DES)", "Run card"],
    }  # fmt: skip
    assert isinstance(annexes["method"].blocks[0], Callout), "read this first"
    assert {annex.key for annex in ANNEXES} == {*sections, "charts"}


def test_the_brief_has_question_finding_sides_sureness_and_decisions(study: Study) -> None:
    for language in LANGUAGES:
        brief = build_brief(study, language, KeptAnalyses())
        headings = [block.text for block in of(brief, Heading)]
        finding = Finding(study, language)
        assert len(headings) == 9 and not brief.contents
        (lead,) = (block for block in of(brief, Paragraph) if block.tone == "lead")
        assert all(sentence in lead.text for sentence in finding.sentences())
        (chart,) = of(brief, Picture)
        head = finding.head()
        assert head is not None and chart.alternative.startswith(head.sentence())
        assert all(name in chart.alternative for name in ReportContext(study, language).names.values())
    words = " ".join(build_brief(study, "en", KeptAnalyses()).texts())
    assert "Other plausible worlds: not tried." in words and "Which assumptions move the answer: not tried." in words
    assert "Hong Kong Customs and Excise Department" in words and "Customs, each side" in words


def test_a_row_of_numbers_has_one_unit(study: Study) -> None:
    (numbers,) = (t for t in of(build_brief(study, "en", KeptAnalyses()), Table) if t.caption.startswith("Means of the runs"))
    for row in numbers.rows:
        decimals = {
            len(re.sub(r" \(.*", "", cell).partition(".")[2]) for cell in row.cells[1:] if re.match(r"[\d\N{MINUS SIGN}]", cell)
        }
        assert len(decimals) <= 1, row
        before, after = row.cells[1:3]
        if by := re.search(r"\(([↑↓]) ([\d,.]+)\)", after):
            level, base = (
                float(cell.partition(" ")[0].replace("\N{MINUS SIGN}", "-").replace(",", "")) for cell in (after, before)
            )
            shown = float(by[2].replace(",", "")) * (1 if by[1] == "↑" else -1)
            assert shown == pytest.approx(level - base), "as a reader subtracts"


def test_a_share_that_is_not_all_is_not_said_as_all(study: Study) -> None:
    def with_share(name: str, share: float) -> Saying:
        line = saying(study, MeasureRef("released_share"), name)
        assert line is not None
        return replace(line, level={**line.level, "mean": share, "ci_low": share - 0.01, "ci_high": 1.0}, change=None)

    lines = in_one_unit([with_share("base", 0.997), with_share("other", 1.0)])
    assert [line.cells()[1] for line in lines if line] == ["997", "1,000"]
    assert {line.label() for line in lines if line} == {"Share of flights released, of 1,000 flights"}


def pages_of_brief(study: Study, language: Language) -> int:
    brief = build_brief(study, language, KeptAnalyses())
    return as_typst.pages(brief, as_typst.setting_of(brief))


def test_the_brief_has_two_pages_at_most(study: Study) -> None:
    assert pages_of_brief(study, "en") <= BRIEF_PAGES


@pytest.mark.slow
def test_the_brief_of_many_scenarios_has_two_pages_at_most(study: Study, make_study: MakeStudy) -> None:
    many = {f"other-{n}": OTHER.replace("name: other", f"name: other-{n}\ntitle: {'A long title ' * 4}{n}") for n in range(9)}
    larger = sim.load(make_study({"base": BASE, **many}, engine="reference"))
    for of_study, languages in ((study, ("zh-Hant", "zh-Hans")), (larger, LANGUAGES)):
        for language in languages:
            assert pages_of_brief(of_study, language) <= BRIEF_PAGES


def test_the_three_languages_have_the_same_shape(documents: dict[Language, Document]) -> None:
    def shape(block: Block) -> Any:
        return (type(block), len(block.rows), len(block.columns)) if isinstance(block, Table) else type(block)

    english, traditional, simplified = ([shape(block) for block in documents[language].blocks] for language in LANGUAGES)
    assert english == traditional == simplified


def test_numbers_are_the_same_in_every_language(documents: dict[Language, Document]) -> None:
    def numbers(language: Language) -> list[list[str]]:
        told = table_numbers(documents[language])
        return [re.findall(r"[−+]?\d[\d,.]*", cell) for cell in told]

    def table_numbers(document: Document) -> Iterator[str]:
        for block in of(document, Table)[:-5]:  # names of aircraft in the assumptions hold digits in one language only
            yield from (cell for row in block.rows for cell in row.cells[1:])

    assert numbers("en") == numbers("zh-Hant") == numbers("zh-Hans")


def test_the_answer_is_that_of_the_tables_and_ends_with_a_verdict(study: Study, documents: dict[Language, Document]) -> None:
    row = study.summary.query("scenario == 'other' and metric == 'arrival_to_release' and part == 'mean'").iloc[0]
    for language, end in (("en", "."), ("zh-Hant", "。"), ("zh-Hans", "。")):
        blocks = documents[language].blocks  # type: ignore[index]
        place = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text.startswith("Q4"))
        answer = list(takewhile(lambda block: isinstance(block, Paragraph), blocks[place + 1 :]))
        head, *_, verdict = (block.text for block in answer)  # type: ignore[union-attr]
        assert f"{row['mean'] / 60:.1f}" in head and head.endswith(end)
        assert "other" in verdict and verdict.endswith(end)


def test_what_differs_is_told_in_words_of_the_language(documents: dict[Language, Document]) -> None:
    told = {
        language: " ".join(item for block in of(document, Bullets) for item in block.items)
        for language, document in documents.items()
    }
    assert "Inspection regime check twice → one stop" in told["en"]
    assert "查驗模式 兩地分別查驗 → 起飛前合作查驗、一次放行" in told["zh-Hant"] and "30 分鐘 → 1 小時" in told["zh-Hant"]
    assert "查验模式 两地分别查验 → 起飞前合作查验、一次放行" in told["zh-Hans"]


def test_every_warning_of_the_study_is_in_the_box(study: Study, documents: dict[Language, Document]) -> None:
    for language in LANGUAGES:
        (box,) = of(documents[language], Callout)
        assert set(study.warnings_in(language)) <= set(box.items) and study.warnings_in(language)


def test_the_ledger_of_assumptions_puts_guesses_first_and_tells_who_differs(study: Study) -> None:
    blocks = list(assumptions(ReportContext(study, "en")))
    captions = [block.caption.split(":")[0] for block in blocks if isinstance(block, Table)]
    assert captions == ["guess", "recalled", "derived", "stated"]
    rows = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    labels = [row.cells[0] for row in rows]
    assert len(labels) == len(set(labels))
    (lead,) = (row for row in rows if row.cells[0].startswith("Filing and pre-clearance: Filing lead"))
    assert lead.cells[1] == "30 min; other: 1 h"
    assert "Passengers" not in " ".join(labels), "no flight has passengers"
    (idle,) = (block.items for block in blocks if isinstance(block, Bullets))
    assert any("assenger" in one for one in idle)


def test_the_ledger_of_assumptions_tells_the_seed_and_replications_that_were_run(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "manifest", replace(study.manifest, seed=11, replications=4))  # the files say 7 and 3
    rows = [row for block in assumptions(ReportContext(study, "en")) if isinstance(block, Table) for row in block.rows]
    values = {row.cells[0].removeprefix("Study: "): row.cells[1] for row in rows if row.cells[0].startswith("Study: ")}
    assert (values["random seed"], values["replications"]) == ("11", "4")


@each_language
def test_no_text_holds_marks_of_another_format(documents: dict[Language, Document], language: Language) -> None:
    assert not [text for text in documents[language].texts() if "`" in text]


@pytest.mark.parametrize(("language", "told"), [("en", "6 h, 1 d, 12 h"), ("zh-Hant", "6 小時、1 日、12 小時")])
def test_a_list_is_joined_as_the_language_does(documents: dict[Language, Document], language: Language, told: str) -> None:
    caption = {"en": "What was run, and with what", "zh-Hant": "運行內容及環境"}[language]
    assert told in {row.cells[1] for row in table(documents[language], caption).rows}


@pytest.fixture(scope="module")
def assumed(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assumption study over the data interface and the document check."""
    folder = tmp_path_factory.mktemp("assumed")
    options = RunOptions(out=folder / "out", replications=2)
    assert study.scenarios[0].file is not None
    analysis.assumptions([study.scenarios[0].file], measure="on_time_share", leave=FEW, options=options)
    return folder / "out"


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_much_a_parameter_moves_the_answer_has_a_column_where_it_is_known(
    study: Study, assumed: Path, language: Language
) -> None:
    tables = [block for block in assumptions(ReportContext(study, language, assumed)) if isinstance(block, Table)]
    assert {len(found.columns) for found in tables} == {4}
    ledger = read_ledger(assumed).set_index("path")
    told = {row.cells[0].partition(" (")[0].partition("（")[0]: row.cells[3] for found in tables for row in found.rows}
    entry = "world.data_interface.entry_time"
    moves, _, _ = scale_for("share").changes(*ledger.loc[entry, ["moves", "ci_low", "ci_high"]])
    assert told[catalogue()[entry].full_label.in_language(language)].startswith(f"{moves} ")
    assert told[catalogue()["world.demand.notice"].full_label.in_language(language)] == ""  # not tried


def test_only_an_assumption_study_says_how_much_parameters_move_the_answer(study: Study) -> None:
    assert study.folder is not None
    with pytest.raises(InputError, match="no assumption study"):
        assumption_study(study.folder, study)


def test_the_assumptions_of_other_scenarios_are_refused(study: Study, assumed: Path) -> None:
    assert assumption_study(assumed, study).manifest.scenarios[0].name == study.names[0]
    other = Study(assumed, replace(study.manifest, scenarios=study.manifest.scenarios[1:]))
    with pytest.raises(InputError, match="does not have"):
        assumption_study(assumed, other)


def test_the_frontier_has_the_policies_of_one_world(study: Study, documents: dict[Language, Document]) -> None:
    for language in LANGUAGES:
        headings = [block.text for block in of(documents[language], Heading)]
        assert FRONTIER.in_language(language) in headings
    shown = [tradeoff.table["scenario"].tolist() for tradeoff in tradeoffs_of_study(study)]
    alike = [name for name in study.names if not study.differences_in("en", "world")[name]]
    assert shown == [alike] * len(PAIRS) or (len(alike) < 2 and shown == [])


def test_the_run_card_names_scenarios_that_can_be_run_again(study: Study, documents: dict[Language, Document]) -> None:
    card = dict(row.cells for row in table(documents["en"], "What was run, and with what").rows)
    assert study.folder is not None
    (command,) = of(documents["en"], Command)
    files = re.findall(r"scenarios/\S+", command.text)
    for name, file in zip(study.names, files, strict=True):
        assert card[f"scenario {name}"] == load_scenario(study.folder / file).hash
    assert command.text.endswith("--seed 7 --replications 3 --out again")
    assert card["seed"] == "7" and card["key of the study"] == study.manifest.key


def test_time_release_lines_are_those_of_the_study(study: Study, documents: dict[Language, Document]) -> None:
    rows = study.time_release
    of_base = rows[(rows["scenario"] == "base") & (rows["channel"] == "all") & (rows["tier"] == "all")]
    (first,) = (t for t in of(documents["en"], Table) if t.caption.endswith("all cargo flights"))
    lines = of_base.drop_duplicates(["direction", "side", "step"])
    assert len([row for row in first.rows if not row.is_heading]) == len(lines)
    assert any(row.cells[0].endswith(" *") for row in first.rows), "the average release time is marked"


def test_of_other_scenarios_only_the_steps_that_differ_are_listed(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = study.time_release
    first = rows[rows["scenario"] == "base"]
    slower, step = first.assign(scenario="other"), first["step"].iloc[0]
    for other, captions in ((slower, ["all cargo", "by channel"]), (_later(slower, step), ["all cargo", "by channel", "differ"])):
        monkeypatch.setitem(study.__dict__, "time_release", pd.concat([first, other]))
        blocks = list(time_release(ReportContext(study, "en")))
        tables = [block for block in blocks if isinstance(block, Table)]
        assert [caption in block.caption for caption, block in zip(captions, tables, strict=True)] == [True] * len(captions)
        texts = [block.text for block in blocks if isinstance(block, Paragraph)]
        assert any("no step is shown" in text for text in texts) == (len(captions) == 2)
    assert {row.cells[0].removesuffix(" *") for row in tables[-1].rows if not row.is_heading} == {TERMS[step].text.en}


def _later(rows: pd.DataFrame, step: str) -> pd.DataFrame:
    """The rows with one step that takes an hour longer."""
    later = rows.copy()
    later.loc[later["step"] == step, ["minutes", "ci_low", "ci_high"]] += 60.0
    return later


def test_a_study_of_one_scenario_has_a_report(study: Study, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE.replace("replications: 3", "replications: 2"), encoding="utf-8")
    alone = sim.run(tmp_path / "base.yaml", out=tmp_path / "alone", engine="reference")
    document = annexed(alone, "en")
    brief = build_brief(alone, "en", KeptAnalyses())
    assert as_typst.pages(brief, as_typst.setting_of(brief)) == 1, "no page is half empty"
    assert "What is to be decided" not in [block.text for block in of(brief, Heading)]
    assert document.subtitle.startswith(f"One scenario: {TITLE}")
    assert "Winners and losers" not in [block.text for block in of(document, Heading)]
    assert pdf(document).startswith(b"%PDF")


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table("t", (Column("a"), Column("b")), (Row(("1",)),))


# letters


@each_language
def test_every_letter_has_a_glyph(documents: dict[Language, Document], language: Language) -> None:
    signs = {sign for text in documents[language].texts() for sign in text} - {"\n"}
    assert {sign for sign in signs if ord(sign) not in covered(language)} == set()


def test_what_authors_wrote_holds_nothing_that_cannot_be_shown(study: Study) -> None:
    written = "港\x07 a\n b \N{GRINNING FACE}\N{RIGHT-TO-LEFT OVERRIDE} <ok>"
    assert ReportContext(study, "zh-Hant").quoted(written) == "港? a b ?? <ok>"


def test_a_letter_without_a_glyph_is_noticed() -> None:
    assert ord("\N{GRINNING FACE}") not in covered("zh-Hant") and ord("關") in covered("zh-Hant") and ord("A") in covered("en")


def test_the_letters_of_a_page_are_those_asked_for() -> None:
    from fontTools.ttLib import TTFont

    made = subset_woff("zh-Hans", frozenset("海关A"))
    with TTFont(BytesIO(made)) as font:
        assert set(font.getBestCmap()) == set(map(ord, "海关A"))
        assert "fvar" in font, "all weights"
    assert made == subset_woff("zh-Hans", frozenset("A关海")) and len(made) < 20_000


# renderers


@each_language
def test_typst_has_nothing_to_warn_of(documents: dict[Language, Document], language: Language) -> None:
    import typst

    made, warnings = typst.compile_with_warnings(**as_typst.inputs(with_chart(documents[language])))
    assert warnings == [] and made.startswith(b"%PDF")
    assert b"pdfuaid" in made, "accessible"


@pytest.mark.parametrize("render", [pdf, slow(html), slow(docx)], ids=lambda render: render.__name__)
def test_the_same_document_gives_the_same_bytes(documents: dict[Language, Document], render: Any) -> None:
    document = with_chart(documents["zh-Hant"])
    assert render(document) == render(document)
    assert render(document) != render(replace(document, date=date(2020, 1, 1)))


@each_language
def test_the_web_page_fetches_nothing_and_escapes_texts(documents: dict[Language, Document], language: Language) -> None:
    page = html(with_chart(documents[language])).decode()
    fetched = re.findall(r'(?:src|href)="(?!data:|#)[^"]*"|url\("(?!data:)|@import', page)
    assert fetched == []
    assert "A title with &lt;signs&gt; &amp;" in page and "<signs>" not in page
    targets, links = set(re.findall(r'id="(s\d+)"', page)), re.findall(r'href="#(s\d+)"', page)
    assert len(links) == len(targets) >= 12 and set(links) == targets
    (image,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)" alt="A toy chart.', page)
    assert b64decode(image) == SVG
    assert f'<html lang="{ {"en": "en-GB", "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans-CN"}[language] }">' in page


def test_the_word_file_has_headings_tables_and_alternative_texts(documents: dict[Language, Document]) -> None:
    document = with_chart(documents["zh-Hant"])
    made = docx(document)
    page = word.Document(BytesIO(made))
    headings = [p.text for p in page.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [block.text for block in of(document, Heading)]
    (box,) = (found for found in page.tables if len(found.columns) == 1)
    tables = [found for found in page.tables if found is not box and len(found.columns) > 1]
    assert [len(found.rows) for found in tables] == [1 + len(block.rows) for block in of(document, Table)]
    assert [found.cell(1, 0).text for found in tables] == [block.rows[0].cells[0] for block in of(document, Table)]
    assert all("w:tblHeader" in found.rows[0]._tr.xml for found in tables)
    (shape,) = page.inline_shapes
    assert shape._inline.docPr.get("descr") == CHART.alternative
    assert {section.orientation for section in page.sections} == {0}, "upright"
    assert "PAGE" in page.sections[0].footer._element.xml
    assert 'TOC \\o "1-1"' in page.element.xml.replace("&quot;", '"')
    assert 'w:eastAsia="zh-HK"' in page.styles.element.xml
    with ZipFile(BytesIO(made)) as file:
        assert {member.date_time[0] for member in file.infolist()} == {1980}
    assert page.core_properties.created.date() == document.date


def test_a_lead_in_stays_with_its_table(documents: dict[Language, Document]) -> None:
    """However full the page is, a line more above moves heading, lead-in and table together: the table begins no page alone."""
    import typst

    rows = Table("T", (Column("a", "left"), Column("b")), tuple(Row((f"row {n}", "1")) for n in range(3)))
    tied = (Heading("Heading", 2), Paragraph("A lead-in of one line."), rows)
    told = "(..query(heading.where(level: 2)), ..query(table)).map(it => it.location().page())"
    probe = f"\n#context [#metadata({told}) <pages>]".encode()
    found = set()
    for lines in range(18, 34):
        above = tuple(Paragraph(f"Line {n}") for n in range(lines))
        given = as_typst.inputs(replace(documents["en"], blocks=(Heading("H"), *above, *tied)))
        given["input"]["main.typ"] += probe
        pages = typst.query(given["input"], "<pages>", field="value", one=True, font_paths=given["font_paths"])
        of_heading, of_table = json.loads(pages)
        assert of_heading == of_table
        found.add(of_heading)
    assert len(found) == 2, "the end of the page lies among those tried"


def test_word_keeps_a_lead_in_with_its_table(documents: dict[Language, Document]) -> None:
    tied = (Paragraph("Lead-in.", "lead"), Table("T", (Column("a"),), (Row(("1",)),)), Paragraph("Alone."))
    page = word.Document(BytesIO(docx(replace(documents["en"], blocks=tied))))
    kept = {paragraph.text: bool(paragraph.paragraph_format.keep_with_next) for paragraph in page.paragraphs}
    assert kept["Lead-in."] and kept["T"] and not kept["Alone."]
    assert page.tables[0].cell(0, 0).paragraphs[0].paragraph_format.keep_with_next


@pytest.mark.parametrize("render", [pdf, html, docx], ids=lambda render: render.__name__)
def test_long_names_are_no_hindrance(documents: dict[Language, Document], render: Any) -> None:
    cells = Row(("c_" * 32, "1"))
    tables = Table("b" * 64, (Column("scenario", "left"), Column("x" * 40)), (cells,))
    assert render(replace(documents["en"], subtitle=", ".join(["a" * 64] * 8), blocks=(Heading("H"), tables)))


def test_only_words_longer_than_their_column_are_broken() -> None:
    assert as_typst.breakable("short words stay as they are", 8) == "short words stay as they are"
    assert as_typst.breakable("abcdefghij 長長長長長長長長長", 4) == "abcd\u200befgh\u200bij 長長長長長長長長長"


@pytest.mark.parametrize(("width_in", "height_in"), [(10, 4), (10, 7), (10, 14), (3, 2), (10, 60)])
def test_a_chart_fits_its_page_and_is_never_blown_up(width_in: float, height_in: float) -> None:
    width_cm, room = width_on_page(replace(CHART, width_in=width_in, height_in=height_in)), ROOM_CM
    assert width_cm <= min(room[0], 2.54 * width_in) + 1e-9 and width_cm * height_in / width_in <= room[1] + 1e-9


def test_charts_that_fit_below_one_another_share_a_page() -> None:
    def high(key: str, height_in: float) -> Picture:
        return replace(CHART, key=key, width_in=10.0, height_in=height_in)

    pictures = [high("a", 3.0), high("tall", 12.0), high("b", 5.0), high("c", 5.0)]
    assert [picture.key for picture in in_full_pages(pictures)] == ["a", "b", "tall", "c"], (
        "b fits below a, and nothing below tall"
    )


# the command


@pytest.fixture
def one_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing all charts takes seconds; the slow test does it."""
    monkeypatch.setattr(export, "charts_of", lambda study: (delay.CHART,))


@pytest.mark.takes(10)
def test_the_report_goes_into_the_study_which_stays_whole(study: Study, one_chart: None, tmp_path: Path) -> None:
    assert study.folder is not None
    folder = copytree(study.folder, tmp_path / "study")
    before = {path: path.read_bytes() for path in folder.glob("*.csv")}
    found = CliRunner().invoke(main, ["report", str(folder), "--lang", "en", "--format", "html", "--no-analyses"])
    assert found.exit_code == 0, found.output
    files = [path for path in (folder / "report").rglob("*") if path.is_file()]
    written = sorted(path.relative_to(folder).as_posix() for path in files)
    charts = [f"report/charts/delay.{kind}" for kind in ("csv", "png", "svg", "txt")]
    names = ("annex-assumptions", "annex-charts", "annex-method", "annex-results", "brief")
    assert written == sorted([*charts, *(f"report/{name}.en.html" for name in names)])
    again = sim.load(folder)
    assert study_folder.changed_files(folder) == [] and set(written) <= set(again.manifest.files)
    assert before == {path: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.mark.slow
def test_elsewhere_only_what_is_asked_for_is_written(study: Study, one_chart: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("stays")
    arguments = ["report", str(study.folder), "--lang", "zh-Hans", "--format", "docx", "--no-analyses", "--out", str(out)]
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    assert sorted(path.name for path in out.iterdir()) == [
        "annex-assumptions.zh-Hans.docx", "annex-charts.zh-Hans.docx", "annex-method.zh-Hans.docx", "annex-results.zh-Hans.docx",
        "brief.zh-Hans.docx", "charts", "mine.txt",
    ]  # fmt: skip
    assert sorted(path.name for path in (out / "charts").iterdir()) == [
        "delay.csv", "delay.zh-Hans.png", "delay.zh-Hans.svg", "delay.zh-Hans.txt",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing half-written stays"


@pytest.mark.takes(10)
def test_bad_input_is_told_and_leaves_nothing(study: Study, one_chart: None, tmp_path: Path) -> None:
    missing = CliRunner().invoke(main, ["report", str(tmp_path / "nowhere")])
    assert missing.exit_code == 2 and "no study can be read here" in missing.output
    (tmp_path / "file").write_text("")
    blocked = ["report", str(study.folder), "--no-analyses", "--lang", "en", "--format", "html", "--out", str(tmp_path / "file")]
    found = CliRunner().invoke(main, blocked)
    assert found.exit_code == 2 and "can't be written" in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert CliRunner().invoke(main, ["report", str(study.folder), "--lang", "fr"]).exit_code == 2


def test_alternative_texts_name_the_chart_its_shape_and_its_finding(study: Study) -> None:
    told = delay.CHART.alternative(study, "zh-Hant").split("\n")
    assert told[0] == "相對計劃的延誤" and told[1].startswith("折線圖") and told[2].startswith('A title with <signs> & "marks"：')
    assert len(told) == 2 + len(study.names)


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes_in_every_language_and_format(study: Study, tmp_path: Path) -> None:
    first, again = (write_report(study, tmp_path / name) for name in ("first", "again"))
    assert len(first) == len(CHARTS) + 3 * (3 * len(CHARTS) + 3 * 5)
    assert {path.relative_to(tmp_path / "first"): path.read_bytes() for path in first} == {
        path.relative_to(tmp_path / "again"): path.read_bytes() for path in again
    }
