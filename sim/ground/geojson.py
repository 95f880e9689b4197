"""GeoJSON files that users bring (RFC 7946): their features, each fault with the file and the number of the feature."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.ground.csv_table import read_table, table_path
from sim.ground.input_file import shown_path

WGS84 = ("crs84", "4326")  # in the names of the reference systems that mean WGS84 degrees
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FileFeature:
    """One feature of a file: where it stands, its properties, and its points (longitude, latitude), heights left out."""

    place: str
    properties: Mapping[str, Any]
    points: tuple[Position, ...]


def read_features(file: object, geometry: str) -> tuple[FileFeature, ...]:
    """The features of a file, all of one kind of geometry, LineString or Polygon; of a Polygon the ring, not closed.

    `file`: as for `read_table`. Raises ValueError that names file and feature.
    """
    name = shown_path(table_path(file))
    try:
        content = json.loads(read_table(file))
    except json.JSONDecodeError as error:
        raise ValueError(f"{name}:{error.lineno}: not GeoJSON: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"{name}: nested too deep") from None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind not in ("Feature", "FeatureCollection"):
        raise ValueError(f"{name}: a Feature or a FeatureCollection of GeoJSON is needed")
    system = str(content.get("crs") or "")
    if system and not any(code in system.lower() for code in WGS84):
        raise ValueError(f"{name}: its crs is {system}; GeoJSON has WGS84 degrees, so leave crs out or convert them")
    features = content.get("features") if kind == "FeatureCollection" else [content]
    if not isinstance(features, list) or not features:
        raise ValueError(f"{name}: there is no feature in it")
    return tuple(_feature(feature, geometry, f"{name}: feature {number}") for number, feature in enumerate(features, 1))


def _feature(feature: Any, geometry: str, place: str) -> FileFeature:
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or kind != geometry:
        raise ValueError(f"{place} is {kind or 'no feature with a geometry'}; a {geometry} is needed")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise ValueError(f"{place}: its properties are no keys with values")
    coordinates = shape.get("coordinates")
    if geometry == "LineString":
        return FileFeature(place, properties, _points(coordinates, place, 2))
    if not isinstance(coordinates, list) or len(coordinates) != 1:
        raise ValueError(f"{place}: a Polygon of one ring is needed, without holes")
    ring = _points(coordinates[0], place, 4)
    if ring[0] != ring[-1]:
        raise ValueError(f"{place}: the ring does not end where it begins")
    return FileFeature(place, properties, ring[:-1])


def _points(coordinates: Any, place: str, least: int) -> tuple[Position, ...]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or len(coordinates) < least:
        raise ValueError(f"{place}: at least {least} points [longitude, latitude] are needed")
    return tuple(_point(point, place) for point in coordinates)


def _point(point: Any, place: str) -> Position:
    numbers = point if isinstance(point, list) and len(point) in (2, 3) else []
    if not numbers or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise ValueError(f"{place}: a point is [longitude, latitude], in degrees, with or without a height")
    return float(numbers[0]), float(numbers[1])
