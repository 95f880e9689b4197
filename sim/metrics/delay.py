"""Measures: delay against plan, and the time from order to release.

Quantiles and the on-time share count every planned flight; one that was never released is later than
any other. Beside a quantile belongs how many those are (`unreleased_share`), and that of the flights released.
"""

from collections.abc import Callable, Mapping

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.ground.tolerance import at_most
from sim.metrics.breakdown import TOTAL
from sim.metrics.groups import priorities, tiers
from sim.metrics.quantiles import DELAY_QUANTILES, mean, pooled_only, share
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.metric import Distribution, EventSize, Margin, Metric, Quantiles
from sim.model.observation import Observation
from sim.model.phrase import FLIGHTS_COUNTED, LATER_OR_EARLIER, LONGER_OR_SHORTER, MORE_OR_FEWER, Phrase

ON_TIME_S = 900.0
_ALL_PLANNED = (
    "over all measured flights of all replications together, those never released last; not reached where it falls among them. "
    "By quantile."
)
_OF_RELEASED = "over the flights of all replications that were released. By quantile."


def _delay_s(observation: Observation) -> Floats:
    """Shape (measured,): release - planned release; inf where not released."""
    return _or_never(observation, observation.released_s - observation.flights.planned_release_s)


def _order_to_release_s(observation: Observation) -> Floats:
    """Shape (measured,): release - order; inf where not released."""
    return _or_never(observation, observation.released_s - observation.flights.ordered_s)


def _or_never(observation: Observation, lapse_s: Floats) -> Floats:
    measured = lapse_s[observation.measured]
    return np.where(np.isnan(measured), np.inf, measured)


def _came(lapse_s: Floats) -> Floats:
    return lapse_s[np.isfinite(lapse_s)]


def _mean_of_released(
    observation: Observation, lapse_s: Callable[[Observation], Floats], groups: Mapping[str, Bools]
) -> dict[str, float]:
    """By group (flights, shape (n,)): the mean lapse of those released; NaN where none was."""
    lapse = lapse_s(observation)
    return {key: mean(_came(lapse[members[observation.measured]])) for key, members in groups.items()}


def _shift_s(observation: Observation) -> Floats:
    """Shape (measured,), or empty where no policy sets a departure: policy's departure - planned departure."""
    if DEPARTURE_TARGET_S not in observation.facts:
        return np.empty(0)
    shift: Floats = observation.facts[DEPARTURE_TARGET_S] - observation.flights.planned_departure_s
    return shift[observation.measured]


_NEVER_RELEASED = Text("never released", "從未放行", "从未放行")
_DELAYS = Distribution(
    key="delay",
    label=Text("delay of planned flights", "計劃航班延誤", "计划航班延误"),
    formula="Release - planned release of each measured flight.",
    compute=lambda o: {TOTAL: _delay_s(o)},
    never=_NEVER_RELEASED,
)
_ORDERS = Distribution(
    key="order_to_release",
    label=Text("order to release of planned flights", "計劃航班下單至放行時間", "计划航班下单至放行时间"),
    formula="Release - order of each measured flight.",
    compute=lambda o: {TOTAL: _order_to_release_s(o)},
    never=_NEVER_RELEASED,
)
_FLIGHT_IN_A_HUNDRED = Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp"))

_LATE = Text("released flights are {n} late on average{where}", "{where}已放行航班平均延誤 {n}", "{where}已放行航班平均延误 {n}")
_EARLY = Text(
    "released flights are {n} early on average{where}", "{where}已放行航班平均提早 {n}", "{where}已放行航班平均提早 {n}"
)
_DELAY = Phrase(
    _LATE,
    LATER_OR_EARLIER,
    below=_EARLY,
    quantile=Text(
        "{share} are released at most {n} after their planned time",
        "{share}最遲於計劃時間後 {n} 放行",
        "{share}最晚于计划时间后 {n} 放行",
    ),
    quantile_below=Text(
        "{share} are released at least {n} before their planned time",
        "{share}較計劃時間提早 {n} 或以上放行",
        "{share}比计划时间提早 {n} 或以上放行",
    ),
)
_ORDER_TO_RELEASE = Phrase(
    Text(
        "flights released are released {n} after the order on average{where}",
        "{where}已放行航班由下單至放行平均需時 {n}",
        "{where}已放行航班由下单至放行平均用时 {n}",
    ),
    LONGER_OR_SHORTER,
    quantile=Text("{share} are released within {n} of the order", "{share}於下單後 {n} 內放行", "{share}在下单后 {n} 内放行"),
    unit="h",
)

