"""The options that say how a study or an analysis is run, made from the fields of `sim.RunOptions`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.analysis.design_run import DesignRun
from sim.archive.layout import CHARTS, REPORT
from sim.cli.language import echo, language_of_command
from sim.cli.output import note_kept
from sim.cli.progress import engine_made_ready, progress_bar
from sim.engine import default_engine
from sim.execution.options import RunOptions
from sim.ground.text import Text

Command = TypeVar("Command", bound=Callable[..., Any])

HELD_ALREADY = Text(
    "{folder} held these replications already (same scenarios, seed and version); --again runs them anew.",
    "{folder} 已有這些重複的結果（情景、種子及版本相同）；加上 --again 可重新模擬。",
    "{folder} 已有这些重复的结果（情景、种子及版本相同）；加上 --again 可重新仿真。",
)
TO_SIMULATE = Text(
    "{n} replications to simulate: about {duration}, some more to evaluate",
    "須模擬 {n} 次重複，約需 {duration}，其後整理結果另需少許時間",
    "须仿真 {n} 次重复，约需 {duration}，其后整理结果另需少许时间",
)
SECONDS, MINUTES, HOURS = (
    Text("{n} s", "{n} 秒", "{n} 秒"),
    Text("{n} min", "{n} 分鐘", "{n} 分钟"),
    Text("{n} h", "{n} 小時", "{n} 小时"),
)
OPTIONS: dict[str, dict[str, Any]] = {
    "seed": {"type": int, "help": "Seed of all random numbers  [default: the first scenario's]"},
    "replications": {"type": int, "help": "Number of replications  [default: the first scenario's, unless told]"},
    "out": {
        "type": click.Path(path_type=Path), "help": "Folder for the results  [default: one in out/ named after them]"
    },
    "workers": {
        "type": click.IntRange(min=1), "help": "How many at a time; the numbers are the same  [default: the cores]"
    },
    "cluster": {"metavar": "ADDRESS", "help": "Let the workers of a dask.distributed scheduler do the replications."},
    "engine": {"metavar": "NAME", "help": "compiled or reference; the numbers are the same  [default: compiled]"},
    "resume": {
        "is_flag": True, "help": "Insist on going on with an interrupted run; without it that is done if possible."
    },
    "again": {"is_flag": True, "help": "Run it anew, even if it stands there finished."},
}  # fmt: skip
"""By field of RunOptions: how the command line asks for it, in the order of the help."""
NOT_OPTIONS = ("progress", "forecast")  # shown without being asked for


def with_run_options(command: Command) -> Command:
    """The command with these options; it takes their values as keyword arguments, for `read_run_options`."""
    for name, settings in reversed(OPTIONS.items()):
        command = click.option(f"--{name}", **settings)(command)
    return command


def read_run_options(values: dict[str, Any], default_out: str) -> RunOptions:
    """The options of the command line; without --out in a folder of out/. Raises InputError for what is not possible."""

    return RunOptions(**{**values, "out": values["out"] or Path("out") / default_out})


def run_analysis(options: RunOptions, analysis: Callable[[RunOptions], DesignRun]) -> DesignRun:
    """The analysis, with progress shown, its answer printed last, at the width of the terminal, and where its files are."""
    from rich.console import Console

    from sim.report.as_terminal import print_blocks
    from sim.report.kept_blocks import read_content

    if options.cluster is None:
        engine_made_ready(options.engine or default_engine())
    with progress_bar() as progress:
        result = analysis(replace(options, progress=progress, forecast=tell_forecast))
    note_kept(result.folder)
    print_blocks(read_content(result.files, language_of_command()), Console(highlight=False))
    click.echo(f"\n{result.folder}: {', '.join(listed(result.files))}")
    if result.reused:
        echo(HELD_ALREADY.fill(folder=result.folder))
    return result


def tell_forecast(replications: int, seconds: float) -> None:
    """Before an analysis starts, on stderr: how much is to be simulated, and about how long it takes."""
    echo(TO_SIMULATE.fill(n=f"{replications:,}", duration=in_words(seconds)), err=True)


def in_words(seconds: float) -> Text:
    """A duration of which one digit or two are known: "20 s", "4 min", "1.5 h"."""
    if seconds < 90:
        return SECONDS.fill(n=f"{max(seconds, 1):.0f}")
    return MINUTES.fill(n=f"{seconds / 60:.0f}") if seconds < 90 * 60 else HOURS.fill(n=f"{seconds / 3600:.1f}")


def listed(folder: Path) -> list[str]:
    """The tables and folders of an analysis that a reader may open."""

    return [
        *sorted(path.name for path in folder.glob("*.csv")),
        *(f"{name}/" for name in (CHARTS, REPORT) if (folder / name).is_dir()),
    ]


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
