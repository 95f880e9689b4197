"""How much later, or at what other cost, the same flight is released: over the flights that both scenarios release.

Means over released flights differ between scenarios also by which flights are released. Those released under both are the same
flights, whatever else either policy does ("principal stratum": Frangakis and Rubin, Biometrics 58 (2002) 21-29). They are not all
flights: how many are released under one scenario alone belongs beside every number. Each replication gives one mean; the interval
is over replications.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.archive.query import query_session
from sim.ground.arrays import Floats
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import PairedDifference, intervals_of, paired_differences
from sim.study.flight_pairs import by_base, quoted, some_at_a_time

if TYPE_CHECKING:
    import pandas as pd

RELEASED_IN_BOTH_COLUMNS = (
    "baseline", "scenario", "quantity", "unit", "n", "in_both", "only_baseline", "only_scenario", "difference", "ci_low",
    "ci_high", "p", "p_adjusted", "differ",
)  # fmt: skip
COUNTED = ("in_both", "only_baseline", "only_scenario")
AT_A_TIME = 1_000_000  # flights in one question, so that a study may be larger than memory

_SIDES = """
WITH before AS (SELECT * FROM flights WHERE measured AND scenario = {baseline} AND {some}),
     after AS (SELECT * FROM flights WHERE measured AND scenario IN ({compared}) AND {some})
"""
_COUNTS = f"""{_SIDES}
SELECT after.scenario AS scenario, replication,
    count(*) FILTER (before.released_s IS NOT NULL AND after.released_s IS NOT NULL) AS in_both,
    count(*) FILTER (before.released_s IS NOT NULL AND after.released_s IS NULL) AS only_baseline,
    count(*) FILTER (before.released_s IS NULL AND after.released_s IS NOT NULL) AS only_scenario
FROM before JOIN after USING (replication, flight) GROUP BY ALL
"""
_SHIFTS = f"""{_SIDES}
SELECT after.scenario AS scenario, replication,
    {", ".join(f"after.{quantity.key} - before.{quantity.key} AS {quantity.key}" for quantity in FLIGHT_QUANTITIES)}
FROM before JOIN after USING (replication, flight) WHERE before.released_s IS NOT NULL AND after.released_s IS NOT NULL
ORDER BY after.scenario, replication, flight
"""


def released_in_both_table(
    folder: Path,
    against: Mapping[str, str],
    replications: int,
    paired: Mapping[str, bool],
    confidence: float,
    boosted: bool = False,
    other_world: Collection[str] = (),
) -> "pd.DataFrame":
    """One row a compared scenario and quantity of a flight, from the table of flights in `folder`.

    against: the base by compared scenario, the one it is held against; column `baseline` has it · paired: by scenario, whether it
    has its base's flights · n: replications with such a flight · in_both, only_baseline, only_scenario: measured flights a
    replication that both release, that the base alone releases, and the scenario alone · difference: of the flights in both,
    scenario less base, the mean of the replications' means in `unit` · ci_low, ci_high, p_adjusted: adjusted (Holm) over the
    scenarios, as in the comparison, so that one of another world is in no family · differ: replications in which the mean is
    another. No rows of a scenario with other flights than its base, nor in a boosted study, whose flights' times are those of
    another world.
    """
    import pandas as pd

    bases = {name: base for name, base in against.items() if paired[name] and not boosted}
    counts = {name: np.zeros((len(COUNTED), replications)) for name in bases}
    shifts = {name: np.full((len(FLIGHT_QUANTITIES), replications), np.nan) for name in bases}
    for base, compared in by_base(bases).items():
        in_sql = {"baseline": quoted(base), "compared": ", ".join(map(quoted, compared))}
        with query_session(folder, {}) as answer:
            for some in some_at_a_time(answer, replications, AT_A_TIME):
                _add_counts(counts, answer(_COUNTS.format(**in_sql, some=some)))
                _add_shifts(shifts, answer(_SHIFTS.format(**in_sql, some=some)))
    apart = {name: paired_differences(np.zeros_like(rows), rows) for name, rows in shifts.items()}
    rows = [(base, *row) for name, base in bases.items() for row in _rows(name, apart, counts[name], confidence, other_world)]
    return pd.DataFrame(rows, columns=list(RELEASED_IN_BOTH_COLUMNS))


def _add_counts(counts: Mapping[str, Floats], answer: "pd.DataFrame") -> None:
    """Write the flights counted in some replications into the arrays, shape (3, r)."""
    for name, rows in answer.groupby("scenario"):
        counts[str(name)][:, rows["replication"]] = rows[list(COUNTED)].to_numpy().T


def _add_shifts(shifts: Mapping[str, Floats], answer: "pd.DataFrame") -> None:
    """Write the mean shifts of some replications into the arrays, shape (quantities, r); NaN where no flight has the quantity.

    Sums are taken here, in the order of the flights, so that they are the same to the last bit: DuckDB's depend on its threads.
    """
    for name, rows in answer.groupby("scenario"):
        replication = rows["replication"].to_numpy()
        for row, quantity in zip(shifts[str(name)], FLIGHT_QUANTITIES, strict=True):
            values = rows[quantity.key].to_numpy(np.float64)
            known = ~np.isnan(values)
            totals = np.bincount(replication[known], weights=values[known], minlength=len(row))
            flights = np.bincount(replication[known], minlength=len(row))
            seen = flights > 0
            row[seen] = quantity.factor * totals[seen] / flights[seen]


def _rows(
    name: str,
    apart: Mapping[str, Sequence[PairedDifference]],
    counts: Floats,
    confidence: float,
    other_world: Collection[str],
) -> list[tuple[object, ...]]:
    """The rows of one scenario; apart: by scenario, the shift of each quantity · counts: shape (3, r)."""
    is_apart = name in other_world
    family = [name] if is_apart else [other for other in apart if other not in other_world]
    adjusted = [holm([apart[other][number].p_value for other in family]) for number in range(len(FLIGHT_QUANTITIES))]
    place = family.index(name)
    ends = intervals_of(apart[name], (1 - confidence) / np.array([result.factors[place] for result in adjusted]))
    flights = counts.mean(axis=1).tolist()
    rows: list[tuple[object, ...]] = []
    for quantity, shift, result, (low, high) in zip(FLIGHT_QUANTITIES, apart[name], adjusted, ends, strict=True):
        p_adjusted = math.nan if is_apart else float(result.p_values[place])
        numbers = shift.mean, low, high, shift.p_value, p_adjusted, int(np.count_nonzero(shift.values))
        rows.append((name, quantity.key, quantity.unit, shift.n, *flights, *numbers))
    return rows
