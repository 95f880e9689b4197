"""The progress of a study on a terminal: replications done, flights a second, time left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, int], None] | None]:
    """What a study calls after each replication (done, total, flights so far); None where nobody watches."""
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
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("replications", total=None, rate=0.0)

        def advance(done: int, total: int, flights: int) -> None:
            bar.update(task, completed=done, total=total, rate=flights / max(time.monotonic() - began, 1e-9))

        yield advance
