"""Measures: whose hours control costs, busy and on duty, per 1,000 flights that had to do with them and per 1,000 released."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.ground.parameter import Status
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.metrics.accounts import ACCOUNTS, scaled, sum_by_account
from sim.metrics.breakdown import TOTAL
from sim.metrics.occupancy import is_counted
from sim.metrics.throughput import FLIGHTS_APPLIED, FLIGHTS_FILED, FLIGHTS_RELEASED
from sim.metrics.time_spent import costs, time_spent
from sim.model.metric import EventSize, Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.phrase import MORE_OR_LESS, Phrase
from sim.model.ratios import divided
from sim.model.stage import Workload

FLIGHTS = 1000.0
_BY_SIDE = "By side that the pool belongs to, else that of the stage; the whole."


@dataclass(frozen=True)
class Work:
    """A kind of work: whose hours, as labels and formulas name them, and per which flights they are counted.

    busy, on_duty: what a formula says of the time · per: the measure of the flights that had to do with it · matters: hours
    per 1,000 flights, least and most to be taken instead · matters_on_duty: the same of hours on duty, of which there are many
    times as many.
    """

    workload: Workload
    hours: Text
    hours_on_duty: Text
    busy: str
    on_duty: str
    per: Metric = FLIGHTS_FILED
    matters: tuple[str, str, str] = ("5 h", "1 h", "20 h")
    matters_on_duty: tuple[str, str, str] = ("50 h", "10 h", "200 h")
    headline: bool = False


WORK: tuple[Work, ...] = (
    Work(
        "officer",
        Text("customs officer-hours", "海關人員工時", "关员工时"),
        Text("customs officer-hours on duty", "海關人員當值時數", "关员在岗时数"),
        "Time of customs officers from the start of each service for a measured flight to its end, holds included; readers of "
        "x-ray images and dog handlers count",
        "Customs officers on duty by the calendars of their pools, over the window",
        headline=True,
    ),
    Work(
        "aviation",
        Text("aviation staff hours", "飛行審批工時", "飞行审批工时"),
        Text("aviation staff hours on duty", "飛行審批人員當值時數", "飞行审批人员在岗时数"),
        "Time of those who authorise and confirm measured flights, from the start of each service to its end",
        "Those who authorise and confirm flights on duty by the calendars of their pools, over the window",
        per=FLIGHTS_APPLIED,
        headline=True,
    ),
    Work(
        "immigration",
        Text("immigration officer-hours", "入境事務人員工時", "边检人员工时"),
        Text("immigration officer-hours on duty", "入境事務人員當值時數", "边检人员在岗时数"),
        "Time of immigration officers at counters for measured flights, from the start of each service to its end",
        "Immigration officers on duty by the calendars of their pools, over the window",
    ),
    Work(
        "quarantine",
        Text("quarantine officer-hours", "檢疫人員工時", "检疫人员工时"),
        Text("quarantine officer-hours on duty", "檢疫人員當值時數", "检疫人员在岗时数"),
        "Time of quarantine officers for measured flights, from the start of each service to its end",
        "Quarantine officers on duty by the calendars of their pools, over the window",
        matters=("1 h", "0.2 h", "5 h"),
    ),
    Work(
        "machine",
        Text("machine-hours", "X光檢查設備時數", "机检设备时数"),
        Text("machine-hours on duty", "X光檢查設備開放時數", "机检设备开放时数"),
        "Service time of machines for measured flights, holds left out",
        "Machines open by the calendars of their pools, over the window",
        matters=("1 h", "0.2 h", "5 h"),
    ),
    Work(
        "dog",
        Text("dog-hours", "緝毒犬工時", "缉毒犬工时"),
        Text("dog-hours on duty", "緝毒犬當值時數", "缉毒犬在岗时数"),
        "Time of dog teams from the start of each search for a measured flight to its end (on call, from leaving to being back), "
        "rest left out",
        "Dog teams on duty by the calendars of their pools, rest in the roster left out, over the window",
        matters=("1 h", "0.2 h", "5 h"),
    ),
)


def _busy(workload: Workload) -> Callable[[Observation], dict[str, float]]:
    """Hours really spent at pools of that workload by measured flights, by side."""

    def spent(observation: Observation) -> dict[str, float]:
        visits = time_spent(observation)[workload]
        counted = observation.measured[visits.flight]
        return scaled(sum_by_account(observation, visits.account[counted], visits.seconds[counted]), 1 / HOUR_S)

    return spent


def hours_on_duty(workload: Workload) -> Callable[[Observation], dict[str, float]]:
    """Hours on duty within the window at pools of that workload, by side of the pool."""

    def on_duty(observation: Observation) -> dict[str, float]:
        pools = [pool for pool in observation.plan.pools if costs(pool, workload) and is_counted(pool.calendar)]
        account = [SIDE_KEYS.index(pool.side) if pool.side else ACCOUNTS.index("shared") for pool in pools]
        window = observation.window_start_s, observation.window_end_s
        spent_s = np.array([pool.calendar.server_seconds(*window) for pool in pools])
        return scaled(sum_by_account(observation, np.array(account, dtype=np.int8), spent_s), 1 / HOUR_S)

    return on_duty


def _longest_visit(workload: Workload) -> Callable[[Observation], dict[str, float]]:
    """Hours of one visit, root mean square at the kind of servers where it is the largest, by side; only sides with visits."""

    def longest(observation: Observation) -> dict[str, float]:
        visits, pools = time_spent(observation)[workload], observation.plan.pools
        counted = observation.measured[visits.flight]
        pool, account, spent_s = visits.pool[counted], visits.account[counted], visits.seconds[counted]
        kinds = [pool.kind.key for pool in pools]
        kind = np.array([kinds.index(key) for key in kinds], dtype=np.int64)[pool] if len(pools) else pool
        by_side = {TOTAL: np.ones(len(kind), dtype=bool), **{ACCOUNTS[a]: account == a for a in np.unique(account)}}
        largest = {}
        for key, here in by_side.items():
            visited = np.maximum(np.bincount(kind[here], minlength=1), 1)
            squared = np.bincount(kind[here], weights=spent_s[here] ** 2, minlength=1)
            largest[key] = float(np.sqrt(squared / visited).max()) / HOUR_S if here.any() else np.nan
        return largest

    return longest


TOTAL_OF = Text("{hours}, in all", "{hours}總計", "{hours}总计")
PER_FLIGHTS = Text("{hours} per 1,000 {flights}", "每千班{flights}的{hours}", "每千班{flights}的{hours}")
LONGEST_VISIT = Text("{hours} of one visit at the longest step", "最長環節每次的{hours}", "最长环节每次的{hours}")
_FLIGHTS: dict[str, Text] = {
    FLIGHTS_FILED.key: Text("flights filed", "已申報航班", "已申报航班"),
    FLIGHTS_APPLIED.key: Text("flights applied for", "已提出飛行活動申請的航班", "已提出飞行活动申请的航班"),
    FLIGHTS_RELEASED.key: Text("flights released", "已放行航班", "已放行航班"),
}
_SOURCE = "a few hours of work in a thousand flights: what a rota would notice"


def _measures(work: Work) -> Iterator[Metric]:
    """The hours in all, per 1,000 flights that had to do with them and per 1,000 released: busy, and on duty."""
    key, busy, on_duty = work.workload, _busy(work.workload), hours_on_duty(work.workload)
    visit = f"{key}_visit_hours"
    yield _neutral(f"{key}_time", TOTAL_OF.fill(hours=work.hours), f"{work.busy}. {_BY_SIDE}", busy, adds_up=True)
    yield from _per_flights(work, f"{key}_hours", work.hours, f"{key}_time", busy, visit)
    yield _neutral(
        f"{key}_time_scheduled",
        TOTAL_OF.fill(hours=work.hours_on_duty),
        f"{work.on_duty}. By side of the pool; the whole.",
        on_duty,
        adds_up=True,
    )
    yield from _per_flights(work, f"{key}_hours_scheduled", work.hours_on_duty, f"{key}_time_scheduled", on_duty)
    yield _neutral(
        visit,
        LONGEST_VISIT.fill(hours=work.hours),
        "Root mean square of the time of one visit, of measured flights, to the kind of servers where it is the largest: by how "
        f"much one more examination moves the hours. {_BY_SIDE}",
        _longest_visit(work.workload),
    )


def _neutral(
    key: str, label: Text, formula: str, compute: Callable[[Observation], dict[str, float]], adds_up: bool = False
) -> Metric:
    return Metric(key, label, "h", "neither", "workload", formula, compute, adds_up=adds_up)


def _per_flights(
    work: Work, key: str, hours: Text, time: str, compute: Callable[[Observation], dict[str, float]], visit: str = ""
) -> Iterator[Metric]:
    """Hours per 1,000 of the flights of `work.per`, and per 1,000 released."""
    value, least, most = work.matters if visit else work.matters_on_duty
    for per, ending in ((work.per, ""), (FLIGHTS_RELEASED, "_per_released")):
        yield Metric(
            key=f"{key}{ending}",
            label=PER_FLIGHTS.fill(hours=hours, flights=_FLIGHTS[per.key]),
            unit="h/1000",
            better="lower",
            topic="workload",
            formula=f"1,000 x {TOTAL_OF.fill(hours=hours).en} / {per.label.en}. By side; the whole.",
            compute=divided(compute, per.compute, FLIGHTS),
            headline=work.headline and not ending,
            ratio=Ratio(time, per.key, FLIGHTS),
            event=EventSize(FLIGHTS, times=visit, per=per.key) if visit else None,
            matters=Margin(value, _SOURCE, Status.GUESS, (least, most)),
            same_flights=f"{work.workload}_s" if visit else "",
            phrase=_phrase(hours, _FLIGHTS[per.key]),
        )


def _phrase(hours: Text, flights: Text) -> Phrase:
    clause = Text(
        "{number} {hours} go into every 1,000 {flights}{where}",
        "{where}每 1,000 班{flights}的{hours}為 {number} 小時",
        "{where}每 1,000 班{flights}的{hours}为 {number} 小时",
    )
    kept = {name: Text.same(f"{{{name}}}") for name in ("number", "where")}
    return Phrase(clause.fill(hours=hours, flights=flights, **kept), MORE_OR_LESS, unit="h")


METRICS: tuple[Metric, ...] = tuple(metric for work in WORK for metric in _measures(work))
