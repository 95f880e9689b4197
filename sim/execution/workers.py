"""Who does the replications: this process in turn, threads, a pool of processes, or a cluster.

Each way is a generator of (position, result) over the tasks, in whatever order they finish. However it is
left (a failure, Ctrl-C), tasks not begun are dropped. What comes out is the same whoever does it.

`keep` is what a worker of this machine does with a finished replication before it tells of it.
"""

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass

from sim import engine as engines
from sim.execution.allocator import keep_freed_memory
from sim.execution.executors.processes import Processes, start_fork_server
from sim.execution.replicate import Replicated, Task
from sim.execution.run_task import Keep, attempt, given
from sim.ground.errors import InputError, Problem

Done = Generator[tuple[int, Replicated], None, None]
Attempt = Callable[[Task, Keep], Replicated]
IN_HAND = 2  # tasks handed out per worker: none idles, and few finished results wait in memory
TRIED = 2  # tasks per worker by which the length of a study is judged
LONG_S = 8.0
START_S = 1.5  # that long processes take to start; the others go on meanwhile
WORTH = 1.4  # processors that threads must keep busy; below, they are in each other's way, and one thread is quicker


@dataclass(frozen=True)
class Crew:
    """Who does the replications of a study. Raises InputError for what can't be.

    workers: how many at a time on this machine · engine: a key of ENGINES; the compiled one lets go of the
    interpreter, so its workers are threads, but for long studies, those of the others processes · cluster:
    address of a dask.distributed scheduler, whose workers then do it all.
    """

    workers: int
    engine: str
    cluster: str | None = None

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise InputError(Problem("not possible", path="workers", found=str(self.workers), allowed="1 or more"))

    def replicate(self, tasks: Sequence[Task], keep: Keep = given) -> Done:
        """Each task's position and what `keep` makes of its result."""
        keep_freed_memory()
        if self.cluster is not None:
            return _kept_here(tasks, self.cluster, keep)
        if self.workers == 1 or len(tasks) < 2:
            return in_turn(tasks, keep)
        return (in_threads_if_short if self.engine == "compiled" else in_processes)(tasks, self.workers, keep)


def _kept_here(tasks: Sequence[Task], cluster: str, keep: Keep) -> Done:
    """Those of a cluster, whose workers do not see the disk of this machine."""
    from sim.execution.executors.cluster import on_cluster

    with closing(on_cluster(tasks, cluster)) as done:
        for position, result in done:
            yield position, keep(tasks[position], result)


def in_turn(tasks: Sequence[Task], keep: Keep = given) -> Done:
    """Each task's position and result, one after the other in this process."""
    for position, task in enumerate(tasks):
        yield position, attempt(task, keep)


def in_threads(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, in order of completion, from `workers` threads of this process."""
    _get_ready(tasks)
    pool = ThreadPoolExecutor(workers)
    try:
        yield from _as_they_finish(pool, tasks, workers, keep, attempt)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _get_ready(tasks: Sequence[Task]) -> None:
    """Load the engines once, not in every thread at the same time."""
    for engine in {task.engine for task in tasks}:
        engines.get_ready(engine)


def in_threads_if_short(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, from threads, or one, as long as less than LONG_S of work is left, else from processes.

    Threads are there at once; but everything except the engine holds the interpreter most of its time. Of large replications two
    of them do 1.7 times the work of one, of small ones 0.7 times, which shows in the processors that the first keep
    busy. Two processes, which take seconds to start, do twice the work.
    """
    n_tried = min(TRIED * workers, len(tasks))
    _get_ready(tasks)
    began_s, busy_s = time.monotonic(), time.process_time()
    yield from in_threads(tasks[:n_tried], workers, keep)
    took_s = max(time.monotonic() - began_s, 1e-6)
    at_once = workers if (time.process_time() - busy_s) / took_s >= WORTH else 1
    each_s = took_s / n_tried
    n_more = len(tasks) - n_tried
    if each_s * n_more > LONG_S:
        start_fork_server()
        n_more = max(1, int(START_S / each_s))
    yield from _from(n_tried, in_threads(tasks[n_tried : n_tried + n_more], at_once, keep))
    yield from _from(n_tried + n_more, in_processes(tasks[n_tried + n_more :], workers, keep))


def _from(first: int, done: Done) -> Done:
    """The same of tasks whose positions begin at `first`."""
    with closing(done):
        for position, result in done:
            yield first + position, result


def in_processes(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, in order of completion, from `workers` processes, none of them a copy of this one.

    Each process has a thread here that talks to it alone. Where a process ends in the middle of its work, even of telling its
    result, its task is done again by a new one. Raises RunError that names a task in whose time that happened again and again.
    """
    if not tasks:
        return
    pool, processes = ThreadPoolExecutor(min(workers, len(tasks))), Processes()
    try:
        yield from _as_they_finish(pool, tasks, workers, keep, processes.attempt)
    finally:
        processes.close()  # first: whoever waits for an answer then waits no more
        pool.shutdown(wait=True, cancel_futures=True)


def _as_they_finish(pool: Executor, tasks: Sequence[Task], workers: int, keep: Keep, attempt: Attempt) -> Done:
    waiting, in_hand = iter(enumerate(tasks)), dict[Future[Replicated], int]()
    while True:
        while len(in_hand) < IN_HAND * workers and (following := next(waiting, None)):
            in_hand[pool.submit(attempt, following[1], keep)] = following[0]
        if not in_hand:
            return
        for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
            result = future.result()
            yield in_hand.pop(future), result
