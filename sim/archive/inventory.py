"""The studies that stand in a folder, finished and unfinished."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.archive import study_folder
from sim.archive.checkpoint import UnfinishedStudy, remove_checkpoint, unfinished_in
from sim.archive.layout import MANIFEST
from sim.archive.lock import is_locked, locked
from sim.ground.errors import InputError, Problem


@dataclass
class StudyRow:
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


def list_studies(folder: Path, model: str) -> list[StudyRow]:
    """The studies below a folder, by name; model: its fingerprint now. Raises InputError where there is no such folder."""
    if not folder.is_dir():
        raise InputError(Problem("there is no such folder", file=str(folder)))
    finished = [_finished(path.parent, model) for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    unfinished = [_unfinished(folder / study.name, study) for study in unfinished_in(folder)]
    return sorted([*finished, *unfinished], key=lambda row: (row.name, row.state))


def remove_unfinished(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Remove the checkpoints of unfinished studies below a folder; yields names of studies and numbers of saved replications.

    None stands for those that a process works on, which are left alone.
    """
    for study in unfinished_in(folder):
        study_place = folder.resolve() / study.name
        try:
            with locked(study_place):
                study_folder.recover(study_place)
                remove_checkpoint(study.path)
        except InputError:
            yield study.name, None
        else:
            yield study.name, study.n_saved


def _finished(folder: Path, model: str) -> StudyRow:
    try:
        manifest = study_folder.read_manifest(folder)
    except InputError:
        return StudyRow(folder.name, "unreadable", [], None, None, 0)
    identity, run = manifest.get("identity", {}), manifest["run"]
    state = "done" if identity.get("model") == model else "other model"
    if study_folder.changed_files(folder):
        state = "changed"
    return StudyRow(
        name=folder.name,
        state=state,
        scenarios=[scenario["name"] for scenario in manifest["scenarios"]],
        seed=manifest["seed"],
        replications_asked=manifest["replications"],
        replications_done=manifest["replications"],
        started=run["started"],
        seconds=run["seconds"],
        **_version(identity),
        holds=manifest.get(study_folder.HOLDS, ""),
    )


def _unfinished(folder: Path, study: UnfinishedStudy) -> StudyRow:
    identity = study.identity
    names = list(identity.get("scenarios", {}))
    return StudyRow(
        name=folder.name,
        state="at work" if is_locked(folder.resolve()) else "unfinished",
        scenarios=names,
        seed=identity.get("seed"),
        replications_asked=identity.get("replications"),
        replications_done=study.n_saved / max(len(names), 1),
        started=identity.get("started", ""),
        seconds=None,
        **_version(identity),
    )


def _version(identity: dict[str, Any]) -> dict[str, str]:
    return {key: str(identity.get(key, "")) for key in ("version", "model")}
