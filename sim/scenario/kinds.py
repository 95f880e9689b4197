"""The type of a parameter in words: its unit, its choices and its bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.ground.parameter import (
    AmountsBySide,
    ClockTime,
    InstantOf,
    LawOf,
    Quantity,
    RosterOf,
    bounds_in_words,
    declaration_of,
    is_each_side,
)
from sim.scenario.own_words import SHAPE, InOneOrThree

_EXAMPLES = {
    "time": "45 s, 5 min or 1.5 h",
    "length": "800 m or 12 km",
    "speed": "12 m/s or 60 km/h",
    "mass": "500 g or 20 kg",
    "rate": "8.5/d or 3/h",
    "share": "5% or 0.05",
}
_NOUNS = {"time": "duration"}
_SIMPLE: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    date: "a date such as 2026-11-02",
    NoneType: "nothing (null)",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a parameter: in words, the dimension of its unit ("" for none), and its choices, if any."""

    words: str
    dimension: str = ""
    choices: tuple[str, ...] = ()


def kind_of(info: FieldInfo) -> Kind:
    """The type of a field."""
    if is_each_side(info):
        of_one_side = _kind(get_args(info.annotation)[1], ())
        return Kind(f"{of_one_side.words}; or by side", of_one_side.dimension, of_one_side.choices)
    return _kind(info.annotation, tuple(info.metadata))


def allowed_in_words(info: FieldInfo) -> str:
    """The values that a field allows, for an error message: type, example and bounds."""
    declaration = declaration_of(info)
    return "; ".join(part for part in (kind_of(info).words, bounds_in_words(declaration.bounds if declaration else None)) if part)


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
        case Quantity(dimension):
            return Kind(f"a {_NOUNS.get(dimension, dimension)} such as {_EXAMPLES[dimension]}", dimension)
        case LawOf(dimension):
            noun = _NOUNS.get(dimension, dimension)
            return Kind(f"a {noun} or a law of it, such as 5 min or {{lognormal: {{mean: 5 min, cv: 0.6}}}}", dimension)
        case InOneOrThree():
            return Kind(SHAPE)
        case ClockTime():
            return Kind("a clock time such as 07:30", "clock")
        case InstantOf():
            return Kind('an instant such as "day 5 08:00", "Mon 08:00" or "2026-06-01 08:00"')
        case AmountsBySide():
            return Kind("keys, each side with an amount in its own currency, such as {hong_kong: 30870 HKD}")
        case RosterOf():
            return Kind("a whole number, or numbers by clock time such as {07:00: 3, 19:00: 1}, or by weekday")
    return None


def _single(annotation: Any) -> Kind:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        choices = tuple(str(member.value) for member in annotation)
        return Kind("one of " + ", ".join(choices), choices=choices)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind("the keys " + ", ".join(annotation.model_fields))
    return Kind(_SIMPLE.get(annotation, "a value"))


def _composed(annotation: Any) -> Kind | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        choices = tuple(map(str, arguments))
        return Kind("one of " + ", ".join(choices), choices=choices)
    if origin in (Union, UnionType):
        kinds = [_kind(argument, ()) for argument in arguments]
        return Kind(" or ".join(kind.words for kind in kinds), kinds[0].dimension, kinds[0].choices)
    if origin in (tuple, list):
        item = _kind(arguments[0], ())
        return Kind(f"a list, each item {item.words}", item.dimension, item.choices)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _kind(arguments[1], ())
        return Kind(f"keys, each with {item.words}", item.dimension)
    return None
