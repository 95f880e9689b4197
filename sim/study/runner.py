"""An experiment is conducted: taken as it stands, gone on with or run, until it stands finished in its folder."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import mkdtemp
from typing import Any

from sim.archive import layout, study_folder
from sim.archive.checkpoint import Checkpoint, unfinished_in
from sim.archive.disk import make_folder
from sim.archive.lock import locked
from sim.execution.environment import run_record
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import InputError, Problem
from sim.study.design import Design, default_folder
from sim.study.evaluate import in_languages
from sim.study.identity import presentation_fingerprint, study_identity, study_key
from sim.study.replications import replicate_missing, saying_what_is_kept
from sim.study.sequential_stopping import Settled, settle

Manifest = dict[str, Any]
Evaluate = Callable[[Design, Sequence[ReplicationResult], study_folder.StagingFolder], Manifest]
IsSame = Callable[[Design, Mapping[str, Any]], bool]
Finish = Callable[[Mapping[str, Any], Path], None]


@dataclass(frozen=True, slots=True)
class Output:
    """What kind of folder an experiment leaves.

    evaluate: writes the listings of the finished replications into the staging and returns the manifest but for its run and its
    files · is_same: whether a finished folder's manifest is that of the same design in every text as well ·
    finish(manifest, folder): writes what belongs into the folder beside the tables.
    """

    evaluate: Evaluate
    is_same: IsSame
    finish: Finish | None = None


@dataclass(frozen=True)
class Conducted:
    """An experiment that stands finished in `files`; `reused`: it stood there already. `folder` is None if it is not kept."""

    files: Path
    manifest: Mapping[str, Any]
    reused: bool
    folder: Path | None

    def lives_with(self, owner: object) -> None:
        """Let the files of an experiment that is not kept be removed with `owner`."""
        if self.folder is None:
            weakref.finalize(owner, rmtree, self.files.parent, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Begun:
    """When a study began, and how many replications an earlier, interrupted run had left for it."""

    started: datetime
    n_kept: int


def conduct(design: Design, output: Output, options: RunOptions) -> Conducted:
    """The experiment in the folder of the options, or in a temporary one, which `Conducted.lives_with` is to bind to an owner.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails, Interrupted on Ctrl-C;
    finished replications are then kept beside `out`, and what stood there stays.
    """
    if options.out is not None:
        with locked(make_parent(options.out.resolve())):
            return Conducted(options.out, *_conduct_in(options.out, design, output, options), options.out)
    if options.resume:
        raise InputError(Problem("a study that leaves no folder can't be gone on with", path="resume", allowed="with out"))
    home = Path(mkdtemp(prefix="sim-"))
    try:
        folder = home / default_folder(design).name
        return Conducted(folder, *_conduct_in(folder, design, output, options), None)
    except BaseException:
        rmtree(home, ignore_errors=True)
        raise


def make_parent(folder: Path) -> Path:
    """The folder, after making its parent if it is not there. Raises InputError where it can't be made."""
    make_folder(folder.parent)
    return folder


def complete(folder: Path, manifest: Mapping[str, Any], finish: Finish, **told: Any) -> Manifest:
    """The manifest of the same experiment with what `finish` writes: a copy is completed and takes the place of the old one.

    told: entries of the manifest that are new.
    """
    place = folder.resolve()
    with locked(place), study_folder.StagingFolder(place) as staging:
        copytree(place, staging.path, dirs_exist_ok=True, ignore=ignore_patterns(layout.MANIFEST))
        completed = {**manifest, **told, "presentation": presentation_fingerprint()}
        finish(completed, staging.path)
        return staging.publish({name: value for name, value in completed.items() if name not in ("format", "files")})


def _conduct_in(folder: Path, design: Design, output: Output, options: RunOptions) -> tuple[Manifest, bool]:
    """The manifest of the experiment, which stands finished in `folder`, and whether it stood there before."""
    place, key = folder.resolve(), study_key(design)
    study_folder.recover(place)
    work = Checkpoint(place, key)
    if options.again:
        study_folder.check_replaceable(place)
        work.remove()
    elif not (options.resume and work.n_saved()) and (finished := _finished(place, design, key, output)) is not None:
        done = finished.get("precision", {}).get("simulated", finished["replications"])
        if work.is_spent(replace(design, replications=done).tasks()):
            work.remove()
        return finished, True
    study_folder.check_replaceable(place)
    if options.resume and not work.load(design.tasks()):
        raise InputError(_nothing_to_resume(place, design))
    try:
        work.open(study_identity(design), design.replications)
        return _run(design, place, key, work, output, options), False
    finally:
        work.remove_if_empty()


