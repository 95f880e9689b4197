"""The answer of a saturation study: how much demand the target bears, and what is short there."""

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from sim.analysis.saturation import LISTING, POOLS, SATURATED, Saturation
from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.charts.saturation import draw
from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.model.outcome import Outcome
from sim.report.analyses import reading, section, table, write_chart, write_pages
from sim.report.document import Block, Paragraph
from sim.study.csv_files import read_csv
from sim.study.pooled import is_quantile
from sim.study.shown_names import names_in

BREAKS = Text(
    "{target} holds up to {at} flights a day on each route, each way (interval {low} to {high}): {multiple} times the "
    "scenario's own "
    "{own}.",
    "{target}可維持至每條航線每日單程 {at} 班（區間 {low} 至 {high}）：為情景原有 {own} 班的 {multiple} 倍。",
    "{target}可维持至每条航线每日单程 {at} 班（区间 {low} 至 {high}）：为情景原有 {own} 班的 {multiple} 倍。",
)
HOLDS = Text(
    "{target} holds at every demand tried, from {low} to {high} flights a day on each route, each way.",
    "{target}在試算的每個需求水平（每條航線每日單程 {low} 至 {high} 班）均可維持。",
    "{target}在试算的每个需求水平（每条航线每日单程 {low} 至 {high} 班）均可维持。",
)
BROKEN = Text(
    "{target} is met at no demand tried, from {low} to {high} flights a day on each route, each way.",
    "{target}在試算的所有需求水平（每條航線每日單程 {low} 至 {high} 班）均不成立。",
    "{target}在试算的所有需求水平（每条航线每日单程 {low} 至 {high} 班）均不成立。",
)
FROM = Text(
    "{target} is met only from {since} flights a day on each route, each way, on: more demand does not break it (tried: "
    "{low} to {high}).",
    "{target}須達每條航線每日單程 {since} 班方告成立：增加需求不會令其失守（試算範圍：{low} 至 {high} 班）。",
    "{target}须达每条航线每日单程 {since} 班才成立：增加需求不会令其失守（试算范围：{low} 至 {high} 班）。",
)
FIRST = Text(
    "First saturated: {pool}, which is busy {share} of its time in its busiest hour from {from_day} flights a day on; "
    "the mean wait "
    "for it grows from {before} to {after}.",
    "最先飽和：{pool}，由每日 {from_day} 班起，最繁忙時段的使用率達 {share}；平均輪候由 {before} 增至 {after}。",
    "最先饱和：{pool}，自每日 {from_day} 班起，最繁忙时段的利用率达 {share}；平均等候由 {before} 增至 {after}。",
)
NOT_FULL = Text(
    "No pool is saturated there (busy {share} of its time in its busiest hour or more): what breaks the target is no shortage of "
    "servers alone. Fullest at the break: {pool}, busy {peak} of its time in its busiest hour; the mean wait for it grows from "
    "{before} to {after}.",
    "當時沒有資源飽和（最繁忙時段使用率達 {share}）：目標失守並非單純因人手或設備不足。失守時最接近飽和：{pool}，"
    "最繁忙時段使用率為 {peak}；平均輪候由 {before} 增至 {after}。",
    "当时没有资源饱和（最繁忙时段利用率达 {share}）：目标失守并非单纯因人手或设备不足。失守时最接近饱和：{pool}，"
    "最繁忙时段利用率为 {peak}；平均等候由 {before} 增至 {after}。",
)
WHY = Text(
    "At {low} flights a day it stands at {level}. Of the flights planned there, {ends}.",
    "每日 {low} 班時該指標為 {level}。當時計劃航班之中，{ends}。",
    "每日 {low} 班时该指标为 {level}。当时计划航班之中，{ends}。",
)
NOT_REACHED = Text(
    "It breaks because the quantile is not reached: at {past} flights a day so many planned flights are never released that it "
    "falls among them.",
    "失守是因為該分位數未達到：每日 {past} 班時，始終未放行的航班過多，分位數落在其中。",
    "失守是因为该分位数未达到：每日 {past} 班时，始终未放行的航班过多，分位数落在其中。",
)
NO_LEVEL_PAST = Text(
    "It breaks because the measure has no value at {past} flights a day.",
    "失守是因為每日 {past} 班時該指標無數值。",
    "失守是因为每日 {past} 班时该指标无数值。",
)
BELOW, ABOVE = Text("below {end}", "少於 {end}", "少于 {end}"), Text("above {end}", "多於 {end}", "多于 {end}")
NO_LEVEL = Text("no value (too few flights are released)", "無數值（放行航班太少）", "无数值（放行航班太少）")
BUSIEST = Text(
    "The busiest pool there is {pool}: {share} of its time on duty in its busiest hour.",
    "當時最繁忙的資源為{pool}，最繁忙時段使用率為 {share}。",
    "当时最繁忙的资源为{pool}，最繁忙时段利用率为 {share}。",
)
PUT_OFF = Text(
    "{share} are put off before any officer sees them (the order came after a deadline), {lost} so far that they are lost",
    "{share} 在任何人員處理之前已須延後（下單已過期限），其中 {lost} 延後過久而流失",
    "{share} 在任何人员处理之前已须延后（下单已过期限），其中 {lost} 延后过久而流失",
)
ENDS: dict[Outcome, Text] = {
    Outcome.CANCELLED: Text(
        "{share} are cancelled (they waited too long for clearance or a slot)",
        "{share} 取消（等候清關或通道時段過久）",
        "{share} 取消（等候清关或通道时隙过久）",
    ),
    Outcome.REFUSED: Text(
        "{share} are refused (by customs or for the airspace)", "{share} 不予放行（海關或空域）", "{share} 不予放行（海关或空域）"
    ),
    Outcome.DIVERTED: Text(
        "{share} are diverted (no pad was free in time)", "{share} 備降（沒有機位）", "{share} 备降（没有机位）"
    ),
    Outcome.IN_SYSTEM: Text(
        "{share} are still under way when the run ends", "{share} 在模擬結束時仍未完成", "{share} 在模拟结束时仍未完成"
    ),
}
NEARLY_ALL = Text("nearly all are released", "幾乎全部獲放行", "几乎全部获放行")
THEN = Text("; ", "；", "；")
LEAST_SHARE = 0.005
HOW = Text(
    "All routes' demand is multiplied alike, everything else stays. The interval is where the ends of the interval of the mean "
    "cross the target; below or above: not within the demands tried. Busy shares and waits: at the least demand tried, and at "
    "the first that breaks the target (at the most: at the largest tried, where none does). {file} has the curve, {pools} all "
    "pools.",
    "各航線需求按同一倍數增減，其他不變。區間為平均值區間的兩端越過目標之處；「少於」或「多於」表示不在試算的需求範圍內。"
    "使用率及輪候時間：取試算的最低需求，以及首個令目標失守的需求（如無失守，則取最高需求）。{file} 載有曲線，{pools} 載有全部"
    "資源。",
    "各航线需求按同一倍数增减，其他不变。区间为平均值区间的两端越过目标之处；“少于”或“多于”表示不在试算的需求范围内。"
    "利用率及等候时间：取试算的最低需求，以及首个令目标失守的需求（如无失守，则取最高需求）。{file} 载有曲线，{pools} 载有全部"
    "资源。",
)
TARGET = {
    True: Text("“{measure} at most {value}”", "「{measure}不多於 {value}」", "“{measure}不多于 {value}”"),
    False: Text("“{measure} at least {value}”", "「{measure}不少於 {value}」", "“{measure}不少于 {value}”"),
}
HEADING = Text("{name}: how much demand it bears", "{name}：可承受的需求", "{name}：可承受的需求")
POOLS_HEADING = Text("Pools", "資源池", "资源池")
POOL, FULL_FROM, AT_LEAST, AT_BREAK, AT_MOST, WAIT = (
    Text("pool", "資源池", "资源池"),
    Text("full from (flights a day)", "飽和（每日班次）", "饱和（每日班次）"),
    Text("busiest hour", "最繁忙時段", "最繁忙时段"),
    Text("at the break", "失守時", "失守时"),
    Text("at the most", "最高需求時", "最高需求时"),
    Text("mean wait", "平均輪候", "平均等候"),
)
SHOWN = 8


