"""Measures in the shape of a time release study (World Customs Organization): by step, channel, tier and side.

A time release study covers goods that were released; so do these measures, other than the delays.
"""

from collections.abc import Callable, Mapping

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text
from sim.ground.time_units import MINUTE_S
from sim.ground.tolerance import beyond
from sim.metrics.accounts import ACCOUNTS, account_of_stage
from sim.metrics.breakdown import TOTAL, join_part, split_part
from sim.metrics.cached import cached_per_observation
from sim.metrics.groups import apart, channels, destinations, tiers
from sim.metrics.quantiles import RELEASE_TIME_QUANTILES, mean
from sim.model.fact_catalogue import BLOCK_S, FILED_S
from sim.model.metric import Distribution, Metric, Quantiles
from sim.model.observation import Observation
from sim.model.phrase import LONGER_OR_SHORTER, Phrase
from sim.model.stage import Mark, Step

CUSTOMS_STEPS: tuple[Step, ...] = ("interface", "screening", "documents", "inspection", "quarantine", "passengers", "release")
Lapse = Callable[[Observation], Floats]
Groups = Callable[[Observation], Mapping[str, Bools]]


def _counted(observation: Observation) -> Bools:
    """Shape (n,): measured and released."""
    return observation.measured & ~np.isnan(observation.released_s)


def lodged_s(observation: Observation) -> Floats:
    """Shape (n,): the instant at which the file was ready; under a periodic declaration, at which it was due."""
    ready_s, facts = observation.end_of_marked(Mark.FILED), observation.facts
    return np.where(np.isnan(ready_s), facts.get(FILED_S, observation.flights.ordered_s), ready_s)


def file_to_release_s(observation: Observation) -> Floats:
    """Shape (n,): since the file was lodged.

    NaN where not released, of passenger flights, or released before the file was ready (inspected in full instead).
    """
    return not_negative(np.where(observation.flights.cabin, np.nan, observation.released_s - lodged_s(observation)))


def not_negative(lapse_s: Floats) -> Floats:
    """The same with NaN for what is below 0."""
    return np.where(lapse_s >= 0, lapse_s, np.nan)


def arrival_to_release_s(observation: Observation) -> Floats:
    """Shape (n,), NaN where not released or not landed: since the aircraft stood on the pad."""
    return observation.released_s - observation.end_of_marked(Mark.LANDED)


def mean_of_those(lapse_s: Floats) -> float:
    """The mean of those that are not NaN (shape (k,)); NaN where there are none."""
    return mean(lapse_s[~np.isnan(lapse_s)])


def _overall(lapse: Lapse) -> Callable[[Observation], dict[str, float]]:
    return lambda observation: {"mean": mean_of_those(lapse(observation)[_counted(observation)])}


def _by(lapse: Lapse, groups: Groups) -> Callable[[Observation], dict[str, float]]:
    def compute(observation: Observation) -> dict[str, float]:
        lapse_s, counted = lapse(observation), _counted(observation)
        by_group = {key: lapse_s[counted & members] for key, members in groups(observation).items()}
        return {join_part(key, "mean"): mean_of_those(lapses_s) for key, lapses_s in by_group.items()}

    return compute


def _minutes_by_step(observation: Observation) -> dict[str, float]:
    """Minutes per released flight by step, account and kind, counted up to the release."""
    released = np.flatnonzero(_counted(observation))
    until = observation.released_s[released]
    accounts = account_of_stage(observation)
    sums: dict[str, float] = {}
    for s, step in enumerate(observation.plan.steps):
        spent = _spent_s(observation, s, released, until)
        used = np.flatnonzero(np.bincount(accounts[:, s]))
        for account in used:
            booked = accounts[:, s][released] == account if len(used) > 1 else slice(None)
            for kind, seconds in spent.items():
                part = join_part(step.stage.step, ACCOUNTS[account], kind)
                sums[part] = sums.get(part, 0.0) + float(seconds[booked].sum())
    return {part: total / MINUTE_S / len(released) if len(released) else np.nan for part, total in sums.items()}


def _spent_s(observation: Observation, stage: int, flights: np.ndarray, until_s: Floats) -> dict[str, Floats]:
    """Shape (flights,): seconds before `until_s` in the queue and in the service of a stage."""
    timeline = observation.timeline
    instants = [grid[:, stage][flights] for grid in (timeline.queued_s, timeline.start_s, timeline.end_s)]
    entered, served = (~np.isnan(instants_s) for instants_s in instants[:2])
    if not entered.any():
        return dict.fromkeys(("wait", "service"), np.zeros(len(flights)))
    queued, start, end = (np.fmin(instants_s, until_s) for instants_s in instants)
    left_queue = np.where(served, start, end)
    return {"wait": np.where(entered, left_queue - queued, 0.0), "service": np.where(served, end - start, 0.0)}


