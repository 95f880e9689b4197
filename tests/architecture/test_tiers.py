"""The quick tests and the parts of the slow ones are all tests; limits of time are enforced where asked for."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.tiers import part_of, read_part

ROOT = Path(__file__).resolve().parents[2]
N_PARTS = 5


def selections(target: str) -> list[str]:
    """The arguments with which a target of the Makefile calls pytest, with the compiler on."""
    made = subprocess.run(["make", "-n", *target.split()], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^\S*python -m pytest -n auto (.*)$", made, re.MULTILINE)


def collected(arguments: str) -> list[str]:
    """The tests that pytest chooses."""
    command = f"{sys.executable} -m pytest {arguments} --collect-only"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_quick_tests_and_parts_are_all_tests_each_once() -> None:
    chosen = ["test", *(f"test-part PART={part}" for part in range(1, N_PARTS + 1))]
    tests = Counter(test for target in chosen for arguments in selections(target) for test in collected(arguments))
    (everything,) = selections("test-all")
    assert tests == Counter(collected(everything)) and len(tests) > 3000


def test_a_part_is_known_from_the_name_alone_and_parts_are_of_like_size() -> None:
    names = [f"tests/a/test_b.py::test_c[{number}]" for number in range(1000)]
    sizes = Counter(part_of(name, N_PARTS) for name in names)
    assert set(sizes) == set(range(1, N_PARTS + 1))
    assert min(sizes.values()) > 150
    assert [part_of("tests/a/test_b.py::test_c", n) for n in (1, 5)] == [1, 1]


@pytest.mark.parametrize("written", ["0/5", "6/5", "/5", "5", "a/b", "1/"])
def test_parts_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(pytest.UsageError, match="--part 2/5"):
        read_part(written)


SLEEPERS = """
import time, pytest
def test_short(): pass
def test_long(): time.sleep(0.3)
@pytest.mark.takes(60)
def test_long_as_it_says(): time.sleep(0.3)
@pytest.mark.slow
def test_slow(): time.sleep(0.3)
"""
OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
CONFTEST = """
from tests import tiers
from tests.tiers import *
tiers.LIMIT_S = 0.2
def pytest_configure(config):
    config.addinivalue_line("markers", "slow:")
    config.addinivalue_line("markers", "takes(seconds):")
"""


@pytest.mark.parametrize(
    ("arguments", "outcome"), [([], {"passed": "4"}), (["--enforce-durations"], {"failed": "1", "passed": "3"})]
)
def test_long_tests_fail_where_that_is_asked_for(tmp_path: Path, arguments: list[str], outcome: dict[str, str]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_sleepers.py").write_text(SLEEPERS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert {word: number for number, word in re.findall(r"(\d+) (passed|failed)", done.stdout)} == outcome, (
        done.stdout + done.stderr
    )
    assert ("test_long took" in done.stdout) == bool(arguments)


def test_ci_repeats_nothing_for_five_commits_and_says_which_part(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text("test test-part:\n\t@echo made $@ $(PART)\n")
    (tmp_path / "chromium").write_text("#!/bin/sh\n")  # so that nothing is installed
    (tmp_path / "chromium").chmod(0o755)
    environment = {**OUTSIDE_MAKE, "PATH": f"{tmp_path}:{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": "/dev/null"}
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]

    def call(*command: str) -> str:
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    assert "the history is not here" in call("bash", ".ci/run")
    call(*git, "init", "-q")
    parts = []
    for number in range(N_PARTS):
        call(*git, "commit", "-q", "--allow-empty", "-m", f"{number}")
        written = call("bash", ".ci/run").splitlines()
        (said,) = [line for line in written if "To repeat it: make test-part PART=" in line]
        parts.append(int(said[-1]))
        assert written[0] == "made test" and written[-1] == f"made test-part {parts[-1]}"
    assert sorted(parts) == list(range(1, N_PARTS + 1))
