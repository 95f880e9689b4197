"""Which executor does a run, and how the measuring one splits its tasks: with clocks and executors of the test's own."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest

from sim import engine as engines
from sim.execution import choose
from sim.execution.choose import EXECUTORS, Clock, MeasuringExecutor, Split, choose_executor, split_rest
from sim.execution.executors.base import Completed, Completions
from sim.execution.executors.cluster import ClusterExecutor
from sim.execution.executors.processes import ProcessExecutor
from sim.execution.executors.serial import SerialExecutor
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.execution.run_task import OnResult, unchanged

N = 11
RESULT = ReplicationResult("base", 0, {}, "", 0, 0, 0, ())


def tasks(engine: str | None = None, n: int = N) -> list[Task]:
    return [Task(SimpleNamespace(name="base"), 7, replication, engine) for replication in range(n)]


needs_numba = pytest.mark.skipif("compiled" not in engines.ENGINES, reason="the compiled engine needs Numba")


@pytest.mark.parametrize(
    ("options", "engine", "n", "expected"),
    [
        ({"workers": 1}, None, N, SerialExecutor),
        ({"workers": 2}, None, 1, SerialExecutor),
        ({"workers": 2}, None, 0, SerialExecutor),
        ({"workers": 2}, "reference", N, ProcessExecutor),
        pytest.param({"workers": 2}, "compiled", N, MeasuringExecutor, marks=needs_numba),
        pytest.param({"workers": 2}, None, N, MeasuringExecutor, marks=needs_numba),
        ({"workers": 1, "cluster": "host:1"}, None, 1, ClusterExecutor),
    ],
)
def test_the_executor_follows_from_options_and_tasks(options: dict[str, object], engine: str, n: int, expected: type) -> None:
    chosen = choose_executor(RunOptions(**options), tasks(engine, n))  # type: ignore[arg-type]
    assert type(chosen) is expected
    assert chosen.options == RunOptions(**options)  # type: ignore[attr-defined, arg-type]


def test_executors_are_imported_when_one_is_chosen() -> None:
    code = "import sys, sim.execution.choose; print(*sorted(name for name in sys.modules if name.startswith('sim.execution.e')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sim.execution.executors", "sim.execution.executors.base"]


@pytest.mark.parametrize(
    ("sample_s", "busy_s", "n_rest", "expected"),
    [
        (4.0, 8.0, 7, Split(threads=2, n_in_threads=7)),  # seven seconds are left: short
        (4.0, 8.0, 8, Split(2, 8)),  # eight: just short
        (4.0, 8.0, 9, Split(2, 1)),  # nine: processes, and one task while they start in 1.5 s
        (1.0, 2.0, 100, Split(2, 6)),  # 1.5 s at 0.25 s each
        (40.0, 80.0, 3, Split(2, 1)),  # one at least, for the threads are there
        (4.0, 5.6, 7, Split(2, 7)),  # 1.4 processors busy: just worth it
        (4.0, 5.5, 7, Split(1, 7)),  # less: the threads are in each other's way
        (4.0, 4.0, 100, Split(1, 1)),
        (0.0, 0.0, 100, Split(1, 100)),  # too quick for the clock
        (4.0, 8.0, 0, Split(2, 0)),
    ],
)
def test_split(sample_s: float, busy_s: float, n_rest: int, expected: Split) -> None:
    assert split_rest(sample_s, busy_s, 4, n_rest, 2) == expected


class Fake:
    """An executor under the name of another, which takes a second a task on the test's clock and notes what it is asked for."""

    elapsed_s = 0.0
    processors = 2.0
    calls: list[tuple[str, int, int]]

    def __init__(self, options: RunOptions) -> None:
        self.options = options

    def get_ready(self, tasks: Sequence[Task]) -> None:
        Fake.calls.append((f"{self.name} get ready", len(tasks), self.options.n_workers))

    def run(self, tasks: Sequence[Task], on_result: OnResult = unchanged) -> Completions:
        Fake.calls.append((self.name, len(tasks), self.options.n_workers))
        for position in reversed(range(len(tasks))):
            Fake.elapsed_s += 1.0
            yield Completed(position, on_result(tasks[position], RESULT))

    name = ""


class FakeThreads(Fake):
    name = "threads"


class FakeProcesses(Fake):
    name = "processes"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.setitem(EXECUTORS, "threads", f"{__name__}:FakeThreads")
    monkeypatch.setitem(EXECUTORS, "processes", f"{__name__}:FakeProcesses")
    monkeypatch.setattr(choose, "resolve_name", lambda place: globals()[place.rpartition(":")[2]])
    Fake.calls = []
    return Clock(lambda: Fake.elapsed_s, lambda: Fake.processors * Fake.elapsed_s)


def run(clock: Clock, n: int = N) -> list[tuple[str, int, int]]:
    positions = [position for position, _ in MeasuringExecutor(RunOptions(workers=2), clock).run(tasks(n=n))]
    assert sorted(positions) == list(range(n))
    return [call for call in Fake.calls if call[0] != "threads get ready"]


def test_a_short_study_stays_in_threads(clock: Clock) -> None:
    assert run(clock) == [("threads", 4, 2), ("threads", 7, 2)]


def test_a_long_study_goes_on_in_processes(clock: Clock) -> None:
    assert run(clock, 30) == [("threads", 4, 2), ("processes get ready", 25, 2), ("threads", 1, 2), ("processes", 25, 2)]


def test_threads_that_are_in_each_others_way_become_one(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "processors", 1.1)
    assert run(clock) == [("threads", 4, 2), ("threads", 7, 1)]


def test_a_study_may_be_over_with_the_sample(clock: Clock) -> None:
    assert run(clock, 3) == [("threads", 3, 2)]


def test_closing_closes_the_executor_at_work(clock: Clock) -> None:
    completions = MeasuringExecutor(RunOptions(workers=2), clock).run(tasks())
    assert next(completions).position == 3
    completions.close()
    assert run(clock, 0) == [("threads", 4, 2)]
