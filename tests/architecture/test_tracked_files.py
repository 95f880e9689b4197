"""What is handed on holds no trace of the machine that it was made on."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACES = {
    "address of a package registry": re.compile(
        r"pypi\.(?:org|python\.org)|files\.pythonhosted\.org|--(?:extra-)?index[-]url|file:///"
    ),
    "absolute path of a machine": re.compile(r"(?<![\w.])/(?:home/[a-z]|root/|Users/|work/|opt/|tmp/[a-z]|var/folders/)"),
}
BINARY = {".png", ".parquet", ".arrow", ".ico", ".pdf"}


def tracked() -> list[Path]:
    """The files under version control; the test is skipped where there is none."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip("not a work tree of git")
    return [ROOT / name for name in found.stdout.split("\0") if name and (ROOT / name).suffix not in BINARY]


@pytest.mark.parametrize("trace", TRACES)
def test_no_tracked_file_holds_it(trace: str) -> None:
    files = [path for path in tracked() if path.is_file() and path != Path(__file__).resolve()]
    assert len(files) > 10
    assert [str(path.relative_to(ROOT)) for path in files if TRACES[trace].search(path.read_text(encoding="utf-8"))] == []


def test_notebooks_are_stored_without_output() -> None:
    """Outputs of another day would pass for those of the code at hand."""
    notebooks = [path for path in tracked() if path.suffix == ".ipynb"]
    assert notebooks
    for path in notebooks:
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        assert [cell for cell in cells if cell["outputs"] or cell["execution_count"] is not None] == [], path.name


def test_the_patterns_notice_what_they_look_for() -> None:
    address, machine = TRACES.values()
    assert address.search("pip install --index" + "-url x")
    assert machine.search("cd /" + "root/project") and machine.search("'/" + "home/me/x'")
    assert not machine.search("https://example.org/" + "work/page") and not machine.search("python3 -m venv .venv")
