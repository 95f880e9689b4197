"""CSV files open right in a spreadsheet, and are read back as the tables they were."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.archive.layout import SUMMARY_TABLES, summary_table_file
from sim.cli import main
from sim.metrics.measure_ref import measures
from sim.study.csv_files import ADDED, ENDINGS, PERIOD, UNITS, TableWords, csv_text, read_csv, with_words, write_csv
from sim.study.study import Study
from sim.study.summary_tables import read_summary_table
from tests.conftest import MakeStudy


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> Study:
    return sim.load(make_study())


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", SUMMARY_TABLES)
def test_every_table_is_marked_and_read_back_without_the_words(study: Study, name: str) -> None:
    path = study.folder / summary_table_file(name)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline().strip().split(",")
    assert list(read_summary_table(study.folder, name).columns) == [column for column in header if column not in ADDED]
    assert len(set(header)) == len(header)


def row_of(study: Study, table: str, **cells: str) -> dict[str, str]:
    return next(row for row in rows(study.folder / f"{table}.csv") if {name: row[name] for name in cells} == cells)


def test_words_stand_beside_the_keys_in_three_languages(study: Study) -> None:
    released = row_of(study, "summary", scenario="base", metric="flights_released")
    assert [released[f"measure_{ending}"] for ending in ENDINGS] == ["Flights released", "放行航班數", "放行航班数"]
    assert [released[f"unit_{ending}"] for ending in ENDINGS] == ["number in one day", "一日內的數目", "一日内的数目"]
    assert (released["unit"], released[PERIOD]) == ("1", "1")
    median = row_of(study, "comparison", metric="delay_quantile", part="p50")
    assert median["measure_en"].endswith(": median") and median["measure_zh_hant"].endswith("：中位數")
    assert (median["unit_en"], median[PERIOD]) == ("seconds", "")
    hours = row_of(study, "ledger", account="hong_kong", metric="officer_hours")
    assert hours["measure_zh_hans"].endswith("：香港") and hours["unit_en"] == "hours per 1,000 flights"
    sooner = row_of(study, "winners", measure="sooner")
    assert sooner["measure_zh_hant"].startswith("提早放行")
    assert (sooner["unit_en"], sooner[PERIOD]) == ("number in one day", "1")
    assert {row[PERIOD] for row in rows(study.folder / "limits.csv")} == {"1"}


def test_every_measure_has_words_for_its_unit() -> None:
    known = measures()
    for metric in known.values():
        assert {metric.unit, *metric.unit_of_part.values()} <= set(UNITS)
    assert known["illicit_missed"].adds_up and known["officer_time"].adds_up and known["officer_pay"].adds_up
    assert not any(metric.adds_up for metric in known.values() if metric.ratio or metric.quantiles or metric.unit == "share")
    said = [metric for metric in known.values() if metric.phrase and "{period}" in metric.phrase.level.en]
    assert said and all(metric.adds_up for metric in said), "what a sentence says is of a period"


def test_parameters_and_pools_have_their_names() -> None:
    words = TableWords(measures(), (), 10)
    table = with_words(pd.DataFrame({"path": ["policy.corridor.headway", "of.another"], "mean": [1.0, 2.0]}), words)
    assert table["parameter_zh_hant"].tolist() == ["低空跨境通道：最短間隔", ""]
    pools = with_words(pd.DataFrame({"pool": ["runway.x"]}), words)
    assert list(pools.columns) == ["pool", *(f"pool_{ending}" for ending in ENDINGS)]


def test_numbers_keep_every_digit_and_words_their_commas(tmp_path: Path) -> None:
    table = pd.DataFrame({"metric": ["flights_released"], "part": ["a, b"], "mean": [0.1 + 0.2]})
    write_csv(table, tmp_path / "table.csv", TableWords(measures(), (), 10))
    assert (tmp_path / "table.csv").read_text("utf-8") == csv_text(table, TableWords(measures(), (), 10))
    pd.testing.assert_frame_equal(read_csv(tmp_path / "table.csv", converters={"mean": float}), table)
    assert rows(tmp_path / "table.csv")[0][PERIOD] == "10"


def test_an_answer_in_sql_is_a_file_of_the_same_kind(study: Study, tmp_path: Path) -> None:
    answer = tmp_path / "answer.csv"
    asked = CliRunner().invoke(main, ["sql", str(study.folder), "select term_zh_hant from trs limit 1", "--out", str(answer)])
    assert asked.exit_code == 0, asked.output
    assert answer.read_bytes().startswith(b"\xef\xbb\xbf") and len(rows(answer)) == 1
