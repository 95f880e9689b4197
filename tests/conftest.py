"""Two small scenarios on disk: a day of few flights under two headways; and studies made once a run."""

import fcntl
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from tests.tiers import pytest_addoption, pytest_collection_modifyitems, pytest_runtest_makereport

os.environ["SIM_LANG"] = "en"  # whatever the locale of the machine; the processes that tests start have it too

settings.register_profile("untimed", deadline=None)  # how long an example takes hangs on the machine
settings.load_profile("untimed")

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_runtest_makereport"]

BASE = """
name: base
title: Base
study: {days: 1, warm_up: 6 h, cool_down: 12 h, replications: 3, seed: 7}
world:
  demand: {flights_per_day: 24/d}
"""
DENSE = """
extends: base.yaml
name: dense
title: Dense
policy:
  corridor: {headway: 6 min}
"""
TWO = {"base": BASE, "dense": DENSE}
EACH_FLIGHT_APPROVED = {"policy.flight_authorisation.mode": "noon_day_before"}
"""The noon rule loses an order in seven, which the standing approval of the baseline does not."""


def write_scenarios(folder: Path, texts: Mapping[str, str] = TWO) -> list[Path]:
    """Write scenario files into a folder, which is made where it is missing; return them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [folder / f"{name}.yaml" for name in texts]


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Path]:
    return write_scenarios(tmp_path / "scenarios")


class MakeStudy(Protocol):
    def __call__(self, texts: Mapping[str, str] = TWO, **options: Any) -> Path: ...


@pytest.fixture(scope="session")
def make_study(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[MakeStudy]:
    """Make a study once in a run of the tests, for all of its processes; return its folder, which is to be read only.

    The scenarios lie beside it as `<name>.yaml`; the options are those of `sim.run`, with one worker
    unless they say otherwise. A test that changes a file of it fails
    the run at its end.
    """
    import sim
    from sim.archive import study_folder

    home = tmp_path_factory.getbasetemp()
    home = (home if worker_id == "master" else home.parent) / "studies"
    home.mkdir(exist_ok=True)
    used: set[Path] = set()

    def make(texts: Mapping[str, str] = TWO, **options: Any) -> Path:
        key = f"{zlib.crc32(repr((sorted(texts.items()), sorted(options.items()))).encode()):08x}"
        out = home / key / "out"
        with (home / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not out.exists():
                sim.run(write_scenarios(home / key, texts), out=out, **{"workers": 1, **options})
        used.add(out)
        return out

    yield make
    changed = {str(out): study_folder.changed_files(out) for out in used if study_folder.changed_files(out)}
    assert changed == {}, "a test has changed a study that others read"
