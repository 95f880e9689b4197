"""The parameters in which two scenarios differ, and the differences in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.ground.sides import SIDE_KEYS
from sim.ground.text import LANGUAGES, Language, Text
from sim.scenario.choices import key_in_words
from sim.scenario.parameters import BETWEEN_PARTS, NOTHING, Parameter, catalogue, value_at, worded, written_in
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch

_ARROW = " → "


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, each as (SI form, written form); `key` is the side or key it belongs to, or ""."""

    key: str
    before: tuple[Any, Any]
    after: tuple[Any, Any]


@dataclass(frozen=True)
class ParameterDifference:
    """A parameter that two scenarios hold differently; before and after as scenario files write them.

    `changes` are the parts that differ: one for the whole value, or one for each side or key · short_label: without the name of
    the parameter's group.
    """

    path: str
    branch: Branch
    label: Text
    short_label: Text
    before: Any
    after: Any
    changes: tuple[Change, ...]


def differences(base: Scenario, other: Scenario, branch: Branch | None = None) -> tuple[ParameterDifference, ...]:
    """Every parameter whose value differs, in the schema's order; of one branch only, if it is named.

    Name, title, question and notes are not compared. Raises ValueError where the two scenarios have different schemas.
    """
    if base.assembly is not other.assembly:
        raise ValueError("the scenarios have different schemas")
    parameters = [p for p in catalogue(base.assembly).values() if branch in (None, p.branch)]
    resolved = (base.resolved(), other.resolved())  # once, for this takes most of the time
    written = [(p, *(written_in(values, p.path) for values in resolved)) for p in parameters]
    return tuple(_difference(p, base, other, was, now) for p, was, now in written if was != now)


def _difference(parameter: Parameter, base: Scenario, other: Scenario, was: Any, now: Any) -> ParameterDifference:
    before, after = (value_at(base, parameter.path), was), (value_at(other, parameter.path), now)
    changes = _changes(before, after)
    return ParameterDifference(
        parameter.path, parameter.branch, parameter.full_label, parameter.label, before[1], after[1], changes
    )


def _changes(before: tuple[Any, Any], after: tuple[Any, Any]) -> tuple[Change, ...]:
    if not all(isinstance(part, Mapping) for part in (*before, *after)):
        return (Change("", before, after),)
    keys = list(dict.fromkeys([*before[1], *after[1]]))
    parts = [(key, _part(before, key), _part(after, key)) for key in keys]
    changed = tuple(Change(key, was, now) for key, was, now in parts if was != now)
    alike = len({(str(c.before[1]), str(c.after[1])) for c in changed}) == 1
    if alike and tuple(c.key for c in changed) == SIDE_KEYS:
        return (Change("", changed[0].before, changed[0].after),)
    return changed


def _part(values: tuple[Any, Any], key: str) -> tuple[Any, Any]:
    return (values[0].get(key), values[1].get(key))


def in_words(difference: ParameterDifference, language: Language = "en") -> str:
    """The difference in words: "Corridor: headway 1 min → 45 s"; of a value by side, the sides that differ."""
    return _in_words(difference, difference.label, language)


def in_short(differences: Sequence[ParameterDifference]) -> dict[str, Text]:
    """By path, each of some differences in words of every language: "Headway 1 min → 45 s".

    The group's name stands before the parameter's where another of them is so called.
    """
    times = Counter(difference.short_label for difference in differences)
    return {
        d.path: Text(*(_in_words(d, d.short_label if times[d.short_label] == 1 else d.label, language) for language in LANGUAGES))
        for d in differences
    }


def _in_words(difference: ParameterDifference, label: Text, language: Language) -> str:
    parts = [_change_in_words(change, language) for change in difference.changes]
    return f"{label.in_language(language)} {BETWEEN_PARTS.in_language(language).join(parts)}"


def _change_in_words(change: Change, language: Language) -> str:
    name = f"{key_in_words(change.key, language)} " if change.key else ""
    before, after = worded(*change.before, language), worded(*change.after, language)
    return f"{name}{before or NOTHING.in_language(language)}{_ARROW}{after or NOTHING.in_language(language)}"
