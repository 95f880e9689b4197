"""Chart: what became of the same flights under each scenario: released sooner, at the same time, later, or not at all."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.charts import labels, style
from sim.charts.chart import Chart
from sim.charts.panels import LEGEND_IN
from sim.ground.text import Language, Text

if TYPE_CHECKING:
    from sim.study.study import Study

TITLE = Text("Winners and losers: the same flights under both", "誰得誰失：同一批航班", "谁得谁失：同一批航班")
SHAPE = Text(
    "Stacked bars: one a compared scenario, cut into the shares of planned flights by what became of them.",
    "堆疊橫條圖：每個比較情景一條，按結果分成佔計劃航班的比例。",
    "堆叠条形图：每个比较情景一条，按结果分成占计划航班的比例。",
)
NOTE = Text(
    "Flights are followed one by one from {base} to the scenario; sooner and later: by more than a minute. Mean over "
    "replications; winners.csv has the intervals. Scenarios with other flights can't be told flight by flight and are left out.",
    "航班由{base}至該情景逐班追蹤；提早及延後指相差超過一分鐘。各次重複的平均值；區間見 winners.csv。"
    "航班不同的情景無法逐班比較，從略。",
    "航班由{base}至该情景逐班追踪；提早及延后指相差超过一分钟。各次重复的平均值；区间见 winners.csv。"
    "航班不同的情景无法逐班比较，从略。",
)
FINDING = Text(
    "{name}: {sooner} sooner, {later} later, {newly} newly released, {no_longer} no longer",
    "{name}：{sooner} 提早，{later} 延後，{newly} 新獲放行，{no_longer} 不再獲放行",
    "{name}：{sooner} 提早，{later} 延后，{newly} 新获放行，{no_longer} 不再获放行",
)
NOTHING = Text(
    "No scenario has the flights of the one it is held against to be followed.",
    "沒有情景與其對照情景的航班相同，無法追蹤。",
    "没有情景与其对照情景的航班相同，无法追踪。",
)
AXIS = Text("share of planned flights (%)", "佔計劃航班（%）", "占计划航班（%）")
FATES: dict[str, Text] = {
    "newly_released": Text("newly released", "新獲放行", "新获放行"),
    "sooner": Text("sooner", "提早", "提早"),
    "same": Text("the same", "相同", "相同"),
    "later": Text("later", "延後", "延后"),
    "no_longer_released": Text("no longer released", "不再獲放行", "不再获放行"),
    "never_released": Text("released in neither", "兩者均未獲放行", "两者均未获放行"),
}
_FILLS: dict[str, tuple[str, str]] = {  # each has a lightness of its own, and the rare ones a hatch
    "newly_released": ("#0072b2", "..."),
    "sooner": ("#56b4e9", ""),
    "same": ("#e3e3e3", ""),
    "later": ("#d55e00", ""),
    "no_longer_released": ("#7f2704", "..."),
    "never_released": (style.PAPER, "////"),
}
_NAMES_IN, _TOLD_FROM = 2.3, 4.0


def numbers(study: "Study") -> pd.DataFrame:
    """Per compared scenario and fate: mean number of flights a replication, and their share of those planned."""
    columns = ["scenario", "fate", "flights", "share"]
    rows = study.winners
    means = rows[rows["by"] == "all"].dropna(subset=["mean"]).set_index(["scenario", "measure"])["mean"]
    followed = [name for name in study.against if study.manifest.paired_by_flight[name] and means.get((name, "planned"), 0.0) > 0]
    table = [(name, fate, means[name, fate], means[name, fate] / means[name, "planned"]) for name in followed for fate in FATES]
    return pd.DataFrame(table, columns=columns)


def finding(study: "Study", language: Language) -> str:
    """A line a scenario: winners, losers, and who is released newly or no longer."""
    shown = numbers(study)
    lines = [
        _finding(labels.held(study, str(name), language), rows.set_index("fate")["share"], language)
        for name, rows in shown.groupby("scenario", sort=False)
    ]
    return "\n".join(lines) or NOTHING.in_language(language)


def _finding(name: str, share: "pd.Series[float]", language: Language) -> str:
    fates = {"sooner": "sooner", "later": "later", "newly": "newly_released", "no_longer": "no_longer_released"}
    shares = {key: f"{share[fate]:.1%}" for key, fate in fates.items()}
    return FINDING.in_language(language).format(name=name, **shares)


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a bar a compared scenario, the winners on the left and the losers on the right."""
    shown, title = numbers(study), TITLE.in_language(language)
    if shown.empty:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    compared = list(dict.fromkeys(shown["scenario"]))
    note = labels.with_source(NOTE.in_language(language).format(base=labels.base_of_all(study, language)), study, language)
    figure = style.page(0.9 + 0.45 * len(compared) + LEGEND_IN, title, finding(study, language), note)
    axis = figure.subplots()
    for position, name in enumerate(compared):
        _bar(axis, position, shown[shown["scenario"] == name].set_index("fate")["share"])
    names = [style.wrap(labels.held(study, name, language), _NAMES_IN, 9) for name in compared]
    axis.set_yticks(range(len(compared)), names)
    axis.set_ylim(len(compared) - 0.5, -0.5)
    axis.set_xlim(0, 100)
    axis.set_xlabel(AXIS.in_language(language))
    axis.tick_params(axis="y", length=0)
    handles = [Patch(**_fill(fate), label=text.in_language(language)) for fate, text in FATES.items()]
    style.legend_line(figure, handles, LEGEND_IN)
    return figure


def _bar(axis: Axes, position: int, share: "pd.Series[float]") -> None:
    begin = 0.0
    for fate in FATES:
        length = 100 * float(share[fate])
        axis.barh(position, length, left=begin, height=0.62, **_fill(fate))
        if length >= _TOLD_FROM:
            box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0} if _FILLS[fate][1] else None
            dark = box is None and style.lightness(_FILLS[fate][0]) < 0.5
            colour = style.PAPER if dark else style.INK
            axis.text(begin + length / 2, position, f"{length:.0f}", ha="center", va="center", size=8.5, color=colour, bbox=box)
        begin += length


def _fill(fate: str) -> dict[str, Any]:
    colour, hatch = _FILLS[fate]
    edge = style.PAPER if hatch and style.lightness(colour) < 0.5 else style.INK
    return {"facecolor": colour, "edgecolor": edge, "linewidth": 0.4, "hatch": hatch}


CHART = Chart("winners", TITLE, SHAPE, numbers, finding, draw)
