"""Replications on other machines: an existing `dask.distributed` scheduler and its workers.

Replications travel in batches, because each message costs about as much as a tenth of a small replication;
their results come back as Parquet bytes. A worker that ends in mid-study costs the time of its batches.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from sim.experiment.key import model_fingerprint
from sim.experiment.replicate import Replicated, Task
from sim.experiment.workers import IN_HAND, Done, attempt
from sim.ground.errors import InputError, Problem, RunError

if TYPE_CHECKING:
    from distributed import Client

CONNECT_S = 15  # that long a scheduler may take to answer, and to have its first worker
BATCH_S = 1.0  # about that long a batch should take
LARGEST_BATCH = 50
Order = tuple[int, Task]  # position; the scenario, which is the same for a whole batch, travels beside it
Batch = list[tuple[int, Replicated]]


def on_cluster(tasks: Sequence[Task], address: str) -> Done:
    """Each task's position and result, in order of completion, from the workers of the scheduler at `address`.

    Raises InputError where there is no such scheduler, it has no worker, or its workers have another version of this
    package; RunError where the connection is lost or a batch ends one worker after another.
    """
    with _connected(address) as client:
        yield from _as_they_finish(client, tasks)


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    try:
        from distributed import Client
    except ImportError:
        told = "this needs the package 'distributed'"
        raise InputError(Problem(told, path="cluster", found="not installed", allowed="pip install '.[cluster]'")) from None
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError
        told = f"no scheduler answers there: {error}"
        raise InputError(Problem(told, path="cluster", found=address, allowed="host:port of a dask scheduler")) from None
    try:
        _check_workers(client, address)
        yield client
    finally:
        client.close(timeout=CONNECT_S)


def _check_workers(client: "Client", address: str) -> None:
    """All workers must have this very model; another would give other numbers."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
        found: dict[str, str] = client.run(model_fingerprint)
    except TimeoutError:
        raise InputError(Problem("the scheduler has no worker", path="cluster", found=address)) from None
    except ImportError as error:
        told = f"a worker can't import this package: {error}"
        raise InputError(Problem(told, path="cluster", found=address, allowed="the same version on every worker")) from None
    others = sorted(worker for worker, fingerprint in found.items() if fingerprint != model_fingerprint())
    if others:
        told = "workers have another version of this package"
        raise InputError(Problem(told, path="cluster", found=", ".join(others), allowed="the same version on every worker"))


def _as_they_finish(client: "Client", tasks: Sequence[Task]) -> Done:
    from distributed import as_completed

    batches = _Batches(client, tasks)
    running = as_completed(batches.more(), loop=client.loop)
    for future in running:
        try:
            done, seconds = future.result()
        except (InputError, RunError):
            raise
        except Exception as error:  # a batch that ended every worker it was given to, a lost scheduler
            raise RunError(f"the cluster gave a batch of replications up: {type(error).__name__}: {error}") from error
        batches.note(future, len(done), seconds)
        for following in batches.more():
            running.add(following)
        yield from done


class _Batches:
    """The tasks that are still to be handed out, in batches as large as the time of the last one suggests."""

    def __init__(self, client: "Client", tasks: Sequence[Task]) -> None:
        self.client = client
        self.queues = [
            (scenario, iter([(position, replace(task, scenario=None)) for position, task in group]))
            for scenario, group in _by_scenario(tasks)
        ]
        self.size = 1
        self.running: set[Any] = set()

    def more(self) -> list[Any]:
        """Batches handed out now, so that every worker has something to do."""
        handed_out = []
        while self.queues and len(self.running) < IN_HAND * max(sum(self.client.nthreads().values()), 1):
            scenario, orders = self.queues[0]
            batch = list(islice(orders, self.size))
            if batch:
                future = self.client.submit(_do, scenario, batch, pure=False)
                self.running.add(future)
                handed_out.append(future)
            else:
                self.queues.pop(0)
        return handed_out

    def note(self, future: Any, n: int, seconds: float) -> None:
        """A batch of n replications took that long."""
        self.running.discard(future)
        self.size = min(max(int(BATCH_S * n / max(seconds, 1e-3)), 1), LARGEST_BATCH)


def _by_scenario(tasks: Sequence[Task]) -> Iterator[tuple[Any, Iterator[tuple[int, Task]]]]:
    return groupby(enumerate(tasks), lambda numbered: numbered[1].scenario)


def _do(scenario: Any, batch: list[Order]) -> tuple[Batch, float]:
    """On a worker: the results of a batch of one scenario's replications, and how many seconds they took."""
    began = time.monotonic()
    done = [(position, attempt(replace(order, scenario=scenario))) for position, order in batch]
    return done, time.monotonic() - began
