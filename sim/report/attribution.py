"""The printed attribution in three languages: which lever of a package did it, with its chart."""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.attribution_table import DEAD, INTERACTIONS, LABELS, LEVER, LISTING, WHOLE, read_attribution, read_interactions
from sim.analysis.design_run import DesignRun
from sim.charts import labels
from sim.charts.attribution import draw
from sim.charts.quantity import NOT_KNOWN, Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef
from sim.report.analyses import reading, section, table, write_chart, write_pages
from sim.report.document import Block, Paragraph
from sim.study.comparison import FLIGHTS
from sim.study.shown_names import names_in
from sim.study.verdict import VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADING = Text(
    "Which lever of {package} did it, against {base}",
    "「{package}」中哪一項起作用（與「{base}」比較）",
    "“{package}”中哪一项起作用（与“{base}”比较）",
)
CLEAR = Text(
    "{measure}: {before} in {base}, {change} with {package} [{low}, {high}]{verdict}.",
    "{measure}：「{base}」為 {before}，「{package}」的差異為 {change}〔{low}，{high}〕{verdict}。",
    "{measure}：“{base}”为 {before}，“{package}”的差异为 {change}〔{low}，{high}〕{verdict}。",
)
OF_THAT = Text("Of that, {parts}.", "其中{parts}。", "其中{parts}。")
NONE_CLEAR = Text("No lever's share is clear by itself.", "任何一項的份額均不明確。", "任何一项的份额均不明确。")
NOT_SHARED = Text(
    "It can't be shared out, since the measure has no value with some of the combinations.",
    "指標在部分組合下沒有數值，故無法分攤。",
    "指标在部分组合下没有数值，故无法分摊。",
)
NOT_CLEAR = Text(
    "{measure}: {before} in {base}; all levers together make no clear difference ({change} [{low}, {high}]), but {parts}.",
    "{measure}：「{base}」為 {before}；全部措施合計並無明顯差異（{change}〔{low}，{high}〕），但{parts}。",
    "{measure}：“{base}”为 {before}；全部措施合计并无明显差异（{change}〔{low}，{high}〕），但{parts}。",
)
NOTHING = Text(
    "{measure}: {before} in {base}; neither all levers together nor any of them makes a clear difference.",
    "{measure}：「{base}」為 {before}；無論全部措施合計或任何一項，均無明顯差異。",
    "{measure}：“{base}”为 {before}；无论全部措施合计或任何一项，均无明显差异。",
)
NO_LEVER = Text(
    "{package} changes nothing against {base} but its name: there is no lever.",
    "{package}與{base}只有名稱不同，沒有任何措施可分攤。",
    "{package}与{base}只有名称不同，没有任何措施可分摊。",
)
ALL_DEAD = Text(
    "Nothing that {package} changes moves anything here: every flight is planned as in {base}.",
    "{package}所作的改變在此均不起作用：各航班的計劃與{base}完全相同。",
    "{package}所作的改变在此均不起作用：各航班的计划与{base}完全相同。",
)
NO_VALUE = Text(
    "{measure}: no number can be shared out, since it has no value with some of the combinations.",
    "{measure}：在部分組合下沒有數值，無法分攤。",
    "{measure}：在部分组合下没有数值，无法分摊。",
)
PART = Text("{change} by {lever}{verdict}", "「{lever}」佔 {change}{verdict}", "“{lever}”占 {change}{verdict}")
QUALIFIED = Text(" ({verdict})", "（{verdict}）", "（{verdict}）")
TOGETHER = Text(
    "{measure}: {first} and {second} together make it {change} [{low}, {high}] beyond what each does alone.",
    "{measure}：「{first}」與「{second}」併用，較各自單獨採用之和相差 {change}〔{low}，{high}〕。",
    "{measure}：“{first}”与“{second}”并用，比各自单独采用之和相差 {change}〔{low}，{high}〕。",
)
INTERACT = Text("Together", "併用的效果", "并用的效果")
COLUMN_NAMES = {
    "lever": Text("lever", "措施", "措施"),
    "alone": Text("alone", "單獨採用", "单独采用"),
    "left_out": Text("added last", "最後採用", "最后采用"),
    "share": Text("share", "份額", "份额"),
    "interval": Text("interval", "區間", "区间"),
    "verdict": Text("verdict", "判定", "判定"),
}
STEP = Text("step", "逐步", "逐步")
ALL = Text("all together", "全部", "全部")
HOW = Text(
    "Every combination ran on the same random numbers. Alone: the difference that the lever makes when nothing else is changed. "
    "Added last: what it adds to all the others, which is lost when it alone is left out. Share: its mean gain over {orders} "
    "in which the levers can be put in, one after the other (its Shapley value); the shares add up to the difference of "
    "all. A dash: the checks refuse that combination, or the measure has no value with it. Intervals are at {confidence}, each "
    "by itself: of twenty, one or so misses.",
    "各組合使用相同的隨機數。單獨採用：只採用該項時的差異。最後採用：在其餘各項之上再採用該項的差異，亦即抽去該項會失去的部分。"
    "份額：按各項可逐一採用的{orders}計算，該項加入時差異的平均值（沙普利值），各項相加即為總差異。"
    "橫線：檢核規則不容許該組合，或指標在其下沒有數值。區間信度為 {confidence}，逐項計算，約每二十項有一項落空。",
    "各组合使用相同的随机数。单独采用：只采用该项时的差异。最后采用：在其余各项之上再采用该项的差异，也就是去掉该项会失去的部分。"
    "份额：按各项可逐一采用的{orders}计算，该项加入时差异的平均值（沙普利值），各项相加即为总差异。"
    "横线：校验规则不允许该组合，或指标在其下没有数值。区间置信水平为 {confidence}，逐项计算，约每二十项有一项落空。",
)
HOW_STEPS = Text(
    "Every step ran on the same random numbers. Step: the difference that the lever makes on top of those above it; another "
    "order would share out differently. Alone: the difference when nothing else is changed. Added last: what it adds to all "
    "the others. A dash: the checks refuse that combination, or the measure has no value with it. Intervals are at {confidence}, "
    "each by itself: of twenty, one or so misses.",
    "各步使用相同的隨機數。逐步：在以上各項之上再採用該項的差異；次序不同，分攤亦不同。"
    "單獨採用：只採用該項時的差異。"
    "最後採用：在其餘各項之上再採用該項的差異，亦即抽去該項會失去的部分。橫線：檢核規則不容許該組合，或指標在其下沒有數值。"
    "區間信度為 {confidence}，逐項計算，約每二十項有一項落空。",
    "各步使用相同的随机数。逐步：在以上各项之上再采用该项的差异；次序不同，分摊也不同。单独采用：只采用该项时的差异。"
    "最后采用：在其余各项之上再采用该项的差异，也就是去掉该项会失去的部分。横线：校验规则不允许该组合，或指标在其下没有数值。"
    "区间置信水平为 {confidence}，逐项计算，约每二十项有一项落空。",
)
ONE_ORDER = Text("the one order", "唯一的次序", "唯一的次序")
ALL_ORDERS = Text("the {n} orders", " {n} 種次序", " {n} 种次序")
SOME_ORDERS = Text("{n} orders, drawn from those", "次序中抽取 {n} 種", "次序中抽取 {n} 种")
FILES = Text(
    "{listing} has all numbers, why a combination was refused, and the shares of the flights that get through; {pairs} what two "
    "levers do together.",
    "{listing} 載有全部數字、組合不獲容許的原因及獲放行航班的份額；{pairs} 載有兩項併用的效果。",
    "{listing} 载有全部数字、组合不获允许的原因及获放行航班的份额；{pairs} 载有两项并用的效果。",
)
SEMICOLON = Text("; ", "；", "；")
MOST_PAIRS = 3  # of a measure
NEGLIGIBLE = 0.005  # of the largest number of a table: less is no more than the rounding of that one
_FEWER = (Verdict.WORSE, Verdict.WORSE_PERHAPS_SMALL)


