"""Measures in the shape of a time release study (World Customs Organization): by step, channel, tier and side.

A time release study covers goods that were released; so do these measures, other than the delays.
"""

from collections.abc import Callable, Mapping

import numpy as np

from sim.ground.sides import side_index
from sim.ground.text import Text
from sim.metrics.parts import join_part
from sim.metrics.quantiles import RELEASE_TIME_QUANTILES, mean, quantiles
from sim.metrics.whose import WHOSE, whose
from sim.nouns.flights import Bools, Floats
from sim.nouns.metric import Metric
from sim.nouns.observation import Observation

FILING_KEY = "prepare"
DUE_FACT = "filed_s"
ARRIVAL_KEY = "land"
BLOCK_TIME = "block_s"
MINUTE_S = 60.0
CUSTOMS_STEPS = ("interface", "screening", "documents", "inspection", "quarantine", "passengers", "release")
Lapse = Callable[[Observation], Floats]
Groups = Callable[[Observation], Mapping[str, Bools]]


def _counted(observation: Observation) -> Bools:
    """Shape (n,): measured and released."""
    return observation.measured & ~np.isnan(observation.released_s)


def _file_to_release_s(observation: Observation) -> Floats:
    """Shape (n,): since the file was ready; under a periodic declaration, since it was due.

    NaN where not released, of passenger flights, or released before the file was ready (inspected in full instead).
    """
    ready_s, facts = observation.end_of(FILING_KEY), observation.facts
    due_s = facts.get(DUE_FACT, observation.flights.ordered_s)
    lapse_s = observation.released_s - np.where(np.isnan(ready_s), due_s, ready_s)
    return np.where((lapse_s >= 0) & ~observation.flights.cabin, lapse_s, np.nan)


def _arrival_to_release_s(observation: Observation) -> Floats:
    """Shape (n,), NaN where not released or not landed: since the aircraft stood on the pad."""
    return observation.released_s - observation.end_of(ARRIVAL_KEY)


def _channels(observation: Observation) -> dict[str, Bools]:
    """By channel: the flights whose worst consignment, at either side, is on it."""
    if any(f"{colour}_{role}" not in observation.facts for colour in ("red", "amber") for role in ("origin", "destination")):
        return {}
    red, amber = (
        observation.facts[f"{colour}_origin"] | observation.facts[f"{colour}_destination"] for colour in ("red", "amber")
    )
    return {"green": ~red & ~amber, "amber": amber & ~red, "red": red}


def _tiers(observation: Observation) -> dict[str, Bools]:
    return {"aeo": observation.flights.aeo, "other": ~observation.flights.aeo}


def _destinations(observation: Observation) -> dict[str, Bools]:
    side = observation.flights.side("destination")
    return {key: side == side_index(key) for key in observation.flights.sides}


def _statistics(lapse_s: Floats) -> dict[str, float]:
    came = lapse_s[~np.isnan(lapse_s)]
    return {"mean": mean(came), **quantiles(came, RELEASE_TIME_QUANTILES)}


def _overall(lapse: Lapse) -> Callable[[Observation], dict[str, float]]:
    return lambda observation: _statistics(lapse(observation)[_counted(observation)])


def _by(lapse: Lapse, groups: Groups) -> Callable[[Observation], dict[str, float]]:
    def compute(observation: Observation) -> dict[str, float]:
        lapse_s, counted = lapse(observation), _counted(observation)
        found = {key: _statistics(lapse_s[counted & members]) for key, members in groups(observation).items()}
        return {join_part(key, name): value for key, values in found.items() for name, value in values.items()}

    return compute


def _minutes_by_step(observation: Observation) -> dict[str, float]:
    """Minutes per released flight by step, account and kind, counted up to the release."""
    released = np.flatnonzero(_counted(observation))
    until = observation.released_s[released]
    accounts = whose(observation)
    sums: dict[str, float] = {}
    for s, step in enumerate(observation.plan.steps):
        spent = _spent_s(observation, s, released, until)
        for account in np.unique(accounts[:, s]):
            booked = accounts[released, s] == account
            for kind, seconds in spent.items():
                part = join_part(step.stage.step, WHOSE[account], kind)
                sums[part] = sums.get(part, 0.0) + float(seconds[booked].sum())
    return {part: total / MINUTE_S / len(released) if len(released) else np.nan for part, total in sums.items()}


