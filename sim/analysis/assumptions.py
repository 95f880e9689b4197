"""The ledger of assumptions: every parameter, what it rests on, and how far the answer moves over its plausible range."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from sim.analysis.dead import dead_at_ends, left_out
from sim.analysis.design_points import Plan, plan_of
from sim.analysis.design_run import DesignRun, Finish, check_same_world, run_design_points
from sim.analysis.forbidden import ENDS, forbidden_sentences
from sim.analysis.ranges import Range, ranges
from sim.archive.layout import table_file
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground.arguments import texts
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.metrics.measure_ref import Measure, headline_of, measures_of, read_measure
from sim.scenario.load import Changes, Scenarios, load_scenarios
from sim.scenario.parameters import Parameter, catalogue, value_in_words
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, ends_of
from sim.statistics.intervals import mean_of_present
from sim.statistics.paired import paired_difference
from sim.statistics.pooled_quantiles import PooledQuantile, quantile_contrast, quantile_difference
from sim.study.csv_files import words_of, write_csv

if TYPE_CHECKING:
    import pandas as pd

_ONE_OR_TWO = Text("one scenario or two are needed", "須有一個或兩個情景", "须有一个或两个情景")


KIND = "assumption study"
LISTING = "assumptions.csv"
COLUMNS = (
    "rank", "path", "label", "branch", "value", "status", "source", "low", "own", "high", "at_low", "at_own", "at_high", "moves",
    "ci_low", "ci_high", "moves_any", "not_reached",
)  # fmt: skip
MOVES, STILL, NOT_TRIED = "yes", "no", ""
PLACES = ("low", "own", "high")


Answer = Floats | tuple[PooledQuantile, ...]
"""The answer at one setting: of each replication, shape (replications,), or the quantile of one scenario, or of two."""


@dataclass(frozen=True)
class Trial:
    """One parameter at the ends of its range: the answer at low, at its own value, at high.

    moves_any: whether any measure at all is another at an end than it is at the own value.
    """

    range: Range
    low: Answer
    own: Answer
    high: Answer
    moves_any: bool

    @property
    def levels(self) -> tuple[float, float, float]:
        """The answer at low, at the own value and at high: means over the replications that have one, NaN where none has.

        Of a quantile that of all replications together, NaN where it falls among the flights never released.
        """
        return _level(self.low), _level(self.own), _level(self.high)

    @property
    def not_reached(self) -> tuple[str, ...]:
        """Which of PLACES have no answer because a quantile falls among the flights never released."""
        answers = zip(PLACES, (self.low, self.own, self.high), strict=True)
        return tuple(place for place, answer in answers if _is_not_reached(answer))

    def moves(self, confidence: float) -> tuple[float, float, float]:
        """The largest of the paired differences own - low, high - own, high - low, with its interval; NaN where there is none.

        The interval is widened (Bonferroni) for the three that it is chosen from; an end that there is not is NaN. Where the
        answer is not reached at any of the three, no number says how far it moves.
        """
        if self.not_reached:
            return math.nan, math.nan, math.nan
        pairs = ((self.low, self.own), (self.own, self.high), (self.low, self.high))
        largest = max((_difference(*pair) for pair in pairs), key=lambda pair: abs(pair.mean) if pair.mean == pair.mean else -1.0)
        low, high = ends_of([largest], np.array([(1 - confidence) / len(pairs)]))[0]
        return largest.mean, low if math.isfinite(low) else math.nan, high if math.isfinite(high) else math.nan


def _level(answer: Answer) -> float:
    if isinstance(answer, tuple):
        return answer[0].value if len(answer) == 1 else answer[1].value - answer[0].value
    return math.nan if _is_not_reached(answer) else mean_of_present(answer)


def _is_not_reached(answer: Answer) -> bool:
    if isinstance(answer, tuple):
        return any(quantile.is_not_reached for quantile in answer)
    return bool(np.isinf(answer).any())  # of a folder that kept no distributions, the quantile of one replication


def _difference(before: Answer, after: Answer) -> Difference:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return paired_difference(np.asarray(before), np.asarray(after))
    if len(before) == 1:
        return quantile_difference(*before, *after)
    return quantile_contrast([after[1], before[0]], [after[0], before[1]])


@takes_run_keywords
def assumptions(
    scenarios: Scenarios,
    *,
    measure: str = "",
    leave: str | Sequence[str] = (),
    set: Changes = (),  # noqa: A002
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> DesignRun:
    """Each world parameter with a plausible range at its low and its high end, all others as the scenario has them.

    scenarios: one, whose answer is the level of the measure, or two that stand in one world, whose answer is the second
    minus the first · leave: parameters, or groups of them, that are not tried · set, and the other keywords: see
    `sim.run`. A parameter with an end that a check between parameters forbids is not tried, and listed
    (`DesignRun.left_out`); no replication is spent on a parameter whose ends leave every plan as it is.
    Writes `assumption_table`. Raises InputError for what can't be done as asked.
    """
    options, left = read_options(keywords), texts("leave", leave)
    loaded = load_scenarios(scenarios, set)
    if len(loaded) > 2:
        raise InputError(Problem(_ONE_OR_TWO, path="scenarios", found=Text.same(str(len(loaded))), allowed=Text.same("1, 2")))
    check_same_world(loaded)
    measured = read_measure(measure or headline_of(loaded), known=measures_of(loaded))
    varied = ranges(loaded[0], "world", left)
    settled = loaded[0].study.seed if options.seed is None else options.seed
    n = options.replications or loaded[0].study.replications
    refused = {path for scenario in loaded for point in ends(scenario, varied).forbidden for path in point.set}
    tried = tuple(span for span in varied if span.path not in refused)
    dead = dead_at_ends(loaded, {span.path: [span.written(end) for end in (span.low, span.high)] for span in tried}, settled, n)
    plans = [ends(scenario, [span for span in varied if span.path not in dead]) for scenario in loaded]
    points = [point for plan in plans for point in plan.possible if refused.isdisjoint(point.set)]
    forbidden = [point for plan in plans for point in plan.forbidden]
    notes = [*forbidden_sentences(plans, ENDS), *left_out(loaded, dead)]
    question = {"measure": measured.name, "leave": list(left)}

    def write(run: DesignRun, folder: Path) -> None:
        table = assumption_table(run, loaded, measured, tried, dead)
        write_csv(table, folder / LISTING, words_of(run))
        if finish:
            finish(run, folder)

    return run_design_points(
        KIND, loaded, points, question, write, options, notes=notes, forbidden=forbidden, is_answered=finish is not None
    )


def ends(scenario: Scenario, varied: Sequence[Range]) -> Plan:
    """The scenario as it is, then with each parameter at the low and at the high end of its range."""
    both = [{span.path: span.written(end)} for span in varied for end in (span.low, span.high)]
    return plan_of(scenario, [{}, *both])


def trials(run: DesignRun, measured: Measure, varied: Sequence[Range], dead: Collection[str] = ()) -> tuple[Trial, ...]:
    """What became of the answer at the ends of each range; of two scenarios, of the second minus the first.

    dead: the paths of those whose ends were not simulated, since every plan is the same there.
    """
    simulated = [span.path for span in varied if span.path not in dead]
    size = 1 + 2 * len(simulated)
    quantiles = run.quantiles(measured.name)
    answer: Sequence[Answer]
    if quantiles:
        answer = list(zip(*(quantiles[first : first + size] for first in range(0, len(quantiles), size)), strict=True))
    else:
        answer = list(_answer(run.values(measured.name).reshape(-1, size, run.manifest.replications)))
    moved = _moves_any(run, size)
    places = {path: (1 + 2 * i, 2 + 2 * i) for i, path in enumerate(simulated)}

    def trial(span: Range) -> Trial:
        low, high = places.get(span.path, (0, 0))
        return Trial(span, answer[low], answer[0], answer[high], bool(moved[low] or moved[high]))

    return tuple(map(trial, varied))


def _answer(levels: Floats) -> Floats:
    """Shape (1 + ends, replications), from levels by scenario, end and replication."""
    with np.errstate(invalid="ignore"):
        return np.asarray(levels[0] if len(levels) == 1 else levels[1] - levels[0], dtype=np.float64)


def _moves_any(run: DesignRun, size: int) -> NDArray[np.bool_]:
    """Shape (1 + ends,): whether any measure of any scenario is another there than with all parameters as they are."""
    import pyarrow.parquet as pq

    table = pq.read_table(run.files / table_file("replications"), read_dictionary=["scenario", "metric", "part"]).to_pandas()
    name = table["scenario"].cat.codes.map(dict(enumerate(table["scenario"].cat.categories.map(_number_of(run)))))
    table = table.assign(point=name.to_numpy())
    key = ["replication", "metric", "part"]
    moved = np.zeros(size, dtype=np.bool_)
    for first in range(0, len(run.names), size):
        here = table[(table["point"] >= first) & (table["point"] < first + size)]
        wide = here.set_index([*key, "point"])["value"].unstack("point").to_numpy()
        same = (wide == wide[:, :1]) | (np.isnan(wide) & np.isnan(wide[:, :1]))
        moved |= ~same.all(axis=0)
    return moved


def _number_of(run: DesignRun) -> dict[str, int]:
    return {name: number for number, name in enumerate(run.names)}


def assumption_table(
    run: DesignRun, scenarios: Sequence[Scenario], measured: Measure, varied: Sequence[Range], dead: Collection[str] = ()
) -> "pd.DataFrame":
    """One row a parameter of policy and world, those first that move the answer most.

    value: in words; low, own, high: the ends of its range, and where it stands, of a law the mean · at_low, at_own, at_high: the
    answer there, mean over replications (NaN: not tried, or it has no value) · moves: the largest difference between two of these
    three, ci_low and ci_high: its interval (see `Trial.moves`) · rank: by the size of `moves`, 0 for those not tried, that move
    nothing, or without a number · moves_any: "yes", "no": no measure moves at either end, or "" for those not tried ·
    not_reached: which of "low own high" have no answer because the quantile falls among the flights never released there.
    """
    import pandas as pd

    by_path = {trial.range.path: trial for trial in trials(run, measured, varied, dead)}
    of_first = scenarios[0]
    rows = [
        _row(parameter, value_in_words(of_first, path), by_path.get(path), run.confidence)
        for path, parameter in catalogue(of_first.assembly).items()
        if parameter.branch != "study"
    ]
    rows.sort(key=lambda row: -abs(row["moves"]) if not math.isnan(row["moves"]) else 1.0)
    for rank, row in enumerate([row for row in rows if abs(row["moves"]) > 0], start=1):  # not NaN
        row["rank"] = rank
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(parameter: Parameter, value: str, trial: Trial | None, confidence: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rank": 0, "path": parameter.path, "label": parameter.full_label.en, "branch": parameter.branch, "value": value,
        "status": parameter.status.value, "source": parameter.source, "moves_any": NOT_TRIED,
        "not_reached": "",
    }  # fmt: skip
    row |= {"low": "", "own": "", "high": ""} | dict.fromkeys(
        ("at_low", "at_own", "at_high", "moves", "ci_low", "ci_high"), np.nan
    )
    if trial is None:
        return row
    at = trial.range
    answers = dict(zip(("at_low", "at_own", "at_high"), trial.levels, strict=True))
    moves = dict(zip(("moves", "ci_low", "ci_high"), trial.moves(confidence), strict=True))
    words = {"low": at.in_words(at.low), "own": at.in_words(at.own), "high": at.in_words(at.high)}
    return (
        row
        | words
        | answers
        | moves
        | {
            "moves_any": MOVES if trial.moves_any else STILL,
            "not_reached": " ".join(trial.not_reached),
        }
    )
