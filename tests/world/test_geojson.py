"""Routes and closed areas from GeoJSON: read, checked, kept inside the scenario, and what they close."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.ground.errors import InputError
from sim.ground.geodesy import gcj02_from_wgs84, to_metres
from sim.ground.time_units import DAY_S, HOUR_S
from sim.model.disruption import DISRUPTIONS
from sim.model.plan import Pool
from sim.replication import prepare
from sim.scenario.load import apply, load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.write import write_resolved
from sim.study.outside_window import stated_spells
from sim.world.closed_area import ClosedArea, crosses
from sim.world.routes import route_catalogue
from sim.world.sites import sites
from tests.policies.observed import baseline

WENJINDU, SHEUNG_SHUI = (sites()[key] for key in ("wenjindu", "sheung_shui"))
A, B = [WENJINDU.lon, WENJINDU.lat], [SHEUNG_SHUI.lon, SHEUNG_SHUI.lat]
VIA = [[114.13, 22.525], [114.13, 22.52]]
MINE = {"key": "mine", "start": "wenjindu", "end": "sheung_shui"}


def box(lon: float, lat: float, half: float = 0.004) -> list[list[float]]:
    return [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def line(*points: Any, **properties: Any) -> dict[str, Any]:
    return feature("LineString", [list(point) for point in points], **properties)


def polygon(ring: list[Any], **properties: Any) -> dict[str, Any]:
    return feature("Polygon", [[*ring, ring[0]]], **properties)


def written(folder: Path, features: list[Any], **more: Any) -> Path:
    """A scenario with the routes and areas of these features, each from a file of its own beside it."""
    lines = [f for f in features if f["geometry"]["type"] == "LineString"]
    areas = [f for f in features if f["geometry"]["type"] != "LineString"]
    corridor: dict[str, Any] = dict(more)
    for name, key, chosen in (("lines.geojson", "own_routes", lines), ("areas.geojson", "closed_areas", areas)):
        if chosen:
            (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": chosen}), encoding="utf-8")
            corridor[key] = {"file": name, **corridor.get(key, {})}
    file = folder / "mine.yaml"
    base = Path(sim.__file__).parents[1] / "scenarios" / "baseline.yaml"
    file.write_text(f"extends: {base}\npolicy: {{corridor: {json.dumps(corridor)}}}\n", encoding="utf-8")
    return file


def refused(folder: Path, features: list[Any], **more: Any) -> str:
    with pytest.raises(InputError) as error:
        load_scenario(written(folder, features, **more))
    return str(error.value)


def test_a_route_of_a_file_is_the_route_that_would_be_written(tmp_path: Path) -> None:
    made = load_scenario(written(tmp_path, [line([*A, 60], *VIA, B, **MINE, stroke="red")], routes=["mine"]))
    inline = {"mine": {"start": "wenjindu", "end": "sheung_shui", "via": VIA}}
    assert made == apply(made, {"policy.corridor.own_routes": inline})
    assert "file" not in made.resolved()["policy"]["corridor"]["own_routes"]


def test_the_resolved_scenario_needs_no_file(tmp_path: Path) -> None:
    features = [line(A, *VIA, B, **MINE), polygon(box(114.3, 22.3), key="far", closed=[["day 1 08:00", "day 1 09:00"]])]
    file = written(tmp_path, features, routes=["mine"])
    made = load_scenario(file)
    text = write_resolved(made)
    for path in (file, tmp_path / "lines.geojson", tmp_path / "areas.geojson"):
        path.unlink()
    (tmp_path / "resolved.yaml").write_text(text, encoding="utf-8")
    assert load_scenario(tmp_path / "resolved.yaml") == made


def test_ends_that_are_no_sites_have_their_side(tmp_path: Path) -> None:
    ends = {"start_side": "mainland", "end_side": "hong_kong"}
    made = load_scenario(written(tmp_path, [line(A, *VIA, B, key="mine", **ends)], routes=["mine"]))
    own = made.policy.corridor.own_routes["mine"]
    assert (own.start.lon, own.start.side, own.end.lat, own.end.side) == (A[0], "mainland", B[1], "hong_kong")


def test_a_file_may_stand_beside_written_routes(tmp_path: Path) -> None:
    other = {"other": {"start": "wenjindu", "end": "sheung_shui", "via": [[114.14, 22.52]]}}
    made = load_scenario(written(tmp_path, [line(A, *VIA, B, **MINE)], routes=["mine", "other"], own_routes=other))
    assert list(made.policy.corridor.own_routes) == ["other", "mine"]


GCJ02 = [list(map(float, gcj02_from_wgs84(*point))) for point in (A, *VIA, B)]


def test_a_file_in_another_datum_says_so(tmp_path: Path) -> None:
    made = load_scenario(written(tmp_path, [line(*GCJ02, **MINE, datum="gcj02")], routes=["mine"]))
    assert made.policy.corridor.own_routes["mine"].datum == "gcj02"
    assert "m from wenjindu" in refused(tmp_path, [line(*GCJ02, **MINE)], routes=["mine"])


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([line(A, B, start="wenjindu", end="sheung_shui")], "lines.geojson: feature 1: it needs the property key"),
        ([line(A, B, **MINE), line(A, B, **MINE)], "feature 2: the key mine stands twice"),
        ([line(A, B, key="mine", end="sheung_shui")], "feature 1: it needs the property start (a site's key) or start_side"),
        ([line(A, B, **{**MINE, "start": "atlantis"})], "no site is called atlantis"),
        ([line(A[::-1], B, key="mine", start_side="mainland", end="sheung_shui")], "look swapped"),
        ([line(A, **MINE)], "at least 2 points"),
        ([line(A, ["114", 22.5], B, **MINE)], "a point is [longitude, latitude]"),
        ([line(A, B, **{**MINE, "key": "a b"})], "feature 1, key a b: a name has letters, digits, - and _ only"),
        ([polygon(box(114.3, 22.3))], "areas.geojson: feature 1: it needs the property key"),
        ([feature("Polygon", [box(114.3, 22.3)], key="x")], "the ring does not end where it begins"),
        ([feature("Polygon", [[*box(114.3, 22.3), box(114.3, 22.3)[0]]] * 2, key="x")], "without holes"),
        ([feature("MultiPolygon", [], key="x")], "feature 1 is MultiPolygon; a Polygon is needed"),
        ([polygon([box(114.3, 22.3)[n] for n in (0, 2, 1, 3)], key="x")], "x: the outline crosses itself"),
        ([polygon(box(22.3, 114.3), key="x")], "look swapped"),
        ([polygon(box(114.3, 22.3), key="x", closed=[["8 h", "9 h"]])], "not a length of time"),
        ([polygon(box(114.3, 22.3), key="x", closed=[["day 2 08:00", "day 1 08:00"]])], "a closure ends after it begins"),
    ],
)
def test_what_a_file_has_wrong_is_told_with_its_feature(tmp_path: Path, features: list[Any], message: str) -> None:
    assert message in refused(tmp_path, features)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', "areas.geojson:2: not GeoJSON"),
        ('{"type": "Topology"}', "a Feature or a FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "there is no feature"),
        ('{"type": "Feature", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2326"}}}', "WGS84 degrees"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "a Feature or a FeatureCollection"),
    ],
)
def test_a_file_that_is_no_geojson_is_told(tmp_path: Path, text: str, message: str) -> None:
    file = written(tmp_path, [polygon(box(114.3, 22.3), key="x")])
    (tmp_path / "areas.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml") as error:
        load_scenario(file)
    assert message in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, [polygon(box(114.3, 22.3), key="x")])
    (tmp_path / "areas.geojson").unlink()
    with pytest.raises(InputError, match=r"areas\.geojson"):
        load_scenario(file)


PAGE = (Path(sim.__file__).parents[1] / "docs" / "how-to" / "routes-and-areas.md").read_text(encoding="utf-8")


def test_the_examples_of_the_page_load(tmp_path: Path) -> None:
    (route,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "routes.geojson").write_text(route, encoding="utf-8")
    area = polygon(box(114.3, 22.3), key="far")
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), encoding="utf-8")
    first, second = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    base = Path(sim.__file__).parents[1] / "scenarios" / "baseline.yaml"
    (tmp_path / "mine.yaml").write_text(first.replace("extends: baseline.yaml", f"extends: {base}"), encoding="utf-8")
    assert load_scenario(tmp_path / "mine.yaml").policy.corridor.routes == ("river_bend",)
    (tmp_path / "areas.yaml").write_text(f"extends: {base}\n{second}", encoding="utf-8")
    assert len(load_scenario(tmp_path / "areas.yaml").policy.corridor.closed_areas["range"].closed) == 2


# -------------------------------------------------------------------------------------- what areas close

ROUTES = ["wenjindu_sheung_shui", "hetao"]
FIRST, SECOND = (route_catalogue()[key] for key in ROUTES)
ON_FIRST = box(*np.mean([A, B], axis=0), half=0.002)


def with_areas(areas: Mapping[str, Any], **more: Any) -> Scenario:
    changes = {"policy.corridor.routes": ROUTES, "policy.corridor.closed_areas": areas, "study.days": 5}
    return apply(baseline(), {**changes, "world.demand.aircraft": "flycart_30", **more})


def slots(made: Scenario) -> dict[str, list[Pool]]:
    plan = prepare(made, 1, 0).plan
    pools = [pool for pool in plan.pools if pool.kind.key == "slots"]
    return {key: [pool for pool in pools if pool.place.startswith(f"{key}.")] for key in ROUTES}


def test_the_area_on_the_first_route_is_off_the_second() -> None:
    area = ClosedArea(outline=ON_FIRST)
    assert crosses(FIRST, area) and not crosses(SECOND, area)


@pytest.mark.parametrize(
    ("closed", "shut"),
    [
        ([["day 2 08:00", "day 2 18:00"]], {(4, hour) for hour in range(8, 18)}),
        ([["2026-06-02 08:00", "Tue 18:00"]], {(4, hour) for hour in range(8, 18)}),
        ([{"daily": ["12:00", "14:00"], "on": "mon-tue"}], {(day, hour) for day in (3, 4) for hour in (12, 13)}),
    ],
)
def test_an_area_closes_the_routes_that_cross_it_in_its_hours(closed: Any, shut: set[tuple[int, int]]) -> None:
    made = with_areas({"zone": {"outline": ON_FIRST, "closed": closed}})
    pools = slots(made)
    assert [len(of_route) for of_route in pools.values()] == [2, 2]
    hours = [(day, hour) for day in range(8) for hour in range(24)]
    for pool in pools["wenjindu_sheung_shui"]:
        assert {(day, hour) for day, hour in hours if not pool.calendar.at(day * DAY_S + hour * HOUR_S)} == shut
    for pool in pools["hetao"]:
        assert all(pool.calendar.at(day * DAY_S + hour * HOUR_S) for day, hour in hours)
    once = [spell for spell in closed if isinstance(spell, list)]
    assert len(list(stated_spells(made))) == len(once)
    assert len([d for d in prepare(made, 1, 0).facts[DISRUPTIONS] if d.kind == "closure"]) == len(once)


def test_an_area_that_no_route_crosses_closes_nothing() -> None:
    away = with_areas({"lake": {"outline": box(114.3, 22.3), "closed": [["day 2 08:00", "day 2 18:00"]]}})
    without = with_areas({})
    assert slots(away) == slots(without) and not list(stated_spells(away))
    assert slots(with_areas({"lake": {"outline": box(114.3, 22.3)}})) == slots(without), "always closed, and nobody is there"


def test_a_route_through_an_area_that_is_always_closed_is_refused() -> None:
    with pytest.raises(InputError) as error:
        with_areas({"range": {"outline": ON_FIRST}})
    told = str(error.value)
    assert "the route crosses the closed area range, which is closed at all times" in told
    assert "wenjindu_sheung_shui" in told and "hetao" not in told


def inside(x: float, y: float, ring: list[tuple[float, float]]) -> bool:
    """Whether a point lies in a polygon, by counting the edges to its right."""
    odd = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            odd = not odd
    return odd


@settings(max_examples=60)
@given(st.floats(114.10, 114.16), st.floats(22.48, 22.56), st.floats(0.002, 0.01))
def test_a_route_crosses_an_area_if_a_point_of_it_lies_in_it(lon: float, lat: float, half: float) -> None:
    ring = [to_metres(*corner) for corner in box(lon, lat, half)]
    ends = [np.array(to_metres(*point)) for point in FIRST.waypoints]
    points = [a + (b - a) * s for a, b in pairwise(ends) for s in np.linspace(0, 1, 2001)]
    area = ClosedArea(outline=box(lon, lat, half))
    if any(inside(x, y, ring) for x, y in points):
        assert crosses(FIRST, area)
    else:  # at most a corner cut off between two points looked at
        assert not crosses(FIRST, ClosedArea(outline=box(lon, lat, half * 0.98)))
