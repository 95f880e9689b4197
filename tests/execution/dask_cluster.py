"""A dask.distributed scheduler and its workers for tests, each a process of its own on this machine."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"DASK_DISTRIBUTED__DASHBOARD__ENABLED": "False", "PYTHONPATH": str(ROOT)}


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.settings = settings
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def begin(self, without: str = "") -> None:
        contact = self.folder / "scheduler.json"
        here = ("--host", "127.0.0.1", "--no-dashboard")
        self.scheduler = self.start("dask_scheduler", *here, "--port", "0", "--scheduler-file", str(contact), without=without)
        until = time.monotonic() + 60
        while not contact.exists() or not contact.read_text().rstrip().endswith("}"):
            assert self.scheduler.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        self.address = json.loads(contact.read_text())["address"]

    def add_worker(self, without: str = "") -> None:
        here = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder))
        self.workers.append(self.start("dask_worker", self.address, "--nthreads", "1", *here, without=without))

    def start(self, module: str, *arguments: str, without: str = "") -> "subprocess.Popen[bytes]":
        """`without`: a package that this process can't import."""
        code = f"import sys; sys.modules[{without!r}] = None; from distributed.cli.{module} import main; main()"
        command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, cwd=self.folder, env={**os.environ, **QUIET, **self.settings}, **silent))
        return self.processes[-1]

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(timeout=30)


@contextmanager
def cluster(folder: Path, n_workers: int, scheduler_without: str = "", **settings: str) -> Iterator[Cluster]:
    made = Cluster(folder, settings)
    try:
        made.begin(scheduler_without)
        for _ in range(n_workers):
            made.add_worker()
        yield made
    finally:
        made.end()
