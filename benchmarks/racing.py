"""Racing: several ways to do the same thing, timed in turn, round after round, so that a noisy machine slows all alike."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

ENOUGH_S = 20.0  # who has used more than this is not timed again
TURN_S = 0.2  # the quick run several times in their turn


@dataclass
class Timed:
    """What a racer gave the first time, and how long each of its runs took."""

    result: Any = None
    times_s: list[float] = field(default_factory=list)

    @property
    def best_s(self) -> float:
        return min(self.times_s)


def race(racers: Mapping[str, Callable[[], Any]], rounds: int, enough_s: float = ENOUGH_S) -> dict[str, Timed]:
    """Every racer's times, by name; each has one turn a round."""
    timed = {name: Timed() for name in racers}
    for _ in range(rounds):
        for name, run in racers.items():
            if sum(timed[name].times_s) < enough_s:
                _take_turn(timed[name], run)
    return timed


def _take_turn(timed: Timed, run: Callable[[], Any]) -> None:
    turn_s = 0.0
    while turn_s < TURN_S:
        result, seconds = stopped(run)
        if not timed.times_s:
            timed.result = result
        timed.times_s.append(seconds)
        turn_s += seconds


def stopped(run: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the seconds it took; what others left behind is collected before."""
    gc.collect()
    began = perf_counter()
    result = run()
    return result, perf_counter() - began
