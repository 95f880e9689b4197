"""Faults of a scenario: each in plain words, at the file, line and column that wrote the value."""

from pathlib import Path

import pytest

from sim.ground.errors import InputError, Problem
from sim.scenario.load import load_scenario, load_scenarios
from tests.scenario.toy_features import load, toy_schema


def problems(folder: Path, text: str, *overrides: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        load(folder, text, overrides)
    return error.value.problems


@pytest.mark.parametrize(
    ("text", "column", "path", "message", "found", "allowed"),
    [
        ("corridor: {headway: 45}", 30, "policy.corridor.headway", "the unit is missing", "45", "45 s, 5 min"),
        ("corridor: {headway: 2 h}", 30, "policy.corridor.headway", "outside its bounds", '"2 h"', "1 s to 1 h"),
        ("corridor: {headway: 2 kg}", 30, "policy.corridor.headway", "'kg' is a unit of mass", '"2 kg"', "1 s to 1 h"),
        ("corridor: {headway: }", 21, "policy.corridor.headway", "a number with a unit", "nothing", "1 s to 1 h"),
        ("corridor: {headway: [1 s]}", 30, "policy.corridor.headway", "a number with a unit", "a list of 1", "1 s to 1 h"),
        ("corridor: {headway: .inf}", 30, "policy.corridor.headway", "the unit is missing", "inf", "1 s to 1 h"),
        ("corridor: {headway: 1e999 s}", 30, "policy.corridor.headway", "a finite number", '"1e999 s"', "1 s to 1 h"),
        ("corridor: {opens: 700}", 28, "policy.corridor.opens", "a clock time is needed", "700", "07:30"),
        ("corridor: {opens: 25200}", 28, "policy.corridor.opens", "a clock time is needed", "25200", "07:30"),
        ("corridor: {opens: 24:01}", 28, "policy.corridor.opens", "a clock time is needed", '"24:01"', "07:30"),
        ("corridor: {closures: [07:00, 9]}", 39, "policy.corridor.closures[2]", "a clock time", "9", "a list"),
        ("corridor: {closures: 07:00}", 31, "policy.corridor.closures", "a list is needed", '"07:00"', "a list"),
        ('corridor: {lanes: "2"}', 28, "policy.corridor.lanes", "a whole number is needed", '"2"', "1 to 6"),
        ("corridor: {lanes: 2.5}", 28, "policy.corridor.lanes", "a whole number is needed", "2.5", "1 to 6"),
        ("corridor: {lanes: true}", 28, "policy.corridor.lanes", "a whole number is needed", "true", "1 to 6"),
        ("corridor: {lanes: 7}", 28, "policy.corridor.lanes", "outside its bounds", "7", "1 to 6"),
        ("corridor: {strip: 5}", 28, "policy.corridor.strip", "keys with values", "5", "the keys width, exempt"),
        ("corridor: {strip: {exempt: 1}}", 37, "policy.corridor.strip.exempt", "true or false", "1", "true or false"),
        ("corridor: 5", 20, "policy.corridor", "keys with values", "5", "the keys headway"),
        (
            "document_check: {officers: {hong_kong: x}}",
            49,
            "policy.document_check.officers.hong_kong",
            "a whole number",
            '"x"',
            "50",
        ),
        ("document_check: {officers: {mainland: 51}}", 48, "policy.document_check.officers.mainland", "outside", "51", "0 to 50"),
        ("document_check: {officers: 51}", 37, "policy.document_check.officers", "outside its bounds", "51", "0 to 50"),
        ("document_check: {rule: holt}", 33, "policy.document_check.rule", "not one of the choices", '"holt"', "hold, inspect"),
        ("document_check: {random_share: -1%}", 41, "policy.document_check.random_share", "outside", '"-1%"', "0% to 100%"),
        ("document_check: {random_share: .nan}", 41, "policy.document_check.random_share", "a finite number", "nan", "0%"),
        (
            "document_check: {service: {normal: 5 s}}",
            36,
            "policy.document_check.service",
            "unknown law 'normal'",
            "keys normal",
            "law",
        ),
        ("document_check: {service: {exponential: {mean: 3 h}}}", 36, "policy.document_check.service", "outside", "keys", "2 h"),
        ("document_check: {roster: {mainland: 10}}", 46, "policy.document_check.roster.mainland", "outside", "10", "0 to 9"),
        ("document_check: {reserve: x}", 36, "policy.document_check.reserve", "a number with a unit", '"x"', "nothing (null)"),
    ],
)
def test_each_kind_of_value(tmp_path: Path, text: str, column: int, path: str, message: str, found: str, allowed: str) -> None:
    (problem,) = problems(tmp_path, f"policy: {{{text}}}\n")
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / "one.yaml"), 1, column)
    assert problem.path == path
    assert message in problem.message.en
    assert found in problem.found.en
    assert allowed in problem.allowed.en


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("policy:\n  coridor: {}\n", (2, 3), "did you mean 'corridor'?"),
        ("policy:\n  corridor:\n    head-way: 5 s\n", (3, 5), "did you mean 'headway'?"),
        ("policy:\n  corridor: {officers: 5}\n", (2, 14), "it is a key of policy.document_check"),
        ("corridor: {}\n", (1, 1), "the group 'corridor' stands under policy"),
        ("policy.corridor.headway: 5 s\n", (1, 1), "each part of a path stands on a line of its own"),
        ("extend: x.yaml\n", (1, 1), "did you mean 'extends'?"),
        ("study: {sed: 5}\n", (1, 9), "did you mean 'seed'?"),
        ("policy: {document_check: {officers: {hongkong: 3, mainland: 4}}}\n", (1, 38), "did you mean 'hong_kong'?"),
        ("world: {document_check: {faulty: {medicl: 3%}}}\n", (1, 35), "did you mean 'medical'?"),
        ("file: x\n", (1, 1), "there is no key 'file' here"),
    ],
)
def test_an_unknown_key_is_told_with_its_place_and_the_nearest_name(
    tmp_path: Path, text: str, place: tuple[int, int], hint: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == place
    assert hint in problem.message.en


def test_all_problems_of_a_file_come_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = "name: a b\ntitle: 5\nnotes: {}\npolicy:\n  corridor: {lanes: x, opens: 5, wide: 1}\n"
    text += "  document_check: {rule: 1}\nworld: 5\n"
    found = problems(tmp_path, text, "study.days=x", "nothing", "study.days")
    in_file = [(p.line, p.column) for p in found if p.file.endswith("one.yaml")]
    assert in_file == [(1, 7), (2, 8), (3, 8), (5, 21), (5, 31), (5, 34), (6, 26), (7, 8)]
    assert [p.file for p in found if not p.line] == ["--set nothing", "--set study.days", "--set study.days=x"]


def test_faults_of_the_yaml_and_of_its_values_come_together(tmp_path: Path) -> None:
    found = problems(tmp_path, "study: {seed: x}\nstudy: {}\n")
    assert [(p.line, p.column) for p in found] == [(2, 1), (1, 15)]


def test_a_fault_in_a_base_three_files_down_stands_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "bottom.yaml").write_text("policy:\n  corridor:\n    headway: 45\n    lanes: 9\n", encoding="utf-8")
    (tmp_path / "deep" / "middle.yaml").write_text("extends: bottom.yaml\nstudy: {days: 1}\n", encoding="utf-8")
    (tmp_path / "upper.yaml").write_text("extends: deep/middle.yaml\n", encoding="utf-8")
    found = problems(tmp_path, "extends: upper.yaml\npolicy: {corridor: {lanes: 2}}\n")
    assert [(p.file, p.line, p.column, p.path) for p in found] == [
        (str(tmp_path / "deep" / "bottom.yaml"), 3, 14, "policy.corridor.headway")
    ]


