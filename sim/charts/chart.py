"""What a chart is: a title, the numbers shown, and the drawing of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ground.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.study.study import Study


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the catalogue.

    `numbers` returns the table of what is shown, empty where the study offers nothing to show; `finding` says in a line a
    scenario what there is to see, or that there is nothing; `draw` turns the study into a figure in a language, one that
    says so where there is nothing. `shape` says in a sentence how it is drawn, for readers who don't see it. `boostable` charts
    show no times, and so are drawn of a boosted study too.
    """

    key: str
    title: Text
    shape: Text
    numbers: "Callable[[Study], pd.DataFrame]"
    finding: "Callable[[Study, Language], str]"
    draw: "Callable[[Study, Language], Figure]"
    boostable: bool = False

    def title_of(self, study: "Study", language: Language) -> str:
        """The title as it stands above the chart of that study."""
        return self.title.in_language(language).format(name=study.baseline)

    def alternative(self, study: "Study", language: Language) -> str:
        """The alternative text: what is shown, how, and what there is to see."""
        finding = self.finding(study, language)
        return "\n".join([self.title_of(study, language), self.shape.in_language(language), finding])


def rows_of(study: "Study", metric: str) -> "pd.DataFrame":
    """The rows of the study's summary for one measure."""
    return study.summary[study.summary["metric"] == metric]
