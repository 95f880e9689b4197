"""Who decides on a lever of policy, and by which kind of instrument: declared beside the lever's parameters."""

from dataclasses import dataclass
from typing import Literal

from sim.ground.text import Text

Body = Literal["customs", "aviation", "immigration", "quarantine", "operators"]
BODIES: dict[Body, Text] = {
    "customs": Text("Customs", "海關", "海关"),
    "aviation": Text("Civil aviation", "民航", "民航"),
    "immigration": Text("Immigration", "出入境", "出入境"),
    "quarantine": Text("Quarantine", "檢疫", "检疫"),
    "operators": Text("Operators", "營運商", "运营人"),
}
"""Kinds of bodies; the official names of those of a side stand with the side (`sim.ground.sides.SIDES`)."""
CUSTOMS_EACH = Text("Customs, each side", "兩地海關各自決定", "两地海关各自决定")
CUSTOMS_TOGETHER = Text("Customs, both together", "兩地海關共同商定", "两地海关共同商定")
AVIATION_EACH = Text("Civil aviation, each side", "兩地民航當局各自決定", "两地民航主管部门各自决定")
GOVERNMENTS = Text("Both governments", "兩地政府", "两地政府")
OPERATORS = Text("Operators", "營運商", "运营人")

OFFICERS_ABROAD = Text(
    "legislation, so that officers may act in the other side's area",
    "兩地立法，讓人員可在對方範圍內執法",
    "两地立法，使人员可在对方区域内执法",
)
ON_LAND = Text(
    "on land: Shenzhen Bay Port, Cap. 591; West Kowloon, Cap. 632",
    "陸路已有先例：深圳灣口岸（第591章）、西九龍站（第632章）",
    "陆路已有先例：深圳湾口岸（第591章）、西九龙站（第632章）",
)


@dataclass(frozen=True, slots=True)
class Instrument:
    """Who decides on some levers of a feature, and by what.

    levers: the names of the parameters, or "name=value" where another value needs another instrument; none: all that no other
    instrument of the feature names · bodies: whose official names a
    reader needs · source: where an instrument of that kind is in force already; without one it is a guess what would be needed.
    """

    who: Text
    how: Text
    bodies: tuple[Body, ...] = ()
    levers: tuple[str, ...] = ()
    source: Text | None = None
