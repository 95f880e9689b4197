"""A study is run into its folder, resumed there, or reused where it is finished."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import mkdtemp
from typing import Any, Generic

from sim.archive import layout, study_folder
from sim.archive.checkpoint import Checkpoint, unfinished_in
from sim.archive.disk import make_folder
from sim.archive.lock import locked
from sim.execution.environment import run_record
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.study.design import Design, default_folder
from sim.study.folder_contents import in_languages
from sim.study.identity import presentation_fingerprint, study_identity, study_key
from sim.study.json_entries import read_entries
from sim.study.manifest import AnyManifest, Manifest, StudyManifest, manifest_of, read_manifest
from sim.study.replications import replicate_missing, saying_what_is_kept
from sim.study.sequential_stopping import StoppingResult, run_to_precision

_NO_FOLDER = Text(
    "a study that leaves no folder can't be gone on with", "不留下資料夾的研究不能繼續進行", "不留下文件夹的研究不能继续进行"
)
_WITH_OUT = Text("with out", "與 out 一併使用", "与 out 一并使用")
NONE_LEFT = Text("no unfinished study is left here", "此處沒有未完成的研究", "此处没有未完成的研究")
WITHOUT_RESUME = Text("the command without --resume", "不加 --resume 的命令", "不加 --resume 的命令")
_OF_ANOTHER = Text(
    "what is left here belongs to another study: {keys} differs",
    "此處留下的屬另一項研究：{keys} 不同",
    "此处留下的属于另一项研究：{keys} 不同",
)
_OF_ANOTHER_IN_SEVERAL = Text(
    "what is left here belongs to another study: {keys} differ",
    "此處留下的屬另一項研究：{keys} 不同",
    "此处留下的属于另一项研究：{keys} 不同",
)
_AS_INTERRUPTED = Text("the command as it was interrupted", "中斷時所用的同一命令", "中断时所用的同一命令")

Entries = dict[str, Any]
Evaluate = Callable[[Design, Sequence[ReplicationResult], study_folder.StagingFolder], Entries]
IsSame = Callable[[Design, AnyManifest], bool]
Finish = Callable[[AnyManifest, Path], None]
Watch = Callable[[Mapping[str, Path]], None]


@dataclass(frozen=True, slots=True)
class StudyWriter(Generic[AnyManifest]):
    """What a kind of study writes into its folder.

    kind: of its manifest · evaluate: writes the summary tables of the finished replications into the staging folder and returns
    the manifest's entries without its run and its files · is_same: whether a finished folder's manifest has the texts of this
    design, too ·
    finish(manifest, folder): writes what belongs into the folder beside the tables · watch(files): is called while replications
    are done, with the files of each by table, in the order of the design, and may end the study by an error; finished ones are
    kept.
    """

    kind: type[AnyManifest]
    evaluate: Evaluate
    is_same: IsSame[AnyManifest]
    finish: Finish[AnyManifest] | None = None
    watch: Watch | None = None


@dataclass(frozen=True)
class FinishedRun(Generic[AnyManifest]):
    """A study that is finished in `files`; `reused`: it was finished before. `folder` is None if it is not kept."""

    files: Path
    manifest: AnyManifest
    reused: bool
    folder: Path | None

    def lives_with(self, owner: object) -> None:
        """Removes the files of a study that is not kept when `owner` is removed."""
        if self.folder is None:
            weakref.finalize(owner, rmtree, self.files.parent, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class RunStart:
    """When a study began, and how many replications an earlier, interrupted run had left for it."""

    started: datetime
    n_kept: int


def run_into_folder(design: Design, writer: StudyWriter[AnyManifest], options: RunOptions) -> FinishedRun[AnyManifest]:
    """Run the study into the folder of the options, or into a temporary one, which `FinishedRun.lives_with` binds to an owner.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails, Interrupted on Ctrl-C;
    finished replications are then kept beside `out`, and the study that was there stays.
    """
    if options.out is not None:
        with locked(make_parent(options.out.resolve())):
            return FinishedRun(options.out, *_run_in(options.out, design, writer, options), options.out)
    if options.resume:
        raise InputError(Problem(_NO_FOLDER, path="resume", allowed=_WITH_OUT))
    home = Path(mkdtemp(prefix="sim-"))
    try:
        folder = home / default_folder(design).name
        return FinishedRun(folder, *_run_in(folder, design, writer, options), None)
    except BaseException:
        rmtree(home, ignore_errors=True)
        raise


def make_parent(folder: Path) -> Path:
    """The folder, after making its parent if it is not there. Raises InputError where it can't be made."""
    make_folder(folder.parent)
    return folder


def complete(folder: Path, manifest: AnyManifest, finish: Finish[AnyManifest], **entries: Any) -> AnyManifest:
    """Add what `finish` writes to a finished study: a copy is completed and replaces the old folder. Returns its manifest.

    entries: new ones of the manifest; all others stay, also those of a newer version. Its analyses stay as they are.
    """
    place = folder.resolve()
    with locked(place), study_folder.StagingFolder(place) as staging:
        copytree(place, staging.path, dirs_exist_ok=True, ignore=ignore_patterns(layout.MANIFEST, layout.ANALYSES))
        completed = {**manifest.entries, **entries, "presentation": presentation_fingerprint()}
        finish(manifest_of(type(manifest), completed), staging.path)
        published = staging.publish({name: value for name, value in completed.items() if name not in ("format", "files")})
        return read_entries(type(manifest), published)


