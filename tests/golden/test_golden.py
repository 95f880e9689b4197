"""Results stay what they were: back-tests of small scenarios against the stored files, digit for digit.

A change that is meant to move results writes the files anew (`python -m tests.golden.update`, from the project's root) and says
so in CHANGELOG.md in an entry of Results, tagged RESULTS, with the reason and the digest of the new files; the test fails until
it does. A change that is not meant to, and fails here, is wrong.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

import pytest

from tests.golden import golden
from tests.golden.golden import CHANGELOG, COMPARED, COMPARISON, MEASURES, SETTINGS, back_test_named, comparison, digest, measures

ENTRY = "- RESULTS: officers rest at noon (back-test 1a2b3c4d).\n"
SECTIONS = (
    "# Changelog\n\n## 0.2.0\n\n### Added\n\n- A new chart.\n\n### Results\n\n{}\n"
    "## 0.1.0\n\n### Results\n\n- RESULTS: first (back-test 00000001).\n"
)


def moved(stored: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Which of the stored numbers are no longer what they were; empty for none."""
    keys = [key for key in stored if stored[key] != now.get(key, "absent")]
    first = [f"{key}: stored {stored[key]}, now {now.get(key, 'absent')}" for key in keys[:10]]
    return f"{len(keys)} of {len(stored)} numbers moved; the first:\n" + "\n".join(first) if keys else ""


def not_stored(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The measures of which numbers are not stored; a new part of a stored measure is no new measure."""
    return sorted({measure_of(key) for key in now} - {measure_of(key) for key in stored})


def measure_of(key: str) -> str:
    """The measure in "replication/measure/part" or "scenario/measure/part"."""
    return key.split("/")[1]


def assert_same(stored: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """The stored numbers are what they were, and every number of a stored measure is stored; new measures are printed."""
    new = not_stored(stored, now)
    if new:
        print(f"new, to be stored with the next update: {', '.join(new)}")
    known = {key: value for key, value in now.items() if measure_of(key) not in new}
    assert not moved({**dict.fromkeys(known, "absent"), **stored}, known)


@pytest.mark.parametrize("setting", SETTINGS)
def test_measures_are_those_stored(setting: str) -> None:
    assert_same(json.loads(MEASURES.read_text(encoding="utf-8"))[setting], measures(setting))


def test_the_settings_are_those_stored() -> None:
    assert list(json.loads(MEASURES.read_text(encoding="utf-8"))) == list(SETTINGS)


@pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="the measures above are of these settings; the rest is not compiled"
)
def test_the_comparison_is_that_stored() -> None:
    stored, now = json.loads(COMPARISON.read_text(encoding="utf-8")), comparison()
    assert list(stored) == list(now)
    for table in now:
        assert_same(stored[table], now[table])


def test_the_stored_comparison_holds_what_can_move() -> None:
    """Levels of every scenario, and verdicts of more than one kind, so that intervals, adjustment and verdicts are all kept."""
    stored = json.loads(COMPARISON.read_text(encoding="utf-8"))
    assert {key.split("/")[0] for key in stored["summary"]} == {name.replace("_", "-") for name in COMPARED}
    verdicts = {row[-1] for row in stored["comparison"].values()}
    assert verdicts >= {"better", "undecided"}
    adjusted = [row for row in stored["comparison"].values() if row[4] is not None and row[4] < row[5] < 1]
    assert len(adjusted) > 5


def test_a_number_that_moved_is_noticed() -> None:
    assert moved({"a": 1.0, "b": None}, {"a": 1.0, "b": None}) == ""
    assert "a: stored 1.0, now 1.0000000001" in moved({"a": 1.0}, {"a": 1.0000000001})
    assert "a: stored 1.0, now absent" in moved({"a": 1.0}, {})


def test_a_new_measure_moves_nothing_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert_same({"0/delay/": 1.0}, {"0/delay/": 1.0, "0/crowd/": 3.0})
    assert "to be stored with the next update: crowd" in capsys.readouterr().out
    with pytest.raises(AssertionError, match=r"0/delay/late: stored absent, now 2\.0"):
        assert_same({"0/delay/": 1.0}, {"0/delay/": 1.0, "0/delay/late": 2.0})
    with pytest.raises(AssertionError, match=r"0/delay/: stored 1\.0, now absent"):
        assert_same({"0/delay/": 1.0}, {"0/crowd/": 3.0})


def test_the_changelog_names_the_stored_results() -> None:
    """After `python -m tests.golden.update`: add the line that it prints, with the reason."""
    assert back_test_named(CHANGELOG.read_text(encoding="utf-8")) == digest()


def test_only_a_results_entry_names_them() -> None:
    assert back_test_named(SECTIONS.format(ENTRY)) == "1a2b3c4d"
    assert back_test_named(SECTIONS.format("")) == "00000001"
    assert back_test_named(SECTIONS.format(ENTRY.replace("RESULTS: ", ""))) == "00000001"
    assert back_test_named(SECTIONS.format("- Said elsewhere: RESULTS (back-test 1a2b3c4d).\n")) == "00000001"
    assert back_test_named(SECTIONS.format(ENTRY.replace("(back-test 1a2b3c4d)", "(see below)"))) == "00000001"
    assert back_test_named(SECTIONS.format(ENTRY + ENTRY.replace("1a2b3c4d", "5e6f7a8b"))) == "5e6f7a8b"
    assert back_test_named(SECTIONS.format("- RESULTS: a long\n  reason (back-test\n  1a2b3c4d).\n")) == "1a2b3c4d"
    assert back_test_named("# Changelog\n") is None


def test_a_digit_that_changes_is_another_digest(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    copies = [tmp_path / file.name for file in golden.STORED]
    for copy, file in zip(copies, golden.STORED, strict=True):
        copy.write_bytes(file.read_bytes())
    before = digest()
    monkeypatch.setattr(golden, "STORED", tuple(copies))
    assert digest() == before
    for copy in copies:
        text = copy.read_text(encoding="utf-8")
        copy.write_text(text.replace("7", "8", 1), encoding="utf-8")
        assert digest() != before
        copy.write_text(text, encoding="utf-8")
