"""A study: scenarios, each held against another of them, over replications that share their random numbers."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from sim.archive.disk import existing
from sim.archive.layout import SUMMARY_TABLES, TABLES, summary_table_file, table_file
from sim.archive.query import run_query
from sim.execution.options import RunKeywords, RunOptions, read_options, takes_run_keywords
from sim.execution.tables import DISTRIBUTION_COLUMNS, STAGE_COLUMNS
from sim.ground import arguments
from sim.ground.arguments import checked_call
from sim.ground.errors import InputError, Problem
from sim.ground.text import LANGUAGES, Language, Text
from sim.metrics.measure_ref import measures, no_such_measure
from sim.model.feature import Feature
from sim.model.metric import Metric
from sim.scenario.differences import differences, in_short
from sim.scenario.load import Changes, Scenarios, load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.schema import BRANCHES, Branch, Schema, default_schema
from sim.study.comparison import SUMMARY_COLUMNS
from sim.study.design import Design, KeepStages, design_study
from sim.study.folder_contents import evaluate, same_texts
from sim.study.limits import LIMITS_COLUMNS
from sim.study.manifest import AnalysisManifest, StudyManifest, read_manifest
from sim.study.pooled import Pooled, pooled_quantiles
from sim.study.released_in_both import RELEASED_IN_BOTH_COLUMNS
from sim.study.runner import StudyWriter, complete, run_into_folder
from sim.study.summary_tables import read_summary_table, read_summary_tables

if TYPE_CHECKING:
    import pandas as pd

NO_STUDY = Text("this is no study of scenarios", "這不是情景研究的資料夾", "这不是情景研究的文件夹")
OF_ANALYSIS = Text("the folder of a {kind}", "{kind} 分析的資料夾", "{kind} 分析的文件夹")

Finish = Callable[["Study", Path], None]
NAMES_A_ROW = ("scenario", "metric", "part", "unit")  # of the summary; the other columns are numbers

_NO_COLUMN = Text("the summary has no such column", "摘要表沒有這一欄", "摘要表没有这一列")


class Study:
    """The results of a study: its tables, read from its folder when first asked for, and what they are the results of.

    manifest: the record of the study, see docs/reference/studies.md · reused: it stood there finished and was not run again.
    """

    def __init__(
        self, files: Path, manifest: StudyManifest, *, is_kept: bool = True, reused: bool = False, schema: Schema | None = None
    ) -> None:
        self._files = files
        self._is_kept = is_kept
        self.manifest = manifest
        self.reused = reused
        self._schema = schema or default_schema()

    def __repr__(self) -> str:
        first, *others = self.names
        shown = f"{first} and {len(others)} others" if len(others) > 3 else ", ".join(self.names)
        return f"<Study {shown}: {self.manifest.replications} replications>"

    @property
    def folder(self) -> Path | None:
        """The study's folder; None for a study that was not kept: its files live as long as this object."""
        return self._files if self._is_kept else None

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names, the baseline's first."""
        return tuple(scenario.name for scenario in self.manifest.scenarios)

    @property
    def baseline(self) -> str:
        """The name of the first scenario, that all others lead back to."""
        return self.names[0]

    @property
    def against(self) -> dict[str, str]:
        """By compared scenario, in their order, the name of the one it is held against: its base.

        That is its `compare_with` where that is in the study, else the baseline.
        """
        return self.manifest.against

    @cached_property
    def other_world(self) -> tuple[str, ...]:
        """The names of the scenarios that do not stand in the world of the baseline, whatever they are held against."""
        first, *others = self.scenarios
        return tuple(other.name for other in others if any(differences(first, other, "world")))

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios as they were run, the baseline first."""
        files = (self._files / scenario.file for scenario in self.manifest.scenarios)
        return tuple(load_scenario(file, schema=self._schema) for file in files)

    @property
    def confidence(self) -> float:
        """Confidence level of the study's intervals."""
        return self.scenarios[0].study.confidence

    @property
    def boost(self) -> float:
        """How many times contraband was drawn more often than it occurs; 1 but in a study of misses."""
        return self.scenarios[0].study.boost

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features of its scenarios."""
        return self._schema.features

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The declared measures by key, in the order of the catalogue."""
        return measures(self.features)

    @property
    def warnings(self) -> list[str]:
        """What a reader must be told, in English sentences."""
        return self.warnings_in("en")

    @checked_call()
    def warnings_in(self, language: Language) -> list[str]:
        """What a reader must be told, in sentences of that language. Raises InputError for an unknown one."""
        arguments.check(arguments.one_of("language", language, LANGUAGES))
        return [sentence.in_language(language) for sentence in self.manifest.warnings]

    @checked_call()
    def levers_in(self, language: Language) -> list[str]:
        """The levers that change nothing or never bind, in sentences of that language. Raises InputError for an unknown one."""
        arguments.check(arguments.one_of("language", language, LANGUAGES))
        return [sentence.in_language(language) for sentence in self.manifest.levers]

    @property
    def differences(self) -> dict[str, list[str]]:
        """By scenario, what sets it apart from the one it is held against, in English words."""
        return self.differences_in("en")

    @checked_call()
    def differences_in(self, language: Language, branch: Branch | None = None) -> dict[str, list[str]]:
        """By scenario, what sets it apart from the one it is held against, in words of that language.

        Policy, then world, or one of them; nothing of the baseline.

        Raises InputError for an unknown language or branch.
        """
        arguments.check(
            arguments.one_of("language", language, LANGUAGES), arguments.one_of("branch", branch, BRANCHES, optional=True)
        )
        return {
            scenario.name: [
                difference.text.in_language(language)
                for difference in scenario.differences
                if branch in (None, difference.branch)
            ]
            for scenario in self.manifest.scenarios
        }

    @checked_call()
    def differences_in_short(self, language: Language) -> dict[str, list[str]]:
        """By compared scenario the same, without the names of groups where those of parameters do.

        Raises InputError for an unknown language.
        """
        arguments.check(arguments.one_of("language", language, LANGUAGES))
        by_name = {scenario.name: scenario for scenario in self.scenarios}
        changes = {name: in_short(differences(by_name[base], by_name[name])) for name, base in self.against.items()}
        return {name: [text.in_language(language) for text in texts.values()] for name, texts in changes.items()}

    @cached_property
    def summary(self) -> "pd.DataFrame":
        """One row a scenario and measure: scenario, metric, part, unit, n, mean, sd, ci_low, ci_high.

        The interval is that of the mean over n replications, not adjusted for the number of measures.
        """
        return read_summary_table(self._files, "summary")

    @cached_property
    def comparison(self) -> "pd.DataFrame":
        """One row a compared scenario and measure: the paired difference from the scenario it is held against (`against`).

        Columns: baseline (the one it is held against), scenario, metric, part, unit, n, difference, ci_low, ci_high, p,
        p_adjusted, variance_reduction, verdict. Interval, p_adjusted and verdict are adjusted over all compared scenarios of
        the study.
        """
        return read_summary_table(self._files, "comparison")

    @cached_property
    def together(self) -> "pd.DataFrame":
        """Of steps that stand one on top of the other, what they come to: the paired difference from the study's baseline.

        One row a measure and scenario that is held against another than the baseline; columns as in `comparison`, adjusted over
        these scenarios alone. No row where all are held against the baseline.
        """
        if (self._files / summary_table_file("together")).is_file():
            return read_summary_table(self._files, "together")
        return self.comparison.iloc[:0]

    @cached_property
    def best(self) -> "pd.DataFrame":
        """Multiple comparisons with the best: one row a measure with a direction and a scenario.

        Columns: scenario, metric, part, unit, n, difference (from the best of the others), ci_low, ci_high, may_be_best.
        The intervals of a measure hold at once. See `sim.study.best.best_table`.
        """
        return read_summary_table(self._files, "best")

    @cached_property
    def ledger(self) -> "pd.DataFrame":
        """The two-sided ledger: one row a scenario, account and measure, with the difference from its base.

        See `sim.study.ledger.ledger_table` for the columns.
        """
        return read_summary_table(self._files, "ledger")

    @cached_property
    def winners(self) -> "pd.DataFrame":
        """Winners and losers: what became of the same flights under each compared scenario and its base.

        One row a scenario, group of flights and count. See `sim.study.winners.winners_table` for the columns.
        """
        return read_summary_table(self._files, "winners")

    @cached_property
    def released_in_both(self) -> "pd.DataFrame":
        """How much later, or at what other cost, the flights are released that a scenario and its base both release.

        One row a scenario and quantity of a flight. See `sim.study.released_in_both.released_in_both_table` for the columns; no
        row in a folder of an older version, which has no such table.
        """
        import pandas as pd

        if (self._files / summary_table_file("released_in_both")).is_file():
            return read_summary_table(self._files, "released_in_both")
        return pd.DataFrame(columns=list(RELEASED_IN_BOTH_COLUMNS))

    @cached_property
    def time_release(self) -> "pd.DataFrame":
        """A time release study of every scenario: one row a direction, side, channel or tier, step and statistic.

        See `sim.study.trs.trs_table` for the columns.
        """
        return read_summary_table(self._files, "trs")

    @cached_property
    def limits(self) -> "pd.DataFrame":
        """What limits each scenario: flights lost, put off and kept waiting of 100 planned, and minutes, by rule or pool.

        One row a scenario and limit, the largest first. See `sim.study.limits.limits_table` for the columns; no row in a folder
        of an older version, which has no such table.
        """
        import pandas as pd

        if (self._files / summary_table_file("limits")).is_file():
            return read_summary_table(self._files, "limits")
        return pd.DataFrame(columns=list(LIMITS_COLUMNS))

    @cached_property
    def replications(self) -> "pd.DataFrame":
        """One row a replication and measure: scenario, replication, metric, part, value (NaN: nothing to measure)."""
        return self._table("replications")

    @cached_property
    def distributions(self) -> "pd.DataFrame":
        """How often each time came, to the second: scenario, replication, metric, part, value (s; NaN: never), count.

        One row a value that came in a replication; quantiles are those of all replications together. No row in a study of a
        version that did not keep them.
        """
        return self._table_if_kept("distributions", DISTRIBUTION_COLUMNS)

    @cached_property
    def quantiles(self) -> Pooled:
        """By measure and scenario: the quantiles of all replications together, with draws of the bootstrap for differences.

        Empty in a study of a version that kept no distributions.
        """
        file = self._files / table_file("distributions")
        return pooled_quantiles(file, self.names, self.metrics, self.manifest.replications) if file.is_file() else {}

    @cached_property
    def flights(self) -> "pd.DataFrame":
        """One row a planned flight of every replication (see `sim.execution.tables.flights_table`)."""
        return self._table("flights")

    @cached_property
    def consignments(self) -> "pd.DataFrame":
        """One row a consignment of every replication (see `sim.execution.tables.consignments_table`)."""
        return self._table("consignments")

    @cached_property
    def stages(self) -> "pd.DataFrame":
        """One row a visited stage of the replications whose stages were kept; no row where none were."""
        return self._table_if_kept("stages", STAGE_COLUMNS)

    @checked_call()
    def table(self, metrics: str | Sequence[str] = (), column: str = "mean") -> "pd.DataFrame":
        """A column of the summary, one row a measure (metric, part, unit) and one column a scenario.

        metrics: keys of measures, one or a list; without them, the headline measures. Raises InputError for an unknown measure or
        column, with the nearest names.
        """
        keys, columns = arguments.texts("metrics", metrics), [name for name in SUMMARY_COLUMNS if name not in NAMES_A_ROW]
        arguments.check(
            *(no_such_measure(key, "metrics", self.metrics) for key in keys if key not in self.metrics),
            None if column in columns else arguments.unknown_name(_NO_COLUMN, column, columns, "column"),
        )
        chosen = list(keys) or [key for key, metric in self.metrics.items() if metric.headline]
        rows = self.summary[self.summary["metric"].isin(chosen)]
        index = ["metric", "part", "unit"]
        order = rows[index].drop_duplicates().itertuples(index=False, name=None)
        wide = rows.set_index([*index, "scenario"])[column].unstack("scenario")
        return wide.reindex(index=list(order), columns=list(self.names))

    @checked_call()
    def sql(self, query: str) -> "pd.DataFrame":
        """What DuckDB answers to a query on the tables of the study.

        They are replications, distributions, flights, consignments, stages, and the summary tables summary, comparison, together,
        best, ledger, winners, released_in_both, trs and limits. What is NaN elsewhere is NULL there. Only what the query needs is
        read from disk. Raises InputError with DuckDB's words where it can't be answered.
        """
        arguments.check(arguments.text("query", query))
        return run_query(self._files, read_summary_tables(self._files), query)

    def _table_if_kept(self, name: str, columns: Sequence[str]) -> "pd.DataFrame":
        import pandas as pd

        return self._table(name) if (self._files / table_file(name)).is_file() else pd.DataFrame(columns=list(columns))

    def _table(self, name: str) -> "pd.DataFrame":
        import pyarrow.parquet as pq

        table: pd.DataFrame = pq.read_table(existing(self._files, table_file(name))).to_pandas()
        return table