def write_answer(run: DesignRun, folder: Path) -> None:
    """The printed attribution in each language, and a chart a package."""
    attribution, pairs = read_attribution(folder), read_interactions(folder)
    write_pages(run, folder, partial(pages, run, attribution, pairs))
    packages = list(dict.fromkeys(attribution["scenario"]))
    for name in packages:
        rows = shown(run, attribution[attribution["scenario"] == name])
        write_chart(folder, "attribution" if len(packages) == 1 else f"attribution-{name}", partial(_drawn, run, rows))


def _drawn(run: DesignRun, rows: pd.DataFrame, language: Language) -> "Figure":
    return draw(run, rows, finding(run, rows, language), is_stepwise(run), language)


def is_stepwise(run: DesignRun) -> bool:
    """Whether the levers were put in in one order that was asked for."""
    return bool(run.manifest.asked["steps"])


def shown(run: DesignRun, of_package: pd.DataFrame) -> pd.DataFrame:
    """The rows of the measures that were asked about; those of the flights that get through are in the listing in any case."""
    wanted = run.manifest.asked["measures"][of_package["scenario"].iloc[0]]
    refs = [MeasureRef(*pair) for pair in zip(of_package["metric"], of_package["part"], strict=True)]
    keep = [str(ref) in wanted or ref.metric in wanted for ref in refs]  # of a key alone all its parts
    keep = keep if any(keep) else [ref != FLIGHTS for ref in refs]
    rows: pd.DataFrame = of_package[keep]
    return rows


