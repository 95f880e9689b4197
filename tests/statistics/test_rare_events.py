"""Few events, bounds of counts and intervals of shares: tabulated and hand-worked numbers."""

import math

import pytest

from sim.statistics.rare_events import events_seen, few_events, interval_of_share, many_events, upper_bound_of_count

NAN = math.nan


def test_fewer_than_five_events_are_few() -> None:
    assert few_events([1, 0, 3, NAN]) and not few_events([1, 0, 4, NAN])
    assert not few_events([NAN, NAN]), "nothing was measured"


def test_events_of_a_boosted_study_are_those_seen() -> None:
    assert events_seen(0.03, 100) == 3
    assert few_events([0.01, 0.03], boost=100) and not few_events([0.01, 0.04], boost=100)
    assert many_events([0.02, 0.02, 0.01], boost=100).tolist() == [False, False, True]


def test_events_are_counted_over_replications() -> None:
    assert many_events([0, NAN, 3, 1, 0, 1]).tolist() == [False] * 5 + [True]


def test_the_bound_of_a_boosted_count_is_weighted_back() -> None:
    assert upper_bound_of_count(0.01, 0.95, boost=100) == pytest.approx(4.744 / 100, abs=1e-5)


def test_interval_of_a_share_worked_by_hand() -> None:
    # Wilson: (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n); p = 0.2, n = 10, z = 1.96: (0.39208 ± 0.31119) / 1.38415
    assert interval_of_share(2, 10, 0.95) == (pytest.approx(0.0567, abs=1e-4), pytest.approx(0.5098, abs=1e-4))
    # of 0 in n: z² / (n + z²)
    assert interval_of_share(0, 10, 0.95) == (0.0, pytest.approx(3.84146 / 13.84146, abs=1e-5))
