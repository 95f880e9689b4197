"""The answer of a robustness study: a sentence for a minister, with what a statistician needs to check it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import RenderableType
from rich.text import Text as Line

from sim.analysis.ranges import DECADES
from sim.analysis.robust import LOSS, TIE, WIN, Robustness
from sim.analysis.scenario_discovery import Condition
from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.charts.robustness import draw
from sim.ground.text import Language, Text
from sim.report.analyses import write_chart, write_pages
from sim.report.terminal import section, table

ANSWER = Text(
    "{b} has the better {measure} ({better}) in {win} of {n} plausible worlds (interval "
    "{win_low}\N{EN DASH}{win_high}), "
    "{a} in {loss} ({loss_low}\N{EN DASH}{loss_high}); in {tie} they are within {band} of each other.",
    "在 {n} 個合理情境中，{b} 的{measure}（{better}）在 {win} 的情境較佳（區間 {win_low}\N{EN DASH}{win_high}），"
    "{a} 在 {loss} 的情境較佳（{loss_low}\N{EN DASH}{loss_high}）；其餘 {tie} 兩者相差不超過 {band}。",
    "在 {n} 个合理情境中，{b} 的{measure}（{better}）在 {win} 的情境较优（区间 {win_low}\N{EN DASH}{win_high}），"
    "{a} 在 {loss} 的情境较优（{loss_low}\N{EN DASH}{loss_high}）；其余 {tie} 两者相差不超过 {band}。",
)
BETTER = {
    "lower": Text("lower is better", "愈低愈好", "越低越好"),
    "higher": Text("higher is better", "愈高愈好", "越高越好"),
}
RULE = Text(
    "{b} loses mostly where {conditions}: in {losses} of these {worlds} worlds (density {density}; over all worlds "
    "{base}), which "
    "is {coverage} of its losses (coverage). The rule was found on the worlds that it describes, so that its density is "
    "rather too high.",
    "{b} 主要在以下情境落後：{conditions}；當中 {worlds} 個情境有 {losses} 個落後（密度 {density}；全部情境為 {base}），"
    "佔其落後情境的 {coverage}（覆蓋率）。規律由所描述的情境歸納而得，其密度略為偏高。",
    "{b} 主要在以下情境落后：{conditions}；其中 {worlds} 个情境有 {losses} 个落后（密度 {density}；全部情境为 {base}），"
    "占其落后情境的 {coverage}（覆盖率）。规律由所描述的情境归纳而得，其密度略为偏高。",
)
NEVER = Text("{b} loses in none of the worlds tried.", "{b} 在試算的情境中從未落後。", "{b} 在试算的情境中从未落后。")
NO_RULE = Text(
    "Where {b} loses follows no simple rule, or it loses too seldom to tell one.",
    "{b} 落後的情境沒有簡單規律，或次數太少，無從歸納。",
    "{b} 落后的情境没有简单规律，或次数太少，无从归纳。",
)
ABOVE, BELOW = (
    Text("{name} is above {value}", "{name}高於 {value}", "{name}高于 {value}"),
    Text("{name} is at most {value}", "{name}不高於 {value}", "{name}不高于 {value}"),
)
AND = Text(" and ", "，且", "，且")
SHARE_NOT_PROBABILITY = Text(
    "A share of the worlds tried is no probability: nobody knows how likely each of them is. The worlds are spread (a Latin "
    "hypercube) over the declared plausible ranges of {ranges} parameters, most of them guesses: evenly, or evenly by "
    "factor where "
    "the ends of a range differ more than {decades}-fold; another spread would give another share. Both policies met the same "
    "worlds and the same random numbers, {replications} replications in each. The intervals (Wilson) hold for the share "
    "among such "
    "worlds.",
    "試算情境的比例並非概率：各情境的可能性無人知曉。情境以拉丁超立方法在 {ranges} 項參數的合理範圍內抽取，其中多為推測："
    "一般均勻分佈，上下限相差逾 {decades} 倍者按倍數均勻分佈；分佈不同，比例亦會不同。兩項政策面對相同情境及相同隨機數，"
    "每個情境重複 {replications} 次。區間（威爾遜法）針對此類情境中的比例。",
    "试算情境的比例并非概率：各情境的可能性无人知晓。情境以拉丁超立方法在 {ranges} 项参数的合理范围内抽取，其中多为推测："
    "一般均匀分布，上下限相差逾 {decades} 倍者按倍数均匀分布；分布不同，比例也会不同。两项政策面对相同情境及相同随机数，"
    "每个情境重复 {replications} 次。区间（威尔逊法）针对此类情境中的比例。",
)
UNKNOWN = Text(
    "{n} of {all} worlds are left out of this: the measure has no value there in any replication of both policies, or an "
    "infinite one under both (too few flights released).",
    "{all} 個情境中有 {n} 個未予計入：該指標在兩項政策的同一次重複中均無數值，或在兩項政策下均為無限（放行航班太少）。",
    "{all} 个情境中有 {n} 个未予计入：该指标在两项政策的同一次重复中均无数值，或在两项政策下均为无限（放行航班太少）。",
)
SMALL = 0.05
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def answer(result: Robustness, language: Language = "en") -> list[str]:
    """The sentences: who is better in how many worlds, and where it is not so."""
    a, b = policies(result)
    measured = result.measured
    label = labels.measure(result.design_run, *measured.ref, language)
    scale = scale_for(measured.metric.unit, result.band if result.band else 1.0)
    percentages = {
        word: _per_cent(value)
        for name, key in ((WIN, "win"), (LOSS, "loss"), (TIE, "tie"))
        for word, value in zip((key, f"{key}_low", f"{key}_high"), result.shares[name], strict=True)
    }
    better = BETTER[measured.better].in_language(language)
    band = f"{scale.levels(result.band)[0]} {scale.difference_unit.in_language(language)}".strip() if result.band else "0"
    label = label if language != "en" else label[:1].lower() + label[1:]
    first = ANSWER.in_language(language).format(a=a, b=b, measure=label, better=better, n=result.n, band=band, **percentages)
    left = len(result.verdict) - result.n
    unknown = [UNKNOWN.in_language(language).format(n=left, all=len(result.verdict))] if left else []
    return [first, *unknown, _rule(result, b, language)]


def policies(result: Robustness) -> tuple[str, str]:
    """The names of the two policies."""
    first, second = (scenario.name for scenario in result.design_run.manifest.scenarios)
    return str(first), str(second)


def caveat(result: Robustness, language: Language = "en") -> str:
    """What the sentences rest on."""
    text = SHARE_NOT_PROBABILITY.in_language(language)
    return text.format(ranges=len(result.ranges), replications=result.design_run.manifest.replications, decades=f"{DECADES:g}")


def _rule(result: Robustness, b: str, language: Language) -> str:
    rule = result.rule
    if not (result.verdict == LOSS).any():
        return NEVER.in_language(language).format(b=b)
    if rule is None:
        return NO_RULE.in_language(language).format(b=b)
    conditions = AND.in_language(language).join(_condition(result, condition, language) for condition in rule.conditions)
    shares = {name: _per_cent(getattr(rule, name)) for name in ("density", "base", "coverage")}
    return RULE.in_language(language).format(b=b, conditions=conditions, losses=rule.losses, worlds=rule.worlds, **shares)


def _condition(result: Robustness, condition: Condition, language: Language) -> str:
    tried = next(tried for tried in result.ranges if tried.path == condition.path)
    text = ABOVE if condition.above else BELOW
    value = tried.in_words(float(f"{condition.value:.2g}"))
    return text.in_language(language).format(name=tried.label.in_language(language), value=value)


def _per_cent(share: float) -> str:
    return f"{100 * share:.{1 if 0 < share < SMALL else 0}f}%"


def pages(result: Robustness, language: Language = "en") -> Iterator[RenderableType]:
    """The printed answer."""
    a, b = policies(result)
    yield from section(f"{b} against {a}: robustness", [Line(sentence, style="bold") for sentence in answer(result, language)])
    known = result.difference[~np.isnan(result.difference)]
    if len(known):
        quantiles = np.quantile(known, QUANTILES, method="nearest").tolist()
        scale = scale_for(result.measured.metric.unit, *quantiles)
        unit = scale.difference_unit.in_language(language)
        headings = ["share of the worlds", *(f"{q:.0%}" for q in QUANTILES)]
        row = [f"difference at most{f' ({unit})' if unit else ''}", *scale.changes(*quantiles)]
        yield from section(f"{b} minus {a} over the worlds", [table(headings, [row])])
    yield from section("Read this before you use a number", [Line(caveat(result, language))])


def write_answer(result: Robustness, folder: Path) -> None:
    """The printed answer, and the chart in each language."""
    write_pages(folder, pages(result))
    write_chart(folder, "robustness", lambda language: draw(result, answer(result, language)[0], language))
