"""Tables as CSV files that a spreadsheet opens right: marked as UTF-8, and with words beside the keys."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.ground.text import LANGUAGES, Text
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.model.feature import Feature
from sim.model.metric import METRIC_UNIT_LABELS, Metric
from sim.scenario.parameters import catalogue
from sim.study.part_names import PartNames, part_names
from sim.study.winners import MEASURE_LABELS, OF_CONTRABAND, OF_FLIGHTS

if TYPE_CHECKING:
    import pandas as pd

MARK = "\ufeff"
"""What a file begins with so that a spreadsheet takes it for UTF-8; readers are told by the encoding utf-8-sig."""
ENDINGS = ("en", "zh_hant", "zh_hans")
UNITS: dict[str, Text] = {
    **METRIC_UNIT_LABELS,
    "1": Text("number", "數目", "数目"),
    "share": Text("share, of 1", "比例（以 1 為全部）", "比例（以 1 为全部）"),
    "s": Text("seconds", "秒", "秒"),
    "min": Text("minutes", "分鐘", "分钟"),
    "h": Text("hours", "小時", "小时"),
    "d": Text("days", "日", "日"),
    "m": Text("metres", "米", "米"),
    "km": Text("kilometres", "公里", "公里"),
    "/h": Text("per hour", "每小時", "每小时"),
    "/d": Text("per day", "每日", "每日"),
    "h/1000": Text("hours per 1,000 flights", "每千班小時", "每千班小时"),
    "%": Text("per cent", "百分比", "百分比"),
}
IN_DAYS = Text("{unit} in {days} days", "{days} 日內的{unit}", "{days} 日内的{unit}")
IN_ONE_DAY = Text("{unit} in one day", "一日內的{unit}", "一日内的{unit}")
PLANNED = Text("flights planned", "計劃航班數", "计划航班数")
PERIOD = "period_days"
COUNTED = {*OF_FLIGHTS, *OF_CONTRABAND}
COUNTS = {"lost", "flights", "in_both"}
"""Columns of tables without measures that hold numbers of flights in the days measured."""
WORDS = tuple(f"{what}_{ending}" for what in ("measure", "parameter", "pool", "unit") for ending in ENDINGS)
ADDED = (*WORDS, PERIOD)
"""Columns that stand in a file for its reader, beside the keys that they follow from."""


class TableWords(NamedTuple):
    """What the words beside the keys of a table are made of: the declared measures, who declares them, the days measured."""

    metrics: Mapping[str, Metric]
    features: tuple[Feature, ...]
    days: int


class HasMeasures(Protocol):
    """Whatever knows the measures of its tables: a study, an analysis."""

    @property
    def metrics(self) -> dict[str, Metric]:
        """The declared measures by key."""

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features that declare them."""

    @property
    def manifest(self) -> Any:
        """It has a window, with its days."""


def words_of(study: HasMeasures) -> TableWords:
    """What the words in the tables of a study, or of an analysis, are made of."""
    return TableWords(study.metrics, study.features, study.manifest.window.days)


def csv_text(table: "pd.DataFrame", of: TableWords | None = None) -> str:
    """The table as the text of a file; `of` brings the names of its measures, parameters and pools, and the period of counts."""
    return MARK + str((table if of is None else with_words(table, of)).to_csv(index=False, lineterminator="\n"))


def write_csv(table: "pd.DataFrame", path: Path, of: TableWords | None = None) -> None:
    """Write the table as a file; see `csv_text`."""
    path.write_text(csv_text(table, of), encoding="utf-8", newline="\n")


def read_csv(path: Path, **settings: Any) -> "pd.DataFrame":
    """The table of a file as it was before words were added; settings: those of `pandas.read_csv`."""
    import pandas as pd

    with path.open(encoding="utf-8-sig", newline="") as file:  # of a path, pandas expands a ~
        table: pd.DataFrame = pd.read_csv(file, usecols=lambda name: name not in ADDED, **settings)
    return table


