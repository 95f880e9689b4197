"""The instants that a reader asks the replay for."""

from collections.abc import Sequence

from sim.ground.errors import InputError, Problem, WordsError
from sim.ground.instants import parse_instant
from sim.ground.text import LANGUAGES, Text
from sim.replay.scene import Scene

_FROM_TO = Text("from {first} to {last}", "由 {first} 至 {last}", "由 {first} 至 {last}")
_OUTSIDE = Text("outside the replication", "不在該次重複的時間內", "不在该次重复的时间内")


def read_instant(written: str, option: str, scenes: Sequence[Scene]) -> float:
    """Seconds from the first midnight of the run. Raises InputError for what is no instant, or lies outside the replication."""
    days, horizon_s = scenes[0].days, max(scene.observation.horizon_s for scene in scenes)
    first, last = (Text(*(days.in_words(end, language) for language in LANGUAGES)) for end in (0.0, horizon_s))
    allowed = _FROM_TO.fill(first=first, last=last)
    try:
        instant_s = days.run_s(parse_instant(written))
    except WordsError as error:
        raise InputError(Problem(error.words, path=option, found=Text.same(written), allowed=allowed)) from None
    if not 0 <= instant_s <= horizon_s:
        raise InputError(Problem(_OUTSIDE, path=option, found=Text.same(written), allowed=allowed))
    return instant_s
