"""The printed answer of a sweep, and its charts."""

import math
from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import RenderableType
from rich.text import Text as Line

from sim.analysis.design_points import in_short
from sim.analysis.design_run import DesignRun
from sim.analysis.sweep import LISTING
from sim.archive import layout
from sim.charts import labels
from sim.charts.quantity import Scale, scale_for
from sim.charts.sweep import draw
from sim.metrics.measure_ref import MeasureRef, read_measure
from sim.report.analyses import write_chart, write_pages
from sim.report.comparing import NOT_REACHED_BY_ANY, both_ends
from sim.report.terminal import section, table
from sim.scenario.parameters import catalogue
from sim.study.csv_files import read_csv

MANY = 60  # rows printed; the listing has all
SHARED = (
    "All points share their random numbers (the same days), so that differences between points are sharper than the "
    "intervals say."
)
LEVELS = {False: "means over {n} replications", True: "quantiles of all {n} replications together"}
"""What the levels are, of a measure that is a quantile and of one that is not."""
NOT_REACHED = "Not reached: the quantile falls among what never came, such as flights never released."
LEFT_OUT = "Left out as not possible: {n} of {total} combinations; {file} has each with its reason."
MORE = "{n} more points are in {file}."


def pages(run: DesignRun, shown: pd.DataFrame) -> Iterator[RenderableType]:
    """A table a measure."""
    base, left_out = run.manifest.scenarios[0].name, run.left_out["point"].nunique()
    paths = [column for column in shown.columns if column in catalogue()]
    for name in run.manifest.asked["measures"]:
        ref = MeasureRef.parse(name)
        rows = shown[(shown["metric"] == ref.metric) & (shown["part"] == ref.part)]
        scale = scale_for(str(rows["unit"].iloc[0]), *rows["mean"])
        unit = f" ({scale.unit.en})" if scale.unit.en and rows["mean"].notna().any() else ""
        cells = [[*(in_short(row[path]) for path in paths), *_level(scale, row)] for row in rows.head(MANY).to_dict("records")]
        headings = [
            *(catalogue()[path].full_label.en for path in paths),
            f"{'quantile' if run.quantiles(name) else 'mean'}{unit}",
            "interval",
        ]
        parts: list[RenderableType] = [table(headings, cells, len(paths))]
        if len(rows) > MANY:
            parts.append(Line(MORE.format(n=len(rows) - MANY, file=LISTING)))
        if left_out:
            parts.append(Line(LEFT_OUT.format(n=left_out, total=left_out + len(run.names), file=layout.LEFT_OUT)))
        yield from section(f"{base}: {labels.measure(run, *ref)}", parts)
    n, confidence = run.manifest.replications, f"{100 * run.confidence:g}"
    kinds = [bool(run.quantiles(name)) for name in run.manifest.asked["measures"]]
    levels = " and ".join(text for is_quantile, text in LEVELS.items() if is_quantile in kinds).format(n=n)
    how = f"{levels[0].upper()}{levels[1:]}, with their {confidence}% intervals. {SHARED}"
    how = f"{how} {NOT_REACHED}" if any(_is_not_reached(row) for row in shown.to_dict("records")) else how
    yield from section("How to read this", [Line(how)])


def _level(scale: Scale, row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """The level and its interval."""
    if _is_not_reached(row):
        return NOT_REACHED_BY_ANY.en, ""
    mean, low, high = scale.levels(row["mean"], row["ci_low"], row["ci_high"])
    return mean, both_ends(low, high)


def _is_not_reached(row: Mapping[Hashable, Any]) -> bool:
    return math.isnan(row["mean"]) and not math.isnan(row["never"])


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed answer, and a chart a measure in each language."""
    shown = read_csv(folder / LISTING, dtype=dict.fromkeys(["part", *run.points.columns], str), keep_default_na=False,
                        na_values={name: [""] for name in ("mean", "ci_low", "ci_high", "never")})  # fmt: skip
    write_pages(run, folder, pages(run, shown))
    for name in run.manifest.asked["measures"]:
        measured = read_measure(name, known=run.metrics)
        write_chart(folder, f"sweep-{name.replace('/', '-')}", partial(draw, run, measured, shown))
