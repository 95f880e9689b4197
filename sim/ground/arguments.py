"""Arguments of public functions: names, types and values that can't be are told with what is allowed and the nearest name."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import wraps
from os import PathLike
from typing import Any, SupportsIndex, TypeVar, cast, get_args

from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text

Function = TypeVar("Function", bound=Callable[..., Any])
NOT_POSSIBLE = Text("not possible", "不可用", "不可用")
_LIST = Text("a list", "清單", "列表")
A_TEXT = Text("a text", "文字", "文字")
_TYPES = {
    str: A_TEXT,
    bool: Text("a truth value", "真假值", "真假值"),
    int: Text("a whole number", "整數", "整数"),
    float: Text("a number", "數字", "数字"),
    type(None): Text.same("None"),
    list: _LIST,
    tuple: _LIST,
    dict: Text("a dictionary", "字典", "字典"),
}
_VALUE = Text("{value}, {kind}", "{value}（{kind}）", "{value}（{kind}）")
_OR_MORE = Text("{least} or more", "{least} 或以上", "{least} 或以上")
_RANGE = Text("{least} to {most}", "{least} 至 {most}", "{least} 至 {most}")
_OR_NONE = Text("{allowed}, or None", "{allowed}，或 None", "{allowed}，或 None")
_A_WHOLE_NUMBER = Text("a whole number, {numbers}", "整數，{numbers}", "整数，{numbers}")
_HUGE = Text("a number of more than 50 digits", "超過 50 位的數字", "超过 50 位的数字")
_TRUTH = Text("True or False", "True 或 False", "True 或 False")
_A_PATH = Text("a path", "路徑", "路径")
_A_FUNCTION = Text(
    "a function of ({arguments}), or None", "以 ({arguments}) 為引數的函數，或 None", "以 ({arguments}) 为参数的函数，或 None"
)
_TEXTS = Text("a text or a list of texts", "文字或文字清單", "文字或文字列表")
_NO_ARGUMENT = Text("{function} has no argument of that name", "{function} 沒有這個引數", "{function} 没有这个参数")
_WRONG_CALL = Text(
    "{function} can't be called so: {reason}", "{function} 不可這樣呼叫（{reason}）", "{function} 不可这样调用（{reason}）"
)
LISTED = 12


def near_names(name: str, known: Iterable[str]) -> str:
    """The names most like `name`, or the first of all where none is like it; separated by commas."""
    names = list(known)
    near = get_close_matches(str(name), names)
    more = ", ..." if not near and len(names) > LISTED else ""
    return ", ".join(near or names[:LISTED]) + more


def unknown_name(message: Text, name: object, known: Iterable[str], path: str) -> Problem:
    """What to tell of a name that does not exist."""
    return Problem(message, path=path, found=Text.same(str(name)), allowed=Text.same(near_names(str(name), known)))


def wrong_type(path: str, value: object, allowed: Text) -> Problem:
    """What to tell of a value of a type that `path` does not take."""
    kind = _TYPES.get(type(value), Text.same(type(value).__name__))
    shown = repr(value)
    written = _VALUE.fill(value=shown if len(shown) <= 60 else shown[:57] + "...", kind=kind)
    return Problem(NOT_POSSIBLE, path=path, found=written, allowed=allowed)


def check(*problems: Problem | None) -> None:
    """Raises InputError with those that are problems, if any is."""
    if present := [problem for problem in problems if problem is not None]:
        raise InputError(*present)


def whole_number(path: str, value: object, least: int, optional: bool = True, most: int | None = None) -> Problem | None:
    """What is wrong with a whole number of at least `least` and at most `most`; None is one where it is optional."""
    if value is None and optional:
        return None
    numbers = (_OR_MORE if most is None else _RANGE).fill(least=least, most=most)
    allowed = numbers if not optional else _OR_NONE.fill(allowed=numbers)
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return wrong_type(path, value, _A_WHOLE_NUMBER.fill(numbers=allowed))
    if least <= int(value) and (most is None or int(value) <= most):
        return None
    return Problem(NOT_POSSIBLE, path=path, found=_short(int(value)), allowed=numbers)


def _short(number: int) -> Text:
    """A whole number as a message shows it; one of hundreds of digits by its size."""
    return Text.same(str(number)) if abs(number) < 10**50 else _HUGE


def one_of(path: str, value: object, choices: Sequence[str], optional: bool = False) -> Problem | None:
    """What is wrong with a choice; None is one where it is optional."""
    if value in choices or (value is None and optional):
        return None
    if not isinstance(value, str):
        return wrong_type(path, value, COMMA.join(choices))
    return Problem(NOT_POSSIBLE, path=path, found=Text.same(value), allowed=COMMA.join(choices))


def flag(path: str, value: object) -> Problem | None:
    """What is wrong with what is to be True or False."""
    return None if isinstance(value, bool) else wrong_type(path, value, _TRUTH)


def text(path: str, value: object, optional: bool = False) -> Problem | None:
    """What is wrong with a text; None is one where it is optional."""
    return None if isinstance(value, str) or (value is None and optional) else wrong_type(path, value, A_TEXT)


def file_path(path: str, value: object, optional: bool = False) -> Problem | None:
    """What is wrong with the path of a file or a folder; None is one where it is optional."""
    return None if isinstance(value, str | PathLike) or (value is None and optional) else wrong_type(path, value, _A_PATH)


def function(path: str, value: object, arguments: str) -> Problem | None:
    """What is wrong with a function that is called back with these arguments, or None."""
    return None if value is None or callable(value) else wrong_type(path, value, _A_FUNCTION.fill(arguments=arguments))


def texts(path: str, value: object) -> tuple[str, ...]:
    """One text or a list of them, as a tuple. Raises InputError for anything else."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable) or isinstance(value, Mapping):
        raise InputError(wrong_type(path, value, _TEXTS))
    parts = tuple(value)
    check(*(text(path, part) for part in parts))
    return parts


