"""The progress of a study on a terminal: replications done, flights a second, time left."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from sim.engine import get_ready, is_compiled_anew

MOMENT_S = 0.4
ANEW = (
    "The engine is compiled anew in each run, which takes some seconds: what is compiled can't be kept here. "
    "Name a folder that can be written to in NUMBA_CACHE_DIR."
)


def engine_made_ready(engine: str) -> None:
    """Get the engine ready, and say so on a terminal if that takes longer than a moment."""
    status = Console(stderr=True).status("compiling the engine (once on this machine, some seconds)")
    shown = threading.Timer(MOMENT_S, status.start)
    if Console(stderr=True).is_terminal:
        shown.start()
    try:
        get_ready(engine)
    finally:
        shown.cancel()
        if shown.is_alive():
            shown.join()
        status.stop()
    if is_compiled_anew(engine):
        click.echo(ANEW, err=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, int], None] | None]:
    """What a study calls before the first and after each replication (done, total, flights simulated so far).

    None where nobody watches. Replications that an interrupted run had finished count as done, but not for the speed.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f} flights/s"),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    tasks: list[TaskID] = []
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True) as bar:

        def advance(done: int, total: int, flights: int) -> None:
            if not tasks:
                tasks.append(bar.add_task("replications", total=total, completed=done, rate=0.0))
            bar.update(tasks[0], total=total, completed=done, rate=flights / max(time.monotonic() - began, 1e-9))

        yield advance
