"""Chart of a sweep: a line with its interval for one parameter, a heat map for two, lines apart for what is not a number."""

from collections.abc import Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.design_points import setting_in_words
from sim.analysis.design_run import DesignRun
from sim.charts import labels, style
from sim.charts.quantity import Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import Measure
from sim.scenario.parameters import catalogue

TITLE = Text("{measure} by {parameters}", "{measure}（按{parameters}）", "{measure}（按{parameters}）")
AND = Text(" and ", "及", "及")
MEANS = Text("Means over {n} replications", "{n} 次重複的平均值", "{n} 次重复的平均值")
QUANTILES = Text("Quantiles of all {n} replications together", "{n} 次重複合併計算的分位數", "{n} 次重复合并计算的分位数")
NOTE = Text(
    "{levels}; band or bars: {confidence}% interval of each. All points share their random "
    "numbers, so that "
    "differences between points are sharper than the intervals say.",
    "{levels}；帶或線為各值的 {confidence}% 區間。各點使用相同隨機數，因此點與點之間的差異比區間所示更為明確。",
    "{levels}；带或线为各值的 {confidence}% 区间。各点使用相同随机数，因此点与点之间的差异比区间所示更为明确。",
)
CELLS = Text(
    "{levels}; the listing has their {confidence}% intervals: cells may differ by less than these "
    "hold. All points "
    "share their random numbers.",
    "{levels}；其 {confidence}% 區間見數據表，各格之差可能小於區間寬度。各點使用相同隨機數。",
    "{levels}；其 {confidence}% 区间见数据表，各格之差可能小于区间宽度。各点使用相同随机数。",
)
FINDING = Text(
    "Lowest {low} at {low_at}; highest {high} at {high_at}",
    "最低 {low}，於 {low_at}；最高 {high}，於 {high_at}",
    "最低 {low}，于 {low_at}；最高 {high}，于 {high_at}",
)
LEFT_OUT = Text(
    "Left out as not possible: {n} of {total} combinations.",
    "{total} 個組合中有 {n} 個不可行，未納入分析。",
    "{total} 个组合中有 {n} 个不可行，未纳入分析。",
)
NOT_POSSIBLE = Text("not possible", "不可行", "不可行")
NOTHING = Text("No point has a finite value.", "沒有任何一點具有限數值。", "没有任何一点具有有限数值。")
MANY = Text(
    "Several parameters: each is shown alone, a point for every setting of the others.",
    "有多項參數：逐項顯示，其他參數的每個設定各為一點。",
    "有多项参数：逐项显示，其他参数的每个设定各为一点。",
)


def draw(run: DesignRun, measured: Measure, table: pd.DataFrame, language: Language) -> Figure:
    """The figure of one measure; `table` as `sweep_table` makes it."""
    ref = measured.ref
    rows = table[(table["metric"] == ref.metric) & (table["part"] == ref.part)].reset_index(drop=True)
    paths = [column for column in rows.columns if column in catalogue()]
    rows = rows.assign(**{path: [setting_in_words(str(value), language) for value in rows[path]] for path in paths})
    names = {path: catalogue()[path].full_label.in_language(language) for path in paths}
    parameters = AND.in_language(language).join(names.values())
    title = TITLE.in_language(language).format(measure=labels.measure(run, *ref, language), parameters=parameters)
    if not np.isfinite(rows["mean"]).any():
        return style.nothing_to_show(title, NOTHING.in_language(language))
    scale = scale_for(measured.unit, *rows["mean"])
    simulated, rows = rows, _with_gaps(run, rows, paths, language)
    text = CELLS if _is_grid(rows, paths) else NOTE
    levels = (QUANTILES if run.quantiles(measured.name) else MEANS).in_language(language).format(n=run.manifest.replications)
    note = text.in_language(language).format(levels=levels, confidence=f"{100 * run.confidence:g}")
    left_out = run.left_out["point"].nunique()
    if left_out:
        note = f"{note} {LEFT_OUT.in_language(language).format(n=left_out, total=left_out + len(run.names))}"
    is_many = len(paths) > 2 or (len(paths) == 2 and rows.duplicated(paths).any())
    note = f"{note} {MANY.in_language(language)}" if is_many else note
    figure = style.page(4.2, title, _finding(simulated, paths, scale, language), note)
    if len(paths) == 1:
        _line(figure.subplots(), rows, paths[0], names[paths[0]], scale, language)
    elif _is_grid(rows, paths):
        _heat_map(figure, rows, paths, names, scale, language)
    else:
        _clouds(figure, simulated, paths, names, scale, language)
    return figure


def _with_gaps(run: DesignRun, rows: pd.DataFrame, paths: Sequence[str], language: Language) -> pd.DataFrame:
    """The rows of a measure, and, in their places in the design, rows without a level for the points that are not possible."""
    left_out = run.left_out.drop_duplicates("point")
    if left_out.empty:
        return rows.assign(is_possible=True)
    gaps = left_out[["point"]].assign(**{path: [setting_in_words(value, language) for value in left_out[path]] for path in paths})
    both = pd.concat([rows.assign(is_possible=True), gaps.assign(is_possible=False)], ignore_index=True)
    return both.sort_values("point", kind="stable", ignore_index=True)  # numbers have leading zeros


def _finding(rows: pd.DataFrame, paths: Sequence[str], scale: Scale, language: Language) -> str:
    finite = rows[np.isfinite(rows["mean"])]
    least, most = finite.loc[finite["mean"].idxmin()], finite.loc[finite["mean"].idxmax()]
    at = [", ".join(str(row[path]) for path in paths) for row in (least, most)]
    levels = [scale.level(float(row["mean"]), language) for row in (least, most)]
    return FINDING.in_language(language).format(low=levels[0], low_at=at[0], high=levels[1], high_at=at[1])


