"""Instants as people write them: "day 5 08:00", "Mon 08:00" or "2026-06-01 08:00". Day 1 is the first measured day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sim.ground.errors import WordsError
from sim.ground.odd_characters import named
from sim.ground.text import Language, Text
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S

_NUMERALS = "一二三四五六日"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_LABELS = tuple(
    Text(key.capitalize(), f"星期{numeral}", f"周{numeral}") for key, numeral in zip(WEEKDAYS, _NUMERALS, strict=True)
)
DAY_CLOCK = Text("day {day} {clock}", "第{day}天 {clock}", "第{day}天 {clock}")
ALLOWED = Text(
    '"day 5 08:00" (day 1 is the first measured day, day 0 the one before it), "Mon 08:00" (the first in the measured days) '
    'or a date, "2026-06-01 08:00"',
    '"day 5 08:00"（day 1 為計量首日，day 0 為其前一日）、"Mon 08:00"（計量期內首個星期一）或日期 "2026-06-01 08:00"',
    '"day 5 08:00"（day 1 为计量首日，day 0 为其前一日）、"Mon 08:00"（计量期内首个周一）或日期 "2026-06-01 08:00"',
)
_NO_LENGTH = Text(
    'a day and a clock time are needed, not a length of time: {written} after 00:00 of day 1 is "{instant}", and day 1 is '
    "the first measured day, after the warm-up",
    '須填日子及時刻，不可填時長：day 1 00:00 之後 {written} 即 "{instant}"，而 day 1 是預熱期後的計量首日',
    '须填日子及时刻，不可填时长：day 1 00:00 之后 {written} 即 "{instant}"，而 day 1 是预热期后的计量首日',
)
_NEEDED = Text("an instant is needed, such as {allowed}", "須填時間，例如 {allowed}", "须填时间，例如 {allowed}")
_NO_DATE = Text(
    "there is no date {written}; a date is year-month-day, as in 2026-06-01 08:00",
    "沒有 {written} 這一日；日期寫作年-月-日，例如 2026-06-01 08:00",
    "没有 {written} 这一日；日期写作年-月-日，例如 2026-06-01 08:00",
)
_CLOCK_RANGE = Text(
    "a clock time goes from 00:00 to 24:00, as in day 5 08:00",
    "時刻由 00:00 至 24:00，例如 day 5 08:00",
    "时刻由 00:00 至 24:00，例如 day 5 08:00",
)
_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
_NUMBERED = re.compile(rf"(?:day\s*(-?[0-9]{{1,6}})|第\s*(-?[0-9]{{1,6}})\s*天)(?:\s*,\s*|\s+){_CLOCK}", re.IGNORECASE)
_NAMED = re.compile(rf"([A-Za-z]{{3,9}}|(?:星期|[周週])[一二三四五六日天])\.?(?:\s*,\s*|\s+){_CLOCK}")
_DATED = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:T|\s+){_CLOCK}")
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|min|h|d)")
_UNIT_S = {"s": 1.0, "min": MINUTE_S, "h": HOUR_S, "d": DAY_S}
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Instant:
    """A clock time, `clock_s` seconds after midnight, on a day.

    `number` is the number of the day (1 is the first measured one, those of the warm-up are 0, -1, ...), the weekday (0 is
    Monday), or the ordinal of the date (`date.toordinal`).
    """

    on: Literal["day", "weekday", "date"]
    number: int
    clock_s: float

    def since_day_1_s(self, first_day: date) -> float:
        """Seconds from 00:00 of day 1, whose date is `first_day`; a weekday is the first one from day 1 on."""
        days = {
            "day": self.number - 1,
            "weekday": (self.number - first_day.weekday()) % 7,
            "date": self.number - first_day.toordinal(),
        }[self.on]
        return days * DAY_S + self.clock_s

    def __str__(self) -> str:
        """The instant as a scenario file writes it."""
        return self.in_words()

    def in_words(self, language: Language = "en") -> str:
        """The instant in words; English ones are those of a scenario file."""
        clock = _clock(self.clock_s)
        if self.on == "day":
            return DAY_CLOCK.in_language(language).format(day=self.number, clock=clock)
        if self.on == "weekday":
            return f"{WEEKDAY_LABELS[self.number].in_language(language)} {clock}"
        return f"{date.fromordinal(self.number).isoformat()} {clock}"


def parse_instant(written: object) -> Instant:
    """The instant of a text. Raises WordsError that says what is allowed."""
    if isinstance(written, Instant):
        return written
    text = written.strip() if isinstance(written, str) else ""
    if match := _NUMBERED.fullmatch(text):
        return Instant("day", int(match[1] or match[2]), _seconds(*match.groups()[2:]))
    if (match := _NAMED.fullmatch(text)) and (weekday := parse_weekday(match[1])) is not None:
        return Instant("weekday", weekday, _seconds(*match.groups()[1:]))
    if match := _DATED.fullmatch(text):
        return Instant("date", _ordinal(match[1]), _seconds(*match.groups()[1:]))
    if match := _LENGTH.fullmatch(text):
        meant = Instant("day", *_day_and_clock(float(match[1]) * _UNIT_S[match[2]]))
        raise WordsError(_NO_LENGTH.fill(written=text, instant=meant))
    raise WordsError(named(text) or _NEEDED.fill(allowed=ALLOWED))


def parse_weekday(name: str) -> int | None:
    """The number of a weekday (0 is Monday) of its name in any language, or three letters of the English one; else None."""
    folded = name.casefold()
    if name[:-1] in ("星期", "周", "週"):
        numeral = name[-1].replace("天", "日")
        return _NUMERALS.index(numeral) if numeral in _NUMERALS else None
    return next((number for number, full in enumerate(_NAMES) if folded in (full, full[:3])), None)


def instant_of(since_day_1_s: float) -> Instant:
    """The instant by the number of its day, to the second below."""
    return Instant("day", *_day_and_clock(since_day_1_s))


def weekday_of(first_day: date, day: int) -> int:
    """The weekday (0 is Monday) of the day of that number, when day 1 is `first_day`."""
    return (first_day + timedelta(days=day - 1)).weekday()


def _day_and_clock(since_day_1_s: float) -> tuple[int, float]:
    days, clock_s = divmod(since_day_1_s // 1, DAY_S)
    return int(days) + 1, clock_s


def _ordinal(written: str) -> int:
    try:
        return date.fromisoformat(written).toordinal()
    except ValueError:
        raise WordsError(_NO_DATE.fill(written=written)) from None


def _seconds(hours: str, minutes: str, seconds: str | None) -> float:
    h, m, s = int(hours), int(minutes), int(seconds or 0)
    total = h * HOUR_S + m * MINUTE_S + s
    if m > 59 or s > 59 or total > DAY_S:
        raise WordsError(_CLOCK_RANGE)
    return total


def _clock(clock_s: float) -> str:
    minutes, seconds = divmod(int(clock_s), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
