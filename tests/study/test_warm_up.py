"""The proposal for a warm-up: the series counted in another way, the command and its chart."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.backends.backend_agg import FigureCanvasAgg

import sim
from sim.charts import style
from sim.charts.export import write_warm_up
from sim.charts.warm_up import draw, listed
from sim.cli import main
from sim.engine import default_engine
from sim.execution.replicate import Task, observe
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Language, Text
from sim.replication import prepare
from sim.scenario.load import load_scenario
from sim.study.warm_up import Series, WarmUp, moving_average, warm_up, without_daily_cycle
from tests.charts.test_charts import texts_outside
from tests.shipped import shipped

SMALL = "name: small\nstudy: {days: 1, warm_up: 6 h, cool_down: 12 h, seed: 7}\nworld:\n  demand: {flights_per_day: 24/d}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path / "small.yaml"


def test_the_daily_cycle_is_taken_out_and_the_transient_stays() -> None:
    hour = np.arange(10 * 24.0)
    cycle, transient = np.sin(hour * math.pi / 12), -5 * np.exp(-hour / 10)
    settled = without_daily_cycle(hour, 7 + cycle + transient, 120)
    assert settled == pytest.approx(7 + transient, abs=1e-4)
    some = hour % 24 > 5  # no flights at night
    assert without_daily_cycle(hour[some], (3 * cycle)[some], 120) == pytest.approx(3 * cycle[some & (hour >= 120)].mean())


def test_moving_average_by_hand() -> None:
    found = moving_average(np.array([1.0, 2.0, 6.0, 4.0, 12.0]), reach=2)
    assert found.tolist() == [1.0, 3.0, 5.0, 22 / 3, 12.0]  # reach 0, 1, 2, 1, 0


@pytest.mark.takes(10)
def test_the_series_are_those_counted_from_the_tables(small: Path) -> None:
    scenario = load_scenario(small)
    found = warm_up(scenario, replications=1, seeds=3, days=4)
    studies = [sim.run(small, replications=1, seed=seed, set=["study.warm_up=0 s", "study.days=4"]) for seed in (7, 8, 9)]
    flights = pd.concat([study.flights for study in studies], ignore_index=True)
    flights = flights[flights["measured"] & flights["delay_s"].notna()]
    delay = flights.groupby(flights["planned_departure_s"] // 3600)["delay_s"].mean()
    assert found.series[0].hour.tolist() == delay.index.tolist()
    assert found.series[0].level == pytest.approx(delay.to_numpy())
    started = found.scenario.model_copy(update={"study": studies[0].scenarios[0].study})
    present = np.zeros(96)
    for seed in (7, 8, 9):
        seen = observe(Task(started, seed, 0, default_engine()), prepare(started, seed, 0))
        for planned_s, ended_s in zip(seen.flights.planned_departure_s, seen.timeline.ended_s, strict=True):
            for hour in range(96):
                end_s = seen.horizon_s if np.isnan(ended_s) else ended_s
                present[hour] += max(0.0, min(end_s, 3600 * (hour + 1)) - max(planned_s, 3600 * hour)) / 3600
    assert found.series[1].level == pytest.approx(present / 3)
    assert (found.days, found.replications, found.seeds) == (4, 1, (7, 8, 9))


def test_each_seed_has_the_cut_of_its_own_series(small: Path) -> None:
    scenario = load_scenario(small, ["policy.corridor.headway=40 min"])
    together = warm_up(scenario, replications=4, seeds=4, days=8)
    assert [len(series.cuts_h) for series in together.series] == [4, 4]
    later = warm_up(scenario, replications=4, seeds=3, days=8, seed=8)
    assert [series.cuts_h for series in later.series] == [series.cuts_h[1:] for series in together.series]
    assert len(set(together.cuts_h)) > 1, "the seeds differ"


def test_an_empty_start_is_seen(small: Path) -> None:
    """Orders that are put off by a day or two fill the system for as long: the rule leaves out no less than a part of that."""
    slow = ["policy.flight_authorisation.day_plan=ordered_flights", "world.demand.notice=6 h", "world.demand.max_shift=2 d"]
    found = warm_up(load_scenario(small, slow), replications=10, seeds=3, days=10)
    in_system = found.series[1]
    assert in_system.settled[:6].mean() < 0.5 * in_system.settled[120:].mean()
    assert sum(cut_h is None or cut_h >= 5 for cut_h in in_system.cuts_h) == 3


def test_a_scenario_that_releases_no_flight_has_no_series_of_delays(small: Path) -> None:
    never = ["policy.flight_authorisation.officers=0"]
    found = warm_up(load_scenario(small, never), replications=1, seeds=3, days=4)
    assert [series.unit for series in found.series] == ["1"]
    told = command(
        small, "--replications", "1", "--seeds", "3", "--days", "4", "--set", never[0], "--out", small.parent / "w"
    ).output
    assert "no flight was released" in told


def with_cuts(*cuts_h: tuple[int | None, ...], own: str = "1 d") -> WarmUp:
    """Proposals of two series, each with its cuts by seed, for a scenario that has a warm-up of its own."""
    nothing = np.zeros(0)
    series = tuple(Series(Text("", "", ""), "1", nothing, nothing, nothing, cuts) for cuts in cuts_h)
    return WarmUp(shipped("baseline", f"study.warm_up={own}"), tuple(range(1, 1 + len(cuts_h[0]))), 1, 4, series)


def test_the_proposal_of_a_seed_is_the_longest_in_whole_days() -> None:
    assert with_cuts((0, 0, 24, 5), (0, 5, 25, None)).proposed_d == (0, 1, 2, None)


@pytest.mark.parametrize(
    ("cuts_h", "own", "words"),
    [
        ((0, 20, 24), "1 d", "No seed of 3 asks for more than the file's 1 d"),
        ((25, 30, 60), "1 d", "All 3 seeds ask for more than the file's 1 d: it may be too short"),
        ((0, 20, 25), "1 d", "More than the file's 1 d, or no proposal: 1 of 3 seeds"),
        ((0, 20, None), "1 d", "or no proposal: 1 of 3 seeds"),
        ((25, 30, None), "1 d", "or no proposal: 3 of 3 seeds"),
        ((None, None, None), "1 d", "No seed gives a proposal"),
        ((0, 20, 25), "0 s", "The file has no warm-up"),
    ],
)
def test_what_is_told_of_the_files_own(cuts_h: tuple[int | None, ...], own: str, words: str) -> None:
    finding = with_cuts(cuts_h, (0,) * len(cuts_h), own=own).finding
    assert words in finding.en
    for language in LANGUAGES:
        assert finding.in_language(language).strip() and "{" not in finding.in_language(language)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["warm-up", *map(str, arguments)])


@pytest.mark.takes(10)
def test_the_command_proposes_and_draws(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small.parent)
    options = ("--replications", "4", "--seeds", "3", "--days", "6", "--set", "world.demand.flights_per_day=30/d")
    done = command(small, *options)
    assert done.exit_code == 0, done.output
    assert "warm-up by MSER-5, seeds 7 to 9" in done.output
    assert "with each seed: 4 replications of 6 days from an empty start" in done.output
    assert "the file's study.warm_up: 6 h" in done.output
    assert "Steady-state simulation" in done.output
    folder = small.parent / "out" / "small-warm-up"
    assert sorted(path.name for path in folder.iterdir()) == ["warm-up.csv", "warm-up.png", "warm-up.svg"]
    table = pd.read_csv(folder / "warm-up.csv")
    assert set(table["series"].value_counts()) >= {144}
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = command(small, *options)
    assert again.output == done.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_the_command_tells_what_the_seeds_tell(small: Path, tmp_path: Path) -> None:
    few = ("--replications", "1", "--seeds", "3", "--days", "4")
    output = command(small, *few, "--set", "study.warm_up=0 s", "--out", tmp_path / "w").output
    assert "Terminating simulation" in output and "study.warm_up: 0 s" in output
    proposal = warm_up(load_scenario(small), replications=1, seeds=3, days=4)
    output = command(small, *few, "--out", tmp_path / "w").output
    assert " ".join(proposal.finding.en.split()) in " ".join(output.split())
    assert f"proposed: {listed(proposal.proposed_d)} d; the file's study.warm_up: 6 h" in output
    assert listed((0, 20, None)) == "0, 20, none"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--days", "3"], "4 or more"),
        (["--seeds", "2"], "3 to 100"),
        (["--replications", "0"], "1 to 100000"),
        (["--set", "study.seed=-1"], "study.seed"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(small: Path, options: list[str], told: str) -> None:
    failed = command(small, *options, "--out", small.parent / "w")
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert told in failed.stderr
    assert not (small.parent / "w").exists()


def test_a_schedule_has_no_warm_up(small: Path) -> None:
    scenario = load_scenario(small)
    demand = scenario.world.demand.model_copy(update={"schedule": "flights.csv"})
    world = scenario.world.model_copy(update={"demand": demand})
    with pytest.raises(InputError, match="steady state"):
        warm_up(scenario.model_copy(update={"world": world}), replications=1, seeds=3, days=4)


def test_a_study_is_left_alone(small: Path) -> None:
    out = small.parent / "study"
    sim.run(small, replications=1, out=out)
    before = sorted(path.name for path in out.iterdir())
    failed = command(small, "--out", out)
    assert failed.exit_code == 2 and "holds a study" in failed.stderr
    assert sorted(path.name for path in out.iterdir()) == before


def test_a_place_that_cannot_be_written_is_told(small: Path) -> None:
    (small.parent / "taken").write_text("")
    failed = command(small, "--replications", "1", "--days", "4", "--out", small.parent / "taken" / "w")
    assert failed.exit_code == 2 and "can't be written" in failed.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_fits_in_every_language(small: Path, tmp_path: Path, language: Language) -> None:
    found = warm_up(load_scenario(small), replications=2, days=4)
    longest = [replace(series, cuts_h=(120, 245, None, 320, 110)) for series in found.series]
    found = replace(found, series=tuple(longest))
    with style.style_context(language):
        figure = draw(found, language)
        FigureCanvasAgg(figure).draw()
    assert len(figure.axes) == 2
    assert texts_outside(figure) == []
    assert len(write_warm_up(found, tmp_path, language)) == 3
