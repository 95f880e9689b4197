"""Levers in silence: what a scenario changes without changing anything, and what it changes without any flight noticing."""

from collections.abc import Iterator, Sequence

from sim.execution.lever_effects import LeverEffect, lever_effects
from sim.ground.text import LANGUAGES, Text
from sim.replication.levers import REPLICATIONS, Lever, Unchanged
from sim.scenario.conditions import why_dead
from sim.scenario.differences import differences
from sim.scenario.parameters import catalogue, value_in_words
from sim.scenario.scenario import Scenario
from sim.study.design import Design
from sim.study.shown_names import name_as_text

_DEAD = Text(
    "Scenario {name}: {paths} changes nothing here: {reason}.",
    "情景{name}：{paths}在此不起任何作用：{reason}。",
    "情景{name}：{paths}在此不起任何作用：{reason}。",
)
_DEAD_SEVERAL = Text(
    "Scenario {name}: {paths} change nothing here: {reason}.",
    "情景{name}：{paths}在此均不起任何作用：{reason}。",
    "情景{name}：{paths}在此均不起任何作用：{reason}。",
)
_PLANNED_ALIKE = Text(
    "put back to {before}, as in {base}, it plans every flight alike ({n} tried)",
    "改回{base}的{before}，各航班的計劃完全相同（試算{n}）",
    "改回{base}的{before}，各航班的计划完全相同（试算{n}）",
)
_PART_ALIKE = Text(
    "put back as in {base}, it plans every flight alike ({n} tried)",
    "改回{base}的數值，各航班的計劃完全相同（試算{n}）",
    "改回{base}的数值，各航班的计划完全相同（试算{n}）",
)
_TOGETHER = Text(
    "put back as in {base}, which takes {others} with it, every flight is planned alike ({n} tried)",
    "連同{others}一併改回{base}的數值，各航班的計劃完全相同（試算{n}）",
    "连同{others}一并改回{base}的数值，各航班的计划完全相同（试算{n}）",
)
_NEVER_BINDS = Text(
    "Scenario {name}: {paths} never binds: with {before}, as in {base}, instead of {after}, no instant of any flight is another "
    "({n} tried).",
    "情景{name}：{paths}從未構成限制：由{after}改回{base}的{before}，各航班的時刻全無分別（試算{n}）。",
    "情景{name}：{paths}从未构成限制：由{after}改回{base}的{before}，各航班的时刻全无分别（试算{n}）。",
)
_REPLICATIONS = Text("{n} replications", " {n} 次重複", " {n} 次重复")
_REPLICATION = Text("{n} replication", " {n} 次重複", " {n} 次重复")
_DEFAULTS = Text("the defaults", "預設情景", "默认情景")
_AND = Text(", ", "、", "、")


def silent_levers(design: Design) -> list[Text]:
    """Of each scenario of a study, the levers that are dead, by reason, and those that never bind.

    The first is held against the defaults, each other one against its base in the study. Tried are the first replications
    of the study, as many as `sim.replication.levers` takes.
    """
    return [
        sentence for scenario in design.scenarios for sentence in _of_scenario(scenario, *_reference(scenario, design), design)
    ]


def said_dead(scenario: Scenario, base: Scenario) -> list[Text]:
    """The same of what a scenario changes against `base`, as far as declared conditions tell: nothing is planned or simulated."""
    reasons: dict[Text, list[str]] = {}
    for difference in differences(base, scenario):
        reason = why_dead(scenario, difference.path) if difference.branch != "study" else None
        if reason is not None:
            reasons.setdefault(reason, []).append(difference.path)
    return [_dead(scenario, paths, reason) for reason, paths in reasons.items()]


def _reference(scenario: Scenario, design: Design) -> tuple[Scenario, Text]:
    """The scenario of a study that one of them is held against, and what it is called."""
    base = design.base_of(scenario.name)
    return (scenario.assembly.defaults(), _DEFAULTS) if base is None else (base, name_as_text(base))


def _of_scenario(scenario: Scenario, base: Scenario, base_name: Text, design: Design) -> Iterator[Text]:
    unchanged = Unchanged(scenario, design.seed, REPLICATIONS[: design.replications])
    effects = lever_effects(scenario, base, unchanged)
    n = len(unchanged.replications)
    tried = (_REPLICATION if n == 1 else _REPLICATIONS).fill(n=_as_it_is(n))
    words = {"base": base_name, "n": tried}
    reasons: dict[Text, list[str]] = {}
    for effect in effects:
        if effect.effect == "dead":
            reasons.setdefault(_reason(scenario, base, effect.lever, words), []).append(effect.lever.path)
    yield from (_dead(scenario, paths, reason) for reason, paths in reasons.items())
    yield from (_never_binds(scenario, base, effect, words) for effect in effects if effect.effect == "never binding")


def _reason(scenario: Scenario, base: Scenario, lever: Lever, words: dict[str, Text]) -> Text:
    declared = why_dead(scenario, lever.parameter)
    if declared is not None:
        return declared
    if lever.together:
        return _TOGETHER.fill(others=_paths(scenario, lever.together), **words)
    if lever.path != lever.parameter:
        return _PART_ALIKE.fill(**words)
    return _PLANNED_ALIKE.fill(before=_value(base, lever.parameter), **words)


def _dead(scenario: Scenario, paths: Sequence[str], reason: Text) -> Text:
    sentence = _DEAD if len(paths) == 1 else _DEAD_SEVERAL
    return sentence.fill(name=name_as_text(scenario), paths=_paths(scenario, paths), reason=reason)


def _never_binds(scenario: Scenario, base: Scenario, effect: LeverEffect, words: dict[str, Text]) -> Text:
    path = effect.lever.parameter
    values = {"before": _value(base, path), "after": _value(scenario, path)}
    return _NEVER_BINDS.fill(name=name_as_text(scenario), paths=_paths(scenario, [path]), **values, **words)


def _paths(scenario: Scenario, paths: Sequence[str]) -> Text:
    parts = [_named(_label(scenario, path), path) for path in paths]
    return Text(*(_AND.in_language(language).join(part.in_language(language) for part in parts) for language in LANGUAGES))


def _named(label: Text, path: str) -> Text:
    """A parameter as a sentence names it: by its path, in Chinese by its label too."""
    return Text(path, f"「{label.zh_hant}」（{path}）", f"“{label.zh_hans}”（{path}）")


def _label(scenario: Scenario, path: str) -> Text:
    """The name of a parameter; of a side or key of it, that of the parameter."""
    known = catalogue(scenario.assembly)
    return known[path if path in known else path.rpartition(".")[0]].full_label


def _value(scenario: Scenario, path: str) -> Text:
    return Text(*(value_in_words(scenario, path, language) for language in LANGUAGES))


def _as_it_is(value: object) -> Text:
    return Text(*[str(value)] * 3)
