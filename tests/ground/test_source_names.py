"""Sources in short: the institution, the journal or the rule that a figure comes from, in the reader's language."""

import pytest

from sim.ground.source_names import BODIES, REMARKS, short_source, source_with_short_name
from sim.report.calibration import PUBLISHED
from sim.scenario.explain import explain
from sim.scenario.parameters import catalogue

DECLARED = sorted({parameter.source for parameter in catalogue().values()})


@pytest.mark.parametrize("source", DECLARED)
def test_every_declared_source_has_a_short_name_in_chinese(source: str) -> None:
    """Else its body or its remark is missing in sim/ground/source_names.py."""
    assert short_source(source, "zh-Hant") and short_source(source, "zh-Hans")
    assert short_source(source, "en") == source


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("one of 4 dogs (customs.gov.hk, Jul 2022); no number for a port was found", "香港海關（2022年7月）"),
        (
            "up to 80% (info.gov.hk, 11 Jun 2025; CMA Bulletin, Nov 2019)",
            "香港特區政府新聞公報（2025年6月11日）；廠商會會刊（2019年11月）",
        ),
        ("long-term (Interim Regulations, State Council Order 761, Art. 26)", "《無人駕駛航空器飛行管理暫行條例》第26條"),
        ("check the mailbox after 30 minutes (censtatd.gov.hk page 1366)", "香港政府統計處"),
        ("ROCARS: at least 30 minutes (rocars.gov.hk)", "道路貨物資料系統"),
        ("no figure found; set to the size of the programme", "未有找到數字"),
        ("a sentence of nobody", ""),
    ],
)
def test_bodies_are_named_with_their_dates_and_articles(source: str, short: str) -> None:
    assert short_source(source, "zh-Hant") == short


def test_of_a_guess_the_bodies_are_named_for_reference() -> None:
    assert short_source("as said (HK01, 15 Sep 2025)", "zh-Hans", is_guess=True) == "参考：香港01（2025年9月15日）"
    assert short_source("no rule found", "zh-Hans", is_guess=True) == "未找到规定"


def test_explain_has_the_short_name_before_the_declared_text() -> None:
    rows = dict(explain("policy.pre_clearance.lead", language="zh-Hant"))
    assert "道路貨物資料系統" in rows["出處"].partition("ROCARS")[0]
    assert catalogue()["policy.pre_clearance.lead"].source in rows["出處"]
    assert dict(explain("policy.pre_clearance.lead"))["source"] == catalogue()["policy.pre_clearance.lead"].source
    assert source_with_short_name("a sentence of nobody", "zh-Hans") == "a sentence of nobody"


def test_no_two_bodies_share_a_mark_and_each_of_the_press_is_met() -> None:
    marks = [mark for body in (*BODIES, *REMARKS) for mark in body.marks]
    assert len(marks) == len(set(marks))
    texts = " ".join([*DECLARED, *(published.source for published in PUBLISHED)])
    of_press = [body for body in BODIES if ".gov." not in "".join(body.marks)]
    assert [body.name.en for body in of_press if not any(mark in texts for mark in body.marks)] == []
