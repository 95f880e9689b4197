"""How a flight or a consignment can end. Every flight ends in exactly one outcome."""

from enum import IntEnum

from sim.ground.text import Text


class Outcome(IntEnum):
    """The outcome of a flight, as plans and timelines number it."""

    IN_SYSTEM = 0
    RELEASED = 1  # complete: the last stage settled
    REFUSED = 2
    DIVERTED = 3
    CANCELLED = 4
    LOST = 5


OUTCOME_LABELS: dict[Outcome, Text] = {
    Outcome.IN_SYSTEM: Text("still in the system", "仍在系統內", "仍在系统内"),
    Outcome.RELEASED: Text("released", "已放行", "已放行"),
    Outcome.REFUSED: Text("refused", "不予放行", "不予放行"),
    Outcome.DIVERTED: Text("diverted", "備降", "备降"),
    Outcome.CANCELLED: Text("cancelled", "取消", "取消"),
    Outcome.LOST: Text("lost", "流失", "流失"),
}


class ConsignmentOutcome(IntEnum):
    """The outcome of a consignment."""

    NOT_ENDED = 0  # its flight is still in the system
    RELEASED = 1
    DETAINED = 2  # kept back by quarantine, or held because another consignment of the flight was seized
    SEIZED = 3  # contraband, found
    RETURNED = 4  # it did not cross: its flight was refused, diverted, cancelled or lost


CONSIGNMENT_OUTCOME_LABELS: dict[ConsignmentOutcome, Text] = {
    ConsignmentOutcome.NOT_ENDED: Text("still in the system", "仍在系統內", "仍在系统内"),
    ConsignmentOutcome.RELEASED: Text("released", "已放行", "已放行"),
    ConsignmentOutcome.DETAINED: Text("detained", "扣留", "扣留"),
    ConsignmentOutcome.SEIZED: Text("seized", "檢獲", "查获"),
    ConsignmentOutcome.RETURNED: Text("returned", "退回", "退回"),
}
