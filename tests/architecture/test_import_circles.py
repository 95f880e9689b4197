"""No module imports another that leads back to it, wherever in a file the import stands."""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules() -> dict[str, Path]:
    """The files of the package by dotted name. `sim` itself is left out: it holds nothing but names of what is in its rooms."""
    files = (ROOT / "sim").rglob("*.py")
    dotted = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    return {name: path for name, path in dotted.items() if name != "sim"}


def imports(tree: ast.AST) -> Iterator[str]:
    """What a file imports, at once or later: by statements anywhere in it, and by names such as "sim.cli.run:run" in a registry.

    Not what stands under `if TYPE_CHECKING`, which is never imported.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and re.fullmatch(r"sim(\.\w+)+:\w+", str(node.value)):
            yield str(node.value).partition(":")[0]
        yield from imports(node)


def module_of(name: str, known: Mapping[str, Path]) -> str:
    """The module that an imported name is, or is in; "" for none of this package."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def graph(known: Mapping[str, Path]) -> dict[str, set[str]]:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in known.items()}
    return {name: {module_of(used, known) for used in imports(tree)} - {"", name} for name, tree in trees.items()}


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle, empty if there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_there_is_no_circle_of_imports() -> None:
    edges = graph(modules())
    assert sum(map(len, edges.values())) > 1000
    assert circle(edges) == []


def test_a_lazy_circle_and_one_by_a_registry_are_found(tmp_path: Path) -> None:
    files = {
        "sim.a": "from sim import b\n",
        "sim.b": "def later():\n    from sim.c import thing\n",
        "sim.c": "REGISTRY = {'first': 'sim.a:First'}\n",
        "sim.d": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sim.e\n",
        "sim.e": "import sim.d\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text)
    known = {name: tmp_path / f"{name}.py" for name in files}
    assert set(circle(graph(known))) == {"sim.a", "sim.b", "sim.c"}
    without = {name: path for name, path in known.items() if name != "sim.c"}
    assert circle(graph(without)) == []
