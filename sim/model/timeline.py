"""The timeline: what an engine makes of a plan. Everything shown is derived from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats


@dataclass(frozen=True)
class Timeline:
    """Instants of every stage of every flight, shape (n, s), absolute seconds, NaN where there is none.

    queued_s, start_s, end_s present (Q S E):  Q S E done · Q - E given up waiting · - - E given up
    before entry · Q S - cut off in service at ended_s · Q - - left the queue at ended_s, or still
    waits · - - - skipped or never reached.
    outcome: shape (n,), an Outcome · ended_s: shape (n,), NaN while in the system.
    """

    queued_s: Floats
    start_s: Floats
    end_s: Floats
    outcome: NDArray[np.int8]
    ended_s: Floats

    def of_flights(self, flights: NDArray[np.int64]) -> "Timeline":
        """The rows of those flights, in the order given."""
        return Timeline(
            self.queued_s[flights], self.start_s[flights], self.end_s[flights], self.outcome[flights], self.ended_s[flights]
        )

    def end_of(self, stage: int) -> Floats:
        """Shape (n,): the end of a stage, by its number; NaN where it was not gone through."""
        return np.where(np.isnan(self.start_s[:, stage]), np.nan, self.end_s[:, stage])

    def given_up(self) -> NDArray[np.bool_]:
        """Shape (n, s): whether the flight gave the stage up and went on."""
        return ~np.isnan(self.end_s) & np.isnan(self.start_s)

    def done(self) -> NDArray[np.bool_]:
        """Shape (n, s): whether the flight went through the stage to its end."""
        return ~np.isnan(self.end_s) & ~np.isnan(self.start_s)
