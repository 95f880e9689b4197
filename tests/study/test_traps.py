"""Traps are told before the run: by `sim check`, by `sim run` as it begins, and among the warnings of the study."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

import sim
from sim.cli.main import main
from sim.cli.run import tell_beforehand
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import LANGUAGES, Text
from sim.model.fact_catalogue import AMBER
from sim.model.stage import ENDS
from sim.replication import prepare
from sim.replication.load import load_of_pools
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from sim.study.caveats import cautions_beforehand, caveats_of_scenario
from sim.study.design import Design
from tests.conftest import BASE, MakeStudy, write_scenarios
from tests.model.replicated import ONE_DAY
from tests.policies.observed import baseline, scenario

AMPLE: dict[str, Any] = {
    **ONE_DAY,
    "policy.flight_authorisation.mode": "standing",
    "policy.pre_clearance.decision": "on_arrival",
    "policy.inspection.regime": "check_twice",
    "policy.inspection.sequence": ["xray", "open"],
    "policy.vertiports.fleet": 30,
    "policy.vertiports.pads": 6,
    "policy.opening.officers": 20,
    "policy.port_hours.opens": "00:00",
    "policy.port_hours.closes": "24:00",
}
WITH_DOGS = {"policy.inspection.sequence": ["dog", "open"], "policy.detector_dogs.when_absent": "wait"}
NO_TEAM = {"policy.detector_dogs.teams": {"hong_kong": 0, "mainland": 4, "macao": 0}}
ALL_DAY = {"policy.detector_dogs.opens": "00:00", "policy.detector_dogs.closes": "24:00", "policy.detector_dogs.teams": 6}
ALL_HOURS = {"world.demand.hourly_profile": [1] * 24}


def ample(changes: dict[str, Any] | None = None) -> Scenario:
    return apply(scenario(AMPLE), changes or {})


def told(changes: dict[str, Any]) -> list[str]:
    return [caution.en for caution in cautions_beforehand([ample(changes)]) if is_a_trap(caution)]


def is_a_trap(caution: Text) -> bool:
    """Whether a caution is one of those tried here; other features have theirs."""
    signs = ("wait for a dog", "dogs are at hand", "no aircraft waits", "those on duty", "nobody is ever", "lost by rule")
    return any(sign in caution.en for sign in signs)


def test_where_there_is_no_trap_nothing_is_told() -> None:
    assert told({}) == []
    assert told({**WITH_DOGS, **ALL_DAY, **ALL_HOURS}) == []


def of_dogs(changes: dict[str, Any], sign: str) -> list[str]:
    """The sentences on dogs that hold these words; other pools may be short as well."""
    return [sentence for sentence in told({**WITH_DOGS, **changes}) if sign in sentence]


def test_goods_that_wait_for_a_dog_that_never_comes() -> None:
    searched = {"policy.risk_screening.export_rate": "50%", "policy.risk_screening.import_rate": "50%"}
    nobody = {**ALL_DAY, **NO_TEAM, **searched}
    (sentence,) = of_dogs(nobody, "wait for a dog that never comes")
    assert "goods that are to be searched in Hong Kong" in sentence
    assert len([sentence for sentence in of_dogs(nobody, "nobody is ever on duty") if "dog teams" in sentence]) == 1
    assert of_dogs({**nobody, "policy.detector_dogs.when_absent": "without"}, "never comes") == []
    assert not any("dog" in sentence for sentence in told(NO_TEAM))


def test_goods_that_wait_for_the_next_shift() -> None:
    gap = {**ALL_HOURS, "policy.detector_dogs.teams": 1, "policy.detector_dogs.shift": "8 h"}
    sentences = of_dogs(gap, "dogs are at hand")
    assert len(sentences) == 2 and "in Hong Kong dogs are at hand for at most 8 of the 24 hours" in sentences[0]
    assert of_dogs({**gap, "policy.detector_dogs.when_absent": "without"}, "dogs are at hand") == []


def test_a_lead_is_no_decision() -> None:
    longer = {"policy.pre_clearance.lead": "3 h"}
    (sentence,) = told(longer)
    assert "the lead of 3 h asks for the data earlier, and no aircraft waits for a decision" in sentence
    assert told({**longer, "policy.pre_clearance.decision": "before_departure"}) == []
    assert told({"policy.pre_clearance.lead": "0 s"}) == []


def test_a_pool_whose_work_exceeds_its_roster() -> None:
    slow = {
        "policy.risk_screening.amber_rate": "90%",
        "world.document_check.service_time": "2 h",
        "policy.document_check.officers": 1,
    }
    sentences = told(slow)
    assert len(sentences) == 2 and all("document" in sentence and "queue grows" in sentence for sentence in sentences)
    assert told({**slow, "policy.document_check.officers": 20}) == []


def test_servers_that_are_held_count_until_they_are_free() -> None:
    """Two aircraft a base for 80 flights a day, each for an hour and more."""
    assert any("fleet" in sentence for sentence in told({"policy.vertiports.fleet": 1}))


def test_the_load_is_the_work_against_the_servers() -> None:
    """By hand: flights on the amber channel x service / (servers x day)."""
    changes = {
        "policy.risk_screening.amber_rate": "50%",
        "world.document_check.service_time": "30 min",
        "policy.document_check.officers": 3,
    }
    prepared = prepare(ample(changes), 1, 0)
    planned_s = prepared.flights.planned_departure_s
    measured = (planned_s >= prepared.window_start_s) & (planned_s < prepared.window_end_s)
    loads = {pool.key: load for pool, load in load_of_pools(prepared, measured).items()}
    in_hong_kong = {role: prepared.flights.side(role) == SIDE_KEYS.index("hong_kong") for role in ENDS}
    checked = sum(int((prepared.facts[AMBER[role]] & in_hong_kong[role] & measured).sum()) for role in ENDS)
    assert checked > 10
    assert loads["document_officers.hong_kong"] == pytest.approx(checked * 1800 / (3 * 86400))


def test_orders_that_are_lost_by_rule() -> None:
    filing = {"policy.flight_authorisation.mode": "three_days", "world.demand.notice": "2 d", "world.demand.max_shift": "1 h"}
    (sentence,) = told(filing)
    assert sentence.startswith(f"Scenario “{baseline().title}”: 100% of the orders are lost by rule")
    assert told({**filing, "world.demand.notice": "4 d"}) == []


def test_an_outage_outside_the_measured_days() -> None:
    early = {"study.warm_up": "2 d", "world.data_interface.outage_events": [["day -1 08:00", "day -1 12:00"]]}
    (sentence,) = [caveat.en for caveat in caveats_of_scenario(ample(early)) if "lies wholly outside" in caveat.en]
    assert "outage" in sentence


def test_the_same_trap_of_several_scenarios_is_told_once() -> None:
    pair = [ample({"policy.pre_clearance.lead": "3 h"}).model_copy(update={"name": name}) for name in ("a", "b")]
    (caution,) = filter(is_a_trap, cautions_beforehand(pair))
    assert caution.en.startswith("Scenario “Sandbox corridor (a)”, “Sandbox corridor (b)”: ")


LONG_LEAD = "extends: base.yaml\nname: early\ntitle: Early\npolicy:\n  pre_clearance: {lead: 3 h, decision: on_arrival}\n"


def test_it_is_told_by_check_by_run_and_in_the_study(tmp_path: Path, make_study: MakeStudy) -> None:
    texts = {"base": BASE, "early": LONG_LEAD}
    files = [str(file) for file in write_scenarios(tmp_path, texts)]
    printed = CliRunner().invoke(main, ["check", *files])
    assert "caution: Scenario “Early”: the lead of 3 h asks for the data earlier" in printed.output
    study = sim.load(make_study(texts, replications=2))
    for language in LANGUAGES:
        assert any("policy.pre_clearance.decision" in sentence for sentence in study.warnings_in(language))


def test_who_sits_at_a_terminal_is_told_before_the_run() -> None:
    design = Design((ample({"policy.pre_clearance.lead": "3 h"}),), 1, 2, 0.95)
    for is_terminal in (True, False):
        console = Console(file=StringIO(), force_terminal=is_terminal, width=200)
        tell_beforehand(design, console)
        assert ("the lead of 3 h" in console.file.getvalue()) == is_terminal  # type: ignore[attr-defined]
