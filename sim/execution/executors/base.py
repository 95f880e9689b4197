"""What every executor of replications offers, and the loop that the pools share."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple, Protocol

from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.execution.run_task import OnResult, unchanged

IN_HAND = 2  # tasks handed out per worker: none idles, and few finished results wait in memory


class Completed(NamedTuple):
    """A finished task: its position among the tasks, and what `on_result` returned for its result."""

    position: int
    result: ReplicationResult


Completions = Generator[Completed, None, None]


class Executor(Protocol):
    """Does replications. The results are the same for all executors; their order is that of completion.

    An executor is made from the options of the run, and holds nothing between two calls of `run`: worker threads, processes and
    connections begin with the iterator and end with it.
    """

    def __init__(self, options: RunOptions) -> None: ...

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Begin, at once or in the background, what takes a while before the first of these tasks; `run` does it where this was
        not called.
        """

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """Every task once, as they are completed. Closing the iterator drops the tasks that have not begun.

        on_result: called once a task, by the worker if it sees the disk of this machine. Where workers are processes it has to be
        picklable, and a task whose worker is lost is done again.

        Raises RunError that names the task where a replication fails or ends worker after worker, InputError for what the user
        has to put right, and whatever `on_result` raises.
        """


def as_completed(
    tasks: Sequence[Task], n_workers: int, pool: ThreadPoolExecutor, run_task: Callable[[Task, OnResult], ReplicationResult],
    on_result: OnResult,
) -> Completions:  # fmt: skip
    """The tasks, each given to `run_task` in a thread of the pool; at most IN_HAND a worker are handed out at a time."""
    waiting, in_hand = iter(enumerate(tasks)), dict[Future[ReplicationResult], int]()
    while True:
        while len(in_hand) < IN_HAND * n_workers and (following := next(waiting, None)):
            position, task = following
            in_hand[pool.submit(run_task, task, on_result)] = position
        if not in_hand:
            return
        for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
            result = future.result()
            yield Completed(in_hand.pop(future), result)
