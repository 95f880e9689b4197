"""Labels: a key has one name, whatever kinds of things share it; pools by their declared kinds."""

from dataclasses import replace

import pytest

from sim.charts import labels
from sim.ground.text import LANGUAGES, Text
from sim.policies import FEATURES
from sim.study.part_names import STEPS_NOT_TERMS
from sim.study.trs import TERMS

CATALOGUES = labels.catalogues(FEATURES)


def test_no_key_of_two_kinds_has_two_names() -> None:
    names = labels.names_by_key(CATALOGUES)
    for catalogue in CATALOGUES.values():
        assert all(names[key] == text for key, text in catalogue.items())


def test_a_stage_that_takes_the_key_of_another_thing_is_refused() -> None:
    feature = next(feature for feature in FEATURES if feature.stages)
    stage = replace(feature.stages[0], key="fog", label=Text("a stage", "步驟", "步骤"))
    features = (*FEATURES, replace(feature, stages=(stage,)))
    with pytest.raises(ValueError, match=r"the key 'fog' has two names: a stage \(stage\) and fog \(disruption\)"):
        labels.names_by_key(labels.catalogues(features))


def test_the_exceptions_are_terms_that_a_step_names_otherwise() -> None:
    steps = CATALOGUES["step"]
    assert {key for key in TERMS if key in steps and TERMS[key].text != steps[key]} == set(STEPS_NOT_TERMS)


def test_a_field_is_a_pool_only_if_its_kind_is_declared() -> None:
    kind = next(pool for feature in FEATURES for pool in feature.pools)
    for language in LANGUAGES:
        assert labels.part(f"{kind.key}.hong_kong", language).startswith(kind.label.in_language(language))
    assert labels.part("p99.9") == "p99.9"
    assert labels.part("slots") == "no slots in the corridor", "without a place, slots are a disruption and no pool"
