"""The style of all charts: sizes, colours, hatches, fonts, and a page with title, finding and note."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import cycle
from typing import Any

import matplotlib
import noto_cjk_sans_otc
from matplotlib import colors, font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Language

INK, SOFT_INK, RULE, PAPER = "#1a1a1a", "#555555", "#c8c8c8", "#ffffff"
WIDTH_IN = 10.0
_MARGIN_IN = 0.2
_SURE = 0.9  # of a line's width: what pieces add up to differs less than this from the width of the whole
_FINE_DPI = 288  # texts are measured finely, since rounding to pixels adds up along a line
NEVER_FIRST, NEVER_LAST = "、。，．：；！？）」』】〕》〉％…—·～", "（「『【〔《〈"  # of a line, in Chinese setting
_CJK_FACE: dict[Language, str] = {"zh-Hant": "Noto Sans CJK HK", "zh-Hans": "Noto Sans CJK SC"}


@dataclass(frozen=True, slots=True)
class ScenarioStyle:
    """The colour, marker, dash and hatch of one scenario, so that it differs from the others without colour too."""

    colour: str
    marker: str
    dash: Any
    hatch: str


# The baseline is black; the rest is the Okabe-Ito set in an order whose neighbours differ in lightness.
SCENARIOS: tuple[ScenarioStyle, ...] = (
    ScenarioStyle("#1a1a1a", "o", "-", ""),
    ScenarioStyle("#d55e00", "s", (0, (6, 2)), "///"),
    ScenarioStyle("#0072b2", "^", (0, (2, 1.5)), "\\\\\\"),
    ScenarioStyle("#009e73", "D", (0, (7, 2, 1.5, 2)), "..."),
    ScenarioStyle("#cc79a7", "v", (0, (1, 1)), "xxx"),
    ScenarioStyle("#e69f00", "P", (0, (10, 3)), "---"),
    ScenarioStyle("#56b4e9", "X", (0, (4, 1.5, 1, 1.5, 1, 1.5)), "|||"),
    ScenarioStyle("#7f6a00", "*", (0, (3, 3)), "+++"),
)
# Whose minutes: each has a lightness of its own, so that a grey print keeps them apart.
_SIDES = ("#c8553d", "#1f4e79", "#4f9d69", "#8c6d31", "#a0527f", "#6b7280")
WHOSE_COLOURS: dict[str, str] = {
    **dict(zip(SIDE_KEYS, cycle(_SIDES), strict=False)),  # after the sixth side they repeat
    "air": "#9ec9e2",
    "operator": "#d9d9d9",
    "shared": "#e8b04a",
    "origin": "#5b2a86",
    "destination": "#b684cf",
}
_OTHERS_COLOUR = "#ffffff"
WAIT_HATCH, SCHEDULE_HATCH = "////", "...."


def scenario_style(position: int) -> ScenarioStyle:
    """The style of the scenario at that position of the study; styles repeat after the eighth."""
    return SCENARIOS[position % len(SCENARIOS)]


@contextmanager
def style_context(language: Language) -> Iterator[None]:
    """The matplotlib settings in which a chart of that language is drawn and saved, as a context manager."""
    with matplotlib.rc_context(
        {
            "font.family": [*_chinese_faces(language), "DejaVu Sans"],
            "font.size": 9,
            "text.color": INK,
            "text.parse_math": False,
            "text.hinting": "none",  # letters as wide on a screen as in print
            "axes.edgecolor": SOFT_INK,
            "axes.labelcolor": INK,
            "axes.titlesize": 9.5,
            "axes.titleweight": "bold" if language == "en" else "normal",  # the Chinese faces have one weight
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.unicode_minus": True,
            "axes.grid.axis": "x",
            "grid.color": RULE,
            "grid.linewidth": 0.5,
            "xtick.color": SOFT_INK,
            "ytick.color": SOFT_INK,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "legend.frameon": False,
            "hatch.linewidth": 0.6,
            "figure.facecolor": PAPER,
            "svg.hashsalt": "gba-clearance-sim",
            "svg.fonttype": "path",
        }
    ):
        yield


def _chinese_faces(language: Language) -> list[str]:
    if language == "en":
        return []
    _register_chinese_faces()
    return [_CJK_FACE[language]]


@cache
def _register_chinese_faces() -> None:
    font_manager.fontManager.addfont(str(noto_cjk_sans_otc.FONT_PATH))


def page(body_in: float, title: str, finding: str, note: str, width_in: float = WIDTH_IN) -> Figure:
    """A figure whose body is `body_in` inches high, under its title and finding and above its note.

    Charts add their axes with `figure.subplots`; the layout keeps them off the header and the note.
    """
    figure = Figure(figsize=(width_in, body_in), layout="constrained")
    room = width_in - 2 * _MARGIN_IN
    weight = title_weight()
    heading = wrap(title, room, 13, weight)
    telling = wrap(finding, room, 10.5)
    footing = wrap(note, room, 7.5)
    header_in = _lines_in(heading, 13) + _lines_in(telling, 10.5) + 2 * _MARGIN_IN
    footer_in = _lines_in(footing, 7.5) + 1.5 * _MARGIN_IN
    height = body_in + header_in + footer_in
    figure.set_size_inches(width_in, height)
    left, top = _MARGIN_IN / width_in, 1 - _MARGIN_IN / height
    figure.text(left, top, heading, size=13, weight=weight, va="top", linespacing=1.2)
    below = top - (_lines_in(heading, 13) + 0.05) / height
    figure.text(left, below, telling, size=10.5, va="top", color=SOFT_INK, linespacing=1.2)
    figure.text(left, 0.6 * _MARGIN_IN / height, footing, size=7.5, va="bottom", color=SOFT_INK, linespacing=1.2)
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0.01, footer_in / height, 0.98, body_in / height), w_pad=0.06, h_pad=0.06)
    return figure


def legend_line(figure: Figure, handles: Any, height_in: float) -> None:
    """Put a one-line legend at the top of the body, which makes room for it; long ones take several lines."""
    engine: Any = figure.get_layout_engine()
    left, bottom, width, height = engine.get()["rect"]
    columns = min(len(handles), 7)
    taken = height_in * -(-len(handles) // columns) / figure.get_figheight()
    engine.set(rect=(left, bottom, width, height - taken))
    where = (left, bottom + height)
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=where, ncols=columns, borderaxespad=0, columnspacing=1.4)


def nothing_to_show(title: str, reason: str, note: str = "") -> Figure:
    """A figure that says why there is no chart."""
    return page(0.4, title, reason, note)


def title_weight() -> str:
    """The weight of titles in the present style context."""
    return str(matplotlib.rcParams["axes.titleweight"])


def wrap(text: str, width_in: float, size: float, weight: str = "normal") -> str:
    """`text` broken into lines no wider than `width_in`.

    Chinese text may break between any two signs, but a line neither begins with a sign of NEVER_FIRST nor ends with one of
    NEVER_LAST; a word breaks only if it is longer than a line.
    """
    lines: list[str] = []
    limit_in = 0.99 * width_in
    face = str(matplotlib.rcParams["font.family"])
    for paragraph in text.split("\n"):
        line, about_in = "", 0.0
        for piece in _pieces(paragraph):
            about_in += _piece_width_in(piece, size, weight, face)
            if about_in < _SURE * limit_in:  # whole lines are measured only near the end: that is the slow part
                line += piece
                continue
            if line and text_width_in((line + piece).rstrip(), size, weight) > limit_in:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while text_width_in(line.rstrip(), size, weight) > limit_in and len(line) > 1:
                whole = _longest_that_fits(line, limit_in, size, weight)
                lines.append(line[:whole])
                line = line[whole:]
            about_in = text_width_in(line, size, weight)
        lines.append(line.rstrip())
    return "\n".join(lines)


@lru_cache(maxsize=4096)
def _piece_width_in(piece: str, size: float, weight: str, face: str) -> float:
    """The width of a piece by itself, in the present style context, whose face is `face`."""
    return text_width_in(piece, size, weight)


def _longest_that_fits(word: str, width_in: float, size: float, weight: str) -> int:
    """How many of the first signs of a word without a place to break fit, at least one; marks cling to their neighbours."""
    parts = (n for n in range(1, len(word)) if not _clings(word[n - 1], word[n]))
    return max((n for n in parts if text_width_in(word[:n], size, weight) <= width_in), default=1)


def _pieces(paragraph: str) -> Iterator[str]:
    """What may not be broken: words with the space or hyphen behind them, Chinese signs with the marks that cling to them."""
    piece = ""
    for sign in paragraph:
        if piece and _may_part(piece[-1], sign):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two signs."""
    if after == " " or _clings(before, after):
        return False
    return before in " -_/" or _is_chinese(before) or _is_chinese(after)


