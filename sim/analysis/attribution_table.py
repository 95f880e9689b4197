"""The tables of an attribution: what each lever of a package does alone, left out, and as a share of the whole."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.contrasts import Contrasts, Effect, widened
from sim.analysis.package import EXACT, Game
from sim.ground.errors import InputError, Problem
from sim.ground.text import LANGUAGES, Language, Text
from sim.metrics.measure_ref import Measure
from sim.statistics.intervals import critical_value
from sim.statistics.shapley import Contrast, Term, errors_of_sampling, interaction
from sim.study.comparison import NOT_GUARDED
from sim.study.csv_files import read_csv
from sim.study.verdict import IS_BETTER, Verdict

if TYPE_CHECKING:
    import pandas as pd

OTHER_VERSION = Text("this listing was made by another version", "此列表由另一版本製作", "此列表由另一版本制作")
_AGAIN = Text(
    "run the same `sim attribute` again: nothing is simulated anew",
    "再執行同一 sim attribute 命令，無須重新模擬",
    "再运行同一 sim attribute 命令，无须重新仿真",
)

LISTING, INTERACTIONS = "attribution.csv", "interactions.csv"
WHOLE, LEVER, DEAD = "whole", "lever", "dead"
LABELS: Mapping[Language, str] = {"en": "label", "zh-Hant": "label_zh_hant", "zh-Hans": "label_zh_hans"}
COLUMNS = (
    "scenario", "base", "metric", "part", "unit", "row", "lever", *LABELS.values(), "paths", "n", "at_base", "alone", "alone_low",
    "alone_high", "left_out", "left_out_low", "left_out_high", "share", "share_low", "share_high", "order_error", "of_whole",
    "orders", "verdict", "refused",
)  # fmt: skip
INTERACTION_COLUMNS = (
    "scenario", "base", "metric", "part", "unit", "first", "second", "n", "interaction", "ci_low", "ci_high", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Attributed:
    """A package taken apart, and what its combinations come to in the measures that were asked about.

    flights: the measure of how many of the flights ordered get through.
    """

    game: Game
    contrasts: Contrasts
    measured: tuple[Measure, ...]
    flights: Measure

    @property
    def names(self) -> dict[str, str]:
        """The scenario and its base, by the names of the columns."""
        return {"scenario": self.game.package.scenario.name, "base": self.game.package.base.name}

    @property
    def whole(self) -> Contrast:
        """All levers together."""
        return (Term(1.0, 0, self.game.whole),)


def attribution_table(packages: Sequence[Attributed]) -> "pd.DataFrame":
    """For each package and measure a row a lever (or group of levers), one for all of them together, and one a dead lever.

    row: "lever", "whole" or "dead" · at_base: the level without any of them · alone: the difference where it is put in by itself
    · left_out: the whole difference less that without it · share: its mean gain over the orders in which the levers may be put
    in, which add up to the whole; with steps, in the order of the steps · each with the ends of its interval, which is not
    adjusted for the number of levers; NaN: the checks refuse such a combination, with the reason in `refused`, or the measure has
    no value · order_error: half the width that the sample of orders adds, which share_low and share_high hold,
    NaN where all were taken · of_whole: share by the whole difference, NaN where that is not clear ·
    orders: how many were taken into account · verdict: on the share, or
    the whole difference, against the smallest difference that matters; "fewer_flights" where better and clearly fewer of the
    flights ordered get through. The flights that get through are listed in any case.
    """
    import pandas as pd

    rows = []
    for package in packages:
        fewer = _lets_fewer_through(package)
        measured = dict.fromkeys(measure.ref for measure in package.measured)
        also = () if package.flights.ref in measured else (package.flights,)
        for measure in (*package.measured, *also):
            rows += list(_rows(package, measure, fewer))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _lets_fewer_through(package: Attributed) -> list[bool]:
    """Of each group, and of all of them together, whether clearly fewer of the flights ordered get through with it."""
    shares = package.contrasts.effects(package.flights, [*package.game.orders.shares, package.whole])
    return [share.verdict == Verdict.WORSE for share in shares]


def _rows(package: Attributed, measured: Measure, fewer: Sequence[bool]) -> Iterator[dict[str, Any]]:
    game, contrasts = package.game, package.contrasts
    n = len(game.groups)
    (whole,) = contrasts.effects(measured, [package.whole])
    alone = contrasts.effects(measured, [(Term(1.0, 0, 1 << g),) for g in range(n)])
    left = contrasts.effects(measured, [(Term(1.0, game.whole ^ 1 << g, game.whole),) for g in range(n)])
    shares = contrasts.effects(measured, game.orders.shares)
    errors = _order_errors(package, measured)
    levels = contrasts.levels(measured)
    head: dict[str, Any] = {**package.names, **measured.ref._asdict(), "unit": measured.unit, "at_base": levels[0]}
    head |= {"orders": game.orders.number, "refused": ""}
    for g, group in enumerate(game.groups):
        share = widened(shares[g], errors[g], measured)
        yield {
            **head, "row": LEVER, **_labels(group.name, group.label, group.paths), "n": share.n,
            **_ends("alone", alone[g]), **_ends("left_out", left[g]), **_ends("share", share),
            "order_error": errors[g] if game.orders.sampled else math.nan,
            "of_whole": share.mean / whole.mean if whole.is_clear else math.nan,
            "verdict": _guarded(share, measured, fewer[g]), "refused": _refused(game, g),
        }  # fmt: skip
    yield {
        **head, "row": WHOLE, **_labels("", Text.same(""), game.package.paths), "n": whole.n, **_ends("share", whole),
        "of_whole": 1.0 if whole.is_clear else math.nan, "verdict": _guarded(whole, measured, fewer[-1]),
    }  # fmt: skip
    for path in game.dead:
        yield {**head, "row": DEAD, **_labels(path, game.package.labels[path], (path,)), "verdict": ""}


def _labels(name: str, label: Text, paths: Sequence[str]) -> dict[str, str]:
    words = {column: label.in_language(language) for language, column in LABELS.items()}
    return {"lever": name, **words, "paths": " ".join(paths)}


def _ends(name: str, effect: Effect) -> dict[str, float]:
    return {name: effect.mean, f"{name}_low": effect.low, f"{name}_high": effect.high}


def _order_errors(package: Attributed, measured: Measure) -> list[float]:
    """Half the width that the sample of orders adds to each share; 0 where all orders were taken."""
    orders, contrasts = package.game.orders, package.contrasts
    if not orders.sampled:
        return [0.0] * len(package.game.groups)
    factor = float(critical_value(len(orders.sampled), 1 - contrasts.run.confidence))
    return [float(error) * factor for error in errors_of_sampling(orders, contrasts.levels(measured))]


def _guarded(effect: Effect, measured: Measure, has_fewer: bool) -> str:
    is_empty = has_fewer and effect.verdict in IS_BETTER and measured.metric.topic not in NOT_GUARDED
    return str(Verdict.FEWER_FLIGHTS) if is_empty else effect.verdict


def _refused(game: Game, group: int) -> str:
    """Why a group can't be put in alone, or left out: what the checks say; empty where it can be both."""
    reasons = {}
    for name, coalition in (("alone", 1 << group), ("left out", game.whole ^ 1 << group)):
        made = game.package.made(game.paths(coalition))
        if isinstance(made, InputError):
            reasons[name] = "; ".join(f"{problem.path}: {problem.message}" for problem in made.problems)
    return " · ".join(f"{name}: {reason}" for name, reason in reasons.items())


