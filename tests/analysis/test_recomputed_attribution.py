"""Attributions recomputed: a study of each combination, orders listed one by one, and NumPy alone on the replications.

And the case that the attribution is made for: a package credited with what one of its levers did.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import sim
from sim.analysis.attribution_table import read_attribution, read_interactions
from tests.conftest import write_scenarios
from tests.shipped import FOLDER, whole
from tests.study.by_hand import Difference, event_of, values_of
from tests.study.quantiles_by_hand import quantiles_of, t_of
from tests.tiers import slow

SEED, REPLICATIONS = 3, 3
SMALL = {"study.days": 1, "study.warm_up": "6 h", "study.cool_down": "12 h", "world.demand.flights_per_day": "24/d"}
MEANS = {"arrival_to_release/mean": 0.0, "officer_hours": 0.0, "delay_mean": 0.0, "released_share": 0.0}
QUANTILE = ("delay_quantile", "p50")
ALPHA = 0.05

# ------------------------------------------------------------------------------------------- by hand


def flat(values: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a scenario as its file writes them, by path."""
    branches = ((branch, key, group) for branch in ("policy", "world") for key, group in values[branch].items())
    return {f"{branch}.{key}.{name}": value for branch, key, group in branches for name, value in group.items()}


@dataclass
class Recomputed:
    """A package in which each combination of levers that can be was run, by the levers put in; values by measure."""

    levers: list[str]
    combinations: dict[frozenset[str], str]
    study: sim.Study
    listing: pd.DataFrame
    pairs: pd.DataFrame

    def orders(self) -> list[tuple[str, ...]]:
        ways = permutations(self.levers)
        return [way for way in ways if all(frozenset(way[:n]) in self.combinations for n in range(len(way) + 1))]

    def share(self, of: dict[str, Any], lever: str) -> Any:
        """Its mean gain over the orders, of values by combination's name: numbers or arrays."""
        gains = []
        for way in self.orders():
            before = frozenset(way[: way.index(lever)])
            gains.append(of[self.combinations[before | {lever}]] - of[self.combinations[before]])
        return sum(gains) / len(gains)

    def name(self, *levers: str) -> str | None:
        return self.combinations.get(frozenset(levers))


