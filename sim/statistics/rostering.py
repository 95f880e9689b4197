"""Rosters of teams that must rest: when each is on duty, and at which port; every day is alike. All times are seconds.

A team has one turn a day. It is present for the length of a shift, works spells of duty with rests between them, and may
move to another port in between. A roster is the sum of the turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.roster import Roster, Turn
from sim.ground.time_units import DAY_S

SLOTS = 288
SLOT_S = DAY_S / SLOTS  # five minutes: what a roster resolves when it is held against a forecast
_EDGES_S: Floats = np.linspace(0.0, DAY_S, SLOTS + 1)
START_STEP_S = 1800.0
PHASES = 12
SWEEPS = 8
LOAD = 0.2  # work, as a share of what the teams can do, that a roster is made for: low, so that gaps count more than crowds

Spell = tuple[int, float, float]
"""(number of the port, from, to): seconds after midnight, past 24 h where a turn spans midnight."""


@dataclass(frozen=True, slots=True)
class DutyRule:
    """How every team of a roster works.

    opens_s, length_s: the hours in which turns lie, as a clock time and a length · shift_s: how long a
    team is present · duty_s: the longest spell · rest_s: the least rest between two spells, 0 for none in
    the roster · travel_s: the way to another port, on which nobody works or rests · moves: moves in a turn.
    """

    opens_s: float
    length_s: float
    shift_s: float
    duty_s: float
    rest_s: float
    travel_s: float = 0.0
    moves: int = 0


@dataclass(frozen=True, slots=True)
class DutyTurn:
    """One team's day: when its shift starts, by how much its spells are put off, and its ports in turn (moves + 1)."""

    start_s: float
    phase: int
    ports: tuple[int, ...]


def spells_of_stay(stay_s: float, duty_s: float, rest_s: float, phase: int = 0) -> list[tuple[float, float]]:
    """The spells of duty within a stay of that length, as (from, to) from its start, by rising time.

    Whole cycles of duty and rest; of what is left over, all but a rest is a last, shorter spell. The phase
    turns this round by so many twelfths of a cycle: what is pushed over the end stands at the start.
    The sum of the spells is the same for every phase. A stay shorter than a cycle has one spell.
    """
    if rest_s == 0:
        return [(0.0, stay_s)] if stay_s > 0 else []
    cycle_s = duty_s + rest_s
    whole = int(stay_s / cycle_s + 1e-9)
    if whole == 0:
        return [(0.0, min(duty_s, stay_s))] if stay_s > 0 else []
    spells = [(k * cycle_s, k * cycle_s + duty_s) for k in range(whole)]
    left_s = stay_s - whole * cycle_s - rest_s
    if left_s > 0:
        spells.append((whole * cycle_s, whole * cycle_s + left_s))
    delay_s = phase * cycle_s / PHASES
    moved = [(start + delay_s, end + delay_s) for start, end in spells]
    inside = [(start, min(end, stay_s)) for start, end in moved if start < stay_s]
    turned = [(max(start - stay_s, 0.0), end - stay_s) for start, end in moved if end > stay_s]
    return sorted(turned + inside)


def port_stays(turn: DutyTurn, rule: DutyRule) -> list[tuple[Spell, list[Spell]]]:
    """The stays of a turn, each with its spells of duty. A stay begins when the team has arrived, and had its rest.

    The shift is cut into equal parts, one for each of its ports; neighbouring parts at one port are one stay.
    """
    part_s = rule.shift_s / len(turn.ports)
    stays: list[tuple[Spell, list[Spell]]] = []
    begin, free_s = 0, turn.start_s
    for k in range(1, len(turn.ports) + 1):
        if k < len(turn.ports) and turn.ports[k] == turn.ports[begin]:
            continue
        port, until_s = turn.ports[begin], turn.start_s + k * part_s
        from_s = min(max(free_s, turn.start_s + begin * part_s + (rule.travel_s if begin else 0.0)), until_s)
        spells = spells_of_stay(until_s - from_s, rule.duty_s, rule.rest_s, turn.phase)
        placed = [(port, from_s + start, from_s + end) for start, end in spells]
        stays.append(((port, from_s, until_s), placed))
        last_s = placed[-1][2] if placed else free_s - rule.rest_s - rule.travel_s
        free_s = last_s + rule.rest_s + rule.travel_s
        begin = k
    return stays


