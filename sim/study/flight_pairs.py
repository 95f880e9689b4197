"""Flights of two scenarios side by side, asked of a study's files some replications at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def some_at_a_time(answer: "Callable[[str], pd.DataFrame]", replications: int, at_a_time: int) -> Iterator[str]:
    """Conditions that take the replications one after the other, as many at a time as have `at_a_time` flights or fewer."""
    n_flights = int(answer("SELECT count(*) AS n FROM flights")["n"].iloc[0])
    step = max(1, at_a_time * replications // max(n_flights, 1))
    for first in range(0, replications, step):
        yield f"replication BETWEEN {first} AND {min(first + step, replications) - 1}"


def by_base(against: Mapping[str, str]) -> dict[str, list[str]]:
    """By base, the scenarios that are held against it."""
    compared: dict[str, list[str]] = {}
    for scenario, base in against.items():
        compared.setdefault(base, []).append(scenario)
    return compared


def quoted(name: str) -> str:
    """A scenario's name as a text in SQL."""
    return "'" + name.replace("'", "''") + "'"
