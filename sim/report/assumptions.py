"""The printed ledger of assumptions, and its chart."""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.assumptions import COLUMNS, LISTING, MOVES, PLACES, STILL
from sim.analysis.attribution_table import OTHER_VERSION
from sim.analysis.design_run import DesignRun
from sim.charts import labels
from sim.charts.assumptions import answer_named, draw
from sim.charts.quantity import scale_for
from sim.ground.errors import InputError, Problem
from sim.ground.parameter import STATUS_LABELS, Status
from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.metrics.measure_ref import Measure, read_measure
from sim.report.analyses import reading, section, table, write_chart, write_pages
from sim.report.document import Block, Paragraph
from sim.scenario.parameters import catalogue
from sim.study.csv_files import read_csv

_AGAIN = Text(
    "run the same `sim assumptions` again: nothing is simulated anew",
    "再執行同一 sim assumptions 命令，無須重新模擬",
    "再运行同一 sim assumptions 命令，无须重新仿真",
)

FINDING = Text(
    "{clear} of {tried} assumptions tried move the answer clearly; most of all {first}: from {low} to {high}",
    "試算的 {tried} 項假設中，{clear} 項明顯影響結果；影響最大為{first}：由 {low}至 {high}",
    "试算的 {tried} 项假设中，{clear} 项明显影响结果；影响最大为{first}：由 {low}至 {high}",
)
NO_ANSWER = Text(
    "The answer has no value in the scenario as it is (a quantile is not reached where it falls among flights never released), "
    "so that no number says what moves it; ask about another measure",
    "該結果在情景原值下沒有數值（分位數若落在始終未放行的航班之中即未達到），無法以數字說明何者影響結果；請改用其他指標",
    "该结果在情景原值下没有数值（分位数若落在始终未放行的航班之中即未达到），无法以数字说明何者影响结果；请改用其他指标",
)
NONE = Text(
    "None of {tried} assumptions tried moves the answer",
    "試算的 {tried} 項假設均不影響結果",
    "试算的 {tried} 项假设均不影响结果",
)
PARTLY = Text(
    "With {n} of those tried the answer is not reached at an end of the range or as is, so that no number "
    "says how far they move it",
    "其中 {n} 項在範圍的一端或原值下未達到該結果，無法以數字說明其影響",
    "其中 {n} 项在范围的一端或原值下未达到该结果，无法以数字说明其影响",
)
UNKNOWN = Text(
    "Of {n} of those tried nothing can be said: the answer has no value to compare",
    "其中 {n} 項無從說明：該結果沒有可比較的數值",
    "其中 {n} 项无从说明：该结果没有可比较的数值",
)
NOT_REACHED = Text("not reached {places}", "{places}未達到", "{places}未达到")
AT = {
    "low": Text("at low", "在下限", "在下限"),
    "own": Text("as is", "在原值", "在原值"),
    "high": Text("at high", "在上限", "在上限"),
}
AND, STOP = Text(" and ", "及", "及"), Text(". ", "。", "。")
GUESSES = Text(
    "{guesses} of the {clear} that move it clearly are guesses without a source: these are the ones to measure first.",
    "明顯影響結果的 {clear} 項中，{guesses} 項屬沒有出處的估計，應先行實測。",
    "明显影响结果的 {clear} 项中，{guesses} 项属没有出处的估计，应先行实测。",
)
HOW = Text(
    "Each world parameter that has a plausible range was moved alone to either end of it, on the same random numbers; “moves” "
    "is the largest difference between the answer at low, as it is, and at high. Clear: its interval does not hold 0; it is "
    "widened for the three differences it is chosen from, and not for the number of parameters. Not reached: so many planned "
    "flights are never released there that the quantile falls among them, in either of two scenarios. Moving one at a time "
    "tells nothing of what two do together: `sim sensitivity` does.",
    "每項有合理範圍的外在條件參數，均以相同隨機數單獨移至範圍的兩端；「影響」為下限、原值及上限三個結果之間的最大差異。"
    "明顯：其區間不包含零；區間已按所比較的三個差異放寬，但未按參數數目放寬。未達到：在兩個情景之一，當時始終未放行的計劃航班"
    "過多，分位數落在其中。逐項移動不能顯示兩項並存時的影響，可用 `sim sensitivity` 查看。",
    "每项有合理范围的外在条件参数，均以相同随机数单独移至范围的两端；“影响”为下限、原值及上限三个结果之间的最大差异。"
    "明显：其区间不包含零；区间已按所比较的三个差异放宽，但未按参数数目放宽。未达到：在两个情景之一，当时始终未放行的计划航班"
    "过多，分位数落在其中。逐项移动不能显示两项并存时的影响，可用 `sim sensitivity` 查看。",
)
STILLS = Text(
    "{n} moved no measure at all in these replications: the scenario does not use them, or too rarely to be seen.",
    "有 {n} 項在這些重複中沒有影響任何指標：情景沒有用到，或用得太少而看不出來。",
    "有 {n} 项在这些重复中没有影响任何指标：情景没有用到，或用得太少而看不出来。",
)
ALL = Text(
    "{file} has every parameter of policy and world with its source, those without a range too.",
    "{file} 載有政策及外在條件的全部參數及出處，包括沒有範圍者。",
    "{file} 载有政策及外在条件的全部参数及出处，包括没有范围者。",
)
HEADING = Text("What it rests on: {answer}", "結果所依據的假設：{answer}", "结果所依据的假设：{answer}")
MATTER_MOST = Text("The assumptions that matter most", "影響最大的假設", "影响最大的假设")
PARTLY_REACHED = Text(
    "Where the answer is not reached at an end or as is", "在一端或原值下未達到結果的假設", "在一端或原值下未达到结果的假设"
)
COLUMN_NAMES = (
    Text("assumption", "參數", "参数"),
    Text("value", "數值", "数值"),
    Text("plausible", "合理範圍", "合理范围"),
    Text("status", "依據", "依据"),
    Text("at low", "下限時", "下限时"),
    Text("as is", "原值時", "原值时"),
    Text("at high", "上限時", "上限时"),
)
MOVED, CLEAR, YES = Text("moves", "影響", "影响"), Text("clear", "明顯", "明显"), Text("yes", "是", "是")
NOT_REACHED_HERE = Text("not reached", "未達到", "未达到")
FROM_TO = Text("{low} to {high}", "{low}至 {high}", "{low}至 {high}")
WITH_STATUS = Text("{name} ({status})", "{name}（{status}）", "{name}（{status}）")
SHOWN, TEXTS = 20, 4  # rows; columns of texts


