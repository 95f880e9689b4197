"""The studies that stand in a folder, finished and unfinished."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.archive import study_folder
from sim.archive.checkpoint import UnfinishedStudy, is_checkpoint, remove_checkpoint, unfinished_in
from sim.archive.layout import ANALYSES, MANIFEST, like_checkpoints_in
from sim.archive.lock import is_locked, locked
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.study.json_entries import read_entries
from sim.study.manifest import AnalysisManifest, UnfinishedIdentity, read_manifest

NO_SUCH_FOLDER = Text("there is no such folder", "沒有這個資料夾", "没有这个文件夹")


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
        raise InputError(Problem(NO_SUCH_FOLDER, file=str(folder)))
    finished = [_finished(folder, path.parent, model) for home in _homes(folder) for path in sorted(home.glob(f"*/{MANIFEST}"))]
    unfinished = [_unfinished(folder, home / study.name, study) for home in _homes(folder) for study in unfinished_in(home)]
    return sorted([*finished, *unfinished], key=lambda row: (row.name, row.state))


def _homes(folder: Path) -> list[Path]:
    """Where studies and analyses stand: the folder itself, and the analyses of its studies."""
    return [folder, *(home for home in sorted(folder.glob(f"*/{ANALYSES}")) if home.is_dir())]


def remove_unfinished(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Remove the checkpoints of unfinished studies below a folder; yields names of studies and numbers of saved replications.

    None stands for those that a process works on, which are left alone. So are those in `not_ours_in`, which are not named.
    """
    for study in (study for home in _homes(folder) for study in unfinished_in(home)):
        if not is_checkpoint(study.path):
            continue
        place = study.path.with_name(study.name)
        try:
            with locked(place.resolve()):
                study_folder.recover(place.resolve())
                remove_checkpoint(study.path)
        except InputError:
            yield _name(folder, place), None
        else:
            yield _name(folder, place), study.n_saved


def not_ours_in(folder: Path) -> list[Path]:
    """What has a name like that of a checkpoint below a folder, and is none as far as can be proved; sorted."""
    return [path for home in _homes(folder) for path in like_checkpoints_in(home) if not is_checkpoint(path)]


def _name(home: Path, folder: Path) -> str:
    """The name of a study below a folder, "demo", or of an analysis of it, "demo/analyses/attribute"."""
    return folder.relative_to(home).as_posix()


def _finished(home: Path, folder: Path, model: str) -> StudyRow:
    name = _name(home, folder)
    try:
        manifest = read_manifest(folder)
    except InputError:
        return StudyRow(name, "unreadable", [], None, None, 0)
    state = "done" if manifest.identity.model == model else "other model"
    if study_folder.changed_files(folder):
        state = "changed"
    return StudyRow(
        name=name,
        state=state,
        scenarios=[scenario.name for scenario in manifest.scenarios],
        seed=manifest.seed,
        replications_asked=manifest.replications,
        replications_done=manifest.replications,
        started=manifest.run.started.isoformat(),
        seconds=manifest.run.seconds,
        version=manifest.identity.version,
        model=manifest.identity.model,
        holds=manifest.holds if isinstance(manifest, AnalysisManifest) else "",
    )


def _unfinished(home: Path, folder: Path, study: UnfinishedStudy) -> StudyRow:
    name = _name(home, folder)
    state = "at work" if is_locked(folder.resolve()) else "unfinished"
    try:
        identity = read_entries(UnfinishedIdentity, study.identity)
    except InputError:
        return StudyRow(name, state, [], None, None, study.n_saved)
    return StudyRow(
        name=name,
        state=state,
        scenarios=list(identity.scenarios),
        seed=identity.seed,
        replications_asked=identity.replications,
        replications_done=study.n_saved / max(len(identity.scenarios), 1),
        started=identity.started.isoformat(),
        version=identity.version,
        model=identity.model,
    )
