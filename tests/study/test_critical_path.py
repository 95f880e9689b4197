"""What a change does to the critical path: numbers by hand, and the sentences they give."""

from collections.abc import Mapping

import numpy as np
import pytest

from sim.charts import labels
from sim.ground.text import LANGUAGES, Language
from sim.metrics.measure_ref import MeasureRef
from sim.report.critical_path import BEFORE, sentences
from sim.study.critical_path import PathValues, path_change

STAGES = labels.stages()
N = 20
NOISE = np.tile([-0.01, 0.01], N // 2)


def values(load: float, lead: float, flight: float, seconds: Mapping[str, float], noise: bool = True) -> PathValues:
    """A scenario in which loading and the lead end last before take-off in these shares of flights."""
    about = NOISE if noise else 0 * NOISE
    shares = {
        "ends_last/departure/load": load + about,
        "ends_last/departure/lead": lead - about,
        "ends_last/release/unload": flight + about / 2,
        "ends_last/release/lead": 1 - flight - about / 2,
        "on_critical_path/flight": flight + about / 2,
        "flights_released": np.full(N, 100.0),
    }
    times = {f"stage_time/{key}": np.full(N, s) + about for key, s in seconds.items()}
    return {MeasureRef.parse(name): column for name, column in (shares | times).items()}


BEFORE_S = {"load": 300.0, "lead": 1800.0, "fly_1": 400.0, "fly_2": 90.0, "unload": 180.0}


def lines(before: PathValues, after: PathValues, language: Language = "en", is_paired: bool = True) -> list[str]:
    return sentences(path_change(before, after, STAGES, 0.95, is_paired), BEFORE, language, STAGES)


@pytest.mark.parametrize("is_paired", [True, False])
def test_what_ends_last_now_takes_no_longer(is_paired: bool) -> None:
    """The flight is on the critical path more often and takes as long; the lead that outlasted it was cut."""
    before, after = values(0.3, 0.7, 0.6, BEFORE_S), values(0.95, 0.05, 1.0, BEFORE_S | {"lead": 900.0}, noise=not is_paired)
    assert lines(before, after, is_paired=is_paired) == [
        "Flights do not fly longer or shorter: 8.17 min on average in both.",
        "The release waits for the flight itself in 100 of 100 flights (before: 60), so its minutes count in more flights.",
        "Loading ends last before take-off in 95 of 100 flights (before: 30); it takes as long in both, 5.00 min a flight on "
        "average.",
        "“Filing lead, from acceptance” ends last before take-off in 5 of 100 flights (before: 70); on average it takes 15.0 min "
        "a flight (before: 30.0 min).",
        "Unloading ends last before the release in 100 of 100 flights (before: 60); it takes as long in both, 3.00 min a flight "
        "on average.",
        "“Filing lead, from acceptance” ends last before the release in 0 of 100 flights (before: 40); on average it takes "
        "15.0 min a flight (before: 30.0 min).",
    ]


@pytest.mark.parametrize(("point", "what"), [("departure", "take-off"), ("release", "the release")])
def test_what_leads_there_in_one_of_the_two_only_is_said_so(point: str, what: str) -> None:
    """The lead takes as long, and its end is waited for where it was not: no word of other times."""
    before, after = (dict(values(0.3, 0.7, 0.3, BEFORE_S)) for _ in range(2))
    del before[MeasureRef("ends_last", f"{point}/lead")]
    for here, there in ((before, after), (after, before)):
        text = next(line for line in lines(here, there) if line.startswith("“Filing lead") and what in line)
        assert "it takes as long in both" in text
        assert text.endswith(f"{what} {'did not wait for it otherwise' if here is before else 'no longer waits for it'}.")


def test_a_flight_that_does_take_longer_is_not_called_unchanged() -> None:
    text = lines(values(0.5, 0.5, 0.6, BEFORE_S), values(0.5, 0.5, 0.9, BEFORE_S | {"fly_1": 500.0}))
    assert text[0] == "Time in the air: 9.83 min a flight on average (before: 8.17 min)."


def test_what_moves_by_chance_or_hardly_is_not_told() -> None:
    same = values(0.5, 0.5, 0.6, BEFORE_S)
    assert lines(same, same) == lines(same, values(0.51, 0.49, 0.61, BEFORE_S)) == []


def test_a_study_without_these_measures_has_no_sentence() -> None:
    nothing = {MeasureRef("flights_released"): np.full(N, 100.0)}
    kept = values(0.5, 0.5, 0.6, BEFORE_S)
    assert lines(nothing, nothing) == lines(nothing, kept) == lines(kept, nothing) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_in_chinese_no_english_is_left(language: Language) -> None:
    text = lines(values(0.3, 0.7, 0.6, BEFORE_S), values(0.95, 0.05, 1.0, BEFORE_S | {"lead": 900.0}), language)
    assert len(text) == 6
    assert not any(letter.isascii() and letter.isalpha() for line in text for letter in line)
