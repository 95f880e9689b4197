"""How long replications will take, from a few of them that are done on trial."""

import time
from collections.abc import Callable, Sequence

from sim.execution.choose import LONG_S, START_S
from sim.execution.options import RunOptions
from sim.execution.replicate import Task, replicate

TRIED = 3  # tasks, besides the one that warms up
FEWEST = 12  # tasks from which on a forecast is worth its trial
GAIN = 1.3  # of threads on several cores, for small replications


def forecast_s(
    tasks: Sequence[Task],
    options: RunOptions,
    replicate: Callable[[Task], object] = replicate,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The seconds that these tasks will take as the options ask, on this machine.

    The first is done to warm up, then TRIED of them, evenly spaced; their results are thrown away.
    """
    replicate(tasks[0])
    tried = [tasks[(2 * number + 1) * len(tasks) // (2 * TRIED)] for number in range(TRIED)]
    began = clock()
    for task in tried:
        replicate(task)
    work_s = (clock() - began) / len(tried) * len(tasks)
    workers = min(options.n_workers, len(tasks))
    if workers == 1:
        return work_s
    return work_s / GAIN if work_s <= LONG_S else START_S + work_s / workers
