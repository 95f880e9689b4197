"""The words of the page: every one is used, every one that is used is there, in three languages that say the same."""

import re
from importlib.resources import files

from sim.replay.terms import TERMS

PAGE = files("sim.replay") / "page"
MARKUP = (PAGE / "replay.html").read_text(encoding="utf-8")
SCRIPTS = "\n".join(entry.read_text(encoding="utf-8") for entry in PAGE.iterdir() if entry.name.endswith(".js"))
STILL = (files("sim.replay") / "still.py").read_text(encoding="utf-8")
SCENE = (files("sim.replay") / "scene.py").read_text(encoding="utf-8")


def test_every_term_that_the_page_names_is_there() -> None:
    named = set(re.findall(r'data-(?:term|label)="(\w+)"', MARKUP))
    named |= set(re.findall(r'(?:say|pair)\((?:\w+\.say\()?"(\w+)"', SCRIPTS)) | set(re.findall(r'say\("(\w+)"', STILL))
    assert len(named) > 50
    assert named <= TERMS.keys()


def test_every_term_is_used() -> None:
    assert [term for term in TERMS if not re.search(rf"\b{term}\b", MARKUP + SCRIPTS + SCENE)] == []


def test_the_languages_have_the_same_parts() -> None:
    for term, text in TERMS.items():
        parts = [set(re.findall(r"\{(\w+)\}", words)) for words in (text.en, text.zh_hant, text.zh_hans)]
        assert parts[0] == parts[1] == parts[2], term
