"""The sides of a boundary. A side is data: nothing in the code asks which one it is."""

from dataclasses import dataclass
from typing import Literal

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Side:
    """One administration: its key in scenarios, its name, the official name of its customs, its money, and its place on the map.

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


SIDES: tuple[Side, ...] = (
    Side(
        "hong_kong",
        Text("Hong Kong", "香港", "香港"),
        Text("Hong Kong Customs and Excise Department", "香港海關", "香港海关"),
        currency="HKD",
        codes=("HK",),
        area="enclosed",
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
    ),
    Side("macao", Text("Macao", "澳門", "澳门"), Text("Macao Customs Service", "澳門海關", "澳门海关"), "MOP", codes=("MO",)),
)
SIDE_KEYS: tuple[str, ...] = tuple(side.key for side in SIDES)
CURRENCY_OF: dict[str, str] = {side.key: side.currency for side in SIDES}


def side_index(key: str) -> int:
    """The number under which arrays hold the side of that key."""
    return SIDE_KEYS.index(key)
