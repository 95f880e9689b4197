"""Faults that the schema finds, in plain words, with the place at which the value was written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.ground.errors import Problem
from sim.ground.names import NAME_RULE
from sim.ground.text import Text
from sim.scenario.kinds import allowed_in_words, kind_of
from sim.scenario.node import Node, dotted, follow, plain, shown
from sim.scenario.schema import Schema, group_of

_NEEDED = {
    "int_type": "a whole number is needed",
    "float_type": "a number is needed",
    "finite_number": "a finite number is needed",
    "bool_type": "true or false is needed",
    "string_type": "a text is needed",
    "literal_error": "this is not one of the choices",
    "enum": "this is not one of the choices",
    "tuple_type": "a list is needed",
    "list_type": "a list is needed",
    "dict_type": "keys with values are needed",
    "model_type": "keys with values are needed",
    "missing": "this key is missing",
    "string_pattern_mismatch": NAME_RULE,
}
_OR = Text(", or ", "，或", "，或")
_SAYS_WHAT_IS_ALLOWED = ("below_least", "table_wrong")


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a scenario: the merged tree of its files, the file that was to be loaded, and the schema."""

    root: Node
    file: str
    schema: Schema


def positioned(problem: Problem, source: Source) -> Problem:
    """The problem with the place of the value that its `path` names, and with the value itself as found.

    Where no file wrote the value, the place is that of the nearest written group above it, if that lies below
    `policy`, `world` or `study`; else it is the file alone.
    """
    if problem.file or problem.line:
        return problem
    keys = problem.path.split(".") if problem.path else []
    followed = follow(source.root, keys)
    if len(followed.keys) < len(keys) and len(followed.keys) < 2:
        return replace(problem, file=source.file)
    whole = len(followed.keys) == len(keys)
    place = followed.node.place if whole else followed.key
    value = problem.found or Text.same(shown(plain(followed.node)) if whole else "")
    return replace(problem, file=place.file or source.file, line=place.line, column=place.column, found=value)


def problems_of(error: ValidationError, source: Source) -> tuple[Problem, ...]:
    """Every fault of a validation, in the order of the files' lines, each once."""
    problems: dict[Problem, None] = {}
    for detail in error.errors(include_url=False):
        problems[_problem(detail, source)] = None
    return tuple(_alternatives_joined(list(problems)))


def _problem(detail: Any, source: Source) -> Problem:
    context = detail.get("ctx", {})
    location = [*detail["loc"], *context.get("at", ())]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(location, source)
    if location[-1:] == ["[key]"]:
        rule = NAME_RULE if detail["type"] == "string_pattern_mismatch" else ""
        return _wrong_key(location[:-1], context, source, rule)
    followed = follow(source.root, location, skipping=True)
    info = field_at(source.schema.scenario_type, followed.keys)
    missing = detail["type"] == "missing"
    unwritten = len(followed.keys) < 2 and len(location) > len(followed.keys)
    place = followed.key if missing else followed.node.place
    return Problem(
        _message(detail),
        place.file or source.file,
        0 if unwritten else place.line,
        0 if unwritten else place.column,
        dotted(location if missing else followed.keys),
        "" if missing else str(context.get("found", shown(plain(followed.node)))),
        _allowed(detail, info),
    )


def _message(detail: Any) -> str:
    if detail["type"] in _NEEDED:
        return _NEEDED[detail["type"]]
    message = str(detail["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _allowed(detail: Any, info: FieldInfo | None) -> str:
    if detail["type"] in _SAYS_WHAT_IS_ALLOWED:
        return str(detail["ctx"]["allowed"])
    if group_of(info) is not None and info is not None:
        return kind_of(info).words
    if info is not None and detail["type"] != "missing":
        return allowed_in_words(info)
    return str(detail.get("ctx", {}).get("allowed", ""))


def _wrong_key(location: Sequence[Any], context: Any, source: Source, rule: str = "") -> Problem:
    followed = follow(source.root, location, skipping=True)
    place = followed.key
    if rule:
        return Problem(rule, place.file, place.line, place.column, dotted(followed.keys[:-1]), shown(str(location[-1])))
    choices = str(context.get("allowed") or context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    message = f"there is no key '{location[-1]}' here{_did_you_mean(str(location[-1]), choices.split(', '))}"
    return Problem(message, place.file, place.line, place.column, dotted(followed.keys), str(location[-1]), choices)


def _unknown_key(location: Sequence[Any], source: Source) -> Problem:
    *group, key = location
    model = model_at(source.schema.scenario_type, group)
    names = list(model.model_fields) if model else []
    if not group:
        names.append("extends")
    place = follow(source.root, location).key
    hint = _did_you_mean(str(key), names) or _elsewhere(str(key), source.schema)
    return Problem(
        f"there is no key '{key}' here{hint}",
        place.file or source.file,
        place.line,
        place.column,
        dotted(location),
        allowed=", ".join(names),
    )


def _did_you_mean(key: str, names: Sequence[str]) -> str:
    near = get_close_matches(key.lower().replace("-", "_"), names, n=1, cutoff=0.7)
    return f"; did you mean '{near[0]}'?" if near else ""


def _elsewhere(key: str, schema: Schema) -> str:
    """The end of a message: the group that has the key, if another one does."""
    groups = {f"{s.branch}.{s.key}" if s.branch != "study" else "study": s.group for s in schema.sections}
    if key in groups or any(path.endswith(f".{key}") for path in groups):
        return f"; the group '{key}' stands under {' and '.join(p.split('.')[0] for p in groups if p.split('.')[-1] == key)}"
    holders = [path for path, group in groups.items() if key in group.model_fields]
    if holders:
        return f"; it is a key of {' and of '.join(holders[:3])}"
    if "." in key:
        return "; in a file each part of a path stands on a line of its own, indented under the one before"
    return ""


def model_at(model: type[BaseModel], keys: Sequence[Any]) -> type[BaseModel] | None:
    """The group of parameters that a path leads to, or None."""
    if not keys:
        return model
    return group_of(field_at(model, keys))


def field_at(model: type[BaseModel], keys: Sequence[Any]) -> FieldInfo | None:
    """The field of the parameter, or of the group, that a path lies in; None for the whole scenario or an unknown key."""
    info: FieldInfo | None = None
    for key in keys:
        info = model.model_fields.get(str(key))
        inner = group_of(info)
        if inner is None:
            return info
        model = inner
    return info


def _alternatives_joined(problems: list[Problem]) -> list[Problem]:
    """Problems of one value that could be one of several types become one problem, at its innermost place."""
    joined: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        if any(other.path.startswith((f"{problem.path}.", f"{problem.path}[")) for other in problems if problem.path):
            continue
        value = (problem.file, problem.line, problem.column, problem.path)
        before = joined.setdefault(value, problem)
        if problem.message.en not in before.message.en:
            joined[value] = replace(before, message=_OR.join([before.message, problem.message]))
    return sorted(joined.values(), key=lambda problem: (problem.file, problem.line, problem.column))
