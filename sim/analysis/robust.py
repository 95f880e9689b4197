"""Robustness: two policies in many plausible worlds, on the same random numbers in each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import NDArray

from sim.analysis.design_points import DesignPoint, points_of, unit_points
from sim.analysis.design_run import DesignRun, check_same_world, run_design_points
from sim.analysis.ranges import Range, ranges
from sim.analysis.scenario_discovery import Rule, loss_rule
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.metrics.measure_ref import Measure, directed, headline_of, measures_of, read_measure
from sim.scenario.load import Changes, Scenarios, load_scenarios
from sim.scenario.scenario import Scenario
from sim.statistics.rare_events import interval_of_share

if TYPE_CHECKING:
    import pandas as pd

Shares = dict[str, tuple[float, float, float]]  # share of the worlds and the ends of its interval

KIND = "robustness study"
LISTING = "worlds.csv"
WORLDS, REPLICATIONS = 500, 3
BAND = 0.01  # of the median level under A, unless a band is given
WIN, TIE, LOSS, UNKNOWN = "B better", "tie", "A better", "not measured"


@dataclass(frozen=True)
class Robustness:
    """What the worlds say of policy B against policy A.

    design_run: all points, the worlds under A and then under B · measured: by what they are compared · ranges: what was sampled,
    one column each of `worlds` · u: shape (worlds, ranges), where in its range each parameter stood · difference: shape
    (worlds,), B minus A, mean over replications; inf where one releases too few, NaN where neither is known · band: half width
    of the tie · verdict: shape (worlds,), one of WIN, TIE, LOSS, UNKNOWN · shares: of WIN, TIE and LOSS among the worlds that
    were measured, with Wilson's interval · rule: where B loses, None where there is too little to tell.
    """

    design_run: DesignRun
    measured: Measure
    ranges: tuple[Range, ...]
    u: Floats
    difference: Floats
    band: float
    verdict: NDArray[np.str_]
    shares: Shares
    rule: Rule | None

    @property
    def n(self) -> int:
        """How many worlds were measured under both policies."""
        return int(np.count_nonzero(self.verdict != UNKNOWN))

    def table(self) -> "pd.DataFrame":
        """One row a world: world, difference, verdict, and the value of each parameter in SI units (of a law, its mean)."""
        import pandas as pd

        columns = {"world": np.arange(1, len(self.u) + 1), "difference": self.difference, "verdict": self.verdict}
        values = {
            varied.path: [varied.at(u) for u in column] for varied, column in zip(self.ranges, self.u.T.tolist(), strict=True)
        }
        return pd.DataFrame(columns | values)


@takes_run_keywords
def robust(
    scenarios: Scenarios,
    *,
    measure: str = "",
    band: str = "",
    worlds: int = WORLDS,
    leave: str | Sequence[str] = (),
    set: Changes = (),  # noqa: A002
    finish: "Callable[[Robustness, Path], None] | None" = None,
    **keywords: Unpack[RunKeywords],
) -> Robustness:
    """The policies of two scenarios in `worlds` worlds, drawn as a Latin hypercube over the plausible ranges of world parameters.

    measure: one with a direction · band: differences no larger than this are a tie, in the unit of the measure; unless given,
    BAND of the median level under the first · leave: parameters, or groups of them, that keep the scenario's value ·
    replications: REPLICATIONS in each world unless given · set, and the other keywords: see `sim.run`.

    Raises InputError where the two scenarios stand in different worlds, or what is asked can't be.
    """
    options, left = read_options(keywords), texts("leave", leave)
    arguments.check(arguments.text("band", band), arguments.whole_number("worlds", worlds, 2, optional=False))
    loaded = load_scenarios(scenarios, set)
    if len(loaded) != 2:
        raise InputError(Problem("two scenarios are needed", path="scenarios", found=str(len(loaded)), allowed="2"))
    check_same_world(loaded)
    measured = directed(read_measure(measure or headline_of(loaded), known=measures_of(loaded)))
    half_s = measured.quantity(band, "band") if band else None
    if half_s is not None and not 0 <= half_s < np.inf:
        raise InputError(Problem("not possible", path="band", found=band, allowed="0 or more"))
    varied = ranges(loaded[0], "world", left)
    seed = loaded[0].study.seed if options.seed is None else options.seed
    u = unit_points("lhs", worlds, len(varied), seed)
    question = {"measure": measured.name, "band": band, "leave": list(left)}

    def judged(run: DesignRun) -> Robustness:
        return judge(run, measured, varied, u, half_s)

    def write(run: DesignRun, folder: Path) -> None:
        result = judged(run)
        (folder / LISTING).write_text(result.table().to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        if finish:
            finish(result, folder)

    return judged(
        run_design_points(KIND, loaded, worlds_of(loaded, varied, u), question, write, options.with_replications(REPLICATIONS))
    )


def worlds_of(policies: Sequence[Scenario], varied: Sequence[Range], u: Floats) -> list[DesignPoint]:
    """Every policy in every world: all worlds of the first, then all of the second."""
    settings = [{span.path: span.written(span.at(at)) for span, at in zip(varied, row, strict=True)} for row in u.tolist()]
    return [point for policy in policies for point in points_of(policy, settings)]


def judge(run: DesignRun, measured: Measure, varied: tuple[Range, ...], u: Floats, band: float | None) -> Robustness:
    """The verdict of every world, their shares, and the rule where B loses."""
    level = _levels(run.values(measured.name))
    with np.errstate(invalid="ignore"):
        difference = level[1] - level[0]  # NaN where both are infinite: which of them is the better can't be told
    finite = level[0][np.isfinite(level[0])]
    half = band if band is not None else BAND * float(np.median(np.abs(finite))) if len(finite) else 0.0
    gain = -difference if measured.better == "lower" else difference
    verdict = np.select([np.isnan(gain), gain > half, gain < -half], [UNKNOWN, WIN, LOSS], TIE)
    shares = {name: share_of(verdict, name, run.confidence) for name in (WIN, TIE, LOSS)}
    known = verdict != UNKNOWN
    rule = loss_rule(verdict[known] == LOSS, u[known], varied)
    return Robustness(run, measured, varied, u, difference, half, verdict, shares, rule)


def _levels(values: Floats) -> Floats:
    """Shape (2, worlds): means of both policies over the replications in which both have a value, NaN where there is none."""
    both = values.reshape(2, len(values) // 2, -1)
    known = ~np.isnan(both).any(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, both, 0.0).sum(axis=2) / known.sum(axis=1))


def share_of(verdict: NDArray[np.str_], name: str, confidence: float) -> tuple[float, float, float]:
    """The share of a verdict among the worlds that were measured, and Wilson's interval of it; NaN where none was.

    The interval treats the worlds as drawn independently; those of a Latin hypercube are spread more evenly, so that it is
    rather too wide.
    """
    n = int(np.count_nonzero(verdict != UNKNOWN))
    if not n:
        return float("nan"), float("nan"), float("nan")
    count = int(np.count_nonzero(verdict == name))
    return count / n, *interval_of_share(count, n, confidence)
