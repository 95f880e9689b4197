"""Plans made by chance: small, and full of ties, so that every rule about one instant is met often."""

from math import inf
from typing import Any

import numpy as np

from sim.model.outcome import Outcome
from sim.model.plan import Plan, Pool
from sim.model.timeline import Timeline
from tests.engine.plans import At, batch, plan_of, servers

MANY = 1000


def random_plan(rng: np.random.Generator, max_flights: int = 9, max_stages: int = 8) -> Plan:
    """A plan with any mixture of the words of docs/reference/engine.md; times are whole multiples of one tick."""
    n, n_stages = int(rng.integers(1, max_flights + 1)), int(rng.integers(1, max_stages + 1))
    tick, span = float(rng.choice([1.0, 60.0, 0.1])), int(rng.choice([4, 12, 40]))
    pools = {f"p{number}": _random_pool(rng, tick, span) for number in range(rng.integers(0, 4))}
    before = _random_graph(rng, n_stages)
    stages = [_random_stage(rng, s, before, list(pools), n, tick, span) for s in range(n_stages)]
    return plan_of(*(stages[s] for s in rng.permutation(n_stages)), n=n, pools=pools)


def _random_graph(rng: np.random.Generator, n_stages: int) -> list[dict[str, list[int]]]:
    """For each stage the earlier ones it names, by how it names them: chains, forks, joins, conditions."""
    width = rng.choice([1, 2, 3])
    graph = []
    for s in range(n_stages):
        named = {
            "after": rng.choice(s, size=min(s, rng.integers(0, width + 1)), replace=False).tolist() if s else [],
            "if_given_up": [],
            "unless_given_up": [],
        }
        for condition in ("if_given_up", "unless_given_up"):
            if s and rng.random() < (0.5 if named["if_given_up"] else 0.25):  # often both
                named[condition] = rng.choice(s, size=min(s, rng.integers(1, 3)), replace=False).tolist()
        graph.append(named)
    return graph


def _random_pool(rng: np.random.Generator, tick: float, span: int) -> Pool:
    times = np.sort(rng.choice(span + 1, size=min(rng.integers(1, 6), span + 1), replace=False)) * tick
    capacity = MANY if rng.random() < 0.2 else 3
    capacities = rng.integers(0, capacity, size=len(times), endpoint=True)
    if rng.random() < 0.85:
        capacities[-1] = max(1, capacities[-1])  # most pools are open at last
    if rng.random() < 0.4:
        times, capacities = times[:1], np.array([rng.integers(1, 3)])
    calendar = list(zip(times.tolist(), capacities.tolist(), strict=True))
    if rng.random() < 0.3:
        cycle = float(rng.integers(1, 12)) * tick if rng.random() < 0.5 else 0.0
        return batch(float(rng.integers(1, 7)) * tick, float(rng.integers(-3, 4)) * tick, *calendar, cycle=cycle)
    return servers(*calendar)


def _random_stage(
    rng: np.random.Generator, s: int, graph: list[dict[str, list[int]]], pools: list[str], n: int, tick: float, span: int
) -> At:
    def ticks(low: int, high: int, else_inf: float = 0.0) -> Any:
        """Whole ticks for every flight; with some chance all of them, or each of them, is inf."""
        values = rng.integers(low, high, size=n, endpoint=True) * tick
        all_inf = rng.random() < else_inf
        return [inf if all_inf or rng.random() < else_inf / 2 else value for value in values.tolist()]

    def named(numbers: list[int]) -> str:
        return " ".join(f"s{number}" for number in numbers)

    pool = [str(rng.choice(pools)) for _ in range(n)] if pools and rng.random() < 0.7 else None
    if pool and rng.random() < 0.7:
        pool = [pool[0]] * n
    later = _descendants(graph, s)
    fallbacks = {number for named in graph for number in named["if_given_up"]}
    later = [number for number in later if number in fallbacks] or later  # a stage that may settle early, if there is one
    return At(
        f"s{s}",
        **{how: named(numbers) for how, numbers in graph[s].items()},
        pool=pool,
        service=0.0 if rng.random() < 0.25 else ticks(0, 6),
        hold_until=f"s{rng.choice(later)}" if later and rng.random() < 0.4 else "",
        cooldown=0.0 if rng.random() < 0.6 else ticks(0, 4),
        not_before=0.0 if rng.random() < 0.4 else ticks(0, span // 2),
        patience=ticks(0, 6, else_inf=0.6),
        deadline=ticks(0, span, else_inf=0.4 if s in fallbacks else 0.7),
        ends=[int(rng.integers(2, 5)) if rng.random() < 0.06 else 0 for _ in range(n)],
        priority=rng.integers(0, 2, size=n).tolist(),
        visits=(rng.random(n) < (1.0 if rng.random() < 0.5 else 0.7)).tolist(),
        on_give_up=Outcome(rng.choice([Outcome.CANCELLED, Outcome.LOST])),
    )


def _descendants(graph: list[dict[str, list[int]]], s: int) -> list[int]:
    found = {s}
    for later in range(s + 1, len(graph)):
        if any(found.intersection(numbers) for numbers in graph[later].values()):
            found.add(later)
    return sorted(found - {s})


def same(one: Timeline, other: Timeline) -> bool:
    """Bit for bit."""
    names = ("queued_s", "start_s", "end_s", "outcome", "ended_s")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in names)
