"""Replications one after the other in this process."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.execution.executors.base import Completed, Completions
from sim.execution.options import RunOptions
from sim.execution.replicate import Task
from sim.execution.run_task import OnResult, run_task, unchanged


@dataclass(frozen=True)
class SerialExecutor:
    """Each task in its turn."""

    options: RunOptions

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Nothing: the first task loads its engine."""

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """See `Executor.run`."""
        for position, task in enumerate(tasks):
            yield Completed(position, run_task(task, on_result))
