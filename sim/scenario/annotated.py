"""A scenario file in which every parameter stands under its declaration, as in the shipped baseline."""

import textwrap
from collections.abc import Iterator

from sim.ground.parameter import bounds_in_words
from sim.scenario.own_words import as_written
from sim.scenario.parameters import Parameter, catalogue, written_at
from sim.scenario.scenario import Scenario
from sim.scenario.template import newly_opened
from sim.scenario.write import flow, words

WIDTH = 118


def annotated(scenario: Scenario, head: str = "") -> str:
    """The text of a file that loads to an equal scenario, each parameter under its meaning, source and status.

    `head` is put in front as a comment, wrapped.
    """
    lines = [*_comment(head, ""), f"name: {scenario.name}", *words("title", as_written(scenario.title))]
    for key in ("question", "notes"):
        lines += words(key, as_written(getattr(scenario, key))) if getattr(scenario, key) else []
    before: list[str] = []
    for path, parameter in catalogue(scenario.assembly).items():
        *groups, key = path.split(".")
        lines += [line for level in newly_opened(groups, before) for line in ("", f"{'  ' * level}{groups[level]}:")]
        before = groups
        lines += ["", *_declared(parameter, "  " * len(groups))]
        lines.append(f"{'  ' * len(groups)}{key}: {flow(written_at(scenario, path))}")
    return "\n".join(lines) + "\n"


def _declared(parameter: Parameter, indent: str) -> Iterator[str]:
    """Label, meaning, what is allowed, source and status, as comments."""
    allowed = ", ".join(parameter.choices) or bounds_in_words(parameter.bounds)
    plausible = bounds_in_words(parameter.plausible)
    facts = [f"allowed: {allowed}" if allowed else "", f"plausible: {plausible}" if plausible else ""]
    yield from _comment(f"{parameter.label.en}. {parameter.meaning}", indent)
    yield from _comment("; ".join(filter(None, facts)), indent)
    yield from _comment(f"{parameter.status.value}: {parameter.source}", indent)


def _comment(text: str, indent: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ", break_long_words=False)
