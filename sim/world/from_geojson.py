"""Mappings of routes and areas that may come from a GeoJSON file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from sim.ground.errors import WordsError
from sim.ground.geodesy import geodesic_m
from sim.ground.geojson import FileFeature, read_features
from sim.ground.names import NAME_PATTERN, NAME_RULE
from sim.ground.parameter import refusal
from sim.ground.text import Text
from sim.world.own_route import DatumKey, to_wgs84
from sim.world.sites import sites

FILE = "file"
FARTHEST_M = 200.0  # of the end of a line from the site that it is said to end at: a wrong datum is off by 300 m or more


_TWICE = Text("{place}: the key {key} stands twice", "{place}：key {key} 出現兩次", "{place}：key {key} 出现两次")
_NO_KEY = Text(
    "{place}: it needs the property key, a name of its own",
    "{place}：缺少屬性 key（自訂名稱）",
    "{place}：缺少属性 key（自定名称）",
)
_BAD_KEY = Text("{place}, key {key}: {rule}", "{place}，名稱 {key}：{rule}", "{place}，名称 {key}：{rule}")
_NO_END = Text(
    "{place}: it needs the property {end} (a site's key) or {side} (hong_kong, mainland, macao)",
    "{place}：缺少屬性 {end}（地點的鍵）或 {side}（hong_kong、mainland、macao）",
    "{place}：缺少属性 {end}（地点的键）或 {side}（hong_kong、mainland、macao）",
)
_OFF = Text(
    "{place}: the line ends {off} m from {key}, at most {most} m are allowed; coordinates that are not WGS84 need the property "
    "datum (gcj02 or hk80)",
    "{place}：線段末端距 {key} {off} 米，不得超過 {most} 米；座標若非 WGS84，須加屬性 datum（gcj02 或 hk80）",
    "{place}：线段末端距 {key} {off} 米，不得超过 {most} 米；坐标若非 WGS84，须加属性 datum（gcj02 或 hk80）",
)
_ALLOWED = Text(
    "{form}, with features of kind {geometry}, each with the property key",
    "{form}，各項須為 {geometry}，並有屬性 key",
    "{form}，各项须为 {geometry}，并有属性 key",
)


@dataclass(frozen=True, slots=True)
class FromGeoJson:
    """Annotation of a mapping whose values may also come from a GeoJSON file, {file: name.geojson}, beside written ones.

    The values of the file are held as if they were written, so that a resolved scenario needs no other file. `geometry`:
    LineString or Polygon · properties: what a feature may say, beside `key`; others are passed over.
    """

    geometry: str
    properties: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._with_file, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        written = handler(schema)
        return {**written, "properties": {FILE: {"type": "string"}}}

    def _with_file(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(value.get(FILE), str):
            return value
        try:
            features = read_features(value[FILE], self.geometry)
            values = {key: written for key, written in value.items() if key != FILE}
            for feature in features:
                key = self._key(feature)
                if key in values:
                    raise WordsError(_TWICE.fill(place=feature.place, key=key))
                values[key] = self._written(feature)
        except WordsError as error:
            allowed = _ALLOWED.fill(form="{file: name.geojson}", geometry=self.geometry)
            raise refusal(error.words, "table_wrong", found=str(value[FILE]), allowed=allowed) from None
        return values

    def _key(self, feature: FileFeature) -> str:
        key = feature.properties.get("key")
        if not isinstance(key, str):
            raise WordsError(_NO_KEY.fill(place=feature.place))
        if not re.fullmatch(NAME_PATTERN, key):
            raise WordsError(_BAD_KEY.fill(place=feature.place, key=key, rule=NAME_RULE))
        return key

    def _written(self, feature: FileFeature) -> dict[str, Any]:
        written = {name: feature.properties[name] for name in self.properties if feature.properties.get(name) is not None}
        points = [list(point) for point in feature.points]
        if self.geometry == "Polygon":
            return {**written, "outline": points}
        first, *via, last = points
        for end, (lon, lat), side in (("start", first, "start_side"), ("end", last, "end_side")):
            declared = written.pop(side, None)
            if end not in written and declared is None:
                raise WordsError(_NO_END.fill(place=feature.place, end=end, side=side))
            if end not in written:
                written[end] = {"lon": lon, "lat": lat, "side": declared}
            else:
                self._check_end(feature, written[end], lon, lat)
        return {**written, "via": via}

    @staticmethod
    def _check_end(feature: FileFeature, key: object, lon: float, lat: float) -> None:
        """Raises WordsError where the line does not end at the site that it is said to end at."""
        site, datum = sites().get(str(key)), str(feature.properties.get("datum") or "wgs84")
        if site is None or datum not in get_args(DatumKey):
            return  # told where the route is checked
        off_m = geodesic_m(*to_wgs84(lon, lat, cast(DatumKey, datum)), site.lon, site.lat)
        if off_m > FARTHEST_M:
            raise WordsError(_OFF.fill(place=feature.place, off=f"{off_m:.0f}", key=key, most=f"{FARTHEST_M:.0f}"))
