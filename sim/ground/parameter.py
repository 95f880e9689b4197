"""Declaring a parameter once: type, unit, bounds, default, range, source, status and three labels.

A group of parameters is a frozen pydantic model whose fields are made by `parameter(...)`. Schema,
validation, reference pages, differences in words and the assumption ledger all read the declaration.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from sim.ground.condition import Condition
from sim.ground.errors import WordsError
from sim.ground.frozen import frozen
from sim.ground.instants import ALLOWED, Instant, parse_instant
from sim.ground.instrument import Instrument
from sim.ground.law import LAWS, Law, parse_law
from sim.ground.roster import Roster, Turn, parse_roster, parse_weekdays, roster_as_written, weekdays_as_written
from sim.ground.sides import CURRENCY_OF, SIDE_KEYS
from sim.ground.text import COMMA, NOTHING, Language, Text
from sim.ground.units import (
    UNITS,
    NoUnitError,
    allowed_units,
    format_clock,
    format_quantity,
    parse_clock,
    parse_quantity,
    quantity_in_words,
)

WEEKDAYS_PATTERN = "^[A-Za-z]{3,9}(-[A-Za-z]{3,9})?$"
CLOCK_PATTERN = "^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"


OUT_OF_BOUNDS = Text("the value lies outside its bounds", "數值超出界限", "数值超出界限")
_NO_SIDE = Text("there is no side '{side}'", "沒有 {side} 這一方", "没有 {side} 这一方")
_NO_VALUE_FOR = Text("no value for {missing}", "{missing} 未填數值", "{missing} 未填数值")
_AMOUNT_BY_SIDE = Text(
    "an amount by side is needed, as in {example}", "須按各方填寫金額，例如 {example}", "须按各方填写金额，例如 {example}"
)
_OTHER_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_WRITE = Text("; write {date}", "；請寫 {date}", "；请写 {date}")
_A_DATE = Text(
    "a date is needed, year-month-day, as in 2026-11-02",
    "須填日期，年-月-日，例如 2026-11-02",
    "须填日期，年-月-日，例如 2026-11-02",
)


def sides_allowed() -> Text:
    """The sides, as an error message lists them."""
    return COMMA.join(SIDE_KEYS)


def refusal(words: Text, kind: str = "written_wrong", **context: Any) -> PydanticCustomError:
    """What a validator raises of a value: in words, perhaps with `at`, the keys that lead to the fault, `allowed` and `found`."""
    return PydanticCustomError(kind, "{words}", {"words": words, **context})


class Status(StrEnum):
    """How far a figure can be trusted."""

    STATED = "stated"  # the figure stands in the source named
    DERIVED = "derived"  # arithmetic on a stated figure
    RECALLED = "recalled"  # general knowledge, not checked
    GUESS = "guess"  # no source


STATUS_LABELS: dict[Status, Text] = {
    Status.STATED: Text("stated", "有載明出處", "有明确出处"),
    Status.DERIVED: Text("derived", "由出處推算", "由出处推算"),
    Status.RECALLED: Text("recalled", "憑一般認識", "凭一般认识"),
    Status.GUESS: Text("guess", "假設", "假设"),
}
"""Of guesses, the Chinese says assumption: a figure without any source."""


class Group(BaseModel):
    """A group of parameters: frozen; unknown keys are refused."""

    instruments: ClassVar[tuple[Instrument, ...]] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True)

    def model_post_init(self, context: Any, /) -> None:
        """Makes every mapping in the group unchangeable."""
        self.__dict__.update({name: frozen(value) for name, value in self.__dict__.items()})


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of one parameter, beside its type and default.

    `bounds` and `plausible` are (low, high) as a scenario would write them; either end may be None.
    For a law, they speak of its mean; for a value by side, of each side's. `needs`: without which the parameter moves nothing,
    whatever its value; that its means of examination is in use goes without saying. `choice_labels`: what a reader sees of its
    choices, unless another parameter has them. `merged_by_key`: of a mapping, a file that extends another changes the keys it
    names.
    """

    label: Text
    meaning: str
    source: str
    status: Status
    bounds: tuple[Any, Any] | None = None
    plausible: tuple[Any, Any] | None = None
    needs: Condition | None = None
    choice_labels: Mapping[str, Text] = field(default_factory=dict)
    merged_by_key: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._within_bounds, _strict(handler(source)))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        if described.get("type") in ("integer", "number"):
            limits = zip(("minimum", "maximum"), self.bounds or (None, None), strict=True)
            described |= {name: bound for name, bound in limits if isinstance(bound, int | float)}
        return described

    def _within_bounds(self, value: Any) -> Any:
        """`value`, unchanged. Raises an error of pydantic with the place of the first number in it outside the bounds."""
        low, high = self.bounds or (None, None)
        for place, number in _numbers(value):
            if (low is not None and number < in_si(low)) or (high is not None and number > in_si(high)):
                raise refusal(OUT_OF_BOUNDS, "out_of_bounds", allowed=bounds_as_text(self.bounds), at=place)
        return value


