"""The statistics of a study worked out anew, one measure at a time: NumPy, pandas and SciPy alone.

Written from docs/explanation/statistics.md; nothing of `sim.statistics` or `sim.study` is called. Of a measure its declaration
alone is read: unit, direction, ratio, event and margin.
"""

import math
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

Ref = tuple[str, str]
"""Key and part of a measure."""
Values = dict[Ref, dict[str, np.ndarray]]
"""By measure and scenario: the number of each replication, NaN where there is none."""

COVERAGE = pd.read_csv(Path(__file__).resolve().parents[2] / "sim" / "study" / "coverage.csv")
SHORT = set(COVERAGE.loc[COVERAGE["short"], ["kind", "measure"]].itertuples(index=False, name=None))
FEW = 5
SMALL = 30
DIFFER = 10
SKEWED = 1
ROUNDING = 1e-9
POWER = 0.8
GUARDED_BY, SPEAK_OF_FLIGHTS = ("released_share", ""), ("throughput",)
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_UNITS = {  # by the unit of a measure: what one of the units in which a margin is written makes in it
    "s": _SECONDS,
    "min": {unit: seconds / 60 for unit, seconds in _SECONDS.items()},
    "h": {unit: seconds / 3600 for unit, seconds in _SECONDS.items()},
    "d": {unit: seconds / 86400 for unit, seconds in _SECONDS.items()},
    "h/1000": {unit: seconds / 3600 for unit, seconds in _SECONDS.items()},
    "share": {"pp": 0.01, "%": 0.01, "": 1},
    "currency": {"": 1},
    "1": {"": 1},
    "/h": {"/h": 1},
    "km": {"km": 1, "m": 0.001},
    "m": {"m": 1, "km": 1000},
}


# ------------------------------------------------------------------------------------------- the numbers of replications


def name_of(key: str, part: str) -> str:
    return f"{key}/{part}" if part else key


def values_of(replications: pd.DataFrame, n: int, metrics: dict[str, Any]) -> Values:
    """From the table of replications; a ratio's numbers are R + (x - R y) / mean(y), R the sums over each other."""
    values: Values = {}
    for (metric, part, scenario), rows in replications.groupby(["metric", "part", "scenario"], sort=False):
        column = np.full(n, np.nan)
        column[rows["replication"].to_numpy()] = rows["value"].to_numpy()
        values.setdefault((metric, part), {})[scenario] = column
    ratios: Values = {}
    for (metric, part), by_scenario in values.items():
        ratio = metrics[metric].ratio
        if ratio is None:
            continue
        for scenario in by_scenario:
            above, below = (part_or_whole(values, key, part).get(scenario) for key in (ratio.numerator, ratio.denominator))
            if above is not None and below is not None:
                ratios.setdefault((metric, part), {})[scenario] = ratio.scale * spread_of_ratio(above, below)
    return {ref: {**by_scenario, **ratios.get(ref, {})} for ref, by_scenario in values.items()}


def part_or_whole(values: Values, key: str, part: str) -> dict[str, np.ndarray]:
    return values.get((key, part)) or values.get((key, ""), {})


def spread_of_ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    there = ~np.isnan(above + below)
    x, y, column = above[there], below[there], np.full(len(above), np.nan)
    if y.sum():
        column[there] = x.sum() / y.sum() + (x - x.sum() / y.sum() * y) / (y.sum() / len(y))
    return column


def event_of(metric: Any, part: str, values: Values, scenarios: list[str]) -> float:
    """By how much one event moves the number of a replication, over the replications of these scenarios."""
    if metric.event is None:
        return math.nan

    def mean_of(key: str) -> float:
        columns = [column for name, column in part_or_whole(values, key, part).items() if name in scenarios]
        numbers = np.concatenate([*columns, []])
        return float(numbers[np.isfinite(numbers)].mean()) if np.isfinite(numbers).any() else math.nan

    size = float(metric.event.size)
    if metric.event.times:
        size *= mean_of(metric.event.times)
    if metric.event.per:
        per = mean_of(metric.event.per)
        size = size / per if per else math.nan
    return size


