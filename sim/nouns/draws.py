"""All randomness of one replication, drawn up front by name."""

from collections.abc import Iterable

from sim.ground.streams import Floats, Stream, draw


class Draws:
    """The numbers of every declared stream for one replication.

    Nothing here depends on a parameter of the scenario: the same seed and replication give the same
    numbers to every scenario with the same flights.
    """

    def __init__(self, seed: int, replication: int, streams: Iterable[Stream], n_flights: int, n_consignments: int) -> None:
        counts = {"flight": n_flights, "consignment": n_consignments}
        self._numbers = {s: draw(seed, replication, s.name, s.kind, counts.get(s.per, s.count)) for s in streams}

    def __getitem__(self, stream: Stream) -> Floats:
        """The stream's numbers: shape (n,) per flight, (m,) per consignment, (count,) per replication."""
        return self._numbers[stream]
