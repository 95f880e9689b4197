"""A feature that is not the package's: its measures, columns and names are in the study, in this process and in others."""

import importlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sim.analysis.sweep import sweep
from sim.charts import labels
from sim.ground.errors import InputError
from sim.policies import FEATURES
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Schema, build_schema, default_schema
from sim.study.study import Study, load, run

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
SHORT = ["study.days=1", "study.warm_up=0 s", "study.cool_down=12 h", "policy.weighing.scales=3"]
MODULE = "weighing_of_the_test"
SOURCE = '''
"""Weighing: every consignment is weighed before it is loaded."""

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.parameter import BySide, Group, Servers, Status, parameter
from sim.ground.text import Text
from sim.model.facts import Fact
from sim.model.feature import Feature, StageUse
from sim.model.metric import Metric
from sim.model.process import LOADED, ORDERED
from sim.model.stage import PoolKind, Stage

KILOGRAMS = 2.0


class WeighingPolicy(Group):
    """Scales."""

    scales: BySide[Servers] = parameter(
        1,
        label=Text("Scales", "磅秤", "磅秤"),
        meaning="Scales at a vertiport.",
        source="made up",
        status=Status.GUESS,
        bounds=(0, 9),
    )


WEIGHT_KG = Fact[Floats]("weight_kg", float, "consignment", "what it weighs, kg")
WEIGH = Stage("weigh", Text("weighing", "過磅", "过磅"), "operator", "ground")
SCALES = PoolKind("scales", Text("electronic scales", "電子磅秤", "电子磅秤"))


def decide(context, policy, world):
    return {WEIGHT_KG: np.full(len(context.consignments), KILOGRAMS)}


def build(context, policy, world):
    scales = context.pools_at_site(SCALES, policy.scales, "origin")
    return [StageUse(WEIGH, (ORDERED,), (LOADED,), pool=scales, service_s=10.0)]


WEIGHING = Feature(
    key="weighing",
    label=Text("Weighing", "過磅", "过磅"),
    policy=WeighingPolicy,
    writes=(WEIGHT_KG,),
    stages=(WEIGH,),
    pools=(SCALES,),
    metrics=(
        Metric(
            key="mean_weight",
            label=Text("mean weight", "平均重量", "平均重量"),
            unit="1",
            better="neither",
            topic="control",
            formula="Mean weight of a consignment, kg.",
            compute=lambda observation: float(observation.facts[WEIGHT_KG].mean()),
        ),
    ),
    decide=decide,
    build=build,
)
'''


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / f"{MODULE}.py"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield path
    sys.modules.pop(MODULE, None)


def imported() -> ModuleType:
    """The module as its file is now."""
    sys.modules.pop(MODULE, None)
    importlib.invalidate_caches()
    return importlib.import_module(MODULE)


def schema_with(weighing: ModuleType) -> Schema:
    return build_schema((*FEATURES, weighing.WEIGHING), default_schema().core)


def scenario_of(schema: Schema) -> Scenario:
    return load_scenario(BASELINE, SHORT, schema)


def mean_weight(study: Study) -> list[float]:
    return study.summary.set_index("metric").loc[["mean_weight"], "mean"].tolist()


@pytest.mark.parametrize(("workers", "engine"), [(1, "compiled"), (2, "reference")])
def test_its_measures_columns_and_names_are_in_the_study(file: Path, tmp_path: Path, workers: int, engine: str) -> None:
    schema = schema_with(imported())
    study = run([scenario_of(schema)], replications=2, workers=workers, engine=engine, out=tmp_path / "out")
    assert mean_weight(study) == [2.0]
    assert "mean_weight" in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert set(study.consignments["weight_kg"]) == {2.0}
    assert (study.stages["stage"] == "weigh").any()
    assert study.metrics["mean_weight"].label.en == "mean weight"
    assert labels.measure(study, "wait_mean", "scales.wenjindu").endswith("electronic scales, Wenjindu Port")
    read_again = load(tmp_path / "out", schema)
    assert read_again.scenarios[0].policy.weighing.scales == study.scenarios[0].policy.weighing.scales
    assert "mean_weight" in read_again.metrics


@pytest.mark.takes(10)
def test_an_analysis_has_its_measures_and_refuses_those_of_other_scenarios(file: Path) -> None:
    changes = {"vary": "policy.weighing.scales=1,2", "measures": "mean_weight"}
    swept = sweep(scenario_of(schema_with(imported())), **changes, replications=2, workers=1)
    assert swept.values("mean_weight").tolist() == [[2.0, 2.0]] * 2
    assert swept.metrics["mean_weight"].label.en == "mean weight" and swept.features[-1].key == "weighing"
    with pytest.raises(InputError, match="no such measure"):
        sweep(load_scenario(BASELINE), vary="policy.corridor.headway=30 s,60 s", measures="mean_weight")


def test_a_study_of_an_edited_feature_is_not_taken_for_the_one_before(file: Path, tmp_path: Path) -> None:
    first = run([scenario_of(schema_with(imported()))], replications=2, out=tmp_path / "out")
    same = run([scenario_of(schema_with(imported()))], replications=2, out=tmp_path / "out")
    assert (first.reused, same.reused) == (False, True)
    file.write_text(SOURCE.replace("KILOGRAMS = 2.0", "KILOGRAMS = 3.0"), encoding="utf-8")
    edited = run([scenario_of(schema_with(imported()))], replications=2, out=tmp_path / "out")
    assert not edited.reused and mean_weight(edited) == [3.0]


def test_what_it_imports_from_beside_it_counts_too(file: Path, tmp_path: Path) -> None:
    beside = tmp_path / "kilograms_of_the_test.py"
    file.write_text(SOURCE.replace("KILOGRAMS = 2.0", "from kilograms_of_the_test import KILOGRAMS, kilograms"), encoding="utf-8")
    hashes = []
    for weight in (2.0, 3.0):
        beside.write_text(f"KILOGRAMS = {weight}\n\n\ndef kilograms():\n    return KILOGRAMS\n", encoding="utf-8")
        sys.modules.pop("kilograms_of_the_test", None)
        hashes.append(scenario_of(schema_with(imported())).hash)
    sys.modules.pop("kilograms_of_the_test", None)
    assert hashes[0] != hashes[1]


def test_scenarios_with_different_features_are_no_study(file: Path) -> None:
    plain = load_scenario(BASELINE, SHORT[:-1]).model_copy(update={"name": "plain"})
    with pytest.raises(InputError, match="scenario plain has other features than the baseline baseline"):
        run([scenario_of(schema_with(imported())), plain], replications=2)


def test_a_feature_travels_by_its_name() -> None:
    for feature in FEATURES:
        assert pickle.loads(pickle.dumps(feature)) is feature
