"""A title, a question and notes: one text, or one in each language."""

import json
from pathlib import Path

import jsonschema
import pytest

from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.scenario.annotated import annotated
from sim.scenario.json_schema import json_schema
from sim.scenario.load import apply, load_scenario
from sim.scenario.reader import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.template import new_scenario
from sim.scenario.write import write_resolved
from tests.scenario.toy_features import load

TITLE = Text("One desk", "統一審批", "统一审批")
IN_THREE = """\
title: {en: One desk, zh_hant: 統一審批, zh_hans: 统一审批}
question: {en: "What if?", zh_hant: 若然如何？, zh_hans: 如果怎样？}
notes:
  en: |
    Two lines,
    as they stand.
  zh_hant: 兩行。
  zh_hans: 两行。
"""


def problem_of(folder: Path, text: str) -> Problem:
    with pytest.raises(InputError) as error:
        load(folder, text)
    (problem,) = error.value.problems
    return problem


def test_three_texts_are_read_and_one_stands_for_all(tmp_path: Path) -> None:
    scenario = load(tmp_path, IN_THREE)
    assert scenario.title == TITLE and scenario.question.zh_hans == "如果怎样？"
    assert scenario.notes.en == "Two lines,\nas they stand.\n"
    assert load(tmp_path, "title: Mine\n").title == Text("Mine", "Mine", "Mine")
    assert load(tmp_path, "policy: {}\n").notes == Text("", "", "")


@pytest.mark.parametrize(
    ("written", "line", "path", "message", "found"),
    [
        ("title: 5\n", 1, "title", "a text is needed", "5"),
        ("title: {en: One desk}\n", 1, "title", "the text is missing in zh_hant and zh_hans", ""),
        ("title:\n  en: a\n  zh_hant: b\n  zh: c\n", 4, "title.zh", "there is no language 'zh' here", '"c"'),
        ("notes:\n  en: a\n  zh_hant: b\n  zh_hans: [c]\n", 4, "notes.zh_hans", "a text is needed", ""),
    ],
)
def test_what_is_neither_is_refused_at_its_place(
    tmp_path: Path, written: str, line: int, path: str, message: str, found: str
) -> None:
    problem = problem_of(tmp_path, written)
    assert (problem.line, problem.path, problem.message.en) == (line, path, message)
    assert not found or problem.found.en == found
    assert problem.allowed.en == "a text, or {en: ..., zh_hant: ..., zh_hans: ...}"


def test_the_words_of_a_file_are_its_own_and_move_no_number(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(IN_THREE, encoding="utf-8")
    scenario = load(tmp_path, "extends: base.yaml\n")
    assert str(scenario.title) == "one" and not scenario.notes
    assert scenario.hash == load(tmp_path, IN_THREE).hash


def test_the_resolved_scenario_is_read_back_as_it_was(tmp_path: Path) -> None:
    scenario = load(tmp_path, IN_THREE)
    (tmp_path / "again.yaml").write_text(write_resolved(scenario), encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml", schema=scenario.assembly) == scenario
    assert "title:\n  en: One desk\n  zh_hant: 統一審批\n" in write_resolved(scenario)
    assert scenario.resolved()["title"] == {"en": "One desk", "zh_hant": "統一審批", "zh_hans": "统一审批"}
    assert load(tmp_path, "title: Mine\n").resolved()["title"] == "Mine"
    assert "  zh_hans: 统一审批\n" in annotated(scenario)


def test_a_change_may_set_either_form(tmp_path: Path) -> None:
    scenario = load(tmp_path, "title: Mine\n")
    assert apply(scenario, "title={en: One desk, zh_hant: 統一審批, zh_hans: 统一审批}").title == TITLE
    assert apply(load(tmp_path, IN_THREE), {"title": "Mine"}).title == Text.same("Mine")


def test_the_schema_for_editors_takes_either_form(tmp_path: Path) -> None:
    check = jsonschema.Draft202012Validator(json_schema())
    for key in ("title", "question", "notes"):
        assert check.is_valid({key: "one"}) and check.is_valid({key: {"en": "a", "zh_hant": "b", "zh_hans": "c"}})
        assert not check.is_valid({key: {"en": "a"}}) and not check.is_valid({key: 5})
        assert json_schema()["properties"][key]["description"]


def test_a_new_file_shows_the_form() -> None:
    text = new_scenario("mine")
    assert "title: mine  # or {en: " in text
    root = read_text(text, "mine.yaml", Path()).root
    assert root is not None and root.value["title"].node.value == "mine"


def test_another_process_gets_the_same_words(tmp_path: Path) -> None:
    import pickle

    scenario = load(tmp_path, IN_THREE)
    again = pickle.loads(pickle.dumps(scenario))
    assert isinstance(again, Scenario) and again.title == TITLE
    assert json.loads(json.dumps(scenario.resolved()))["question"]["en"] == "What if?"
