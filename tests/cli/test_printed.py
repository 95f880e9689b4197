"""The printed comparison: as a reader sees it, and never wider than a page."""

from pathlib import Path
from typing import Any

import pytest

from sim.charts.quantity import scale_for, signed
from sim.report.as_terminal import WIDTH
from sim.report.comparing import difference_rows, level_rows
from sim.report.interpretation_notes import NOT_MEASURED
from sim.report.printed import comparison_text
from sim.study.study_type import study_type
from tests.charts.fake_study import fake_study, study_of

WHOSE_COST = "Whose cost: the two-sided ledger"
SNAPSHOT = Path(__file__).with_name("comparison.txt")


def test_the_comparison_reads_as_it_did() -> None:
    """To accept a change: write comparison_text(fake_study(4)) into comparison.txt, and read it."""
    study: Any = fake_study(4)
    assert comparison_text(study) == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [["alone"], ["one", "other"], ["b" * 64, "c" * 64, *(f"scenario-{k}" for k in range(6))]])
def test_it_fits_the_page_and_tells_every_scenario(names: list[str]) -> None:
    study: Any = study_of(names, n_replications=3)
    text = comparison_text(study)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(text.count(name) >= 2 for name in names)
    assert " ".join(NOT_MEASURED.en.split()[:6]) in text
    assert ("Holm" in text) == (len(names) > 1)
    assert "\x1b" not in text


def test_a_world_that_differs_is_flagged() -> None:
    study: Any = fake_study(4)
    flagged = [line for line in comparison_text(study).splitlines() if "Not the same world" in line]
    assert len(flagged) == 1


def test_whose_cost_is_told_where_scenarios_are_compared() -> None:
    """A row an account; the difference stands in brackets only where it is clear."""
    alone: Any = study_of(["alone"], n_replications=3)
    assert "(" not in "".join(section(comparison_text(alone), WHOSE_COST)[2:7])
    study: Any = fake_study(4)
    lines = section(comparison_text(study), WHOSE_COST)[1:]
    assert [line.split()[0] for line in lines[1:9]] == [
        "baseline",
        "Hong",
        "Mainland",
        "airspace",
        "operator",
        "both",
        "waiting",
        "one-stop",
    ]
    assert "(" not in "".join(lines[1:8])
    customs = study.comparison.query("metric == 'officer_hours' and part == 'hong_kong'").set_index("scenario")
    rows = [line for line in lines if line.startswith("Hong Kong")]
    for name, row in zip(study.names[1:], rows[1:], strict=True):
        told = f"({signed(customs.loc[name, 'difference'])}!)"
        assert (told in row) == (customs.loc[name, "verdict"] == "worse")
    assert any("!)" in row for row in rows)


def test_winners_and_losers_are_told_unless_the_flights_are_others() -> None:
    study: Any = fake_study(4)
    text = comparison_text(study)
    lines = section(text, "Winners and losers")
    assert "released sooner, by more than a minute 30.0 [27.0, 33.0] 50.0%" in [" ".join(line.split()) for line in lines]
    assert "median gain of those released sooner (min) 4.00 [3.60, 4.40]" in [" ".join(line.split()) for line in lines]
    assert any(line.startswith("illicit consignments newly missed") and line.endswith("too few events") for line in lines)
    assert "medical 60.0 50% 33% 10% 3% 2% 4.00 6.67" in [" ".join(line.split()) for line in lines]
    others = "pre-clearance-240 has other flights than baseline: who wins and who loses can't be told flight by flight."
    assert others in " ".join(lines)


def section(text: str, heading: str) -> list[str]:
    """The lines of a section, without their indentation, to the first line that is not indented."""
    lines = text.splitlines()
    found = lines[lines.index(heading) + 1 :]
    last = next(number for number, line in enumerate(found) if line and not line.startswith(" "))
    return [line.strip() for line in found[:last] if line]


@pytest.mark.parametrize(
    ("unit", "value", "level", "change"),
    [
        ("s", 45.0, "45.0 s", "+45.0 s"),
        ("s", -750.0, "−12.5 min", "−12.5 min"),
        ("s", 5 * 3600.0, "5.00 h", "+5.00 h"),
        ("min", 90.0, "90.0 min", "+90.0 min"),
        ("share", 0.8752, "87.5%", "+87.5 percentage points"),
        ("share", -0.0004, "−0.040%", "−0.040 percentage points"),
        ("/h", 12.34, "12.3 per hour", "+12.3 per hour"),
        ("1", 0.0, "0", "0"),
        ("1", float("nan"), "–", "–"),
        ("1", 1234567.0, "1,234,567", "+1,234,567"),
    ],
)
def test_numbers_are_written_for_people(unit: str, value: float, level: str, change: str) -> None:
    scale = scale_for(unit, value)
    assert scale.level(value) == level
    assert scale.change(value) == change


def test_a_difference_is_no_finer_than_its_level_bears_unless_its_sign_would_be_hidden() -> None:
    scale = scale_for("s", 189000.0)
    assert scale.changes(-7.6, -23.0, 8.0, level=189000.0) == ("−0.002", "−0.006", "+0.002")
    assert scale.changes(-0.76, -2.3, 0.0, level=189000.0) == ("−0.0002", "−0.001", "0.000")


