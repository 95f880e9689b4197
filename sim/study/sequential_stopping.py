"""Sequential stopping: replications are done in batches until the intervals are as narrow as required."""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.archive.checkpoint import Checkpoint
from sim.execution.options import RunOptions
from sim.execution.replicate import Task
from sim.ground.arrays import Bools, Floats
from sim.ground.errors import InputError
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef, measures_of
from sim.statistics.intervals import FEWEST_NOT_0, METHOD
from sim.statistics.paired import FEWEST_THAT_DIFFER, differences
from sim.statistics.rare_events import many_events
from sim.statistics.ratios import linearised
from sim.statistics.sequential import Running, earliest_stop, running, running_anew, stopping_time
from sim.study.design import Design
from sim.study.identity import study_identity
from sim.study.manifest import PrecisionRecord, ReachedPrecision
from sim.study.pooled import is_quantile
from sim.study.precision import Target, not_measured, precise
from sim.study.replication_values import keys_behind
from sim.study.replications import replicate_missing, saying_what_is_kept
from sim.study.running_quantiles import RunningQuantiles, with_quantiles

PREDICTION_DISCOUNT = (
    0.8  # of the predicted number is done in one batch: a prediction that is too high would do more than the rule needs
)
GROWTH = 3  # of the replications so far, at most, in one batch: a prediction from few replications is a poor one

_LISTED: tuple[tuple[str, Language], ...] = (("; ", "en"), ("；", "zh-Hant"), ("；", "zh-Hans"))
_LIMIT = Text(
    "The limit of {most} replications ended the study before it was as precise as asked: {missed}.",
    "研究未達到所要求的精度，便因重複次數達上限（{most} 次）而結束：{missed}。",
    "研究未达到所要求的精度，便因重复次数达上限（{most} 次）而结束：{missed}。",
)
_MISSED = Text(
    "{label}{of} in scenario {name} (half width {half}, asked {asked})",
    "情景 {name} 的「{label}{of}」（區間半寬 {half}，要求 {asked}）",
    "情景 {name} 的“{label}{of}”（区间半宽 {half}，要求 {asked}）",
)
_NONE = Text("none", "無", "无")
_FEW = Text("none, too few events", "無，事件過少", "无，事件过少")
_NEVER = Text(
    "{label}{of} in scenario {name} falls among flights never released: it has no value, and the precision asked for it was left "
    "aside.",
    "情景 {name} 的「{label}{of}」落在未獲放行的航班之列，沒有數值，故不再計及對其要求的精度。",
    "情景 {name} 的“{label}{of}”落在未获放行的航班之列，没有数值，故不再计入对其要求的精度。",
)


@dataclass(frozen=True, slots=True)
class StoppingResult:
    """The number of replications that a precision led to.

    simulated: how many were done for it, those looked ahead to included · n_kept: of the replications of all scenarios, those
    that an earlier run had left · record: for the manifest · caveats: what a reader must be told of it.
    """

    replications: int
    simulated: int
    n_kept: int
    record: PrecisionRecord
    caveats: list[Text]


def run_to_precision(design: Design, work: Checkpoint, options: RunOptions) -> StoppingResult:
    """The number of replications by the rule of `sim.study.precision`; they are done and kept as unfinished work.

    The number depends on the replications' values alone, neither on the batches nor on what was there before. Raises
    InputError where no scenario measures what is asked for; nothing of this run is left then.
    """
    observations, n_flights, n_kept = _Observations(design), 0, 0
    is_first, least, most = not work.n_saved(), design.replications, design.max_replications
    upto = earliest_stop(np.zeros(0, dtype=np.bool_), least, most)
    while True:
        tasks = replace(design, replications=upto).tasks(start=observations.n)
        results = work.load(tasks)
        n_kept += len(results)
        work.open(study_identity(design), upto)
        with saying_what_is_kept(work, upto * len(design.names), options):
            of_batch = _counting_those_before(options, observations.n * len(design.names), upto * len(design.names))
            with closing(replicate_missing(tasks, results, work, of_batch, n_flights)) as finished:
                n_flights += sum(result.n_flights for result in finished)
        try:
            observations.add(tasks, work)
        except InputError:
            if is_first:
                work.remove()
            raise
        holds = observations.holds()
        n = stopping_time(holds, least, most)
        if n is not None or observations.n == most:
            return observations.stop_at(n or most, observations.n, n_kept, n is not None)
        upto = _next(holds, observations, least, most)


