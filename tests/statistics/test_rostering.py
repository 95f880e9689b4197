"""Rosters of teams that must rest: hand-worked days first, then what holds for every rule."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ground.time_units import DAY_S
from sim.model.calendar import Calendar
from sim.statistics.rostering import (
    SLOTS,
    DutyRule,
    DutyTurn,
    backlog_s,
    coverage,
    duty_roster,
    duty_spells,
    is_within,
    load_by_slot,
    optimise_roster,
    port_stays,
    presence,
    spells_of_stay,
    uniform_load,
)

H, MIN = 3600.0, 60.0
MIDDAY = load_by_slot(np.array([0] * 10 + [1, 2, 3, 2, 1] + [0] * 9))


def rule(shift: float = 8 * H, duty: float = 30 * MIN, rest: float = 30 * MIN, hours: float = 16 * H, moves: int = 0) -> DutyRule:
    return DutyRule(7 * H, hours, shift, duty, rest, 45 * MIN, moves)


# ------------------------------------------------------------------------------------------- by hand


def test_half_an_hour_on_and_half_an_hour_off() -> None:
    assert spells_of_stay(2 * H, 30 * MIN, 30 * MIN) == [(0, 0.5 * H), (1 * H, 1.5 * H)]


def test_what_is_left_over_is_a_shorter_spell_and_a_rest() -> None:
    assert spells_of_stay(5 * H, 90 * MIN, 30 * MIN) == [(0, 1.5 * H), (2 * H, 3.5 * H), (4 * H, 4.5 * H)]
    assert spells_of_stay(4.4 * H, 90 * MIN, 30 * MIN) == [(0, 1.5 * H), (2 * H, 3.5 * H)]  # less than a rest is left


def test_a_phase_turns_the_stay_round() -> None:
    assert spells_of_stay(2 * H, 30 * MIN, 30 * MIN, phase=6) == [(0.5 * H, 1 * H), (1.5 * H, 2 * H)]
    assert spells_of_stay(2 * H, 30 * MIN, 30 * MIN, phase=9) == [(0, 0.25 * H), (0.75 * H, 1.25 * H), (1.75 * H, 2 * H)]


def test_a_stay_shorter_than_a_cycle_is_one_spell() -> None:
    assert spells_of_stay(50 * MIN, 30 * MIN, 30 * MIN, phase=9) == [(0, 30 * MIN)]
    assert spells_of_stay(20 * MIN, 30 * MIN, 30 * MIN) == [(0, 20 * MIN)]
    assert spells_of_stay(0, 30 * MIN, 30 * MIN) == []


def test_without_rest_in_the_roster_the_stay_is_one_spell() -> None:
    assert spells_of_stay(8 * H, 30 * MIN, 0.0) == [(0, 8 * H)]


def test_a_move_takes_its_time_after_the_rest() -> None:
    """Four hours at port 0, the last spell over at 10:30, half an hour's rest, 45 min on the way, then port 1."""
    spells = duty_spells(DutyTurn(7 * H, 0, (0, 1)), rule(moves=1))
    assert [spell for spell in spells if spell[0] == 0][-1] == (0, 10 * H, 10.5 * H)
    assert next(spell for spell in spells if spell[0] == 1) == (1, 11.75 * H, 12.25 * H)
    assert presence([DutyTurn(7 * H, 0, (0, 1))], rule(moves=1), 1) == [(11.75 * H, 15 * H)]


def test_the_stays_of_a_turn_have_their_spells() -> None:
    """Two hours at each of two ports, half an hour on and off, the next port after the last rest and 45 min on the way."""
    (first, at_first), (second, at_second) = port_stays(DutyTurn(7 * H, 0, (0, 1)), rule(shift=4 * H, moves=1))
    assert first == (0, 7 * H, 9 * H) and at_first == [(0, 7 * H, 7.5 * H), (0, 8 * H, 8.5 * H)]
    assert second == (1, 9.75 * H, 11 * H) and at_second == [(1, 9.75 * H, 10.25 * H)]


def test_backlog_worked_by_hand() -> None:
    """Three units of work in slot 0, one served in each of slots 0 to 2: 2 wait after slot 0, 1 after slot 1."""
    load, served = np.zeros((1, SLOTS)), np.zeros((1, SLOTS))
    load[0, 0], served[0, :3] = 3.0, 1.0
    assert backlog_s(load, served) == 3.0
    assert backlog_s(load, load) == 0.0


def test_who_stays_at_a_port_does_not_travel() -> None:
    assert duty_spells(DutyTurn(7 * H, 3, (1, 1)), rule(moves=1)) == [
        (1, start, end) for _, start, end in duty_spells(DutyTurn(7 * H, 3, (0,)), rule())
    ]


def test_two_teams_of_eight_hours_cover_sixteen_one_after_the_other() -> None:
    first, second = sorted(turn.start_s for turn in optimise_roster(2, rule(), uniform_load(rule(), 1), choose_ports=False))
    assert first <= 7.5 * H and second >= 14.5 * H


def test_two_teams_at_once_take_turns() -> None:
    """Eight hours for both: one is on duty while the other rests, so that exactly one is there all the time."""
    at_once = rule(hours=8 * H)
    roster = duty_roster(optimise_roster(2, at_once, uniform_load(at_once, 1), choose_ports=False), at_once, 0)
    assert {turn.servers for turn in roster if 7 * H <= turn.clock_s < 15 * H} == {1}


