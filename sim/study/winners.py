"""Winners and losers: each flight under a scenario compared with the same flight under the one it is held against, its base.

Flights are paired by their number where both scenarios have the same flight table. Each replication gives one number a
measure; the interval is over replications, for flights of one replication are not independent.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.archive.query import query_session
from sim.ground.arrays import Floats
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.metrics.groups import PRIORITY_KEYS, TIERS
from sim.model.outcome import ConsignmentOutcome
from sim.statistics.intervals import estimate_means
from sim.statistics.rare_events import few_events
from sim.study.flight_pairs import by_base, quoted, some_at_a_time
from sim.study.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd

Group = tuple[str, str]  # what flights are told apart by, and the key of the group
Changes = dict[Group, dict[str, Floats]]  # by group and measure: shape (r,), NaN: nothing to measure

SAME_S = 60.0  # released within a minute of each other: the same
WHOLE: Group = ("all", "")
GROUPS: dict[str, tuple[str, ...]] = {"all": ("",), "priority": PRIORITY_KEYS, "tier": TIERS, "destination": SIDE_KEYS}
"""The groups of flights by attribute; the tier is that under the scenario, since membership is policy."""
OF_FLIGHTS = ("planned", "sooner", "same", "later", "newly_released", "no_longer_released", "never_released")
MEDIANS = ("median_gain", "median_loss")
OF_CONTRABAND = ("newly_found", "no_longer_found", "newly_missed", "no_longer_missed")
MEASURES = (*OF_FLIGHTS, *MEDIANS, *OF_CONTRABAND)
MEASURE_LABELS: dict[str, Text] = {
    "sooner": Text("released sooner, by more than a minute", "提早放行（超過一分鐘）", "提早放行（超过一分钟）"),
    "same": Text("released at the same time, within a minute", "放行時間相同（一分鐘內）", "放行时间相同（一分钟内）"),
    "later": Text("released later, by more than a minute", "延後放行（超過一分鐘）", "延后放行（超过一分钟）"),
    "newly_released": Text("newly released", "新獲放行", "新获放行"),
    "no_longer_released": Text("no longer released", "不再獲放行", "不再获放行"),
    "never_released": Text("released in neither", "兩者均未獲放行", "两者均未获放行"),
    "median_gain": Text(
        "median gain of those released sooner (min)", "提早者的提早時間中位數（分鐘）", "提早者的提早时间中位数（分钟）"
    ),
    "median_loss": Text(
        "median loss of those released later (min)", "延後者的延後時間中位數（分鐘）", "延后者的延后时间中位数（分钟）"
    ),
    "newly_found": Text("illicit consignments newly found", "新檢獲的違禁貨件", "新查获的违禁货件"),
    "no_longer_found": Text("illicit consignments no longer found", "不再檢獲的違禁貨件", "不再查获的违禁货件"),
    "newly_missed": Text("illicit consignments newly missed", "新漏檢的違禁貨件", "新漏检的违禁货件"),
    "no_longer_missed": Text("illicit consignments no longer missed", "不再漏檢的違禁貨件", "不再漏检的违禁货件"),
}
"""What a reader sees of the measures but the first."""
WINNERS_COLUMNS = ("baseline", "scenario", "by", "group", "measure", "unit", "n", "mean", "ci_low", "ci_high", "note")
OTHER_FLIGHTS = "other flights than its base"
BOOSTED = "a boosted study: the flights' times are those of another world"
AT_A_TIME = 4_000_000  # flights in one question, so that a study may be larger than memory

_GROUPED = """
    CASE grouping(priority, tier, destination) WHEN 3 THEN 'priority' WHEN 5 THEN 'tier' WHEN 6 THEN 'destination'
        ELSE 'all' END AS "by",
    coalesce(CASE grouping(priority, tier, destination) WHEN 3 THEN priority WHEN 5 THEN tier WHEN 6 THEN destination END, '')
        AS "group",
"""
_SETS = """GROUP BY GROUPING SETS ((scenario, replication), (scenario, replication, priority), (scenario, replication, tier),
    (scenario, replication, destination))"""
_OF_FLIGHT = "priority, CASE WHEN aeo THEN 'aeo' ELSE 'other' END AS tier, destination_side AS destination"
_FLIGHTS = f"""
WITH before AS (SELECT replication, flight, released_s FROM flights WHERE measured AND scenario = {{baseline}} AND {{some}}),
     after AS (SELECT scenario, replication, flight, released_s, {_OF_FLIGHT} FROM flights
               WHERE measured AND scenario IN ({{compared}}) AND {{some}}),
     pairs AS (SELECT after.*, before.released_s - after.released_s AS gain_s, before.released_s IS NOT NULL AS was,
                      after.released_s IS NOT NULL AS is_now FROM before JOIN after USING (replication, flight))
SELECT scenario, replication, {_GROUPED}
    count(*) AS planned,
    count(*) FILTER (gain_s > {SAME_S}) AS sooner,
    count(*) FILTER (abs(gain_s) <= {SAME_S}) AS same,
    count(*) FILTER (gain_s < -{SAME_S}) AS later,
    count(*) FILTER (is_now AND NOT was) AS newly_released,
    count(*) FILTER (was AND NOT is_now) AS no_longer_released,
    count(*) FILTER (NOT was AND NOT is_now) AS never_released,
    quantile_disc(gain_s, 0.5) FILTER (gain_s > {SAME_S}) AS median_gain,
    quantile_disc(-gain_s, 0.5) FILTER (gain_s < -{SAME_S}) AS median_loss
