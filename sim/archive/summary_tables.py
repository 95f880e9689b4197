"""The listings of a study (CSV), read back exactly as they were written."""

from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LISTINGS = ("summary", "comparison", "best", "ledger", "winners", "trs")
_NUMBERS = (
    "mean", "sd", "ci_low", "ci_high", "difference", "difference_low", "difference_high", "p", "p_adjusted",
    "variance_reduction", "minutes", "flights",
)  # fmt: skip
_TEXTS = (
    "baseline", "scenario", "metric", "part", "unit", "verdict", "account", "by", "group", "measure", "note", "direction",
    "side", "channel", "tier", "step", "term", "term_zh_hant", "term_zh_hans", "statistic", "tfa", "may_be_best",
)  # fmt: skip


def read_listing(folder: Path, name: str) -> "pd.DataFrame":
    """A listing by name; texts that are empty stay texts."""
    import pandas as pd

    numbers, texts = dict.fromkeys(_NUMBERS, _number), dict.fromkeys(_TEXTS, str)
    return pd.read_csv(folder / f"{name}.csv", dtype=texts, converters=numbers, keep_default_na=False)


def listings_in(folder: Path) -> "dict[str, pd.DataFrame]":
    """Those that stand in a study's folder; an older version of the package wrote fewer."""
    return {name: read_listing(folder, name) for name in LISTINGS if (folder / f"{name}.csv").is_file()}


def _number(written: str) -> float:
    """Exactly the number that was written, which the faster ways of reading do not promise; NaN where there is none."""
    return float(written) if written else nan
