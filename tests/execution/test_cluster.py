"""Replications on a real dask.distributed scheduler with worker processes of its own, all on this machine."""

import os
import platform
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.execution.executors.cluster import ClusterExecutor, _do, software
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import InputError, RunError
from sim.study.design import design_study
from tests.execution.dask_cluster import cluster
from tests.study.test_interruption import kept, same_study

Client = pytest.importorskip("distributed").Client
pytestmark = pytest.mark.slow

N = 8


class OtherThere:
    """What a machine computes with, which is something else after its journey to a worker."""

    def __call__(self) -> str:
        return "what this machine has"

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, (platform, "system")


class EndsItsWorker:
    """A scenario that ends the process which looks at its parameters."""

    name = "too-big"

    @property
    def study(self) -> None:
        os._exit(1)


@pytest.fixture
def alone(scenarios: list[Path], tmp_path: Path) -> Path:
    """The study as this machine does it."""
    sim.run(scenarios, replications=N, out=tmp_path / "alone")
    return tmp_path / "alone"


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(
    alone: Path, scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sim.execution.executors.cluster.BATCH_S", 0.0
    )  # one replication a batch, so that every worker has some in hand
    with cluster(tmp_path, 3) as workers:
        told: list[int] = []

        def kill_one(done: int, _total: int, _flights: int) -> None:
            told.append(done)
            if done == 3:
                os.kill(workers.workers[0].pid, signal.SIGKILL)

        study = sim.run(scenarios, replications=N, out=tmp_path / "study", cluster=workers.address, progress=kill_one)
        assert workers.workers[0].wait(timeout=30) == -signal.SIGKILL
    assert told == list(range(2 * N + 1))
    assert study.manifest.run.workers == "cluster"
    same_study(alone, tmp_path / "study")


def test_a_lost_scheduler_loses_no_finished_replication(alone: Path, scenarios: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "study"
    with cluster(tmp_path, 2) as workers:

        def kill_the_scheduler(done: int, _total: int, _flights: int) -> None:
            if done == 3:
                os.kill(workers.scheduler.pid, signal.SIGKILL)

        with pytest.raises(RunError, match="are finished and kept"):
            sim.run(scenarios, replications=N, out=out, cluster=workers.address, progress=kill_the_scheduler)
    assert kept(out) >= 3
    assert sim.run(scenarios, replications=N, out=out).manifest.run.replications_kept >= 3
    same_study(alone, out)


def test_a_fault_found_on_a_worker_is_told_as_here(scenarios: list[Path], tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as workers, pytest.raises(InputError, match="no flight is planned"):
        sim.run(scenarios, set=["world.demand.flights_per_day=0/d"], out=tmp_path / "out", cluster=workers.address)
    assert not list(tmp_path.glob(".out*"))


def test_what_is_no_scheduler_is_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.execution.executors.cluster.CONNECT_S", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(InputError, match="cluster"):
            sim.run(scenarios, replications=1, out=tmp_path / "out", cluster=address)
    assert not list(tmp_path.glob(".out*"))


def test_a_scheduler_without_workers_is_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.execution.executors.cluster.CONNECT_S", 2)
    with cluster(tmp_path, 0) as empty, pytest.raises(InputError, match="no worker"):
        sim.run(scenarios, replications=1, cluster=empty.address)


def test_workers_of_another_version_are_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(tmp_path, 1) as workers:
        monkeypatch.setattr("sim.execution.executors.cluster.software", OtherThere())
        with pytest.raises(InputError, match="another version") as refused:
            sim.run(scenarios, replications=1, cluster=workers.address)
    of_scheduler, problem = refused.value.problems
    assert of_scheduler.message.en.startswith("the scheduler has another version")
    assert (problem.path, problem.found.en, problem.allowed.en) == ("cluster", platform.system(), "what this machine has")
    assert "tcp://127.0.0.1" in problem.message.en


def test_a_worker_that_comes_later_with_another_version_is_refused(
    scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster(tmp_path, 1) as workers:
        monkeypatch.setattr("sim.execution.executors.cluster.software", lambda: "what this machine has")
        monkeypatch.setattr("sim.execution.executors.cluster._check_machines", lambda *_: None)
        with pytest.raises(InputError, match="another version") as refused:
            sim.run(scenarios, replications=1, cluster=workers.address)
    assert sim.__version__ in refused.value.problems[0].found.en


def test_workers_without_this_package_are_refused(scenarios: list[Path], tmp_path: Path) -> None:
    with cluster(tmp_path, 0) as workers:
        workers.add_worker(without="sim")
        with pytest.raises(InputError, match=r"the worker at tcp.* can't load this package") as refused:
            sim.run(scenarios, replications=1, cluster=workers.address)
    assert "ModuleNotFoundError" in refused.value.problems[0].found.en


def test_a_scheduler_without_this_package_is_refused(scenarios: list[Path], tmp_path: Path) -> None:
    refused = pytest.raises(InputError, match="the scheduler can't load this package")
    with cluster(tmp_path, 1, scheduler_without="sim") as workers, refused:
        sim.run(scenarios, replications=1, cluster=workers.address)


def test_a_batch_that_ends_worker_after_worker_is_named(tmp_path: Path) -> None:
    with cluster(tmp_path, 1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as workers:
        tasks = [Task(EndsItsWorker(), seed=1, replication=7)]
        with pytest.raises(RunError, match=r"KilledWorker.*in hand: scenario too-big, replication 7, seed 1"):
            list(ClusterExecutor(RunOptions(cluster=workers.address)).run(tasks))


def test_failure_on_a_worker_loses_nothing_that_was_finished_in_the_same_batch(tmp_path: Path, scenarios: list[Path]) -> None:
    good = design_study(scenarios, options=RunOptions(replications=2)).tasks()
    batch = [(4, good[0]), (5, replace(good[1], scenario=None, seed=-1)), (6, good[1])]
    answers, _ = _do(good[0].scenario, batch, software())
    assert [position for position, _ in answers] == [4, 5]
    assert isinstance(answers[0][1], ReplicationResult)
    assert isinstance(answers[1][1], RunError)


def test_leaving_early_leaves_the_scheduler_nothing_to_do(tmp_path: Path, scenarios: list[Path]) -> None:
    with cluster(tmp_path, 1) as workers:
        executor = ClusterExecutor(RunOptions(cluster=workers.address))
        results = executor.run(design_study(scenarios, options=RunOptions(replications=2000)).tasks())
        next(results)
        results.close()
        with Client(workers.address, set_as_default=False) as client:
            until = time.monotonic() + 60
            while client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)):
                assert time.monotonic() < until
                time.sleep(0.05)


def test_without_dask_it_is_said_what_to_install(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="cluster") as refused:
        sim.run(scenarios, replications=1, cluster="tcp://127.0.0.1:1")
    assert refused.value.problems[0].allowed.en == "pip install '.[cluster]'"
