"""What the plan of a scenario gives away before anything is simulated: pools that can't do their work, orders lost by rule."""

from collections.abc import Iterator

import numpy as np

from sim.ground.text import LANGUAGES, Language, Text
from sim.model.fact_catalogue import LOST
from sim.model.plan import Pool
from sim.replication import prepare
from sim.replication.load import load_of_pools
from sim.scenario.choices import key_in_words, word
from sim.scenario.scenario import Scenario

FULL = 1.0
LOST_SHARE = 0.01  # of the orders: fewer than one in a hundred are not worth a sentence

_OVERLOADED = Text(
    "{pool}: the flights planned bring {load} of the work that those on duty can do, even if nobody had to wait; the queue grows "
    "for as long as the study lasts, and so does every delay.",
    "{pool}：即使無須輪候，計劃中航班的工作量已達當值者所能處理的{load}；輪候隊伍在研究期內會不斷增長，延誤亦然。",
    "{pool}：即使无须排队，计划中航班的工作量已达在岗者所能处理的{load}；排队队伍在研究期内会不断增长，延误亦然。",
)
_NOBODY = Text(
    "{pool}: flights need it, and nobody is ever on duty there.",
    "{pool}：有航班需要，但從無人員或設備當值。",
    "{pool}：有航班需要，但从无人员或设备在岗。",
)
_LOST = Text(
    "{share} of the orders are lost by rule, before anything is simulated: the earliest departure that filing permits is later "
    "than their customers accept (world.demand.notice, world.demand.max_shift).",
    "{share}的訂單在模擬開始之前已因規定而流失：按申報及申請時限可安排的最早起飛時間，遲於客戶所能接受"
    "（world.demand.notice、world.demand.max_shift）。",
    "{share}的订单在仿真开始之前已因规定而流失：按申报及申请时限可安排的最早起飞时间，迟于客户所能接受"
    "（world.demand.notice、world.demand.max_shift）。",
)
_POOL = Text("{kind} ({place})", "{kind}（{place}）", "{kind}（{place}）")


def cautions_of_plan(scenario: Scenario, seed: int | None = None) -> Iterator[Text]:
    """Of the first replication: pools whose work exceeds their roster, or that have none; the share of orders lost by rule.

    seed: that of the scenario unless given. Raises InputError where the scenario has no flights at all, or a wrong schedule.
    """
    prepared = prepare(scenario, scenario.study.seed if seed is None else seed, 0)
    planned_s = prepared.flights.planned_departure_s
    measured = (planned_s >= prepared.window_start_s) & (planned_s < prepared.window_end_s)
    lost = prepared.facts.get(LOST, np.zeros(len(planned_s), dtype=np.bool_))
    if measured.any() and lost[measured].mean() >= LOST_SHARE:
        yield _LOST.fill(share=_percent(float(lost[measured].mean())))
    for pool, load in load_of_pools(prepared, measured & ~lost).items():
        if np.isinf(load):
            yield _NOBODY.fill(pool=_named(pool))
        elif load > FULL:
            yield _OVERLOADED.fill(pool=_named(pool), load=_percent(load))


def _named(pool: Pool) -> Text:
    """The kind of a pool and where it is."""
    if not pool.place:
        return pool.kind.label
    parts = [part.removeprefix("from_").removesuffix("_yard") for part in pool.place.split(".")]
    place = Text(*(", ".join(_place(part, language) for part in parts) for language in LANGUAGES))
    return _POOL.fill(kind=pool.kind.label, place=place)


def _place(key: str, language: Language) -> str:
    named = key_in_words(key, language)
    return word(key, language) if named == key else named


def _percent(share: float) -> Text:
    return _alike(f"{100 * share:.4g}%")


def _alike(value: str) -> Text:
    return Text(value, value, value)
