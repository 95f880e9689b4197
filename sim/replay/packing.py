"""Columns of whole numbers as text: differences, byte by byte, deflated, in base64; `codec.js` reads them.

Neighbours in a column are much alike, so that a difference is small and its upper bytes are nought; with the lowest
bytes of all numbers first, then the next ones, and so on (byte stream split), deflate finds long runs.
"""

import base64
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

BYTES = 4


class Packing:
    """Columns put one behind the other; `text` is the block of all of them."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._n_numbers = 0

    def add(self, columns: Mapping[str, NDArray[np.generic]]) -> dict[str, list[int]]:
        """Where each column stands: [number of its first entry, length]. Raises ValueError where 32 bits can't hold it."""
        return {name: self._add(name, column) for name, column in columns.items()}

    def _add(self, name: str, column: NDArray[np.generic]) -> list[int]:
        numbers = column.astype(np.int64)
        if len(numbers) and (numbers.min() < -(2**31) or numbers.max() >= 2**31):
            raise ValueError(f"the column {name} does not fit into 32 bits")
        differences = np.diff(numbers, prepend=0).astype(np.uint64).astype(np.uint32)  # modulo 2**32, as the reader adds
        zigzag = (differences << np.uint32(1)) ^ (np.uint32(0) - (differences >> np.uint32(31)))  # small whatever the sign
        self._blocks.append(zigzag.astype("<u4").view(np.uint8).reshape(-1, BYTES).T.tobytes())
        place = [self._n_numbers, len(numbers)]
        self._n_numbers += len(numbers)
        return place

    def text(self) -> str:
        """The block in base64."""
        return base64.b64encode(zlib.compress(b"".join(self._blocks), 9)).decode("ascii")


def unpacked(text: str, places: Mapping[str, list[int]]) -> dict[str, NDArray[np.int32]]:
    """The columns again, as `codec.js` reads them."""
    raw = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8)
    columns = {}
    for name, (first, length) in places.items():
        planes = raw[first * BYTES : (first + length) * BYTES].reshape(BYTES, length)
        zigzag = np.ascontiguousarray(planes.T).view("<u4").ravel()
        differences = (zigzag >> np.uint32(1)) ^ (np.uint32(0) - (zigzag & np.uint32(1)))
        columns[name] = np.cumsum(differences, dtype=np.uint32).view(np.int32)
    return columns
