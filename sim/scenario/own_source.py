"""The source of features that are not part of the package, so that results made by other source are never taken for theirs."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from sim.model.feature import Feature

PACKAGE = __name__.partition(".")[0]


def digest_of_own_features(features: Iterable[Feature]) -> str:
    """A hash of the features' modules and of what lies beside them and is imported by them; "" where all are the package's.

    A module without a file, as in a notebook, counts by the code of its functions. An edited file must be loaded again.
    """
    modules = _with_imported(dict.fromkeys(name for feature in features for name in _modules_of(feature)))
    if not modules:
        return ""
    digest = hashlib.blake2b(digest_size=16)
    for content in sorted(_content(module) for module in modules):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _modules_of(feature: Feature) -> Iterator[str]:
    """Where the functions and groups of a feature are defined, outside the package."""
    functions = (feature.decide, feature.build, feature.learn, feature.check, feature.routes, feature.aeo_share)
    parts: list[Any] = [*functions, feature.policy, feature.world, *(metric.compute for metric in feature.metrics)]
    yield from (part.__module__ for part in parts if part is not None and _is_own(part.__module__))


def _is_own(name: str) -> bool:
    return name.partition(".")[0] != PACKAGE


def _with_imported(names: Iterable[str]) -> list[ModuleType]:
    """The modules of those names, and all modules in their folders that they use, near or far."""
    to_read, loaded = [sys.modules[name] for name in names if name in sys.modules], dict[str, ModuleType]()
    folders = {Path(file).parent for module in to_read if (file := getattr(module, "__file__", None))}
    while to_read:
        module = to_read.pop()
        if module.__name__ in loaded:
            continue
        loaded[module.__name__] = module
        used = {
            value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None) for value in _values(module)
        }
        beside = (sys.modules[name] for name in used if isinstance(name, str) and name in sys.modules and _is_own(name))
        to_read += [other for other in beside if _lies_in(other, folders)]
    return list(loaded.values())


def _values(module: ModuleType) -> list[Any]:
    return list(vars(module).values())


def _lies_in(module: ModuleType, folders: Iterable[Path]) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and any(folder in Path(file).parents for folder in folders)


def _content(module: ModuleType) -> bytes:
    file = getattr(module, "__file__", None)
    if file is not None and Path(file).is_file():
        return Path(file).read_bytes()
    functions = [value for value in _values(module) if callable(value) and getattr(value, "__module__", "") == module.__name__]
    return "\n".join(sorted(_code(function) for function in functions)).encode()


def _code(function: Callable[..., Any] | CodeType) -> str:
    """What a function does, as text: its instructions, and those of the functions in it."""
    code = function if isinstance(function, CodeType) else getattr(function, "__code__", None)
    if code is None:
        return getattr(function, "__qualname__", "")
    constants = [_code(constant) if isinstance(constant, CodeType) else repr(constant) for constant in code.co_consts]
    return f"{code.co_name} {code.co_code.hex()} {code.co_names} {constants}"
