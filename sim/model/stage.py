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


MARK_MEANINGS: Mapping[Mark, Text] = {
    Mark.FILED: Text(
        "at its end the operator's file is ready",
        "結束時營運人的申報資料已備妥",
        "结束时运营人的申报资料已备妥",
    ),
    Mark.ACCEPTED: Text(
        "when it is entered, the customs of its role's side accept the file",
        "開始時所屬一方的海關接受申報",
        "开始时所属一方的海关接受申报",
    ),
    Mark.LOADING: Text(
        "it begins when the goods are at the vertiport of departure",
        "貨物抵達出發起降場時開始",
        "货物抵达出发起降场时开始",
    ),
    Mark.LANDED: Text(
        "at its end the aircraft stands on the pad of its destination",
        "結束時航空器停在目的地的停機坪",
        "结束时航空器停在目的地的停机坪",
    ),
    Mark.RELEASED: Text(
        "at its end the goods are released",
        "結束時貨物獲放行",
        "结束时货物获放行",
    ),
    Mark.DETENTION: Text(
        "whoever comes to it is detained after a find",
        "查獲後扣留",
        "查获后扣留",
    ),
    Mark.OUT: Text(
        "a leg of the way out, in the order flown",
        "去程的一段，按飛行次序",
        "去程的一段，按飞行顺序",
    ),
    Mark.BACK: Text(
        "a leg of the way back, in the order flown",
        "回程的一段，按飛行次序",
        "回程的一段，按飞行顺序",
    ),
    Mark.DIVERT: Text(
        "the flight from the destination to its alternate",
        "由目的地飛往備降場",
        "由目的地飞往备降场",
    ),
    Mark.DIVERT_HOME: Text(
        "the flight home from the alternate",
        "由備降場返航",
        "由备降场返航",
    ),
    Mark.DIVERSION: Text(
        "part of a diversion, from the flight to the alternate to the flight home",
        "備降的一部分，由飛往備降場至返航",
        "备降的一部分，由飞往备降场至返航",
    ),
    Mark.HELD_FOR_PAD: Text(
        "whoever queues for it waits in the air for a pad",
        "在空中等候停機坪",
        "在空中等候停机坪",
    ),
    Mark.HELD_IN_FLIGHT: Text(
        "for as long as it lasts, the aircraft is stopped in the air",
        "其間航空器在空中停留",
        "其间航空器在空中停留",
    ),
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
