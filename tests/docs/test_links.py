"""Links between pages lead somewhere, and so do the files and names of code that texts mention."""

import importlib
import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = sorted(
    path
    for folder in ("sim", "tests", "benchmarks", "scenarios", "docs", ".")
    for path in ((ROOT / folder).rglob("*") if folder != "." else ROOT.glob("*"))
    if path.suffix in {".py", ".yaml", ".md", ".toml", ".js", ".html"} and path != Path(__file__)
)
TO_BE_WRITTEN = {"sim/cli/places.py", "sim/charts/lull.py", "sim/policies/ion_scan.py"}  # by who follows the page
LINK = re.compile(r"(?<!`)\[[^\]`]*(?:`[^`]*`[^\]`]*)*\]\(([^)\s]+)\)")
PAGE_NAMED = re.compile(r"(?<![\w/])docs/[\w/-]+\.md")
PATH_NAMED = re.compile(r"`((?:sim|tests|docs|scenarios|benchmarks)/[\w./*-]*)`")
NAME_IN_CODE = re.compile(r"`(sim(?:\.\w+)+)(?:\(.*?\))?`")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchor(heading: str) -> str:
    """The address that a heading gets: lower case, letters, digits and hyphens."""
    kept = (char for char in heading.strip().lower() if char in " -_" or unicodedata.category(char)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)}


def broken_links(page: Path) -> list[str]:
    """Links of a page to files or headings that are not there; web addresses are not looked at."""
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"\w+:", target):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (heading and heading not in anchors(file)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A b\n[x](#a-b) [y](#c) [z](other.md) [`w`](page.md#a-b) [v](https://example.org)\n", encoding="utf-8")
    assert broken_links(page) == ["#c", "other.md"]


def test_pages_that_texts_name_are_there() -> None:
    """A docstring, a message, a report: "see docs/reference/measures.md"."""
    named = {(name, relative(path)) for path in TEXTS for name in PAGE_NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert {(name, path) for name, path in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=relative)  # it speaks of the past
def test_files_that_a_page_names_are_there(page: Path) -> None:
    named = set(PATH_NAMED.findall(page.read_text(encoding="utf-8"))) - TO_BE_WRITTEN
    assert {name for name in named if not any(ROOT.glob(name.rstrip("/").replace("NAME", "*")))} == set()


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=relative)
def test_names_of_code_that_a_page_mentions_exist(page: Path) -> None:
    names = set(NAME_IN_CODE.findall(page.read_text(encoding="utf-8"))) - {"sim.policies.ion_scan"}
    assert {name for name in names if not exists(name)} == set()


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            item = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            if not hasattr(item, part):
                return False
            item = getattr(item, part)
        return True
    return False


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert exists("sim.model.plan.Plan")
    assert not exists("sim.model.plan.Plans")
    assert not exists("sim.nouns")


def test_the_index_lists_every_page_once() -> None:
    index = ROOT / "docs" / "index.md"
    links = [target for target in LINK.findall(index.read_text(encoding="utf-8")) if not target.startswith("..")]
    assert sorted(links) == sorted(
        page.relative_to(index.parent).as_posix() for page in (ROOT / "docs").rglob("*.md") if page != index
    )
