"""JSON read into frozen dataclasses: every entry that is missing, or not as its type says, is a problem."""

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sim.ground import arguments
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, LANGUAGES, Text
from sim.ground.units import parse_quantity

Entries = TypeVar("Entries")
INLINE = {"inline": True}
"""Metadata of a field that is read from the object it belongs to, not from an entry of its own."""
_OBJECT = Text("an object", "物件", "对象")
_MISSING = Text("this entry is missing", "缺少此項", "缺少此项")
_LIMITED = Text("{kind}, {limit}", "{kind}，{limit}", "{kind}，{limit}")
_OR_MORE = Text("{least} or more", "{least} 或以上", "{least} 或以上")
_FROM_TO = Text("{least} to {most}", "{least} 至 {most}", "{least} 至 {most}")
_WITH_UNIT = Text("a number with a unit of {dimension}", "帶 {dimension} 單位的數字", "带 {dimension} 单位的数字")
_OR = Text(" or ", "或", "或")
_NEEDED = {
    int: Text("a whole number", "整數", "整数"),
    float: Text("a finite number", "有限的數字", "有限的数字"),
    str: arguments.A_TEXT,
    bool: Text("true or false", "true 或 false", "true 或 false"),
    NoneType: Text("null", "空值 null", "空值 null"),
    tuple: Text("a list", "清單", "列表"),
    Mapping: _OBJECT,
    datetime: Text("an instant in ISO 8601", "ISO 8601 時刻", "ISO 8601 时刻"),
    Text: Text(
        "an object with a text for each of {languages}", "物件，內有 {languages} 的文字", "对象，内有 {languages} 的文字"
    ).fill(languages=COMMA.join(LANGUAGES)),
}


@dataclass(frozen=True, slots=True)
class OneOrThree:
    """Metadata of a Text that stands as one text for all languages, or as an object with one for each."""


@dataclass(frozen=True, slots=True)
class Within:
    """What a number, or the length of a list, may be: from `least` to `most`, without an upper limit where it is None."""

    least: float
    most: float | None = None

    def in_words(self) -> Text:
        """ "1 or more", "0 to 1"."""
        least = f"{self.least:,}"
        return _OR_MORE.fill(least=least) if self.most is None else _FROM_TO.fill(least=least, most=f"{self.most:,}")

    def allows(self, value: Any) -> bool:
        """Whether the value is possible."""
        number = len(value) if isinstance(value, tuple) else value
        return bool(self.least <= number and (self.most is None or number <= self.most))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as a scenario file writes it, such as "12 h"."""

    dimension: str

    def in_words(self) -> Text:
        """What is needed."""
        return _WITH_UNIT.fill(dimension=self.dimension)

    def allows(self, value: Any) -> bool:
        """Whether the text is such a quantity."""
        try:
            parse_quantity(value, self.dimension)
        except ValueError:
            return False
        return True


def read_entries(kind: type[Entries], entries: object, file: str = "") -> Entries:
    """The dataclass of that kind. Entries that it does not name are passed over.

    Raises InputError with every entry that is missing or wrong, its path, and what is needed there.
    """
    problems: list[Problem] = []
    value = _read(kind, entries, "", problems)
    if problems:
        raise InputError(*(replace(problem, file=file) for problem in problems))
    return cast(Entries, value)


def _read(hint: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    """The value as its type has it; where it can't be, the problems grow, and what is returned means nothing."""
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin is Annotated and isinstance(inner[1], OneOrThree):
        return Text.same(value) if isinstance(value, str) else _read(inner[0], value, path, problems)
    if origin is Annotated:
        return _read_limited(inner[0], inner[1], value, path, problems)
    if origin in (Union, UnionType):
        return _read_first_of(hint, value, path, problems)
    if is_dataclass(origin) and origin is not Text and isinstance(value, dict):
        return _read_object(cast(type, origin), value, path, problems)
    if origin is Text and isinstance(value, dict):
        return Text(*(_entry(value, language, str, path, problems) for language in LANGUAGES))
    if origin is tuple and isinstance(value, list):
        return tuple(_read(inner[0], part, f"{path}[{position}]", problems) for position, part in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _read(inner[1], part, _below(path, key), problems) for key, part in value.items()}
    if not _is_plain(origin, inner, value):
        problems.append(arguments.wrong_type(path, value, _needed(hint)))
        return None
    return datetime.fromisoformat(value) if origin is datetime else value


def _is_plain(origin: Any, inner: tuple[Any, ...], value: Any) -> bool:
    """Whether the value is one of a type without parts."""
    if origin is Any:
        return True
    if origin is Literal:
        return isinstance(value, str) and value in inner
    if origin in (int, float):
        is_number = isinstance(value, int | origin) and not isinstance(value, bool)
        return is_number and (origin is int or _is_finite(value))
    if origin is datetime:
        return isinstance(value, str) and _is_instant(value)
    return origin in (str, bool, NoneType) and isinstance(value, origin)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def _is_instant(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _read_limited(hint: Any, limit: Within | Quantity, value: Any, path: str, problems: list[Problem]) -> Any:
    faults: list[Problem] = []
    content = _read(hint, value, path, faults)
    if any(fault.path == path for fault in faults) or (not faults and not limit.allows(content)):
        faults = [arguments.wrong_type(path, value, _needed(Annotated[hint, limit]))]
    problems += faults
    return content


def _read_first_of(hint: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    """The value as the first of the types has it that can; of an object the problems are those of its entries."""
    of_object: list[Problem] = []
    for member in get_args(hint):
        faults: list[Problem] = []
        content = _read(member, value, path, faults)
        if not faults:
            return content
        if is_dataclass(member) and isinstance(value, dict):
            of_object = faults
    problems += of_object or [arguments.wrong_type(path, value, _needed(hint))]
    return None


def _read_object(kind: type, value: Mapping[str, Any], path: str, problems: list[Problem]) -> Any:
    hints = get_type_hints(kind, include_extras=True)
    contents: dict[str, Any] = {}
    for entry in fields(kind):
        if entry.metadata.get("inline"):
            contents[entry.name] = _read(hints[entry.name], value, path, problems)
        elif entry.name in value or not _may_be_missing(entry):
            contents[entry.name] = _entry(value, entry.name, hints[entry.name], path, problems)
    return kind(**contents)


def _may_be_missing(entry: "Field[Any]") -> bool:
    return entry.default is not MISSING


def _entry(value: Mapping[str, Any], name: str, hint: Any, path: str, problems: list[Problem]) -> Any:
    if name not in value:
        problems.append(Problem(_MISSING, path=_below(path, name), allowed=_needed(hint)))
        return None
    return _read(hint, value[name], _below(path, name), problems)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _needed(hint: Any) -> Text:
    """What is needed of a type, in words."""
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin is Annotated:
        is_limited = isinstance(inner[1], Within | Quantity)
        return _LIMITED.fill(kind=_needed(inner[0]), limit=inner[1].in_words()) if is_limited else _needed(inner[0])
    if origin in (Union, UnionType):
        return _OR.join(_needed(member) for member in inner)
    if origin is Literal:
        return COMMA.join(inner)
    return _NEEDED.get(origin, _OBJECT)
