"""The commands and the snippets of the README run as they stand there (studies made short)."""

import re
import shlex
import subprocess
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from sim.cli import main
from tests.tiers import slow

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ANALYSES = {
    "attribute": [],
    "sweep": [],
    "frontier": [],
    "robust": ["--worlds", "4"],
    "assumptions": [],
    "sensitivity": ["--samples", "2"],
    "saturate": [],
}
SHORT = ["--replications", "2", "--set", "study.days=1", "--set", "study.warm_up=6 h", "--set", "study.cool_down=6 h"]


def _blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line.split("#")[0].strip() for block in _blocks("sh") for line in block.splitlines() if line.startswith("sim ")]


@pytest.fixture
def project(tmp_path, monkeypatch):
    copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_quick(command):
    """One study and the questions about files: the others take seconds each."""
    return (
        command.split()[1] in ("diff", "explain", "new") or command == "sim run scenarios/baseline.yaml scenarios/one-stop.yaml"
    )


def test_the_readme_shows_every_command():
    assert {"run", "check", "diff", "explain", "new"} <= {command.split()[1] for command in COMMANDS}


@pytest.mark.takes(20)
@pytest.mark.parametrize("command", [command if is_quick(command) else slow(command) for command in COMMANDS])
def test_a_command_of_the_readme(project, command):
    words = [word for part in shlex.split(command)[1:] for word in _expanded(project, part)]
    short = [*SHORT, *ANALYSES.get(words[0], [])] if words[0] in ("run", *ANALYSES) else []
    result = CliRunner().invoke(main, words + short)
    assert result.exit_code == 0, result.output


def _expanded(project, word):
    """What a shell makes of a word with a star."""
    return sorted(str(path.relative_to(project)) for path in project.glob(word)) if "*" in word else [word]


def test_the_python_of_the_readme(project):
    code = _blocks("python")[0].replace("replications=5)", 'replications=2, set=["study.days=1"])')
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(names["study"].comparison) > 0


def test_the_scenario_of_the_readme(project):
    (project / "mine.yaml").write_text(_blocks("yaml")[0].replace("baseline.yaml", "scenarios/baseline.yaml"), encoding="utf-8")
    assert CliRunner().invoke(main, ["check", "mine.yaml"]).exit_code == 0


def test_make_knows_the_commands_of_the_readme():
    for target in re.findall(r"^make (\w+)", "\n".join(_blocks("sh")), re.MULTILINE):
        assert subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