def margin_of(metric: Any, part: str, stated: dict[str, float]) -> float:
    """What the study states, else the measure, in its unit; NaN without a direction."""
    if metric.direction(part) == "neither":
        return math.nan
    if metric.key in stated:
        return stated[metric.key]
    number, unit = re.fullmatch(r"([\d.]+)\s*(.*)", metric.matters.value).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[metric.unit][unit]


# ------------------------------------------------------------------------------------------- intervals


def reach_of(x: np.ndarray, event: float) -> Callable[[float], tuple[float, float]]:
    """How far the interval reaches below and above the mean, by t."""
    n = len(x)
    error = math.sqrt(variance(x) / n)
    a = skewness_of(x) / (6 * math.sqrt(n))

    def willink(t: float) -> float:
        return t if abs(a) < 1e-9 else float(np.cbrt(1 + 6 * a * (t - a)) - 1) / (2 * a)

    def reach(t: float) -> tuple[float, float]:
        unseen = t * math.sqrt(2) * event / n
        return math.hypot(max(willink(t), t) * error, unseen), math.hypot(max(-willink(-t), t) * error, unseen)

    return reach


def skewness_of(x: np.ndarray) -> float:
    """G1; 0 for fewer than three numbers, or equal ones."""
    return 0.0 if len(x) < 3 or is_constant(x) else float(stats.skew(x, bias=False))


def is_constant(x: np.ndarray) -> bool:
    return bool(np.ptp(x) <= ROUNDING * np.abs(x).max(initial=0.0))


def variance(x: np.ndarray) -> float:
    return 0.0 if is_constant(x) else float(x.var(ddof=1))


def interval(x: np.ndarray, alpha: float, event: float) -> tuple[float, float]:
    if len(x) < 2:
        return math.nan, math.nan
    below, above = reach_of(x, event)(-float(special.stdtrit(len(x) - 1, alpha / 2)))
    return float(x.mean()) - below, float(x.mean()) + above


def p_value(x: np.ndarray, event: float) -> float:
    """The level at which an end of the interval touches 0."""
    if len(x) < 2:
        return math.nan
    mean, side = float(x.mean()), int(x.mean() < 0)  # above 0 it is the lower end that comes to touch
    if mean == 0:
        return 1.0
    if is_constant(x) and event == 0:
        return 0.0
    reach = reach_of(x, event)

    def beyond(log_t: float) -> float:
        return reach(math.exp(log_t))[side] - abs(mean)

    if beyond(-30) > 0:
        return 1.0
    high = 0.0
    while beyond(high) < 0:
        high += 1
    return 2 * float(special.stdtr(len(x) - 1, -math.exp(optimize.brentq(beyond, -30, high, xtol=1e-13))))


# ------------------------------------------------------------------------------------------- differences


