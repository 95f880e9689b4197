"""The tables of the two-sided ledger and of winners and losers, as rows of texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, number, scale_for, signed
from sim.ground.text import Language, Text
from sim.study.verdict import SIGNS, VERDICT_LABELS, Verdict
from sim.study.winners import MEASURE_LABELS

if TYPE_CHECKING:
    from sim.study.study import Study

DOGS = "dog_hours"
ACCOUNT = Text("account", "帳目", "账目")
LEDGER_COLUMNS: dict[str, Text] = {
    "ledger": Text("minutes a flight", "每班分鐘", "每班分钟"),
    "officer_hours": Text("customs hours", "海關工時", "海关工时"),
    DOGS: Text("dog hours", "緝毒犬工時", "缉毒犬工时"),
    "aviation_hours": Text("aviation hours", "航空審批工時", "航空审批工时"),
    "illicit_found": Text("found", "檢獲", "查获"),
    "missed_per_million_by_side": Text("missed / million", "每百萬件漏檢", "每百万件漏检"),
}
HOW_LEDGER = Text(
    "Minutes: on the critical path from order to release, a released flight. Hours: of customs officers, detector dogs and "
    "those who authorise flights, per 1,000 flights filed (authorised: applied for). Found: illicit consignments a replication, "
    "by whose officers. Missed: illicit consignments expected to pass, per million released that passed the control of that "
    "side, as exports or as imports. In brackets, where there is one, the difference from the scenario it is held against: + "
    "better, ! worse, ~ larger or smaller; ledger.csv has every interval and verdict.",
    "分鐘：每班已放行航班由下單至放行的關鍵路徑上的時間。工時：海關人員、緝毒犬及飛行審批人員每 1,000 班"
    "已申報航班（審批：已申請空域航班）的工時。檢獲：每次重複的違禁貨件數，歸入檢獲人員所屬一方。漏檢：每百萬件經該方查驗"
    "（出口或進口）而放行的貨件中，預期漏檢的違禁貨件數。"
    "括號內為與對照情景的差異：+ 較佳，! 較差，~ 較大或較小。ledger.csv 載有全部區間及結論。",
    "分钟：每班已放行航班由下单至放行的关键路径上的时间。工时：海关人员、缉毒犬及飞行审批人员每 1,000 班"
    "已申报航班（审批：已申请空域航班）的工时。查获：每次重复的违禁货件数，计入查获人员所属一方。漏检：每百万件经该方查验"
    "（出口或进口）而放行的货件中，预期漏检的违禁货件数。"
    "括号内为与对照情景的差异：+ 较优，! 较差，~ 较大或较小。ledger.csv 载有全部区间及结论。",
)
WHAT, MEAN, INTERVAL, OF_PLANNED, GROUP = (
    Text("flights, and what they carried", "航班及所載貨件", "航班及所载货件"),
    Text("mean", "平均", "平均"),
    Text("interval", "區間", "区间"),
    Text("of planned", "佔計劃航班", "占计划航班"),
    Text("group", "組別", "组别"),
)
GROUP_COLUMNS: dict[str, Text] = {
    "planned": Text("flights", "航班", "航班"),
    "sooner": Text("sooner", "提早", "提早"),
    "same": Text("same", "相同", "相同"),
    "later": Text("later", "延後", "延后"),
    "newly_released": Text("newly", "新獲", "新获"),
    "no_longer_released": Text("no longer", "不再", "不再"),
    "median_gain": Text("gain (min)", "提早（分鐘）", "提早（分钟）"),
    "median_loss": Text("loss (min)", "延後（分鐘）", "延后（分钟）"),
}
OTHER_FLIGHTS = Text(
    "{name} has other flights than {base}: who wins and who loses can't be told flight by flight.",
    "{name} 的航班與 {base} 不同：無法逐班說明誰得誰失。",
    "{name} 的航班与 {base} 不同：无法逐班说明谁得谁失。",
)
BOOSTED = Text(
    "In a boosted study the flights' times are those of another world: who wins and who loses is not told.",
    "在提高違禁品比率的研究中，航班時間屬另一設定，故不說明誰得誰失。",
    "在提高违规比例的研究中，航班时间属另一设定，故不说明谁得谁失。",
)
HOW_WINNERS = Text(
    "The same flights in both, counted a replication. By group: shares of the flights planned; the tier is that under the "
    "scenario. winners.csv has every interval.",
    "兩者為同一批航班，按每次重複計。分組列為佔計劃航班的比例；營運商級別以該情景為準。winners.csv 載有全部區間。",
    "两者为同一批航班，按每次重复计。分组列为占计划航班的比例；运营人级别以该情景为准。winners.csv 载有全部区间。",
)
BY: dict[str, Text] = {
    "priority": Text("by priority", "按優先級", "按优先级"),
    "tier": Text("by tier", "按營運商級別", "按运营人级别"),
    "destination": Text("by side of destination", "按目的地一方", "按目的地一方"),
}
_NOTES = {str(verdict): text for verdict, text in VERDICT_LABELS.items()}


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a table of texts: its label and its cells; a heading has no cells. depth: levels of indentation."""

    label: str
    cells: tuple[str, ...] = ()
    depth: int = 0


