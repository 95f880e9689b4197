"""A reader finds a parameter or a measure by the words of any of the three languages."""

import re
from pathlib import Path

import pytest

from sim.metrics.measure_ref import measures
from sim.scenario.conditions import effect_in_words
from sim.scenario.parameters import catalogue
from sim.scenario.search import entries, nearest_words, search

KNOWN = entries(catalogue(), measures())
GLOSSARY = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"


def keys(words: str) -> list[str]:
    return [entry.key for entry in search(words, KNOWN)]


BEST = {
    "policy.detector_dogs.teams": "dogs 緝毒犬 缉毒犬 狗",
    "policy.xray.machines": "X-ray X光機",
    "policy.inspection.regime": "one-stop",
    "policy.inspection.co_location_site": "co_location 一地兩檢 co_located",
    "policy.risk_screening.export_rate": "抽查率 布控率",
    "delay_mean": "delay 延误 延誤 delays",
    "world.compliance.prevalence": "contraband",
}


@pytest.mark.parametrize(("words", "first"), [(word, key) for key, words in BEST.items() for word in words.split()])
def test_the_best_stands_first(words: str, first: str) -> None:
    assert keys(words)[0] == first


def test_words_of_one_meaning_are_one_word() -> None:
    assert keys("lead time")[0] == "policy.pre_clearance.lead"


def test_the_whole_name_of_one_is_that_one_alone() -> None:
    assert keys("dog teams") == keys("Dog team") == keys("緝毒犬隊（領犬員與犬）") == ["policy.detector_dogs.teams"]
    assert len(keys("officers")) > 4, "the name of several"


def test_every_word_must_fit() -> None:
    assert set(keys("dog rest")) < set(keys("dog"))
    assert keys("dog qqqq") == keys("") == keys("?!") == []


def test_a_chinese_word_that_stands_nowhere_is_found_by_its_parts() -> None:
    assert any("dog" in key for key in keys("緝毒犬隊伍數目"))


def test_what_fits_nothing_is_answered_with_the_nearest_words() -> None:
    assert nearest_words("hedway", KNOWN)[0] == "headway"
    assert "detector" in nearest_words("dettector", KNOWN)


def test_the_terms_of_the_glossary_lead_to_what_they_name() -> None:
    known, missing, n = {entry.key for entry in KNOWN}, [], 0
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = line.strip("|").split(" | ")
        named = known.intersection(re.findall(r"`([\w.]+)`", cells[-1]))
        for term in (re.match(r"\s*\*\*(.+?)\*\*", cell) for cell in cells[:-1]):
            if named and term:
                n += 1
                missing += [(term[1], key) for key in named if key not in keys(term[1])]
    assert n > 30
    assert missing == []


def test_what_every_parameter_needs_can_be_said() -> None:
    for parameter in catalogue().values():
        if parameter.needs is not None:
            assert all(effect_in_words(parameter.needs).all)
            assert not re.search(r"\b(where|only|and|or|is)\b", effect_in_words(parameter.needs).zh_hant)
