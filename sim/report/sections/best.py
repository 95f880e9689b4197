"""Section: which of three or more scenarios may be the best, measure by measure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from sim.charts import labels
from sim.charts.chart import headline_rows
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Column, Heading, Paragraph, Row, Table
from sim.study.best import MayBeBest
from sim.study.shown_names import BETWEEN_NAMES
from sim.study.verdict import VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    import pandas as pd

FEWEST_TO_RANK = 3  # with two scenarios, the comparison already says which is better
BEST = Text("Best of {n}", "{n} 個情景中的最佳者", "{n} 个情景中的最佳者")
CAPTION = Text("Which may be the best by each measure", "各項指標的可能最佳者", "各项指标的可能最佳者")
MEASURE, EXTREME, WHO = (
    Text("measure", "指標", "指标"),
    Text("best", "最佳", "最佳"),
    Text("may be the best", "可能最佳者", "可能最佳者"),
)
NOTE = Text(
    "With {confidence}% confidence the best by a measure is among those named first (multiple comparisons with the best, measure "
    "by measure); more replications shorten the list. Those named as less than matters behind are not the best, but by less than "
    "the smallest difference that matters. All are compared with each other, in the world of {baseline}, whatever they are held "
    "against above. Who releases clearly fewer flights than {baseline} is ranked by throughput alone. "
    "best.csv has how far each is from the best of the others.",
    "在 {confidence}% 的置信水平下，各指標的最佳者為最先列出的情景之一（與最佳者的多重比較，逐項進行）；增加重複次數可縮短名單。"
    "列為「僅略遜」者並非最佳，但差距小於值得關注的最小差異。各情景一律在「{baseline}」的外在條件下互相比較，不論上文的對照情景。"
    "放行航班明顯少於「{baseline}」者，只按通過量排名。best.csv 載有各情景與其餘最佳者的差距。",
    "在 {confidence}% 的置信水平下，各指标的最佳者为最先列出的情景之一（与最佳者的多重比较，逐项进行）；增加重复次数可缩短名单。"
    "列为“仅略逊”者并非最佳，但差距小于值得关注的最小差异。各情景一律在“{baseline}”的外部条件下互相比较，不论上文的对照情景。"
    "放行航班明显少于“{baseline}”者，只按通过量排名。best.csv 载有各情景与其余最佳者的差距。",
)
NEAR = Text(" (less than matters behind: {names})", "（僅略遜：{names}）", "（仅略逊：{names}）")
FEWER = Text("not ranked, fewer flights", "航班減少，不作排名", "航班减少，不作排名")
COMPARED = (MayBeBest.YES, MayBeBest.NEAR, MayBeBest.NO)
_EXTREMES = {"lower": Text("lowest", "最低", "最低"), "higher": Text("highest", "最高", "最高")}
_ANY, _ALIKE = Text("any of them", "任何一個", "任何一个"), Text("all the same", "全部相同", "全部相同")
_WHY = Text("{why}: {names}", "{why}：{names}", "{why}：{names}")
_SEMICOLON = Text("; ", "；", "；")


def best(context: ReportContext) -> Iterator[Block]:
    """A row a headline measure with a direction: the scenarios that may be the best by it; nothing of two scenarios."""
    study = context.study
    if len(study.names) < FEWEST_TO_RANK:
        return
    rows = []
    shown = headline_rows(study, study.best, wholes_only=True)
    for measure, of_measure in shown.groupby(["metric", "part"], sort=False):
        metric, part = map(str, cast(tuple[str, str], measure))
        label = labels.measure(study, metric, part, context.language)
        extreme = context.say(_EXTREMES[study.metrics[metric].direction(part)])
        rows.append(Row((label, extreme, _may_be_best(context, of_measure))))
    yield Heading(context.say(BEST, n=len(study.names)))
    columns = (
        Column(context.say(MEASURE), "left", 2.0),
        Column(context.say(EXTREME), "left", 0.8),
        Column(context.say(WHO), "left", 2.4),
    )
    yield Table(context.say(CAPTION), columns, tuple(rows))
    yield Paragraph(context.say(NOTE, confidence=labels.confidence(study), baseline=context.names[study.baseline]), "note")


def _may_be_best(context: ReportContext, rows: "pd.DataFrame") -> str:
    """The names of the scenarios that may be the best, and the reasons why others were not compared."""

    def listed(names: "pd.Series[str]") -> str:
        return context.say(BETWEEN_NAMES).join(context.names[str(name)] for name in names)

    states = rows["may_be_best"]
    compared = rows[states.isin(COMPARED)]
    may_be = compared.loc[compared["may_be_best"] == MayBeBest.YES, "scenario"]
    if len(compared) and (compared[["difference", "ci_low", "ci_high"]] == 0).all(axis=None):
        names = context.say(_ALIKE)
    elif len(may_be) == len(compared) > 1:
        names = context.say(_ANY)
    else:
        names = listed(may_be)
    near = compared.loc[compared["may_be_best"] == MayBeBest.NEAR, "scenario"]
    names += context.say(NEAR, names=listed(near)) if len(near) else ""
    others = [
        (context.say(FEWER if why == MayBeBest.FEWER_FLIGHTS else VERDICT_LABELS[Verdict(str(why))]), listed(some["scenario"]))
        for why, some in rows[~states.isin(COMPARED)].groupby("may_be_best")
    ]
    if len(others) == 1 and not len(compared):
        return others[0][0]
    left_out = [context.say(_WHY, why=why, names=of_why) for why, of_why in others]
    return context.say(_SEMICOLON).join([names, *left_out] if names else left_out)