def _is_grid(rows: pd.DataFrame, paths: Sequence[str]) -> bool:
    return len(paths) == 2 and len(rows) == rows[paths[0]].nunique() * rows[paths[1]].nunique()


def _line(axis: Axes, rows: pd.DataFrame, path: str, name: str, scale: Scale, language: Language) -> None:
    """Values in the order of the design, evenly spaced: what they are called need not be a number."""
    mean, low, high = (rows[column].to_numpy(dtype=float) * scale.factor for column in ("mean", "ci_low", "ci_high"))
    place, line = np.arange(len(rows)), style.scenario_style(2)
    axis.fill_between(place, low, high, color=line.colour, alpha=0.18, linewidth=0)
    axis.plot(place, mean, color=line.colour, marker="o", linewidth=1.7, markersize=5)
    for x, y, text in zip(place, mean, scale.levels(*rows["mean"]), strict=True):
        if np.isfinite(y):
            axis.annotate(text, (x, y), xytext=(0, 7), textcoords="offset points", ha="center", size=8)
    not_possible = NOT_POSSIBLE.in_language(language)
    ticks = [style.wrap(str(value), 1.0, 8.5) for value in rows[path]]
    marks = ["" if possible else f"\n({not_possible})" for possible in rows["is_possible"]]
    axis.set_xticks(place, [tick + mark for tick, mark in zip(ticks, marks, strict=True)], size=8.5)
    axis.set_xlabel(name)
    axis.set_ylabel(scale.unit.in_language(language))
    axis.margins(x=0.05, y=0.15)
    axis.grid(axis="y")


def _heat_map(
    figure: Figure, rows: pd.DataFrame, paths: Sequence[str], names: dict[str, str], scale: Scale, language: Language
) -> None:
    across, down = paths
    columns, lines = list(dict.fromkeys(rows[across])), list(dict.fromkeys(rows[down]))
    level = rows.pivot(index=down, columns=across, values="mean").reindex(index=lines, columns=columns).to_numpy(dtype=float)
    shown = np.ma.masked_invalid(level * scale.factor)
    possible = (
        rows.pivot(index=down, columns=across, values="is_possible").reindex(index=lines, columns=columns).to_numpy(dtype=bool)
    )
    axis = figure.subplots()
    image = axis.imshow(shown, cmap=matplotlib.colormaps["cividis"], aspect="auto", origin="lower", interpolation="nearest")
    texts = iter(scale.levels(*level.ravel()))
    middle = float(shown.min() + 0.55 * (shown.max() - shown.min()))
    for (line, column), value in np.ndenumerate(level * scale.factor):
        ink = style.PAPER if np.isfinite(value) and value < middle else style.INK
        text = next(texts)
        if not possible[line, column]:
            text = NOT_POSSIBLE.in_language(language)
            axis.add_patch(Rectangle((column - 0.5, line - 0.5), 1, 1, fill=False, hatch="//", edgecolor=style.RULE, linewidth=0))
        axis.text(column, line, text, ha="center", va="center", size=8, color=ink)
    axis.set_xticks(range(len(columns)), [style.wrap(str(value), 1.0, 8.5) for value in columns], size=8.5)
    axis.set_yticks(range(len(lines)), [style.wrap(str(value), 1.6, 8.5) for value in lines], size=8.5)
    axis.set_xlabel(names[across])
    axis.set_ylabel(names[down])
    figure.colorbar(image, ax=axis, label=scale.unit.in_language(language))


def _clouds(
    figure: Figure, rows: pd.DataFrame, paths: Sequence[str], names: dict[str, str], scale: Scale, language: Language
) -> None:
    """A panel a parameter, a point a setting of all; values in rising order where they are numbers with one unit."""
    axes = figure.subplots(1, len(paths), sharey=True, squeeze=False)[0]
    for axis, path in zip(axes, paths, strict=True):
        place, ticks = _places(rows[path])
        axis_scale = scale_for({"time": "s", "share": "share"}.get(catalogue()[path].dimension, "1"), *(() if ticks else place))
        unit = axis_scale.unit.in_language(language)
        error = np.abs(rows[["ci_low", "ci_high"]].to_numpy(dtype=float).T - rows["mean"].to_numpy()) * scale.factor
        line = style.scenario_style(2)
        axis.errorbar(
            place if ticks else place * axis_scale.factor,
            rows["mean"] * scale.factor,
            yerr=np.nan_to_num(error),
            fmt="o",
            color=line.colour,
            markersize=3,
            linewidth=0.8,
        )
        if ticks:
            axis.set_xticks(range(len(ticks)), [style.wrap(tick, 0.8, 8) for tick in ticks], size=8)
        axis.set_xlabel(style.wrap(f"{names[path]}{f' ({unit})' if unit and not ticks else ''}", 9 / len(paths) - 0.4, 9))
        axis.grid(axis="y")
    axes[0].set_ylabel(scale.unit.in_language(language))


def _places(written: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Where the values stand on the axis, and the names of the places, if they are no numbers."""
    from sim.ground.parameter import in_si

    try:
        return np.array([in_si(value if not value.replace(".", "", 1).isdigit() else float(value)) for value in written]), []
    except ValueError:
        values = list(dict.fromkeys(written))
        return np.array([values.index(value) for value in written]), values