def in_si(bound: float | str) -> float:
    """A bound as written ("1 h", "07:00", 3), as a number comparable with the value it bounds."""
    return _written_in_si(bound) if isinstance(bound, str) else bound  # a whole number stays one: 2^63 - 1 is no float


@cache
def _written_in_si(bound: str) -> float:
    if ":" in bound:
        return parse_clock(bound)
    for dimension in UNITS:
        with suppress(ValueError):
            return parse_quantity(bound, dimension)
    raise ValueError(f"no unit reads the bound {bound!r}")


def bounds_as_text(bounds: tuple[Any, Any] | None) -> Text:
    """Bounds for an error message: the words in each language, the values as a file writes them."""
    low, high = bounds or (None, None)
    if low is None and high is None:
        return NOTHING
    return (AT_LEAST if high is None else AT_MOST if low is None else FROM_TO).fill(low=low, high=high)


AT_LEAST = Text("at least {low}", "不少於 {low}", "不少于 {low}")
AT_MOST = Text("at most {high}", "不多於 {high}", "不多于 {high}")
FROM_TO = Text("{low} to {high}", "{low} 至 {high}", "{low} 至 {high}")


def bounds_in_words(bounds: tuple[Any, Any] | None, language: Language = "en") -> str:
    """ "1 s to 1 h", "at least 1", or empty."""
    if bounds is None or bounds == (None, None):
        return ""
    low, high = (quantity_in_words(str(bound), language) for bound in bounds)
    text = AT_LEAST if bounds[1] is None else AT_MOST if bounds[0] is None else FROM_TO
    return text.in_language(language).format(low=low, high=high)


def parameter(
    default: Any,
    label: Text,
    meaning: str,
    source: str,
    status: Status,
    bounds: tuple[Any, Any] | None = None,
    plausible: tuple[Any, Any] | None = None,
    needs: Condition | None = None,
    choice_labels: Mapping[str, Text] | None = None,
    merged_by_key: bool = False,
) -> Any:
    """The field of a parameter group; see `Declaration` for the arguments."""
    info: FieldInfo = Field(default=default, description=meaning, title=label.en)
    info.metadata.append(
        Declaration(label, meaning, source, status, bounds, plausible, needs, choice_labels or {}, merged_by_key)
    )
    return info


def declaration_of(info: FieldInfo) -> Declaration | None:
    """The declaration of a field, or None for a field that is itself a group."""
    return next((item for item in info.metadata if isinstance(item, Declaration)), None)


def is_merged_by_key(info: FieldInfo | None) -> bool:
    """Whether a mapping laid over another keeps its other keys."""
    declared = None if info is None else declaration_of(info)
    return declared is not None and declared.merged_by_key


# ---------------------------------------------------------------------------- types of a parameter


