"""What results come from is found by following imports: all that makes numbers, and nothing that only shows them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.execution import fingerprint as fingerprints
from sim.execution.fingerprint import ROOT, fingerprint, fingerprint_of_the_rest, model_fingerprint
from sim.policies import FEATURES
from sim.study.identity import MAKE_NUMBERS


def rooms(files: set[Path]) -> set[str]:
    return {path.relative_to(ROOT).parts[0] for path in files}


STUDY_ONLY = {
    "sequential.py",
    "initial_transient.py",
    "shapley.py",
    "variance_shares.py",
}  # statistics that no number of a replication needs


def test_all_that_makes_numbers_counts() -> None:
    files = fingerprints.files_behind(MAKE_NUMBERS)
    for room in ("world", "model", "policies", "metrics", "replication", "statistics"):
        left_out = set((ROOT / room).rglob("*.py")) - files
        assert {path.name for path in left_out} <= {"reference_page.py", *STUDY_ONLY}, room
    checkers = {"audit.py", "audit_pools.py"}
    assert {path.name for path in set((ROOT / "engine").glob("*.py")) - files} == checkers
    groups = [group for feature in FEATURES for group in (feature.policy, feature.world) if group is not None]
    assert {f"{group.__module__.rpartition('.')[2]}.py" for group in groups} <= {path.name for path in files}
    data = {path for path in (ROOT / "world" / "data").iterdir() if path.is_file()}
    assert {path for path in files if path.suffix != ".py"} == {*data, ROOT / "study" / "coverage.csv"}


def test_what_only_shows_numbers_does_not() -> None:
    assert not rooms(fingerprints.files_behind(MAKE_NUMBERS)) & {"analysis", "charts", "report", "replay", "cli"}


def copy(to: Path) -> Path:
    from shutil import copytree, ignore_patterns

    return copytree(ROOT, to / "sim", ignore=ignore_patterns("__pycache__"))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, whose files the fingerprints are of."""
    place = copy(tmp_path)
    monkeypatch.setattr(fingerprints, "ROOT", place)
    clear()
    yield place
    monkeypatch.undo()
    clear()


def clear() -> None:
    for function in (fingerprint, fingerprint_of_the_rest, fingerprints._all_files):
        function.cache_clear()


def append(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    clear()


def test_a_changed_file_changes_that_which_it_is_behind(package: Path) -> None:
    before = fingerprint(*MAKE_NUMBERS), fingerprint_of_the_rest(*MAKE_NUMBERS)
    append(package / "charts" / "delay.py")
    assert fingerprint(*MAKE_NUMBERS) == before[0] and fingerprint_of_the_rest(*MAKE_NUMBERS) != before[1]
    shown = fingerprint_of_the_rest(*MAKE_NUMBERS)
    append(package / "policies" / "xray.py")
    assert fingerprint(*MAKE_NUMBERS) != before[0] and fingerprint_of_the_rest(*MAKE_NUMBERS) == shown
    numbers = fingerprint(*MAKE_NUMBERS)
    append(package / "world" / "data" / "road.toml")
    assert fingerprint(*MAKE_NUMBERS) != numbers


def test_where_a_file_lies_counts_for_nothing(package: Path) -> None:
    before = model_fingerprint()
    (package / "world" / "data" / "road.toml").rename(package / "world" / "data" / "way.toml")
    clear()
    assert model_fingerprint() == before
