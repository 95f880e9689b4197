"""One study in one language: the argument of the builders of all sections."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.report.comparing import VERDICT
from sim.report.document import Column, Row, Table
from sim.report.fonts import covered
from sim.report.ledger_tables import INTERVAL, LabelledRow
from sim.report.recovery import COLUMNS
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

LISTED = Text(", ", "、", "、")
"""The separator of the members of a list."""
WITH_INTERVALS = (INTERVAL, COLUMNS["recovery_clear_time"])


@dataclass(frozen=True)
class ReportContext:
    """A study and the language of its report.

    assumed: the folder of an assumption study (`sim assumptions`), which says how much each parameter moves the answer, or None.
    """

    study: "Study"
    language: Language
    assumed: Path | None = None

    @cached_property
    def names(self) -> dict[str, str]:
        """What the report calls each scenario, by its name."""
        return names_in(self.study, self.language)

    def say(self, text: Text, **parts: object) -> str:
        """The text in this language, each `{name}` replaced by the part of that name."""
        chosen = text.in_language(self.language)
        return chosen.format(**{key: self.say(part) if isinstance(part, Text) else part for key, part in parts.items()})

    def quoted(self, written: str) -> str:
        """What an author wrote, on one line; a sign that the typeface lacks, and one that steers a terminal, becomes "?"."""
        known = covered(self.language)
        return "".join(sign if ord(sign) in known and sign.isprintable() else "?" for sign in " ".join(written.split()))

    def quantity(self, written: str) -> str:
        """A quantity as a scenario file writes it, with its unit in this language."""
        return quantity_in_words(written, self.language)

    def table(self, caption: str, first: tuple[Text, float], headings: tuple[Text, ...], rows: list[LabelledRow]) -> Table:
        """A table of labels and numbers; `first`: the heading of the labels, and how many times as wide they are."""
        columns = (Column(self.say(first[0]), "left", first[1]), *(self._column(heading) for heading in headings))
        return Table(caption, columns, tuple(Row((row.label, *row.cells), not row.cells, row.depth) for row in rows))

    def _column(self, heading: Text) -> Column:
        """A column of numbers; intervals need more room, and verdicts are words."""
        text = self.say(heading)
        return Column(text, "left", 1.6) if heading == VERDICT else Column(text, share=1.6 if heading in WITH_INTERVALS else 1.0)
