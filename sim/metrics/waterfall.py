"""The waterfall: each released flight's time from order to release, split along its critical path.

The critical path is walked back from the release. At each stage the flight was last in service, before
that it waited in the queue, before that for the instant its schedule let it enter (`not_before_s`); the
stage had become ready when the last of those before it settled, and there the walk goes on (of several,
the lowest stage number). A skipped stage takes no time. A stage given up took the time in its queue; one
given up by its deadline before the flight entered it took none of its own: that time belongs to what
the flight was still busy with. The parts are differences of adjoining instants, so they add up to
release - order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from sim.engine.graph import predecessors
from sim.ground.text import Text
from sim.metrics.parts import join_part
from sim.metrics.remembered import remembered
from sim.metrics.settling import settling
from sim.metrics.whose import SCHEDULE, WHOSE, Accounts, accounts_of, whose
from sim.nouns.flights import Floats
from sim.nouns.metric import Metric
from sim.nouns.observation import RELEASE_KEY, Observation
from sim.nouns.stage import Stage

KINDS: tuple[str, ...] = ("wait", "service", "schedule")
KIND_LABELS: dict[str, Text] = {
    "wait": Text("waiting", "輪候", "等候"),
    "service": Text("service", "處理", "办理"),
    SCHEDULE: Text("waiting by schedule", "按時間表等候", "按时间表等候"),
}
MINUTE_S = 60.0
_DONE = -1


@dataclass(frozen=True)
class WaterfallTable:
    """The parts of r measured, released flights.

    flight: shape (r,), int, flight numbers · stages: of the plan, s of them · seconds: shape (r, s, 3), the
    kinds in the order of KINDS; 0 off the critical path · whose: shape (r, s), int8, number in WHOSE.
    """

    flight: NDArray[np.int64]
    stages: tuple[Stage, ...]
    seconds: Floats
    whose: Accounts

    @property
    def total_s(self) -> Floats:
        """Shape (r,): the sum of each flight's parts: order to release."""
        return np.asarray(self.seconds.sum(axis=(1, 2)))

    def kind_s(self, kind: str) -> Floats:
        """Shape (r, s): seconds of one kind."""
        return np.asarray(self.seconds[:, :, KINDS.index(kind)])

    def account_s(self, accounts: Iterable[str] = WHOSE) -> dict[str, Floats]:
        """By account (of WHOSE, then "schedule"): seconds, shape (r,)."""
        worked = self.kind_s("wait") + self.kind_s("service")
        booked = {key: np.where(self.whose == WHOSE.index(key), worked, 0.0).sum(axis=1) for key in accounts}
        return {**booked, SCHEDULE: self.kind_s(SCHEDULE).sum(axis=1)}


@remembered
def waterfall(observation: Observation) -> WaterfallTable:
    """The parts of every measured, released flight's time from order to release."""
    steps = observation.plan.steps
    flight = np.flatnonzero(observation.measured & ~np.isnan(observation.released_s))
    seconds = np.zeros((len(flight), len(steps), len(KINDS)))
    for stage, rows, parts in _walk_back(observation, flight):
        seconds[rows, stage] = parts
    return WaterfallTable(flight, tuple(step.stage for step in steps), seconds, whose(observation)[flight])


def _walk_back(observation: Observation, flight: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64], Floats]]:
    """Stage by stage, last first: its number, the rows that pass it, and their parts, shape (rows, 3)."""
    settled_s, steps = settling(observation).settled_s, observation.plan.steps
    order = TopologicalSorter({s: predecessors(step) for s, step in enumerate(steps)}).static_order()
    release = observation.plan.stage_number(RELEASE_KEY)
    at_stage = np.full(len(flight), _DONE if release is None else release)
    cursor_s = observation.released_s[flight]
    for stage in reversed(tuple(order)):
        rows = np.flatnonzero(at_stage == stage)
        if not len(rows):
            continue
        parts, cursor_s[rows] = _split(observation, stage, flight[rows], cursor_s[rows])
        before = sorted(predecessors(steps[stage]))
        at_stage[rows] = _latest(before, [settled_s[:, stage][flight[rows]] for stage in before], cursor_s[rows])
        yield stage, rows, parts


def _split(observation: Observation, stage: int, flight: NDArray[np.int64], until_s: Floats) -> tuple[Floats, Floats]:
    """The parts of a stage before `until_s`, shape (rows, 3), and the instant at which they begin."""
    timeline = observation.timeline
    floor_s = observation.flights.ordered_s[flight]
    ready_s = settling(observation).ready_s[:, stage][flight] if predecessors(observation.plan.steps[stage]) else floor_s
    began_s = timeline.start_s[:, stage][flight], timeline.queued_s[:, stage][flight], ready_s
    cursor_s, spent = until_s, []
    for instant_s in began_s:
        earlier_s = np.fmax(np.fmin(cursor_s, instant_s), floor_s)  # fmin: what never came (NaN) takes no time
        spent.append(cursor_s - earlier_s)
        cursor_s = earlier_s
    service, wait, schedule = spent
    return np.column_stack([wait, service, schedule]), cursor_s


def _latest(before: Sequence[int], settled_s: Sequence[Floats], cursor_s: Floats) -> NDArray[np.int64]:
    """Shape (rows,): of the stages before, the one that settled last, not counting after the cursor."""
    latest = np.full(len(cursor_s), _DONE)
    latest_s = np.full(len(cursor_s), -np.inf)
    for stage, stage_s in zip(before, settled_s, strict=True):
        instant_s = np.fmin(stage_s, cursor_s)
        later = instant_s > latest_s
        latest, latest_s = np.where(later, stage, latest), np.where(later, instant_s, latest_s)
    return latest


def _mean_parts(observation: Observation) -> dict[str, float]:
    table = waterfall(observation)
    means = table.seconds.mean(axis=0) if len(table.flight) else np.full(table.seconds.shape[1:], np.nan)
    return {
        join_part(stage.key, kind): float(means[s, k]) for s, stage in enumerate(table.stages) for k, kind in enumerate(KINDS)
    }


def _ledger(observation: Observation) -> dict[str, float]:
    table = waterfall(observation)
    booked = table.account_s(accounts_of(observation))
    return {key: float(seconds.mean() / MINUTE_S) if len(table.flight) else np.nan for key, seconds in booked.items()}


METRICS: tuple[Metric, ...] = (
    Metric(
        "waterfall",
        Text(
            "order to release, by part of the critical path", "落單至放行時間分解（關鍵路徑）", "下单至放行时间分解（关键路径）"
        ),
        "s",
        "neither",
        "release time",
        "Mean time on the critical path over measured flights released; the parts add up to the mean of order to "
        "release. By stage / kind: wait (in the queue), service, schedule (not allowed to enter yet).",
        _mean_parts,
    ),
    Metric(
        "ledger",
        Text("whose minutes", "時間歸屬", "时间归属"),
        "min",
        "neither",
        "release time",
        "The same time by the account it is booked to. By account: the sides, air, operator, shared; schedule for "
        "all waiting by schedule.",
        _ledger,
    ),
)
