"""Which tests run where: tiers by marker, parts of what is left for `make test-part`, limits of time on demand."""

import zlib
from collections.abc import Generator
from typing import Any

import pytest

LIMIT_S = 2.0
"""How long a test without a marker may take, call alone, on an idle machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tiers")
    group.addoption("--part", metavar="K/N", help="run the K-th of N parts of the tests chosen otherwise")
    group.addoption("--enforce-durations", action="store_true", help="fail tests that take longer than their tier allows")


def slow(*values: Any, name: str | None = None) -> Any:
    """A value, or several, for a parametrised test that is slow with it."""
    return pytest.param(*values, marks=pytest.mark.slow, id=name)


def part_of(test: str, n_parts: int) -> int:
    """The part, from 1 to `n_parts`, that a test is in: by its name alone, so that other tests do not move it."""
    return zlib.crc32(test.encode()) % n_parts + 1


def read_part(written: str) -> tuple[int, int]:
    """The two numbers of "2/5"."""
    part, slash, n_parts = written.partition("/")
    if not (slash and part.isdecimal() and n_parts.isdecimal() and 1 <= int(part) <= int(n_parts)):
        raise pytest.UsageError(f"--part {written}: two numbers are needed, as in --part 2/5")
    return int(part), int(n_parts)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    written = config.getoption("--part")
    if written is None:
        return
    part, n_parts = read_part(written)
    others = [item for item in items if part_of(item.nodeid, n_parts) != part]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if part_of(item.nodeid, n_parts) == part]


def limit_s(item: pytest.Item) -> float:
    """How long a test may take where that is enforced: as long as it likes if it is slow."""
    takes = item.get_closest_marker("takes")
    if takes is not None:
        return float(takes.args[0])
    return float("inf") if item.get_closest_marker("slow") else LIMIT_S


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    if not item.config.getoption("--enforce-durations"):
        return
    report = outcome.get_result()
    if report.when == "call" and report.passed and report.duration > limit_s(item):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} took {report.duration:.1f} s, allowed are {limit_s(item):g} s: "
            "make it quicker, mark it slow, or raise its limit with @pytest.mark.takes(seconds)"
        )
