"""How much later the same flight is released: over the flights that a scenario and the one it is held against both release."""

from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN, number, scale_for
from sim.ground.text import Language, Text
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.report.ledger_tables import LabelledRow
from sim.statistics.paired import FEWEST_THAT_DIFFER
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

DELAY = "delay_s"
SAME_FLIGHT = Text(
    "The same flight: of the {in_both} flights a replication that are released under both, {finding}. "
    "Released under {base} alone: {only_baseline} a replication; under {name} alone: {only_scenario}.",
    "同一航班比較：每次重複有 {in_both} 班在兩者均獲放行，{finding}。只在 {base} 獲放行：每次重複 "
    "{only_baseline} 班；只在 {name} 獲放行：{only_scenario} 班。",
    "同一航班比较：每次重复有 {in_both} 班在两者均获放行，{finding}。只在 {base} 获放行：每次重复 "
    "{only_baseline} 班；只在 {name} 获放行：{only_scenario} 班。",
)
IN_ALL = Text("the mean delay differs by {change}", "其平均延誤相差 {change}", "其平均延误相差 {change}")
IN_SOME = Text(
    "the mean delay differs by {change} (not 0 in {differ} of {n} replications)",
    "其平均延誤相差 {change}（{n} 次重複中有 {differ} 次不為 0）",
    "其平均延误相差 {change}（{n} 次重复中有 {differ} 次不为 0）",
)
IN_NONE = Text(
    "the mean delay is the same in all {n} replications",
    "其平均延誤在 {n} 次重複中均無差異",
    "其平均延误在 {n} 次重复中均无差异",
)
NONE_IN_BOTH = Text(
    "No flight is released under both {base} and {name}, so that nothing can be said of the same flight.",
    "沒有航班在 {base} 及 {name} 均獲放行，故無法就同一航班比較。",
    "没有航班在 {base} 及 {name} 均获放行，故无法就同一航班比较。",
)
OTHER_FLIGHTS = Text(
    "{name} has other flights than {base}: how much later or earlier the same flight is released can't be told.",
    "{name} 的航班與 {base} 不同：無法說明同一航班提早或延後多少。",
    "{name} 的航班与 {base} 不同：无法说明同一航班提早或延后多少。",
)
OF_SAME_FLIGHTS = Text("released in both: {label}", "兩者均獲放行：{label}", "两者均获放行：{label}")
_LABELS = {quantity.key: quantity.label for quantity in FLIGHT_QUANTITIES}


def same_flight_sentence(study: "Study", name: str, language: Language = "en") -> str:
    """How the delay of the flights released under both differs, with how many are released under one alone.

    Empty in a boosted study, whose delays are those of another world, and where the study's folder has no such table.
    """
    names = names_in(study, language)
    scenarios = {"name": names[name], "base": names[study.against[name]]}
    if study.boost > 1:
        return ""
    if not study.manifest.paired_by_flight[name]:
        return OTHER_FLIGHTS.in_language(language).format(**scenarios)
    row = _row(study, name, DELAY)
    if row is None:
        return ""
    if not row["n"]:
        return NONE_IN_BOTH.in_language(language).format(**scenarios)
    n, differ = int(row["n"]), int(row["differ"])
    kind = IN_ALL if differ == n else IN_SOME if differ else IN_NONE
    finding = kind.in_language(language).format(change=_change(row, language), differ=differ, n=n)
    flights = {column: number(float(row[column])) for column in ("in_both", "only_baseline", "only_scenario")}
    return SAME_FLIGHT.in_language(language).format(finding=finding, **flights, **scenarios)


def same_flights_row(study: "Study", name: str, metric: str, language: Language = "en") -> LabelledRow | None:
    """The row to stand under a measure: what its `same_flights` is over the flights released under both; None where it has none.

    Its cells are those of a difference: no levels, the difference, the interval, how many replications differ, no verdict.
    """
    quantity = study.metrics[metric].same_flights
    row = _row(study, name, quantity) if quantity else None
    if row is None or not row["n"]:
        return None
    scale = _scale(row)
    difference, low, high = scale.changes(*_ends(row))
    label = OF_SAME_FLIGHTS.in_language(language).format(label=_LABELS[quantity].in_language(language))
    interval = "" if low == NOT_KNOWN else f"[{low}, {high}]"
    unit = scale.difference_unit.in_language(language)
    cells = "", "", difference, interval, few_that_differ(row["differ"], row["n"]), ""
    return LabelledRow(labels.with_unit(label, unit, language), cells, depth=2)


def few_that_differ(differ: float, n: float) -> str:
    """How many of n replications differ, where they are few; empty where that is not known (NaN)."""
    return f"{int(differ)}/{int(n)}" if differ < min(FEWEST_THAT_DIFFER, n) else ""


def _row(study: "Study", name: str, quantity: str) -> Any:
    """The row of one quantity of a flight, by column; None where there is none."""
    table = study.released_in_both
    rows = table[(table["scenario"] == name) & (table["quantity"] == quantity)].to_dict("records")
    return rows[0] if rows else None


def _change(row: Any, language: Language) -> str:
    """The difference with its unit and, where there is one, its interval."""
    scale = _scale(row)
    change, low, high = scale.changes(*_ends(row))
    unit = scale.difference_unit.in_language(language)
    return f"{change} {unit}" + ("" if low == NOT_KNOWN else f" [{low}, {high}]")


def _scale(row: Any) -> Any:
    return scale_for(str(row["unit"]), *_ends(row))


def _ends(row: Any) -> tuple[float, float, float]:
    return float(row["difference"]), float(row["ci_low"]), float(row["ci_high"])
