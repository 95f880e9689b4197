"""The index of scenarios: every scenario stands in it, under the question it asks, in a command that can be run."""

import re
from pathlib import Path

from sim.report.scenario_page import page
from sim.study.questions import QUESTIONS
from tests.docs.pages import REFERENCE
from tests.shipped import FOLDER, shipped

PAGE = (REFERENCE / "scenarios.md").read_text(encoding="utf-8")  # tests/docs/test_pages.py holds that it would be made so now
NAMES = {path.stem for path in FOLDER.glob("*.yaml")}


def test_every_scenario_is_listed_and_every_question_has_a_command() -> None:
    listed = re.findall(r"^- \*\*\[([\w-]+)\]", PAGE, re.MULTILINE)
    assert set(listed) == NAMES
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    by_key = {section.split(".")[0]: section for section in sections}
    for question in QUESTIONS:
        assert "sim run scenarios/" in by_key[question.key]


def test_in_a_command_the_first_is_the_baseline_of_the_others() -> None:
    commands = re.findall(r"^sim run (.*)$", PAGE, re.MULTILINE)
    assert len(commands) >= len(QUESTIONS)
    for command in commands:
        first, *others = [Path(file).stem for file in command.split()]
        assert others and {first, *others} <= NAMES
        for name in others:
            scenario = shipped(name)
            text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
            assert (scenario.compare_with or re.findall(r"^extends: ([\w-]+)\.yaml", text, re.MULTILINE)[0]) == first, name


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("question: Is it so?\n", encoding="utf-8")
    (tmp_path / "more.yaml").write_text("extends: base.yaml\nquestion: Q5\npolicy: {vertiports: {pads: 3}}\n", encoding="utf-8")
    told = page(tmp_path)
    assert "sim run scenarios/base.yaml scenarios/more.yaml" in told
    assert "Against base: Vertiports: Pads 2 → 3." in told
