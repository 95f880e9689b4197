"""Pictures for slides: an instant as PNG or SVG, a spell of time as an animated GIF, in the look of the charts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from sim.archive.disk import draft_of
from sim.charts import style
from sim.charts.corridor_map import draw_map
from sim.charts.export import settle_layout
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Language, Text
from sim.ground.time_units import DAY_S
from sim.model.disruption import DISRUPTION_LABELS
from sim.replay.categories import CATEGORIES
from sim.replay.instants import read_instant
from sim.replay.places import corner_of
from sim.replay.scene import Scene
from sim.replay.spells import HOLDING, MOVING
from sim.replay.strip import RELEASES_EVERY_S, WAITING_EVERY_S
from sim.replay.target import file_for
from sim.replay.terms import TERMS
from sim.world.boundary import CREDITS
from sim.world.run_days import RunDays

if TYPE_CHECKING:
    from PIL.Image import Image

_ENDS_FIRST = Text("ends before it begins", "結束早於開始", "结束早于开始")
_FROM_TO = Text("{begin} to {end}", "{begin} 至 {end}", "{begin} 至 {end}")
_LATER_END = Text("a later end", "較後的結束時刻", "较后的结束时刻")
_CANNOT_BE_WRITTEN = Text("can't be written: {why}", "無法寫入：{why}", "无法写入：{why}")

MOST_FRAMES, FRAMES_PER_S, DPI, GIF_DPI, COLOURS = 150, 12, 200, 90, 64
_ROW, _STEP_PT, _HOLD_PT = 14, 6.0, 11.0
_STRIP_HOURS = 36  # shown around the instant
_TICKS_S = (3 * 3600, 6 * 3600, 12 * 3600, DAY_S, 10 * DAY_S)
_NO_DATES: dict[str, dict[str, Any]] = {".svg": {"Date": None, "Creator": None}, ".png": {"Software": None}}


@dataclass(frozen=True, slots=True)
class Still:
    """One instant (s), and the file that it goes into."""

    instant_s: float
    file: Path

    @classmethod
    def parse(cls, instant: str, file: str, scenes: Sequence[Scene]) -> Self:
        """As written on the command line. Raises InputError for what is no instant, and for other kinds of file."""
        return cls(read_instant(instant, "--still", scenes), file_for(Path(file), "--still", tuple(_NO_DATES)))

    def write(self, scenes: Sequence[Scene], language: Language) -> None:
        """Draw it into the file, which holds all of it or is left as it was."""
        with style.style_context(language), _whole(self.file) as draft:
            figure = _Drawing(scenes, language, self.instant_s, self.instant_s).at(self.instant_s)
            kind = self.file.suffix.lower()
            figure.savefig(draft, format=kind[1:], dpi=DPI, metadata=_NO_DATES[kind])


@dataclass(frozen=True, slots=True)
class Animation:
    """The time from one instant to another (s), and the file that it goes into."""

    from_s: float
    to_s: float
    file: Path

    @classmethod
    def parse(cls, begin: str, end: str, file: str, scenes: Sequence[Scene]) -> Self:
        """As written on the command line. Raises InputError as `Still.parse`, and where it would end before it begins."""
        from_s, to_s = (read_instant(instant, "--animate", scenes) for instant in (begin, end))
        if to_s <= from_s:
            raise InputError(
                Problem(_ENDS_FIRST, path="--animate", found=_FROM_TO.fill(begin=begin, end=end), allowed=_LATER_END)
            )
        return cls(from_s, to_s, file_for(Path(file), "--animate", (".gif",)))

    @property
    def instants_s(self) -> list[float]:
        """Those of its frames: whole minutes apart, at most MOST_FRAMES of them."""
        step_s = 60.0 * np.ceil((self.to_s - self.from_s) / 60 / (MOST_FRAMES - 1))
        return [float(instant) for instant in np.arange(self.from_s, self.to_s + 1, step_s)]

    def write(self, scenes: Sequence[Scene], language: Language) -> None:
        """Draw it into the file, which holds all of it or is left as it was."""
        with style.style_context(language), _whole(self.file) as draft:
            drawing = _Drawing(scenes, language, self.from_s, self.to_s)
            drawing.figure.set_dpi(GIF_DPI)
            first, *others = _with_one_palette(drawing.image(instant_s) for instant_s in self.instants_s)
            first.save(draft, format="GIF", save_all=True, append_images=others, duration=1000 // FRAMES_PER_S, loop=0)


def _with_one_palette(frames: "Iterator[Image]") -> "list[Image]":
    """The frames in colours of one palette, undithered: what stands still is then the same in each, and a GIF leaves it out.

    The palette is that of the first frame, and the signs' colours, of which too little may be seen in it.
    """
    from PIL.Image import Dither, new

    first = next(frames)
    signs = [round(255 * part) for category in CATEGORIES for part in to_rgb(category.on_light)]
    palette = new("P", (1, 1))
    palette.putpalette([*(first.quantize(COLOURS).getpalette() or [])[: 3 * COLOURS], *signs])
    return [frame.quantize(palette=palette, dither=Dither.NONE) for frame in (first, *frames)]


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A draft beside the file, which takes its place at the end. Raises InputError where it can't be written."""
    try:
        with draft_of(path) as draft:
            yield draft
    except OSError as error:
        raise InputError(Problem(_CANNOT_BE_WRITTEN.fill(why=error.strerror or error), file=str(path))) from None


