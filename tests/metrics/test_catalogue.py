"""The catalogue as a whole: keys, labels, parts, and observations that offer nothing."""

import numpy as np
import pytest

from sim.ground.text import LANGUAGES, Text
from sim.metrics import CATALOGUE, all_metrics, measure
from sim.metrics.breakdown import join_part, split_part
from sim.model.feature import Feature
from sim.model.metric import Metric
from sim.model.observation import Observation
from tests.metrics.hand_made import NEVER, At, observe, servers

EXTRA = Metric(
    key="extra",
    label=Text("extra", "額外", "额外"),
    unit="1",
    better="neither",
    topic="control",
    formula="Flights.",
    compute=lambda o: len(o.flights),
)


def feature(*metrics: Metric) -> Feature:
    return Feature("feature", EXTRA.label, metrics=metrics)


def empty() -> Observation:
    return observe(At("release", []), pools=[servers("desk", workload="officer")], ordered_s=[])


def test_keys_are_unique_and_every_measure_is_told_in_three_languages() -> None:
    assert len({metric.key for metric in CATALOGUE}) == len(CATALOGUE)
    for metric in CATALOGUE:
        assert all(metric.label.in_language(language) for language in LANGUAGES), metric.key
        assert metric.label.en.isascii() and metric.label.zh_hant != metric.label.en, metric.key
        assert metric.formula.endswith("."), metric.key
    labels = [metric.label.zh_hant for metric in CATALOGUE]
    assert len(set(labels)) == len(labels)


def test_a_features_measures_come_after_the_general_ones() -> None:
    assert all_metrics([feature(EXTRA)]) == (*CATALOGUE, EXTRA)


def test_a_measure_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        all_metrics([feature(EXTRA), feature(EXTRA)])


def test_measure_gives_one_row_a_number() -> None:
    by_side = Metric(
        key="by_side",
        label=EXTRA.label,
        unit="1",
        better="neither",
        topic="control",
        formula="",
        compute=lambda o: {"": 3.0, "hong_kong": 1.0},
    )
    assert measure(empty(), (EXTRA, by_side)) == [("extra", "", 0.0), ("by_side", "", 3.0), ("by_side", "hong_kong", 1.0)]


def test_no_flights_give_counts_of_0_and_otherwise_nothing_to_measure() -> None:
    rows = {(key, part): value for key, part, value in measure(empty(), CATALOGUE)}
    assert rows["flights_planned", ""] == 0
    for key in ("delay_mean", "on_time_share", "released_share", "order_to_release_mean", "finds_per_thousand_examined"):
        assert np.isnan(rows[key, ""]), key
    assert np.isnan(rows["ledger", "air"])
    assert rows["utilisation", "desk"] == 0


def test_a_plan_without_a_release_or_pools_is_measured_too() -> None:
    rows = {(key, part): value for key, part, value in measure(observe(At("file", [NEVER])), CATALOGUE)}
    assert rows["unreleased_share", ""] == 1
    assert rows["flight_outcome_share", "in_system"] == 1


def test_the_same_observation_measured_twice_gives_the_same_numbers() -> None:
    observation = observe(At("release", [(0, 0, 5)], role="destination", step="release"))
    assert str(measure(observation, CATALOGUE)) == str(measure(observation, CATALOGUE))


def test_parts_come_apart_as_they_were_joined() -> None:
    assert split_part(join_part("pad.sheung_wan", "07")) == ("pad.sheung_wan", "07")
    assert split_part("") == ()
    with pytest.raises(ValueError, match="must not hold"):
        join_part("a/b", "c")
