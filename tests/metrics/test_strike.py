"""Nothing gets better merely because traffic is turned away: half of the flights struck, the others' instants kept."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.execution.tables import distributions_table
from sim.ground.arrays import Bools
from sim.metrics import all_metrics, distributions, measure, times
from sim.model.metric import Metric
from sim.model.observation import Observation
from sim.policies import FEATURES
from sim.study.comparison import Terms, comparison_table
from sim.study.held_against import against_first
from sim.study.pooled import Pooled, pooled_quantiles
from sim.study.replication_values import values_by_measure
from sim.study.verdict import IS_BETTER
from tests.metrics.struck import removed, turned_away
from tests.policies.observed import observed

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
KEPT = ("officer_pay", "aviation_pay", "immigration_pay", "quarantine_pay", "pad_cost", "aircraft_cost")
MONEY = {f"world.posts.{name}": {"hong_kong": "30000 HKD", "mainland": "9000 CNY"} for name in KEPT}
SHORT = {"study.days": 3, "study.warm_up": "1 d", "study.cool_down": "1 d"}
WORLDS = {
    "cargo six times the baseline's, dogs, outages, a typhoon, plans in the wrong datum": {
        **SHORT,
        "world.demand.flights_per_day": "50/d",
        "world.compliance.prevalence": "5%",
        "world.data_interface.outage_interval": "18 h",
        "world.weather.events": [{"kind": "signal_3", "start": "day 2 12:00", "end": "day 2 22:00"}],
        "world.datum_fault.fault": "gcj02",
        "world.datum_fault.faulty_share": "10%",
        "policy.inspection.sequence": ["xray", "dog", "open"],
        **MONEY,
    },
    "cargo and passengers from the same pads": {
        **SHORT,
        "policy.corridor.routes": ["baoan_hkia", "baoan_shun_tak"],
        "policy.flight_authorisation.mode": "standing",
        "policy.vertiports.battery_swap": False,
        "world.demand.aircraft": {"baoan_hkia": "v2000cg", "baoan_shun_tak": "h135"},
        "world.demand.flights_per_day": "60/d",
        "world.weather.mode": "sampled",
        **MONEY,
    },
    "each flight asked for an hour ahead, emergencies at once": {
        **SHORT,
        "policy.flight_authorisation.mode": "one_hour",
        "policy.flight_authorisation.medical_emergency": True,
        "world.demand.flights_per_day": "40/d",
        "world.demand.notice": "45 min",
        "world.demand.priority_mix": {"medical": 0.3, "general": 0.7},
    },
}
REPLICATIONS = 24
SHARES_OF_ENDS = "flight_outcome_share"
Strike = Callable[[Observation, Bools], Observation]
STRIKES: dict[str, Strike] = {"removed": removed, "turned_away": turned_away}


@cache
def replications(world: str) -> pd.DataFrame:
    """Every measure of every replication, of all flights and of the half that is left by each way of striking."""
    return _replications(world)[0]


@cache
def quantiles(world: str) -> Pooled:
    """The quantiles of all replications together, of the same flights."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "distributions.parquet"
        pq.write_table(pa.concat_tables(_replications(world)[1]), file)
        return pooled_quantiles(file, ["whole", *STRIKES], METRICS, REPLICATIONS)


@cache
def _replications(world: str) -> tuple[pd.DataFrame, list[pa.Table]]:
    rows: list[tuple[object, ...]] = []
    counts: list[pa.Table] = []
    for number in range(REPLICATIONS):
        whole = observed(WORLDS[world], number)
        kept = np.random.default_rng([19, number]).random(len(whole.flights)) < 0.5
        struck = {"whole": whole, **{name: strike(whole, kept) for name, strike in STRIKES.items()}}
        for name, of_name in struck.items():
            rows += [(name, number, *row) for row in measure(of_name, METRICS.values())]
            counts.append(distributions_table(name, number, times(of_name, distributions(METRICS.values()))))
    return pd.DataFrame(rows, columns=["scenario", "replication", "metric", "part", "value"]), counts


def compared(world: str, strike: str, metrics: dict[str, Metric], confidence: float) -> pd.DataFrame:
    """The comparison of what is left with the whole: the rows that have a direction."""
    table = replications(world)
    values = values_by_measure(table[table["scenario"].isin(["whole", strike])], REPLICATIONS, metrics)
    rows = comparison_table(values, against_first(["whole", strike]), metrics, Terms(confidence), quantiles(world))
    direction = [metrics[metric].direction(part) for metric, part in zip(rows["metric"], rows["part"], strict=True)]
    return rows.assign(direction=direction)[np.array(direction) != "neither"]


def better(rows: pd.DataFrame) -> set[str]:
    """The measures of which a row is better beyond its interval."""
    is_better = np.where(rows["direction"] == "lower", rows["ci_high"] < 0, rows["ci_low"] > 0)
    return set(rows.loc[is_better, "metric"])


def of_all_rows(world: str, strike: str, metrics: dict[str, Metric]) -> pd.DataFrame:
    """The comparison at a confidence at which in one such table in twenty some row lies beyond its interval by chance."""
    rows = compared(world, strike, metrics, 0.95)
    return compared(world, strike, metrics, 1 - 0.05 / len(rows))


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_is_better_for_flights_that_are_left_out(world: str) -> None:
    assert better(of_all_rows(world, "removed", METRICS)) == set()


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_is_better_for_flights_that_are_turned_away(world: str) -> None:
    """But the other ways in which a flight can fail: their shares add up to one with the lost ones', and so they fall."""
    assert better(of_all_rows(world, "turned_away", METRICS)) <= {SHARES_OF_ENDS}


@pytest.mark.parametrize("world", WORLDS)
def test_a_study_calls_nothing_better_for_flights_that_are_turned_away(world: str) -> None:
    rows = compared(world, "turned_away", METRICS, 0.95)
    assert set(rows.loc[rows["verdict"].isin(IS_BETTER), "metric"]) == set()
    assert (rows.loc[rows["metric"] == "released_share", "verdict"] == "worse").all()


@pytest.mark.parametrize("strike", STRIKES)
def test_a_measure_declared_wrongly_would_be_noticed(strike: str) -> None:
    wrong = ["illicit_missed", "expected_missed", "officer_time", "queue_mean", "recovery_peak_backlog"]
    metrics: dict[str, Metric] = METRICS | {key: replace(METRICS[key], better="lower") for key in wrong}
    world = next(iter(WORLDS))
    assert better(of_all_rows(world, strike, metrics)) >= set(wrong)


def test_every_measure_with_a_direction_has_numbers_in_one_of_the_worlds() -> None:
    directed = {metric.key for metric in METRICS.values() if {metric.better, *metric.better_of_part.values()} != {"neither"}}
    measured: set[str] = set()
    for world in WORLDS:
        table = replications(world)
        measured |= set(table.loc[np.isfinite(table["value"]) & (table["value"] != 0), "metric"])
        measured |= {ref.metric for ref, of_ref in quantiles(world).items() if abs(of_ref["whole"].value) > 0}  # not NaN
    assert directed - measured == set()
