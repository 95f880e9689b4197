"""Racing: several ways to do the same thing, timed in turn, round after round, so that a noisy machine slows all alike."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any

LEAST_TURNS = 3
ENOUGH_S = 20.0  # who has used more than this in them is not timed again
TURN_S = 0.2  # the quick run several times in their turn

Clock = Callable[[], float]
PROCESSOR: Clock = process_time  # for what runs in this process, on one core: others who use the machine don't count
WALL: Clock = perf_counter


@dataclass
class Timed:
    """What a racer gave the first time, and how long each of its runs took."""

    result: Any = None
    times_s: list[float] = field(default_factory=list)

    @property
    def best_s(self) -> float:
        return min(self.times_s)


def race(racers: Mapping[str, Callable[[], Any]], rounds: int, clock: Clock) -> dict[str, Timed]:
    """Every racer's times, by name; each has one turn a round."""
    timed = {name: Timed() for name in racers}
    for round_number in range(rounds):
        for name, run in racers.items():
            if round_number < LEAST_TURNS or sum(timed[name].times_s) < ENOUGH_S:
                _take_turn(timed[name], run, clock)
    return timed


def _take_turn(timed: Timed, run: Callable[[], Any], clock: Clock) -> None:
    turn_s = 0.0
    while turn_s < TURN_S:
        result, seconds = stopped(run, clock)
        if not timed.times_s:
            timed.result = result
        timed.times_s.append(seconds)
        turn_s += seconds


def stopped(run: Callable[[], Any], clock: Clock) -> tuple[Any, float]:
    """The result and the seconds it took; what others left behind is collected before."""
    gc.collect()
    began = clock()
    result = run()
    return result, clock() - began
