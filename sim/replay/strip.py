"""The numbers of the strip under the map: how many wait for what, and how many are released."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Ints
from sim.model.observation import Observation
from sim.replay.categories import CATEGORIES
from sim.replay.spells import NEVER, TICKS_PER_S, Visits

WAITING_EVERY_S, RELEASES_EVERY_S = 600, 3600


@dataclass(frozen=True)
class Strip:
    """From the first midnight to the horizon.

    waiting: shape (categories, k), flights in queues of the category at every WAITING_EVERY_S; a flight in two queues
    counts in both · releases: shape (hours,), in every RELEASES_EVERY_S.
    """

    waiting: Ints
    releases: Ints

    @staticmethod
    def of(observation: Observation, visits: Visits, category: NDArray[np.int64]) -> "Strip":
        """`category` is that of each stage of the plan, shape (s,)."""
        instants = np.arange(0, int(observation.horizon_s) + 1, WAITING_EVERY_S, dtype=np.int64) * TICKS_PER_S
        queued = visits.queued != NEVER
        of_visit = category[visits.stage]
        waiting = [in_queue(visits, queued & (of_visit == number), instants) for number in range(len(CATEGORIES))]
        hours = np.arange(0, observation.horizon_s + RELEASES_EVERY_S, RELEASES_EVERY_S)
        return Strip(np.array(waiting), np.histogram(observation.released_s, hours)[0].astype(np.int64))


def in_queue(visits: Visits, counted: NDArray[np.bool_], instants: Ints) -> Ints:
    """Shape of `instants` (ticks): how many of the counted visits are in the queue."""
    entered, left = np.sort(visits.queued[counted]), np.sort(visits.left[counted])
    return np.asarray(np.searchsorted(entered, instants, side="right") - np.searchsorted(left, instants, side="right"))