@cached_per_observation
def customs_time_s(observation: Observation) -> Floats:
    """Shape (n,), seconds: how long, before its release, the flight stood with customs; NaN if not released.

    The measure of the union of the intervals from entry to end of all stages of CUSTOMS_STEPS, on both
    sides: steps that run at the same time count once, and time between them does not count.
    """
    customs = [s for s, step in enumerate(observation.plan.steps) if step.stage.step in CUSTOMS_STEPS]
    left = np.fmin(observation.timeline.end_s[:, customs], observation.released_s[:, None])
    spent_s = union_s(observation.timeline.queued_s[:, customs], left)
    return np.where(np.isnan(observation.released_s), np.nan, spent_s)


def union_s(entered_s: Floats, left_s: Floats) -> Floats:
    """Shape (n,): the measure of the union of k intervals of each row, shape (n, k); entered NaN: no interval."""
    passed = ~np.isnan(entered_s)
    anywhere = passed.any(axis=0)
    passed, entered_s, left_s = passed[:, anywhere], entered_s[:, anywhere], left_s[:, anywhere]
    entered, left = np.where(passed, entered_s, np.inf), np.where(passed, left_s, -np.inf)
    in_time = np.argsort(entered, axis=1)
    entered, left = np.take_along_axis(entered, in_time, axis=1), np.take_along_axis(left, in_time, axis=1)
    reached = np.maximum.accumulate(left, axis=1)
    before = np.column_stack([np.full(len(left), -np.inf), reached[:, :-1]])
    return np.asarray(np.maximum(left - np.maximum(entered, before), 0.0).sum(axis=1))


def _customs_time_by_channel(observation: Observation) -> dict[str, float]:
    stood_s, counted = customs_time_s(observation), _counted(observation)
    return {channel: mean(stood_s[counted & members]) for channel, members in channels(observation).items()}


def _flight_time(observation: Observation) -> dict[str, float]:
    """By route: seconds from take-off to the end of the landing, mean over measured flights that landed by the horizon."""
    takeoff = observation.plan.takeoff
    if takeoff is None:
        return {}
    landed_s = observation.end_of_marked(Mark.LANDED)
    flown_s = np.where(landed_s <= observation.horizon_s, landed_s - observation.timeline.start_s[:, takeoff], np.nan)
    counted = observation.measured & ~np.isnan(flown_s)
    flights = observation.flights
    return {route.key: mean(flown_s[counted & (flights.route == i)]) for i, route in enumerate(flights.routes)}


def _outlasting_share(observation: Observation) -> float:
    if BLOCK_S not in observation.facts:
        return np.nan
    return mean(beyond(customs_time_s(observation), observation.facts[BLOCK_S])[_counted(observation)])


def _by_finest(lapse: Lapse) -> Callable[[Observation], dict[str, Floats]]:
    """By channel (empty where there are none), tier and side of destination: the lapses that there are."""

    def compute(observation: Observation) -> dict[str, Floats]:
        lapse_s, counted = lapse(observation), _counted(observation)
        groups = apart(len(lapse_s), channels(observation), tiers(observation), destinations(observation))
        of_group = {part: lapse_s[counted & members] for part, members in groups.items()}
        return {part: lapses_s[~np.isnan(lapses_s)] for part, lapses_s in of_group.items()}

    return compute


def _field(number: int) -> Callable[[str], tuple[str, ...]]:
    """The field of that number of a part of `_by_finest`; none where it is empty."""
    return lambda part: (split_part(part)[number],) if split_part(part)[number] else ()


