"""Whether the measured days are alike: the first third of them against the last, over the replications of a study."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.execution.replicate import ReplicationResult
from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.metrics.thirds import FlightCounts, days_of_third
from sim.scenario.scenario import Scenario
from sim.statistics import intervals
from sim.statistics.multiple_comparisons import holm
from sim.study.design import Design
from sim.study.outside_window import stated_spells
from sim.study.shown_names import names_as_texts

ALPHA = 0.01  # of all comparisons of a study together: in at most so many studies without drift one is called a drift
FEWEST = 3  # replications in which the two thirds differ: fewer are no evidence
SHARES: Mapping[str, Text] = {
    "on_time": Text("on time", "準點率", "准点率"),
    "released": Text("released", "放行率", "放行率"),
}
_DRIFT = Text(
    "Scenario {name}: the measured days are not alike: {shares}. By chance that is seen in at most 1% of studies. {advice}",
    "情景{name}：各統計日並不一致：{shares}。純屬偶然的研究不超過 1%。{advice}",
    "情景{name}：各统计日并不一致：{shares}。纯属偶然的研究不超过 1%。{advice}",
)
_SHARE = Text(
    "{label} {first} in the first {days} d, {last} in the last {days} d ({size} pp)",
    "{label}於首 {days} 日為 {first}，末 {days} 日為 {last}（{size} 個百分點）",
    "{label}在前 {days} 日为 {first}，后 {days} 日为 {last}（{size} 个百分点）",
)
_WARM_UP = Text(
    "A longer study.warm_up would help (`sim warm-up` proposes one). If they still differ then, the scenario does not settle, "
    "and its numbers are those of these days only.",
    "宜延長預熱時段 study.warm_up（`sim warm-up` 可建議長度）；若延長後仍有差異，即系統未趨穩定，數字只適用於這些日子。",
    "宜延长预热时段 study.warm_up（`sim warm-up` 可建议长度）；若延长后仍有差异，即系统未趋于稳定，数字只适用于这些日子。",
)
_COOL_DOWN = Text(
    "Flights of the last days had not ended by the horizon: a longer study.cool_down would help.",
    "末段日子的航班在觀察期末仍未結束：宜延長收尾時段 study.cool_down。",
    "末段日子的航班在观察期末仍未结束：宜延长收尾时段 study.cool_down。",
)
_POINTS = Text(
    "In {k} of the {n} points that were simulated the measured days are not alike.",
    "所模擬的 {n} 點中，有 {k} 點的統計日並不一致。",
    "所仿真的 {n} 点中，有 {k} 点的统计日并不一致。",
)


def cautions_of_drift(design: Design, results: Sequence[ReplicationResult]) -> Iterator[Text]:
    """A sentence for each scenario whose measured days are not alike.

    Compared are the shares of planned flights released, and released on time, in the first and the last third of the measured
    days, replication by replication; all comparisons of the study are one family (Holm).
    """
    thirds = {scenario.name: _thirds(scenario.name, results) for scenario in design.scenarios if _should_settle(scenario)}
    apart = {
        (name, share): _shares(last, share) - _shares(first, share) for name, (first, last) in thirds.items() for share in SHARES
    }
    is_drift = dict(zip(apart, holm(_p_values(list(apart.values()))).p_values < ALPHA, strict=True))
    days, names = days_of_third(design.scenarios[0].study.days), names_as_texts(design.scenarios)
    for name, (first, last) in thirds.items():
        drifting = [share for share in SHARES if is_drift[name, share]]
        if drifting:
            yield _sentence(names[name], drifting, first, last, days)


def cautions_of_points(design: Design, results: Sequence[ReplicationResult]) -> list[Text]:
    """The same of an analysis: the sentence for the first point whose days are not alike, and how many there are."""
    sentences = list(cautions_of_drift(design, results))
    if len(sentences) < 2:
        return sentences
    numbers = {"k": f"{len(sentences)}", "n": f"{len(design.scenarios)}"}
    return [sentences[0], _POINTS.fill(**{key: Text(number, number, number) for key, number in numbers.items()})]


def _should_settle(scenario: Scenario) -> bool:
    """Whether one day is meant to be like the next.

    Not so in a terminating simulation, with a schedule, or with events at stated times. The flights of a boosted study are those
    of another world.
    """
    study = scenario.study
    is_stated = scenario.world.demand.schedule is not None or any(stated_spells(scenario))
    return study.warm_up > 0 and study.boost == 1 and not is_stated


def _thirds(name: str, results: Sequence[ReplicationResult]) -> tuple[list[FlightCounts], list[FlightCounts]]:
    """By replication, the first and the last third, of the replications that planned flights in both."""
    pairs = [result.thirds for result in results if result.scenario == name and len(result.thirds) == 2]
    planned = [(first, last) for first, last in pairs if first.planned and last.planned]
    return [first for first, _ in planned], [last for _, last in planned]


def _shares(counts: Sequence[FlightCounts], share: str) -> Floats:
    """Shape (replications,): the share of planned flights of which a column of `FlightCounts` speaks."""
    return np.array([getattr(count, share) / count.planned for count in counts])


def _p_values(apart: Sequence[Floats]) -> Floats:
    """For each comparison, that the expected difference is 0, from the differences in its replications, shape (n,) each.

    NaN where too few replications differ to be evidence.
    """
    p_values = np.full(len(apart), np.nan)
    sizes = np.array([len(row) if np.count_nonzero(row) >= FEWEST else 0 for row in apart], dtype=np.int64)
    for size in np.unique(sizes[sizes > 0]):
        rows = np.flatnonzero(sizes == size)
        p_values[rows] = intervals.METHOD.p_values(np.array([apart[row] for row in rows.tolist()]))
    return p_values


def _sentence(
    name: Text, drifting: Sequence[str], first: Sequence[FlightCounts], last: Sequence[FlightCounts], days: int
) -> Text:
    parts = [_share(share, 100 * _shares(first, share).mean(), 100 * _shares(last, share).mean(), days) for share in drifting]
    shares = Text("; ".join(part.en for part in parts), *("；".join(texts) for texts in _in_chinese(parts)))
    risen, unreleased = ((_shares(last, share) - _shares(first, share)).mean() for share in ("in_system", "released"))
    advice = _COOL_DOWN if risen > 0 and risen >= -unreleased / 2 > 0 else _WARM_UP
    return _DRIFT.fill(name=name, shares=shares, advice=advice)


def _in_chinese(parts: Sequence[Text]) -> tuple[list[str], list[str]]:
    return [part.zh_hant for part in parts], [part.zh_hans for part in parts]


def _share(share: str, first: float, last: float, days: int) -> Text:
    numbers = {"first": f"{first:.1f}%", "last": f"{last:.1f}%", "size": f"{last - first:+.1f}", "days": f"{days}"}
    return _SHARE.fill(label=SHARES[share], **{key: Text(number, number, number) for key, number in numbers.items()})
