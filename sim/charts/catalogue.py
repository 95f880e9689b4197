"""Every chart of a study, in the order in which a reader meets them."""

from typing import TYPE_CHECKING

from sim.charts import corridor_map, delay, differences, frontier, release_time, utilisation, waterfall, winners
from sim.charts.chart import Chart

if TYPE_CHECKING:
    from sim.study.study import Study

CHARTS: tuple[Chart, ...] = (
    corridor_map.CHART,
    differences.CHART,
    delay.CHART,
    waterfall.CHART,
    release_time.CHART,
    winners.CHART,
    *frontier.CHARTS,
    utilisation.CHART,
)


def charts_of(study: "Study") -> tuple[Chart, ...]:
    """The charts that a study shows: all of them, or in a boosted study those without times."""
    return tuple(chart for chart in CHARTS if chart.boostable or study.boost == 1)
