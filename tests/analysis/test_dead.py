"""Parameters that move nothing are left out of an analysis and listed; one that moves something in some world is not."""

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.assumptions import STILL, assumptions
from sim.analysis.dead import dead_at_ends, dead_in_design, left_out
from sim.analysis.sweep import sweep
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from tests.analysis.conftest import FEW
from tests.model.replicated import ONE_DAY
from tests.policies.observed import scenario

DATA, DOGS = "world.data_interface", "world.detector_dogs"
BY_MESSAGE = {**ONE_DAY, "policy.data_interface.mode": "api", "policy.data_interface.fallback": "hold"}


def tried() -> Scenario:
    return apply(scenario(BY_MESSAGE), {"policy.inspection.sequence": ["xray", "open"], f"{DATA}.reject_share": "0%"})


def test_what_moves_nothing_at_its_ends_is_dead() -> None:
    ends = {
        f"{DATA}.paper_time": ["10 min", "2 h"],
        f"{DATA}.entry_time": ["2 min", "20 min"],
        f"{DOGS}.search_time": ["30 s", "3 min"],
    }
    assert dead_at_ends([tried()], ends, 1, 3) == (f"{DATA}.paper_time", f"{DOGS}.search_time")
    with_dogs = apply(tried(), {"policy.inspection.sequence": ["dog", "open"]})
    assert dead_at_ends([tried(), with_dogs], ends, 1, 3) == (f"{DATA}.paper_time",)


def test_what_moves_something_in_some_world_is_alive() -> None:
    """Mending takes time where messages are rejected: dead as things stand, and not where the share is varied too."""
    fix = {f"{DATA}.fix_time": ["5 min", "2 h"]}
    assert dead_at_ends([tried()], fix, 1, 2) == (f"{DATA}.fix_time",)
    settings = [
        {f"{DATA}.reject_share": share, f"{DATA}.fix_time": time, f"{DATA}.paper_time": time}
        for share, time in (("0%", "5 min"), ("20%", "40 min"), ("10%", "10 min"))
    ]
    assert dead_in_design([tried()], settings, 1) == (f"{DATA}.paper_time",)


def test_what_is_left_out_is_listed_by_reason_in_three_languages() -> None:
    dead = [f"{DOGS}.search_time", f"{DOGS}.search_cap", f"{DATA}.paper_time", "world.release.release_time"]
    sentences = left_out([tried()], dead)
    assert [sentence.en.partition("here: ")[2] for sentence in sentences] == [
        f"{DOGS}.search_time, {DOGS}.search_cap: no dog in policy.inspection.sequence.",
        f"{DATA}.paper_time: policy.data_interface.mode is api, not paper, and "
        "policy.data_interface.fallback is hold, not paper.",
        "world.release.release_time: at every value tried, every flight is planned alike.",
    ]
    for sentence in sentences:
        assert all("world." in sentence.in_language(language) for language in LANGUAGES)


SMALL = """
name: small
study: {days: 1, warm_up: 6 h, cool_down: 12 h, replications: 2, seed: 7}
world:
  demand: {flights_per_day: 24/d}
policy:
  inspection: {sequence: [xray, open]}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path / "small.yaml"


def test_a_sweep_spends_nothing_on_a_dead_parameter(small: Path, tmp_path: Path) -> None:
    vary = ["policy.corridor.headway=30 s,10 min", "policy.detector_dogs.teams=1,2,3"]
    result = sweep(small, vary=vary, measures="on_time_share", out=tmp_path / "out", workers=1)
    assert result.manifest.points == 2
    assert any("policy.detector_dogs.teams: no dog" in warning.en for warning in result.manifest.warnings)
    with pytest.raises(
        InputError, match=r"none of what is varied moves anything here(?s:.*)no dog in policy\.inspection\.sequence"
    ):
        sweep(small, vary=vary[1], measures="on_time_share", workers=1)


@pytest.mark.takes(10)
def test_the_ledger_says_of_a_dead_parameter_that_nothing_moves(small: Path, tmp_path: Path) -> None:
    result = assumptions(
        small, measure="on_time_share", leave=[path for path in FEW if path != DOGS], out=tmp_path / "out", workers=1
    )
    table = pd.read_csv(tmp_path / "out" / "assumptions.csv", keep_default_na=False).set_index("path")
    dogs = table.loc[f"{DOGS}.search_time"]
    assert dogs["moves_any"] == STILL and float(dogs["moves"]) == 0
    assert dogs["at_low"] == dogs["at_own"] == dogs["at_high"]
    n_tried = int((table["moves_any"] != "").sum())
    assert result.manifest.points < 1 + 2 * n_tried
    assert any(f"{DOGS}.search_time" in warning.en for warning in result.manifest.warnings)
