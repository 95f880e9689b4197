"""When stages settled and when servers were left, from a plan and its timeline.

Derived from the recorded instants only; no engine is asked.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine.graph import predecessors
from sim.engine.instants import clock_start_s
from sim.ground.arrays import Bools, Floats
from sim.ground.topological_order import topological_order
from sim.model.plan import NO_POOL, Plan
from sim.model.timeline import Timeline


@dataclass(frozen=True)
class StageCompletion:
    """When the stages of each flight settled; arrays of shape (n, s), absolute seconds, inf for never.

    ready_s: all that the stage waits for has settled · wanted: the flight visits the stage as far as that is decided ·
    settled_s: ended, given up, or skipped · limit_s, shape (n,): when the flight ended · order: the
    stage numbers, each after all that it waits for.
    """

    ready_s: Floats
    wanted: Bools
    settled_s: Floats
    limit_s: Floats
    order: tuple[int, ...]

    @staticmethod
    def of(plan: Plan, timeline: Timeline) -> "StageCompletion":
        """The settling of every stage, computed along the stage graph."""
        start_s, limit_s = clock_start_s(plan), np.where(np.isnan(timeline.ended_s), np.inf, timeline.ended_s)
        shape = plan.visits.shape
        ready_s, settled_s = np.full(shape, start_s, order="F"), np.empty(shape, order="F")
        wanted, given_up = plan.visits.copy(), timeline.given_up()
        for s in (order := topological_order([predecessors(step) for step in plan.steps])):
            step = plan.steps[s]
            for before in (*step.after, *step.if_given_up, *step.unless_given_up):
                np.maximum(ready_s[:, s], settled_s[:, before], out=ready_s[:, s])
            if step.if_given_up:
                wanted[:, s] &= given_up[:, step.if_given_up].any(axis=1)
            if step.unless_given_up:
                wanted[:, s] &= ~given_up[:, step.unless_given_up].any(axis=1)
            skipped_s = np.where(ready_s[:, s] <= limit_s, ready_s[:, s], np.inf)
            settled_s[:, s] = np.fmin(np.where(wanted[:, s], timeline.end_s[:, s], skipped_s), np.inf)  # NaN: never
        return StageCompletion(ready_s, wanted, settled_s, limit_s, order)

    def decided_s(self, plan: Plan) -> Floats:
        """Shape (n, s): when the condition of each stage is decided; the start of the clock where it has none."""
        decided_s = np.full(plan.visits.shape, clock_start_s(plan), order="F")
        for s, step in enumerate(plan.steps):
            for g in (*step.if_given_up, *step.unless_given_up):
                np.maximum(decided_s[:, s], self.settled_s[:, g], out=decided_s[:, s])
        return decided_s


def left_s(plan: Plan, timeline: Timeline, completion: StageCompletion | None = None) -> Floats:
    """Shape (n, s), absolute seconds: when the flight left its server of the stage's pool.

    The later of the settling of the stage and of its `hold_until`, or the end of the flight; inf while
    it is still held, NaN where no server was taken. The server is free `cooldown_s` later.
    """
    completion = completion or StageCompletion.of(plan, timeline)
    left = np.full(plan.visits.shape, np.nan, order="F")
    for s, step in enumerate(plan.steps):
        served = plan.visits[:, s] & (plan.pool[:, s] != NO_POOL) & ~np.isnan(timeline.start_s[:, s])
        if served.any():
            until_s = completion.settled_s[:, s]
            if step.hold_until is not None:
                until_s = np.maximum(until_s, completion.settled_s[:, step.hold_until])
            left[served, s] = np.minimum(until_s, completion.limit_s)[served]
    return left