def _finished(folder: Path, design: Design, key: str, output: Output) -> Manifest | None:
    """The manifest of the same study, if it stands there whole."""
    try:
        manifest = study_folder.read_manifest(folder)
    except InputError:
        return None
    if manifest.get("key") != key or not _has_the_size(manifest, design):
        return None
    is_whole = not any(name in manifest["files"] for name in study_folder.changed_files(folder))
    return manifest if is_whole and output.is_same(design, manifest) else None


def _has_the_size(manifest: Manifest, design: Design) -> bool:
    """Whether the study has the replications asked for, or as many as the same precision led to."""
    if design.precision:
        return bool(manifest.get("precision", {}).get("asked") == design.asked_precision())
    return bool(manifest.get("replications") == design.replications)


def _nothing_to_resume(folder: Path, design: Design) -> Problem:
    """Why there is nothing to go on with: nothing at all, or what is left there is another study."""
    others = [identity for name, _, identity, n in unfinished_in(folder.parent) if name == folder.name and n]
    if not others:
        told = "no unfinished study is left here"
        return Problem(told, path="resume", found=str(folder), allowed="the command without --resume")
    own = study_identity(design)
    differing = sorted({key for other in others for key in own if other.get(key) != own[key]})
    told = f"what is left here belongs to another study: {', '.join(differing)} differ{'s' if len(differing) == 1 else ''}"
    return Problem(told, path="resume", found=str(folder), allowed="the command as it was interrupted")


def _run(design: Design, folder: Path, key: str, work: Checkpoint, output: Output, options: RunOptions) -> Manifest:
    """The manifest of the study, which then stands finished in `folder`.

    With a precision asked for, first as many replications are done as it needs; the rest is the study of that many.
    """
    started = datetime.now(UTC)
    if not design.precision:
        begun = _Begun(started, len(work.load(design.tasks())))
        return _write(design, folder, key, work, output, options, begun)
    settled = settle(design, work, options)
    own = replace(design, replications=settled.replications)
    begun = _Begun(started, settled.n_kept)
    return _write(own, folder, key, work, output, replace(options, progress=None), begun, settled)


def _write(
    design: Design, folder: Path, key: str, work: Checkpoint, output: Output, options: RunOptions, begun: _Begun,
    settled: Settled | None = None,
) -> Manifest:  # fmt: skip
    """The same, with what is missing of its replications."""
    tasks = design.tasks()
    results = work.load(tasks)
    with saying_what_is_kept(work, len(tasks), options), study_folder.StagingFolder(folder) as staging:
        _replicate_into(tasks, results, work, staging, options)
        in_order = [results[position] for position in range(len(tasks))]
        manifest: Manifest = {"key": key, "identity": study_identity(design), "presentation": presentation_fingerprint()}
        manifest |= output.evaluate(design, in_order, staging)
        if settled:
            manifest["precision"] = settled.record
            manifest["warnings"] += in_languages(settled.cautions)
        manifest["run"] = run_record(begun.started, options, design.engine, begun.n_kept)
        if output.finish:
            output.finish(manifest, staging.path)
        published = staging.publish(manifest)
    if not work.is_for_more(settled.simulated if settled else design.replications):
        work.remove()
    return published


def _replicate_into(
    tasks: Sequence[Task],
    results: dict[int, ReplicationResult],
    work: Checkpoint,
    staging: study_folder.StagingFolder,
    options: RunOptions,
) -> None:
    """Do the tasks that have no result yet, and write the tables of the study.

    They follow in the order of the tasks, while the workers are busy with the next.
    """
    n_joined = 0
    with closing(replicate_missing(tasks, results, work, options)) as finished:
        for _ in finished:
            n_joined = _join(tasks, results, work, staging, n_joined)
    _join(tasks, results, work, staging, n_joined)
    staging.close_tables()


def _join(
    tasks: Sequence[Task],
    results: Mapping[int, ReplicationResult],
    work: Checkpoint,
    staging: study_folder.StagingFolder,
    n_joined: int,
) -> int:
    """Add the tables of the tasks that are finished without a gap after the first n_joined: how many these are then."""
    while n_joined in results:
        staging.add_rows(work.paths(tasks[n_joined]))
        n_joined += 1
    return n_joined
