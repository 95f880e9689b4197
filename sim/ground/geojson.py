"""GeoJSON files that users bring (RFC 7946): their features, each fault with the file and the number of the feature."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.ground.csv_table import read_table, table_path
from sim.ground.errors import WordsError
from sim.ground.input_file import shown_path
from sim.ground.text import Text

WGS84 = ("crs84", "4326")  # in the names of the reference systems that mean WGS84 degrees
Position = tuple[float, float]
_NOT_GEOJSON = Text("{place}: not GeoJSON: {reason}", "{place}：不是 GeoJSON（{reason}）", "{place}：不是 GeoJSON（{reason}）")
_TOO_DEEP = Text("{place}: nested too deep", "{place}：層次過多", "{place}：嵌套过深")
_NO_COLLECTION = Text(
    "{place}: a Feature or a FeatureCollection of GeoJSON is needed",
    "{place}：須為 GeoJSON 的 Feature 或 FeatureCollection",
    "{place}：须为 GeoJSON 的 Feature 或 FeatureCollection",
)
_CRS = Text(
    "{place}: its crs is {system}; GeoJSON has WGS84 degrees, so leave crs out or convert them",
    "{place}：crs 為 {system}；GeoJSON 採用 WGS84 經緯度，請刪去 crs 或先行轉換",
    "{place}：crs 为 {system}；GeoJSON 采用 WGS84 经纬度，请删去 crs 或先行转换",
)
_NO_FEATURE = Text("{place}: there is no feature in it", "{place}：當中沒有 Feature", "{place}：其中没有 Feature")
_OTHER_GEOMETRY = Text(
    "{place} is {kind}; a {geometry} is needed", "{place} 為 {kind}；須為 {geometry}", "{place} 为 {kind}；须为 {geometry}"
)
_NO_GEOMETRY = Text("no feature with a geometry", "沒有 geometry 的項目", "没有 geometry 的项目")
_NO_PROPERTIES = Text(
    "{place}: its properties are no keys with values", "{place}：properties 須為鍵與值", "{place}：properties 须为键与值"
)
_ONE_RING = Text(
    "{place}: a Polygon of one ring is needed, without holes",
    "{place}：Polygon 只可有一圈，不可有孔",
    "{place}：Polygon 只可有一圈，不可有孔",
)
_OPEN_RING = Text(
    "{place}: the ring does not end where it begins", "{place}：首尾兩點不同，未成一圈", "{place}：首尾两点不同，未成一圈"
)
_TOO_FEW = Text(
    "{place}: at least {least} points [longitude, latitude] are needed",
    "{place}：至少須有 {least} 點 [經度, 緯度]",
    "{place}：至少须有 {least} 点 [经度, 纬度]",
)
_NO_POINT = Text(
    "{place}: a point is [longitude, latitude], in degrees, with or without a height",
    "{place}：每點寫作 [經度, 緯度]，以度為單位，可附高度",
    "{place}：每点写作 [经度, 纬度]，以度为单位，可附高度",
)
_FEATURE = Text("{file}: feature {n}", "{file}：第 {n} 個 Feature", "{file}：第 {n} 个 Feature")


@dataclass(frozen=True, slots=True)
class FileFeature:
    """One feature of a file: where it stands, its properties, and its points (longitude, latitude), heights left out."""

    place: Text
    properties: Mapping[str, Any]
    points: tuple[Position, ...]


def read_features(file: object, geometry: str) -> tuple[FileFeature, ...]:
    """The features of a file, all of one kind of geometry, LineString or Polygon; of a Polygon the ring, not closed.

    `file`: as for `read_table`. Raises WordsError that names file and feature.
    """
    name = shown_path(table_path(file))
    try:
        content = json.loads(read_table(file))
    except json.JSONDecodeError as error:
        raise WordsError(_NOT_GEOJSON.fill(place=f"{name}:{error.lineno}", reason=error.msg)) from None
    except RecursionError:
        raise WordsError(_TOO_DEEP.fill(place=name)) from None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind not in ("Feature", "FeatureCollection"):
        raise WordsError(_NO_COLLECTION.fill(place=name))
    system = str(content.get("crs") or "")
    if system and not any(code in system.lower() for code in WGS84):
        raise WordsError(_CRS.fill(place=name, system=system))
    features = content.get("features") if kind == "FeatureCollection" else [content]
    if not isinstance(features, list) or not features:
        raise WordsError(_NO_FEATURE.fill(place=name))
    return tuple(_feature(feature, geometry, _FEATURE.fill(file=name, n=number)) for number, feature in enumerate(features, 1))


def _feature(feature: Any, geometry: str, place: Text) -> FileFeature:
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or kind != geometry:
        raise WordsError(_OTHER_GEOMETRY.fill(place=place, kind=kind or _NO_GEOMETRY, geometry=geometry))
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise WordsError(_NO_PROPERTIES.fill(place=place))
    coordinates = shape.get("coordinates")
    if geometry == "LineString":
        return FileFeature(place, properties, _points(coordinates, place, 2))
    if not isinstance(coordinates, list) or len(coordinates) != 1:
        raise WordsError(_ONE_RING.fill(place=place))
    ring = _points(coordinates[0], place, 4)
    if ring[0] != ring[-1]:
        raise WordsError(_OPEN_RING.fill(place=place))
    return FileFeature(place, properties, ring[:-1])


def _points(coordinates: Any, place: Text, least: int) -> tuple[Position, ...]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or len(coordinates) < least:
        raise WordsError(_TOO_FEW.fill(place=place, least=least))
    return tuple(_point(point, place) for point in coordinates)


def _point(point: Any, place: Text) -> Position:
    numbers = point if isinstance(point, list) and len(point) in (2, 3) else []
    if not numbers or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise WordsError(_NO_POINT.fill(place=place))
    return float(numbers[0]), float(numbers[1])
