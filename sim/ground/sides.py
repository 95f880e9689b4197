"""The sides of a boundary. A side is data: nothing in the code asks which one it is."""

from dataclasses import dataclass
from typing import Literal

from sim.ground.text import Text

NOT_NAMED = Text("", "", "")


@dataclass(frozen=True, slots=True)
class Side:
    """One administration: its key in scenarios, its name, the official name of its customs, its money, and its place on the map.

    aviation, immigration, quarantine: the official names of the other authorities that flights meet ·
    currency: of `sim.ground.units.CURRENCIES`, that in which it pays · codes: the place codes of the geographic data that it
    administers · area: where it lies: in the polygons that the data have of its codes; enclosed by the boundary sections of its
    code; or the rest, which no other side holds.
    """

    key: str
    name: Text
    customs: Text
    currency: str
    codes: tuple[str, ...]
    area: Literal["polygons", "enclosed", "rest"] = "polygons"
    aviation: Text = NOT_NAMED
    immigration: Text = NOT_NAMED
    quarantine: Text = NOT_NAMED


SIDES: tuple[Side, ...] = (
    Side(
        "hong_kong",
        Text("Hong Kong", "香港", "香港"),
        Text("Hong Kong Customs and Excise Department", "香港海關", "香港海关"),
        currency="HKD",
        codes=("HK",),
        area="enclosed",
        aviation=Text("Civil Aviation Department", "民航處", "民航处"),
        immigration=Text("Immigration Department", "入境事務處", "入境事务处"),
        quarantine=Text("Agriculture, Fisheries and Conservation Department", "漁農自然護理署", "渔农自然护理署"),
    ),
    Side(
        "mainland",
        Text("Mainland", "內地", "内地"),
        Text(
            "General Administration of Customs of the People's Republic of China",
            "中華人民共和國海關總署",
            "中华人民共和国海关总署",
        ),
        currency="CNY",
        codes=("SZ", "GZ", "DG", "ZH", "Guangdong"),
        area="rest",
        aviation=Text("Civil Aviation Administration of China", "中國民用航空局", "中国民用航空局"),
        immigration=Text("National Immigration Administration", "國家移民管理局", "国家移民管理局"),
        quarantine=Text("General Administration of Customs", "海關總署", "海关总署"),
    ),
    Side(
        "macao",
        Text("Macao", "澳門", "澳门"),
        Text("Macao Customs Service", "澳門海關", "澳门海关"),
        "MOP",
        codes=("MO",),
        aviation=Text("Civil Aviation Authority", "民航局", "民航局"),
        immigration=Text("Public Security Police Force", "治安警察局", "治安警察局"),
        quarantine=Text("Municipal Affairs Bureau", "市政署", "市政署"),
    ),
)
SIDE_KEYS: tuple[str, ...] = tuple(side.key for side in SIDES)
CURRENCY_OF: dict[str, str] = {side.key: side.currency for side in SIDES}


def side_index(key: str) -> int:
    """The number under which arrays hold the side of that key."""
    return SIDE_KEYS.index(key)
