"""The kind of a simulation study, by its warm-up: terminating or steady state (Law 2015, 9.3)."""

from sim.ground.text import LANGUAGES, Text
from sim.ground.units import format_quantity, quantity_in_words

TERMINATING = Text(
    "Terminating simulation (no warm-up): every replication starts empty, and the transient is part of the answer.",
    "終止型模擬（不設預熱時段）：每次重複均由空系統開始，過渡期屬結果的一部分。",
    "终止型仿真（不设预热时段）：每次重复均从空系统开始，过渡期是结果的一部分。",
)
STEADY_STATE = Text(
    "Steady-state simulation (with a daily cycle): every replication starts empty, and its first {warm_up} are left out.",
    "穩態模擬（以一日為週期）：每次重複均由空系統開始，首段預熱時段（{warm_up}）不計入結果。",
    "稳态仿真（以一日为周期）：每次重复均从空系统开始，最初的预热时段（{warm_up}）不计入结果。",
)


def study_type(warm_up_s: float) -> Text:
    """What a warm-up of that many seconds makes of a study, in a sentence."""
    if warm_up_s <= 0:
        return TERMINATING
    warm_up = format_quantity(warm_up_s, "time")
    return STEADY_STATE.fill(warm_up=Text(*(quantity_in_words(warm_up, language) for language in LANGUAGES)))
