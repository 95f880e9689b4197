"""Chart: where the time from order to release goes, along each flight's critical path."""

from typing import TYPE_CHECKING, cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import labels, style
from sim.charts.chart import Chart, rows_of
from sim.charts.panels import LEGEND_IN, lines_of_panels, merged_order, minutes_legend, name_rows, panels
from sim.charts.quantity import Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.breakdown import split_part
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

MEASURE, LEDGER = "waterfall", "ledger"
KINDS = ("wait", "service")
SCHEDULE = "schedule"
TITLE = Text("From order to release: the critical path", "由下單至放行：關鍵路徑", "由下单至放行：关键路径")
NOTE = Text(
    "Mean over released flights of the time on each flight's own critical path; the parts add up to the mean from order to "
    "release. Waiting by schedule (notice given, opening hours, decision times) is put first; where it would dwarf the rest, "
    "it is written and not drawn. What ran beside the critical path delayed nothing and is left out.",
    "各已放行航班關鍵路徑上時間的平均值，各段總和為下單至放行的平均時間。"
    "按時間表等候（預訂提前時間、開放時間、決定時間）置於最前；若遠大於其餘部分，只標示數字而不繪圖。"
    "關鍵路徑以外的步驟未造成延誤，不計入。",
    "各已放行航班关键路径上时间的平均值，各段总和为下单至放行的平均时间。"
    "按时间表等候（预订提前量、开放时间、决定时间）置于最前；若远大于其余部分，只标示数字而不绘图。"
    "关键路径以外的步骤未造成延误，不计入。",
)
FINDING = Text(
    "{name}: {total}; {schedule} by schedule, {waiting} in queues; longest other part {step} ({whose}), {longest}",
    "{name}：{total}；按時間表等候 {schedule}，輪候 {waiting}；其餘最長：{step}（{whose}），{longest}",
    "{name}：{total}；按时间表等候 {schedule}，排队 {waiting}；其余最长：{step}（{whose}），{longest}",
)
ALL_BUT_SCHEDULE = Text("all but waiting by schedule", "按時間表等候以外合計", "按时间表等候以外合计")
TOTAL = Text("order to release", "下單至放行", "下单至放行")
NOT_DRAWN = Text("{time}, not drawn", "{time}，未繪出", "{time}，未绘出")
SHAPE = Text(
    "Waterfall: a panel a scenario, a bar a step, each beginning where the one above ended; waiting hatched, the sum in black.",
    "瀑布圖：每個情景一格，每個步驟一條，各接續上一條的終點；等候為斜線，總和為黑色。",
    "瀑布图：每个情景一格，每个步骤一条，各接续上一条的终点；等候为斜线，总和为黑色。",
)
NOTHING = Text("No flight was released.", "沒有航班獲放行。", "没有航班获放行。")
_COLUMNS, _NAMES_IN = 4, 2.3
_SHORTEST_SHARE = 0.002  # parts shorter than this in every scenario are not drawn; they stay in the numbers
_DWARFS = 2.0  # how many times all the rest


def numbers(study: "Study") -> pd.DataFrame:
    """Mean seconds by scenario, step, role and kind, in the order in which steps are gone through."""
    rows = rows_of(study, MEASURE).dropna(subset=["mean"]).copy()
    rows[["stage", "kind"]] = [split_part(part) for part in rows["part"]] or None
    known = labels.stages(study.features)
    rows["step"] = [known[key].step if key in known else key for key in rows["stage"]]
    rows["role"] = [known[key].role if key in known else "shared" for key in rows["stage"]]
    by_step = rows.groupby(["scenario", "step", "role", "kind"], sort=False)["mean"].sum()
    return by_step.rename("mean_s").reset_index()


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a panel a scenario, a row a step, each bar beginning where the one above ended."""
    shown, title, names = numbers(study), TITLE.in_language(language), names_in(study, language)
    if shown["mean_s"].sum() == 0:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    worked = shown[shown["kind"] != SCHEDULE]
    rest_s, scheduled_s = (float(rows.groupby("scenario")["mean_s"].sum().max()) for rows in (worked, shown.drop(worked.index)))
    drawn = scheduled_s <= _DWARFS * rest_s
    scale = scale_for("s", rest_s + drawn * scheduled_s)
    rows = _in_order_of_time(study, _steps_to_show(worked, rest_s))
    lines, _ = lines_of_panels(len(names), _COLUMNS)
    note = labels.with_source(NOTE.in_language(language), study, language)
    figure = style.page(lines * (0.85 + 0.26 * (len(rows) + 2)) + LEGEND_IN, title, finding(study, language), note)
    axes = panels(figure, list(names.values()), _COLUMNS, style.WIDTH_IN - _NAMES_IN)
    for axis, name in zip(axes, names, strict=True):
        of_scenario = shown[shown["scenario"] == name]
        begin = _schedule(axis, float(of_scenario.loc[of_scenario["kind"] == SCHEDULE, "mean_s"].sum()), drawn, scale, language)
        _cascade(axis, of_scenario.set_index(["step", "role", "kind"])["mean_s"], rows, begin, scale)
        axis.set_xlabel(scale.unit.in_language(language))
        axis.set_xlim(0, 1.3 * (rest_s + drawn * scheduled_s) * scale.factor)
    steps = [labels.step_and_whose(step, role, language) for step, role in rows]
    last = TOTAL if drawn else ALL_BUT_SCHEDULE
    name_rows(axes, [labels.kind(SCHEDULE, language), *steps, last.in_language(language)], _NAMES_IN)
    minutes_legend(figure, [key for key in style.WHOSE_COLOURS if key in {role for _, role in rows}], KINDS, language)
    return figure


def _steps_to_show(worked: pd.DataFrame, rest_s: float) -> list[tuple[str, str]]:
    """The steps that are long enough in any scenario to be drawn."""
    lengths = worked.groupby(["scenario", "step", "role"], sort=False)["mean_s"].sum().reset_index()
    long = lengths[lengths["mean_s"] > _SHORTEST_SHARE * rest_s].groupby("scenario", sort=False)
    return merged_order([list(zip(rows["step"], rows["role"], strict=True)) for _, rows in long])


def _in_order_of_time(study: "Study", steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The steps as flights go through them, by their mean place in the flight; as they are where no stages were kept."""
    kept = study.stages.dropna(subset=["end_s"])
    if kept.empty:
        return steps
    place_in_flight = kept.groupby(["scenario", "replication", "flight"])["end_s"].rank(pct=True)
    place = place_in_flight.groupby([kept["step"], kept["role"]]).mean()
    return sorted(steps, key=lambda step: float(place.get(step, 1.0)))


