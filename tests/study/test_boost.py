"""A boosted study: the same flights, more contraband, weighted back; and nothing shown that would be another world's."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.charts.catalogue import CHARTS, charts_of
from sim.cli.main import main
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES
from sim.report.printed import comparison_text
from sim.statistics.rare_events import few_events, upper_bound_of_count
from sim.study.study import Study
from tests.conftest import MakeStudy, write_scenarios

BOOST, PREVALENCE, SE = 50, 0.002, 3
WORLD = """
world:
  demand: {flights_per_day: 40/d, notice: 4 d}
  compliance: {prevalence: 0.2%}
policy:
  flight_authorisation: {mode: standing}
  vertiports: {pads: 6, fleet: 20}
"""
STUDY = "study: {days: 1, warm_up: 0 s, cool_down: 1 d, replications: 40, seed: 5"
PLAIN, BOOSTED = f"{STUDY}}}\n{WORLD}", f"{STUDY}, boost: {BOOST}}}\n{WORLD}"
RECOGNISING = "extends: boosted.yaml\npolicy: {inspection: {regime: recognise}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("boost")
    write_scenarios(made, {"plain": PLAIN, "boosted": BOOSTED, "recognising": RECOGNISING})
    return made


@pytest.fixture(scope="module")
def plain(make_study: MakeStudy) -> Study:
    return sim.load(make_study({"plain": PLAIN}))


@pytest.fixture(scope="module")
def boosted(make_study: MakeStudy) -> Study:
    return sim.load(make_study({"boosted": BOOSTED, "recognising": RECOGNISING}))


def values(study: Study, metric: str) -> np.ndarray:
    """Shape (replications,): the whole of a measure under the study's first scenario."""
    rows = study.replications
    return rows[(rows["scenario"] == study.baseline) & (rows["metric"] == metric) & (rows["part"] == "")]["value"].to_numpy()


