"""Pooled quantiles of a study worked out anew from its distributions, as docs/explanation/statistics.md says: see `by_hand`."""

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from sim.ground.streams import draw
from tests.study.by_hand import GUARDED_BY, SPEAK_OF_FLIGHTS, Values, comparison, holm, interval, margin_of, verdict_of

DRAWS, BEYOND, SECOND = 999, 5, 1.0
HAIR = 1e-9
"""How far a product of floats may lie above a whole number."""
POWER = 0.8


def t_of(n: int, alpha: float) -> float:
    return -float(special.stdtrit(n - 1, alpha / 2))


class Quantile:
    """The smallest value that at least the share of all values does not exceed; those that never came stand last."""

    def __init__(self, rows: pd.DataFrame, replications: int, share: float, came_only: bool) -> None:
        if came_only:
            rows = rows[np.isfinite(rows["value"])]
        self.share, self.rows = share, rows.groupby(["replication", "value"])["count"].sum()
        counts = self.rows.unstack("replication", fill_value=0).reindex(columns=range(replications), fill_value=0).sort_index()
        self.sizes = counts.sum().to_numpy(float)
        self.size = self.sizes.sum()
        came = counts[np.isfinite(counts.index)]
        self.values, self.at_most = came.index.to_numpy(float), came.to_numpy(float).cumsum(axis=0)
        self.n = int((self.sizes > 0).sum())
        self.value = self.at(share)
        self.never = 1 - (self.at_most[-1].sum() if len(came) else 0.0) / self.size if self.size else math.nan
        self.draws = np.full(DRAWS, math.nan)
        if self.size * min(share, 1 - share) >= BEYOND - HAIR and len(came):
            drawn = times_drawn(replications)
            sizes = drawn @ self.sizes
            enough = self.at_most @ drawn.T >= share * sizes - HAIR
            self.draws = np.where(enough.any(axis=0), self.values[enough.argmax(axis=0)], math.inf)
            self.draws[sizes == 0] = math.nan

    def at(self, share: float) -> float:
        enough = np.flatnonzero(self.at_most.sum(axis=1) >= share * self.size - HAIR)
        return float(self.values[enough[0]]) if 0 < share <= 1 and self.size and len(enough) else math.nan

    @property
    def is_not_reached(self) -> bool:
        return self.size > 0 and math.isnan(self.value)

    @property
    def is_comparable(self) -> bool:
        return not math.isnan(self.value) and self.n > 1 and np.isfinite(self.draws).sum() > 1

    def interval(self, alpha: float) -> tuple[float, float]:
        """Woodruff's: the shares that the quantile may have, read off as values."""
        if self.n < 2 or not self.size:
            return math.nan, math.nan
        low, high = 0.0, 0.0
        if len(self.values):
            value = self.values[-1] if math.isnan(self.value) else self.value
            at_most = self.at_most[self.values == value][0]
            off = (at_most - at_most.sum() / self.size * self.sizes) / self.sizes.mean()
            low, high = interval(off, alpha, 0.0)
        least = t_of(self.n, alpha) * math.sqrt(self.share * (1 - self.share) / self.size)
        return self.at(self.share - max(high, least)), self.at(self.share - min(low, -least))


def times_drawn(replications: int) -> np.ndarray:
    """Shape (DRAWS, replications): how often each is in each draw, from the stream of that name."""
    chosen = (draw(0, 0, "bootstrap of replications", "uniform", DRAWS * replications) * replications).astype(int)
    return np.array([np.bincount(one, minlength=replications) for one in chosen.reshape(DRAWS, replications)], dtype=float)


