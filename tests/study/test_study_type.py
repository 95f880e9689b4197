"""Terminating and steady-state studies are told apart, in the manifest and in three languages."""

from pathlib import Path

import pytest

import sim
from sim.archive.study_folder import read_manifest
from sim.ground.text import LANGUAGES
from sim.study.study_type import STEADY_STATE, TERMINATING, study_type


def test_the_warm_up_makes_the_kind() -> None:
    assert study_type(0.0) is TERMINATING
    told = study_type(3 * 86400.0)
    assert told.en == STEADY_STATE.en.format(warm_up="3 d")
    assert "（3 日）" in told.zh_hant and "（3 日）" in told.zh_hans


@pytest.mark.parametrize(("warm_up", "kind"), [("0 s", "Terminating"), ("6 h", "Steady-state")])
def test_the_manifest_tells_the_kind(scenarios: list[Path], tmp_path: Path, warm_up: str, kind: str) -> None:
    sim.run(scenarios[0], replications=1, out=tmp_path / "out", set=[f"study.warm_up={warm_up}"])
    told = read_manifest(tmp_path / "out")["kind"]
    assert list(told) == list(LANGUAGES)
    assert told["en"].startswith(kind)
    assert len(set(told.values())) == 3