class _Drawing:
    """A figure with a map and a strip for each scene; `at` moves it to an instant."""

    def __init__(self, scenes: Sequence[Scene], language: Language, from_s: float, to_s: float) -> None:
        self.scenes, self.language = scenes, language
        title = self.say("pair").format(what=self.say("title"), how=" / ".join(scene.shown_as(language) for scene in scenes))
        signs = " · ".join([self.say("legend_waiting"), self.say("legend_served"), self.say("drawing")])
        note = " ".join([scenes[0].provenance(language), signs, f"{'. '.join(CREDITS)}."])
        body_in = 7.4 if len(scenes) == 1 else 5.8
        self.figure = style.page(body_in, title, "\n", note, width_in=style.WIDTH_IN if len(scenes) == 1 else 14.0)
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self.telling = self.figure.texts[1]
        style.legend_line(self.figure, [_sign(number, language) for number in _used(scenes)], 0.25)
        axes = self.figure.subplots(2, len(scenes), squeeze=False, height_ratios=[4, 1])
        self.corner = corner_of([route for scene in scenes for route in scene.observation.flights.routes])
        for scene, (on_map, strip) in zip(scenes, axes.T, strict=True):
            draw_map(on_map, scene.observation.flights.routes, language)
            on_map.set_title(scene.shown_as(language))  # told with what stands still, at each instant
            self._draw_strip(strip, scene, from_s, to_s)
        for strip in axes[1]:
            strip.set_ylim(0, max(other.get_ylim()[1] for other in axes[1]))
        self.maps, self.cursors = axes[0], [strip.axvline(from_s, color=style.INK, linewidth=1.2) for strip in axes[1]]
        self.moving: list[Any] = []
        settle_layout(self.figure)

    def say(self, term: str) -> str:
        """A term in the language of the drawing."""
        return TERMS[term].in_language(self.language)

    def at(self, instant_s: float) -> Figure:
        """The figure at an instant."""
        for artist in self.moving:
            artist.remove()
        shown = zip(self.scenes, self.maps, strict=True)
        self.moving = [artist for scene, axis in shown for artist in self._flights(axis, scene, instant_s)]
        for cursor in self.cursors:
            cursor.set_xdata([instant_s, instant_s])
        for scene, axis in zip(self.scenes, self.maps, strict=True):
            now = {disruption.kind for disruption in scene.disruptions if disruption.start_s <= instant_s < disruption.end_s}
            words = [DISRUPTION_LABELS[kind].in_language(self.language) for kind in DISRUPTION_LABELS if kind in now]
            axis.set_title(" · ".join([scene.shown_as(self.language), *words]))
        self.telling.set_text(self.scenes[0].days.in_words(instant_s, self.language))
        return self.figure

    def image(self, instant_s: float) -> "Image":
        """The figure at an instant, as pixels."""
        from PIL.Image import fromarray

        self.at(instant_s)
        self.canvas.draw()
        return fromarray(np.asarray(self.canvas.buffer_rgba())[..., :3])

    def _draw_strip(self, axis: Axes, scene: Scene, from_s: float, to_s: float) -> None:
        """Flights in queues, stacked by category, and releases an hour, in the hours around."""
        around_s = max(_STRIP_HOURS * 3600 - (to_s - from_s), 0) / 2
        first_s, last_s = max(from_s - around_s, 0), min(to_s + around_s, scene.observation.horizon_s)
        strip = scene.strip
        samples_s = np.arange(strip.waiting.shape[1]) * WAITING_EVERY_S
        inside = (samples_s >= first_s - WAITING_EVERY_S) & (samples_s <= last_s)
        used = [number for number in range(len(CATEGORIES)) if strip.waiting[number, inside].any()]
        colours = [CATEGORIES[number].on_light for number in used]
        if used:
            axis.stackplot(samples_s[inside], strip.waiting[used][:, inside], colors=colours, step="post")
        hours_s = np.arange(len(strip.releases)) * RELEASES_EVERY_S
        look: dict[str, Any] = {"color": style.INK, "linewidth": 0.9, "linestyle": (0, (2, 1))}
        axis.step(hours_s, strip.releases, where="post", label=self.say("releases"), **look)
        for disruption in scene.disruptions:
            axis.axvspan(disruption.start_s, disruption.end_s, color=style.RULE, alpha=0.5, linewidth=0, zorder=0)
        axis.set_xlim(first_s, last_s)
        every_s = next((step_s for step_s in _TICKS_S if (last_s - first_s) / step_s <= 9), _TICKS_S[-1])
        ticks_s = np.arange(np.ceil(first_s / every_s) * every_s, last_s + 1, every_s)
        axis.set_xticks(ticks_s, [_tick(scene.days, instant_s, self.language) for instant_s in ticks_s])
        axis.set_ylabel(self.say("waiting_for"))
        axis.set_ylim(bottom=0)
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axis.legend(loc="upper right", fontsize=7.5)

    def _flights(self, axis: Axes, scene: Scene, instant_s: float) -> list[Any]:
        """The signs of all flights seen: on their paths, around the place where they hold, or in rows beside their site."""
        spells = scene.spells
        seen = spells.at(instant_s)
        points, headings = spells.points(seen, instant_s, scene.places)
        stages = scene.visits.stage[spells.visit[seen]]
        category, waiting = scene.category[stages], spells.waiting[seen]
        moves, holds = spells.mode[seen] == MOVING, spells.mode[seen] == HOLDING
        offset_pt = np.zeros((len(seen), 2))
        angle = spells.flight[seen] * 2.39996  # each flight at an angle of its own, as on the page
        offset_pt[holds] = _HOLD_PT * np.column_stack([np.cos(angle), np.sin(angle)])[holds]
        stands = ~moves & ~holds
        for place in np.unique(points[stands], axis=0):
            here = np.flatnonzero((points == place).all(axis=1) & stands)
            offset_pt[here[np.lexsort((spells.flight[seen][here], category[here]))]] = _rows_pt(len(here))
        turned = np.where(moves, np.degrees(headings), 0.0)
        return [
            self._put(axis, *sign)
            for sign in zip(points + self.corner, offset_pt, category, waiting | moves, moves, turned, strict=True)
        ]

    def _put(self, axis: Axes, point: Floats, offset_pt: Floats, number: int, is_filled: bool, moves: bool, turned: float) -> Any:
        category = CATEGORIES[number]
        shift = ScaledTranslation(offset_pt[0] / 72, offset_pt[1] / 72, self.figure.dpi_scale_trans)
        (artist,) = axis.plot(
            *point,
            marker=(3, 0, turned - 90) if moves else category.marker,  # a triangle points north before it is turned
            markersize=7.5 if moves else 5.5,
            markerfacecolor=category.on_light if is_filled else style.PAPER,
            markeredgecolor=style.PAPER if is_filled else category.on_light,
            markeredgewidth=0.6 if is_filled else 1.2,
            linestyle="none",
            transform=axis.transData + shift,
            zorder=10,
        )
        return artist


def _rows_pt(n: int) -> Floats:
    """Shape (n, 2): places in rows below a point, in points; every row is centred."""
    rank = np.arange(n)
    row = rank // _ROW
    in_row = np.minimum(n - row * _ROW, _ROW)
    return np.column_stack([(rank % _ROW - (in_row - 1) / 2) * _STEP_PT, -14 - row * _STEP_PT])


def _tick(days: RunDays, instant_s: float, language: Language) -> str:
    """Day and clock at midnight, the clock alone at other hours."""
    words = days.in_words(instant_s, language)
    return words if instant_s % DAY_S == 0 else words[-5:]


def _used(scenes: Sequence[Scene]) -> list[int]:
    """The numbers of the categories that are seen in any scene."""
    numbers = {int(number) for scene in scenes for number in np.unique(scene.category[scene.visits.stage[scene.spells.visit]])}
    return sorted(numbers)


def _sign(number: int, language: Language) -> Line2D:
    category = CATEGORIES[number]
    make = partial(Line2D, [], [], linestyle="none", markersize=6)
    return make(marker=category.marker, color=category.on_light, label=category.label.in_language(language))
