"""The page "how to add a policy feature" is true: followed in a copy of the tree, its feature runs and the guards pass.

One place of the tuple is tried among the quick tests, every other among the slow ones, which take the feature out again too.
"""

import ast
from pathlib import Path

import pytest

from sim.policies import FEATURES, XRAY_FEATURE
from tests.docs.tree import ROOT, Tree, blocks
from tests.tiers import slow

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
    "ion-scan": "gas-scan",
    "Ion scan": "Gas scan",
    "ion scan": "gas scan",
    "離子": "氣體",
    "离子": "气体",
}
IS_THERE = (ROOT / FILE).exists()
OF_PARAMETERS = (
    "tests/policies/test_declared_ranges.py",
    "tests/policies/test_levers.py",
    "tests/policies/test_world_parameters.py",
    "tests/model/test_common_random_numbers.py",
)
WHOLE = ("tests/model/test_declarations.py", "tests/docs/test_pages.py")
# All of the new feature and of WHOLE; not again that the pages just made are those that would be made.
OF_THE_FEATURE = "ion_scan or gas_scan or declares or cases_are or with_a_case or in_the_tree"
CHOSEN = f"({OF_THE_FEATURE} or test_declarations or test_pages) and not made_from_the_declarations"
MORE = (
    "tests/ground/test_three_languages.py",
    "tests/architecture/test_floors.py",
    "tests/architecture/test_words.py",
    "tests/architecture/test_import_circles.py",
    "tests/model/test_fact_reads.py",
    "tests/report/test_stress.py",
    "tests/replay/test_terms.py",
    "tests/execution/test_fingerprint.py",
    "tests/golden/test_golden.py",
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


QUICK = places()[1]


@pytest.mark.takes(90)
@pytest.mark.parametrize("place", [place if place == QUICK else slow(place) for place in places()])
def test_the_page_is_followed_and_its_feature_taken_out_again(tmp_path: Path, place: int) -> None:
    """One test, for whatever a copy of the tree is tried for: of the names, the guards, the feature, and that nothing is left."""
    tree = followed(tmp_path, place)
    by_hand = tree.changed()
    tree.make_pages()
    features = []
    if not IS_THERE:
        assert by_hand == BY_HAND
        assert tree.changed() - by_hand == BY_COMMAND
        features = ["tests/docs/in_the_tree_of_the_feature.py"]
    assert " passed" in tree.test(*features, *OF_PARAMETERS, *WHOLE, "-k", CHOSEN)
    if place == QUICK:
        return
    assert " passed" in tree.test(*MORE)
    for path in by_hand:
        (tree.root / path).unlink()
        if (ROOT / path).exists():
            tree.write(path, (ROOT / path).read_text(encoding="utf-8"))
    tree.make_pages()
    assert tree.changed() == set()


@pytest.mark.slow
def test_who_has_followed_the_page_can_run_this_test(tmp_path: Path) -> None:
    tree = followed(tmp_path, places()[0])
    tree.make_pages()
    assert " passed" in tree.test("tests/docs/test_add_a_feature.py", "-m", "not slow")


def test_the_page_shows_the_line_between_its_neighbours() -> None:
    shown = [line.strip(" ,") for line in blocks("add-a-feature.md", "python")[1].splitlines()]
    assert shown[1] == "ION_SCAN" and {shown[0], shown[2]} <= set(names())


def test_the_file_is_short() -> None:
    """Some 45 lines, blank ones and docstrings left out."""
    text = blocks("add-a-feature.md", "python")[0]
    lines = [line for line in text.splitlines() if line.strip() and '"""' not in line]
    assert len(lines) <= 48
