"""Measures: what a disruption piles up, and how it clears; and the time lost to the weather.

A flight is overdue from the instant at which its release is due until it is released or ends otherwise.
Its release is due at its planned release, put off by as much as policy put off its departure. The backlog is the
number of overdue flights, measured or not. A disruption is cleared at the first instant, not before its end, at
which the backlog is no larger than it was when the disruption began; if that does not come by the horizon,
the horizon stands in for it. How much piles up and how soon it is gone hangs on how much traffic there is, and so is
better neither way; `recovery_on_time_share` is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.ground.tolerance import at_most
from sim.metrics.cached import cached_per_observation
from sim.metrics.delay import ON_TIME_S
from sim.metrics.quantiles import mean
from sim.model.disruption import (
    DISRUPTION_LABELS,
    DISRUPTIONS,
    SLOTS,
    WEATHER_CLOSURES_S,
    WEATHER_GROUNDED_S,
    WEATHER_SAMPLED_S,
    Disruption,
    Spell,
)
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.metric import EventSize, Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.phrase import FLIGHTS_COUNTED, LONGER_OR_SHORTER, MORE_OR_FEWER, MORE_OR_LESS, Phrase
from sim.model.ratios import divided

MONTH_DAYS = 30
LOOKED_AT_FIRST = 64  # instants


@dataclass(frozen=True)
class Overdue:
    """When each flight was overdue; shape (n,) each: from `due_s` until `over_s`, inf where that never came."""

    due_s: Floats
    over_s: Floats

    def backlog(self, instants_s: Floats) -> Floats:
        """Shape of `instants_s`: flights overdue at each instant."""
        begun, ended = (np.searchsorted(times_s, instants_s, side="right") for times_s in self._begun_and_ended)
        return np.asarray(begun - ended, dtype=np.float64)

    def as_low_again_s(self, level: float, from_s: float, until_s: float) -> float:
        """The first instant from `from_s` at which the backlog is at most `level`; NaN if there is none by `until_s`."""
        first, last = np.searchsorted(self._over_rising_s, (from_s, until_s), side="right")
        instants_s = np.concatenate([[from_s], self._over_rising_s[first:last]])
        some = LOOKED_AT_FIRST  # most clear soon, and the rest need not be looked at
        while len(instants_s):
            low = self.backlog(instants_s[:some]) <= level
            if low.any():
                return float(instants_s[low.argmax()])
            instants_s, some = instants_s[some:], 2 * some
        return np.nan

    @cached_property
    def _over_rising_s(self) -> Floats:
        return np.sort(self.over_s)

    @cached_property
    def _begun_and_ended(self) -> tuple[Floats, Floats]:
        """When flights became overdue, and when they were it no longer: rising."""
        late = self.over_s > self.due_s
        return np.sort(self.due_s[late]), np.sort(self.over_s[late])


@dataclass(frozen=True)
class Recovery:
    """What one disruption did.

    peak: largest backlog from its beginning until it was cleared · clear_s: from its end until then ·
    cleared: by the horizon · delayed: flights that became overdue from its beginning until it was cleared ·
    surge: the most releases in 60 consecutive minutes that begin between its end and then.
    """

    peak: float
    clear_s: float
    cleared: float
    delayed: float
    surge: float


@cached_per_observation
def overdue(observation: Observation) -> Overdue:
    """When each flight was overdue."""
    flights = observation.flights
    target_s = observation.facts.get(DEPARTURE_TARGET_S, flights.planned_departure_s)
    due_s = flights.planned_release_s + (target_s - flights.planned_departure_s)
    over_s = np.fmin(observation.released_s, observation.timeline.ended_s)
    return Overdue(due_s, np.where(np.isnan(over_s), np.inf, over_s))


@cached_per_observation
def recoveries(observation: Observation) -> dict[str, list[Recovery]]:
    """By kind, the disruptions that begin in the window."""
    by_kind: dict[str, list[Recovery]] = {}
    for disruption in observation.facts.get(DISRUPTIONS, ()):
        if observation.window_start_s <= disruption.start_s < observation.window_end_s:
            by_kind.setdefault(disruption.kind, []).append(_recovery(observation, disruption))
    return by_kind


def _recovery(observation: Observation, disruption: Disruption) -> Recovery:
    _, start_s, end_s = disruption
    flights, horizon_s = overdue(observation), observation.horizon_s
    at_start = flights.backlog(np.array([start_s]))[0]
    cleared_s = flights.as_low_again_s(at_start, end_s, horizon_s)
    until_s = max(horizon_s, end_s) if np.isnan(cleared_s) else cleared_s
    due_s = flights.due_s
    became_overdue = (due_s > start_s) & (due_s <= until_s) & (flights.over_s > due_s)
    return Recovery(
        peak=float(flights.backlog(np.array([start_s, *due_s[became_overdue]])).max()),
        clear_s=until_s - end_s,
        cleared=float(not np.isnan(cleared_s)),
        delayed=float(became_overdue.sum()),
        surge=_surge(observation, end_s, until_s),
    )


@cached_per_observation
def _released_s(observation: Observation) -> Floats:
    """The instants of all releases, rising."""
    return np.sort(observation.released_s[~np.isnan(observation.released_s)])


def _surge(observation: Observation, end_s: float, until_s: float) -> float:
    """The most releases in any hour that begins with a release between the two instants."""
    released_s = _released_s(observation)
    first = released_s[(released_s >= end_s) & (released_s <= until_s)]
    within = np.searchsorted(released_s, first + HOUR_S) - np.searchsorted(released_s, first)
    return float(within.max(initial=0))


def _by_kind(number: Callable[[Recovery], float]) -> Callable[[Observation], dict[str, float]]:
    """By kind: the mean of a number over the disruptions of a replication."""
    return lambda o: {kind: mean(np.array([number(recovery) for recovery in all_])) for kind, all_ in recoveries(o).items()}


def _around(observation: Observation) -> dict[str, Bools]:
    """By kind of disruption: shape (n,), measured flights planned to be released from its beginning to a day after its end."""
    planned_s = observation.flights.planned_release_s
    by_kind: dict[str, Bools] = {}
    for kind, start_s, end_s in observation.facts.get(DISRUPTIONS, ()):
        if observation.window_start_s <= start_s < observation.window_end_s:
            due = observation.measured & (planned_s >= start_s) & (planned_s <= end_s + DAY_S)
            by_kind[kind] = by_kind.get(kind, False) | due
    return by_kind


def _due_around(observation: Observation) -> dict[str, float]:
    return {kind: float(due.sum()) for kind, due in _around(observation).items()}


def _on_time_around(observation: Observation) -> dict[str, float]:
    on_time = at_most(observation.released_s - observation.flights.planned_release_s, ON_TIME_S)
    return {kind: float((due & on_time).sum()) for kind, due in _around(observation).items()}


def _counts(observation: Observation) -> dict[str, float]:
    return dict.fromkeys(DISRUPTION_LABELS, 0.0) | {kind: float(len(all_)) for kind, all_ in recoveries(observation).items()}


def _weather_hours(observation: Observation) -> dict[str, float]:
    """Hours of the window without slots, under SLOTS, and those in which each type may not take off; 0 without weather."""
    facts = observation.facts
    return _hours(observation, {SLOTS: facts.get(WEATHER_CLOSURES_S, ()), **facts.get(WEATHER_GROUNDED_S, {})})


def _hours(observation: Observation, by_key: Mapping[str, tuple[Spell, ...]]) -> dict[str, float]:
    """By key, the hours of the window in the spells."""
    window = observation.window_start_s, observation.window_end_s
    return {key: float(np.diff(np.clip(np.reshape(spells, (-1, 2)), *window)).sum() / HOUR_S) for key, spells in by_key.items()}


def _sampled_days(observation: Observation) -> dict[str, float]:
    """Days a month; what is stated for some days of a study says nothing of a month, and is not counted."""
    hours = _hours(observation, observation.facts.get(WEATHER_SAMPLED_S, {}))
    return {key: MONTH_DAYS * lost_h / observation.window_h for key, lost_h in hours.items()}


def _met_share(observation: Observation) -> float:
    """The share of measured flights whose departure falls into weather in which their type may not take off."""
    flights, spells = observation.flights, observation.facts.get(WEATHER_GROUNDED_S, {})
    target_s = observation.facts.get(DEPARTURE_TARGET_S, flights.planned_departure_s)
    met: Bools = np.zeros(len(flights), dtype=bool)
    for number, kind in enumerate(flights.aircraft_types):
        starts_s, ends_s = np.reshape(spells.get(kind.key, ()), (-1, 2)).T
        inside = np.searchsorted(starts_s, target_s, side="right") > np.searchsorted(ends_s, target_s, side="right")
        met |= inside & (flights.aircraft == number)
    return mean(met[observation.measured])


METRICS: tuple[Metric, ...] = (
    Metric(
        key="disruptions",
        label=Text("disruptions", "服務中斷次數", "服务中断次数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="recovery",
        formula=(
            "Spells of weather in which no slots are given or some type of aircraft may not take off, outages of the data "
            "interface and planned closures that begin in the window; overlapping ones of weather, or of outages, count as one. "
            "By kind."
        ),
        compute=_counts,
        event=EventSize(),
    ),
    Metric(
        key="recovery_peak_backlog",
        label=Text("largest backlog", "最大積壓航班數", "最大积压航班数"),
        unit="1",
        better="neither",
        topic="recovery",
        formula=(
            "The most overdue flights at once from a disruption's beginning until it is cleared: flights, measured or not, past "
            "the planned release (put off with the departure) and neither released nor ended. Mean over the disruptions of a kind"
            " that begin in the window. By kind."
        ),
        compute=_by_kind(lambda recovery: recovery.peak),
        event=EventSize(),
    ),
    Metric(
        key="recovery_clear_time",
        label=Text("time to clear the backlog", "清理積壓用時", "清理积压用时"),
        unit="s",
        better="neither",
        topic="recovery",
        formula=(
            "From a disruption's end until no more flights are overdue than when it began, counted up to the horizon where that "
            "does not come. Mean over the disruptions of a kind that begin in the window. By kind."
        ),
        compute=_by_kind(lambda recovery: recovery.clear_s),
        phrase=Phrase(
            Text(
                "the backlog is cleared {n} after service is back ({part})",
                "服務恢復（{part}）後 {n} 清理完積壓航班",
                "服务恢复（{part}）后 {n} 清理完积压航班",
            ),
            LONGER_OR_SHORTER,
        ),
    ),
    Metric(
        key="recovery_cleared_share",
        label=Text("share of disruptions cleared", "中斷後已清理積壓的比例", "中断后已清理积压的比例"),
        unit="share",
        better="neither",
        topic="recovery",
        formula=(
            "Disruptions whose backlog is cleared by the horizon / disruptions of that kind that begin in the window. By kind."
        ),
        compute=_by_kind(lambda recovery: recovery.cleared),
        event=EventSize(per="disruptions"),
    ),
    Metric(
        key="recovery_flights",
        label=Text("flights due around a disruption", "中斷前後應放行的航班數", "中断前后应放行的航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="recovery",
        formula=(
            "Measured flights whose planned release lies between a disruption's beginning and 24 hours after its end, of "
            "disruptions that begin in the window; each counts once. By kind."
        ),
        compute=_due_around,
        event=EventSize(),
    ),
    Metric(
        key="recovery_on_time_flights",
        label=Text("flights on time around a disruption", "中斷前後準點放行的航班數", "中断前后准点放行的航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="recovery",
        formula="Those of them that are released at most 15 minutes after planned release. By kind.",
        compute=_on_time_around,
        event=EventSize(),
    ),
    Metric(
        key="recovery_on_time_share",
        label=Text("on time around a disruption", "中斷前後準點率", "中断前后准点率"),
        unit="share",
        better="higher",
        topic="recovery",
        formula=(
            "Flights on time around a disruption / flights due around a disruption: how little a disruption and the day after it "
            "cost whoever flies then, whatever the traffic. By kind."
        ),
        compute=divided(_on_time_around, _due_around),
        ratio=Ratio("recovery_on_time_flights", "recovery_flights"),
        event=EventSize(per="recovery_flights"),
        matters=Margin("2 pp", "one flight in fifty of those that meet a disruption", Status.GUESS, ("1 pp", "10 pp")),
        phrase=Phrase(
            Text(
                "{n} of {of} flights due around a disruption are on time ({part})",
                "中斷（{part}）前後，每 {of} 班應放行航班有 {n} 班準點",
                "中断（{part}）前后，每 {of} 班应放行航班有 {n} 班准点",
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="recovery_delayed_flights",
        label=Text("flights made overdue", "因中斷逾時的航班數", "因中断逾时的航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="recovery",
        formula=(
            "Flights that become overdue from a disruption's beginning until it is cleared, those that would have been late "
            "without it included. Mean over the disruptions of a kind that begin in the window. By kind."
        ),
        compute=_by_kind(lambda recovery: recovery.delayed),
        event=EventSize(),
    ),
    Metric(
        key="recovery_surge",
        label=Text("surge after reopening", "恢復後高峰放行量", "恢复后高峰放行量"),
        unit="/h",
        better="neither",
        topic="recovery",
        formula=(
            "The most releases in 60 consecutive minutes that begin between a disruption's end and its being cleared. Mean over "
            "the disruptions of a kind that begin in the window. By kind."
        ),
        compute=_by_kind(lambda recovery: recovery.surge),
    ),
    Metric(
        key="weather_hours",
        label=Text("hours lost to the weather in the days measured", "統計日內因天氣停飛的時數", "统计日内因天气停飞的小时数"),
        unit="h",
        adds_up=True,
        better="lower",
        topic="recovery",
        formula=(
            "Hours of the window in which the weather lets no slots be given (slots, the pause before reopening included), or "
            "lets a type of aircraft not take off, closures included. By slots or type of aircraft."
        ),
        compute=_weather_hours,
        matters=Margin("1 h", "an hour of the window", Status.GUESS, ("0.2 h", "12 h")),
        phrase=Phrase(
            Text(
                "{n} of flying time are lost to the weather in {period} ({part})",
                "{period}內因天氣損失 {n} 飛行時間（{part}）",
                "{period}内因天气损失 {n} 飞行时间（{part}）",
            ),
            MORE_OR_LESS,
            unit="h",
        ),
    ),
    Metric(
        key="weather_days",
        label=Text("days lost to sampled weather a month", "每月因抽樣天氣停飛的日數", "每月因抽样天气停飞的天数"),
        unit="d",
        better="lower",
        topic="recovery",
        formula=(
            "The same hours of sampled weather alone, as days in a month of 30 days. Stated events say nothing of a month: they "
            "are not counted, and no number is given where no weather is sampled. By slots or type of aircraft."
        ),
        compute=_sampled_days,
        matters=Margin("0.1 d", "about two hours and a half a month", Status.GUESS, ("0.02 d", "1 d")),
        phrase=Phrase(
            Text("{n} a month are lost to the weather ({part})", "每月因天氣損失 {n}（{part}）", "每月因天气损失 {n}（{part}）"),
            MORE_OR_LESS,
            unit="d",
        ),
    ),
    Metric(
        key="weather_met_share",
        label=Text("flights due out in bad weather", "計劃於停飛天氣起飛的航班比例", "计划于停飞天气起飞的航班比例"),
        unit="share",
        better="lower",
        topic="recovery",
        formula="Measured flights whose departure falls into weather in which their type may not take off / flights planned.",
        compute=_met_share,
        event=EventSize(per="flights_planned"),
        matters=Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
    ),
)
