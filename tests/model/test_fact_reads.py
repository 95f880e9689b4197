"""Facts are read by the objects that declare them: what a feature's source reads is what it declares."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model import fact_catalogue
from sim.model.fact_catalogue import ILLICIT, PORT_HOURS_S, WEIGHT
from sim.model.facts import Fact, Facts
from sim.model.feature import Feature
from sim.policies import FEATURES

ROOT = Path(__file__).parents[2]
DECLARING = sorted([*(ROOT / "sim" / "model").glob("*.py"), *(ROOT / "sim" / "policies").glob("*.py")])
COLUMNS = {"Bools": "bool", "Floats": "float", "Ints": "int"}


def facts_named(value: Any) -> set[Fact[Any]]:
    """The facts that a constant holds: itself, or those of a dictionary."""
    values = value.values() if isinstance(value, dict) else (value,)
    return {fact for fact in values if isinstance(fact, Fact)}


def read_in(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands in `….facts[X]`, `….facts.get(X, …)` and `X in ….facts`, and behind a local name of these facts."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=facts, slice=read) if is_facts(facts) and isinstance(node.ctx, ast.Load):
                yield read
            case ast.Call(func=ast.Attribute(value=facts, attr="get"), args=[read, *_]) if is_facts(facts):
                yield read
            case ast.Compare(left=read, comparators=[facts]) if is_facts(facts):
                yield read


def is_facts(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "facts") or (isinstance(node, ast.Name) and node.id == "facts")


def statically_read(module_name: str) -> tuple[set[Fact[Any]], set[Fact[Any]]]:
    """The facts that a module's source names where it reads facts: all that it may read, and those named one by one."""
    module = importlib.import_module(module_name)
    readable: set[Fact[Any]] = set()
    certain: set[Fact[Any]] = set()
    for read in read_in(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        base = read.value if isinstance(read, ast.Subscript) else read
        assert isinstance(base, ast.Name), f"{module_name}:{read.lineno}: a fact is read by {ast.unparse(read)}"
        named = facts_named(getattr(module, base.id, None))
        readable |= named
        certain |= named if base is read else set()
    return readable, certain


@pytest.mark.parametrize("feature", FEATURES, ids=[feature.key for feature in FEATURES])
def test_what_the_source_of_a_feature_reads_is_what_it_declares(feature: Feature) -> None:
    modules = {function.__module__ for function in (feature.decide, feature.build, feature.learn)}
    modules = (modules | {f"sim.policies.{feature.key}"}) - {"sim.model.feature"}
    reads = [statically_read(name) for name in sorted(modules)]
    readable = {fact for of_module, _ in reads for fact in of_module}
    certain = {fact for _, of_module in reads for fact in of_module}
    own = {*feature.writes, *feature.learns}
    assert certain <= {*feature.reads, *own}, "read, and not declared"
    by_pools = {PORT_HOURS_S} if any(kind.in_port_hours for kind in feature.pools) else set()  # read where pools are made
    assert set(feature.reads) <= readable | by_pools, "declared, and never read"
    assert len(set(feature.reads)) == len(feature.reads)


def test_a_constant_of_the_catalogue_is_the_name_in_capitals() -> None:
    constants = {name: value for name, value in vars(fact_catalogue).items() if facts_named(value)}
    assert len(constants) > 30
    for name, value in constants.items():
        assert all(fact.name.startswith(name.lower()) for fact in facts_named(value)), name
        assert isinstance(value, dict) or value.name == name.lower()


@pytest.mark.parametrize("path", DECLARING, ids=lambda path: path.stem)
def test_the_type_that_a_fact_is_read_as_is_the_one_it_is_kept_as(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Subscript(value=ast.Name(id="Fact"), slice=read_as), args=[_, ast.Name(id=kept_as), per, *_]):
                base = re.split(r"\W", ast.unparse(read_as))[0]
                assert (base in COLUMNS) == (ast.literal_eval(per) != "scenario"), node.lineno
                assert COLUMNS.get(base, base) == kept_as, node.lineno
            case ast.Call(func=ast.Name(id="Fact")):
                raise AssertionError(f"{path.name}:{node.lineno}: a fact without the type it is read as")


def test_a_fact_is_not_read_by_its_name() -> None:
    facts = Facts()
    facts.write(ILLICIT, [True, False])
    assert facts[ILLICIT].dtype == np.bool_ and ILLICIT in facts and WEIGHT not in facts
    with pytest.raises(TypeError, match=r"by the object that declares them, not by 'illicit'; see sim.model.fact_catalogue"):
        facts["illicit"]  # type: ignore[index]
    with pytest.raises(TypeError, match="not by 'illicit'"):
        facts.get("illicit", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not by 'illicit'"):
        assert "illicit" in facts  # type: ignore[operator]
    with pytest.raises(KeyError, match="weight"):
        facts[WEIGHT]