class Difference:
    """Compared less baseline, replication by replication."""

    def __init__(self, baseline: np.ndarray, compared: np.ndarray, event: float) -> None:
        both = ~(np.isnan(baseline) | np.isnan(compared))
        first, second = baseline[both], compared[both]
        self.n, self.event = len(first), event
        self.is_comparable = self.n > 0 and bool(np.isfinite(first).all() and np.isfinite(second).all())
        self.x = np.zeros(0)
        self.up_and_down: tuple[int, list[int]] | None = None
        if self.is_comparable:
            apart = second - first
            self.x = np.where(np.abs(apart) <= ROUNDING + ROUNDING * np.abs(second), 0.0, apart)
        self.differ = int((self.x != 0).sum())
        self.variance_reduction = math.nan
        if self.is_comparable and self.n > 1:
            unpaired, paired = variance(first) + variance(second), variance(self.x)
            self.variance_reduction = unpaired / paired if paired else math.nan

    def judged_by_counting(self, baseline: np.ndarray, compared: np.ndarray) -> None:
        """Small counts of rare events: what the exact test sees."""
        counts = np.concatenate([baseline, compared])
        counts = counts[~np.isnan(counts)]
        if counts.sum() <= SMALL and (counts % 1 == 0).all() and self.differ:
            sizes = [round(abs(d)) for d in self.x.tolist() if d]
            self.up_and_down, self.event = (round(self.x[self.x > 0].sum()), sizes), 1.0

    @property
    def mean(self) -> float:
        return float(self.x.mean()) if len(self.x) else math.nan

    @property
    def is_known(self) -> bool:
        """Whether there is an interval."""
        return len(self.x) > 1 and (not math.isnan(self.event) or self.differ >= min(DIFFER, len(self.x)))

    @property
    def p(self) -> float:
        if self.up_and_down:
            return min(1.0, 2 * min(self._chance(0.5, True), self._chance(0.5, False)))
        if self.differ > 0 and not self.is_known:
            return math.nan
        return p_value(self.x, 0.0 if math.isnan(self.event) else self.event)

    def interval(self, alpha: float) -> tuple[float, float]:
        if not self.is_known:
            return math.nan, math.nan
        low, high = interval(self.x, alpha, 0.0 if math.isnan(self.event) else self.event)
        if not self.up_and_down:
            return low, high
        most = sum(self.up_and_down[1]) / self.n  # if all of them went up
        exact = most * (2 * self._least_share(alpha / 2, True) - 1), most * (2 * self._least_share(alpha / 2, False) - 1)
        if exact[0] > 0 >= low:
            return exact[0], max(high, exact[1])
        if exact[1] < 0 <= high:
            return min(low, exact[0]), exact[1]
        return min(low, exact[0]), max(high, exact[1])

    def _chance(self, share: float, is_up: bool) -> float:
        """The chance that at least, or at most, as much goes up as was seen, each upwards with the probability `share`."""
        assert self.up_and_down
        seen, sizes = self.up_and_down
        chance = 0.0
        for ways in product((0, 1), repeat=len(sizes)):
            up = sum(size for size, way in zip(sizes, ways, strict=True) if way)
            if up >= seen if is_up else up <= seen:
                chance += share ** sum(ways) * (1 - share) ** (len(sizes) - sum(ways))
        return chance

    def _least_share(self, chance: float, is_up: bool) -> float:
        """The end of Clopper and Pearson's interval: where the chance is just that."""
        at_ends = [self._chance(share, is_up) - chance for share in (0.0, 1.0)]
        if at_ends[0] * at_ends[1] > 0:
            return 0.0 if is_up else 1.0
        return float(optimize.brentq(lambda share: self._chance(share, is_up) - chance, 0, 1, xtol=1e-14))


def holm(p_values: list[float]) -> tuple[list[float], list[float]]:
    """The adjusted p-values, and what each was multiplied with; NaN is in no family."""
    adjusted, factors, largest = [math.nan] * len(p_values), [math.nan] * len(p_values), 0.0
    known = sorted((p, place) for place, p in enumerate(p_values) if not math.isnan(p))
    for step, (p, place) in enumerate(known):
        largest = max(largest, p * (len(known) - step))
        adjusted[place], factors[place] = min(1.0, largest), largest / p if p > 0 else float(len(known))
    return adjusted, factors


# ------------------------------------------------------------------------------------------- tables


