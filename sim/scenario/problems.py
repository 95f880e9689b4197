"""Faults that the schema finds, in plain words, with the place at which the value was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.ground.csv_table import plain_number
from sim.ground.errors import Problem
from sim.ground.names import NAME_RULE
from sim.ground.odd_characters import named, plain_text
from sim.ground.parameter import declaration_of
from sim.ground.text import AND, COMMA, NOTHING, Text
from sim.ground.units import NoUnitError
from sim.scenario.kinds import allowed_in_words, kind_of
from sim.scenario.node import Node, dotted, follow, plain, shown
from sim.scenario.own_words import A_TEXT
from sim.scenario.schema import Schema, group_of

_CHOICES = Text("this is not one of the choices", "不在可選項之列", "不在可选项之列")
_A_LIST = Text("a list is needed", "須填清單", "须填列表")
KEYS_NEEDED = Text("keys with values are needed", "須填鍵與值", "须填键与值")
_NEEDED = {
    "int_type": Text("a whole number is needed", "須填整數", "须填整数"),
    "float_type": Text("a number is needed", "須填數字", "须填数字"),
    "finite_number": Text("a finite number is needed", "須填有限數值", "须填有限数值"),
    "bool_type": Text("true or false is needed", "須填 true 或 false", "须填 true 或 false"),
    "string_type": A_TEXT,
    "literal_error": _CHOICES,
    "enum": _CHOICES,
    "tuple_type": _A_LIST,
    "list_type": _A_LIST,
    "dict_type": KEYS_NEEDED,
    "model_type": KEYS_NEEDED,
    "missing": Text("this key is missing", "缺少此鍵", "缺少此键"),
    "string_pattern_mismatch": NAME_RULE,
    "too_short": Text(
        "at least {min_length} items are needed, not {actual_length}",
        "至少須有 {min_length} 項，現有 {actual_length} 項",
        "至少须有 {min_length} 项，现有 {actual_length} 项",
    ),
    "too_long": Text(
        "at most {max_length} items are possible, not {actual_length}",
        "最多 {max_length} 項，現有 {actual_length} 項",
        "最多 {max_length} 项，现有 {actual_length} 项",
    ),
    "greater_than": Text("a number above {gt} is needed", "須填大於 {gt} 的數字", "须填大于 {gt} 的数字"),
    "greater_than_equal": Text("a number of at least {ge} is needed", "須填不少於 {ge} 的數字", "须填不少于 {ge} 的数字"),
    "less_than": Text("a number below {lt} is needed", "須填小於 {lt} 的數字", "须填小于 {lt} 的数字"),
    "less_than_equal": Text("a number of at most {le} is needed", "須填不多於 {le} 的數字", "须填不多于 {le} 的数字"),
}
_OTHERWISE = Text("this can't be taken: {reason}", "此值不可用（{reason}）", "此值不可用（{reason}）")
_OR = Text(", or ", "，或", "，或")
_NO_KEY = Text("there is no key '{key}' here", "此處沒有 {key} 這個鍵", "此处没有 {key} 这个键")
_DID_YOU_MEAN = Text("; did you mean '{name}'?", "；是否指 {name}？", "；是否指 {name}？")
_UNDER = Text("; the group '{key}' stands under {groups}", "；{key} 一組列於 {groups} 之下", "；{key} 一组列于 {groups} 之下")
_KEY_OF = Text("; it is a key of {groups}", "；此鍵屬 {groups}", "；此键属 {groups}")
_AND_OF = Text(" and of ", "及", "及")
_OWN_LINES = Text(
    "; in a file each part of a path stands on a line of its own, indented under the one before",
    "；檔案內路徑各部分須各佔一行，逐層縮排",
    "；文件内路径各部分须各占一行，逐层缩进",
)
_THEN = Text("; ", "；", "；")
_WRITE = Text("; write {value}", "；請寫 {value}", "；请写 {value}")
_YES = ("true", "yes", "y", "on", "是", "對", "对", "有")
_NO = ("false", "no", "n", "off", "否", "不", "無", "无")
_SAYS_WHAT_IS_ALLOWED = ("below_least", "table_wrong")


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a scenario: the merged tree of its files, the file that was to be loaded, and the schema.

    slips: what may explain a problem of its line (`sim.scenario.slips`) · n_written: `Scenario.n_written`.
    """

    root: Node
    file: str
    schema: Schema
    slips: tuple[Problem, ...] = ()
    n_written: int | None = None


