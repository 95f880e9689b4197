"""The printed frontier, and its charts."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.analysis.design_points import setting_in_words
from sim.analysis.design_run import DesignRun
from sim.analysis.forbidden import number_left_out
from sim.analysis.frontier import Tradeoff, tradeoffs_of
from sim.charts import labels
from sim.charts.frontier import draw, finding
from sim.charts.quantity import Scale, scale_for
from sim.ground.text import Language, Text
from sim.report.analyses import reading, section, table, write_chart, write_pages
from sim.report.comparing import NOT_REACHED_BY_ANY, both_ends
from sim.report.document import Block, Paragraph
from sim.study.shown_names import names_in

HOW = Text(
    "A policy is dominated where another is no worse in both measures and better in one; clearly, where that is beyond chance "
    "(paired differences on the same random numbers, intervals widened over all pairs). Without 'clearly', more replications may "
    "bring it back to the frontier. No policy dominates another than which it releases clearly fewer flights.",
    "若另一政策在兩項指標均不遜色且至少一項較佳，該政策即屬遜色；若差異超出偶然（使用相同隨機數的配對差異，"
    "區間按所有配對放寬），則屬明顯遜色。未註明「明顯」者，增加重複次數後或會回到前沿。政策不視為優於放行航班明顯較多者。",
    "若另一政策在两项指标均不逊色且至少一项较优，该政策即属逊色；若差异超出偶然（使用相同随机数的配对差异，"
    "区间按所有配对放宽），则属明显逊色。未注明“明显”者，增加重复次数后可能回到前沿。政策不视为优于放行航班明显较多者。",
)
ON_FRONTIER = Text("frontier", "前沿", "前沿")
DOMINATED = Text("dominated by {name}", "遜於「{name}」", "逊于“{name}”")
CLEARLY = Text("clearly dominated by {name}", "明顯遜於「{name}」", "明显逊于“{name}”")
SAME_AS = Text("in every measure the same as {name}", "各項指標均與「{name}」相同", "各项指标均与“{name}”相同")
NOT_MEASURED = Text("not measured", "未能計量", "未能计量")
BETWEEN = " \N{MIDDLE DOT} "  # values of a point; between points stands a comma
AS_IT_IS = Text("as it is", "原值", "原值")  # a parameter that is not varied under this scenario, since nothing moves with it
SCENARIO, PLACE = Text("scenario", "情景", "情景"), Text("place", "位置", "位置")
HEADING = Text("{y} against {x}", "{y}與{x}", "{y}与{x}")


def point_names(run: DesignRun, language: Language) -> dict[str, str]:
    """What a page calls a point: the scenario, and what was set, if anything was."""
    scenarios = names_in(run, language)
    paths = [column for column in run.points.columns if column not in ("point", "base")]
    named = {}
    for row in run.points.to_dict("records"):
        values = [setting_in_words(row[path], language) if row[path] else AS_IT_IS.in_language(language) for path in paths]
        name = scenarios.get(row["base"], row["base"])
        named[str(row["point"])] = f"{name}: {BETWEEN.join(values)}" if any(row[path] for path in paths) else name
    return named


def pages(
    source: labels.HasMetrics, tradeoffs: Sequence[Tradeoff], names: Mapping[str, str], note: str, language: Language = "en"
) -> Iterator[Block]:
    """A section a pair of measures; names: what the page calls the points; note: a sentence on what is not among them."""
    for tradeoff in tradeoffs:
        x, y = columns(source, tradeoff, language)
        cells = [[name, place, *levels] for name, (*levels, place) in cells_of(tradeoff, names, language)]
        other = f"{x[:1].lower()}{x[1:]}" if language == "en" else x
        headings = [SCENARIO.in_language(language), PLACE.in_language(language), x, y]
        yield from section(
            HEADING.in_language(language).format(x=other, y=y),
            Paragraph(finding(tradeoff.table, names, language), "lead"),
            table(headings, cells, 2),
        )
    yield from reading(language, [sentence for sentence in (HOW.in_language(language), note) if sentence])


def columns(source: labels.HasMetrics, tradeoff: Tradeoff, language: Language) -> tuple[str, str]:
    """The names of both measures with their units."""
    scales, axes = _scales(tradeoff), tradeoff.axes
    names = {axis: labels.measure(source, *measured.ref, language) for axis, measured in axes.items()}
    x, y = (labels.with_unit(names[axis], scales[axis].unit.in_language(language), language) for axis in axes)
    return x, y


def _scales(tradeoff: Tradeoff) -> dict[str, Scale]:
    return {axis: scale_for(measured.unit, *tradeoff.table[axis]) for axis, measured in tradeoff.axes.items()}


def cells_of(tradeoff: Tradeoff, names: Mapping[str, str], language: Language) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """By what the page calls a scenario (`names`, or its name): both levels with their intervals, and its place; x rises."""
    scales = _scales(tradeoff)
    for row in tradeoff.table.sort_values("x", kind="stable").to_dict("records"):
        x, y = (_level(scales[axis], row, axis, language) for axis in "xy")
        yield names.get(str(row["scenario"]), str(row["scenario"])), (x, y, _place(row, names, language))


def _level(scale: Scale, row: Mapping[Hashable, Any], axis: str, language: Language) -> str:
    if _is_not_reached(row, axis):
        return NOT_REACHED_BY_ANY.in_language(language)
    level, low, high = scale.levels(row[axis], row[f"{axis}_low"], row[f"{axis}_high"])
    ends = both_ends(low, high).strip("[]")
    return f"{level} [{ends}]" if ends else level


def _is_not_reached(row: Mapping[Hashable, Any], axis: str) -> bool:
    """Whether a level is that of a quantile which falls among the values that never came."""
    return math.isnan(row[axis]) and not math.isnan(row[f"{axis}_never"])


def _place(row: Mapping[Hashable, Any], names: Mapping[str, str], language: Language) -> str:
    if row["same_as"]:
        return SAME_AS.in_language(language).format(name=names.get(str(row["same_as"]), str(row["same_as"])))
    if row["is_on_frontier"]:
        return ON_FRONTIER.in_language(language)
    if not row["dominated_by"]:
        is_not_reached = any(_is_not_reached(row, axis) for axis in "xy")
        return (NOT_REACHED_BY_ANY if is_not_reached else NOT_MEASURED).in_language(language)
    clearly, by = str(row["clearly_dominated_by"]), str(row["dominated_by"])
    name = (clearly or by).split(" ")[0]
    return (CLEARLY if clearly else DOMINATED).in_language(language).format(name=names.get(name, name))


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed answer, and a chart a pair of measures."""
    tradeoffs = tradeoffs_of(run)

    def blocks(language: Language) -> Iterator[Block]:
        return pages(run, tradeoffs, point_names(run, language), _left_out(run, language), language)

    write_pages(run, folder, blocks)
    for tradeoff in tradeoffs:
        stem = "frontier-" + "-".join(measured.name.replace("/", "-") for measured in (tradeoff.y, tradeoff.x))
        write_chart(folder, stem, partial(_drawn, run, tradeoff))


def _left_out(run: DesignRun, language: Language) -> str:
    return number_left_out(run.left_out["point"].nunique()).in_language(language)


def _drawn(run: DesignRun, tradeoff: Tradeoff, language: Language) -> Figure:
    names = point_names(run, language)
    sentence = finding(tradeoff.table, names, language)
    return draw(run, tradeoff, sentence, run.confidence, names, language, _left_out(run, language))