def summary(
    values: Values, scenarios: list[str], metrics: dict[str, Any], confidence: float, only: set[Ref] | None = None
) -> pd.DataFrame:
    rows = []
    for scenario in scenarios:
        for (key, part), by_scenario in values.items():
            if scenario not in by_scenario or (only and (key, part) not in only):
                continue
            event, x = event_of(metrics[key], part, values, [scenario]), by_scenario[scenario]
            x = x[~np.isnan(x)]
            mean, sd, (low, high), note = math.nan, math.nan, (math.nan, math.nan), ""
            if np.isinf(x).any():
                mean = math.inf
            elif len(x):
                mean = x.mean()
                is_seldom = math.isnan(event) and (x != 0).sum() < min(FEW, len(x))
                if len(x) > 1:
                    sd = math.sqrt(variance(x))
                    low, high = (math.nan, math.nan) if is_seldom else interval(x, 1 - confidence, np.nan_to_num(event))
                    if math.isnan(event):
                        note = "seldom" if is_seldom and x.any() else "skew" if abs(skewness_of(x)) > SKEWED else ""
                    if note != "seldom" and ("level", name_of(key, part)) in SHORT:
                        note = "short"
            if metrics[key].unit not in ("s", "min"):  # a time may be before its plan
                low, high = np.clip((low, high), 0, 1 if metrics[key].unit == "share" else None)
            rows.append((scenario, key, part, metrics[key].unit_in(part), len(x), mean, sd, low, high, math.nan, note))
    columns = ["scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high", "never", "note"]
    return pd.DataFrame(rows, columns=columns)


def has_few_events(counts: np.ndarray | None) -> bool:
    return counts is not None and np.isfinite(counts).any() and np.nansum(counts) < FEW


def comparison(
    values: Values,
    against: dict[str, str],
    metrics: dict[str, Any],
    confidence: float,
    stated: dict[str, float],
    strangers: set[str],
    only: set[Ref] | None = None,
) -> pd.DataFrame:
    """against: the base by scenario · strangers: scenarios of another world than their base's · stated: margins that the study
    names.
    """
    compared = list(against)
    family = [name for name in compared if name not in strangers]
    rows = []
    for (key, part), by_scenario in values.items():
        if only and (key, part) not in only:
            continue
        metric, margin = metrics[key], margin_of(metrics[key], part, stated)
        nothing = np.full(max(map(len, by_scenario.values())), math.nan)
        differences = {}
        for name in compared:
            base = against[name]
            columns = [by_scenario.get(scenario, nothing) for scenario in (base, name)]
            differences[name] = Difference(*columns, event_of(metric, part, values, [base, name]))
            if metric.rare and not metric.counted_by and {base, name} <= by_scenario.keys():
                differences[name].judged_by_counting(*columns)
        adjusted, factors = holm([differences[name].p for name in family])
        for name, difference in differences.items():
            place = family.index(name) if name in family else None
            factor, p_adjusted = (1.0, math.nan) if place is None else (factors[place], adjusted[place])
            alpha = (1 - confidence) / factor
            low, high = difference.interval(alpha)
            if name in strangers:
                verdict = "other_world"
            elif metric.rare and all(
                has_few_events(values.get((metric.counted_by or key, part), {}).get(scenario))
                for scenario in (against[name], name)
            ):
                verdict = "too_few_events"
            elif len(difference.x) > 1 and not difference.is_known:
                verdict = "too_few_events" if difference.differ else "undecided"
            else:
                verdict = verdict_of(low, high, metric.direction(part), margin)
            needed = math.nan
            if verdict == "undecided":
                needed = replications_to_decide(difference, margin, (high - low) / 2, alpha)
            is_without_event = difference.is_known and math.isnan(difference.event)
            note = "skew" if is_without_event and abs(skewness_of(difference.x)) > SKEWED else ""
            if difference.is_known and ("difference", name_of(key, part)) in SHORT:
                note = "short"
            unit = metric.unit_in(part)
            most = 1.0 if unit == "share" and not key.startswith("utilisation") else math.inf
            rows.append((
                against[name], name, key, part, unit, difference.n, difference.differ, difference.mean,
                float(np.clip(low, -most, most)), float(np.clip(high, -most, most)), difference.p,
                p_adjusted, difference.variance_reduction, margin, verdict, needed, note,
            ))  # fmt: skip
    table = pd.DataFrame(rows, columns=[
        "baseline", "scenario", "metric", "part", "unit", "n", "differ", "difference", "ci_low", "ci_high", "p", "p_adjusted",
        "variance_reduction", "matters", "verdict", "replications_to_decide", "note",
    ])  # fmt: skip
    of_flights = table[(table["metric"] == GUARDED_BY[0]) & (table["part"] == GUARDED_BY[1]) & (table["verdict"] == "worse")]
    is_guarded = ~table["metric"].map(lambda key: metrics[key].topic).isin(SPEAK_OF_FLIGHTS)
    is_better = table["verdict"].isin(["better", "better_perhaps_small"])
    table.loc[table["scenario"].isin(of_flights["scenario"]) & is_guarded & is_better, "verdict"] = "fewer_flights"
    return table


