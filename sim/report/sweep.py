"""The printed answer of a sweep, and its charts."""

import math
from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.design_points import setting_in_words
from sim.analysis.design_run import DesignRun
from sim.analysis.sweep import LISTING
from sim.archive import layout
from sim.charts import labels
from sim.charts.quantity import Scale, scale_for
from sim.charts.sweep import draw
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef, read_measure
from sim.report.analyses import reading, section, table, write_chart, write_pages
from sim.report.comparing import NOT_REACHED_BY_ANY, both_ends
from sim.report.document import Block, Paragraph
from sim.scenario.parameters import catalogue
from sim.study.csv_files import read_csv
from sim.study.shown_names import names_in

MANY = 60  # rows printed; the listing has all
SHARED = Text(
    "All points share their random numbers (the same days), so that differences between points are sharper than the "
    "intervals say.",
    "各點使用相同隨機數（同樣的日子），因此點與點之間的差異比區間所示更為明確。",
    "各点使用相同随机数（同样的日子），因此点与点之间的差异比区间所示更为明确。",
)
OF_MEANS = Text("means over {n} replications", "{n} 次重複的平均值", "{n} 次重复的平均值")
OF_QUANTILES = Text("quantiles of all {n} replications together", "{n} 次重複合併計算的分位數", "{n} 次重复合并计算的分位数")
"""What the levels are, of a measure that is not a quantile and of one that is."""
AND = Text(" and ", "及 ", "及 ")
LEVELS = Text(
    "Shown are {levels}, with their {confidence}% intervals.",
    "表列 {levels}，連同其 {confidence}% 區間。",
    "表列 {levels}，连同其 {confidence}% 区间。",
)
NOT_REACHED = Text(
    "Not reached: the quantile falls among what never came, such as flights never released.",
    "未達到：分位數落在始終沒有發生者之中，例如始終未放行的航班。",
    "未达到：分位数落在始终没有发生者之中，例如始终未放行的航班。",
)
LEFT_OUT = Text(
    "Left out as not possible: {n} of {total} combinations; {file} has each with its reason.",
    "{total} 個組合中有 {n} 個不可行，未納入分析；{file} 逐一載明原因。",
    "{total} 个组合中有 {n} 个不可行，未纳入分析；{file} 逐一载明原因。",
)
MORE = Text("{n} more points are in {file}.", "另有 {n} 個點載於 {file}。", "另有 {n} 个点载于 {file}。")
HEADING = Text("{base}: {measure}", "{base}：{measure}", "{base}：{measure}")
MEAN, QUANTILE, INTERVAL = (
    Text("mean", "平均值", "平均值"),
    Text("quantile", "分位數", "分位数"),
    Text("interval", "區間", "区间"),
)


def pages(run: DesignRun, shown: pd.DataFrame, language: Language = "en") -> Iterator[Block]:
    """A table a measure."""
    (base,), left_out = names_in(run, language).values(), run.left_out["point"].nunique()
    paths = [column for column in shown.columns if column in catalogue()]
    for name in run.manifest.asked["measures"]:
        ref = MeasureRef.parse(name)
        rows = shown[(shown["metric"] == ref.metric) & (shown["part"] == ref.part)]
        scale = scale_for(str(rows["unit"].iloc[0]), *rows["mean"])
        unit = scale.unit.in_language(language) if rows["mean"].notna().any() else ""
        level = (QUANTILE if run.quantiles(name) else MEAN).in_language(language)
        cells = [
            [*(setting_in_words(row[path], language) for path in paths), *_level(scale, row, language)]
            for row in rows.head(MANY).to_dict("records")
        ]
        headings = [
            *(catalogue()[path].full_label.in_language(language) for path in paths),
            labels.with_unit(level, unit, language),
            INTERVAL.in_language(language),
        ]
        notes = []
        if len(rows) > MANY:
            notes.append(MORE.in_language(language).format(n=len(rows) - MANY, file=LISTING))
        if left_out:
            numbers = {"n": left_out, "total": left_out + len(run.names), "file": layout.LEFT_OUT}
            notes.append(LEFT_OUT.in_language(language).format(**numbers))
        heading = HEADING.in_language(language).format(base=base, measure=labels.measure(run, *ref, language))
        yield from section(heading, table(headings, cells, len(paths)), *map(Paragraph, notes))
    yield from reading(language, _how(run, shown, language))


def _how(run: DesignRun, shown: pd.DataFrame, language: Language) -> list[str]:
    kinds = [bool(run.quantiles(name)) for name in run.manifest.asked["measures"]]
    shown_kinds = [text for text, is_quantile in ((OF_MEANS, False), (OF_QUANTILES, True)) if is_quantile in kinds]
    n = run.manifest.replications
    levels = AND.in_language(language).join(text.in_language(language).format(n=n) for text in shown_kinds)
    sentences = [LEVELS.in_language(language).format(levels=levels, confidence=f"{100 * run.confidence:g}")]
    sentences.append(SHARED.in_language(language))
    if any(_is_not_reached(row) for row in shown.to_dict("records")):
        sentences.append(NOT_REACHED.in_language(language))
    return sentences


def _level(scale: Scale, row: Mapping[Hashable, Any], language: Language) -> tuple[str, str]:
    """The level and its interval."""
    if _is_not_reached(row):
        return NOT_REACHED_BY_ANY.in_language(language), ""
    mean, low, high = scale.levels(row["mean"], row["ci_low"], row["ci_high"])
    return mean, both_ends(low, high)


def _is_not_reached(row: Mapping[Hashable, Any]) -> bool:
    return math.isnan(row["mean"]) and not math.isnan(row["never"])


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed answer, and a chart a measure in each language."""
    shown = read_csv(folder / LISTING, dtype=dict.fromkeys(["part", *run.points.columns], str), keep_default_na=False,
                        na_values={name: [""] for name in ("mean", "ci_low", "ci_high", "never")})  # fmt: skip
    write_pages(run, folder, partial(pages, run, shown))
    for name in run.manifest.asked["measures"]:
        measured = read_measure(name, known=run.metrics)
        write_chart(folder, f"sweep-{name.replace('/', '-')}", partial(draw, run, measured, shown))