def ledger_columns(study: "Study") -> dict[str, Text]:
    """The columns of the ledger: those of LEDGER_COLUMNS, dogs only where some are at work."""
    rows = study.ledger
    dogs = rows.loc[rows["metric"] == DOGS, "mean"].fillna(0)
    return {metric: heading for metric, heading in LEDGER_COLUMNS.items() if metric != DOGS or (dogs > 0).any()}


def ledger_rows(study: "Study", language: Language = "en") -> list[LabelledRow]:
    """A heading a scenario and a row an account, with the cells of `ledger_columns`."""
    rows, table_rows = study.ledger, []
    columns = ledger_columns(study)
    for name in study.names:
        table_rows.append(LabelledRow(labels.held(study, name, language)))
        of_scenario = rows[rows["scenario"] == name]
        for account in dict.fromkeys(rows["account"]):
            of_account = of_scenario[of_scenario["account"] == account].set_index("metric")
            cells = tuple(_ledger_cell(of_account.loc[metric]) if metric in of_account.index else "" for metric in columns)
            if any(cells):
                table_rows.append(LabelledRow(labels.whose(account, language), cells, depth=1))
    return table_rows


def _ledger_cell(row: Any) -> str:
    """The level, and the difference behind it where it is clear."""
    if np.isnan(row["mean"]):
        return ""
    level = number(row["mean"])
    return f"{level} ({signed(row['difference'])}{SIGNS[Verdict(row['verdict'])]})" if row["verdict"] in SIGNS else level


def flight_rows(study: "Study", name: str, language: Language = "en") -> list[LabelledRow]:
    """A row a measure over all flights: mean, interval, share of the flights planned."""
    rows = study.winners
    rows = rows[(rows["scenario"] == name) & (rows["by"] == "all")].set_index("measure")
    planned = float(rows["mean"]["planned"])
    table_rows = []
    for measure, label in MEASURE_LABELS.items():
        row: Any = rows.loc[measure]
        mean, low, high = scale_for("1").levels(*(_in_minutes(row, column) for column in ("mean", "ci_low", "ci_high")))
        note = _NOTES[row["note"]].in_language(language) if row["note"] else ""
        interval = note or ("" if low == NOT_KNOWN else f"[{low}, {high}]")
        is_of_planned = measure in (*GROUP_COLUMNS, "never_released") and row["unit"] == "1" and planned > 0
        share = f"{number(100 * row['mean'] / planned)}%" if is_of_planned else ""
        table_rows.append(LabelledRow(label.in_language(language), (mean, interval, share)))
    return table_rows


def group_rows(study: "Study", name: str, language: Language = "en") -> list[LabelledRow]:
    """A heading a kind of group and a row a group, with the cells of GROUP_COLUMNS."""
    rows = study.winners
    table_rows = []
    for by, heading in BY.items():
        table_rows.append(LabelledRow(heading.in_language(language)))
        of_kind = rows[(rows["scenario"] == name) & (rows["by"] == by)]
        for group in dict.fromkeys(of_kind["group"]):
            of_group = of_kind[of_kind["group"] == group].set_index("measure")
            table_rows.append(LabelledRow(labels.part(group, language, study.features), tuple(_cells(of_group)), depth=1))
    return table_rows


def _cells(of_group: Any) -> Iterator[str]:
    planned = of_group.loc["planned", "mean"]
    for measure in GROUP_COLUMNS:
        row = of_group.loc[measure]
        is_share = row["unit"] == "1" and measure != "planned"
        yield f"{100 * row['mean'] / planned:.0f}%" if is_share else number(_in_minutes(row, "mean"))


def _in_minutes(row: Any, column: str) -> float:
    return float(row[column]) / (60 if row["unit"] == "s" else 1)
