"""Measures: whose hours control costs, per 1,000 flights."""

from collections.abc import Callable

import numpy as np

from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.metrics.accounts import ACCOUNTS, scaled, sum_by_account
from sim.metrics.occupancy import is_counted
from sim.metrics.visits import pool_visits
from sim.model.metric import Metric
from sim.model.observation import Observation
from sim.model.plan import Pool
from sim.model.stage import Workload

FLIGHTS = 1000.0
_FREE_IN_A_HOLD = ("machine",)  # people and dogs wait through a hold; a machine is free for another


def _costs(pool: Pool, workload: Workload) -> bool:
    """Whether an hour of that pool's servers is an hour of that workload: theirs, or of whoever stands beside them."""
    return workload in (pool.kind.workload, pool.kind.staffed_by)


def _hours(workload: Workload) -> Callable[[Observation], dict[str, float]]:
    """Hours really spent at pools of that workload by measured flights, by side, per 1,000 flights."""

    def spent(observation: Observation) -> dict[str, float]:
        visits, pools = pool_visits(observation), observation.plan.pools
        of_kind = np.array([_costs(pool, workload) for pool in pools], dtype=bool)
        counted = observation.measured[visits.flight] & visits.served
        counted &= of_kind[visits.pool] if len(pools) else False
        until = np.minimum(visits.served_s if workload in _FREE_IN_A_HOLD else visits.leave_s, observation.horizon_s)
        begun = np.minimum(visits.start_s, observation.horizon_s)
        return _per_flights(observation, sum_by_account(observation, visits.account[counted], (until - begun)[counted]))

    return spent


def _scheduled(workload: Workload) -> Callable[[Observation], dict[str, float]]:
    """Hours on duty within the window at pools of that workload, by side of the pool, per 1,000 measured flights."""

    def on_duty(observation: Observation) -> dict[str, float]:
        pools = [pool for pool in observation.plan.pools if _costs(pool, workload) and is_counted(pool.calendar)]
        account = [SIDE_KEYS.index(pool.side) if pool.side else ACCOUNTS.index("shared") for pool in pools]
        window = observation.window_start_s, observation.window_end_s
        spent = np.array([pool.calendar.server_seconds(*window) for pool in pools])
        return _per_flights(observation, sum_by_account(observation, np.array(account, dtype=np.int8), spent))

    return on_duty


def _per_flights(observation: Observation, seconds: dict[str, float]) -> dict[str, float]:
    flights = float(observation.measured.sum())
    return scaled(seconds, FLIGHTS / flights / HOUR_S if flights else np.nan)


_BY_SIDE = "Per 1,000 flights planned. By side that the pool belongs to, else that of the stage; the whole."

METRICS: tuple[Metric, ...] = (
    Metric(
        key="officer_hours",
        label=Text("customs officer-hours per 1,000 flights", "每千航班關員工時", "每千航班关员工时"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=(
            "Time of customs officers from the start of each service for a measured flight to its end, holds included; readers of"
            f" x-ray images and dog handlers count. {_BY_SIDE}"
        ),
        compute=_hours("officer"),
        headline=True,
    ),
    Metric(
        key="aviation_hours",
        label=Text("aviation staff hours per 1,000 flights", "每千航班飛行審批工時", "每千航班飞行审批工时"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=(
            f"Time of those who authorise and confirm measured flights, from the start of each service to its end. {_BY_SIDE}"
        ),
        compute=_hours("aviation"),
        headline=True,
    ),
    Metric(
        key="immigration_hours",
        label=Text("immigration officer-hours per 1,000 flights", "每千航班出入境人員工時", "每千航班出入境人员工时"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=(
            "Time of immigration officers at counters for measured flights, from the start of each service to its end. "
            f"{_BY_SIDE}"
        ),
        compute=_hours("immigration"),
    ),
    Metric(
        key="quarantine_hours",
        label=Text("quarantine officer-hours per 1,000 flights", "每千航班檢疫人員工時", "每千航班检疫人员工时"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=f"Time of quarantine officers for measured flights, from the start of each service to its end. {_BY_SIDE}",
        compute=_hours("quarantine"),
    ),
    Metric(
        key="machine_hours",
        label=Text("machine-hours per 1,000 flights", "每千航班機檢設備時數", "每千航班机检设备时数"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=f"Service time of machines for measured flights, holds left out. {_BY_SIDE}",
        compute=_hours("machine"),
    ),
    Metric(
        key="officer_hours_scheduled",
        label=Text("officer-hours on duty per 1,000 flights", "每千航班關員當值時數", "每千航班关员在岗时数"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=f"Officers on duty by the calendars of their pools, over the window. {_BY_SIDE}",
        compute=_scheduled("officer"),
    ),
    Metric(
        key="dog_hours",
        label=Text("dog-hours per 1,000 flights", "每千航班搜查犬工時", "每千航班搜查犬工时"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=f"Time of dog teams from the start of each search for a measured flight to its end, rest left out. {_BY_SIDE}",
        compute=_hours("dog"),
    ),
    Metric(
        key="dog_hours_scheduled",
        label=Text("dog-hours on duty per 1,000 flights", "每千航班搜查犬當值時數", "每千航班搜查犬在岗时数"),
        unit="h/1000",
        better="lower",
        topic="workload",
        formula=f"Dog teams on duty by the calendars of their pools, rest in the roster left out, over the window. {_BY_SIDE}",
        compute=_scheduled("dog"),
    ),
)
