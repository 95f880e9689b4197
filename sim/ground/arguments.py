"""Arguments of public functions: names, types and values that can't be are told with what is allowed and the nearest name."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import wraps
from os import PathLike
from typing import Any, SupportsIndex, TypeVar, cast, get_args

from sim.ground.errors import InputError, Problem

Function = TypeVar("Function", bound=Callable[..., Any])
_TYPES = {
    str: "a text", bool: "a truth value", int: "a whole number", float: "a number", type(None): "None", list: "a list",
    tuple: "a list", dict: "a dictionary",
}  # fmt: skip
LISTED = 12


def near_names(name: str, known: Iterable[str]) -> str:
    """The names most like `name`, or the first of all where none is like it; separated by commas."""
    names = list(known)
    near = get_close_matches(str(name), names)
    more = ", ..." if not near and len(names) > LISTED else ""
    return ", ".join(near or names[:LISTED]) + more


def unknown_name(message: str, name: object, known: Iterable[str], path: str) -> Problem:
    """What to tell of a name that does not exist."""
    return Problem(message, path=path, found=str(name), allowed=near_names(str(name), known))


def wrong_type(path: str, value: object, allowed: str) -> Problem:
    """What to tell of a value of a type that `path` does not take."""
    kind = _TYPES.get(type(value), type(value).__name__)
    shown = repr(value)
    return Problem(
        "not possible", path=path, found=f"{shown if len(shown) <= 60 else shown[:57] + '...'}, {kind}", allowed=allowed
    )


def check(*problems: Problem | None) -> None:
    """Raises InputError with those that are problems, if any is."""
    if present := [problem for problem in problems if problem is not None]:
        raise InputError(*present)


def whole_number(path: str, value: object, least: int, optional: bool = True, most: int | None = None) -> Problem | None:
    """What is wrong with a whole number of at least `least` and at most `most`; None is one where it is optional."""
    if value is None and optional:
        return None
    numbers = f"{least} or more" if most is None else f"{least} to {most}"
    allowed = numbers if not optional else f"{numbers}, or None"
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return wrong_type(path, value, f"a whole number, {allowed}")
    if least <= int(value) and (most is None or int(value) <= most):
        return None
    return Problem("not possible", path=path, found=_short(int(value)), allowed=numbers)


def _short(number: int) -> str:
    """A whole number as a message shows it; one of hundreds of digits by its size."""
    return str(number) if abs(number) < 10**50 else "a number of more than 50 digits"


def one_of(path: str, value: object, choices: Sequence[str], optional: bool = False) -> Problem | None:
    """What is wrong with a choice; None is one where it is optional."""
    if value in choices or (value is None and optional):
        return None
    if not isinstance(value, str):
        return wrong_type(path, value, ", ".join(choices))
    return Problem("not possible", path=path, found=value, allowed=", ".join(choices))


def flag(path: str, value: object) -> Problem | None:
    """What is wrong with what is to be True or False."""
    return None if isinstance(value, bool) else wrong_type(path, value, "True or False")


def text(path: str, value: object, optional: bool = False) -> Problem | None:
    """What is wrong with a text; None is one where it is optional."""
    return None if isinstance(value, str) or (value is None and optional) else wrong_type(path, value, "a text")


def file_path(path: str, value: object, optional: bool = False) -> Problem | None:
    """What is wrong with the path of a file or a folder; None is one where it is optional."""
    return None if isinstance(value, str | PathLike) or (value is None and optional) else wrong_type(path, value, "a path")


def function(path: str, value: object, arguments: str) -> Problem | None:
    """What is wrong with a function that is called back with these arguments, or None."""
    return None if value is None or callable(value) else wrong_type(path, value, f"a function of ({arguments}), or None")


def texts(path: str, value: object) -> tuple[str, ...]:
    """One text or a list of them, as a tuple. Raises InputError for anything else."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable) or isinstance(value, Mapping):
        raise InputError(wrong_type(path, value, "a text or a list of texts"))
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
            message = f"{decorated.__name__} has no argument of that name"
            check(*(unknown_name(message, name, [key for key in known if key != "self"], name) for name in unknown))
            try:
                signature.bind(*arguments, **keywords)
            except TypeError as error:
                raise InputError(Problem(str(error), path=decorated.__name__, allowed=f"({', '.join(known)})")) from None
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
