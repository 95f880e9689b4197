"""Parameters that an analysis leaves out, since nothing moves with them: found by their plans, before a replication is spent."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from sim.analysis.design_points import ForbiddenPoint, plan_of
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Text
from sim.replication.levers import REPLICATIONS, Unchanged, dead_parameters
from sim.scenario.conditions import why_dead
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario

MOST_LOOKED_AT = 64  # points among which TRIED possible ones are sought
TRIED = 8  # points of a design at which it is tried whether a parameter moves anything

_LEFT_OUT = Text(
    "Left out, since nothing moves with them here: {paths}: {reason}.",
    "以下參數在此不影響任何結果，故不納入分析：{paths}：{reason}。",
    "以下参数在此不影响任何结果，故不纳入分析：{paths}：{reason}。",
)
_ALIKE = Text(
    "at every value tried, every flight is planned alike",
    "試算的各個數值下，各航班的計劃完全相同",
    "试算的各个数值下，各航班的计划完全相同",
)


def dead_at_ends(
    scenarios: Sequence[Scenario], ends: Mapping[str, Sequence[Any]], seed: int, replications: int
) -> tuple[str, ...]:
    """The parameters that move nothing in any of the scenarios at their ends (values by path), all others as they are.

    Tried in all replications, so that no measure can be another there.
    """
    dead = tuple(ends)
    for scenario in scenarios:
        unchanged = Unchanged(scenario, seed, range(replications))
        dead = dead_parameters(scenario, {path: ends[path] for path in dead}, unchanged)
    return dead


def dead_in_design(scenarios: Sequence[Scenario], settings: Sequence[Mapping[str, Any]], seed: int) -> tuple[str, ...]:
    """The parameters that move nothing anywhere in a design, whatever the others: as far as TRIED of its points tell.

    settings: the values of each point by path. At each of them, all the parameters that have not moved anything yet take the
    values of the next point; where that changes a plan, halves are tried until it is known which do. Points that some scenario
    can't have are passed over.
    """
    evenly = settings[:: max(1, len(settings) // TRIED)][:TRIED]
    others = (setting for setting in settings[:MOST_LOOKED_AT] if setting not in evenly)
    possible = (s for s in chain(evenly, others) if all(_is_possible(scenario, s) for scenario in scenarios))
    tried = list(islice(possible, TRIED))
    if len(tried) < 2:
        return ()
    dead = list(dict.fromkeys(path for setting in tried for path in setting))
    for here, there in zip(tried, (*tried[1:], *tried[:1]), strict=True):
        for scenario in scenarios:
            point = apply(scenario, here)
            moving = _moving(point, {path: there[path] for path in dead if path in there}, Unchanged(point, seed, REPLICATIONS))
            dead = [path for path in dead if path not in moving]
    return tuple(dead)


def _is_possible(scenario: Scenario, setting: Mapping[str, Any]) -> bool:
    return bool(plan_of(scenario, [setting]).possible)


def _moving(point: Scenario, values: Mapping[str, Any], unchanged: Unchanged) -> set[str]:
    """Those of the values that change a plan, or that the point can't have."""
    if not values:
        return set()
    try:
        if unchanged.is_same(apply(point, values)):
            return set()
    except InputError:
        pass
    if len(values) == 1:
        return set(values)
    pairs, middle = list(values.items()), len(values) // 2
    return _moving(point, dict(pairs[:middle]), unchanged) | _moving(point, dict(pairs[middle:]), unchanged)


def without_effect(dead: Iterable[str], forbidden: Sequence[ForbiddenPoint]) -> tuple[str, ...]:
    """Those of the dead parameters that don't decide either which points of a design are possible."""
    deciding = {path for point in forbidden for problem in point.problems for path in point.involved(problem)}
    return tuple(path for path in dead if path not in deciding)


def left_out(scenarios: Sequence[Scenario], dead: Iterable[str]) -> list[Text]:
    """What to tell of parameters that are left out, by the reason that their declarations give."""
    reasons: dict[Text, list[str]] = {}
    for path in dead:
        declared = [why_dead(scenario, path) for scenario in scenarios]
        reason = declared[0] if all(declared) else None
        reasons.setdefault(reason or _ALIKE, []).append(path)
    return [_LEFT_OUT.fill(paths=_listed(paths), reason=reason) for reason, paths in reasons.items()]


def _listed(paths: Sequence[str]) -> Text:
    return Text(*((", " if language == "en" else "、").join(paths) for language in LANGUAGES))