def with_words(table: "pd.DataFrame", of: TableWords) -> "pd.DataFrame":
    """The table with the names of its measures, parameters, pools and units in three languages behind their keys.

    period_days: of a number that adds up over the days measured, how many these are. Such a number is one replication's.
    """
    table = table.copy()
    columns = set(table.columns)
    part = next((name for name in ("part", "account") if name in columns), None)
    if "metric" in columns:
        keys = list(zip(table["metric"], table[part] if part else [""] * len(table), strict=True))
        _insert(table, "metric" if part == "account" else part or "metric", "measure", keys, _measure_names(of))
        if "unit" in columns:
            units = [(*key, unit) for key, unit in zip(keys, table["unit"], strict=True)]
            _insert(table, "unit", "unit", units, _unit_names(of))
        period = [of.days if metric in of.metrics and of.metrics[metric].adds_up else None for metric, _ in keys]
        place = f"unit_{ENDINGS[-1]}" if "unit" in columns else f"measure_{ENDINGS[-1]}"
        table.insert(list(table.columns).index(place) + 1, PERIOD, _whole(period))
        return table
    for column, what, names in (
        ("measure", "measure", _plain_names({"planned": PLANNED, **MEASURE_LABELS})),
        ("quantity", "measure", _plain_names({quantity.key: quantity.label for quantity in FLIGHT_QUANTITIES})),
        ("path", "parameter", _parameter_name),
        ("pool", "pool", _pool_names(part_names(of.features))),
    ):
        if column in columns and not (column == "pool" and "term" in columns):
            _insert(table, column, what, list(table[column]), names)
    if "measure" in columns and "unit" in columns:
        counts = [measure in COUNTED for measure in table["measure"]]
        counted_units = list(zip(counts, table["unit"], strict=True))
        _insert(table, "unit", "unit", counted_units, lambda key: _unit(key[1], key[0], of.days))
        period = _whole([of.days if is_count else None for is_count in counts])
        table.insert(list(table.columns).index(f"unit_{ENDINGS[-1]}") + 1, PERIOD, period)
    elif "unit" in columns:
        _insert(table, "unit", "unit", list(table["unit"]), lambda unit: _unit(unit, False, of.days))
    if columns & COUNTS:
        table.insert(len(table.columns), PERIOD, of.days)
    return table


def _whole(numbers: list[int | None]) -> Any:
    """Whole numbers of which some are missing."""
    import pandas as pd

    return pd.array(numbers, dtype="Int64")


def _insert(table: "pd.DataFrame", after: str, what: str, keys: list[Any], names: Callable[[Any], tuple[str, ...]]) -> None:
    named = {key: names(key) for key in dict.fromkeys(keys)}
    place = list(table.columns).index(after) + 1
    for number, ending in enumerate(ENDINGS):
        table.insert(place + number, f"{what}_{ending}", [named[key][number] for key in keys])


def _measure_names(of: TableWords) -> Callable[[tuple[str, str]], tuple[str, ...]]:
    parts = part_names(of.features)

    def names(key: tuple[str, str]) -> tuple[str, ...]:
        metric, part = key
        if metric not in of.metrics:
            return "", "", ""
        label = of.metrics[metric].label
        return tuple(parts.measure(label, part, language) for language in LANGUAGES)

    return names


def _unit_names(of: TableWords) -> Callable[[tuple[str, str, str]], tuple[str, ...]]:
    return lambda key: _unit(key[2], key[0] in of.metrics and of.metrics[key[0]].adds_up, of.days)


def _unit(unit: str, adds_up: bool, days: int) -> tuple[str, ...]:
    words = UNITS.get(unit, Text.same(unit))
    return ((IN_ONE_DAY if days == 1 else IN_DAYS).fill(unit=words, days=days) if adds_up else words).all


def _plain_names(labels: Mapping[str, Text]) -> Callable[[str], tuple[str, ...]]:
    return lambda key: labels.get(key, Text.same(str(key))).all


def _parameter_name(path: str) -> tuple[str, ...]:
    parameter = catalogue().get(path)
    return parameter.full_label.all if parameter else ("", "", "")


def _pool_names(parts: PartNames) -> Callable[[object], tuple[str, ...]]:
    return lambda key: tuple(parts.pool(key, language) if isinstance(key, str) else "" for language in LANGUAGES)
