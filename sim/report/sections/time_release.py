"""Section: the simulated times in the form of a time release study of the World Customs Organization."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.charts.quantity import number
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.ledger_tables import LabelledRow
from sim.study.trs import TERMS, TFA

if TYPE_CHECKING:
    import pandas as pd

TITLE = Text("Time release study", "貨物放行時間研究", "货物放行时间研究")
STEP = Text("step", "步驟", "步骤")
COLUMNS = (
    Text("flights", "航班", "航班"),
    Text("mean (min)", "平均（分鐘）", "平均（分钟）"),
    Text("interval", "區間", "区间"),
    Text("median", "中位數", "中位数"),
    Text("95th percentile", "第95百分位", "第95百分位"),
)
TOTAL = Text("{name}: all cargo flights", "{name}：全部貨運航班", "{name}：全部货运航班")
SPLIT = Text(
    "{name}: mean minutes by channel and operator tier",
    "{name}：按處理方式及營運商級別的平均分鐘數",
    "{name}：按处置方式及运营人级别的平均分钟数",
)
LINE = Text("{direction}, {side}", "{direction}，{side}", "{direction}，{side}")
MARKED = Text("{step} *", "{step} *", "{step} *")
GROUPS = ("green", "amber", "red", "aeo", "other")
NOTE = Text(
    "In the form of the time release study of the World Customs Organization; * what Article 7.6 of the WTO Trade Facilitation "
    "Agreement calls the average release time. Export: the control of the side of origin, up to take-off; import: that of the "
    "side of destination, up to release. Each line is the mean of the flights that went through that step, so lines do not add "
    "up. Intervals are not adjusted. Names of steps are recalled, not quoted from the guide; see "
    "docs/reference/time-release-study.md.",
    "採用世界海關組織貨物放行時間研究的格式；* 為世界貿易組織《貿易便利化協定》第7.6條所指的平均放行時間。出口：出境方的監管，"
    "至起飛為止；進口：入境方的監管，至放行為止。每行為經過該步驟的航班的平均值，故各行不可相加。區間未作調整。"
    "步驟名稱憑一般認識，並非引自指南原文；見 docs/reference/time-release-study.md。",
    "采用世界海关组织货物放行时间研究的格式；* 为世界贸易组织《贸易便利化协定》第7.6条所指的平均放行时间。出口：出境方的监管，"
    "至起飞为止；进口：进境方的监管，至放行为止。每行为经过该步骤的航班的平均值，故各行不可相加。区间未作调整。"
    "步骤名称凭一般认识，并非引自指南原文；见 docs/reference/time-release-study.md。",
)


def time_release(context: ReportContext) -> Iterator[Block]:
    """Two tables a scenario: all flights with intervals, and means by channel and tier; nothing where none was released."""
    rows = context.study.time_release
    if rows.empty:
        return
    yield Heading(context.say(TITLE))
    for name in context.study.names:
        of_scenario = rows[rows["scenario"] == name]
        if of_scenario.empty:
            continue
        yield context.table(
            context.say(TOTAL, name=context.names[name]), (STEP, 3.0), COLUMNS, list(_lines(context, of_scenario, _of_all))
        )
        headings = tuple(labels.NAMED_PARTS[group] for group in GROUPS)
        yield context.table(
            context.say(SPLIT, name=context.names[name]), (STEP, 3.0), headings, list(_lines(context, of_scenario, _by_group))
        )
    yield Paragraph(context.say(NOTE), "note")


def _lines(context: ReportContext, of_scenario: "pd.DataFrame", cells: Any) -> Iterator[LabelledRow]:
    """A heading a direction and side, and a row a step."""
    for (direction, side), rows in of_scenario.groupby(["direction", "side"], sort=False):
        parts = {"direction": labels.part(str(direction), context.language), "side": labels.whose(str(side), context.language)}
        yield LabelledRow(context.say(LINE, **parts))
        for step in [step for step in TERMS if step in set(rows["step"])]:
            of_step = rows[rows["step"] == step]
            name = context.say(TERMS[step].text)
            marked = context.say(MARKED, step=name) if (of_step["tfa"] == TFA).any() else name
            yield LabelledRow(marked, cells(of_step), depth=1)


def _of_all(rows: "pd.DataFrame") -> tuple[str, ...]:
    of_all = rows[(rows["channel"] == "all") & (rows["tier"] == "all")].set_index("statistic")
    if "mean" not in of_all.index:
        return ("",) * len(COLUMNS)
    mean: Any = of_all.loc["mean"]
    interval = f"[{number(mean['ci_low'])}, {number(mean['ci_high'])}]" if mean["ci_low"] == mean["ci_low"] else ""
    others = (number(float(of_all["minutes"][statistic])) for statistic in ("median", "p95"))
    return number(mean["flights"]), number(mean["minutes"]), interval, *others


def _by_group(rows: "pd.DataFrame") -> tuple[str, ...]:
    means = rows[rows["statistic"] == "mean"]
    means_of_groups = []
    for group in GROUPS:
        of_group = means.loc[(means["channel"] == group) | (means["tier"] == group), "minutes"]
        means_of_groups.append(number(float(of_group.iloc[0])) if len(of_group) else "")
    return tuple(means_of_groups)
