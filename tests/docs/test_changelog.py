"""The changelog is sorted by kind, so that what moved a number stands in one place."""

import re
from pathlib import Path

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = ["Added", "Changed", "Removed", "Fixed", "Results"]


def misplaced(changelog: str) -> list[str]:
    """What stands in the wrong place: unknown kinds, entries of no kind, and entries tagged RESULTS elsewhere than in Results."""
    problems = []
    for version in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        before, *sections = re.split(r"^### ", version, flags=re.MULTILINE)
        names = [section.splitlines()[0] for section in sections]
        if names != [kind for kind in KINDS if kind in names]:
            problems.append(f"kinds of {before.splitlines()[0]}: {', '.join(names)}")
        for name, section in [("none", before), *zip(names, sections, strict=True)]:
            for entry in re.findall(r"^- .*$", section, re.MULTILINE):
                if name == "none" or entry.startswith("- RESULTS: ") != (name == "Results"):
                    problems.append(f"{name}: {entry}")
    return problems


def test_entries_stand_under_their_kind() -> None:
    assert misplaced(CHANGELOG) == []


def test_a_misplaced_entry_is_noticed() -> None:
    assert misplaced("# C\n\n## 1\n\n### Added\n\n- a\n\n### Results\n\n- RESULTS: b\n") == []
    assert misplaced("# C\n\n## 1\n\n- a\n") == ["none: - a"]
    assert misplaced("# C\n\n## 1\n\n### Added\n\n- RESULTS: b\n") == ["Added: - RESULTS: b"]
    assert misplaced("# C\n\n## 1\n\n### Results\n\n- a\n") == ["Results: - a"]
    assert misplaced("# C\n\n## 1\n\n### Fixed\n\n### Added\n") == ["kinds of 1: Fixed, Added"]
