"""The page "how to use another confidence interval" shows the class that a test runs a study with; it is one file."""

import inspect
from pathlib import Path

import pytest

from tests.docs.tree import Tree, blocks
from tests.statistics.made_up_interval import NAME, Extremes

FILE = "sim/statistics/intervals.py"


def test_the_page_shows_the_class_that_is_run() -> None:
    assert blocks("another-interval.md", "python") == [inspect.getsource(Extremes)]


@pytest.mark.slow
def test_one_file_changes_by_hand(tmp_path: Path) -> None:
    """Results move, as they should, and the page that names the method."""
    tree = Tree(tmp_path)
    name = f'NAME = Text("{NAME.en}", "{NAME.zh_hant}", "{NAME.zh_hans}")'
    tree.edit(
        FILE,
        "METHOD: IntervalMethod = WidenedT()",
        f"{name}\n\n\n{inspect.getsource(Extremes)}\n\nMETHOD: IntervalMethod = Extremes()",
    )
    assert tree.changed() == {FILE}
    tree.make_pages()
    assert tree.changed() == {FILE, "docs/reference/stress-des.md"}
    assert " passed" in tree.test("tests/docs/test_pages.py", "tests/architecture/test_floors.py")
