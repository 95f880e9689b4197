"""Mixes: shares that add up to one, and factors, by key."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from sim.ground.parameter import refusal
from sim.ground.text import COMMA, Text

_UNKNOWN = Text("'{key}' is not one of {keys}", "{key} 不在 {keys} 之列", "{key} 不在 {keys} 之列")
_SUM = Text(
    "the shares must not be negative and must add up to 1, not {total}",
    "各項比例不可為負數，合計須為 1，現為 {total}",
    "各项比例不可为负数，合计须为 1，现为 {total}",
)
_NEGATIVE = Text("a factor must not be negative", "系數不可為負數", "系数不可为负数")


@dataclass(frozen=True, slots=True)
class NumbersByKey:
    """Annotation of a mapping from `keys` to numbers; a key left out has the number `absent`."""

    keys: tuple[str, ...]
    absent: ClassVar[float]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._completed, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "propertyNames": {"enum": list(self.keys)}}

    def _completed(self, value: dict[str, float]) -> dict[str, float]:
        """A number for every key. Raises an error of pydantic for an unknown key or numbers that `check` refuses."""
        unknown = [key for key in value if key not in self.keys]
        if unknown:
            raise refusal(_UNKNOWN.fill(key=unknown[0], keys=COMMA.join(self.keys)))
        self.check(value)
        return {key: float(value.get(key, self.absent)) for key in self.keys}

    def check(self, value: dict[str, float]) -> None:
        """Nothing, if the numbers are allowed. Raises an error of pydantic."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Shares(NumbersByKey):
    """Annotation of a mapping from `keys` to shares that add up to 1; a key left out has share 0."""

    absent: ClassVar[float] = 0.0

    def check(self, value: dict[str, float]) -> None:
        """Nothing, if no share is negative and they add up to 1 within 1e-6. Raises an error of pydantic."""
        total = sum(value.values())
        if min(value.values(), default=0) < 0 or abs(total - 1) > 1e-6:
            raise refusal(_SUM.fill(total=total))


@dataclass(frozen=True, slots=True)
class Factors(NumbersByKey):
    """Annotation of a mapping from `keys` to factors >= 0; a key left out has factor 1."""

    absent: ClassVar[float] = 1.0

    def check(self, value: dict[str, float]) -> None:
        """Nothing, if no factor is negative. Raises an error of pydantic."""
        if min(value.values(), default=0) < 0:
            raise refusal(_NEGATIVE)
