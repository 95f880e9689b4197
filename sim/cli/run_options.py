"""The options that say how an experiment is run: the same for every command that simulates."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sim.analysis.design_run import Survey
    from sim.execution.options import Progress

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--seed", type=int, help="Seed of all random numbers  [default: the first scenario's]"),
    click.option("--replications", type=int, help="Number of replications  [default: the first scenario's, unless told]"),
    click.option(
        "--out", type=click.Path(path_type=Path), help="Folder for the results  [default: one in out/ named after them]"
    ),
    click.option(
        "--workers", type=click.IntRange(min=1), help="How many at a time; the numbers are the same  [default: the cores]"
    ),
    click.option("--cluster", metavar="ADDRESS", help="Let the workers of a dask.distributed scheduler do the replications."),
    click.option("--engine", metavar="NAME", help="compiled or reference; the numbers are the same  [default: compiled]"),
    click.option(
        "--resume", is_flag=True, help="Insist on going on with an interrupted run; without it that is done if possible."
    ),
    click.option("--again", is_flag=True, help="Run it anew, even if it stands there finished."),
)


def with_means(command: Command) -> Command:
    """The command with these options; it takes what they say as keyword arguments, for `Run.of`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class Run:
    """What the options said."""

    seed: int | None
    replications: int | None
    out: Path
    workers: int
    cluster: str | None
    engine: str | None
    resume: bool
    again: bool

    @classmethod
    def of(cls, said: dict[str, Any], default_out: str) -> "Run":
        """The options as they were said; without --out in a folder of out/."""
        told = {**said, "out": said["out"] or Path("out") / default_out, "workers": said["workers"] or cores()}
        return cls(**told)

    def means(self, progress: "Progress | None") -> Any:
        """The same for an analysis (`sim.analysis.design_run.Means`)."""
        from sim.analysis.design_run import Means

        return Means(**self.__dict__, progress=progress)


def conducted(run: Run, analysis: Callable[[Any], "Survey"]) -> "Survey":
    """What the analysis makes of the means, with progress shown, its printed answer shown last, and where its files are."""
    from sim.cli.progress import engine_made_ready, progress_bar
    from sim.engine import default_engine
    from sim.report.analyses import ANSWER

    if run.cluster is None:
        engine_made_ready(run.engine or default_engine())
    with progress_bar() as progress:
        found = analysis(run.means(progress))
    click.echo((found.files / ANSWER).read_text(encoding="utf-8"), nl=False)
    click.echo(f"\n{run.out}: {', '.join(listed(run.out))}.")
    if found.reused:
        click.echo(f"{run.out} held these replications already (same scenarios, seed and version); --again runs them anew.")
    return found


def listed(folder: Path) -> list[str]:
    """The listings and folders of an analysis that a reader may open."""
    return [
        *sorted(path.name for path in folder.glob("*.csv")),
        *(f"{name}/" for name in ("charts", "report") if (folder / name).is_dir()),
    ]


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
MEASURE = click.option(
    "--measure", metavar="KEY", default="", help="The measure asked about  [default: the one that answers the question]"
)
LEAVE = click.option(
    "--leave", multiple=True, metavar="PATH", help="World parameters, or groups of them, that keep their values."
)
VARY = click.option(
    "--vary", multiple=True, metavar="PATH=VALUES",
    help="A parameter with its values (A,B,C) or its range (LOW..HIGH); PATH alone: its plausible range.",
)  # fmt: skip