def _next(holds: Bools, observations: "_Observations", least: int, most: int) -> int:
    """The number of replications after the next batch: no more than the rule needs, as far as that can be told."""
    predicted = min(PREDICTION_DISCOUNT * observations.predicted(), GROWTH * observations.n, most)
    return max(earliest_stop(holds, least, most), math.ceil(predicted))


def _counting_those_before(options: RunOptions, n_before: int, n_all: int) -> RunOptions:
    """Options whose progress counts the replications of the batches before."""
    progress = options.progress
    if progress is None:
        return options
    return replace(options, progress=lambda done, _, n_flights: progress(n_before + done, n_all, n_flights))


@dataclass(frozen=True, slots=True)
class _TargetHistory:
    """The interval of one target in one scenario after each replication; all arrays of shape (r,).

    alpha: with which probability the interval misses · is_many: whether there were events enough to judge by · is_measured:
    whether the scenario has offered the measure by then.
    """

    target: Target
    scenario: str
    alpha: float
    run: Running
    is_many: Bools
    is_measured: Bools

    @property
    def is_precise(self) -> Bools:
        """Whether it is as narrow as asked, of events enough."""
        return precise(self.run, self.target) & self.is_many

    @property
    def holds(self) -> Bools:
        """Whether it asks for no more replications: precise, never to be precise, or not measured in this scenario."""
        return self.is_precise | np.isinf(self.run.mean) | ~self.is_measured

    def after(self, n: int) -> "_TargetHistory":
        """The history up to n replications."""
        run = Running(self.run.n[:n], self.run.mean[:n], self.run.half[:n])
        return replace(self, run=run, is_many=self.is_many[:n], is_measured=self.is_measured[:n])

    def record(self) -> ReachedPrecision:
        """The entry of the manifest; None for a number that there is not."""
        mean, half = self._last()
        is_there = math.isfinite(half) and bool(self.is_many[-1])
        return ReachedPrecision(
            target=self.target.written,
            scenario=self.scenario,
            n=int(self.run.n[-1]),
            mean=mean if math.isfinite(mean) else None,
            half_width=half if is_there else None,
            shown=self._shown().en,
            is_reached=bool(self.is_precise[-1]),
        )

    def described(self, sentence: Text) -> Text:
        """The sentence with its places filled in from this target."""
        target = self.target
        required = target.written.rpartition("=")[2].strip()
        parts = {"name": self.scenario, "of": f" ({target.measure.part})" if target.measure.part else "", "asked": required}
        texts = {key: Text(*[value] * 3) for key, value in parts.items()}
        return sentence.fill(label=target.label, half=self._shown(), **texts)

    def _shown(self) -> Text:
        mean, half = self._last()
        if not self.is_many[-1]:
            return _FEW
        return Text(*[self.target.shown(half, mean)] * 3) if math.isfinite(half) else _NONE

    def _last(self) -> tuple[float, float]:
        return float(self.run.mean[-1]), float(self.run.half[-1])

    def predicted(self) -> float:
        """The predicted number of replications at which the interval is narrow enough; 0 where no more are needed."""
        n, mean, half = int(self.run.n[-1]), self.run.mean[-1:], float(self.run.half[-1])
        allowed = float(self.target.allowed(mean)[0])
        if self.holds[-1] or n < 2 or allowed == 0:
            return 0.0
        if math.isnan(half):
            return 2.0 * n  # nothing is known but that n are too few
        return METHOD.replications_needed(n, half, allowed, self.alpha)