def checked_call(defaults: Mapping[str, Any] | None = None) -> Callable[[Function], Function]:
    """A decorator: a call with an unknown keyword, or with too few or too many arguments, raises InputError.

    Keywords that a function takes as `**keywords: Unpack[T]`, T a TypedDict, are listed one by one in its signature, for `help`,
    with their values in `defaults`; a type checker reads them from T.
    """

    def decorate(decorated: Function) -> Function:
        signature = _listed(inspect.signature(decorated), defaults or {})

        @wraps(decorated)
        def checked(*arguments: Any, **keywords: Any) -> Any:
            known = [name for name, parameter in signature.parameters.items() if parameter.kind is not parameter.POSITIONAL_ONLY]
            unknown = [name for name in keywords if name not in known]
            message = _NO_ARGUMENT.fill(function=decorated.__name__)
            check(*(unknown_name(message, name, [key for key in known if key != "self"], name) for name in unknown))
            try:
                signature.bind(*arguments, **keywords)
            except TypeError as error:
                name, allowed = decorated.__name__, Text.same(f"({', '.join(known)})")
                raise InputError(Problem(_WRONG_CALL.fill(function=name, reason=error), path=name, allowed=allowed)) from None
            return decorated(*arguments, **keywords)

        checked.__signature__ = signature  # type: ignore[attr-defined]
        return cast(Function, checked)

    return decorate


def _listed(signature: inspect.Signature, defaults: Mapping[str, Any]) -> inspect.Signature:
    """The signature with the keywords of its TypedDict, if it has one, in the place of `**keywords`."""
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            (typed_dict,) = get_args(parameter.annotation)
            parameters += [
                inspect.Parameter(name, parameter.KEYWORD_ONLY, default=defaults.get(name), annotation=hint)
                for name, hint in typed_dict.__annotations__.items()
            ]
        else:
            parameters.append(parameter)
    return signature.replace(parameters=parameters)