def _spent_s(observation: Observation, stage: int, flights: np.ndarray, until_s: Floats) -> dict[str, Floats]:
    """Shape (flights,): seconds before `until_s` in the queue and in the service of a stage."""
    timeline = observation.timeline
    queued, start, end = (
        np.fmin(instants[flights, stage], until_s) for instants in (timeline.queued_s, timeline.start_s, timeline.end_s)
    )
    entered, served = ~np.isnan(timeline.queued_s[flights, stage]), ~np.isnan(timeline.start_s[flights, stage])
    left_queue = np.where(served, start, end)
    return {"wait": np.where(entered, left_queue - queued, 0.0), "service": np.where(served, end - start, 0.0)}


def customs_time_s(observation: Observation) -> Floats:
    """Shape (n,), seconds: how long, before its release, the flight stood with customs; NaN if not released.

    The measure of the union of the intervals from entry to end of all stages of CUSTOMS_STEPS, on both
    sides: steps that run at the same time count once, and time between them does not count.
    """
    customs = [s for s, step in enumerate(observation.plan.steps) if step.stage.step in CUSTOMS_STEPS]
    entered, left = observation.timeline.queued_s[:, customs], observation.timeline.end_s[:, customs]
    left = np.fmin(left, observation.released_s[:, None])
    passed = ~np.isnan(entered)
    entered, left = np.where(passed, entered, np.inf), np.where(passed, left, -np.inf)
    in_time = np.argsort(entered, axis=1)
    entered, left = np.take_along_axis(entered, in_time, axis=1), np.take_along_axis(left, in_time, axis=1)
    reached = np.maximum.accumulate(left, axis=1)
    before = np.column_stack([np.full(len(left), -np.inf), reached[:, :-1]])
    new = np.maximum(left - np.maximum(entered, before), 0.0)
    return np.where(np.isnan(observation.released_s), np.nan, new.sum(axis=1))


def _outlasting_share(observation: Observation) -> float:
    if BLOCK_TIME not in observation.facts:
        return np.nan
    return mean((customs_time_s(observation) > observation.facts[BLOCK_TIME])[_counted(observation)])


_CLOCKS: tuple[tuple[str, Text, str, Lapse], ...] = (
    (
        "file_to_release",
        Text("filing to release", "申報至放行時間", "申报至放行时间"),
        "Release - end of the preparation of the file (its due instant, under a periodic declaration; cargo only)",
        _file_to_release_s,
    ),
    (
        "arrival_to_release",
        Text("arrival to release", "抵達至放行時間", "抵达至放行时间"),
        "Release - end of the landing",
        _arrival_to_release_s,
    ),
)
_GROUPINGS: tuple[tuple[str, Text, str, Groups], ...] = (
    ("channel", Text("channel", "通道", "通道"), "channel of the flight's worst consignment at either side", _channels),
    ("tier", Text("operator tier", "營運商級別", "运营商级别"), "tier (aeo: authorised economic operator; other)", _tiers),
    ("destination", Text("side of destination", "目的地方", "目的地方"), "side of destination", _destinations),
)
_BY_LABEL = Text("{what}, by {group}", "{what}（按{group}）", "{what}（按{group}）")
_OVERALL = tuple(
    Metric(
        key,
        label,
        "s",
        "neither",
        "release time",
        f"{formula}, over measured flights released. By statistic: mean and quantiles.",
        _overall(lapse),
    )
    for key, label, formula, lapse in _CLOCKS
)
_GROUPED = tuple(
    Metric(
        f"{key}_by_{group}",
        _BY_LABEL.fill(what=label, group=group_label),
        "s",
        "neither",
        "release time",
        f"{formula}, over measured flights released. By {meaning} / statistic.",
        _by(lapse, groups),
    )
    for key, label, formula, lapse in _CLOCKS
    for group, group_label, meaning, groups in _GROUPINGS
)
METRICS: tuple[Metric, ...] = (
    *_OVERALL,
    *_GROUPED,
    Metric(
        "time_by_step",
        Text("time by step and side", "各環節各方用時", "各环节各方用时"),
        "min",
        "neither",
        "release time",
        "Time in the queue (wait) and in service up to the release, summed over the stages of the step, per measured "
        "flight released; stages that run side by side all count. By step / account / kind.",
        _minutes_by_step,
    ),
    Metric(
        "clearance_outlasts_flight_share",
        Text(
            "share of flights whose clearance outlasts the flight",
            "清關時間長於飛行時間的航班比例",
            "通关时间长于飞行时间的航班比例",
        ),
        "share",
        "neither",
        "release time",
        "Measured flights released that stood with customs longer than their block time / measured flights released. "
        "With customs: from entry to end of any stage of the steps interface, screening, documents, inspection, "
        "quarantine, passenger checks or release, on either side, before the release; what overlaps counts once.",
        _outlasting_share,
    ),
)
