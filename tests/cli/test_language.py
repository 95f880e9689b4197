"""The language of the command line: --lang in any spelling, else the locale; also of what is wrong with the line itself."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sim.cli import language
from sim.cli.commands import COMMANDS
from sim.cli.language import OPTION, language_named, language_of_locale
from sim.cli.main import main
from sim.cli.wrapping import cells
from tests.conftest import MakeStudy


def sim(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


@pytest.mark.parametrize(
    ("spelling", "named"),
    [
        ("en", "en"), ("EN_gb.UTF-8", "en"), ("zh-Hant", "zh-Hant"), ("zh_HK.UTF-8", "zh-Hant"), ("ZH-tw", "zh-Hant"),
        ("zh_MO", "zh-Hant"), ("zh-Hant-CN", "zh-Hant"), ("zh-hans", "zh-Hans"), ("zh_CN.GBK", "zh-Hans"), ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"), ("zh-Hans-HK", "zh-Hans"), ("fr_FR", None), ("C.UTF-8", None), ("", None), ("zhx", None),
    ],
)  # fmt: skip
def test_names_of_languages_and_locales_are_read(spelling: str, named: str | None) -> None:
    assert language_named(spelling) == named


def test_the_first_variable_that_is_set_counts() -> None:
    assert language_of_locale({"LANG": "zh_HK.UTF-8"}) == "zh-Hant"
    assert language_of_locale({"LANG": "zh_HK.UTF-8", "LC_ALL": "", "LC_MESSAGES": "zh_CN"}) == "zh-Hans"
    assert language_of_locale({"LANG": "zh_HK.UTF-8", "LC_ALL": "C"}) == "en"
    assert language_of_locale({"LC_ALL": "zh_CN.UTF-8", "SIM_LANG": "zh-Hant"}) == "zh-Hant"
    assert language_of_locale({"LANG": "de_DE"}) == language_of_locale({}) == "en"


def test_windows_is_asked_where_the_environment_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_of_windows", lambda: "zh_HK")
    assert language_of_locale({}) == "zh-Hant"
    assert language_of_locale({"LANG": "en_GB.UTF-8"}) == "en"


def test_the_option_goes_before_the_locale_and_stands_anywhere() -> None:
    for arguments in (["--lang", "zh-hk", "run"], ["run", "--lang=ZH_TW"], ["run", "--no-such", "--lang", "zh-Hant"]):
        assert "錯誤：" in sim(*arguments, SIM_LANG="zh-Hans").stderr
    assert "错误：" in sim("run", SIM_LANG="zh-Hans").stderr
    assert "Error: FILE... is missing." in sim("run", SIM_LANG="").stderr


def test_every_command_has_it() -> None:
    group = click.Context(main)
    commands = [main.get_command(group, name) for name in COMMANDS]  # type: ignore[attr-defined]
    assert [sum(OPTION in param.opts for param in command.params) for command in commands] == [1] * len(COMMANDS)


def test_no_such_language_is_answered_with_those_there_are() -> None:
    failed = sim("check", "--lang", "fr", "x.yaml")
    assert failed.exit_code == 2
    assert "fr is no language of sim; there are en, zh-Hant, zh-Hans (zh-HK" in failed.stderr
    assert "zh-Hans, all" in sim("report", "x", "--lang", "fr").stderr


WRONG_LINES = {
    "no command": (["rn"], "There is no command 'rn'; there is run"),
    "no option": (["run", "--worker", "3", "x"], "There is no option --worker; perhaps --workers."),
    "no option of sim": (["--foo"], "There is no option --foo."),
    "no argument": (["sql", "x"], "QUERY is missing."),
    "a required option": (["new", "x"], "--extends is missing."),
    "an option without its value": (["run", "x", "--workers"], "--workers needs a value after it."),
    "an option without its second value": (["replay", "x", "--still", "a"], "--still needs 2 values after it."),
    "a value for a flag": (["run", "x", "--no-charts=3"], "--no-charts takes no value."),
    "no whole number": (["run", "x", "--seed", "y"], "--seed: y is not possible; write a whole number."),
    "too small a number": (["run", "x", "--workers", "0"], "--workers: 0 is not possible; write a whole number of at least 1."),
    "no choice": (["report", "x", "--format", "pd"], "--format: pd is not possible; write one of pdf, html, docx, all."),
    "too many": (["schema", "x", "y"], "this is too much, and not taken: x y."),
    "too many files": (["assumptions", "a", "b", "c"], "One FILE or two are needed."),
}


@pytest.mark.parametrize("kind", WRONG_LINES)
def test_what_is_wrong_with_the_command_line_is_told_in_the_language(kind: str) -> None:
    arguments, words = WRONG_LINES[kind]
    failed = sim(*arguments)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert failed.stderr.startswith("Usage: ") and f"Error: {words}" in failed.stderr.splitlines()[-1]
    for language_name, error in (("zh-Hant", "錯誤："), ("zh-Hans", "错误：")):
        lines = sim(*arguments, SIM_LANG=language_name).stderr.splitlines()
        assert lines[0].startswith("用法：")
        assert lines[-1].startswith(error) and lines[-1].endswith("。")
        assert not re.search(r"\b(is|are|the|of|missing|Option|argument)\b", lines[-1])


def test_what_a_command_prints_is_in_the_language(scenarios: list[Path], tmp_path: Path) -> None:
    base, folder = str(scenarios[0]), str(tmp_path / "chart")
    quick = ("--replications", "2", "--seeds", "3", "--days", "4", "--out", folder)
    for arguments, words in (
        (("new", "mine", "--extends", base), "沿用 base.yaml"),
        (("new", "mine", "--extends", base), "檔案已存在，未作更改"),
        (("new", "no name!", "--extends", base), "應為：不多於 64 個英文字母"),
        (("runs", str(tmp_path)), "沒有研究"),
        (("warm-up", base, *quick), "每個種子模擬 2 次重複"),
        (("schema", "--out", str(tmp_path / "schema.json")), "已寫入"),
    ):
        done = sim(*arguments, "--lang", "zh-Hant")
        assert words in done.output, done.output


def test_the_studies_of_a_folder_are_listed_in_the_language(make_study: MakeStudy) -> None:
    folder = str(make_study().parent)
    heading, row, *_ = sim("runs", folder, "--lang", "zh-Hant").stdout.splitlines()
    assert heading.split()[:3] == ["研究", "狀態", "時間"] and "已完成" in row and "base、dense" in row
    assert cells(heading[: heading.index("狀態")]) == cells(row[: row.index("已完成")]), "aligned"
    assert "done" in sim("runs", folder).stdout
