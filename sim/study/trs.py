"""The export as a time release study: the measure `time_release` under the names of the World Customs Organization.

Article 7.6 of the Agreement on Trade Facilitation (World Trade Organization) asks members to measure and publish their average
release times, with tools such as the WCO's time release study; `docs/reference/time-release-study.md` says what is taken from
memory here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.ground.text import Text
from sim.ground.time_units import MINUTE_S
from sim.metrics.breakdown import SEPARATOR, split_part
from sim.metrics.groups import TIERS
from sim.metrics.time_release import ALL

if TYPE_CHECKING:
    import pandas as pd

MEASURE, FLIGHTS = "time_release", "time_release_flights"
TRS_COLUMNS = (
    "scenario", "direction", "side", "channel", "tier", "step", "term", "term_zh_hant", "term_zh_hans", "statistic", "minutes",
    "ci_low", "ci_high", "n", "flights", "tfa",
)  # fmt: skip
STATISTICS = {"mean": "mean", "p50": "median", "p95": "p95"}
TFA = "7.6 average release time"


@dataclass(frozen=True, slots=True)
class Term:
    """What a step of the measure is in a time release study; `is_release_time` marks what is published as release time."""

    text: Text
    is_release_time: bool = False


TERMS: dict[str, Term] = {
    "arrival_to_lodgement": Term(Text("arrival of goods to lodgement of declaration", "貨物抵達至提交申報", "货物抵达至申报")),
    "lodgement_to_acceptance": Term(Text("lodgement to acceptance of declaration", "提交申報至接受申報", "申报至接受申报")),
    "documentary_control": Term(Text("documentary control", "文件審核", "单证审核")),
    "physical_inspection": Term(Text("physical inspection", "實物查驗", "实货查验")),
    "release": Term(Text("release and removal of goods", "放行及提取貨物", "放行及提离货物")),
    "arrival_to_release": Term(Text("arrival of goods to release", "貨物抵達至放行", "货物抵达至放行"), is_release_time=True),
    "lodgement_to_release": Term(Text("lodgement of declaration to release", "提交申報至放行", "申报至放行")),
    "arrival_to_departure": Term(Text("arrival of goods to departure", "貨物抵達至離境", "货物抵达至离境")),
    "lodgement_to_departure": Term(Text("lodgement of declaration to departure", "提交申報至離境", "申报至离境")),
}


def trs_table(summary: "pd.DataFrame") -> "pd.DataFrame":
    """One row a scenario, direction, side, channel or tier, step and statistic; lines without a flight are left out.

    minutes, ci_low, ci_high: mean over n replications with its interval, and not adjusted · flights: how many went through
    the step, a replication · tfa: set where the row is what Article 7.6 calls the average release time.
    """
    import pandas as pd

    columns = ["scenario", "part", "mean", "ci_low", "ci_high", "n"]
    of_measure = {name: summary.loc[summary["metric"] == name, columns] for name in (MEASURE, FLIGHTS)}
    counts = {(scenario, part): mean for scenario, part, mean, *_ in _rows(of_measure[FLIGHTS])}
    table = []
    for scenario, part, *seconds, n in _rows(of_measure[MEASURE]):
        line, _, statistic = part.rpartition(SEPARATOR)
        if not counts[scenario, line]:
            continue
        direction, side, group, step = split_part(line)
        term = TERMS[step]
        channel, tier = (ALL, group) if group in TIERS else (group, ALL)
        tfa = TFA if term.is_release_time and statistic == "mean" else ""
        names = term.text.en, term.text.zh_hant, term.text.zh_hans
        minutes = (value / MINUTE_S for value in seconds)
        what = scenario, direction, side, channel, tier, step, *names, STATISTICS[statistic]
        table.append((*what, *minutes, n, counts[scenario, line], tfa))
    return pd.DataFrame(table, columns=list(TRS_COLUMNS))


def _rows(table: "pd.DataFrame") -> Iterator[tuple[Any, ...]]:
    return table.itertuples(index=False, name=None)
