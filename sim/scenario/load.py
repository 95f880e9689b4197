"""Loading scenarios: a file over the files it extends, and options of the command line on top."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.ground.errors import InputError, Problem
from sim.scenario.merge import merged, read_chain
from sim.scenario.node import Entry, Node, Place, nested, node_of, plain
from sim.scenario.problems import Source, positioned, problems_of
from sim.scenario.reader import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Schema, default_schema


def load_scenario(path: str | Path, overrides: Sequence[str] = (), schema: Schema | None = None) -> Scenario:
    """The scenario of a file, with each override ("policy.corridor.headway=45 s") laid on top in order.

    Raises InputError with every problem of the file, of those it extends, and of the overrides.
    """
    path = Path(path)
    source, problems = _read(path, overrides, schema or default_schema())
    return _checked(source, path, problems)


def in_its_file(problem: Problem, scenario: Scenario, overrides: Sequence[str] = ()) -> Problem:
    """A problem of a later floor, with the place at which the scenario's file or an override writes the value."""
    if scenario.file is None:
        return problem
    source, _ = _read(scenario.file, overrides, scenario.assembly)
    return positioned(problem, source)


def _read(path: Path, overrides: Sequence[str], schema: Schema) -> tuple[Source, list[Problem]]:
    """The merged tree of a file and the overrides, and its problems so far. Raises InputError where no file could be read."""
    chain = read_chain(path)
    overlays, problems = _read_overrides(overrides)
    problems = [*chain.problems, *problems]
    if len(chain.layers) == 0:
        raise InputError(*problems)
    root = Node({}, Place(str(path)))
    for layer in (*chain.layers, *overlays):
        root = merged(root, layer, schema.scenario_type)
    return Source(_named(root, path), str(path), schema), problems


def load_scenarios(
    paths: Iterable[str | Path], overrides: Sequence[str] = (), schema: Schema | None = None
) -> tuple[Scenario, ...]:
    """The scenarios of several files, in the order given; their names must differ.

    Raises InputError with every problem of every file.
    """
    scenarios: list[Scenario] = []
    problems: dict[Problem, None] = {}
    for path in paths:
        try:
            scenarios.append(load_scenario(path, overrides, schema))
        except InputError as error:
            problems.update(dict.fromkeys(error.problems))
    problems.update(dict.fromkeys(same_names(scenarios)))
    if problems:
        raise InputError(*problems)
    return tuple(scenarios)


def same_names(scenarios: Sequence[Scenario]) -> tuple[Problem, ...]:
    """A problem for each scenario that has the name of an earlier one (upper and lower case are the same)."""
    first: dict[str, Scenario] = {}
    problems = []
    for scenario in scenarios:
        earlier = first.setdefault(scenario.name.casefold(), scenario)
        if earlier is not scenario:
            message = f"the name is taken by {earlier.file or 'another scenario'}; scenarios compared need names of their own"
            problems.append(Problem(message, str(scenario.file or ""), path="name", found=scenario.name))
    return tuple(problems)


def apply(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """A new scenario with the changes ({"policy.corridor.headway": "45 s"}), values typed as in a file.

    A value by side may name some sides only. Raises InputError with every problem.
    """
    schema = scenario.assembly
    root = node_of(scenario.resolved(), Place(str(scenario.file or "")))
    for path, value in changes.items():
        overlay = nested(path.split("."), node_of(value, Place(f"change of {path}")))
        root = merged(root, overlay, schema.scenario_type)
    return _checked(Source(root, str(scenario.file or ""), schema), scenario.file, [])


def _named(root: Node, path: Path) -> Node:
    """The tree with a name and a title; where none are written, the file's stem and that name."""
    place = Place(str(path))
    name = root.value.get("name") or Entry(place, Node(path.stem, place))
    title = root.value.get("title") or Entry(place, name.node)
    return Node({**root.value, "name": name, "title": title}, root.place)


def _checked(source: Source, path: Path | None, problems: list[Problem]) -> Scenario:
    """The scenario of a merged tree. Raises InputError with `problems` and those that the schema and the features find."""
    try:
        scenario = source.schema.rebuilt(plain(source.root), path)
    except ValidationError as error:
        raise InputError(*problems, *problems_of(error, source)) from None
    problems += [positioned(problem, source) for problem in _feature_problems(scenario)]
    if problems:
        raise InputError(*problems)
    return scenario


def _feature_problems(scenario: Scenario) -> Iterable[Problem]:
    for feature in scenario.assembly.features:
        policy, world = getattr(scenario.policy, feature.key, None), getattr(scenario.world, feature.key, None)
        yield from feature.check(policy, world, scenario)


def _read_overrides(overrides: Sequence[str]) -> tuple[list[Node], list[Problem]]:
    overlays: list[Node] = []
    problems: list[Problem] = []
    for option in overrides:
        label = f"--set {option}"
        key, equals, value = option.partition("=")
        keys = key.strip().split(".")
        if not equals or not all(keys):
            problems.append(Problem("KEY=VALUE is needed, as in --set 'policy.corridor.headway=45 s'", label))
            continue
        reading = read_text(value, label, Path())
        problems += [Problem(problem.message, label, found=problem.found) for problem in reading.problems]
        if reading.root is not None:
            overlays.append(nested(keys, _at(reading.root, Place(label))))
    return overlays, problems


def _at(node: Node, place: Place) -> Node:
    """The node with `place` for every place in it, since an option of the command line has no lines."""
    if isinstance(node.value, dict):
        return Node({key: Entry(place, _at(entry.node, place)) for key, entry in node.value.items()}, place)
    return Node(tuple(_at(part, place) for part in node.value) if isinstance(node.value, tuple) else node.value, place)
