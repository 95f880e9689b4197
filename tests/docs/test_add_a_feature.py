"""The page "how to add a policy feature" is true: followed in a copy of the tree, its feature runs and the guards pass.

One place of the tuple is tried among the quick tests, every other among the slow ones.
"""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.policies import FEATURES, XRAY_FEATURE
from tests.docs.tree import ROOT, Tree, blocks

FILE, SCENARIO, TUPLE = "sim/policies/ion_scan.py", "scenarios/ion-scan.yaml", "sim/policies/__init__.py"
BY_HAND = {FILE, SCENARIO, TUPLE}
BY_COMMAND = {
    "scenarios/baseline.yaml",
    *(f"docs/reference/{name}.md" for name in ("parameters", "stages", "scenarios", "stress-des")),
}
# Who has followed the page to the letter has its feature already; then another of its kind is tried.
OTHER = {
    "ion_scan": "gas_scan",
    "ION_SCAN": "GAS_SCAN",
    "IonScan": "GasScan",
    "on scan": "as scan",
    "離子": "氣體",
    "离子": "气体",
}
IS_THERE = (ROOT / FILE).exists()
OF_PARAMETERS = (
    "tests/policies/test_declared_ranges.py",
    "tests/policies/test_levers.py",
    "tests/policies/test_world_parameters.py",
    "tests/model/test_common_random_numbers.py",
    "tests/golden/test_golden.py",
)
WHICH = "ion_scan or gas_scan or declares or noticed or cases_are or with_a_case or every_side or busy"
WHOLE = (
    "tests/model/test_declarations.py",
    "tests/ground/test_three_languages.py",
    "tests/architecture/test_floors.py",
    "tests/docs/test_pages.py",
    "tests/report/test_stress.py",
    "tests/replay/test_terms.py",
    "tests/execution/test_fingerprint.py",
)


def places() -> list[int]:
    """Where in the tuple a means that raises alarms may stand: behind all that it reads, before all that reads it."""
    written = [FEATURES.index(feature) for feature in FEATURES if set(feature.writes) & set(XRAY_FEATURE.reads)]
    read = [FEATURES.index(feature) for feature in FEATURES if set(feature.reads) & set(XRAY_FEATURE.writes)]
    return list(range(max(written) + 1, min(read) + 1))


def test_a_means_stands_between_inspection_and_opening() -> None:
    keys = [feature.key for feature in FEATURES]
    assert places() == list(range(keys.index("inspection") + 1, keys.index("opening") + 1))
    assert len(places()) >= 3


def names() -> list[str]:
    """The names of the features in the tuple."""
    module = ast.parse((ROOT / TUPLE).read_text(encoding="utf-8"))
    tuples = (node.value for node in module.body if isinstance(node, ast.AnnAssign))
    elements = next(value.elts for value in tuples if isinstance(value, ast.Tuple))
    return [element.id for element in elements if isinstance(element, ast.Name)]


def followed(root: Path, place: int) -> Tree:
    """The page followed in a copy of the tree, its feature at that place of the tuple."""
    tree = Tree(root)
    feature, scenario = blocks("add-a-feature.md", "python")[0], blocks("add-a-feature.md", "yaml")[0]
    file, scenario_file, line = FILE, SCENARIO, "ION_SCAN"
    if IS_THERE:
        file, scenario_file, line, feature, scenario = (_other(text) for text in (file, scenario_file, line, feature, scenario))
    tree.write(file, feature)
    tree.write(scenario_file, scenario)
    before = names()[place]
    tree.edit(TUPLE, f"    {before},\n", f"    {line},\n    {before},\n")
    tree.edit(TUPLE, "\nFEATURES: ", f"from sim.policies.{Path(file).stem} import {line}\n\nFEATURES: ")
    return tree


def _other(text: str) -> str:
    for old, new in OTHER.items():
        text = text.replace(old, new)
    return text


class Followed(NamedTuple):
    """The tree, and the files that changed by hand."""

    tree: Tree
    by_hand: set[str]


@pytest.fixture(
    scope="module", params=[pytest.param(place, marks=[pytest.mark.slow] * (place != places()[1])) for place in places()]
)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    tree = followed(tmp_path_factory.mktemp("feature"), request.param)
    by_hand = tree.changed()
    tree.make_pages()
    return Followed(tree, by_hand)


@pytest.mark.takes(60)
@pytest.mark.skipif(IS_THERE, reason="the page has been followed in this tree")
def test_only_the_files_that_the_page_names_change(page: Followed) -> None:
    assert page.by_hand == BY_HAND
    assert page.tree.changed() - page.by_hand == BY_COMMAND


@pytest.mark.takes(60)
def test_the_guards_pass_without_a_row_by_hand(page: Followed) -> None:
    assert " passed" in page.tree.test(*OF_PARAMETERS, "-k", WHICH)
    assert " passed" in page.tree.test(*WHOLE)


@pytest.mark.takes(60)
def test_the_feature_does_what_it_is_for(page: Followed) -> None:
    if not IS_THERE:
        assert "4 passed" in page.tree.test("tests/docs/in_the_tree_of_the_feature.py")


@pytest.mark.takes(60)
def test_taken_out_again_it_leaves_nothing(page: Followed) -> None:
    """Last: the tree is then as it was."""
    for path in page.by_hand:
        (page.tree.root / path).unlink()
        if (ROOT / path).exists():
            page.tree.write(path, (ROOT / path).read_text(encoding="utf-8"))
    page.tree.make_pages()
    assert page.tree.changed() == set()


@pytest.mark.slow
def test_who_has_followed_the_page_can_run_this_test(tmp_path: Path) -> None:
    tree = followed(tmp_path, places()[0])
    tree.make_pages()
    passed = tree.test("tests/docs/test_add_a_feature.py", "-m", "not slow")
    assert " passed" in passed and "failed" not in passed


def test_the_page_shows_the_line_between_its_neighbours() -> None:
    shown = [line.strip(" ,") for line in blocks("add-a-feature.md", "python")[1].splitlines()]
    assert shown[1] == "ION_SCAN" and {shown[0], shown[2]} <= set(names())


def test_the_file_is_short() -> None:
    """Some 45 lines, blank ones and docstrings left out."""
    text = blocks("add-a-feature.md", "python")[0]
    lines = [line for line in text.splitlines() if line.strip() and '"""' not in line]
    assert len(lines) <= 48
