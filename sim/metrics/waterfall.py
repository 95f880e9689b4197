"""The waterfall: each released flight's time from order to release, split along its critical path.

The critical path is walked back from the release. At each stage the flight was last in service, before
that it waited in the queue, before that for the instant its schedule let it enter (`not_before_s`); the
stage had become ready when the last of those before it settled, and there the walk goes on (of several,
the lowest stage number). A skipped stage takes no time. A stage given up took the time in its queue; one
given up by its deadline before the flight entered it took none of its own: that time belongs to what
the flight was still busy with. The parts are differences of adjoining instants, so they add up to
release - order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.graph import predecessors
from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.ground.time_units import MINUTE_S
from sim.metrics.accounts import ACCOUNTS, SCHEDULE, account_of_stage, accounts_of
from sim.metrics.breakdown import join_part
from sim.metrics.cached import cached_per_observation
from sim.metrics.derived import stage_completion
from sim.model.metric import Metric
from sim.model.observation import Observation
from sim.model.stage import Mark, Stage

KINDS: tuple[str, ...] = ("wait", "service", "schedule")
KIND_LABELS: dict[str, Text] = {
    "wait": Text("waiting", "輪候", "等候"),
    "service": Text("service", "處理", "办理"),
    SCHEDULE: Text("waiting by schedule", "按時間表等候", "按时间表等候"),
}
_DONE = -1


@dataclass(frozen=True)
class WaterfallTable:
    """The parts of r measured, released flights.

    flight: shape (r,), int, flight numbers · stages: of the plan, s of them · seconds: shape (r, s, 3), the
    kinds in the order of KINDS; 0 off the critical path.
    """

    flight: NDArray[np.int64]
    stages: tuple[Stage, ...]
    seconds: Floats

    @property
    def total_s(self) -> Floats:
        """Shape (r,): the sum of each flight's parts: order to release."""
        return np.asarray(self.seconds.sum(axis=(1, 2)))


def waterfall(observation: Observation) -> WaterfallTable:
    """The parts of every measured, released flight's time from order to release."""
    steps, flight = observation.plan.steps, released_flights(observation)
    seconds = np.zeros((len(flight), len(steps), len(KINDS)))
    for passage in critical_paths(observation):
        seconds[passage.rows, passage.stage] = passage.parts
    return WaterfallTable(flight, tuple(step.stage for step in steps), seconds)


@dataclass(frozen=True)
class Passage:
    """What a stage has of the critical paths that pass it.

    rows: of these flights · until_s, served_s, queued_s, ready_s: shape (rows,), the instants between which the flight was in
    service, in the queue, and waiting by schedule, the last first.
    """

    stage: int
    rows: NDArray[np.int64]
    until_s: Floats
    served_s: Floats
    queued_s: Floats
    ready_s: Floats

    @property
    def parts(self) -> Floats:
        """Shape (rows, 3): seconds, the kinds in the order of KINDS."""
        return np.column_stack([self.served_s - self.queued_s, self.until_s - self.served_s, self.queued_s - self.ready_s])


@cached_per_observation
def released_flights(observation: Observation) -> NDArray[np.int64]:
    """The numbers of the measured, released flights."""
    return np.flatnonzero(observation.measured & ~np.isnan(observation.released_s))


@cached_per_observation
def critical_paths(observation: Observation) -> tuple[Passage, ...]:
    """The stages on the critical paths of the measured, released flights, last first."""
    flight = released_flights(observation)
    release = observation.plan.the_marked(Mark.RELEASED)
    at_stage = np.full(len(flight), _DONE if release is None else release)
    return tuple(walk_back(observation, flight, at_stage, observation.released_s[flight]))


def walk_back(
    observation: Observation, flight: NDArray[np.int64], at_stage: NDArray[np.int64], until_s: Floats
) -> Iterator[Passage]:
    """The stages on the critical paths of those flights that lead to a stage of each, up to an instant in it; last first."""
    settled_s, steps = stage_completion(observation).settled_s, observation.plan.steps
    at_stage, cursor_s = at_stage.copy(), until_s.copy()
    for stage in reversed(stage_completion(observation).order):
        rows = np.flatnonzero(at_stage == stage)
        if not len(rows):
            continue
        passage = _passage(observation, stage, rows, flight[rows], cursor_s[rows])
        cursor_s[rows] = passage.ready_s
        before = sorted(predecessors(steps[stage]))
        at_stage[rows] = _latest(before, [settled_s[:, stage][flight[rows]] for stage in before], cursor_s[rows])
        yield passage


def _passage(
    observation: Observation, stage: int, rows: NDArray[np.int64], flight: NDArray[np.int64], until_s: Floats
) -> Passage:
    """What flights did in a stage before `until_s`."""
    timeline = observation.timeline
    floor_s = observation.flights.ordered_s[flight]
    ready_s = stage_completion(observation).ready_s[:, stage][flight] if predecessors(observation.plan.steps[stage]) else floor_s
    began_s = timeline.start_s[:, stage][flight], timeline.queued_s[:, stage][flight], ready_s
    instants_s = [until_s]
    for instant_s in began_s:
        instants_s.append(np.fmax(np.fmin(instants_s[-1], instant_s), floor_s))  # fmin: what never came (NaN) takes no time
    return Passage(stage, rows, *instants_s)


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
    steps, n = observation.plan.steps, len(released_flights(observation))
    sums = np.zeros((len(steps), len(KINDS)))
    for passage in critical_paths(observation):
        sums[passage.stage] = passage.parts.sum(axis=0)
    means = sums / n if n else np.full(sums.shape, np.nan)
    return {join_part(step.stage.key, kind): float(means[s, k]) for s, step in enumerate(steps) for k, kind in enumerate(KINDS)}


def _ledger(observation: Observation) -> dict[str, float]:
    flight, accounts = released_flights(observation), account_of_stage(observation)
    booked, by_schedule = np.zeros(len(ACCOUNTS)), 0.0
    for passage in critical_paths(observation):
        wait, service, schedule = passage.parts.T
        account = accounts[:, passage.stage][flight[passage.rows]]
        booked += np.bincount(account, weights=wait + service, minlength=len(ACCOUNTS))
        by_schedule += float(schedule.sum())
    seconds = dict(zip(ACCOUNTS, booked.tolist(), strict=True)) | {SCHEDULE: by_schedule}
    known = (*accounts_of(observation), SCHEDULE)
    return {key: seconds[key] / len(flight) / MINUTE_S if len(flight) else np.nan for key in known}


METRICS: tuple[Metric, ...] = (
    Metric(
        key="waterfall",
        label=Text(
            "order to release, by part of the critical path", "下單至放行時間分解（關鍵路徑）", "下单至放行时间分解（关键路径）"
        ),
        unit="s",
        better="neither",
        topic="release time",
        formula=(
            "Mean time on the critical path over measured flights released; the parts add up to the mean of order to release. By "
            "stage / kind: wait (in the queue), service, schedule (not allowed to enter yet)."
        ),
        compute=_mean_parts,
    ),
    Metric(
        key="ledger",
        label=Text("whose minutes", "時間歸屬", "时间归属"),
        unit="min",
        better="neither",
        topic="release time",
        formula=(
            "The same time by the account it is booked to. By account: the sides, air, operator, shared; schedule for all waiting"
            " by schedule."
        ),
        compute=_ledger,
    ),
)
