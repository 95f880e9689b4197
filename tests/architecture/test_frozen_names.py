"""Names that users' files and numbers hang on: those of before the moves are all there; new ones may be added."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.scenario.parameters import catalogue
from tests.conftest import BASE

FROZEN = json.loads((Path(__file__).resolve().parents[1] / "fixtures" / "frozen_names.json").read_text(encoding="utf-8"))
DECLARED = {
    "streams": lambda: {stream.name for feature in FEATURES for stream in feature.streams},
    "parameters": lambda: set(catalogue()),
    "measures": lambda: {metric.key for metric in all_metrics(FEATURES)},
    "stages": lambda: {stage.key for feature in FEATURES for stage in feature.stages},
    "facts": lambda: {fact.name for feature in FEATURES for fact in (*feature.writes, *feature.learns)},
}


@pytest.mark.parametrize("kind", DECLARED)
def test_no_name_is_gone(kind: str) -> None:
    assert set(FROZEN[kind]) - DECLARED[kind]() == set()


def test_every_kind_of_name_is_looked_at() -> None:
    assert set(FROZEN) == {*DECLARED, "columns"}
    assert all(len(FROZEN[kind]) > 50 for kind in DECLARED)


def test_no_column_is_gone(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "late.yaml").write_text("extends: base.yaml\nname: late\npolicy: {corridor: {headway: 6 min}}\n")
    out = tmp_path / "out"
    sim.run([tmp_path / "base.yaml", tmp_path / "late.yaml"], replications=2, out=out)
    for file, columns in FROZEN["columns"].items():
        path = out / file
        present = pq.read_schema(path).names if path.suffix == ".parquet" else list(pd.read_csv(path, nrows=0).columns)
        assert [name for name in present if name in columns] == columns, file
