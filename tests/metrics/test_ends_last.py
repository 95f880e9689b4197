"""What ends last: by hand, and beside the critical path it speaks of."""

import pytest

from sim.metrics.ends_last import METRICS
from sim.metrics.waterfall import METRICS as WATERFALL
from sim.model.observation import Observation
from tests.metrics.hand_made import At, observe

BY_KEY = {metric.key: metric.compute for metric in (*METRICS, *WATERFALL)}


def flights(file_s: float) -> Observation:
    """Two flights, loaded in 300 s, filed in `file_s` and in 100 s; the release waits for the flight and for a check of 900 s."""
    leave_s = [max(300.0, file_s), 300.0]
    return observe(
        At("load", [(0, 0, 300), (0, 0, 300)], role="operator"),
        At("file", [(0, 0, file_s), (0, 0, 100)], role="origin", step="filing"),
        At("pad", [(at, at, at + 20) for at in leave_s], after="load file", role="air"),
        At("fly", [(at + 20, at + 20, at + 620) for at in leave_s], after="pad", role="air", step="flight", takeoff=True),
        At("check", [(0, 100, 1000), (0, 100, 1000)], role="destination", step="documents"),
        At("release", [(max(at + 620, 1000),) * 3 for at in leave_s], after="fly check", role="destination", step="release"),
        ordered_s=[0, 0],
        outcome=[1, 1],
        ended_s=[max(at + 620, 1000) for at in leave_s],
    )


def test_before_take_off_and_before_the_release_the_last_stage_counts() -> None:
    quick, slow = BY_KEY["ends_last"](flights(100)), BY_KEY["ends_last"](flights(800))
    assert quick == {
        "departure/load": 1, "departure/file": 0, "release/load": 0, "release/file": 0, "release/pad": 0, "release/fly": 0,
        "release/check": 1,
    }  # fmt: skip
    assert slow == {
        "departure/load": 0.5, "departure/file": 0.5, "release/load": 0, "release/file": 0, "release/pad": 0, "release/fly": 0.5,
        "release/check": 0.5,
    }  # fmt: skip


def test_a_flight_no_longer_than_before_comes_onto_the_critical_path() -> None:
    """The minutes of the waterfall grow, and the time in the air does not: what the two other measures are for."""
    quick, slow = flights(100), flights(800)
    minutes = [BY_KEY["waterfall"](observation)["fly/service"] for observation in (quick, slow)]
    assert minutes == [0, 300]
    assert [BY_KEY["stage_time"](observation)["fly"] for observation in (quick, slow)] == [600, 600]
    assert [BY_KEY["on_critical_path"](observation)["flight"] for observation in (quick, slow)] == [0, 0.5]


def test_the_time_in_a_stage_counts_queue_and_service_up_to_the_release() -> None:
    times = BY_KEY["stage_time"](flights(800))
    assert times == {"load": 300, "file": pytest.approx(450), "pad": 20, "fly": 600, "check": 1000}
    assert "release" not in times


def test_what_takes_a_few_seconds_holds_nobody_up() -> None:
    """Behind data of 800 s comes a screening of 5 s: flights wait for the data."""
    observation = observe(
        At("load", [(0, 0, 300)], role="operator"),
        At("file", [(0, 0, 800)], role="origin", step="filing"),
        At("screen", [(800, 800, 805)], after="file", role="origin", step="screening"),
        At("fly", [(805, 805, 1405)], after="load screen", role="air", step="flight", takeoff=True),
        At("release", [(1405, 1405, 1405)], after="fly", role="destination", step="release"),
        ordered_s=[0],
        outcome=[1],
        ended_s=[1405],
    )
    shares = BY_KEY["ends_last"](observation)
    assert {key for key, share in shares.items() if share} == {"departure/file", "release/fly"}
    assert BY_KEY["on_critical_path"](observation)["screening"] == 1
