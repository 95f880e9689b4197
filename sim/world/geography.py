"""The features of the data file: one GeoJSON, each feature with its source."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.ground.sides import SIDES
from sim.ground.text import Text

DATA = Path(__file__).parent / "data"

SIDE_OF_CODE: dict[str, str] = {code: side.key for side in SIDES for code in side.codes}
"""The side that administers each place code of the data: one Mainland, whichever its city."""


@dataclass(frozen=True)
class GeoFeature:
    """One feature: its key, names, kind, source, and what else the data say of it.

    `coordinates` are nested as GeoJSON nests them, WGS84 longitude and latitude in degrees.
    """

    key: str
    name: Text
    kind: str
    source: str
    confidence: str
    properties: dict[str, Any]
    coordinates: Any


def features(*kinds: str, file: str = "geography.geojson") -> tuple[GeoFeature, ...]:
    """The features of those kinds, in the order of the file."""
    return tuple(feature for feature in _all_features(file) if feature.kind in kinds)


@cache
def _all_features(file: str) -> tuple[GeoFeature, ...]:
    collection = json.loads((DATA / file).read_text(encoding="utf-8"))
    return tuple(_feature(item) for item in collection["features"])


def _feature(item: dict[str, Any]) -> GeoFeature:
    properties = item["properties"]
    return GeoFeature(
        item["id"],
        Text(properties["name"], properties["name_zh_hant"], properties["name_zh_hans"]),
        properties["kind"],
        properties["source"],
        properties["confidence"],
        properties,
        item["geometry"]["coordinates"],
    )
