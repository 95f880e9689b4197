"""Mappings that can't be changed: what a scenario holds stays what its hash says."""

from typing import Any, NoReturn


class FixedMapping(dict[Any, Any]):
    """A mapping that refuses every change; otherwise a dict, so that it serialises as one."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a scenario can't be changed; make another one with sim.scenario.load.apply")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = _refuse
    pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[type["FixedMapping"], tuple[dict[Any, Any]]]:
        return type(self), (dict(self),)


def fixed(value: Any) -> Any:
    """The value with every mapping in it, at any depth, made unchangeable."""
    if isinstance(value, dict):
        return FixedMapping({key: fixed(part) for key, part in value.items()})
    if type(value) is tuple:
        return tuple(fixed(part) for part in value)
    return value
