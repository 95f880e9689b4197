"""The glossary: its names are those of the code, its Chinese terms those of the labels, in the script of their column."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.scenario.parameters import catalogue
from tests.docs.test_links import exists
from tests.ground.test_three_languages import declared, foreign

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| \*\*(.+?)\*\*: (.+?) \| \*\*(.+?)\*\*(?:：(.*?))? \| \*\*(.+?)\*\*(?:：(.*?))? \| (.+?) \|$", re.MULTILINE)


class Term(NamedTuple):
    """A row of the glossary; the Chinese meanings are empty for words that only the code uses."""

    en: str
    meaning: str
    zh_hant: str
    meaning_hant: str
    zh_hans: str
    meaning_hans: str
    code: str


TERMS = [Term(*row) for row in ROW.findall(PAGE)]


def test_every_row_is_read() -> None:
    assert len(TERMS) == len(re.findall(r"^\| \*\*", PAGE, re.MULTILINE)) > 50
    assert len({term.en for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.en)
def test_its_names_are_in_the_code(term: Term) -> None:
    names = re.findall(r"`(.+?)`", term.code)
    assert names
    assert [name for name in names if not is_there(name)] == []


def is_there(name: str) -> bool:
    """Whether it is a name of the code, a file, a parameter or group of parameters, or a measure."""
    if "/" in name:
        return (ROOT / name).exists()
    keys = {metric.key for metric in all_metrics(FEATURES)}
    return exists(name) or name in keys or any(path == name or path.startswith(f"{name}.") for path in catalogue())


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert not is_there("sim.model.feature.Case")
    assert not is_there("policy.corridor.headways")
    assert is_there("policy.corridor") and is_there("delay_mean") and is_there("scenarios/")


LABELS: dict[str, set[tuple[str, str]]] = {}
for text in declared():
    LABELS.setdefault(text.en.casefold(), set()).add((text.zh_hant, text.zh_hans))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.en)
def test_its_chinese_is_that_of_the_labels(term: Term) -> None:
    """Where a label has the same English, singular or plural, its Chinese is the term or begins with it (重複次數 with 重複)."""
    labels = {label for plural in ("", "s") for label in LABELS.get(term.en.casefold() + plural, ())}
    if labels:
        assert any(hant.startswith(term.zh_hant) and hans.startswith(term.zh_hans) for hant, hans in labels), labels


def test_many_terms_have_labels() -> None:
    assert sum(term.en.casefold() in LABELS for term in TERMS) > 20


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.en)
def test_each_language_stands_in_its_script(term: Term) -> None:
    assert not foreign(term.zh_hant + term.meaning_hant, "big5")
    assert not foreign(term.zh_hans + term.meaning_hans, "gb2312")
    assert bool(term.meaning_hant) == bool(term.meaning_hans)
