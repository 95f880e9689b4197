"""Road comparison: whether a flight, door to door, beats the goods vehicle on the same relation. World and measures only."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import Where
from sim.ground.errors import Problem
from sim.ground.parameter import Duration, Group, Status, parameter
from sim.ground.text import COMMA, Text
from sim.ground.tolerance import beyond
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext
from sim.model.metric import EventSize, Margin, Metric
from sim.model.observation import Observation
from sim.model.phrase import FLIGHTS_COUNTED, LONGER_OR_SHORTER, MORE_OR_FEWER, MORE_OR_LESS, Phrase
from sim.world.road import road_trip
from sim.world.routes import route_catalogue

ESTIMATED = Where(
    lambda read: any(route not in read("world.road.times") for route in read("policy.corridor.routes")),
    unless=Text("every route has its own time by road", "各航線均另訂陸路時間", "各航线均另定陆路时间"),
    such_as={"world.road.times": {}},
)


class RoadWorld(Group):
    """The goods vehicle's time, and the drone's way between the doors and the vertiports."""

    times: dict[str, Duration] = parameter(
        {},
        label=Text("Door-to-door times by road", "陸路門到門用時", "陆路门到门用时"),
        meaning=(
            "Door-to-door times of a goods vehicle by route ({route: time}) that replace the estimate: driving time of the data"
            " file, clearance at each boundary, handling at both ends."
        ),
        source="the user's own; the estimates of the data file carry their sources",
        status=Status.STATED,
        bounds=("1 min", "7 d"),
    )
    clearance: Duration = parameter(
        "10 min",
        label=Text("Clearance at a land boundary", "陸路口岸通關用時", "陆路口岸通关用时"),
        meaning=(
            "Time that a goods vehicle needs at a boundary, both sides together, beside driving. Its data are handed in before it"
            " sets out, as a flight's are, so the lead of the data is no part of it."
        ),
        source=(
            "two kiosks of up to 3 min (futureiot.tech, Jan 2019; at the bridge an unselected vehicle is through in 3 min, CNS,"
            " 21 Oct 2019), and 4 min on the mean for the one in ten that is inspected (a guess)"
        ),
        status=Status.DERIVED,
        bounds=("0 s", "2 d"),
        plausible=("4 min", "60 min"),
        needs=ESTIMATED,
    )
    handling: Duration = parameter(
        "30 min",
        label=Text("Loading and unloading a goods vehicle", "貨車裝卸用時", "货车装卸用时"),
        meaning="Time of a goods vehicle at the two doors together.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("10 min", "90 min"),
        needs=ESTIMATED,
    )
    drone_last_mile: Duration = parameter(
        "30 min",
        label=Text("First and last mile of the drone", "無人機首末段接駁用時", "无人机首末段接驳用时"),
        meaning=(
            "Time between the consignor's door and the planned departure, handing in included, and between the release and the"
            " consignee's door, together."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("10 min", "90 min"),
    )


ROAD_S = Fact[Floats]("road_time_s", float, "flight", "door to door by road, s", least=0)
DRONE_ENDS_S = Fact[float]("drone_last_mile_s", float, "scenario", "first and last mile of a drone's consignment together, s")


def decide(context: PlanningContext, policy: None, world: RoadWorld) -> FactValues:
    """Each flight's rival."""
    trips = [road_trip(route) for route in context.flights.routes]
    estimates_s = [trip.driving_s + trip.controls * world.clearance + world.handling for trip in trips]
    keys = [route.key for route in context.flights.routes]
    by_route = np.array([world.times.get(key, estimate_s) for key, estimate_s in zip(keys, estimates_s, strict=True)])
    return {ROAD_S: by_route[context.flights.route], DRONE_ENDS_S: world.drone_last_mile}


_UNKNOWN_ROUTE = Text("unknown route", "沒有這條航線", "没有这条航线")


def check(policy: None, world: RoadWorld, scenario: Any) -> Sequence[Problem]:
    """Times by road must be of known routes."""
    known = [*scenario.policy.corridor.own_routes, *route_catalogue()]
    return [
        Problem(_UNKNOWN_ROUTE, path="world.road.times", found=Text.same(key), allowed=COMMA.join(sorted(known)))
        for key in world.times
        if key not in known
    ]


# ------------------------------------------------------------------------------------------- measures


def _door_to_door_s(observation: Observation) -> Floats:
    """Shape (n,): from door to door by drone, counted from when the planned departure asks for the goods; NaN if not released."""
    lapse_s = observation.released_s - observation.flights.planned_departure_s
    return np.asarray(lapse_s + observation.facts[DRONE_ENDS_S])


