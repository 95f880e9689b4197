"""What limits, in sentences: one that decides, several alike, little, nothing, and what few replications can't show."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.ground.text import LANGUAGES, Text
from sim.policies import FEATURES
from sim.report.limits import limit_sentences
from sim.study.limits import limits_table
from tests.study.test_limits import Levels, levels_of, summary_of

BUSY: Levels = {
    "utilisation": {"pads.wenjindu": 0.02, "fleet.wenjindu_sheung_shui.sheung_shui": 0.96, "dog_teams.wenjindu": 0.3},
    "utilisation_by_hour": {"fleet.wenjindu_sheung_shui.sheung_shui/09": 1.0},
    "officer_time": {"": 3.0},
    "officer_time_scheduled": {"": 100.0},
}
NOON, FLEET, PADS = (14.0, 8.0, 0.0, 120.0), (95.0, 2.0, 1.0, 80.0), (0.2, 0.3, 30.0, 3.0)


@dataclass
class Told:
    """What the sentences read of a study."""

    summary: pd.DataFrame

    features = FEATURES

    @property
    def limits(self) -> pd.DataFrame:
        return limits_table(self.summary, FEATURES)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.summary["scenario"].unique())

    @property
    def manifest(self) -> Any:
        return SimpleNamespace(scenarios=[SimpleNamespace(name=name, title=Text.same(name)) for name in self.names])


def study_of(half: float = 0.01, **scenarios: Levels) -> Any:
    return Told(pd.concat([summary_of(levels | BUSY, name, half) for name, levels in scenarios.items()], ignore_index=True))


def sentences(**scenarios: Levels) -> list[str]:
    return limit_sentences(study_of(**scenarios))


def test_a_rule_decides_and_officers_are_idle() -> None:
    first, busy = sentences(approved=levels_of(noon_day_before=NOON, queue__pads=PADS))
    assert first == (
        "approved: the deadline of the day before (12:00) decides. Of 100 flights planned it loses 14 (between 13 and 15) "
        "and puts off 8 (between 7 and 9) by an hour or more."
    )
    assert busy == (
        "Customs officers on duty are busy 3% of the time. Busiest pool: fleet, Wenjindu – Sheung Shui, Sheung Shui (96%, "
        "approved); 1 of 3 pools in approved are busy less than 5%."
    )


def test_a_saturated_pool_is_named_with_its_busiest_hour_and_what_comes_next() -> None:
    first, _ = sentences(growth=levels_of(queue__fleet=FLEET, port_hours=(3.0, 0.2, 0.0, 1.0)))
    assert first.startswith("growth: the queue for the fleet decides. Of 100 flights planned it loses 95 (between 94 and 96)")
    assert "Its busiest pool, fleet, Wenjindu – Sheung Shui, Sheung Shui, is busy 96% of its time on duty, 100% in its" in first
    assert first.endswith(" Next: the hours of the ports, 3 lost or put off.")


def test_two_limits_of_like_size_are_told_together() -> None:
    first, _ = sentences(two=levels_of(noon_day_before=(10.0, 0.0, 0.0, 5.0), port_hours=(0.0, 9.0, 0.0, 9.0)))
    assert first == (
        "two: the deadline of the day before (12:00) and the hours of the ports limit alike. Of 100 flights planned it loses 10 "
        "(between 9 and 11); the hours of the ports: 9 lost or put off."
    )


def test_scenarios_that_one_limit_touches_little_share_a_sentence() -> None:
    more = (0.0, 0.4, 12.6, 5.2)
    first, decided, _ = sentences(
        base=levels_of(queue__pads=PADS), approved=levels_of(noon_day_before=NOON), step=levels_of(queue__pads=more)
    )
    assert first.startswith("base, step: nothing limits much at this demand.")
    assert first.endswith(
        "most waiting is due to the queue for the pads (13 to 30 of 100 flights, 3 to 5.2 min a flight on the mean)."
    )
    assert decided.startswith("approved:")


def test_nothing_limits_where_nobody_waits_a_minute() -> None:
    first, _ = sentences(base=levels_of(queue__pads=(0.0, 0.0, 3.0, 0.2)))
    assert first.startswith("base: nothing limits at this demand.")


def test_an_effect_that_few_replications_do_not_show_is_said_to_be_uncertain() -> None:
    levels = levels_of(bad_weather=(3.0, 0.0, 0.0, 1.0))
    first, _ = limit_sentences(study_of(half=0.2, june=levels))
    assert first == (
        "june: the weather may limit. Of 100 flights planned it loses 3 (between 0 and 23); with so few replications "
        "it may be none."
    )


def test_what_was_refused_on_examination_decides_nothing() -> None:
    first, _ = sentences(base=levels_of(refusal_mark=(20.0, 0.0, 0.0, 0.0), queue__pads=(0.0, 0.0, 3.0, 0.2)))
    assert first.startswith("base: nothing limits")


def test_nothing_is_said_where_nothing_was_measured() -> None:
    assert limit_sentences(Told(summary_of(BUSY))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_of_a_sentence_stays_open_in_any_language(language: Any) -> None:
    study = study_of(
        a=levels_of(queue__fleet=FLEET, port_hours=(3.0, 0.2, 0.0, 1.0)),
        b=levels_of(queue__pads=PADS),
        c=levels_of(queue__pads=(0.0, 0.0, 3.0, 0.2)),
        d=levels_of(noon_day_before=(10.0, 0.0, 0.0, 5.0), port_hours=(0.0, 9.0, 0.0, 9.0)),
    )
    told = limit_sentences(study, language)
    assert len(told) == 5
    assert not any(sign in sentence for sentence in told for sign in "{}")
