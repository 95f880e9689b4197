"""Who decides on each lever of policy, and by what: declared for every parameter, in three languages, with no lever misnamed."""

import pytest

from sim.ground.instrument import BODIES
from sim.ground.sides import SIDES
from sim.report.brief import instrument_of
from sim.scenario.load import apply
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario
from tests.shipped import shipped

POLICY = [path for path, parameter in catalogue().items() if parameter.branch == "policy"]


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return shipped("baseline")


def test_every_lever_has_an_instrument(baseline: Scenario) -> None:
    assert [path for path in POLICY if instrument_of(baseline, path) is None] == []


def test_instruments_name_levers_that_there_are(baseline: Scenario) -> None:
    for group in {path.split(".")[1] for path in POLICY}:
        policy = getattr(baseline.policy, group)
        levers = {lever.partition("=")[0] for instrument in policy.instruments for lever in instrument.levers}
        assert levers <= set(type(policy).model_fields), group


def test_what_is_chosen_may_need_another_instrument() -> None:
    path = "policy.inspection.regime"
    early = shipped("pre-clearance-60")
    by_regime = {regime: instrument_of(apply(early, {path: regime}), path) for regime in ("recognise", "one_stop")}
    assert by_regime["recognise"] is not None and by_regime["one_stop"] is not None
    assert "recognise" in by_regime["recognise"].how.en and "legislation" in by_regime["one_stop"].how.en


def test_every_side_has_official_names() -> None:
    for side in SIDES:
        assert all(getattr(side, body) for body in BODIES if body != "operators")
