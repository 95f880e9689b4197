"""Blocks on a terminal: no line is too wide, nothing is lost, and Chinese lines begin and end as they should."""

from io import StringIO
from typing import Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.ground.text import LANGUAGES, Language
from sim.report.analyses import table
from sim.report.as_terminal import print_blocks, terminal_text, wrapped
from sim.report.document import Block, Bullets, Callout, Column, Command, Heading, Paragraph, Picture, Row, Table

SENTENCES: dict[Language, str] = {
    "en": "Flights are released 4 min sooner than with “Today” (from 3 to 5), and of 100 planned 95 are on time, 2 fewer.",
    "zh-Hant": "航班較「現行安排」提早 4 分鐘放行（3 至 5 分鐘）；每 100 班計劃航班中，有 95 班準時，少了 2 班。",
    "zh-Hans": "航班较“现行安排”提早 4 分钟放行（3 至 5 分钟）；每 100 班计划航班中，有 95 班准时，少了 2 班。",
}
LEVERS = "提前申报时间 30 分钟 → 1 小时、决定时间 抵达时 → 起飞前"
NUMBERS = ["+0.23", "+0.23", "+0.23", "[+0.08, +0.38]", "差异甚微"]
COLUMNS = ["措施", "单独采用", "最后采用", "逐步（分钟）", "区间", "判定"]
CLOSING, OPENING = "。，、；：？！）」”", "（「“"


def _blocks(language: Language) -> list[Block]:
    text = SENTENCES[language]
    columns = (Column(text[:30], "left"), Column(text[:12]), Column(text[:20]), Column(text[:8], "left"))
    rows = (
        Row((text[:40],), is_heading=True),
        Row((text, "-5.65 [-6.65, -4.65]", "1,234,567", text[:25]), depth=1),
        Row((text[:10], "", "2", "+"), depth=1),
    )
    picture = Picture("delay", text, text, b"", b"", 6, 4)
    numbers = Table(text, columns, rows)
    return [Heading(text), Paragraph(text, "lead"), Bullets((text, text)), numbers, Heading(text, 2), Paragraph(text, "note"),
            picture, Command("sim run scenarios/baseline.yaml --replications 200 --seed 1 --out out/study --full"),
            Callout(text, (text, text))]  # fmt: skip


def _signs(text: str) -> list[str]:
    return sorted("".join(text.split()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_no_line_is_too_wide_and_nothing_is_lost(language: Language, width: int) -> None:
    text = terminal_text(_blocks(language), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert _signs(text) == _signs(terminal_text(_blocks(language), 1000))
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_not_broken_while_texts_can_be(language: Language) -> None:
    for width in (80, 100, 120):
        text = terminal_text(_blocks(language), width)
        assert "-5.65 [-6.65, -4.65]" in text and "1,234,567" in text


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_breaks_anywhere_but_not_before_closing_marks_or_behind_opening_ones(language: Language) -> None:
    for width in range(12, 60):
        lines = wrapped(SENTENCES[language], width)
        assert not [line for line in lines if line[0] in CLOSING or line[-1] in OPENING], width
        assert all(cell_len(line) > width - 10 for line in lines[:-1]), "lines are filled"


def test_short_headings_stay_whole_while_texts_can_be_broken() -> None:
    columns = (Column("指標", "left"), Column("此情景"), Column("變化"))
    text = terminal_text([Table("", columns, (Row((SENTENCES["zh-Hant"], "95", "↓ 2")),))], 60)
    assert "此情景" in text.splitlines()[0]


def test_a_word_longer_than_a_line_is_cut_and_kept() -> None:
    word = "policy.inspection.sequence" * 4
    assert "".join(wrapped(word, 10)) == word


@pytest.mark.parametrize("is_terminal", [False, True])
def test_styles_are_for_terminals_alone(is_terminal: bool) -> None:
    page = StringIO()
    blocks = _blocks("en")
    colours: Literal["auto", "standard"] = "standard" if is_terminal else "auto"
    print_blocks(blocks, Console(file=page, width=80, force_terminal=is_terminal, color_system=colours, highlight=False))
    assert ("\x1b[1" in page.getvalue()) == is_terminal
    if not is_terminal:
        assert page.getvalue() == terminal_text(blocks, 80)


def test_brackets_are_no_markup() -> None:
    page = StringIO()
    print_blocks([Paragraph("[bold] [1, 2] :smile:")], Console(file=page, width=80))
    assert page.getvalue() == "[bold] [1, 2] :smile:\n"


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("text", [LEVERS, LEVERS.replace(" ", ""), "Flights a day on each route, each way 8.5/d → 50/d " * 3])
def test_a_long_text_is_broken_and_no_line_is_too_wide(text: str, width: int) -> None:
    for more in range(0, 30, 3):
        rows = [[text, *NUMBERS[:4], NUMBERS[4] + "甚" * more]]
        printed = terminal_text([Heading("标题" * 40), table(COLUMNS, rows)], width)
        assert max(map(cell_len, printed.splitlines())) <= width
        assert "…" not in printed
        for character in set(text.replace(" ", "")):
            assert printed.count(character) >= text.count(character)


def test_a_unit_in_brackets_stays_whole_and_a_chinese_heading_keeps_two_signs() -> None:
    assert wrapped("影响（分钟）", 8) == ["影响", "（分钟）"]
    printed = terminal_text([table(["参数", "影响（分钟）", "明显"], [["参数" * 60, "1", ""]])], 60)
    assert "（分钟）" in printed and "明显" in printed


def test_an_answer_below_a_table_and_a_box_stand_apart() -> None:
    blocks = [Heading("A"), Paragraph("b", "lead"), table(["c"], [["1"]]), Paragraph("d", "lead"), Callout("E", ("f",))]
    assert terminal_text(blocks) == "A\n  b\n  c\n  1\n\n  d\n\nE\n  ! f\n"


def test_a_chinese_heading_is_not_set_sign_below_sign() -> None:
    printed = terminal_text([table(["措施", "单独采用", "区间"], [["参数" * 60, "0.0", "[−11.7, +11.7]"]])], 50)
    assert "采用" in printed