def test_a_measure_is_in_one_unit_in_every_row_and_every_print() -> None:
    """A difference of 41 s of a measure said in hours is in hours; a delay of hours is in minutes."""
    study: Any = fake_study(2)
    of = study.comparison["metric"] == "order_to_release_mean"
    study.comparison.loc[of, ["difference", "ci_low", "ci_high"]] = 41.0, -9294.0, 9375.0
    of = study.summary["metric"] == "delay_mean"
    study.summary.loc[of, ["mean", "ci_low", "ci_high"]] = 8900.0, -744.0, 18500.0
    (released,) = (row for row in difference_rows(study, study.names[1]) if row.label.startswith("Order to release, mean"))
    assert released.label.endswith("(h)") and released.cells[2:4] == ("+0.01", "[−2.58, +2.60]")
    (delayed,) = (row for row in level_rows(study, study.names[0]) if row.label.startswith("Mean delay"))
    assert delayed.label.endswith("(min)") and delayed.cells == ("148", "[−12, 308]")


def test_which_may_be_the_best_is_told_of_three_scenarios_or_more() -> None:
    two: Any = fake_study(2)
    assert "Best of" not in comparison_text(two)
    study: Any = fake_study(4)
    lines = [" ".join(line.split()) for line in section(comparison_text(study), "Best of 4")]
    for metric, extreme in (("released_share", "highest"), ("missed_per_million", "lowest")):
        rows = study.best.query(f"metric == '{metric}' and may_be_best == 'yes'")
        assert 0 < len(rows) < 4
        label = study.metrics[metric].label.en
        start = f"{label[0].upper()}{label[1:]} {extreme} {', '.join(rows['scenario'])}"
        assert any(line.startswith(start) for line in lines)
    assert not any(line.startswith("Mean delay") for line in lines)


def test_why_there_is_no_best_is_told() -> None:
    study: Any = fake_study(4)
    ranked = study.best
    ranked.loc[ranked["metric"] == "missed_per_million", "may_be_best"] = "too_few_events"
    of_released = ranked["metric"] == "released_share"
    ranked.loc[of_released & (ranked["scenario"] == "one-stop"), "may_be_best"] = "not_comparable"
    ranked.loc[of_released & (ranked["scenario"] != "one-stop"), "may_be_best"] = "yes"
    ranked.loc[ranked["metric"] == "on_time_share", ["difference", "ci_low", "ci_high"]] = 0.0
    lines = [" ".join(line.split()) for line in section(comparison_text(study), "Best of 4")]
    assert "Share of flights released highest any of them; not comparable: one-stop" in lines
    assert "Illicit consignments per million released lowest too few events" in lines
    assert "On time within 15 minutes highest all the same" in lines


def test_the_kind_of_study_and_the_worth_of_pairing_are_told() -> None:
    study: Any = fake_study(2)
    assert "Steady-state simulation" in comparison_text(study)
    study.comparison["variance_reduction"] = 4.0
    study.comparison.loc[study.comparison["metric"] == "on_time_share", "variance_reduction"] = float("inf")
    study.manifest.kind = study_type(0.0)
    text = " ".join(comparison_text(study).split())
    assert "worth a factor of 4.00 to 4.00 in replications for half of these measures (median 4.00)" in text
    assert "Terminating simulation" in text
    study.comparison["variance_reduction"] = [4.0, 5e6] * (len(study.comparison) // 2) + [4.0] * (len(study.comparison) % 2)
    assert "to over 1,000 in replications" in " ".join(comparison_text(study).split())
    study.comparison["variance_reduction"] = float("nan")
    assert "Pairing" not in comparison_text(study)


def test_beside_what_is_only_for_fewer_flights_stands_the_same_flight() -> None:
    """Under the rows of such a measure, once; nothing under the others."""
    study: Any = fake_study(2)
    name = study.names[1]
    assert not any("released in both" in row.label for row in difference_rows(study, name))
    table = study.comparison
    table.loc[table["metric"].isin(["delay_quantile", "on_time_share"]), "verdict"] = "fewer_flights"
    rows = difference_rows(study, name)
    beside = [number for number, row in enumerate(rows) if row.label == "released in both: delay (s)"]
    assert [rows[number - 1].label for number in beside] == ["95th percentile (min)", "On time within 15 minutes (%)"]
    assert {rows[number].cells for number in beside} == {("", "", "+40.0", "[+30.0, +50.0]", "5/6", "")}
    text = comparison_text(study)
    words = " ".join(text.split())
    assert "for fewer flights" in words and words.count("40.0 [+30.0, +50.0] 5/6") == 2
    chinese = [row.label for row in difference_rows(study, name, "zh-Hant")]
    assert chinese.count("兩者均獲放行：延誤（秒）") == 2


def test_the_same_flight_is_told_of_every_scenario_that_has_it() -> None:
    study: Any = fake_study(4)
    words = " ".join(comparison_text(study).split())
    assert words.count("The same flight: of the 380 flights a replication that are released under both") == 2
    assert "the mean delay differs by +40.0 s [+30.0, +50.0] (not 0 in 5 of 6 replications)." in words
    assert "Released under baseline alone: 8.00 a replication; under one-stop alone: 2.00." in words
    study.boost = 10.0
    assert "The same flight:" not in comparison_text(study)


def test_a_share_short_of_all_is_never_written_as_all() -> None:
    scale = scale_for("share", 0.9986)
    assert scale.levels(0.9986, 0.9968, 1.0) == ("99.9", "99.7", "100.0")
    assert scale.levels(0.99996, 1.0) == ("99.996", "100.000")
    assert scale.levels(1.0, 1.0) == ("100", "100")
    assert scale.levels(0.964, 0.954) == ("96.4", "95.4")