_FILE_TO_RELEASE = Phrase(
    Text("filing to release takes {n} on average{where}", "{where}由申報至放行平均需時 {n}", "{where}由申报至放行平均用时 {n}"),
    LONGER_OR_SHORTER,
    quantile=Text(
        "{share} are released within {n} of filing{where}",
        "{where}{share}於申報後 {n} 內放行",
        "{where}{share}在申报后 {n} 内放行",
    ),
)
_ARRIVAL_TO_RELEASE = Phrase(
    Text("landing to release takes {n} on average{where}", "{where}由抵達至放行平均需時 {n}", "{where}由抵达至放行平均用时 {n}"),
    LONGER_OR_SHORTER,
    quantile=Text(
        "{share} are released within {n} of landing{where}",
        "{where}{share}於抵達後 {n} 內放行",
        "{where}{share}在抵达后 {n} 内放行",
    ),
)
_CLOCKS: tuple[tuple[str, Text, str, Lapse, Phrase], ...] = (
    (
        "file_to_release",
        Text("filing to release", "申報至放行時間", "申报至放行时间"),
        "Release - end of the preparation of the file (its due instant, under a periodic declaration; cargo only)",
        file_to_release_s,
        _FILE_TO_RELEASE,
    ),
    (
        "arrival_to_release",
        Text("arrival to release", "抵達至放行時間", "抵达至放行时间"),
        "Release - end of the landing",
        arrival_to_release_s,
        _ARRIVAL_TO_RELEASE,
    ),
)
_GROUPINGS: tuple[tuple[str, Text, str, Groups], ...] = (
    ("channel", Text("channel", "處理方式", "处置方式"), "channel of the flight's worst consignment at either side", channels),
    ("tier", Text("operator tier", "營運商級別", "运营人级别"), "tier (aeo: authorised economic operator; other)", tiers),
    ("destination", Text("side of destination", "入境方", "进境方"), "side of destination", destinations),
)
_TIMES = {
    key: Distribution(
        key=key,
        label=label,
        formula=f"{formula}, of each measured flight released. By channel / tier / side of destination.",
        compute=_by_finest(lapse),
    )
    for key, label, formula, lapse, _ in _CLOCKS
}
_BY_LABEL = Text("{what}, by {group}", "{what}（按{group}）", "{what}（按{group}）")
_OVERALL = tuple(
    Metric(
        key=key,
        label=label,
        unit="s",
        better="neither",
        topic="release time",
        formula=f"{formula}, over measured flights released. By statistic: mean, quantiles of all replications.",
        compute=_overall(lapse),
        quantiles=Quantiles(_TIMES[key], RELEASE_TIME_QUANTILES, lambda part: (TOTAL,)),
        phrase=phrase,
    )
    for key, label, formula, lapse, phrase in _CLOCKS
)
_GROUPED = tuple(
    Metric(
        key=f"{key}_by_{group}",
        label=_BY_LABEL.fill(what=label, group=group_label),
        unit="s",
        better="neither",
        topic="release time",
        formula=f"{formula}, over measured flights released. By {meaning} / statistic: mean, quantiles of all replications.",
        compute=_by(lapse, groups),
        quantiles=Quantiles(_TIMES[key], RELEASE_TIME_QUANTILES, _field(number)),
        phrase=phrase,
    )
    for key, label, formula, lapse, phrase in _CLOCKS
    for number, (group, group_label, meaning, groups) in enumerate(_GROUPINGS)
)
METRICS: tuple[Metric, ...] = (
    *_OVERALL,
    *_GROUPED,
    Metric(
        key="flight_time",
        label=Text("take-off to landing", "起飛至降落時間", "起飞至降落时间"),
        unit="s",
        better="neither",
        topic="release time",
        formula="End of the landing - take-off, holding for a pad included, mean over measured flights that landed. By route.",
        compute=_flight_time,
    ),
    Metric(
        key="customs_time_by_channel",
        label=Text("time with the authorities, by channel", "受當局處理時間（按處理方式）", "受当局处理时间（按处置方式）"),
        unit="s",
        better="neither",
        topic="release time",
        formula=(
            "Mean time that measured flights released stood with customs, immigration or quarantine, defined as for the share "
            "that outlasts the flight. By channel of the flight's worst consignment at either side."
        ),
        compute=_customs_time_by_channel,
    ),
    Metric(
        key="time_by_step",
        label=Text("time by step and side", "各環節各方用時", "各环节各方用时"),
        unit="min",
        better="neither",
        topic="release time",
        formula=(
            "Time in the queue (wait) and in service up to the release, summed over the stages of the step, per measured flight "
            "released; stages that run side by side all count. By step / account / kind."
        ),
        compute=_minutes_by_step,
    ),
    Metric(
        key="clearance_outlasts_flight_share",
        label=Text(
            "share of flights whose clearance outlasts the flight",
            "清關時間長於飛行時間的航班比例",
            "通关时间长于飞行时间的航班比例",
        ),
        unit="share",
        better="neither",
        topic="release time",
        formula=(
            "Measured flights released that stood with customs longer than their block time (overhead, climb and descent, "
            "distance / cruise speed) / measured flights released. With "
            "customs: from entry to end of any stage of the steps interface, screening, documents, inspection, quarantine, "
            "passenger checks or release, on either side, before the release; what overlaps counts once."
        ),
        compute=_outlasting_share,
    ),
)
