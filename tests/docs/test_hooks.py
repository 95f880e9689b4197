"""The hooks before a commit are local and run what make and the tests run."""

import re
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
REPOSITORIES = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
HOOKS = [hook for repository in REPOSITORIES for hook in repository["hooks"]]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert [repository["repo"] for repository in REPOSITORIES] == ["local"]
    assert {hook["language"] for hook in HOOKS} == {"system"}


def test_what_a_hook_runs_is_there() -> None:
    assert len(HOOKS) == 3
    for hook in HOOKS:
        program, *arguments = hook["entry"].split()
        if program == "make":
            assert subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, check=False).returncode == 0
        else:
            assert program == ".venv/bin/pytest"
            assert [name for name in arguments if not name.startswith("-") and not (ROOT / name).exists()] == []


def test_lint_looks_at_the_format_too() -> None:
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE).group(1)
    assert "ruff check ." in lint
    assert "ruff format --check ." in lint
