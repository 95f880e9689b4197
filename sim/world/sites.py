"""Sites: where flights begin and end. The side of a site is an attribute, never computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sim.ground.geodesy import DATUMS, geodesic_m
from sim.ground.text import Text
from sim.world.boundary import side_at
from sim.world.geography import SIDE_OF_CODE, GeoFeature, features

# The part of the Greater Bay Area where EPSG:4547 is in use: low and high longitude and latitude.
AREA_LON = (112.5, 115.5)
AREA_LAT = (21.5, 24.0)

SITE_KINDS = ("control_point", "port", "heliport", "airport", "site")
EXCEPTION_RADIUS_M = 1000.0


@dataclass(frozen=True, slots=True)
class Site:
    """A place in WGS84 degrees under the law of `side` (a side key).

    `side_reason` says why that law applies where the drawn boundary puts the place on another side;
    it is empty for all other sites. `confidence` is that of the position.
    """

    key: str
    name: Text
    side: str
    lon: float
    lat: float
    kind: str
    source: str
    confidence: str
    side_reason: str = ""


@cache
def sites() -> Mapping[str, Site]:
    """The sites of the data file by key."""
    return MappingProxyType({feature.key: _site(feature) for feature in features(*SITE_KINDS)})


def _site(feature: GeoFeature) -> Site:
    lon, lat = feature.coordinates
    side = SIDE_OF_CODE[feature.properties["side"]]
    reason = feature.properties.get("side_reason", "")
    return Site(feature.key, feature.name, side, lon, lat, feature.kind, feature.source, feature.confidence, reason)


# ------------------------------------------------------------------------------------- datum faults


@dataclass(frozen=True, slots=True)
class Candidate:
    """The place of a point in WGS84 degrees if its coordinates were written in `datum` (its name)."""

    datum: str
    lon: float
    lat: float


def check_datum(lon: float, lat: float, declared_side: str, near: Site | None = None) -> str | None:
    """A sentence about the fault of a point whose coordinates are to be WGS84 degrees, or None.

    A point is at fault if it lies outside the area, or if it falls into place when its coordinates are taken as GCJ-02
    (about 600 m off) or Hong Kong 1980 (304 m off): right beside the site `near`, or on the declared side although the
    WGS84 point lies on another. A point on another side that neither datum explains passes: a site's side is declared.
    """
    if not (AREA_LON[0] <= lon <= AREA_LON[1] and AREA_LAT[0] <= lat <= AREA_LAT[1]):
        return _outside(lon, lat)
    candidates = [Candidate(datum.name, *datum.to_wgs84(lon, lat)) for datum in DATUMS.values()]
    if near and (close := [candidate for candidate in candidates if _puts_beside(candidate, lon, lat, near)]):
        off_m = geodesic_m(lon, lat, near.lon, near.lat)
        return _suspicion(lon, lat, close, f"as WGS84 it lies {off_m:.0f} m from {near.name}, otherwise beside it")
    drawn = side_at(lon, lat)
    if drawn == declared_side or _beside_exception(lon, lat, declared_side):
        return None
    moved = [candidate for candidate in candidates if side_at(candidate.lon, candidate.lat) == declared_side]
    return _suspicion(lon, lat, moved, f"as WGS84 it lies on the side {drawn}, otherwise on {declared_side} as declared")


def _outside(lon: float, lat: float) -> str:
    swapped = AREA_LON[0] <= lat <= AREA_LON[1] and AREA_LAT[0] <= lon <= AREA_LAT[1]
    hint = "; longitude and latitude look swapped" if swapped else ""
    return (
        f"The point {lon:.5f}, {lat:.5f} lies outside the area (longitude {AREA_LON[0]} to {AREA_LON[1]}, "
        f"latitude {AREA_LAT[0]} to {AREA_LAT[1]}){hint}."
    )


def _puts_beside(candidate: Candidate, lon: float, lat: float, near: Site) -> bool:
    # Within a quarter of the offset: merely "nearer" holds for half of all points that are right as they are.
    return geodesic_m(candidate.lon, candidate.lat, near.lon, near.lat) < geodesic_m(lon, lat, candidate.lon, candidate.lat) / 4


def _suspicion(lon: float, lat: float, candidates: list[Candidate], evidence: str) -> str | None:
    if not candidates:
        return None
    suspects = " or ".join(f"{c.datum} ({geodesic_m(lon, lat, c.lon, c.lat):.0f} m off)" for c in candidates)
    truths = " or ".join(f"{c.lon:.5f}, {c.lat:.5f}" for c in candidates)
    return f"The point {lon:.5f}, {lat:.5f} looks like {suspects} read as WGS84: {evidence}. In WGS84 it would be {truths}."


def _beside_exception(lon: float, lat: float, declared_side: str) -> bool:
    """Whether a site stands within EXCEPTION_RADIUS_M that has that side's law in an area drawn for another side."""
    excepted = (site for site in sites().values() if site.side_reason and site.side == declared_side)
    return any(geodesic_m(lon, lat, site.lon, site.lat) < EXCEPTION_RADIUS_M for site in excepted)
