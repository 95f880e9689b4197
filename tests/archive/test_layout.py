"""Names of files stand once, in `sim.archive.layout`."""

import ast
import re
from pathlib import Path

import pytest

from sim.archive import layout

ROOT = Path(__file__).resolve().parents[2] / "sim"
OF_A_STUDY = re.compile(
    "|".join(
        [
            rf"{re.escape(layout.MANIFEST)}|{re.escape(layout.IDENTITY)}|{re.escape(layout.POINTS)}",
            rf"({'|'.join(layout.TABLES)})\.parquet",
            rf"({'|'.join(layout.SUMMARY_TABLES)})\.csv",
            rf"{layout.CHARTS}|{layout.REPORT}|({layout.REPORT}|{layout.SCENARIOS})/.*",
            r"\.(parquet|arrow|lock)|\.(unfinished|replaced)-.*",
        ]
    )
)
OTHERS = {
    "cli/commands.py": ["report"],  # the command
    "report/published.py": ["scenarios/passengers-separate.yaml"],  # a file of the repository
    "report/scenario_page.py": ["scenarios/"],  # the folder of the repository
}
ROOMS = ("execution", "archive", "study", "analysis", "report", "cli")


def names_in(source: str) -> list[str]:
    """The strings of a source that are the name of a file of a study, whole or as a part of an f-string."""
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [value for value in constants if isinstance(value, str) and OF_A_STUDY.fullmatch(value)]


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_module_spells_the_name_of_a_file(room: str) -> None:
    for path in sorted((ROOT / room).rglob("*.py")):
        if path != ROOT / "archive" / "layout.py":
            others = OTHERS.get(path.relative_to(ROOT).as_posix(), [])
            assert names_in(path.read_text(encoding="utf-8")) == others, path


def test_names_are_noticed() -> None:
    source = (
        'open("manifest.json"); f / "flights.parquet"; f"{name}.parquet"; "charts"; "report/answer.txt"; f"scenarios/{name}.yaml"'
    )
    assert len(names_in(source)) == 6
    assert names_in('"the charts"; "parquet"; "sim.report.write"; "scenarios"') == []


def test_whose_a_hidden_sibling_is_can_be_told_from_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "a.b"
    siblings = [
        layout.lock_of(folder),
        layout.checkpoint_of(folder, "c" * 64),
        layout.staging_of(folder, "1"),
        layout.replaced_of(folder, "1"),
    ]
    assert [path.name for path in siblings] == [".a.b.lock", f".a.b.unfinished-{'c' * 16}", ".a.b.partial-1", ".a.b.replaced-1"]
    siblings[1].mkdir()
    assert layout.checkpoints_in(tmp_path) == [("a.b", siblings[1])]
