"""A fresh scenario file, to be filled in."""

import re

from sim.ground.errors import InputError, Problem
from sim.ground.names import NAME_PATTERN, NAME_RULE
from sim.ground.text import Text
from sim.scenario.parameters import catalogue
from sim.scenario.scalars import written
from sim.scenario.schema import Schema, default_schema
from sim.scenario.write import flow

_HEAD = """\
# A scenario: what is written here replaces what stands in the file it extends; the rest stays.
# Delete the # before a line to use it. Times, lengths and rates take a unit: 45 s, 5 min, 1.5 h, 12 km, 8.5/d.
"""
_IN_THREE = "{en: in English, zh_hant: 繁體中文, zh_hans: 简体中文}; so question and notes"
_HINTS = ("# question: Q4", "# notes: what a reader should know, such as an assumption of one's own")


def new_scenario(name: str, extends: str | None = "baseline.yaml", schema: Schema | None = None) -> str:
    """The text of a new scenario file: valid as it stands, with every parameter as a comment at its default.

    Raises InputError where the name can't be one.
    """
    if re.fullmatch(NAME_PATTERN, name) is None:
        raise InputError(Problem(NAME_RULE, path="name", found=Text.same(name)))
    lines = [_HEAD, f"name: {written(name)}", f"title: {written(name)}  # or {_IN_THREE}", *_HINTS]
    if extends:
        lines.append(f"extends: {written(extends)}")
    before: list[str] = []
    for parameter in catalogue(schema or default_schema()).values():
        *groups, key = parameter.path.split(".")
        opened = newly_opened(groups, before)
        lines += [""] if 0 in opened else []
        lines += [f"#{'  ' * level}{groups[level]}:" for level in opened]
        before = groups
        indent = "  " * len(groups)
        lines.append(f"#{indent}{key}: {flow(parameter.default)}  # {parameter.label.en}")
    return "\n".join(lines) + "\n"


def newly_opened(groups: list[str], before: list[str]) -> range:
    """The levels of `groups` that are not open already after a parameter in the groups `before`."""
    same = 0
    while same < min(len(groups), len(before)) and groups[same] == before[same]:
        same += 1
    return range(same, len(groups))
