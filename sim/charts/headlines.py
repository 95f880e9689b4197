"""Which rows of a study's tables are shown by default."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

TOPICS = ("throughput", "outcome", "delay", "recovery", "control", "workload")
WHOLE_FIRST = ("", "mean", "p50", "p90")


def headline_rows(study: "Study", table: "pd.DataFrame", wholes_only: bool = False) -> "pd.DataFrame":
    """The rows of `table` (summary or comparison) for the headline measures, by topic in the order of TOPICS.

    In a boosted study only those that hold there. With `wholes_only`, of a measure by parts only its whole; without one, its
    mean, median and 90th percentile.
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