def interaction_table(packages: Sequence[Attributed]) -> "pd.DataFrame":
    """One row a package, measure and pair of levers: what both do together beyond what each does alone, with its interval.

    Only pairs whose combinations the checks allow, of packages of at most EXACT groups · first, second: the levers, as in the
    column `lever` of the attribution · n, interaction, ci_low, ci_high, verdict: as a difference.
    """
    import pandas as pd

    rows = []
    for package in packages:
        groups = package.game.groups
        pairs = list(combinations(range(len(groups)), 2)) if len(groups) <= EXACT else []
        for measure in package.measured:
            effects = package.contrasts.effects(measure, [interaction(*pair) for pair in pairs])
            for (g, h), effect in zip(pairs, effects, strict=True):
                if not math.isnan(effect.mean):
                    names = *package.names.values(), *measure.ref, measure.unit, groups[g].name, groups[h].name
                    rows.append((*names, effect.n, effect.mean, effect.low, effect.high, effect.verdict))
    return pd.DataFrame(rows, columns=list(INTERACTION_COLUMNS))


def read_attribution(folder: Path) -> "pd.DataFrame":
    """The listing as `attribution_table` made it. Raises InputError for one with other columns, of another version."""

    words = ("scenario", "base", "metric", "part", "unit", "row", "lever", *LABELS.values(), "paths", "verdict", "refused")
    table = read_csv(folder / LISTING, keep_default_na=False, na_values={c: [""] for c in COLUMNS if c not in words})
    if tuple(table.columns) != COLUMNS:
        raise InputError(Problem(OTHER_VERSION, file=str(folder / LISTING), allowed=_AGAIN))
    return table


def read_interactions(folder: Path) -> "pd.DataFrame":
    """The listing as `interaction_table` made it."""

    numbers = {name: [""] for name in ("interaction", "ci_low", "ci_high")}
    return read_csv(folder / INTERACTIONS, keep_default_na=False, na_values=numbers)


assert set(LABELS) == {*LANGUAGES}
