"""Who does the replications: this process in turn, threads, a pool of processes, or a cluster.

Each way is a generator of (position, result) over the tasks, in whatever order they finish. However it is
left (a failure, Ctrl-C), tasks not begun are dropped. What comes out is the same whoever does it.

`keep` is what a worker of this machine does with a finished replication before it tells of it.
"""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from threading import Thread

from sim import engine as engines
from sim.experiment.replicate import Replicated, Task, replicate
from sim.ground.errors import InputError, Problem, RunError
from sim.ground.memory import keep_freed_memory

Done = Generator[tuple[int, Replicated], None, None]
Keep = Callable[[Task, Replicated], Replicated]
IN_HAND = 2  # tasks handed out per worker: none idles, and few finished results wait in memory
TRIED = 2  # tasks per worker by which the length of a study is judged
LONG_S = 8.0
START_S = 1.5  # that long processes take to start; threads go on meanwhile
TRIES = 3  # of a task in whose time a worker process ended
BREAKS = "out of memory, or a script that starts a study outside `if __name__ == '__main__':`"


def given(task: Task, result: Replicated) -> Replicated:
    """The result as it is, kept nowhere."""
    return result


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
    from sim.experiment.cluster import on_cluster

    with closing(on_cluster(tasks, cluster)) as done:
        for position, result in done:
            yield position, keep(tasks[position], result)


def in_turn(tasks: Sequence[Task], keep: Keep = given) -> Done:
    """Each task's position and result, one after the other in this process."""
    for position, task in enumerate(tasks):
        yield position, attempt(task, keep)


def in_threads(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, in order of completion, from `workers` threads of this process."""
    for engine in {task.engine for task in tasks}:
        engines.get_ready(engine)  # once, not in every thread at the same time
    pool = ThreadPoolExecutor(workers)
    try:
        yield from _as_they_finish(pool, dict(enumerate(tasks)), workers, keep)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_threads_if_short(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, from threads as long as less than LONG_S of work is left, else from processes.

    Threads are there at once; but everything except the engine holds the interpreter most of its time, so that two of
    them do 1.7 times the work of one, and two processes, which take seconds to start, twice the work.
    """
    n_tried = min(TRIED * workers, len(tasks))
    began = time.monotonic()
    yield from in_threads(tasks[:n_tried], workers, keep)
    each_s = (time.monotonic() - began) / n_tried
    n_more = len(tasks) - n_tried
    if each_s * n_more > LONG_S:
        _start_fork_server()
        n_more = max(1, int(START_S / each_s))
    yield from _from(n_tried, in_threads(tasks[n_tried : n_tried + n_more], workers, keep))
    yield from _from(n_tried + n_more, in_processes(tasks[n_tried + n_more :], workers, keep))


def _from(first: int, done: Done) -> Done:
    """The same of tasks whose positions begin at `first`."""
    with closing(done):
        for position, result in done:
            yield first + position, result


def in_processes(tasks: Sequence[Task], workers: int, keep: Keep = given) -> Done:
    """Each task's position and result, in order of completion, from `workers` processes, none of them a copy of this one.

    Where a process ends in the middle of its work, the tasks in hand are done again by new ones. Raises RunError
    that names those in whose time that happened again and again.
    """
    left, broken = dict(enumerate(tasks)), Counter[int]()
    while left:
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(min(workers, len(left)), mp_context=_start_fork_server(), initializer=_start_worker)
        in_hand: dict[Future[Replicated], int] = {}
        try:
            for position, result in _as_they_finish(pool, dict(left), workers, keep, in_hand):
                del left[position]
                yield position, result
        except BrokenProcessPool as error:
            pool.shutdown(wait=True, cancel_futures=True)
            broken.update(in_hand.values())
            guilty = [str(tasks[position]) for position in in_hand.values() if broken[position] >= TRIES]
            if guilty:
                raise RunError(f"a worker process ended abruptly, {TRIES} times ({BREAKS}), in {'; '.join(guilty)}") from error
        except BaseException:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()  # not joined here: the pool's own thread does, and two who join lose track of it
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        else:
            pool.shutdown()


def _start_fork_server() -> BaseContext:
    """How processes are started: copied from a server that has no threads and has loaded what they need, where there can be
    one, else from nothing. It makes ready in the background, once for all studies of this process.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.experiment.preload"])
    ensure_running()
    return context


def _as_they_finish(
    pool: Executor, tasks: dict[int, Task], workers: int, keep: Keep, in_hand: dict[Future[Replicated], int] | None = None
) -> Done:
    waiting, in_hand = iter(tasks.items()), {} if in_hand is None else in_hand
    while True:
        while len(in_hand) < IN_HAND * workers and (following := next(waiting, None)):
            in_hand[pool.submit(attempt, following[1], keep)] = following[0]
        if not in_hand:
            return
        for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
            result = future.result()
            yield in_hand.pop(future), result


def attempt(task: Task, keep: Keep = given) -> Replicated:
    """The result of a task, kept. Raises RunError that names it; the faults of the user and of the disk pass through."""
    try:
        result = replicate(task)
    except InputError:
        raise
    except Exception as error:
        raise RunError(f"{task}: {type(error).__name__}: {error}") from error
    return keep(task, result)


def attempted(task: Task) -> Replicated | InputError | RunError:
    """The same for whoever does it elsewhere: what comes back is the result, or the error that `attempt` raises."""
    try:
        return attempt(task)
    except (InputError, RunError) as error:
        return error


def _start_worker() -> None:
    """In a worker process: Ctrl-C is for the parent to understand, and the worker ends with it, even where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
