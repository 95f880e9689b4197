"""Replications on a real dask.distributed scheduler with worker processes of its own, all on this machine."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.ground.errors import InputError, RunError
from tests.experiment.test_interruption import kept, same_study

pytest.importorskip("distributed")

ROOT = Path(__file__).resolve().parents[2]
N = 8
QUIET = {"DASK_DISTRIBUTED__DASHBOARD__ENABLED": "False", "PYTHONPATH": str(ROOT)}


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        contact = self.folder / "scheduler.json"
        here = ("--host", "127.0.0.1", "--no-dashboard")
        self.scheduler = self.start("dask_scheduler", *here, "--port", "0", "--scheduler-file", str(contact))
        until = time.monotonic() + 60
        while not contact.exists() or not contact.read_text().rstrip().endswith("}"):
            assert self.scheduler.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        self.address = json.loads(contact.read_text())["address"]

    def add_worker(self) -> None:
        here = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder))
        self.workers.append(self.start("dask_worker", self.address, "--nthreads", "1", *here))

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{module}", *arguments]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, cwd=self.folder, env={**os.environ, **QUIET}, **silent))
        return self.processes[-1]

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(timeout=30)


@contextmanager
def cluster(folder: Path, n_workers: int) -> Iterator[Cluster]:
    made = Cluster(folder)
    try:
        made.begin()
        for _ in range(n_workers):
            made.add_worker()
        yield made
    finally:
        made.end()


class OtherThere:
    """A fingerprint that is another one after its journey to a worker."""

    def __call__(self) -> str:
        return "that of this machine"

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, (platform, "system")


@pytest.fixture
def alone(scenarios: list[Path], tmp_path: Path) -> Path:
    """The study as this machine does it."""
    sim.run(scenarios, replications=N, out=tmp_path / "alone")
    return tmp_path / "alone"


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(alone: Path, scenarios: list[Path], tmp_path: Path) -> None:
    with cluster(tmp_path, 3) as workers:
        told: list[int] = []

        def kill_one(done: int, _total: int, _flights: int) -> None:
            told.append(done)
            if done == 3:
                os.kill(workers.workers[0].pid, signal.SIGKILL)

        study = sim.run(scenarios, replications=N, out=tmp_path / "study", cluster=workers.address, progress=kill_one)
        assert workers.workers[0].wait(timeout=30) == -signal.SIGKILL
    assert told == list(range(2 * N + 1))
    assert study.manifest["run"]["workers"] == "cluster"
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
    assert sim.run(scenarios, replications=N, out=out).manifest["run"]["replications_kept"] >= 3
    same_study(alone, out)


def test_a_fault_found_on_a_worker_is_told_as_here(scenarios: list[Path], tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as workers, pytest.raises(InputError, match="no flight is planned"):
        sim.run(scenarios, set=["world.demand.flights_per_day=0/d"], out=tmp_path / "out", cluster=workers.address)
    assert not list(tmp_path.glob(".out*"))


def test_what_is_no_scheduler_is_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.cluster.CONNECT_S", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(InputError, match="cluster"):
            sim.run(scenarios, replications=1, out=tmp_path / "out", cluster=address)
    assert not list(tmp_path.glob(".out*"))


def test_a_scheduler_without_workers_is_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.cluster.CONNECT_S", 2)
    with cluster(tmp_path, 0) as empty, pytest.raises(InputError, match="no worker"):
        sim.run(scenarios, replications=1, cluster=empty.address)


def test_workers_of_another_version_are_refused(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(tmp_path, 1) as workers:
        monkeypatch.setattr("sim.experiment.cluster.model_fingerprint", OtherThere())
        with pytest.raises(InputError, match="version"):
            sim.run(scenarios, replications=1, cluster=workers.address)
