"""Replications in threads of this process: quick to begin, and side by side as long as the engine lets go of the interpreter."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sim import engine as engines
from sim.execution.executors.base import Completions, as_completed
from sim.execution.options import RunOptions
from sim.execution.replicate import Task
from sim.execution.run_task import OnResult, run_task, unchanged


@dataclass(frozen=True)
class ThreadExecutor:
    """As many threads as the options name workers."""

    options: RunOptions

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Load the engines once, not in every thread at the same time."""
        for engine in {task.engine for task in tasks}:
            engines.get_ready(engine)

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """See `Executor.run`."""
        self.get_ready(tasks)
        pool = ThreadPoolExecutor(self.options.n_workers)
        try:
            yield from as_completed(tasks, self.options.n_workers, pool, run_task, on_result)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
