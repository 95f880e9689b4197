"""Replications in worker processes of this machine, each with a pipe of its own.

The standard library's pool has one queue for the results of all: a worker that is killed while it writes there keeps the
queue's lock for ever, and everybody waits. Here a killed worker takes nothing with it but its own pipe.
"""

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from pickle import PicklingError

from sim.execution.allocator import keep_freed_memory
from sim.execution.executors.base import Completions, as_completed
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.execution.run_task import OnResult, run_task_captured, unchanged
from sim.ground.errors import RunError
from sim.ground.text import Text

TRIES = 3  # of a task in whose time a worker process ended
_ENDED_ABRUPTLY = Text(
    "a worker process ended abruptly, {n} times (out of memory, or a script that starts a study outside `if __name__ == "
    "'__main__':`), in {task}",
    "工作程序 {n} 次突然終止（記憶體不足，或程式在 `if __name__ == '__main__':` 以外開始研究）：{task}",
    "工作进程 {n} 次突然终止（内存不足，或程序在 `if __name__ == '__main__':` 以外开始研究）：{task}",
)
_ENDED = Text("the worker processes have been ended", "工作程序已結束", "工作进程已结束")
_NOT_SENT = Text("{task}: its result can't be sent: {why}", "{task}：結果無法傳送：{why}", "{task}：结果无法传送：{why}")


@dataclass(frozen=True)
class ProcessExecutor:
    """As many processes as the options name workers, none of them a copy of this one.

    Each process has a thread here that talks to it alone. Where a process ends in the middle of a task, or of sending its result,
    the task is done again by a new process; RunError if that happens TRIES times.
    """

    options: RunOptions

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Start the server that processes are copied from, in the background."""
        start_fork_server()

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """See `Executor.run`."""
        if not tasks:
            return
        n_workers = self.options.n_workers
        pool, processes = ThreadPoolExecutor(min(n_workers, len(tasks))), _Processes()
        try:
            yield from as_completed(tasks, n_workers, pool, processes.run_task, on_result)
        finally:
            processes.close()  # first: a thread that waits for an answer then waits no more
            pool.shutdown(wait=True, cancel_futures=True)


class _Processes:
    """A worker process for each thread that has a task done."""

    def __init__(self) -> None:
        self._context = start_fork_server()
        self._of_thread = threading.local()
        self._workers: list[_Worker] = []
        self._changing = threading.Lock()
        self._is_closed = False

    def run_task(self, task: Task, on_result: OnResult) -> ReplicationResult:
        """The result of a task from the calling thread's process, or from a new one where that ends in the middle of it.

        Raises what `sim.execution.run_task.run_task` raises, and RunError for a task in whose time processes end TRIES times.
        """
        for _ in range(TRIES):
            worker = self._worker_of_this_thread()
            try:
                answer = worker.answer(task, on_result)
            except (EOFError, OSError):  # it has ended: its pipe is closed, or was in the middle of an answer
                worker.end()
                del self._of_thread.worker
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        raise RunError(_ENDED_ABRUPTLY.fill(n=TRIES, task=task.in_words()))

    def close(self) -> None:
        """End all processes, whatever they do. A thread that waits for an answer gets an error, later calls raise RunError."""
        self._is_closed = True  # before the lock, which may be held until a process has started
        with self._changing:
            for worker in self._workers:
                worker.end()

    def _worker_of_this_thread(self) -> "_Worker":
        if not hasattr(self._of_thread, "worker"):
            with self._changing:
                if self._is_closed:
                    raise RunError(_ENDED)
                self._of_thread.worker = _Worker(self._context)
                self._workers.append(self._of_thread.worker)
        return self._of_thread.worker  # type: ignore[no-any-return]


class _Worker:
    """A process that does the tasks it is sent."""

    def __init__(self, context: BaseContext) -> None:
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        with _readable_main():
            self._process.start()
        theirs.close()  # else the pipe would not end with the process
        self._ending = threading.Lock()

    def answer(self, task: Task, on_result: OnResult) -> ReplicationResult | Exception:
        self._pipe.send((task, on_result))
        return self._pipe.recv()  # type: ignore[no-any-return]

    def end(self) -> None:
        with self._ending:  # two who join a process lose track of it
            self._process.kill()  # what it was writing is either there as a whole or not at all
            self._process.join()


@contextmanager
def _readable_main() -> Iterator[None]:
    """Hides the name of a main module that is no file, such as <stdin>: a new process would try to read it and end."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if file is None or Path(file).exists():
        yield
        return
    del main.__file__
    try:
        yield
    finally:
        main.__file__ = file


def start_fork_server() -> BaseContext:
    """How processes are started: copied from a server that has no threads and has loaded what they need, where there can be
    one, else from nothing. It makes ready in the background, once for all studies of this process.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.execution.worker_preload"])
    ensure_running()
    return context


def _serve(pipe: Connection) -> None:
    """In a worker process: do tasks until the pipe is closed. Ctrl-C is left to the parent; the worker ends with its parent, even
    where that is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError):  # the parent has closed the pipe
        while True:
            task, on_result = pipe.recv()
            answer = run_task_captured(task, on_result)
            if isinstance(answer, Exception):
                answer.add_note("".join(traceback.format_exception(answer)))  # which would not travel by itself
            try:
                pipe.send(answer)
            except (PicklingError, AttributeError, TypeError) as error:
                pipe.send(RunError(_NOT_SENT.fill(task=task.in_words(), why=error)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
