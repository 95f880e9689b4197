"""Contrasts of a measure between combinations of levers, with intervals over the replications that all of them share."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.design_run import DesignRun
from sim.ground.arrays import Bools, Floats
from sim.metrics.measure_ref import Measure, margin_of
from sim.statistics.differences import Difference, ends_of
from sim.statistics.paired import differences_of, paired_difference
from sim.statistics.pooled_quantiles import PooledQuantile, quantile_contrast
from sim.statistics.rare_events import few_events, judged_exactly
from sim.statistics.shapley import Coalition, Contrast, sum_of_positive_weights
from sim.study.comparison import largest_difference, verdict_without_interval
from sim.study.verdict import Verdict, verdict_of

Sample = Floats | PooledQuantile
"""A measure at one combination: of each replication, shape (replications,), or a quantile of all of them together."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A contrast of a measure with its interval: NaN where a combination that it needs is refused, or nothing can be said.

    verdict: against the smallest difference that matters; empty where the combination is refused.
    """

    mean: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    verdict: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether its interval does not hold 0."""
        return self.low > 0 or self.high < 0


class Contrasts:
    """What combinations of the levers of one package come to.

    names: by combination, the name of its point in the run · boost: of contraband, for counts of rare events.
    """

    def __init__(self, run: DesignRun, names: Mapping[Coalition, str], boost: float = 1.0) -> None:
        self.run, self._names, self._boost = run, names, boost
        self._read: dict[str, Mapping[Coalition, Sample]] = {}

    def _samples(self, measured: Measure) -> Mapping[Coalition, Sample]:
        if measured.name not in self._read:
            samples: Sequence[Sample] = self.run.quantiles(measured.name) or list(self.run.values(measured.name))
            by_name = dict(zip(self.run.names, samples, strict=True))
            self._read[measured.name] = {coalition: by_name[name] for coalition, name in self._names.items()}
        return self._read[measured.name]

    def _shared(self, measured: Measure) -> Bools:
        """Shape (replications,): whether each has a value, or inf, at all combinations, so that the parts add up to the whole."""
        rows = [~np.isnan(sample) for sample in self._samples(measured).values() if not isinstance(sample, PooledQuantile)]
        return np.asarray(np.all(rows, axis=0))

    def levels(self, measured: Measure) -> dict[Coalition, float]:
        """The level of a measure at each combination; NaN where it has none, inf where it was not reached somewhere."""
        samples = self._samples(measured)
        of_quantiles = {c: sample.value for c, sample in samples.items() if isinstance(sample, PooledQuantile)}
        if of_quantiles:
            return of_quantiles
        shared = self._shared(measured)
        return {c: float(np.asarray(sample)[shared].mean()) if shared.any() else math.nan for c, sample in samples.items()}

    def effects(self, measured: Measure, contrasts: Sequence[Contrast]) -> list[Effect]:
        """Each contrast with the interval that a study of it gives, not adjusted for their number."""
        known = [contrast if self._has(contrast) else () for contrast in contrasts]
        differences = [self._difference(measured, contrast) for contrast in known if contrast]
        ends = iter(ends_of(differences, np.full(len(differences), 1 - self.run.confidence)))
        of_known = iter(differences)
        return [self._effect(measured, contrast, next(of_known), *next(ends)) if contrast else Effect() for contrast in known]

    def _has(self, contrast: Contrast) -> bool:
        return all(term.before in self._names and term.after in self._names for term in contrast)

    def _difference(self, measured: Measure, contrast: Contrast) -> Difference:
        samples = self._samples(measured)
        pairs = [(term.weight, samples[term.before], samples[term.after]) for term in contrast]
        ups = [(after, before) if weight > 0 else (before, after) for weight, before, after in pairs]
        quantiles = [pair for pair in ups if isinstance(pair[0], PooledQuantile) and isinstance(pair[1], PooledQuantile)]
        if quantiles:
            plus, minus = zip(*quantiles, strict=True)
            return quantile_contrast(plus, minus, [abs(weight) for weight, *_ in pairs])
        shared = self._shared(measured)
        apart, is_reached = np.zeros(int(shared.sum())), np.ones(int(shared.sum()), dtype=bool)
        for weight, before, after in pairs:
            first, second = np.asarray(before)[shared], np.asarray(after)[shared]
            is_reached &= np.isfinite(first) & np.isfinite(second)
            apart += weight * differences_of(np.where(is_reached, first, 0.0), np.where(is_reached, second, 0.0))
        apart[~is_reached] = np.inf  # so that nothing is compared: the other replications are a selection
        event = float(self.run.event_sizes(measured.name, [self._points(contrast)])[0]) * sum_of_positive_weights(contrast)
        difference = paired_difference(np.zeros_like(apart), apart, event)
        is_count = measured.metric.rare and not measured.metric.counted_by and self._boost == 1
        if is_count and len(pairs) == 1 and pairs[0][0] == 1:  # a plain difference of counts, as a comparison has it
            return judged_exactly(difference, *(np.asarray(sample)[shared] for sample in pairs[0][1:]))
        return difference

    def _points(self, contrast: Contrast) -> list[str]:
        return sorted(self._names[coalition] for coalition in self._coalitions(contrast))

    @staticmethod
    def _coalitions(contrast: Contrast) -> set[Coalition]:
        return {coalition for term in contrast for coalition in (term.before, term.after)}

    def _effect(self, measured: Measure, contrast: Contrast, difference: Difference, low: float, high: float) -> Effect:
        most = sum(abs(term.weight) for term in contrast) * largest_difference(measured.ref, measured.unit)
        low, high = (float(np.clip(end, -most, most)) if math.isfinite(end) else math.nan for end in (low, high))
        if self._has_few_events(measured, contrast):
            verdict = Verdict.TOO_FEW_EVENTS
        elif not difference.has_interval:
            quantiles = [s for s in map(self._samples(measured).get, self._coalitions(contrast)) if isinstance(s, PooledQuantile)]
            verdict = verdict_without_interval(difference, quantiles)
        else:
            verdict = verdict_of(low, high, measured.better, margin_of(measured.metric))
        return Effect(difference.mean, low, high, difference.n, str(verdict))

    def _has_few_events(self, measured: Measure, contrast: Contrast) -> bool:
        """Whether a count of rare events is so small everywhere that nothing can be said of it."""
        if not measured.metric.rare:
            return False
        counted = measured.ref._replace(metric=measured.metric.counted_by or measured.ref.metric)
        of_point = dict(zip(self.run.names, self.run.values(str(counted)), strict=True))
        return all(few_events(of_point[name], self._boost) for name in self._points(contrast))


def widened(effect: Effect, error: float, measured: Measure) -> Effect:
    """The effect with an error of another source in its interval, in quadrature; error: half the width that it adds."""
    if not error or math.isnan(effect.low) or math.isnan(effect.high):
        return effect
    below, above = (math.hypot(end, error) for end in (effect.mean - effect.low, effect.high - effect.mean))
    low, high = effect.mean - below, effect.mean + above
    is_judged = effect.verdict != Verdict.TOO_FEW_EVENTS
    verdict = str(verdict_of(low, high, measured.better, margin_of(measured.metric))) if is_judged else effect.verdict
    return replace(effect, low=low, high=high, verdict=verdict)
