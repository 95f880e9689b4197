"""What a disruption did, by walking through time with the tables of flights and stages, from when the disruptions were."""

import numpy as np
import pytest

from sim.execution.replicate import Task, observe
from sim.model.disruption import DISRUPTIONS
from sim.replication import prepare
from sim.scenario.load import load_scenario
from tests.conftest import MakeStudy
from tests.shipped import FOLDER
from tests.study.test_recomputed import parquet

HOUR, DAY = 3600.0, 86400.0
REPLICATIONS, SEED = 3, 4
BASELINE = (FOLDER / "baseline.yaml").read_text(encoding="utf-8")
CASES = {
    "outage-hold": ("study.days=3", "world.demand.flights_per_day=40/d"),
    "weather-june": ("study.days=6", "study.warm_up=1 d", "world.demand.flights_per_day=30/d", "world.weather.frequency=3"),
}
MEASURES = (
    "recovery_peak_backlog", "recovery_clear_time", "recovery_cleared_share", "recovery_delayed_flights", "recovery_surge",
)  # fmt: skip


def walk(due: np.ndarray, over: np.ndarray, released: list[float], spell: tuple[float, float], horizon: float) -> list[float]:
    """Peak of the backlog, time to clear it, whether it was, flights that became overdue, surge: in the order of MEASURES.

    Instant by instant: who is overdue, from the disruption's beginning until no more are than then.
    """
    start, end = spell

    def backlog(instant: float) -> int:
        return sum(begun <= instant < ended for begun, ended in zip(due, over, strict=True))

    at_start = backlog(start)
    instants = sorted({start, end, *(t for t in (*due, *over) if start < t <= horizon)})
    cleared = next((t for t in instants if t >= end and backlog(t) <= at_start), None)
    until = max(horizon, end) if cleared is None else cleared
    peak = max(backlog(t) for t in instants if t <= until)
    became = sum(start < begun <= until and ended > begun for begun, ended in zip(due, over, strict=True))
    surge = max((sum(t <= other < t + HOUR for other in released) for t in released if end <= t <= until), default=0)
    return [peak, until - end, cleared is not None, became, surge]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.takes(15)
def test_recovery_is_what_a_walk_through_time_finds(name: str, make_study: MakeStudy) -> None:
    texts = {"baseline": BASELINE, name: (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")}
    folder = make_study(texts, replications=REPLICATIONS, seed=SEED, keep_stages="all", set=list(CASES[name]))
    scenario = load_scenario(folder.parent / f"{name}.yaml", CASES[name])
    start = scenario.study.warm_up
    end = start + scenario.study.days * DAY
    horizon = end + scenario.study.cool_down
    whole = {table: parquet(folder, table) for table in ("replications", "flights", "stages")}
    tables = {key: table[table["scenario"] == name] for key, table in whole.items()}
    of_replications = tables["replications"].set_index(["replication", "metric", "part"])["value"]
    flights, stages = tables["flights"], tables["stages"]
    seen = 0
    for number in range(REPLICATIONS):
        spells = observe(Task(scenario, SEED, number), prepare(scenario, SEED, number)).facts[DISRUPTIONS]
        spells = [spell for spell in spells if start <= spell[1] < end]
        here = flights[flights["replication"] == number]
        last = stages[stages["replication"] == number].groupby("flight")["end_s"].max()
        ended = here["flight"].map(last).where(here["outcome"] != "in_system")
        over = here["released_s"].fillna(ended).fillna(np.inf).to_numpy()
        due = (here["planned_release_s"] + here["departure_target_s"] - here["planned_departure_s"]).to_numpy()
        released = sorted(here["released_s"].dropna())
        planned = here["planned_release_s"]
        for kind in {kind for kind, *_ in spells}:
            of_kind = [spell[1:] for spell in spells if spell[0] == kind]
            numbers = np.mean([walk(due, over, released, spell, horizon) for spell in of_kind], axis=0)
            for measure, by_hand in zip(MEASURES, numbers, strict=True):
                assert of_replications[number, measure, kind] == pytest.approx(by_hand), (measure, number, SEED)
            around = here["measured"] & np.any([planned.between(first, last + DAY) for first, last in of_kind], axis=0)
            on_time = (here["released_s"] - planned <= 900 + 1e-6) & around
            assert of_replications[number, "recovery_flights", kind] == around.sum()
            assert of_replications[number, "recovery_on_time_flights", kind] == on_time.sum()
            assert of_replications[number, "disruptions", kind] == len(of_kind)
            seen += len(of_kind)
    assert seen >= REPLICATIONS, seen
