"""The trial of intervals: its page and the listing that marks what fell short say the same."""

import csv
from pathlib import Path

import pytest

from sim.metrics.measure_ref import MeasureRef, measures
from sim.study import coverage
from sim.study.coverage import COVERAGE, GOAL, falls_short

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "coverage.md").read_text(encoding="utf-8")


def rows() -> list[dict[str, str]]:
    with COVERAGE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_page_and_listing_agree() -> None:
    listed = rows()
    assert len(listed) > 200
    short = [row for row in listed if row["short"] == "True"]
    for row in short:
        assert f"- {row['of']}: `{row['measure']}`" in PAGE
    assert PAGE.count("\n- ") == len(short)
    assert f"{len(listed) - len(short)} of {len(listed)} rows meet the goal" in PAGE


def test_what_is_short_is_so_by_the_count() -> None:
    for row in rows():
        given, held = int(row["given_20"]), int(row["held_20"])
        bound = GOAL - 2 * (GOAL * (1 - GOAL) / given) ** 0.5 if given else 0.0
        assert (row["short"] == "True") == (given > 0 and held / given < bound), row


def test_its_measures_are_those_of_today() -> None:
    keys = {MeasureRef.parse(row["measure"]).metric for row in rows() if not row["measure"].startswith("same flights: ")}
    assert keys <= set(measures())
    headline = {key for key, metric in measures().items() if metric.headline and not key.startswith("passengers")}
    without_interval = {"crossing_shift_m", "wrong_side_km_per_thousand"}  # in none of these scenarios
    selected = {f"selected_{unit}_share" for unit in ("consignment", "declaration", "flight")}
    since = {"officer_hours_scheduled", "aviation_hours_scheduled", *selected}  # as the page says
    assert headline - keys == without_interval | since
    assert "Hours on duty and the shares selected are not in it" in PAGE


def test_a_row_that_fell_short_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_short", lambda: frozenset({("level", "delay_quantile/p95")}))
    assert falls_short(MeasureRef("delay_quantile", "p95"), "level")
    assert not falls_short(MeasureRef("delay_quantile", "p95"), "difference")
    assert not falls_short(MeasureRef("delay_quantile", "p50"), "level")
