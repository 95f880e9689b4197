"""Why these values: what the page says in its own words holds of the baseline."""

import pytest

from sim.report.values_page import REPLACED, TOPICS
from sim.scenario.parameters import catalogue, value_at, value_in_words
from tests.shipped import shipped

BASELINE = shipped("baseline")
PATHS = [path for topic in TOPICS for path in topic.paths]
SAME_VALUE = {"policy.pre_clearance.lead"}  # counted from another instant


def test_every_topic_that_was_asked_for_has_values_once() -> None:
    assert [topic.title for topic in TOPICS] == [
        "Approval", "Cargo data", "Screening", "Inspection", "Posts", "Port and pads", "Road", "Demand", "Weather",
    ]  # fmt: skip
    assert len(set(PATHS)) == len(PATHS) and set(PATHS) <= set(catalogue())


@pytest.mark.parametrize("row", [row for topic in TOPICS for row in topic.rows if " to " in row])
def test_the_two_ends_of_a_row_have_one_source(row: str) -> None:
    first, second = (catalogue()[path] for path in row.split(" to "))
    assert (first.status, first.source) == (second.status, second.source)


@pytest.mark.parametrize("path", REPLACED)
def test_what_was_replaced_is_another_value_now(path: str) -> None:
    assert path in {row.split(" to ")[0] for topic in TOPICS for row in topic.rows}
    if path not in SAME_VALUE:
        assert REPLACED[path].value.split(",")[0] != value_in_words(BASELINE, path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("policy.flight_authorisation.mode", "standing"),
        ("policy.flight_authorisation.confirmation", True),
        ("policy.flight_authorisation.confirmation_lead", 3600.0),
        ("policy.data_interface.single_submission", True),
        ("policy.pre_clearance.lead", 1800.0),
        ("policy.pre_clearance.decision", "on_arrival"),
        ("policy.risk_screening.engine", "separate"),
        ("policy.inspection.regime", "check_twice"),
        ("policy.inspection.sequence", ("xray", "open")),
        ("policy.vertiports.reservation", True),
        ("world.weather.mode", "none"),
    ],
)
def test_the_sentences_above_the_tables_hold(path: str, value: object) -> None:
    """The sentence of each topic, by hand: whoever changes one of these looks at it."""
    assert value_at(BASELINE, path) == value


def test_there_is_one_officer_of_each_kind_and_pay_for_one_side() -> None:
    for path in ("policy.document_check.officers", "policy.opening.officers", "policy.flight_authorisation.officers"):
        assert value_in_words(BASELINE, path) == "1"
    assert list(value_at(BASELINE, "world.posts.officer_pay")) == ["hong_kong"]
