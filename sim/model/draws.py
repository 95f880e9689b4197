"""All randomness of one replication, drawn up front by name."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.streams import Stream, draw
from sim.model.flights import Consignments, Flights


class Draws:
    """The numbers of every declared stream for one replication, drawn when first asked for.

    Nothing here depends on a parameter of the scenario, and no number on which streams are asked for or in
    what order. Each route and direction has numbers of its own, so the same seed and replication give the
    same numbers to the flights of a route, whatever flies elsewhere. A flight has the numbers of its `number`, whichever
    others were left out. A stream that is not declared is a KeyError.
    """

    def __init__(
        self, seed: int, replication: int, streams: Iterable[Stream], flights: Flights, consignments: Consignments
    ) -> None:
        self._seed, self._replication = seed, replication
        way = flights.route * 2 + flights.outward
        self._ways = {
            "flight": _positions(flights, way),
            "consignment": _positions(flights, way[consignments.flight]),
        }
        self._number_of = {"flight": flights.number, "consignment": consignments.number}
        self._numbers: dict[Stream, Floats | None] = dict.fromkeys(streams)

    def __getitem__(self, stream: Stream) -> Floats:
        """The stream's numbers: shape (n,) per flight, (m,) per consignment, (count,) per replication."""
        numbers = self._numbers[stream]
        if numbers is None:
            numbers = self._numbers[stream] = self._draw(stream)
        return numbers

    def _draw(self, stream: Stream) -> Floats:
        if stream.per == "replication":
            return draw(self._seed, self._replication, stream.name, stream.kind, stream.count)
        number_of = self._number_of[stream.per]
        numbers = np.empty(len(number_of))
        for name, positions in self._ways[stream.per].items():
            places = number_of[positions]
            count = int(np.max(places, initial=-1)) + 1
            numbers[positions] = draw(self._seed, self._replication, f"{stream.name}@{name}", stream.kind, count)[places]
        return numbers


def _positions(flights: Flights, way: NDArray[np.int32]) -> dict[str, NDArray[np.intp]]:
    """Where the flights, or consignments, of each route and direction stand, by a name that others do not move."""
    return {
        f"{route.key}.{'outward' if outward else 'inward'}": np.flatnonzero(way == 2 * number + outward)
        for number, route in enumerate(flights.routes)
        for outward in (0, 1)
    }
