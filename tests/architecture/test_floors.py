"""Imports go down only: the floors of the design, read from the source with `ast`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS: tuple[tuple[str, ...], ...] = (
    ("ground",),
    ("statistics",),
    ("world",),
    ("model",),
    ("policies",),
    ("scenario",),
    ("replication",),
    ("engine",),
    ("metrics",),
    ("execution",),
    ("archive",),
    ("study",),
    ("analysis",),
    ("charts", "report", "replay"),
    ("cli",),
)
FLOOR_OF = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}
SAME_FLOOR = {("report", "charts"), ("replay", "charts")}  # who may use whom on one floor
MODULES = sorted((ROOT / "sim").rglob("*.py"))


def package_of(module: str) -> str:
    """The package of a dotted name: "sim.ground.text" is in "ground"; "" for `sim` itself and what it holds."""
    package = [*module.split("."), ""][1]
    return package if (ROOT / "sim" / package).is_dir() else ""


def dotted(path: Path) -> str:
    """The dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """Every module, or name in a module, that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def of_project(path: Path) -> list[str]:
    """What a file imports from this project."""
    return [name for name in imported(path) if name.split(".")[0] == "sim"]


def outside_names(path: Path) -> set[str]:
    """The top packages that a file imports from elsewhere."""
    return {name.split(".")[0] for name in imported(path)} - {"sim"}


def climbs(user: str, used: str) -> bool:
    """Whether an import from package `user` to package `used` goes up, or sideways where it may not."""
    if user == used or not used or (user, used) in SAME_FLOOR:
        return False
    return FLOOR_OF[used] >= FLOOR_OF[user]


def test_every_package_has_a_floor() -> None:
    packages = {package_of(dotted(path)) for path in MODULES if path.parent != ROOT / "sim"}
    assert packages <= set(FLOOR_OF)
    assert len(MODULES) > 50


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != ROOT / "sim"], ids=dotted)
def test_imports_go_down_only(path: Path) -> None:
    user = package_of(dotted(path))
    assert [name for name in of_project(path) if climbs(user, package_of(name))] == []


def test_climbing_is_noticed() -> None:
    assert climbs("ground", "world")
    assert climbs("charts", "report")
    assert not climbs("report", "charts")
    assert not climbs("cli", "ground")


def test_features_do_not_know_each_other() -> None:
    features = [path for path in (ROOT / "sim" / "policies").glob("*.py") if path.stem != "__init__"]
    assert len(features) > 5
    assert {path.name: name for path in features for name in of_project(path) if package_of(name) == "policies"} == {}


def test_nobody_above_the_policies_knows_a_single_feature() -> None:
    """The tuple of all, and what a scenario assembles from it, is all that the floors above may name."""
    above = [path for path in MODULES if FLOOR_OF.get(package_of(dotted(path)), 0) > FLOOR_OF["policies"]]
    assert len(above) > 100
    known = {dotted(path): [name for name in of_project(path) if package_of(name) == "policies"] for path in above}
    assert {user: names for user, names in known.items() if set(names) - {"sim.policies.FEATURES"}} == {}


def test_tables_and_charts_stay_above_the_measures() -> None:
    for path in MODULES:
        floor = FLOOR_OF.get(package_of(dotted(path)), 0)
        forbidden = {"matplotlib"} if floor < FLOOR_OF["charts"] else set()
        if floor < FLOOR_OF["execution"] and dotted(path) != "sim.ground.unique_rows":  # which borrows a hash table of pandas
            forbidden |= {"pandas", "pyarrow"}
        assert outside_names(path) & forbidden == set(), path


def test_statistics_know_numbers_only() -> None:
    """NumPy, SciPy and the standard library: no pandas, no file, no measure; a statistician reviews it without a flight."""
    for path in (ROOT / "sim" / "statistics").glob("*.py"):
        assert {package_of(name) for name in of_project(path)} <= {"ground", "statistics"}, path.name
        assert outside_names(path) - sys.stdlib_module_names <= {"numpy", "scipy"}, path.name


def test_the_engine_knows_no_policy() -> None:
    allowed = {"ground", "model", "engine"}
    for path in (ROOT / "sim" / "engine").glob("*.py"):
        assert {package_of(name) for name in of_project(path)} <= allowed, path.name
        names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
        assert not names & {"customs", "channel", "illicit", "consignments"}, path.name