def positioned(problem: Problem, source: Source) -> Problem:
    """The problem with the place of the value that its `path` names, and with the value itself as found.

    Where no file wrote the value, the place is that of the nearest written group above it, if that lies below
    `policy`, `world` or `study`; else it is the file alone.
    """
    if problem.file or problem.line:
        return problem
    keys = problem.path.split(".") if problem.path else []
    followed = follow(source.root, keys)
    if len(followed.keys) < len(keys) and len(followed.keys) < 2:
        return replace(problem, file=source.file)
    whole = len(followed.keys) == len(keys)
    place = followed.node.place if whole else followed.key
    value = problem.found or (shown(plain(followed.node)) if whole else NOTHING)
    return replace(problem, file=place.file or source.file, line=place.line, column=place.column, found=value)


def problems_of(error: ValidationError, source: Source) -> tuple[Problem, ...]:
    """Every fault of a validation, in the order of the files' lines, each once."""
    problems: dict[Problem, None] = {}
    for detail in error.errors(include_url=False):
        problems[_problem(detail, source)] = None
    return tuple(_alternatives_joined(list(problems)))


def _problem(detail: Any, source: Source) -> Problem:
    context = detail.get("ctx", {})
    location = [*detail["loc"], *context.get("at", ())]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(location, source)
    if location[-1:] == ["[key]"]:
        rule = NAME_RULE if detail["type"] == "string_pattern_mismatch" else None
        return _wrong_key(location[:-1], context, source, rule)
    followed = follow(source.root, location, skipping=True)
    info = field_at(source.schema.scenario_type, followed.keys)
    missing = detail["type"] == "missing"
    unwritten = len(followed.keys) < 2 and len(location) > len(followed.keys)
    place = followed.key if missing else followed.node.place
    value = plain(followed.node)
    return Problem(
        _message(detail, info, value),
        place.file or source.file,
        0 if unwritten else place.line,
        0 if unwritten else place.column,
        dotted(location if missing else followed.keys),
        NOTHING if missing else _as_text(context.get("found", shown(value))),
        _allowed(detail, info),
    )


def _message(detail: Any, info: FieldInfo | None, value: Any) -> Text:
    context = detail.get("ctx", {})
    if "dimension" in context:
        return NoUnitError(context["number"], context["dimension"], _usual(info)).words
    if "words" in context:
        words: Text = context["words"]
    elif detail["type"] in _NEEDED:
        words = _NEEDED[detail["type"]].fill(**context)
    else:
        reason = str(detail["msg"]).removeprefix("Value error, ")
        words = _OTHERWISE.fill(reason=reason[:1].lower() + reason[1:])
    return words + (_hint(detail["type"], info, value) or _odd_in(value, words))


def _hint(kind: str, info: FieldInfo | None, value: Any) -> Text:
    """What to write instead, where that can be guessed; nothing else."""
    instead, number = "", plain_number(str(value)) if isinstance(value, str | int | float) else float("nan")
    if kind == "bool_type" and isinstance(value, str) and value.casefold() in (*_YES, *_NO):
        instead = "true" if value.casefold() in _YES else "false"
    elif kind in ("int_type", "float_type", "finite_number") and isinstance(value, str) and number == number:
        instead = value.strip()  # a number in quotation marks
    elif kind == "out_of_bounds" and info is not None and kind_of(info).dimension == "share":
        instead = f"{number:g}%" if 1 < number <= 100 else ""
    elif kind in ("literal_error", "enum") and isinstance(value, str) and info is not None:
        near = get_close_matches(value.casefold().replace("-", "_").replace(" ", "_"), kind_of(info).choices, n=1)
        instead = near[0] if near else ""
    return _WRITE.fill(value=instead) if instead else NOTHING


def _odd_in(value: Any, words: Text) -> Text:
    """What to say of a character of a Chinese keyboard in a value, unless the words say it already."""
    odd = named(value) if isinstance(value, str) else NOTHING
    return _THEN + odd if odd and odd.en not in words.en else NOTHING


def _usual(info: FieldInfo | None) -> str:
    """A quantity such as a parameter usually has, as a file writes it; empty where it has none."""
    declaration = declaration_of(info) if info is not None else None
    if info is None or declaration is None:
        return ""
    default = info.default
    if isinstance(default, Mapping):
        default = next(iter(default.values()), "")
    if isinstance(default, Mapping):  # a law: {name: {parameter: value}}
        default = next((part for law in default.values() if isinstance(law, Mapping) for part in law.values()), "")
    ends = [end for end in reversed((*(declaration.plausible or ()), *(declaration.bounds or ()))) if isinstance(end, str)]
    values = [default, *ends] if isinstance(default, str) else ends
    return next((value for value in values if not value.startswith("0")), "")


