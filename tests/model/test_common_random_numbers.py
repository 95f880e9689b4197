"""Common random numbers: what a setting does not speak of stays what it was, to the byte."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.model.draws import Draws
from sim.model.fact_catalogue import ILLICIT, RED_CONSIGNMENT
from sim.model.flights import Flights
from sim.policies import FEATURES
from sim.policies.pre_clearance import FILED_LATE, PREPARATION_S
from sim.replication import Prepared, prepare
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from tests.model.replicated import ONE_DAY, plan_digest, prepared_with_draws, run, same
from tests.model.settings import PARAMETERS, others
from tests.policies.observed import scenario

ROOT = Path(__file__).parents[2]
ORDER = [feature.key for feature in FEATURES]
STREAMS = [stream for feature in FEATURES for stream in feature.streams]
# These change what flights there are, or whose they are; they have tests of their own.
MOVES_FLIGHTS = ("policy.corridor.routes", "policy.pre_clearance.aeo_share")
# What must be set before a parameter may take that value at all.
TOGETHER = {
    ("policy.inspection.regime", "one_stop"): {"policy.pre_clearance.decision": "before_departure"},
    ("policy.pre_clearance.late_rule", "refuse"): {"policy.pre_clearance.decision": "before_departure"},
    ("policy.risk_screening.export_rate", "1%"): {"policy.risk_screening.random_share": "0.5%"},
    ("policy.risk_screening.import_rate", "1%"): {"policy.risk_screening.random_share": "0.5%"},
    ("policy.corridor.floor", "300 m"): {"policy.corridor.ceiling": "300 m"},
    ("policy.vertiports.battery_swap", False): {"world.demand.aircraft": "phoenix_vtol"},
}


def base() -> Scenario:
    return scenario({**ONE_DAY, "world.compliance.prevalence": "5%"})


def facts_before(prepared: Prepared, key: str) -> dict[str, Any]:
    """The facts that only features before that one have written."""
    later = {fact for feature in FEATURES[ORDER.index(key) :] for fact in feature.writes}
    written = [fact for feature in FEATURES[: ORDER.index(key)] for fact in feature.writes]
    return {fact.name: prepared.facts[fact] for fact in written if fact not in later and fact in prepared.facts}


BEFORE: dict[str, tuple[Scenario, Prepared, Draws]] = {}


def before_with(together: dict[str, Any], patch: pytest.MonkeyPatch) -> tuple[Scenario, Prepared, Draws]:
    """The base with these settings, prepared once for all parameters that are changed on it."""
    key = repr(together)
    if key not in BEFORE:
        setting = apply(base(), together)
        BEFORE[key] = (setting, *prepared_with_draws(setting, patch))
    return BEFORE[key]


@pytest.mark.parametrize("path", [path for path in PARAMETERS if path not in MOVES_FLIGHTS])
def test_a_setting_moves_no_draw_and_no_earlier_fact(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = others(path)
    assert values, f"{path} needs another setting in tests/model/settings.py"
    for value in values:
        together = TOGETHER.get((path, value if isinstance(value, str | bool) else None), {})
        setting, before, draws_before = before_with(together, monkeypatch)
        after, draws_after = prepared_with_draws(apply(setting, {path: value}), monkeypatch)
        assert same(before.flights, after.flights) and same(before.consignments, after.consignments)
        assert before.flight_table_key == after.flight_table_key
        moved = [stream.name for stream in STREAMS if not same(draws_before[stream], draws_after[stream])]
        assert not moved, f"{path} = {value} moved the draws {moved}"
        earlier = facts_before(before, PARAMETERS[path].feature)
        later = facts_before(after, PARAMETERS[path].feature)
        changed = [name for name in earlier if not same(earlier[name], later[name])]
        assert not changed and earlier.keys() == later.keys(), f"{path} = {value} changed the earlier facts {changed}"


def test_a_setting_is_noticed_where_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above can fail: a later fact does change."""
    before, _ = prepared_with_draws(base(), monkeypatch)
    after, _ = prepared_with_draws(apply(base(), {"policy.risk_screening.export_rate": "15%"}), monkeypatch)
    assert not same(before.facts[RED_CONSIGNMENT["origin"]], after.facts[RED_CONSIGNMENT["origin"]])
    assert same(before.facts[ILLICIT], after.facts[ILLICIT])


