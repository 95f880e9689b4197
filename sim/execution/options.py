"""The options of a run: one form of them from the command line to the executor."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.ground.errors import InputError, Problem

Progress = Callable[[int, int, int], None]


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a study or an analysis is run. Only `seed` and `replications` move numbers.

    seed, replications: those of the first scenario where None · workers: how many replications are done at a time on this
    machine, as many as it has cores where None · engine: a key of `sim.engine.ENGINES`, the quickest where None · cluster: the
    address of a dask.distributed scheduler whose workers do the replications instead · out: the folder for the results, none
    where None · resume: insist on going on with an interrupted run · again: run anew what stands there finished ·
    progress(done, total, flights): called before the first replication and after each; `flights` counts those simulated now.

    Raises InputError where a value is not possible.
    """

    seed: int | None = None
    replications: int | None = None
    workers: int | None = None
    engine: str | None = None
    cluster: str | None = None
    out: Path | None = None
    resume: bool = False
    again: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise InputError(Problem("not possible", path="workers", found=str(self.workers), allowed="1 or more"))

    @property
    def n_workers(self) -> int:
        """How many replications are done at a time on this machine."""
        return cores() if self.workers is None else self.workers
