"""What every policy parameter must do under stress: a setting in which it binds, and the least it must change.

All settings start from AMPLE, where nothing is scarce and every order comes in good time, so that only
what a case makes scarce can bind. `least` is set well below what the case gives, and above what the
reason named would leave if the lever did nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.model.flights import Priority
from sim.model.outcome import Outcome
from tests.policies import observed as see
from tests.policies.observed import Measure, departure_delay_s, measured, of_pools, outcome_share, wait_s

AMPLE: dict[str, Any] = {
    "study.days": 1,
    "study.warm_up": "0 s",
    "study.cool_down": "6 h",
    "world.demand.flights_per_day": "60/d",
    "world.demand.notice": "4 d",
    "world.demand.operators": 24,
    "world.demand.hourly_profile": [0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 4, 6, 7, 6, 4, 4, 4, 5, 5, 4, 3, 2, 1, 0.5],
    "world.demand.goods_mix": {"parcel": 0.6, "document": 0.05, "food": 0.1, "medical": 0.1, "electronics": 0.15},
    "world.data_interface.entry_time": {"lognormal": {"mean": "6 min", "cv": 0.5}},
    "world.inspection.handling_time": {"lognormal": {"mean": "1 min", "cv": 0.5}},
    "policy.port_hours.opens": "00:00",
    "policy.risk_screening.unit": "consignment",
    "policy.port_hours.closes": "00:00",
    "policy.flight_authorisation.officers": 50,
    "policy.pre_clearance.aeo_share": "20%",
    "policy.data_interface.single_submission": False,
    "policy.data_interface.counter_clerks": 50,
    "policy.document_check.officers": 50,
    "policy.xray.machines": 20,
    "policy.opening.officers": 50,
    "policy.opening.officers_abroad": 50,
    "policy.detector_dogs.when_absent": "wait",
    "policy.detector_dogs.sharing": "each_port",
    "policy.vertiports.pads": 20,
    "policy.vertiports.fleet": 60,
    "policy.vertiports.reservation": False,
}

AUTH, FILE, DATA, RISK = (
    f"policy.{key}" for key in ("flight_authorisation", "pre_clearance", "data_interface", "risk_screening")
)
INSPECT, AIR, PORT, PAX, QUAR, SKY = (
    f"policy.{key}" for key in ("inspection", "corridor", "vertiports", "passengers", "quarantine", "weather")
)

ON_THE_DAY = {f"{AUTH}.mode": "one_hour"}
DECIDED_BEFORE = {f"{FILE}.decision": "before_departure"}
AT_TAKE_OFF = {
    **DECIDED_BEFORE,
    f"{FILE}.lead": "0 s",
    "world.data_interface.entry_time": {"lognormal": {"mean": "1 h", "cv": 1.0}},
    "world.data_interface.ready_share": "1%",
}
BATCHES = {f"{DATA}.mode": "batch", f"{DATA}.batch_period": "60 min"}
OUTAGES = {"world.data_interface.outage_interval": "3 h", "world.data_interface.outage_repair": "3 h"}
ALL_INSPECTED = {f"{RISK}.export_rate": "50%", f"{RISK}.import_rate": "50%"}
ALL_AMBER = {f"{RISK}.amber_rate": "90%", "world.document_check.service_time": "20 min"}
MANY_AMBER = {**ALL_AMBER, "world.document_check.service_time": "10 min", "world.demand.flights_per_day": "100/d"}
SEEING = {"world.risk_screening.auc": 0.95, "world.risk_screening.auc_without_personal": 0.95}
BLIND_TO_TOKENS = {"world.risk_screening.auc": 0.95, "world.risk_screening.auc_without_personal": 0.6}
SLOW_COUNTER = {f"{DATA}.mode": "paper", "world.data_interface.paper_check": "15 min"}
NEW_CONSIGNORS = {"world.demand.notice": "2 h", "world.data_interface.new_consignor_share": "50%"}
SLOW_SCANS = {**ALL_INSPECTED, "world.xray.scan_time": "3 min"}
ONE_STOP = {**DECIDED_BEFORE, f"{INSPECT}.regime": "one_stop"}
RECOGNISE = {**ALL_INSPECTED, f"{INSPECT}.regime": "recognise", f"{INSPECT}.recognition": "100%"}
CONTRABAND = {"world.compliance.prevalence": "10%"}
QUARANTINED = {f"{QUAR}.export_rate": "50%", f"{QUAR}.import_rate": "50%"}
WATCHED = {**CONTRABAND, "policy.operator_watch.factor": 5.0}
MIDDLING = {"world.risk_screening.auc": 0.8, "world.risk_screening.auc_without_personal": 0.8, f"{RISK}.random_share": "0%"}
MIDDAY = [["day 1 11:00", "day 1 14:00"]]
RIVER = [[114.1, 22.5], [114.2, 22.5], [114.2, 22.53], [114.1, 22.53]]
CLOSED_AT_NOON = {f"{AIR}.closures": MIDDAY}
NO_WIND = {"world.weather.type_limit_factor": 5.0, f"{SKY}.wind_limit": "60 m/s", f"{SKY}.reopening_pause": "0 s"}
TYPHOON = {**NO_WIND, "world.weather.events": [
    {"kind": "signal_1", "start": "day 1 10:00", "end": "day 1 15:00"},
    {"kind": "signal_3", "start": "day 1 11:00", "end": "day 1 14:00"},
    {"kind": "signal_8", "start": "day 1 12:00", "end": "day 1 13:00"},
]}  # fmt: skip
CLOUDBURST = {**NO_WIND, "world.weather.events": [
    {"kind": "rain_amber", "start": "day 1 11:00", "end": "day 1 14:00"},
    {"kind": "rain_red", "start": "day 1 12:00", "end": "day 1 13:30"},
    {"kind": "rain_black", "start": "day 1 12:30", "end": "day 1 13:00"},
]}  # fmt: skip
SPARSE_SLOTS = {f"{AIR}.headway": "10 min"}
MANY_OPENED = {
    f"{RISK}.export_rate": "15%",
    f"{RISK}.import_rate": "15%",
    f"{INSPECT}.sequence": ["open"],
    "world.opening.opening_time": "3 min",
    "world.demand.flights_per_day": "100/d",
}
HELICOPTERS = {"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139"}
LATE_COMERS = {**HELICOPTERS, "world.passengers.last_at_port": {"uniform": {"low": "5 min", "high": "25 min"}}}
GATES_ALONE = {**HELICOPTERS, "world.passengers.counter_share": "0%", f"{PORT}.loading_lead": "80 min"}
SLOW_COUNTERS = {"world.passengers.counter_time": "3 min", "world.passengers.counter_share": "30%"}
CO_LOCATED = {**MANY_OPENED, f"{INSPECT}.regime": "co_located"}
DOGS = "policy.detector_dogs"
WITH_DOGS = {f"{RISK}.export_rate": "20%", f"{RISK}.import_rate": "20%", f"{INSPECT}.sequence": ["dog", "open"]}
TWO_PORTS = {
    **WITH_DOGS,
    f"{AIR}.routes": ["wenjindu_sheung_shui", "wenjindu_tuen_mun"],
    "world.demand.aircraft": "phoenix_vtol",
    "world.demand.flights_per_day": "30/d",
}

FIRST, DATUM = "policy.precedence", "policy.datum_fault"
TWO_CLASSES = {"world.demand.priority_mix": {"medical": 0.2, "general": 0.8}}
THREE_CLASSES = {"world.demand.priority_mix": {"medical": 0.1, "express": 0.2, "general": 0.7}}
BUSY_CUSTOMS = {**MANY_AMBER, "policy.document_check.officers": 2, f"{FILE}.aeo_selection_factor": 1.0}
BUSY_DESKS = {**ON_THE_DAY, f"{AUTH}.officers": 1}
BUSY_SLOTS = {**SPARSE_SLOTS, "world.demand.flights_per_day": "90/d"}
BUSY_PADS = {f"{PORT}.pads": 1, f"{PORT}.returns": False, "world.demand.flights_per_day": "120/d"}
WRONG_DATUM = {"world.datum_fault.fault": "gcj02", "world.datum_fault.faulty_share": "50%"}


@dataclass(frozen=True)
class Lever:
    """One stress case: `path` goes from `before` to `after` in `setting`, and `measure` moves by `least` or more."""

    path: str
    before: Any
    after: Any
    measure: Measure
    moves: Literal["up", "down"]
    least: float
    why: str
    setting: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path.removeprefix('policy.')} {self.before}-{self.after}"[:60]


LEVERS: tuple[Lever, ...] = (
    # flight authorisation
    Lever(f"{AUTH}.mode", "noon_day_before", "standing", measured("departure_shift_mean"), "down", 3600,
          "orders of 12 h before miss the noon of the day before", {"world.demand.notice": "12 h"}),
    Lever(f"{AUTH}.mode", "three_days", "noon_day_before", outcome_share(Outcome.LOST), "down", 0.5,
          "two days' notice is too short for three days", {"world.demand.notice": "2 d"}),
    Lever(f"{AUTH}.mode", "one_hour", "standing", departure_delay_s, "down", 1200,
          "two decisions of 45 min do not fit into the hour", {"world.flight_authorisation.decision_time": "45 min"}),
    Lever(f"{AUTH}.agencies", "series", "parallel", departure_delay_s, "down", 1200,
          "two decisions of 45 min at once instead of in turn",
          {**ON_THE_DAY, "world.flight_authorisation.decision_time": "45 min"}),
    Lever(f"{AUTH}.agencies", "series", "single_desk", departure_delay_s, "down", 1200,
          "one decision of 20 min in place of two of 45",
          {**ON_THE_DAY, "world.flight_authorisation.decision_time": "45 min"}),
    Lever(f"{AUTH}.officers", 1, 4, wait_s("authorisation_officers"), "down", 600,
          "applications of the noon peak queue for one officer", ON_THE_DAY),
    Lever(f"{AUTH}.confirmation", True, False, departure_delay_s, "down", 120,
          "asked for at departure, it takes 3 min", {f"{AUTH}.confirmation_lead": "0 s", f"{FILE}.lead": "60 min"}),
    Lever(f"{AUTH}.confirmation_lead", "0 s", "1 h", departure_delay_s, "down", 120,
          "an hour ahead, its 3 min delay nobody", {f"{FILE}.lead": "60 min"}),
    Lever(f"{AUTH}.validity", "15 min", "6 h", outcome_share(Outcome.CANCELLED), "down", 0.15,
          "flights of the closed hours lapse", {**ON_THE_DAY, **CLOSED_AT_NOON, f"{AUTH}.renewal": False}),
    Lever(f"{AUTH}.renewal", False, True, outcome_share(Outcome.CANCELLED), "down", 0.15,
          "lapsed flights fly after the closure", {**ON_THE_DAY, **CLOSED_AT_NOON, f"{AUTH}.validity": "15 min"}),
    Lever(f"{AUTH}.return_confirmation", True, False, see.cycle_s, "down", 900,
          "a confirmation of 30 min, 25 of them beside the battery swap",
          {"world.flight_authorisation.confirmation_time": "30 min"}),
    # filing and pre-clearance
    Lever(f"{FILE}.lead", "0 s", "4 h", departure_delay_s, "down", 700,
          "documents are checked before departure and not at it", {**DECIDED_BEFORE, **ALL_AMBER}),
    Lever(f"{FILE}.lead", "0 s", "4 h", measured("departure_shift_mean"), "up", 7200,
          "orders of one hour before must wait four", {**DECIDED_BEFORE, "world.demand.notice": "1 h"}),
    Lever(f"{FILE}.decision", "on_arrival", "before_departure", departure_delay_s, "up", 180,
          "the aircraft also waits for the destination's data, entered second", {f"{FILE}.lead": "0 s"}),
    Lever(f"{FILE}.late_rule", "hold", "inspect_on_arrival", see.gone_through("present_late"), "up", 60,
          "hardly a file is accepted by departure", AT_TAKE_OFF),
    Lever(f"{FILE}.late_rule", "hold", "inspect_on_arrival", departure_delay_s, "down", 300,
          "nobody waits for the decision any more", AT_TAKE_OFF),
    Lever(f"{FILE}.late_rule", "hold", "refuse", outcome_share(Outcome.REFUSED), "up", 0.9,
          "hardly a file is accepted by departure", AT_TAKE_OFF),
    Lever(f"{FILE}.max_hold", "15 min", "4 h", outcome_share(Outcome.CANCELLED), "down", 0.3,
          "two entries of an hour, begun three quarters of an hour before departure", AT_TAKE_OFF),
    Lever(f"{FILE}.aeo_share", "0%", "100%", measured("selected_consignment_share"), "down", 0.05,
          "a fifth of the selection of 5 and 10%"),
    Lever(f"{FILE}.aeo_selection_factor", 1.0, 0.2, measured("selected_consignment_share"), "down", 0.05,
          "a fifth of the selection of 5 and 10%", {f"{FILE}.aeo_share": "100%"}),
    Lever(f"{FILE}.aeo_periodic", False, True, see.aeo_departure_delay_s, "down", 1200,
          "two entries of an hour fall away", {**AT_TAKE_OFF, f"{FILE}.aeo_share": "50%"}),
    # data interface
    Lever(f"{DATA}.mode", "batch", "api", measured("file_to_release", "mean"), "down", 3000, "nobody allows for a batch an hour",
          {**BATCHES, f"{DATA}.mode": "batch"}),
    Lever(f"{DATA}.mode", "paper", "api", measured("file_to_release", "mean"), "down", 1800, "25 min to the counter and 8 at it"),
    Lever(f"{DATA}.single_submission", False, True, measured("file_to_release", "mean"), "down", 360, "one entry of 6 min saved"),
    Lever(f"{DATA}.single_submission", False, True, departure_delay_s, "down", 480,
          "half an hour is allowed for the second entry of an hour", AT_TAKE_OFF),
    Lever(f"{DATA}.batch_period", "60 min", "5 min", wait_s("interface"), "down", 1200,
          "the mean wait is half the period", {f"{DATA}.mode": "batch"}),
    Lever(f"{DATA}.opens", "12:00", "00:00", wait_s("interface"), "down", 1800, "the morning's files wait for noon"),
    Lever(f"{DATA}.closes", "14:00", "24:00", wait_s("interface"), "down", 7200,
          "the afternoon's files wait for the morning", {f"{DATA}.opens": "00:00"}),
    Lever(f"{DATA}.fallback", "hold", "paper", departure_delay_s, "down", 600,
          "paper takes an hour and outages three", OUTAGES),
    Lever(f"{DATA}.fallback", "hold", "inspect_on_arrival", see.gone_through("present_late"), "up", 20,
          "flights of an outage fly without data", OUTAGES),
    Lever(f"{DATA}.patience", "3 h", "10 min", departure_delay_s, "down", 600,
          "paper starts at once instead of after the outage", {**OUTAGES, f"{DATA}.fallback": "paper"}),
    Lever(f"{DATA}.fields", "tokens", "personal", measured("illicit_found"), "up", 10,
          "the destination's engine sees 0.95 in place of 0.6",
          {**CONTRABAND, **BLIND_TO_TOKENS}),
    Lever(f"{DATA}.fields", "tokens", "personal", departure_delay_s, "up", 1800,
          "half of the flights wait 8 h for a consent", NEW_CONSIGNORS),
    Lever(f"{DATA}.counter_clerks", 1, 4, wait_s("counter_clerks"), "down", 300,
          "papers of the noon peak queue for one clerk", SLOW_COUNTER),
    # risk screening
    Lever(f"{RISK}.export_rate", "5%", "30%", measured("selected_consignment_share"), "up", 0.12,
          "25 points, some selected already"),
    Lever(f"{RISK}.import_rate", "5%", "30%", measured("selected_consignment_share"), "up", 0.12,
          "25 points, some selected already"),
    Lever(f"{RISK}.random_share", "0%", "5%", measured("illicit_found"), "down", 8,
          "at random, 5% of the illicit are selected instead of most",
          {**CONTRABAND, **SEEING, f"{RISK}.import_rate": "5%"}),
    Lever(f"{RISK}.amber_rate", "1%", "20%", see.amber_share(), "up", 0.2, "with seven consignments most flights have one"),
    Lever(f"{RISK}.goods_factor", {"parcel": 1.0}, {"parcel": 4.0}, measured("selected_consignment_share"), "up", 0.08,
          "60% of consignments are parcels"),
    Lever(f"{RISK}.unit", "consignment", "flight", measured("selected_flight_share"), "down", 0.3,
          "with seven consignments, one at least is selected in 69% of flights; with flights selected as one, 15% are"),
    Lever(f"{RISK}.unit", "consignment", "declaration", measured("selected_flight_share"), "down", 0.1,
          "with two or three declarations a flight is selected half as often"),
    # document check
    Lever("policy.document_check.officers", 1, 4, wait_s("document_officers"), "down", 600,
          "checks of the noon peak queue for one officer", ALL_AMBER),
    # inspection
    Lever(f"{INSPECT}.regime", "check_twice", "recognise", measured("examinations"), "down", 50,
          "what both selected is examined once", {**ALL_INSPECTED, f"{INSPECT}.recognition": "100%"}),
    Lever(f"{INSPECT}.regime", "check_twice", "co_located", see.gone_through("present"), "down", 50,
          "goods are presented once", ALL_INSPECTED),
    Lever(f"{INSPECT}.regime", "check_twice", "one_stop", measured("arrival_to_release", "mean"), "down", 600,
          "nothing is opened after landing", {**DECIDED_BEFORE, **ALL_INSPECTED, f"{INSPECT}.sequence": ["open"]}),
    Lever(f"{INSPECT}.recognition", "0%", "100%", measured("examinations"), "down", 50,
          "what both selected is examined once", RECOGNISE),
    Lever(f"{INSPECT}.e_lock", False, True, measured("examinations"), "down", 20,
          "half of the results are trusted without a lock", RECOGNISE),
    Lever(f"{INSPECT}.co_location_site", "destination", "origin", measured("arrival_to_release", "mean"), "down", 600,
          "nothing is opened after landing",
          {**DECIDED_BEFORE, **ALL_INSPECTED, f"{INSPECT}.regime": "co_located", f"{INSPECT}.sequence": ["open"]}),
    Lever(f"{INSPECT}.site", "pad", "yard", measured("arrival_to_release", "mean"), "up", 420,
          "12 min to the yard for most flights", ALL_INSPECTED),
    Lever(f"{INSPECT}.hold_pad", False, True, of_pools("utilisation", "pads"), "up", 0.02,
          "half an hour's opening on the pad", {**ALL_INSPECTED, f"{INSPECT}.sequence": ["open"]}),
    Lever(f"{INSPECT}.sequence", ["open"], ["xray", "open"], see.stage_service_s("open"), "down", 600,
          "only alarms are opened", ALL_INSPECTED),
    Lever(f"{INSPECT}.on_find", "take_parcel", "hold_flight", measured("consignment_outcome_count", "detained"), "up", 20,
          "the rest of a flight with a find is detained", CONTRABAND),
    # means
    Lever("policy.xray.machines", 1, 4, wait_s("xray_machines"), "down", 120, "scans of 3 min queue for one machine",
          SLOW_SCANS),
    Lever("policy.opening.officers", 1, 6, wait_s("examination_officers"), "down", 60, "openings of 3 min queue for one officer",
          MANY_OPENED),
    Lever("policy.opening.officers_abroad", 1, 6, wait_s("examination_officers"), "down", 20,
          "the guests' openings queue for one officer", CO_LOCATED),
    Lever("policy.opening.joint_patience", "0 s", "4 h", see.gone_through("present_late"), "down", 3,
          "no officer free at once: all is inspected on arrival",
          {**ONE_STOP, f"{INSPECT}.sequence": ["open"], "policy.opening.officers_abroad": 1}),
    # corridor
    Lever(f"{AIR}.routes", ["wenjindu_sheung_shui"], ["wenjindu_sheung_shui", "hetao"], measured("flights_planned"), "up", 80,
          "every route has demand of its own"),
    Lever(f"{AIR}.own_routes", {"mine": {"start": "wenjindu", "end": "sheung_shui"}},
          {"mine": {"start": "wenjindu", "end": "sheung_shui", "via": [[114.16, 22.51]]}}, see.mean_fact("block_s"), "up", 60,
          "a way round of more than 1 km at 15 m/s", {f"{AIR}.routes": ["mine"], "world.demand.aircraft": "flycart_30"}),
    Lever(f"{AIR}.headway", "1 min", "10 min", wait_s("slots"), "up", 120, "six slots an hour at a peak of seven flights"),
    Lever(f"{AIR}.floor", "30 m", "90 m", see.mean_fact("block_s"), "up", 20, "60 m more up and down at 5 m/s is 24 s"),
    Lever(f"{AIR}.ceiling", "90 m", "110 m", wait_s("slots"), "down", 60, "two levels in place of one", SPARSE_SLOTS),
    Lever(f"{AIR}.vertical_separation", "50 m", "30 m", wait_s("slots"), "down", 60, "two levels in place of one", SPARSE_SLOTS),
    Lever(f"{AIR}.boundary_exemption", "standing", "none", measured("released_share"), "down", 0.99,
          "every flight crosses the strip"),
    Lever(f"{AIR}.boundary_exemption", "standing", "per_flight", departure_delay_s, "up", 300,
          "30 min from an order of 15 min before, beside the data", {"world.demand.notice": "15 min", f"{FILE}.lead": "0 s"}),
    Lever(f"{AIR}.opens", "00:00", "12:00", wait_s("slots"), "up", 480, "the morning's flights wait for noon"),
    Lever(f"{AIR}.closes", "24:00", "14:00", outcome_share(Outcome.CANCELLED), "up", 0.15,
          "the afternoon's flights wait too long"),
    Lever(f"{AIR}.closed_areas", {}, {"range": {"outline": RIVER, "closed": MIDDAY}}, departure_delay_s, "up", 900,
          "a third of the flights wait 90 min"),
    Lever(f"{AIR}.closures", [], MIDDAY, departure_delay_s, "up", 900, "a third of the flights wait 90 min"),
    Lever(f"{AIR}.cancel_after", "30 min", "6 h", outcome_share(Outcome.CANCELLED), "down", 0.15,
          "the closure lasts 3 h", CLOSED_AT_NOON),
    Lever(f"{AIR}.cancel_after", "30 min", "6 h", outcome_share(Outcome.CANCELLED), "down", 0.15,
          "it ends a wait also where the authorisation would hold longer",
          {**CLOSED_AT_NOON, **ON_THE_DAY, f"{AUTH}.validity": "12 h"}),
    # vertiports
    Lever(f"{PORT}.pads", 1, 4, wait_s("pads"), "down", 60,
          "landings, departures and returns share one pad", {f"{PORT}.fleet": 4}),
    Lever(f"{PORT}.reservation", False, True, outcome_share(Outcome.DIVERTED), "down", 0.01,
          "who has reserved a pad is never diverted", {f"{PORT}.pads": 2, f"{PORT}.fleet": 4}),
    Lever(f"{PORT}.stands", 0, 6, wait_s("pads"), "down", 10, "unloaded aircraft leave the pad",
          {f"{PORT}.pads": 2, f"{PORT}.fleet": 4}),
    Lever(f"{PORT}.battery_swap", True, False, see.cycle_s, "down", 120, "6 min of swap, beside 3 of confirmation",
          {"world.demand.energy_reserve": "5%"}),
    Lever(f"{PORT}.returns", True, False, measured("crossings_per_hour"), "down", 3, "half of the crossings are returns"),
    Lever(f"{PORT}.fleet", 1, 8, wait_s("fleet"), "down", 1800, "a cycle of an hour against five flights an hour"),
    Lever(f"{PORT}.loading_lead", "0 s", "20 min", departure_delay_s, "down", 180,
          "loading takes 5 min", {f"{FILE}.lead": "60 min"}),
    # passengers
    Lever(f"{PAX}.arrangement", "separate", "co_located", measured("landing_to_exit"), "down", 15,
          "the entry check is over before departure", HELICOPTERS),
    Lever(f"{PAX}.arrangement", "co_located", "collaborative", measured("port_to_seat"), "down", 10,
          "one passage of two or three turns of 7 s instead of two", GATES_ALONE),
    Lever(f"{PAX}.joint_place", "origin", "destination", measured("landing_to_exit"), "up", 30,
          "both checks come after landing", {**HELICOPTERS, f"{PAX}.arrangement": "co_located"}),
    Lever(f"{PAX}.gates", 1, 8, measured("port_to_seat"), "down", 25, "eight turns of 7 s become one or two",
          GATES_ALONE),
    Lever(f"{PAX}.gates_abroad", 1, 8, measured("port_to_seat"), "down", 15, "the other side's turns are fewer",
          {**GATES_ALONE, f"{PAX}.arrangement": "co_located"}),
    Lever(f"{PAX}.counters", 1, 4, wait_s("immigration_counters"), "down", 20, "groups queue for one slow counter",
          {**HELICOPTERS, **SLOW_COUNTERS}),
    Lever(f"{PAX}.counters_abroad", 1, 4, wait_s("immigration_counters"), "down", 10, "groups queue for the guests' one counter",
          {**HELICOPTERS, **SLOW_COUNTERS, f"{PAX}.arrangement": "co_located"}),
    Lever(f"{PAX}.baggage_officers", 1, 4, wait_s("baggage_officers"), "down", 60, "all baggage queues for one officer",
          {**HELICOPTERS, "world.passengers.baggage_share": "80%"}),
    Lever(f"{PAX}.boarding_closes", "15 min", "2 min", outcome_share(Outcome.CANCELLED), "down", 0.3,
          "the last come 5 to 25 min before departure", {**LATE_COMERS, f"{PAX}.late_passengers": "leave"}),
    Lever(f"{PAX}.late_passengers", "wait", "leave", outcome_share(Outcome.CANCELLED), "up", 0.3,
          "the gate closes before many are through", {**LATE_COMERS, f"{PAX}.boarding_closes": "15 min"}),
    # quarantine
    Lever(f"{QUAR}.export_rate", "0%", "50%", measured("quarantine_hours"), "up", 50, "half of the food and medical goods", {}),
    Lever(f"{QUAR}.import_rate", "0%", "50%", measured("quarantine_hours"), "up", 50, "half of the food and medical goods", {}),
    Lever(f"{QUAR}.goods_factor", {"food": 1.0, "parcel": 0.0}, {"food": 1.0, "parcel": 1.0}, measured("quarantine_hours"),
          "up", 30, "parcels are six in ten", QUARANTINED),
    Lever(f"{QUAR}.officers", 1, 4, wait_s("quarantine_officers"), "down", 120, "checks of 8 min queue for one officer",
          QUARANTINED),
    Lever(f"{QUAR}.place", "own", "with_customs", measured("delay_mean"), "down", 120, "a way of 10 min falls away", QUARANTINED),
    # operator watch
    Lever("policy.operator_watch.factor", 1.0, 5.0, measured("selected_consignment_share"), "up", 0.1,
          "most operators have a find on the first day", WATCHED),
    Lever("policy.operator_watch.period", "1 h", "3 d", measured("selected_consignment_share"), "up", 0.05,
          "the watch outlasts the hour", WATCHED),
    # risk engines
    Lever(f"{RISK}.engine", "separate", "joint", see.illicit_selected("mainland"), "up", 5, "both sides' data in one score",
          {**CONTRABAND, **MIDDLING, f"{DATA}.fields": "personal", "world.risk_screening.score_correlation": "0%"}),
    Lever(f"{RISK}.engine", "separate", "shared_results", see.illicit_selected("mainland"), "up", 3,
          "the other side's flags go first", {**CONTRABAND, **MIDDLING}),
    # weather
    Lever(f"{SKY}.stop_signal", "signal_1", "signal_3", see.weather_h("slots"), "down", 1.9,
          "signal 1 stands 2 h longer", TYPHOON),
    Lever(f"{SKY}.stop_signal", "signal_3", "signal_8", departure_delay_s, "down", 600,
          "the hours of signal 3 around signal 8 are flown", TYPHOON),
    Lever(f"{SKY}.stop_signal", "signal_8", "never", see.weather_h("slots"), "down", 0.9, "signal 8 stands an hour", TYPHOON),
    Lever(f"{SKY}.stop_rain", "rain_amber", "rain_red", departure_delay_s, "down", 600,
          "two of three hours of rain are flown", CLOUDBURST),
    Lever(f"{SKY}.stop_rain", "rain_red", "rain_black", see.weather_h("slots"), "down", 0.9, "red is an hour longer", CLOUDBURST),
    Lever(f"{SKY}.stop_rain", "rain_black", "never", see.weather_h("slots"), "down", 0.4,
          "black stands half an hour", CLOUDBURST),
    Lever(f"{SKY}.stop_fog", True, False, departure_delay_s, "down", 900, "a third of the flights wait 90 min",
          {"world.weather.events": [{"kind": "fog", "start": "day 1 11:00", "end": "day 1 14:00"}],
           f"{SKY}.reopening_pause": "0 s"}),
    Lever(f"{SKY}.wind_limit", "8 m/s", "10 m/s", departure_delay_s, "down", 900,
          "a third of the flights wait 90 min in a wind of 9 m/s, which the type bears",
          {"world.weather.events": [{"kind": "wind", "start": "day 1 11:00", "end": "day 1 14:00", "speed": "9 m/s"}]}),
    Lever(f"{SKY}.reopening_pause", "2 h", "0 s", departure_delay_s, "down", 900,
          "who waits for the end of an hour of fog waits two more",
          {"world.weather.events": [{"kind": "fog", "start": "day 1 11:00", "end": "day 1 12:00"}]}),
    # precedence
    Lever(f"{FIRST}.aeo_at_customs", False, True, see.aeo_relative_wait("documents"), "down", 0.4,
          "a third of the flights overtakes the queue", {**BUSY_CUSTOMS, f"{FILE}.aeo_share": "30%"}),
    Lever(f"{FIRST}.customs", "none", "medical", see.relative_wait("documents", Priority.MEDICAL), "down", 0.4,
          "medical flights overtake the queue", {**BUSY_CUSTOMS, **TWO_CLASSES}),
    Lever(f"{FIRST}.customs", "medical", "class", see.relative_wait("documents", Priority.EXPRESS), "down", 0.3,
          "express flights overtake general cargo", {**BUSY_CUSTOMS, **THREE_CLASSES}),
    Lever(f"{FIRST}.authorisation", "none", "medical", see.relative_wait("authorise", Priority.MEDICAL), "down", 0.3,
          "medical flights overtake the queue for one officer", {**BUSY_DESKS, **TWO_CLASSES}),
    Lever(f"{FIRST}.authorisation", "medical", "class", see.relative_wait("authorise", Priority.EXPRESS), "down", 0.3,
          "express flights overtake general cargo", {**BUSY_DESKS, **THREE_CLASSES}),
    Lever(f"{FIRST}.slots", "none", "medical", see.relative_wait("slot", Priority.MEDICAL), "down", 0.3,
          "medical flights take the next of six slots an hour", {**BUSY_SLOTS, **TWO_CLASSES}),
    Lever(f"{FIRST}.slots", "medical", "class", see.relative_wait("slot", Priority.EXPRESS), "down", 0.3,
          "express flights overtake general cargo", {**BUSY_SLOTS, **THREE_CLASSES}),
    Lever(f"{FIRST}.pads", "none", "medical", see.relative_wait("departure_pad", Priority.MEDICAL), "down", 0.3,
          "medical flights take the next free pad", {**BUSY_PADS, **TWO_CLASSES}),
    Lever(f"{FIRST}.pads", "medical", "class", see.relative_wait("departure_pad", Priority.EXPRESS), "down", 0.2,
          "express flights overtake general cargo", {**BUSY_PADS, **THREE_CLASSES}),
    # emergency route
    Lever(f"{AUTH}.medical_emergency", False, True, measured("departure_shift_mean"), "down", 7200,
          "half of the flights need no noon of the day before",
          {f"{AUTH}.mode": "noon_day_before", "world.demand.notice": "2 h",
           "world.demand.priority_mix": {"medical": 0.5, "general": 0.5}}),
    # datum fault
    Lever(f"{DATUM}.check", "none", "at_filing", see.mean_fact("detour_m"), "down", 200,
          "half of the flights fly 940 m or 323 m too far", WRONG_DATUM),
    Lever(f"{DATUM}.check", "none", "in_flight", see.mean_fact("wrong_side_m"), "down", 50,
          "a quarter flies 369 m beyond the boundary unless it is turned at 100 m", WRONG_DATUM),
    Lever(f"{DATUM}.check", "none", "in_flight", see.mean_fact("guidance_s"), "up", 40,
          "half of the flights are stopped for two minutes", WRONG_DATUM),
    Lever(f"{DATUM}.geofence_half_width", "100 m", "700 m", see.mean_fact("geofence_hit"), "down", 0.4,
          "no track is 700 m off", WRONG_DATUM),
    # detector dogs
    Lever(f"{DOGS}.teams", 1, 4, wait_s("dog_teams"), "down", 1800, "one team is at hand for 8 of 16 hours", WITH_DOGS),
    Lever(f"{DOGS}.shift", "4 h", "8 h", wait_s("dog_teams"), "down", 1800, "two teams cover 8 of 16 hours", WITH_DOGS),
    Lever(f"{DOGS}.opens", "12:00", "07:00", wait_s("dog_teams"), "down", 1200, "the morning's goods wait for noon", WITH_DOGS),
    Lever(f"{DOGS}.closes", "15:00", "23:00", wait_s("dog_teams"), "down", 3600, "the evening's goods wait for the morning",
          WITH_DOGS),
    Lever(f"{DOGS}.duty", "30 min", "2 h", wait_s("dog_teams"), "down", 180,
          "on duty for four fifths of the time instead of half", WITH_DOGS),
    Lever(f"{DOGS}.duty", "30 min", "4 h", see.alarms("dog", illicit=True), "down", 20,
          "a fall by 30% an hour from the start leaves 40% in place of 92%, of 80 illicit consignments and more",
          {**WITH_DOGS, **CONTRABAND, "world.detector_dogs.decline_onset": "0 s", "world.detector_dogs.decline": "30%"}),
    Lever(f"{DOGS}.rest", "1 h", "0 s", wait_s("dog_teams"), "down", 600, "on duty all the time instead of a third", WITH_DOGS),
    Lever(f"{DOGS}.rest_rule", "roster", "earned", wait_s("dog_teams"), "down", 120,
          "teams with nothing to do stay on duty", WITH_DOGS),
    Lever(f"{DOGS}.roster", "by_shift", "by_forecast", wait_s("dog_teams"), "down", 60,
          "the third team comes at midday, when half of the goods come", {**WITH_DOGS, f"{DOGS}.teams": 3}),
    Lever(f"{DOGS}.sharing", "each_port", "pooled", wait_s("dog_teams", "hong_kong"), "up", 1800,
          "two teams in all in place of two at each of two ports", TWO_PORTS),
    Lever(f"{DOGS}.sharing", "each_port", "on_call", measured("dog_hours"), "up", 150,
          "an hour and a half on the way for each search of some minutes", TWO_PORTS),
    Lever(f"{DOGS}.moves", 0, 2, measured("dog_hours_scheduled", "hong_kong"), "down", 20,
          "two moves of 45 min and their rests take more than a quarter of eight hours",
          {**TWO_PORTS, f"{DOGS}.sharing": "pooled", f"{DOGS}.teams": 4}),
    Lever(f"{DOGS}.search", "single", "line", see.stage_service_s("dog"), "down", 120,
          "4 s in place of 64 for three of seven consignments and more, selected at one end or the other",
          {**WITH_DOGS, "world.detector_dogs.line_setup": "0 s"}),
    Lever(f"{DOGS}.training", "basic", "advanced", see.alarms("dog", illicit=False), "down", 5,
          "two fifths of the false alarms", {**WITH_DOGS, "world.detector_dogs.false_alarm": "10%"}),
    Lever(f"{DOGS}.when_absent", "wait", "without", wait_s("dog_teams"), "down", 1800,
          "what comes outside one team's eight hours does not wait for it", {**WITH_DOGS, f"{DOGS}.teams": 1}),
)  # fmt: skip


@dataclass(frozen=True)
class SidedLever:
    """A change of one side's value alone moves the measure at that side by `least`, and less or nothing at the other."""

    path: str
    before: Any
    after: Any
    measure: Callable[[str], Measure]
    moves: Literal["up", "down"]
    least: float
    setting: dict[str, Any] = field(default_factory=dict)
    cabin: bool = False


