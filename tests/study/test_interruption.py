"""Studies that are interrupted, for real: no finished replication is lost, and going on gives the same bytes."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.archive import study_folder
from sim.archive.checkpoint import unfinished_in
from sim.execution import run_task
from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.ground.errors import InputError, Interrupted, RunError
from sim.ground.text import Text
from sim.study import study
from tests.conftest import MakeStudy
from tests.tiers import slow

ROOT = Path(__file__).resolve().parents[2]
N = 6  # replications of each of two scenarios


@pytest.fixture(scope="module")
def undisturbed(make_study: MakeStudy) -> Path:
    """The study as it is when nothing happens to it."""
    return make_study(replications=N)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The replications that are really done in this process."""
    tasks: list[Task] = []

    def noted(task: Task) -> ReplicationResult:
        tasks.append(task)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    return tasks


def same_study(one: Path, other: Path) -> None:
    """Byte for byte, but for when and how it was run."""
    names = study_folder.files_of(one)
    assert names == study_folder.files_of(other)
    assert "flights.parquet" in names
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    manifests = [study_folder.read_manifest(folder) for folder in (one, other)]
    for manifest in manifests:
        del manifest["run"]
    assert json.dumps(manifests[0]) == json.dumps(manifests[1])


def kept(out: Path) -> int:
    """How many finished replications wait beside a study's folder."""
    return sum(n for name, _, _, n in unfinished_in(out.parent) if name == out.name)


def command(out: Path, scenarios: list[Path], *more: str) -> list[str]:
    files = [str(path) for path in scenarios]
    always = ("--replications", str(N), "--out", str(out), "--no-charts")
    return [sys.executable, "-m", "sim", "run", *files, *always, *more]


def start(out: Path, scenarios: list[Path], *more: str, **options: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(out, scenarios, *more), cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )


