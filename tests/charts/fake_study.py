"""A made-up study with the tables of a real one, for tests of what is shown: no figure in it means anything."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.execution.tables import STAGE_COLUMNS
from sim.ground.text import Language, Text
from sim.metrics import CATALOGUE
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.model.feature import Feature
from sim.model.metric import Metric
from sim.policies import FEATURES
from sim.scenario.schema import default_schema
from sim.study.best import best_table
from sim.study.comparison import Terms, comparison_table, summary_table
from sim.study.held_against import held_against
from sim.study.ledger import ledger_table
from sim.study.limits import limits_table
from sim.study.released_in_both import RELEASED_IN_BOTH_COLUMNS
from sim.study.replication_values import values_by_measure
from sim.study.study_type import study_type
from sim.study.winners import GROUPS, MEDIANS, OF_CONTRABAND, OF_FLIGHTS, WINNERS_COLUMNS

METRICS = {metric.key: metric for metric in CATALOGUE}
_LEVELS = {
    "flights_released": 390.0,
    "released_share": 0.85,
    "releases_per_hour": 7.4,
    "crossings_per_hour": 14.6,
    "delay_mean": 900.0,
    "order_to_release_mean": 5400.0,
    "on_time_share": 0.71,
    "unreleased_share": 0.06,
    "illicit_missed": 1.4,
    "missed_per_million": 118.0,
    "illicit_passed_share": 0.38,
    "detection_share": 0.62,
}
_STEPS = ["interface", "screening", "documents", "inspection", "release"]
_SIDES = ["hong_kong", "mainland"]
_STAGES = [
    "order",
    "prepare",
    "screen_origin",
    "documents_origin",
    "documents_destination",
    "clear",
    "authorise_desk",
    "load",
    "slot",
    "fly_1",
    "land",
    "xray_destination",
    "unload",
    "release",
]
_POOLS = [
    "document_officers.hong_kong",
    "document_officers.mainland",
    "x_ray.sheung_shui",
    "opening.sheung_shui",
    "pad.sheung_shui",
]


@dataclass
class FakeStudy:
    scenarios: list[Any]
    replications: pd.DataFrame
    summary: pd.DataFrame
    comparison: pd.DataFrame
    together: pd.DataFrame
    best: pd.DataFrame
    flights: pd.DataFrame
    stages: pd.DataFrame
    metrics: dict[str, Metric]
    found: dict[str, dict[str, list[str]]]
    warnings: list[str]
    manifest: Any
    baseline: str
    folder: Any = None
    boost: float = 1.0
    reused: bool = False
    confidence: float = 0.95
    features: tuple[Feature, ...] = FEATURES
    quantiles: Any = None  # those of its measures are values of replications
    levers: tuple[str, ...] = ()

    def differences_in(self, language: Language, branch: str) -> dict[str, list[str]]:
        return {name: by_branch[branch] for name, by_branch in self.found.items()}

    def differences_in_short(self, language: Language) -> dict[str, list[str]]:
        return {name: [*self.found[name]["policy"], *self.found[name]["world"]] for name in self.against}

    def warnings_in(self, language: Language) -> list[str]:
        return list(self.warnings)

    def levers_in(self, language: Language) -> list[str]:
        return list(self.levers)

    @property
    def against(self) -> dict[str, str]:
        return held_against(self.scenarios)

    @property
    def other_world(self) -> tuple[str, ...]:
        return tuple(name for name, by_branch in self.found.items() if by_branch["world"])

    @property
    def ledger(self) -> pd.DataFrame:
        return ledger_table(self.summary, self.comparison)

    @property
    def winners(self) -> pd.DataFrame:
        return winners_of(self.against, self.manifest.paired_by_flight)

    @property
    def released_in_both(self) -> pd.DataFrame:
        return released_in_both_of(self.against, self.manifest.paired_by_flight)

    @property
    def limits(self) -> pd.DataFrame:
        return limits_table(self.summary, FEATURES)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(scenario.name for scenario in self.scenarios)


def rows_of_measures(rng: np.random.Generator, shift: float) -> list[tuple[str, str, float]]:
    rows = [(key, "", level * (1 + shift) + 0.03 * level * rng.normal()) for key, level in _LEVELS.items()]
    for key, level in (("delay_quantile", 800.0), ("order_to_release_quantile", 5000.0)):
        rows += [(key, name, level * k * (1 + shift)) for k, name in enumerate(("p50", "p90", "p95"), start=1)]
    rows += [
        ("officer_hours", side, hours * (1 - shift) + rng.normal()) for side, hours in (("", 180), *((s, 90) for s in _SIDES))
    ]
    for key, level in (("aviation_hours", 40.0), ("illicit_found", 1.2), ("missed_per_million_by_side", 118.0)):
        rows += [(key, side, level * (1 + shift) + 0.1 * rng.normal()) for side in _SIDES]
    rows.append(("expected_missed", "", 1.38 * (1 + shift)))
    rows.append(("consignments_released", "", 11800.0))
    for step in _STEPS:
        for side in _SIDES:
            minutes = rng.gamma(2.0, 1.0, 2) * (1 + shift)
            rows += [
                ("time_by_step", f"{step}/{side}/{kind}", float(m)) for kind, m in zip(("wait", "service"), minutes, strict=True)
            ]
    for stage in _STAGES:
        for kind in ("wait", "service", "schedule"):
            seconds = 240 * rng.gamma(1.0, 1.0) * (1 + shift) * (kind != "schedule" or stage == "load")
            rows.append(("waterfall", f"{stage}/{kind}", seconds))
    rows += [("ledger", key, 20 * (1 + shift)) for key in (*_SIDES, "air", "operator", "shared", "schedule")]
    rows += [("utilisation_by_hour", f"{pool}/{hour:02d}", float(rng.beta(2, 4))) for pool in _POOLS for hour in range(24)]
    return rows


def winners_of(against: dict[str, str], paired: dict[str, bool]) -> pd.DataFrame:
    """Groups of 60 flights each: 30 sooner, 20 the same, 6 later, 2 newly released, 1 no longer, 1 never."""
    counts = dict(zip(OF_FLIGHTS, (60, 30, 20, 6, 2, 1, 1), strict=True)) | dict(zip(OF_CONTRABAND, (2, 1, 0, 0), strict=True))
    levels = counts | {"median_gain": 240.0, "median_loss": 400.0}
    rows = []
    for name, base in against.items():
        for by, group in ((by, group) for by, keys in GROUPS.items() for group in keys if group not in ("passenger", "macao")):
            for measure in (*OF_FLIGHTS, *MEDIANS, *OF_CONTRABAND):
                level = levels[measure] if paired[name] else np.nan
                note = "too_few_events" if measure in OF_CONTRABAND and level == 0 else ""
                unit = "s" if measure in MEDIANS else "1"
                rows.append((base, name, by, group, measure, unit, 6, level, 0.9 * level, 1.1 * level, note))
    return pd.DataFrame(rows, columns=list(WINNERS_COLUMNS))


def released_in_both_of(against: dict[str, str], paired: dict[str, bool]) -> pd.DataFrame:
    """Of 390 flights 380 in both, 8 under the base alone, 2 under the other; everything moves by 40."""
    flights, shift = (380.0, 8.0, 2.0), (40.0, 30.0, 50.0)
    rows = [
        (base, name, quantity.key, quantity.unit, 6, *flights, *shift, 0.001, 0.003, 5 if quantity.unit == "s" else 6)
        for name, base in against.items()
        if paired[name]
        for quantity in FLIGHT_QUANTITIES
    ]
    return pd.DataFrame(rows, columns=list(RELEASED_IN_BOTH_COLUMNS))


NAMES = (
    "baseline",
    "one-stop",
    "recognition-e-lock",
    "pre-clearance-240",
    "one-stop-with-joint-teams-and-a-very-long-name-indeed",
    "single-desk",
    "paper-fallback",
    "detector-dogs-pooled-between-all-ports",
)


def manifest_of(differences: dict[str, dict[str, list[str]]], n_replications: int) -> Any:
    return SimpleNamespace(
        version=sim.__version__,
        seed=1,
        replications=n_replications,
        window=SimpleNamespace(warm_up="3 d", days=3, cool_down="3 d"),
        kind=study_type(259200.0),
        set=(),
        against_first=False,
        precision=None,
        scenarios=[SimpleNamespace(name=name, title=Text.same(name)) for name in differences],
        paired_by_flight={name: not by_branch["world"] for name, by_branch in differences.items()},
    )


def differences_of(position: int) -> dict[str, list[str]]:
    policy = ["Inspection: regime check twice → one-stop before departure", "Corridor: headway 1 min → 45 s"][: position % 3]
    return {"policy": policy, "world": ["Demand: flights a day 8.5/d → 50/d"] if position == 3 else []}


def scenario(name: str, compare_with: str = "") -> Any:
    return SimpleNamespace(
        name=name,
        title=Text.same(f"Title of {name}"),
        question=Text.same("Q4"),
        answered_by=(),
        notes=Text.same(""),
        compare_with=compare_with,
        file=f"{name}.yaml",
        study=SimpleNamespace(confidence=0.95, days=3, warm_up=259200.0),
        policy=SimpleNamespace(corridor=SimpleNamespace(routes=("wenjindu_sheung_shui", "hetao"), own_routes={})),
        world=SimpleNamespace(compliance=SimpleNamespace(prevalence=0.0001)),
        assembly=default_schema(),
    )


def fake_study(n_scenarios: int = 3, n_replications: int = 6, n_flights: int = 60, released_share: float = 0.95) -> FakeStudy:
    """A study of up to eight scenarios; the same arguments give the same tables."""
    names = list(NAMES[:n_scenarios])
    return study_of(names, n_replications, n_flights, released_share)


def study_of(
    names: list[str],
    n_replications: int = 6,
    n_flights: int = 60,
    released_share: float = 0.95,
    compare_with: dict[str, str] | None = None,
) -> FakeStudy:
    """compare_with: which scenario the file of a scenario names, by name."""
    values, flights = [], []
    for position, name in enumerate(names):
        for replication in range(n_replications):
            rng = np.random.default_rng([replication, 7])
            own = 0.02 * np.random.default_rng([replication, 8, position]).normal()
            rows = rows_of_measures(rng, shift=own - 0.05 * (position % 4))
            values += [(name, replication, key, part, value) for key, part, value in rows]
            flights.append(flights_of(name, replication, rng, n_flights, released_share, position))
    replications = pd.DataFrame(values, columns=["scenario", "replication", "metric", "part", "value"])
    settled = values_by_measure(replications, n_replications, METRICS)
    scenarios = [scenario(name, (compare_with or {}).get(name, "")) for name in names]
    against = held_against(scenarios)
    chained = {name: names[0] for name, base in against.items() if base != names[0]}
    comparison, together = (comparison_table(settled, pairs, METRICS, Terms(0.95)) for pairs in (against, chained))
    differences = {name: differences_of(position) for position, name in enumerate(names)}
    return FakeStudy(
        scenarios=scenarios,
        replications=replications,
        summary=summary_table(settled, names, METRICS, 0.95),
        comparison=comparison,
        together=together,
        best=best_table(settled, names, METRICS, Terms(0.95)),
        flights=pd.concat(flights, ignore_index=True),
        stages=pd.DataFrame(columns=list(STAGE_COLUMNS)),
        metrics=METRICS,
        found=differences,
        warnings=["Illicit consignments missed: about 1.4 expected a replication; read its bound, not its difference."],
        manifest=manifest_of(differences, n_replications),
        baseline=names[0],
    )


def flights_of(name: str, replication: int, rng: np.random.Generator, n: int, share: float, position: int) -> pd.DataFrame:
    delay_s = 1500 * rng.gamma(1.2, 1.0, n) * (1 - 0.08 * position) - 200
    delay_s = np.where(rng.random(n) < share, delay_s, np.nan)
    routes = np.where(rng.random(n) < 0.5, "wenjindu_sheung_shui", "hetao")
    columns = {
        "scenario": name,
        "replication": replication,
        "flight": np.arange(n),
        "route": routes,
        "measured": True,
        "delay_s": delay_s,
        "order_to_release_s": delay_s + 4000,
    }
    return pd.DataFrame(columns)