FROM pairs {_SETS}
"""
_HIT, _MISS = (f"'{outcome.name.lower()}'" for outcome in (ConsignmentOutcome.SEIZED, ConsignmentOutcome.RELEASED))
_CONTRABAND = f"""
WITH illicit AS (SELECT scenario, replication, flight, consignment, outcome FROM consignments WHERE illicit AND {{some}}),
     before AS (SELECT compared.name AS scenario, illicit.* EXCLUDE scenario
                FROM illicit CROSS JOIN (SELECT unnest([{{compared}}]) AS name) AS compared WHERE scenario = {{baseline}}),
     after AS (SELECT * FROM illicit WHERE scenario IN ({{compared}})),
     outcomes AS (SELECT scenario, replication, flight, coalesce(before.outcome, '') AS was, coalesce(after.outcome, '') AS is_now
              FROM before FULL JOIN after USING (scenario, replication, flight, consignment)),
     pairs AS (SELECT outcomes.*, {_OF_FLIGHT} FROM outcomes JOIN flights USING (scenario, replication, flight) WHERE measured)
SELECT scenario, replication, {_GROUPED}
    count(*) FILTER (is_now = {_HIT} AND was <> {_HIT}) AS newly_found,
    count(*) FILTER (was = {_HIT} AND is_now <> {_HIT}) AS no_longer_found,
    count(*) FILTER (is_now = {_MISS} AND was <> {_MISS}) AS newly_missed,
    count(*) FILTER (was = {_MISS} AND is_now <> {_MISS}) AS no_longer_missed
FROM pairs {_SETS}
"""


def winners_table(
    folder: Path,
    against: Mapping[str, str],
    replications: int,
    paired: Mapping[str, bool],
    confidence: float,
    boosted: bool = False,
) -> "pd.DataFrame":
    """One row a compared scenario, group and measure, from the tables of flights and consignments in `folder`.

    against: the base by compared scenario; column `baseline` has it · paired: by scenario, whether it has its base's flights ·
    mean, ci_low, ci_high: a replication, over the n that had something to measure · unit: "1" for counts of flights and of
    consignments, "s" for medians over the winners or the losers · note: too few events, or that the flights are others or
    the study is boosted, in which cases nothing is measured.
    """
    import pandas as pd

    reasons = {scenario: BOOSTED if boosted else "" if paired[scenario] else OTHER_FLIGHTS for scenario in against}
    changes: dict[str, Changes] = {}
    for base, compared in by_base({scenario: base for scenario, base in against.items() if not reasons[scenario]}).items():
        changes |= _changes(folder, base, compared, replications)
    rows: list[tuple[object, ...]] = []
    for scenario, base in against.items():
        of_scenario = {WHOLE: _nothing(replications, np.nan)} if reasons[scenario] else changes[scenario]
        for by, group in _in_order(of_scenario):
            values = of_scenario[by, group]
            estimates = estimate_means(np.array(list(values.values())), confidence)
            for (measure, of_measure), estimate in zip(values.items(), estimates, strict=True):
                note = reasons[scenario] or _note(measure, of_measure)
                numbers = measure, "s" if measure in MEDIANS else "1", estimate.n, estimate.mean, estimate.low, estimate.high
                rows.append((base, scenario, by, group, *numbers, note))
    return pd.DataFrame(rows, columns=list(WINNERS_COLUMNS))


def _in_order(changes: Changes) -> Iterator[Group]:
    return ((by, group) for by, keys in GROUPS.items() for group in keys if (by, group) in changes)


def _note(measure: str, values: Floats) -> str:
    return str(Verdict.TOO_FEW_EVENTS) if measure in OF_CONTRABAND and few_events(values) else ""


def _changes(folder: Path, base: str, compared: Sequence[str], replications: int) -> dict[str, Changes]:
    """What each scenario shows beside their common base, some replications at a time. Groups without a flight are not there."""
    changes: dict[str, Changes] = {scenario: {} for scenario in compared}
    names = {"baseline": quoted(base), "compared": ", ".join(map(quoted, compared))}
    with query_session(folder, {}) as answer:
        for some in some_at_a_time(answer, replications, AT_A_TIME):
            for question in (_FLIGHTS, _CONTRABAND):
                counts = answer(question.format(**names, some=some))
                for key, rows in counts.groupby(["scenario", "by", "group"]):
                    scenario, by, group = map(str, key)
                    of_group = changes[scenario].setdefault((by, group), _nothing(replications, 0.0))
                    for measure in rows.columns.intersection(list(MEASURES)):
                        of_group[measure][rows["replication"]] = rows[measure]
    return changes


def _nothing(replications: int, count: float) -> dict[str, Floats]:
    """For each replication that count of everything, and no median (NaN)."""
    return {measure: np.full(replications, np.nan if measure in MEDIANS else count) for measure in MEASURES}
