"""How an unquoted YAML 1.2 scalar is read (core schema), and how a text is written so that it stays a text.

Read here and not by the YAML library, so that a clock (07:00), a date or a word such as `no` is never
taken for a number or a truth value, whatever version a file declares.
"""

import re

Scalar = str | int | float | bool | None

_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,40}")
_BASED = re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_SAFE = re.compile(r"[^\W\d_][\w ./%+()-]*(?<! )|[0-9][0-9.]*( ?[a-zA-Z/%]+)+")
_OLD_TRUTH = ("y", "n", "yes", "no", "on", "off")  # quoted for readers of YAML 1.1, as are clocks and dates
_NAMED_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PRINTABLE = re.compile("[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")


def resolved(text: str) -> Scalar:
    """The value of an unquoted scalar: nothing, true or false, a number, or the text itself."""
    if text in _NOTHING:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float(text) if _NUMBER.fullmatch(text) else text


def is_printable(text: str) -> bool:
    """Whether every character may stand in a scenario file."""
    return _PRINTABLE.fullmatch(text) is not None


def written(value: Scalar) -> str:
    """The scalar on one line, so that reading it gives the same value and type."""
    match value:
        case None:
            return "null"
        case True | False:
            return str(value).lower()
        case str():
            safe = _SAFE.fullmatch(value) and value.lower() not in _OLD_TRUTH and isinstance(resolved(value), str)
            return str(value) if safe else quoted(value)
        case float():
            return _float(value)
    return str(value)


def quoted(text: str) -> str:
    """The text in double quotation marks, on one line."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[character]
    if character in "\x85\xa0\u2028\u2029" or not is_printable(character):
        return f"\\U{ord(character):08x}"
    return character


def _float(value: float) -> str:
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(str(value), repr(value))