def target_in_words(result: Saturation, language: Language = "en") -> str:
    """What must hold: the measure by its name, at most or at least a value."""
    value = quantity_in_words(result.target.written.split(" ", 2)[2], language)
    measure = labels.measure(result.design_run, *result.target.measured.ref, language)
    return TARGET[result.target.at_most].in_language(language).format(measure=measure, value=value)


def answer(result: Saturation, language: Language = "en") -> list[str]:
    """The demand at which the target breaks, and the pool that is short there; or why it is met nowhere."""
    if math.isnan(result.multiple):
        first = _without_a_break(result, language)
        return [first] if result.is_met[0] else [first, *_why(result, language)]
    low, high = _ends(result, language)
    target = target_in_words(result, language)
    parts = {"target": target, "at": f"{result.per_day(result.multiple):.3g}", "low": low, "high": high}
    first = BREAKS.in_language(language).format(**parts, multiple=f"{result.multiple:.2g}", own=f"{result.own_per_day:g}")
    return [first, *_without_level(result, language), *_short(result, language)]


def _ends(result: Saturation, language: Language) -> tuple[str, str]:
    """The ends of the interval of the break; in words where one is not within the demands tried."""
    least, most, low, high = (f"{result.per_day(m):.3g}" for m in (result.tried[0], result.tried[-1], result.low, result.high))
    below, above = BELOW.in_language(language).format(end=least), ABOVE.in_language(language).format(end=most)
    return low if result.low > 0 else below, high if math.isfinite(result.high) else above


