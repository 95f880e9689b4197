"""The printed ledger of assumptions, and its chart."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from rich.console import RenderableType
from rich.text import Text as Line

from sim.analysis.assumptions import LISTING, STILL
from sim.analysis.design_run import DesignRun
from sim.charts.assumptions import answer_named, draw
from sim.charts.quantity import scale_for
from sim.ground.parameter import STATUS_LABELS, Status
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import Measure, read_measure
from sim.report.analyses import write_chart, write_pages
from sim.report.terminal import section, table
from sim.scenario.parameters import catalogue

FINDING = Text(
    "{clear} of {tried} assumptions tried move the answer clearly; most of all {first}: from {low} to {high}",
    "試算的 {tried} 項假設中，{clear} 項明顯影響結果；影響最大為{first}：由 {low} 至 {high}",
    "试算的 {tried} 项假设中，{clear} 项明显影响结果；影响最大为{first}：由 {low} 至 {high}",
)
NO_ANSWER = Text(
    "The answer has no finite value in the scenario, so that nothing can be said to move it; ask about another measure",
    "該結果在情景中沒有有限數值，無從說明何者影響結果；請改用其他指標",
    "该结果在情景中没有有限数值，无从说明何者影响结果；请改用其他指标",
)
NONE = Text(
    "None of {tried} assumptions tried moves the answer",
    "試算的 {tried} 項假設均不影響結果",
    "试算的 {tried} 项假设均不影响结果",
)
GUESSES = "{guesses} of the {clear} that move it clearly are guesses without a source: these are the ones to measure first."
HOW = (
    "Each world parameter that has a plausible range was moved alone to either end of it, on the same random numbers; `moves` "
    "is the largest difference between the answer at low, as it is, and at high. Clear: its interval does not hold 0; it is "
    "widened for the three differences it is chosen from, and not for the number of parameters. Infinite: there too few "
    "flights "
    "are released for the answer to have a value. Moving one at a time tells nothing of what two do together: "
    "`sim sensitivity` does."
)
STILLS = "{n} moved no measure at all in these replications: the scenario does not use them, or too rarely to be seen."
ALL = "{file} has every parameter of policy and world with its source, those without a range too."
SHOWN = 20


def pages(run: DesignRun, measured: Measure, ledger: pd.DataFrame) -> Iterator[RenderableType]:
    """The finding, then the assumptions that matter most."""
    tried = ledger[ledger["moves_any"] != ""]
    ranked, clear = tried[tried["rank"] > 0], _clear(tried)
    surely = set(clear["path"])
    levels = ranked[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    scale = scale_for(measured.metric.unit, *levels[np.isfinite(levels)])
    rows = [
        [f"{row['rank']} {row['label']}", row["own"], f"{row['low']} to {row['high']}", row["status"],
         *scale.levels(row["at_low"], row["at_own"], row["at_high"]), scale.changes(row["moves"])[0],
         "yes" if row["path"] in surely else ""]
        for row in ranked.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    lines: list[RenderableType] = [Line(finding(run, measured, ledger), style="bold")]
    guesses = int(np.count_nonzero(clear["status"] == "guess"))
    if guesses:
        lines.append(Line(GUESSES.format(guesses=guesses, clear=len(clear))))
    yield from section(f"What it rests on: {answer_named(run, measured, 'en')}", lines)
    unit = f" ({scale.unit.en})" if scale.unit.en else ""
    headings = ["assumption", "value", "plausible", "status", "at low", "as is", "at high", f"moves{unit}", "clear"]
    yield from section("The assumptions that matter most", [table(headings, rows, 4)])
    stills = int(np.count_nonzero(tried["moves_any"] == STILL))
    yield from section("How to read this", [Line(HOW), Line(STILLS.format(n=stills)), Line(ALL.format(file=LISTING))])


def finding(run: DesignRun, measured: Measure, ledger: pd.DataFrame, language: Language = "en") -> str:
    """How many assumptions move the answer, and which moves it most."""
    tried = ledger[ledger["moves_any"] != ""]
    ranked = tried[tried["rank"] > 0].sort_values("rank")
    if ranked.empty and tried["moves"].isna().all() and len(tried):
        return NO_ANSWER.in_language(language)
    if ranked.empty:
        return NONE.in_language(language).format(tried=len(tried))
    first = ranked.iloc[0]
    ends = first[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    scale = scale_for(measured.metric.unit, *ends)
    low, high = scale.level(float(np.nanmin(ends)), language), scale.level(float(np.nanmax(ends)), language)
    name = catalogue()[str(first["path"])].full_label.in_language(language)
    status = STATUS_LABELS[Status(str(first["status"]))].in_language(language)
    parts = {"clear": len(_clear(tried)), "tried": len(tried), "first": f"{name} ({status})", "low": low, "high": high}
    return FINDING.in_language(language).format(**parts)


def _clear(tried: pd.DataFrame) -> pd.DataFrame:
    """Those whose interval does not hold 0, and those that move it without bound."""
    clear: pd.DataFrame = tried[(tried["ci_low"] > 0) | (tried["ci_high"] < 0) | np.isinf(tried["moves"])]
    return clear


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed ledger and the chart."""
    ledger = read_ledger(folder)
    measured = read_measure(run.manifest.asked["measure"], known=run.metrics)
    write_pages(folder, pages(run, measured, ledger))

    def drawn(language: Language) -> Figure:
        return draw(run, measured, ledger, finding(run, measured, ledger, language), language)

    write_chart(folder, "assumptions", drawn)


def read_ledger(folder: Path) -> pd.DataFrame:
    """The listing as `assumption_table` made it."""
    numbers = ("at_low", "at_own", "at_high", "moves", "ci_low", "ci_high")
    return pd.read_csv(folder / LISTING, keep_default_na=False, na_values={name: [""] for name in numbers})