def verdict_of(low: float, high: float, better: str, margin: float) -> str:
    if math.isnan(low):
        return "not_comparable"
    is_within = max(-low, high) <= margin
    if low <= 0 <= high:
        return "same" if is_within else "undecided"
    if better == "neither":
        return "larger" if low > 0 else "smaller"
    if is_within:
        return "too_small"
    word = "better" if (low > 0) == (better == "higher") else "worse"
    return word if min(abs(low), abs(high)) > margin else f"{word}_perhaps_small"


def replications_to_decide(difference: Difference, margin: float, half: float, alpha: float) -> float:
    """A new study decides four times in five with so many, if difference and standard deviation are as seen."""
    distance = abs(difference.mean) if math.isnan(margin) else max(abs(difference.mean), margin - abs(difference.mean))
    if math.isnan(half) or not distance > 0:
        return math.nan
    z, t = stats.norm.ppf(1 - alpha / 2), stats.t.ppf(1 - alpha / 2, difference.n - 1)
    required = distance * z / (z + stats.norm.ppf(POWER))
    return max(math.ceil(difference.n * (half * z / t / required) ** 2), difference.n + 1)


def chained(against: dict[str, str]) -> dict[str, str]:
    """The scenarios that are held against another than the first, and the first."""
    (first,) = set(against.values()) - set(against)
    return {name: first for name, base in against.items() if base != first}


def fewer_than_first(values: Values, against: dict[str, str], metrics: dict[str, Any], strangers: set[str]) -> set[str]:
    """The scenarios that release clearly fewer flights than the first, whatever they are held against."""
    of_chained = chained(against)
    main, rest = (comparison(values, bases, metrics, 0.95, {}, strangers, {GUARDED_BY}) for bases in (against, of_chained))
    released = pd.concat([main[~main["scenario"].isin(list(of_chained))], rest])
    return set(released.loc[released["verdict"] == "worse", "scenario"])


