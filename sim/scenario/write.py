"""Writing a scenario to a file: every value, and as a comment the differences from its base."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.ground.parameter import Group
from sim.scenario.differences import differences, in_words
from sim.scenario.scalars import is_printable, written
from sim.scenario.scenario import Scenario
from sim.scenario.schema import BRANCHES, group_of

_WIDTH = 120
_BREAKS = "\n\x85\u2028\u2029"  # where a reader of YAML may see a line end


def write_resolved(scenario: Scenario, base: Scenario | None = None) -> str:
    """The scenario as a file that needs no other: loading it gives an equal scenario.

    The comment at its head lists every parameter that differs from `base`, old → new. Equal scenarios give equal texts.
    """
    lines = [f"# Scenario {scenario.name}, every value written out. Hash {scenario.hash}."]
    if base is not None:
        lines += _differences_as_comments(scenario, base)
    values = scenario.resolved()
    for key, value in values.items():
        if key not in BRANCHES:
            lines += words(key, value) if isinstance(value, str | dict) else [f"{key}: {flow(value)}"]
    for branch in BRANCHES:
        lines += ["", f"{branch}:", *_group(values[branch], type(getattr(scenario, branch)), "  ")]
    return "\n".join(lines) + "\n"


def _differences_as_comments(scenario: Scenario, base: Scenario) -> list[str]:
    lines = [f"#   {difference.branch}: {_one_line(in_words(difference))}" for difference in differences(base, scenario)]
    return [f"# Differences from {base.name}:", *lines] if lines else [f"# No difference from {base.name}."]


def _one_line(text: str) -> str:
    return "".join(character if is_printable(character) and character not in _BREAKS else " " for character in text)


def words(key: str, value: str | Mapping[str, str], indent: str = "") -> list[str]:
    """The lines of a text under its key, or of one in each language."""
    if isinstance(value, str):
        return [f"{indent}{line}" if line else "" for line in _text(key, value)]
    return [f"{indent}{key}:", *(line for language, text in value.items() for line in words(language, text, indent + "  "))]


def _text(key: str, value: str) -> list[str]:
    """A text on one line, or as a block where it has several lines that a block keeps as they are."""
    body = value.removesuffix("\n")
    lines = body.split("\n")
    keeps = all(is_printable(line) and line == line.strip() and not set(line) & {*_BREAKS, "\t"} for line in lines)
    if len(lines) < 2 or not keeps or not lines[0] or not lines[-1]:
        return [f"{key}: {written(value)}"]
    return [f"{key}: {'|' if value.endswith(chr(10)) else '|-'}", *(f"  {line}" if line else "" for line in lines)]


def _group(values: Mapping[str, Any], group: type[Group], indent: str) -> Iterator[str]:
    for key, value in values.items():
        inner = group_of(group.model_fields[key])
        if inner is not None and value:
            yield f"{indent}{key}:"
            yield from _group(value, inner, indent + "  ")
        else:
            yield from _parameter(key, value, indent)


def _parameter(key: str, value: Any, indent: str) -> Iterator[str]:
    line = f"{indent}{key}: {flow(value)}"
    if len(line) <= _WIDTH or not isinstance(value, dict | list) or not value:
        yield line
    elif isinstance(value, dict):
        yield f"{indent}{key}:"
        for name, part in value.items():
            yield from _parameter(written(name), part, indent + "  ")
    else:
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {flow(part)}" for part in value)


def flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(str(key))}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    return written(value)
