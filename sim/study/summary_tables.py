"""The summary tables of a study (CSV), read back exactly as they were written."""

from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.disk import existing
from sim.archive.layout import SUMMARY_TABLES, summary_table_file
from sim.study.csv_files import read_csv

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = (
    "mean", "sd", "ci_low", "ci_high", "difference", "difference_low", "difference_high", "p", "p_adjusted",
    "variance_reduction", "minutes", "flights", "in_both", "only_baseline", "only_scenario", "differ", "matters",
    "replications_to_decide", "never", "lost", "lost_low", "lost_high", "put_off", "put_off_low", "put_off_high", "kept_waiting",
    "waiting_low", "waiting_high", "minutes_low", "minutes_high", "share_of_waiting", "share_of_time", "utilisation",
    "busiest_hour",
)  # fmt: skip
_VERDICTS_BEFORE = {
    "no clear difference": "undecided", "no difference": "undecided", "not comparable": "not_comparable",
    "too few events": "too_few_events",
}  # fmt: skip
_TEXTS = (
    "baseline", "scenario", "metric", "part", "unit", "verdict", "account", "by", "group", "measure", "note", "direction",
    "side", "channel", "tier", "step", "term", "term_zh_hant", "term_zh_hans", "statistic", "tfa", "may_be_best", "quantity",
    "limit", "kind", "pool",
)  # fmt: skip


def read_summary_table(folder: Path, name: str) -> "pd.DataFrame":
    """A summary table by its name in SUMMARY_TABLES; empty texts stay texts, a missing number is NaN."""
    numbers, texts = dict.fromkeys(_NUMBERS, _number), dict.fromkeys(_TEXTS, str)
    table = read_csv(existing(folder, summary_table_file(name)), dtype=texts, converters=numbers, keep_default_na=False)
    if "verdict" in table:
        return _as_now(table)
    return table.assign(note=table["note"].replace(_VERDICTS_BEFORE)) if "note" in table else table


def read_summary_tables(folder: Path) -> "dict[str, pd.DataFrame]":
    """The summary tables in a study's folder, by name; an older version of the package wrote fewer."""
    names = [name for name in SUMMARY_TABLES if (folder / summary_table_file(name)).is_file()]
    return {name: read_summary_table(folder, name) for name in names}


def _as_now(table: "pd.DataFrame") -> "pd.DataFrame":
    """A table with verdicts as it is now: studies made before there were margins had fewer columns, and other verdicts."""
    difference = table["difference"]
    verdict = table["verdict"].mask(table["verdict"] == "changed", difference.gt(0).map({True: "larger", False: "smaller"}))
    verdict = verdict.replace(_VERDICTS_BEFORE)
    columns = {name: nan for name in ("differ", "matters", "replications_to_decide") if name not in table}
    return table.assign(verdict=verdict, **(columns if "p" in table else {}))


def _number(text: str) -> float:
    """Exactly the number that was written, which the faster ways of reading do not promise; NaN where there is none."""
    return float(text) if text else nan
