"""The scenarios that the project ships, and the real features' parameters."""

import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ground.errors import InputError
from sim.ground.parameter import in_si
from sim.scenario.json_schema import json_schema
from sim.scenario.load import apply, load_scenario
from sim.scenario.node import plain
from sim.scenario.parameters import catalogue, value_in_words
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.scenario.schema import default_schema
from sim.scenario.template import new_scenario
from sim.scenario.write import write_resolved
from tests.shipped import FILES, shipped


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_scenario_loads_fits_the_json_schema_and_is_written_down_whole(file: Path, tmp_path: Path) -> None:
    scenario = shipped(file.stem)
    root = read_file(file).root
    assert root is not None
    validator().validate(plain(root))
    (tmp_path / "back.yaml").write_text(write_resolved(scenario), encoding="utf-8")
    assert load_scenario(tmp_path / "back.yaml") == scenario == pickle.loads(pickle.dumps(scenario))


def test_shipped_scenarios_have_names_of_their_own() -> None:
    assert len({shipped(file.stem).name for file in FILES}) == len(FILES) > 0


def test_every_real_parameter_is_declared_in_three_languages_with_a_source() -> None:
    for path, parameter in catalogue().items():
        assert all((parameter.label.en, parameter.label.zh_hant, parameter.label.zh_hans, parameter.source)), path
        assert parameter.meaning.endswith("."), path
        for bound in (*(parameter.bounds or ()), *(parameter.plausible or ())):
            assert bound is None or in_si(bound) >= 0, path


def test_a_new_file_of_the_real_schema_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "fresh.yaml").write_text(new_scenario("fresh", None), encoding="utf-8")
    scenario = load_scenario(tmp_path / "fresh.yaml")
    for path in catalogue():
        assert value_in_words(scenario, path)
        assert value_in_words(scenario, path, "zh-Hant")


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["5 s", "5%", "07:00"])
)
_VALUES = st.recursive(_LEAVES, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3))


@pytest.mark.takes(10)
@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(catalogue())), _VALUES)
def test_any_value_of_a_real_parameter_gives_a_scenario_or_an_input_error(path: str, value: Any) -> None:
    scenario = default_schema().rebuilt({"name": "a"}, None)
    try:
        assert isinstance(apply(scenario, {path: value}), Scenario)
    except InputError as error:
        assert error.problems[0].path


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "scenario-files.md").read_text(encoding="utf-8")
    (tmp_path / "example.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (tmp_path / "baseline.yaml").write_text("title: The base\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / "example.yaml")
    assert value_in_words(scenario, "policy.document_check.officers") == "Hong Kong 3, Mainland 1, Macao 1"


def test_loading_a_scenario_needs_none_of_the_heavy_libraries() -> None:
    """A check of a file, or a completion in a shell, should not wait for tables and geometry."""
    heavy = ["pandas", "scipy", "shapely", "pyproj", "matplotlib", "pyarrow", "numba", "simpy"]
    code = "import sys; from sim.scenario.schema import default_schema; default_schema(); "
    code += f"print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
