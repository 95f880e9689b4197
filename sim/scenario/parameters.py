"""The catalogue of all parameters of a scenario, by path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from pydantic.fields import FieldInfo

from sim.ground.condition import Condition, all_of
from sim.ground.instants import Instant
from sim.ground.law import Law
from sim.ground.parameter import Group, Status, declaration_of, is_each_side
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import COMMA, Language, Text
from sim.ground.units import quantity_in_words
from sim.scenario.choices import key_in_words, word
from sim.scenario.kinds import kind_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch, Schema, Section, default_schema, group_of
from sim.world.schedule import Schedule

TRUTH = {True: Text("yes", "是", "是"), False: Text("no", "否", "否")}
BETWEEN_PARTS = Text(", ", "，", "，")
NOTHING = Text("none", "無", "无")
_JOINT = Text("{section}: {label}", "{section}：{label}", "{section}：{label}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a scenario, as declared.

    kind: its type in words · dimension: of its unit, "" for none · default: as a file writes it ·
    bounds, plausible: (low, high) as declared · needs: without which it moves nothing, as it, its feature and its means of
    examination declare ·
    label: its own name · full_label: with its group's · feature: key of the feature or group that declares it.
    """

    path: str
    branch: Branch
    feature: str
    kind: Text
    dimension: str
    choices: tuple[str, ...]
    by_side: bool
    default: Any
    bounds: tuple[Any, Any] | None
    plausible: tuple[Any, Any] | None
    source: str
    status: Status
    label: Text
    full_label: Text
    meaning: str
    needs: Condition | None


def catalogue(schema: Schema | None = None) -> Mapping[str, Parameter]:
    """Every parameter by its path, in the order of the schema (the shipped one, if none is given)."""
    return _catalogue(schema or default_schema())


@lru_cache(maxsize=16)
def _catalogue(schema: Schema) -> Mapping[str, Parameter]:
    parameters = {p.path: p for section in schema.sections for p in _of_group(section, section.path, section.group)}
    return MappingProxyType(parameters)


def _of_group(section: Section, path: str, group: type[Group]) -> Iterator[Parameter]:
    written = group().model_dump(mode="json")
    for name, info in group.model_fields.items():
        inner = group_of(info)
        if inner is not None:
            yield from _of_group(section, f"{path}.{name}", inner)
        else:
            yield _parameter(section, f"{path}.{name}", info, written[name])


def _parameter(section: Section, path: str, info: FieldInfo, default: Any) -> Parameter:
    declared, kind = declaration_of(info), kind_of(info)
    if declared is None:
        raise ValueError(f"{path} is neither a parameter nor a group of them")
    return Parameter(
        path=path,
        branch=section.branch,
        feature=section.key,
        kind=kind.words,
        dimension=kind.dimension,
        choices=kind.choices,
        by_side=is_each_side(info),
        default=_uniform(default) if is_each_side(info) else default,
        bounds=declared.bounds,
        plausible=declared.plausible,
        source=declared.source,
        status=declared.status,
        label=declared.label,
        full_label=_JOINT.fill(section=section.label, label=declared.label),
        meaning=declared.meaning,
        needs=all_of(section.needs, declared.needs),
    )


def _uniform(by_side: dict[str, Any]) -> Any:
    """The one value of all sides, or the mapping where they differ."""
    first = by_side[SIDE_KEYS[0]]
    return first if all(value == first for value in by_side.values()) else by_side


def value_at(scenario: Scenario, path: str) -> Any:
    """The value of a parameter, in SI units. Raises KeyError where there is no such parameter."""
    if path not in catalogue(scenario.assembly):
        raise KeyError(path)
    return attrgetter(path)(scenario)


def written_at(scenario: Scenario, path: str) -> Any:
    """The value of a parameter as a scenario file writes it. Raises KeyError where there is no such parameter."""
    if path not in catalogue(scenario.assembly):
        raise KeyError(path)
    return written_in(scenario.resolved(), path)


def written_in(resolved: Mapping[str, Any], path: str) -> Any:
    """The value of a parameter in the resolved values of a scenario (`Scenario.resolved`)."""
    value: Any = resolved
    for key in path.split("."):
        value = value[key]
    return value


def value_in_words(scenario: Scenario, path: str, language: Language = "en") -> str:
    """The value of a parameter as a reader sees it: "45 s", "Hong Kong 3, Mainland 2". Raises KeyError."""
    return worded(value_at(scenario, path), written_at(scenario, path), language)


def worded(value: Any, written: Any, language: Language = "en") -> str:
    """A value in words: its type decides how, its written form brings the units."""
    match value:
        case None:
            return NOTHING.in_language(language)
        case bool():
            return TRUTH[value].in_language(language)
        case str():
            return word(value, language)
        case Instant() | Law():
            return value.in_words(language)
        case Schedule():
            return str(value)
        case Mapping():
            return _mapping_in_words(value, written, language)
        case Group():
            parts = {key: worded(getattr(value, key), part, language) for key, part in written.items() if part is not None}
            return _in_brackets(_flat(parts, language), language)
        case tuple() | list() if isinstance(written, list):
            items = [worded(v, w, language) for v, w in zip(value, written, strict=True)]
            return COMMA.in_language(language).join(items) or worded(None, None, language)
        case tuple() if isinstance(written, Mapping):  # a roster with several turns; with one, it is written as a number
            return _flat(written, language)
    return quantity_in_words(str(written), language)


def _mapping_in_words(value: Mapping[Any, Any], written: Mapping[str, Any], language: Language) -> str:
    pairs = zip(value.values(), written.items(), strict=True)
    parts = {key_in_words(key, language): worded(part, written_part, language) for part, (key, written_part) in pairs}
    if tuple(written) == SIDE_KEYS and len(set(parts.values())) == 1:
        return next(iter(parts.values()))
    return BETWEEN_PARTS.in_language(language).join(f"{key} {part}" for key, part in parts.items()) or NOTHING.in_language(
        language
    )


def _flat(written: Mapping[str, Any], language: Language) -> str:
    parts = {
        key: _in_brackets(_flat(part, language), language) if isinstance(part, Mapping) else part for key, part in written.items()
    }
    return BETWEEN_PARTS.in_language(language).join(f"{key_in_words(key, language)} {part}" for key, part in parts.items())


def _in_brackets(words: str, language: Language) -> str:
    return f"({words})" if language == "en" else f"（{words}）"
