"""Rosters: how many servers are on duty by clock time, the same every day."""

from collections.abc import Mapping
from typing import NamedTuple

from sim.ground.time_units import DAY_S
from sim.ground.units import format_clock, parse_clock

EXAMPLE = "{07:00: 3, 19:00: 1}"


class Turn(NamedTuple):
    """`servers` on duty from a clock time (seconds after midnight) until the next turn."""

    clock_s: float
    servers: int


Roster = tuple[Turn, ...]


def parse_roster(written: object) -> Roster:
    """The turns of `written`, a number for the whole day or {clock time: number}, by rising clock.

    Raises ValueError that says what is allowed.
    """
    if isinstance(written, tuple):
        return tuple(Turn(*turn) for turn in written)
    by_clock = written if isinstance(written, Mapping) else {"00:00": written}
    turns = sorted(Turn(parse_clock(clock) % DAY_S, _servers(number)) for clock, number in by_clock.items())
    if not turns or len({turn.clock_s for turn in turns}) < len(turns):
        raise ValueError(f"a roster needs each clock time once, as in {EXAMPLE}")
    return tuple(turns)


def _servers(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 1_000_000:
        raise ValueError(f"a whole number from 0 is needed, or numbers by clock time, as in {EXAMPLE}")
    return number


def roster_as_written(roster: Roster) -> int | dict[str, int]:
    """The roster as a scenario file writes it."""
    if len(roster) == 1:
        return roster[0].servers
    return {format_clock(turn.clock_s): turn.servers for turn in roster}
