"""The instants that a reader asks the replay for."""

from collections.abc import Sequence

from sim.ground.errors import InputError, Problem
from sim.ground.instants import parse_instant
from sim.replay.scene import Scene


def read_instant(written: str, option: str, scenes: Sequence[Scene]) -> float:
    """Seconds from the first midnight of the run. Raises InputError for what is no instant, or lies outside the replication."""
    days, horizon_s = scenes[0].days, max(scene.observation.horizon_s for scene in scenes)
    allowed = f"from {days.in_words(0.0)} to {days.in_words(horizon_s)}"
    try:
        instant_s = days.run_s(parse_instant(written))
    except ValueError as error:
        raise InputError(Problem(str(error), path=option, found=written, allowed=allowed)) from None
    if not 0 <= instant_s <= horizon_s:
        raise InputError(Problem("outside the replication", path=option, found=written, allowed=allowed))
    return instant_s
