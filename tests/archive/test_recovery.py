"""What is put right after a process was killed at a bad moment, and what is never thrown away."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from sim.archive import layout, study_folder
from sim.archive.checkpoint import unfinished_in
from sim.archive.lock import is_locked, locked
from sim.cli import main
from sim.execution import replicate
from sim.ground.errors import InputError, Interrupted, RunError
from sim.ground.text import Text
from sim.study import runner
from sim.study.identity import is_shown_as_now, study_fingerprint
from sim.study.inventory import StudyRow, list_studies
from tests.conftest import BASE, MakeStudy
from tests.study.test_interruption import ROOT, kept, same_study
from tests.tiers import slow


def rows_in(folder: Path) -> list[StudyRow]:
    return list_studies(folder, study_fingerprint())


N_TASKS = 6  # two scenarios, three replications


@pytest.fixture(scope="module")
def whole(make_study: MakeStudy) -> Path:
    """The study as it is when nothing happens to it."""
    return make_study()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out"


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The replications that are simulated in this process."""
    begun: list[tuple[str, int]] = []
    prepare = replicate.prepare

    def noted(scenario: Any, seed: int, number: int) -> Any:
        begun.append((scenario.name, number))
        return prepare(scenario, seed, number)

    monkeypatch.setattr(replicate, "prepare", noted)
    return begun


def interrupt(scenarios: Sequence[Path], out: Path | None, count: int, **more: Any) -> str:
    """What is said when a study is stopped after so many replications."""
    calls, prepare = iter(range(10**6)), replicate.prepare

    def stopped(*arguments: Any) -> Any:
        if next(calls) >= count:
            raise KeyboardInterrupt
        return prepare(*arguments)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted) as interrupted:
        patch.setattr(replicate, "prepare", stopped)
        sim.run(scenarios, out=out, **more)
    return str(interrupted.value)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


DIES = """
import os, signal, sys
from pathlib import Path
import sim
from sim.study import study
from sim.archive import study_folder
from sim.archive import parquet
from sim.archive import checkpoint

def dies(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_at_call(module, name, number, only=""):
    before, calls = getattr(module, name), []
    def counted(*arguments, **named):
        if only in str(arguments[0]):
            calls.append(0)
        return dies() if len(calls) == number else before(*arguments, **named)
    setattr(module, name, counted)

{
    "joining": lambda: dies_at_call(parquet.ParquetAppender, "close", 2),
    "evaluating": lambda: setattr(study, "evaluate", dies),
    "flushing": lambda: dies_at_call(study_folder, "sync_file", 4),
    "between the renamings": lambda: dies_at_call(Path, "rename", 2),
    "throwing away the old study": lambda: dies_at_call(study_folder.shutil, "rmtree", 1, ".replaced-"),
    "throwing away what was kept": lambda: dies_at_call(checkpoint, "remove_checkpoint", 1),
    "when that has begun": lambda: dies_at_call(checkpoint.shutil, "rmtree", 1, ".unfinished-"),
}[sys.argv[2]]()
sim.run(sys.argv[3:], out=sys.argv[1])
"""
BEFORE = ("joining", "evaluating", "flushing")
AFTER = ("throwing away the old study", "throwing away what was kept", "when that has begun")


def die(point: str, out: Path, scenarios: Sequence[Path]) -> None:
    """A study in a process of its own that kills itself with signal 9 at that point."""
    arguments = [sys.executable, "-c", DIES, str(out), point, *map(str, scenarios)]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == -signal.SIGKILL


@pytest.mark.takes(10)
@pytest.mark.parametrize("point", [*map(slow, BEFORE), "between the renamings", *map(slow, AFTER)])
def test_kill_while_a_study_replaces_another_loses_nothing_and_leaves_nothing(
    scenarios: list[Path], out: Path, whole: Path, done: list[tuple[str, int]], point: str
) -> None:
    sim.run(scenarios[:1], replications=1, out=out)
    old = (out / layout.MANIFEST).read_bytes()
    die(point, out, scenarios)
    if point in AFTER:
        same_study(whole, out)
    else:
        assert kept(out) == N_TASKS
        assert out.exists() == (point in BEFORE)
        assert point not in BEFORE or (out / layout.MANIFEST).read_bytes() == old
    done.clear()
    sim.run(scenarios, out=out)
    assert done == []
    same_study(whole, out)
    assert left_in(out.parent) == ["out"]