@dataclass(frozen=True, slots=True)
class Quantity:
    """Annotation of a float that scenarios write with a unit of `dimension` (held in SI)."""

    dimension: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(self._parse, self.written, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "number"} if self.dimension == "share" else None
        text = {"type": "string", "description": f"number with a unit: {allowed_units(self.dimension).en}"}
        return {"anyOf": [number, text]} if number else text

    def _parse(self, value: Any) -> float:
        return float(_parsed(parse_quantity, value, self.dimension))

    def written(self, value: float) -> str:
        return format_quantity(value, self.dimension)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Annotation of seconds after midnight, written "07:30"."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(parse_clock, value), format_clock, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": CLOCK_PATTERN}


@dataclass(frozen=True, slots=True)
class InstantOf:
    """Annotation of an `Instant`, written "day 5 08:00", "Mon 08:00" or "2026-06-01 08:00"."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(parse_instant, value), str, core_schema.is_instance_schema(Instant))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "description": ALLOWED.en}


@dataclass(frozen=True, slots=True)
class LawOf:
    """Annotation of a law of a quantity of `dimension`."""

    dimension: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(parse_law, value, self.dimension), Law.as_written, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        quantity: dict[str, Any] = {"type": "string", "description": f"number with a unit: {allowed_units(self.dimension).en}"}
        if self.dimension == "share":
            quantity = {"type": ["string", "number"], "description": quantity["description"]}
        laws = {name: _law_shape(name, parts, quantity) for name, parts in LAWS.items()}
        one_law = {"type": "object", "properties": laws, "minProperties": 1, "maxProperties": 1, "additionalProperties": False}
        return {"anyOf": [quantity, one_law]}


def _law_shape(name: str, parts: Mapping[str, bool], quantity: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of what stands under the name of a law."""
    if name == "empirical":
        listed = {"values": {"type": "array", "items": quantity, "minItems": 1}, "file": {"type": "string"}}
        return {"type": "object", "properties": listed, "minProperties": 1, "maxProperties": 1, "additionalProperties": False}
    properties = {part: quantity if scaled else {"type": "number"} for part, scaled in parts.items()}
    shape = {"type": "object", "properties": properties, "required": list(parts), "additionalProperties": False}
    return {"anyOf": [quantity, shape]} if name == "fixed" else shape


@dataclass(frozen=True, slots=True)
class RosterOf:
    """Annotation of servers: one number, {clock time: number from then on}, or either by weekdays ({mon-fri: ..., sat-sun: ...}).

    Held as a `Roster`; bounds speak of the servers.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(parse_roster, value), roster_as_written, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0}
        clock = {"pattern": CLOCK_PATTERN}
        by_clock = {"type": "object", "propertyNames": clock, "additionalProperties": number, "minProperties": 1}
        of_day = {"anyOf": [number, by_clock]}
        weekdays = {"pattern": WEEKDAYS_PATTERN}
        by_weekday = {"type": "object", "propertyNames": weekdays, "additionalProperties": of_day, "minProperties": 2}
        return {"anyOf": [number, by_clock, by_weekday]}


@dataclass(frozen=True, slots=True)
class AmountsBySide:
    """Annotation of amounts of money by side, each in its side's own currency; a side left out has no figure.

    Held as numbers by side. A number without a unit is one in the side's currency.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(self._parse, self.written, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        amounts = {
            side: {"type": ["number", "string"], "description": f"an amount in {currency}"}
            for side, currency in CURRENCY_OF.items()
        }
        return {"type": "object", "properties": amounts, "additionalProperties": False}

    @staticmethod
    def _parse(value: Any) -> Any:
        if not isinstance(value, Mapping):
            example = f"{{{SIDE_KEYS[0]}: 1000 {CURRENCY_OF[SIDE_KEYS[0]]}}}"
            raise refusal(_AMOUNT_BY_SIDE.fill(example=example))
        unknown = next((key for key in value if key not in SIDE_KEYS), None)
        if unknown is not None:
            raise _no_side(unknown)
        return {side: _amount(value[side], side) for side in SIDE_KEYS if side in value}

    @staticmethod
    def written(value: Mapping[str, float]) -> dict[str, str]:
        """The amounts as a scenario file writes them."""
        return {side: format_quantity(amount, CURRENCY_OF[side]) for side, amount in value.items()}


