"""What changed from one study to another: whether the two can be compared, what was changed, and which numbers moved.

Nothing is simulated: everything is read from the two folders.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.archive.layout import table_file
from sim.ground.arrays import Floats
from sim.ground.errors import InputError
from sim.metrics.measure_ref import MeasureRef
from sim.scenario.differences import ParameterDifference, differences
from sim.scenario.scenario import Scenario
from sim.study.comparison import Terms, comparison_table, summary_table
from sim.study.critical_path import NO_CHANGE, PathChange, PathValues, path_change, path_values
from sim.study.design import margins_of
from sim.study.pooled import Pooled, is_quantile, pooled_quantiles
from sim.study.replication_values import Values, keys_behind, values_by_measure
from sim.study.study import Study

if TYPE_CHECKING:
    import pandas as pd

BEFORE = "before"
COUNTS = ("1",)  # units of what is counted over the whole window


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict within a study that is another in the later one, of the same scenario held against the same one."""

    name: str
    base: str
    ref: MeasureRef
    before: str
    after: str


@dataclass(frozen=True)
class StudyChanges:
    """What changed from one study to a later one.

    The two share their random numbers where the seed is the same: then replications are compared pair by pair, as many as both
    have; else the levels are independent.
    """

    before: Study
    after: Study

    @property
    def is_paired(self) -> bool:
        """Whether replication by replication both have the same random numbers."""
        return self.before.manifest.seed == self.after.manifest.seed

    @property
    def replications(self) -> int:
        """Those compared, of each scenario."""
        return min(self.before.manifest.replications, self.after.manifest.replications) if self.is_paired else 0

    @property
    def has_other_window(self) -> bool:
        """Whether other days are observed."""
        return self.before.manifest.window != self.after.manifest.window

    @property
    def has_other_model(self) -> bool:
        """Whether the numbers come from another version of the model, or of the libraries it reckons with."""
        identities = [self._model(study) for study in (self.before, self.after)]
        return identities[0] != identities[1]

    @staticmethod
    def _model(study: Study) -> tuple[Any, ...]:
        identity = study.manifest.identity
        return identity.model, dict(identity.libraries), study.manifest.version

    @cached_property
    def scenarios(self) -> tuple[Mapping[str, Scenario], Mapping[str, Scenario]]:
        """The scenarios by name, before and after; none of a study whose files this version can't read."""
        return _readable(self.before), _readable(self.after)

    @property
    def boosts(self) -> tuple[float, float]:
        """How many times contraband was drawn more often than it occurs; 1 where that can't be read."""
        first, second = (next(iter(scenarios.values()), None) for scenarios in self.scenarios)
        return (first.study.boost if first else 1.0), (second.study.boost if second else 1.0)

    @property
    def are_comparable(self) -> bool:
        """Whether numbers are compared at all: not those of worlds with contraband drawn more often in one of them."""
        return self.boosts[0] == self.boosts[1]

    @property
    def are_identical(self) -> bool:
        """Whether no number of any scenario differs, of the measures that both have, and neither has more scenarios or runs."""
        has_the_same = self.before.names == self.after.names and self.replications == self.after.manifest.replications
        return has_the_same and self.replications == self.before.manifest.replications and all(map(self.is_same, self.pairs))

    def is_same(self, name: str) -> bool:
        """Whether no number of a scenario differs, of the measures and replications that both have."""
        if not self.is_paired:
            return False
        columns = []
        for study, of_study in ((self.before, self.pairs[name]), (self.after, name)):
            rows = study.replications
            rows = rows[(rows["scenario"] == of_study) & (rows["replication"] < self.replications)]
            columns.append(rows.set_index(["metric", "part", "replication"])["value"])
        was, now = columns[0].align(columns[1], join="inner")
        return was.equals(now)

    @property
    def kept_critical_paths(self) -> tuple[bool, bool]:
        """Whether each study kept what a change of the critical path is read from."""
        was, now = (any(map(bool, values.values())) for values in self._path_values)
        return was, now

    @cached_property
    def renamed(self) -> dict[str, str]:
        """By name now, what a scenario was called before: the one with the same policy and world."""
        hashes = {record.hash: record.name for record in self.before.manifest.scenarios if record.name not in self.after.names}
        new = [record for record in self.after.manifest.scenarios if record.name not in self.before.names]
        return {record.name: hashes[record.hash] for record in new if record.hash in hashes}

    @cached_property
    def pairs(self) -> dict[str, str]:
        """By name now, in their order, the name before, of the scenarios that are in both studies."""
        names = {name: self.renamed.get(name, name) for name in self.after.names}
        return {name: was for name, was in names.items() if was in self.before.names}

    @property
    def added(self) -> tuple[str, ...]:
        """The scenarios that only the later study has."""
        return tuple(name for name in self.after.names if name not in self.pairs)

    @property
    def removed(self) -> tuple[str, ...]:
        """The scenarios that only the earlier study has."""
        return tuple(name for name in self.before.names if name not in self.pairs.values())

    @cached_property
    def levers(self) -> dict[str, tuple[ParameterDifference, ...]]:
        """By name now, what differs in policy and world; nothing of a scenario that can't be read."""
        was, now = self.scenarios
        both = {name: (was.get(before), now.get(name)) for name, before in self.pairs.items()}
        return {
            name: tuple(d for d in differences(old, new) if d.branch != "study")
            for name, (old, new) in both.items()
            if old is not None and new is not None and old.assembly is new.assembly
        }

    @property
    def other_world(self) -> tuple[str, ...]:
        """The scenarios whose world is another than before."""
        return tuple(name for name, of_name in self.levers.items() if any(d.branch == "world" for d in of_name))

    def table(self, refs: Iterable[MeasureRef]) -> "tuple[pd.DataFrame, pd.DataFrame]":
        """The levels and the differences of some measures, as the summary and the comparison of a study have them.

        In both tables a scenario stands under its name now; under `earlier(name)` it stands with its numbers of the earlier
        study, which is its baseline. Differences are adjusted over the scenarios (Holm) and judged as those within a study. What
        is counted over the whole window is left out where the windows differ.
        """
        import pandas as pd

        metrics = self.after.metrics
        wanted = [ref for ref in dict.fromkeys(refs) if ref.metric in metrics and ref.metric in self.before.metrics]
        if self.has_other_window:
            wanted = [ref for ref in wanted if metrics[ref.metric].unit_in(ref.part) not in COUNTS]
        values, pooled = self._values(wanted)
        against = {name: earlier(name) for name in self.pairs}
        scenario = next(iter(self.scenarios[1].values()), None)
        margins = margins_of(scenario, metrics) if scenario else None
        terms = Terms(self.after.manifest.confidence, self.boosts[1], margins, self.other_world)
        names = [shown for pair in against.items() for shown in pair]
        levels = summary_table(values, names, metrics, terms.confidence, pooled)
        changes = comparison_table(values, against, metrics, terms, pooled, self.is_paired)
        kept = pd.MultiIndex.from_tuples(wanted, names=["metric", "part"])
        return tuple(table[pd.MultiIndex.from_frame(table[["metric", "part"]]).isin(kept)] for table in (levels, changes))  # type: ignore[return-value]

    def _values(self, refs: Sequence[MeasureRef]) -> tuple[Values, Pooled]:
        """The values of both studies, those of the earlier one under other names."""
        values: Values = {}
        pooled: dict[MeasureRef, dict[str, Any]] = {}
        most = self.replications or max(study.manifest.replications for study in (self.before, self.after))
        for study, name_of in self._both():
            n = self.replications or study.manifest.replications
            metrics = {key: metric for key, metric in study.metrics.items() if key in {ref.metric for ref in refs}}
            keys = {key for metric in metrics.values() for key in keys_behind(metric)}
            keys |= {metric.counted_by for metric in metrics.values()}
            rows = study.replications
            rows = rows[rows["metric"].isin(keys) & rows["scenario"].isin(name_of) & (rows["replication"] < n)]
            for ref, by_scenario in values_by_measure(rows, n, study.metrics).items():
                if not is_quantile(ref, study.metrics):
                    of_ref = values.setdefault(ref, {})
                    of_ref |= {name_of[name]: _as_long(column, most) for name, column in by_scenario.items()}
            file = study.folder / table_file("distributions") if study.folder else None
            if file is None or not file.is_file():
                continue
            for ref, by_name in pooled_quantiles(file, list(name_of), study.metrics, n, list(metrics)).items():
                pooled.setdefault(ref, {}).update({name_of[name]: quantile for name, quantile in by_name.items()})
        return values, pooled

    def _both(self) -> tuple[tuple[Study, dict[str, str]], tuple[Study, dict[str, str]]]:
        """Each study with the name of each of its scenarios in the tables."""
        was = {before: earlier(name) for name, before in self.pairs.items()}
        return (self.before, was), (self.after, {name: name for name in self.pairs})

    def verdicts(self, refs: Mapping[str, Sequence[MeasureRef]]) -> list[VerdictChange]:
        """The verdicts that changed, of some measures by scenario, where it is held against the same scenario as before."""
        changes = []
        for name, of_scenario in refs.items():
            was = self.pairs.get(name)
            base = self.after.against.get(name)
            if was is None or base is None or self.pairs.get(base) != self.before.against.get(was):
                continue
            verdicts = [_verdicts(study.comparison, key) for study, key in ((self.before, was), (self.after, name))]
            for ref in of_scenario:
                before, after = (of_study.get(ref) for of_study in verdicts)
                if before and after and before != after:
                    changes.append(VerdictChange(name, base, ref, before, after))
        return changes

    def critical_path(self, name: str) -> PathChange:
        """What changed of the critical path of a scenario; nothing where either study did not keep what that is read from."""
        was, now = self._path_values[0].get(self.pairs[name], {}), self._path_values[1].get(name, {})
        if not (was and now):
            return NO_CHANGE
        stages = {stage.key: stage for feature in self.after.features for stage in feature.stages}
        n = self.replications
        was, now = ({ref: column[: n or None] for ref, column in values.items()} for values in (was, now))
        return path_change(was, now, stages, self.after.manifest.confidence, self.is_paired)

    @cached_property
    def _path_values(self) -> tuple[Mapping[str, PathValues], Mapping[str, PathValues]]:
        return path_values(self.before), path_values(self.after)


def earlier(name: str) -> str:
    """What a scenario is called in a table of changes with its numbers of the earlier study; no scenario has such a name."""
    return f"{name} ({BEFORE})"


def _as_long(column: Floats, n: int) -> Floats:
    """Shape (n,): the values of the replications that there are, and NaN."""
    return np.concatenate([column, np.full(n - len(column), np.nan)])


def _readable(study: Study) -> dict[str, Scenario]:
    try:
        return {scenario.name: scenario for scenario in study.scenarios}
    except InputError:
        return {}


def _verdicts(comparison: "pd.DataFrame", name: str) -> dict[MeasureRef, str]:
    rows = comparison[comparison["scenario"] == name]
    columns = (rows[column] for column in ("metric", "part", "verdict"))
    return {MeasureRef(str(metric), str(part)): str(verdict) for metric, part, verdict in zip(*columns, strict=True)}