def _allowed(detail: Any, info: FieldInfo | None) -> Text:
    allowed = detail.get("ctx", {}).get("allowed", NOTHING)
    if detail["type"] in _SAYS_WHAT_IS_ALLOWED or (allowed and info is None):
        return _as_text(allowed)
    if group_of(info) is not None and info is not None:
        return kind_of(info).words
    if info is not None and detail["type"] != "missing":
        return allowed_in_words(info)
    return _as_text(allowed)


def _wrong_key(location: Sequence[Any], context: Any, source: Source, rule: Text | None) -> Problem:
    followed = follow(source.root, location, skipping=True)
    place, key = followed.key, str(location[-1])
    if rule:
        path, value = dotted(followed.keys[:-1]), shown(key)
        return Problem(rule, place.file, place.line, place.column, path, value)
    choices = context.get("allowed") or context.get("expected", "")
    names = (
        choices.en.split(", ") if isinstance(choices, Text) else str(choices).replace("'", "").replace(" or ", ", ").split(", ")
    )
    message = context.get("words", _NO_KEY.fill(key=key)) + _did_you_mean(key, names)
    return Problem(
        message, place.file, place.line, place.column, dotted(followed.keys), Text.same(key), COMMA.join(filter(None, names))
    )


def _unknown_key(location: Sequence[Any], source: Source) -> Problem:
    *group, key = location
    model = model_at(source.schema.scenario_type, group)
    names = list(model.model_fields) if model else []
    if not group:
        names.append("extends")
    place = follow(source.root, location).key
    hint = _did_you_mean(str(key), names) or _elsewhere(str(key), source.schema)
    return Problem(
        _NO_KEY.fill(key=key) + hint,
        place.file or source.file,
        place.line,
        place.column,
        dotted(location),
        allowed=COMMA.join(names),
    )


def _did_you_mean(key: str, names: Sequence[str]) -> Text:
    key = plain_text(key).lower().replace("-", "_").partition(":")[0].strip()
    near = get_close_matches(key, names, n=1, cutoff=0.7)
    near += [name for name in names if name and (name in key.split("_") or key in name.split("_"))]
    return _DID_YOU_MEAN.fill(name=near[0]) if near else NOTHING


def _elsewhere(key: str, schema: Schema) -> Text:
    """The end of a message: the group that has the key, if another one does."""
    groups = {f"{s.branch}.{s.key}" if s.branch != "study" else "study": s.group for s in schema.sections}
    if key in groups or any(path.endswith(f".{key}") for path in groups):
        return _UNDER.fill(key=key, groups=AND.join(p.split(".")[0] for p in groups if p.split(".")[-1] == key))
    holders = [path for path, group in groups.items() if key in group.model_fields]
    if holders:
        return _KEY_OF.fill(groups=_AND_OF.join(holders[:3]))
    return _OWN_LINES if "." in key else NOTHING


def _as_text(value: object) -> Text:
    """A Text itself; anything else as it is in every language."""
    return value if isinstance(value, Text) else Text.same(str(value))


def model_at(model: type[BaseModel], keys: Sequence[Any]) -> type[BaseModel] | None:
    """The group of parameters that a path leads to, or None."""
    if not keys:
        return model
    return group_of(field_at(model, keys))


def field_at(model: type[BaseModel], keys: Sequence[Any]) -> FieldInfo | None:
    """The field of the parameter, or of the group, that a path lies in; None for the whole scenario or an unknown key."""
    info: FieldInfo | None = None
    for key in keys:
        info = model.model_fields.get(str(key))
        inner = group_of(info)
        if inner is None:
            return info
        model = inner
    return info


def _alternatives_joined(problems: list[Problem]) -> list[Problem]:
    """Problems of one value that could be one of several types become one problem, at its innermost place."""
    joined: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        if any(other.path.startswith((f"{problem.path}.", f"{problem.path}[")) for other in problems if problem.path):
            continue
        value = (problem.file, problem.line, problem.column, problem.path)
        before = joined.setdefault(value, problem)
        if problem.message.en not in before.message.en:
            joined[value] = replace(before, message=_OR.join([before.message, problem.message]))
    return sorted(joined.values(), key=lambda problem: (problem.file, problem.line, problem.column))
