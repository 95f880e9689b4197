"""The shipped scenarios speak three languages: titles, questions in words and notes, each in its script."""

import re
from collections import Counter

import pytest

from sim.ground.text import LANGUAGES, Text
from sim.study.questions import question_of
from tests.ground.test_three_languages import fault
from tests.shipped import FILES, shipped

NAMES = sorted(file.stem for file in FILES)
LONGEST_TITLE = 28  # Chinese signs that a table and a chart have room for


@pytest.mark.parametrize("name", NAMES)
def test_its_words_are_in_each_language(name: str) -> None:
    scenario = shipped(name)
    words = [scenario.title, scenario.notes] + ([] if question_of(scenario.question) else [scenario.question])
    assert scenario.title and not scenario.title.is_same
    assert [text for text in words if text and fault(text)] == []
    assert max(len(title) for title in scenario.title.all[1:]) <= LONGEST_TITLE


@pytest.mark.parametrize("name", NAMES)
def test_its_notes_name_the_same_files_and_numbers(name: str) -> None:
    """A number may be written out ("one in three"), but none that stands in the Chinese is missing in the English."""
    notes: Text = shipped(name).notes
    named = [set(re.findall(r"[\w.-]+\.(?:yaml|toml)|--set [\w.]+|\d+\.\d+", words)) for words in notes.all]
    assert named[0] == named[1] == named[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_have_the_same_title(language: str) -> None:
    titles = Counter(shipped(name).title.in_language(language) for name in NAMES)  # type: ignore[arg-type]
    assert [title for title, times in titles.items() if times > 1] == []
