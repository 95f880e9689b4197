"""Chart: a map of the corridors flown, the boundary they cross, and where."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from sim.charts import labels, style
from sim.charts.chart import Chart
from sim.ground.arrays import Floats
from sim.ground.geodesy import LonLat, to_metres
from sim.ground.text import Language, Text
from sim.world.boundary import CREDITS, Ring, boundary_lines, land
from sim.world.own_route import routes_of
from sim.world.routes import Route
from sim.world.sites import Site

if TYPE_CHECKING:
    from sim.study.study import Study

TITLE = Text("Corridors and the boundary", "低空通道與界線", "低空通道与界线")
FINDING = Text(
    "{name}: {km} km, crossing {crossings}; {flights} flights planned (first replication)",
    "{name}：{km} 公里，{crossings}；計劃 {flights} 班（首次重複）",
    "{name}：{km} 公里，{crossings}；计划 {flights} 班（首次重复）",
)
CROSSING = Text("the boundary {km} km from {site}", "距{site} {km} 公里處跨境", "距{site} {km} 公里处跨境")
NOTE = Text(
    "Lines drawn straight between sites and waypoints. Dashed: boundary. Diamond: crossing point. "
    "The land is drawn coarsely. {credits}.",
    "航線為站點與航點之間的直線。虛線：界線。菱形：跨境點。陸地為粗略繪製。{credits}。",
    "航线为站点与航点之间的直线。虚线：界线。菱形：跨境点。陆地为粗略绘制。{credits}。",
)
SHAPE = Text(
    "Map: land, the boundary as a dashed line, a line a corridor, a diamond where it crosses the boundary.",
    "地圖：陸地；虛線為界線；每條低空通道一條線，菱形為跨境點。",
    "地图：陆地；虚线为界线；每条低空通道一条线，菱形为跨境点。",
)
NOTHING = Text("No corridor was flown.", "沒有飛行任何低空通道。", "没有飞行任何低空通道。")
SEA, LAND = "#eef3f6", "#d9d5cb"
_LEAST_WIDTH_M, _MARGIN_SHARES, _BODY_IN, _WIDEST_RATIO = 9000.0, (0.35, 0.2), 6.4, 1.5


def numbers(study: "Study") -> pd.DataFrame:
    """One row a corridor flown: its length, where it crosses, and its planned flights, of one replication."""
    flights = study.flights
    first = flights[(flights["scenario"] == study.baseline) & (flights["replication"] == 0) & flights["measured"]]
    planned = first["route"].value_counts(sort=False)
    rows = []
    for route in _routes(study):
        cuts = "; ".join(f"{lon:.5f} {lat:.5f}" for lon, lat in route.crossings)
        legs = "; ".join(f"{leg.side} {leg.length_m / 1000:.2f}" for leg in route.legs)
        rows.append((route.key, route.name.en, route.length_m / 1000, legs, cuts, int(planned.get(route.key, 0))))
    return pd.DataFrame(rows, columns=["route", "name", "length_km", "legs_km", "crossings_lon_lat", "flights_planned"])


def _routes(study: "Study") -> list[Route]:
    """The routes flown in any scenario, of the catalogue or a scenario's own."""
    corridors = [scenario.policy.corridor for scenario in study.scenarios]
    known = {route.key: route for corridor in corridors for route in routes_of(corridor.routes, corridor.own_routes)}
    return [known[key] for key in sorted(study.flights["route"].unique())]


def draw(study: "Study", language: Language) -> Figure:
    """The figure: land, boundary, corridors with their crossings, sites, scale and north."""
    routes, title = _routes(study), TITLE.in_language(language)
    if not routes:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    note = NOTE.in_language(language).format(credits=". ".join(CREDITS))
    figure = style.page(_BODY_IN, title, finding(study, language), labels.with_source(note, study, language))
    draw_map(figure.subplots(), routes, language)
    return figure


def draw_map(axis: Axes, routes: Sequence[Route], language: Language) -> None:
    """Land, boundary, the corridors with their crossings, sites, scale and north, in EPSG:4547 metres."""
    _frame(axis, routes)
    _backdrop(axis)
    for position, route in enumerate(routes):
        _corridor(axis, position, route)
    _name_sites(axis, routes, language)
    _scale_bar(axis)
    _north(axis)


def finding(study: "Study", language: Language) -> str:
    """A line a corridor: its length, where it crosses the boundary, and its planned flights."""
    planned = numbers(study).set_index("route")["flights_planned"]
    lines = [_finding(route, int(planned[route.key]), language) for route in _routes(study)]
    return "\n".join(lines) or NOTHING.in_language(language)


def _finding(route: Route, flights: int, language: Language) -> str:
    along = np.cumsum([leg.length_m for leg in route.legs])[:-1] / 1000
    site = route.sites[0].name.in_language(language)
    crossings = [CROSSING.in_language(language).format(km=f"{km:.1f}", site=site) for km in along]
    name = route.name.in_language(language)
    return FINDING.in_language(language).format(
        name=name,
        km=f"{route.length_m / 1000:.1f}",
        crossings=", ".join(crossings) or labels.whose(route.sites[0].side, language),
        flights=flights,
    )


