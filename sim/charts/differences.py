"""Chart: every headline measure's difference from the scenario held against, with its interval."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import labels, style
from sim.charts.chart import Chart, headline_rows
from sim.charts.panels import lines_of_panels
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text
from sim.study.verdict import IS_BETTER, IS_WORSE, Verdict

if TYPE_CHECKING:
    from sim.study.study import Study

TITLE = Text("Differences from {base}", "與{base}的差異", "与{base}的差异")
NOTE = Text(
    "Bars: {confidence}% intervals of the paired difference, adjusted (Holm) over all scenarios that are compared. "
    "Filled marker: the interval leaves 0 out; hollow: it contains 0. Shaded: differences too small to matter. "
    "Measures alike in all scenarios are left out.",
    "橫線：配對差異的 {confidence}% 區間，已按 Holm 法就全部比較一併調整。實心：區間不含 0；空心：區間包含 "
    "0。淺色帶：差異甚微，無關宏旨。各情景均相同的指標從略。",
    "横线：配对差异的 {confidence}% 区间，已按 Holm 法就全部比较一并调整。实心：区间不含 0；空心：区间包含 "
    "0。浅色带：差异甚微，无关宏旨。各情景均相同的指标从略。",
)
ALONE = Text(
    "The study has one scenario: there is nothing to compare it with.",
    "本研究只有一個情景，沒有可比較的對象。",
    "本研究只有一个情景，没有可比较的对象。",
)
FINDING = Text(
    "{name}: of {n} measures {better} better, {worse} worse, {changed} larger or smaller, {same} the same or nearly so, {open} "
    "undecided",
    "{name}：{n} 項指標中 {better} 項較佳，{worse} 項較差，{changed} 項較大或較小，{same} 項相同或差異甚微，{open} 項未能判定",
    "{name}：{n} 项指标中 {better} 项较优，{worse} 项较差，{changed} 项较大或较小，{same} 项相同或差异甚微，{open} 项未能判定",
)
FEWER = Text(
    "; {n} not called better, as clearly fewer flights are released",
    "；{n} 項因放行航班明顯減少而不稱較佳",
    "；{n} 项因放行航班明显减少而不称较优",
)
NO_VERDICT = Text(
    "{name}: no verdict, for it stands in another world than the scenario it is held against",
    "{name}：不作結論，因其外在條件與對照情景不同",
    "{name}：不作结论，因其外部条件与对照情景不同",
)
SHAPE = Text(
    "A panel a measure: for each compared scenario a marker at the difference from the one it is held against and a bar for its "
    "interval.",
    "每項指標一格：每個比較情景以標記顯示與其對照情景的差異，橫線為其區間。",
    "每项指标一格：每个比较情景以标记显示与其对照情景的差异，横线为其区间。",
)
BETTER = Text("better", "較佳", "较优")
_COLUMNS = 4


def numbers(study: "Study") -> pd.DataFrame:
    """The comparison of the headline measures that have events enough and differ somewhere (all if none does); empty with one."""
    shown = headline_rows(study, study.comparison, wholes_only=True).dropna(subset=["difference"])
    shown = shown[shown["verdict"] != Verdict.TOO_FEW_EVENTS]
    differs = shown.groupby(["metric", "part"])["difference"].transform(lambda differences: differences.ne(0).any()).astype(bool)
    return shown[differs] if differs.any() else shown


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a panel a measure, a row a compared scenario."""
    shown = numbers(study)
    title = TITLE.in_language(language).format(base=labels.base_of_all(study, language))
    if shown.empty:
        return style.nothing_to_show(title, ALONE.in_language(language))
    compared = list(study.against)
    panels = list(shown.groupby(["metric", "part"], sort=False))
    lines, columns = lines_of_panels(len(panels), _COLUMNS)
    note = NOTE.in_language(language).format(confidence=labels.confidence(study))
    names = [style.wrap(labels.held(study, name, language), 1.8, 8.5) for name in compared]
    body_in = lines * (1.0 + sum(0.13 + 0.14 * (name.count("\n") + 1) for name in names))
    findings = "\n".join(_findings(study, shown, language))
    figure = style.page(body_in, title, findings, labels.with_source(note, study, language))
    axes = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for axis, (key, rows) in zip(axes.flat, panels, strict=False):
        metric, part = key
        _panel(study, axis, str(metric), str(part), rows.set_index("scenario").reindex(compared), 7.3 / columns - 0.1, language)
    for axis in axes.flat[len(panels) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        axis.set_yticks(range(len(compared)), names, size=8.5)
    axes[0, 0].set_ylim(len(compared) - 0.5, -0.5)
    return figure


def finding(study: "Study", language: Language) -> str:
    """A line a compared scenario: how many measures are better, worse, changed and open."""
    shown = numbers(study)
    return "\n".join(_findings(study, shown, language)) if len(shown) else ALONE.in_language(language)


def _findings(study: "Study", shown: pd.DataFrame, language: Language) -> Iterator[str]:
    for name in study.against:
        label = labels.held(study, name, language)
        verdicts = [Verdict(verdict) for verdict in shown.loc[shown["scenario"] == name, "verdict"]]
        if Verdict.OTHER_WORLD in verdicts:
            yield NO_VERDICT.in_language(language).format(name=label)
            continue
        groups = {
            "better": IS_BETTER,
            "worse": IS_WORSE,
            "changed": (Verdict.LARGER, Verdict.SMALLER),
            "same": (Verdict.SAME, Verdict.TOO_SMALL),
            "open": (Verdict.UNDECIDED, Verdict.NOT_COMPARABLE),
        }
        counts = {group: sum(verdict in members for verdict in verdicts) for group, members in groups.items()}
        fewer = verdicts.count(Verdict.FEWER_FLIGHTS)
        ending = FEWER.in_language(language).format(n=fewer) if fewer else ""
        yield FINDING.in_language(language).format(name=label, n=len(verdicts), **counts) + ending


def _panel(study: "Study", axis: Axes, metric: str, part: str, rows: pd.DataFrame, width_in: float, language: Language) -> None:
    declared = study.metrics[metric]
    finite = rows[["difference", "ci_low", "ci_high"]].to_numpy(dtype=float).ravel()
    scale = scale_for(declared.unit_in(part), *finite)
    axis.set_title(style.wrap(labels.measure(study, metric, part, language), width_in, 9.5, style.title_weight()))
    axis.axvline(0, color=style.INK, linewidth=0.8)
    margin = rows["matters"].max() * scale.factor
    if margin > 0:
        axis.axvspan(-margin, margin, color=style.RULE, alpha=0.4, linewidth=0, zorder=0)
    for position, row in enumerate(rows.itertuples()):
        _mark(axis, position, row, scale.factor)
    _room_for_texts(axis, finite * scale.factor)
    texts = scale.changes(*rows["difference"].to_numpy(dtype=float))
    for position, text in enumerate(texts):
        axis.annotate(text, (1.0, position), xycoords=("axes fraction", "data"), ha="right", va="center", size=8)
    axis.set_xlabel(f"{scale.difference_unit.in_language(language)}  {_direction(declared.direction(part), language)}".strip())
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.grid(axis="x")


def _mark(axis: Axes, position: int, row: Any, factor: float) -> None:
    line = style.scenario_style(position + 1)
    clear = row.ci_low > 0 or row.ci_high < 0  # so is nothing without an interval
    axis.plot([row.ci_low * factor, row.ci_high * factor], [position, position], color=line.colour, linewidth=1.6)
    face = line.colour if clear else style.PAPER
    axis.plot(row.difference * factor, position, line.marker, color=line.colour, markerfacecolor=face, markersize=6)


def _room_for_texts(axis: Axes, values: Any) -> None:
    """Limits that hold 0 and every interval and leave the right third free for the numbers."""
    known = [0.0, *values[np.isfinite(values)]]
    low, high = min(known), max(known)
    if high == low:
        low, high = -1.0, 1.0
    span = high - low
    axis.set_xlim(low - 0.08 * span, high + 0.55 * span)
    axis.locator_params(axis="x", nbins=3)


def _direction(better: str, language: Language) -> str:
    word = BETTER.in_language(language)
    return {"lower": f"\N{LEFTWARDS ARROW} {word}", "higher": f"{word} \N{RIGHTWARDS ARROW}"}.get(better, "")


CHART = Chart("differences", TITLE, SHAPE, numbers, finding, draw, boostable=True)
