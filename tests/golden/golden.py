"""The back-tests: scenarios whose results are kept, and their results as the stored files write them."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.execution.replicate import Task, observe
from sim.metrics import all_metrics, measure
from sim.policies import FEATURES
from sim.replication import prepare
from sim.scenario.load import apply, load_scenario

MEASURES, COMPARISON = (Path(__file__).parent / name for name in ("measures.json", "comparison.json"))
STORED = (MEASURES, COMPARISON)
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
SEED, REPLICATIONS, DIGITS = 7, 2, 12
_BACK_TEST = re.compile(r"\(back-test\s+([0-9a-f]{8})\)")
LEFT_OUT = (  # long, and made of what the others are made of
    "utilisation_by_hour",
    *(f"{people}_posts_by_hour" for people in ("officer", "aviation", "immigration", "quarantine")),
)

SHORT: dict[str, Any] = {"study.days": 1, "study.warm_up": "6 h", "study.cool_down": "12 h"}
BUSY = {**SHORT, "world.demand.flights_per_day": "30/d", "world.compliance.prevalence": "5%"}
BEFORE = {"policy.pre_clearance.decision": "before_departure"}
SETTINGS: dict[str, dict[str, Any]] = {
    "baseline": SHORT,
    "busy": BUSY,
    "each_flight_approved_in_batches": {
        **BUSY,
        "policy.flight_authorisation.mode": "noon_day_before",
        "policy.data_interface.mode": "batch",
        "policy.data_interface.batch_period": "30 min",
        "policy.data_interface.opens": "07:00",
        "policy.data_interface.closes": "23:00",
        "policy.data_interface.single_submission": False,
        "policy.pre_clearance.aeo_share": "50%",
        "policy.port_hours.opens": "00:00",
        "policy.port_hours.closes": "00:00",
        "policy.vertiports.reservation": False,
    },
    "one_stop_reserved_pads": {
        **BUSY,
        **BEFORE,
        "policy.inspection.regime": "one_stop",
        "policy.inspection.on_find": "hold_flight",
        "policy.risk_screening.unit": "flight",
        "policy.vertiports.reservation": True,
        "policy.vertiports.stands": 1,
    },
    "late_files_inspected_on_arrival": {
        **BUSY,
        **BEFORE,
        "policy.pre_clearance.late_rule": "inspect_on_arrival",
        "policy.data_interface.fallback": "inspect_on_arrival",
        "policy.data_interface.fields": "personal",
        "world.demand.operators": 24,
        "world.demand.goods_mix": {"parcel": 0.6, "document": 0.05, "food": 0.1, "medical": 0.1, "electronics": 0.15},
        "world.data_interface.outage_interval": "12 h",
        "policy.flight_authorisation.mode": "one_hour",
    },
    "recognition_in_the_yard": {
        **BUSY,
        "policy.inspection.regime": "recognise",
        "policy.inspection.site": "yard",
        "policy.risk_screening.unit": "consignment",
        "policy.data_interface.mode": "api",
        "policy.flight_authorisation.agencies": "single_desk",
        "policy.corridor.closures": [["day 1 14:00", "day 1 17:00"]],
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


def rounded(value: float, digits: int = DIGITS) -> float | None:
    return None if np.isnan(value) else float(f"{value:.{digits - 1}e}")


COMPARED = ("each_flight_approved_in_batches", "busy", "one_stop_reserved_pads", "recognition_in_the_yard")
COMPARED_REPLICATIONS, COMPARED_DIGITS = 6, 9  # quantiles of distributions may differ in their last digits between libraries
LEVELS = ("n", "mean", "sd", "ci_low", "ci_high")
CHANGES = ("n", "difference", "ci_low", "ci_high", "p", "p_adjusted", "variance_reduction", "verdict")


def comparison() -> dict[str, dict[str, Any]]:
    """A small study of COMPARED: its headline measures, levels by "scenario/measure/part", and then their differences."""
    base = load_scenario(BASELINE)
    scenarios = [apply(base, {**SETTINGS[name], "name": name.replace("_", "-")}) for name in COMPARED]
    study = sim.run(scenarios, seed=SEED, replications=COMPARED_REPLICATIONS, keep_stages="none")
    headlines = [key for key, metric in study.metrics.items() if metric.headline]
    tables = {"summary": (study.summary, LEVELS), "comparison": (study.comparison, CHANGES)}
    return {name: _rows(table[table["metric"].isin(headlines)], columns) for name, (table, columns) in tables.items()}


def _rows(table: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, Any]:
    keys = ("/".join(row) for row in table[["scenario", "metric", "part"]].itertuples(index=False))
    values = table[list(columns)].itertuples(index=False)
    return {
        key: [value if isinstance(value, str) else rounded(value, COMPARED_DIGITS) for value in row]
        for key, row in zip(keys, values, strict=True)
    }


def digest() -> str:
    """Eight hexadecimal digits that tell these stored results from any others."""
    whole = sha256()
    for file in STORED:
        whole.update(file.read_bytes() + b"\0")
    return whole.hexdigest()[:8]


def back_test_named(changelog: str) -> str | None:
    """The digest of stored results that the changelog names last: in the topmost section with an entry tagged RESULTS that
    names one, "RESULTS: … (back-test 1a2b3c4d)", its last such entry.
    """
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        entries = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
        named = [found[1] for entry in entries if entry.startswith("RESULTS") and (found := _BACK_TEST.search(entry))]
        if named:
            return named[-1]
    return None
