"""A study is conducted: taken as it stands, gone on with or run, until it stands finished in its folder."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.experiment import store
from sim.experiment.design import Design
from sim.experiment.enough import Settled, settle
from sim.experiment.evaluate import evaluate, in_languages, scenario_file
from sim.experiment.key import presentation_fingerprint, study_identity, study_key
from sim.experiment.machine import run_record
from sim.experiment.order import Order
from sim.experiment.replicate import Replicated, Task
from sim.experiment.unfinished import Unfinished, unfinished_in
from sim.ground.errors import InputError, Problem

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Begun:
    """When a study began, and how many replications an earlier, interrupted run had left for it."""

    started: datetime
    n_kept: int


def conduct(folder: Path, design: Design, order: Order) -> tuple[Manifest, bool]:
    """The manifest of the study, which stands finished in `folder`, and whether it stood there before.

    Whoever calls it holds the folder's lock.
    """
    place, key = folder.resolve(), study_key(design)
    store.mend(place)
    work = Unfinished(place, key)
    if order.again:
        store.check_replaceable(place)
        work.remove()
    elif not (order.resume and work.n_kept()) and (finished := _finished(place, design, key)) is not None:
        done = finished.get("precision", {}).get("simulated", finished["replications"])
        if work.is_spent(replace(design, replications=done).tasks()):
            work.remove()
        return finished, True
    store.check_replaceable(place)
    if order.resume and not work.kept(design.tasks()):
        raise InputError(_nothing_to_resume(place, design))
    try:
        work.open(study_identity(design), design.replications)
        return _run(design, place, key, work, order), False
    finally:
        work.remove_if_empty()


def _finished(folder: Path, design: Design, key: str) -> Manifest | None:
    """The manifest of the same study, if it stands there whole."""
    try:
        manifest = store.read_manifest(folder)
    except InputError:
        return None
    if manifest.get("key") != key or not _has_the_size(manifest, design):
        return None
    written: dict[str, str] = manifest["files"]
    texts = (scenario_file(design, number) for number in range(len(design.scenarios)))
    same_texts = all(written.get(name) == sha256(text.encode()).hexdigest() for name, text in texts)  # titles and notes too
    return manifest if same_texts and not any(name in written for name in store.changed_files(folder)) else None


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


def _run(design: Design, folder: Path, key: str, work: Unfinished, order: Order) -> Manifest:
    """The manifest of the study, which then stands finished in `folder`.

    With a precision asked for, first as many replications are done as it needs; the rest is the study of that many.
    """
    started = datetime.now(UTC)
    if not design.precision:
        begun = _Begun(started, len(work.kept(design.tasks())))
        return _write(design, folder, key, work, order, begun)
    settled = settle(design, work, order)
    own = replace(design, replications=settled.replications)
    return _write(own, folder, key, work, replace(order, progress=None), _Begun(started, settled.n_kept), settled)


def _write(
    design: Design, folder: Path, key: str, work: Unfinished, order: Order, begun: _Begun, settled: Settled | None = None
) -> Manifest:
    """The same, with what is missing of its replications."""
    tasks = design.tasks()
    results = work.kept(tasks)
    with order.telling_what_is_left(work, len(tasks)), store.Draft(folder) as draft:
        _replicate_missing(tasks, results, work, draft, order)
        in_order = [results[position] for position in range(len(tasks))]
        manifest: Manifest = {"key": key, "identity": study_identity(design), "presentation": presentation_fingerprint()}
        manifest |= evaluate(design, in_order, draft)
        if settled:
            manifest["precision"] = settled.record
            manifest["warnings"] += in_languages(settled.cautions)
        manifest["run"] = run_record(begun.started, order.crew, begun.n_kept)
        if order.finish:
            order.finish(manifest, draft.path)
        published = draft.publish(manifest)
    if not work.is_for_more(settled.simulated if settled else design.replications):
        work.remove()
    return published


def _replicate_missing(
    tasks: Sequence[Task], results: dict[int, Replicated], work: Unfinished, draft: store.Draft, order: Order
) -> None:
    """Do the tasks that have no result yet, and write the tables of the draft.

    They follow in the order of the tasks, while the workers are busy with the next.
    """
    n_joined = 0
    with closing(order.replicate_missing(tasks, results, work)) as finished:
        for _ in finished:
            n_joined = _join(tasks, results, work, draft, n_joined)
    _join(tasks, results, work, draft, n_joined)
    draft.close_tables()


def _join(tasks: Sequence[Task], results: Mapping[int, Replicated], work: Unfinished, draft: store.Draft, n_joined: int) -> int:
    """Add the tables of the tasks that are finished without a gap after the first n_joined: how many these are then."""
    while n_joined in results:
        draft.add(work.parts(tasks[n_joined]))
        n_joined += 1
    return n_joined
