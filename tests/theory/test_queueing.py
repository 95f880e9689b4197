"""The engine against queueing theory: measured beside exact, in standard errors. `pytest -s` prints the table.

A case fails only where |t| > 4.4 in 30 independent replications and again in 120 fresh ones, so that a
right engine fails less than once in ten million cases. Seeds are fixed. Times are in units of the mean
service time unless a case says otherwise. Sources: Kleinrock, Queueing Systems I (1975) and II (1976);
Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory (4th ed., 2008).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import factorial, inf

import numpy as np
import pytest

from sim.engine import ENGINES, run
from sim.engine.audit import audit
from sim.ground.arrays import Floats
from sim.model.calendar import PLENTY
from sim.model.outcome import Outcome
from sim.model.plan import Plan, Pool
from sim.model.timeline import Timeline
from tests.engine.plans import At, batch, plan_of, servers
from tests.tiers import slow

pytestmark = pytest.mark.theory
Run = Callable[[Plan], Timeline]
WARM_UP, MEASURED = 1000, 4000  # flights of a replication: some 30 relaxation times of the queues below, then the sample
REPLICATIONS, MAX_T = 30, 4.4


@dataclass(frozen=True)
class Case:
    """A measure of one replication, and what theory says it is in the mean."""

    name: str
    exact: float
    measure: Callable[[np.random.Generator, Run], float]


@dataclass(frozen=True)
class Row:
    """Measured beside exact; t is their difference in standard errors of the mean of replications."""

    name: str
    exact: float
    measured: float
    standard_error: float

    @property
    def t(self) -> float:
        return (self.measured - self.exact) / self.standard_error

    def __str__(self) -> str:
        return f"{self.name:44}{self.exact:12.5f}{self.measured:12.5f}{self.standard_error:10.5f}{self.t:8.2f}"


# What is built: a stream of Poisson arrivals at one pool, and more where a case needs it.


def arrivals(rng: np.random.Generator, rate: float) -> Floats:
    """Instants of WARM_UP + MEASURED Poisson arrivals."""
    return np.cumsum(rng.exponential(1 / rate, WARM_UP + MEASURED))


def one_pool(at_s: Floats, service_s: Floats, pool: Pool, **stage: object) -> Plan:
    """A plan of one stage with one pool."""
    stages = At("q", pool="p", service=service_s.tolist(), not_before=at_s.tolist(), **stage)  # type: ignore[arg-type]
    return plan_of(stages, n=len(at_s), pools={"p": pool})


def wait_s(timeline: Timeline, stage: int = 0) -> Floats:
    """Waits of the flights after the warm-up."""
    return (timeline.start_s - timeline.queued_s)[WARM_UP:, stage]


# What is measured


def mean_wait(
    rng: np.random.Generator, run: Run, rate: float, service: Callable[[np.random.Generator, int], Floats], n_servers: int = 1
) -> float:
    at_s = arrivals(rng, rate)
    return float(wait_s(run(one_pool(at_s, service(rng, len(at_s)), servers(n_servers)))).mean())


def wait_of_class(rng: np.random.Generator, run: Run, rates: tuple[float, float], of: int) -> float:
    at_s = arrivals(rng, sum(rates))
    priority = (rng.random(len(at_s)) < rates[1] / sum(rates)).astype(int)
    timeline = run(one_pool(at_s, exponential(rng, len(at_s)), servers(1), priority=priority.tolist()))
    return float(wait_s(timeline)[priority[WARM_UP:] == of].mean())


def wait_at_the_second(rng: np.random.Generator, run: Run, rate: float) -> float:
    at_s = arrivals(rng, rate)
    first, second = (exponential(rng, len(at_s)) for _ in range(2))
    plan = plan_of(
        At("one", pool="one", service=first.tolist(), not_before=at_s.tolist()),
        At("two", after="one", pool="two", service=second.tolist()),
        n=len(at_s),
        pools={"one": servers(1), "two": servers(1)},
    )
    return float(wait_s(run(plan), 1).mean())


def share_given_up(
    rng: np.random.Generator, run: Run, rate: float, n_servers: int, patience: Callable[[np.random.Generator, int], Floats]
) -> float:
    at_s = arrivals(rng, rate)
    plan = one_pool(at_s, exponential(rng, len(at_s)), servers(n_servers), patience=patience(rng, len(at_s)).tolist())
    return float((run(plan).outcome[WARM_UP:] == Outcome.CANCELLED).mean())


def wait_with_rest(rng: np.random.Generator, run: Run, rate: float) -> float:
    at_s = arrivals(rng, rate)
    rest_s = rng.uniform(0, 1, len(at_s))
    return float(wait_s(run(one_pool(at_s, exponential(rng, len(at_s)), servers(1), cooldown=rest_s.tolist()))).mean())


def wait_with_hold(rng: np.random.Generator, run: Run, rate: float) -> float:
    """The pad is held while the flight unloads."""
    at_s = arrivals(rng, rate)
    landing, unloading = exponential(rng, len(at_s)) / 2, rng.uniform(0, 1, len(at_s))
    plan = plan_of(
        At("land", pool="pad", service=landing.tolist(), not_before=at_s.tolist(), hold_until="unload"),
        At("unload", after="land", service=unloading.tolist()),
        n=len(at_s),
        pools={"pad": servers(1)},
    )
    return float(wait_s(run(plan)).mean())


def wait_for_gate(rng: np.random.Generator, run: Run, pool: Pool, span: float) -> float:
    """Uniform arrivals over whole cycles of a pool that lets everything through, now and then."""
    at_s = np.sort(rng.uniform(0, span, MEASURED))
    timeline = run(one_pool(at_s, np.zeros(MEASURED), pool))
    return float((timeline.start_s - timeline.queued_s).mean())


# Laws of service and of patience, with mean 1 unless they say otherwise


def exponential(rng: np.random.Generator, n: int) -> Floats:
    return rng.exponential(1.0, n)


def constant(rng: np.random.Generator, n: int) -> Floats:
    return np.ones(n)


def gamma_half(rng: np.random.Generator, n: int) -> Floats:
    """Squared coefficient of variation 2, so E[S^2] = 3."""
    return rng.gamma(0.5, 2.0, n)


def none(rng: np.random.Generator, n: int) -> Floats:
    return np.zeros(n)


# What theory says


def wait_mg1(rate: float, mean: float, mean_square: float) -> float:
    """Mean wait of M/G/1 (Pollaczek-Khinchine)."""
    return rate * mean_square / (2 * (1 - rate * mean))


def erlang_b(load: float, n_servers: int) -> float:
    """Share lost of M/M/c/c."""
    terms = [load**k / factorial(k) for k in range(n_servers + 1)]
    return terms[-1] / sum(terms)


def wait_mmc(rate: float, n_servers: int) -> float:
    """Mean wait of M/M/c (Erlang C)."""
    lost = erlang_b(rate, n_servers)
    waits = lost / (1 - rate / n_servers * (1 - lost))
    return waits / (n_servers - rate)


def reneging(rate: float, n_servers: int, mean_patience: float) -> float:
    """Share that gives up in M/M/c+M: a birth-death chain, dying at min(k, c) + max(k - c, 0) / patience."""
    weight, weights = 1.0, [1.0]
    for k in range(1, 400):
        weight *= rate / (min(k, n_servers) + max(k - n_servers, 0) / mean_patience)
        weights.append(weight)
    served = sum(w * min(k, n_servers) for k, w in enumerate(weights)) / sum(weights)
    return 1 - served / rate


DAY = 24.0
OPEN_8_TO_16 = servers(*[change for day in range(6) for change in ((day * DAY + 8, PLENTY), (day * DAY + 16, 0))])
RATES = (0.3, 0.5)
RESIDUAL = sum(RATES) * 2 / 2  # lambda E[S^2] / 2 of exponential service

CASES = (
    Case("M/M/1 wait, load 0.7", 0.7 / (1 - 0.7), partial(mean_wait, rate=0.7, service=exponential)),
    Case("M/M/3 wait, load 0.7 (Erlang C)", wait_mmc(2.1, 3), partial(mean_wait, rate=2.1, service=exponential, n_servers=3)),
    Case("M/G/1 wait, cv^2 = 2 (Pollaczek-Khinchine)", wait_mg1(0.6, 1, 3), partial(mean_wait, rate=0.6, service=gamma_half)),
    Case("M/D/1 wait, load 0.7", wait_mg1(0.7, 1, 1), partial(mean_wait, rate=0.7, service=constant)),
    Case("two priorities: wait of the first (Cobham)", RESIDUAL / (1 - RATES[0]), partial(wait_of_class, rates=RATES, of=0)),
    Case(
        "two priorities: wait of the second (Cobham)",
        RESIDUAL / ((1 - RATES[0]) * (1 - sum(RATES))),
        partial(wait_of_class, rates=RATES, of=1),
    ),
    Case("tandem: wait at the second M/M/1 (Burke)", 0.6 / (1 - 0.6), partial(wait_at_the_second, rate=0.6)),
    Case("M/M/4/4 share lost, load 3 (Erlang B)", erlang_b(3, 4), partial(share_given_up, rate=3, n_servers=4, patience=none)),
    Case("M/M/2+M share given up", reneging(2.2, 2, 1), partial(share_given_up, rate=2.2, n_servers=2, patience=exponential)),
    Case(
        "rest after service: M/G/1 of service + rest",
        wait_mg1(0.4, 1.5, 2 + 2 * 0.5 + 1 / 3),  # E[(S + R)^2], R uniform on (0, 1)
        partial(wait_with_rest, rate=0.4),
    ),
    Case(
        "held pad: M/G/1 of landing + unloading",
        wait_mg1(0.6, 1, 0.5 + 2 * 0.25 + 1 / 3),
        partial(wait_with_hold, rate=0.6),
    ),
    Case("batch every 15: wait 15 / 2", 7.5, partial(wait_for_gate, pool=batch(15), span=1500)),
    Case("open 8 to 16: wait 16^2 / (2 * 24)", 16**2 / (2 * DAY), partial(wait_for_gate, pool=OPEN_8_TO_16, span=5 * DAY)),
)


def measured(case: Case, run: Run, seed: int, replications: int) -> Row:
    """The row of a case, from independent replications."""
    generators = np.random.default_rng(seed).spawn(replications)
    values = np.array([case.measure(rng, run) for rng in generators])
    return Row(case.name, case.exact, float(values.mean()), float(values.std(ddof=1) / np.sqrt(replications)))


def table(engine: str = "reference") -> list[Row]:
    """Every case, measured beside exact."""
    return [measured(case, partial(run, engine=engine), 1, REPLICATIONS) for case in CASES]


def differs(case: Case, run: Run, replications: int = REPLICATIONS) -> bool:
    """Whether theory and engine differ, in a first measurement and in a fresh one four times as long."""
    row = measured(case, run, 1, replications)
    print(f"\n{row}", end="")
    return abs(row.t) > MAX_T and abs(measured(case, run, 2, 4 * replications).t) > MAX_T


@pytest.fixture(params=[slow(engine) if engine == "reference" else engine for engine in ENGINES])
def engine(request: pytest.FixtureRequest) -> Run:
    return partial(run, engine=request.param)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_measured_agrees_with_exact(case: Case, engine: Run) -> None:
    assert not differs(case, engine)


@pytest.mark.parametrize(
    "wrong",
    [
        Case("M/D/1 taken for M/M/1", 0.7 / (1 - 0.7), partial(mean_wait, rate=0.7, service=constant)),
        Case("a batch every 15 taken for every 16", 8, partial(wait_for_gate, pool=batch(15), span=1500)),
        Case("5 servers taken for 4", erlang_b(3, 4), partial(share_given_up, rate=3, n_servers=5, patience=none)),
    ],
    ids=lambda case: case.name,
)
def test_a_wrong_theory_is_noticed(wrong: Case) -> None:
    assert differs(wrong, run, replications=6)


# Exact identities: no chance in them


def test_a_saturated_corridor_hands_out_3600_over_headway_slots_an_hour(engine: Run) -> None:
    headway_s, n = 45.0, 400
    timeline = engine(one_pool(np.zeros(n), np.zeros(n), servers(1), cooldown=headway_s))
    slots = np.sort(timeline.start_s[:, 0])
    assert slots.tolist() == [headway_s * k for k in range(n)]
    assert np.bincount((slots // 3600).astype(int)).tolist() == [3600 / headway_s] * 5


def crossing(rng: np.random.Generator) -> Plan:
    """Flights through two desks and a pad, some of them impatient."""
    at_s = arrivals(rng, 1.5)
    n = len(at_s)
    priority = rng.integers(0, 2, n).tolist()
    return plan_of(
        At("desk", pool="desk", service=exponential(rng, n).tolist(), not_before=at_s.tolist(), priority=priority),
        At("land", after="desk", pool="pad", service=(exponential(rng, n) / 2).tolist(), patience=[inf, 1.0] * (n // 2)),
        n=n,
        pools={"desk": servers(2), "pad": servers(1)},
    )


def integral_of_number(from_s: Floats, to_s: Floats) -> float:
    """The integral over time of how many are between their two instants, walked from event to event."""
    instants = np.concatenate([from_s, to_s])
    changes = np.concatenate([np.ones(len(from_s)), -np.ones(len(to_s))])
    order = np.argsort(instants, kind="stable")
    number = np.cumsum(changes[order])
    return float(np.sum(number[:-1] * np.diff(instants[order])))


@pytest.mark.parametrize("stage", [0, 1])
def test_littles_law(stage: int, engine: Run) -> None:
    """L = lambda W, over the whole run: mean number in the queue, rate of entries, mean time in it (served or given up)."""
    plan = crossing(np.random.default_rng(3))
    timeline = engine(plan)
    audit(plan, timeline)
    entered = timeline.queued_s[:, stage]
    left = np.fmin(timeline.start_s[:, stage], timeline.end_s[:, stage])
    span = left.max() - entered.min()
    mean_number = integral_of_number(entered, left) / span
    rate, mean_time = len(entered) / span, (left - entered).mean()
    assert mean_time > 0.1
    assert mean_number == pytest.approx(rate * mean_time, rel=1e-9)


@pytest.mark.parametrize("stage", [0, 1])
def test_utilisation_law(stage: int, engine: Run) -> None:
    """U = X S: busy servers in the mean = throughput times the mean service time *of the plan*; never above the capacity."""
    plan = crossing(np.random.default_rng(4))
    timeline = engine(plan)
    served = timeline.done()[:, stage]
    start, end = timeline.start_s[served, stage], timeline.end_s[served, stage]
    span = end.max() - start.min()
    mean_busy = integral_of_number(start, end) / span
    assert mean_busy == pytest.approx(served.sum() / span * plan.service_s[served, stage].mean(), rel=1e-9)
    assert 0.5 < mean_busy / plan.pools[stage].calendar.capacities[0] < 1
