"""A variable is named for what it holds, never for how it was got."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFUSED = {"told", "found", "own", "said", "asked", "given", "one", "each"}
CLEAN = (
    "ground",
    "world",
    "model",
    "policies",
    "scenario",
    "replication",
    "engine",
    "metrics",
    "execution",
    "archive",
    "study",
    "analysis",
    "charts",
    "report",
    "replay",
    "cli",
)
"""The rooms in which no name of REFUSED is bound."""


def bindings(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each function, argument and variable of a function that is called by a word of REFUSED.

    Fields of classes are no variables: what a problem *found* is a line of every error message.
    """
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if not isinstance(function, ast.Lambda) and function.name.strip("_") in REFUSED:
            yield function.lineno, function.name
        for node in ast.walk(function):
            match node:
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) if name.strip("_") in REFUSED:
                    yield node.lineno, name


@pytest.mark.parametrize("room", CLEAN)
def test_a_variable_is_named_for_what_it_holds(room: str) -> None:
    modules = sorted((ROOT / "sim" / room).rglob("*.py"))
    assert modules
    named = {(path, *binding) for path in modules for binding in bindings(path.read_text(encoding="utf-8"))}
    lines = [f"{path.relative_to(ROOT)}:{line}: {name}" for path, line, name in sorted(named)]
    assert not lines, "name these for what they hold:\n" + "\n".join(lines)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    told = 1",
        "def f(found): ...",
        "def f(*, own=1): ...",
        "def _told(): ...",
        "def f():\n    return [one for one in x]",
        "def f():\n    for _, each in x: ...",
        "f = lambda given: given",
        "def f():\n    if (asked := x): ...",
    ],
)
def test_each_kind_of_binding_is_noticed(source: str) -> None:
    assert len(set(bindings(source))) == 1


def test_fields_and_attributes_are_no_variables() -> None:
    assert not list(bindings("class P:\n    found: str = ''\n    def __str__(self):\n        return self.found"))
