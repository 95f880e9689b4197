"""The options of a run: one form of them from the command line to the executor."""

import os
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypedDict

from sim.engine import ENGINES
from sim.ground import arguments
from sim.ground.arguments import checked_call
from sim.ground.errors import InputError
from sim.ground.output_folder import output_folder
from sim.ground.text import Text
from sim.scenario.study_settings import LARGEST_SEED, MOST_REPLICATIONS

Progress = Callable[[int, int, int], None]
Forecast = Callable[[int, float], None]


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
    progress(done, total, flights): called before the first replication and after each; `flights` counts those simulated now ·
    forecast(replications, seconds): called before an analysis simulates, with how many replications are to be done and about how
    long that takes.

    Raises InputError with every value that is not possible.
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
    forecast: Forecast | None = None

    def __post_init__(self) -> None:
        arguments.check(
            arguments.whole_number("seed", self.seed, 0, most=LARGEST_SEED),
            arguments.whole_number("replications", self.replications, 1, most=MOST_REPLICATIONS),
            arguments.whole_number("workers", self.workers, 1),
            arguments.one_of("engine", self.engine, list(ENGINES), optional=True),
            arguments.text("cluster", self.cluster, optional=True),
            arguments.file_path("out", self.out, optional=True),
            arguments.flag("resume", self.resume),
            arguments.flag("again", self.again),
            arguments.function("progress", self.progress, "done, total, flights"),
            arguments.function("forecast", self.forecast, "replications, seconds"),
        )
        for name in ("seed", "replications", "workers"):  # NumPy's whole numbers become Python's, as a manifest needs them
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else int(value))
        object.__setattr__(self, "out", None if self.out is None else output_folder(self.out))

    @property
    def n_workers(self) -> int:
        """How many replications are done at a time on this machine."""
        return cores() if self.workers is None else self.workers

    def with_replications(self, usual: int) -> "RunOptions":
        """These options with the usual number of replications where they name none."""
        return self if self.replications is not None else replace(self, replications=usual)


class RunKeywords(TypedDict, total=False):
    """The fields of `RunOptions` as keyword arguments; `options` holds the values of those that are not named."""

    seed: int | None
    replications: int | None
    workers: int | None
    engine: str | None
    cluster: str | None
    out: str | Path | None
    resume: bool
    again: bool
    progress: Progress | None
    forecast: Forecast | None
    options: RunOptions | None


takes_run_keywords = checked_call({field.name: field.default for field in fields(RunOptions)})
"""The decorator of the functions that take `RunKeywords`."""


def read_options(keywords: RunKeywords) -> RunOptions:
    """The options that keyword arguments name. Raises InputError with every value that is not possible."""
    named: dict[str, Any] = {**keywords}
    options = named.pop("options", None) or RunOptions()
    if not isinstance(options, RunOptions):
        raise InputError(arguments.wrong_type("options", options, Text.same("a sim.RunOptions")))
    return replace(options, **named)
