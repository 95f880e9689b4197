"""Finished replications of a study that is not finished: kept on disk, one Arrow file a table and replication.

They stand in a hidden sibling of the study's folder that carries the study's key in its name. The record
of a replication is written after its tables, at once or not at all, and holds their hashes: what has an
intact record is finished, anything else is done again.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.archive.study_folder import TABLES, hash_of, make_hidden, not_written, telling_of_the_place
from sim.execution.replicate import Replicated, Task

IDENTITY = "identity.json"
_RECORD = ".done.json"


class Unfinished:
    """The replications of one study that are finished so far."""

    def __init__(self, folder: Path, key: str) -> None:
        self.path = folder.with_name(f".{folder.name}.unfinished-{key[:16]}")

    def open(self, identity: Mapping[str, Any], replications: int) -> None:
        """Make the folder, if it is not there. Raises InputError where nothing can be written, RunError of a full disk.

        The replications it is for are the most that were ever asked for.
        """
        make_hidden(self.path)
        before, now = _identity(self.path), datetime.now(UTC).isoformat(timespec="seconds")
        most = max(replications, before.get("replications", 0))
        about = {**identity, "replications": most, "started": before.get("started", now)}
        with telling_of_the_place(self.path):
            _write_at_once(self.path / IDENTITY, f"{json.dumps(about, indent=2, ensure_ascii=False)}\n".encode())

    def keep(self, task: Task, result: Replicated) -> Replicated:
        """Put a finished replication away: the result without its tables. Raises RunError where the disk can't take it."""
        light = replace(result, files={})
        files = {name: sha256(content).hexdigest() for name, content in result.files.items()}
        try:
            for name, content in result.files.items():
                _write_at_once(self.part(task, name), content)
            _write_at_once(self._record(task), json.dumps({**asdict(light), "files": files}).encode())
        except OSError as error:
            raise not_written(error) from error
        return light

    def kept(self, tasks: Sequence[Task]) -> dict[int, Replicated]:
        """Those of the tasks that are finished, by position, their tables left on disk."""
        found = ((position, self._read(task)) for position, task in enumerate(tasks))
        return {position: result for position, result in found if result is not None}

    def parts(self, task: Task) -> dict[str, Path]:
        """The files of a finished replication, by name of the table."""
        return {name: part for name in TABLES if (part := self.part(task, name)).is_file()}

    def part(self, task: Task, name: str) -> Path:
        """The file of one table of a replication."""
        return self.path / f"{_stem(task)}.{name}.arrow"

    def n_kept(self) -> int:
        """How many replications are kept, whoever did them, intact or not."""
        return sum(1 for _ in self.path.glob(f"*{_RECORD}"))

    def is_for_more(self, replications: int) -> bool:
        """Whether a study of more replications than that was asked for, and what is kept may serve it."""
        return bool(_identity(self.path).get("replications", 0) > replications)

    def is_spent(self, tasks: Sequence[Task]) -> bool:
        """Whether all of these are kept and no others, or the removal had begun: what a process leaves that is killed once it
        has published.
        """
        every = {self._record(task).name for task in tasks} == {path.name for path in self.path.glob(f"*{_RECORD}")}
        return self.path.exists() and (every or not _identity(self.path))

    def remove(self) -> None:
        """All of it."""
        remove(self.path)

    def remove_if_empty(self) -> None:
        """The folder, unless it holds something worth keeping."""
        if not self.n_kept():
            self.remove()

    def _record(self, task: Task) -> Path:
        return self.path / f"{_stem(task)}{_RECORD}"

    def _read(self, task: Task) -> Replicated | None:
        """The replication as it was kept; None where it was not, or not whole."""
        try:
            record = json.loads(self._record(task).read_text(encoding="utf-8"))
            files: dict[str, str] = record.pop("files")
            if all(hash_of(self.part(task, name)) == found for name, found in files.items()):
                gridlock = tuple(tuple(circle) for circle in record.pop("gridlock"))
                return Replicated(**record, gridlock=gridlock, files={})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None


def remove(path: Path) -> None:
    """What an unfinished study has left in its hidden folder; what it was for goes first (see `is_spent`)."""
    (path / IDENTITY).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def unfinished_in(parent: Path) -> Iterator[tuple[str, Path, dict[str, Any], int]]:
    """Each unfinished study below a folder: its name, its hidden folder, its identity, how many replications are kept."""
    for path in sorted(parent.glob(".*.unfinished-*")):
        name = path.name.removeprefix(".").rpartition(".unfinished-")[0]
        yield name, path, _identity(path), sum(1 for _ in path.glob(f"*{_RECORD}"))


def _identity(path: Path) -> dict[str, Any]:
    """What the work kept in a hidden folder is for; empty where that is not known."""
    try:
        identity = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return identity if isinstance(identity, dict) else {}


def _stem(task: Task) -> str:
    return f"{task.scenario.name}-{task.replication:08d}"


def _write_at_once(path: Path, content: bytes) -> None:
    """All of it or nothing, whoever else writes the same at the same time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(content)
    draft.replace(path)
