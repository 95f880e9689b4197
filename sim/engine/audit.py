"""The independent checker: whether a timeline is one that its plan allows. It asks no engine.

Every rule of docs/reference/engine.md is checked from the recorded instants alone: flight by flight here, pool
by pool in `audit_pools`. Where several things fall on one instant and their order leaves no trace in
the timeline, either result is accepted; those places are named in the code.
"""

import numpy as np

from sim.engine.audit_pools import audit_pools, entered_early
from sim.engine.stage_completion import StageCompletion
from sim.ground.arrays import Bools, Floats
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan
from sim.model.timeline import Timeline


def audit(plan: Plan, timeline: Timeline) -> None:
    """Nothing, if the timeline is what the plan means.

    Raises AssertionError that names the rule broken, the flight, the stage and the recorded instants.
    """
    _FlightAudit(plan, timeline).check()
    audit_pools(plan, timeline)


class _FlightAudit:
    """The rules that can be seen in one flight: entries, ends, conditions, give-ups, deadlines, outcomes."""

    def __init__(self, plan: Plan, timeline: Timeline) -> None:
        self.plan, self.timeline = plan, timeline
        self.queued_s, self.start_s, self.end_s = timeline.queued_s, timeline.start_s, timeline.end_s
        self.entered, self.started, self.over = (~np.isnan(cells) for cells in (self.queued_s, self.start_s, self.end_s))
        self.completion = StageCompletion.of(plan, timeline)
        self.limit_s = self.completion.limit_s[:, None]
        self.pooled = plan.pool != NO_POOL
        fallbacks = {stage for step in plan.steps for stage in step.if_given_up}
        self.ends_if_given_up = np.array([s not in fallbacks for s in range(plan.n_stages)], dtype=np.bool_)

    def check(self) -> None:
        """Every rule; those of single cells first, because the others rely on them."""
        self.check_cells()
        self.check_entries()
        self.check_services()
        self.check_give_ups()
        self.check_outcomes()
        self.check_takeoff()

    def refuse(self, wrong: Bools, rule: str) -> None:
        """Raise for the first cell, shape (n, s), in which the rule is broken."""
        for n, s in np.argwhere(wrong)[:1]:
            cells = f"queued {self.queued_s[n, s]}, start {self.start_s[n, s]}, end {self.end_s[n, s]}"
            ended = f"outcome {self.timeline.outcome[n]} at {self.timeline.ended_s[n]}"
            raise AssertionError(f"{rule}: flight {n}, stage '{self.plan.steps[s].stage.key}': {cells}; {ended}")

    def refuse_flights(self, wrong: Bools, rule: str) -> None:
        """Raise for the first flight, shape (n,), in which the rule is broken."""
        for n in np.nonzero(wrong)[0][:1]:
            raise AssertionError(f"{rule}: flight {n}: outcome {self.timeline.outcome[n]} at {self.timeline.ended_s[n]}")

    def check_cells(self) -> None:
        """Which instants may stand beside each other, and in what order."""
        visited = self.plan.visits & self.completion.wanted
        self.refuse((self.entered | self.started | self.over) & ~visited, "a skipped stage has no instants")
        self.refuse(self.started & ~self.entered, "what starts has entered")
        self.refuse(self.entered & ~self.started & ~self.pooled, "without a pool nobody waits")
        last = np.fmax(np.fmax(self.queued_s, self.start_s), self.end_s)
        self.refuse(last > self.limit_s, "nothing happens to a flight after it has ended")
        self.refuse((self.queued_s > self.start_s) | (self.queued_s > self.end_s), "nobody starts before entering")

    def check_entries(self) -> None:
        """A stage is entered at max(ready, not_before), unless its deadline is over by then."""
        due_s = np.maximum(self.completion.ready_s, self.plan.not_before_s)
        visited = self.plan.visits & self.completion.wanted
        in_time = visited & (due_s <= self.plan.deadline_s)
        self.refuse(self.entered & ~(in_time & (self.queued_s == due_s)), "a stage is entered when it is due, and in time")
        # Due at the very instant at which the flight ends: certain only if nothing that ends a flight comes before.
        early = entered_early(self.plan, self.timeline, self.completion)
        certain = (due_s < self.limit_s) | (early & (due_s == self.limit_s))
        missed = in_time & certain & ~self.entered & ~self._given_up_just_before(due_s)
        self.refuse(missed, "a stage that is due in time is entered")

    def _given_up_just_before(self, due_s: Floats) -> Bools:
        """Shape (n, s): given up at the instant of entry; another giving up, later in the order, may have brought that about."""
        n_cells = self.plan.visits.size
        key = np.arange(n_cells).reshape(self.plan.visits.shape)
        given_up = self.over & ~self.started
        instants, which = np.unique(self.end_s[given_up], return_inverse=True)
        last = np.full(len(instants) + 1, -1)
        np.maximum.at(last, which, key[given_up])
        position = np.searchsorted(instants, due_s)
        some_given_up = np.append(instants, np.nan)[position] == due_s
        brought_about: Bools = given_up & (self.end_s == due_s) & some_given_up & (last[position] > key)
        return brought_about

    def check_services(self) -> None:
        """Service runs from start to start + service_s, or is cut off by the end of the flight."""
        finish_s = self.start_s + self.plan.service_s
        self.refuse(self.started & ~self.pooled & (self.start_s != self.queued_s), "without a pool a stage starts on entry")
        self.refuse(self.started & self.over & (self.end_s != finish_s), "a stage ends service_s after its start")
        self.refuse(self.started & ~self.over & ~(finish_s > self.limit_s), "a service is cut off only by the end of the flight")

    def check_give_ups(self) -> None:
        """Who has not started by entry + patience or by the deadline gives up, at that instant."""
        plan, completion = self.plan, self.completion
        deadline_s = np.maximum(plan.deadline_s, completion.decided_s(plan))  # a conditional stage's is unread until decided
        patience_s = np.where(self.pooled, plan.patience_s, np.inf)
        give_up_s = np.where(self.entered, np.minimum(self.queued_s + patience_s, plan.deadline_s), deadline_s)
        give_up_s = np.where(plan.visits & completion.wanted, give_up_s, np.inf)
        given_up = self.over & ~self.started
        self.refuse(self.started & (self.start_s > give_up_s), "nothing starts after patience or deadline")
        self.refuse(given_up & (self.end_s != give_up_s), "a stage is given up when patience or deadline is over")
        self.refuse(~self.started & ~self.over & (give_up_s < self.limit_s), "patience and deadline are kept")

    def check_outcomes(self) -> None:
        """One outcome at one instant: the first verdict, the giving up that ends it, or completion."""
        outcome, ended_s = self.timeline.outcome, self.timeline.ended_s
        verdict = self.started & self.over & (self.plan.ends != 0)
        fatal = self.over & ~self.started & self.ends_if_given_up
        ends = verdict | fatal
        self.refuse(ends & (self.end_s != self.limit_s), "a verdict, or a giving up without a fallback, ends the flight")
        self.refuse_flights(fatal.sum(axis=1) + verdict.any(axis=1) > 1, "a flight ends once")
        on_give_up = np.array([step.on_give_up for step in self.plan.steps], dtype=np.int8)
        by_stage = np.where(verdict, self.plan.ends, on_give_up[None, :])
        complete = np.isfinite(self.completion.settled_s).all(axis=1) & ~ends.any(axis=1)
        last_s = self.completion.settled_s.max(axis=1)
        at_end = by_stage[np.arange(len(outcome)), ends.argmax(axis=1)]  # verdicts of one instant go by stage number
        expected = np.where(ends.any(axis=1), at_end, np.where(complete, Outcome.RELEASED, Outcome.IN_SYSTEM))
        self.refuse_flights(outcome != expected, "the outcome is that of the first verdict or giving up, or completion")
        self.refuse_flights(complete & (ended_s != last_s), "a flight is complete when its last stage settles")
        self.refuse_flights(np.isnan(ended_s) != (outcome == Outcome.IN_SYSTEM), "only a flight in the system has no end")

    def check_takeoff(self) -> None:
        """Once airborne, a flight ends by completing or by a closing stage."""
        plan = self.plan
        if plan.takeoff is None:
            return
        airborne_s = np.where(self.started[:, plan.takeoff], self.start_s[:, plan.takeoff], np.nan)
        ends = (self.end_s == self.limit_s) & ((self.started & (plan.ends != 0)) | (~self.started & self.ends_if_given_up))
        ends[:, list(plan.closing)] = False
        self.refuse(ends & (self.limit_s > airborne_s[:, None]), "once airborne, only a closing stage ends a flight")
