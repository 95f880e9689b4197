"""Replications on other machines: an existing `dask.distributed` scheduler and its workers.

Replications travel in batches, because each message costs about as much as a tenth of a small replication;
their results come back as Arrow bytes. A worker that ends in mid-study costs the time of its batches.

The scenario travels with each batch. Scattered once, it would be lost with the workers that hold it.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

import sim
from sim.execution.executors.base import Completed, Completions
from sim.execution.fingerprint import model_fingerprint
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.execution.run_task import OnResult, run_task_captured, unchanged
from sim.ground.errors import InputError, Problem, RunError
from sim.ground.text import SEMICOLON, Text

if TYPE_CHECKING:
    from distributed import Client, Future

_NEEDS_PACKAGE = Text("this needs the package 'distributed'", "此項需要 distributed 套件", "此项需要 distributed 软件包")
_INSTALL = Text("pip install '.[cluster]'", "執行 pip install '.[cluster]'", "运行 pip install '.[cluster]'")
_NOT_INSTALLED = Text("not installed", "未安裝", "未安装")
_NO_SCHEDULER = Text("no scheduler answers there: {why}", "該處沒有調度器回應：{why}", "该处没有调度器回应：{why}")
_AN_ADDRESS = Text("host:port of a dask scheduler", "dask 調度器的「主機:埠」", "dask 调度器的“主机:端口”")
_NO_WORKER = Text("the scheduler has no worker", "調度器沒有工作程序", "调度器没有工作进程")
_SCHEDULER = Text("the scheduler", "調度器", "调度器")
_WORKER = Text("the worker at {address}", "位於 {address} 的工作程序", "位于 {address} 的工作进程")
_A_WORKER = Text("a worker", "一個工作程序", "一个工作进程")
_OTHER_VERSION = Text(
    "{machine} has another version of this package or its libraries",
    "{machine}的本套件或其程式庫版本不同",
    "{machine}的本软件包或其程序库版本不同",
)
_CANNOT_LOAD = Text("{machine} can't load this package", "{machine}無法載入本套件", "{machine}无法加载本软件包")
_MORE = Text("and {n} more", "另有 {n} 項", "另有 {n} 项")
_LOST = Text(
    "the cluster was lost, or gave up: {why}; in hand: {tasks}",
    "與叢集失去聯繫，或叢集已放棄：{why}；進行中：{tasks}",
    "与集群失去联系，或集群已放弃：{why}；进行中：{tasks}",
)

CONNECT_S = 15  # that long a scheduler may take to answer, and to have its first worker
BATCH_S = 1.0  # about that long a batch should take
LARGEST_BATCH = 50
IN_HAND = 2  # batches handed out per thread of a worker: none idles, and few finished results wait in memory
NAMED = 5  # replications in hand, when the cluster is lost
NUMERIC = ("numpy", "scipy")  # the libraries whose next version may round otherwise
NumberedTask = tuple[int, Task]  # position; the scenario, which is the same for a whole batch, travels beside it
Answer = tuple[int, ReplicationResult | Exception]


@dataclass(frozen=True)
class ClusterExecutor:
    """The workers of the dask scheduler whose address the options have.

    They do not see the disk of this machine, so `on_result` is called here, by whoever asks for the next result.
    """

    options: RunOptions

    def get_ready(self, tasks: Sequence[Task]) -> None:
        """Nothing: scheduler and workers are there, and load what they need by themselves."""

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        """See `Executor.run`.

        Raises InputError where there is no such scheduler, it has no worker, or its workers have another version of this
        package; RunError where the connection is lost or a batch ends one worker after another.
        """
        address = self.options.cluster or ""
        with _connected(address) as client:
            _check_machines(client, address)
            batches = _Batches(client, tasks)
            with closing(_answers(client, batches)) as answers:
                for position, answer in answers:
                    if isinstance(answer, Exception):
                        raise answer
                    yield Completed(position, on_result(tasks[position], answer))


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    """A client of the scheduler; when it goes, the scheduler drops what is still under way for it."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(Problem(_NEEDS_PACKAGE, path="cluster", found=_NOT_INSTALLED, allowed=_INSTALL)) from None
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError
        message = _NO_SCHEDULER.fill(why=error)
        raise InputError(Problem(message, path="cluster", found=Text.same(address), allowed=_AN_ADDRESS)) from None
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_S)


def software() -> str:
    """What a machine computes with, in words: equal for two machines exactly where their numbers are."""
    libraries = ", ".join(f"{name} {version(name)}" for name in NUMERIC)
    return f"version {sim.__version__}, model {model_fingerprint()[:12]}, {libraries}"


