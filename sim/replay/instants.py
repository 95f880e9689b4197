"""Instants as a reader writes and reads them: "day 3 09:30" or, as the page's clock shows it, "Day 3, 09:30".

Day 1 is the first of the replication, warm-up included.
"""

import re

from sim.ground.errors import InputError, Problem
from sim.ground.text import Language, Text

DAY_S = 86400
_WRITTEN = re.compile(r"^\s*(?:day\s*|第\s*)?(\d+)\s*天?(?:\s*,\s*|\s+)(\d{1,2}):(\d{2})\s*$", re.IGNORECASE)
DAY = Text("day {day} {clock}", "第{day}天 {clock}", "第{day}天 {clock}")


def parse_instant(written: str, option: str, horizon_s: float) -> float:
    """Seconds from the first midnight. Raises InputError for what is no instant, or lies outside the replication."""
    match = _WRITTEN.match(written)
    last = in_words(horizon_s)
    if match is None or int(match[1]) < 1 or int(match[2]) > 23 or int(match[3]) > 59:
        raise InputError(Problem("no instant", path=option, found=written, allowed=f'such as "day 3 09:30", up to {last}'))
    instant_s = (int(match[1]) - 1) * DAY_S + int(match[2]) * 3600 + int(match[3]) * 60.0
    if instant_s > horizon_s:
        raise InputError(Problem("after the end of the replication", path=option, found=written, allowed=f"up to {last}"))
    return instant_s


def in_words(instant_s: float, language: Language = "en") -> str:
    """The instant as day and clock time, to the minute below."""
    day, second = divmod(int(instant_s), DAY_S)
    clock = f"{second // 3600:02d}:{second % 3600 // 60:02d}"
    return DAY.in_language(language).format(day=day + 1, clock=clock)
