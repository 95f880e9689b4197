"""The answer of a robustness study: a sentence for a minister, with what a statistician needs to check it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from sim.analysis.ranges import DECADES
from sim.analysis.robust import FEWER, LOSS, TIE, UNDECIDED, UNKNOWN, WIN, Robustness
from sim.analysis.scenario_discovery import FEWEST, Condition
from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.charts.robustness import draw
from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.report.analyses import section, table, write_chart, write_pages
from sim.report.document import Block, Paragraph
from sim.study.pooled import is_quantile
from sim.study.shown_names import names_in

ANSWER = Text(
    "If each guess is equally likely anywhere in its range: of {all} worlds, {b} has clearly the better {measure} ({better}) "
    "in {win} (interval {win_low}\N{EN DASH}{win_high}), {a} in {loss} ({loss_low}\N{EN DASH}{loss_high}); they are alike "
    "(within {band}) in {tie}{fewer_flights}, it is undecided in {undecided} after {replications} replications each, and in "
    "{unknown} the measure has no value.",
    "假設每項推測值在其範圍內機會均等：在 {all} 個情境中，{b}的{measure}（{better}）明顯較佳者佔 {win}（區間 "
    "{win_low}\N{EN DASH}{win_high}），{a}明顯較佳者佔 {loss}（{loss_low}\N{EN DASH}{loss_high}）；兩者相若（相差不超過 "
    "{band}）者佔 {tie}{fewer_flights}；各重複 {replications} 次後仍未能判定者佔 {undecided}；該指標無數值者佔 {unknown}。",
    "假设每项推测值在其范围内机会均等：在 {all} 个情境中，{b}的{measure}（{better}）明显较优者占 {win}（区间 "
    "{win_low}\N{EN DASH}{win_high}），{a}明显较优者占 {loss}（{loss_low}\N{EN DASH}{loss_high}）；两者相若（相差不超过 "
    "{band}）者占 {tie}{fewer_flights}；各重复 {replications} 次后仍未能判定者占 {undecided}；该指标无数值者占 {unknown}。",
)
FEWER_FLIGHTS = Text(
    ", in {fewer} the better one releases clearly fewer flights (no verdict)",
    "；較佳者放行航班明顯較少、故不作判定者佔 {fewer}",
    "；较优者放行航班明显较少、故不作判定者占 {fewer}",
)
BETTER = {
    "lower": Text("lower is better", "愈低愈好", "越低越好"),
    "higher": Text("higher is better", "愈高愈好", "越高越好"),
}
RULE = Text(
    "If each guess is equally likely anywhere in its range, {b} is clearly {word} {often} where {conditions}: in {hits} of these "
    "{worlds} worlds (density {density}; over all worlds {base}), which is {coverage} of all where it is so (coverage). The rule "
    "was grown on one half of the worlds; these figures are those of the other half.",
    "假設每項推測值在其範圍內機會均等，{b}在以下情境{often}明顯{word}：{conditions}；當中 {worlds} 個情境有 {hits} "
    "個如此（密度 {density}；全部情境為 {base}），佔所有此類情境的 {coverage}（覆蓋率）。規律由一半情境歸納，數字取自另一半。",
    "假设每项推测值在其范围内机会均等，{b}在以下情境{often}明显{word}：{conditions}；其中 {worlds} 个情境有 {hits} "
    "个如此（密度 {density}；全部情境为 {base}），占所有此类情境的 {coverage}（覆盖率）。规律由一半情境归纳，数字取自另一半。",
)
MOSTLY, MORE_OFTEN = Text("mostly", "多數", "多数"), Text("especially often", "較常", "较常")
WORDS = {LOSS: Text("worse", "較差", "较差"), WIN: Text("better", "較佳", "较优")}
NEVER = Text(
    "{b} is clearly {word} in none of the worlds tried.",
    "{b}在試算的情境中從未明顯{word}。",
    "{b}在试算的情境中从未明显{word}。",
)
TOO_FEW = Text(
    "{b} is clearly {word} in {hits} of the worlds tried: too few to say where.",
    "{b}只在 {hits} 個試算情境中明顯{word}，次數太少，無從歸納在何處。",
    "{b}只在 {hits} 个试算情境中明显{word}，次数太少，无从归纳在何处。",
)
NO_RULE = Text(
    "Where {b} is clearly {word} follows no simple rule that these worlds can tell from chance.",
    "{b}在哪些情境明顯{word}，以這些情境未能歸納出有別於偶然的簡單規律。",
    "{b}在哪些情境明显{word}，以这些情境未能归纳出有别于偶然的简单规律。",
)
ABOVE, BELOW = (
    Text("{name} is above {value}", "{name}高於 {value}", "{name}高于 {value}"),
    Text("{name} is at most {value}", "{name}不高於 {value}", "{name}不高于 {value}"),
)
AND = Text(" and ", "，且", "，且")
SHARE_NOT_PROBABILITY = Text(
    "A share of the worlds tried is a probability only for who takes each guess to be equally likely anywhere in its range, "
    "and all of them independent; nobody knows how likely each world is. The worlds are spread (a Latin hypercube) over the "
    "declared plausible ranges of {ranges} parameters, most of them guesses: evenly, or evenly by factor where the ends of a "
    "range differ more than {decades}-fold; another spread would give another share. The intervals (Wilson) hold for the "
    "share among such worlds.",
    "試算情境的比例，只有在每項推測值於其範圍內機會均等且互不相關時方為概率；各情境的可能性無人知曉。情境以拉丁超立方法在 "
    "{ranges} 項參數的合理範圍內抽取，其中多為推測：一般均勻分佈，上下限相差逾 {decades} 倍者按倍數均勻分佈；分佈不同，"
    "比例亦會不同。區間（威爾遜法）針對此類情境中的比例。",
    "试算情境的比例，只有在每项推测值于其范围内机会均等且互不相关时才是概率；各情境的可能性无人知晓。情境以拉丁超立方法在 "
    "{ranges} 项参数的合理范围内抽取，其中多为推测：一般均匀分布，上下限相差逾 {decades} 倍者按倍数均匀分布；分布不同，"
    "比例也会不同。区间（威尔逊法）针对此类情境中的比例。",
)
DECIDED = Text(
    "Both policies met the same worlds and the same random numbers, {replications} replications in each. A world is decided "
    "where the {confidence} interval of its own paired difference lies wholly beyond the band, or wholly within it; such an "
    "interval misses in some {misses} of worlds, in more where few replications are skew. No world is given more replications "
    "because it is undecided.",
    "兩項政策面對相同情境及相同隨機數，每個情境重複 {replications} 次。情境本身的配對差異之 {confidence} "
    "區間全在相若範圍之外或之內，方算判定；約 {misses} 的情境其區間會有誤，重複次數少而數值偏斜時較多。"
    "未能判定的情境不會另加重複次數。",
    "两项政策面对相同情境及相同随机数，每个情境重复 {replications} 次。情境本身的配对差异的 {confidence} "
    "区间全在相若范围之外或之内，才算判定；约 {misses} 的情境其区间会有误，重复次数少而数值偏斜时较多。"
    "未能判定的情境不会另加重复次数。",
)
NEEDED = Text(
    "About {needed} replications in each world, in a new study with another seed, would decide half of the undecided.",
    "如以另一種子重新試算，每個情境重複約 {needed} 次，可判定其中半數未能判定的情境。",
    "如以另一种子重新试算，每个情境重复约 {needed} 次，可判定其中半数未能判定的情境。",
)
NO_VALUE = Text(
    "{n} of {all} worlds have no value: the measure offers none there in any replication of both policies.",
    "{all} 個情境中有 {n} 個無數值：該指標在兩項政策的同一次重複中均無數值。",
    "{all} 个情境中有 {n} 个无数值：该指标在两项政策的同一次重复中均无数值。",
)
NO_QUANTILE = Text(
    "{n} of {all} worlds have no value: the quantile has no flights there, or is not reached under both policies (it falls among "
    "flights never released).",
    "{all} 個情境中有 {n} 個無數值：該分位數沒有航班可計，或在兩項政策下均未達到（落在始終未放行的航班之中）。",
    "{all} 个情境中有 {n} 个无数值：该分位数没有航班可计，或在两项政策下均未达到（落在始终未放行的航班之中）。",
)
HEADING = Text("“{b}” against “{a}”: robustness", "「{b}」與「{a}」比較：穩健程度", "“{b}”与“{a}”比较：稳健程度")
DIFFERENCES = Text("“{b}” minus “{a}” over the worlds", "各情境中「{b}」減去「{a}」的差異", "各情境中“{b}”减去“{a}”的差异")
SHARE_OF_WORLDS = Text("share of the worlds", "佔情境的比例", "占情境的比例")
AT_MOST = Text("difference at most", "差異不大於", "差异不大于")
BEFORE_USE = Text("Read this before you use a number", "引用數字前請先閱讀", "引用数字前请先阅读")
QUOTED = Text("“{name}”", "「{name}」", "“{name}”")
KEYS = {WIN: "win", LOSS: "loss", TIE: "tie", FEWER: "fewer", UNDECIDED: "undecided", UNKNOWN: "unknown"}
SMALL = 0.05
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def answer(result: Robustness, language: Language = "en") -> list[str]:
    """The sentences: who is better in how many worlds, and where it is not so."""
    a, b = quoted_policies(result, language)
    measured = result.measured
    label = labels.measure(result.design_run, *measured.ref, language)
    scale = scale_for(measured.unit, result.band if result.band else 1.0)
    percentages = {
        word: _per_cent(value)
        for name, key in KEYS.items()
        for word, value in zip((key, f"{key}_low", f"{key}_high"), result.shares[name], strict=True)
    }
    is_for_fewer = bool((result.verdict == FEWER).any())
    fewer = FEWER_FLIGHTS.in_language(language).format(**percentages) if is_for_fewer else ""
    numbers = {
        "fewer_flights": fewer,
        "all": len(result.verdict),
        "replications": result.design_run.manifest.replications,
        **percentages,
    }
    better = BETTER[measured.better].in_language(language)
    band = f"{scale.levels(result.band)[0]} {scale.difference_unit.in_language(language)}".strip() if result.band else "0"
    label = label if language != "en" else label[:1].lower() + label[1:]
    first = ANSWER.in_language(language).format(a=a, b=b, measure=label, better=better, band=band, **numbers)
    return [first, _rule(result, b, language)]


def policies(result: Robustness, language: Language = "en") -> tuple[str, str]:
    """What a page in that language calls the two policies."""
    first, second = names_in(result.design_run, language).values()
    return first, second


def quoted_policies(result: Robustness, language: Language) -> tuple[str, str]:
    """The same for the middle of a sentence."""
    first, second = (QUOTED.in_language(language).format(name=name) for name in policies(result, language))
    return first, second


def caveats(result: Robustness, language: Language = "en") -> list[str]:
    """What the sentences rest on."""
    run, missing = result.design_run, len(result.verdict) - result.n
    shares = {"confidence": f"{100 * run.confidence:g}%", "misses": f"{100 * (1 - run.confidence):.3g}%"}
    sentences = [
        SHARE_NOT_PROBABILITY.in_language(language).format(ranges=len(result.ranges), decades=f"{DECADES:g}"),
        DECIDED.in_language(language).format(replications=run.manifest.replications, **shares),
    ]
    if np.isfinite(result.replications_needed):
        sentences.append(NEEDED.in_language(language).format(needed=f"{_rounded_up(result.replications_needed):,}"))
    if missing:
        text = NO_QUANTILE if is_quantile(result.measured.ref, run.metrics) else NO_VALUE
        sentences.append(text.in_language(language).format(n=missing, all=len(result.verdict)))
    return sentences


def _rule(result: Robustness, b: str, language: Language) -> str:
    rule, hits, word = result.rule, int((result.verdict == result.about).sum()), WORDS[result.about].in_language(language)
    if rule is None:
        text = NEVER if not hits else TOO_FEW if hits < 2 * FEWEST else NO_RULE
        return text.in_language(language).format(b=b, word=word, hits=hits)
    conditions = AND.in_language(language).join(_condition(result, condition, language) for condition in rule.conditions)
    often = (MOSTLY if rule.holds_most else MORE_OFTEN).in_language(language)
    shares = {name: _per_cent(getattr(rule, name)) for name in ("density", "base", "coverage")}
    counts = {"hits": rule.hits, "worlds": rule.worlds}
    return RULE.in_language(language).format(b=b, word=word, often=often, conditions=conditions, **counts, **shares)


def _condition(result: Robustness, condition: Condition, language: Language) -> str:
    tried = next(tried for tried in result.ranges if tried.path == condition.path)
    text = ABOVE if condition.above else BELOW
    value = quantity_in_words(tried.in_words(float(f"{condition.value:.2g}")), language)
    return text.in_language(language).format(name=tried.label.in_language(language), value=value)


def _per_cent(share: float) -> str:
    return f"{100 * share:.{1 if 0 < share < SMALL else 0}f}%"


def _rounded_up(number: float) -> int:
    """To two digits: more are not known of it."""
    size = 10 ** max(len(str(int(number))) - 2, 0)
    return int(-(-number // size) * size)


def pages(result: Robustness, language: Language = "en") -> Iterator[Block]:
    """The printed answer."""
    a, b = policies(result, language)
    sentences = (Paragraph(sentence, "lead") for sentence in answer(result, language))
    yield from section(HEADING.in_language(language).format(a=a, b=b), *sentences)
    known = result.difference[~np.isnan(result.difference)]
    if len(known):
        quantiles = np.quantile(known, QUANTILES, method="nearest").tolist()
        scale = scale_for(result.measured.unit, *quantiles)
        label = labels.with_unit(AT_MOST.in_language(language), scale.difference_unit.in_language(language), language)
        headings = [SHARE_OF_WORLDS.in_language(language), *(f"{q:.0%}" for q in QUANTILES)]
        heading = DIFFERENCES.in_language(language).format(a=a, b=b)
        yield from section(heading, table(headings, [[label, *scale.changes(*quantiles)]]))
    yield from section(BEFORE_USE.in_language(language), *map(Paragraph, caveats(result, language)))


def write_answer(result: Robustness, folder: Path) -> None:
    """The printed answer, and the chart in each language."""
    write_pages(result.design_run, folder, partial(pages, result))
    write_chart(folder, "robustness", lambda language: draw(result, answer(result, language)[0], language))