def _amount(written: Any, side: str) -> float:
    if isinstance(written, int | float) and not isinstance(written, bool):
        return float(written)
    try:
        return parse_quantity(written, CURRENCY_OF[side])
    except WordsError as error:
        raise refusal(error.words, at=(side,)) from None


@dataclass(frozen=True, slots=True)
class WeekdaysOf:
    """Annotation of a spell of weekdays, written "sat" or "mon-fri"; held as their numbers, 0 being Monday."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(parse_weekdays, value), weekdays_as_written, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": WEEKDAYS_PATTERN}


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """Annotation of a date, written 2026-11-02 (and never as a number)."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _read_by(lambda value: _parsed(_parse_date, value), date.isoformat, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


def _parse_date(written: object) -> date:
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(written if isinstance(written, str) and len(written) == 10 else "")
    except ValueError:
        parts = _OTHER_DATE.fullmatch(str(written).strip())
        hint = _WRITE.fill(date="-".join(part.zfill(2) for part in parts.groups())) if parts else NOTHING
        raise WordsError(_A_DATE + hint) from None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Annotation of a number in a group that is the value of a parameter: its least, as a scenario would write it."""

    least: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: float) -> float:
        if value < in_si(self.least):
            raise refusal(OUT_OF_BOUNDS, "below_least", allowed=bounds_as_text((self.least, None)))
        return value


class _EachSide:
    """Annotation: one value for all sides, or a mapping from side to value; held as a mapping of all sides."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        inner = get_args(source)[1]
        return core_schema.no_info_before_validator_function(lambda value: self._spread(value, inner), handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        by_side = handler(schema)
        of_one_side = by_side.get("additionalProperties", {})
        return {"anyOf": [of_one_side, {**by_side, "propertyNames": {"enum": list(SIDE_KEYS)}}]}

    @staticmethod
    def _spread(value: Any, inner: Any) -> Any:
        if not is_by_side(value):
            _refuse_unknown_sides(value, inner)
            return dict.fromkeys(SIDE_KEYS, value)
        missing = [side for side in SIDE_KEYS if side not in value]
        if missing:
            raise refusal(_NO_VALUE_FOR.fill(missing=COMMA.join(missing)), "side_missing", allowed=sides_allowed())
        return {side: value[side] for side in SIDE_KEYS}


def _refuse_unknown_sides(value: Any, inner: Any) -> None:
    """Raises PydanticCustomError for a mapping that can only be one by side; inner: the type of one side's value."""
    if not isinstance(value, Mapping) or not value:
        return
    is_meant = any(get_close_matches(str(key), SIDE_KEYS) for key in value)
    if not is_meant and not _takes_mappings(inner, value):
        is_meant = True
    unknown = next((key for key in value if key not in SIDE_KEYS), None)
    if is_meant and unknown is not None:
        raise _no_side(unknown)


def _takes_mappings(inner: Any, value: Mapping[Any, Any]) -> bool:
    """Whether a mapping with these keys may be one side's value: a law, a roster, or of a type that is a mapping itself."""
    marks = get_args(inner)[1:] if get_origin(inner) is Annotated else ()
    if any(isinstance(mark, LawOf) for mark in marks):
        return True
    if any(isinstance(mark, RosterOf) for mark in marks):
        return any(re.match(r"[0-9]|(mon|tue|wed|thu|fri|sat|sun)", str(key), re.IGNORECASE) for key in value)
    held = get_args(inner)[0] if marks else inner
    return held not in (bool, int, float, str) and get_origin(held) is not Literal


def _no_side(unknown: object) -> PydanticCustomError:
    return refusal(_NO_SIDE.fill(side=unknown), "side_unknown", side=str(unknown), allowed=sides_allowed(), at=(unknown, "[key]"))


def by_side(value: Any, **of_side: Any) -> dict[str, Any]:
    """A default by side: `value` for every side but those named."""
    return {**dict.fromkeys(SIDE_KEYS, value), **of_side}


def is_by_side(value: Any) -> bool:
    """Whether `value` is a mapping from sides (and not, say, a law)."""
    return isinstance(value, Mapping) and bool(value) and all(key in SIDE_KEYS for key in value)


Duration = Annotated[float, Quantity("time")]
Length = Annotated[float, Quantity("length")]
Speed = Annotated[float, Quantity("speed")]
Mass = Annotated[float, Quantity("mass")]
Rate = Annotated[float, Quantity("rate")]
Share = Annotated[float, Quantity("share")]
Clock = Annotated[float, ClockTime()]
Date = Annotated[date, CalendarDate()]
When = Annotated[Instant, InstantOf()]
Weekdays = Annotated[tuple[int, ...], WeekdaysOf()]
EVERY_DAY = tuple(range(7))
DurationLaw = Annotated[Law, LawOf("time")]

Servers = Annotated[Roster, RosterOf()]
Amounts = Annotated[dict[str, float], AmountsBySide()]

T = TypeVar("T")
BySide = Annotated[dict[str, T], _EachSide()]


def is_each_side(info: FieldInfo) -> bool:
    """Whether a field's value is held by side."""
    return any(isinstance(item, _EachSide) for item in info.metadata)


def _parsed(parse: Any, *arguments: Any) -> Any:
    """The value of `parse(*arguments)`; its WordsError as an error of pydantic that keeps the words unchanged."""
    try:
        return parse(*arguments)
    except NoUnitError as error:
        raise refusal(error.words, number=error.number, dimension=error.dimension) from None
    except WordsError as error:
        raise refusal(error.words) from None


def _read_by(parse: Any, write: Any, held: core_schema.CoreSchema) -> core_schema.CoreSchema:
    """The schema of a value that `parse` reads, `held` then checks and `write` gives back.

    `held` must stay in the chain: pydantic puts the declaration, which checks the bounds, inside the annotation.
    """
    serialization = core_schema.plain_serializer_function_ser_schema(write, when_used="always")
    return core_schema.no_info_before_validator_function(parse, held, serialization=serialization)


# The names of types and of nested schemas in pydantic-core, which documents them but does not promise to keep them.
# Tried with pydantic 2.10 and 2.14 (pydantic-core 2.27 and 2.50): tests/ground and tests/scenario pass with both.
_EXACT = ("int", "bool", "str", "float")
_INNER = ("schema", "items_schema", "keys_schema", "values_schema", "choices")


def _strict(schema: Any) -> Any:
    """The schema with numbers, truth values and texts taken only as such; lists still become tuples.

    pydantic's own strict mode would refuse lists for tuples, which YAML does not have. A nested model is left as it is,
    for its fields have declarations of their own.
    """
    if isinstance(schema, list | tuple):
        return type(schema)(_strict(part) for part in schema)
    if not isinstance(schema, dict) or schema.get("type") == "model":
        return schema
    if schema["type"] in ("literal", "enum"):
        return _in_any_case(schema)
    exact: dict[str, Any] = {"strict": True} if schema["type"] in _EXACT else {}
    if schema["type"] == "float":
        exact["allow_inf_nan"] = False
    return {**schema, **exact, **{key: _strict(schema[key]) for key in _INNER if key in schema}}


def _in_any_case(schema: Any) -> Any:
    """The schema of choices, each of which may be written in capitals too."""
    choices = [getattr(choice, "value", choice) for choice in schema.get("expected", schema.get("members", ()))]
    by_folded = {choice.casefold(): choice for choice in choices if isinstance(choice, str)}

    def as_declared(value: Any) -> Any:
        return by_folded.get(value.casefold(), value) if isinstance(value, str) and value not in choices else value

    return core_schema.no_info_before_validator_function(as_declared, schema)


def _numbers(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Each number of a value as (keys that lead to it, number in SI units); a law counts by its mean."""
    if isinstance(value, Law):
        yield place, value.mean
    elif isinstance(value, Turn):
        yield place, float(value.servers)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _numbers(part, (*place, key))
    elif isinstance(value, tuple | list):
        for position, part in enumerate(value):
            yield from _numbers(part, (*place, position))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, value