def _margin_s(observation: Observation) -> Floats:
    """Shape (n,): how much sooner than the goods vehicle the goods are there; NaN where they were not released."""
    return np.asarray(observation.facts[ROAD_S] - _door_to_door_s(observation))


def _break_even_s(observation: Observation) -> Floats:
    """Shape (n,): what is left of the goods vehicle's time for clearance and every wait of the drone."""
    plan = observation.plan
    takeoff = plan.takeoff or 0
    moving = [s for s, step in enumerate(plan.steps) if s >= takeoff and step.stage.step in ("flight", "ground")]
    moving_s = np.where(plan.visits[:, moving], plan.service_s[:, moving], 0.0).sum(axis=1)
    return np.asarray(observation.facts[ROAD_S] - observation.facts[DRONE_ENDS_S] - moving_s)


def _goods(observation: Observation) -> Bools:
    """Shape (n,): measured flights that carry goods; a goods vehicle is no rival of passengers."""
    return observation.measured & ~observation.flights.cabin


def _by_route(observation: Observation, values: Floats | Bools, counted: Bools) -> dict[str, float]:
    """The mean of `values` over the flights in `counted`, of all routes ("") and of each."""
    flights = observation.flights
    of = {"": counted, **{route.key: counted & (flights.route == number) for number, route in enumerate(flights.routes)}}
    return {key: float(values[which].mean()) if which.any() else np.nan for key, which in of.items()}


METRICS = (
    Metric(
        key="faster_than_road_share",
        label=Text("door to door faster than by road", "門到門快於陸路的航班比例", "门到门快于陆路的航班比例"),
        unit="share",
        better="higher",
        topic="delay",
        formula=(
            "Measured cargo flights whose release - planned departure + first and last mile is below the door-to-door time by "
            "road / flights planned; one that was not released is not faster. Of all, and by route."
        ),
        compute=lambda o: _by_route(o, beyond(_margin_s(o), 0.0), _goods(o)),
        headline=True,
        event=EventSize(per="flights_planned"),
        matters=Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
        phrase=Phrase(
            Text(
                "{n} of {of} flights planned are quicker than the road, door to door{where}",
                "{where}每 {of} 班計劃航班有 {n} 班門到門快於陸路",
                "{where}每 {of} 班计划航班有 {n} 班门到门快于陆路",
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="road_margin",
        label=Text("ahead of the road, released flights", "較陸路提早的時間（已放行航班）", "较陆路提早的时间（已放行航班）"),
        unit="s",
        better="neither",
        topic="delay",
        formula=(
            "Mean of the door-to-door time by road - (release - planned departure + first and last mile), over measured flights "
            "released. Of all, and by route."
        ),
        compute=lambda o: _by_route(o, _margin_s(o), _goods(o) & ~np.isnan(o.released_s)),
        phrase=Phrase(
            Text(
                "released flights are {n} ahead of the road on average{where}",
                "{where}已放行航班平均較陸路快 {n}",
                "{where}已放行航班平均比陆路快 {n}",
            ),
            MORE_OR_LESS,
            below=Text(
                "released flights are {n} behind the road on average{where}",
                "{where}已放行航班平均較陸路慢 {n}",
                "{where}已放行航班平均比陆路慢 {n}",
            ),
        ),
    ),
    Metric(
        key="break_even_clearance",
        label=Text("break-even clearance time", "清關時間的盈虧平衡點", "清关时间的盈亏平衡点"),
        unit="s",
        better="higher",
        topic="delay",
        formula=(
            "Mean of the door-to-door time by road - first and last mile - legs, touchdown and unloading, over measured flights: "
            "clearance and waits may take so long after the planned departure before the road is as fast. Of all, and by route."
        ),
        compute=lambda o: _by_route(o, _break_even_s(o), _goods(o)),
        matters=Margin("5 min", "a small part of a trip by road", Status.GUESS, ("1 min", "30 min")),
        phrase=Phrase(
            Text(
                "clearance may take {n} before the road is as quick{where}",
                "{where}清關需時 {n} 以內，仍快於陸路",
                "{where}清关用时 {n} 以内，仍快于陆路",
            ),
            LONGER_OR_SHORTER,
        ),
    ),
)

ROAD = Feature(
    key="road",
    label=Text("Road comparison", "與陸路比較", "与陆路比较"),
    world=RoadWorld,
    writes=(ROAD_S, DRONE_ENDS_S),
    metrics=METRICS,
    decide=decide,
    check=check,
)
