"""Differences in words, and scenarios written down with them."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.differences import differences, in_words
from sim.scenario.load import apply
from sim.scenario.parameters import value_in_words
from sim.scenario.scenario import Scenario
from sim.scenario.write import write_resolved
from tests.scenario.toy_features import load


@pytest.fixture
def base(tmp_path: Path) -> Scenario:
    return load(tmp_path, "title: The base\n", name="base.yaml")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("policy.corridor.headway", "45 s", "Corridor: headway 1 min → 45 s"),
        ("policy.corridor.opens", "6:30", "Corridor: opening 07:00 → 06:30"),
        ("policy.corridor.closures", ["08:00", "9:00"], "Corridor: closures none → 08:00, 09:00"),
        ("policy.corridor.strip.exempt", True, "Corridor: exemption no → yes"),
        ("policy.document_check.officers", {"mainland": 4}, "Document check: officers Mainland 2 → 4"),
        ("policy.document_check.officers", 4, "Document check: officers 2 → 4"),
        (
            "policy.document_check.officers",
            {"hong_kong": 1, "mainland": 4},
            "Document check: officers Hong Kong 2 → 1, Mainland 2 → 4",
        ),
        (
            "policy.document_check.service",
            {"hong_kong": {"lognormal": {"mean": "5 min", "cv": 0.6}}},
            "Document check: service time Hong Kong 5 min → lognormal (mean 5 min, cv 0.6)",
        ),
        ("policy.document_check.reserve", "90 s", "Document check: reserve none → 1.5 min"),
        ("policy.document_check.random_share", 0.125, "Document check: random share 5% → 12.5%"),
        (
            "world.document_check.faulty",
            {"medical": "3%", "parcel": "2%"},
            "Document check: faulty documents medical 1% → 3%",
        ),
        ("study.days", 5, "Study: measured days 3 → 5"),
    ],
)
def test_a_difference_in_words(base: Scenario, path: str, value: Any, words: str) -> None:
    (difference,) = differences(base, apply(base, {path: value}))
    assert in_words(difference) == words
    assert (difference.path, difference.branch) == (path, path.split(".")[0])
    (back,) = differences(apply(base, {path: value}), base)
    assert (back.before, back.after) == (difference.after, difference.before)


def test_a_difference_in_three_languages(base: Scenario) -> None:
    changed = apply(base, {"policy.document_check.service": {"mainland": {"gamma": {"mean": "2 min", "cv": 1}}}})
    (difference,) = differences(base, changed)
    assert in_words(difference, "zh-Hant") == "文件審核：service time（繁） 內地 5 分鐘 → 伽瑪分布 (平均值 2 分鐘, 變異係數 1.0)"
    assert in_words(difference, "zh-Hans") == "单证审核：service time（简） 内地 5 分钟 → 伽马分布 (平均值 2 分钟, 变异系数 1.0)"


def test_policy_and_world_differences_are_told_apart(base: Scenario) -> None:
    other = apply(base, {"policy.corridor.lanes": 2, "world.document_check.pace": 2, "study.seed": 9, "title": "Other"})
    assert [d.path for d in differences(base, other)] == ["policy.corridor.lanes", "world.document_check.pace", "study.seed"]
    assert [d.path for d in differences(base, other, "policy")] == ["policy.corridor.lanes"]
    assert [d.path for d in differences(base, other, "world")] == ["world.document_check.pace"]
    assert differences(base, apply(base, {"title": "Other", "notes": "n"})) == ()


def test_a_value_in_words(base: Scenario) -> None:
    other = apply(base, {"policy.document_check.officers": {"mainland": 4}})
    assert value_in_words(other, "policy.document_check.officers") == "Hong Kong 2, Mainland 4, Macao 2"
    assert value_in_words(other, "policy.document_check.officers", "zh-Hant") == "香港 2，內地 4，澳門 2"
    assert value_in_words(base, "policy.document_check.officers") == "2"
    with pytest.raises(KeyError):
        value_in_words(base, "policy.document_check")


def test_a_written_scenario_names_every_difference_and_is_the_same_each_time(base: Scenario) -> None:
    other = apply(base, {"name": "other", "policy.corridor.headway": "45 s", "world.demand.aircraft": "a\nb # c"})
    text = write_resolved(other, base)
    assert text.splitlines()[1:4] == [
        "# Differences from base:",
        "#   policy: Corridor: headway 1 min → 45 s",
        "#   world: Demand: aircraft fy4 → a b # c",
    ]
    assert text == write_resolved(apply(other, {}), base)
    assert "# No difference from base." in write_resolved(apply(base, {"name": "twin"}), base)


_SECONDS = st.floats(1, 3600).map(lambda s: f"{s!r} s")
_CLOCKS = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]}:{t[1]:02d}")
_LAWS = st.one_of(
    _SECONDS,
    st.builds(lambda mean, cv: {"lognormal": {"mean": mean, "cv": cv}}, _SECONDS, st.floats(0.01, 20)),
    st.lists(_SECONDS, min_size=1, max_size=40).map(lambda values: {"empirical": {"values": values}}),
)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": _TEXTS,
        "notes": _TEXTS,
        "policy.corridor.headway": _SECONDS,
        "policy.corridor.closures": st.lists(_CLOCKS),
        "policy.corridor.strip.exempt": st.booleans(),
        "policy.corridor.wind_limit": st.floats(0, 1e6).map(lambda v: f"{v!r} km/h"),
        "policy.document_check.officers": st.one_of(
            st.integers(0, 50), st.dictionaries(st.just("mainland"), st.integers(0, 50), min_size=1)
        ),
        "policy.document_check.roster": st.dictionaries(_CLOCKS.map(lambda c: c.zfill(5)), st.integers(0, 9), min_size=1),
        "policy.document_check.service": st.one_of(_LAWS, st.fixed_dictionaries({"hong_kong": _LAWS})),
        "policy.document_check.random_share": st.floats(0, 1),
        "policy.document_check.reserve": st.one_of(st.none(), _SECONDS),
        "world.demand.aircraft": st.one_of(_TEXTS, st.dictionaries(_TEXTS, _TEXTS)),
        "world.demand.profile": st.lists(st.floats(allow_nan=False, allow_infinity=False)),
        "world.demand.flights": st.floats(0, 1e6).map(lambda v: f"{v!r}/d"),
        "world.document_check.faulty": st.dictionaries(st.sampled_from(["medical", "parcel"]), st.floats(-1, 1)),
        "study.seed": st.integers(0, 2**63 - 1),
    },
)


@settings(max_examples=80, deadline=None)
@given(_CHANGES)
def test_a_written_scenario_is_read_back_equal(changes: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = load(Path(folder), "title: x\n", name="base.yaml")
        scenario = apply(base, changes)
        back = load(Path(folder), write_resolved(scenario, base), name="back.yaml")
    assert back == scenario
    assert back.hash == scenario.hash
    assert base.assembly.rebuilt(scenario.resolved(), None) == scenario