class _Observations:
    """The values of the measures that have a required precision, replication by replication.

    n: replications of every scenario so far.
    """

    def __init__(self, design: Design) -> None:
        self.n = 0
        self._design = design
        self._metrics = measures_of(design.scenarios)
        keys = {key for target in design.precision for key in keys_behind(self._metrics[target.measure.metric])}
        self._needed = keys | {target.events.metric for target in design.precision if target.events is not None}
        self._values: dict[tuple[str, MeasureRef], list[float]] = {}  # by scenario and measure; the last may be missing
        self._first_with: dict[tuple[str, MeasureRef], int] = {}  # the first replication that had it
        self._measured: set[MeasureRef] = set()
        self._quantiles = RunningQuantiles(with_quantiles(self._metrics, (target.measure for target in design.precision)))

    def add(self, tasks: Sequence[Task], work: Checkpoint) -> None:
        """The values of these finished replications. Raises InputError where something asked for is measured in no scenario."""
        for task in tasks:
            for measure, value in _rows(work.path(task, "replications"), self._needed):
                self._measured.add(measure)
                self._put((task.scenario.name, measure), task.replication, value)
            self._quantiles.add(task.scenario.name, work.path(task, "distributions"))
        self._measured |= self._quantiles.measured
        self.n = 1 + max(task.replication for task in tasks)
        problems = [not_measured(target, self._measured) for target in self._design.precision if not self._is_measured(target)]
        if problems:
            raise InputError(*problems)

    def histories(self) -> Iterator[_TargetHistory]:
        """The history of each target in each scenario it is for."""
        for target in self._design.precision:
            for name in self._design.against if target.of_difference else self._design.names:
                yield self._history(target, name)

    def holds(self) -> Bools:
        """After which replications no target needs more, shape (n,)."""
        together: Bools = np.all([history.holds for history in self.histories()], axis=0)
        return together

    def predicted(self) -> float:
        """The largest number of replications that a target is predicted to need."""
        return max(history.predicted() for history in self.histories())

    def stop_at(self, n: int, simulated: int, n_kept: int, is_precise: bool) -> StoppingResult:
        """The result of a rule that ends the study at n replications."""
        measured = [history.after(n) for history in self.histories()]
        measured = [history for history in measured if history.is_measured[-1]]
        record = PrecisionRecord(
            asked=self._design.asked_precision(),
            ended_by="precision" if is_precise else "limit",
            simulated=simulated,
            reached=tuple(history.record() for history in measured),
        )
        return StoppingResult(n, simulated, n_kept, record, list(_caveats(measured, self._design.max_replications)))

    def _put(self, key: tuple[str, MeasureRef], replication: int, value: float) -> None:
        """Each scenario's replications come in their order."""
        column = self._values.setdefault(key, [])
        column += [*[math.nan] * (replication - len(column)), value]
        self._first_with.setdefault(key, replication)

    def _is_measured(self, target: Target) -> bool:
        names = [name for name in self._design.names if self._has(name, target.measure)]
        if target.of_difference:
            return any({name, base} <= set(names) for name, base in self._design.against.items())
        return bool(names)

    def _has(self, name: str, measure: MeasureRef) -> bool:
        return (name, measure) in self._values or self._quantiles.has(name, measure)

    def _history(self, target: Target, name: str) -> _TargetHistory:
        alpha, boost = 1 - self._design.confidence, self._design.scenarios[0].study.boost
        names = [self._design.against[name], name] if target.of_difference else [name]
        alpha, fewest = (alpha / len(self._design.against), FEWEST_THAT_DIFFER) if target.of_difference else (alpha, FEWEST_NOT_0)
        if is_quantile(target.measure, self._metrics):
            run = self._quantiles.running(target.measure, names, self.n, alpha)
            is_measured = np.full(self.n, all(self._has(scenario, target.measure) for scenario in names))
            return _TargetHistory(target, name, alpha, run, np.ones(self.n, dtype=np.bool_), is_measured)
        ratio = self._metrics[target.measure.metric].ratio
        if ratio is None:
            values = apart(*(self._of(target.measure, scenario) for scenario in names))
            run = running(values, alpha, self._event_sizes(target.measure, names), fewest)
        else:
            sides = [
                [self._of_part(key, target.measure.part, scenario) for key in (ratio.numerator, ratio.denominator)]
                for scenario in names
            ]
            scale = ratio.scale
            run = running_anew(lambda n: apart(*(linearised(x[:n], y[:n], scale) for x, y in sides)), self.n, alpha, fewest)
        first_with = max(self._first_with.get((scenario, target.measure), self.n) for scenario in names)
        is_measured = np.arange(self.n) >= first_with
        return _TargetHistory(target, name, alpha, run, self._is_many(target, names, boost), is_measured)

    def _event_sizes(self, measure: MeasureRef, names: Sequence[str]) -> Floats:
        """By how much one event moves a value, as known after each replication, shape (n,): see `event_size`."""
        event = self._metrics[measure.metric].event
        if event is None:
            return np.full(self.n, np.nan)
        times, per = (self._running_mean(key, measure.part, names) for key in (event.times, event.per))
        sizes: Floats = np.divide(event.size * times, per, out=np.full(self.n, np.nan), where=per != 0)
        return sizes

    def _running_mean(self, key: str, part: str, names: Sequence[str]) -> Floats:
        """The mean of a measure over the replications so far of all these scenarios, shape (n,); 1 for no measure."""
        if not key:
            return np.ones(self.n)
        columns = np.array([self._of_part(key, part, name) for name in names])
        count, total = np.isfinite(columns).sum(axis=0), np.nansum(columns, axis=0)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.cumsum(total) / np.cumsum(count))

    def _of_part(self, key: str, part: str, name: str) -> Floats:
        """The values of that part of a measure, where the scenario has it, else of the whole."""
        ref = MeasureRef(key, part)
        return self._of(ref if (name, ref) in self._values else MeasureRef(key), name)

    def _is_many(self, target: Target, names: Sequence[str], boost: float) -> Bools:
        """After which replications any of these scenarios had events enough, shape (n,)."""
        if target.events is None:
            return np.ones(self.n, dtype=np.bool_)
        is_many: Bools = np.any([many_events(self._of(target.events, name), boost) for name in names], axis=0)
        return is_many

    def _of(self, measure: MeasureRef, name: str) -> Floats:
        column = self._values.get((name, measure), [])
        return np.array([*column, *[math.nan] * (self.n - len(column))])


