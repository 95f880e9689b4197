"""The table of limits, from a summary by hand, and of a study."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.policies import FEATURES
from sim.report.printed import comparison_text
from sim.study.limits import LIMITS_COLUMNS, largest_first, limits_table
from tests.conftest import MakeStudy
from tests.shipped import whole

Levels = dict[str, dict[str, float]]


def summary_of(levels: Levels, scenario: str = "base", half: float = 0.01) -> pd.DataFrame:
    """A summary with those means by measure and part, each with an interval of +- half."""
    rows = [
        {"scenario": scenario, "metric": metric, "part": part, "unit": "", "n": 8, "mean": mean, "sd": 0.0}
        | {"ci_low": mean - half, "ci_high": mean + half}
        for metric, by_part in levels.items()
        for part, mean in by_part.items()
    ]
    return pd.DataFrame(rows)


def levels_of(**limits: tuple[float, float, float, float]) -> Levels:
    """By limit (a dot written as two underscores): flights lost, put off and kept waiting of 100, and minutes."""
    by_limit = {key.replace("__", "."): values for key, values in limits.items()}
    names = ("lost_by_limit", "put_off_by_limit", "kept_waiting_by_limit", "minutes_by_limit")
    table = {name: {key: values[k] / (100 if k < 3 else 1) for key, values in by_limit.items()} for k, name in enumerate(names)}
    table["lost_by_limit"][""] = sum(table["lost_by_limit"].values())
    table["minutes_by_limit"] |= {"before_departure": 80.0, "in_service": 10.0}
    table["minutes_by_limit"][""] = sum(table["minutes_by_limit"].values())
    return table


LEVELS = levels_of(
    noon_day_before=(14.0, 8.0, 0.0, 6.0),
    queue__pads=(0.2, 0.3, 30.0, 3.0),
    port_hours=(0.9, 0.0, 0.0, 0.5),
    queue__fleet=(0.0, 0.0, 0.0, 0.0),
    emergency_notice=(0.0, 0.0, 0.0, 0.0),
    refusal_mark=(2.0, 0.0, 0.0, 0.0),
) | {
    "utilisation": {"pads.wenjindu": 0.3, "pads.sheung_shui": 0.2, "fleet.a.b": 0.1, "slots.a.b": float("nan")},
    "utilisation_by_hour": {"pads.wenjindu/08": 0.4, "pads.wenjindu/18": 0.9, "pads.sheung_shui/08": 0.99},
}


def test_the_largest_limit_stands_first_and_what_limits_nothing_last() -> None:
    table = limits_table(summary_of(LEVELS), FEATURES).set_index("limit")
    order = ["", "noon_day_before", "queue.pads", "port_hours", "queue.fleet", "refusal_mark", "before_departure", "in_service"]
    assert list(table.index) == order, "of two that lose or put off no full flight of 100, the one with more minutes is first"
    kinds = ["all", "rule", "queue", "rule", "queue", "verdict", "no limit", "no limit"]
    assert table["kind"].tolist() == kinds
    noon = table.loc["noon_day_before"]
    assert (noon["lost"], noon["lost_low"], noon["put_off"]) == pytest.approx((14, 13, 8))
    assert noon["term"] == "the deadline of the day before (12:00)"
    assert noon["share_of_waiting"] == pytest.approx(6 / 9.5) and noon["share_of_time"] == pytest.approx(6 / 99.5)
    assert pd.isna(table.loc["in_service", "share_of_waiting"])
    pads = table.loc["queue.pads"]
    assert (pads["pool"], pads["utilisation"], pads["busiest_hour"]) == ("pads.wenjindu", 0.3, 0.9)
    assert table.loc["queue.fleet", "pool"] == "fleet.a.b", "who is idle stands there too"


def test_half_an_hour_for_everybody_outranks_one_flight_in_a_thousand() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "rule", "lost": 0.1, "put_off": 0.0, "minutes": 0.0, "kept_waiting": 0.0},
        {"kind": "queue", "lost": 0.0, "put_off": 0.0, "minutes": 30.0, "kept_waiting": 90.0},
        {"kind": "rule", "lost": 1.0, "put_off": 0.0, "minutes": 0.0, "kept_waiting": 0.0},
    ]
    assert sorted(rows, key=largest_first) == [rows[2], rows[1], rows[0]]


def test_nothing_measured_gives_no_rows() -> None:
    assert limits_table(summary_of({"utilisation": {"pads.wenjindu": 0.3}}), FEATURES).empty
    unknown = {name: dict.fromkeys(parts, float("nan")) for name, parts in LEVELS.items()}
    assert limits_table(summary_of(unknown), FEATURES).empty, "as in a boosted study"
    assert tuple(limits_table(summary_of({"utilisation": {"pads.wenjindu": 0.3}}), FEATURES).columns) == LIMITS_COLUMNS


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> sim.Study:
    names = ("baseline", "each-flight-approved")
    return sim.load(make_study({name: whole(name) for name in names}, replications=3, seed=1))


def test_the_table_of_a_study_adds_up_and_is_read_as_it_was_written(study: sim.Study, tmp_path: Path) -> None:
    summary = study.summary.set_index(["scenario", "metric", "part"])["mean"]
    pd.testing.assert_frame_equal(study.limits, limits_table(study.summary, FEATURES), check_dtype=False)
    for name in study.names:
        rows = study.limits[study.limits["scenario"] == name].set_index("limit")
        each = rows[rows["kind"] != "all"]
        assert rows.loc["", "lost"] == pytest.approx(each["lost"].sum())
        ended = 1 - summary[name, "flight_outcome_share", "released"] - summary[name, "flight_outcome_share", "in_system"]
        assert rows.loc["", "lost"] == pytest.approx(100 * ended)
        assert rows.loc["", "minutes"] == pytest.approx(each["minutes"].sum())
        assert rows.loc["", "minutes"] == pytest.approx(summary[name, "order_to_release_mean", ""] / 60)
        assert each["share_of_time"].sum() == pytest.approx(1)


def test_each_flight_approved_is_limited_by_the_deadline_and_the_baseline_by_nothing_much(study: sim.Study) -> None:
    first = {name: study.limits[study.limits["scenario"] == name].iloc[1] for name in study.names}
    assert first["each-flight-approved"]["limit"] == "noon_day_before"
    assert first["baseline"]["lost"] + first["baseline"]["put_off"] < 1


def test_the_print_says_in_a_few_lines_what_limits(study: sim.Study) -> None:
    text = comparison_text(study, study.folder)
    assert "trs.csv (a time release study), limits.csv, " in " ".join(text.split())
    _, _, below = text.partition("\nWhat limits\n")
    lines = below.partition("\n\n")[0].splitlines()
    titles = {scenario.name: scenario.title.en for scenario in study.scenarios}
    assert lines[0].startswith(f"  {titles['baseline']}: nothing limits")
    start = f"  {titles['each-flight-approved']}: the deadline of the day before (12:00) decides."
    assert any(line.startswith(start[:90]) for line in lines)
    assert any(line.startswith("  Customs officers on duty are busy ") for line in lines)
    assert len(lines) <= 8


def test_the_limits_can_be_asked_in_sql(study: sim.Study) -> None:
    answer = study.sql("select \"limit\" from limits where scenario = 'each-flight-approved' and kind = 'rule' limit 1")
    assert answer.iloc[0, 0] == "noon_day_before"
