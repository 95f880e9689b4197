"""What an author writes of a scenario: one text, or one in each language."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

from pydantic_core import core_schema

from sim.ground.parameter import refusal
from sim.ground.text import AND, Text

WORDS = tuple(field.name for field in fields(Text))
"""The keys of a text in each language: en, zh_hant, zh_hans."""
SHAPE = Text("a text, or {form}", "文字，或 {form}", "文字，或 {form}").fill(
    form=f"{{{', '.join(f'{key}: ...' for key in WORDS)}}}"
)
_NO_LANGUAGE = Text("there is no language '{key}' here", "此處沒有 {key} 這種語言", "此处没有 {key} 这种语言")
_MISSING = Text("the text is missing in {keys}", "缺少 {keys} 的文字", "缺少 {keys} 的文字")
A_TEXT = Text("a text is needed", "須填文字", "须填文字")


@dataclass(frozen=True, slots=True)
class InOneOrThree:
    """Metadata of a field that a file writes as one text, or as a text in each language."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """A text of any language is itself; what is written otherwise is refused."""
        as_file = core_schema.plain_serializer_function_ser_schema(as_written)
        return core_schema.no_info_plain_validator_function(read_words, serialization=as_file)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Either form."""
        text = {"type": "string"}
        parts = {"properties": dict.fromkeys(WORDS, text), "required": list(WORDS), "additionalProperties": False}
        return {"anyOf": [text, {"type": "object", **parts}]}


OwnWords = Annotated[Text, InOneOrThree()]


def read_words(written: Any) -> Text:
    """The text in three languages; one text stands for all. Raises an error of pydantic where it is neither."""
    if isinstance(written, Text):
        return written
    if not isinstance(written, Mapping):
        return Text.same(_checked(written, ()))
    unknown = [key for key in written if key not in WORDS]
    if unknown:
        raise refusal(_NO_LANGUAGE.fill(key=unknown[0]), at=(unknown[0],))
    missing = [key for key in WORDS if key not in written]
    if missing:
        raise refusal(_MISSING.fill(keys=AND.join(missing)))
    return Text(*(_checked(written[key], (key,)) for key in WORDS))


def _checked(text: Any, at: tuple[str, ...]) -> str:
    if not isinstance(text, str):
        raise refusal(A_TEXT, at=at)
    return text


def as_written(text: Text) -> str | dict[str, str]:
    """The text as a scenario file writes it."""
    return text.en if text.is_same else {key: getattr(text, key) for key in WORDS}
