"""The page on studies: its commands run as they stand there, and its table names every file that a study leaves."""

import re
import shlex
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

import sim
from sim.archive.layout import MANIFEST, SUMMARY_TABLES, TABLES
from sim.archive.study_folder import files_of
from sim.cli import main
from sim.study.summary_tables import read_summary_tables
from tests.tiers import slow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "studies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
EVERY = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.startswith("sim ")]
COMMANDS = [slow(command) if command.startswith("sim run") else command for command in EVERY]
SHORT = ["--replications", "2", "--no-charts", "--workers", "1"]
WINDOW = ["--set", "study.days=1", "--set", "study.warm_up=6 h", "--set", "study.cool_down=6 h"]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with a short study in out/demo."""
    folder = tmp_path_factory.mktemp("project")
    copytree(ROOT / "scenarios", folder / "scenarios")
    files = [str(folder / "scenarios" / name) for name in ("baseline.yaml", "one-stop.yaml")]
    done = CliRunner().invoke(main, ["run", *files, *SHORT, *WINDOW, "--out", str(folder / "out" / "demo")])
    assert done.exit_code == 0, done.output
    return folder


def test_the_page_shows_the_commands():
    assert {command.split()[1] for command in EVERY} >= {"runs", "sql"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page(project, monkeypatch, command):
    monkeypatch.chdir(project)
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_the_table_names_every_file(project):
    files = PAGE.split("## The manifest")[0]
    rows = "\n".join(line.split("|")[1] for line in files.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`([^`]+)`", rows))
    tops = {name.split("/")[0] for name in files_of(project / "out" / "demo")}
    assert {name.split("/")[0] for name in named} == tops | {MANIFEST, "charts", "analyses"}
    assert {f"{name}.parquet" for name in TABLES} <= named


def test_the_page_says_which_tables_can_be_asked(project):
    study = sim.load(project / "out" / "demo")
    sentence = re.search(r"The tables are (.*?)\.", PAGE, re.DOTALL).group(1)
    assert re.findall(r"`(\w+)`", sentence) == [*TABLES, *SUMMARY_TABLES]
    for name in TABLES:
        assert len(study.sql(f"select * from {name}")) == len(getattr(study, name))
    for name, table in read_summary_tables(study.folder).items():
        assert len(study.sql(f"select * from {name}")) == len(table)
