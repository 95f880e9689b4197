"""The page "how to add a side" is true: a row, its data and a scenario make a side, in a copy of the tree."""

import json
from pathlib import Path

import pytest

from sim.ground.sides import SIDE_KEYS
from tests.docs.tree import Tree, blocks

ROWS, AREAS, SCENARIO = "sim/ground/sides.py", "sim/world/data/geography.geojson", "scenarios/zhuhai.yaml"
BY_COMMAND = {
    "scenarios/baseline.yaml",
    "docs/explanation/why-these-values.md",
    *(f"docs/reference/{name}.md" for name in ("parameters", "scenarios", "stress-des")),
}

pytestmark = pytest.mark.skipif("zhuhai" in SIDE_KEYS, reason="the page has been followed in this tree")


def followed(root: Path) -> Tree:
    """The page followed in a copy of the tree."""
    tree = Tree(root)
    tree.edit(ROWS, '"ZH", ', "")
    tree.edit(ROWS, "\n)\nSIDE_KEYS", f"\n{blocks('add-a-side.md', 'python')[0].rstrip()}\n)\nSIDE_KEYS")
    collection = json.loads((root / AREAS).read_text(encoding="utf-8"))
    collection["features"].append(json.loads(blocks("add-a-side.md", "json")[0]))
    (root / AREAS).write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    tree.write(SCENARIO, blocks("add-a-side.md", "yaml")[0])
    return tree


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return followed(tmp_path_factory.mktemp("side"))


@pytest.mark.slow
def test_a_row_its_data_and_a_scenario_make_a_side(tree: Tree) -> None:
    assert tree.changed() == {ROWS, AREAS, SCENARIO}
    assert "4 passed" in tree.test("tests/docs/in_the_tree_of_the_side.py")


@pytest.mark.slow
def test_the_guards_pass_and_a_study_runs(tree: Tree) -> None:
    by_hand = tree.changed()
    tree.make_pages()
    assert tree.changed() - by_hand == BY_COMMAND
    guards = ("world/test_boundary.py", "docs/test_pages.py", "model/test_declarations.py", "ground/test_three_languages.py")
    every = [*(f"tests/{file}" for file in guards), "tests/policies/test_levers.py"]
    assert " passed" in tree.test(*every, "-k", "not moves and not made_from")
    short = ("--set", "study.days=1", "--set", "study.warm_up=0 h", "--set", "study.cool_down=12 h")
    tree.run("sim", "run", SCENARIO, "scenarios/baseline.yaml", *short, "--replications", "2", "--workers", "1", "--out", "out")
    assert "zhuhai,zhuhai," in (tree.root / "out" / "ledger.csv").read_text(encoding="utf-8")
