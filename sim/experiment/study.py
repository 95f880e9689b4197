"""A study: scenarios compared with the first of them, over replications that share their random numbers."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from math import nan
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from sim.experiment import store
from sim.experiment.design import Design, KeepStages, default_folder, design_study
from sim.experiment.evaluate import evaluate
from sim.experiment.machine import run_record
from sim.experiment.replicate import Replicated
from sim.experiment.tables import STAGE_COLUMNS
from sim.experiment.workers import Executor, executor
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

    `folder` is None for a study that was not kept: its files live as long as this object.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], kept: bool = True) -> None:
        self._files = folder
        self.folder = folder if kept else None
        self.manifest = manifest

    def __repr__(self) -> str:
        return f"<Study {', '.join(self.names)}: {self.manifest['replications']} replications>"

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
        return self._listing("summary.csv")

    @cached_property
    def comparison(self) -> "pd.DataFrame":
        """One row a compared scenario and measure: the paired difference from the baseline.

        Columns: baseline, scenario, metric, part, unit, n, difference, ci_low, ci_high, p, p_adjusted,
        variance_reduction, verdict. Interval, p_adjusted and verdict are adjusted over the scenarios.
        """
        return self._listing("comparison.csv")

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

    def changed_files(self) -> list[str]:
        """The files of the study that are no longer as they were written."""
        return store.changed_files(self._files)

    def _table(self, name: str) -> "pd.DataFrame":
        import pyarrow.parquet as pq

        table: pd.DataFrame = pq.read_table(self._files / f"{name}.parquet").to_pandas()
        return table

    def _listing(self, name: str) -> "pd.DataFrame":
        import pandas as pd

        numbers = dict.fromkeys(_NUMBERS, _number)
        return pd.read_csv(self._files / name, dtype=dict.fromkeys(_TEXTS, str), converters=numbers, keep_default_na=False)


_NUMBERS = ("mean", "sd", "ci_low", "ci_high", "difference", "p", "p_adjusted", "variance_reduction")
_TEXTS = ("baseline", "scenario", "metric", "part", "unit", "verdict")


def _number(written: str) -> float:
    """Exactly the number that was written, which the faster ways of reading do not promise; NaN where there is none."""
    return float(written) if written else nan


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
    engine: str = "reference",
    out: str | Path | None = None,
    set: Sequence[str] = (),  # noqa: A002 (the name it has on the command line)
    keep_stages: KeepStages = "first",
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> Study:
    """The study that compares the scenarios with the first of them; its numbers depend on scenarios and seed alone.

    seed, replications: those of the first scenario unless given · workers: processes · out: the folder
    to leave, none if None · set: values for scenarios given as files ("policy.corridor.headway=30 s") ·
    keep_stages: of which replications each visited stage is kept · finish(study, folder): writes what
    belongs into the folder beside the tables, such as a report, before the study counts as finished ·
    progress(done, total, flights): called after each replication.

    Raises InputError for what can't be done as asked, RunError where a replication or the disk fails;
    then nothing is left, and a study that stood in `out` stays.
    """
    scenarios = [scenarios] if isinstance(scenarios, str | Path) else scenarios
    design = design_study(scenarios, set, seed, replications, engine, keep_stages)
    if out is not None:
        folder = Path(out)
        return Study(folder, _conduct(design, folder, workers, finish, progress))
    home = Path(mkdtemp(prefix="sim-"))
    try:
        folder = home / default_folder(design).name
        study = Study(folder, _conduct(design, folder, workers, finish, progress), kept=False)
    except BaseException:
        rmtree(home, ignore_errors=True)
        raise
    weakref.finalize(study, rmtree, home, ignore_errors=True)
    return study


def _conduct(design: Design, folder: Path, workers: int, finish: Finish | None, progress: Progress | None) -> dict[str, Any]:
    """The manifest of the study, which then stands finished in `folder`."""
    started, execute = datetime.now(UTC), executor(workers)
    with store.Draft(folder) as draft:
        results = _replicate_all(design, draft, execute, progress)
        draft.combine()
        manifest = evaluate(design, results, draft)
        manifest["run"] = run_record(started, workers, design.engine)
        if finish:
            finish(Study(draft.path, manifest), draft.path)
        return draft.publish(manifest)


def _replicate_all(design: Design, draft: store.Draft, execute: Executor, progress: Progress | None) -> list[Replicated]:
    """The results in the order of tasks, their tables left in the draft."""
    tasks, n_flights = design.tasks(), 0
    results: dict[int, Replicated] = {}
    with closing(execute(tasks)) as finished:
        for position, result in finished:
            draft.add(position, result.files)
            results[position] = replace(result, files={})
            n_flights += result.n_flights
            if progress:
                progress(len(results), len(tasks), n_flights)
    return [results[position] for position in range(len(tasks))]