@pytest.mark.slow
def test_old_study_comes_back_if_the_new_one_is_never_finished(scenarios: list[Path], out: Path) -> None:
    sim.run(scenarios[:1], replications=1, out=out)
    old = (out / layout.MANIFEST).read_bytes()
    die("between the renamings", out, scenarios)
    assert not out.exists()
    assert CliRunner().invoke(main, ["runs", str(out.parent), "--clean"]).exit_code == 0
    assert (out / layout.MANIFEST).read_bytes() == old
    assert study_folder.changed_files(out) == []
    assert left_in(out.parent) == ["out"]


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


FULL: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "part": lambda patch: patch.setattr(Path, "write_bytes", full),
    "record": lambda patch: patch.setattr(Path, "replace", full),
    "joining": lambda patch: patch.setattr("sim.archive.parquet.ParquetAppender.close", full),
    "text": lambda patch: patch.setattr(study_folder.StagingFolder, "write_text", full),
    "flushing": lambda patch: patch.setattr("sim.archive.disk.os.fsync", full),
    "renaming": lambda patch: patch.setattr(study_folder, "_rename_over", full),
}


@pytest.mark.parametrize("at", [at if at == "joining" else slow(at) for at in FULL])
def test_full_disk_keeps_the_old_study_and_all_that_was_finished(scenarios: list[Path], out: Path, whole: Path, at: str) -> None:
    sim.run(scenarios[:1], replications=1, out=out)
    old = (out / layout.MANIFEST).read_bytes()
    interrupt(scenarios, out, 4)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RunError) as failed:
        FULL[at](patch)
        if at in ("part", "record"):  # what the study is for is not written anew
            patch.setattr("sim.archive.checkpoint.Checkpoint.open", lambda *_: None)
        sim.run(scenarios, out=out)
    n_kept = 4 if at in ("part", "record", "text") else N_TASKS  # the staging folder writes what it is for before all else
    assert f"No space left on device. {n_kept} of 6 replications are finished and kept" in str(failed.value)
    assert (out / layout.MANIFEST).read_bytes() == old
    assert kept(out) == n_kept
    sim.run(scenarios, out=out)
    same_study(whole, out)


REALLY_FULL = """
set -e
mount -t tmpfs -o size=$1 tmpfs "$2"
shift
disk=$1
shift
set +e
"$@" --out "$disk/out" > "$disk.told" 2>&1
echo "exit code $?" >> "$disk.told"
set -e
mount -o remount,size=64m "$disk"
"$@" --out "$disk/out" --resume
cp -r "$disk/out" "$disk.kept"
"""
OWN_MOUNTS = ("unshare", "--map-root-user", "--mount")


def may_mount() -> bool:
    """Whether a process may have a small disk of its own here."""
    try:
        tried = [*OWN_MOUNTS, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not may_mount(), reason="needs a small disk of its own")
@pytest.mark.parametrize("size", ["280k", "720k"])  # full in a replication, and when the tables are joined
def test_disk_that_is_really_full(scenarios: list[Path], tmp_path: Path, whole: Path, size: str) -> None:
    (tmp_path / "disk").mkdir()
    run = [sys.executable, "-m", "sim", "run", *map(str, scenarios), "--no-charts", "--workers", "1"]
    arguments = [*OWN_MOUNTS, "bash", "-c", REALLY_FULL, "bash", size, str(tmp_path / "disk"), *run]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    told = (tmp_path / "disk.told").read_text()
    assert done.returncode == 0, told + done.stderr
    assert "No space left on device" in told and told.endswith("exit code 1\n")
    assert any(f"{n} of 6 replications are finished and kept" in told for n in range(1, N_TASKS + 1)), told
    kept = tmp_path / "disk.kept"
    kept_files = {name for name in study_folder.files_of(kept) if not name.startswith("report/comparison.")}
    assert kept_files == set(study_folder.files_of(whole))
    assert all((kept / name).read_bytes() == (whole / name).read_bytes() for name in study_folder.files_of(whole))


