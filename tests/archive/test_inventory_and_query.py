"""Lists of studies, and questions in SQL to one."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.ground.errors import InputError, RunError
from sim.ground.text import Text
from sim.study import study as studies
from tests.conftest import MakeStudy


@pytest.fixture(scope="module")
def made(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(replications=2))


@pytest.mark.parametrize("table", ["replications", "flights", "consignments", "stages", "summary", "comparison"])
def test_sql_sees_every_table_as_pandas_does(made: sim.Study, table: str) -> None:
    expected = getattr(made, table)
    found = made.sql(f"select * from {table}")
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[name]) and not pd.api.types.is_bool_dtype(expected[name]):
            np.testing.assert_array_equal(found[name].to_numpy(float), expected[name].to_numpy(float))
        else:
            assert found[name].astype(str).tolist() == expected[name].astype(str).tolist()


def test_sql_answers_a_question(made: sim.Study) -> None:
    query = "select scenario, count(delay_s) as n, avg(delay_s) as delay_s from flights where released_s < 1e9 group by 1"
    found = made.sql(query).sort_values("scenario")
    assert found["scenario"].tolist() == ["base", "dense"]
    expected = made.flights.dropna(subset="released_s").groupby("scenario")["delay_s"].agg(["size", "mean"])
    assert found["n"].tolist() == expected["size"].tolist()
    np.testing.assert_allclose(found["delay_s"], expected["mean"])


def test_sql_leaves_what_was_not_measured_out_of_averages(made: sim.Study) -> None:
    """Parquet's statistics know no NaN, and DuckDB believes them: NULL has to stand in the files themselves."""
    found = made.sql(
        "select count(*) as n, count(delay_s) as measured, avg(delay_s) as delay_s, max(delay_s) as latest_s from flights"
    )
    delay_s = made.flights["delay_s"]
    assert found[["n", "measured"]].iloc[0].tolist() == [len(delay_s), delay_s.notna().sum()]
    assert delay_s.isna().any()
    np.testing.assert_allclose(found[["delay_s", "latest_s"]].iloc[0].to_numpy(float), [delay_s.mean(), delay_s.max()])
    values = made.sql("select count(value) as n from replications")["n"].tolist()
    assert values == [made.replications["value"].notna().sum()]


@pytest.mark.parametrize("statement", ["copy (select 1) to '{}'", "select 1; select 2", "", "create table '{}' (a int)"])
def test_sql_is_one_question_and_writes_nothing(made: sim.Study, tmp_path: Path, statement: str) -> None:
    with pytest.raises(InputError, match="one SELECT from replications, distributions, flights"):
        made.sql(statement.format(tmp_path / "file.csv"))
    assert list(tmp_path.iterdir()) == []


def test_sql_reads_nothing_but_the_study(made: sim.Study, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n")
    for source in (f"'{tmp_path}/other.csv'", f"read_csv('{tmp_path}/other.csv')", "made"):
        with pytest.raises(InputError, match="the query can't be answered"):
            made.sql(f"select * from {source}")


def test_sql_of_a_folder_with_a_difficult_name(made: sim.Study, tmp_path: Path) -> None:
    study = sim.run(made.scenarios[:1], replications=1, out=tmp_path / "o'clock" / "seed=3")
    for table in ("replications", "flights"):
        assert list(study.sql(f"select * from {table}").columns) == list(getattr(study, table).columns)
    (tmp_path / "o'clock" / "seed=3" / "flights.parquet").unlink()
    with pytest.raises(InputError, match=r"flights\.parquet: file is missing"):
        study.sql("select * from flights")


def test_what_sql_cannot_answer_is_told(made: sim.Study) -> None:
    with pytest.raises(InputError, match="flugs"):
        made.sql("select * from flugs")


def test_stages_that_were_not_kept_are_an_empty_table(made: sim.Study, tmp_path: Path) -> None:
    alone = sim.run([made.scenarios[0]], replications=1, keep_stages="none")
    found = alone.sql("select * from stages")
    assert found.empty
    assert list(found.columns) == list(made.stages.columns)
    columns = "select column_name, column_type from (describe stages)"
    pd.testing.assert_frame_equal(alone.sql(columns), made.sql(columns))


def test_command_sql(made: sim.Study) -> None:
    query = "select scenario, count(*) as flights from flights group by 1 order by 1"
    printed = CliRunner().invoke(main, ["sql", str(made.folder), query, "--csv"])
    assert printed.exit_code == 0, printed.output
    counts = made.flights.groupby("scenario").size()
    assert printed.output == f"scenario,flights\nbase,{counts['base']}\ndense,{counts['dense']}\n"
    assert "dense" in CliRunner().invoke(main, ["sql", str(made.folder), query]).output
    assert CliRunner().invoke(main, ["sql", str(made.folder), "select"]).exit_code == 2


def test_command_runs(made: sim.Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    sim.run(made.scenarios, replications=1, out=out / "whole")
    touched = sim.run(made.scenarios, replications=1, out=out / "touched")
    assert touched.folder is not None
    (touched.folder / "summary.csv").write_text("mine")
    with monkeypatch.context() as patch:
        patch.setattr(studies, "evaluate", lambda *_: (_ for _ in ()).throw(RunError(Text.same("stop"))))
        with pytest.raises(RunError):
            sim.run(made.scenarios, replications=3, out=out / "half")
    listed = json.loads(CliRunner().invoke(main, ["runs", str(out), "--json"]).output)
    assert [(row["name"], row["state"]) for row in listed] == [("half", "unfinished"), ("touched", "changed"), ("whole", "done")]
    assert (listed[0]["replications_done"], listed[0]["replications_asked"]) == (3, 3)
    assert listed[2]["scenarios"] == ["base", "dense"]
    table = CliRunner().invoke(main, ["runs", str(out)]).output.splitlines()
    assert [line.split()[:2] for line in table] == [
        ["study", "state"],
        ["half", "unfinished"],
        ["touched", "changed"],
        ["whole", "done"],
    ]
    monkeypatch.setattr("sim.cli.runs.study_fingerprint", lambda: "another")
    assert "other model" in CliRunner().invoke(main, ["runs", str(out)]).output
    cleaned = CliRunner().invoke(main, ["runs", str(out), "--clean"]).output
    assert "6 finished replications of an unfinished study removed" in cleaned
    assert sorted(path.name for path in out.iterdir()) == ["touched", "whole"]


def test_runs_of_no_folder(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["runs", str(tmp_path / "nowhere")]).exit_code == 2
    assert "no study" in CliRunner().invoke(main, ["runs", str(tmp_path)]).output
