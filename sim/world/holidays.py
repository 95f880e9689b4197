"""Public holidays of the sides, and as which weekday each day counts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sim.world.geography import DATA

MONDAY, SUNDAY = 0, 6


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A holiday, or a day of a weekend that is worked for one: the holiday's name, the status of the entry, its source."""

    name: str
    is_worked: bool
    status: str
    source: str


@cache
def special_days(side: str) -> Mapping[date, SpecialDay]:
    """The holidays of a side and the weekend days worked instead, by date; of the years that `years_known` names."""
    days: dict[date, SpecialDay] = {}
    for year in _tables().get(side, {}).values():
        source = str(year["source"])
        single = [(day, day, name, status) for day, name, status in year.get("days", ())]
        for first, last, name, status in [*year.get("spells", ()), *single]:
            begin = date.fromisoformat(first)
            for passed in range((date.fromisoformat(last) - begin).days + 1):
                days[begin + timedelta(days=passed)] = SpecialDay(name, False, status, source)
        for day, name, status in year.get("worked", ()):
            days[date.fromisoformat(day)] = SpecialDay(name, True, status, source)
    return MappingProxyType(days)


@cache
def years_known(side: str) -> frozenset[int]:
    """The years whose holidays of a side are known."""
    return frozenset(int(year) for year in _tables().get(side, {}))


def counts_as(day: date, side: str | None = None) -> int:
    """The weekday (0 is Monday) as which a day counts on a side: a holiday is a Sunday, a weekend day worked for one a Monday."""
    special = special_days(side).get(day) if side is not None else None
    if special is None:
        return day.weekday()
    return MONDAY if special.is_worked else SUNDAY


@cache
def _tables() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads((DATA / "holidays.toml").read_text(encoding="utf-8"))
