"""Section: the charts, each with its alternative text."""

from collections.abc import Iterator, Sequence

from sim.charts.export import Drawn
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Picture

CHARTS = Text("Charts", "圖表", "图表")
CAPTION = Text(
    "{number}. {title}. Data: charts/{key}.csv.",
    "{number}　{title}。數據：charts/{key}.csv。",
    "{number}　{title}。数据：charts/{key}.csv。",
)


def gallery(context: ReportContext, drawn: Sequence[Drawn]) -> Iterator[Block]:
    """Every chart of the catalogue; one without anything to show says so."""
    yield Heading(context.say(CHARTS))
    for number, chart in enumerate(drawn, start=1):
        caption = context.say(CAPTION, number=number, title=chart.title, key=chart.key)
        yield Picture(chart.key, caption, chart.alternative, chart.svg, chart.png, chart.width_in, chart.height_in)
