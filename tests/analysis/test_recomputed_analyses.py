"""The ledger of assumptions and the frontier recomputed: studies run one by one, and NumPy alone on their replications."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import sim
from sim.analysis.assumptions import LISTING, assumptions
from sim.analysis.frontier import frontier, tradeoffs_of, tradeoffs_of_study
from sim.scenario.parameters import catalogue
from tests.analysis.conftest import FEW
from tests.conftest import BASE, MakeStudy, write_scenarios
from tests.shipped import FOLDER, whole
from tests.study.by_hand import Difference, event_of, spread_of_ratio, values_of
from tests.study.test_recomputed import parquet

# ------------------------------------------------------------------------------------------- assumptions

MEASURE, SEED, REPLICATIONS = "order_to_release_mean", 7, 3
WRITTEN = yaml.safe_load((FOLDER / "baseline.yaml").read_text(encoding="utf-8"))
"""The values of the small scenario, which leaves them as the baseline has them."""
PATHS = [
    path
    for path, one in catalogue().items()
    if one.branch == "world" and one.plausible and path.split(".")[1] in ("data_interface", "document_check")
]


def written(path: str) -> Any:
    value: Any = WRITTEN
    for key in path.split("."):
        value = value[key]
    return value


def at(value: Any, end: Any) -> Any:
    """A value as a scenario writes it, with its mean at that end of the range; by side, each side's."""
    if isinstance(value, dict) and "hong_kong" in value:
        return {side: at(part, end) for side, part in value.items()}
    if isinstance(value, dict):
        ((law, shape),) = value.items()
        return {law: {**shape, "mean": end}}
    return end


def replications_with(folder: Path, path: str, value: Any) -> pd.DataFrame:
    """The table of replications of the small scenario with one value set."""
    study = sim.run([folder / "base.yaml"], set={path: value}, replications=REPLICATIONS, workers=1)
    return study.replications.astype({"metric": str, "part": str})


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    home = tmp_path_factory.mktemp("ledger")
    assumptions(write_scenarios(home, {"base": BASE}), measure=MEASURE, leave=FEW, out=home / "out", replications=REPLICATIONS)
    return home, pd.read_csv(home / "out" / LISTING).set_index("path")


