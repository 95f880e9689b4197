"""A chart: title, numbers and drawing; and the rows of a study's tables that are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.charts import labels
from sim.ground.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.study.study import Study

TOPICS = ("throughput", "outcome", "delay", "recovery", "control", "workload")
WHOLE_FIRST = ("", "mean", "p50", "p90")
"""The parts by which a measure without a whole is shown."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the catalogue.

    numbers: the table that is shown, empty where the study has nothing to show · finding: a line a scenario on what the chart
    shows, or that it shows nothing · draw: the figure in a language; where there is nothing to show, it says so · shape: a
    sentence on the kind of drawing, for readers who don't see it · boostable: it shows no times, and so is drawn of a boosted
    study too.
    """

    key: str
    title: Text
    shape: Text
    numbers: "Callable[[Study], pd.DataFrame]"
    finding: "Callable[[Study, Language], str]"
    draw: "Callable[[Study, Language], Figure]"
    boostable: bool = False

    def title_of(self, study: "Study", language: Language) -> str:
        """The title above the chart of that study."""
        return self.title.in_language(language).format(base=labels.base_of_all(study, language))

    def alternative(self, study: "Study", language: Language) -> str:
        """The alternative text: the title, the shape and the finding, a line each."""
        finding = self.finding(study, language)
        return "\n".join([self.title_of(study, language), self.shape.in_language(language), finding])


def rows_of(study: "Study", metric: str) -> "pd.DataFrame":
    """The rows of the study's summary for one measure."""
    return study.summary[study.summary["metric"] == metric]


def headline_rows(study: "Study", table: "pd.DataFrame", wholes_only: bool = False) -> "pd.DataFrame":
    """The rows of `table` (summary or comparison) for the headline measures, by topic in the order of TOPICS.

    In a boosted study only the boostable measures. With `wholes_only`, a measure by parts has only the row of its whole; if
    it has no whole, those of its mean, median and 90th percentile.
    """
    rank = {
        key: (TOPICS.index(metric.topic), position)
        for position, (key, metric) in enumerate(study.metrics.items())
        if metric.headline and metric.topic in TOPICS and (metric.boostable or study.boost == 1)
    }
    shown = table[table["metric"].isin(list(rank))]
    if wholes_only:
        with_whole = set(shown.loc[shown["part"] == "", "metric"])
        whole = (shown["part"] == "") | (~shown["metric"].isin(with_whole) & shown["part"].isin(WHOLE_FIRST))
        shown = shown[whole]
    order = sorted(range(len(shown)), key=lambda row: rank[shown["metric"].iloc[row]])
    return shown.iloc[order].reset_index(drop=True)
