"""Loading, laying files over each other, and what a scenario is once loaded."""

import copy
import json
import multiprocessing
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.ground.errors import InputError
from sim.ground.sides import SIDE_KEYS
from sim.model.feature import Feature
from sim.scenario.load import apply, load_scenario, load_scenarios
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Section, build_schema
from tests.scenario.toy_features import CORE, FEATURES, CorridorPolicy, load, toy_schema


def test_a_value_is_in_si_units_and_what_is_not_written_has_its_default(tmp_path: Path) -> None:
    scenario = load(tmp_path, "policy: {corridor: {headway: 1.5 min, closes: 24:00}}\nstudy: {warm_up: 12 h}\n")
    corridor = scenario.policy.corridor
    assert (corridor.headway, corridor.opens, corridor.closes, corridor.lanes) == (90.0, 25200.0, 86400.0, 1)
    assert scenario.world.demand.flights == pytest.approx(8.5 / 86400)
    assert (scenario.study.warm_up, scenario.study.seed, scenario.study.confidence) == (43200.0, 1, 0.95)


def test_the_name_is_the_file_s_stem_and_the_title_the_name(tmp_path: Path) -> None:
    scenario = load(tmp_path, "question: Q4\nnotes: |\n  one\n  two\n")
    assert texts_of(scenario) == ("one", "one", "Q4", "one\ntwo\n")
    assert scenario.file == tmp_path / "one.yaml"


def texts_of(scenario: Scenario) -> tuple[str, str, str, str]:
    return scenario.name, str(scenario.title), str(scenario.question), str(scenario.notes)


def test_a_stem_that_is_no_name_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a name has letters, digits"):
        load(tmp_path, "title: x\n", name="my one.yaml")
    assert load(tmp_path, "name: mine\n", name="my one.yaml").name == "mine"


def test_an_empty_group_is_nothing_written(tmp_path: Path) -> None:
    text = "policy:\nworld:\n  demand:\nstudy:\n"
    assert load(tmp_path, text).hash == load(tmp_path, "title: y\n").hash


def test_three_files_deep_the_nearest_wins_and_titles_stay_at_home(tmp_path: Path) -> None:
    bottom = "title: bottom\nnotes: b\nquestion: Q1\npolicy: {corridor: {headway: 10 s, lanes: 4, strip: {width: 1 s}}}\n"
    (tmp_path / "bottom.yaml").write_text(bottom, encoding="utf-8")
    middle = "extends: bottom.yaml\nname: m\npolicy: {corridor: {headway: 20 s, strip: {exempt: true}}}\n"
    (tmp_path / "middle.yaml").write_text(middle, encoding="utf-8")
    scenario = load(tmp_path, "extends: middle.yaml\npolicy: {corridor: {opens: 6:00}}\n")
    corridor = scenario.policy.corridor
    assert (corridor.headway, corridor.lanes, corridor.opens) == (20.0, 4, 21600.0)
    assert (corridor.strip.width, corridor.strip.exempt) == (1.0, True)
    assert texts_of(scenario) == ("one", "one", "", "")


def test_a_parameter_is_replaced_whole(tmp_path: Path) -> None:
    base = "policy: {corridor: {closures: [07:00, 08:00]}}\n"
    base += "world: {document_check: {faulty: {medical: 1%, parcel: 2%}}, demand: {aircraft: {a: x, b: y}}}\n"
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    own = "extends: base.yaml\npolicy: {corridor: {closures: [09:00]}}\n"
    own += "world: {document_check: {faulty: {parcel: 3%}}, demand: {aircraft: {b: z}}}\n"
    scenario = load(tmp_path, own)
    assert scenario.policy.corridor.closures == (32400.0,)
    assert scenario.world.document_check.faulty == {"parcel": 0.03}
    assert scenario.world.demand.aircraft == {"b": "z"}