def _clings(before: str, after: str) -> bool:
    return after in NEVER_FIRST or before in NEVER_LAST


def _is_chinese(sign: str) -> bool:
    return ord(sign) > 0x2E80


def _lines_in(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * 1.25 / 72 if text else 0.0


@cache
def _renderer() -> Any:
    canvas: Any = FigureCanvasAgg(Figure(dpi=_FINE_DPI))
    return canvas.get_renderer()


def text_width_in(text: str, size: float, weight: str = "normal") -> float:
    properties = font_manager.FontProperties(size=size, weight=weight)
    return float(_renderer().get_text_width_height_descent(text, properties, ismath=False)[0]) / _FINE_DPI


def bar(whose: str, kind: str) -> dict[str, Any]:
    """How a bar of minutes is filled: by whose they are, and hatched where they are waiting."""
    hatch = {"wait": WAIT_HATCH, "schedule": SCHEDULE_HATCH}.get(kind, "")
    colour = WHOSE_COLOURS.get(whose, _OTHERS_COLOUR)
    edge = PAPER if hatch and lightness(colour) < 0.5 else INK
    return {"facecolor": colour, "edgecolor": edge, "linewidth": 0.4, "hatch": hatch}


def lightness(colour: str) -> float:
    """How light a colour prints in grey, 0 to 1 (Rec. 709 weights)."""
    red, green, blue = colors.to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