def duty_spells(turn: DutyTurn, rule: DutyRule) -> list[Spell]:
    """The spells of duty of a turn, by rising time."""
    return [spell for _, spells in port_stays(turn, rule) for spell in spells]


def presence(turns: Sequence[DutyTurn], rule: DutyRule, port: int) -> list[tuple[float, float]]:
    """When any of the teams is at the port, on duty or resting: (from, to), which may overlap."""
    return [(stay[1], stay[2]) for turn in turns for stay, _ in port_stays(turn, rule) if stay[0] == port]


def is_within(instants_s: Floats, spells: Sequence[tuple[float, float]]) -> np.ndarray:
    """Shape of `instants_s`: whether an instant of any day lies in one of the daily spells [from, to); NaN does not."""
    inside = np.zeros(np.shape(instants_s), dtype=np.bool_)
    for from_s, to_s in spells:
        inside |= (instants_s - from_s) % DAY_S < to_s - from_s
    return inside


def duty_roster(turns: Sequence[DutyTurn], rule: DutyRule, port: int) -> Roster:
    """The number of teams on duty at the port by clock time."""
    spells = [(spell[1], spell[2]) for turn in turns for spell in duty_spells(turn, rule) if spell[0] == port]
    rounded = [(float(round(start_s)), float(round(end_s))) for start_s, end_s in spells]
    clocks = np.array(sorted({0.0, *(instant % DAY_S for spell in rounded for instant in spell)}))
    counts = sum((is_within(clocks, [spell]).astype(np.int64) for spell in rounded), np.zeros(len(clocks), dtype=np.int64))
    return tuple(Turn(float(clock), int(count)) for clock, count in zip(clocks, counts, strict=True))


# ---------------------------------------------------------------------------- fitting turns to a forecast


def uniform_load(rule: DutyRule, ports: int) -> Floats:
    """Shape (ports, SLOTS): work that comes evenly over the rule's hours."""
    covered = _covered(_EDGES_S, np.array([rule.opens_s]), np.array([rule.opens_s + rule.length_s]))
    return np.tile(np.diff(covered), (ports, 1))


