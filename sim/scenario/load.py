"""Loading scenarios: a file over the files it extends, and changes on top."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.ground import arguments
from sim.ground.arguments import checked_call
from sim.ground.errors import InputError, Problem
from sim.ground.input_file import shown_path
from sim.ground.text import Text
from sim.scenario.merge import merged, read_chain
from sim.scenario.node import Entry, Node, Place, nested, node_of, plain
from sim.scenario.problems import Source, positioned, problems_of
from sim.scenario.reader import DEEPEST, TOO_DEEP, read_text
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Schema, default_schema
from sim.scenario.slips import explained
from sim.scenario.write import flow

Changes = str | Sequence[str] | Mapping[str, Any]
"""What is set on a scenario: "policy.corridor.headway=45 s", a list of such texts, or {"policy.corridor.headway": "45 s"}."""
_ONE_SCENARIO = Text("one scenario is needed", "只可有一個情景", "只可有一个情景")
_A_SCENARIO = Text(
    "a path, a sim.Scenario, or a list of them", "檔案路徑、sim.Scenario 或其清單", "文件路径、sim.Scenario 或其列表"
)
_AT_LEAST_ONE = Text("at least one scenario is needed", "至少須有一個情景", "至少须有一个情景")
_NAME_TAKEN = Text(
    "the name is taken by {other}; scenarios compared need names of their own",
    "名稱與 {other} 相同；互相比較的情景須各有名稱",
    "名称与 {other} 相同；互相比较的情景须各有名称",
)
_ANOTHER = Text("another scenario", "另一情景", "另一情景")
_NO_PATH = Text("not the path of a parameter", "不是參數的路徑", "不是参数的路径")
_SUCH_AS = Text("such as {path}", "例如 {path}", "例如 {path}")
_KEY_VALUE = Text("KEY=VALUE is needed, as in {example}", "須寫作 KEY=VALUE，例如 {example}", "须写作 KEY=VALUE，例如 {example}")
_OTHER_SIGN = re.compile(r"\s*([\w.]+)\s*[:：＝]\s*(.+)", re.DOTALL)
LONGEST_LABEL = 400  # of a change, as a message shows it
OneScenario = str | Path | Scenario
Scenarios = OneScenario | Sequence[OneScenario]
"""Scenarios as a user names them: the path of a file, a Scenario, or a list of them."""


@checked_call()
def load_scenario(scenario: OneScenario, set: Changes = (), schema: Schema | None = None) -> Scenario:  # noqa: A002
    """The scenario of a file, or the one given, with the changes laid on top in order.

    set: "policy.corridor.headway=45 s", a list of such texts, or {"policy.corridor.headway": "45 s"}, values typed as in a file.
    Raises InputError with every problem of the file, of those it extends, and of the changes.
    """
    if isinstance(scenario, Scenario):
        return _changed(scenario, set)
    arguments.check(arguments.file_path("scenario", scenario))
    path = Path(scenario)
    source, problems = _read(path, set, schema or default_schema())
    try:
        scenario = _checked(source, path, problems)
    except InputError as error:
        raise InputError(*explained(error.problems, source.slips)) from None
    scenario._n_written = source.n_written
    return scenario


@checked_call()
def apply(scenario: OneScenario, changes: Changes) -> Scenario:
    """A new scenario with the changes: see `load_scenario`. A value by side may name some sides only.

    Raises InputError with every problem.
    """
    return load_scenario(scenario, changes)


def _changed(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario itself where nothing is changed."""
    overlays, problems = _read_changes(changes)
    if not overlays and not problems:
        return scenario
    schema, file = scenario.assembly, str(scenario.file or "")
    root = node_of(scenario.resolved(), Place(file))
    for overlay in overlays:
        root = merged(root, overlay, schema.scenario_type)
    return _checked(Source(root, file, schema), scenario.file, problems)


def in_world_of(scenario: Scenario, other: Scenario) -> Scenario:
    """The scenario with the world of another. Raises InputError where its policy can't be in that world."""
    return scenario if scenario.world == other.world else with_values(scenario, {"world": other.resolved()["world"]})


