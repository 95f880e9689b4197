"""The sides of a boundary. A side is data: nothing in the code asks which one it is."""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Side:
    """One administration: its key in scenarios, its name, and the name of its customs."""

    key: str
    name: Text
    customs: Text


SIDES: tuple[Side, ...] = (
    Side(
        "hong_kong",
        Text("Hong Kong", "香港", "香港"),
        Text("Hong Kong Customs and Excise Department", "香港海關", "香港海关"),
    ),
    Side(
        "mainland",
        Text("Mainland", "內地", "内地"),
        Text("General Administration of Customs", "海關總署", "海关总署"),
    ),
)
SIDE_KEYS: tuple[str, ...] = tuple(side.key for side in SIDES)


def side_index(key: str) -> int:
    """The number under which arrays hold the side of that key."""
    return SIDE_KEYS.index(key)
