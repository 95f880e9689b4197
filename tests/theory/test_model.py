"""The model against theory, through the public interface: scenario, plan, timeline, measures. `pytest -s` prints the table.

Measured beside exact, in standard errors. A case fails only where |t| > 4.4 in the first replications and
again in four times as many fresh ones. Sources: Green and Swets, Signal Detection Theory (1966); Kleinrock,
Queueing Systems I (1975); Barlow and Proschan, Statistical Theory of Reliability (1975); Kingman, Poisson
Processes (1993).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from math import exp, log1p, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from sim.ground.arrays import Bools
from sim.metrics import CATALOGUE, measure
from sim.model.calendar import PLENTY
from sim.model.examination import ALARM, FOUND
from sim.model.fact_catalogue import AMBER_CONSIGNMENT, BLOCK_S, ILLICIT, RED, RED_CONSIGNMENT
from sim.model.facts import Fact
from sim.model.observation import Observation
from sim.model.plan import Pool
from sim.replication import Prepared, prepare
from sim.scenario.load import apply
from tests.model.replicated import run
from tests.policies.observed import Changes, scenario
from tests.theory.test_queueing import MAX_T, Row, wait_mmc

pytestmark = pytest.mark.theory
REPLICATIONS = 8
ROUTE = "wenjindu_sheung_shui"

PLAIN: dict[str, Any] = {
    "study.days": 1,
    "study.warm_up": "0 s",
    "study.cool_down": "0 s",
    "world.demand.flights_per_day": "600/d",
    "world.demand.notice": "4 d",
    "policy.port_hours.opens": "00:00",
    "policy.port_hours.closes": "00:00",
    "policy.flight_authorisation.officers": 50,
    "policy.risk_screening.unit": "consignment",
    "policy.pre_clearance.aeo_share": "0%",
    "policy.data_interface.fields": "personal",
    "world.compliance.prevalence": "0%",
}
RANDOM, AMBER, FAULTY = 0.02, 0.1, 0.03
SELECTED = {
    **PLAIN,
    "policy.risk_screening.export_rate": "5%",
    "policy.risk_screening.import_rate": {"hong_kong": "6%", "mainland": "10%"},
    "policy.risk_screening.random_share": RANDOM,
    "policy.risk_screening.amber_rate": AMBER,
    "world.risk_screening.faulty_share": FAULTY,
}
OFTEN = {**SELECTED, "policy.risk_screening.random_share": "30%"}
OFTEN |= {"policy.risk_screening.export_rate": "50%", "policy.risk_screening.import_rate": "50%"}
BY_SCORE = {**SELECTED, "policy.risk_screening.random_share": "0%", "world.compliance.prevalence": "50%"}
HALF_ILLICIT = {**PLAIN, "world.compliance.prevalence": "50%", "policy.risk_screening.random_share": "0%"}
ALL_EXAMINED = {**HALF_ILLICIT, "policy.risk_screening.export_rate": "100%", "policy.risk_screening.import_rate": "100%"}
AEO = {**SELECTED, "policy.pre_clearance.aeo_share": "50%"}


@dataclass(frozen=True)
class Case:
    """What is measured of one replication, given (seed, replication), and what theory says it is in the mean."""

    name: str
    exact: float
    measure: Callable[[int, int], float]


@lru_cache(maxsize=4)
def _prepared(changes: str, seed: int, replication: int) -> Prepared:
    return prepare(scenario(json.loads(changes)), seed, replication)


def prepared(changes: Changes, seed: int, replication: int) -> Prepared:
    """One replication before its clock runs; the last few are kept, as cases share them."""
    return _prepared(json.dumps(changes), seed, replication)


@lru_cache(maxsize=REPLICATIONS)
def _observed(changes: str, seed: int, replication: int) -> Observation:
    return run(scenario(json.loads(changes)), seed, replication)


# ------------------------------------------------------------------------------------------------ screening


def rate(which: Callable[[Prepared], tuple[Bools, Bools]], changes: Changes) -> Callable[[int, int], float]:
    """Of the consignments (or flights) that the second column picks, the share in the first."""

    def measured(seed: int, replication: int) -> float:
        hit, among = which(prepared(changes, seed, replication))
        return float(np.count_nonzero(hit & among) / np.count_nonzero(among))

    return measured


def red(role: str, side: int | None = None, illicit: bool | None = None, aeo: bool | None = None) -> Any:
    """Red consignments, among those at a side of that role, by what they are and whose."""

    def columns(made: Prepared) -> tuple[Bools, Bools]:
        flight = made.consignments.flight
        among = np.ones(len(flight), dtype=np.bool_)
        if side is not None:
            among &= (made.flights.side(role) == side)[flight]
        if illicit is not None:
            among &= made.facts[ILLICIT] == illicit
        if aeo is not None:
            among &= made.flights.aeo[flight] == aeo
        return made.facts[RED_CONSIGNMENT[role]], among

    return columns


def both_red(illicit: bool) -> Any:
    """Red at both sides, among flights into Hong Kong."""

    def columns(made: Prepared) -> tuple[Bools, Bools]:
        into = (made.flights.side("destination") == 0)[made.consignments.flight]
        red_twice = made.facts[RED_CONSIGNMENT["origin"]] & made.facts[RED_CONSIGNMENT["destination"]]
        return red_twice, into & (made.facts[ILLICIT] == illicit)

    return columns


def amber(made: Prepared) -> tuple[Bools, Bools]:
    return made.facts[AMBER_CONSIGNMENT["origin"]], np.ones(len(made.consignments), dtype=np.bool_)


def red_flight(made: Prepared) -> tuple[Bools, Bools]:
    return made.facts[RED["origin"]], np.ones(len(made.flights), dtype=np.bool_)


def separation(auc: float) -> float:
    return sqrt(2) * float(norm.ppf(auc))


def true_positive(target: float, auc: float) -> float:
    """Phi(d' - z): the share of illicit consignments above the threshold that a target share of licit ones exceeds."""
    return float(norm.cdf(separation(auc) - norm.isf(target)))


def both_above(first: float, second: float, correlation: float) -> float:
    """P(X > first, Y > second) of standard normals."""
    return float(multivariate_normal.cdf([-first, -second], cov=[[1, correlation], [correlation, 1]]))


def both_selected(rates: tuple[float, float], correlation: float, shift: float = 0.0) -> float:
    return both_above(norm.isf(rates[0]) - shift, norm.isf(rates[1]) - shift, correlation)


SCORE_TAIL = (0.05 - RANDOM) / (1 - RANDOM)
AUC, TOKENS_AUC = 0.85, 0.82
FIXED_SEVEN = "route,from_side,planned_departure,consignments\n" + "".join(f"{ROUTE},mainland,{k},7\n" for k in range(3000))

SCREENING = (
    Case("red rate, exports 5%", 0.05, rate(red("origin"), SELECTED)),
    Case("red rate, imports of Hong Kong 6%", 0.06, rate(red("destination", side=0), SELECTED)),
    Case("red rate, imports of the Mainland 10%", 0.10, rate(red("destination", side=1), SELECTED)),
    Case("red rate, 30% at random of 50%", 0.5, rate(red("origin"), OFTEN)),
    Case("red rate of AEO: a fifth of 5%", 0.01, rate(red("origin", aeo=True), AEO)),
    Case("red rate of the others beside AEO", 0.05, rate(red("origin", aeo=False), AEO)),
    # The amber rate is of all: of those not selected at random it is a little more.
    Case("amber rate with faulty documents", AMBER + (1 - RANDOM - AMBER - 0.05 + RANDOM) * FAULTY, rate(amber, SELECTED)),
    Case("red rate of licit consignments among illicit ones", 0.05, rate(red("origin", illicit=False), BY_SCORE)),
    Case("true positives, AUC 0.85 at 5%: Phi(d' - z)", true_positive(0.05, AUC), rate(red("origin", illicit=True), BY_SCORE)),
    Case(
        "true positives with tokens, AUC 0.82 at 10%",
        true_positive(0.10, TOKENS_AUC),
        rate(red("destination", side=1, illicit=True), {**BY_SCORE, "policy.data_interface.fields": "tokens"}),
    ),
    Case(
        "true positives with half of the rate at random",
        0.025 + 0.975 * true_positive(0.025 / 0.975, AUC),
        rate(red("origin", illicit=True), {**BY_SCORE, "policy.risk_screening.random_share": "2.5%"}),
    ),
    Case("licit, red at both sides, scores correlated 0.5", both_selected((0.05, 0.06), 0.5), rate(both_red(False), BY_SCORE)),
    Case(
        "illicit, red at both sides, scores correlated 0.5",
        both_selected((0.05, 0.06), 0.5, separation(AUC)),
        rate(both_red(True), BY_SCORE),
    ),
    Case(
        "licit, red at both sides, scores uncorrelated",
        0.05 * 0.06,
        rate(both_red(False), {**BY_SCORE, "world.risk_screening.score_correlation": "0%"}),
    ),
    Case(
        "licit, red at both sides, scores equal: the lesser rate",
        0.05,
        rate(both_red(False), {**BY_SCORE, "world.risk_screening.score_correlation": "100%"}),
    ),
    Case("flights on red, 1 + Poisson(6) consignments", 1 - 0.95 * exp(-6 * 0.05), rate(red_flight, SELECTED)),
    Case(
        "flights on red, seven consignments: 1 - (1 - p)^7",
        1 - 0.95**7,
        rate(red_flight, {**SELECTED, "world.demand.schedule": {"csv": FIXED_SEVEN}}),
    ),
)


# ------------------------------------------------------------------------------------------------ looks


def seen(*facts: Fact[Bools]) -> Any:
    """Alarmed or found at all of these, among illicit consignments."""

    def columns(made: Prepared) -> tuple[Bools, Bools]:
        return np.logical_and.reduce([made.facts[fact] for fact in facts]), made.facts[ILLICIT]

    return columns


def missed_by_both(made: Prepared) -> tuple[Bools, Bools]:
    return ~made.facts[ALARM["origin"]] & ~made.facts[ALARM["destination"]], made.facts[ILLICIT]


def false_alarm(made: Prepared) -> tuple[Bools, Bools]:
    return made.facts[ALARM["origin"]], ~made.facts[ILLICIT]


def both_see(first: float, second: float, correlation: float) -> float:
    return both_above(float(norm.isf(first)), float(norm.isf(second)), correlation)


XRAY, OPENING = 0.75, 0.95
INDEPENDENT = {**ALL_EXAMINED, "world.compliance.concealment_correlation": "0%"}

LOOKS = (
    Case("x-ray alarm on an illicit consignment", XRAY, rate(seen(ALARM["origin"]), ALL_EXAMINED)),
    Case("x-ray alarm on a licit consignment", 0.05, rate(false_alarm, ALL_EXAMINED)),
    Case("two x-rays, independent: both alarm", XRAY**2, rate(seen(ALARM["origin"], ALARM["destination"]), INDEPENDENT)),
    Case(
        "two x-rays, correlated 0.5: both alarm",
        both_see(XRAY, XRAY, 0.5),
        rate(seen(ALARM["origin"], ALARM["destination"]), ALL_EXAMINED),
    ),
    Case("two x-rays, independent: both miss", (1 - XRAY) ** 2, rate(missed_by_both, INDEPENDENT)),
    Case("two x-rays, correlated 0.5: both miss", 1 - 2 * XRAY + both_see(XRAY, XRAY, 0.5), rate(missed_by_both, ALL_EXAMINED)),
    Case("x-ray, then opening: found", both_see(XRAY, OPENING, 0.5), rate(seen(FOUND["origin"]), ALL_EXAMINED)),
    Case("x-ray, then opening, independent: found", XRAY * OPENING, rate(seen(FOUND["origin"]), INDEPENDENT)),
    Case(
        "opening alone: found",
        OPENING,
        rate(seen(FOUND["origin"]), {**ALL_EXAMINED, "policy.inspection.sequence": ["open"]}),
    ),
)


# ------------------------------------------------------------------------------- recognition, air, interface

LOCK_FAULT, RECOGNITION, TRUST = 0.1, 0.8, 0.5
RECOGNISING = {
    **ALL_EXAMINED,
    "policy.inspection.regime": "recognise",
    "policy.inspection.recognition": RECOGNITION,
    "world.inspection.lock_fault": LOCK_FAULT,
    "world.inspection.trust_without_lock": TRUST,
}


def examined_again(changes: Changes, seed: int, replication: int) -> float:
    """Share of flights that are examined at the destination once more."""
    plan = prepared(changes, seed, replication).plan
    return float(plan.visits[:, plan.stage_number("present_destination")].mean())


def flight_time(power: int, seed: int, replication: int) -> float:
    """The moment of flight time / block time."""
    made = prepared(PLAIN, seed, replication)
    legs = [made.plan.stage_number(key) for key in ("fly_1", "fly_2")]
    return float(np.mean((made.plan.service_s[:, legs].sum(axis=1) / made.facts[BLOCK_S]) ** power))


INTERVAL_H, REPAIR_H = 10.0, 5.0
OUTAGES = {
    **PLAIN,
    "study.days": 365,
    "world.demand.flights_per_day": "5/d",
    "policy.data_interface.mode": "api",
    "policy.data_interface.opens": "00:00",
    "policy.data_interface.closes": "24:00",
    "world.data_interface.outage_interval": f"{INTERVAL_H} h",
    "world.data_interface.outage_repair": {"exponential": {"mean": f"{REPAIR_H} h"}},
}


def availability(changes: Changes, seed: int, replication: int) -> float:
    """Share of the time in which the interface of Hong Kong takes messages."""
    made = prepared(changes, seed, replication)
    pool: Pool = next(pool for pool in made.plan.pools if pool.key == "interface.hong_kong")
    return pool.calendar.server_seconds(0, made.horizon_s) / PLENTY / made.horizon_s


OTHERS = (
    Case(
        "examined again, e-lock: 1 - (1 - fault) * recognition",
        1 - (1 - LOCK_FAULT) * RECOGNITION,
        partial(examined_again, RECOGNISING),
    ),
    Case(
        "examined again, no lock: 1 - recognition * trust",
        1 - RECOGNITION * TRUST,
        partial(examined_again, {**RECOGNISING, "policy.inspection.e_lock": False}),
    ),
    Case("flight time / block time: mean 1", 1.0, partial(flight_time, 1)),
    Case("flight time / block time: second moment 1 + cv^2", 1 + 0.05**2, partial(flight_time, 2)),
    Case("availability: interval / (interval + repair)", INTERVAL_H / (INTERVAL_H + REPAIR_H), partial(availability, OUTAGES)),
)


# ------------------------------------------------------------------------------------------------ demand

PER_DAY, DAYS = 60.0, 40
DEMAND = {**PLAIN, "study.days": DAYS, "world.demand.flights_per_day": f"{PER_DAY}/d"}


def daily_counts(seed: int, replication: int) -> NDArray[np.int64]:
    """Flights outward, day by day."""
    flights = prepared(DEMAND, seed, replication).flights
    return np.bincount((flights.planned_departure_s[flights.outward] // 86400).astype(int), minlength=DAYS)


def hourly_chi_square(seed: int, replication: int) -> float:
    """Pearson's statistic of the hours against the profile; an hour without demand has no flight."""
    hour = (prepared(DEMAND, seed, replication).flights.planned_departure_s % 86400 // 3600).astype(int)
    counts, profile = np.bincount(hour, minlength=24), np.array(scenario(DEMAND).world.demand.hourly_profile)
    assert counts[profile == 0].sum() == 0
    expected = (profile / profile.sum() * counts.sum())[profile > 0]
    return float(np.sum((counts[profile > 0] - expected) ** 2 / expected))


HOURS = int(np.count_nonzero(scenario(DEMAND).world.demand.hourly_profile))
ARRIVALS = (
    Case("flights a day, mean", PER_DAY, lambda seed, k: float(daily_counts(seed, k).mean())),
    Case("flights a day, variance (Poisson)", PER_DAY, lambda seed, k: float(daily_counts(seed, k).var(ddof=1))),
    Case("hours against the profile: chi-square, mean df", HOURS - 1, hourly_chi_square),
)


# ------------------------------------------------------------------------------------------------ queues

FLAT = {
    **PLAIN,
    "study.cool_down": "12 h",  # the last flights' files are checked hours before their departure
    "world.demand.hourly_profile": [1] * 24,
    "policy.pre_clearance.lead": "4 h",
    "policy.data_interface.opens": "00:00",
    "policy.data_interface.closes": "24:00",
    "world.data_interface.outage_interval": "3650 d",
    "world.data_interface.reject_share": "0%",
    "policy.vertiports.fleet": 0,  # the flight ends at its departure, when customs has long had its file
    "policy.corridor.cancel_after": "0 s",
}
PERIOD_S = 1800.0
BATCHES = {**FLAT, "policy.data_interface.mode": "batch", "policy.data_interface.batch_period": "30 min"}
BATCHES |= {"world.demand.flights_per_day": "200/d"}
LOAD, SERVERS, SERVICE_S = 1.8, 3, 600.0
DESK = {
    **FLAT,
    "study.warm_up": "1 d",
    "study.days": 12,
    "world.demand.flights_per_day": f"{LOAD / SERVICE_S * 86400 / 2}/d",  # Hong Kong checks both directions
    "policy.data_interface.mode": "api",
    "policy.risk_screening.export_rate": "0%",
    "policy.risk_screening.import_rate": "0%",
    "policy.risk_screening.random_share": "0%",
    "policy.risk_screening.amber_rate": {"hong_kong": "100%", "mainland": "0%"},
    "world.risk_screening.faulty_share": "0%",
    "policy.document_check.officers": SERVERS,
    "world.document_check.service_time": {"exponential": {"mean": "10 min"}},
    "world.document_check.refusal_share": "0%",
}


def measured_of(key: str, part: str, changes: Changes, seed: int, replication: int) -> float:
    """One number of the catalogue of measures, of one replication that is run."""
    observation = _observed(json.dumps(changes), seed, replication)
    found = measure(observation, [metric for metric in CATALOGUE if metric.key == key])
    return next(value for _, its_part, value in found if its_part == part)


QUEUES = (
    Case("wait for a batch: half of its period", PERIOD_S / 2, partial(measured_of, "wait_mean", "interface.hong_kong", BATCHES)),
    Case(
        "documents as M/M/3 (Erlang C)",
        wait_mmc(LOAD, SERVERS) * SERVICE_S,
        partial(measured_of, "wait_mean", "document_officers.hong_kong", DESK),
    ),
    Case(
        "document officers' utilisation", LOAD / SERVERS, partial(measured_of, "utilisation", "document_officers.hong_kong", DESK)
    ),
)

# One dog at all hours searches the exports of Hong Kong, each of 1 + Poisson(6) consignments selected with P independently
P, EACH_S = 0.3, 64.0
SEARCHES, SEARCHES_SQUARED = 7 * P, P * (1 - P) + 6 * P + (7 * P) ** 2  # of a flight, selected or not
DOG_LOAD = 0.7
DOGS = {
    **FLAT,
    "study.warm_up": "1 d",
    "study.days": 12,
    "world.demand.flights_per_day": f"{DOG_LOAD / SEARCHES / EACH_S * 86400}/d",
    "policy.flight_authorisation.confirmation": False,
    "policy.data_interface.mode": "api",
    "policy.risk_screening.export_rate": P,
    "policy.risk_screening.random_share": "0%",
    "policy.risk_screening.import_rate": "0%",
    "policy.inspection.sequence": ["dog", "open"],
    "policy.corridor.cancel_after": "30 d",
    "policy.vertiports.pads": 200,
    "policy.vertiports.fleet": 1000,
    "policy.vertiports.returns": False,
    "policy.detector_dogs.teams": 2,
    "policy.detector_dogs.sharing": "each_port",
    "policy.detector_dogs.when_absent": "wait",
    "policy.detector_dogs.shift": "12 h",
    "policy.detector_dogs.rest": "0 s",
    "policy.detector_dogs.opens": "00:00",
    "policy.detector_dogs.closes": "24:00",
    "world.detector_dogs.search_time": f"{EACH_S} s",
}
# Rest earned by work, as long as the search: a server that takes twice the time, for half the flights
RESTING = {**DOGS, "world.demand.flights_per_day": f"{DOG_LOAD / SEARCHES / EACH_S / 2 * 86400}/d"}
RESTING |= {"policy.detector_dogs.rest": "30 min", "policy.detector_dogs.rest_rule": "earned"}


def wait_of_searched(service_s: float) -> float:
    """Mean wait of M/G/1 (Pollaczek and Khinchine) where each consignment takes `service_s`, at DOG_LOAD."""
    return DOG_LOAD * service_s * SEARCHES_SQUARED / SEARCHES / 2 / (1 - DOG_LOAD)


DOG_QUEUES = (
    Case("dogs as M/G/1", wait_of_searched(EACH_S), partial(measured_of, "wait_mean", "dog_teams.sheung_shui", DOGS)),
    Case("dogs' utilisation", DOG_LOAD, partial(measured_of, "utilisation", "dog_teams.sheung_shui", DOGS)),
    Case(
        "dogs with earned rest as M/G/1 of twice the service",
        wait_of_searched(2 * EACH_S),
        partial(measured_of, "wait_mean", "dog_teams.sheung_shui", RESTING),
    ),
)

CASES = (*SCREENING, *LOOKS, *OTHERS, *ARRIVALS, *QUEUES, *DOG_QUEUES)


@cache
def measured(case: Case, seed: int, replications: int) -> Row:
    """The row of a case, from independent replications."""
    values = np.array([case.measure(seed, replication) for replication in range(replications)])
    return Row(case.name, case.exact, float(values.mean()), float(values.std(ddof=1) / np.sqrt(replications)))


def differs(case: Case, replications: int = REPLICATIONS) -> bool:
    """Whether theory and model differ, in a first measurement and in a fresh one four times as long."""
    row = measured(case, 1, replications)
    print(f"\n{row}", end="")
    return not abs(row.t) <= MAX_T and not abs(measured(case, 2, 4 * replications).t) <= MAX_T


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_measured_agrees_with_exact(case: Case) -> None:
    assert not differs(case)


@pytest.mark.parametrize(
    "wrong",
    [
        Case("5% taken for 6%", 0.06, rate(red("origin"), SELECTED)),
        Case("AUC 0.85 taken for 0.84", true_positive(0.05, 0.84), rate(red("origin", illicit=True), BY_SCORE)),
        Case("correlated looks taken for independent", XRAY**2, rate(seen(ALARM["origin"], ALARM["destination"]), ALL_EXAMINED)),
        Case("a batch every 30 minutes taken for 36", 1080, partial(measured_of, "wait_mean", "interface.hong_kong", BATCHES)),
    ],
    ids=lambda case: case.name,
)
def test_a_wrong_theory_is_noticed(wrong: Case) -> None:
    assert differs(wrong, replications=4)


# Exact identities: no chance in them

SATURATED = {
    **PLAIN,
    "study.cool_down": "1 d",
    "policy.data_interface.mode": "api",
    "policy.data_interface.fields": "tokens",
    "world.data_interface.reject_share": "0%",
    "world.data_interface.outage_interval": "3650 d",
    "world.pre_clearance.late_share": "0%",
    "policy.corridor.headway": "45 s",
    "policy.corridor.cancel_after": "2 d",
    "policy.vertiports.pads": 200,
    "policy.vertiports.fleet": 1000,
    "policy.vertiports.returns": False,
    "policy.flight_authorisation.confirmation": False,
    "policy.risk_screening.export_rate": "0%",
    "policy.risk_screening.random_share": "0%",
}


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_saturated_corridor_gives_3600_over_headway_slots_an_hour_and_level(levels: int) -> None:
    """480 flights are ready at the same instant; the queue stands, and departures an hour are 80 a level."""
    start_s, n, an_hour = 36000.0, 480, 80 * levels
    text = "route,from_side,planned_departure\n" + f"{ROUTE},mainland,{start_s}\n" * n
    band = {"policy.corridor.ceiling": f"{60 + 50 * (levels - 1)} m", "policy.corridor.vertical_separation": "50 m"}
    observation = run(apply(scenario({**SATURATED, **band}), {"world.demand.schedule": {"csv": text}}))
    slots = np.sort(observation.timeline.start_s[:, observation.plan.stage_number("slot")])
    assert slots.tolist() == [start_s + 45.0 * (k // levels) for k in range(n)]
    hours = np.bincount(((slots - start_s) // 3600).astype(int)).tolist()
    print(f"\n{levels} level(s): departures an hour {hours}, exact {an_hour}", end="")
    assert hours == [an_hour] * (n // an_hour)


def test_block_time_is_overhead_climb_and_distance_over_speed() -> None:
    made = prepared(PLAIN, 1, 0)
    route, kind = made.flights.routes[0], made.flights.aircraft_types[0]
    floor_m = scenario(PLAIN).policy.corridor.floor
    expected_s = kind.overhead_s + 2 * floor_m / kind.climb_mps + route.length_m / kind.cruise_mps
    assert made.facts[BLOCK_S] == pytest.approx(expected_s, rel=1e-12)


def test_the_spread_of_flight_times_is_lognormal() -> None:
    """The one case above has its moments; this one its shape: log(time / block) is normal."""
    made = prepared(PLAIN, 1, 0)
    legs = [made.plan.stage_number(key) for key in ("fly_1", "fly_2")]
    sigma = sqrt(log1p(0.05**2))
    z = (np.log(made.plan.service_s[:, legs].sum(axis=1) / made.facts[BLOCK_S]) + sigma**2 / 2) / sigma
    n = len(z)
    assert abs(np.mean(z**3)) < 4.4 * sqrt(15 / n) and abs(np.mean(z**4) - 3) < 4.4 * sqrt(96 / n)
