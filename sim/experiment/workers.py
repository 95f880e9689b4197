"""Who does the replications: this process in turn, or a pool of processes.

An executor is a generator of (position, result) over the tasks, in whatever order they finish. Another
one (threads for a compiled engine, a cluster) is one more such function and one line in `executor`.
"""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from sim.experiment.replicate import Replicated, Task, replicate
from sim.ground.errors import InputError, Problem, RunError

Done = Generator[tuple[int, Replicated], None, None]
Executor = Callable[[Sequence[Task]], Done]
IN_HAND = 2  # tasks handed out per worker: none idles, and few finished results wait in memory
BREAKS = "out of memory, or a script that starts a study outside `if __name__ == '__main__':`"


def executor(workers: int) -> Executor:
    """The executor for that many workers. Raises InputError below one."""
    if workers < 1:
        raise InputError(Problem("not possible", path="workers", found=str(workers), allowed="1 or more"))
    return in_turn if workers == 1 else lambda tasks: in_processes(tasks, workers)


def in_turn(tasks: Sequence[Task]) -> Done:
    """Each task's position and result, one after the other in this process."""
    for position, task in enumerate(tasks):
        yield position, _attempt(task)


def in_processes(tasks: Sequence[Task], workers: int) -> Done:
    """Each task's position and result, in order of completion, from `workers` spawned processes.

    However it is left (a failure, Ctrl-C), tasks not begun are dropped and the processes ended.
    """
    before = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(tasks)), mp_context=spawn, initializer=_leave_interrupts_to_parent)
    try:
        yield from _as_they_finish(pool, tasks, workers)
    except BaseException:
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()  # not joined here: the pool's own thread does, and two who join lose track of it
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()


def _as_they_finish(pool: ProcessPoolExecutor, tasks: Sequence[Task], workers: int) -> Done:
    waiting = iter(enumerate(tasks))
    running: dict[Future[Replicated], int] = {}
    try:
        while True:
            while len(running) < IN_HAND * workers and (following := next(waiting, None)):
                running[pool.submit(_attempt, following[1])] = following[0]
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                result = future.result()
                yield running.pop(future), result
    except BrokenProcessPool as error:
        in_hand = "; ".join(str(tasks[position]) for position in running.values())
        raise RunError(f"a worker process ended abruptly ({BREAKS}); in hand: {in_hand}") from error


def _attempt(task: Task) -> Replicated:
    """The result of a task. Raises RunError that names it; the user's own faults pass through."""
    try:
        return replicate(task)
    except InputError:
        raise
    except Exception as error:
        raise RunError(f"{task}: {type(error).__name__}: {error}") from error


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
