"""The type of a parameter in words: its unit, its choices, its bounds, and an example of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.ground.parameter import (
    AmountsBySide,
    CalendarDate,
    ClockTime,
    InstantOf,
    LawOf,
    Quantity,
    RosterOf,
    WeekdaysOf,
    bounds_as_text,
    declaration_of,
    is_each_side,
    sides_allowed,
)
from sim.ground.text import COMMA, SEMICOLON, Text
from sim.ground.units import DIMENSION_LABELS
from sim.scenario.own_words import SHAPE, InOneOrThree

_EXAMPLES = {  # of a dimension: such as stand in messages, and two for a list
    "time": (Text("45 s, 5 min or 1.5 h", "45 s、5 min 或 1.5 h", "45 s、5 min 或 1.5 h"), "5 min", "1.5 h"),
    "length": (Text("800 m or 12 km", "800 m 或 12 km", "800 m 或 12 km"), "800 m", "12 km"),
    "speed": (Text("12 m/s or 60 km/h", "12 m/s 或 60 km/h", "12 m/s 或 60 km/h"), "12 m/s", "60 km/h"),
    "mass": (Text("500 g or 20 kg", "500 g 或 20 kg", "500 g 或 20 kg"), "500 g", "20 kg"),
    "rate": (Text("8.5/d or 3/h", "8.5/d 或 3/h", "8.5/d 或 3/h"), "8.5/d", "3/h"),
    "share": (Text("5% or 0.05", "5% 或 0.05", "5% 或 0.05"), "5%", "10%"),
}
_NOUNS = DIMENSION_LABELS | {"time": Text("duration", "時長", "时长")}
_QUANTITY = Text("a {noun} such as {example}", "{noun}，例如 {example}", "{noun}，例如 {example}")
_LAW = Text(
    "a {noun} or a law of it, such as 5 min or {law}",
    "{noun}或其概率分布，例如 5 min 或 {law}",
    "{noun}或其概率分布，例如 5 min 或 {law}",
)
_CLOCK = Text("a clock time such as 07:30", "時刻，例如 07:30", "时刻，例如 07:30")
_INSTANT = Text(
    'an instant such as "day 5 08:00", "Mon 08:00" or "2026-06-01 08:00"',
    '時間，例如 "day 5 08:00"、"Mon 08:00" 或 "2026-06-01 08:00"',
    '时间，例如 "day 5 08:00"、"Mon 08:00" 或 "2026-06-01 08:00"',
)
_AMOUNTS = Text(
    "keys, each side with an amount in its own currency, such as {example}",
    "按各方列明以其貨幣計的金額，例如 {example}",
    "按各方列明以其货币计的金额，例如 {example}",
).fill(example="{hong_kong: 30870 HKD}")
_ROSTER = Text(
    "a whole number, or numbers by clock time such as {example}, or by weekday",
    "整數，或按時刻列明人數，例如 {example}，或按星期列明",
    "整数，或按时刻列明人数，例如 {example}，或按星期列明",
).fill(example="{07:00: 3, 19:00: 1}")
_WEEKDAYS = Text("weekdays such as sat or mon-fri", "星期幾，例如 sat 或 mon-fri", "星期几，例如 sat 或 mon-fri")
_DATE = Text("a date such as 2026-11-02", "日期，例如 2026-11-02", "日期，例如 2026-11-02")
_ONE_OF = Text("one of {choices}", "{choices} 之一", "{choices} 之一")
_BY_SIDE = Text("{one}; or by side, {sides}", "{one}；或按各方列明（{sides}）", "{one}；或按各方列明（{sides}）")
_KEYS = Text("the keys {keys}", "以下各鍵：{keys}", "以下各键：{keys}")
_OR = Text(" or ", "，或", "，或")
_LIST = Text("a list, each item {item}", "清單，每項為{item}", "列表，每项为{item}")
_SUCH_AS = Text("{words}; for example {example}", "{words}；例如 {example}", "{words}；例如 {example}")
_MAPPING = Text("keys, each with {item}", "鍵與值，各值為{item}", "键与值，各值为{item}")
_A_VALUE = Text("a value", "數值", "数值")
_SIMPLE: dict[Any, tuple[Text, str]] = {
    bool: (Text("true or false", "true 或 false", "true 或 false"), "true"),
    int: (Text("a whole number", "整數", "整数"), "2"),
    float: (Text("a number", "數字", "数字"), "1.5"),
    str: (Text("a text", "文字", "文字"), ""),
    date: (_DATE, "2026-11-02"),
    NoneType: (Text("nothing (null)", "留空（null）", "留空（null）"), ""),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a parameter: in words, the dimension of its unit ("" for none), and its choices, if any.

    examples: two values as a file writes them, for an example of a list; none where one would say nothing.
    """

    words: Text
    dimension: str = ""
    choices: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def kind_of(info: FieldInfo) -> Kind:
    """The type of a field."""
    if is_each_side(info):
        of_one_side = _kind(get_args(info.annotation)[1], ())
        words = _BY_SIDE.fill(one=_with_example(of_one_side), sides=sides_allowed())
        return Kind(words, of_one_side.dimension, of_one_side.choices)
    kind = _kind(info.annotation, tuple(info.metadata))
    default = info.default
    if not kind.examples and isinstance(default, list | tuple) and default and all(isinstance(part, str) for part in default):
        kind = replace(kind, examples=(f"[{', '.join(default)}]",))
    return Kind(_with_example(kind), kind.dimension, kind.choices)


