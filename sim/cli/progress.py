"""The progress of a study on a terminal: replications done, flights a second, time left."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from sim.cli.language import echo, language_of_command
from sim.engine import get_ready, is_compiled_anew
from sim.ground.text import Text

MOMENT_S = 0.4
COMPILING = Text(
    "compiling the engine (once on this machine, some seconds)",
    "正在編譯模擬引擎（本機只需一次，需時數秒）",
    "正在编译仿真引擎（本机只需一次，需时数秒）",
)
ANEW = Text(
    "The engine is compiled anew in each run, which takes some seconds: what is compiled can't be kept here. "
    "Name a folder that can be written to in NUMBA_CACHE_DIR.",
    "每次執行均須重新編譯模擬引擎，需時數秒，因編譯結果無法在此保存。請在 NUMBA_CACHE_DIR 指明一個可寫入的資料夾。",
    "每次运行均须重新编译仿真引擎，需时数秒，因编译结果无法在此保存。请在 NUMBA_CACHE_DIR 指明一个可写入的文件夹。",
)
REPLICATIONS = Text("replications", "重複", "重复")
PER_SECOND = Text(" flights/s", " 班/秒", " 班/秒")
TIME_LEFT = Text("time left", "尚餘", "剩余")


def engine_made_ready(engine: str) -> None:
    """Get the engine ready, and say so on a terminal if that takes longer than a moment."""
    status = Console(stderr=True).status(COMPILING.in_language(language_of_command()))
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
        echo(ANEW, err=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, int], None] | None]:
    """What a study calls before the first and after each replication (done, total, flights simulated so far).

    None where nobody watches. Replications that an interrupted run had finished count as done, but not for the speed.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    language = language_of_command()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f}" + PER_SECOND.in_language(language)),
        TextColumn(TIME_LEFT.in_language(language)),
        TimeRemainingColumn(),
    )
    tasks: list[TaskID] = []
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True) as bar:

        def advance(done: int, total: int, flights: int) -> None:
            if not tasks:
                tasks.append(bar.add_task(REPLICATIONS.in_language(language), total=total, completed=done, rate=0.0))
            bar.update(tasks[0], total=total, completed=done, rate=flights / max(time.monotonic() - began, 1e-9))

        yield advance