METRICS: tuple[Metric, ...] = (
    Metric(
        key="delay_mean",
        label=Text("mean delay of released flights", "已放行航班平均延誤", "已放行航班平均延误"),
        unit="s",
        better="neither",
        topic="delay",
        formula=(
            "Mean of release - planned release over measured flights released; early ones count as negative. Planned release = "
            "planned departure + nominal flight time (overhead + distance / cruise speed) + a fixed allowance."
        ),
        compute=lambda o: mean(_came(_delay_s(o))),
        headline=True,
        same_flights="delay_s",
        phrase=_DELAY,
    ),
    Metric(
        key="delay_quantile",
        label=Text("delay, quantile of all planned flights", "延誤分位數（全部計劃航班）", "延误分位数（全部计划航班）"),
        unit="s",
        better="lower",
        topic="delay",
        formula=f"Quantile of release - planned release {_ALL_PLANNED}",
        compute=pooled_only,
        quantiles=Quantiles(_DELAYS, DELAY_QUANTILES),
        headline=True,
        same_flights="delay_s",
        matters=Margin("2 min", "a small part of the 15 minutes that make a flight late", Status.GUESS, ("1 min", "10 min")),
        phrase=_DELAY,
    ),
    Metric(
        key="delay_quantile_released",
        label=Text("delay, quantile of released flights", "延誤分位數（已放行航班）", "延误分位数（已放行航班）"),
        unit="s",
        better="neither",
        topic="delay",
        formula=f"Quantile of release - planned release {_OF_RELEASED}",
        compute=pooled_only,
        quantiles=Quantiles(_DELAYS, DELAY_QUANTILES, came_only=True),
        phrase=_DELAY,
    ),
    Metric(
        key="on_time_share",
        label=Text("on time within 15 minutes", "準點率（15分鐘內）", "准点率（15分钟内）"),
        unit="share",
        better="higher",
        topic="delay",
        formula="Measured flights released at most 15 minutes after planned release / flights planned.",
        compute=lambda o: mean(at_most(_delay_s(o), ON_TIME_S)),
        headline=True,
        same_flights="delay_s",
        event=EventSize(per="flights_planned"),
        matters=_FLIGHT_IN_A_HUNDRED,
        phrase=Phrase(
            Text("{n} of {of} flights planned are on time", "每 {of} 班計劃航班有 {n} 班準點", "每 {of} 班计划航班有 {n} 班准点"),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="unreleased_share",
        label=Text("share of flights not released", "未放行航班比例", "未放行航班比例"),
        unit="share",
        better="lower",
        topic="delay",
        formula="Measured flights not released by the horizon / flights planned. It belongs beside every quantile of delay.",
        compute=lambda o: mean(np.isinf(_delay_s(o))),
        event=EventSize(per="flights_planned"),
        matters=_FLIGHT_IN_A_HUNDRED,
        phrase=Phrase(
            Text(
                "{n} of {of} flights planned are never released",
                "每 {of} 班計劃航班有 {n} 班從未放行",
                "每 {of} 班计划航班有 {n} 班从未放行",
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="order_to_release_mean",
        label=Text("order to release, mean of released flights", "下單至放行平均時間", "下单至放行平均时间"),
        unit="s",
        better="neither",
        topic="delay",
        formula="Mean of release - order over measured flights released.",
        compute=lambda o: mean(_came(_order_to_release_s(o))),
        headline=True,
        same_flights="order_to_release_s",
        phrase=_ORDER_TO_RELEASE,
    ),
    Metric(
        key="order_to_release_quantile",
        label=Text(
            "order to release, quantile of all planned flights",
            "下單至放行時間分位數（全部計劃航班）",
            "下单至放行时间分位数（全部计划航班）",
        ),
        unit="s",
        better="lower",
        topic="delay",
        formula=f"Quantile of release - order {_ALL_PLANNED}",
        compute=pooled_only,
        quantiles=Quantiles(_ORDERS, DELAY_QUANTILES),
        headline=True,
        same_flights="order_to_release_s",
        matters=Margin("15 min", "what a customer who orders hours ahead would notice", Status.GUESS, ("5 min", "2 h")),
        phrase=_ORDER_TO_RELEASE,
    ),
    Metric(
        key="order_to_release_quantile_released",
        label=Text(
            "order to release, quantile of released flights",
            "下單至放行時間分位數（已放行航班）",
            "下单至放行时间分位数（已放行航班）",
        ),
        unit="s",
        better="neither",
        topic="delay",
        formula=f"Quantile of release - order {_OF_RELEASED}",
        compute=pooled_only,
        quantiles=Quantiles(_ORDERS, DELAY_QUANTILES, came_only=True),
        phrase=_ORDER_TO_RELEASE,
    ),
    Metric(
        key="delay_by_tier",
        label=Text(
            "mean delay of released flights, by operator tier",
            "已放行航班平均延誤（按營運商級別）",
            "已放行航班平均延误（按运营人级别）",
        ),
        unit="s",
        better="neither",
        topic="delay",
        formula=(
            "Mean of release - planned release over measured flights released. By tier (aeo: authorised economic operator; "
            "other)."
        ),
        compute=lambda o: _mean_of_released(o, _delay_s, tiers(o)),
        phrase=_DELAY,
    ),
    Metric(
        key="delay_by_priority",
        label=Text(
            "mean delay of released flights, by priority", "已放行航班平均延誤（按優先級別）", "已放行航班平均延误（按优先级别）"
        ),
        unit="s",
        better="neither",
        topic="delay",
        formula="Mean of release - planned release over measured flights released. By class of priority.",
        compute=lambda o: _mean_of_released(o, _delay_s, priorities(o)),
        phrase=_DELAY,
    ),
    Metric(
        key="order_to_release_by_priority",
        label=Text(
            "order to release, mean of released flights, by priority",
            "下單至放行平均時間（按優先級別）",
            "下单至放行平均时间（按优先级别）",
        ),
        unit="s",
        better="neither",
        topic="delay",
        formula="Mean of release - order over measured flights released. By class of priority.",
        compute=lambda o: _mean_of_released(o, _order_to_release_s, priorities(o)),
        phrase=_ORDER_TO_RELEASE,
    ),
    Metric(
        key="departure_shift_mean",
        label=Text("mean shift of departure by policy", "政策致起飛時間平均推移", "政策致起飞时间平均推移"),
        unit="s",
        better="lower",
        topic="delay",
        formula="Mean of the departure that policy allows - the departure asked for, over measured flights, lost ones included.",
        compute=lambda o: mean(_shift_s(o)),
        matters=Margin("5 min", "what a customer who orders hours ahead would notice", Status.GUESS, ("1 min", "1 h")),
    ),
    Metric(
        key="departure_shifted_share",
        label=Text("share of departures shifted by policy", "因政策推移起飛的航班比例", "因政策推移起飞的航班比例"),
        unit="share",
        better="lower",
        topic="delay",
        formula="Measured flights whose departure policy allows only later than asked for / flights planned.",
        compute=lambda o: share(float((_shift_s(o) > 0).sum()), len(_shift_s(o))),
        event=EventSize(per="flights_planned"),
        matters=_FLIGHT_IN_A_HUNDRED,
    ),
)
