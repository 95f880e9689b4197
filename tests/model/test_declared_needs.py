"""What parameters declare to need: where a condition does not hold, no other value moves a flight, a fact or the plan.

A failure prints the seed, the scenario's changes, and the parameters at fault one by one.
"""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given, note, settings
from hypothesis import strategies as st

from sim.ground.condition import All, Condition, Either, OfOne, Where
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES
from sim.replication.levers import Unchanged
from sim.scenario.conditions import holds, why_dead
from sim.scenario.load import apply
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario
from tests.model.replicated import ONE_DAY
from tests.model.settings import PARAMETERS, others
from tests.model.test_random_scenarios import pick, random_changes
from tests.policies.declared import in_use
from tests.policies.observed import scenario

NEEDY = {path: parameter for path, parameter in PARAMETERS.items() if parameter.needs is not None and others(path)}


def said_dead(tried: Scenario) -> list[str]:
    """The parameters whose declared condition does not hold in a scenario."""
    return [path for path, parameter in NEEDY.items() if parameter.needs and not holds(parameter.needs, tried)]


def changed(tried: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with these values, but for those that it can't have."""
    try:
        return apply(tried, values)
    except InputError:
        paths = list(values)
    if len(paths) == 1:
        return tried
    for half in (paths[: len(paths) // 2], paths[len(paths) // 2 :]):
        tried = changed(tried, {path: values[path] for path in half})
    return tried


def alive(tried: Scenario, values: Mapping[str, Any], unchanged: Unchanged) -> list[str]:
    """Which of the values move anything: all at once, and only if they do, one by one."""
    if unchanged.is_same(changed(tried, values)):
        return []
    by_themselves = [path for path, value in values.items() if not unchanged.is_same(changed(tried, {path: value}))]
    return by_themselves or list(values)


def check(seed: int) -> None:
    rng = np.random.default_rng(seed)
    changes = random_changes(rng)
    try:
        tried = apply(scenario(ONE_DAY), changes)
    except InputError:
        event("refused on load")
        assume(False)
    values = {path: pick(rng, others(path)) for path in said_dead(tried)}
    event(f"{len(values) // 10 * 10} or more are said to be dead")
    at_fault = alive(tried, values, Unchanged(tried, seed, (0,)))
    note(f"seed {seed}, changes {changes}, alive though declared dead: { {path: values[path] for path in at_fault} }")
    assert not at_fault


@pytest.mark.takes(30)
@settings(max_examples=25, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_said_to_move_nothing_moves_nothing(seed: int) -> None:
    check(seed)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_said_to_move_nothing_moves_nothing_in_a_thousand_scenarios(seed: int) -> None:
    check(seed)


ROWS = "route,from_side,planned_departure\nwenjindu_sheung_shui,mainland,43200\nwenjindu_sheung_shui,hong_kong,50400\n"
CABIN = {"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139"}
DEMAND: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    (
        {"world.demand.schedule": {"csv": ROWS}},
        {
            "world.demand.flights_per_day": "99/d",
            "world.demand.hourly_profile": [1] * 24,
            "world.demand.flights_on_route": {"wenjindu_sheung_shui": "9/d"},
        },
    ),
    ({}, {"world.demand.seat_load": "10%", "world.demand.energy_reserve": "21%"}),
    (
        CABIN,
        {
            "world.demand.consignments_per_flight": 3.0,
            "world.demand.goods_mix": {"parcel": 1.0},
            "world.demand.priority_mix": {"medical": 1.0},
        },
    ),
)


@pytest.mark.parametrize(("setting", "values"), DEMAND)
def test_what_demand_declares_holds(setting: dict[str, Any], values: dict[str, Any]) -> None:
    tried = apply(scenario(ONE_DAY), setting)
    assert all(why_dead(tried, path) is not None for path in values)
    assert alive(tried, values, Unchanged(tried, 1, (0, 1))) == []


def test_a_false_declaration_is_noticed() -> None:
    tried = scenario(ONE_DAY)
    unchanged = Unchanged(tried, 1, (0,))
    dead = {"policy.detector_dogs.teams": 5, "world.inspection.yard_transfer": "1 h"}
    assert alive(tried, dead, unchanged) == []
    assert alive(tried, {**dead, "policy.corridor.headway": "5 min"}, unchanged) == ["policy.corridor.headway"]


def conditions_in(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of."""
    yield condition
    for part in condition.conditions if isinstance(condition, All | Either) else ():
        yield from conditions_in(part)


@pytest.mark.parametrize("path", NEEDY)
def test_a_condition_speaks_of_parameters_that_there_are_and_not_of_its_own(path: str) -> None:
    """One that hung on the parameter's own value would not hold at the value to which it is put."""
    read: list[str] = []
    values = scenario(ONE_DAY)

    def noted(name: str) -> Any:
        read.append(name)
        return attrgetter(name)(values)

    needs = PARAMETERS[path].needs
    assert needs is not None
    for condition in conditions_in(needs):
        if isinstance(condition, OfOne | Where):
            condition.holds(noted)
    assert path not in read
    assert set(read) <= set(catalogue())


@pytest.mark.parametrize("path", NEEDY)
def test_the_example_of_a_condition_meets_it(path: str) -> None:
    needs = PARAMETERS[path].needs
    assert needs is not None
    setting = {**needs.example(), **in_use(PARAMETERS[path].feature)}
    if PARAMETERS[path].feature == "corridor" and "ceiling" in str(setting):
        setting["world.demand.aircraft"] = "phoenix_vtol"
    tried = apply(scenario(ONE_DAY), setting)
    assert holds(needs, tried) and why_dead(tried, path) is None


def test_the_reason_is_a_sentence_in_three_languages() -> None:
    tried = apply(scenario(ONE_DAY), {"policy.inspection.sequence": ["xray", "open"], "policy.data_interface.mode": "api"})
    reason = why_dead(tried, "policy.detector_dogs.teams")
    assert reason is not None and reason.en == "no dog in policy.inspection.sequence"
    assert "緝毒犬" in reason.zh_hant and "缉毒犬" in reason.zh_hans
    reason = why_dead(tried, "policy.data_interface.batch_period")
    assert reason is not None and reason.en == "policy.data_interface.mode is api, not batch"
    reasons = [why_dead(tried, path) for path in NEEDY]
    for reason in filter(None, reasons):
        assert all(reason.in_language(language).strip() for language in LANGUAGES)
        assert not reason.en.endswith(".")
