"""Whatever stands in a file, loading it gives a scenario or an InputError, and nothing else."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ground.errors import InputError
from sim.scenario.load import load_scenario
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario
from sim.scenario.write import flow
from tests.scenario.toy_features import toy_schema

_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**50), 10**50),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["45 s", "07:00", "5%", "hong_kong", "1e999 s", "x.csv", "/", "-1 s", "9" * 400 + " s"]),
)
_KEYS = st.sampled_from(
    ["hong_kong", "mainland", "lognormal", "empirical", "fixed", "mean", "cv", "file", "values", "07:00", "medical"]
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=8
)
_PATHS = st.sampled_from(
    [*catalogue(toy_schema()), "policy", "world.demand", "policy.corridor.strip", "name", "extends", "study"]
)
_WORDS = ["policy", "corridor", "headway", ":", "-", "{", "}", "[", "]", ",", "&a", "*a", "!t", "<<", "'", "#", "|", ">", "---"]
_WORDS += ["...", "?", "%YAML", "1", "true", "é", "extends", ": ", "\n", "  ", "45 s", '"', "\t", "\\", "\x00"]
_YAML = st.lists(st.sampled_from(_WORDS)).map("".join)


def outcome(content: bytes, *overrides: str) -> Scenario | InputError:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_bytes(content)
        try:
            return load_scenario(file, overrides, toy_schema())
        except InputError as error:
            assert error.problems
            str(error).encode()
            return error


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text().map(lambda text: text.encode("utf-8", "replace")), _YAML.map(str.encode), st.binary(max_size=40)))
def test_any_text(content: bytes) -> None:
    assert isinstance(outcome(content), Scenario | InputError)


@settings(max_examples=150, deadline=None)
@given(_PATHS, _VALUES)
def test_any_value_of_any_parameter(path: str, value: Any) -> None:
    text = flow(value)
    for key in reversed(path.split(".")):
        text = f"{{{key}: {text}}}"
    assert isinstance(outcome(text.encode("utf-8", "surrogatepass")), Scenario | InputError)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(), st.tuples(_PATHS, st.one_of(_YAML, _VALUES.map(flow))).map("=".join)))
def test_any_option(option: str) -> None:
    with suppress(UnicodeEncodeError):  # a lone surrogate in an option is shown as it was given
        assert isinstance(outcome(b"title: x", option), Scenario | InputError)