def assert_recomputed(home: Path, ledger: pd.DataFrame, paths: list[str]) -> pd.Series:
    """The rows of these parameters from three studies each; the size of the move by parameter."""
    sizes = {}
    own = replications_with(home, paths[0], written(paths[0]))
    for path in paths:
        parameter, row = catalogue()[path], ledger.loc[path]
        tables = [replications_with(home, path, at(written(path), end)) for end in parameter.plausible]
        low, middle, high = (table.loc[table["metric"] == MEASURE, "value"].to_numpy() for table in (tables[0], own, tables[1]))
        levels = row[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
        assert levels == pytest.approx([low.mean(), middle.mean(), high.mean()], rel=1e-12), path
        pairs = [Difference(first, second, math.nan) for first, second in ((low, middle), (middle, high), (low, high))]
        largest = max(pairs, key=lambda pair: abs(pair.mean))
        assert row["moves"] == pytest.approx(largest.mean, abs=1e-9), path
        ends = row[["ci_low", "ci_high"]].to_numpy(dtype=float)
        assert ends == pytest.approx(largest.interval(0.05 / 3), rel=1e-6, nan_ok=True), path
        key = ["replication", "metric", "part"]
        as_it_is = own.set_index(key)["value"]
        is_same = [table.set_index(key)["value"].sort_index().equals(as_it_is.sort_index()) for table in tables]
        assert row["moves_any"] == ("no" if all(is_same) else "yes"), path
        sizes[path] = abs(largest.mean)
    return pd.Series(sizes)


@pytest.mark.takes(10)
def test_rows_of_the_ledger_are_three_studies_each(ledger: tuple[Path, pd.DataFrame]) -> None:
    assert_recomputed(*ledger, ["world.data_interface.entry_time", "world.document_check.service_time"])


@pytest.mark.slow
def test_every_row_of_the_ledger(ledger: tuple[Path, pd.DataFrame]) -> None:
    home, table = ledger
    sizes = assert_recomputed(home, table, PATHS)
    assert set(table.index[table["moves_any"].notna()]) == set(PATHS)
    ranked = sizes[sizes > 0].sort_values(ascending=False)
    assert list(table.loc[ranked.index, "rank"]) == list(range(1, len(ranked) + 1))
    assert (table.loc[sizes.index[sizes == 0], "rank"] == 0).all()


# ------------------------------------------------------------------------------------------- the frontier

POLICIES = ["baseline", "one-stop", "pre-clearance-60", "filing-three-days", "each-flight-approved"]
SETTINGS = ["study.warm_up=12 h", "study.days=1", "study.cool_down=1 d", "world.demand.flights_per_day=20/d"]
N_FRONTIER = 6
PAIRS = [
    ("on_time_share", "officer_hours"),
    ("unreleased_share", "missed_per_million"),
    ("released_share", "departure_shift_mean"),
    ("officer_hours", "missed_per_million"),
]
RATIOS = {
    "officer_hours": ("officer_time", "flights_filed", 1000.0),
    "missed_per_million": ("expected_missed", "consignments_released", 1e6),
}
HIGHER = {"on_time_share", "released_share"}


@pytest.fixture(scope="module")
def policies(make_study: MakeStudy) -> Path:
    texts = {name: whole(name) for name in POLICIES}
    return make_study(texts, replications=N_FRONTIER, seed=SEED, set=SETTINGS)


def samples(replications: pd.DataFrame, measure: str) -> dict[str, np.ndarray]:
    """By policy: numbers of replications whose mean is the level; of a ratio the sums over each other, with their spread."""

    def of(key: str, policy: str) -> np.ndarray:
        rows = replications[(replications["metric"] == key) & (replications["part"] == "") & (replications["scenario"] == policy)]
        return rows.sort_values("replication")["value"].to_numpy()

    if measure not in RATIOS:
        return {policy: of(measure, policy) for policy in POLICIES}
    above, below, scale = RATIOS[measure]
    return {policy: scale * spread_of_ratio(of(above, policy), of(below, policy)) for policy in POLICIES}


def frontier_by_hand(replications: pd.DataFrame, pair: tuple[str, str], declared: dict[str, Any]) -> pd.DataFrame:
    """A policy is dominated by another that is no worse in both measures and better in one; clearly, if that is no chance.

    But by none that releases fewer flights, by more than one in a hundred and beyond chance.
    """
    of_pair = {measure: samples(replications, measure) for measure in pair}
    values = values_of(replications, N_FRONTIER, declared)
    alpha = 0.05 / (2 * len(POLICIES) * (len(POLICIES) - 1))
    released, rows = samples(replications, "released_share"), []
    fewer: list[str] = []

    def has_fewer(policy: str, other: str) -> bool:
        event = event_of(declared["released_share"], "", values, [policy, other])
        return policy != other and Difference(released[other], released[policy], event).interval(alpha)[1] < -0.01

    for policy in POLICIES:
        beaten, clearly = [], []
        for other in POLICIES:
            gains = [(1 if measure in HIGHER else -1) * (of_pair[measure][other] - of_pair[measure][policy]) for measure in pair]
            means = [gain.mean() for gain in gains]
            if other == policy or min(means) < 0 or max(means) == 0 or has_fewer(other, policy):
                continue
            beaten.append(other)
            events = [event_of(declared[measure], "", values, [policy, other]) for measure in pair]
            both = zip(gains, events, strict=True)
            ends = [Difference(np.zeros(len(gain)), gain, event).interval(alpha) for gain, event in both]
            if any(low > 0 for low, _ in ends) and not any(high < 0 for _, high in ends):
                clearly.append(other)
        levels = [of_pair[measure][policy].mean() for measure in pair]
        rows.append((policy, *levels, not beaten, " ".join(beaten), " ".join(clearly)))
        fewer.append(" ".join(other for other in POLICIES if has_fewer(policy, other)))
    columns = ["scenario", "x", "y", "is_on_frontier", "dominated_by", "clearly_dominated_by"]
    return pd.DataFrame(rows, columns=columns).assign(fewer_flights_than=fewer)


@pytest.mark.slow
def test_dominance_is_that_of_plain_numpy(policies: Path, tmp_path: Path) -> None:
    """Of a study, and of a frontier study of the same policies."""
    study = sim.load(policies)
    files = [policies.parent / f"{policy}.yaml" for policy in POLICIES]
    run = frontier(files, pairs=PAIRS, set=SETTINGS, seed=SEED, replications=N_FRONTIER, workers=1, out=tmp_path / "out")
    for pair, of_study, of_run in zip(PAIRS, tradeoffs_of_study(study, PAIRS), tradeoffs_of(run), strict=True):
        recomputed = frontier_by_hand(parquet(policies, "replications"), pair, dict(study.metrics))
        for table in (of_study.table, of_run.table):
            pd.testing.assert_frame_equal(table[list(recomputed.columns)], recomputed, rtol=1e-9)
            summary = study.summary[study.summary["part"] == ""].set_index(["metric", "scenario"])
            for axis, measure in zip("xy", pair, strict=True):
                levels = summary.loc[measure].loc[POLICIES, ["ci_low", "ci_high"]].to_numpy(float)
                assert table[[f"{axis}_low", f"{axis}_high"]].to_numpy(float) == pytest.approx(levels, rel=1e-9, nan_ok=True)
    assert of_run.table["fewer_flights_than"].any()
    assert any(tradeoff.table["clearly_dominated_by"].any() for tradeoff in tradeoffs_of(run))
    assert any(tradeoff.table["dominated_by"].ne(tradeoff.table["clearly_dominated_by"]).any() for tradeoff in tradeoffs_of(run))
