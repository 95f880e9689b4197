"""The frontier: which policies are not beaten in two measures at once, such as delay and missed contraband."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, permutations
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Unpack

import numpy as np

from sim.analysis.dead import dead_in_design, left_out, without_effect
from sim.analysis.design_points import DesignPoint, Plan, plan_of, read_factor, settings
from sim.analysis.design_run import DesignRun, Finish, check_same_world, run_design_points
from sim.analysis.forbidden import before_varying, forbidden_sentences, none_possible, of_scenarios
from sim.archive.layout import table_file
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground.arguments import texts, wrong_type
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.metrics.measure_ref import Measure, directed, margin_of, measures_of, read_measure
from sim.scenario.load import Changes, Scenarios, load_scenarios
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, ends_of
from sim.statistics.intervals import Estimate, estimate_means
from sim.statistics.paired import paired_difference
from sim.statistics.pooled_quantiles import NO_QUANTILE, PooledQuantile, quantile_difference
from sim.study.comparison import FLIGHTS, within_bounds
from sim.study.csv_files import words_of, write_csv
from sim.study.pooled import is_quantile
from sim.study.replication_values import event_size, keys_behind, values_by_measure
from sim.study.study import Study

if TYPE_CHECKING:
    import pandas as pd

_ONE_ALONE = Text("one policy alone has no frontier", "只有一項政策，無從作取捨分析", "只有一项政策，无从作取舍分析")
_TWO_FILES = Text("two files or more, or --vary", "兩個或以上的檔案，或用 --vary", "两个或以上的文件，或用 --vary")
_TWO_NEEDED = Text("two measures are needed", "須有兩項指標", "须有两项指标")
_TWO_MEASURES = Text(
    "two measures, as in expected_missed,delay_quantile/p50",
    "兩項指標，例如 expected_missed,delay_quantile/p50",
    "两项指标，例如 expected_missed,delay_quantile/p50",
)


STEPS = 5  # levels of a factor that has a range

COLUMNS = (
    "scenario", "x_measure", "x", "x_low", "x_high", "x_never", "y_measure", "y", "y_low", "y_high", "y_never", "is_on_frontier",
    "dominated_by", "clearly_dominated_by", "fewer_flights_than", "same_as",
)  # fmt: skip


KIND = "frontier study"
LISTING = "frontier.csv"
PAIRS = (
    ("missed_per_million", "delay_quantile/p50"),
    ("missed_per_million", "order_to_release_quantile/p50"),
    ("officer_hours", "delay_quantile/p50"),
)
"""What is held against what unless asked otherwise: x, y."""


_SAME = Text(
    "Shown once, since they are the same policy in every value: {pairs}.",
    "以下各點的所有數值相同，屬同一政策，只顯示一次：{pairs}。",
    "以下各点的所有数值相同，属同一政策，只显示一次：{pairs}。",
)
_AS = Text("{name} as {first}", "{name} 以 {first} 顯示", "{name} 以 {first} 显示")
_AND_MORE = Text(", and {n} more", "，另有 {n} 對", "，另有 {n} 对")
NAMED = 4  # pairs that a sentence names


@dataclass(frozen=True, eq=False)
class Tradeoff:
    """Two measures held against each other, and the scenarios in both of them, as `frontier_table` lists them."""

    x: Measure
    y: Measure
    table: "pd.DataFrame"

    @property
    def axes(self) -> "dict[str, Measure]":
        """The measures by axis, "x" and "y"."""
        return {"x": self.x, "y": self.y}


Sample = Floats | PooledQuantile
"""A measure in one scenario: of each replication, shape (replications,), or a quantile of all of them together."""
EventSizes = Callable[[Measure, Sequence[Sequence[str]]], Floats]
"""By how much one event moves a replication's value of a measure, over each of some groups of scenarios: see `event_size`."""


