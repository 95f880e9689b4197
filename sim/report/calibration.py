"""Predicted beside published: what the model says of the few times that somebody has published.

Nobody has published the clearance of a cross-boundary drone, so most of it is about flying, and about passengers.
That a figure from which a parameter was set (an input) comes near proves nothing; only the checks do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.ground.text import Text
from sim.metrics.measure_ref import MeasureRef
from sim.world.aircraft import aircraft_catalogue, nominal_flight_time_s

if TYPE_CHECKING:
    from sim.study.study import Study


@dataclass(frozen=True, slots=True)
class Published:
    """A published time in seconds, low to high (0 to high: "under").

    role: a check, or an input, which some parameter was set from · scenario, measure: whose level predicts it ("key/part");
    or distance_m and aircraft, for a flight that crosses no boundary and is predicted by the nominal flight time alone ·
    remark: what is not alike.
    """

    what: Text
    low_s: float
    high_s: float
    source: str
    role: Literal["check", "input"]
    scenario: str = ""
    measure: str = ""
    distance_m: float = 0.0
    aircraft: str = ""
    remark: str = ""


HELICOPTERS, SHEKOU, LANE, ACCEPT_SHARE = "calibration-helicopters", "calibration-shekou-port", "calibration-joint-lane", 0.2
PUBLISHED: tuple[Published, ...] = (
    Published(
        Text("Cyberport to Cheung Chau, 12 km by drone", "數碼港至長洲，無人機12公里", "数码港至长洲，无人机12公里"),
        1080, 1200, "HK01, 15 Sep 2025; Shenzhen Daily, 17 Sep 2025", "input", distance_m=11_960, aircraft="ark_40",
    ),
    Published(
        Text("Science Park to Ma On Shan, 1.8 km by drone", "科學園至馬鞍山，無人機1.8公里", "科学园至马鞍山，无人机1.8公里"),
        300, 300, "CNS, 7 Jun 2025", "input", distance_m=1_800, aircraft="meituan_fy4",
    ),
    Published(
        Text("Shekou to Shun Tak by helicopter", "蛇口至信德中心，直升機", "蛇口至信德中心，直升机"),
        0, 1200, "worldjournal.com 9123752, Nov 2025 (inferred)", "check", HELICOPTERS, "flight_time/shekou_shun_tak",
    ),
    Published(
        Text("Shekou to Macao by helicopter", "蛇口至澳門，直升機", "蛇口至澳门，直升机"),
        0, 900, "worldjournal.com 9123752, Nov 2025 (inferred)", "check", HELICOPTERS, "flight_time/shekou_macau_airport",
    ),
    Published(
        Text("Bao'an airport to Hong Kong airport by helicopter", "寶安機場至香港機場，直升機", "宝安机场至香港机场，直升机"),
        900, 900, "SCMP, 8 Jul 2019 (Shenzhen airport to Hong Kong)", "check", HELICOPTERS, "flight_time/baoan_hkia",
        remark="the source does not name the place of landing in Hong Kong; to Shun Tak is the input below",
    ),
    Published(
        Text("Bao'an airport to Shun Tak by helicopter", "寶安機場至信德中心，直升機", "宝安机场至信德中心，直升机"),
        900, 900, "SCMP, 8 Jul 2019", "input", HELICOPTERS, "flight_time/baoan_shun_tak",
    ),
    Published(
        Text("Hong Kong to Macao by helicopter", "香港至澳門，直升機", "香港至澳门，直升机"),
        900, 900, "industrialhistoryhk.org: Sky Shuttle", "input", HELICOPTERS, "flight_time/shun_tak_macao",
    ),
    Published(
        Text("Shekou: exit inspection to seat", "蛇口：出境查驗至就座", "蛇口：出境查验至就座"),
        0, 600, "worldjournal.com 9123752, Nov 2025 (inferred; a passenger's account)", "check", SHEKOU, "port_to_seat",
        remark="the model's clock starts with the last passenger at the port and counts the wait for the aircraft",
    ),
    Published(
        Text("Hengqin: vehicle in the joint lane", "橫琴：車輛通過聯合查驗通道", "横琴：车辆通过联合查验通道"),
        23, 23, "newsgd.com, Mar 2024", "check", LANE, "customs_time_by_channel/green",
        remark="a vehicle in a lane, its data known; here the screening and release of a green flight that files nothing",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A published time with what was predicted, in seconds; NaN where the study did not measure it."""

    published: Published
    predicted_s: float
    low_s: float
    high_s: float

    @property
    def verdict(self) -> str:
        """ "set from it" for inputs; else whether the prediction lies in the published range, a fifth to either side."""
        if self.published.role == "input":
            return "set from it"
        if self.predicted_s != self.predicted_s:
            return "not predicted"
        near = (1 - ACCEPT_SHARE) * self.published.low_s <= self.predicted_s <= (1 + ACCEPT_SHARE) * self.published.high_s
        inside = self.published.low_s <= self.predicted_s <= self.published.high_s
        return "agrees" if inside else "near" if near else "differs"


def compared(study: "Study") -> Sequence[Compared]:
    """Every published time that the study's scenarios predict, and those predicted by nominal flight time alone."""
    names = set(study.names)
    return [_compared(study, published) for published in PUBLISHED if published.scenario in names or not published.scenario]


def _compared(study: "Study", published: Published) -> Compared:
    if not published.scenario:
        block_s = nominal_flight_time_s(published.distance_m, aircraft_catalogue()[published.aircraft])
        return Compared(published, block_s, block_s, block_s)
    metric, part = MeasureRef.parse(published.measure)
    table = study.summary
    rows = table[(table["scenario"] == published.scenario) & (table["metric"] == metric) & (table["part"] == part)]
    if not len(rows):
        return Compared(published, float("nan"), float("nan"), float("nan"))
    row = rows.iloc[0]
    return Compared(published, float(row["mean"]), float(row["ci_low"]), float(row["ci_high"]))
