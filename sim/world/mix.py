"""Mixes: shares that add up to one, and factors, by key."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Shares:
    """Annotation of a mapping from `keys` to shares that add up to 1; keys left out have share 0."""

    keys: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "propertyNames": {"enum": list(self.keys)}}

    def _check(self, value: dict[str, float]) -> dict[str, float]:
        unknown = [key for key in value if key not in self.keys]
        if unknown:
            raise PydanticCustomError(
                "written_wrong", "'{key}' is not one of {keys}", {"key": unknown[0], "keys": ", ".join(self.keys)}
            )
        if min(value.values(), default=0) < 0 or abs(sum(value.values()) - 1) > 1e-6:
            raise PydanticCustomError(
                "written_wrong",
                "the shares must not be negative and must add up to 1, not {total}",
                {"total": sum(value.values())},
            )
        return {key: float(value.get(key, 0.0)) for key in self.keys}


@dataclass(frozen=True, slots=True)
class Factors:
    """Annotation of a mapping from `keys` to factors >= 0; keys left out have factor 1."""

    keys: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "propertyNames": {"enum": list(self.keys)}}

    def _check(self, value: dict[str, float]) -> dict[str, float]:
        unknown = [key for key in value if key not in self.keys]
        if unknown:
            raise PydanticCustomError(
                "written_wrong", "'{key}' is not one of {keys}", {"key": unknown[0], "keys": ", ".join(self.keys)}
            )
        if min(value.values(), default=0) < 0:
            raise PydanticCustomError("written_wrong", "a factor must not be negative")
        return {key: float(value.get(key, 1.0)) for key in self.keys}