def apart(values: Floats, compared: Floats | None = None) -> Floats:
    """The values of one scenario, shape (n,), or the differences of two of them."""
    return values if compared is None else differences(values, compared)


def _rows(file: Path, metrics: set[str]) -> Iterator[tuple[MeasureRef, float]]:
    """The measures of one replication with their values; NaN where there was nothing to measure."""
    import pyarrow as pa
    import pyarrow.compute as pc

    with pa.memory_map(str(file)) as opened:
        table = pa.ipc.open_file(opened).read_all()
    rows = table.filter(pc.is_in(table["metric"].cast(pa.string()), pa.array(sorted(metrics), pa.string())))
    columns = (rows[name].to_pylist() for name in ("metric", "part", "value"))
    for metric, part, value in zip(*columns, strict=True):
        yield MeasureRef(metric, part), math.nan if value is None else value


def _caveats(histories: Sequence[_TargetHistory], most: int) -> Iterator[Text]:
    """What a reader must be told: what was not reached by the limit, and what no number of replications reaches."""
    missed = [history.described(_MISSED) for history in histories if not history.holds[-1]]
    if missed:
        joined = Text(*(mark.join(text.in_language(language) for text in missed) for mark, language in _LISTED))
        yield _LIMIT.fill(most=Text(*[str(most)] * 3), missed=joined)
    yield from (history.described(_NEVER) for history in histories if np.isinf(history.run.mean[-1]))
