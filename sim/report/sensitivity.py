"""The printed answer of a sensitivity study."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import RenderableType
from rich.text import Text as Line

from sim.analysis.design_run import DesignRun
from sim.analysis.sensitivity import LISTING
from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.metrics.measure_ref import read_measure
from sim.report.analyses import write_pages
from sim.report.terminal import section, table
from sim.scenario.parameters import catalogue
from sim.study.csv_files import read_csv

MORRIS = (
    "mu*: mean absolute change of the measure when the parameter alone crosses its whole plausible range, from many "
    "starting points; "
    "in brackets half its interval, by resampling. sigma well above mu*: the effect depends on the other parameters, or bends. "
    "Both hold the noise of the replications, so that a small mu* may be nothing but noise. "
    "Morris screening ranks; it does not share out the variance (`--method sobol` does)."
)
SOBOL = (
    "If each guess is equally likely anywhere in its range: total is the share of the variance of the measure's mean in "
    "which the parameter has a part, alone or with others; first order: alone. In brackets half the interval, by resampling"
    " of the points: a small index below its own interval is not told from 0, and may come out negative. The noise of the "
    "simulation is no part of any index; it is {noise} of the variance of a single replication over these worlds."
)
NO_SHARES = "The measure varies no more over these worlds than the noise of the simulation: there are no shares to tell."
SHOWN = 20


def pages(run: DesignRun, listing: pd.DataFrame) -> Iterator[RenderableType]:
    """The parameters in order of importance."""
    settings = run.manifest.asked
    measured = read_measure(settings["measure"], known=run.metrics)
    label = labels.measure(run, *measured.ref)
    rows, headings = (_morris if settings["method"] == "morris" else _sobol)(listing.head(SHOWN), measured.unit)
    heading = f"{run.manifest.scenarios[0].name}: what moves {label[:1].lower()}{label[1:]}"
    yield from section(heading, [table(headings, rows)])
    how = MORRIS if settings["method"] == "morris" else _sobol_in_words(float(listing["replication_noise"].iloc[0]))
    manifest = run.manifest
    count = f"{manifest.points:,} points, {manifest.replications} replications each; {LISTING} has all parameters."
    yield from section("How to read this", [Line(how), Line(count)])


def _sobol_in_words(noise: float) -> str:
    return NO_SHARES if np.isnan(noise) else SOBOL.format(noise=f"{noise:.0%}")


def _morris(listing: pd.DataFrame, unit: str) -> tuple[list[list[str]], list[str]]:
    scale = scale_for(unit, *listing["mu_star"])
    unit_text = f" ({scale.difference_unit.en})" if scale.difference_unit.en else ""
    rows = []
    for row in listing.to_dict("records"):
        star, ci, sigma = scale.levels(row["mu_star"], row["mu_star_ci"], row["sigma"])
        rows.append([catalogue()[row["path"]].full_label.en, f"{star} (±{ci})", sigma])
    return rows, ["parameter", f"mu*{unit_text}", f"sigma{unit_text}"]


def _sobol(listing: pd.DataFrame, unit: str) -> tuple[list[list[str]], list[str]]:
    rows = []
    for row in listing.to_dict("records"):
        shares = (f"{row[name]:.2f} (±{row[f'{name}_ci']:.2f})" for name in ("total", "first_order"))
        rows.append([catalogue()[row["path"]].full_label.en, *shares])
    return rows, ["parameter", "total", "first order"]


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed answer."""
    write_pages(run, folder, pages(run, read_csv(folder / LISTING)))
