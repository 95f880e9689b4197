"""The printed frontier, and its charts."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from rich.console import RenderableType
from rich.text import Text as Line

from sim.analysis.frontier import tables_of
from sim.analysis.survey import Survey
from sim.charts import labels
from sim.charts.frontier import draw
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text
from sim.report.analyses import write_chart, write_pages
from sim.report.paper import section, table

FINDING = Text(
    "{n} of {all} policies are on the frontier: {names}; {clear} are clearly dominated",
    "{all} 項政策中有 {n} 項位於前沿：{names}；{clear} 項明顯遜色",
    "{all} 项政策中有 {n} 项位于前沿：{names}；{clear} 项明显逊色",
)
HOW = (
    "A policy is dominated where another is no worse in both measures and better in one; clearly, where that is beyond chance "
    "(paired differences on the same random numbers, intervals widened over all pairs). Without 'clearly', more "
    "replications may "
    "bring it back to the frontier."
)
NAMED = 6


def finding(rows: pd.DataFrame, language: Language = "en") -> str:
    """How many are on the frontier, and which."""
    front = list(rows.loc[rows["is_on_frontier"], "scenario"])
    names = ", ".join(front[:NAMED]) + (" \N{HORIZONTAL ELLIPSIS}" if len(front) > NAMED else "")
    clear = int(np.count_nonzero(rows["clearly_dominated_by"] != ""))
    return FINDING.in_language(language).format(n=len(front), all=len(rows), names=names, clear=clear)


def pages(source: labels.HasMetrics, tables: Sequence[pd.DataFrame]) -> Iterator[RenderableType]:
    """A section a pair of measures."""
    for rows in tables:
        names = {axis: str(rows[f"{axis}_measure"].iloc[0]) for axis in ("x", "y")}
        scales = {a: scale_for(source.metrics[name.partition("/")[0]].unit, *rows[a]) for a, name in names.items()}
        told = {a: labels.measure(source, *name.partition("/")[::2]) for a, name in names.items()}
        headings = ["scenario", *(f"{told[a]} {f'({scales[a].unit.en})' if scales[a].unit.en else ''}".strip() for a in "xy"), ""]
        cells = []
        for row in rows.sort_values("x", kind="stable").to_dict("records"):
            by = "frontier" if row["is_on_frontier"] else _dominated(row["dominated_by"], row["clearly_dominated_by"])
            levels = []
            for a in "xy":
                mean, low, high = scales[a].levels(row[a], row[f"{a}_low"], row[f"{a}_high"])
                levels.append(f"{mean} [{low}, {high}]")
            cells.append([str(row["scenario"]), *levels, by])
        heading = f"{told['y']} against {told['x'][:1].lower()}{told['x'][1:]}"
        yield from section(heading, [Line(finding(rows), style="bold"), table(headings, cells)])
    yield from section("How to read this", [Line(HOW)])


def _dominated(by: str, clearly: str) -> str:
    if not by:
        return "not measured"
    first = (clearly or by).split(" ")[0]
    return f"{'clearly ' if clearly else ''}dominated by {first}"


def write_answer(found: Survey, folder: Path) -> None:
    """The printed answer, and a chart a pair of measures."""
    tables = tables_of(found)
    write_pages(folder, pages(found, tables))
    for rows in tables:
        stem = "frontier-" + "-".join(str(rows[f"{axis}_measure"].iloc[0]).replace("/", "-") for axis in ("y", "x"))
        write_chart(folder, stem, partial(_drawn, found, rows, found.confidence))


def _drawn(source: labels.HasMetrics, rows: pd.DataFrame, confidence: float, language: Language) -> Figure:
    return draw(source, rows, finding(rows, language), confidence, language)
