"""Declarations of stages, their marks, and pools, each once, with labels in three languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sim.ground.text import Text

Role = Literal["origin", "destination", "air", "operator", "shared"]
ENDS: tuple[Role, Role] = ("origin", "destination")
ROLES: tuple[Role, ...] = ("origin", "destination", "air", "operator", "shared")
ROLE_LABELS: dict[Role, Text] = {
    "origin": Text("side of origin", "出境方", "出境方"),
    "destination": Text("side of destination", "入境方", "进境方"),
    "air": Text("airspace and flight", "空域與飛行", "空域与飞行"),
    "operator": Text("operator", "營運商", "运营人"),
    "shared": Text("both sides", "雙方", "双方"),
}
Step = Literal["order", "filing", "interface", "airspace", "screening", "documents", "inspection", "quarantine", "passengers",
               "ground", "weather", "slot", "flight", "release", "return"]  # fmt: skip
STEP_LABELS: dict[Step, Text] = {
    "order": Text("order", "下單", "下单"),
    "filing": Text("filing and decision", "申報與決定", "申报与决定"),
    "interface": Text("data interface", "數據接口", "数据接口"),
    "airspace": Text("flight authorisation", "飛行許可", "飞行许可"),
    "screening": Text("risk screening", "風險篩查", "风险筛查"),
    "documents": Text("document check", "文件審核", "单证审核"),
    "inspection": Text("inspection", "查驗", "查验"),
    "quarantine": Text("quarantine", "檢疫", "检疫"),
    "passengers": Text("passenger checks", "旅客查驗", "旅客查验"),
    "ground": Text("vertiport", "起降場", "起降场"),
    "weather": Text("weather", "天氣", "天气"),
    "slot": Text("corridor slot", "通道時段", "通道时隙"),
    "flight": Text("flight", "飛行", "飞行"),
    "release": Text("release", "放行", "放行"),
    "return": Text("return of the aircraft", "航空器返程", "航空器返程"),
}


class Mark(StrEnum):
    """What a stage is to measures and to the replay, which ask a plan for marks and never for another feature's keys."""

    FILED = "filed"
    ACCEPTED = "accepted"
    LOADING = "loading"
    LANDED = "landed"
    RELEASED = "released"
    DETENTION = "detention"
    OUT = "out"
    BACK = "back"
    DIVERT = "divert"
    DIVERT_HOME = "divert_home"
    DIVERSION = "diversion"
    HELD_FOR_PAD = "held_for_pad"
    HELD_IN_FLIGHT = "held_in_flight"


MARK_MEANINGS: Mapping[Mark, str] = {
    Mark.FILED: "at its end the operator's file is ready",
    Mark.ACCEPTED: "when it is entered, the customs of its role's side accept the file",
    Mark.LOADING: "it begins when the goods are at the vertiport of departure",
    Mark.LANDED: "at its end the aircraft stands on the pad of its destination",
    Mark.RELEASED: "at its end the goods are released",
    Mark.DETENTION: "whoever comes to it is detained after a find",
    Mark.OUT: "a leg of the way out, in the order flown",
    Mark.BACK: "a leg of the way back, in the order flown",
    Mark.DIVERT: "the flight from the destination to its alternate",
    Mark.DIVERT_HOME: "the flight home from the alternate",
    Mark.DIVERSION: "part of a diversion, from the flight to the alternate to the flight home",
    Mark.HELD_FOR_PAD: "whoever queues for it waits in the air for a pad",
    Mark.HELD_IN_FLIGHT: "for as long as it lasts, the aircraft is stopped in the air",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule that loses flights, puts them off or keeps them waiting. The label is a noun that a sentence can begin with."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Stage:
    """A named step of a flight: `role` says whose minutes it costs, `step` which line of a table it is in.

    `marks`: what it is to whoever reads the timeline · `limit`: its service is no work but a time that this rule sets.
    """

    key: str
    label: Text
    role: Role
    step: Step
    marks: tuple[Mark, ...] = ()
    limit: Limit | None = None


PoolMark = Literal["slots", "pads", "fleet"]
Workload = Literal["officer", "immigration", "quarantine", "aviation", "machine", "dog", "none"]


@dataclass(frozen=True, slots=True)
class PoolKind:
    """A named kind of servers; `workload` says whose hour it is: a customs officer's, aviation staff's, …

    `staffed_by`: whose hour it is besides, where a server is a machine or a dog with somebody at its side · `mark`: the
    slots of a route, the pads of a vertiport, or the aircraft based at one end of a route, whichever feature has them ·
    `in_port_hours`: it serves in the hours of its port only.
    """

    key: str
    label: Text
    workload: Workload = "none"
    staffed_by: Workload = "none"
    mark: PoolMark | None = None
    in_port_hours: bool = False


def by_role(key: str, label: Text, step: Step, marks: tuple[Mark, ...] = ()) -> dict[Role, Stage]:
    """The stage `key` at the side of origin and of destination; `{at}` in the label is filled in."""
    return {role: Stage(f"{key}_{role}", label.fill(at=ROLE_LABELS[role]), role, step, marks) for role in ENDS}
