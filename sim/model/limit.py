"""Limits: the rules and pools by which flights are lost, put off or kept waiting, under a key and a label of their own."""

from dataclasses import dataclass

from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.model.stage import Limit, PoolKind, Stage

SCHEDULE = Limit("by_schedule", Text("a schedule that no rule accounts for", "未有規則說明的時間安排", "未有规则说明的时间安排"))
"""What a flight waits for by schedule after its planned departure, and no feature has named a rule for."""
_QUEUE = Text("the queue for the {pool}", "輪候{pool}", "等候{pool}")
_BATCH = Text("the batch interval of the {pool}", "{pool}的批次間隔", "{pool}的批次间隔")
_ROSTER = Text("the roster of the {pool}", "{pool}的更表", "{pool}的班表")
_HOURS = Text("the hours of the {pool}", "{pool}的開放時間", "{pool}的开放时间")
_LATE = Text("not being in time ({stage})", "未能趕及（{stage}）", "未能赶上（{stage}）")


@dataclass(frozen=True)
class PutOff:
    """By how much a rule puts off a departure, or a stage by its key: shape (n,), s. Those of the departure act in turn."""

    limit: Limit
    by_s: Floats
    stage_key: str = ""


def queue(kind: PoolKind) -> Limit:
    """Servers of that kind are on duty, and all of them taken."""
    return Limit(f"queue.{kind.key}", _QUEUE.fill(pool=kind.label))


def batch(kind: PoolKind) -> Limit:
    """The pool is open and hands out at its next batch."""
    return Limit(f"batch.{kind.key}", _BATCH.fill(pool=kind.label))


def off_duty(kind: PoolKind) -> Limit:
    """No server of the pool is on duty, and no other rule has closed it: a roster where people or dogs serve, else hours."""
    is_rostered = "none" not in (kind.workload, kind.staffed_by) or kind.workload not in ("none", "machine")
    return Limit(f"off_duty.{kind.key}", (_ROSTER if is_rostered else _HOURS).fill(pool=kind.label))


def not_in_time(stage: Stage) -> Limit:
    """The flight gave the stage up and had waited for nothing: what it did before took too long."""
    return Limit(f"late.{stage.key}", _LATE.fill(stage=stage.label))
