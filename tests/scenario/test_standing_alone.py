"""A file without `extends` that names few values is told what it stands on; a whole file, and one that extends, are not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.ground.text import Text
from sim.scenario.load import apply, load_scenario
from sim.scenario.standing_alone import standing_alone

FEW = "policy: {pre_clearance: {lead: 60 min}}\n"


def words(folder: Path, text: str, base: str = "") -> list[Text]:
    """What is told of a file of that text; base: the text of a baseline beside it, if there is one."""
    if base:
        (folder / "baseline.yaml").write_text(base)
    (folder / "mine.yaml").write_text(text)
    return list(standing_alone(load_scenario(folder / "mine.yaml")))


def test_a_file_that_extends_none_is_told_what_it_stands_on(tmp_path: Path) -> None:
    (caution,) = words(tmp_path, FEW + "study: {replications: 4}\n")
    assert caution.en == (
        "mine.yaml extends no other file: whatever it does not name has the model's own value "
        "(the study has 3 measured days and 4 replications)."
    )
    assert "（本研究量度 3 日、重複 4 次）" in caution.zh_hant and "extends" in caution.zh_hans


def test_the_baseline_beside_it_is_named_with_what_is_other_in_it(tmp_path: Path) -> None:
    (caution,) = words(tmp_path, FEW, "study: {days: 10}\n")
    assert caution.en.endswith(
        "'extends: baseline.yaml' would make it stand on that file, which has other values: Study: measured days 3 → 10."
    )
    assert caution.zh_hant.endswith("請寫 extends: baseline.yaml；其數值不同之處：研究：量度日數 3 → 10。")


@pytest.mark.parametrize("base", ["name: baseline\n", "policy: {nothing: 1}\n"])
def test_a_baseline_that_is_no_other_or_none_is_not_named(base: str, tmp_path: Path) -> None:
    assert "baseline.yaml" not in words(tmp_path, FEW, base)[0].en


def test_others_are_not_told(tmp_path: Path) -> None:
    assert words(tmp_path, f"extends: baseline.yaml\n{FEW}", "study: {days: 10}\n") == []
    baseline = load_scenario(Path("scenarios/baseline.yaml"))
    assert list(standing_alone(baseline)) == []
    assert list(standing_alone(apply(baseline, "study.days=2"))) == []


def test_check_tells_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(FEW)
    assert "caution: mine.yaml extends no other file" in CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml")]).output