@checked_call()
def load(folder: str | Path, schema: Schema | None = None) -> Study:
    """The study in a folder that `sim.run` left; `schema`: that of its scenarios, if not the package's own.

    Raises InputError where there is none, where a table of it is missing, and with every entry of its manifest that is missing
    or wrong.
    """
    arguments.check(arguments.file_path("folder", folder))
    path = Path(folder)
    manifest = read_manifest(path)
    if isinstance(manifest, AnalysisManifest):
        raise InputError(Problem(NO_STUDY, file=str(path), found=OF_ANALYSIS.fill(kind=manifest.holds)))
    for name in (*map(table_file, TABLES), *map(summary_table_file, SUMMARY_TABLES)):
        if name in manifest.files:
            existing(path, name)
    return Study(path, manifest, schema=schema)


@takes_run_keywords
def run(
    scenarios: Scenarios,
    *,
    set: Changes = (),  # noqa: A002 (the name it has on the command line)
    keep_stages: KeepStages = "first",
    precision: str | Sequence[str] = (),
    max_replications: int | None = None,
    matters: str | Sequence[str] = (),
    same_world: str | None = None,
    against_first: bool = False,
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> Study:
    """The study that holds each scenario against its `compare_with`, else the first.

    Its numbers depend on scenarios and seed alone.

    scenarios: the path of a file, a Scenario, or a list of them · set: values for all of them: "policy.corridor.headway=30 s",
    a list of such texts, or {"policy.corridor.headway": "30 s"} · keep_stages: of which replications each visited stage is
    kept · precision: how narrow intervals are to be ("delay_mean=5%", "delay_quantile/p95=2 min", "difference:delay_mean=1
    min"; one or a list): replications are added to those asked for until all are, in every scenario, and at most
    `max_replications` (1,000); see docs/explanation/statistics.md · matters: the smallest differences that matter, where others
    than the measures' own shall hold ("on_time_share=1 pp"; one or a list) · same_world: the name of a scenario in whose world
    all shall stand, so that their policies alone are compared · against_first: hold every scenario against the first, whatever
    `compare_with` it has · finish(study, folder): writes what belongs into the folder
    beside the tables, such as a report, before the study counts as finished.

    The other keywords are those of `sim.RunOptions`: seed, replications: those of the first scenario unless given · workers:
    on this machine, as many as it has cores unless given · engine: a key of `sim.engine.ENGINES`, the quickest one unless
    given · cluster: address of a dask.distributed scheduler whose workers do the replications · out: the folder to leave, none
    if None · resume, again: see below · progress(done, total, flights): called after each replication, and before the first;
    `flights` counts those simulated now · options: a RunOptions with the values of those that are not named.

    A study that stands finished in `out` is not run again, and replications that an interrupted one left there are
    not done again, where scenarios, seed and version are the same; `again` does all anew, `resume` insists on going on.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails, Interrupted
    on Ctrl-C; finished replications are then kept beside `out`, and a study that stood there stays.
    """
    options = read_options(keywords)
    arguments.check(arguments.function("finish", finish, "study, folder"))
    design = design_study(
        scenarios, set, options, keep_stages=keep_stages, precision=precision, max_replications=max_replications,
        matters=matters, same_world=same_world, against_first=against_first,
    )  # fmt: skip
    return run_design(design, options, finish)


def run_design(design: Design, options: RunOptions, finish: Finish | None = None) -> Study:
    """The study of a settled design, for a caller that needs to know the design first; the rest is as in `run`."""
    schema = design.scenarios[0].assembly
    last = None if finish is None else lambda manifest, folder: finish(Study(folder, manifest, schema=schema), folder)
    writer = StudyWriter(StudyManifest, evaluate, same_texts, last)
    finished = run_into_folder(design, writer, options)
    is_kept = finished.folder is not None
    study = Study(finished.files, finished.manifest, is_kept=is_kept, reused=finished.reused, schema=schema)
    finished.lives_with(study)
    return study


def add_to(study: Study, finish: Finish) -> Study:
    """Add what `finish` writes to a finished study: a copy is completed and replaces the old folder."""
    assert study.folder is not None
    schema = study.scenarios[0].assembly
    published = complete(
        study.folder, study.manifest, lambda manifest, folder: finish(Study(folder, manifest, schema=schema), folder)
    )
    return Study(study.folder, published, reused=True, schema=schema)