def test_a_larger_aeo_share_keeps_the_members_and_moves_only_them(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = ("0%", "20%", "40%", "100%")
    many = apply(base(), {"world.demand.operators": 24})
    made = [prepared_with_draws(apply(many, {"policy.pre_clearance.aeo_share": share}), monkeypatch) for share in shares]
    for (fewer, draws), (more, more_draws) in pairwise(made):
        assert all(same(draws[stream], more_draws[stream]) for stream in STREAMS)
        assert np.all(more.flights.aeo[fewer.flights.aeo]) and more.flights.aeo.sum() > fewer.flights.aeo.sum()
        assert fewer.flight_table_key == more.flight_table_key
        assert np.array_equal(fewer.facts[ILLICIT], more.facts[ILLICIT])


ATTRIBUTES = ("ordered_s", "planned_departure_s", "planned_release_s", "max_shift_s", "outward", "operator", "aeo", "priority")


def of_route(prepared: Prepared, key: str) -> dict[str, np.ndarray]:
    """The flights of a route, the goods they carry, and facts that rest on draws of their own."""
    flights: Flights = prepared.flights
    number = [route.key for route in flights.routes].index(key)
    mine = flights.route == number
    goods = prepared.consignments.goods[mine[prepared.consignments.flight]]
    counts = np.bincount(prepared.consignments.flight, minlength=len(flights))[mine]
    drawn = {fact.name: prepared.facts[fact][mine] for fact in (PREPARATION_S, FILED_LATE)}
    return {**{name: getattr(flights, name)[mine] for name in ATTRIBUTES}, **drawn, "goods": goods, "counts": counts}


def test_another_route_leaves_the_flights_of_the_first_as_they_were() -> None:
    route = "wenjindu_sheung_shui"
    routes = ([route], [route, "wenjindu_tuen_mun"], ["wenjindu_tuen_mun", route])
    changes = {"world.demand.aircraft": "phoenix_vtol"}
    made = [prepare(apply(base(), {**changes, "policy.corridor.routes": keys}), 1, 0) for keys in routes]
    alone, *with_another = (of_route(prepared, route) for prepared in made)
    assert len(alone["counts"]) > 50 and len(made[1].flights) > 1.5 * len(made[0].flights)
    for other in with_another:
        assert all(np.array_equal(alone[name], other[name]) for name in alone)


def test_a_longer_study_begins_with_the_same_flights() -> None:
    short, long = (prepare(apply(base(), {"study.days": days}), 1, 0) for days in (1, 2))
    n, m = np.sum(short.flights.planned_departure_s < short.horizon_s), len(short.consignments)
    assert np.sum(long.flights.planned_departure_s < long.horizon_s) > 1.4 * n
    for name in ATTRIBUTES:
        assert np.array_equal(getattr(short.flights, name)[:n], getattr(long.flights, name)[:n])
    assert not np.array_equal(short.consignments.goods[: m // 2], short.consignments.goods[m // 2 : 2 * (m // 2)])


def test_replications_and_seeds_differ() -> None:
    digests = [plan_digest(prepare(base(), seed, replication).plan) for seed in (1, 2) for replication in (0, 1)]
    assert len(set(digests)) == 4


FRESH = """
from tests.model.test_common_random_numbers import base
from tests.model.replicated import plan_digest
from sim.replication import prepare
print(plan_digest(prepare(base(), 5, 3).plan))
"""


@pytest.mark.takes(10)
def test_a_fresh_process_gives_the_same_plan_to_the_byte() -> None:
    """Whatever the order in which that process goes through its sets."""
    expected = plan_digest(prepare(base(), 5, 3).plan)
    for hash_seed in ("0", "12345"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", FRESH], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == expected


@pytest.mark.parametrize(
    "change",
    [{"policy.corridor.headway": "120 s"}, {"world.opening.opening_time": "20 min"}, {"world.vertiports.unload_time": "6 min"}],
)
def test_paired_differences_vary_less_than_unpaired(change: dict[str, Any]) -> None:
    """Printed: the variance of the difference of the mean delay of release, paired over unpaired (here 0.003 to 0.25)."""
    one, other = base(), apply(base(), change)
    means = np.array([[_mean_delay_s(made, replication) for replication in range(8)] for made in (one, other)])
    paired, unpaired = np.var(means[1] - means[0], ddof=1), np.var(means, axis=1, ddof=1).sum()
    print(f"\n{change}: variance paired {paired:.4g} s2, unpaired {unpaired:.4g} s2, ratio {paired / unpaired:.4f}")
    assert paired > 0 and paired < 0.5 * unpaired


def _mean_delay_s(made: Scenario, replication: int) -> float:
    observation = run(made, replication=replication)
    return float(np.nanmean(observation.released_s - observation.flights.planned_departure_s))


def test_a_refused_combination_is_refused_for_a_reason() -> None:
    """The combinations in TOGETHER are needed: without them the scenario is refused."""
    for (path, value), together in TOGETHER.items():
        with pytest.raises(InputError):
            apply(base(), {path: value})
        apply(base(), {path: value, **together})
