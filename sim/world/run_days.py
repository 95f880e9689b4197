"""The days of a run: their dates and numbers. Day 1 is the first measured day; the warm-up lies before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sim.ground.instants import Instant, instant_of
from sim.ground.text import Language
from sim.ground.time_units import DAY_S
from sim.world.holidays import counts_as

Written = tuple[Instant, Instant]


@dataclass(frozen=True, slots=True)
class RunDays:
    """`first_day`: the date of day 1 · `day_1_s`: when it begins, s from the first midnight of the run, warm-up included."""

    first_day: date
    day_1_s: float

    def run_s(self, instant: Instant) -> float:
        """Seconds from the first midnight of the run."""
        return self.day_1_s + instant.since_day_1_s(self.first_day)

    def spells_s(self, spells: Iterable[Written]) -> tuple[tuple[float, float], ...]:
        """Each spell as (start, end), s from the first midnight of the run."""
        return tuple((self.run_s(start), self.run_s(end)) for start, end in spells)

    def backward(self, spells: Iterable[Written]) -> list[Written]:
        """The spells that do not end after they begin."""
        return [(start, end) for start, end in spells if self.run_s(end) <= self.run_s(start)]

    def date_of(self, run_day: int) -> date:
        """The date of a day of the run, counted from 0 with the warm-up."""
        return self.first_day + timedelta(days=run_day - round(self.day_1_s / DAY_S))

    def counts_as(self, run_day: int, side: str | None = None) -> int:
        """The weekday (0 is Monday) as which a day of the run counts on a side; without one, holidays are days like others."""
        return counts_as(self.date_of(run_day), side)

    def in_words(self, run_s: float, language: Language = "en") -> str:
        """The instant of a run as the number of its day and the clock time, to the second below."""
        return instant_of(run_s - self.day_1_s).in_words(language)
