"""Work done once for each distinct row of columns that repeat a few values."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

LARGEST_CODE = 2**62


def by_distinct(compute: Callable[..., NDArray[np.float64]], *columns: NDArray[np.generic]) -> NDArray[np.float64]:
    """Shape (m,): what `compute` gives for the rows of the columns (shape (m,) each), asked once a distinct row.

    `compute` takes the columns of the distinct rows and gives one number a row, which no other row may influence.
    """
    if not len(columns[0]):
        return np.zeros(0)
    of_row, n = _numbered(columns[0])
    code, codes = of_row, n
    for column in columns[1:]:
        own, n_own = _numbered(column)
        if codes * n_own > LARGEST_CODE:
            code, codes = _numbered(code)
        code, codes = code * n_own + own, codes * n_own
    if len(columns) > 1:
        of_row, n = _numbered(code)
    row = np.empty(n, dtype=np.intp)
    row[of_row] = np.arange(len(of_row))  # any row of those that are alike
    return np.asarray(compute(*(column[row] for column in columns))[of_row])


def _numbered(values: NDArray[np.generic]) -> tuple[NDArray[np.intp], int]:
    """The number of each value among the distinct ones, and how many these are; by a hash table, which sorts nothing."""
    import pandas as pd

    numbers, distinct = pd.factorize(values, use_na_sentinel=False)
    return numbers, len(distinct)
