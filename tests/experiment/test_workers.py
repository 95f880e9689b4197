"""Replications in turn and in processes: what comes out when one of them fails."""

import multiprocessing
import os
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment import workers
from sim.experiment.replicate import Task
from sim.ground.errors import InputError, Problem, RunError

BROKEN = SimpleNamespace(name="no-parameters")  # a scenario without anything to prepare from


class EndsTheProcess:
    """A scenario that ends the process it is sent to, as the system does when memory runs out."""

    name = "too-big"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[int]]:
        return os._exit, (1,)


class TakesForever:
    """A scenario that keeps the process it is sent to busy."""

    name = "slow"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[int]]:
        return time.sleep, (300,)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_failure_names_scenario_replication_and_seed(n_workers: int) -> None:
    tasks = [Task(BROKEN, seed=42, replication=7, engine="reference")] * n_workers
    with pytest.raises(RunError, match="scenario no-parameters, replication 7, seed 42: AttributeError"):
        list(workers.Crew(n_workers, "reference").replicate(tasks))
    assert multiprocessing.active_children() == []


def test_abrupt_end_of_a_worker_is_told_and_leaves_no_process() -> None:
    tasks = [Task(EndsTheProcess(), seed=1, replication=replication) for replication in range(3)]
    with pytest.raises(RunError, match=r"ended abruptly, 3 times.*in scenario too-big, replication"):
        list(workers.in_processes(tasks, 2))
    assert multiprocessing.active_children() == []


def test_failure_does_not_wait_for_what_is_still_running() -> None:
    began = time.monotonic()
    with pytest.raises(RunError, match="no-parameters"):
        list(workers.in_processes([Task(TakesForever(), 1, 0), Task(BROKEN, 1, 0)], 2))
    assert time.monotonic() - began < 150
    assert multiprocessing.active_children() == []


def test_fault_of_the_input_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(task: Task) -> None:
        raise InputError(Problem("the schedule names an unknown route"))

    monkeypatch.setattr(workers, "replicate", refuse)
    with pytest.raises(InputError, match="unknown route"):
        list(workers.in_turn([Task(BROKEN, 1, 0)]))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(InputError, match="workers"):
        workers.Crew(0, "compiled")