class QuantileDifference:
    """Compared less baseline, by the bootstrap of whole replications that are the same for both."""

    def __init__(self, baseline: Quantile, compared: Quantile) -> None:
        self.n = min(baseline.n, compared.n)
        apart = baseline.rows.sub(compared.rows, fill_value=0)
        both = len(baseline.sizes) == len(compared.sizes)
        self.differ = apart[apart != 0].index.get_level_values("replication").nunique() if both else 0
        first, second = baseline.draws, compared.draws
        known = np.isfinite(first) & np.isfinite(second)
        self.mean = self.variance_reduction = math.nan
        if baseline.is_comparable and compared.is_comparable and known.sum() > 1:
            self.mean = compared.value - baseline.value
            between = np.where(known, second, 0.0) - np.where(known, first, 0.0)
            self.low = np.sort(np.where(known, between, np.where(np.isfinite(first), math.inf, -math.inf)))
            self.high = np.sort(np.where(known, between, np.where(np.isfinite(second), -math.inf, math.inf)))
            self.error = math.sqrt(between[known].var(ddof=1) * self.n / (self.n - 1))
            unpaired = first[known].var(ddof=1) + second[known].var(ddof=1)
            self.variance_reduction = unpaired / between[known].var(ddof=1) if self.error else math.nan

    def interval(self, alpha: float) -> tuple[float, float]:
        """The hull of t times the standard error and the percentiles, a second wider; beyond the outermost draw as t goes."""
        half, place = t_of(self.n, alpha) * self.error, int((DRAWS + 1) * alpha / 2 + HAIR)
        if place:
            ends = self.low[place - 1], self.high[-place]
        else:
            further = t_of(self.n, alpha) / t_of(self.n, 2 / (DRAWS + 1))
            ends = self.mean - max(self.mean - self.low[0], 0) * further, self.mean + max(self.high[-1] - self.mean, 0) * further
        return float(min(self.mean - half, ends[0]) - SECOND), float(max(self.mean + half, ends[1]) + SECOND)

    @property
    def p(self) -> float:
        """The level at which an end touches 0, by halving."""
        if math.isnan(self.mean):
            return math.nan

        def holds_0(log: float) -> bool:
            low, high = self.interval(math.exp(log))
            return low <= 0 <= high

        low, high = -69.0, 0.0
        if abs(self.mean) <= SECOND or holds_0(high):
            return 1.0
        if not holds_0(low):
            return 0.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if holds_0(middle) else (low, middle)
        return math.exp(high)


NO_ROWS = pd.DataFrame({"replication": pd.Series(dtype=int), "value": pd.Series(dtype=float), "count": pd.Series(dtype=int)})
"""Of a scenario that has no such part."""
Quantiles = dict[tuple[str, str], dict[str, Quantile]]


def quantiles_of(distributions: pd.DataFrame, replications: int, metrics: dict[str, Any]) -> Quantiles:
    """By measure and scenario, from how often each time came."""
    table = distributions.assign(value=distributions["value"].fillna(math.inf))
    apart = dict(list(table.groupby(["metric", "scenario", "part"], sort=False)))
    quantiles: Quantiles = {}
    for key, metric in metrics.items():
        if metric.quantiles is None:
            continue
        members: dict[tuple[str, str], list[pd.DataFrame]] = {}
        for (distribution, scenario, part), rows in apart.items():
            if distribution == metric.quantiles.distribution.key:
                for group in metric.quantiles.parts(part):
                    members.setdefault((group, scenario), []).append(rows)
        for (group, scenario), rows_of in members.items():
            for name, share in metric.quantiles.shares:
                quantile = Quantile(pd.concat(rows_of), replications, share, metric.quantiles.came_only)
                quantiles.setdefault((key, f"{group}/{name}" if group else name), {})[scenario] = quantile
    return quantiles


def summary_of(quantiles: Quantiles, metrics: dict[str, Any], confidence: float) -> pd.DataFrame:
    rows = [
        (
            scenario, key, part, metrics[key].unit, one.n, one.value, math.nan, *one.interval(1 - confidence), one.never,
            "not_reached" if one.is_not_reached else "",
        )
        for (key, part), by_scenario in quantiles.items() for scenario, one in by_scenario.items()
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high", "never", "note"]
    )


def finite(number: float) -> float:
    return number if math.isfinite(number) else math.nan