def first(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    return table[table["scenario"] == study.baseline].reset_index(drop=True)


def error(numbers: np.ndarray) -> float:
    return float(numbers.std(ddof=1) / np.sqrt(len(numbers)))


def test_the_flights_are_the_same_and_what_was_illicit_still_is(plain: Study, boosted: Study) -> None:
    asked = ["replication", "flight", "route", "operator", "ordered_s", "planned_departure_s", "priority"]
    pd.testing.assert_frame_equal(first(plain.flights, plain)[asked], first(boosted.flights, boosted)[asked])
    before, after = (first(study.consignments, study)["illicit"].to_numpy() for study in (plain, boosted))
    assert np.all(after[before]) and after.sum() > 20 * before.sum() > 0


def assert_weights_are_those_of_units(consignments: pd.DataFrame) -> None:
    """Of what is selected together the ratios multiply: an illicit one was drawn so many times as often, a licit one seldomer."""
    units = consignments.groupby(["replication", "selection_unit"]).agg(
        n=("illicit", "size"), n_illicit=("illicit", "sum"), lightest=("weight", "min"), heaviest=("weight", "max")
    )
    assert units["n"].max() > 1 and units["n_illicit"].max() > 1
    trusted = 0.2
    of_licit = [(1 - p) / (1 - BOOST * p) for p in (PREVALENCE, trusted * PREVALENCE)]
    expected = [licit ** (units["n"] - units["n_illicit"]) / BOOST ** units["n_illicit"] for licit in of_licit]
    for weight in (units["lightest"], units["heaviest"]):
        assert np.isclose(np.array(expected), weight, rtol=1e-9, atol=0).any(axis=0).all()


def test_weights_are_likelihood_ratios(plain: Study, boosted: Study) -> None:
    assert (plain.consignments["weight"] == 1).all()
    told = first(boosted.consignments, boosted)
    assert_weights_are_those_of_units(told)
    by_replication = told.groupby("replication")["weight"].mean().to_numpy()
    assert abs(by_replication.mean() - 1) < SE * error(by_replication)


@pytest.mark.parametrize(
    "metric",
    [
        "illicit_planned",
        "illicit_found",
        "illicit_missed",
        "expected_missed",
        "expected_carried",
        "consignments_released",
        "false_alarms",
        "examinations",
        "consignments_examined",
    ],
)
def test_weighted_measures_have_the_mean_of_the_study_without_boost(plain: Study, boosted: Study, metric: str) -> None:
    """Seed 5: paired by replication, for both studies see the same flights."""
    difference = values(boosted, metric) - values(plain, metric)
    assert abs(difference.mean()) < SE * error(difference)


def test_the_weighted_count_agrees_with_the_expectation_and_is_far_surer_than_the_plain_count(
    plain: Study, boosted: Study
) -> None:
    expected, weighted = values(plain, "expected_missed"), values(boosted, "illicit_missed")
    assert abs(weighted.mean() - expected.mean()) < SE * np.hypot(error(weighted), error(expected))
    assert error(weighted) < error(values(plain, "illicit_missed")) / 3


def test_what_would_be_of_another_world_is_not_shown(boosted: Study) -> None:
    shown = set(boosted.summary.loc[boosted.summary["n"] > 0, "metric"])
    assert shown == {key for key, metric in boosted.metrics.items() if metric.boostable}
    assert not shown & {"delay_mean", "officer_hours", "wait_mean", "released_share", "utilisation", "ledger"}
    assert set(boosted.winners["note"]) == {"a boosted study: the flights' times are those of another world"}
    assert boosted.winners["mean"].isna().all()
    assert boosted.time_release["minutes"].isna().all()
    assert {chart.key for chart in charts_of(boosted)} == {"corridor-map", "differences"} < {chart.key for chart in CHARTS}
    text = comparison_text(boosted)
    assert "Illicit consignments missed, expected" in text and "another world" in text
    assert "Mean delay" not in text and "WORKLOAD" not in text


def test_the_study_says_that_it_is_boosted(plain: Study, boosted: Study) -> None:
    assert boosted.warnings[0].startswith(f"A boosted study: contraband is drawn {BOOST} times as often")
    assert all(str(BOOST) in boosted.warnings_in(language)[0] for language in LANGUAGES)
    assert not any("boosted" in warning for warning in plain.warnings)


def test_the_events_seen_are_counted_not_their_weights(folder: Path) -> None:
    few = {name: sim.run([folder / f"{name}.yaml"], replications=3, workers=1) for name in ("plain", "boosted")}
    assert values(few["boosted"], "illicit_missed").sum() < 5
    told = {name: [warning for warning in study.warnings if "too few to compare" in warning] for name, study in few.items()}
    assert told["plain"] and not told["boosted"]
    (expected,) = (warning for warning in few["plain"].warnings if "screening algebra" in warning)
    assert f"“plain” {values(few['plain'], 'expected_missed').mean():.3g} [" in expected
    assert few_events([0.04, 0.04], 100) is False and few_events([0.02, 0.02], 100) and few_events([4, 0])
    assert upper_bound_of_count(0.0, 0.95, 100) == pytest.approx(2.9957 / 100, abs=1e-5)
    assert upper_bound_of_count(0.02, 0.95, 100) == pytest.approx(upper_bound_of_count(2, 0.95) / 100)


def test_scenarios_of_different_boosts_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"study\.boost") as refused:
        sim.run([folder / "boosted.yaml", folder / "plain.yaml"])
    assert (refused.value.problems[0].found.en, refused.value.problems[0].allowed.en) == ("1.0", f"{BOOST:.1f}")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("policy.operator_watch.factor", "5", "policy.operator_watch.factor"),
        ("policy.inspection.on_find", "hold_flight", "policy.inspection.on_find"),
        ("world.compliance.displacement", "50%", "world.compliance.displacement"),
        ("world.compliance.prevalence", "2%", "study.boost"),
        ("study.boost", "0.5", "study.boost"),
    ],
)
def test_what_could_not_be_weighted_back_is_refused(folder: Path, path: str, value: str, told: str) -> None:
    """Also from the command: exit code 2, the place named, and no folder left."""
    out = folder / "refused"
    done: Any = CliRunner().invoke(main, ["run", str(folder / "boosted.yaml"), "--set", f"{path}={value}", "--out", str(out)])
    assert done.exit_code == 2 and told in done.stderr and not out.exists()


def test_the_highest_boost_is_told(folder: Path) -> None:
    with pytest.raises(InputError) as refused:
        sim.load_scenario(folder / "boosted.yaml", ["world.compliance.prevalence=0.2%", "study.boost=251"])
    assert refused.value.problems[0].allowed.en == "at most 250"
    at_most = sim.load_scenario(folder / "boosted.yaml", ["world.compliance.prevalence=0.2%", "study.boost=250"])
    assert at_most.study.boost == 250
