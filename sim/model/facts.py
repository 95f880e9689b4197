"""Facts: typed columns by which a feature tells later features what it has decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e12  # of a number that a trace may give: of seconds, some thirty thousand years
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Fact(Generic[T_co]):
    """A declared column: shape (n,) per flight, (m,) per consignment, or one value per scenario.

    The type in brackets is that of what is read, so that a reader is checked: `Fact[Bools]("illicit", bool, …)`. A fact has one
    writer. `shared` is the exception: several features write it, and columns are joined by "or" (several means of
    examination may each raise an alarm), scenario-wide tuples are chained. `latent`: a number behind others that
    nobody could observe; the tables of a study leave it out. `least`, `most`: what a trace may give it. `is_instant`: seconds
    from the first midnight of the run, which a trace gives from 00:00 of day 1.
    """

    name: str
    dtype: type
    per: Literal["flight", "consignment", "scenario"]
    meaning: str
    shared: bool = False
    latent: bool = False
    least: float = -LARGEST
    most: float = LARGEST
    is_instant: bool = False


FactValues = Mapping[Fact[Any], Any]
"""What a feature has decided, or learned: the value of each of its facts."""


class Facts:
    """The facts of one replication, written in process order and read by the objects that declare them.

    `replaced` holds values of a trace by fact name (NaN where the trace leaves a cell open): they
    replace what the feature decided, so that everything after follows the trace.
    """

    def __init__(self, replaced: Mapping[str, NDArray[np.float64]] | None = None) -> None:
        self._values: dict[str, Any] = {}
        self._replaced = dict(replaced or {})

    def write(self, fact: Fact[Any], value: Any) -> None:
        """Add a fact; a second writer is refused unless the fact is shared."""
        if fact.per == "scenario":
            self._values[fact.name] = (*self._values.get(fact.name, ()), *value) if fact.shared else value
            return
        column: NDArray[Any] = np.asarray(value).astype(fact.dtype)
        if fact.name in self._values:
            if not fact.shared:
                raise ValueError(f"the fact {fact.name} has two writers")
            column = column | self._values[fact.name]
        if fact.name in self._replaced:
            traced = self._replaced[fact.name]
            column = np.where(np.isnan(traced), column, traced).astype(fact.dtype)
        self._values[fact.name] = column

    def __getitem__(self, fact: Fact[T]) -> T:
        """The value of a fact. Raises KeyError where no feature has written it, TypeError for anything but a declared fact."""
        value: T = self._values[_name(fact)]
        return value

    def get(self, fact: Fact[T], otherwise: T) -> T:
        """The value of a fact, or `otherwise` where no feature has written it. Raises TypeError as reading does."""
        value: T = self._values.get(_name(fact), otherwise)
        return value

    def __contains__(self, fact: Fact[Any]) -> bool:
        return _name(fact) in self._values

    def by_name(self) -> Iterator[tuple[str, Any]]:
        """(name, value) of every fact written so far, in the order of writing."""
        yield from self._values.items()


def _name(fact: object) -> str:
    """The name of a declared fact; never that of a text, which would hide who reads what."""
    if not isinstance(fact, Fact):
        raise TypeError(f"facts are read by the object that declares them, not by {fact!r}; see sim.model.fact_catalogue")
    return fact.name
