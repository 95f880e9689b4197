"""The public functions: one form of arguments for all, and an error that names what is wrong with one."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.execution.options import RunKeywords
from sim.ground.errors import InputError
from tests.conftest import BASE

FOLDER = Path(__file__).parents[1] / "fixtures" / "format-2"
RUNNERS = ("run", "sweep", "robust", "assumptions", "sensitivity", "frontier", "saturate", "warm_up")
NEEDED: dict[str, dict[str, Any]] = {"sweep": {"vary": "policy.corridor.headway"}, "saturate": {"target": "delay_mean <= 30 min"}}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path / "base.yaml"


def test_only_public_names_are_listed() -> None:
    assert dir(sim) == sorted(sim.__all__)
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    assert not hasattr(sim, "Means")


def test_keywords_of_a_run_are_the_fields_of_its_options() -> None:
    assert {field.name for field in fields(sim.RunOptions)} | {"options"} == set(RunKeywords.__annotations__)


@pytest.mark.parametrize("name", RUNNERS)
def test_help_lists_every_argument(name: str) -> None:
    parameters = inspect.signature(getattr(sim, name)).parameters
    assert next(iter(parameters)) == "scenarios"
    assert {"set", *RunKeywords.__annotations__} <= set(parameters)
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in list(parameters.values())[1:])


WRONG_OPTIONS = [
    ({"sede": 1}, "seed"),
    ({"seed": 1.5}, "1.5, a number"),
    ({"seed": True}, "seed: not possible"),
    ({"seed": -1}, "0 to 9223372036854775807"),
    ({"replications": "5"}, "'5', a text"),
    ({"replications": 0}, "1 to 100000"),
    ({"workers": 0}, "1 or more"),
    ({"workers": "all"}, "a whole number"),
    ({"engine": "fast"}, "reference"),
    ({"engine": 3}, "3, a whole number"),
    ({"cluster": 8786}, "a text"),
    ({"out": 3}, "a path"),
    ({"resume": "yes"}, "True or False"),
    ({"again": 1}, "True or False"),
    ({"progress": True}, "a function of \\(done, total, flights\\)"),
    ({"options": {"seed": 1}}, "sim.RunOptions"),
    ({"set": 3}, "a text or a list"),
    ({"set": "study.days"}, "KEY=VALUE"),
    ({"set": {"study.dayz": 1}}, "days"),
    ({"set": {3: 1}}, "not the path of a parameter"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG_OPTIONS, ids=lambda part: str(part)[:30])
@pytest.mark.parametrize("name", RUNNERS)
def test_a_wrong_option_is_told_alike_everywhere(base: Path, name: str, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        getattr(sim, name)(base, **NEEDED.get(name, {}), **wrong)


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize(
    ("scenarios", "told"), [(3, "a path, a sim.Scenario"), ([], "at least one"), ([None], "None"), ({}, "list")]
)
def test_wrong_scenarios_are_told_alike_everywhere(name: str, scenarios: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        getattr(sim, name)(scenarios, **NEEDED.get(name, {}))


STUDY = sim.load(FOLDER / "finished")
WRONG_CALLS: list[tuple[Callable[[Path], Any], str]] = [
    (
        lambda base: sim.run(),  # type: ignore[call-arg]
        "missing a required argument: 'scenarios'",
    ),
    (lambda base: sim.run(base, base), "too many positional arguments"),  # type: ignore[call-arg, arg-type]
    (lambda base: sim.run(base, keep_stages="some"), "first, all, none"),  # type: ignore[arg-type]
    (lambda base: sim.run(base, precision=3), "precision"),  # type: ignore[arg-type]
    (lambda base: sim.run(base, precision="delay_meen=5%"), "delay_mean"),
    (lambda base: sim.run(base, max_replications="9"), "max_replications"),  # type: ignore[arg-type]
    (lambda base: sim.run(base, finish=True), "a function of \\(study, folder\\)"),  # type: ignore[arg-type]
    (lambda base: sim.sweep(str(base)), "vary"),  # type: ignore[call-arg]
    (lambda base: sim.sweep([base, base], vary="policy.corridor.headway"), "one scenario is needed"),
    (lambda base: sim.sweep(base, vary="policy.corridor.headwy"), "policy.corridor.headway"),
    (lambda base: sim.sweep(base, vary=3), "vary"),  # type: ignore[arg-type]
    (lambda base: sim.sweep(base, vary="policy.corridor.headway", measures="delay_meen"), "delay_mean"),
    (lambda base: sim.sweep(base, vary="policy.corridor.headway", design="square"), "grid, lhs, sobol"),
    (lambda base: sim.sweep(base, vary="policy.corridor.headway", steps="5"), "steps"),  # type: ignore[arg-type]
    (lambda base: sim.sweep(base, vary="policy.corridor.headway", points=1), "2 or more"),
    (lambda base: sim.robust(str(base)), "two scenarios are needed"),
    (lambda base: sim.robust([base, base], worlds="6"), "worlds"),  # type: ignore[arg-type]
    (lambda base: sim.robust([base, base], band=5), "band"),  # type: ignore[arg-type]
    (lambda base: sim.assumptions([base] * 3), "is taken by"),
    (lambda base: sim.assumptions(base, measure=3), "measure"),  # type: ignore[arg-type]
    (lambda base: sim.assumptions(base, leave="world.demnd"), "there is no such parameter"),
    (lambda base: sim.sensitivity(base, method="fast"), "morris, sobol"),
    (lambda base: sim.sensitivity(base, samples=2.5), "samples"),  # type: ignore[arg-type]
    (lambda base: sim.frontier(base, pairs="delay_mean"), "two measures"),
    (lambda base: sim.frontier(base, pairs=[3]), "two measures"),  # type: ignore[list-item]
    (lambda base: sim.saturate(base, target=3), "target"),  # type: ignore[arg-type]
    (lambda base: sim.saturate(base, target="soon"), "<= or >="),
    (lambda base: sim.warm_up(base, days=1), "4 or more"),
    (lambda base: sim.warm_up(base, out="x"), "leaves no folder"),
    (lambda base: sim.load_scenario(3), "a path"),  # type: ignore[arg-type]
    (lambda base: sim.load_scenario(base, sett=3), "set"),  # type: ignore[call-arg]
    (lambda base: sim.load_scenario(base, "study.dayz=1"), "days"),
    (lambda base: sim.apply(base, {"study.dayz": 1}), "days"),
    (lambda base: sim.apply(base, 3), "a text or a list"),  # type: ignore[arg-type]
    (lambda base: sim.load(3), "a path"),  # type: ignore[arg-type]
    (lambda base: sim.load(base.parent), "no study can be read here"),
    (lambda base: sim.load(FOLDER / "sweep"), "folder of a sweep"),
    (lambda base: STUDY.table(["delay_meen"]), "delay_mean"),
    (lambda base: STUDY.table("delay_mean", column="meen"), "mean"),
    (lambda base: STUDY.table("delay_mean", colum="mean"), "column"),  # type: ignore[call-arg]
    (lambda base: STUDY.table(3), "metrics"),  # type: ignore[arg-type]
    (lambda base: STUDY.sql(3), "query"),  # type: ignore[arg-type]
    (lambda base: STUDY.sql("select * from flight"), "flights"),
    (lambda base: STUDY.warnings_in("fr"), "zh-Hant"),  # type: ignore[arg-type]
    (lambda base: STUDY.differences_in("en", "wold"), "world"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("number", range(len(WRONG_CALLS)))
def test_a_wrong_call_is_told(base: Path, number: int) -> None:
    call, told = WRONG_CALLS[number]
    with pytest.raises(InputError, match=told):
        call(base)


def test_forms_of_a_change_are_the_same(base: Path) -> None:
    loaded = sim.load_scenario(base)
    forms: list[Any] = ["study.days=2", ["study.days=2"], {"study.days": 2}]
    changed = [sim.apply(scenario, form) for scenario in (base, str(base), loaded) for form in forms]
    assert all(scenario == changed[0] != loaded for scenario in changed)
    assert sim.apply(loaded, "policy.corridor.headway=45 s") == sim.apply(loaded, {"policy.corridor.headway": "45 s"})


def test_what_is_set_on_a_scenario_is_told_in_the_manifest(base: Path) -> None:
    changes = {"study.days": 1, "study.warm_up": "0 h", "world.demand.flights_per_day": "6/d"}
    study = sim.run(sim.load_scenario(base), set=changes, replications=1)
    assert study.manifest.set == ("study.days=1", "study.warm_up=0 h", "world.demand.flights_per_day=6/d")
    assert study.scenarios[0].study.days == 1


def test_progress_and_numbers_of_other_libraries(base: Path) -> None:
    whole: Any = np.int64
    counted: list[tuple[int, int, int]] = []
    study = sim.run([base], set="study.days=1", replications=whole(2), seed=whole(3), progress=lambda *n: counted.append(n))
    assert [done for done, _, _ in counted] == [0, 1, 2]
    assert type(study.manifest.seed) is int


def test_options_hold_what_is_not_named(base: Path) -> None:
    options = sim.RunOptions(replications=2, seed=5, workers=1)
    study = sim.run(base, set="study.days=1", seed=6, options=options)
    assert (study.manifest.replications, study.manifest.seed, study.manifest.run.workers) == (2, 6, 1)
