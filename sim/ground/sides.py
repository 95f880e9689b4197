"""The sides of a boundary. A side is data: nothing in the code asks which one it is."""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Side:
    """One administration: its key in scenarios, and its name."""

    key: str
    name: Text


SIDES: tuple[Side, ...] = (
    Side("hong_kong", Text("Hong Kong", "香港", "香港")),
    Side("mainland", Text("Mainland", "內地", "内地")),
    Side("macao", Text("Macao", "澳門", "澳门")),
)
SIDE_KEYS: tuple[str, ...] = tuple(side.key for side in SIDES)


def side_index(key: str) -> int:
    """The number under which arrays hold the side of that key."""
    return SIDE_KEYS.index(key)
