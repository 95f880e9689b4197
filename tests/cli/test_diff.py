"""`sim diff`, of two scenarios and of two studies, and `sim check`, in three languages."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli.main import main
from sim.ground.text import LANGUAGES, Language
from tests.conftest import BASE, TWO, MakeStudy, write_scenarios


def sim(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    title = "{en: Busy, zh_hant: 繁忙, zh_hans: 繁忙}"
    busy = f"extends: base.yaml\nname: busy\ntitle: {title}\nworld: {{demand: {{flights_per_day: 50/d}}}}\n"
    return write_scenarios(tmp_path, {**TWO, "busy": busy})


def english(text: str) -> list[str]:
    """The words of Latin letters, but for the titles of the scenarios."""
    return [
        word for word in text.replace("Base", "").replace("Dense", "").split() if any("a" <= sign.lower() <= "z" for sign in word)
    ]


def test_scenarios_differ_in_policy_and_world_apart(files: list[Path]) -> None:
    base, dense, busy = files
    policy, world = sim("diff", dense, busy).stdout.split("world (not the same world")
    assert "headway" in policy.lower() and "50/d" in world
    assert "From “Base” to “Base”: no difference." in sim("diff", base, base).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lever_that_changes_nothing_is_named(tmp_path: Path, language: Language) -> None:
    dogs = "extends: base.yaml\ntitle: Base\npolicy: {detector_dogs: {teams: {hong_kong: 4}}}\n"
    printed = sim("diff", *write_scenarios(tmp_path, {"base": BASE, "dogs": dogs}), "--lang", language)
    assert printed.stdout.count("policy.detector_dogs.teams") == 1


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_differences_of_scenarios_are_chinese(files: list[Path], language: Language) -> None:
    base, dense, busy = files
    for pair in ((dense, busy), (base, base)):
        printed = sim("diff", *pair, "--lang", language)
        assert printed.exit_code == 0
        assert english(printed.stdout) == []


def test_two_studies_are_compared_from_their_folders(make_study: MakeStudy) -> None:
    first, second = make_study({"base": BASE}, replications=4), make_study({"base": BASE}, replications=6, seed=8)
    printed = sim("diff", first, second)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert "Other random numbers (seed 7 before, 8 now)" in printed.stdout
    assert "No number differs" in sim("diff", first, first).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_and_a_folder_are_no_pair(files: list[Path], make_study: MakeStudy, language: Language) -> None:
    study = make_study({"base": BASE}, replications=4)
    for pair in ((files[0], study), (study, files[0])):
        refused = sim("diff", *pair, "--lang", language)
        assert refused.exit_code == 2
        assert all(str(path) in refused.stderr for path in pair)


def test_a_folder_without_a_study_is_named(tmp_path: Path, make_study: MakeStudy) -> None:
    missing = sim("diff", make_study({"base": BASE}, replications=4), tmp_path / "no-such")
    assert missing.exit_code == 2
    assert "no-such/manifest.json: no study can be read here" in missing.stderr
    refused = sim("diff", make_study({"base": BASE}, replications=4), tmp_path)
    assert refused.exit_code == 2
    assert str(tmp_path) in refused.stderr


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_a_scenario_is_is_said_in_chinese(tmp_path: Path, language: Language) -> None:
    """With differences, a lever without effect and cautions; keys stand as they are typed."""
    dogs = "policy: {detector_dogs: {teams: {hong_kong: 4}}, corridor: {headway: 6 min}}"
    base, _ = write_scenarios(
        tmp_path, {"base": BASE, "dogs": f"extends: base.yaml\ntitle: {{en: Dogs, zh_hant: 犬, zh_hans: 犬}}\n{dogs}\n"}
    )
    printed = sim("check", base, tmp_path / "dogs.yaml", "--lang", language)
    assert printed.exit_code == 0
    typed = (str(tmp_path), "base", "dogs", "policy.", "FY4", "extends")
    words = [word for word in english(printed.stdout) if not any(key in word for key in typed)]
    assert words == []
    assert "policy.detector_dogs.teams" in printed.stdout
