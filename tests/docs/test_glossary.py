"""The glossary: its names are those of the code, its Chinese terms those of the labels, in the script of their column."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.ground.institutions import AUTHORITIES
from sim.ground.sides import SIDES
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


def section(heading: str) -> list[list[str]]:
    """The cells of the rows of the table under a heading, without its head."""
    text = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def refused_words() -> dict[str, str]:
    """Each word that is not used, with what is used in its place."""
    return {word: but for nots, but, _ in section("Words that are not used") for word in nots.split(", ")}


FILES = sorted(
    path
    for folder, kinds in {
        "sim": {".py", ".toml", ".js", ".html", ".geojson", ".j2", ".typ", ".csv"},
        "scenarios": {".yaml"},
        "docs": {".md"},
    }.items()
    for path in (ROOT / folder).rglob("*")
    if path.suffix in kinds and path.name != "glossary.md"
)
REFUSED = re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in refused_words()), re.IGNORECASE)


@pytest.mark.parametrize("file", [*FILES, ROOT / "README.md"], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_word_is_used_that_has_a_better_one(file: Path) -> None:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    assert [
        f"{file.name}:{n}: {word} (use {refused_words()[word.lower()]})" for n, line in lines for word in REFUSED.findall(line)
    ] == []


def test_refused_words_are_noticed_in_each_language() -> None:
    assert REFUSED.findall("A Lorry on 走廊; 违规货件 and 違規貨件, lorryless") == ["Lorry", "走廊", "违规货", "違規貨"]
    assert len(refused_words()) > 40


def test_a_refused_word_is_no_part_of_the_one_to_use() -> None:
    assert {word: but for word, but in refused_words().items() if word in but} == {}


def test_the_glossary_uses_no_refused_word() -> None:
    rest = "".join(part for part in re.split(r"(?m)^(?=## )", PAGE) if not part.startswith("## Words that are not used"))
    assert REFUSED.findall(rest) == []


def test_authorities_have_the_names_of_the_code() -> None:
    assert section("Authorities") == [[i.name.en, i.name.zh_hant, i.name.zh_hans] for i in AUTHORITIES]
    assert {side.customs for side in SIDES} <= {institution.name for institution in AUTHORITIES}


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
