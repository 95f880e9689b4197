"""Which executor does the replications of a run."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import NamedTuple, cast

from sim.engine import default_engine
from sim.execution.allocator import keep_freed_memory
from sim.execution.executors.base import Completed, Completions, Executor
from sim.execution.options import RunOptions
from sim.execution.replicate import Task
from sim.execution.run_task import OnResult, unchanged

EXECUTORS = {
    "serial": "sim.execution.executors.serial:SerialExecutor",
    "threads": "sim.execution.executors.threads:ThreadExecutor",
    "processes": "sim.execution.executors.processes:ProcessExecutor",
    "cluster": "sim.execution.executors.cluster:ClusterExecutor",
}
"""The executors by name: module and class, imported when one is chosen."""

SAMPLED = 2  # tasks a worker that are measured: a worker's first one is slower than those that follow
LONG_S = 8.0  # work that is left, on all workers, from which on the start of processes pays: several times START_S
START_S = 1.5  # that long processes take to start, measured with the fork server; threads go on meanwhile
WORTH = 1.4  # processors that threads must keep busy: below, waiting for the interpreter costs more than the second thread does


class Clock(NamedTuple):
    """Two clocks in seconds, from any zero: elapsed_s, and busy_s, the processor time of this process."""

    elapsed_s: Callable[[], float]
    busy_s: Callable[[], float]


SYSTEM_CLOCK = Clock(time.monotonic, time.process_time)


def make_executor(name: str, options: RunOptions) -> Executor:
    """The executor of that name in EXECUTORS."""
    return cast(Executor, resolve_name(EXECUTORS[name])(options))


def choose_executor(options: RunOptions, tasks: Sequence[Task], clock: Clock = SYSTEM_CLOCK) -> Executor:
    """The executor that does these tasks as the options ask.

    A cluster if one is named. Else, on this machine: one task at a time with a single worker; processes for an engine that holds
    the interpreter; for the compiled one, which lets go of it, threads first, and whatever is quicker for the rest.
    """
    keep_freed_memory()  # of this process, which evaluates the results whoever does the replications
    if options.cluster is not None:
        return make_executor("cluster", options)
    if options.n_workers == 1 or len(tasks) < 2:
        return make_executor("serial", options)
    if any((task.engine or default_engine()) != "compiled" for task in tasks):
        return make_executor("processes", options)
    return MeasuringExecutor(options, clock)


class Split(NamedTuple):
    """How the tasks after the sample are done: the first n_in_threads by so many threads, the others by processes."""

    threads: int
    n_in_threads: int


def split_rest(sample_s: float, busy_s: float, n_sampled: int, n_rest: int, n_workers: int) -> Split:
    """The split of n_rest tasks after n_sampled ones have taken sample_s seconds in n_workers threads, busy_s of processor time.

    All in threads if less than LONG_S of work is left; else processes as soon as they have started, and threads meanwhile. In one
    thread where several kept fewer than WORTH processors busy.

    Threads begin at once, but everything except the engine holds the interpreter most of its time. Of large replications two of
    them do 1.7 times the work of one, of small ones 0.7 times, which shows in the processors that they keep busy. Two processes,
    which take seconds to start, do twice the work.
    """
    sample_s = max(sample_s, 1e-6)
    each_s = sample_s / n_sampled
    threads = n_workers if busy_s / sample_s >= WORTH else 1
    if each_s * n_rest <= LONG_S:
        return Split(threads, n_rest)
    return Split(threads, min(max(1, int(START_S / each_s)), n_rest))


@dataclass(frozen=True)
class MeasuringExecutor:
    """Threads for the first tasks, which are measured; then what `split_rest` finds quicker."""

    options: RunOptions
    clock: Clock = SYSTEM_CLOCK

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Load the engines."""
        make_executor("threads", self.options).get_ready(tasks)

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """See `Executor.run`."""
        n_workers = self.options.n_workers
        n_sampled = min(SAMPLED * n_workers, len(tasks))
        if not n_sampled:
            return
        self.get_ready(tasks)
        elapsed_s, busy_s = self.clock.elapsed_s(), self.clock.busy_s()
        yield from self._slice("threads", n_workers, tasks, 0, n_sampled, on_result)
        elapsed_s, busy_s = self.clock.elapsed_s() - elapsed_s, self.clock.busy_s() - busy_s
        split = split_rest(elapsed_s, busy_s, n_sampled, len(tasks) - n_sampled, n_workers)
        end = n_sampled + split.n_in_threads
        if end < len(tasks):
            make_executor("processes", self.options).get_ready(tasks[end:])
        yield from self._slice("threads", split.threads, tasks, n_sampled, end, on_result)
        yield from self._slice("processes", n_workers, tasks, end, len(tasks), on_result)

    def _slice(self, name: str, n_workers: int, tasks: Sequence[Task], begin: int, end: int, on_result: OnResult) -> Completions:
        """tasks[begin:end] by an executor; positions are those among all tasks."""
        if begin == end:
            return
        executor = make_executor(name, replace(self.options, workers=n_workers))
        with closing(executor.run(tasks[begin:end], on_result)) as completions:
            for position, result in completions:
                yield Completed(begin + position, result)
