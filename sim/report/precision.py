"""Sentences on precision: the targets of a study and what was reached, and the worth of pairing."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.charts.chart import headline_rows
from sim.charts.quantity import number
from sim.ground.text import Language, Text
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.manifest import ReachedPrecision
    from sim.study.study import Study

PRECISION = Text("Precision asked for", "要求的精度", "要求的精度")
PAIRING = Text(
    "Pairing by common random numbers was worth a factor of {low} to {high} in replications for half of these measures (median "
    "{middle}).",
    "採用共同隨機數配對，就半數指標而言相當於把重複次數增至 {low} 至 {high} 倍（中位數 {middle}）。",
    "采用共同随机数配对，就半数指标而言相当于把重复次数增至 {low} 至 {high} 倍（中位数 {middle}）。",
)
SIMULATED = Text(
    "Simulated: {n} replications of each scenario, those included that were looked ahead to. Asked for: {least} at least and "
    "{most} at most.",
    "每個情景模擬 {n} 次，包括預先多做的次數；要求最少 {least} 次、最多 {most} 次。",
    "每个情景模拟 {n} 次，包括预先多做的次数；要求最少 {least} 次、最多 {most} 次。",
)
REACHED = Text(
    "{measure}: half width {shown}{of}{where}, asked {target}, with {n} replications{short}",
    "{measure}：區間半寬 {shown}{of}{where}，要求 {target}，重複 {n} 次{short}",
    "{measure}：区间半宽 {shown}{of}{where}，要求 {target}，重复 {n} 次{short}",
)
OF_THE_MEAN = Text(" of the mean", "（佔平均值）", "（占平均值）")
WIDEST = Text(" (widest: {name})", "（最寬：{name}）", "（最宽：{name}）")
SHORT = Text(": NOT REACHED", "：未達到", "：未达到")
OVER = Text("over {n}", "逾 {n}", "超过 {n}")
HUGE = 1000.0


def precision_lines(study: "Study", language: Language = "en") -> Iterator[str]:
    """A line a target, with its widest interval over the scenarios; none where the study has no targets."""
    precision = study.manifest.precision
    if not precision:
        return
    yield from target_lines(study, language)
    wanted = precision.asked
    yield SIMULATED.in_language(language).format(n=precision.simulated, least=wanted.replications, most=wanted.max_replications)


def target_lines(study: "Study", language: Language = "en") -> Iterator[str]:
    """The lines of the targets alone."""
    precision = study.manifest.precision
    for written, rows in groupby(precision.reached if precision else (), key=lambda row: row.target):
        yield _line(study, written, list(rows), language)


def _line(study: "Study", written: str, rows: list["ReachedPrecision"], language: Language) -> str:
    measure, _, target = (word.strip() for word in written.rpartition("="))
    widest = max(rows, key=_width)
    is_relative = target.endswith("%") and widest.half_width is not None
    name = names_in(study, language)[widest.scenario]
    return REACHED.in_language(language).format(
        measure=measure,
        shown=widest.shown,
        of=OF_THE_MEAN.in_language(language) if is_relative else "",
        where=WIDEST.in_language(language).format(name=name) if len(rows) > 1 else "",
        target=target,
        n=study.manifest.replications,
        short="" if all(row.is_reached for row in rows) else SHORT.in_language(language),
    )


def _width(row: "ReachedPrecision") -> tuple[bool, bool, float]:
    """A key by which targets not reached go last, and among them those without a half width."""
    half, mean = row.half_width, row.mean
    is_relative = row.target.rstrip().endswith("%")
    return not row.is_reached, half is None, (half or 0.0) / (abs(mean or 1.0) if is_relative else 1.0)


def pairing_sentence(study: "Study", name: str, language: Language = "en") -> str:
    """The worth of pairing one scenario with the one it is held against; empty where no headline measure differs between them.

    It gives quartiles, since the factor of a measure that hardly differs goes into the millions.
    """
    rows = headline_rows(study, study.comparison[study.comparison["scenario"] == name])
    factors = rows["variance_reduction"].to_numpy(dtype=float)
    factors = factors[np.isfinite(factors)]
    if not len(factors):
        return ""
    low, middle, high = (_factor_in_words(float(factor), language) for factor in np.quantile(factors, (0.25, 0.5, 0.75)))
    return PAIRING.in_language(language).format(low=low, high=high, middle=middle)


def _factor_in_words(factor: float, language: Language) -> str:
    return OVER.in_language(language).format(n=f"{HUGE:,.0f}") if factor > HUGE else number(factor)
