"""The printed answer of a sensitivity study."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.design_run import DesignRun
from sim.analysis.sensitivity import LISTING
from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, scale_for
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import read_measure
from sim.report.analyses import reading, section, table, write_pages
from sim.report.document import Block
from sim.scenario.parameters import catalogue
from sim.study.csv_files import read_csv
from sim.study.shown_names import names_in

MORRIS = Text(
    "mu*: mean absolute change of the measure when the parameter alone crosses its whole plausible range, from many "
    "starting points; "
    "in brackets half its interval, by resampling. sigma well above mu*: the effect depends on the other parameters, or bends. "
    "Both hold the noise of the replications, so that a small mu* may be nothing but noise. "
    "Morris screening ranks; it does not share out the variance (`--method sobol` does).",
    "μ*：由多個起點出發，單獨將該參數由合理範圍的一端移至另一端時，指標的平均絕對變化；括號內為其區間的一半，以重抽樣計算。"
    "σ 遠大於 μ*：影響取決於其他參數，或並非直線關係。兩者均包含各次重複的隨機波動，因此很小的 μ* 可能只是波動。"
    "莫里斯篩選法只作排序，並不分攤方差（可用 `--method sobol`）。",
    "μ*：由多个起点出发，单独将该参数由合理范围的一端移至另一端时，指标的平均绝对变化；括号内为其区间的一半，以重抽样计算。"
    "σ 远大于 μ*：影响取决于其他参数，或并非直线关系。两者均包含各次重复的随机波动，因此很小的 μ* 可能只是波动。"
    "莫里斯筛选法只作排序，并不分摊方差（可用 `--method sobol`）。",
)
SOBOL = Text(
    "If each guess is equally likely anywhere in its range: total is the share of the variance of the measure's mean in "
    "which the parameter has a part, alone or with others; first order: alone. In brackets half the interval, by resampling"
    " of the points: a small index below its own interval is not told from 0, and may come out negative. The noise of the "
    "simulation is no part of any index; it is {noise} of the variance of a single replication over these worlds.",
    "假設每項推測值在其範圍內機會均等：「總效應」為指標平均值的方差之中，該參數單獨或與其他參數一同造成的部分；「一階」為其單獨"
    "造成的部分。括號內為區間的一半，以各點重抽樣計算：小於自身區間的指數不能與零區分，亦可能為負數。模擬的隨機波動不計入任何"
    "指數；在這些情境中，單次重複的方差有 {noise} 屬此類波動。",
    "假设每项推测值在其范围内机会均等：“总效应”为指标平均值的方差之中，该参数单独或与其他参数一同造成的部分；“一阶”为其单独"
    "造成的部分。括号内为区间的一半，以各点重抽样计算：小于自身区间的指数不能与零区分，也可能为负数。仿真的随机波动不计入任何"
    "指数；在这些情境中，单次重复的方差有 {noise} 属此类波动。",
)
NO_SHARES = Text(
    "The measure varies no more over these worlds than the noise of the simulation: there are no shares to tell.",
    "在這些情境中，指標的變化不超出模擬的隨機波動，因此無從分攤。",
    "在这些情境中，指标的变化不超出仿真的随机波动，因此无从分摊。",
)
HEADING = Text("{base}: what moves {measure}", "{base}：影響「{measure}」的參數", "{base}：影响“{measure}”的参数")
COUNT = Text(
    "{points} points, {n} replications each; {file} has all parameters.",
    "共 {points} 個點，各重複 {n} 次；{file} 載有全部參數。",
    "共 {points} 个点，各重复 {n} 次；{file} 载有全部参数。",
)
PARAMETER, TOTAL, FIRST_ORDER = (
    Text("parameter", "參數", "参数"),
    Text("total", "總效應", "总效应"),
    Text("first order", "一階", "一阶"),
)
MU, SIGMA = Text("mu*", "μ*", "μ*"), Text("sigma", "σ", "σ")
SHOWN = 20


def pages(run: DesignRun, listing: pd.DataFrame, language: Language = "en") -> Iterator[Block]:
    """The parameters in order of importance."""
    settings, manifest = run.manifest.asked, run.manifest
    measured = read_measure(settings["measure"], known=run.metrics)
    label = labels.measure(run, *measured.ref, language)
    label = f"{label[:1].lower()}{label[1:]}" if language == "en" else label
    is_morris = settings["method"] == "morris"
    rows, headings = (_morris if is_morris else _sobol)(listing.head(SHOWN), measured.unit, language)
    (base,) = names_in(run, language).values()
    yield from section(HEADING.in_language(language).format(base=base, measure=label), table(headings, rows))
    noise = float("nan") if is_morris else float(listing["replication_noise"].iloc[0])
    how = MORRIS.in_language(language) if is_morris else sobol_in_words(noise, language)
    count = {"points": f"{manifest.points:,}", "n": manifest.replications, "file": LISTING}
    yield from reading(language, [how, COUNT.in_language(language).format(**count)])


def sobol_in_words(noise: float, language: Language = "en") -> str:
    """What the shares are; noise: the share of the variance that is the simulation's, NaN where it is all."""
    return (NO_SHARES if np.isnan(noise) else SOBOL).in_language(language).format(noise=f"{noise:.0%}")


def _morris(listing: pd.DataFrame, unit: str, language: Language) -> tuple[list[list[str]], list[str]]:
    scale = scale_for(unit, *listing["mu_star"])
    rows = []
    for row in listing.to_dict("records"):
        star, ci, sigma = scale.levels(row["mu_star"], row["mu_star_ci"], row["sigma"])
        rows.append([catalogue()[row["path"]].full_label.in_language(language), f"{star} (±{ci})", sigma])
    unit_text = scale.difference_unit.in_language(language)
    numbers = (labels.with_unit(text.in_language(language), unit_text, language) for text in (MU, SIGMA))
    return rows, [PARAMETER.in_language(language), *numbers]


def _sobol(listing: pd.DataFrame, unit: str, language: Language) -> tuple[list[list[str]], list[str]]:
    rows = []
    for row in listing.to_dict("records"):
        shares = (
            NOT_KNOWN if np.isnan(row[name]) else f"{row[name]:.2f} (±{row[f'{name}_ci']:.2f})"
            for name in ("total", "first_order")
        )
        rows.append([catalogue()[row["path"]].full_label.in_language(language), *shares])
    return rows, [text.in_language(language) for text in (PARAMETER, TOTAL, FIRST_ORDER)]


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed answer."""
    write_pages(run, folder, partial(pages, run, read_csv(folder / LISTING)))