def load_by_slot(hourly: Floats, later_s: float = 0.0) -> Floats:
    """Shape (SLOTS,): work by slot from work by hour of the day, shape (24,), that comes `later_s` later."""
    return np.roll(np.repeat(np.asarray(hourly, dtype=np.float64), SLOTS // 24), round(later_s / SLOT_S))


def optimise_roster(teams: int, rule: DutyRule, work: Floats, choose_ports: bool) -> tuple[DutyTurn, ...]:
    """The turns of the teams for which expected work, shape (ports, SLOTS), would wait least.

    Work is a fluid that comes as forecast, LOAD times what the teams can do in a day, and is served at each port by the teams
    on duty there. The backlog summed over the day is made small by coordinate descent: team by team the best start and phase
    are taken, then each is tried again until none changes. The roster is a local optimum, perhaps not the best. Teams go round
    the ports; if ports may be chosen, they may also stay or go elsewhere.
    """
    ports = len(work)
    going_round = [tuple((team + k) % ports for k in range(rule.moves + 1)) for team in range(teams)]
    staying = [(team % ports,) * (rule.moves + 1) for team in range(teams)]
    if not teams or not work.sum():
        return tuple(DutyTurn(rule.opens_s, 0, tour) for tour in going_round)
    unmoved = DutyTurn(rule.opens_s, 0, (0,))
    load_s = work / work.sum() * LOAD * teams * sum(end - start for _, start, end in duty_spells(unmoved, rule))
    starts = [going_round, staying] if choose_ports else [going_round]
    rosters = [_descent(tours, rule, load_s, choose_ports) for tours in starts]
    return min(rosters, key=lambda turns: float(backlog_s(load_s, _served_s(turns, rule, ports))))


def _descent(tours: Sequence[tuple[int, ...]], rule: DutyRule, load_s: Floats, choose_ports: bool) -> tuple[DutyTurn, ...]:
    """The turns from these tours, one team after the other and then each again."""
    turns: list[DutyTurn] = []
    for tour in tours:
        turns.append(_best(DutyTurn(rule.opens_s, 0, tour), turns, rule, load_s, choose_ports=False))
    for _ in range(SWEEPS):
        before = list(turns)
        for team in range(len(turns)):
            turns[team] = _best(turns[team], turns[:team] + turns[team + 1 :], rule, load_s, choose_ports)
        if turns == before:
            break
    return tuple(turns)


def _best(turn: DutyTurn, others: Sequence[DutyTurn], rule: DutyRule, load_s: Floats, choose_ports: bool) -> DutyTurn:
    """The turn moved to where the backlog is least beside the others; ties go to the earliest."""
    ports = len(load_s)
    served_s = _served_s(others, rule, ports)
    if choose_ports and ports > 1:
        tours = product(range(ports), repeat=rule.moves + 1)
        turn = _least([replace(turn, ports=tour) for tour in tours], rule, load_s, served_s)
    phases = range(PHASES if rule.rest_s else 1)
    starts = _starts(rule)
    return _least([replace(turn, start_s=s, phase=p) for s in starts for p in phases], rule, load_s, served_s)


def _starts(rule: DutyRule) -> list[float]:
    """When a shift may start: every half hour for which it ends within the hours, and so that it ends with them."""
    latest_s = rule.length_s - rule.shift_s if rule.length_s < DAY_S else DAY_S - START_STEP_S
    return [rule.opens_s + s for s in sorted({*np.arange(0.0, latest_s + 1e-6, START_STEP_S).tolist(), latest_s})]


def _least(candidates: Sequence[DutyTurn], rule: DutyRule, load_s: Floats, served_s: Floats) -> DutyTurn:
    """The candidate that leaves the least backlog beside what the others serve."""
    added_s = np.stack([coverage(turn, rule, len(load_s)) for turn in candidates])
    return candidates[int(np.argmin(backlog_s(load_s, served_s + added_s)))]


def backlog_s(load_s: Floats, served_s: Floats) -> Floats:
    """Shape (...,): backlog summed over ports and slots, from arrays (..., ports, SLOTS), on the second of two equal days.

    Rounded, so that the last digits of a sum, which differ between machines, decide nothing.
    """
    grown_s = np.cumsum(np.tile(load_s - served_s, 2), axis=-1)
    waiting_s = grown_s - np.minimum(np.minimum.accumulate(grown_s, axis=-1), 0.0)
    return np.asarray(np.round(waiting_s[..., SLOTS:].sum(axis=(-2, -1)), 3))


def _served_s(turns: Sequence[DutyTurn], rule: DutyRule, ports: int) -> Floats:
    return np.sum([coverage(turn, rule, ports) for turn in turns], axis=0) if turns else np.zeros((ports, SLOTS))


@lru_cache(maxsize=20_000)
def coverage(turn: DutyTurn, rule: DutyRule, ports: int) -> Floats:
    """Shape (ports, SLOTS): seconds that the team is on duty at each port in each slot of the day."""
    spells = duty_spells(turn, rule)
    at = [[spell for spell in spells if spell[0] == port] for port in range(ports)]
    covered = [_covered(_EDGES_S, np.array([s for _, s, _ in one]), np.array([e for _, _, e in one])) for one in at]
    return np.diff(np.array(covered), axis=1)


def _covered(edges: Floats, from_s: Floats, to_s: Floats) -> Floats:
    """Shape of `edges`: the time in [from, to) of any day between midnight and each edge of the day."""
    days = np.array([0.0, -DAY_S, -2 * DAY_S])[:, None]
    begun, ended = (np.ravel(days + instants)[:, None] for instants in (from_s, to_s))
    inside = np.clip(edges, np.maximum(begun, 0.0), np.maximum(ended, 0.0)) - np.maximum(begun, 0.0)
    return np.asarray(inside.sum(axis=0))
