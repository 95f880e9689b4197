"""When a parameter can move anything: a condition on other parameters of the scenario, declared beside it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.ground.law import Law
from sim.ground.text import Text

Read = Callable[[str], Any]
"""The value of a parameter by its path, in SI units; raises KeyError where the scenario has no such parameter."""


class Condition(ABC):
    """Where it does not hold, the parameter that needs it moves nothing: neither flights nor facts nor plan."""

    @abstractmethod
    def holds(self, read: Read) -> bool:
        """Whether it holds; so it does where a parameter that it speaks of is not there."""

    @abstractmethod
    def example(self) -> Mapping[str, Any]:
        """Settings in which it holds, by path, as a scenario file writes them."""


@dataclass(frozen=True, slots=True, eq=False)
class OfOne(Condition):
    """A condition on one parameter."""

    path: str

    def holds(self, read: Read) -> bool:
        try:
            return self.is_met(read(self.path))
        except KeyError:
            return True

    @abstractmethod
    def is_met(self, value: Any) -> bool:
        """Whether it holds with this value of the parameter."""


@dataclass(frozen=True, slots=True, eq=False)
class IsOneOf(OfOne):
    """The parameter has one of these values."""

    values: tuple[Any, ...]

    def is_met(self, value: Any) -> bool:
        return value in self.values

    def example(self) -> Mapping[str, Any]:
        return {self.path: self.values[0]}


@dataclass(frozen=True, slots=True, eq=False)
class IsNot(OfOne):
    """The parameter has another value than this; `such_as` is one."""

    value: Any
    such_as: Any

    def is_met(self, value: Any) -> bool:
        return bool(value != self.value)

    def example(self) -> Mapping[str, Any]:
        return {self.path: self.such_as}


@dataclass(frozen=True, slots=True, eq=False)
class IsGiven(OfOne):
    """The parameter has a value, or something in it."""

    def is_met(self, value: Any) -> bool:
        return value is not None and value not in ((), {})

    def example(self) -> Mapping[str, Any]:
        return {}


@dataclass(frozen=True, slots=True, eq=False)
class Holds(OfOne):
    """The list has this item."""

    item: str

    def is_met(self, value: Any) -> bool:
        return self.item in value

    def example(self) -> Mapping[str, Any]:
        return {self.path: [self.item]}


@dataclass(frozen=True, slots=True, eq=False)
class IsAbove(OfOne):
    """The number is above `limit` (in SI units); of a law its mean, of sides or keys any of them, or that of `key`."""

    such_as: Any
    limit: float = 0.0
    key: str = ""

    def is_met(self, value: Any) -> bool:
        return _largest(value.get(self.key, 0.0) if self.key else value) > self.limit

    def example(self) -> Mapping[str, Any]:
        return {self.path: self.such_as}


def _largest(value: Any) -> float:
    if isinstance(value, Mapping):
        return max(map(_largest, value.values()), default=0.0)
    return float(value.mean if isinstance(value, Law) else value)


@dataclass(frozen=True, slots=True, eq=False)
class Where(Condition):
    """What `test` says of the scenario; `unless`: the sentence, without a full stop, that holds where it does not."""

    test: Callable[[Read], bool]
    unless: Text
    such_as: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, read: Read) -> bool:
        try:
            return self.test(read)
        except KeyError:
            return True

    def example(self) -> Mapping[str, Any]:
        return self.such_as


@dataclass(frozen=True, slots=True, eq=False)
class Either(Condition):
    """One of the conditions holds, or several."""

    conditions: tuple[Condition, ...]

    def holds(self, read: Read) -> bool:
        return any(condition.holds(read) for condition in self.conditions)

    def example(self) -> Mapping[str, Any]:
        return self.conditions[0].example()


@dataclass(frozen=True, slots=True, eq=False)
class All(Condition):
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]

    def holds(self, read: Read) -> bool:
        return all(condition.holds(read) for condition in self.conditions)

    def example(self) -> Mapping[str, Any]:
        return {path: value for condition in self.conditions for path, value in condition.example().items()}


def is_one_of(path: str, *values: Any) -> Condition:
    """The parameter has one of these values."""
    return IsOneOf(path, values)


def either(*conditions: Condition) -> Condition:
    """One of them holds, or several."""
    return Either(conditions)


def both(*conditions: Condition) -> Condition:
    """All of them hold."""
    return All(conditions)


def all_of(*conditions: Condition | None) -> Condition | None:
    """All of those that are conditions hold; None where none is."""
    present = tuple(condition for condition in conditions if condition is not None)
    return present[0] if len(present) == 1 else All(present) if present else None