def wait_until(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.takes(10)
@pytest.mark.parametrize("engine", ["compiled", slow("reference")])
@pytest.mark.parametrize("n_workers", [slow("1"), "2"])
@pytest.mark.parametrize("stop", [pytest.param(signal.SIGKILL, id="killed"), slow(signal.SIGINT, name="interrupted")])
def test_a_stopped_study_is_gone_on_with(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, stop: signal.Signals, n_workers: str, engine: str, done: list[Task]
) -> None:
    out = tmp_path / "results" / "out"
    process = start(out, scenarios, "--workers", n_workers, "--engine", engine, start_new_session=True)
    wait_until(lambda: kept(out) > 0, process)
    if stop is signal.SIGINT:
        process.send_signal(stop)
    else:
        os.killpg(process.pid, stop)
    _, told = process.communicate(timeout=120)
    n_kept = kept(out)
    if not out.exists():  # else it was quicker than the signal
        assert 0 < n_kept <= 2 * N
        if stop is signal.SIGINT:
            assert process.returncode == 130
            assert f"{n_kept} of {2 * N} replications are finished and kept: the same command goes on from there" in told
        resumed = sim.run(scenarios, replications=N, out=out, resume=True)
        assert len(done) == 2 * N - n_kept
        assert resumed.manifest.run.replications_kept == n_kept
    same_study(undisturbed, out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def below(pid: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(descendant for child in children for descendant in below(child))]


def test_ctrl_c_that_a_library_swallows_still_stops_the_study(
    scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallowed(task: Task) -> ReplicationResult:
        if task.replication == 2:
            with suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(10)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", swallowed)
    with pytest.raises(Interrupted, match="3 of 12 replications are finished and kept"):
        sim.run(scenarios, replications=N, workers=1, out=tmp_path / "out")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_program_itself_is_left_alone(scenarios: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []

    def noted(task: Task) -> ReplicationResult:
        os.kill(os.getpid(), signal.SIGINT)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        sim.run(scenarios[:1], replications=2)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT] * 2


@pytest.mark.slow
def test_workers_end_with_a_parent_that_is_killed(scenarios: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "results" / "out"
    process = start(out, scenarios, "--workers", "2", "--engine", "reference", "--replications", "5000")
    wait_until(lambda: kept(out) > 0, process)
    descendants = below(process.pid)
    assert len(descendants) >= 2 + 1  # two workers and their server
    process.kill()
    process.communicate(timeout=60)
    until = time.monotonic() + 60
    while any(Path(f"/proc/{worker}/exe").exists() for worker in descendants):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.takes(10)
@pytest.mark.parametrize("when", [slow("joining"), slow("evaluating"), "publishing"])
def test_a_study_killed_at_its_end_does_no_replication_again(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, when: str, done: list[Task]
) -> None:
    out = tmp_path / "results" / "out"
    place = {"joining": "sim.archive.parquet.ParquetAppender.close", "evaluating": "sim.study.study.evaluate",
             "publishing": "sim.archive.study_folder._rename_over"}[when]  # fmt: skip
    owner, name = place.rsplit(".", 1)
    code = (
        f"import os, pkgutil, sys, sim;"
        f"setattr(pkgutil.resolve_name({owner!r}), {name!r}, lambda *_: os._exit(9));"
        f"sim.run(sys.argv[2:], replications={N}, out=sys.argv[1])"
    )
    arguments = [sys.executable, "-c", code, str(out), *map(str, scenarios)]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == 9
    assert kept(out) == 2 * N
    sim.run(scenarios, replications=N, out=out)
    assert done == []
    same_study(undisturbed, out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.slow
def test_a_full_disk_loses_nothing(scenarios: list[Path], tmp_path: Path, done: list[Task]) -> None:
    """A limit on the size of files stands for the full disk: the tables of the study exceed it, those of a replication don't."""
    n, undisturbed, out = 10, tmp_path / "undisturbed", tmp_path / "results" / "out"
    sim.run(scenarios, replications=n, out=undisturbed)
    done.clear()
    limit = max(path.stat().st_size for path in undisturbed.glob("*.parquet")) - 1

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = start(out, scenarios, "--workers", "1", "--replications", f"{n}", preexec_fn=limited)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1, told
    assert "could not be written" in told
    assert f"{2 * n} of {2 * n} replications are finished and kept" in told
    assert not out.exists()
    sim.run(scenarios, replications=n, out=out)
    assert done == []
    same_study(undisturbed, out)


def test_a_disk_that_fails_in_a_replication_keeps_the_others(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write, written = Path.write_bytes, []

    def until_it_is_full(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) > 10:
            write(path, content[: len(content) // 2])  # the disk took half of it
            raise OSError(28, "No space left on device")
        return write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", until_it_is_full)
        with pytest.raises(RunError, match=r"No space left on device. \d of 12 replications are finished and kept"):
            sim.run(scenarios, replications=N, out=out)
    assert 0 < kept(out) < 2 * N
    sim.run(scenarios, replications=N, out=out)
    same_study(undisturbed, out)


@pytest.mark.parametrize("seed", [0, *map(slow, range(1, 5))])
def test_any_number_of_interruptions(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, out, total = np.random.default_rng(seed), tmp_path / "out", []
    for _ in range(3):
        lasts = int(rng.integers(0, 5))
        begun: list[Task] = []

        def stopped(task: Task, begun: list[Task] = begun, lasts: int = lasts) -> ReplicationResult:
            begun.append(task)
            if len(begun) > lasts:
                raise [KeyboardInterrupt, RunError(Text.same("the replication failed"))][int(rng.integers(2))]
            total.append(task)
            return replicate(task)

        with monkeypatch.context() as patch:
            patch.setattr(run_task, "replicate", stopped)
            with pytest.raises((Interrupted, RunError)):
                sim.run(scenarios, replications=N, out=out)
        assert kept(out) == len(total)
    noted = len(total)
    finished = sim.run(scenarios, replications=N, out=out)
    assert finished.manifest.run.replications_kept == noted
    same_study(undisturbed, out)


def test_damaged_replications_are_done_again(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, done: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(study, "evaluate", lambda *_: (_ for _ in ()).throw(RunError(Text.same("stop"))))
        with pytest.raises(RunError, match="stop"):
            sim.run(scenarios, replications=N, out=out)
    ((_, hidden, _, _),) = unfinished_in(tmp_path)
    first, second, third = sorted(hidden.glob("*.done.json"))[:3]
    first.write_text("{")
    second.unlink()
    table = hidden / third.name.replace(".done.json", ".flights.arrow")
    table.write_bytes(table.read_bytes()[:-1])
    done.clear()
    sim.run(scenarios, replications=N, out=out)
    assert len(done) == 3
    same_study(undisturbed, out)


def test_more_replications_go_on_from_fewer(scenarios: list[Path], tmp_path: Path, done: list[Task], undisturbed: Path) -> None:
    out = tmp_path / "out"

    def fail(_study: sim.Study, _folder: Path) -> None:
        raise RunError(Text.same("no font has these characters"))

    with pytest.raises(RunError, match="no font"):
        sim.run(scenarios, replications=2, out=out, finish=fail)
    done.clear()
    sim.run(scenarios, replications=N, out=out)
    assert len(done) == 2 * (N - 2)
    same_study(undisturbed, out)


@pytest.mark.slow
def test_a_finished_study_is_not_run_again_unless_asked(scenarios: list[Path], tmp_path: Path, done: list[Task]) -> None:
    out = tmp_path / "out"
    first = sim.run(scenarios, replications=2, out=out)
    assert (first.reused, len(done)) == (False, 4)
    second = sim.run(scenarios, replications=2, out=out, engine="reference", workers=2)
    assert (second.reused, len(done)) == (True, 4)
    assert second.manifest == first.manifest
    sim.run(scenarios, replications=2, out=out, again=True)
    assert len(done) == 8
    for changed in ({"seed": 8}, {"replications": 3}, {"keep_stages": "none"}, {"set": ["policy.corridor.headway=50 s"]}):
        before = len(done)
        assert not sim.run(scenarios, **{"replications": 2, "out": out, **changed}).reused
        assert len(done) > before


def test_a_changed_model_does_not_take_the_old_results_for_its_own(
    scenarios: list[Path], tmp_path: Path, done: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.run(scenarios, replications=1, out=tmp_path / "out")
    monkeypatch.setattr("sim.study.identity.study_fingerprint", lambda: "another model")
    sim.run(scenarios, replications=1, out=tmp_path / "out")
    assert len(done) == 4


def test_resume_insists(scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputError, match="no unfinished study"):
        sim.run(scenarios, replications=2, out=out, resume=True)
    with monkeypatch.context() as patch:
        patch.setattr(study, "evaluate", lambda *_: (_ for _ in ()).throw(RunError(Text.same("stop"))))
        with pytest.raises(RunError):
            sim.run(scenarios, replications=2, out=out)
    with pytest.raises(InputError, match="another study: seed differs"):
        sim.run(scenarios, replications=2, out=out, seed=3, resume=True)
    with pytest.raises(InputError, match="leaves no folder"):
        sim.run(scenarios, replications=2, resume=True)
    assert kept(out) == 4


def test_another_study_in_the_same_folder_leaves_what_is_unfinished(
    undisturbed: Path, scenarios: list[Path], tmp_path: Path, done: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(study, "evaluate", lambda *_: (_ for _ in ()).throw(RunError(Text.same("stop"))))
        with pytest.raises(RunError):
            sim.run(scenarios, replications=N, out=out)
    sim.run(scenarios, replications=1, out=out, seed=3)
    done.clear()
    sim.run(scenarios, replications=N, out=out)
    assert done == []
    same_study(undisturbed, out)


@pytest.mark.slow
def test_two_at_once_in_one_folder_are_refused(scenarios: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"

    def meanwhile(_study: sim.Study, _folder: Path) -> None:
        code = "import sys, sim; sim.run(sys.argv[2:], replications=1, out=sys.argv[1])"
        arguments = [sys.executable, "-c", code, str(out), *map(str, scenarios)]
        refused = subprocess.run(arguments, cwd=ROOT, check=False, capture_output=True, text=True)
        assert "another process is working on a study in this folder" in refused.stderr

    sim.run(scenarios, replications=1, out=out, finish=meanwhile)


def test_a_study_without_a_folder_leaves_nothing_when_it_fails(
    scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "evaluate", lambda *_: (_ for _ in ()).throw(RunError(Text.same("stop"))))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(RunError):
        sim.run(scenarios, replications=1)
    assert [path for path in tmp_path.iterdir() if path.name.startswith("sim-")] == []
