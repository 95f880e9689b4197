"""Rosters: how many servers are on duty by clock time, the same every day or by weekday."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.ground.instants import WEEKDAY_LABELS, WEEKDAYS, parse_weekday
from sim.ground.text import Language, Text
from sim.ground.time_units import DAY_S
from sim.ground.units import format_clock, parse_clock

EXAMPLE = "{07:00: 3, 19:00: 1}"
WEEKLY_EXAMPLE = "{mon-fri: {07:00: 3, 19:00: 1}, sat-sun: 1}"


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

    Raises ValueError that says what is allowed.
    """
    if isinstance(written, tuple):
        return tuple(Turn(*turn) for turn in written)
    if not isinstance(written, Mapping) or not any(_weekdays(key) for key in written):
        return _of_one_day(written)
    of_weekday: dict[int, Roster] = {}
    for key, of_day in written.items():
        for number in _weekdays(key) or _refused():
            if of_weekday.setdefault(number, turns := _of_one_day(of_day)) != turns:
                raise ValueError(f"{WEEKDAYS[number]} stands twice; each weekday stands once, as in {WEEKLY_EXAMPLE}")
    missing = [WEEKDAYS[number] for number in range(7) if number not in of_weekday]
    if missing:
        raise ValueError(f"no number for {', '.join(missing)}; each weekday stands once, as in {WEEKLY_EXAMPLE}")
    if len(set(of_weekday.values())) == 1:
        return of_weekday[0]
    return tuple(Turn(number * DAY_S + clock_s, servers) for number in range(7) for clock_s, servers in of_weekday[number])


def _of_one_day(written: object) -> Roster:
    by_clock = written if isinstance(written, Mapping) else {"00:00": written}
    turns = sorted(Turn(parse_clock(clock) % DAY_S, _servers(number)) for clock, number in by_clock.items())
    if not turns or len({turn.clock_s for turn in turns}) < len(turns):
        raise ValueError(f"a roster needs each clock time once, as in {EXAMPLE}")
    return tuple(turns)


def parse_weekdays(written: object) -> tuple[int, ...]:
    """The weekdays (0 is Monday) of "sat" or "mon-fri", in that order. Raises ValueError that says what is allowed."""
    if isinstance(written, tuple):
        return written
    numbers = _weekdays(written)
    if not numbers:
        raise ValueError("a weekday or a spell of weekdays is needed, such as sat or mon-fri")
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
    raise ValueError(f"weekdays and clock times stand in one mapping; by weekday, a roster is written {WEEKLY_EXAMPLE}")


def _servers(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 1_000_000:
        raise ValueError(f"a whole number from 0 is needed, or numbers by clock time, as in {EXAMPLE}, or by weekday")
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
