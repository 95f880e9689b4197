"""Aircraft types: what they weigh, carry and reach, and how long a flight takes them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sim.ground.text import Text
from sim.world.geography import DATA
from sim.world.routes import Route

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Metres = TypeVar("Metres", float, "NDArray[np.float64]")
RegulatoryClass = Literal["A1", "A2", "B", "C", "trial", "crewed"]

# Upper limit of take-off mass of each class of small unmanned aircraft, in kg (Cap. 448G, as amended 18 Jul 2025).
SMALL_UNMANNED_KG: tuple[tuple[RegulatoryClass, float], ...] = (("A1", 0.25), ("A2", 7.0), ("B", 25.0), ("C", 150.0))

FIGURES = (
    "mtow_kg",
    "payload_kg",
    "seats",
    "range_m",
    "cruise_mps",
    "climb_mps",
    "overhead_s",
    "reserve_endurance_s",
    "max_wind_mps",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the figure of one field comes from; `status` is stated, derived, recalled or guess."""

    field: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Aircraft:
    """A type of aircraft.

    mtow_kg: maximum take-off mass · range_m: with full payload · overhead_s: time of a flight beside
    distance / cruise speed · reserve_endurance_s: how long it can hold at the destination · evidence:
    one entry a figure.
    """

    key: str
    name: Text
    crewed: bool
    mtow_kg: float
    payload_kg: float
    seats: int
    range_m: float
    cruise_mps: float
    climb_mps: float
    overhead_s: float
    reserve_endurance_s: float
    max_wind_mps: float
    evidence: tuple[Evidence, ...]

    @property
    def regulatory_class(self) -> RegulatoryClass:
        """The class under Hong Kong's Cap. 448G, by take-off mass.

        "trial": above 150 kg or with passengers, flown only by trial permission; "crewed": not unmanned.
        """
        if self.crewed:
            return "crewed"
        if self.seats:
            return "trial"
        return next((name for name, limit_kg in SMALL_UNMANNED_KG if self.mtow_kg <= limit_kg), "trial")


@cache
def aircraft_catalogue() -> Mapping[str, Aircraft]:
    """The aircraft types of the data file by key."""
    types = tomllib.loads((DATA / "aircraft.toml").read_text(encoding="utf-8"))
    return MappingProxyType({key: _aircraft(key, fields) for key, fields in types.items()})


def _aircraft(key: str, fields: Mapping[str, Any]) -> Aircraft:
    values = {field: fields[field]["value"] for field in FIGURES}
    evidence = tuple(Evidence(field, fields[field]["source"], fields[field]["status"]) for field in FIGURES)
    return Aircraft(key=key, name=Text(*fields["name"]), crewed=fields["crewed"], evidence=evidence, **values)


def nominal_flight_time_s(route_length_m: Metres, aircraft: Aircraft) -> Metres:
    """Seconds from take-off to landing over that length, as plans take it: overhead + length / cruise speed.

    A block time (the fact block_s) has climb and descent as well.

    `route_length_m`: a number, or an array of any shape in metres; the result has the same shape.
    """
    return aircraft.overhead_s + route_length_m / aircraft.cruise_mps


def aircraft_flown(named: str | Mapping[str, str], routes: Iterable[str]) -> list[Aircraft]:
    """The types that fly these routes, one for all or by route; those that are not in the catalogue are left out."""
    keys = [named if isinstance(named, str) else named.get(route, "") for route in routes]
    return [aircraft_catalogue()[key] for key in dict.fromkeys(keys) if key in aircraft_catalogue()]


_TOO_FAR = Text(
    "{aircraft} can't fly {route}: it needs {needed} km ({times}{length} km and {reserve}% reserve), and its range is {reach} "
    "km; {help}",
    "{aircraft}飛不了{route}：需 {needed} 公里（{times}{length} 公里，另加 {reserve}% 備用能量），航程只有 {reach} 公里；{help}",
    "{aircraft}飞不了{route}：需 {needed} 公里（{times}{length} 公里，另加 {reserve}% 备用能量），航程只有 {reach} 公里；{help}",
)
_SWAPPING = Text("swapping batteries at the far end", "在遠端更換電池", "在远端更换电池")
_LESS_RESERVE = Text("a reserve of at most {share}%", "備用能量不多於 {share}%", "备用能量不多于 {share}%")
_ANOTHER = Text(
    "an aircraft of longer range that carries as much, such as {aircraft} ({reach} km)",
    "改用載量相若而航程較長的機型，例如 {aircraft}（{reach} 公里）",
    "改用载量相若而航程较长的机型，例如 {aircraft}（{reach} 公里）",
)
_WOULD_HELP = Text("what would help: {ways}", "可行辦法：{ways}", "可行办法：{ways}")
_NONE_HELPS = Text(
    "no aircraft that carries as much reaches so far", "沒有載量相若的機型可飛這麼遠", "没有载量相若的机型可飞这么远"
)
_OR = Text(", or ", "，或", "，或")


def check_range(route: Route, aircraft: Aircraft, reserve_share: float, round_trip: bool) -> Text | None:
    """A sentence that says why the aircraft may not fly the route, and what would help; None if it may.

    It may if route × (2 for a round trip) × (1 + reserve) is at most its range.
    """
    needed_m = needed_range_m(route, reserve_share, round_trip)
    if needed_m <= aircraft.range_m:
        return None
    times = "2 × " if round_trip else ""
    return _TOO_FAR.fill(
        aircraft=aircraft.name,
        route=route.name,
        needed=f"{needed_m / 1000:.1f}",
        times=times,
        length=f"{route.length_m / 1000:.1f}",
        reserve=f"{reserve_share * 100:g}",
        reach=f"{aircraft.range_m / 1000:g}",
        help=_what_helps(route, aircraft, reserve_share, round_trip),
    )


def needed_range_m(route: Route, reserve_share: float, round_trip: bool) -> float:
    """The range in metres that the route needs: its length, twice for a round trip, and the energy reserve on top."""
    return route.length_m * (2 if round_trip else 1) * (1 + reserve_share)


def _what_helps(route: Route, aircraft: Aircraft, reserve_share: float, round_trip: bool) -> Text:
    helps: list[Text] = []
    if round_trip and needed_range_m(route, reserve_share, False) <= aircraft.range_m:
        helps.append(_SWAPPING)
    if needed_range_m(route, 0.0, round_trip) <= aircraft.range_m:
        enough = aircraft.range_m / needed_range_m(route, 0.0, round_trip) - 1
        helps.append(_LESS_RESERVE.fill(share=f"{int(enough * 1000) / 10:g}"))
    if other := _reaching(needed_range_m(route, reserve_share, round_trip), aircraft):
        helps.append(_ANOTHER.fill(aircraft=other.key, reach=f"{other.range_m / 1000:g}"))
    return _WOULD_HELP.fill(ways=_OR.join(helps)) if helps else _NONE_HELPS


def _reaching(needed_m: float, aircraft: Aircraft) -> Aircraft | None:
    """The aircraft of least range that reaches `needed_m` and carries at least as much as `aircraft`; None if there is none."""
    able = [
        other
        for other in aircraft_catalogue().values()
        if other.range_m >= needed_m and other.payload_kg >= aircraft.payload_kg and other.seats >= aircraft.seats
    ]
    return min(able, key=lambda other: other.range_m, default=None)
