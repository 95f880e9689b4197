"""The two-sided ledger: minutes, hours, finds and misses of each account, read from the summary and the comparison."""

from typing import TYPE_CHECKING

from sim.metrics.accounts import ACCOUNTS, SCHEDULE

if TYPE_CHECKING:
    import pandas as pd

LEDGER_ACCOUNTS: tuple[str, ...] = (*ACCOUNTS, SCHEDULE)
BOOKED: tuple[str, ...] = (
    "ledger",
    "officer_hours",
    "officer_hours_scheduled",
    "officer_people",
    "officer_pay_per_released",
    "dog_hours",
    "quarantine_hours",
    "immigration_hours",
    "aviation_hours",
    "machine_hours",
    "false_alarms",
    "illicit_found",
    "illicit_missed_by_side",
    "missed_per_million_by_side",
)
"""The measures by account, as the ledger lists them; those that no feature declares are not there."""
LEDGER_COLUMNS = (
    "scenario", "account", "metric", "unit", "n", "mean", "ci_low", "ci_high", "baseline", "difference", "difference_low",
    "difference_high", "p_adjusted", "verdict",
)  # fmt: skip


def ledger_table(summary: "pd.DataFrame", comparison: "pd.DataFrame") -> "pd.DataFrame":
    """One row a scenario, account and measure: the level, and the difference from its base as it was compared.

    Without difference in the rows of the study's baseline. Accounts with nothing in any scenario are left out.
    """
    levels = _booked(summary)
    empty = levels["mean"].isna() | (levels["mean"] == 0)
    levels = levels[levels["account"].isin(set(levels.loc[~empty, "account"]))]
    new_names = {"ci_low": "difference_low", "ci_high": "difference_high"}
    differences = _booked(comparison).rename(columns=new_names).drop(columns=["n", "unit"])
    joined = levels.merge(differences, how="left", on=["scenario", "account", "metric"])
    filled = joined.assign(**{name: joined[name].fillna("") for name in ("baseline", "verdict")})
    places = {name: {key: i for i, key in enumerate(dict.fromkeys(order))} for name, order in (
        ("scenario", summary["scenario"]), ("account", LEDGER_ACCOUNTS), ("metric", BOOKED),
    )}  # fmt: skip
    ordered = filled.sort_values(list(places), key=lambda column: column.map(places[str(column.name)]), kind="stable")
    return ordered[list(LEDGER_COLUMNS)].reset_index(drop=True)


def _booked(rows: "pd.DataFrame") -> "pd.DataFrame":
    kept = rows[rows["metric"].isin(BOOKED) & rows["part"].isin(LEDGER_ACCOUNTS)]
    return kept.rename(columns={"part": "account"})
