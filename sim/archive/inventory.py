"""The studies that stand in a folder, finished and unfinished."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.archive import study_folder
from sim.archive.checkpoint import remove, unfinished_in
from sim.archive.lock import is_locked, locked
from sim.archive.study_folder import mend
from sim.ground.errors import InputError, Problem


@dataclass
class Row:
    """One study. Replications are counted a scenario.

    state: "done" · "other model": done by another version of this package, so its numbers may be others today ·
    "changed": files of it are no longer as they were written · "unfinished" · "at work": a process works in its folder now ·
    "unreadable" ·
    started: ISO 8601, "" if not known · seconds: None while unfinished · model: fingerprint of the package · holds: what kind
    of analysis it is; "" for a study of scenarios, and while it is unfinished.
    """

    name: str
    state: str
    scenarios: list[str]
    seed: int | None
    replications_asked: int | None
    replications_done: float
    started: str = ""
    seconds: float | None = None
    version: str = ""
    model: str = ""
    holds: str = ""


def list_studies(folder: Path, model: str) -> list[Row]:
    """The studies below a folder, by name; model: its fingerprint now. Raises InputError where there is no such folder."""
    if not folder.is_dir():
        raise InputError(Problem("there is no such folder", file=str(folder)))
    finished = [_finished(path.parent, model) for path in sorted(folder.glob(f"*/{study_folder.MANIFEST}"))]
    unfinished = [_unfinished(folder / name, identity, n) for name, _, identity, n in unfinished_in(folder)]
    return sorted([*finished, *unfinished], key=lambda row: (row.name, row.state))


def remove_unfinished(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Remove what unfinished studies have left below a folder; yields their names and how many replications were kept.

    None stands for those that a process works on, which are left alone.
    """
    for name, path, _, n_kept in list(unfinished_in(folder)):
        place = folder.resolve() / name
        try:
            with locked(place):
                mend(place)
                remove(path)
        except InputError:
            yield name, None
        else:
            yield name, n_kept


def _finished(folder: Path, model: str) -> Row:
    try:
        manifest = study_folder.read_manifest(folder)
    except InputError:
        return Row(folder.name, "unreadable", [], None, None, 0)
    identity, run = manifest.get("identity", {}), manifest["run"]
    state = "done" if identity.get("model") == model else "other model"
    if study_folder.changed_files(folder):
        state = "changed"
    names = [scenario["name"] for scenario in manifest["scenarios"]]
    done = manifest["replications"]
    when = run["started"], run["seconds"]
    return Row(
        folder.name, state, names, manifest["seed"], done, done, *when, *_version(identity), manifest.get(study_folder.HOLDS, "")
    )


def _unfinished(folder: Path, identity: dict[str, Any], n_kept: int) -> Row:
    names, asked = list(identity.get("scenarios", {})), identity.get("replications")
    started = identity.get("started", "")
    state = "at work" if is_locked(folder.resolve()) else "unfinished"
    done = n_kept / max(len(names), 1)
    return Row(folder.name, state, names, identity.get("seed"), asked, done, started, None, *_version(identity))


def _version(identity: dict[str, Any]) -> tuple[str, str]:
    return str(identity.get("version", "")), str(identity.get("model", ""))
