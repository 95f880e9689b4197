"""The printed sections of the working group: whose cost, and who wins or loses, flight by flight."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, number, scale_for, signed

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.study import Study

SIGNS = {"better": "+", "worse": "!", "changed": "~"}
COST_COLUMNS: dict[str, str] = {
    "ledger": "minutes a flight",
    "officer_hours": "customs hours",
    "aviation_hours": "aviation hours",
    "illicit_found": "found",
    "illicit_missed_by_side": "missed",
}
HOW_COST = (
    "Minutes: on the critical path from order to release, a released flight. Hours: of customs officers and of those who "
    "authorise flights, per 1,000 flights. Found, missed: illicit consignments a replication; found by whose officers, missed at "
    "each side whose control they passed, as exports and as imports, so that the sides add up to twice those missed. In "
    "brackets, where it is clear, the difference from the baseline: + better, ! worse, ~ changed. ledger.csv has every interval."
)
MEASURES: dict[str, str] = {
    "sooner": "released sooner, by more than a minute",
    "same": "released at the same time, within a minute",
    "later": "released later, by more than a minute",
    "newly_released": "newly released",
    "no_longer_released": "no longer released",
    "never_released": "released in neither",
    "median_gain": "median gain of those released sooner (min)",
    "median_loss": "median loss of those released later (min)",
    "newly_found": "illicit consignments newly found",
    "no_longer_found": "illicit consignments no longer found",
    "newly_missed": "illicit consignments newly missed",
    "no_longer_missed": "illicit consignments no longer missed",
}
GROUP_COLUMNS: dict[str, str] = {
    "planned": "flights",
    "sooner": "sooner",
    "same": "same",
    "later": "later",
    "newly_released": "newly",
    "no_longer_released": "no longer",
    "median_gain": "gain (min)",
    "median_loss": "loss (min)",
}
OTHER_FLIGHTS = "{name} has other flights than {baseline}: who wins and who loses can't be told flight by flight."
BOOSTED = "In a boosted study the flights' times are those of another world: who wins and who loses is not told."
HOW_WINNERS = (
    "The same flights in both, counted a replication. By group: shares of the flights planned; the tier is that under the "
    "scenario. winners.csv has every interval."
)
_BY = {"priority": "by priority", "tier": "by tier", "destination": "by side of destination"}


def cost_parts(study: "Study") -> list[RenderableType]:
    """One table, a block a scenario and a row an account, and how to read it."""
    table = _table(("account", "left"), *((heading, "right") for heading in COST_COLUMNS.values()))
    rows = study.ledger()
    for name in study.names:
        table.add_row(Line(name, style="bold"))
        of_scenario = rows[rows["scenario"] == name]
        for account in dict.fromkeys(rows["account"]):
            of_account = of_scenario[of_scenario["account"] == account].set_index("metric")
            cells = [_cost(of_account.loc[metric]) if metric in of_account.index else "" for metric in COST_COLUMNS]
            if any(cells):
                table.add_row(Padding(Line(labels.whose(account)), (0, 0, 0, 2)), *cells)
    return [table, Line(f"\n{HOW_COST}")]


def _cost(row: Any) -> str:
    """The level, and the difference behind it where it is clear."""
    if np.isnan(row["mean"]):
        return ""
    level = number(row["mean"])
    return f"{level} ({signed(row['difference'])}{SIGNS[row['verdict']]})" if row["verdict"] in SIGNS else level


def winners_parts(study: "Study", name: str) -> list[RenderableType]:
    """What became of the flights under a scenario: all of them, then by group; or why that can't be told."""
    if study.boost > 1:
        return [Line(BOOSTED)]
    if not study.paired_by_flight[name]:
        return [Line(OTHER_FLIGHTS.format(name=name, baseline=study.baseline))]
    rows = study.winners_and_losers()
    rows = rows[rows["scenario"] == name]
    return [_of_all(rows[rows["by"] == "all"].set_index("measure")), Line(""), _of_groups(rows), Line(f"\n{HOW_WINNERS}")]


def _of_all(rows: Any) -> Table:
    table = _table(("flights, and what they carried", "left"), ("mean", "right"), ("interval", "right"), ("of planned", "right"))
    planned = rows.loc["planned", "mean"]
    for measure, told in MEASURES.items():
        row = rows.loc[measure]
        mean, low, high = scale_for("1").levels(*(_in_minutes(row, column) for column in ("mean", "ci_low", "ci_high")))
        interval = row["note"] or ("" if low == NOT_KNOWN else f"[{low}, {high}]")
        is_of_planned = measure in (*GROUP_COLUMNS, "never_released") and row["unit"] == "1" and planned > 0
        table.add_row(told, mean, interval, f"{number(100 * row['mean'] / planned)}%" if is_of_planned else "")
    return table


def _of_groups(rows: "pd.DataFrame") -> Table:
    table = _table(("group", "left"), *((heading, "right") for heading in GROUP_COLUMNS.values()))
    for by, heading in _BY.items():
        table.add_row(Line(heading, style="bold"))
        of_kind = rows[rows["by"] == by]
        for group in dict.fromkeys(of_kind["group"]):
            of_group = of_kind[of_kind["group"] == group].set_index("measure")
            table.add_row(Padding(Line(labels.part(group)), (0, 0, 0, 2)), *_cells(of_group))
    return table


def _cells(of_group: Any) -> Iterator[str]:
    planned = of_group.loc["planned", "mean"]
    for measure in GROUP_COLUMNS:
        row = of_group.loc[measure]
        is_share = row["unit"] == "1" and measure != "planned"
        yield f"{100 * row['mean'] / planned:.0f}%" if is_share else number(_in_minutes(row, "mean"))


def _in_minutes(row: Any, column: str) -> float:
    return float(row[column]) / (60 if row["unit"] == "s" else 1)


def _table(*columns: tuple[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for heading, side in columns:
        table.add_column(heading, justify=side)
    return table
