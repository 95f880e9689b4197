"""Small scenarios for proofs, and one replication of them."""

import importlib
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import pytest

from sim.execution.replicate import Task, observe
from sim.model.draws import Draws
from sim.model.observation import Observation
from sim.model.plan import Plan
from sim.replication import Prepared, prepare
from sim.scenario.scenario import Scenario

ONE_DAY: dict[str, Any] = {
    "study.days": 1,
    "study.warm_up": "0 s",
    "study.cool_down": "12 h",
    "world.demand.flights_per_day": "40/d",
    "world.demand.notice": "4 d",
}
CELLS = ("visits", "pool", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s", "ends", "priority")


def run(scenario: Scenario, seed: int = 1, replication: int = 0) -> Observation:
    """One replication, run by the reference engine."""
    return observe(Task(scenario, seed, replication), prepare(scenario, seed, replication))


def prepared_with_draws(scenario: Scenario, patch: pytest.MonkeyPatch) -> tuple[Prepared, Draws]:
    """One replication before its clock runs, and the draws that it was made from."""
    seen: list[Draws] = []

    class Seen(Draws):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            seen.append(self)

    patch.setattr(importlib.import_module("sim.replication.prepare"), "Draws", Seen)
    prepared = prepare(scenario, 1, 0)
    return prepared, seen[-1]


def plan_digest(plan: Plan) -> str:
    """A digest of every byte of a plan's cells, of its graph and of its pools."""
    digest = blake2b(repr((plan.steps, plan.pools, plan.closing, plan.takeoff)).encode())
    for name in CELLS:
        digest.update(np.ascontiguousarray(getattr(plan, name)).tobytes())
    return digest.hexdigest()


def same(one: Any, other: Any) -> bool:
    """Equal to the byte, at any depth of containers."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