def _run_in(folder: Path, design: Design, writer: StudyWriter[AnyManifest], options: RunOptions) -> tuple[AnyManifest, bool]:
    """The manifest of the study, finished in `folder`, and whether it was finished before."""
    place, key = folder.resolve(), study_key(design)
    study_folder.recover(place)
    work = Checkpoint(place, key)
    if options.again:
        study_folder.check_replaceable(place)
        work.remove()
    elif not (options.resume and work.n_saved()) and (finished := _finished(place, design, key, writer)) is not None:
        precision = finished.precision if isinstance(finished, StudyManifest) else None
        done = precision.simulated if precision else finished.replications
        if work.is_spent(replace(design, replications=done).tasks()):
            work.remove()
        return finished, True
    study_folder.check_replaceable(place)
    if options.resume and not work.load(design.tasks()):
        raise InputError(_nothing_to_resume(place, design))
    try:
        work.open(study_identity(design), design.replications)
        return _run(design, place, key, work, writer, options), False
    finally:
        work.remove_if_empty()


def _finished(folder: Path, design: Design, key: str, writer: StudyWriter[AnyManifest]) -> AnyManifest | None:
    """The manifest of the finished study in the folder, if it is whole and of this design, else None."""
    try:
        manifest = read_manifest(folder)
    except InputError:
        return None
    if not isinstance(manifest, writer.kind) or manifest.key != key or not _has_the_size(manifest, design):
        return None
    is_whole = not any(name in manifest.files for name in study_folder.changed_files(folder))
    return manifest if is_whole and writer.is_same(design, manifest) else None


def _has_the_size(manifest: Manifest, design: Design) -> bool:
    """Whether the study has the number of replications of the design, or was ended by the required precision of the design."""
    if design.precision:
        precision = manifest.precision if isinstance(manifest, StudyManifest) else None
        return precision is not None and precision.asked == design.asked_precision()
    return manifest.replications == design.replications


def _nothing_to_resume(folder: Path, design: Design) -> Problem:
    """Why there is nothing to go on with: nothing at all, or what is left there is another study."""
    others = [other for name, _, other, n in unfinished_in(folder.parent) if name == folder.name and n]
    if not others:
        return Problem(NONE_LEFT, path="resume", found=Text.same(str(folder)), allowed=WITHOUT_RESUME)
    identity = study_identity(design)
    differing = sorted({key for other in others for key in identity if other.get(key) != identity[key]})
    message = (_OF_ANOTHER if len(differing) == 1 else _OF_ANOTHER_IN_SEVERAL).fill(keys=COMMA.join(differing))
    return Problem(message, path="resume", found=Text.same(str(folder)), allowed=_AS_INTERRUPTED)


def _run(
    design: Design, folder: Path, key: str, work: Checkpoint, writer: StudyWriter[AnyManifest], options: RunOptions
) -> AnyManifest:
    """Run the study until it is finished in `folder`, and return its manifest.

    Where a precision is required, the replications that it needs are done first; the study is then written with that number.
    """
    started = datetime.now(UTC)
    if not design.precision:
        start = RunStart(started, len(work.load(design.tasks())))
        return _write(design, folder, key, work, writer, options, start)
    stopping = run_to_precision(design, work, options)
    extended = replace(design, replications=stopping.replications)
    start = RunStart(started, stopping.n_kept)
    return _write(extended, folder, key, work, writer, replace(options, progress=None), start, stopping)


def _write(
    design: Design, folder: Path, key: str, work: Checkpoint, writer: StudyWriter[AnyManifest], options: RunOptions,
    start: RunStart, stopping: StoppingResult | None = None,
) -> AnyManifest:  # fmt: skip
    """Do the replications that are missing, write the folder of the study, and return its manifest."""
    tasks = design.tasks()
    results = work.load(tasks)
    with saying_what_is_kept(work, len(tasks), options), study_folder.StagingFolder(folder) as staging:
        _replicate_into(tasks, results, work, staging, options, writer.watch)
        in_order = [results[position] for position in range(len(tasks))]
        entries: Entries = {"key": key, "identity": study_identity(design), "presentation": presentation_fingerprint()}
        entries |= writer.evaluate(design, in_order, staging)
        if stopping:
            entries["precision"] = asdict(stopping.record)
            entries["warnings"] += in_languages(stopping.caveats)
        entries["run"] = run_record(start.started, options, design.engine, start.n_kept)
        if writer.finish:
            writer.finish(manifest_of(writer.kind, entries), staging.path)
        published = staging.publish(entries)
    if not work.is_for_more(stopping.simulated if stopping else design.replications):
        work.remove()
    return read_entries(writer.kind, published)


def _replicate_into(
    tasks: Sequence[Task],
    results: dict[int, ReplicationResult],
    work: Checkpoint,
    staging: study_folder.StagingFolder,
    options: RunOptions,
    watch: Watch | None,
) -> None:
    """Do the tasks that have no result yet, and write the tables of the study.

    They follow in the order of the tasks, while the workers are busy with the next.
    """
    n_joined = _join(tasks, results, work, staging, 0, watch)
    with closing(replicate_missing(tasks, results, work, options)) as finished:
        for _ in finished:
            n_joined = _join(tasks, results, work, staging, n_joined, watch)
    staging.close_tables()


def _join(
    tasks: Sequence[Task],
    results: Mapping[int, ReplicationResult],
    work: Checkpoint,
    staging: study_folder.StagingFolder,
    n_joined: int,
    watch: Watch | None,
) -> int:
    """Add the tables of the tasks that follow the first n_joined without a gap, and return how many are added in all."""
    while n_joined in results:
        files = work.paths(tasks[n_joined])
        staging.add_rows(files)
        if watch:
            watch(files)
        n_joined += 1
    return n_joined
