"""CITATION.cff is valid, and says of the project what the project says of itself."""

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

import sim

ROOT = Path(__file__).parents[2]
TEXT = {"type": "string", "minLength": 1}
# What this file uses of the schema of the Citation File Format, version 1.2.0; authors are entities, not persons.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["authors", "cff-version", "message", "title"],
    "properties": {
        "abstract": TEXT,
        "authors": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "object", "additionalProperties": False, "required": ["name"], "properties": {"name": TEXT}},
        },
        "cff-version": {"type": "string", "pattern": r"^1\.2\.0$"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
        "license": {"enum": ["Apache-2.0"]},
        "message": TEXT,
        "title": TEXT,
        "type": {"enum": ["software", "dataset"]},
        "version": TEXT,
    },
}


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    return YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_it_is_valid(citation: dict[str, Any]) -> None:
    jsonschema.validate(citation, SCHEMA)


@pytest.mark.parametrize("change", [{"title": ""}, {"authors": []}, {"keyword": ["x"]}, {"version": 0.1}])
def test_what_is_not_valid_is_noticed(citation: dict[str, Any], change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**citation, **change}, SCHEMA)


def test_it_says_what_the_project_says(citation: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == sim.__version__
    assert citation["license"] == project["license"]
    assert citation["keywords"] == project["keywords"]
    assert f"# {citation['title']}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
