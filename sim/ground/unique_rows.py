"""A function of rows computed once for each distinct row, for columns that repeat a few values."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

LARGEST_CODE = 2**62


def map_unique_rows(compute: Callable[..., NDArray[np.float64]], *columns: NDArray[np.generic]) -> NDArray[np.float64]:
    """Shape (m,): the numbers of `compute` for the rows of the columns, shape (m,) each; computed once a distinct row.

    `compute` takes the columns of the distinct rows and returns a number for each, which must not depend on other rows.
    """
    if not len(columns[0]):
        return np.zeros(0)
    row, of_row = distinct_rows(*columns)
    return np.asarray(compute(*(column[row] for column in columns))[of_row])


def distinct_rows(*columns: NDArray[np.generic]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where one of each of the k distinct rows stands, shape (k,), and the number of each row, shape (m,) as the columns have."""
    of_row, n = _numbered(columns[0])
    code, codes = of_row, n
    for column in columns[1:]:
        number, n_values = _numbered(column)
        if codes * n_values > LARGEST_CODE:  # the code of a row would not fit into 64 bits
            code, codes = _numbered(code)
        code, codes = code * n_values + number, codes * n_values
    if len(columns) > 1:
        of_row, n = _numbered(code)
    row = np.empty(n, dtype=np.intp)
    row[of_row] = np.arange(len(of_row))  # NumPy keeps the last of equal rows; any of them would do
    return row, of_row


def _numbered(values: NDArray[np.generic]) -> tuple[NDArray[np.intp], int]:
    """For each value the number of its distinct value, and how many of these there are."""
    import pandas as pd

    # A hash table instead of np.unique, which sorts.
    numbers, distinct = pd.factorize(values, use_na_sentinel=False)
    return numbers, len(distinct)