def _waits(kind: str) -> Callable[[str], Measure]:
    return lambda side: wait_s(kind, side)


def _parts(key: str) -> Callable[[str], Measure]:
    return lambda side: measured(key, side)


SIDED: tuple[SidedLever, ...] = (
    SidedLever(f"{AUTH}.officers", 1, 4, _waits("authorisation_officers"), "down", 600,
               {**ON_THE_DAY, f"{AUTH}.agencies": "parallel"}),
    SidedLever(f"{DATA}.counter_clerks", 1, 4, _waits("counter_clerks"), "down", 300,
               SLOW_COUNTER),
    SidedLever(f"{RISK}.export_rate", "5%", "30%", _parts("selected_consignment_share"), "up", 0.08),
    SidedLever(f"{RISK}.import_rate", "5%", "30%", _parts("selected_consignment_share"), "up", 0.08),
    SidedLever(f"{RISK}.random_share", "0%", "5%", see.illicit_selected, "down", 8,
               {**CONTRABAND, **SEEING, f"{RISK}.import_rate": "5%"}),
    SidedLever(f"{RISK}.amber_rate", "1%", "20%", see.amber_share, "up", 0.2),
    SidedLever("policy.document_check.officers", 1, 4, _waits("document_officers"), "down", 600, ALL_AMBER),
    SidedLever("policy.xray.machines", 1, 4, _waits("xray_machines"), "down", 60, SLOW_SCANS),
    SidedLever("policy.opening.officers", 1, 6, _waits("examination_officers"), "down", 60, MANY_OPENED),
    SidedLever("policy.opening.officers_abroad", 1, 6, _waits("examination_officers"), "down", 10, CO_LOCATED),
    SidedLever(f"{AIR}.headway", "1 min", "10 min", _waits("slots"), "up", 60),
    SidedLever(f"{PORT}.pads", 1, 4, _waits("pads"), "down", 60, {f"{PORT}.returns": False}),
    SidedLever(f"{PORT}.stands", 0, 6, see.stays_on_pad, "down", 20, {f"{PORT}.pads": 4}),
    SidedLever(f"{PORT}.fleet", 1, 8, _waits("fleet"), "down", 1800),
    SidedLever(f"{QUAR}.export_rate", "0%", "50%", _parts("quarantine_hours"), "up", 20, {f"{QUAR}.import_rate": "5%"}),
    SidedLever(f"{QUAR}.import_rate", "0%", "50%", _parts("quarantine_hours"), "up", 20, {f"{QUAR}.export_rate": "5%"}),
    SidedLever(f"{QUAR}.officers", 1, 4, _waits("quarantine_officers"), "down", 60, QUARANTINED),
    SidedLever(f"{PAX}.gates", 1, 8, see.service_at("gates"), "down", 10, cabin=True),
    SidedLever(f"{PAX}.gates_abroad", 1, 8, see.service_at("gates"), "down", 5,
               {f"{PAX}.arrangement": "co_located"}, cabin=True),
    SidedLever(f"{PAX}.counters", 1, 4, _waits("immigration_counters"), "down", 20, SLOW_COUNTERS, cabin=True),
    SidedLever(f"{PAX}.counters_abroad", 1, 4, _waits("immigration_counters"), "down", 10,
               {**SLOW_COUNTERS, f"{PAX}.arrangement": "co_located"}, cabin=True),
    SidedLever(f"{PAX}.baggage_officers", 1, 4, _waits("baggage_officers"), "down", 30,
               {"world.passengers.baggage_share": "80%"}, cabin=True),
    # detector dogs
    SidedLever(f"{DOGS}.teams", 2, 4, _waits("dog_teams"), "down", 240, WITH_DOGS),
    SidedLever(f"{DOGS}.duty", "30 min", "2 h", _waits("dog_teams"), "down", 120, WITH_DOGS),
    SidedLever(f"{DOGS}.rest", "1 h", "0 s", _waits("dog_teams"), "down", 300, WITH_DOGS),
)  # fmt: skip