def allowed_in_words(info: FieldInfo) -> Text:
    """The values that a field allows, for an error message: type, example and bounds."""
    declaration = declaration_of(info)
    bounds = bounds_as_text(declaration.bounds if declaration else None)
    return SEMICOLON.join(part for part in (kind_of(info).words, bounds) if part)


def _with_example(kind: Kind) -> Text:
    """The words of a kind; of a list with an example, for how lists in lists are written can't be told in words."""
    is_list = bool(kind.examples) and kind.examples[0].startswith("[")
    return _SUCH_AS.fill(words=kind.words, example=kind.examples[0]) if is_list else kind.words


def _kind(annotation: Any, metadata: tuple[Any, ...]) -> Kind:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _kind(inner, (*metadata, *more))
    for item in metadata:
        kind = _annotated(item)
        if kind is not None:
            return kind
    return _composed(annotation) or _single(annotation)


def _annotated(item: Any) -> Kind | None:
    match item:
        case Quantity(dimension) if dimension in _EXAMPLES:
            such_as, *examples = _EXAMPLES[dimension]
            return Kind(_QUANTITY.fill(noun=_NOUNS[dimension], example=such_as), dimension, examples=tuple(examples))
        case LawOf(dimension):
            words = _LAW.fill(noun=_NOUNS[dimension], law="{lognormal: {mean: 5 min, cv: 0.6}}")
            return Kind(words, dimension, examples=tuple(_EXAMPLES[dimension][1:]))
        case InOneOrThree():
            return Kind(SHAPE)
        case ClockTime():
            return Kind(_CLOCK, "clock", examples=("07:30", "19:00"))
        case InstantOf():
            return Kind(_INSTANT, examples=("day 5 08:00", "day 5 12:00"))
        case AmountsBySide():
            return Kind(_AMOUNTS)
        case RosterOf():
            return Kind(_ROSTER, examples=("2", "3"))
        case WeekdaysOf():
            return Kind(_WEEKDAYS, examples=("mon-fri", "sat"))
        case CalendarDate():
            return Kind(_DATE, examples=("2026-11-02", "2026-11-03"))
    return None


def _single(annotation: Any) -> Kind:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(tuple(str(member.value) for member in annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind(_KEYS.fill(keys=COMMA.join(annotation.model_fields)), examples=_of_keys(annotation))
    words, example = _SIMPLE.get(annotation, (_A_VALUE, ""))
    return Kind(words, examples=(example,) if example else ())


def _of_keys(group: type[BaseModel]) -> tuple[str, ...]:
    """A group with those of its keys that can't be left out, as a file writes it; none where one of them has no example."""
    kinds = {
        name: _kind(info.annotation, tuple(info.metadata)) for name, info in group.model_fields.items() if info.is_required()
    }
    if not kinds or not all(kind.examples for kind in kinds.values()):
        return ()
    written = {name: kind.examples[-1] if name == "end" else kind.examples[0] for name, kind in kinds.items()}
    return (f"{{{', '.join(f'{name}: {example}' for name, example in written.items())}}}",)


def _choice(choices: tuple[str, ...]) -> Kind:
    return Kind(_ONE_OF.fill(choices=COMMA.join(choices)), choices=choices, examples=choices[:2])


def _composed(annotation: Any) -> Kind | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _choice(tuple(map(str, arguments)))
    if origin in (Union, UnionType):
        kinds = [_kind(argument, ()) for argument in arguments]
        return Kind(_OR.join(kind.words for kind in kinds), kinds[0].dimension, kinds[0].choices, kinds[0].examples)
    if origin in (tuple, list):
        item = _kind(arguments[0], ())
        n_items = len(arguments) if arguments[-1] is not Ellipsis and origin is tuple else 1
        items = ", ".join((item.examples * n_items)[:n_items])
        return Kind(_LIST.fill(item=item.words), item.dimension, item.choices, (f"[{items}]",) if items else ())
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _kind(arguments[1], ())
        return Kind(_MAPPING.fill(item=item.words), item.dimension)
    return None