def _metres(points: Iterable[LonLat]) -> Floats:
    """Shape (k, 2): east and north in EPSG:4547 metres."""
    lons, lats = zip(*points, strict=True)
    return np.column_stack(to_metres(np.array(lons), np.array(lats)))


def _frame(axis: Axes, routes: Sequence[Route]) -> None:
    """Limits around the corridors with a margin, wide enough for the body of the page."""
    points = np.vstack([_metres(route.waypoints) for route in routes])
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2
    width, height = np.maximum((high - low) * (1 + 2 * np.array(_MARGIN_SHARES)), _LEAST_WIDTH_M / _WIDEST_RATIO)
    width = max(width, height * _WIDEST_RATIO)
    height = max(height, width / _WIDEST_RATIO)
    axis.set_xlim(centre[0] - width / 2, centre[0] + width / 2)
    axis.set_ylim(centre[1] - height / 2, centre[1] + height / 2)
    axis.set_aspect("equal")
    axis.set_facecolor(SEA)
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set_visible(True)
        spine.set_color(style.RULE)


def _backdrop(axis: Axes) -> None:
    for rings in land():
        outline = [_ring_path(ring) for ring in rings]
        axis.add_patch(PathPatch(Path.make_compound_path(*outline), facecolor=LAND, edgecolor="#b5b0a3", linewidth=0.5, zorder=1))
    for line in boundary_lines():
        east, north = _metres(line.line).T
        axis.plot(east, north, color=style.INK, linewidth=1.1, linestyle=(0, (5, 2.5)), zorder=2)


def _ring_path(ring: Ring) -> Path:
    points = _metres(ring)
    codes = [Path.MOVETO, *([Path.LINETO] * (len(points) - 2)), Path.CLOSEPOLY]
    return Path(points, codes)


def _corridor(axis: Axes, position: int, route: Route) -> None:
    line = style.scenario_style(position + 1)
    east, north = _metres(route.waypoints).T
    axis.plot(east, north, color=style.PAPER, linewidth=5, zorder=3, solid_capstyle="round")
    axis.plot(east, north, color=line.colour, linewidth=2.6, linestyle=line.dash if position else "-", zorder=4)
    if route.crossings:
        at = _metres(route.crossings).T
        axis.plot(*at, "D", color=style.PAPER, markeredgecolor=style.INK, markersize=8, linestyle="none", zorder=6)


def _sites(routes: Sequence[Route]) -> list[Site]:
    return list({site.key: site for route in routes for site in route.sites}.values())


def _name_sites(axis: Axes, routes: Sequence[Route], language: Language) -> None:
    """Names beside their sites, away from the corridor, moved apart where they would overlap."""
    sites = _sites(routes)
    least = 0.045 * float(np.ptp(axis.get_ylim()))
    points = {site.key: _metres([(site.lon, site.lat)])[0] for site in sites}
    for right in (False, True):
        column = sorted((s for s in sites if _eastern(s, routes) == right), key=lambda s: float(points[s.key][1]))
        heights = _moved_apart([float(points[site.key][1]) for site in column], least)
        for site, height in zip(column, heights, strict=True):
            x, y = points[site.key]
            axis.plot(x, y, "o", color=style.INK, markersize=6, zorder=7)
            text = f"{site.name.in_language(language)} ({labels.whose(site.side, language)})"
            axis.annotate(
                style.wrap(text, 1.9, 8.5),
                (x, y),
                (10 if right else -10, (height - y) / least * 15),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                size=8.5,
                zorder=8,
                bbox={"facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
            )


def _eastern(site: Site, routes: Sequence[Route]) -> bool:
    """Whether the site is the eastern end of the first corridor that it belongs to."""
    ends = next(route.sites for route in routes if site in route.sites)
    return site.lon == max(end.lon for end in ends)


def _moved_apart(heights: Sequence[float], least: float) -> list[float]:
    """The rising heights, each at least `least` above the one before it."""
    moved = list(heights[:1])
    for below, height in pairwise(heights):
        moved.append(max(height, moved[-1] + least, below))
    return moved


def _scale_bar(axis: Axes) -> None:
    (west, east), (south, north) = axis.get_xlim(), axis.get_ylim()
    longest = 0.25 * (east - west)
    length = max(step * 10**power for power in range(2, 6) for step in (1, 2, 5) if step * 10**power <= longest)
    x, y, thick = west + 0.03 * (east - west), south + 0.04 * (north - south), 0.008 * (north - south)
    box: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 0.8, "zorder": 9}
    axis.barh(y, length, left=x, height=thick, **box)
    axis.barh(y, length / 2, left=x, height=thick, **{**box, "facecolor": style.INK})
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axis.text(x + length, y + 2 * thick, label, ha="center", va="bottom", size=8, zorder=9)
    axis.text(x, y + 2 * thick, "0", ha="center", va="bottom", size=8, zorder=9)


def _north(axis: Axes) -> None:
    axis.annotate(
        "N",
        (0.965, 0.965),
        (0.965, 0.88),
        xycoords="axes fraction",
        textcoords="axes fraction",
        ha="center",
        size=10,
        weight=style.title_weight(),
        zorder=9,
        arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.4},
    )


CHART = Chart("corridor-map", TITLE, SHAPE, numbers, finding, draw, boostable=True)