def best(
    values: Values,
    against: dict[str, str],
    metrics: dict[str, Any],
    confidence: float,
    stated: dict[str, float],
    strangers: set[str],
    only: set[Ref] | None = None,
) -> pd.DataFrame:
    """Hsu's comparisons with the best, pair by pair; but for throughput without those that release clearly fewer flights."""
    rows = []
    scenarios = [*(set(against.values()) - set(against)), *against]
    fewer = fewer_than_first(values, against, metrics, strangers)
    for (key, part), by_scenario in values.items():
        metric = metrics[key]
        direction, margin = metric.direction(part), margin_of(metric, part, stated)
        if direction == "neither" or (only and (key, part) not in only):
            continue
        names = [name for name in scenarios if name in by_scenario]
        out = strangers if metric.topic in SPEAK_OF_FLIGHTS else strangers | fewer
        counts = values.get((metric.counted_by or key, part), {})
        known = [n for n in names if not np.isnan(by_scenario[n]).all() and not np.isinf(by_scenario[n]).any()]
        left_out = strangers | (set() if metric.topic == "throughput" else fewer)
        compared = [name for name in known if name not in left_out]
        few = [name for name in compared if metric.rare and has_few_events(counts.get(name))]
        event = np.nan_to_num(event_of(metric, part, values, [name for name in names if name not in out]))
        together = np.array([by_scenario[name] for name in compared])
        usable = together[:, ~np.isnan(together).any(axis=0)] if compared else together
        is_made = len(few) < 2 and len(compared) > 1 and usable.shape[1] > 1
        x = dict(zip(compared, usable if direction == "higher" else -usable, strict=True)) if is_made else {}
        pairs = {}
        for i, j in product(x, x):
            if i != j:
                apart = np.where(np.abs(x[i] - x[j]) <= ROUNDING + ROUNDING * np.abs(x[i]), 0.0, x[i] - x[j])
                ends = interval(apart, 2 * (1 - confidence) / (len(x) - 1), float(event))
                pairs[i, j] = (float(apart.mean()), *ends)
        reach = {i: min(pairs[i, j][2] for j in x if j != i) for i in x}
        may_be = {i for i in x if reach[i] >= 0}
        for name in names:
            n = int((~np.isnan(by_scenario[name])).sum())
            numbers, judged = (math.nan, math.nan, math.nan), "not_comparable"
            if name in strangers:
                judged = "other_world"
            elif name in left_out:
                judged = "fewer_flights"
            elif len(few) > 1 and name in compared:
                judged = "too_few_events"
            elif name in x:
                n = usable.shape[1]
                rivals = [pairs[name, j][1] for j in may_be - {name}]
                floor, ceiling = min(rivals, default=0.0), max(0.0, reach[name])
                difference = min(pairs[name, j][0] for j in x if j != name)
                numbers = (difference, floor, ceiling) if direction == "higher" else (-difference, -ceiling, -floor)
                judged = "yes" if name in may_be else "near" if floor >= -margin else "no"
            rows.append((name, key, part, metric.unit_in(part), n, *numbers, judged))
    return pd.DataFrame(
        rows, columns=["scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "may_be_best"]
    )


def winners(tables: dict[str, pd.DataFrame], against: dict[str, str], n: int, confidence: float) -> pd.DataFrame:
    """What became of the same measured flights, and of contraband on them, under each scenario and its base."""
    flights, goods = tables["flights"], tables["consignments"]
    flights = flights[flights["measured"]]
    keys = ["replication", "flight"]
    tier = np.where(flights["aeo"], "aeo", "other")
    flights = flights.assign(tier=tier, destination=flights["destination_side"], all="")
    rows = []
    for name, base in against.items():
        before, after = (flights[flights["scenario"] == scenario] for scenario in (base, name))
        pairs = before[[*keys, "released_s"]].merge(after, on=keys, suffixes=("_before", ""))
        was, is_now, gain = (
            pairs["released_s_before"].notna(),
            pairs["released_s"].notna(),
            pairs["released_s_before"] - pairs["released_s"],
        )
        marks = pairs[keys].assign(
            planned=True, sooner=gain > 60, same=gain.abs() <= 60, later=gain < -60, newly_released=is_now & ~was,
            no_longer_released=was & ~is_now, never_released=~was & ~is_now,
        )  # fmt: skip
        illicit = goods[goods["illicit"]]
        first, second = (illicit[illicit["scenario"] == scenario] for scenario in (base, name))
        columns = [*keys, "consignment", "outcome"]
        contraband = first[columns].merge(second[columns], on=columns[:3], how="outer", suffixes=("_before", ""))
        contraband = contraband.merge(pairs[[*keys, "all", "priority", "tier", "destination"]], on=keys)
        for word, outcome in (("found", "seized"), ("missed", "released")):
            then, now = contraband["outcome_before"] == outcome, contraband["outcome"] == outcome
            contraband[f"newly_{word}"], contraband[f"no_longer_{word}"] = now & ~then, then & ~now
        for by in ("all", "priority", "tier", "destination"):
            for group in sorted(pairs[by].unique()):
                here, changed = pairs[by] == group, contraband[contraband[by] == group]
                columns_of = {key: marks.loc[here & marks[key]].groupby("replication").size() for key in marks.columns[2:]}
                for key, direction, won in (("median_gain", 1, gain > 60), ("median_loss", -1, gain < -60)):
                    columns_of[key] = (direction * gain[here & won]).groupby(pairs["replication"]).agg(middle)
                for key in ("newly_found", "no_longer_found", "newly_missed", "no_longer_missed"):
                    columns_of[key] = changed[changed[key]].groupby("replication").size()
                for key, column in columns_of.items():
                    is_median = key.startswith("median")
                    x = column.reindex(range(n), fill_value=np.nan if is_median else 0).dropna().to_numpy(float)
                    is_known = len(x) > 1 and (x != 0).sum() >= min(FEW, len(x))
                    low, high = interval(x, 1 - confidence, 0.0) if is_known else (math.nan, math.nan)
                    note = "too_few_events" if key.endswith(("_found", "_missed")) and x.sum() < FEW else ""
                    mean = x.mean() if len(x) else math.nan
                    rows.append((base, name, by, group, key, "s" if is_median else "1", len(x), mean, low, high, note))
    columns = ["baseline", "scenario", "by", "group", "measure", "unit", "n", "mean", "ci_low", "ci_high", "note"]
    return pd.DataFrame(rows, columns=columns)


def middle(numbers: pd.Series) -> float:
    """The smallest value that at least half do not exceed."""
    return sorted(numbers)[math.ceil(len(numbers) / 2) - 1]


HOURS_A_THOUSAND = ("h/1000", 1000 / 3600)
QUANTITIES = {
    "order_to_release_s": ("s", 1.0), "delay_s": ("s", 1.0), "in_queues_s": ("s", 1.0), "officer_s": HOURS_A_THOUSAND,
    "aviation_s": HOURS_A_THOUSAND, "quarantine_s": HOURS_A_THOUSAND, "immigration_s": HOURS_A_THOUSAND,
    "machine_s": HOURS_A_THOUSAND, "dog_s": HOURS_A_THOUSAND, "expected_missed": ("1/1000", 1000.0),
}  # fmt: skip


def released_in_both(
    flights: pd.DataFrame, against: dict[str, str], n: int, confidence: float, strangers: set[str]
) -> pd.DataFrame:
    """The same flight under a scenario and its base, over those that both release."""
    keys = ["replication", "flight"]
    flights = flights[flights["measured"]].set_index(keys)
    differences, counts = {}, {}
    for name, base in against.items():
        before = flights[flights["scenario"] == base]
        after = flights[flights["scenario"] == name].reindex(before.index)
        was, is_now = before["released_s"].notna(), after["released_s"].notna()
        counts[name] = [int(which.sum()) / n for which in (was & is_now, was & ~is_now, is_now & ~was)]
        for key, (_, factor) in QUANTITIES.items():
            shift = factor * (after[key] - before[key])[was & is_now].groupby("replication").mean().reindex(range(n)).to_numpy(
                float
            )
            differences[name, key] = Difference(np.zeros(n), shift, math.nan)
    rows = []
    family = [name for name in against if name not in strangers]
    for key, (unit, _) in QUANTITIES.items():
        adjusted, factors = holm([differences[name, key].p for name in family])
        for name, base in against.items():
            difference = differences[name, key]
            factor, p_adjusted = (1.0, math.nan)
            if name in family:
                factor, p_adjusted = factors[family.index(name)], adjusted[family.index(name)]
            low, high = difference.interval((1 - confidence) / factor)
            numbers = difference.mean, low, high, difference.p, p_adjusted, difference.differ
            rows.append((base, name, key, unit, difference.n, *counts[name], *numbers))
    return pd.DataFrame(rows, columns=[
        "baseline", "scenario", "quantity", "unit", "n", "in_both", "only_baseline", "only_scenario", "difference", "ci_low",
        "ci_high", "p", "p_adjusted", "differ",
    ])  # fmt: skip
