"""What limits each scenario: the rules and pools by which flights are lost, put off and kept waiting, the largest first."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import TYPE_CHECKING

from sim.ground.text import Text
from sim.metrics.breakdown import TOTAL, split_part
from sim.metrics.limits import NOT_LIMITS, limit_labels
from sim.model.feature import Feature

if TYPE_CHECKING:
    import pandas as pd

LIMITS_COLUMNS = (
    "scenario", "limit", "kind", "term", "term_zh_hant", "term_zh_hans", "lost", "lost_low", "lost_high", "put_off",
    "put_off_low", "put_off_high", "kept_waiting", "waiting_low", "waiting_high", "minutes", "minutes_low", "minutes_high",
    "share_of_waiting", "share_of_time", "pool", "utilisation", "busiest_hour", "n",
)  # fmt: skip
MEASURES = {  # column, then those of its interval: the measure, and what one is multiplied by
    ("lost", "lost_low", "lost_high"): ("lost_by_limit", 100.0),
    ("put_off", "put_off_low", "put_off_high"): ("put_off_by_limit", 100.0),
    ("kept_waiting", "waiting_low", "waiting_high"): ("kept_waiting_by_limit", 100.0),
    ("minutes", "minutes_low", "minutes_high"): ("minutes_by_limit", 1.0),
}
QUEUE, BATCH, OFF_DUTY, LATE = "queue", "batch", "off_duty", "late"
RULE, VERDICT, NO_LIMIT, ALL = "rule", "verdict", "no limit", "all"
ANY = Text("all together", "合計", "合计")
_LAST = (VERDICT, NO_LIMIT)  # what ends flights by what was found, and what takes time without being a limit


def limits_table(summary: "pd.DataFrame", features: Sequence[Feature]) -> "pd.DataFrame":
    """One row a scenario and limit, in the order of `largest_first`, after a row of all (`limit` empty).

    lost, put_off, kept_waiting: flights of 100 planned, with intervals · minutes: a flight released, on the critical path ·
    share_of_waiting: of the minutes of all limits; share_of_time: of order to release · pool, utilisation,
    busiest_hour: of a limit by a kind of pool, the busiest of that kind, the share of its time on duty that it is busy, and that
    of its busiest hour of the day; NaN where its servers can't be counted.

    Left out are limits that hold nobody, but for queues: theirs say who is idle. No rows where nothing was measured.
    """
    import pandas as pd

    stages = {stage.key: stage.label for feature in features for stage in feature.stages}
    labels = {**limit_labels(features), **NOT_LIMITS, "": ANY}
    rows = [
        row
        for scenario in dict.fromkeys(summary["scenario"])
        for row in _of_scenario(summary[summary["scenario"] == scenario], str(scenario), labels, stages)
    ]
    return pd.DataFrame(rows, columns=list(LIMITS_COLUMNS))


def _of_scenario(
    summary: "pd.DataFrame", scenario: str, labels: Mapping[str, Text], stages: Mapping[str, Text]
) -> list[dict[str, object]]:
    by_measure = {str(key): of_key.set_index("part") for key, of_key in summary.groupby("metric")}
    minutes = by_measure.get("minutes_by_limit")
    if minutes is None or summary.loc[summary["metric"].isin([key for key, _ in MEASURES.values()]), "mean"].isna().all():
        return []
    busy, by_hour = _means(by_measure.get("utilisation")), _means(by_measure.get("utilisation_by_hour"))
    keys = dict.fromkeys(str(part) for key, _ in MEASURES.values() if key in by_measure for part in by_measure[key].index)
    rows = []
    for key in keys:
        row: dict[str, object] = {"scenario": scenario, "limit": key, "kind": _kind(key, labels)}
        label = labels.get(key) or stages.get(key) or Text.same(key)
        row |= {"term": label.en, "term_zh_hant": label.zh_hant, "term_zh_hans": label.zh_hans}
        for columns, (measure, factor) in MEASURES.items():
            of_measure = by_measure.get(measure)
            known = of_measure is not None and key in of_measure.index
            for column, name in zip(columns, ("mean", "ci_low", "ci_high"), strict=True):
                row[column] = factor * float(str(of_measure.at[key, name])) if known and of_measure is not None else 0.0
        row["pool"], row["utilisation"] = _busiest(key, busy)
        of_pool = [share for part, share in by_hour.items() if split_part(part)[0] == row["pool"]]
        row["busiest_hour"] = max(of_pool, default=float("nan"))
        row["n"] = int(by_measure["lost_by_limit"]["n"].max())
        rows.append(row)
    waiting = sum(_number(row, "minutes") for row in rows if row["kind"] not in (*_LAST, ALL))
    whole = sum(_number(row, "minutes") for row in rows if row["kind"] == ALL)
    for row in rows:
        is_limit = row["kind"] not in (*_LAST, ALL)
        row["share_of_waiting"] = _number(row, "minutes") / waiting if waiting and is_limit else float("nan")
        row["share_of_time"] = _number(row, "minutes") / whole if whole else float("nan")
    shown = [row for row in rows if row["kind"] in (ALL, QUEUE) or any(_number(row, column) for column, *_ in MEASURES)]
    return sorted(shown, key=largest_first)


def largest_first(row: Mapping[str, object]) -> tuple[float, ...]:
    """The order of limits: by flights lost or put off of 100, in full flights; among equals by minutes, then by flights waiting.

    All together stand first; what was found out about a flight, and time that no limit accounts for, last.
    """
    kind = str(row["kind"])
    place = 0 if kind == ALL else 2 + _LAST.index(kind) if kind in _LAST else 1
    return place, -floor(_number(row, "lost") + _number(row, "put_off")), -_number(row, "minutes"), -_number(row, "kept_waiting")


def _means(rows: "pd.DataFrame | None") -> dict[str, float]:
    """The means of a measure by part, where it was measured."""
    return {} if rows is None else {str(part): float(mean) for part, mean in rows["mean"].dropna().items()}


def _number(row: Mapping[str, object], column: str) -> float:
    value = float(str(row[column]))
    return value if value == value else 0.0


def _kind(key: str, labels: Mapping[str, Text]) -> str:
    """What sort of a limit a key stands for."""
    first, dot, _ = key.partition(".")
    if key == TOTAL:
        return ALL
    if key in NOT_LIMITS:
        return NO_LIMIT
    if dot and first in (QUEUE, BATCH, OFF_DUTY, LATE):
        return first
    return RULE if key in labels else VERDICT


def _busiest(key: str, busy: Mapping[str, float]) -> tuple[str, float]:
    """Of the pools of the kind that a limit is about, the one with the highest utilisation."""
    first, _, kind = key.partition(".")
    if first not in (QUEUE, OFF_DUTY):
        return "", float("nan")
    of_kind = {pool: share for pool, share in busy.items() if pool.partition(".")[0] == kind}
    return max(of_kind.items(), key=lambda item: item[1], default=("", float("nan")))
