"""Replications in turn and in processes: what comes out when one of them fails."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.execution import run_task, workers
from sim.execution.replicate import Replicated, Task, replicate
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

    monkeypatch.setattr(run_task, "replicate", refuse)
    with pytest.raises(InputError, match="unknown route"):
        list(workers.in_turn([Task(BROKEN, 1, 0)]))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(InputError, match="workers"):
        workers.Crew(0, "compiled")


@pytest.mark.parametrize(
    ("long_s", "worth", "expected"),
    [
        (0.0, 0.0, [("in_threads", 4, 2), ("in_threads", 1, 2), ("in_processes", 6, 2)]),
        (1e9, 0.0, [("in_threads", 4, 2), ("in_threads", 7, 2), ("in_processes", 0, 2)]),
        (1e9, 1e9, [("in_threads", 4, 2), ("in_threads", 7, 1), ("in_processes", 0, 2)]),
    ],
)
def test_a_long_study_goes_on_in_processes(
    scenarios: list[Path], monkeypatch: pytest.MonkeyPatch, long_s: float, worth: float, expected: list[tuple[str, int, int]]
) -> None:
    called: list[tuple[str, int, int]] = []

    def noted(name: str) -> Callable[..., workers.Done]:
        original = getattr(workers, name)

        def run(tasks: Sequence[Task], n_workers: int, keep: workers.Keep) -> workers.Done:
            called.append((name, len(tasks), n_workers))
            return original(tasks, n_workers, keep)

        return run

    for name in ("in_threads", "in_processes"):
        monkeypatch.setattr(workers, name, noted(name))
    monkeypatch.setattr(workers, "LONG_S", long_s)
    monkeypatch.setattr(workers, "WORTH", worth)
    monkeypatch.setattr(workers, "START_S", 0.0)
    scenario = sim.load_scenario(scenarios[0])
    tasks = [Task(scenario, 7, replication) for replication in range(11)]
    results = dict(workers.Crew(2, "compiled").replicate(tasks))
    assert called == expected
    assert sorted(results) == list(range(11))
    assert all(results[n].files == replicate(task).files for n, task in enumerate(tasks))


class DiesOnce:
    """A scenario that takes the first process it is sent to down with it, and is a good one afterwards."""

    def __init__(self, scenario: Any, mark: Path) -> None:
        self.scenario, self.mark, self.name = scenario, mark, "dies once"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, Path]]:
        return die_once, (self.scenario, self.mark)


def die_once(scenario: Any, mark: Path) -> Any:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return scenario


def test_a_worker_that_is_killed_costs_time_only(scenarios: list[Path], tmp_path: Path) -> None:
    scenario = sim.load_scenario(scenarios[0])
    tasks = [Task(scenario, 7, replication, "reference") for replication in range(5)]
    deadly = [replace(task, scenario=DiesOnce(scenario, tmp_path / f"{task.replication}")) for task in tasks[:2]]
    results = dict(workers.in_processes([*deadly, *tasks[2:]], 2))
    assert [results[n].files for n in range(5)] == [replicate(task).files for task in tasks]
    assert multiprocessing.active_children() == []


LARGE = 100_000_000


def ends_while_it_tells(marks: Path, task: Task, result: Replicated) -> Replicated:
    """A large result, on whose way to the parent the worker is killed the first time: packed or half written."""
    mark = marks / str(task.replication)
    if not mark.exists():
        mark.touch()
        threading.Timer(0.02 * (1 + task.replication), os.kill, (os.getpid(), signal.SIGKILL)).start()
    return replace(result, files={**result.files, "large": bytes(LARGE)})


def test_a_worker_that_is_killed_while_it_tells_a_result_costs_time_only(scenarios: list[Path], tmp_path: Path) -> None:
    scenario = sim.load_scenario(scenarios[0])
    tasks = [Task(scenario, 7, replication, "reference") for replication in range(6)]
    results = dict(workers.in_processes(tasks, 2, partial(ends_while_it_tells, tmp_path)))
    assert [len(results[n].files["large"]) for n in range(6)] == [LARGE] * 6
    assert multiprocessing.active_children() == []


def untellable(task: Task, result: Replicated) -> Replicated:
    return lambda: result  # type: ignore[return-value]


def test_a_result_that_can_not_be_told_is_said_to_be_so(scenarios: list[Path]) -> None:
    tasks = [Task(sim.load_scenario(scenarios[0]), 7, replication, "reference") for replication in range(2)]
    with pytest.raises(RunError, match=r"replication \d, seed 7: its result can't be told: .*(pickle|local)"):
        list(workers.in_processes(tasks, 2, untellable))


def test_an_error_in_a_worker_tells_where_it_happened() -> None:
    with pytest.raises(RunError, match="no-parameters") as raised:
        list(workers.in_processes([Task(BROKEN, 1, 0, "reference")] * 2, 2))
    assert "sim/replication/prepare.py" in "".join(raised.value.__notes__)


def test_threads_stop_when_nobody_listens_any_more(scenarios: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Task] = []
    others = threading.active_count()  # a cluster of another test may still be winding down

    def noted(task: Task) -> Replicated:
        begun.append(task)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    scenario = sim.load_scenario(scenarios[0])
    working = workers.in_threads([Task(scenario, 7, replication) for replication in range(50)], 2)
    next(working)
    working.close()
    assert len(begun) <= 2 * workers.IN_HAND + 1
    assert threading.active_count() <= others
