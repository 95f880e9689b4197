"""Printed parts: which of three or more scenarios may be the best, measure by measure."""

from typing import TYPE_CHECKING, cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from sim.charts import labels
from sim.charts.chart import headline_rows
from sim.study.best import MayBeBest
from sim.study.verdict import VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

FEWEST_TO_RANK = 3  # with two scenarios, the comparison already says which is better
NOTE = (
    "With {confidence}% confidence the best by a measure is among those named first (multiple comparisons with the best, measure "
    "by measure); more replications shorten the list. Those named as less than matters behind are not the best, but by less than "
    "the smallest difference that matters. All are compared with each other, in the world of {baseline}, whatever they are held "
    "against above. Who releases clearly fewer flights than {baseline} is ranked by throughput alone. "
    "best.csv has how far each is from the best of the others."
)
NEAR = " (less than matters behind: {names})"
NOT_RANKED = {str(MayBeBest.FEWER_FLIGHTS): "not ranked, fewer flights"}
COMPARED = (MayBeBest.YES, MayBeBest.NEAR, MayBeBest.NO)
_EXTREME = {"lower": "lowest", "higher": "highest"}
_ANY, _ALIKE = "any of them", "all the same"


def best_parts(study: "Study") -> list[RenderableType]:
    """A row a headline measure with a direction: the scenarios that may be the best by it."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("measure", min_width=30)
    table.add_column("best", no_wrap=True)
    table.add_column("may be the best")
    rows = headline_rows(study, study.best, wholes_only=True)
    for measure, of_measure in rows.groupby(["metric", "part"], sort=False):
        metric, part = map(str, cast(tuple[str, str], measure))
        label = f"{labels.measure(study, metric)}{f', {labels.part(part, features=study.features)}' if part else ''}"
        table.add_row(label, _EXTREME[study.metrics[metric].direction(part)], _may_be_best(of_measure))
    return [table, Line(""), Line(NOTE.format(confidence=labels.confidence(study), baseline=study.baseline), style="dim")]


def _may_be_best(rows: "pd.DataFrame") -> str:
    """The names of the scenarios that may be the best, and the reasons why others were not compared."""
    states = rows["may_be_best"]
    compared = rows[states.isin(COMPARED)]
    best = compared.loc[compared["may_be_best"] == "yes", "scenario"].tolist()
    if len(compared) and (compared[["difference", "ci_low", "ci_high"]] == 0).all(axis=None):
        names = _ALIKE
    elif len(best) == len(compared) > 1:
        names = _ANY
    else:
        names = ", ".join(best)
    near = compared.loc[compared["may_be_best"] == MayBeBest.NEAR, "scenario"].tolist()
    names += NEAR.format(names=", ".join(near)) if near else ""
    left_out = [
        f"{NOT_RANKED.get(str(why), VERDICT_LABELS[Verdict(str(why))].en)}: {', '.join(some['scenario'])}"
        for why, some in rows[~states.isin(COMPARED)].groupby("may_be_best")
    ]
    if len(left_out) == 1 and not len(compared):
        return left_out[0].partition(":")[0]
    return "; ".join([names, *left_out] if names else left_out)
