"""What a flight is seen to wait for or carry on: a few groups of stages, each with a sign and a colour of its own."""

from dataclasses import dataclass

from sim.ground.text import Text
from sim.model.stage import Mark, Stage


@dataclass(frozen=True, slots=True)
class Category:
    """A group of stages: its name, the sign of its flights, their colour on a dark and on a light ground.

    sign: circle, square, diamond, up, down, cross, star, arrow, hollow · marker: the same sign for matplotlib.
    """

    key: str
    label: Text
    sign: str
    marker: str
    on_dark: str
    on_light: str


# Hues of the Okabe-Ito set, lightened for a dark ground and darkened for a light one; every category has its sign as well.
CATEGORIES: tuple[Category, ...] = (
    Category(
        "clearance", Text("customs data and decision", "海關數據與決定", "海关数据与决定"), "circle", "o", "#ffb84d", "#a35c00"
    ),
    Category("authorisation", Text("flight authorisation", "飛行許可", "飞行许可"), "square", "s", "#e59cc4", "#a03a76"),
    Category("inspection", Text("inspection", "查驗", "查验"), "diamond", "D", "#ff7d45", "#b84300"),
    Category(
        "ground",
        Text("pad, aircraft and loading", "起降坪、航空器與裝載", "起降坪、航空器与装载"),
        "down",
        "v",
        "#b9bec6",
        "#5a6270",
    ),
    Category("weather", Text("fit weather", "適航天氣", "适航天气"), "cross", "P", "#f0e442", "#6f6700"),
    Category("slot", Text("corridor slot", "通道時段", "通道时隙"), "up", "^", "#37c89b", "#00714f"),
    Category("flying", Text("in flight", "飛行中", "飞行中"), "arrow", ">", "#7cc7f5", "#005a94"),
    Category("returning", Text("aircraft on its way home", "航空器返程", "航空器返程"), "hollow", "<", "#9db4c8", "#4d6377"),
    Category("diverted", Text("diverted", "備降", "备降"), "star", "*", "#ff6b81", "#b0102e"),
)
_OF_STEP = {
    "order": "clearance",
    "filing": "clearance",
    "interface": "clearance",
    "screening": "clearance",
    "documents": "clearance",
    "release": "clearance",
    "airspace": "authorisation",
    "inspection": "inspection",
    "quarantine": "inspection",
    "passengers": "inspection",
    "ground": "ground",
    "weather": "weather",
    "slot": "slot",
    "flight": "flying",
    "return": "returning",
}
_KEYS = [category.key for category in CATEGORIES]


def category_of(stage: Stage) -> int:
    """The number in CATEGORIES of a stage's category."""
    return _KEYS.index("diverted" if Mark.DIVERSION in stage.marks else _OF_STEP[stage.step])
