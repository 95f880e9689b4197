"""A checkpoint by itself: what is saved is loaded, and nothing that is damaged."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.archive.checkpoint import Checkpoint, unfinished_in
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import InputError
from sim.metrics.thirds import FlightCounts

FILES = {"replications": b"measures", "flights": b"flights"}
TASKS = [Task(SimpleNamespace(name=name), 7, replication) for name in ("base", "dense") for replication in range(2)]


def result_of(task: Task) -> ReplicationResult:
    thirds = FlightCounts(3, 2, 2, 1), FlightCounts(4, 4, 3, 0)
    return ReplicationResult(task.scenario.name, task.replication, FILES, "key", 10, 8, 1, ((1, 2), (3, 4, 5)), thirds)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    made = Checkpoint(tmp_path / "out", "0123456789abcdef0123")
    made.open({"seed": 7}, 2)
    return made


def test_what_is_saved_is_loaded_without_its_tables_which_are_on_disk(checkpoint: Checkpoint) -> None:
    light = checkpoint.save(TASKS[2], result_of(TASKS[2]))
    assert light == replace(result_of(TASKS[2]), files={})
    assert checkpoint.load(TASKS) == {2: light}
    assert {name: path.read_bytes() for name, path in checkpoint.paths(TASKS[2]).items()} == FILES
    assert checkpoint.path(TASKS[2], "flights") == checkpoint.folder / "dense-00000000.flights.arrow"


@pytest.mark.parametrize("damage", ["record", "table", "no table", "no record"])
def test_what_is_damaged_is_not_loaded(checkpoint: Checkpoint, damage: str) -> None:
    for task in TASKS[:2]:
        checkpoint.save(task, result_of(task))
    table, record = checkpoint.path(TASKS[0], "flights"), checkpoint.folder / "base-00000000.done.json"
    match damage:
        case "record":
            record.write_text("{")
        case "table":
            table.write_bytes(b"flight")
        case "no table":
            table.unlink()
        case "no record":
            record.unlink()
    assert list(checkpoint.load(TASKS)) == [1]


def test_saving_again_changes_nothing(checkpoint: Checkpoint) -> None:
    """A worker that was lost after it had saved leaves the task to another."""
    checkpoint.save(TASKS[0], result_of(TASKS[0]))
    before = sorted(path.name for path in checkpoint.folder.iterdir())
    checkpoint.save(TASKS[0], result_of(TASKS[0]))
    assert sorted(path.name for path in checkpoint.folder.iterdir()) == before
    assert checkpoint.n_saved() == 1


def test_it_remembers_the_most_replications_asked_for(checkpoint: Checkpoint) -> None:
    checkpoint.open({"seed": 7}, 5)
    checkpoint.open({"seed": 7}, 3)
    assert checkpoint.is_for_more(4) and not checkpoint.is_for_more(5)


def test_it_is_spent_when_it_holds_a_finished_study_or_its_removal_had_begun(checkpoint: Checkpoint) -> None:
    for task in TASKS[:2]:
        checkpoint.save(task, result_of(task))
    assert checkpoint.is_spent(TASKS[:2])
    assert not checkpoint.is_spent(TASKS)
    (checkpoint.folder / "identity.json").unlink()
    assert checkpoint.is_spent(TASKS)
    checkpoint.remove()
    assert not checkpoint.is_spent(TASKS)


def test_unfinished_studies_are_found_with_what_they_are(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(TASKS[0], result_of(TASKS[0]))
    other = Checkpoint(tmp_path / "a.unfinished-name", "f" * 64)
    other.open({}, 1)
    (tmp_path / ".out.lock").touch()
    assert [(study.name, study.path, study.n_saved) for study in unfinished_in(tmp_path)] == [
        ("a.unfinished-name", other.folder, 0),
        ("out", checkpoint.folder, 1),
    ]
    assert unfinished_in(tmp_path)[1].identity["seed"] == 7
    other.remove_if_empty()
    checkpoint.remove_if_empty()
    assert [study.name for study in unfinished_in(tmp_path)] == ["out"]


def test_a_place_that_can_not_be_written_is_the_users_to_put_right(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="can't be written"):
        Checkpoint(tmp_path / "file" / "out", "k").open({}, 1)
