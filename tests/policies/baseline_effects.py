"""What each policy lever does to the headline measures in the shipped baseline: `python -m tests.policies.baseline_effects`.

Stress tests say what a lever is for; this says whether a reader of the shipped baseline would see it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from sim.ground.errors import InputError
from sim.scenario.parameters import written_at
from tests.policies.levers import LEVERS
from tests.policies.observed import Changes, Measure, baseline, measured, observed

HEADLINES: dict[str, tuple[Measure, float]] = {
    "released, points": (measured("released_share"), 100),
    "on time, points": (measured("on_time_share"), 100),
    "delay, min": (measured("delay_mean"), 1 / 60),
    "order to release, min": (measured("order_to_release_mean"), 1 / 60),
    "officer hours/1000": (measured("officer_hours"), 1),
    "examined": (measured("consignments_examined"), 1),
}
SAME, UNCLEAR = "0", "~"


@dataclass(frozen=True)
class Effect:
    """What the headline measures do when `path` takes `value`: each SAME, UNCLEAR or the mean paired difference."""

    path: str
    value: Any
    moved: dict[str, str]
    refused: str = ""


def baseline_effects(replications: int = 20) -> list[Effect]:
    """For each value of each policy parameter that the stress cases name and the baseline has not: its effects."""
    return [_effect(path, value, replications) for path, value in _values()]


def _values() -> Iterator[tuple[str, Any]]:
    seen = set()
    for lever in LEVERS:
        for value in (lever.before, lever.after):
            key = lever.path, json.dumps(value)
            if key not in seen and not _is_baseline(lever.path, value):
                seen.add(key)
                yield lever.path, value


def _is_baseline(path: str, value: Any) -> bool:
    return (
        bool(written_at(observed({path: value}, 0).scenario, path) == written_at(baseline(), path))
        if _valid({path: value})
        else False
    )


def _valid(changes: Changes) -> bool:
    try:
        observed(changes, 0)
    except InputError:
        return False
    return True


def _effect(path: str, value: Any, replications: int) -> Effect:
    try:
        pairs = [(observed({}, k), observed({path: value}, k)) for k in range(replications)]
    except InputError as error:
        return Effect(path, value, {}, error.problems[0].message.en)
    moved = {
        name: _in_words(np.array([measure(after) - measure(before) for before, after in pairs]) * scale)
        for name, (measure, scale) in HEADLINES.items()
    }
    return Effect(path, value, moved)


def _in_words(difference: np.ndarray) -> str:
    if not np.any(difference):
        return SAME
    half_width = student.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    mean = float(np.mean(difference))
    return f"{mean:+.2g}" if abs(mean) > half_width else f"{UNCLEAR}{mean:+.1g}"


if __name__ == "__main__":
    print("| lever | value | " + " | ".join(HEADLINES) + " |")
    for effect in baseline_effects():
        cells = [effect.refused] if effect.refused else list(effect.moved.values())
        print(f"| {effect.path.removeprefix('policy.')} | {json.dumps(effect.value)} | " + " | ".join(cells) + " |", flush=True)
