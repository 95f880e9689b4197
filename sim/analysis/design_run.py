"""The run of a design: many points, each simulated a few times, of which only the measures are kept."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from sim.analysis.design_points import LONGEST, DesignPoint, ForbiddenPoint, one_line
from sim.analysis.first_look import FirstLook
from sim.analysis.forbidden import forbidden_table
from sim.archive import layout, study_folder
from sim.engine import default_engine
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult
from sim.ground.arguments import checked_call
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.metrics.measure_ref import MeasureRef, measures, read_measure
from sim.model.feature import Feature
from sim.model.metric import Metric
from sim.policies import FEATURES
from sim.scenario.differences import differences
from sim.scenario.scenario import Scenario
from sim.scenario.write import write_resolved
from sim.statistics.intervals import Estimate, estimate_means
from sim.statistics.pooled_quantiles import NO_QUANTILE, PooledQuantile
from sim.study.caveats import cautions_beforehand
from sim.study.csv_files import csv_text, read_csv
from sim.study.design import WINDOW, Design, settings_apart, study_settings
from sim.study.drift import cautions_of_points
from sim.study.folder_contents import in_languages, title_entry
from sim.study.identity import is_shown_as_now
from sim.study.manifest import AnalysisManifest
from sim.study.pooled import Pooled, is_quantile, pooled_quantiles, values_of_quantiles
from sim.study.replication_values import Values, event_size, keys_behind, values_by_measure
from sim.study.runner import StudyWriter, complete, run_into_folder

if TYPE_CHECKING:
    import pandas as pd

NO_SUCH_PART = Text("nothing measured has that part", "沒有量度這一部分", "没有测量这一部分")
_A_MEASURE = Text(
    "a measure of docs/reference/measures.md",
    "docs/reference/measures.md 所列的指標",
    "docs/reference/measures.md 所列的指标",
)
_OTHER_WORLD = Text(
    "{name} stands in another world than {first}: the policies can't be told apart from it",
    "{name} 的外在條件與 {first} 不同，無法分辨政策的作用",
    "{name} 的外在条件与 {first} 不同，无法分辨政策的作用",
)
_NAMED_ALIKE = Text(
    "the scenarios' names begin alike: two points would be called {name}",
    "各情景名稱開首相同：會有兩點同名為 {name}",
    "各情景名称开头相同：会有两点同名为 {name}",
)
_OTHER_NAMES = Text("names that differ in their first {n} characters", "首 {n} 個字元不同的名稱", "前 {n} 个字符不同的名称")

Finish = Callable[["DesignRun", Path], None]


class DesignRun:
    """The finished run of a design, read from its folder when first needed. `folder` is None for one that was not kept.

    features: those of its scenarios, which declare the measures.
    """

    def __init__(
        self,
        files: Path,
        manifest: AnalysisManifest,
        reused: bool,
        folder: Path | None,
        features: tuple[Feature, ...] = FEATURES,
    ) -> None:
        self.files, self.manifest, self.reused, self.folder, self.features = files, manifest, reused, folder, features

    @property
    def names(self) -> tuple[str, ...]:
        """The points' names, in the order of the design."""
        return tuple(self.points["point"])

    @property
    def confidence(self) -> float:
        """Confidence level of its intervals."""
        return self.manifest.confidence

    @cached_property
    def points(self) -> "pd.DataFrame":
        """One row a point: its name, the scenario it is made from, and a column a parameter that was set, as written."""
        return read_csv(self.files / layout.POINTS, dtype=str, keep_default_na=False)

    @cached_property
    def left_out(self) -> "pd.DataFrame":
        """The combinations that were asked for and can't be, as `forbidden_table` lists them; no row where there is none."""
        file = self.files / layout.LEFT_OUT
        return read_csv(file, dtype=str, keep_default_na=False) if file.is_file() else forbidden_table([])

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The declared measures by key."""
        return measures(self.features)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self.manifest.holds}: {len(self.names)} points>"

    @checked_call()
    def values(self, measure: str) -> Floats:
        """Shape (points, replications): a measure ("key" or "key/part"), NaN where a replication offers nothing to measure.

        Of a quantile, that of the flights of each replication alone, inf where it falls among those never released. Raises
        InputError where there is no such measure, or no point has such a part of it, with those that there are.
        """
        ref = read_measure(measure, known=self.metrics).ref
        by_part = self.of_measure(ref.metric)
        if ref not in by_part:
            allowed = COMMA.join(map(str, list(by_part)[:12])) or _A_MEASURE
            raise InputError(Problem(NO_SUCH_PART, path="measure", found=Text.same(measure), allowed=allowed))
        nothing = np.full(self.manifest.replications, np.nan)
        return np.array([by_part[ref].get(name, nothing) for name in self.names])

    @checked_call()
    def quantiles(self, measure: str) -> list[PooledQuantile]:
        """A quantile at each point, of all replications together. Errors as in `values`.

        Empty for a measure that is none, and in a folder of a version that kept no distributions.
        """
        ref = read_measure(measure, known=self.metrics).ref
        if not is_quantile(ref, self.metrics) or not self._distributions.is_file():
            return []
        by_point = self._pooled(ref.metric).get(ref)
        if by_point is None:
            self.values(measure)  # tells what there is
        return [(by_point or {}).get(name, NO_QUANTILE) for name in self.names]

    @property
    def _distributions(self) -> Path:
        return self.files / layout.table_file("distributions")

    def _pooled(self, key: str) -> Pooled:
        return pooled_quantiles(self._distributions, self.names, self.metrics, self.manifest.replications, [key])

    @checked_call()
    def estimates(self, measure: str) -> list[Estimate]:
        """The mean of a measure at each point, with the interval that a study of the point would give. Errors as in `values`.

        Of a quantile, that of all replications together; its mean is NaN where it falls among the flights never released.
        """
        quantiles = self.quantiles(measure)
        if quantiles:
            return [quantile.estimate(self.confidence) for quantile in quantiles]
        return estimate_means(self.values(measure), self.confidence, self.event_sizes(measure, [[name] for name in self.names]))

    def event_sizes(self, measure: str, points: Sequence[Sequence[str]]) -> Floats:
        """By how much one event moves a replication's value, over the replications of these points; NaN where it is not known.

        points: k groups of names · the result: shape (k,).
        """
        ref = MeasureRef.parse(measure)
        event, values = self.metrics[ref.metric].event, self._values_behind(ref.metric)
        return np.array([event_size(event, ref.part, values, names) for names in points])

    @checked_call()
    def of_measure(self, key: str) -> Values:
        """All parts of a measure: by part and point, shape (replications,). Raises InputError for an unknown key."""
        read_measure(key, known=self.metrics)
        return {ref: by_point for ref, by_point in self._values_behind(key).items() if ref.metric == key}

    def _values_behind(self, key: str) -> Values:
        """Those of a measure and of what it is worked out from."""
        import pyarrow.parquet as pq

        named = ["scenario", "metric", "part"]
        file, rows = self.files / layout.table_file("replications"), [("metric", "in", list(keys_behind(self.metrics[key])))]
        table = pq.read_table(file, read_dictionary=named, filters=rows).to_pandas()
        values = values_by_measure(table, self.manifest.replications, self.metrics)
        quantiles = self.metrics[key].quantiles
        if quantiles and self._distributions.is_file():
            rows = [("metric", "in", [quantiles.distribution.key])]
            counts = pq.read_table(self._distributions, read_dictionary=named, filters=rows)
            values |= values_of_quantiles(counts, {key: self.metrics[key]}, self.manifest.replications)
        return values


def run_design_points(
    kind: str, bases: Sequence[Scenario], points: Sequence[DesignPoint], question: Any, finish: Finish, options: RunOptions,
    first_look: FirstLook | None = None, notes: Sequence[Text] = (), forbidden: Sequence[ForbiddenPoint] = (),
    is_answered: bool = False,
) -> DesignRun:  # fmt: skip
    """The run of these points, evaluated by `finish`, which writes into that folder.

    kind: what the folder holds, such as "sweep" · bases: the scenarios that the points are made from, the first giving seed,
    replications and window unless the options do · question: all that `finish` depends on, as JSON would write it; a run that
    stands finished and was asked another question is evaluated anew, but not run again · first_look: what is asked of the first
    points while the others are simulated · notes: what its reader must be told, before all other warnings · forbidden: the points
    that were asked for and can't be, which are listed in the folder · is_answered: `finish` writes the printed answer, too: a run
    that stands there without one is evaluated anew.
    """
    first = bases[0].study
    design = Design(
        scenarios=tuple(point.scenario for point in points),
        seed=first.seed if options.seed is None else options.seed,
        replications=first.replications if options.replications is None else options.replications,
        confidence=round(first.confidence, 12),
        keep_stages="none",
        only_measures=True,
        engine=options.engine or default_engine(),
    )
    _check_names(design.names)
    texts, features = _texts(bases, points, forbidden), bases[0].assembly.features

    def write(manifest: AnalysisManifest, folder: Path) -> None:
        for of_another_question in (layout.REPORT, layout.CHARTS):
            rmtree(folder / of_another_question, ignore_errors=True)
        finish(DesignRun(folder, manifest, False, folder, features), folder)

    evaluate, is_same = partial(_evaluate, kind, bases, points, question, texts, notes), partial(_is_same, kind, texts)
    watch = first_look.watcher(design.replications, measures(features)) if first_look else None
    writer = StudyWriter(AnalysisManifest, evaluate, is_same, write, watch)
    done = run_into_folder(design, writer, options)
    manifest = done.manifest
    has_answer = layout.ANSWER in manifest.files or not is_answered
    is_as_asked = manifest.asked == question and is_shown_as_now(manifest) and has_answer
    if done.reused and done.folder is not None and not is_as_asked:
        manifest = complete(done.folder, manifest, write, asked=question)
    result = DesignRun(done.files, manifest, done.reused, done.folder, features)
    done.lives_with(result)
    return result


def check_same_world(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError with every world parameter, and every setting all must share, in which one differs from the first."""
    first, *others = scenarios
    problems = settings_apart(scenarios) + [
        Problem(
            _OTHER_WORLD.fill(name=other.name, first=first.name),
            str(other.file or ""), path=d.path, found=Text.same(str(d.after)), allowed=Text.same(str(d.before)),
        )
        for other in others
        for d in differences(first, other, "world")
    ]  # fmt: skip
    if problems:
        raise InputError(*problems)


