"""A study: scenarios compared with the first of them, over replications that share their random numbers."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from sim.experiment import store
from sim.experiment.design import Design, KeepStages, default_folder, design_study
from sim.experiment.evaluate import evaluate, scenario_file
from sim.experiment.key import presentation_fingerprint, study_identity, study_key
from sim.experiment.listings import listings_in, read_listing
from sim.experiment.lock import locked
from sim.experiment.machine import run_record
from sim.experiment.query import ask
from sim.experiment.replicate import Replicated, Task
from sim.experiment.stopping import stop_heeded
from sim.experiment.tables import STAGE_COLUMNS
from sim.experiment.unfinished import Unfinished, unfinished_in
from sim.experiment.workers import Crew
from sim.ground.errors import InputError, Interrupted, Problem, RunError
from sim.ground.text import Language
from sim.metrics import all_metrics
from sim.nouns.metric import Metric
from sim.policies import FEATURES
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int, int], None]
Finish = Callable[["Study", Path], None]


class Study:
    """The results of a study, read from its folder when first asked for.

    `folder` is None for a study that was not kept: its files live as long as this object · `reused`: it stood
    there finished and was not run again.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], reused: bool = False) -> None:
        self._files = folder
        self.folder: Path | None = folder
        self.manifest = manifest
        self.reused = reused

    def __repr__(self) -> str:
        return f"<Study {', '.join(self.names)}: {self.manifest['replications']} replications>"

    @property
    def is_shown_as_now(self) -> bool:
        """Whether its charts and its report are those that this version of the package would make."""
        return bool(self.manifest.get("presentation") == presentation_fingerprint())

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names, the baseline's first."""
        return tuple(scenario["name"] for scenario in self.manifest["scenarios"])

    @property
    def baseline(self) -> str:
        """The name of the scenario that the others are compared with."""
        return self.names[0]

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios as they were run, the baseline first."""
        return tuple(load_scenario(self._files / scenario["file"]) for scenario in self.manifest["scenarios"])

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The declared measures by key, in the order of the catalogue."""
        return {metric.key: metric for metric in all_metrics(FEATURES)}

    @property
    def warnings(self) -> list[str]:
        """What a reader must be told, in English sentences."""
        return self.warnings_in("en")

    def warnings_in(self, language: Language) -> list[str]:
        """What a reader must be told, in sentences of that language."""
        return [sentence[language] for sentence in self.manifest["warnings"]]

    @property
    def differences(self) -> dict[str, list[str]]:
        """By scenario, what sets it apart from the baseline, in English words."""
        return self.differences_in("en")

    def differences_in(self, language: Language, branch: Branch | None = None) -> dict[str, list[str]]:
        """By scenario, what sets it apart from the baseline, in words of that language: policy, then world, or one of them."""
        return {
            scenario["name"]: [found[language] for found in scenario["differences"] if branch in (None, found["branch"])]
            for scenario in self.manifest["scenarios"]
        }

    @property
    def paired_by_flight(self) -> dict[str, bool]:
        """By scenario, whether its flights are those of the baseline, one by one."""
        return {scenario["name"]: scenario["paired_by_flight"] for scenario in self.manifest["scenarios"]}

    @cached_property
    def replications(self) -> "pd.DataFrame":
        """One row a replication and measure: scenario, replication, metric, part, value (NaN: nothing to measure)."""
        return self._table("replications")

    @cached_property
    def summary(self) -> "pd.DataFrame":
        """One row a scenario and measure: scenario, metric, part, unit, n, mean, sd, ci_low, ci_high.

        The interval is that of the mean over n replications, not adjusted for the number of measures.
        """
        return read_listing(self._files, "summary")

    @cached_property
    def comparison(self) -> "pd.DataFrame":
        """One row a compared scenario and measure: the paired difference from the baseline.

        Columns: baseline, scenario, metric, part, unit, n, difference, ci_low, ci_high, p, p_adjusted,
        variance_reduction, verdict. Interval, p_adjusted and verdict are adjusted over the scenarios.
        """
        return read_listing(self._files, "comparison")

    def best(self) -> "pd.DataFrame":
        """Multiple comparisons with the best: one row a measure with a direction and a scenario.

        Columns: scenario, metric, part, unit, n, difference (from the best of the others), ci_low, ci_high, may_be_best.
        The intervals of a measure hold at once. See `sim.experiment.best.best_table`.
        """
        return read_listing(self._files, "best")

    def ledger(self) -> "pd.DataFrame":
        """The two-sided ledger: one row a scenario, account and measure, with the difference from the baseline.

        See `sim.experiment.ledger.ledger_table` for the columns.
        """
        return read_listing(self._files, "ledger")

    def winners_and_losers(self) -> "pd.DataFrame":
        """What became of the same flights under each compared scenario and the baseline: how many were released sooner, …

        See `sim.experiment.winners.winners_table` for the columns.
        """
        return read_listing(self._files, "winners")

    def time_release(self) -> "pd.DataFrame":
        """A time release study of every scenario: one row a direction, side, channel or tier, step and statistic.

        See `sim.experiment.trs.trs_table` for the columns.
        """
        return read_listing(self._files, "trs")

    @cached_property
    def flights(self) -> "pd.DataFrame":
        """One row a planned flight of every replication (see `sim.experiment.tables.flights_table`)."""
        return self._table("flights")

    @cached_property
    def consignments(self) -> "pd.DataFrame":
        """One row a consignment of every replication (see `sim.experiment.tables.consignments_table`)."""
        return self._table("consignments")

    @cached_property
    def stages(self) -> "pd.DataFrame":
        """One row a visited stage of the replications whose stages were kept; no row where none were."""
        import pandas as pd

        if (self._files / "stages.parquet").is_file():
            return self._table("stages")
        return pd.DataFrame(columns=list(STAGE_COLUMNS))

    def table(self, metrics: Sequence[str] = (), column: str = "mean") -> "pd.DataFrame":
        """A column of the summary, one row a measure (metric, part, unit) and one column a scenario.

        Without `metrics`, the headline measures.
        """
        chosen = list(metrics) or [key for key, metric in self.metrics.items() if metric.headline]
        rows = self.summary[self.summary["metric"].isin(chosen)]
        index = ["metric", "part", "unit"]
        order = rows[index].drop_duplicates().itertuples(index=False, name=None)
        wide = rows.set_index([*index, "scenario"])[column].unstack("scenario")
        return wide.reindex(index=list(order), columns=list(self.names))

    def sql(self, query: str) -> "pd.DataFrame":
        """What DuckDB answers to a query on the tables of the study.

        They are replications, flights, consignments, stages, summary, comparison, best, ledger, winners and trs.
        What is NaN elsewhere is NULL there. Only what the query needs is read from disk. Raises InputError with
        DuckDB's words where it can't be answered.
        """
        return ask(self._files, listings_in(self._files), query)

    def changed_files(self) -> list[str]:
        """The files of the study that are no longer as they were written."""
        return store.changed_files(self._files)

    def _table(self, name: str) -> "pd.DataFrame":
        import pyarrow.parquet as pq

        table: pd.DataFrame = pq.read_table(self._files / f"{name}.parquet").to_pandas()
        return table


