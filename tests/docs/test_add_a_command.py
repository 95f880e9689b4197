"""The page "how to add a command" is true: followed in a copy of the tree, the command runs and the guards pass."""

from pathlib import Path

import pytest

from tests.docs.tree import ROOT, Tree, blocks

PAGE, FILE, TABLE = "add-a-command.md", "sim/cli/places.py", "sim/cli/commands.py"
GUARDS = (
    "tests/cli/test_command_table.py",
    "tests/architecture/test_floors.py",
    "tests/architecture/test_words.py",
    "tests/architecture/test_import_circles.py",
)


@pytest.mark.takes(60)
@pytest.mark.takes(60)
@pytest.mark.skipif((ROOT / FILE).exists(), reason="the page has been followed in this tree")
def test_the_page_is_followed(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    source, line = blocks(PAGE, "python")
    tree.write(FILE, source)
    tree.edit(TABLE, '    "check": CommandInfo(\n', f'{line}    "check": CommandInfo(\n')
    assert tree.changed() == {FILE, TABLE}
    assert "List the corridors that a scenario flies on." in tree.run("sim", "--help")
    assert tree.run("sim", "places", "scenarios/baseline.yaml").split() == ["wenjindu_sheung_shui"]
    assert " passed" in tree.test(*GUARDS, "-k", "places or table or floor or circle or cli")
