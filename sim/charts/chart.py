"""What a chart is: a title, the numbers shown, and the drawing of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ground.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiment.study import Study


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the catalogue.

    `numbers` returns the table of what is shown, empty where the study offers nothing to show; `draw`
    turns the study into a figure in a language, one that says so where there is nothing. `boostable` charts show no times,
    and so are drawn of a boosted study too.
    """

    key: str
    title: Text
    numbers: "Callable[[Study], pd.DataFrame]"
    draw: "Callable[[Study, Language], Figure]"
    boostable: bool = False


def rows_of(study: "Study", metric: str) -> "pd.DataFrame":
    """The rows of the study's summary for one measure."""
    return study.summary[study.summary["metric"] == metric]