def _without_level(result: Saturation, language: Language) -> list[str]:
    """That the target breaks because there is no level any more."""
    if math.isfinite(result.level_past):
        return []
    points = zip(result.tried, result.is_met, strict=True)
    past = next(m for m, is_met in points if m > result.multiple and not is_met)
    measured = result.target.measured
    text = NOT_REACHED if is_quantile(measured.ref, {measured.ref.metric: measured.metric}) else NO_LEVEL_PAST
    return [text.in_language(language).format(past=f"{result.per_day(past):.3g}")]


def _without_a_break(result: Saturation, language: Language) -> str:
    """The target holds at all demands tried, at none, or only from some on."""
    low, high = (f"{result.per_day(m):.3g}" for m in (result.tried[0], result.tried[-1]))
    since = f"{result.per_day(result.tried[result.is_met.index(True)]):.3g}" if any(result.is_met) else ""
    text = HOLDS if all(result.is_met) else FROM if any(result.is_met) else BROKEN
    return text.in_language(language).format(target=target_in_words(result, language), low=low, high=high, since=since)


def _why(result: Saturation, language: Language) -> list[str]:
    """What stands in the way of the target at the least demand, where queues are shortest: how flights end, who is busiest."""
    level = result.level_at_least
    scale = scale_for(result.target.measured.unit, level if math.isfinite(level) else 1.0)
    ends = sorted(((share, outcome) for outcome, share in result.ends_at_least.items() if outcome in ENDS), reverse=True)
    clauses = [ENDS[end].in_language(language).format(share=_per_cent(share)) for share, end in ends if share >= LEAST_SHARE]
    if result.put_off_at_least >= LEAST_SHARE:
        shares = {"share": _per_cent(result.put_off_at_least), "lost": _per_cent(result.ends_at_least[Outcome.LOST])}
        clauses.insert(0, PUT_OFF.in_language(language).format(**shares))
    parts = {
        "low": f"{result.per_day(result.tried[0]):.3g}",
        "level": scale.level(level, language) if math.isfinite(level) else NO_LEVEL.in_language(language),
        "ends": THEN.in_language(language).join(clauses) or NEARLY_ALL.in_language(language),
    }
    why = WHY.in_language(language).format(**parts)
    if result.pools.empty:
        return [why]
    busiest = max(result.pools.to_dict("records"), key=lambda row: row["peak_at_least"])
    pool, share = labels.pool(str(busiest["pool"]), language), _per_cent(busiest["peak_at_least"])
    return [why, BUSIEST.in_language(language).format(pool=pool, share=share)]


def _per_cent(share: float) -> str:
    return f"{100 * share:.{1 if share < 0.1 else 0}f}%"


def _short(result: Saturation, language: Language) -> list[str]:
    """The pool that is full first of those that are full at the break, or else the fullest there."""
    if result.pools.empty:
        return []
    row = result.pools.iloc[0]
    is_full = bool(row["peak_past"] >= SATURATED)
    scale = scale_for("s", row["wait_past_s"], row["wait_at_least_s"])
    parts = {
        "pool": labels.pool(str(row["pool"]), language),
        "share": f"{SATURATED:.0%}",
        "from_day": f"{result.per_day(float(row['saturated_from'])):.3g}" if is_full else "",
        "peak": f"{row['peak_past']:.0%}",
        "before": scale.level(float(row["wait_at_least_s"]), language),
        "after": scale.level(float(row["wait_past_s"]), language),
    }
    return [(FIRST if is_full else NOT_FULL).in_language(language).format(**parts)]


def pages(result: Saturation, language: Language = "en") -> Iterator[Block]:
    """The answer and the pools."""
    (name,) = names_in(result.design_run, language).values()
    sentences = (Paragraph(sentence, "lead") for sentence in answer(result, language))
    yield from section(HEADING.in_language(language).format(name=name), *sentences)
    rows = []
    for row in result.pools.head(SHOWN).to_dict("records"):
        wait = scale_for("s", row["wait_past_s"], row["wait_at_least_s"])
        since = f"{result.per_day(row['saturated_from']):.3g}" if np.isfinite(row["saturated_from"]) else ""
        peaks = f"{row['peak_at_least']:.0%}", f"{row['peak_past']:.0%}"
        waits = (wait.level(row[place], language) for place in ("wait_at_least_s", "wait_past_s"))
        rows.append([labels.pool(row["pool"], language), since, *peaks, *waits])
    at = AT_MOST if math.isnan(result.multiple) else AT_BREAK
    headings = [text.in_language(language) for text in (POOL, FULL_FROM, AT_LEAST, at, WAIT, at)]
    yield from section(POOLS_HEADING.in_language(language), table(headings, rows))
    yield from reading(language, [HOW.in_language(language).format(file=LISTING, pools=POOLS)])


def write_answer(result: Saturation, folder: Path) -> None:
    """The printed answer and the chart."""
    run, curve = result.design_run, read_csv(folder / LISTING)
    write_pages(run, folder, partial(pages, result))
    write_chart(folder, "saturation", lambda language: draw(run, result, curve, " ".join(answer(result, language)), language))
