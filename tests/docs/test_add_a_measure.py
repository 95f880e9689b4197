"""The page "how to add a measure, and a chart of it" is true: followed in a copy of the tree, three files change by hand."""

from pathlib import Path

import pytest

from sim.metrics import CATALOGUE
from tests.docs.tree import Tree, blocks

MEASURES, CHART, CHARTS = "sim/metrics/throughput.py", "sim/charts/lull.py", "sim/charts/catalogue.py"
BY_COMMAND = {"docs/reference/measures.md", "docs/reference/stress-des.md"}

pytestmark = pytest.mark.skipif(
    "longest_lull" in {metric.key for metric in CATALOGUE}, reason="the page has been followed in this tree"
)


def followed(root: Path) -> Tree:
    """The page followed in a copy of the tree."""
    tree = Tree(root)
    function, declaration, chart, line = blocks("add-a-measure.md", "python")
    tree.edit(MEASURES, "\n\nMETRICS", f"\n\n{function}\n\nMETRICS")
    text = (root / MEASURES).read_text(encoding="utf-8")
    assert text.endswith(")\n")
    (root / MEASURES).write_text(f"{text[:-2]}{declaration})\n", encoding="utf-8")
    tree.write(CHART, chart)
    before, _ = line.splitlines()
    tree.edit(CHARTS, f"{before}\n", line)
    tree.edit(CHARTS, "frontier, ", "frontier, lull, ")
    return tree


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return followed(tmp_path_factory.mktemp("measure"))


@pytest.mark.slow
def test_three_files_change_by_hand_and_two_by_the_command(tree: Tree) -> None:
    by_hand = tree.changed()
    tree.make_pages()
    assert by_hand == {MEASURES, CHART, CHARTS}
    assert tree.changed() - by_hand == BY_COMMAND
    assert " passed" in tree.test("tests/golden/test_golden.py", "-k", "busy or changelog_names")


@pytest.mark.slow
def test_the_guards_pass_and_a_study_shows_it(tree: Tree) -> None:
    guards = ("metrics/test_catalogue.py", "charts/test_charts.py", "ground/test_three_languages.py", "docs/test_pages.py")
    every = [*(f"tests/{file}" for file in guards), "tests/golden", "tests/architecture/test_floors.py"]
    assert " passed" in tree.test(*every, "-k", "lull or (not test_charts and not made_from)")
    short = ("--set", "study.days=1", "--set", "study.warm_up=0 h", "--set", "study.cool_down=12 h", "--replications", "2")
    tree.run("sim", "run", "scenarios/baseline.yaml", "scenarios/one-stop.yaml", *short, "--workers", "1", "--out", "out")
    assert "baseline,longest_lull,,Longest time without" in (tree.root / "out" / "summary.csv").read_text(encoding="utf-8")
    assert list((tree.root / "out" / "charts").rglob("lull*"))