def _check_names(names: Sequence[str]) -> None:
    """Raises InputError where two points have one name: those of scenarios alike in all that a point's name keeps of theirs."""
    twice = next((name for name, number in Counter(names).items() if number > 1), None)
    if twice is not None:
        raise InputError(Problem(_NAMED_ALIKE.fill(name=twice), path="name", allowed=_OTHER_NAMES.fill(n=LONGEST)))


def _texts(bases: Sequence[Scenario], points: Sequence[DesignPoint], forbidden: Sequence[ForbiddenPoint]) -> dict[str, str]:
    """The files that say what was simulated, and what was not, by name."""
    texts = {layout.scenario_file(base.name): write_resolved(base) for base in bases}
    if forbidden:
        texts[layout.LEFT_OUT] = csv_text(forbidden_table(forbidden))
    return {layout.POINTS: csv_text(_points_table(points)), **texts}


def _is_same(kind: str, texts: Mapping[str, str], design: Design, manifest: AnalysisManifest) -> bool:
    """Whether a finished folder holds the run of this design in every text: titles, what was set, and what was left out."""
    is_same = all(manifest.files.get(name) == sha256(text.encode()).hexdigest() for name, text in texts.items())
    return is_same and manifest.holds == kind and (layout.LEFT_OUT in manifest.files) == (layout.LEFT_OUT in texts)


