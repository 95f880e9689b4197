"""Every world parameter reaches what is simulated: the flights, the facts or the plan."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.replication import Prepared
from sim.scenario.parameters import catalogue
from tests.policies.levers import (
    AIR,
    AT_TAKE_OFF,
    BATCHES,
    CONTRABAND,
    DATA,
    DATUM,
    DOGS,
    HELICOPTERS,
    INSPECT,
    ON_THE_DAY,
    OUTAGES,
    PORT,
    QUARANTINED,
    WRONG_DATUM,
)
from tests.policies.observed import prepared

Part = Literal["flights", "facts", "plan"]
SMALL = {"study.days": 1, "study.warm_up": "0 s", "study.cool_down": "6 h", "world.demand.flights_per_day": "40/d"}
BY_API = {f"{DATA}.mode": "api"}
ON_PAPER = {f"{DATA}.mode": "paper"}
PERSONAL = {f"{DATA}.fields": "personal"}
DIVERTING = {f"{PORT}.pads": 1, f"{PORT}.reservation": False}
SINGLE_DESK = {**ON_THE_DAY, "policy.flight_authorisation.agencies": "single_desk"}
MUCH_REWORK = {**ON_THE_DAY, "world.flight_authorisation.rework_share": "50%"}
NOON_RULE = {"policy.flight_authorisation.mode": "noon_day_before"}
TRUSTED = {"policy.pre_clearance.aeo_share": "20%", "world.demand.operators": 24}
RECOGNISE = {f"{INSPECT}.regime": "recognise", **CONTRABAND}
SAMPLED = {"world.weather.mode": "sampled"}
WINDY = {**SAMPLED, "world.weather.wind_exposure": "200%"}
WITH_DOGS = {f"{INSPECT}.sequence": ["xray", "dog", "open"], **CONTRABAND}
IN_LINE = {**WITH_DOGS, f"{DOGS}.search": "line"}
LONG_SPELLS = {**WITH_DOGS, f"{DOGS}.duty": "4 h"}
HOT = {**WITH_DOGS, "world.detector_dogs.temperature": 35.0}
TRAINED = {**WITH_DOGS, f"{DOGS}.training": "advanced"}
POOLED = {
    **WITH_DOGS,
    f"{AIR}.routes": ["wenjindu_sheung_shui", "wenjindu_tuen_mun"],
    "world.demand.aircraft": "phoenix_vtol",
    f"{DOGS}.sharing": "pooled",
}
TWO_GOODS = {"parcel": 0.5, "document": 0.5}
EMERGENCIES = {**NOON_RULE, "policy.flight_authorisation.medical_emergency": True, "world.demand.notice": "2 h"}
EMERGENCIES |= {"world.demand.priority_mix": {"medical": 0.5, "general": 0.5}}
SCHEDULE = "route,from_side,planned_departure\nwenjindu_sheung_shui,mainland,43200\nwenjindu_sheung_shui,hong_kong,50400\n"


@dataclass(frozen=True)
class Case:
    """`path` takes the value `changed` in `setting`, where it is in use; `part` is what it must reach."""

    path: str
    changed: Any
    part: Part
    setting: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case("world.demand.flights_per_day", "60/d", "flights"),
    Case("world.demand.hourly_profile", [1] * 24, "flights"),
    Case("world.demand.weekday_profile", [1, 1, 1, 1, 1, 0, 0], "flights"),
    Case("world.demand.notice", "3 h", "flights"),
    Case("world.demand.max_shift", "0 s", "plan", NOON_RULE),
    Case("world.demand.release_allowance", "0 s", "flights"),
    Case("world.demand.consignments_per_flight", 3.0, "plan"),
    Case("world.demand.goods_mix", TWO_GOODS, "flights"),
    Case("world.demand.priority_mix", {"general": 1.0}, "flights"),
    Case("world.demand.operators", 5, "plan", {"policy.pre_clearance.aeo_share": "50%"}),
    Case("world.demand.aircraft", "flycart_30", "plan"),
    Case("world.demand.schedule", {"csv": SCHEDULE}, "flights"),
    Case("world.compliance.prevalence", "10%", "facts"),
    Case("world.compliance.goods_factor", {"parcel": 5.0}, "facts", CONTRABAND),
    Case("world.compliance.trusted_share", "60%", "facts", CONTRABAND),
    Case("world.compliance.trusted_factor", 1.0, "facts", CONTRABAND),
    Case("world.compliance.concealment_correlation", "0%", "plan", CONTRABAND),
    Case("world.flight_authorisation.decision_time", "20 min", "plan", NOON_RULE),
    Case("world.flight_authorisation.single_desk_time", "5 min", "plan", SINGLE_DESK),
    Case("world.flight_authorisation.evening_decision", "22:00", "plan", NOON_RULE),
    Case("world.flight_authorisation.confirmation_time", "1 min", "plan"),
    Case("world.flight_authorisation.rework_share", "50%", "plan", ON_THE_DAY),
    Case("world.flight_authorisation.rework_time", "2 h", "plan", MUCH_REWORK),
    Case("world.pre_clearance.preparation", "20 min", "plan"),
    Case("world.pre_clearance.late_share", "50%", "plan"),
    Case("world.pre_clearance.lateness", "2 h", "plan", {"world.pre_clearance.late_share": "50%"}),
    Case("world.data_interface.entry_time", "20 min", "plan"),
    Case("world.data_interface.ready_share", "50%", "plan"),
    Case("world.data_interface.batch_latency", "10 min", "plan", BATCHES),
    Case("world.data_interface.api_latency", "1 min", "plan", BY_API),
    Case("world.data_interface.reject_share", "50%", "plan"),
    Case("world.data_interface.fix_time", "1 h", "plan", {"world.data_interface.reject_share": "50%"}),
    Case("world.data_interface.outage_interval", "2 h", "plan"),
    Case("world.data_interface.outage_repair", "6 h", "plan", OUTAGES),
    Case("world.data_interface.paper_time", "1 h", "plan", ON_PAPER),
    Case("world.data_interface.paper_check", "1 min", "plan", ON_PAPER),
    Case("world.data_interface.new_consignor_share", "50%", "plan", PERSONAL),
    Case("world.data_interface.consent_time", "1 d", "plan", PERSONAL),
    Case("world.risk_screening.auc", 0.6, "plan", CONTRABAND),
    Case("world.risk_screening.auc_without_personal", 0.6, "plan", CONTRABAND),
    Case("world.risk_screening.score_correlation", "0%", "plan"),
    Case("world.risk_screening.faulty_share", "20%", "plan"),
    Case("world.risk_screening.screening_time", "3 min", "plan"),
    Case(
        "world.risk_screening.consignments_per_declaration", 6, "plan", {"policy.risk_screening.unit": "declaration"}
    ),
    Case("world.document_check.service_time", "20 min", "plan"),
    Case("world.document_check.refusal_share", "50%", "plan", AT_TAKE_OFF),
    Case("world.inspection.handling_time", "5 min", "plan"),
    Case("world.inspection.yard_transfer", "30 min", "plan", {f"{INSPECT}.site": "yard"}),
    Case("world.inspection.seal_time", "5 min", "plan", RECOGNISE),
    Case("world.inspection.lock_fault", "100%", "plan", RECOGNISE),
    Case("world.inspection.trust_without_lock", "0%", "plan", {**RECOGNISE, f"{INSPECT}.e_lock": False}),
    Case("world.xray.scan_time", "1 min", "plan"),
    Case("world.xray.sensitivity", "10%", "plan", CONTRABAND),
    Case("world.xray.false_alarm", "50%", "plan"),
    Case("world.opening.opening_time", "30 min", "plan"),
    Case("world.opening.sensitivity", "10%", "facts", CONTRABAND),
    Case("world.corridor.speed_variation", "0%", "plan"),
    Case("world.corridor.exemption_time", "5 h", "plan", {f"{AIR}.boundary_exemption": "per_flight"}),
    Case("world.posts.hours_a_year", "2000 h", "facts"),
    Case("world.posts.officer_pay", {"mainland": "9000 CNY"}, "facts"),
    Case("world.posts.aviation_pay", {"mainland": "9000 CNY"}, "facts"),
    Case("world.posts.immigration_pay", {"macao": "20000 MOP"}, "facts"),
    Case("world.posts.quarantine_pay", {"hong_kong": "30000 HKD"}, "facts"),
    Case("world.posts.pad_cost", {"hong_kong": "30000 HKD"}, "facts"),
    Case("world.posts.aircraft_cost", {"mainland": "9000 CNY"}, "facts"),
    Case("world.posts.stated_pay", {"hong_kong": "50 HKD"}, "facts"),
    Case("world.vertiports.load_time", "1 min", "plan"),
    Case("world.vertiports.unload_time", "1 min", "plan"),
    Case("world.vertiports.touchdown_time", "10 s", "plan"),
    Case("world.vertiports.pad_turnaround", "30 s", "plan"),
    Case("world.vertiports.swap_time", "1 min", "plan"),
    Case("world.vertiports.turnaround_time", "30 min", "plan"),
    Case("world.vertiports.alternate_distance", "10 km", "plan", DIVERTING),
    Case("world.vertiports.alternate_pads", 1, "plan", DIVERTING),
    Case("world.vertiports.alternate_customs", "6 h", "plan", DIVERTING),
    Case("world.release.release_time", "10 min", "plan"),
    # quarantine, compliance
    Case("world.quarantine.check_time", "30 min", "plan"),
    Case("world.quarantine.transfer_time", "30 min", "plan", {"policy.quarantine.place": "own"}),
    Case("world.quarantine.withheld_share", "50%", "facts", QUARANTINED),
    Case("world.compliance.displacement", "80%", "facts", {**CONTRABAND, **TRUSTED}),
    # passengers
    Case("world.demand.flights_on_route", {"wenjindu_sheung_shui": "60/d"}, "flights"),
    Case("world.demand.seat_load", "30%", "flights", HELICOPTERS),
    Case("world.passengers.last_at_port", "1 h", "plan", HELICOPTERS),
    Case("world.passengers.gate_time", "15 s", "plan", HELICOPTERS),
    Case("world.passengers.collaborative_gate_time", "15 s", "plan",
         {**HELICOPTERS, "policy.passengers.arrangement": "collaborative"}),
    Case("world.passengers.counter_share", "50%", "plan", HELICOPTERS),
    Case("world.passengers.counter_time", "3 min", "plan", HELICOPTERS),
    Case("world.passengers.baggage_share", "30%", "plan", HELICOPTERS),
    Case("world.passengers.baggage_time", "10 min", "plan", HELICOPTERS),
    Case("world.passengers.boarding_time", "8 min", "plan", HELICOPTERS),
    Case("world.passengers.alighting_time", "5 min", "plan", HELICOPTERS),
    # weather, and outages at stated times
    Case("world.data_interface.outage_events", [["day 1 08:00", "day 1 12:00"]], "plan"),
    Case("world.weather.mode", "sampled", "plan"),
    Case("world.weather.month", 9, "plan", SAMPLED),
    Case("world.weather.events", [{"kind": "fog", "start": "day 1 08:00", "end": "day 1 09:00"}], "plan"),
    Case("world.weather.frequency", 10.0, "plan", SAMPLED),
    Case("world.weather.signal_variation", "10%", "plan", {**SAMPLED, "world.weather.frequency": 20.0}),
    Case("world.weather.rain_time", "5 h", "plan", {**SAMPLED, "world.weather.frequency": 20.0}),
    Case("world.weather.fog_time", "9 h", "plan", {**SAMPLED, "world.weather.month": 3, "world.weather.frequency": 5.0}),
    Case("world.weather.wind_exposure", "150%", "plan", SAMPLED),
    Case("world.weather.wind_shape", 1.2, "plan", WINDY),
    Case("world.weather.wind_persistence", "10%", "plan", WINDY),
    Case("world.weather.type_limit_factor", 0.5, "plan", SAMPLED),
    # emergency route
    Case("world.flight_authorisation.emergency_time", "20 min", "plan", EMERGENCIES),
    # datum fault
    Case("world.datum_fault.fault", "hk80", "plan"),
    Case("world.datum_fault.faulty_share", "60%", "plan", WRONG_DATUM),
    Case("world.datum_fault.correction_time", "2 h", "plan", {**WRONG_DATUM, f"{DATUM}.check": "at_filing"}),
    Case("world.datum_fault.guidance_time", "10 min", "plan", {**WRONG_DATUM, f"{DATUM}.check": "in_flight"}),
    # road
    Case("world.road.times", {"wenjindu_sheung_shui": "2 h"}, "facts"),
    Case("world.road.clearance", "2 h", "facts"),
    Case("world.road.handling", "1 h", "facts"),
    Case("world.road.drone_last_mile", "10 min", "facts"),
    # detector dogs
    Case("world.detector_dogs.search_time", "2 min", "plan", WITH_DOGS),
    Case("world.detector_dogs.search_cap", "1 min", "plan", WITH_DOGS),
    Case("world.detector_dogs.line_time", "10 s", "plan", IN_LINE),
    Case("world.detector_dogs.line_setup", "10 min", "plan", IN_LINE),
    Case("world.detector_dogs.sensitivity", "10%", "facts", WITH_DOGS),
    Case("world.detector_dogs.goods_factor", {"parcel": 0.1}, "facts", WITH_DOGS),
    Case("world.detector_dogs.false_alarm", "50%", "plan", WITH_DOGS),
    Case("world.detector_dogs.decline_onset", "10 min", "facts", LONG_SPELLS),
    Case("world.detector_dogs.decline", "90%", "facts", LONG_SPELLS),
    Case("world.detector_dogs.temperature", 40.0, "plan", WITH_DOGS),
    Case("world.detector_dogs.hot_from", 20.0, "plan", HOT),
    Case("world.detector_dogs.heat_loss", "10%", "facts", HOT),
    Case("world.detector_dogs.heat_slowing", "30%", "plan", HOT),
    Case("world.detector_dogs.training_misses", "0%", "facts", TRAINED),
    Case("world.detector_dogs.training_false_alarms", "0%", "facts", TRAINED),
    Case("world.detector_dogs.training_speed", "30%", "plan", TRAINED),
    Case("world.detector_dogs.training_hours", "50%", "plan", TRAINED),
    Case("world.detector_dogs.travel_time", "2 h", "plan", POOLED),
)  # fmt: skip
WITHOUT_SWAP = {f"{PORT}.battery_swap": False, "world.demand.energy_reserve": "5%"}
REFUSING = {"world.demand.energy_reserve": "20%"}
"""It only decides whether an aircraft may fly a route, here there and back: a scenario that breaks it is refused."""


def hashes(case: Prepared) -> dict[str, str]:
    """A digest of each part of a prepared replication."""
    facts = dict(case.facts.by_name())
    return {"flights": _digest(case.flights, case.consignments), "facts": _digest(facts), "plan": _digest(case.plan)}


def _digest(*values: Any) -> str:
    return blake2b(b"|".join(_bytes(value) for value in values)).hexdigest()


def _bytes(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value).tobytes()
    if is_dataclass(value) and not isinstance(value, type):
        return b"|".join(_bytes(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, dict):
        return b"|".join(_bytes(key) + b":" + _bytes(part) for key, part in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return b"|".join(_bytes(part) for part in value)
    return repr(value).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.removeprefix("world."))
def test_the_parameter_reaches_its_part(case: Case) -> None:
    setting = {**SMALL, **case.setting}
    before, after = hashes(prepared(setting)), hashes(prepared({**setting, case.path: case.changed}))
    assert before[case.part] != after[case.part]


def test_the_hash_sees_nothing_where_nothing_changes() -> None:
    unused = {**SMALL, "world.inspection.yard_transfer": "30 min"}  # at the pad nothing is carried to a yard
    assert hashes(prepared(SMALL)) == hashes(prepared(unused))


@pytest.mark.parametrize("path", REFUSING)
def test_the_parameter_refuses_a_scenario(path: str) -> None:
    setting = {**SMALL, **WITHOUT_SWAP}
    prepared(setting)
    with pytest.raises(InputError, match="range"):
        prepared({**setting, path: REFUSING[path]})


def test_the_lateness_of_a_file_is_felt_only_by_late_files() -> None:
    never_late = {**SMALL, "world.pre_clearance.late_share": "0%"}
    assert hashes(prepared(never_late)) == hashes(prepared({**never_late, "world.pre_clearance.lateness": "2 h"}))


def test_the_cases_are_of_world_parameters() -> None:
    """Those without a case are tried by what they declare (test_declared_ranges.py)."""
    world = {path for path, parameter in catalogue().items() if parameter.branch == "world"}
    assert {case.path for case in CASES} | set(REFUSING) <= world
