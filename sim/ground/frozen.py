"""Mappings that can't be changed, so that a scenario keeps the values that its hash was made of."""

from typing import Any, NoReturn


class FrozenMapping(dict[Any, Any]):
    """A mapping that refuses every change; otherwise a dict, so that it serialises as one."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a scenario can't be changed; make another one with sim.scenario.load.apply")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = _refuse
    pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[type["FrozenMapping"], tuple[dict[Any, Any]]]:
        return type(self), (dict(self),)


def frozen(value: Any) -> Any:
    """The value with every mapping in it, at any depth, made unchangeable."""
    if isinstance(value, dict):
        return FrozenMapping({key: frozen(part) for key, part in value.items()})
    if type(value) is tuple:
        return tuple(frozen(part) for part in value)
    return value