@pytest.mark.parametrize(
    ("extends", "place", "message"),
    [
        ("no.yaml", (1, 10), "does not exist: {folder}/one.yaml → {folder}/no.yaml"),
        ("one.yaml", (1, 10), "in a circle: {folder}/one.yaml → {folder}/one.yaml"),
        ("[a, b]", (1, 10), "the name of one scenario file is needed"),
        ("5", (1, 10), "the name of one scenario file is needed"),
        ("", (1, 1), "the name of one scenario file is needed"),
        ("'a\\0b'", (1, 10), "does not exist"),
    ],
)
def test_what_extends_may_not_be(tmp_path: Path, extends: str, place: tuple[int, int], message: str) -> None:
    (problem,) = problems(tmp_path, f"extends: {extends}\n".replace(": \n", ":\n"))
    assert (problem.line, problem.column, problem.path) == (*place, "extends")
    assert message.format(folder=tmp_path) in problem.message.en


def test_a_circle_of_three_is_told_with_the_whole_chain(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("extends: three.yaml\n", encoding="utf-8")
    (tmp_path / "three.yaml").write_text("\nextends: one.yaml\n", encoding="utf-8")
    (problem,) = problems(tmp_path, "extends: two.yaml\n")
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / "three.yaml"), 2, 10)
    assert problem.message.en.count("→") == 3


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.message.en == "the file is empty"


@pytest.mark.parametrize("text", ["just a text\n", "- a\n- b\n", "5\n"])
def test_a_file_without_keys(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == (1, 1)
    assert "keys with values are needed" in problem.message.en


def test_a_feature_s_own_check_is_told_at_the_place_of_the_value(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "policy:\n  corridor:\n    opens: 09:00\n    closes: 08:00\n")
    assert (problem.line, problem.column, problem.found.en) == (4, 13, '"08:00"')
    assert problem.message.en == "the corridor closes before it opens"


def test_a_check_on_a_value_that_no_file_wrote_points_to_its_group(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "policy:\n  corridor:\n    opens: 23:30\n")
    assert (problem.line, problem.column) == (2, 3)


def test_a_check_on_a_group_that_no_file_wrote_names_the_file(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "title: x\n", "policy.corridor.opens=23:30", "policy.corridor={}")
    assert problem.file == "--set policy.corridor={}"
    assert problem.line == 0


@pytest.mark.parametrize("option", ["policy.corridor.headway", "=5", "a..b=3", ""])
def test_an_option_without_key_or_value(tmp_path: Path, option: str) -> None:
    (problem,) = problems(tmp_path, "title: x\n", option)
    assert problem.file == f"--set {option}"
    assert "KEY=VALUE" in problem.message.en


def test_an_option_that_is_no_yaml(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "title: x\n", "study.days=[1")
    assert (problem.file, problem.line) == ("--set study.days=[1", 0)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        load_scenario(tmp_path / "no.yaml", schema=toy_schema())


def test_the_problems_of_all_files_come_together_and_names_differ(tmp_path: Path) -> None:
    for name, text in {"a": "name: Same\n", "b": "name: same\n", "c": "study: {days: 0}\n"}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenarios([tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c.yaml"], schema=toy_schema())
    first, second = error.value.problems
    assert (first.path, first.line, first.column) == ("study.days", 1, 15)
    assert second.path == "name"
    assert str(tmp_path / "a.yaml") in second.message.en