@pytest.mark.parametrize(
    ("base", "own", "expected"),
    [
        ("officers: {hong_kong: 5, mainland: 6}", "officers: {hong_kong: 3}", {"hong_kong": 3, "mainland": 6, "macao": 2}),
        ("officers: 5", "officers: {mainland: 3}", {"hong_kong": 5, "mainland": 3, "macao": 5}),
        ("officers: {mainland: 6}", "officers: {hong_kong: 3}", {"hong_kong": 3, "mainland": 6, "macao": 2}),
        ("enabled: true", "officers: {hong_kong: 3}", {"hong_kong": 3, "mainland": 2, "macao": 2}),
        ("officers: {hong_kong: 5, mainland: 6}", "officers: 4", {"hong_kong": 4, "mainland": 4, "macao": 4}),
    ],
)
def test_a_value_by_side_may_name_one_side_only(tmp_path: Path, base: str, own: str, expected: dict[str, int]) -> None:
    (tmp_path / "base.yaml").write_text(f"policy: {{document_check: {{{base}}}}}\n", encoding="utf-8")
    scenario = load(tmp_path, f"extends: base.yaml\npolicy: {{document_check: {{{own}}}}}\n")
    assert scenario.policy.document_check.officers == {side: expected[side] for side in SIDE_KEYS}


def test_a_law_of_one_side_replaces_that_side_s_law_whole(tmp_path: Path) -> None:
    base = "policy: {document_check: {service: {lognormal: {mean: 4 min, cv: 0.5}}}}\n"
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    own = "extends: base.yaml\npolicy: {document_check: {service: {mainland: {exponential: {mean: 2 min}}}}}\n"
    service = load(tmp_path, own).policy.document_check.service
    assert str(service["hong_kong"]) == "lognormal (mean 4 min, cv 0.5)"
    assert str(service["mainland"]) == "exponential (mean 2 min)"


def test_a_law_from_a_file_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "times.csv").write_text("30\n1 min\n", encoding="utf-8")
    base = "policy: {document_check: {service: {empirical: {file: times.csv}}}}\n"
    (tmp_path / "data" / "base.yaml").write_text(base, encoding="utf-8")
    scenario = load(tmp_path, "extends: data/base.yaml\n")
    assert scenario.policy.document_check.service["mainland"].mean == 45.0
    assert scenario.resolved()["policy"]["document_check"]["service"]["mainland"] == {"empirical": {"values": ["30 s", "1 min"]}}


def test_options_are_laid_on_top_in_order(tmp_path: Path) -> None:
    options = (
        "policy.corridor.headway=45 s",
        "policy.corridor.lanes=3",
        "policy.corridor.lanes=4",
        "name=set",
        "policy.document_check.officers.mainland=9",
        "policy.corridor.strip={exempt: true}",
        "policy.document_check.reserve=5 s",
        "policy.document_check.reserve=null",
    )
    scenario = load(tmp_path, "policy: {corridor: {headway: 10 s, strip: {width: 3 s}}}\n", options)
    corridor = scenario.policy.corridor
    assert (corridor.headway, corridor.lanes, corridor.strip.width, corridor.strip.exempt) == (45.0, 4, 3.0, True)
    assert scenario.policy.document_check.officers == {"hong_kong": 2, "mainland": 9, "macao": 2}
    assert scenario.policy.document_check.reserve is None
    assert scenario.name == "set"


def test_apply_gives_a_new_scenario_and_leaves_the_old(tmp_path: Path) -> None:
    scenario = load(tmp_path, "policy: {corridor: {headway: 10 s}}\n")
    changed = apply(
        scenario, {"policy.corridor.headway": "45 s", "policy.document_check.officers": {"mainland": 7}, "name": "two"}
    )
    assert (scenario.policy.corridor.headway, changed.policy.corridor.headway, changed.name) == (10.0, 45.0, "two")
    assert changed.policy.document_check.officers == {"hong_kong": 2, "mainland": 7, "macao": 2}
    with pytest.raises(InputError) as error:
        apply(scenario, {"policy.corridor.lanes": "3", "policy.corridor.lane": 3})
    assert [problem.file for problem in error.value.problems] == [
        "change of policy.corridor.lane",
        "change of policy.corridor.lanes",
    ]


