"""Finished replications of a study that is not finished: kept on disk, one Parquet file a table and replication.

They stand in a hidden sibling of the study's folder that carries the study's key in its name. The record
of a replication is written after its tables, at once or not at all, and holds their hashes: what has an
intact record is finished, anything else is done again.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.experiment.replicate import Replicated, Task
from sim.experiment.store import hash_of, make_hidden

IDENTITY = "identity.json"
_RECORD = ".done.json"


class Unfinished:
    """The replications of one study that are finished so far."""

    def __init__(self, folder: Path, key: str) -> None:
        self.path = folder.with_name(f".{folder.name}.unfinished-{key[:16]}")

    def open(self, identity: Mapping[str, Any], replications: int) -> None:
        """Make the folder, if it is not there. Raises InputError where nothing can be written."""
        make_hidden(self.path)
        about = {**identity, "replications": replications, "started": datetime.now(UTC).isoformat(timespec="seconds")}
        _write_at_once(self.path / IDENTITY, json.dumps(about, indent=2, ensure_ascii=False) + "\n")

    def keep(self, task: Task, result: Replicated) -> None:
        """Put a finished replication away. Raises OSError where the disk is full."""
        for name, content in result.files.items():
            self.part(task, name).write_bytes(content)
        files = {name: hash_of(self.part(task, name)) for name in result.files}
        record = {**asdict(replace(result, files={})), "files": files}
        _write_at_once(self._record(task), json.dumps(record))

    def kept(self, tasks: Sequence[Task]) -> dict[int, Replicated]:
        """Those of the tasks that are finished, by position, their tables left on disk."""
        found = ((position, self._read(task)) for position, task in enumerate(tasks))
        return {position: result for position, result in found if result is not None}

    def parts(self, tasks: Sequence[Task], name: str) -> list[Path]:
        """The files of one table, of those tasks that have it, in their order."""
        return [part for task in tasks if (part := self.part(task, name)).is_file()]

    def part(self, task: Task, name: str) -> Path:
        """The file of one table of a replication."""
        return self.path / f"{_stem(task)}.{name}.parquet"

    def remove(self) -> None:
        """All of it."""
        remove(self.path)

    def remove_if_empty(self) -> None:
        """The folder, unless it holds something worth keeping."""
        if not any(self.path.glob(f"*{_RECORD}")):
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
    """What an unfinished study has left in its hidden folder."""
    shutil.rmtree(path, ignore_errors=True)


def unfinished_in(parent: Path) -> Iterator[tuple[str, Path, dict[str, Any], int]]:
    """Each unfinished study below a folder: its name, its hidden folder, its identity, how many replications are kept."""
    for path in sorted(parent.glob(".*.unfinished-*")):
        try:
            identity = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            identity = {}
        name = path.name.removeprefix(".").rpartition(".unfinished-")[0]
        yield name, path, identity if isinstance(identity, dict) else {}, sum(1 for _ in path.glob(f"*{_RECORD}"))


def _stem(task: Task) -> str:
    return f"{task.scenario.name}-{task.replication:08d}"


def _write_at_once(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
