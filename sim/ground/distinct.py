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
    code, codes = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        values, own = np.unique(column, return_inverse=True)
        if codes * len(values) > LARGEST_CODE:
            used, code = np.unique(code, return_inverse=True)
            codes = len(used)
        code, codes = code * len(values) + own, codes * len(values)
    _, first, of_row = np.unique(code, return_index=True, return_inverse=True)
    return np.asarray(compute(*(column[first] for column in columns))[of_row])
