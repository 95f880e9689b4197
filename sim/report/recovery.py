"""The surge and recovery card: each kind of disruption of each scenario, how far flights piled up and how soon that was over."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, number, scale_for

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.study import Study

COUNT = "disruptions"
COLUMNS: dict[str, str] = {
    COUNT: "number",
    "recovery_peak_backlog": "backlog",
    "recovery_delayed_flights": "overdue",
    "recovery_surge": "surge/h",
    "recovery_clear_time": "cleared after",
    "recovery_cleared_share": "cleared",
}
HOW = (
    "Number: disruptions a replication that begin in the window (closures for weather, outages of the data interface, planned "
    "closures). Backlog: the most flights at once past their planned release and neither released nor ended. Overdue: flights "
    "that become so. Surge: the most releases in an hour afterwards. Cleared after: from the end of the disruption until no more "
    "are overdue than when it began, counted up to the horizon where that does not come; in brackets its interval."
)


def card_parts(study: "Study") -> list[RenderableType]:
    """The card, a block a scenario and a row a kind of disruption; nothing where no scenario was disrupted."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for position, heading in enumerate(("disruption", *COLUMNS.values())):
        table.add_column(heading, justify="right" if position else "left", no_wrap=True)
    for name in study.names:
        measured = _measured(study.summary, name)
        kinds = [kind for metric, kind in measured if metric == COUNT and measured[metric, kind]["mean"] > 0]
        if kinds:
            table.add_row(Line(name, style="bold"))
        for kind in kinds:
            cells = [_cell(measured.get((metric, kind))) for metric in COLUMNS]
            table.add_row(Padding(Line(labels.part(kind)), (0, 0, 0, 2)), *cells)
    return [table, Line(f"\n{HOW}")] if table.row_count else []


def _measured(summary: "pd.DataFrame", name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the card's measures of one scenario, by measure and kind of disruption."""
    rows = summary[(summary["scenario"] == name) & summary["metric"].isin(list(COLUMNS))]
    return {(str(row["metric"]), str(row["part"])): dict(row) for row in cast(list[dict[str, Any]], rows.to_dict("records"))}


def _cell(row: dict[str, Any] | None) -> str:
    """The mean; of the time to clear its interval too."""
    if row is None or not np.isfinite(row["mean"]):
        return NOT_KNOWN
    scale = scale_for(row["unit"], row["mean"])
    if row["unit"] != "s":
        return scale.level(row["mean"]) if row["unit"] == "share" else number(row["mean"])
    mean, low, high = scale.levels(row["mean"], row["ci_low"], row["ci_high"])
    return f"{mean} {scale.unit.en}" + (f" [{low}, {high}]" if np.isfinite(row["ci_low"]) else "")
