"""The scenarios whose measures are kept, and their measures as the stored file writes them."""

from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.replicate import Task, observe
from sim.metrics import all_metrics, measure
from sim.policies import FEATURES
from sim.replication import prepare
from sim.scenario.load import apply, load_scenario

STORED = Path(__file__).parent / "measures.json"
BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
SEED, REPLICATIONS, DIGITS = 7, 2, 12
LEFT_OUT = ("utilisation_by_hour", "wait_quantile")  # long, and made of what the others are made of

SHORT: dict[str, Any] = {"study.days": 1, "study.warm_up": "6 h", "study.cool_down": "12 h"}
BUSY = {**SHORT, "world.demand.flights_per_day": "30/d", "world.compliance.prevalence": "5%"}
BEFORE = {"policy.pre_clearance.decision": "before_departure"}
SETTINGS: dict[str, dict[str, Any]] = {
    "baseline": SHORT,
    "busy": BUSY,
    "one_stop_reserved_pads": {
        **BUSY,
        **BEFORE,
        "policy.inspection.regime": "one_stop",
        "policy.inspection.on_find": "hold_flight",
        "policy.vertiports.reservation": True,
        "policy.vertiports.stands": 1,
    },
    "late_files_inspected_on_arrival": {
        **BUSY,
        **BEFORE,
        "policy.pre_clearance.late_rule": "inspect_on_arrival",
        "policy.data_interface.fallback": "inspect_on_arrival",
        "policy.data_interface.fields": "personal",
        "world.data_interface.outage_interval": "12 h",
        "policy.flight_authorisation.mode": "one_hour",
    },
    "recognition_in_the_yard": {
        **BUSY,
        "policy.inspection.regime": "recognise",
        "policy.inspection.site": "yard",
        "policy.data_interface.mode": "api",
        "policy.flight_authorisation.agencies": "single_desk",
        "policy.corridor.closures": [["14 h", "17 h"]],
    },
    "co_located_paper_standing": {
        **BUSY,
        "policy.inspection.regime": "co_located",
        "policy.data_interface.mode": "paper",
        "policy.flight_authorisation.mode": "standing",
        "policy.pre_clearance.aeo_periodic": True,
        "policy.vertiports.pads": 1,
    },
}


def measures(setting: str) -> dict[str, float | None]:
    """Every measure of a setting by "replication/measure/part", to 12 significant digits; None where there is none."""
    made = apply(load_scenario(BASELINE), SETTINGS[setting])
    metrics = [metric for metric in all_metrics(FEATURES) if metric.key not in LEFT_OUT]
    found: dict[str, float | None] = {}
    for replication in range(REPLICATIONS):
        observation = observe(Task(made, SEED, replication), prepare(made, SEED, replication))
        rows = measure(observation, metrics)
        found |= {f"{replication}/{key}/{part}": rounded(value) for key, part, value in rows}
    return found


def rounded(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.{DIGITS - 1}e}")
