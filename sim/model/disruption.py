"""Disruptions: spells in which flights or their data do not get through, declared by the features that know of them."""

from collections.abc import Iterable
from typing import NamedTuple

from sim.ground.text import Text
from sim.model.facts import Fact
from sim.model.stage import Limit

Spell = tuple[float, float]


class Disruption(NamedTuple):
    """What stood still from `start_s` up to, not including, `end_s`; `kind` is a key of DISRUPTION_LABELS."""

    kind: str
    start_s: float
    end_s: float


DISRUPTIONS = Fact[tuple[Disruption, ...]]("disruptions", tuple, "scenario", "what stood still when, as Disruption", shared=True)
WEATHER_CLOSURES_S = Fact[tuple[Spell, ...]](
    "weather_closures_s", tuple, "scenario", "spells without slots for the weather, (start, end), s"
)
WEATHER_GROUNDED_S = Fact[dict[str, tuple[Spell, ...]]](
    "weather_grounded_s", dict, "scenario", "for each type of aircraft, spells in which it may not take off, s"
)
WEATHER_IN_FORCE = Fact[tuple[Disruption, ...]](
    "weather_in_force", tuple, "scenario", "signals, rainstorms and fog in which flights stop, each, as Disruption"
)
SLOTS = "slots"
WEATHER_SAMPLED_S = Fact[dict[str, tuple[Spell, ...]]](
    "weather_sampled_s",
    dict,
    "scenario",
    "spells lost to sampled weather alone, (start, end), s, under slots and by type of aircraft; empty without it",
)
BAD_WEATHER = Limit("bad_weather", Text("the weather", "天氣", "天气"))
DISRUPTION_LABELS: dict[str, Text] = {
    "signal_8": Text("typhoon signal 8", "八號熱帶氣旋警告信號", "八号热带气旋警告信号"),
    "signal_3": Text("typhoon signal 3", "三號熱帶氣旋警告信號", "三号热带气旋警告信号"),
    "signal_1": Text("typhoon signal 1", "一號熱帶氣旋警告信號", "一号热带气旋警告信号"),
    "rain_black": Text("black rainstorm", "黑色暴雨警告", "黑色暴雨警告"),
    "rain_red": Text("red rainstorm", "紅色暴雨警告", "红色暴雨警告"),
    "rain_amber": Text("amber rainstorm", "黃色暴雨警告", "黄色暴雨警告"),
    "fog": Text("fog", "霧", "雾"),
    "wind": Text("strong wind", "強風", "强风"),
    "outage": Text("outage of the data interface", "數據接口故障", "数据接口故障"),
    "closure": Text("planned closure of the corridor", "低空通道預定關閉", "低空通道计划关闭"),
}


def united(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """The union of spells [start, end), in order; empty spells are left out, adjoining ones become one."""
    joined: list[Spell] = []
    for start_s, end_s in sorted(spell for spell in spells if spell[1] > spell[0]):
        if joined and start_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end_s))
        else:
            joined.append((start_s, end_s))
    return tuple(joined)


def without(spells: Iterable[Spell], others: Iterable[Spell]) -> tuple[Spell, ...]:
    """What of the spells lies in none of the others, in order."""
    left = list(united(spells))
    for start_s, end_s in united(others):
        left = [
            piece
            for begun_s, over_s in left
            for piece in ((begun_s, min(over_s, start_s)), (max(begun_s, end_s), over_s))
            if piece[1] > piece[0]
        ]
    return tuple(left)
