"""Work done once for each distinct row."""

import numpy as np

from sim.ground.unique_rows import map_unique_rows


def test_each_distinct_row_is_asked_once_and_every_row_has_its_answer() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.choice([-np.inf, 0.1, 0.2, np.inf], 500), rng.choice([True, False], 500)
    asked: list[int] = []

    def answer(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        asked.append(len(x))
        return np.nan_to_num(x) + y

    np.testing.assert_array_equal(map_unique_rows(answer, one, other), np.nan_to_num(one) + other)
    assert asked == [8]


def test_many_columns_of_many_values_are_told_apart() -> None:
    columns = np.random.default_rng(2).random((8, 3000))  # more combinations than an int64 can number
    np.testing.assert_array_equal(map_unique_rows(lambda *c: np.sum(c, axis=0), *columns), np.sum(columns, axis=0))


def test_nothing_is_asked_of_no_rows() -> None:
    assert len(map_unique_rows(lambda x: 1 / 0, np.zeros(0))) == 0