def _check_machines(client: "Client", address: str) -> None:
    """All must have this very model: a worker with another gives other numbers, and the scheduler reads what it hands on."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        raise InputError(Problem(_NO_WORKER, path="cluster", found=Text.same(address))) from None
    try:
        answers = {_SCHEDULER: client.run_on_scheduler(software)}
    except ImportError as error:
        answers = {_SCHEDULER: error}
    workers: dict[str, Any] = client.run(software, on_error="return")
    answers |= {_WORKER.fill(address=worker): workers[worker] for worker in sorted(workers)}
    problems = [problem for machine, answer in answers.items() if (problem := _other_version(machine, answer))]
    if problems:
        raise InputError(*problems)


def _other_version(machine: Text, answer: Any) -> Problem | None:
    """What is wrong with a machine that answered this to `software`; None also for one that is merely gone (an OSError)."""
    if isinstance(answer, OSError) or answer == software():
        return None
    if isinstance(answer, str):
        return Problem(
            _OTHER_VERSION.fill(machine=machine), path="cluster", found=Text.same(answer), allowed=Text.same(software())
        )
    return Problem(
        _CANNOT_LOAD.fill(machine=machine),
        path="cluster",
        found=Text.same(f"{type(answer).__name__}: {answer}"),
        allowed=Text.same(software()),
    )


def _answers(client: "Client", batches: "_Batches") -> Generator[Answer, None, None]:
    """Position and result, or error, of every task, batch by batch as they are completed."""
    from distributed import as_completed

    with _loss_as_error(batches):
        completed = as_completed(batches.next_ones(), loop=client.loop)
        for future in completed:
            answers, seconds = future.result()
            batches.note(future, len(answers), seconds)
            for following in batches.next_ones():
                completed.add(following)
            yield from answers


@contextmanager
def _loss_as_error(batches: "_Batches") -> Iterator[None]:
    """Raises RunError, with what was in hand, for a lost scheduler and for a batch that ended every worker it was given to."""
    try:
        yield
    except (InputError, RunError):
        raise
    except Exception as error:
        names = [name for batch in batches.running.values() for name in batch]
        listed = SEMICOLON.join([*names[:NAMED], *([_MORE.fill(n=len(names) - NAMED)] if len(names) > NAMED else [])])
        raise RunError(_LOST.fill(why=f"{type(error).__name__}: {error}", tasks=listed)) from error


class _Batches:
    """The tasks that are still to be handed out, in batches as large as the time of the last one suggests."""

    def __init__(self, client: "Client", tasks: Sequence[Task]) -> None:
        self.client = client
        self.queues = [(scenario, iter(list(group))) for scenario, group in _by_scenario(tasks)]
        self.size = 1
        self.running: dict[Future[Any], list[Text]] = {}  # with the names of what is in it

    def next_ones(self) -> "list[Future[Any]]":
        """Batches handed out now, so that every worker has something to do."""
        handed_out = []
        while self.queues and len(self.running) < IN_HAND * max(sum(self.client.nthreads().values()), 1):
            scenario, numbered_tasks = self.queues[0]
            batch = list(islice(numbered_tasks, self.size))
            if batch:
                light = [(position, replace(task, scenario=None)) for position, task in batch]
                future = self.client.submit(_do, scenario, light, software(), pure=False)
                self.running[future] = [task.in_words() for _, task in batch]
                handed_out.append(future)
            else:
                self.queues.pop(0)
        return handed_out

    def note(self, future: "Future[Any]", n: int, seconds: float) -> None:
        """A batch of n replications took that long."""
        del self.running[future]
        self.size = min(max(int(BATCH_S * n / max(seconds, 1e-3)), 1), LARGEST_BATCH)


def _by_scenario(tasks: Sequence[Task]) -> Iterator[tuple[Any, Iterator[NumberedTask]]]:
    return groupby(enumerate(tasks), lambda numbered: numbered[1].scenario)


def _do(scenario: Any, batch: list[NumberedTask], expected: str) -> tuple[list[Answer], float]:
    """On a worker: the answers to a batch of one scenario's replications, up to the first failure, and the seconds it took.

    expected: the `software` that the worker must have. It may have come after the others were asked what they have.
    """
    if (mine := software()) != expected:
        problem = Problem(
            _OTHER_VERSION.fill(machine=_A_WORKER), path="cluster", found=Text.same(mine), allowed=Text.same(expected)
        )
        return [(batch[0][0], InputError(problem))], 0.0
    began = time.monotonic()
    answers: list[Answer] = []
    for position, task in batch:
        answers.append((position, run_task_captured(replace(task, scenario=scenario))))
        if isinstance(answers[-1][1], Exception):
            break
    return answers, time.monotonic() - began
