"""Every chart of a study, in the order in which a reader meets them."""

from sim.charts import corridor_map, delay, differences, release_time, utilisation, waterfall, winners
from sim.charts.chart import Chart

CHARTS: tuple[Chart, ...] = (
    corridor_map.CHART,
    differences.CHART,
    delay.CHART,
    waterfall.CHART,
    release_time.CHART,
    winners.CHART,
    utilisation.CHART,
)