def test_a_scenario_can_t_be_changed(tmp_path: Path) -> None:
    scenario = load(tmp_path, "title: x\n")
    with pytest.raises(ValidationError):
        scenario.name = "y"
    with pytest.raises(ValidationError):
        scenario.policy.corridor.headway = 3.0
    with pytest.raises(TypeError):
        scenario.policy.document_check.officers["mainland"] = 3
    with pytest.raises(TypeError):
        scenario.world.document_check.faulty.update(parcel=1.0)


def test_the_hash_sees_all_that_moves_a_number_and_nothing_else(tmp_path: Path) -> None:
    scenario = load(tmp_path, "title: x\n")
    same = {"title": "y", "notes": "n", "question": "q", "name": "z", "study.replications": 5, "study.confidence": "90%"}
    assert apply(scenario, same).hash == scenario.hash
    moving = {
        "study.seed": 2,
        "study.days": 4,
        "study.warm_up": "0 s",
        "study.cool_down": "4 d",
        "policy.corridor.headway": "59 s",
        "world.document_check.pace": 1.5,
    }
    hashes = {apply(scenario, {path: value}).hash for path, value in moving.items()}
    assert len(hashes | {scenario.hash}) == len(moving) + 1


def test_the_same_value_in_another_unit_is_the_same_scenario(tmp_path: Path) -> None:
    one = load(tmp_path, "policy: {corridor: {headway: 90 s, wind_limit: 43.2 km/h}, document_check: {random_share: 0.1}}\n")
    other = load(tmp_path, "policy: {corridor: {headway: 1.5 min, wind_limit: 12 m/s}, document_check: {random_share: 10%}}\n")
    assert (one.hash, one) == (other.hash, other)


def _resolved_of(data: bytes) -> tuple[str, str]:
    scenario = pickle.loads(data)
    return scenario.hash, json.dumps(scenario.resolved())


def test_a_scenario_survives_pickling_into_a_process_that_starts_afresh(tmp_path: Path) -> None:
    scenario = load(tmp_path, "policy: {document_check: {officers: {mainland: 7}, service: {gamma: {mean: 3 s, cv: 1}}}}\n")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.apply(_resolved_of, (pickle.dumps(scenario),))
    assert there == (scenario.hash, json.dumps(scenario.resolved()))


def test_copies_are_equal_and_of_the_same_type(tmp_path: Path) -> None:
    scenario = load(tmp_path, "title: x\n")
    for twin in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario)):
        assert twin == scenario
        assert type(twin) is type(scenario)
        assert twin.file == scenario.file
        assert len({twin, scenario}) == 1
    assert scenario != apply(scenario, {"study.seed": 2})


def test_two_groups_of_one_key_are_refused() -> None:
    corridor = FEATURES[0]
    with pytest.raises(ValueError, match="the same key: corridor"):
        build_schema((corridor, Feature("corridor", corridor.label, policy=CorridorPolicy)), CORE)
    with pytest.raises(ValueError, match="the same key: document_check"):
        build_schema(FEATURES, (Section("world", "document_check", corridor.label, CorridorPolicy),))


def test_the_schema_of_the_same_features_is_built_once() -> None:
    assert toy_schema() is toy_schema()
    assert pickle.loads(pickle.dumps(toy_schema())) is toy_schema()


def test_several_files_are_loaded_in_the_order_given(tmp_path: Path) -> None:
    for name in "ba":
        (tmp_path / f"{name}.yaml").write_text("title: x\n", encoding="utf-8")
    paths = [tmp_path / "b.yaml", tmp_path / "a.yaml"]
    assert [s.name for s in load_scenarios(paths, schema=toy_schema())] == ["b", "a"]


def test_a_path_may_be_a_text(tmp_path: Path) -> None:
    load(tmp_path, "title: x\n")
    assert load_scenario(str(tmp_path / "one.yaml"), schema=toy_schema()).name == "one"


def test_a_copy_remembers_nothing_of_the_original() -> None:
    """What a scenario has worked out about itself (its hash, how it travels) is not that of a copy with other values."""
    base = load_scenario(Path(__file__).parents[2] / "scenarios" / "baseline.yaml")
    assert pickle.dumps(base) and base.hash
    other = base.model_copy(update={"name": "other"})
    assert pickle.loads(pickle.dumps(other)).name == "other"
    assert pickle.loads(pickle.dumps(base)) == base
