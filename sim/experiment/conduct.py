"""Conducting an experiment: its tasks done by a crew, kept as they finish, and its folder written whole or not at all."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import mkdtemp
from typing import Any

from sim.experiment import store
from sim.experiment.design import Design, default_folder
from sim.experiment.key import presentation_fingerprint, study_identity, study_key
from sim.experiment.lock import locked
from sim.experiment.machine import run_record
from sim.experiment.replicate import Replicated, Task
from sim.experiment.stopping import stop_heeded
from sim.experiment.unfinished import Unfinished, unfinished_in
from sim.experiment.workers import Crew
from sim.ground.errors import InputError, Interrupted, Problem, RunError

Progress = Callable[[int, int, int], None]
Finish = Callable[[Path, Mapping[str, Any]], None]
Evaluate = Callable[[Design, Sequence[Replicated], store.Draft], dict[str, Any]]
IsSame = Callable[[Design, Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Output:
    """What kind of folder an experiment leaves.

    evaluate: writes the listings of the finished replications into the draft and returns the manifest but for its run and its
    files · is_same: whether a finished folder's manifest is that of the same design in every text as well.
    """

    evaluate: Evaluate
    is_same: IsSame


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
class Order:
    """How an experiment is to be conducted; nothing of it moves a number.

    finish(folder, manifest): writes what belongs into the folder beside the tables before it counts as finished.
    """

    crew: Crew
    resume: bool
    again: bool
    finish: Finish | None
    progress: Progress | None
    is_kept: bool = True

    def left_over(self, n_finished: int, n_tasks: int) -> str:
        """What to tell of a study that ends before it is finished."""
        if not n_finished:
            return "No replication was finished; nothing is left of it"
        if not self.is_kept:
            return "Nothing is left of it, since it was to leave no folder"
        how = "--resume (resume=True)" if self.again else "the same command"
        return f"{n_finished} of {n_tasks} replications are finished and kept: {how} goes on from there"


def conduct(design: Design, output: Output, order: Order, out: str | Path | None) -> Conducted:
    """The experiment in the folder `out`; if that is None, in a temporary one, for `Conducted.lives_with` to bind to an owner.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails, Interrupted on Ctrl-C;
    finished replications are then kept beside `out`, and what stood there stays.
    """
    if out is not None:
        with locked(make_parent(Path(out).resolve())):
            return _conduct_in(Path(out), design, output, order)
    if order.resume:
        raise InputError(Problem("a study that leaves no folder can't be gone on with", path="resume", allowed="with out"))
    home = Path(mkdtemp(prefix="sim-"))
    try:
        found = _conduct_in(home / default_folder(design).name, design, output, replace(order, is_kept=False))
    except BaseException:
        rmtree(home, ignore_errors=True)
        raise
    return replace(found, folder=None)


def _conduct_in(folder: Path, design: Design, output: Output, order: Order) -> Conducted:
    """The finished experiment in `folder`: as it stands there, gone on with, or run."""
    place, key = folder.resolve(), study_key(design)
    store.mend(place)
    work = Unfinished(place, key)
    if order.again:
        store.check_replaceable(place)
        work.remove()
    elif not (order.resume and work.n_kept()) and (finished := _finished(place, design, key, output)) is not None:
        if work.is_spent(design.tasks()):
            work.remove()
        return Conducted(folder, finished, True, folder)
    store.check_replaceable(place)
    if order.resume and not work.kept(design.tasks()):
        raise InputError(_nothing_to_resume(place, design))
    try:
        work.open(study_identity(design), design.replications)
        return Conducted(folder, _finish(design, place, key, work, output, order), False, folder)
    finally:
        work.remove_if_empty()


def _finished(folder: Path, design: Design, key: str, output: Output) -> dict[str, Any] | None:
    """The manifest of the same experiment, if it stands there whole."""
    try:
        manifest = store.read_manifest(folder)
    except InputError:
        return None
    if manifest.get("key") != key or manifest.get("replications") != design.replications:
        return None
    is_whole = not any(name in manifest["files"] for name in store.changed_files(folder))
    return manifest if is_whole and output.is_same(design, manifest) else None


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


def _finish(design: Design, folder: Path, key: str, work: Unfinished, output: Output, order: Order) -> dict[str, Any]:
    """The manifest of the experiment, which then stands finished in `folder`."""
    started, tasks = datetime.now(UTC), design.tasks()
    results = work.kept(tasks)
    n_kept = len(results)
    try:
        with store.Draft(folder) as draft:
            _replicate_missing(tasks, results, work, draft, order)
            in_order = [results[position] for position in range(len(tasks))]
            manifest = {"key": key, "identity": study_identity(design), "presentation": presentation_fingerprint()}
            manifest |= output.evaluate(design, in_order, draft)
            manifest["run"] = run_record(started, order.crew, n_kept)
            if order.finish:
                order.finish(draft.path, manifest)
            published = draft.publish(manifest)
    except RunError as error:
        raise RunError(f"{error}. {order.left_over(work.n_kept(), len(tasks))}") from error
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped on request. {order.left_over(work.n_kept(), len(tasks))}") from None
    if not work.is_for_more(design.replications):
        work.remove()
    return published


def _replicate_missing(
    tasks: Sequence[Task], results: dict[int, Replicated], work: Unfinished, draft: store.Draft, order: Order
) -> None:
    """Do the tasks that have no result yet; each is kept on disk, and its result added, as soon as it is finished.

    The tables of the draft follow in the order of the tasks, while the workers are busy with the next.
    """
    missing = [position for position in range(len(tasks)) if position not in results]
    advance = order.progress or (lambda *_: None)
    advance(len(results), len(tasks), 0)
    n_flights = n_joined = 0
    with (
        stop_heeded() as stop_if_asked,
        closing(order.crew.replicate([tasks[position] for position in missing], work.keep)) as finished,
    ):
        for place, result in finished:
            stop_if_asked()
            results[missing[place]] = result
            n_flights += result.n_flights
            advance(len(results), len(tasks), n_flights)
            n_joined = _join(tasks, results, work, draft, n_joined)
    _join(tasks, results, work, draft, n_joined)
    draft.close_tables()


def _join(tasks: Sequence[Task], results: Mapping[int, Replicated], work: Unfinished, draft: store.Draft, n_joined: int) -> int:
    """Add the tables of the tasks that are finished without a gap after the first n_joined: how many these are then."""
    while n_joined in results:
        draft.add(work.parts(tasks[n_joined]))
        n_joined += 1
    return n_joined


def make_parent(folder: Path) -> Path:
    """The folder, whose parent is now there. Raises InputError where it can't be."""
    store.make_hidden(folder.parent)
    return folder


def complete(folder: Path, manifest: Mapping[str, Any], finish: Finish, **told: Any) -> dict[str, Any]:
    """The manifest of the same experiment with what `finish` writes: a copy is completed and takes the place of the old one.

    told: entries of the manifest that are new.
    """
    place = folder.resolve()
    with locked(place), store.Draft(place) as draft:
        copytree(place, draft.path, dirs_exist_ok=True, ignore=ignore_patterns(store.MANIFEST))
        complete = {**manifest, **told, "presentation": presentation_fingerprint()}
        finish(draft.path, complete)
        return draft.publish({name: value for name, value in complete.items() if name not in ("format", "files")})
