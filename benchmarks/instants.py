"""When every flight queued for, started and ended every stage: what all implementations must agree on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.tandem import FLY, INSPECT, PAD, SCORE, SLOT, STAGES, VALIDATE, Tandem
from sim.model.timeline import Timeline

Instants = NDArray[np.float64]
"""Shape (3, n, s): queued, start and end, NaN where the stage is not visited."""

Record = tuple[float, ...]
NOTED = ("arrived", "validation began", "validated", "scored", "inspection began", "inspected", "slot began",
         "flown", "pad began", "off the pad")  # fmt: skip
"""What an implementation that is written by hand notes of a flight; every other instant is one of these."""


def from_timeline(timeline: Timeline) -> Instants:
    """Of an engine's timeline."""
    return np.stack([timeline.queued_s, timeline.start_s, timeline.end_s])


def from_records(tandem: Tandem, records: Sequence[Record]) -> Instants:
    """Of one record a flight, with the ten instants of NOTED; where it was not inspected, the middle two are any."""
    noted = np.array(records, dtype=np.float64)
    arrived, validating, validated, scored, inspecting, inspected, slot, flown, on_pad, off_pad = noted.T
    ready = np.where(tandem.inspected, inspected, scored)
    rows = {
        VALIDATE: (arrived, validating, validated),
        SCORE: (validated, validated, scored),
        INSPECT: (scored, inspecting, inspected),
        SLOT: (ready, slot, slot),
        FLY: (slot, slot, flown),
        PAD: (flown, on_pad, off_pad),
    }
    instants = np.stack([np.stack(rows[stage], axis=0) for stage in range(len(STAGES))], axis=-1)
    instants[:, ~tandem.inspected, INSPECT] = np.nan
    return instants


def largest_difference_s(one: Instants, other: Instants) -> float:
    """The largest difference of any instant; inf where one has an instant and the other none."""
    if one.shape != other.shape or not np.array_equal(np.isnan(one), np.isnan(other)):
        return float("inf")
    return float(np.nanmax(np.abs(one - other), initial=0.0))
