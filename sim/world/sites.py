"""Sites: where flights begin and end. The side of a site is an attribute, never computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sim.ground.geodesy import DATUMS, geodesic_m
from sim.ground.text import NOTHING, Text
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


_FROM_SITE = Text(
    "as WGS84 it lies {off} m from {site}, otherwise beside it",
    "按 WGS84 距{site} {off} 米，否則就在其旁",
    "按 WGS84 距{site} {off} 米，否则就在其旁",
)
_ON_SIDE = Text(
    "as WGS84 it lies on the side {drawn}, otherwise on {declared} as declared",
    "按 WGS84 位於 {drawn}，否則位於所填的 {declared}",
    "按 WGS84 位于 {drawn}，否则位于所填的 {declared}",
)
_SWAPPED = Text("; longitude and latitude look swapped", "；經度與緯度似乎對調了", "；经度与纬度似乎对调了")
_OUTSIDE = Text(
    "The point {point} lies outside the area (longitude {west} to {east}, latitude {south} to {north}){hint}.",
    "座標 {point} 在本區範圍以外（經度 {west} 至 {east}，緯度 {south} 至 {north}）{hint}。",
    "坐标 {point} 在本区范围以外（经度 {west} 至 {east}，纬度 {south} 至 {north}）{hint}。",
)
_SUSPECT = Text("{datum} ({off} m off)", "{datum}（相差 {off} 米）", "{datum}（相差 {off} 米）")
_SUSPICION = Text(
    "The point {point} looks like {suspects} read as WGS84: {evidence}. In WGS84 it would be {truths}.",
    "座標 {point} 似乎是 {suspects}，卻當作 WGS84：{evidence}。換成 WGS84 應為 {truths}。",
    "坐标 {point} 似乎是 {suspects}，却当作 WGS84：{evidence}。换成 WGS84 应为 {truths}。",
)
_OR = Text(" or ", "或", "或")


def check_datum(lon: float, lat: float, declared_side: str, near: Site | None = None) -> Text | None:
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
        return _suspicion(lon, lat, close, _FROM_SITE.fill(off=f"{off_m:.0f}", site=near.name))
    drawn = side_at(lon, lat)
    if drawn == declared_side or _beside_exception(lon, lat, declared_side):
        return None
    moved = [candidate for candidate in candidates if side_at(candidate.lon, candidate.lat) == declared_side]
    return _suspicion(lon, lat, moved, _ON_SIDE.fill(drawn=drawn, declared=declared_side))


def _outside(lon: float, lat: float) -> Text:
    swapped = AREA_LON[0] <= lat <= AREA_LON[1] and AREA_LAT[0] <= lon <= AREA_LAT[1]
    hint = _SWAPPED if swapped else NOTHING
    (west, east), (south, north) = AREA_LON, AREA_LAT
    return _OUTSIDE.fill(point=f"{lon:.5f}, {lat:.5f}", west=west, east=east, south=south, north=north, hint=hint)


def _puts_beside(candidate: Candidate, lon: float, lat: float, near: Site) -> bool:
    # Within a quarter of the offset: merely "nearer" holds for half of all points that are right as they are.
    return geodesic_m(candidate.lon, candidate.lat, near.lon, near.lat) < geodesic_m(lon, lat, candidate.lon, candidate.lat) / 4


def _suspicion(lon: float, lat: float, candidates: list[Candidate], evidence: Text) -> Text | None:
    if not candidates:
        return None
    suspects = _OR.join(_SUSPECT.fill(datum=c.datum, off=f"{geodesic_m(lon, lat, c.lon, c.lat):.0f}") for c in candidates)
    truths = _OR.join(f"{c.lon:.5f}, {c.lat:.5f}" for c in candidates)
    return _SUSPICION.fill(point=f"{lon:.5f}, {lat:.5f}", suspects=suspects, evidence=evidence, truths=truths)


def _beside_exception(lon: float, lat: float, declared_side: str) -> bool:
    """Whether a site stands within EXCEPTION_RADIUS_M that has that side's law in an area drawn for another side."""
    excepted = (site for site in sites().values() if site.side_reason and site.side == declared_side)
    return any(geodesic_m(lon, lat, site.lon, site.lat) < EXCEPTION_RADIUS_M for site in excepted)
