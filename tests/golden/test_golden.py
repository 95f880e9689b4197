"""Results stay what they were: measures of small scenarios against the stored file, digit for digit.

A change that is meant to move results writes the file anew (`python -m tests.golden.update`, from the
project's root) and says so in CHANGELOG.md in an entry tagged RESULTS, with the reason. A change that is
not meant to, and fails here, is wrong.
"""

import json

import pytest

from tests.golden.golden import SETTINGS, STORED, measures


@pytest.mark.parametrize("setting", SETTINGS)
def test_measures_are_those_stored(setting: str) -> None:
    stored, now = json.loads(STORED.read_text(encoding="utf-8"))[setting], measures(setting)
    moved = [key for key in {**stored, **now} if stored.get(key, "absent") != now.get(key, "absent")]
    first = [f"{key}: stored {stored.get(key, 'absent')}, now {now.get(key, 'absent')}" for key in moved[:10]]
    assert not moved, f"{len(moved)} of {len(now)} numbers moved; the first:\n" + "\n".join(first)


def test_the_settings_are_those_stored() -> None:
    assert list(json.loads(STORED.read_text(encoding="utf-8"))) == list(SETTINGS)
