"""Section: the simulated times in the form of a time release study of the World Customs Organization."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.charts.quantity import number
from sim.ground.text import Text
from sim.report.context import LISTED, ReportContext
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
LEAST_MIN = 0.5
DIFFERING = Text(
    "{name}: the steps that differ from those of {base}",
    "{name}：與{base}不同的步驟",
    "{name}：与{base}不同的步骤",
)
ALIKE = Text(
    "{name}: no step is shown to take half a minute more or less than in {base}.",
    "{name}：未見有步驟的用時與{base}相差半分鐘或以上。",
    "{name}：未见有步骤的用时与{base}相差半分钟或以上。",
)
GONE = Text(
    "Steps of {base} that no flight takes in {name}: {steps}.",
    "{base}有而{name}沒有航班經過的步驟：{steps}。",
    "{base}有而{name}没有航班经过的步骤：{steps}。",
)
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
    """All flights of the baseline with intervals, and its means by channel and tier; of all others the steps that differ.

    Nothing where no flight was released.
    """
    rows, against = context.study.time_release, context.study.against
    if rows.empty:
        return
    yield Heading(context.say(TITLE))
    for name in context.study.names:
        of_scenario, base = rows[rows["scenario"] == name], against.get(name, "")
        if of_scenario.empty:
            continue
        if base:
            yield from _against(context, name, of_scenario, base, rows[rows["scenario"] == base])
            continue
        yield context.table(
            context.say(TOTAL, name=context.names[name]), (STEP, 3.0), COLUMNS, list(_lines(context, of_scenario, _of_all))
        )
        headings = tuple(labels.NAMED_PARTS[group] for group in GROUPS)
        yield context.table(
            context.say(SPLIT, name=context.names[name]), (STEP, 3.0), headings, list(_lines(context, of_scenario, _by_group))
        )
    yield Paragraph(context.say(NOTE), "note")


def _against(
    context: ReportContext, name: str, of_scenario: "pd.DataFrame", base: str, of_base: "pd.DataFrame"
) -> Iterator[Block]:
    """The steps in which a scenario differs from the one it is held against."""
    words = {"name": context.names[name], "base": context.names[base]}
    other = _where_other(of_scenario, of_base)
    gone = [step for step in TERMS if step in set(of_base["step"]) - set(of_scenario["step"])]
    if len(other):
        yield context.table(context.say(DIFFERING, **words), (STEP, 3.0), COLUMNS, list(_lines(context, other, _of_all)))
    else:
        yield Paragraph(context.say(ALIKE, **words))
    if gone:
        steps = context.say(LISTED).join(context.say(TERMS[step].text) for step in gone)
        yield Paragraph(context.say(GONE, steps=steps, **words))


def _where_other(of_scenario: "pd.DataFrame", of_base: "pd.DataFrame") -> "pd.DataFrame":
    """The rows of the steps that only one of two scenarios has, or whose means differ by LEAST_MIN with intervals apart."""
    line = ["direction", "side", "step"]

    def means(rows: "pd.DataFrame") -> "pd.DataFrame":
        of_all = (rows["channel"] == "all") & (rows["tier"] == "all") & (rows["statistic"] == "mean")
        return rows[of_all].set_index(line)[["minutes", "ci_low", "ci_high"]]

    both = means(of_scenario).join(means(of_base).add_suffix("_base"), how="left")
    is_apart = (both["ci_low"] > both["ci_high_base"]) | (both["ci_high"] < both["ci_low_base"])
    is_other = is_apart & ((both["minutes"] - both["minutes_base"]).abs() >= LEAST_MIN) | both["minutes_base"].isna()
    kept: pd.DataFrame = of_scenario[of_scenario.set_index(line).index.isin(both.index[is_other])]
    return kept


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