def load(folder: str | Path) -> Study:
    """The study in a folder that `sim.run` left. Raises InputError where there is none."""
    path = Path(folder)
    return Study(path, store.read_manifest(path))


def run(
    scenarios: str | Path | Sequence[str | Path | Scenario],
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int = 1,
    engine: str | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    set: Sequence[str] = (),  # noqa: A002 (the name it has on the command line)
    keep_stages: KeepStages = "first",
    resume: bool = False,
    again: bool = False,
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> Study:
    """The study that compares the scenarios with the first of them; its numbers depend on scenarios and seed alone.

    seed, replications: those of the first scenario unless given · workers: on this machine · engine: a key
    of `sim.engine.ENGINES`, the quickest one unless given · cluster: address of a dask.distributed scheduler whose
    workers do the replications · out: the folder to leave, none if None · set: values for scenarios given
    as files ("policy.corridor.headway=30 s") · keep_stages: of which replications each visited stage is
    kept · finish(study, folder): writes what belongs into the folder beside the tables, such as a report,
    before the study counts as finished · progress(done, total, flights): called after each replication,
    and before the first; `flights` counts those simulated now.

    A study that stands finished in `out` is not run again, and replications that an interrupted one left there are
    not done again, where scenarios, seed and version are the same; `again` does all anew, `resume` insists on going on.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails, Interrupted
    on Ctrl-C; finished replications are then kept beside `out`, and a study that stood there stays.
    """
    scenarios = [scenarios] if isinstance(scenarios, str | Path) else scenarios
    design = design_study(scenarios, set, seed, replications, engine, keep_stages)
    return run_design(
        design, workers=workers, cluster=cluster, out=out, resume=resume, again=again, finish=finish, progress=progress
    )


def run_design(
    design: Design,
    *,
    workers: int = 1,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    again: bool = False,
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> Study:
    """The study of a settled design, for a caller that needs to know the design first; the rest is as in `run`."""
    order = _Order(Crew(workers, design.engine, cluster), resume, again, finish, progress)
    if out is not None:
        with locked(make_parent(Path(out).resolve())):
            return _run_in(Path(out), design, order)
    if resume:
        raise InputError(Problem("a study that leaves no folder can't be gone on with", path="resume", allowed="with out"))
    home = Path(mkdtemp(prefix="sim-"))
    try:
        study = _run_in(home / default_folder(design).name, design, replace(order, is_kept=False))
    except BaseException:
        rmtree(home, ignore_errors=True)
        raise
    study.folder = None
    weakref.finalize(study, rmtree, home, ignore_errors=True)
    return study


@dataclass(frozen=True, slots=True)
class _Order:
    """How a study is to be conducted; nothing of it moves a number (see `run`)."""

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


def _run_in(folder: Path, design: Design, order: _Order) -> Study:
    """The finished study in `folder`: as it stands there, gone on with, or run."""
    place, key = folder.resolve(), study_key(design)
    store.mend(place)
    work = Unfinished(place, key)
    if order.again:
        store.check_replaceable(place)
        work.remove()
    elif not (order.resume and work.n_kept()) and (finished := _finished(place, design, key)) is not None:
        if work.is_spent(design.tasks()):
            work.remove()
        return Study(folder, finished, reused=True)
    store.check_replaceable(place)
    if order.resume and not work.kept(design.tasks()):
        raise InputError(_nothing_to_resume(place, design))
    try:
        work.open(study_identity(design), design.replications)
        return Study(folder, _conduct(design, place, key, work, order))
    finally:
        work.remove_if_empty()


def _finished(folder: Path, design: Design, key: str) -> dict[str, Any] | None:
    """The manifest of the same study, if it stands there whole."""
    try:
        manifest = store.read_manifest(folder)
    except InputError:
        return None
    if manifest.get("key") != key or manifest.get("replications") != design.replications:
        return None
    written: dict[str, str] = manifest["files"]
    texts = (scenario_file(design, number) for number in range(len(design.scenarios)))
    same_texts = all(written.get(name) == sha256(text.encode()).hexdigest() for name, text in texts)  # titles and notes too
    return manifest if same_texts and not any(name in written for name in store.changed_files(folder)) else None


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


def _conduct(design: Design, folder: Path, key: str, work: Unfinished, order: _Order) -> dict[str, Any]:
    """The manifest of the study, which then stands finished in `folder`."""
    started, tasks = datetime.now(UTC), design.tasks()
    results = work.kept(tasks)
    n_kept = len(results)
    try:
        with store.Draft(folder) as draft:
            _replicate_missing(tasks, results, work, draft, order)
            in_order = [results[position] for position in range(len(tasks))]
            manifest = {"key": key, "identity": study_identity(design), "presentation": presentation_fingerprint()}
            manifest |= evaluate(design, in_order, draft)
            manifest["run"] = run_record(started, order.crew, n_kept)
            if order.finish:
                order.finish(Study(draft.path, manifest), draft.path)
            published = draft.publish(manifest)
    except RunError as error:
        raise RunError(f"{error}. {order.left_over(work.n_kept(), len(tasks))}") from error
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped on request. {order.left_over(work.n_kept(), len(tasks))}") from None
    if not work.is_for_more(design.replications):
        work.remove()
    return published


def _replicate_missing(
    tasks: Sequence[Task], results: dict[int, Replicated], work: Unfinished, draft: store.Draft, order: _Order
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


def add_to(study: Study, finish: Finish) -> Study:
    """The same study with what `finish` writes: a copy is completed and put in the place of the old one, whole."""
    assert study.folder is not None
    place = study.folder.resolve()
    with locked(place), store.Draft(place) as draft:
        copytree(place, draft.path, dirs_exist_ok=True, ignore=ignore_patterns(store.MANIFEST))
        finish(Study(draft.path, study.manifest), draft.path)
        told = {**study.manifest, "presentation": presentation_fingerprint()}
        published = draft.publish({name: value for name, value in told.items() if name not in ("format", "files")})
    return Study(study.folder, published, reused=True)
