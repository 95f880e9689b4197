"""What goes into the page: a head in JSON with names and places, and a block of columns with the flights."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from sim.charts import labels
from sim.charts.style import WHOSE_COLOURS
from sim.ground.arrays import Ints
from sim.ground.text import LANGUAGES, Text
from sim.metrics.accounts import ACCOUNT_LABELS, ACCOUNTS, account_of_stage
from sim.metrics.limits import departures_put_off_by
from sim.metrics.visits import pools_by_key
from sim.model.calendar import PLENTY
from sim.model.disruption import DISRUPTION_LABELS
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.flights import PRIORITY_LABELS, Priority
from sim.model.observation import Observation
from sim.model.outcome import OUTCOME_LABELS, Outcome
from sim.model.plan import Pool
from sim.replay.categories import CATEGORIES
from sim.replay.packing import Packing
from sim.replay.places import MARGIN_M, corner_of, metres, on_map, sites_of
from sim.replay.rerun import rerun
from sim.replay.scene import Scene
from sim.replay.spells import NEVER, TICKS_PER_S, ticks
from sim.replay.strip import RELEASES_EVERY_S, WAITING_EVERY_S
from sim.replay.terms import TERMS
from sim.study.shown_names import names_in
from sim.world.boundary import CREDITS, boundary_lines, land, zones
from sim.world.routes import Route
from sim.world.sites import Site

if TYPE_CHECKING:
    from sim.study.study import Study


def scenes_of(study: "Study", names: Sequence[str], replication: int) -> tuple[Scene, ...]:
    """The scenes of those scenarios, on one map. Raises InputError as `rerun` does."""
    observations = [rerun(study, name, replication) for name in names]
    corner = corner_of([route for observation in observations for route in observation.flights.routes])
    return tuple(Scene.of(observation, corner, study.manifest.seed, replication) for observation in observations)


def routes_shown(scenes: Sequence[Scene]) -> list[Route]:
    """The routes of all scenes, each once; two scenarios may each have a route of their own under one key."""
    return list(dict.fromkeys(route for scene in scenes for route in scene.observation.flights.routes))


def page_data(study: "Study", scenes: Sequence[Scene], replication: int) -> tuple[dict[str, Any], str]:
    """The head, and the block of columns that it tells the places of."""
    routes = routes_shown(scenes)
    sites = sites_of(routes)
    packing = Packing()
    head = {
        "version": sim.__version__,
        "seed": study.manifest.seed,
        "replication": replication,
        "languages": LANGUAGES,
        "terms": {key: _in_all_languages(text) for key, text in TERMS.items()},
        "categories": [
            {"label": _in_all_languages(c.label), "sign": c.sign, "dark": c.on_dark, "light": c.on_light} for c in CATEGORIES
        ],
        "whose": [{"label": _in_all_languages(ACCOUNT_LABELS[key]), "colour": WHOSE_COLOURS[key]} for key in ACCOUNTS],
        "outcomes": [_in_all_languages(OUTCOME_LABELS[outcome]) for outcome in Outcome],
        "outcome_keys": [outcome.name.lower() for outcome in Outcome],
        "priorities": [_in_all_languages(PRIORITY_LABELS[priority]) for priority in Priority],
        "disruptions": {key: _in_all_languages(text) for key, text in DISRUPTION_LABELS.items()},
        "warnings": [study.warnings_in(language) for language in LANGUAGES],
        "credits": CREDITS,
        "ticks_per_s": TICKS_PER_S,
        "day_1_s": scenes[0].days.day_1_s,
        "never": NEVER,
        "waiting_every_s": WAITING_EVERY_S,
        "releases_every_s": RELEASES_EVERY_S,
        "paired": _are_paired(scenes),
        "busiest_s": _busiest_s(scenes),
        "sites": [_site(site, corner_of(routes)) for site in sites],
        "routes": [_route(route, corner_of(routes)) for route in routes],
        "backdrop": _backdrop(routes),
        "scenarios": [_scenario(study, scene, routes, sites, packing) for scene in scenes],
    }
    return head, packing.text()


def _in_all_languages(text: Text) -> list[str]:
    return [text.in_language(language) for language in LANGUAGES]


def _are_paired(scenes: Sequence[Scene]) -> bool:
    """Whether the flights of one scene are those of the other, one by one."""
    first, *others = (scene.observation for scene in scenes)
    names = ("ordered_s", "planned_departure_s", "route", "outward", "operator", "priority")
    return all(
        [route.key for route in first.flights.routes] == [route.key for route in other.flights.routes]
        and all(np.array_equal(getattr(first.flights, name), getattr(other.flights, name)) for name in names)
        and np.array_equal(first.consignments.goods, other.consignments.goods)
        for other in others
    )


def _busiest_s(scenes: Sequence[Scene]) -> float:
    """Where the page opens: the instant of the window at which most flights wait in the first scene."""
    observation, strip = scenes[0].observation, scenes[0].strip
    first, last = (int(s // WAITING_EVERY_S) for s in (observation.window_start_s, observation.window_end_s))
    return float((first + strip.waiting[:, first:last].sum(axis=0).argmax()) * WAITING_EVERY_S)


# ------------------------------------------------------------------------------------------- the map


def _site(site: Site, corner: tuple[int, int]) -> dict[str, Any]:
    (point,) = on_map([(site.lon, site.lat)], corner).tolist()
    return {"name": _in_all_languages(site.name), "whose": ACCOUNTS.index(site.side), "point": point}


def _route(route: Route, corner: tuple[int, int]) -> dict[str, Any]:
    return {
        "name": _in_all_languages(route.name),
        "line": on_map(route.waypoints, corner).ravel().tolist(),
        "crossings": on_map(route.crossings, corner).ravel().tolist() if route.crossings else [],
    }


def _backdrop(routes: Sequence[Route]) -> dict[str, Any]:
    """Land, boundary and zones around the corridors: lines as [x, y, x, y, …] in m from the corner."""
    import shapely

    corner = corner_of(routes)
    width, height = np.vstack([metres(route.waypoints) for route in routes]).max(axis=0) + MARGIN_M - corner
    window = shapely.box(0, 0, width, height)

    def within(geometry: Any) -> list[list[list[int]]]:
        """The parts of a geometry inside the window, each a list of lines: an outline, and the holes in it."""
        parts = shapely.get_parts(shapely.intersection(shapely.make_valid(geometry), window))
        areas = [[part.exterior, *part.interiors] for part in parts if part.geom_type == "Polygon"]
        lines = [[part] for part in parts if part.geom_type == "LineString"]
        return [[_whole_metres(line.coords) for line in part] for part in (*areas, *lines)]

    east_m, north_m = np.vstack([on_map(rings[0], corner) for rings in land()]).max(axis=0)
    west_m = min(int(on_map(rings[0], corner)[:, 0].min()) for rings in land())
    areas = [shapely.Polygon(on_map(rings[0], corner), [on_map(hole, corner) for hole in rings[1:]]) for rings in land()]
    lines = [shapely.LineString(on_map(line.line, corner)) for line in boundary_lines()]
    return {
        "known": [west_m, int(east_m), int(north_m)],  # west, east and north of this nobody has drawn the land
        "land": [part for area in areas for part in within(area)],
        "boundary": [part[0] for line in lines for part in within(line)],
        "zones": [part for zone in zones() for part in within(shapely.Polygon(on_map(zone.ring, corner)))],
    }


def _whole_metres(points: Any) -> list[int]:
    return [int(number) for point in np.rint(np.array(points)).tolist() for number in point]


# ----------------------------------------------------------------------------------- one scenario


def _scenario(study: "Study", scene: Scene, routes: Sequence[Route], sites: Sequence[Site], packing: Packing) -> dict[str, Any]:
    observation = scene.observation
    known = set(pools_by_key(observation).values())
    differences = {language: study.differences_in(language).get(scene.name, []) for language in LANGUAGES}
    return {
        "name": [names_in(study, language)[scene.name] for language in LANGUAGES],
        "small": [scene.name if language != "en" else str(observation.scenario.title) for language in LANGUAGES],
        "differences": [differences[language] for language in LANGUAGES],
        "window_s": [observation.window_start_s, observation.window_end_s],
        "horizon_s": observation.horizon_s,
        "stages": [
            {
                "key": step.stage.key,
                "label": _in_all_languages(step.stage.label),
                "category": int(scene.category[number]),
                "marks": step.stage.marks,
            }
            for number, step in enumerate(observation.plan.steps)
        ],
        "pools": [_pool(pool, number in known, routes, sites, observation) for number, pool in enumerate(observation.plan.pools)],
        "limits": [_in_all_languages(limit.label) for limit in departures_put_off_by(observation)[0]],
        "disruptions": [list(disruption) for disruption in scene.disruptions],
        "paths": [path.points.ravel().tolist() for path in scene.places.paths],
        "columns": {
            "flights": packing.add(_flight_columns(scene, routes)),
            "visits": packing.add(_visit_columns(scene)),
            "spells": packing.add(_spell_columns(scene)),
            "strip": packing.add(_strip_columns(scene)),
        },
    }


def _pool(pool: Pool, is_shown: bool, routes: Sequence[Route], sites: Sequence[Site], observation: Observation) -> dict[str, Any]:
    """A pool with its servers by time: [instant in s, servers], null for all that come.

    `site` is -1 for a pool that stands at none, `route` for one that gives no slots.
    """
    place, *_ = words = pool.place.split(".")
    calendar = [(max(at_s, 0.0), n) for at_s, n in zip(pool.calendar.times_s, pool.calendar.capacities, strict=True)]
    changes = dict(calendar)  # of those before the first midnight, the last
    return {
        "key": pool.key,
        "label": [labels.pool(pool.key, language, observation.scenario.assembly.features) for language in LANGUAGES],
        "short": _in_all_languages(pool.kind.label),
        "shown": is_shown,
        "site": next((number for number, site in enumerate(sites) if site.key == place), -1),
        "route": next((n for n, route in enumerate(routes) if pool.kind.mark == "slots" and route.key in words), -1),
        "servers": [[at_s, None if n >= PLENTY else n] for at_s, n in changes.items() if at_s < observation.horizon_s],
    }


def _flight_columns(scene: Scene, routes: Sequence[Route]) -> dict[str, Any]:
    observation, flights = scene.observation, scene.observation.flights
    number = {route: position for position, route in enumerate(routes)}
    return {
        "route": np.array([number[route] for route in flights.routes])[flights.route],
        "outward": flights.outward,
        "operator": flights.operator,
        "aeo": flights.aeo,
        "priority": flights.priority,
        "passengers": flights.passengers,
        "consignments": np.bincount(observation.consignments.flight, minlength=len(flights)),
        **scene.contraband,
        "measured": observation.measured,
        "outcome": observation.outcome,
        "put_off_by": departures_put_off_by(observation)[1],
        "ordered": ticks(flights.ordered_s),
        "planned_departure": ticks(flights.planned_departure_s),
        "target": ticks(observation.facts.get(DEPARTURE_TARGET_S, flights.planned_departure_s)),
        "accepted_shift": ticks(np.where(observation.outcome == Outcome.LOST, flights.max_shift_s, np.nan)),
        "planned_release": ticks(flights.planned_release_s),
        "released": ticks(observation.released_s),
        "ended": ticks(np.where(observation.timeline.ended_s <= observation.horizon_s, observation.timeline.ended_s, np.nan)),
    }


def _visit_columns(scene: Scene) -> dict[str, Any]:
    """Stage by stage, so that neighbours are alike; instants as ticks since the one before, -1 for none."""
    visits = scene.visits
    began = np.where(visits.queued == NEVER, visits.end, visits.queued)
    columns = {
        "stage": visits.stage,
        "flight": visits.flight,
        "pool": visits.pool,
        "whose": account_of_stage(scene.observation)[visits.flight, visits.stage],
        "began": began,
        "entered": visits.queued != NEVER,
        "start": _since(visits.start, began),
        "end": _since(visits.end, np.where(visits.start == NEVER, began, visits.start)),
        "free": _since(visits.free, visits.over),
        **scene.critical_path,
    }
    order = np.lexsort((visits.flight, visits.stage))
    return {name: column[order] for name, column in columns.items()}


def _since(instant: Ints, before: Ints) -> Ints:
    return np.where(instant == NEVER, -1, instant - before)


def _spell_columns(scene: Scene) -> dict[str, Any]:
    """Stage by stage; begin and end as ticks since those of the wait or the service, which they mostly are."""
    spells, visits = scene.spells, scene.visits
    visit, waiting = spells.visit, spells.waiting
    stage = visits.stage[visit]
    columns = {
        "stage": stage,
        "flight": spells.flight,
        "waiting": waiting,
        "later": spells.begin - np.where(waiting, visits.queued[visit], visits.start[visit]),
        "earlier": np.where(waiting, visits.left[visit], visits.over[visit]) - spells.end,
        "path": spells.path,
        "mode": spells.mode,
    }
    order = np.lexsort((spells.begin, spells.flight, stage))
    return {name: column[order] for name, column in columns.items()}


def _strip_columns(scene: Scene) -> dict[str, Any]:
    return {"waiting": scene.strip.waiting.ravel(), "releases": scene.strip.releases}