def test_disk_that_is_full_from_the_beginning_is_told(scenarios: list[Path], out: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RunError, match="No space left"):
        patch.setattr(Path, "write_bytes", full)
        sim.run(scenarios, out=out)
    assert left_in(out.parent) == []


@pytest.mark.parametrize(("number", "raised"), [(errno.ENOSPC, RunError), (errno.EACCES, InputError), (errno.EROFS, RunError)])
def test_place_that_takes_no_lock_is_told(
    scenarios: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch, number: int, raised: type[Exception]
) -> None:
    opened = os.open

    def refused(path: Any, *arguments: Any, **keywords: Any) -> int:
        if str(path).endswith(".lock"):
            raise OSError(number, os.strerror(number))
        return opened(path, *arguments, **keywords)

    monkeypatch.setattr("sim.archive.lock.os.open", refused)
    with pytest.raises(raised, match=os.strerror(number)):
        sim.run(scenarios, out=out)


def test_short_study_in_between_does_not_cost_what_a_long_one_has_kept(
    scenarios: list[Path], out: Path, whole: Path, done: list[tuple[str, int]]
) -> None:
    interrupt(scenarios, out, 4)
    done.clear()
    sim.run(scenarios, replications=2, out=out)
    assert done == [("dense", 1)]
    done.clear()
    assert [(row.state, row.replications_asked, row.replications_done) for row in rows_in(out.parent)] == [
        ("done", 2, 2),
        ("unfinished", 3, 2.5),
    ]
    sim.run(scenarios, out=out)
    assert done == [("dense", 2)]
    same_study(whole, out)
    assert left_in(out.parent) == ["out"]


def test_interrupted_second_run_goes_on_where_resume_asks_for_it(
    scenarios: list[Path], out: Path, whole: Path, done: list[tuple[str, int]]
) -> None:
    sim.run(scenarios, out=out)
    said = interrupt(scenarios, out, 4, again=True)
    assert "4 of 6 replications are finished and kept: --resume (resume=True) goes on from there" in said
    assert sim.run(scenarios, out=out).reused
    assert kept(out) == 4
    done.clear()
    assert not sim.run(scenarios, out=out, resume=True).reused
    assert done == [("dense", 1), ("dense", 2)]
    assert sim.run(scenarios, out=out, resume=True).reused
    same_study(whole, out)


def test_study_that_leaves_no_folder_promises_nothing(scenarios: list[Path]) -> None:
    assert "Nothing is left of it" in interrupt(scenarios, None, 2)


def test_changed_title_is_shown(scenarios: list[Path], out: Path, done: list[tuple[str, int]]) -> None:
    """It moves no number, so that unfinished work serves both; a finished study shows it and is made anew."""
    interrupt(scenarios, out, 4)
    done.clear()
    scenarios[0].write_text(BASE.replace("title: Base", "title: As it is"))
    assert sim.run(scenarios, out=out).manifest.scenarios[0].title == Text.same("As it is")
    assert len(done) == 2
    scenarios[0].write_text(BASE)
    assert sim.run(scenarios, out=out).manifest.scenarios[0].title == Text.same("Base")


def test_note_of_the_users_own_in_a_finished_study_harms_nothing(scenarios: list[Path], out: Path) -> None:
    sim.run(scenarios, out=out)
    (out / "notes.txt").write_text("mine")
    assert sim.run(scenarios, out=out).reused
    for change in ({"again": True}, {"seed": 8}):
        with pytest.raises(InputError, match=r"notes\.txt"):
            sim.run(scenarios, out=out, **change)
    assert (out / "notes.txt").read_text() == "mine"


def test_finished_study_that_lost_a_file_is_run_again(scenarios: list[Path], out: Path, whole: Path) -> None:
    sim.run(scenarios, out=out)
    (out / "summary.csv").unlink()
    assert not sim.run(scenarios, out=out).reused
    same_study(whole, out)


