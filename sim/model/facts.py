"""Facts: typed columns by which a feature tells later features what it has decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared column: shape (n,) per flight, (m,) per consignment, or one value per scenario.

    A fact has one writer. `shared` is the exception: several features write it, and columns are joined
    by "or" (several means of examination may each raise an alarm), scenario-wide tuples are chained. `latent`: a
    number behind others that nobody could observe; the tables of a study leave it out.
    """

    name: str
    dtype: type
    per: Literal["flight", "consignment", "scenario"]
    meaning: str
    shared: bool = False
    latent: bool = False


class Facts:
    """The facts of one replication, written in process order.

    `replaced` holds values of a trace by fact name (NaN where the trace leaves a cell open): they
    replace what the feature decided, so that everything after follows the trace.
    """

    def __init__(self, replaced: Mapping[str, NDArray[np.float64]] | None = None) -> None:
        self._values: dict[str, Any] = {}
        self._replaced = dict(replaced or {})

    def write(self, fact: Fact, value: Any) -> None:
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
            given = self._replaced[fact.name]
            column = np.where(np.isnan(given), column, given).astype(fact.dtype)
        self._values[fact.name] = column

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def get(self, name: str, otherwise: Any) -> Any:
        """The fact of that name, or `otherwise` where no feature has written it."""
        return self._values.get(name, otherwise)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> tuple[str, ...]:
        """The names of all facts written so far."""
        return tuple(self._values)