def _schedule(axis: Axes, scheduled_s: float, drawn: bool, scale: Scale, language: Language) -> float:
    """Draw or write the row of waiting by schedule; returns where the next bar begins."""
    length = scheduled_s * scale.factor if drawn else 0.0
    axis.barh(0, length, height=0.72, **style.bar("", SCHEDULE))
    time = scale_for("s", scheduled_s).level(scheduled_s, language)
    _write(axis, length, 0, time if drawn else NOT_DRAWN.in_language(language).format(time=time))
    return length


def _cascade(axis: Axes, seconds: "pd.Series[float]", rows: list[tuple[str, str]], begin: float, scale: Scale) -> None:
    for position, (step, role) in enumerate(rows, start=1):
        first = begin
        for kind in KINDS:
            length = float(seconds.get((step, role, kind), 0.0)) * scale.factor
            axis.barh(position, length, left=begin, height=0.72, **style.bar(role, kind))
            begin += length
        if begin > first:
            axis.plot([begin, begin], [position - 0.36, position + 1.36], color=style.SOFT_INK, linewidth=0.5)
            _write(axis, begin, position, scale.levels((begin - first) / scale.factor)[0])
    axis.barh(len(rows) + 1, begin, height=0.72, facecolor=style.INK)
    _write(axis, begin, len(rows) + 1, scale.levels(begin / scale.factor)[0], weight=style.title_weight())
    axis.locator_params(axis="x", nbins=5)
    axis.grid(axis="x")


def _write(axis: Axes, x: float, y: float, text: str, weight: str = "normal") -> None:
    axis.annotate(text, (x, y), (3, 0), textcoords="offset points", va="center", size=8, weight=weight)


def finding(study: "Study", language: Language) -> str:
    """A line a scenario: the whole, the waiting, and the longest step."""
    shown = numbers(study)
    if shown["mean_s"].sum() == 0:
        return NOTHING.in_language(language)
    names = names_in(study, language)
    return "\n".join(_finding(shown[shown["scenario"] == name], names[name], language) for name in names)


def _finding(rows: pd.DataFrame, name: str, language: Language) -> str:
    if rows["mean_s"].sum() == 0:
        return f"{name}: {NOTHING.in_language(language)}"
    by_kind = rows.groupby("kind")["mean_s"].sum()
    by_step = rows[rows["kind"] != SCHEDULE].groupby(["step", "role"], sort=False)["mean_s"].sum()
    step, role = cast(tuple[str, str], by_step.idxmax())
    times = {
        "total": rows["mean_s"].sum(),
        "schedule": by_kind.get(SCHEDULE, 0.0),
        "waiting": by_kind.get("wait", 0.0),
        "longest": by_step.max(),
    }
    durations = {key: scale_for("s", float(value)).level(float(value), language) for key, value in times.items()}
    return FINDING.in_language(language).format(
        name=name, step=labels.step(step, language), whose=labels.whose(role, language), **durations
    )


CHART = Chart("waterfall", TITLE, SHAPE, numbers, finding, draw)