def _of_flights_turned_away(of_package: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the flights that get through, which nobody asked about, where clearly fewer do; else none."""
    flights = of_package[[MeasureRef(*pair) == FLIGHTS for pair in zip(of_package["metric"], of_package["part"], strict=True)]]
    is_news = flights["verdict"].isin(_FEWER).any() and not flights.index.isin(rows.index).any()
    return flights if is_news else flights.iloc[:0]


def pages(run: DesignRun, attribution: pd.DataFrame, pairs: pd.DataFrame, language: Language) -> Iterator[Block]:
    """Of each package, each measure's sentence with its table; then what two levers do together, and how to read it."""
    names = names_in(run, language)
    for package, of_package in attribution.groupby("scenario", sort=False):
        rows = shown(run, of_package)
        base = names[str(rows["base"].iloc[0])]
        blocks: list[Block] = []
        if (rows["row"] != LEVER).all():
            blocks = [Paragraph(finding(run, rows, language), "lead")]
            rows = rows.iloc[:0]
        for _, of_measure in pd.concat([rows, _of_flights_turned_away(of_package, rows)]).groupby(["metric", "part"], sort=False):
            blocks += [Paragraph(sentence_of(run, of_measure, language), "lead"), *_tables(run, of_measure, language)]
        yield from section(HEADING.in_language(language).format(package=names[str(package)], base=base), *blocks)
        together = list(_interactions(run, rows, pairs[pairs["scenario"] == package], language))
        if together:
            yield from section(INTERACT.in_language(language), *map(Paragraph, together))
    orders = _orders(run, attribution, language)
    how = (HOW_STEPS if is_stepwise(run) else HOW).in_language(language)
    sentence = how.format(orders=orders, confidence=f"{run.confidence:.0%}")
    files = FILES.in_language(language).format(listing=LISTING, pairs=INTERACTIONS)
    yield from reading(language, [*([sentence] if orders else []), files])


def _orders(run: DesignRun, attribution: pd.DataFrame, language: Language) -> str:
    """Over how many orders the shares are means; of many levers they are a sample."""
    levers = attribution[attribution["row"] == LEVER]
    counts = dict.fromkeys(zip(levers["orders"], levers["order_error"].notna(), strict=True))
    texts = [(SOME_ORDERS if of_sample else ALL_ORDERS if n > 1 else ONE_ORDER, f"{int(n):,}") for n, of_sample in counts]
    words = [text.in_language(language).format(n=n) for text, n in texts]
    return (", " if language == "en" else "、").join(words)


def finding(run: DesignRun, rows: pd.DataFrame, language: Language) -> str:
    """The sentence on the first measure of a package."""
    first = rows.iloc[0]
    return sentence_of(run, rows[(rows["metric"] == first["metric"]) & (rows["part"] == first["part"])], language)


def sentence_of(run: DesignRun, rows: pd.DataFrame, language: Language = "en") -> str:
    """What one measure of a package comes to, and which levers did it; rows: those of the measure."""
    whole, levers = rows[rows["row"] == WHOLE].iloc[0], rows[rows["row"] == LEVER]
    names, scale = names_in(run, language), scale_of(rows)
    words = {
        "measure": labels.measure(run, str(whole["metric"]), str(whole["part"]), language),
        "base": names[str(whole["base"])],
        "package": names[str(whole["scenario"])],
        "before": scale.level(float(whole["at_base"]), language),
    }
    if levers.empty:
        return (ALL_DEAD if (rows["row"] == DEAD).any() else NO_LEVER).in_language(language).format(**words)
    if pd.isna(whole["share"]):
        return NO_VALUE.in_language(language).format(**words)
    words |= {"change": scale.change(float(whole["share"]), language), "verdict": _qualified(whole, language)}
    words |= _ends(scale, whole, "share_low", "share_high")
    clear = levers[_is_clear(levers) & (levers["share"].abs() >= NEGLIGIBLE * rows["share"].abs().max())].sort_values(
        "share", key=abs, ascending=False, kind="stable"
    )
    parts = [
        PART.in_language(language).format(
            change=scale.change(float(row["share"]), language),
            lever=row[LABELS[language]],
            verdict="" if row["verdict"] == whole["verdict"] else _qualified(row, language),
        )
        for row in clear.to_dict("records")
    ]
    listed = SEMICOLON.in_language(language).join(parts)
    if not _is_clear(rows[rows["row"] == WHOLE]).all():
        return (NOT_CLEAR if parts else NOTHING).in_language(language).format(**words, parts=listed)
    of_that = OF_THAT if parts else NOT_SHARED if levers["share"].isna().all() else NONE_CLEAR
    sentences = [text.in_language(language).format(**words, parts=listed) for text in (CLEAR, of_that)]
    return (" " if language == "en" else "").join(sentences)


def _qualified(row: "Mapping[Hashable, Any] | pd.Series[Any]", language: Language) -> str:
    """What a number must not be repeated without: that it is too small to matter, or for fewer flights."""
    verdict = Verdict(row["verdict"])
    if verdict not in (Verdict.TOO_SMALL, Verdict.FEWER_FLIGHTS):
        return ""
    return QUALIFIED.in_language(language).format(verdict=VERDICT_LABELS[verdict].in_language(language))


def _ends(scale: Scale, row: "Mapping[Hashable, Any] | pd.Series[Any]", low: str, high: str) -> dict[str, str]:
    """The ends of an interval, for a sentence that has the unit with its middle."""
    return dict(zip(("low", "high"), scale.changes(float(row[low]), float(row[high])), strict=True))


def _is_clear(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether an interval does not hold 0, and there are events enough."""
    is_clear: pd.Series[bool] = ((rows["share_low"] > 0) | (rows["share_high"] < 0)) & (rows["verdict"] != Verdict.TOO_FEW_EVENTS)
    return is_clear


def scale_of(rows: pd.DataFrame) -> Scale:
    """How the numbers of a measure are written."""
    numbers = rows[["at_base", "alone", "left_out", "share"]].to_numpy(dtype=float)
    return scale_for(str(rows["unit"].iloc[0]), *numbers.ravel().tolist())


def _tables(run: DesignRun, rows: pd.DataFrame, language: Language) -> list[Block]:
    """A row a lever, and one of all; no table where none of them is alive, or nothing has a value."""
    if (rows["row"] != LEVER).all() or rows[["alone", "left_out", "share"]].isna().all(axis=None):
        return []
    scale = scale_of(rows)
    unit = scale.difference_unit.in_language(language)
    listed = rows[rows["row"] != DEAD]
    cells = [
        _cells(row, written, language) for row, written in zip(listed.to_dict("records"), _written(listed, scale), strict=True)
    ]
    headings = COLUMN_NAMES | ({"share": STEP} if is_stepwise(run) else {})
    words = {name: text.in_language(language) for name, text in headings.items()}
    headings_of = [labels.with_unit(text, unit, language) if name == "share" else text for name, text in words.items()]
    return [table(headings_of, cells)]


def _written(rows: pd.DataFrame, scale: Scale) -> list[tuple[str, ...]]:
    """Of each row alone, added last, share and the ends of its interval, all with the digits that the largest of them needs.

    A number that those digits show as 0 is 0, but for an end, on which a verdict rests.
    """
    numbers = rows[["alone", "left_out", "share", "share_low", "share_high"]].to_numpy(dtype=float, copy=True)
    numbers[:, :3][np.abs(numbers[:, :3]) < NEGLIGIBLE * np.nanmax(np.abs(numbers))] = 0.0
    texts = scale.changes(*numbers.ravel().tolist(), level=float(rows["at_base"].iloc[0]))
    return list(zip(*[iter(texts)] * numbers.shape[1], strict=True))


def _cells(row: dict[Any, Any], written: tuple[str, ...], language: Language) -> list[str]:
    alone, added_last, share, low, high = written
    interval = NOT_KNOWN if NOT_KNOWN in (low, high) else f"[{low}, {high}]"
    verdict = VERDICT_LABELS[Verdict(row["verdict"])].in_language(language) if row["verdict"] else ""
    if row["row"] == WHOLE:
        return [ALL.in_language(language), "", "", share, interval, verdict]
    return [str(row[LABELS[language]]), alone, added_last, share, interval, verdict]


def _interactions(run: DesignRun, rows: pd.DataFrame, pairs: pd.DataFrame, language: Language) -> Iterator[str]:
    """Of each measure, the pairs whose effect together is clearly not the sum of the two, the largest first."""
    label_of = {str(row["lever"]): str(row[LABELS[language]]) for row in rows[rows["row"] == LEVER].to_dict("records")}
    for (metric, part), of_measure in rows.groupby(["metric", "part"], sort=False):
        here = pairs[(pairs["metric"] == metric) & (pairs["part"] == part) & (pairs["verdict"] != Verdict.TOO_FEW_EVENTS)]
        clear = here[(here["ci_low"] > 0) | (here["ci_high"] < 0)]
        largest = clear.sort_values("interaction", key=abs, ascending=False, kind="stable").head(MOST_PAIRS)
        scale = scale_of(of_measure)
        for row in largest.to_dict("records"):
            yield TOGETHER.in_language(language).format(
                measure=labels.measure(run, str(metric), str(part), language),
                first=label_of[str(row["first"])], second=label_of[str(row["second"])],
                change=scale.change(float(row["interaction"]), language), **_ends(scale, row, "ci_low", "ci_high"),
            )  # fmt: skip