def with_values(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with these values, by path, as a scenario file writes them; each replaces the whole of what stands there.

    In `apply`, a mapping is laid over the one that is there. Raises InputError with every problem.
    """
    resolved = scenario.resolved()
    for path, value in values.items():
        *above, name = path.split(".")
        reduce(getitem, above, resolved)[name] = value
    file = str(scenario.file or "")
    return _checked(Source(node_of(resolved, Place(file)), file, scenario.assembly), scenario.file, [])


def in_its_file(problem: Problem, scenario: Scenario, changes: Changes = ()) -> Problem:
    """A problem of a later floor, with the place at which the scenario's file or a change writes the value."""
    if scenario.file is None:
        return problem
    source, _ = _read(scenario.file, changes, scenario.assembly)
    return positioned(problem, source)


def _read(path: Path, changes: Changes, schema: Schema) -> tuple[Source, list[Problem]]:
    """The merged tree of a file and the changes, and its problems so far. Raises InputError where no file could be read."""
    chain = read_chain(path)
    overlays, problems = _read_changes(changes)
    problems = [*chain.problems, *problems]
    if len(chain.layers) == 0:
        raise InputError(*explained(problems, chain.slips))
    root = Node({}, Place(str(path)))
    for layer in (*chain.layers, *overlays):
        root = merged(root, layer, schema.scenario_type)
    n_written = chain.layers[0].size if len(chain.layers) == 1 else None
    return Source(_named(root, path), str(path), schema, chain.slips, n_written), problems


def load_scenarios(scenarios: Scenarios, changes: Changes = (), schema: Schema | None = None) -> tuple[Scenario, ...]:
    """The scenarios of a path, a Scenario or a list of them, in the order given, each with the changes; their names must differ.

    Raises InputError with every problem of every file.
    """
    loaded: list[Scenario] = []
    problems: dict[Problem, None] = {}
    for scenario in listed_scenarios(scenarios):
        try:
            loaded.append(load_scenario(scenario, changes, schema=schema))
        except InputError as error:
            problems.update(dict.fromkeys(error.problems))
    problems.update(dict.fromkeys(same_names(loaded)))
    if problems:
        raise InputError(*problems)
    return tuple(loaded)


def load_one_scenario(scenarios: Scenarios, changes: Changes = ()) -> Scenario:
    """The scenario of a path, a Scenario, or a list of one. Raises InputError where there are more, or it can't be read."""
    listed = listed_scenarios(scenarios)
    if len(listed) != 1:
        raise InputError(Problem(_ONE_SCENARIO, path="scenarios", found=Text.same(str(len(listed))), allowed=Text.same("1")))
    return load_scenario(listed[0], changes)


def listed_scenarios(scenarios: Scenarios) -> tuple[OneScenario, ...]:
    """The paths and scenarios as a tuple. Raises InputError for what is neither, and where there is none."""
    if isinstance(scenarios, str | PathLike | Scenario):
        return (scenarios,)
    if not isinstance(scenarios, Iterable) or isinstance(scenarios, Mapping):
        raise InputError(arguments.wrong_type("scenarios", scenarios, _A_SCENARIO))
    listed = tuple(scenarios)
    if not listed:
        raise InputError(Problem(_AT_LEAST_ONE, path="scenarios"))
    wrong = [scenario for scenario in listed if not isinstance(scenario, str | PathLike | Scenario)]
    arguments.check(*(arguments.wrong_type("scenarios", scenario, _A_SCENARIO) for scenario in wrong))
    return listed


def same_names(scenarios: Sequence[Scenario]) -> tuple[Problem, ...]:
    """A problem for each scenario that has the name of an earlier one (upper and lower case are the same)."""
    first: dict[str, Scenario] = {}
    problems = []
    for scenario in scenarios:
        earlier = first.setdefault(scenario.name.casefold(), scenario)
        if earlier is not scenario:
            message = _NAME_TAKEN.fill(other=earlier.file or _ANOTHER)
            problems.append(Problem(message, str(scenario.file or ""), path="name", found=Text.same(scenario.name)))
    return tuple(problems)


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


def changes_as_texts(changes: Changes) -> tuple[str, ...]:
    """Each change as the command line writes it, "policy.corridor.headway=45 s"."""
    if isinstance(changes, Mapping):
        return tuple(
            f"{path}={value if isinstance(value, str) else flow(plain(node_of(value, Place())))}"
            for path, value in changes.items()
        )
    return arguments.texts("set", changes)


def _read_changes(changes: Changes) -> tuple[list[Node], list[Problem]]:
    overlays: list[Node] = []
    problems: list[Problem] = []
    for read in _as_values(changes) if isinstance(changes, Mapping) else map(_as_text, arguments.texts("set", changes)):
        if isinstance(read, Node):
            overlays.append(read)
        else:
            problems += read
    return overlays, problems


def _as_values(changes: Mapping[str, Any]) -> Iterator[Node | list[Problem]]:
    """Each value of a dictionary, under its path."""
    for path, value in changes.items():
        keys = path.split(".") if isinstance(path, str) else []
        if not keys or not all(keys):
            allowed = _SUCH_AS.fill(path="policy.corridor.headway")
            yield [Problem(_NO_PATH, path="set", found=Text.same(repr(path)), allowed=allowed)]
        elif len(keys) > DEEPEST:
            yield [_too_deep(f"change of {path[:60]}")]
        else:
            try:
                yield nested(keys, node_of(value, Place(f"change of {path}")))
            except RecursionError:
                yield [_too_deep(f"change of {path}")]


def _too_deep(label: str) -> Problem:
    return Problem(TOO_DEEP, label)


def _as_text(written: str) -> Node | list[Problem]:
    """The value that a text "KEY=VALUE" sets."""
    label = shown_path(f"--set {written if len(written) <= LONGEST_LABEL else f'{written[:LONGEST_LABEL]}...'}")
    key, equals, value = written.partition("=")
    keys = key.strip().split(".")
    if not equals or not all(keys):
        other = _OTHER_SIGN.fullmatch(written)  # a colon, or a full-width sign
        example = f"{other[1]}={other[2]}" if other else "policy.corridor.headway=45 s"
        return [Problem(_KEY_VALUE.fill(example=f"--set '{example}'"), label)]
    if len(keys) > DEEPEST:
        return [_too_deep(f"{label[:60]}...")]
    reading = read_text(value, label, Path())
    if reading.problems or reading.root is None:
        return [Problem(problem.message, label, found=problem.found) for problem in reading.problems]
    return nested(keys, _at(reading.root, Place(label)))


def _at(node: Node, place: Place) -> Node:
    """The node with `place` for every place in it, since an option of the command line has no lines."""
    if isinstance(node.value, dict):
        return Node({key: Entry(place, _at(entry.node, place)) for key, entry in node.value.items()}, place)
    return Node(tuple(_at(part, place) for part in node.value) if isinstance(node.value, tuple) else node.value, place)
