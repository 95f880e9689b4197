"""Rosters: how many servers are on duty by clock time, the same every day or by weekday."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.ground.errors import WordsError
from sim.ground.instants import WEEKDAY_LABELS, WEEKDAYS, parse_weekday
from sim.ground.text import COMMA, Language, Text
from sim.ground.time_units import DAY_S
from sim.ground.units import format_clock, parse_clock

EXAMPLE = "{07:00: 3, 19:00: 1}"
WEEKLY_EXAMPLE = "{mon-fri: {07:00: 3, 19:00: 1}, sat-sun: 1}"
_TWICE = Text(
    "{day} stands twice; each weekday stands once, as in {example}",
    "{day} 出現兩次；每日只可列一次，例如 {example}",
    "{day} 出现两次；每日只可列一次，例如 {example}",
)
_MISSING = Text(
    "no number for {days}; each weekday stands once, as in {example}",
    "{days} 未填人數；七日須各列一次，例如 {example}",
    "{days} 未填人数；七日须各列一次，例如 {example}",
)
_CLOCKS_ONCE = Text(
    "a roster needs each clock time once, as in {example}",
    "更表內每個時刻只可列一次，例如 {example}",
    "班次表内每个时刻只可列一次，例如 {example}",
)
_WEEKDAYS_NEEDED = Text(
    "a weekday or a spell of weekdays is needed, such as sat or mon-fri",
    "須填星期幾或一段日子，例如 sat 或 mon-fri",
    "须填星期几或一段日子，例如 sat 或 mon-fri",
)
_MIXED = Text(
    "weekdays and clock times stand in one mapping; by weekday, a roster is written {example}",
    "星期與時刻混列；按星期列明的更表寫作 {example}",
    "星期与时刻混列；按星期列明的班次表写作 {example}",
)
_SERVERS = Text(
    "a whole number from 0 is needed, or numbers by clock time, as in {example}, or by weekday",
    "須填 0 或以上的整數，或按時刻列明人數，例如 {example}，或按星期列明",
    "须填 0 或以上的整数，或按时刻列明人数，例如 {example}，或按星期列明",
)


class Turn(NamedTuple):
    """`servers` on duty from a clock time (seconds after midnight; by weekday, after midnight of Monday) until the next turn."""

    clock_s: float
    servers: int


TO = Text("{}-{}", "{}至{}", "{}至{}")
Roster = tuple[Turn, ...]


def is_weekly(roster: Roster) -> bool:
    """Whether the roster goes by weekday: each of the seven then has a turn."""
    return roster[-1][0] >= DAY_S


def parse_roster(written: object) -> Roster:
    """The turns of `written`, a number for the whole day, {clock time: number}, or either by weekdays, by rising clock.

    Raises WordsError that says what is allowed.
    """
    if isinstance(written, tuple):
        return tuple(Turn(*turn) for turn in written)
    if not isinstance(written, Mapping) or not any(_weekdays(key) for key in written):
        return _of_one_day(written)
    of_weekday: dict[int, Roster] = {}
    for key, of_day in written.items():
        for number in _weekdays(key) or _refused():
            if of_weekday.setdefault(number, turns := _of_one_day(of_day)) != turns:
                raise WordsError(_TWICE.fill(day=WEEKDAYS[number], example=WEEKLY_EXAMPLE))
    missing = [WEEKDAYS[number] for number in range(7) if number not in of_weekday]
    if missing:
        raise WordsError(_MISSING.fill(days=COMMA.join(missing), example=WEEKLY_EXAMPLE))
    if len(set(of_weekday.values())) == 1:
        return of_weekday[0]
    return tuple(Turn(number * DAY_S + clock_s, servers) for number in range(7) for clock_s, servers in of_weekday[number])


def _of_one_day(written: object) -> Roster:
    by_clock = written if isinstance(written, Mapping) else {"00:00": written}
    turns = sorted(Turn(parse_clock(clock) % DAY_S, _servers(number)) for clock, number in by_clock.items())
    if not turns or len({turn.clock_s for turn in turns}) < len(turns):
        raise WordsError(_CLOCKS_ONCE.fill(example=EXAMPLE))
    return tuple(turns)


def parse_weekdays(written: object) -> tuple[int, ...]:
    """The weekdays (0 is Monday) of "sat" or "mon-fri", in that order. Raises WordsError that says what is allowed."""
    if isinstance(written, tuple):
        return written
    numbers = _weekdays(written)
    if not numbers:
        raise WordsError(_WEEKDAYS_NEEDED)
    return tuple(numbers)


def weekdays_as_written(weekdays: Sequence[int]) -> str:
    """A spell of weekdays as a scenario file writes it."""
    return WEEKDAYS[weekdays[0]] if len(weekdays) == 1 else f"{WEEKDAYS[weekdays[0]]}-{WEEKDAYS[weekdays[-1]]}"


def _weekdays(key: object) -> list[int]:
    """The numbers of the weekdays that a key names, "sat" or "mon-fri"; none for any other key."""
    names = [parse_weekday(name.strip()) for name in key.split("-")] if isinstance(key, str) else []
    if None in names or not 1 <= len(names) <= 2:
        return []
    first, last = names[0] or 0, names[-1] or 0
    return [(first + passed) % 7 for passed in range((last - first) % 7 + 1)]


def _refused() -> list[int]:
    raise WordsError(_MIXED.fill(example=WEEKLY_EXAMPLE))


def _servers(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 1_000_000:
        raise WordsError(_SERVERS.fill(example=EXAMPLE))
    return number


def turns_of_weekday(roster: Roster, number: int) -> Roster:
    """The turns of one weekday (0 is Monday), their clocks after its midnight."""
    if not is_weekly(roster):
        return roster
    return tuple(Turn(clock_s % DAY_S, servers) for clock_s, servers in roster if clock_s // DAY_S == number)


def roster_as_written(roster: Roster) -> int | dict[str, int] | dict[str, int | dict[str, int]]:
    """The roster as a scenario file writes it."""
    if not is_weekly(roster):
        return _day_as_written(roster)
    spells: list[list[int]] = []
    for number in range(7):
        if spells and turns_of_weekday(roster, number) == turns_of_weekday(roster, spells[-1][0]):
            spells[-1].append(number)
        else:
            spells.append([number])
    keys = list(map(weekdays_as_written, spells))
    days = [turns_of_weekday(roster, spell[0]) for spell in spells]
    return {
        key: _day_as_written(day) if day[0].clock_s == 0 else {format_clock(clock_s): servers for clock_s, servers in day}
        for key, day in zip(keys, days, strict=True)
    }


def weekdays_in_words(key: str, language: Language = "en") -> str:
    """A key of a roster by weekday, "mon-fri", as a reader sees it; empty for any other key."""
    numbers = _weekdays(key)
    names = (
        [WEEKDAY_LABELS[number].in_language(language) for number in dict.fromkeys((numbers[0], numbers[-1]))] if numbers else []
    )
    return TO.in_language(language).format(*names) if len(names) == 2 else "".join(names)


def _day_as_written(roster: Roster) -> int | dict[str, int]:
    if len(roster) == 1:
        return roster[0].servers
    return {format_clock(turn.clock_s): turn.servers for turn in roster}
