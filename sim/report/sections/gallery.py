"""Section: the charts, each with its alternative text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.charts.export import Drawn
from sim.ground.text import Text
from sim.report.as_typst import width_on_page
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Picture

CHARTS = Text("Charts", "圖表", "图表")
PAGE_CM, TITLE_CM, CAPTION_CM = 25.8, 7.0, 1.6  # of an upright page; of the head of the first one
CAPTION = Text(
    "{number}. {title}. Data: charts/{key}.csv.",
    "{number}　{title}。數據：charts/{key}.csv。",
    "{number}　{title}。数据：charts/{key}.csv。",
)


def gallery(context: ReportContext, drawn: Sequence[Drawn]) -> Iterator[Block]:
    """Every chart of the catalogue; one without anything to show says so. In print they fill the pages."""
    yield Heading(context.say(CHARTS))
    pictures = [
        Picture(chart.key, chart.title, chart.alternative, chart.svg, chart.png, chart.width_in, chart.height_in)
        for chart in drawn
    ]
    for number, picture in enumerate(in_full_pages(pictures), start=1):
        yield replace(picture, caption=context.say(CAPTION, number=number, title=picture.caption, key=picture.key))


def in_full_pages(pictures: Sequence[Picture]) -> list[Picture]:
    """The pictures in their order, but for those that are put behind another since they fit below it on its page."""
    left, packed = list(pictures), []
    room_cm = PAGE_CM - TITLE_CM
    while left:
        fitting = next((picture for picture in left if _height_cm(picture) <= room_cm), None)
        if fitting is None:
            fitting, room_cm = left[0], PAGE_CM
        left.remove(fitting)
        packed.append(fitting)
        room_cm -= _height_cm(fitting)
    return packed


def _height_cm(picture: Picture) -> float:
    """With its caption, on a page."""
    return width_on_page(picture) * picture.height_in / picture.width_in + CAPTION_CM
