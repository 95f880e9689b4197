"""Tables in print: where the page is too narrow texts are broken, and no character of them is lost."""

from io import StringIO

import pytest
from rich.console import Console

from sim.report.terminal import WIDTH, table

LEVERS = "提前申报时间 30 分钟 → 1 小时、决定时间 抵达时 → 起飞前"
NUMBERS = ["+0.23", "+0.23", "+0.23", "[+0.08, +0.38]", "差异甚微"]


@pytest.mark.parametrize("text", [LEVERS, LEVERS.replace(" ", ""), "Flights a day on each route, each way 8.5/d → 50/d " * 3])
def test_a_long_text_is_broken_and_not_cut(text: str) -> None:
    headings = ["措施", "单独采用", "最后采用", "逐步 (分钟)", "区间", "判定"]
    for more in range(0, 30, 3):
        console = Console(width=WIDTH, file=StringIO())
        console.print(table(headings, [[text, *NUMBERS[:4], NUMBERS[4] + "甚" * more]]))
        printed = "".join(str(console.file.getvalue()).split())  # type: ignore[attr-defined]
        assert "…" not in printed
        for word in text.split():
            assert all(character in printed for character in word)
        assert sum(printed.count(character) for character in "抵达起飞") == sum(text.count(c) for c in "抵达起飞")