@takes_run_keywords
def frontier(
    scenarios: Scenarios,
    *,
    vary: str | Sequence[str] = (),
    pairs: str | Sequence[str | tuple[str, str]] = PAIRS,
    set: Changes = (),  # noqa: A002
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> DesignRun:
    """The policies of the scenarios, each at every combination of the values of `vary` (see `sim.sweep`), in pairs of measures.

    pairs: "X,Y" or ("X", "Y"), or a list of them · set, and the other keywords: see `sim.run`. Writes `frontier_table` of each
    pair (x, y), one below the other. A parameter is not varied under a scenario in which it moves nothing, a policy that two
    scenarios come to is simulated once, and combinations that a check between parameters forbids are left out
    (`DesignRun.left_out`). Raises InputError for what can't be done as asked.
    """
    options, varied = read_options(keywords), texts("vary", vary)
    with before_varying(varied):
        loaded = load_scenarios(scenarios, set)
    check_same_world(loaded)
    known = measures_of(loaded)
    measured = [tuple(directed(read_measure(key, "pair", known), "pair") for key in pair) for pair in _read_pairs(pairs)]
    seed = loaded[0].study.seed if options.seed is None else options.seed
    plans, notes_of_dead = _plans(loaded, varied, seed)
    if not any(plan.possible for plan in plans):
        raise none_possible(plans)
    points, notes_of_twins = _each_once([point for plan in plans for point in plan.possible])
    notes = [*forbidden_sentences(plans), *notes_of_dead, *notes_of_twins]
    if len(points) < 2:
        reasons = Text.same(" ").join(notes) or Text.same(str(len(points)))
        raise InputError(Problem(_ONE_ALONE, path="scenarios", found=reasons, allowed=_TWO_FILES))
    forbidden = [point for plan in plans for point in plan.forbidden]
    question = {"pairs": [[x.name, y.name] for x, y in measured], "vary": list(varied)}

    def write(run: DesignRun, folder: Path) -> None:
        import pandas as pd

        tables = [tradeoff.table for tradeoff in tradeoffs_of(run)]
        write_csv(pd.concat(tables, ignore_index=True), folder / LISTING, words_of(run))
        if finish:
            finish(run, folder)

    return run_design_points(
        KIND, loaded, points, question, write, options, notes=notes, forbidden=forbidden, is_answered=finish is not None
    )


def _plans(scenarios: Sequence[Scenario], vary: Sequence[str], seed: int) -> tuple[list[Plan], list[Text]]:
    """The points of each scenario, without the parameters that move nothing in it, and what to tell of these."""
    plans, dead_in = [], []
    for scenario in scenarios:
        plan, dead = _plan(scenario, vary, seed)
        plans.append(plan)
        dead_in.append(dead)
    if all(dead == dead_in[0] for dead in dead_in):
        return plans, left_out(scenarios, dead_in[0])
    true_of: dict[Text, list[Scenario]] = {}
    for scenario, dead in zip(scenarios, dead_in, strict=True):
        for note in left_out([scenario], dead):
            true_of.setdefault(note, []).append(scenario)
    return plans, [of_scenarios(listed, note) for note, listed in true_of.items()]


def _plan(scenario: Scenario, vary: Sequence[str], seed: int) -> tuple[Plan, tuple[str, ...]]:
    as_it_is = Plan(scenario, (DesignPoint(scenario, scenario.name, {}),), ())
    if not vary:
        return as_it_is, ()
    factors = [read_factor(option, scenario) for option in vary]
    plan = plan_of(scenario, settings(factors, "grid", 0, STEPS, 0))
    dead = dead_in_design([scenario], [point.set for point in plan.possible], seed)
    dead = without_effect(dead, plan.forbidden)
    if not dead:
        return plan, ()
    living = [factor for factor in factors if factor.path not in dead]
    return plan_of(scenario, settings(living, "grid", 0, STEPS, 0)) if living else as_it_is, dead


def _each_once(points: Sequence[DesignPoint]) -> tuple[list[DesignPoint], list[Text]]:
    """The points without those that are an earlier one in every value, and what to tell of these."""
    first: dict[str, DesignPoint] = {}
    pairs = []
    for point in points:
        earlier = first.setdefault(point.scenario.hash, point)
        if earlier is not point:
            pairs.append(_AS.fill(name=Text.same(point.scenario.name), first=Text.same(earlier.scenario.name)))
    return list(first.values()), [_SAME.fill(pairs=_first_of(pairs))] if pairs else []


def _first_of(parts: Sequence[Text]) -> Text:
    """The first NAMED of them, and how many there are."""
    listed = Text(
        *(
            ", ".join(words) if n == 0 else "、".join(words)
            for n, words in enumerate(zip(*(part.all for part in parts[:NAMED]), strict=True))
        )
    )
    return listed if len(parts) <= NAMED else listed + _AND_MORE.fill(n=len(parts) - NAMED)


def _read_pairs(pairs: str | Sequence[str | tuple[str, str]]) -> list[tuple[str, str]]:
    """One pair or several, each a text or a tuple. Raises InputError for anything else."""
    listed = [pairs] if isinstance(pairs, str) else pairs
    return [read_pair(pair) if isinstance(pair, str) else _checked_pair(pair) for pair in listed]


def _checked_pair(pair: object) -> tuple[str, str]:
    match pair:
        case (str(x), str(y)):
            return x, y
    raise InputError(wrong_type("pairs", pair, _TWO_MEASURES))


def read_pair(written: str) -> tuple[str, str]:
    """The two measures of "X,Y". Raises InputError for anything else."""
    x, comma, y = (part.strip() for part in written.partition(","))
    if not (x and comma and y):
        raise InputError(Problem(_TWO_NEEDED, path="pair", found=Text.same(written), allowed=_TWO_MEASURES))
    return x, y


def tradeoffs_of(run: DesignRun) -> list[Tradeoff]:
    """One for each pair that a frontier study was asked for."""
    tradeoffs, sizes, same = [], _sizes_in(run), alike(run)
    flights = read_measure(str(FLIGHTS), known=run.metrics)
    distinct = [name for name in run.names if name not in same]
    fewer = fewer_flights(distinct, _samples(run, flights), flights, run.confidence, sizes)
    for x, y in run.manifest.asked["pairs"]:
        of_x, of_y = (read_measure(name, known=run.metrics) for name in (x, y))
        samples_x, samples_y = (_samples(run, measure) for measure in (of_x, of_y))
        table = frontier_table(run.names, samples_x, samples_y, of_x, of_y, run.confidence, sizes, fewer, same)
        tradeoffs.append(Tradeoff(of_x, of_y, table))
    return tradeoffs


def alike(run: DesignRun) -> dict[str, str]:
    """By point, the first point that has the same value of every measure in every replication; the first ones are left out."""
    import pyarrow.parquet as pq

    table = pq.read_table(run.files / table_file("replications")).to_pandas()
    wide = table.pivot(index=["replication", "metric", "part"], columns="scenario", values="value")
    first: dict[bytes, str] = {}
    values = {name: np.nan_to_num(wide[name].to_numpy(), nan=-np.pi, posinf=np.inf, neginf=-np.inf) + 0.0 for name in run.names}
    firsts = {name: first.setdefault(of_point.tobytes(), name) for name, of_point in values.items()}
    return {name: earlier for name, earlier in firsts.items() if earlier != name}


def _sizes_in(run: DesignRun) -> EventSizes:
    return lambda measured, groups: run.event_sizes(measured.name, groups)


def _samples(run: DesignRun, measured: Measure) -> dict[str, Sample]:
    """A measure at each point, by name."""
    quantiles: Sequence[Sample] = run.quantiles(measured.name)
    return dict(zip(run.names, quantiles or run.values(measured.name), strict=True))


def tradeoffs_of_study(study: Study, pairs: Sequence[tuple[str, str]] = PAIRS) -> list[Tradeoff]:
    """One for each pair, over the scenarios of a study in the baseline's world; none for fewer than two scenarios."""
    names = [name for name in study.names if name not in study.other_world]
    if len(names) < 2:
        return []
    measured = [(read_measure(x, known=study.metrics), read_measure(y, known=study.metrics)) for x, y in pairs]
    flights = read_measure(str(FLIGHTS), known=study.metrics)
    keys = {key for measure in [flights, *chain(*measured)] for key in keys_behind(measure.metric)}
    rows = study.replications[study.replications["metric"].isin(keys)]
    values = values_by_measure(rows, study.manifest.replications, study.metrics)
    nothing = np.full(study.manifest.replications, np.nan)

    def sizes(measured: Measure, groups: Sequence[Sequence[str]]) -> Floats:
        return np.array([event_size(measured.metric.event, measured.ref.part, values, group) for group in groups])

    released = {name: values.get(FLIGHTS, {}).get(name, nothing) for name in names}
    fewer = fewer_flights(names, released, flights, study.confidence, sizes)
    tradeoffs = []
    for pair in measured:
        x, y = (
            {name: study.quantiles.get(measure.ref, {}).get(name, NO_QUANTILE) for name in names}
            if is_quantile(measure.ref, study.metrics) and study.quantiles
            else {name: values.get(measure.ref, {}).get(name, nothing) for name in names}
            for measure in pair
        )
        tradeoffs.append(Tradeoff(*pair, frontier_table(names, x, y, *pair, study.confidence, sizes, fewer)))
    return tradeoffs


def fewer_flights(
    names: Sequence[str], released: Mapping[str, Sample], of_released: Measure, confidence: float, sizes: EventSizes
) -> dict[str, list[str]]:
    """By scenario, than which others it releases clearly fewer of the flights ordered, by more than matters.

    released: the share released, by scenario, shape (replications,), paired by replication · "clearly" as in `frontier_table`.
    """
    margin, events = margin_of(of_released.metric), _events(names, of_released, sizes)
    pairs = list(permutations(names, 2))
    more = [_gain(released, other, name, of_released, events[frozenset([name, other])]) for name, other in pairs]
    ends = ends_of(more, np.full(len(more), _alpha(names, confidence)))
    is_fewer = {pair: low > margin for pair, (low, _) in zip(pairs, ends, strict=True)}
    return {name: [other for other in names if is_fewer.get((name, other))] for name in names}


def _alpha(names: Sequence[str], confidence: float) -> float:
    """With what probability each interval misses (Bonferroni) over all pairs of scenarios and both measures."""
    return (1 - confidence) / max(2 * len(names) * (len(names) - 1), 1)


def frontier_table(
    names: Sequence[str],
    x: Mapping[str, Sample],
    y: Mapping[str, Sample],
    of_x: Measure,
    of_y: Measure,
    confidence: float,
    sizes: EventSizes,
    fewer: Mapping[str, Collection[str]],
    same: Mapping[str, str] = MappingProxyType({}),
) -> "pd.DataFrame":
    """One row a scenario: both measures with the intervals of their means, as in a study's summary, and who dominates it.

    x, y: by scenario, shape (replications,), paired by replication, or a pooled quantile · fewer: by scenario, the others than
    which it releases clearly fewer flights (`fewer_flights`). It dominates none of them: who turns flights away works less and
    misses less · dominated_by: scenarios whose levels are no worse in both measures and better in one (names, parted by a
    blank) · clearly_dominated_by: of these, those whose paired differences are better in one beyond its interval, widened
    (Bonferroni) over all pairs and both measures, and not worse in the other beyond its own ·
    fewer_flights_than: as `fewer` · same_as: as `same`, by name that of another scenario with which it is one policy (`alike`):
    all else is then said of both, and counted once · x_never, y_never: of a quantile, the share of its values that never
    came; where it falls among those it has no level. A level that is NaN or infinite is dominated by none and dominates none.
    """
    import pandas as pd

    distinct = [name for name in names if name not in same]
    alpha = _alpha(distinct, confidence)
    events_x, events_y = (_events(distinct, measured, sizes) for measured in (of_x, of_y))
    rows = {}
    for name in distinct:
        e, f = (_estimate(of[name], confidence, events[frozenset([name])]) for of, events in ((x, events_x), (y, events_y)))
        others = [other for other in distinct if other != name]
        gains = {other: (_mean_gain(x, other, name, of_x), _mean_gain(y, other, name, of_y)) for other in others}
        better = [other for other, both in gains.items() if _dominates(both) and name not in fewer[other]]
        clearly = []
        for other in better:
            pair = frozenset([name, other])
            gain_x, gain_y = _gain(x, other, name, of_x, events_x[pair]), _gain(y, other, name, of_y, events_y[pair])
            if _clearly((gain_x, gain_y), alpha):
                clearly.append(other)
        ends_x, ends_y = within_bounds(e.low, e.high, of_x.unit), within_bounds(f.low, f.high, of_y.unit)
        levels = (of_x.name, e.mean, *ends_x, _never(x[name]), of_y.name, f.mean, *ends_y, _never(y[name]))
        is_known = bool(np.isfinite([e.mean, f.mean]).all())
        rows[name] = (*levels, is_known and not better, " ".join(better), " ".join(clearly), " ".join(fewer[name]))
    in_order = [(name, *rows[same.get(name, name)], same.get(name, "")) for name in names]
    return pd.DataFrame(in_order, columns=list(COLUMNS))


def _events(names: Sequence[str], measured: Measure, sizes: EventSizes) -> dict[frozenset[str], float]:
    """The size of an event of each scenario and of each two."""
    groups = [*([name] for name in names), *(list(pair) for pair in combinations(names, 2))]
    return {frozenset(group): size for group, size in zip(groups, sizes(measured, groups).tolist(), strict=True)}


def _estimate(sample: Sample, confidence: float, event: float) -> Estimate:
    if isinstance(sample, PooledQuantile):
        return sample.estimate(confidence)
    return estimate_means(np.asarray(sample)[None], confidence, np.array([event]))[0]


def _never(sample: Sample) -> float:
    return sample.never if isinstance(sample, PooledQuantile) else np.nan


def _gain(samples: Mapping[str, Sample], other: str, name: str, measured: Measure, event: float) -> Difference:
    """By how much `other` is better than `name`."""
    before, after = _in_order(samples, other, name, measured)
    if isinstance(before, PooledQuantile) and isinstance(after, PooledQuantile):
        return quantile_difference(before, after)
    return paired_difference(np.asarray(before), np.asarray(after), event)


def _mean_gain(samples: Mapping[str, Sample], other: str, name: str, measured: Measure) -> float:
    """The same, without its interval.

    Over the replications in which both have a value; NaN where there is none, or an infinite one.
    """
    before, after = _in_order(samples, other, name, measured)
    if isinstance(before, PooledQuantile) and isinstance(after, PooledQuantile):
        return after.value - before.value
    with np.errstate(invalid="ignore"):
        gain = np.asarray(after) - np.asarray(before)
    known = gain[~np.isnan(gain)]
    return float(known.mean()) if len(known) and np.isfinite(known).all() else np.nan


def _in_order(samples: Mapping[str, Sample], other: str, name: str, measured: Measure) -> tuple[Sample, Sample]:
    """The two, of which the second less the first is by how much `other` is better."""
    first, second = (name, other) if measured.better == "higher" else (other, name)
    return samples[first], samples[second]


def _dominates(gains: Sequence[float]) -> bool:
    return all(np.isfinite(gains)) and min(gains) >= 0 and max(gains) > 0


def _clearly(gains: Sequence[Difference], alpha: float) -> bool:
    """Whether one gain is above 0 beyond its interval, and none is below 0 beyond its own."""
    ends = ends_of(gains, np.full(len(gains), alpha))
    return any(low > 0 for low, _ in ends) and not any(high < 0 for _, high in ends)