def _evaluate(
    kind: str, bases: Sequence[Scenario], points: Sequence[DesignPoint], question: Any, texts: Mapping[str, str],
    notes: Sequence[Text], design: Design, results: Sequence[ReplicationResult], staging: study_folder.StagingFolder,
) -> dict[str, Any]:  # fmt: skip
    """The manifest but for its run and its files; the points and the scenarios they are made from are in the staging folder."""
    for name, text in texts.items():
        staging.write_text(name, text)
    settings = study_settings(bases[0])
    scenarios = [
        {"name": base.name, "title": title_entry(base), "file": layout.scenario_file(base.name), "hash": base.hash}
        for base in bases
    ]
    return {
        study_folder.HOLDS: kind,
        "asked": question,
        "version": sim.__version__,
        "seed": design.seed,
        "replications": design.replications,
        "confidence": design.confidence,
        "window": {name: settings[name] for name in WINDOW},
        "scenarios": scenarios,
        "points": len(points),
        "warnings": in_languages([*notes, *cautions_beforehand(bases, design.seed), *cautions_of_points(design, results)]),
    }


def _points_table(points: Sequence[DesignPoint]) -> "pd.DataFrame":
    import pandas as pd

    paths = list(dict.fromkeys(path for point in points for path in point.set))
    columns: dict[str, list[str]] = {"point": [point.scenario.name for point in points], "base": [point.base for point in points]}
    for path in paths:
        columns[path] = [one_line(point.set[path]) if path in point.set else "" for point in points]
    return pd.DataFrame(columns)
