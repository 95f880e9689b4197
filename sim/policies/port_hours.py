"""Port hours: when the control points at the vertiports are open, and flights may take off for them."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from sim.ground.condition import Where
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import GOVERNMENTS, Instrument
from sim.ground.parameter import BySide, Clock, Duration, Group, Status, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.model.calendar import PLENTY
from sim.model.fact_catalogue import PORT_HOURS_S, PORTS_SHUT
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.plan import Pool
from sim.model.process import FIT_TO_DEPART, READY_TO_DEPART
from sim.model.stage import PoolKind, Stage

A_PORT_CLOSES = Where(
    lambda read: any(
        (read("policy.port_hours.closes")[side] - read("policy.port_hours.opens")[side]) % DAY_S for side in SIDE_KEYS
    ),
    Text("all ports are open all day", "所有口岸全日開放", "所有口岸全天开放"),
)


class PortHoursPolicy(Group):
    """Hours of the control points."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            GOVERNMENTS,
            Text(
                "opening hours of the control point, which each side sets",
                "管制站開放時間，由兩地各自訂定",
                "口岸开放时间，由两地各自规定",
            ),
            ("customs", "immigration"),
        ),
    )

    opens: BySide[Clock] = parameter(
        "07:00",
        label=Text("Port opens", "口岸開放時間", "口岸开放时间"),
        meaning=(
            "From when the control points of a side are staffed each day and flights may take off to and from them; opening and"
            " closing at the same time is all day. Its officers' rosters count within these hours only."
        ),
        source=(
            "cargo hours of Heung Yuen Wai, Man Kam To and Sha Tau Kok, 07:00 to 22:00 (info.gov.hk, 21 Aug 2020), carried"
            " over, to Macao too; cargo at Shenzhen Bay is cleared at all hours (people.cn, Dec 2020)"
        ),
        status=Status.DERIVED,
    )
    closes: BySide[Clock] = parameter(
        "22:00",
        label=Text("Port closes", "口岸關閉時間", "口岸关闭时间"),
        meaning=(
            "Until when the control points of a side are staffed each day; whoever is not done by then waits for the opening."
        ),
        source=(
            "cargo hours of Heung Yuen Wai, Man Kam To and Sha Tau Kok, 07:00 to 22:00 (info.gov.hk, 21 Aug 2020), carried"
            " over, to Macao too; cargo at Shenzhen Bay is cleared at all hours (people.cn, Dec 2020)"
        ),
        status=Status.DERIVED,
    )
    last_take_off: Duration = parameter(
        "30 min",
        label=Text("Last take-off before closing", "口岸關閉前最後起飛", "口岸关闭前最后起飞"),
        meaning="How long before the earlier closing of its two ports a flight must be ready for its pad; a later one waits.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "4 h"),
        plausible=("10 min", "1 h"),
        needs=A_PORT_CLOSES,
    )


PORT_OPEN = Stage("port_open", Text("both ports open", "兩地口岸開放", "两地口岸开放"), "shared", "ground")
PORTS = PoolKind("open_ports", Text("open ports", "開放的口岸", "开放的口岸"))


def decide(context: PlanningContext, policy: PortHoursPolicy, world: None) -> FactValues:
    """The hours of each side's ports."""
    return {PORT_HOURS_S: {side: (policy.opens[side] % DAY_S, policy.closes[side] % DAY_S) for side in SIDE_KEYS}}


def build(context: PlanningContext, policy: PortHoursPolicy, world: None) -> Sequence[StageUse]:
    """The wait until both ports are open, for whoever is ready to depart; none where all ports are open all day."""
    if not _shut(policy):
        return []
    pairs = [tuple(site.side for site in route.sites) for route in context.flights.routes]
    pools = tuple(_pool_of_two(context, policy, first, last) for first, last in dict.fromkeys(pairs))
    keys = [pool.place for pool in pools]
    number = np.array([keys.index(_place(*pair)) for pair in pairs], dtype=np.int32)
    return [
        StageUse(
            PORT_OPEN, after=(READY_TO_DEPART,), precedes=(FIT_TO_DEPART,), pool=PoolChoice(pools, number[context.flights.route])
        )
    ]


def _shut(policy: PortHoursPolicy) -> bool:
    """Whether the ports of any side close at all."""
    return any((policy.closes[side] - policy.opens[side]) % DAY_S for side in SIDE_KEYS)


def _place(first: str, last: str) -> str:
    return f"{first}.{last}"


def _pool_of_two(context: PlanningContext, policy: PortHoursPolicy, first: str, last: str) -> Pool:
    """Room for everybody while the ports of both sides let flights take off."""
    both = context.daily(PLENTY, 0.0, 0.0)
    for side in (first, last):
        opens_s, closes_s = context.port_hours(side)
        if opens_s != closes_s:
            both = both.within(context.daily(1, opens_s, closes_s - policy.last_take_off))
    return Pool(PORTS, both, _place(first, last), closed_by=((PORTS_SHUT, both),))


_WITH_OPENING = Text(
    "{last} s, with {length} s of opening in {side}",
    "{last} s，而 {side} 開放 {length} s",
    "{last} s，而 {side} 开放 {length} s",
)
_LESS = Text("less than the hours of the ports", "短於口岸開放時間", "短于口岸开放时间")
_NEVER_OPEN = Text(
    "no flight could ever take off: the port is open for no longer than that",
    "口岸開放時間不長於最後起飛的提前量，航班無法起飛",
    "口岸开放时间不长于最后起飞的提前量，航班无法起飞",
)


def check(policy: PortHoursPolicy, world: None, scenario: Any) -> Sequence[Problem]:
    """A port is open for longer than its last take-off is ahead of its closing."""
    return [
        contradiction(
            _NEVER_OPEN,
            "policy.port_hours.last_take_off",
            ("policy.port_hours.opens", "policy.port_hours.closes"),
            value=_WITH_OPENING.fill(last=f"{policy.last_take_off:g}", length=f"{length_s:g}", side=side),
            allowed=_LESS,
        )
        for side in SIDE_KEYS
        if 0 < (length_s := (policy.closes[side] - policy.opens[side]) % DAY_S) <= policy.last_take_off
    ]


PORT_HOURS = Feature(
    key="port_hours",
    label=Text("Port hours", "口岸開放時間", "口岸开放时间"),
    policy=PortHoursPolicy,
    writes=(PORT_HOURS_S,),
    stages=(PORT_OPEN,),
    pools=(PORTS,),
    limits=(PORTS_SHUT,),
    decide=decide,
    build=build,
    check=check,
)
