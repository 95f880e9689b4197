"""The JSON Schema of scenario files, for completion and checking in an editor."""

from typing import Any

from sim.ground.names import NAME_PATTERN
from sim.scenario.schema import Schema, default_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: Schema | None = None) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that every valid scenario file fits; nothing is required in a file."""
    whole = (schema or default_schema()).scenario_type.model_json_schema(mode="validation")
    text = {"type": "string"}
    words = {key: {"anyOf": whole["properties"][key]["anyOf"]} for key in ("title", "question", "notes")}
    properties = {
        "name": {**text, "pattern": NAME_PATTERN.replace(r"[^\W_]", r"[^\s\W_]"), "description": "the file's stem, if left out"},
        "title": {**words["title"], "description": "what a reader sees above the results; one text, or one in each language"},
        "question": {**words["question"], "description": "the question it helps to answer: a key such as Q4, or in words"},
        "notes": {**words["notes"], "description": "anything a reader should know"},
        "answered_by": {"type": "array", "items": text, "description": "measures that answer its question: key or key/part"},
        "compare_with": {**text, "description": "name of the scenario it is meant to be held against, if not the one it extends"},
        "extends": {**text, "description": "the scenario file that this one changes, relative to it"},
        **{branch: whole["properties"][branch] for branch in ("policy", "world", "study")},
    }
    built = {
        "$schema": DRAFT,
        "title": "Scenario",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": whole.get("$defs", {}),
    }
    plain: dict[str, Any] = _relaxed(built)
    return plain


def _relaxed(part: Any) -> Any:
    """Groups take null too: a group whose lines are all comments is one."""
    if isinstance(part, list):
        return [_relaxed(item) for item in part]
    if not isinstance(part, dict):
        return part
    relaxed = {key: _relaxed(value) for key, value in part.items()}
    if "properties" in relaxed and "title" in relaxed and relaxed.get("type") == "object":
        relaxed["type"] = ["object", "null"]
    return relaxed
