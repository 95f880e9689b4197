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
    steps, flight = observation.plan.steps, _released(observation)
    seconds = np.zeros((len(flight), len(steps), len(KINDS)))
    for passage in _passages(observation):
        seconds[passage.rows, passage.stage] = passage.parts
    return WaterfallTable(flight, tuple(step.stage for step in steps), seconds)


@dataclass(frozen=True)
class _Passage:
    """What a stage has of the critical paths that pass it: the rows of these flights, and their parts, shape (rows, 3)."""

    stage: int
    rows: NDArray[np.int64]
    parts: Floats


@cached_per_observation
def _released(observation: Observation) -> NDArray[np.int64]:
    """The numbers of the measured, released flights."""
    return np.flatnonzero(observation.measured & ~np.isnan(observation.released_s))


@cached_per_observation
def _passages(observation: Observation) -> tuple[_Passage, ...]:
    """The stages on critical paths, last first."""
    return tuple(_walk_back(observation, _released(observation)))


def _walk_back(observation: Observation, flight: NDArray[np.int64]) -> Iterator[_Passage]:
    settled_s, steps = stage_completion(observation).settled_s, observation.plan.steps
    release = observation.plan.the_marked(Mark.RELEASED)
    at_stage = np.full(len(flight), _DONE if release is None else release)
    cursor_s = observation.released_s[flight]
    for stage in reversed(stage_completion(observation).order):
        rows = np.flatnonzero(at_stage == stage)
        if not len(rows):
            continue
        parts, cursor_s[rows] = _split(observation, stage, flight[rows], cursor_s[rows])
        before = sorted(predecessors(steps[stage]))
        at_stage[rows] = _latest(before, [settled_s[:, stage][flight[rows]] for stage in before], cursor_s[rows])
        yield _Passage(stage, rows, parts)


def _split(observation: Observation, stage: int, flight: NDArray[np.int64], until_s: Floats) -> tuple[Floats, Floats]:
    """The parts of a stage before `until_s`, shape (rows, 3), and the instant at which they begin."""
    timeline = observation.timeline
    floor_s = observation.flights.ordered_s[flight]
    ready_s = stage_completion(observation).ready_s[:, stage][flight] if predecessors(observation.plan.steps[stage]) else floor_s
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
    steps, n = observation.plan.steps, len(_released(observation))
    sums = np.zeros((len(steps), len(KINDS)))
    for passage in _passages(observation):
        sums[passage.stage] = passage.parts.sum(axis=0)
    means = sums / n if n else np.full(sums.shape, np.nan)
    return {join_part(step.stage.key, kind): float(means[s, k]) for s, step in enumerate(steps) for k, kind in enumerate(KINDS)}


def _ledger(observation: Observation) -> dict[str, float]:
    flight, accounts = _released(observation), account_of_stage(observation)
    booked, by_schedule = np.zeros(len(ACCOUNTS)), 0.0
    for passage in _passages(observation):
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
