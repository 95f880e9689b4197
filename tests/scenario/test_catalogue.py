"""The catalogue of parameters, explanations, the template and the JSON Schema."""

from pathlib import Path

import jsonschema
import pytest

from sim.ground.errors import InputError
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.model.metric import Metric
from sim.scenario.explain import explain
from sim.scenario.json_schema import json_schema
from sim.scenario.node import plain
from sim.scenario.parameters import catalogue
from sim.scenario.reader import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.template import new_scenario
from sim.scenario.write import write_resolved
from tests.scenario.toy_features import load, toy_schema


def test_every_parameter_is_in_the_catalogue_under_its_path() -> None:
    found = catalogue(toy_schema())
    assert list(found)[:7] == [
        "policy.corridor.headway",
        "policy.corridor.opens",
        "policy.corridor.closes",
        "policy.corridor.lanes",
        "policy.corridor.wind_limit",
        "policy.corridor.closures",
        "policy.corridor.strip.width",
    ]
    assert "study.seed" in found
    assert "policy.corridor.strip" not in found


def test_what_the_catalogue_says_of_a_parameter() -> None:
    headway = catalogue(toy_schema())["policy.corridor.headway"]
    assert (headway.branch, headway.feature, headway.dimension, headway.default) == ("policy", "corridor", "time", "1 min")
    assert (headway.bounds, headway.status, headway.full_label.en) == (("1 s", "1 h"), Status.GUESS, "Corridor: headway")
    assert headway.kind.en == "a duration such as 45 s, 5 min or 1.5 h"
    officers = catalogue(toy_schema())["policy.document_check.officers"]
    assert (officers.by_side, officers.default) == (True, 2)
    assert officers.kind.en == "a whole number; or by side, hong_kong, mainland, macao"
    assert catalogue(toy_schema())["policy.document_check.rule"].choices == ("hold", "inspect", "refuse")


def test_a_parameter_is_explained_by_its_path_or_its_end() -> None:
    rows = dict(explain("headway", schema=toy_schema()))
    assert rows["parameter"] == "policy.corridor.headway"
    assert rows["bounds"] == "1 s to 1 h"
    assert explain("policy.corridor.headway", schema=toy_schema()) == explain("corridor.headway", schema=toy_schema())
    assert dict(explain("headway", language="zh-Hans", schema=toy_schema()))["名称"] == "低空通道：headway（简）"


def test_a_measure_is_explained_too() -> None:
    metric = Metric(
        key="delay",
        label=Text("Delay", "延誤", "延误"),
        unit="s",
        better="lower",
        topic="delay",
        formula="release - planned release",
        compute=lambda _: 0.0,
    )
    assert dict(explain("delay", {"delay": metric}, schema=toy_schema()))["definition"] == "release - planned release"


def test_an_unknown_name_is_answered_with_the_nearest_and_an_ambiguous_one_with_all() -> None:
    with pytest.raises(InputError) as error:
        explain("headwy", schema=toy_schema())
    assert error.value.problems[0].allowed.en == "policy.corridor.headway"
    with pytest.raises(InputError) as error:
        explain("aircraf", {}, schema=toy_schema())
    assert error.value.problems[0].allowed.en == "world.demand.aircraft"


def uncommented(text: str) -> str:
    """The template with every parameter in force."""
    return "\n".join(line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in text.splitlines())


def test_a_new_file_is_valid_as_it_stands_and_with_every_line_in_force(tmp_path: Path) -> None:
    default = load(tmp_path, "title: x\n", name="baseline.yaml")
    text = new_scenario("fresh", schema=toy_schema())
    assert load(tmp_path, text).hash == default.hash
    full = uncommented(text)
    assert full != text
    assert load(tmp_path, full).hash == default.hash
    assert load(tmp_path, new_scenario("fresh", None, toy_schema())).name == "fresh"
    with pytest.raises(InputError, match="a name has letters"):
        new_scenario("my one", schema=toy_schema())


VALID = [
    "extends: base.yaml\nname: a\ntitle: b\nquestion: c\nnotes: d\n",
    "policy:\n  corridor:\nworld:\n",
    "policy: {corridor: {headway: 45 s, opens: 7:00, closes: 24:00, strip: {exempt: true}, closures: [07:00]}}",
    "policy: {document_check: {officers: {hong_kong: 3}, roster: {mainland: {07:00: 3}}, service: {mainland: 3 s}}}",
    "policy: {document_check: {officers: 3, service: {lognormal: {mean: 3 s, cv: 1}}, random_share: 0.1, reserve: null}}",
    "policy: {document_check: {service: {empirical: {file: x.csv}}, random_share: 5%}}",
    "world: {document_check: {faulty: {parcel: 5%}, pace: 2}, demand: {aircraft: {a: b}, profile: [1, 2]}}",
    "study: {days: 3, confidence: 90%}",
]
INVALID = [
    "policy: {corridor: {headway: 45}}",
    "policy: {corridor: {headwy: 45 s}}",
    "policy: {corridor: {opens: 700}}",
    "extend: x",
    "policy: {corridor: {opens: 24:30}}",
    "policy: {document_check: {officers: {hongkong: 3}}}",
    "study: {days: 2.5}",
    "policy: {document_check: {officers: two}}",
    "policy: {document_check: {service: {normal: {mean: 3 s}}}}",
    "policy: {document_check: {rule: holt}}",
    "policy: {corridor: {lanes: 7}}",
    "name: a b",
]


def values_of(text: str) -> object:
    root = read_text(text, "a.yaml", Path()).root
    assert root is not None
    return plain(root)


def test_the_json_schema_is_a_schema_and_takes_what_the_loader_takes() -> None:
    schema = json_schema(toy_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for text in VALID:
        validator.validate(values_of(text))
    for text in INVALID:
        assert list(validator.iter_errors(values_of(text))), text


def test_a_resolved_scenario_fits_the_json_schema(tmp_path: Path) -> None:
    scenario: Scenario = load(tmp_path, VALID[3])
    validator = jsonschema.Draft202012Validator(json_schema(toy_schema()))
    validator.validate(scenario.resolved())
    validator.validate(values_of(write_resolved(scenario)))