def test_a_forecast_draws_a_team_to_midday() -> None:
    (turn,) = optimise_roster(1, rule(shift=4 * H), MIDDAY[None], choose_ports=False)
    assert 10 * H <= turn.start_s <= 12 * H


def test_pooled_teams_follow_peaks_that_fall_at_different_hours() -> None:
    """One team, mornings at port 0 and evenings at port 1: it moves once, in that order."""
    morning, evening = np.zeros(24), np.zeros(24)
    morning[8:11], evening[14:17] = 1, 1
    work = np.stack([load_by_slot(morning), load_by_slot(evening)])
    (turn,) = optimise_roster(1, rule(shift=10 * H, moves=1), work, choose_ports=True)
    assert turn.ports == (0, 1)


def test_nobody_moves_where_moving_only_costs() -> None:
    both = np.stack([MIDDAY, MIDDAY])
    assert all(len(set(turn.ports)) == 1 for turn in optimise_roster(2, rule(moves=1), both, choose_ports=True))


def test_no_team_and_no_work() -> None:
    assert duty_roster((), rule(), 0) == ((0.0, 0),)
    assert len(optimise_roster(2, rule(), np.zeros((1, SLOTS)), choose_ports=False)) == 2


def test_work_by_slot_comes_later() -> None:
    assert load_by_slot(np.arange(24.0)).sum() == pytest.approx(12 * np.arange(24).sum())
    assert np.flatnonzero(load_by_slot(np.eye(24)[23], 30 * MIN)).tolist() == [*range(6), *range(282, 288)]


def test_within_the_spells_of_a_day_that_spans_midnight() -> None:
    inside = is_within(np.array([23 * H, DAY_S + 1 * H, 2 * H, 5 * DAY_S + 22 * H, np.nan]), [(22 * H, 26 * H)])
    assert inside.tolist() == [True, True, False, True, False]


# ------------------------------------------------------------------------------------------- every rule


@st.composite
def rules(draw: st.DrawFn) -> DutyRule:
    whole = st.integers(1, 40).map(lambda n: n * 15 * MIN)
    hours = draw(st.sampled_from([8 * H, 16 * H, 17.5 * H, DAY_S]))
    rest = draw(st.sampled_from([0.0, 10 * MIN, 30 * MIN, 60 * MIN]))
    shift = min(draw(whole), hours, 16 * H)
    return DutyRule(
        draw(st.sampled_from([0.0, 7 * H, 20 * H])), hours, shift, draw(whole), rest, 45 * MIN, draw(st.integers(0, 2))
    )


@pytest.mark.takes(10)
@settings(max_examples=60, deadline=None)
@given(rules(), st.integers(0, 4), st.integers(1, 2), st.booleans())
def test_every_roster_keeps_the_rule(made: DutyRule, teams: int, ports: int, by_forecast: bool) -> None:
    work = np.stack([MIDDAY] * ports) if by_forecast else uniform_load(made, ports)
    turns = optimise_roster(teams, made, work, choose_ports=by_forecast)
    assert len(turns) == teams
    for turn in turns:
        spells = duty_spells(turn, made)
        assert turn.start_s >= made.opens_s
        assert made.length_s == DAY_S or turn.start_s + made.shift_s <= made.opens_s + made.length_s + 1e-6
        for _, start, end in spells:
            assert turn.start_s <= start < end <= turn.start_s + made.shift_s + 1e-6
            assert end - start <= (made.duty_s if made.rest_s else made.shift_s) + 1e-6
        for before, after in pairwise(spells):
            moved = made.travel_s if before[0] != after[0] else 0.0
            assert after[1] - before[2] >= made.rest_s + moved - 1e-6
    counted = [duty_roster(turns, made, port) for port in range(ports)]
    assert all(0 <= turn.servers <= teams for roster in counted for turn in roster)
    on_s = sum(Calendar.roster(roster, DAY_S).server_seconds(0, DAY_S) for roster in counted)
    spent_s = sum(end - start for turn in turns for _, start, end in duty_spells(turn, made))
    assert on_s == pytest.approx(spent_s, abs=len(turns) * 40)  # clock times are whole seconds
    assert sum(coverage(turn, made, ports).sum() for turn in turns) == pytest.approx(spent_s)


@pytest.mark.takes(10)
@settings(max_examples=60, deadline=None)
@given(rules(), st.integers(1, 4))
def test_dog_hours_are_the_same_by_shift_and_by_forecast(made: DutyRule, teams: int) -> None:
    spent = [
        sum(
            end - start
            for turn in optimise_roster(teams, made, work, choose_ports=False)
            for _, start, end in duty_spells(turn, made)
        )
        for work in (uniform_load(made, 1), MIDDAY[None])
    ]
    assert spent[0] == pytest.approx(spent[1])


@given(st.floats(0, 12 * H), st.floats(5 * MIN, 4 * H), st.floats(5 * MIN, 2 * H), st.integers(0, 11))
def test_every_phase_has_the_same_duty(stay_s: float, duty_s: float, rest_s: float, phase: int) -> None:
    plain, turned = (spells_of_stay(stay_s, duty_s, rest_s, k) for k in (0, phase))
    assert sum(end - start for start, end in turned) == pytest.approx(sum(end - start for start, end in plain), abs=1e-6)
    assert all(0 <= start <= end <= stay_s + 1e-6 for start, end in turned)
