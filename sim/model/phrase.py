"""How a measure is said in a sentence: its level as a clause, and the words for a difference."""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """The words for more and for less of a measure, with {n} for by how much."""

    more: Text
    less: Text


MORE_OR_FEWER = Change(Text("{n} more", "多 {n}", "多 {n}"), Text("{n} fewer", "少 {n}", "少 {n}"))
MORE_OR_LESS = Change(Text("{n} more", "多 {n}", "多 {n}"), Text("{n} less", "少 {n}", "少 {n}"))
LONGER_OR_SHORTER = Change(Text("{n} longer", "長 {n}", "长 {n}"), Text("{n} shorter", "短 {n}", "短 {n}"))
LATER_OR_EARLIER = Change(Text("{n} later", "遲 {n}", "晚 {n}"), Text("{n} earlier", "早 {n}", "早 {n}"))
HIGHER_OR_LOWER = Change(Text("{n} higher", "高 {n}", "高 {n}"), Text("{n} lower", "低 {n}", "低 {n}"))

NO_COUNTER = Text("", "", "")
FLIGHTS_COUNTED, CONSIGNMENTS_COUNTED = Text("flights", "班", "班"), Text("items", "件", "件")
DECLARATIONS_COUNTED, PEOPLE_COUNTED = Text("forms", "份", "份"), Text("people", "名", "名")


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a level and a difference of a measure are said.

    level: a clause; in it stand {n}, the number with its unit, or {number}, it alone; of a share {n} of {of}, as whole numbers
    ("97 of 100"); {part}, which side, route or group, or {where}, the same in brackets; {period}, the days that a count is of ·
    below: the clause of a level below 0, whose number has no sign · quantile, quantile_below: the same of quantiles, with {share}
    for the flights that the quantile speaks of ("half of the flights") · change: the words for a difference · counter: what is
    counted (in Chinese 班, 件) · unit: the unit in which its times are always said.
    """

    level: Text
    change: Change
    below: Text | None = None
    quantile: Text | None = None
    quantile_below: Text | None = None
    counter: Text = NO_COUNTER
    unit: str = "min"
