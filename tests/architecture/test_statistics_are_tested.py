"""Every public function of `sim.statistics` has numbers to be held against, beside it in `tests/statistics`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for path in (ROOT / "sim" / "statistics").glob("*.py") if path.stem != "__init__")


def names_used(path: Path) -> set[str]:
    """The names that the tests in a file call."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return {call.id if isinstance(call, ast.Name) else call.attr for call in calls if isinstance(call, ast.Name | ast.Attribute)}


USED = set().union(*(names_used(path) for path in (ROOT / "tests" / "statistics").glob("test_*.py")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_public_function_is_called_by_a_test_beside(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    public = [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert public or path.stem == "__init__"
    assert [name for name in public if name not in USED] == []
