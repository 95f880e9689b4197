"""The replication to be replayed, simulated again from the study's own scenario and seed."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.execution.replicate import Task, observe
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.replication import prepare

if TYPE_CHECKING:
    from sim.study.study import Study

_NO_SCENARIO = Text("the study has no such scenario", "研究沒有這個情景", "研究没有这个情景")
_ITSELF = Text("a scenario can't be held against itself", "情景不能與自身比較", "情景不能与自身比较")
_NO_REPLICATION = Text("the study has no such replication", "研究沒有這次重複", "研究没有这次重复")
_FROM_0 = Text("0 to {last}", "0 至 {last}", "0 至 {last}")
_OTHERWISE = Text(
    "replication {replication} of {name} comes out otherwise than the study recorded it: the model has changed since",
    "{name} 編號 {replication} 的重複，重新模擬的結果與研究記錄不同：模型其後已更改",
    "{name} 编号 {replication} 的重复，重新仿真的结果与研究记录不同：模型其后已更改",
)
_RUN_AGAIN = Text(
    "sim run --again, then sim replay",
    "先執行 sim run --again，再執行 sim replay",
    "先运行 sim run --again，再运行 sim replay",
)


def chosen_scenarios(study: "Study", shown: str | None, against: str | None) -> tuple[str, ...]:
    """The names to be replayed, one or two.

    Without names: the first compared scenario, where there is one, after the one it is held against; with `against` alone: that
    one, after the one it is held against.

    Raises InputError where a name is not one of the study's, or both are the same.
    """
    if shown is None and against is None:
        against = next(iter(study.against), None)
    names = tuple(name for name in (shown or study.against.get(against or "", study.baseline), against) if name is not None)
    allowed = COMMA.join(study.names)
    problems = [Problem(_NO_SCENARIO, path=option, found=Text.same(name), allowed=allowed)
                for option, name in zip(("--scenario", "--against"), names, strict=False) if name not in study.names]  # fmt: skip
    if len(set(names)) < len(names):
        problems.append(Problem(_ITSELF, path="--against", found=Text.same(names[0]), allowed=allowed))
    if problems:
        raise InputError(*problems)
    return names


def rerun(study: "Study", name: str, replication: int) -> Observation:
    """The observation of one replication of a scenario of the study.

    It is the one that the study counted: releases and outcomes must be those of its table of flights. Raises
    InputError where there is no such replication, or where they are not, as after a change of the model.
    """
    n_replications = study.manifest.replications
    if not 0 <= replication < n_replications:
        allowed = _FROM_0.fill(last=n_replications - 1)
        raise InputError(Problem(_NO_REPLICATION, path="--replication", found=Text.same(str(replication)), allowed=allowed))
    task = Task(study.scenarios[study.names.index(name)], study.manifest.seed, replication)
    observation = observe(task, prepare(task.scenario, task.seed, task.replication))
    rows = study.flights
    if not _is_the_one_counted(observation, rows[(rows["scenario"] == name) & (rows["replication"] == replication)]):
        message = _OTHERWISE.fill(replication=replication, name=name)
        raise InputError(Problem(message, file=str(study.folder), allowed=_RUN_AGAIN))
    return observation


def _is_the_one_counted(observation: Observation, rows: pd.DataFrame) -> bool:
    outcomes = [outcome.name.lower() for outcome in Outcome]
    return (
        len(rows) == len(observation.flights)
        and np.array_equal(rows["released_s"].to_numpy(dtype=np.float64), observation.released_s, equal_nan=True)
        and list(rows["outcome"]) == [outcomes[number] for number in observation.outcome]
    )
