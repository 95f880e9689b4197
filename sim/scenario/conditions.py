"""Why a parameter moves nothing in a scenario, by the conditions that are declared: in words, and without simulating."""

from operator import attrgetter
from typing import Any

from sim.ground.condition import All, Condition, Either, Holds, IsAbove, IsGiven, IsNot, IsOneOf, OfOne, Where
from sim.ground.text import LANGUAGES, SEMICOLON, Language, Text
from sim.scenario.choices import word
from sim.scenario.parameters import NOTHING, TRUTH, catalogue, value_in_words
from sim.scenario.scenario import Scenario

_HOLDS = Text("no {item} in {place}", "{place}中沒有{item}", "{place}中没有{item}")
_NOT = Text("{place} is {value}, not {needed}", "{place}為{value}，而非{needed}", "{place}为{value}，而非{needed}")
_IS = Text("{place} is {value}", "{place}為{value}", "{place}为{value}")
_OR = Text(" or ", "或", "或")
_AND = Text(", and ", "，而且", "，而且")

_MUST_HOLD = Text("{place} has {value}", "{place} 內有 {value}", "{place} 内有 {value}")
_MUST_BE = Text("{place} is {value}", "{place} 為 {value}", "{place} 为 {value}")
_MUST_NOT_BE = Text("{place} is not {value}", "{place} 不是 {value}", "{place} 不是 {value}")
_MUST_EXCEED = Text("{place} is above {value}", "{place} 大於 {value}", "{place} 大于 {value}")
_MUST_BE_GIVEN = Text("{place} is set", "已設定 {place}", "已设定 {place}")
_NOT_WHERE = Text("it is not so that {reason}", "並非{reason}", "并非{reason}")
_ONLY_WHERE = Text("only where {needed}", "僅當 {needed} 時有作用", "仅当 {needed} 时有作用")
_NONE_WHERE = Text("none where {reason}", "若{reason}，則無作用", "若{reason}，则无作用")
_EITHER = Text(" or ", " 或 ", " 或 ")
_BOTH = Text(" and ", " 且 ", " 且 ")


def why_dead(scenario: Scenario, path: str) -> Text | None:
    """The reason, without a full stop, why a parameter moves nothing whatever its value; None where none is declared."""
    parameter = catalogue(scenario.assembly)[path]
    if parameter.needs is None or holds(parameter.needs, scenario):
        return None
    return _reason(parameter.needs, scenario)


def holds(condition: Condition, scenario: Scenario) -> bool:
    """Whether a condition holds in a scenario."""
    return condition.holds(lambda path: _value(scenario, path))


def _value(scenario: Scenario, path: str) -> Any:
    if path not in catalogue(scenario.assembly):
        raise KeyError(path)
    return attrgetter(path)(scenario)


def _reason(condition: Condition, scenario: Scenario) -> Text:
    """What is not as the condition needs it: of several that must hold the first, of several that may each of them."""
    match condition:
        case All():
            failing = next(part for part in condition.conditions if not holds(part, scenario))
            return _reason(failing, scenario)
        case Either():
            reasons = dict.fromkeys(_reason(part, scenario) for part in condition.conditions)
            return _joined(tuple(reasons), _AND)
        case Where():
            return condition.unless
        case Holds():
            return _HOLDS.fill(item=_word(condition.item), place=_place(scenario, condition.path))
        case IsOneOf():
            needed = _joined(tuple(map(_word, condition.values)), _OR)
            return _NOT.fill(place=_place(scenario, condition.path), value=_shown(scenario, condition.path), needed=needed)
        case OfOne():
            return _IS.fill(place=_place(scenario, condition.path), value=_shown(scenario, condition.path))
    raise TypeError(f"no sentence says that {condition} does not hold")


def effect_in_words(condition: Condition) -> Text:
    """Where a parameter with that condition has an effect, as "only where policy.vertiports.returns is true", no full stop."""
    parts = condition.conditions if isinstance(condition, All) else (condition,)
    words = (
        _NONE_WHERE.fill(reason=part.unless) if isinstance(part, Where) else _ONLY_WHERE.fill(needed=_needed(part))
        for part in parts
    )
    return SEMICOLON.join(dict.fromkeys(words))


def _needed(condition: Condition) -> Text:
    match condition:
        case All():
            return _BOTH.join(map(_needed, condition.conditions))
        case Either():
            return _EITHER.join(map(_needed, condition.conditions))
        case Where():
            return _NOT_WHERE.fill(reason=condition.unless)
        case Holds():
            return _MUST_HOLD.fill(place=condition.path, value=condition.item)
        case IsOneOf():
            return _MUST_BE.fill(place=condition.path, value=_EITHER.join(map(_as_written, condition.values)))
        case IsNot():
            return _MUST_NOT_BE.fill(place=condition.path, value=_as_written(condition.value))
        case IsAbove():
            return _MUST_EXCEED.fill(place=condition.path + (condition.key and f".{condition.key}"), value=f"{condition.limit:g}")
        case IsGiven():
            return _MUST_BE_GIVEN.fill(place=condition.path)
    raise TypeError(f"no sentence says what {condition} needs")


def _as_written(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _place(scenario: Scenario, path: str) -> Text:
    label = catalogue(scenario.assembly)[path].full_label
    return Text(path, f"「{label.zh_hant}」", f"“{label.zh_hans}”")


def _shown(scenario: Scenario, path: str) -> Text:
    return _in_all(lambda language: value_in_words(scenario, path, language))


def _word(value: Any) -> Text:
    if value is None:
        return NOTHING
    return TRUTH[value] if isinstance(value, bool) else _in_all(lambda language: word(str(value), language))


def _in_all(words: Any) -> Text:
    languages: tuple[Language, ...] = LANGUAGES
    return Text(*(words(language) for language in languages))


def _joined(parts: tuple[Text, ...], link: Text) -> Text:
    return Text(*(link.in_language(language).join(part.in_language(language) for part in parts) for language in LANGUAGES))
