"""One study told in one language: what the builders of all sections are given."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.report.document import Column, Row, Table
from sim.report.sides import Cells

if TYPE_CHECKING:
    from sim.experiment.study import Study


@dataclass(frozen=True)
class Edition:
    """A study and the language in which it is told."""

    study: "Study"
    language: Language

    def say(self, text: Text, **parts: object) -> str:
        """The text in this language, each `{name}` replaced by the part of that name."""
        chosen = text.in_language(self.language)
        return chosen.format(**{key: self.say(part) if isinstance(part, Text) else part for key, part in parts.items()})

    def quantity(self, written: str) -> str:
        """A quantity as a scenario file writes it, with its unit in this language."""
        return quantity_in_words(written, self.language)

    def table(self, caption: str, first: tuple[Text, float], headings: tuple[Text, ...], rows: list[Cells]) -> Table:
        """A table of labels and numbers; `first`: the heading of the labels, and how many times as wide they are."""
        columns = (Column(self.say(first[0]), "left", first[1]), *(Column(self.say(heading)) for heading in headings))
        told = tuple(
            Row((row.label, *row.cells), depth=row.depth) if row.cells else Row((row.label,), is_heading=True, depth=row.depth)
            for row in rows
        )
        return Table(caption, columns, told)