def pages(run: DesignRun, measured: Measure, ledger: pd.DataFrame, language: Language = "en") -> Iterator[Block]:
    """The finding, then the assumptions that matter most."""
    tried = ledger[ledger["moves_any"] != ""]
    ranked, clear = tried[tried["rank"] > 0], clearly_moving(tried)
    surely = set(clear["path"])
    levels = ranked[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    scale = scale_for(measured.unit, *levels[np.isfinite(levels)])
    rows = [
        [f"{row['rank']} {_label(row, language)}", *_values(row, language),
         *scale.levels(row["at_low"], row["at_own"], row["at_high"]), scale.changes(row["moves"])[0],
         YES.in_language(language) if row["path"] in surely else ""]
        for row in ranked.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    blocks = [Paragraph(finding(run, measured, ledger, language), "lead")]
    guesses = int(np.count_nonzero(clear["status"] == "guess"))
    if guesses:
        blocks.append(Paragraph(GUESSES.in_language(language).format(guesses=guesses, clear=len(clear))))
    yield from section(HEADING.in_language(language).format(answer=answer_named(run, measured, language)), *blocks)
    names = [name.in_language(language) for name in COLUMN_NAMES]
    moved = labels.with_unit(MOVED.in_language(language), scale.unit.in_language(language), language)
    if rows:
        headings = [*names, moved, CLEAR.in_language(language)]
        yield from section(MATTER_MOST.in_language(language), table(headings, rows, TEXTS))
    partly = [
        [_label(row, language), *_values(row, language), *_levels(row, measured, language)]
        for row in tried[_is_partly_reached(tried)].to_dict("records")
    ]
    if partly:
        yield from section(PARTLY_REACHED.in_language(language), table(names, partly, TEXTS))
    stills = int(np.count_nonzero(tried["moves_any"] == STILL))
    sentences = (HOW, STILLS, ALL)
    yield from reading(language, [text.in_language(language).format(n=stills, file=LISTING) for text in sentences])


def _label(row: Mapping[Hashable, Any], language: Language) -> str:
    return catalogue()[str(row["path"])].full_label.in_language(language)


def _values(row: Mapping[Hashable, Any], language: Language) -> tuple[str, str, str]:
    """What it is, its plausible range, and where it comes from."""
    as_it_is, low, high = (quantity_in_words(str(row[name]), language) for name in ("own", "low", "high"))
    status = STATUS_LABELS[Status(str(row["status"]))].in_language(language)
    low = f"{low} " if language != "en" and low.isascii() else low
    return as_it_is, FROM_TO.in_language(language).format(low=low, high=high), status


def finding(run: DesignRun, measured: Measure, ledger: pd.DataFrame, language: Language = "en") -> str:
    """How many assumptions move the answer, which moves it most, and of how many no number says so."""
    tried = ledger[ledger["moves_any"] != ""]
    partly = _is_partly_reached(tried)
    unknown = (tried["moves_any"] == MOVES) & tried["moves"].isna() & ~partly
    counts = ((PARTLY, int(partly.sum())), (UNKNOWN, int(unknown.sum())))
    first = _who_moves_it_most(measured, tried, tried[~partly & ~unknown], language)
    sentences = [first, *(text.in_language(language).format(n=n) for text, n in counts if n)]
    return STOP.in_language(language).join(sentence for sentence in sentences if sentence)


def _who_moves_it_most(measured: Measure, tried: pd.DataFrame, judged: pd.DataFrame, language: Language) -> str:
    """The first sentence of the finding; none where of no parameter anything is known."""
    ranked = tried[tried["rank"] > 0].sort_values("rank")
    if ranked.empty and len(tried) and tried["at_own"].isna().all():
        return NO_ANSWER.in_language(language)
    if ranked.empty:
        return NONE.in_language(language).format(tried=len(judged)) if len(judged) or tried.empty else ""
    first = ranked.iloc[0]
    ends = first[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    scale = scale_for(measured.unit, *ends)
    low, high = scale.level(float(np.nanmin(ends)), language), scale.level(float(np.nanmax(ends)), language)
    name = catalogue()[str(first["path"])].full_label.in_language(language)
    status = STATUS_LABELS[Status(str(first["status"]))].in_language(language)
    parts = {
        "clear": len(clearly_moving(tried)),
        "tried": len(tried),
        "first": WITH_STATUS.in_language(language).format(name=name, status=status),
        "low": low,
        "high": high,
    }
    return FINDING.in_language(language).format(**parts)


def clearly_moving(tried: pd.DataFrame) -> pd.DataFrame:
    """Those whose interval does not hold 0."""
    clear: pd.DataFrame = tried[(tried["ci_low"] > 0) | (tried["ci_high"] < 0)]
    return clear


def _is_partly_reached(tried: pd.DataFrame) -> "pd.Series[bool]":
    """Of each row, whether the answer is reached at some of PLACES and not at others."""
    return (tried["not_reached"] != "") & (tried["not_reached"] != " ".join(PLACES))


def not_reached(places: str, language: Language = "en") -> str:
    """ "not reached at high", of places as a row of the ledger names them; empty where it is reached at all, or at none."""
    if places in ("", " ".join(PLACES)):
        return ""
    names = AND.in_language(language).join(AT[place].in_language(language) for place in places.split())
    return NOT_REACHED.in_language(language).format(places=names)


def _levels(row: Mapping[Hashable, Any], measured: Measure, language: Language) -> list[str]:
    """The answer at each of PLACES with its unit, in words where it is not reached."""
    levels, missing = {place: float(row[f"at_{place}"]) for place in PLACES}, str(row["not_reached"]).split()
    scale = scale_for(measured.unit, *levels.values())
    not_reached_here = NOT_REACHED_HERE.in_language(language)
    return [not_reached_here if place in missing else scale.level(level, language) for place, level in levels.items()]


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed ledger and the chart."""
    ledger = read_ledger(folder)
    measured = read_measure(run.manifest.asked["measure"], known=run.metrics)
    write_pages(run, folder, partial(pages, run, measured, ledger))

    def drawn(language: Language) -> Figure:
        return draw(run, measured, ledger, finding(run, measured, ledger, language), language)

    write_chart(folder, "assumptions", drawn)


def read_ledger(folder: Path) -> pd.DataFrame:
    """The listing as `assumption_table` made it. Raises InputError for one with other columns, of another version."""
    numbers = ("at_low", "at_own", "at_high", "moves", "ci_low", "ci_high")
    ledger = read_csv(folder / LISTING, keep_default_na=False, na_values={name: [""] for name in numbers})
    if tuple(ledger.columns) != COLUMNS:
        raise InputError(Problem(OTHER_VERSION, file=str(folder / LISTING), allowed=_AGAIN))
    return ledger