def comparison_of(
    quantiles: Quantiles,
    against: dict[str, str],
    metrics: dict[str, Any],
    confidence: float,
    strangers: set[str],
    fewer: set[str],
) -> pd.DataFrame:
    """against: the base by scenario · fewer: the scenarios that release clearly fewer flights than their base."""
    rows = []
    compared = list(against)
    for (key, part), by_scenario in quantiles.items():
        metric, margin = metrics[key], margin_of(metrics[key], part, {})
        nothing = Quantile(NO_ROWS, 0, 0.5, False)
        quantile_of = {name: by_scenario.get(name, nothing) for name in {*against, *against.values()}}
        differences = {name: QuantileDifference(quantile_of[base], quantile_of[name]) for name, base in against.items()}
        family = [name for name in compared if name not in strangers]
        adjusted, factors = holm([differences[name].p for name in family])
        for name, one in differences.items():
            p_adjusted, factor = (
                (adjusted[family.index(name)], factors[family.index(name)]) if name in family else (math.nan, 1.0)
            )
            alpha, pair = (1 - confidence) / factor, (quantile_of[against[name]], quantile_of[name])
            low = high = math.nan
            if not math.isnan(one.mean) and one.differ:
                low, high = one.interval(alpha)
            verdict = verdict_of(low, high, metric.direction(part), margin)
            if name in strangers:
                verdict = "other_world"
            elif math.isnan(low) and not any(math.isnan(quantile.value) for quantile in pair):
                verdict = "too_few_events" if math.isnan(one.mean) else "undecided"
            elif verdict.startswith("better") and name in fewer and metric.topic not in SPEAK_OF_FLIGHTS:
                verdict = "fewer_flights"
            needed, half = math.nan, (high - low) / 2
            distance = abs(one.mean) if math.isnan(margin) else max(abs(one.mean), margin - abs(one.mean))
            if verdict == "undecided" and math.isfinite(half) and distance > 0:
                z = -special.ndtri(alpha / 2)
                required = distance * z / (z + special.ndtri(POWER))
                needed = max(math.ceil(one.n * (half * z / t_of(one.n, alpha) / required) ** 2), one.n + 1)
            note = "not_reached" if any(quantile.is_not_reached for quantile in pair) else ""
            rows.append((
                against[name], name, key, part, metric.unit, one.n, one.differ, one.mean, finite(low), finite(high), one.p,
                p_adjusted, one.variance_reduction, margin, verdict, needed, note,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "baseline", "scenario", "metric", "part", "unit", "n", "differ", "difference", "ci_low", "ci_high", "p", "p_adjusted",
        "variance_reduction", "matters", "verdict", "replications_to_decide", "note",
    ])  # fmt: skip


def best_of(
    quantiles: Quantiles, scenarios: list[str], metrics: dict[str, Any], confidence: float, strangers: set[str], fewer: set[str]
) -> pd.DataFrame:
    """Hsu's comparisons, by the ends of the intervals that miss with twice the probability of a one-sided bound."""
    rows = []
    for (key, part), by_scenario in quantiles.items():
        metric, margin = metrics[key], margin_of(metrics[key], part, {})
        if metric.direction(part) == "neither":
            continue
        assert metric.direction(part) == "lower"
        out = dict.fromkeys(() if metric.topic in SPEAK_OF_FLIGHTS else fewer, "fewer_flights") | dict.fromkeys(
            strangers, "other_world"
        )
        names = [name for name in scenarios if name in by_scenario]
        compared = [name for name in names if by_scenario[name].is_comparable and name not in out]
        pairs = {}
        for i in compared:
            for j in compared:
                if i != j:
                    behind = QuantileDifference(by_scenario[j], by_scenario[i])  # of i: how far above j
                    low, high = behind.interval(2 * (1 - confidence) / (len(compared) - 1))
                    pairs[i, j] = (behind.mean, low, high)
        least = {i: max(pairs[i, j][1] for j in compared if j != i) for i in compared if len(compared) > 1}
        may_be = {i for i in least if least[i] <= 0}
        for name in names:
            one, numbers = by_scenario[name], (math.nan,) * 3
            judged = out.get(name, "not_comparable" if math.isnan(one.value) else "too_few_events")
            n = one.n
            if name in least:
                n = min(by_scenario[other].n for other in compared)
                most = max((pairs[name, j][2] for j in may_be - {name}), default=0.0)
                numbers = (max(pairs[name, j][0] for j in compared if j != name), min(0.0, least[name]), most)
                judged = "yes" if name in may_be else "near" if most <= margin else "no"
            rows.append((name, key, part, metric.unit, n, *map(finite, numbers), judged))
    return pd.DataFrame(
        rows, columns=["scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "may_be_best"]
    )


def fewer_flights(values: Values, against: dict[str, str], metrics: dict[str, Any], strangers: set[str]) -> set[str]:
    """The scenarios that release clearly fewer flights than their base."""
    of_flights = comparison(values, against, metrics, 0.95, {}, strangers, {GUARDED_BY})
    return set(of_flights.loc[of_flights["verdict"] == "worse", "scenario"])
