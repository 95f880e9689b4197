"""A copy of this project's tree in which the recipe of a page is followed, and whose checks are then run."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

ROOT = Path(__file__).parents[2]
FOLDERS = ("sim", "tests", "docs", "scenarios")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile")
NOT_COPIED = ignore_patterns(".*_cache", "*.pyc.*", "*.tmp.*")
"""What is compiled is copied, for it holds while its source does; not what another process is about to write."""


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in that language of a page under `docs/how-to/`, in their order."""
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


class Tree:
    """A copy of the tree under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in FOLDERS:
            copytree(ROOT / folder, root / folder, ignore=NOT_COPIED)
        for name in FILES:
            (root / name).write_bytes((ROOT / name).read_bytes())
        self._before = self._files()

    def write(self, path: str, text: str) -> None:
        """A new file; there must be none of that name."""
        assert not (self.root / path).exists(), f"{path} is there already"
        (self.root / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """`old`, which stands once in a file, becomes `new`."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def changed(self) -> set[str]:
        """The files that are new, gone or other than they were."""
        before, now = self._before, self._files()
        return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}

    def run(self, *arguments: str) -> str:
        """What `python -m ...` prints in the tree; the test fails if it fails."""
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        environment.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"python -m {' '.join(arguments)}\n{done.stdout[-8000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def make_pages(self) -> None:
        """What `make pages` does."""
        self.run("tests.docs.pages")

    def test(self, *arguments: str) -> str:
        """The tests named pass in the tree."""
        return self.run("pytest", "-q", "-p", "no:cacheprovider", "-n", "0", *arguments)

    def _files(self) -> dict[str, bytes]:
        files = (path for folder in FOLDERS for path in (self.root / folder).rglob("*") if path.is_file())
        every = [*files, *(self.root / name for name in FILES)]
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in every if "__pycache__" not in path.parts}
