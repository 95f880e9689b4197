"""Posts and money as they are printed: the numbers of the summary, figures only where there are some, and what they rest on."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.ground.text import LANGUAGES, Text
from sim.report.ledger_tables import LabelledRow
from sim.report.posts import COLUMNS, posts_rows, sentences
from tests.policies.observed import scenario

DAYS = 10
RELEASED = 200.0
DAY_AND_NIGHT = [1.0] * 7 + [3.0] * 12 + [1.0] * 5


def levels(
    pay: float | None, by_hour: list[float], busy: float = 24.0, pads: float | None = None
) -> dict[tuple[str, str], float]:
    """Customs officers of both sides on duty for ten days; pay of Hong Kong alone, HK$ in all."""
    hours = sum(by_hour) * DAYS
    rows: dict[tuple[str, str], float] = {("flights_released", ""): RELEASED}
    for side in ("hong_kong", "mainland"):
        rows |= {
            ("officer_posts", side): hours / DAYS / 24,
            ("officer_people", side): hours / DAYS / 24 * 5,
            ("officer_time", side): busy,
            ("officer_time_scheduled", side): hours,
            ("officer_hours_scheduled_per_released", side): 1000 * hours / RELEASED,
            ("aircraft", side): 4.0,
            ("aircraft_needed", side): 3.0,
            ("pad_hours", side): 480.0,
            ("pad_hours_per_released", side): 480 / RELEASED,
        }
        rows |= {("officer_posts_by_hour", f"{side}/{hour:02d}"): number for hour, number in enumerate(by_hour)}
    if pay is not None:
        rows |= {("officer_pay", "hong_kong"): pay, ("officer_pay_per_released", "hong_kong"): pay / RELEASED}
        rows[("officer_pay_per_consignment", "hong_kong")] = pay / RELEASED / 7
    if pads is not None:
        rows[("pads_cost_per_released", "mainland")] = pads
    return rows


def study(of: dict[str, dict[tuple[str, str], float]], world: list[str] | None = None, **changes: Any) -> Any:
    rows = [(name, metric, part, mean) for name, means in of.items() for (metric, part), mean in means.items()]
    made = scenario({f"world.posts.{key}": value for key, value in changes.items()})
    records = [SimpleNamespace(name=name, title=Text.same(name)) for name in of]
    return SimpleNamespace(
        names=tuple(of),
        baseline=next(iter(of)),
        against=dict.fromkeys(list(of)[1:], next(iter(of))),
        scenarios=(made,) * len(of),
        summary=pd.DataFrame(rows, columns=["scenario", "metric", "part", "mean"]),
        manifest=SimpleNamespace(window=SimpleNamespace(days=DAYS), scenarios=records),
        differences_in=lambda language, branch: {name: world or [] for name in of},
    )


def row(made: Any, name: str) -> dict[str, tuple[str, ...]]:
    """By side and label, the cells of the rows of one scenario."""
    cells: dict[str, tuple[str, ...]] = {}
    side = of = ""
    for each_row in posts_rows(made):
        match each_row:
            case LabelledRow(depth=0):
                of = each_row.label
            case LabelledRow(depth=1):
                side = each_row.label
            case _ if of == name:
                cells[f"{side}: {each_row.label}"] = each_row.cells
    return cells


def test_the_row_of_a_side_has_its_roster_its_people_and_its_pay() -> None:
    made = study({"base": levels(200_000.0, DAY_AND_NIGHT)})
    rows = row(made, "base")
    assert rows["Hong Kong: customs officers"] == ("07:00 3, 19:00 1", "10.0", "2.40", "5.00%", "HK$1,000", "HK$143")
    assert rows["Mainland: customs officers"] == ("07:00 3, 19:00 1", "10.0", "2.40", "5.00%", "–", "–")
    assert rows["Hong Kong: pads"] == ("2", "", "2.40", "", "", "")
    assert rows["Hong Kong: aircraft"] == ("4 (3 away)", "", "", "", "", "")
    assert not [label for label in rows if "Macao" in label or "quarantine" in label]
    assert all(len(cells) == len(COLUMNS) for cells in rows.values())


def test_no_sum_over_sides_is_shown() -> None:
    made = study({"base": levels(200_000.0, DAY_AND_NIGHT, pads=70.0)})
    assert row(made, "base")["Mainland: pads"][-2] == "RMB 70.0"
    assert {each.label for each in posts_rows(made) if each.depth == 1} == {"Hong Kong", "Mainland"}
    assert {each.label for each in posts_rows(made, "zh-Hant") if each.depth == 1} == {"香港", "內地"}


@pytest.mark.parametrize(
    ("by_hour", "told"),
    [([2.0] * 24, "2"), ([0.5] * 12 + [2.0] * 12, "00:00 0.5, 12:00 2"), ([1.0, 2.0] * 12, "1–2")],
)
def test_a_roster_is_told_by_its_turns(by_hour: list[float], told: str) -> None:
    assert row(study({"base": levels(None, by_hour)}), "base")["Hong Kong: customs officers"][0] == told


def test_what_the_money_rests_on_is_named() -> None:
    _, basis = sentences(study({"base": levels(200_000.0, DAY_AND_NIGHT)}))
    assert "HK$30,870 a month" in basis and "points 5 to 16" in basis and "derived" in basis and "1760 h a year (guess)" in basis
    assert "No public figure" in basis
    stated = study({"base": levels(1.0, DAY_AND_NIGHT)}, officer_pay={"hong_kong": "20000 HKD", "mainland": "9000 CNY"})
    _, basis = sentences(stated)
    assert "Mainland: RMB 9,000 a month (as the scenario states)" in basis and "points 5" not in basis
    assert "No public figure" not in basis


def test_the_break_even_volume_of_a_stated_price() -> None:
    """HK$20,000 a day: 40 flights at HK$500; 4,000 at HK$5, but busy in all 480 hours on duty officers clear 400 a day."""
    of = {"base": levels(200_000.0, DAY_AND_NIGHT)}
    assert len(sentences(study(of))) == 2
    *_, sentence = sentences(study(of, stated_pay={"hong_kong": "500 HKD", "mainland": "500 CNY"}))
    assert "falls to HK$500 at 40.0 flights released a day (20.0 now)" in sentence and "Hong Kong" in sentence
    *_, sentence = sentences(study(of, stated_pay={"hong_kong": "5 HKD"}))
    assert "some 400 flights a day" in sentence and "it would take 4,000" in sentence


def test_the_volume_at_which_a_flight_costs_what_it_does_in_the_baseline() -> None:
    more = {"base": levels(200_000.0, DAY_AND_NIGHT), "more": levels(300_000.0, [2.0] * 7 + [4.0] * 12 + [3.0] * 5)}
    *_, sentence = sentences(study(more))
    assert sentence.startswith("more, Hong Kong: a flight costs as much in pay of customs officers as in base (HK$1,000) at 30.0")
    same = {"base": levels(200_000.0, DAY_AND_NIGHT), "same": levels(200_000.0, DAY_AND_NIGHT, busy=30.0)}
    assert len(sentences(study(same))) == 2
    assert len(sentences(study(more, world=["another demand"]))) == 2


def test_a_study_without_such_measures_has_no_such_page() -> None:
    made = study({"base": {("flights_released", ""): RELEASED}})
    assert posts_rows(made) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_filled_in(language: Any) -> None:
    more = {"base": levels(200_000.0, DAY_AND_NIGHT), "more": levels(300_000.0, [2.0] * 24)}
    for made in (study(more, stated_pay={"hong_kong": "5 HKD"}), study(more, stated_pay={"hong_kong": "500 HKD"})):
        assert not [sentence for sentence in sentences(made, language) if "{" in sentence]