def recomputed(home: Path, base: str, package: str) -> Recomputed:
    files = write_scenarios(home, {name: whole(name) for name in (base, package)})
    measures = [*MEANS, "/".join(QUANTILE)]
    run = sim.attribute(files, measures=measures, set=SMALL, seed=SEED, replications=REPLICATIONS, workers=1)
    before, after = (flat(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)
    levers = [path for path in after if before[path] != after[path] and not path.startswith(tuple(SMALL))]
    scenario, made = sim.apply(files[0], SMALL), {}
    for put_in in subsets(levers):
        try:
            one = sim.apply(scenario, {path: after[path] for path in put_in})
        except sim.InputError:
            continue
        made[put_in] = one.model_copy(update={"name": f"c{len(made)}"})
    study = sim.run(list(made.values()), seed=SEED, replications=REPLICATIONS, workers=1)
    names = {put_in: one.name for put_in, one in made.items()}
    return Recomputed(levers, names, study, read_attribution(run.files), read_interactions(run.files))


def subsets(levers: Sequence[str]) -> Iterator[frozenset[str]]:
    return (frozenset(chosen) for n in range(len(levers) + 1) for chosen in combinations(levers, n))


# ------------------------------------------------------------------------------------------- packages

PACKAGES = ["one-stop", slow("batch-interface"), slow("agencies-parallel")]


@pytest.fixture(scope="module", params=PACKAGES)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recomputed:
    """Of 3 levers, one of which needs another; of 4 and of 3 that are free."""
    return recomputed(tmp_path_factory.mktemp(request.param), "baseline", request.param)


def test_shares_alone_left_out_and_whole_are_those_of_studies_of_each_combination(package: Recomputed) -> None:
    metrics = package.study.metrics
    table = package.study.replications.astype({"metric": str, "part": str})
    values, all_levers = values_of(table, REPLICATIONS, metrics), package.levers
    for name in MEANS:
        key, _, part = name.partition("/")
        of = values[key, part]
        rows = package.listing[(package.listing["metric"] == key) & (package.listing["part"] == part)].set_index("lever")
        assert set(rows["orders"]) == {len(package.orders())} and set(rows["n"].dropna()) == {REPLICATIONS}
        assert set(rows.index) == {*all_levers, ""} and set(rows["row"]) == {"lever", "whole"}
        for lever in all_levers:
            others = frozenset(all_levers) - {lever}
            by_hand = {
                "alone": gain(of, package.name(), package.name(lever)),
                "left_out": gain(of, package.name(*others), package.name(*all_levers)),
                "share": package.share(of, lever),
            }
            for column, apart in by_hand.items():
                assert_row(rows.loc[lever], column, apart, event(package, key, part, values, lever, column))
        apart = gain(of, package.name(), package.name(*all_levers))
        assert_row(rows.loc[""], "share", apart, event(package, key, part, values, "", "whole"))
        assert rows["share"].iloc[:-1].sum() == pytest.approx(rows.loc["", "share"], abs=1e-9)
        assert list(rows["at_base"]) == pytest.approx([of[package.combinations[frozenset()]].mean()] * len(rows))


def gain(of: dict[str, np.ndarray], before: str | None, after: str | None) -> np.ndarray | None:
    return of[after] - of[before] if before and after else None


def event(package: Recomputed, key: str, part: str, values: Any, lever: str, column: str) -> float:
    """That of the combinations which the number is worked out from."""
    everything = frozenset(package.levers)
    chosen = {
        "alone": {frozenset[str](), frozenset({lever})},
        "left_out": {everything, everything - {lever}},
        "whole": {frozenset[str](), everything},
        "share": {frozenset(way[: way.index(lever) + n]) for way in package.orders() for n in (0, 1)} if lever else set(),
    }[column]
    return event_of(package.study.metrics[key], part, values, sorted(package.combinations.get(c, "") for c in chosen))


def assert_row(row: "pd.Series[Any]", column: str, apart: np.ndarray | None, event: float) -> None:
    if apart is None:
        assert math.isnan(row[column]), column
        return
    assert row[column] == pytest.approx(apart.mean(), rel=1e-9, abs=1e-9), column
    by_hand = Difference(np.zeros(len(apart)), apart, event).interval(ALPHA)
    most = 1.0 if row["unit"] == "share" else math.inf
    by_hand = tuple(float(np.clip(end, -most, most)) for end in by_hand)
    assert (row[f"{column}_low"], row[f"{column}_high"]) == pytest.approx(by_hand, rel=1e-6, abs=1e-9, nan_ok=True), column


def test_what_is_refused_is_refused_by_the_checks_and_said_so(package: Recomputed) -> None:
    rows = package.listing[package.listing["row"] == "lever"]
    for row in rows.to_dict("records"):
        lever, others = str(row["lever"]), frozenset(package.levers) - {str(row["lever"])}
        refused = [name for name, chosen in (("alone", {lever}), ("left out", others)) if package.name(*chosen) is None]
        assert [part.split(":")[0] for part in str(row["refused"]).split(" · ") if part] == refused


def test_shares_of_a_median_are_those_of_the_flights_of_all_replications(package: Recomputed) -> None:
    metrics = {QUANTILE[0]: package.study.metrics[QUANTILE[0]]}
    distributions = package.study.distributions.astype({"metric": str, "part": str})
    quantiles = quantiles_of(distributions[distributions["part"] == ""], REPLICATIONS, metrics)[QUANTILE]
    rows = package.listing[package.listing["metric"] == QUANTILE[0]].set_index("lever")
    for lever in package.levers:
        share = package.share({name: one.value for name, one in quantiles.items()}, lever)
        assert rows.loc[lever, "share"] == pytest.approx(share, abs=1e-9, nan_ok=True)
        by_hand = math.nan, math.nan  # where no replication differs, or the median is never reached
        if not math.isnan(share):
            draws = package.share({name: one.draws for name, one in quantiles.items()}, lever)
            by_hand = hull(share, draws) if draws.any() else by_hand
        assert (rows.loc[lever, "share_low"], rows.loc[lever, "share_high"]) == pytest.approx(by_hand, abs=1e-6, nan_ok=True)
    if rows["share"].notna().all():
        assert rows["share"].iloc[:-1].sum() == pytest.approx(rows.loc["", "share"], abs=1e-9)


def hull(mean: float, draws: np.ndarray) -> tuple[float, float]:
    """Of three replications: t times the standard error, and the percentiles of the draws; a second wider."""
    n, rising = REPLICATIONS, np.sort(draws)
    half = t_of(n, ALPHA) * draws.std(ddof=1) * math.sqrt(n / (n - 1))
    return min(mean - half, rising[24]) - 1, max(mean + half, rising[-25]) + 1


def test_interactions_are_those_of_four_studies(package: Recomputed) -> None:
    table = package.study.replications.astype({"metric": str, "part": str})
    values = values_of(table, REPLICATIONS, package.study.metrics)
    listed = package.pairs[package.pairs["metric"] == "officer_hours"].set_index(["first", "second"])
    of = values["officer_hours", ""]
    for pair in combinations(package.levers, 2):
        four = [package.name(*chosen) for chosen in ((), (pair[0],), (pair[1],), pair)]
        assert (pair in listed.index) == (None not in four)
        if None not in four:
            none, one, two, both = (of[str(name)] for name in four)
            assert listed.loc[pair, "interaction"] == pytest.approx((both - one - two + none).mean(), abs=1e-9)


# ------------------------------------------------------------------------------------------- the old demo's case

OFTEN, SELDOM = "13 min", ("17 min", "27 min", "42 min", "75 min")
OLD: dict[str, Any] = {
    "policy.port_hours.opens": "00:00",
    "policy.port_hours.closes": "00:00",
    "policy.flight_authorisation.mode": "noon_day_before",
    "policy.flight_authorisation.officers": 2,
    "policy.data_interface.mode": "batch",
    "policy.data_interface.single_submission": False,
    "policy.data_interface.batch_period": "30 min",
    "policy.data_interface.opens": "07:00",
    "policy.data_interface.closes": "23:00",
    "policy.pre_clearance.aeo_share": "20%",
    "policy.risk_screening.unit": "consignment",
    "policy.document_check.officers": 2,
    "policy.opening.officers": 2,
    "policy.vertiports.reservation": False,
    "world.demand.hourly_profile": [0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 4, 6, 7, 6, 4, 4, 4, 5, 5, 4, 3, 2, 1, 0.5],
    "world.demand.goods_mix": {"parcel": 0.6, "document": 0.05, "food": 0.1, "medical": 0.1, "electronics": 0.15},
    "world.demand.operators": 24,
    "world.data_interface.entry_time": {"lognormal": {"mean": "6 min", "cv": 0.5}},
    "world.inspection.handling_time": {"lognormal": {"mean": "1 min", "cv": 0.5}},
    # the lead was counted from the beginning of data entry, not to acceptance: entry begins 30 minutes ahead, 5% later
    "policy.pre_clearance.lead": "0 min",
    "world.data_interface.ready_share": "50%",
    "world.pre_clearance.late_share": "100%",
    "world.pre_clearance.lateness": {"empirical": {"values": [OFTEN] * 76 + list(SELDOM)}},
}
"""The baseline before it became the sandbox corridor, laid over today's: what moves a number here, by the model of today."""
PACKAGE = {
    "policy.pre_clearance.lead": "30 min",  # 60 minutes before, counted from the beginning of data entry
    "policy.pre_clearance.decision": "before_departure",
    "policy.inspection.regime": "one_stop",
}
MEASURE = "arrival_to_release/mean"


@pytest.fixture(scope="module")
def old() -> tuple[sim.Scenario, sim.Scenario]:
    base = sim.apply(FOLDER / "baseline.yaml", OLD).model_copy(update={"name": "old"})
    return base, sim.apply(base, PACKAGE).model_copy(update={"name": "old-one-stop"})


def table_of(run: Any) -> pd.DataFrame:
    return read_attribution(run.files).set_index("lever")


@pytest.mark.takes(8)
def test_the_demo_credited_one_stop_with_what_the_earlier_decision_did(old: tuple[sim.Scenario, sim.Scenario]) -> None:
    """It said 9.2 minutes less one stop's 5.1, of which 4.4 were the earlier decision's: six sevenths (−263.9 of −305.3 s).

    Rebuilt by the model of today the package takes 9.3 minutes to 4.1: 87% by the earlier decision, 13% by the joint inspection
    (ten replications). What no value sets back is that today's model holds a flight on the ground until its lead from acceptance
    is over; the time from arrival to release does not see that. With the lead counted as today, 30 and 60 minutes to
    acceptance, the data are there on arrival, the decision has less to gain, and its share is three quarters; in today's
    baseline, where a flight that is inspected also waits 8 minutes instead of 1 to be handled, it is one third.
    """
    run = sim.attribute(list(old), measures=MEASURE, groups="earlier=policy.pre_clearance", replications=10, seed=1)
    table = table_of(run)
    assert list(table.index[:2]) == ["earlier", "policy.inspection.regime"] and set(table["orders"][:3]) == {1}
    assert table.loc["", "share"].iloc[0] / 60 == pytest.approx(-305.3 / 60, abs=1.0)
    earlier, regime = table.loc["earlier"].iloc[0], table.loc["policy.inspection.regime"].iloc[0]
    assert earlier["of_whole"] == pytest.approx(6 / 7, abs=0.03)
    assert regime["of_whole"] == pytest.approx(1 / 7, abs=0.03)
    assert regime["share"] / 60 == pytest.approx(-0.69, abs=0.1)  # the demo's own step: 4.79 to 4.10 minutes
