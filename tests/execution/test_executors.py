"""What all executors have in common, tried on each of them; and what is special to threads and to processes."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.execution import run_task
from sim.execution.choose import EXECUTORS, MeasuringExecutor, choose_executor, make_executor
from sim.execution.executors.base import IN_HAND, Executor
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.ground.errors import InputError, Problem, RunError
from sim.ground.text import Text
from tests.conftest import BASE
from tests.execution.dask_cluster import cluster

BROKEN = SimpleNamespace(name="no-parameters")  # a scenario without anything to prepare from
N = 6


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("scenario") / "base.yaml"
    file.write_text(BASE)
    return sim.load_scenario(file)


@pytest.fixture(scope="module")
def tasks(scenario: Any) -> list[Task]:
    return [Task(scenario, 7, replication) for replication in range(N)]


@pytest.fixture(scope="module")
def expected(tasks: list[Task]) -> list[dict[str, bytes]]:
    return [replicate(task).files for task in tasks]


class KillsWorkers:
    """A scenario that ends the first processes which look at its parameters, as the system does for want of memory."""

    def __init__(self, scenario: Any, marks: Path, times: int, home: int) -> None:
        self.scenario, self.marks, self.times, self.home = scenario, marks, times, home

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, Path, int, int]]:
        return KillsWorkers, (self.scenario, self.marks, self.times, self.home)

    def __getattr__(self, name: str) -> Any:
        if name != "name" and os.getpid() != self.home and len(list(self.marks.iterdir())) < self.times:
            (self.marks / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self.scenario, name)


def deadly(task: Task, marks: Path, times: int) -> Task:
    """The task, whose scenario ends so many workers that try it and is a good one afterwards."""
    marks.mkdir()
    return replace(task, scenario=KillsWorkers(task.scenario, marks, times, os.getpid()))


def note(folder: Path, task: Task, result: ReplicationResult) -> ReplicationResult:
    """The result without its tables, which are in the folder; fails if it is called twice for a task."""
    with (folder / str(task.replication)).open("xb") as file:
        file.write(result.files["flights"])
    return replace(result, files={})


class ExecutorContract:
    """What every executor does. Subclasses say which one, by the fixture `executor`."""

    n_workers = 2

    def test_same_bytes_as_one_replication_alone_and_every_position_once(
        self, executor: Executor, tasks: list[Task], expected: list[dict[str, bytes]]
    ) -> None:
        completed = list(executor.run(tasks))
        assert sorted(position for position, _ in completed) == list(range(N))
        for position, result in completed:
            assert (result.scenario, result.replication) == ("base", position)
            assert result.files == expected[position]

    def test_nothing_to_do(self, executor: Executor) -> None:
        executor.get_ready([])
        assert list(executor.run([])) == []

    def test_on_result_is_called_once_a_task_and_decides_what_is_handed_on(
        self, executor: Executor, tasks: list[Task], expected: list[dict[str, bytes]], tmp_path: Path
    ) -> None:
        completed = list(executor.run(tasks, partial(note, tmp_path)))
        assert [result.files for _, result in completed] == [{}] * N
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
            str(position): files["flights"] for position, files in enumerate(expected)
        }

    def test_what_on_result_raises_is_raised(self, executor: Executor, tasks: list[Task], tmp_path: Path) -> None:
        (tmp_path / "0").touch()
        with pytest.raises(FileExistsError):
            list(executor.run(tasks, partial(note, tmp_path)))

    def test_failing_task_is_named(self, executor: Executor) -> None:
        tasks = [Task(BROKEN, seed=42, replication=7)] * self.n_workers
        with pytest.raises(RunError, match="scenario no-parameters, replication 7, seed 42: AttributeError"):
            list(executor.run(tasks))

    def test_closing_cancels_what_has_not_begun(self, executor: Executor, scenario: Any, tmp_path: Path) -> None:
        completions = executor.run([Task(scenario, 7, replication) for replication in range(500)], partial(note, tmp_path))
        next(completions)
        completions.close()
        n_done = len(list(tmp_path.iterdir()))
        assert 1 <= n_done <= 1 + IN_HAND * self.n_workers
        time.sleep(0.3)
        assert len(list(tmp_path.iterdir())) == n_done


class ContractOfWorkersApart:
    """What executors do whose workers are processes, which may be lost."""

    def test_task_of_a_lost_worker_is_done_again(
        self, executor: Executor, tasks: list[Task], expected: list[dict[str, bytes]], tmp_path: Path
    ) -> None:
        completed = dict(executor.run([deadly(tasks[0], tmp_path / "marks", 1), *tasks[1:]]))
        assert len(list((tmp_path / "marks").iterdir())) == 1
        assert [completed[position].files for position in range(N)] == expected

    def test_task_that_kills_three_workers_is_an_error(self, executor: Executor, tasks: list[Task], tmp_path: Path) -> None:
        with pytest.raises(RunError, match=r"in.* scenario base, replication 0, seed 7"):
            list(executor.run([deadly(tasks[0], tmp_path / "marks", 3)]))
        assert len(list((tmp_path / "marks").iterdir())) == 3


class TestSerialExecutor(ExecutorContract):
    n_workers = 1

    @pytest.fixture
    def executor(self) -> Executor:
        return make_executor("serial", RunOptions(workers=1))


class TestThreadExecutor(ExecutorContract):
    @pytest.fixture
    def executor(self) -> Iterator[Executor]:
        others = threading.active_count()  # a cluster of another test may still be winding down
        yield make_executor("threads", RunOptions(workers=2))
        assert threading.active_count() <= others


class TestProcessExecutor(ExecutorContract, ContractOfWorkersApart):
    @pytest.fixture
    def executor(self) -> Iterator[Executor]:
        yield make_executor("processes", RunOptions(workers=2))
        assert multiprocessing.active_children() == []


class TestMeasuringExecutor(ExecutorContract):
    @pytest.fixture
    def executor(self) -> Executor:
        return MeasuringExecutor(RunOptions(workers=2))


@pytest.mark.slow
class TestClusterExecutor(ExecutorContract, ContractOfWorkersApart):
    n_workers = 4

    @pytest.fixture
    def executor(self, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Executor]:
        pytest.importorskip("distributed")
        monkeypatch.setattr("sim.execution.executors.cluster.BATCH_S", 0.0)  # one replication a batch
        folder = tmp_path_factory.mktemp("cluster")
        with cluster(folder, self.n_workers, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="2") as workers:
            yield make_executor("cluster", RunOptions(cluster=workers.address))


def test_every_executor_keeps_the_contract() -> None:
    tested = {name for name in globals() if name.startswith("Test")}
    assert {f"Test{place.rpartition(':')[2]}" for place in EXECUTORS.values()} <= tested


# Threads and serial: the worker is this process.


@pytest.mark.parametrize("name", ["serial", "threads"])
def test_fault_of_the_input_passes_through(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse(task: Task) -> None:
        raise InputError(Problem(Text.same("the schedule names an unknown route")))

    monkeypatch.setattr(run_task, "replicate", refuse)
    with pytest.raises(InputError, match="unknown route"):
        list(make_executor(name, RunOptions(workers=2)).run([Task(BROKEN, 1, 0)]))


def test_less_than_one_worker_is_refused() -> None:
    with pytest.raises(InputError, match="workers"):
        RunOptions(workers=0)


# Processes: whatever ends them, nothing is lost and nothing hangs.


class TakesForever:
    """A scenario that keeps the process it is sent to busy."""

    name = "slow"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[int]]:
        return time.sleep, (300,)


@pytest.fixture
def processes() -> Iterator[Executor]:
    yield choose_executor(RunOptions(workers=2), [Task(BROKEN, 1, 0, "reference")] * 2)
    assert multiprocessing.active_children() == []


def test_failure_does_not_wait_for_what_is_still_running(processes: Executor) -> None:
    began = time.monotonic()
    with pytest.raises(RunError, match="no-parameters"):
        list(processes.run([Task(TakesForever(), 1, 0), Task(BROKEN, 1, 0)]))
    assert time.monotonic() - began < 150


LARGE = 100_000_000


def ends_while_it_sends(marks: Path, task: Task, result: ReplicationResult) -> ReplicationResult:
    """A large result, on whose way to the parent the worker is killed the first time: packed or half written."""
    mark = marks / str(task.replication)
    if not mark.exists():
        mark.touch()
        threading.Timer(0.02 * (1 + task.replication), os.kill, (os.getpid(), signal.SIGKILL)).start()
    return replace(result, files={**result.files, "large": bytes(LARGE)})


@pytest.mark.slow
def test_a_worker_that_is_killed_while_it_sends_a_result_costs_time_only(
    processes: Executor, tasks: list[Task], tmp_path: Path
) -> None:
    results = dict(processes.run(tasks, partial(ends_while_it_sends, tmp_path)))
    assert [len(results[n].files["large"]) for n in range(N)] == [LARGE] * N


def unpicklable(task: Task, result: ReplicationResult) -> ReplicationResult:
    return lambda: result  # type: ignore[return-value]


def test_a_result_that_can_not_be_sent_is_an_error(processes: Executor, tasks: list[Task]) -> None:
    with pytest.raises(RunError, match=r"replication \d, seed 7: its result can't be sent: .*(pickle|local)"):
        list(processes.run(tasks[:2], unpicklable))


def test_an_error_in_a_worker_says_where_it_happened(processes: Executor) -> None:
    with pytest.raises(RunError, match="no-parameters") as raised:
        list(processes.run([Task(BROKEN, 1, 0, "reference")] * 2))
    assert "sim/replication/prepare.py" in "".join(raised.value.__notes__)
