"""The surge and recovery card: each kind of disruption of each scenario, how far flights piled up and how soon that was over."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, number, scale_for
from sim.ground.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

COUNT = "disruptions"
COLUMNS: dict[str, Text] = {
    COUNT: Text("number", "次數", "次数"),
    "recovery_peak_backlog": Text("backlog", "積壓", "积压"),
    "recovery_delayed_flights": Text("overdue", "逾時", "超时"),
    "recovery_surge": Text("surge/h", "每小時高峰", "每小时高峰"),
    "recovery_clear_time": Text("cleared after", "消化需時", "消化用时"),
    "recovery_cleared_share": Text("cleared", "已消化", "已消化"),
}
KIND = Text("disruption", "干擾", "干扰")
HOW = Text(
    "Number: disruptions a replication that begin in the window (closures for weather, outages of the data interface, planned "
    "closures). Backlog: the most flights at once past their planned release and neither released nor ended. Overdue: flights "
    "that become so. Surge: the most releases in an hour afterwards. Cleared after: from the end of the disruption until no more "
    "are overdue than when it began, counted up to the horizon where that does not come; in brackets its interval.",
    "次數：每次重複中於觀察時段內開始的干擾（天氣停飛、數據接口故障、預定關閉）。積壓：同一時間已過計劃放行時間而仍未放行"
    "或結束的最多航班數。逾時：因而逾時的航班數。每小時高峰：其後一小時內最多放行數。消化需時：由干擾結束至逾時航班"
    "不多於開始時為止；若未能消化則計至觀察期末；方括號內為其區間。",
    "次数：每次重复中于观察时段内开始的干扰（天气停飞、数据接口故障、计划关闭）。积压：同一时间已过计划放行时间而仍未放行"
    "或结束的最多航班数。超时：因而超时的航班数。每小时高峰：其后一小时内最多放行数。消化用时：由干扰结束至超时航班"
    "不多于开始时为止；若未能消化则计至观察期末；方括号内为其区间。",
)


def card(study: "Study", language: Language = "en") -> dict[str, dict[str, tuple[str, ...]]]:
    """By scenario that was disrupted, and by the name of the kind of disruption, the cells under COLUMNS."""
    cards: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in study.names:
        measured = _measured(study.summary, name)
        kinds = [kind for metric, kind in measured if metric == COUNT and measured[metric, kind]["mean"] > 0]
        for kind in kinds:
            cells = tuple(_cell(measured.get((metric, kind)), language) for metric in COLUMNS)
            cards.setdefault(name, {})[labels.part(kind, language)] = cells
    return cards


def _measured(summary: "pd.DataFrame", name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the card's measures of one scenario, by measure and kind of disruption."""
    rows = summary[(summary["scenario"] == name) & summary["metric"].isin(list(COLUMNS))]
    return {(str(row["metric"]), str(row["part"])): dict(row) for row in cast(list[dict[str, Any]], rows.to_dict("records"))}


def _cell(row: dict[str, Any] | None, language: Language) -> str:
    """The mean; of the time to clear its interval too."""
    if row is None or not np.isfinite(row["mean"]):
        return NOT_KNOWN
    scale = scale_for(row["unit"], row["mean"])
    if row["unit"] != "s":
        return scale.level(row["mean"]) if row["unit"] == "share" else number(row["mean"])
    mean, low, high = scale.levels(row["mean"], row["ci_low"], row["ci_high"])
    return f"{mean} {scale.unit.in_language(language)}" + (f" [{low}, {high}]" if np.isfinite(row["ci_low"]) else "")