def test_numbers_of_other_libraries_are_not_taken_for_those_of_today(
    scenarios: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(scenarios, out, 4)
    monkeypatch.setattr("sim.study.identity.version_of", lambda _: "0")
    with pytest.raises(InputError, match="another study: libraries differ"):
        sim.run(scenarios, out=out, resume=True)


@pytest.mark.slow
def test_charts_of_an_older_package_are_made_anew_and_nothing_is_simulated(
    scenarios: list[Path], out: Path, done: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["run", *map(str, scenarios), "--replications", "1", "--workers", "1", "--out", str(out)]
    with monkeypatch.context() as older:
        older.setattr(runner, "presentation_fingerprint", lambda: "older")
        assert CliRunner().invoke(main, command).exit_code == 0
    charts = sorted((out / "charts").iterdir())
    written = [path.read_bytes() for path in charts]
    before = (out / layout.MANIFEST).stat().st_mtime_ns
    done.clear()
    assert CliRunner().invoke(main, [*command, "--no-charts"]).exit_code == 0
    assert (out / layout.MANIFEST).stat().st_mtime_ns == before
    assert CliRunner().invoke(main, command).exit_code == 0
    assert done == []
    assert (out / layout.MANIFEST).stat().st_mtime_ns > before
    assert [path.read_bytes() for path in charts] == written
    assert is_shown_as_now(sim.load(out).manifest)
    assert study_folder.changed_files(out) == []


STANDS_STILL = """
import sys, time
import sim
from sim.execution import replicate
prepare, calls = replicate.prepare, []
def stand_still(*arguments):
    calls.append(0)
    time.sleep(0 if len(calls) <= 4 else 600)
    return prepare(*arguments)
replicate.prepare = stand_still
sim.run(sys.argv[2:], out=sys.argv[1])
"""


@contextmanager
def at_work(out: Path, scenarios: Sequence[Path]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has finished four replications and never finishes the fifth."""
    process = subprocess.Popen([sys.executable, "-c", STANDS_STILL, str(out), *map(str, scenarios)], cwd=ROOT)
    try:
        until = time.monotonic() + 300
        while kept(out) < 4:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_study_that_is_being_worked_on_is_listed_as_such_and_left_alone(
    scenarios: list[Path], out: Path, whole: Path, done: list[tuple[str, int]]
) -> None:
    sim.run(scenarios, replications=2, out=out.with_name("other"), seed=8)
    interrupt(scenarios, out.with_name("other"), 1)
    with at_work(out, scenarios):
        assert is_locked(out)
        with pytest.raises(InputError, match="another process"):
            sim.run(scenarios, out=out, seed=9)
        assert [(row.name, row.state) for row in rows_in(out.parent)] == [
            ("other", "done"),
            ("other", "unfinished"),
            ("out", "at work"),
        ]
        cleaned = CliRunner().invoke(main, ["runs", str(out.parent), "--clean"])
        assert (cleaned.exit_code, cleaned.stdout.count("left alone"), cleaned.stdout.count("removed")) == (0, 1, 1)
    assert not is_locked(out)
    done.clear()
    sim.run(scenarios, out=out, resume=True)
    assert done == [("dense", 1), ("dense", 2)]
    same_study(whole, out)


def test_looking_whether_a_folder_is_locked_locks_nobody_out(tmp_path: Path) -> None:
    with locked(tmp_path / "out"):
        assert is_locked(tmp_path / "out")
    assert not is_locked(tmp_path / "out")
    (tmp_path / ".out.lock").touch()  # left by a process that was killed
    assert not is_locked(tmp_path / "out")
    with locked(tmp_path / "out"):
        pass
    assert left_in(tmp_path) == []


def test_file_system_without_locks_refuses_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", unknown)
    with locked(tmp_path / "out"):
        assert not is_locked(tmp_path / "out")
    assert left_in(tmp_path) == []


def test_what_is_kept_says_what_it_is_for(scenarios: list[Path], out: Path) -> None:
    interrupt(scenarios, out, 4)
    interrupt(scenarios, out, 0, replications=5)
    interrupt(scenarios, out, 0, replications=4)
    ((name, path, identity, n_kept),) = unfinished_in(out.parent)
    assert (name, identity["seed"], identity["replications"], n_kept) == ("out", 7, 5, 4)
    assert list(json.loads((path / "identity.json").read_text())["scenarios"]) == ["base", "dense"]
