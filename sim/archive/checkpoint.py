"""Checkpoints: the finished replications of a study that is not finished, one Arrow file a table and replication.

A checkpoint stands in a hidden sibling of the study's folder that carries the study's key in its name. The record of a
replication is written after its tables, as a whole or not at all, and holds their hashes: a replication with an intact record is
finished, any other is done again.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sim.archive import layout
from sim.archive.disk import disk_failure, hash_of, is_real_folder, make_new_folder, write_atomically, write_errors
from sim.archive.layout import IDENTITY, RECORD, TABLES
from sim.execution.replicate import ReplicationResult, Task
from sim.metrics.thirds import FlightCounts

_ADDED = ("replications", "started")  # by a checkpoint, to the identity of its study


class Checkpoint:
    """The replications of one study that are finished so far."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = layout.checkpoint_of(folder, key)

    def open(self, identity: Mapping[str, Any], replications: int) -> None:
        """Make the folder, if it is not there. Raises InputError where nothing can be written, RunError for a full disk.

        It notes the identity of the study, and the largest number of replications that was ever asked for.
        """
        if not is_real_folder(self.folder):
            make_new_folder(self.folder)
        before, now = _read_identity(self.folder), datetime.now(UTC).isoformat(timespec="seconds")
        most = max(replications, before.get("replications", 0))
        content = {**identity, "replications": most, "started": before.get("started", now)}
        with write_errors(self.folder):
            write_atomically(self.folder / IDENTITY, f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode())

    def save(self, task: Task, result: ReplicationResult) -> ReplicationResult:
        """Write a finished replication; returns the result without its tables. Raises RunError where the disk can't take it."""
        light = replace(result, files={})
        hashes = {name: sha256(content).hexdigest() for name, content in result.files.items()}
        try:
            for name, content in result.files.items():
                write_atomically(self.path(task, name), content)
            write_atomically(self._record(task), json.dumps({**asdict(light), "files": hashes}).encode())
        except OSError as error:
            raise disk_failure(error) from error
        return light

    def load(self, tasks: Sequence[Task]) -> dict[int, ReplicationResult]:
        """The results of those tasks that are finished, by position, without their tables, which stay on disk."""
        results = ((position, self._read(task)) for position, task in enumerate(tasks))
        return {position: result for position, result in results if result is not None}

    def paths(self, task: Task) -> dict[str, Path]:
        """The Arrow files of a finished replication, by name of the table."""
        return {name: path for name in TABLES if (path := self.path(task, name)).is_file()}

    def path(self, task: Task, table: str) -> Path:
        """The Arrow file of one table of a replication."""
        return self.folder / layout.part_file(task.scenario.name, task.replication, table)

    def n_saved(self) -> int:
        """How many replications are there, whoever did them, intact or not."""
        return len(_records_in(self.folder))

    def is_for_more(self, replications: int) -> bool:
        """Whether a study of more replications than that was asked for, which the checkpoint may still serve."""
        return bool(_read_identity(self.folder).get("replications", 0) > replications)

    def is_spent(self, tasks: Sequence[Task]) -> bool:
        """Whether it holds these tasks and no others, or its removal had begun: what a process leaves that is killed once it has
        published the study.
        """
        has_just_these = {self._record(task).name for task in tasks} == {path.name for path in _records_in(self.folder)}
        return self.folder.exists() and (has_just_these or not _read_identity(self.folder))

    def remove(self) -> None:
        """Remove all of it."""
        remove_checkpoint(self.folder)

    def remove_if_empty(self) -> None:
        """Remove it unless it holds a replication."""
        if not self.n_saved():
            self.remove()

    def _record(self, task: Task) -> Path:
        return self.folder / layout.record_file(task.scenario.name, task.replication)

    def _read(self, task: Task) -> ReplicationResult | None:
        """The replication as it was saved; None where it was not, or is damaged."""
        try:
            record = json.loads(self._record(task).read_text(encoding="utf-8"))
            hashes: dict[str, str] = record.pop("files")
            if all(hash_of(self.path(task, name)) == written for name, written in hashes.items()):
                gridlock = tuple(tuple(circle) for circle in record.pop("gridlock"))
                thirds = tuple(FlightCounts(*counts) for counts in record.pop("thirds"))
                return ReplicationResult(**record, gridlock=gridlock, thirds=thirds, files={})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None


class UnfinishedStudy(NamedTuple):
    """A checkpoint that stands somewhere.

    name: of the study's folder · path: the checkpoint's · identity: of the study, empty where it can't be read · n_saved: the
    number of replications in it.
    """

    name: str
    path: Path
    identity: dict[str, Any]
    n_saved: int


def unfinished_in(parent: Path) -> list[UnfinishedStudy]:
    """The unfinished studies below a folder, by name."""
    return [
        UnfinishedStudy(name, path, _read_identity(path), len(_records_in(path)))
        for name, path in layout.checkpoints_in(parent)
        if is_real_folder(path)
    ]


def key_of(identity: Mapping[str, Any]) -> str:
    """The key of a study: a hash of its identity, in hexadecimal."""
    return sha256(json.dumps(identity, sort_keys=False, ensure_ascii=False).encode()).hexdigest()


def is_checkpoint(path: Path) -> bool:
    """Whether what stands there is a checkpoint beyond doubt, and not merely something of such a name.

    It is a real folder whose name ends with the key of the identity noted in it; or, where its removal had begun, it holds
    nothing but finished replications.
    """
    if not is_real_folder(path) or path not in (checkpoint for _, checkpoint in layout.checkpoints_in(path.parent)):
        return False
    if (path / IDENTITY).exists() or (path / IDENTITY).is_symlink():
        identity = {key: value for key, value in _read_identity(path).items() if key not in _ADDED}
        return bool(identity) and path.name.endswith(key_of(identity)[:16])
    files = list(path.iterdir())
    return bool(files) and all(
        re.fullmatch(layout.CHECKPOINT_FILES, file.name) and file.is_file() and not file.is_symlink() for file in files
    )


def remove_checkpoint(path: Path) -> None:
    """Remove the folder of a checkpoint; its identity goes first (see `Checkpoint.is_spent`). A link or a file is left alone."""
    if not is_real_folder(path):
        return
    (path / IDENTITY).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def _records_in(path: Path) -> list[Path]:
    return list(path.glob(f"*{RECORD}"))


def _read_identity(path: Path) -> dict[str, Any]:
    """The identity that a checkpoint has noted; empty where it can't be read."""
    if not is_real_folder(path) or (path / IDENTITY).is_symlink():
        return {}
    try:
        identity = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return identity if isinstance(identity, dict) else {}
