"""The plan: everything decided before any clock runs, as arrays. Its exact meaning is in docs/reference/engine.md."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.errors import RunError
from sim.ground.text import Text
from sim.model.calendar import Calendar
from sim.model.outcome import Outcome
from sim.model.stage import MARK_MEANINGS, Limit, Mark, PoolKind, Role, Stage

NO_POOL = -1
_NOT_MARKED = Text(
    'no feature of the scenario marks a stage as "{mark}" ({meaning}): one has to declare it, Stage(..., marks=(Mark.{name},))',
    '情景沒有功能將環節標為 "{mark}"（{meaning}）：須有一項宣告 Stage(..., marks=(Mark.{name},))',
    '情景没有功能将环节标为 "{mark}"（{meaning}）：须有一项声明 Stage(..., marks=(Mark.{name},))',
)
_MARKED_TWICE = Text(
    'several stages are marked as "{mark}": {keys}', '多個環節標為 "{mark}"：{keys}', '多个环节标为 "{mark}"：{keys}'
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Servers that stages queue for.

    `period_s` > 0 makes it a batch pool, which hands out only at offset_s + k * period_s; with `cycle_s` > 0 the batches are
    counted anew from each offset_s + d * cycle_s, such as the opening of each day. `place` and `side` are names for tables
    ("" where none applies). `closed_by`: the rules that close it, each with a calendar that is 0 where it does, in which the
    pool's own is 0 too; where several do, the first accounts for it. They only name what the calendar does.
    """

    kind: PoolKind
    calendar: Calendar
    place: str = ""
    side: str = ""
    period_s: float = 0.0
    offset_s: float = 0.0
    cycle_s: float = 0.0
    closed_by: tuple[tuple[Limit, Calendar], ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind.key}.{self.place}" if self.place else self.kind.key


@dataclass(frozen=True, slots=True)
class Step:
    """One stage in the graph of a plan; the integers are stage numbers.

    `on_give_up` is the outcome with which a flight ends that gives this stage up while no stage is
    conditional on its having been given up (ENGINE rules 9 and 10).
    """

    stage: Stage
    after: tuple[int, ...] = ()
    if_given_up: tuple[int, ...] = ()
    unless_given_up: tuple[int, ...] = ()
    hold_until: int | None = None
    on_give_up: Outcome = Outcome.CANCELLED


@dataclass(frozen=True)
class Plan:
    """n flights through s stages. Arrays have shape (n, s); times are absolute float64 seconds.

    visits: whether the flight visits the stage · pool: number of the pool, NO_POOL (-1) for none ·
    service_s, cooldown_s >= 0 · not_before_s finite · patience_s >= 0, inf for none · deadline_s, inf
    for none · ends: Outcome with which the stage's end ends the flight, 0 goes on · priority: smaller
    first. What stands in a cell that is not visited is never read. Arrays are best laid out stage by stage
    (Fortran order): measures and the compiled engine look at one stage of all flights at a time.
    """

    steps: tuple[Step, ...]
    pools: tuple[Pool, ...]
    visits: NDArray[np.bool_]
    pool: NDArray[np.int32]
    service_s: Floats
    cooldown_s: Floats
    not_before_s: Floats
    patience_s: Floats
    deadline_s: Floats
    ends: NDArray[np.int8]
    priority: NDArray[np.int32]
    closing: tuple[int, ...] = field(default=())  # stages that may end a flight after take-off
    takeoff: int | None = None  # the stage whose start is the take-off, where there is one
    left_out: frozenset[Mark] = frozenset()  # marks of stages that the scenario's features have, and this plan does without

    @property
    def n_flights(self) -> int:
        return int(self.visits.shape[0])

    @property
    def n_stages(self) -> int:
        return len(self.steps)

    def of_flights(self, flights: NDArray[np.int64]) -> "Plan":
        """The same stages and pools with those flights alone, numbered anew in the order given."""
        columns = ("visits", "pool", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s", "ends", "priority")
        return replace(self, **{name: getattr(self, name)[flights] for name in columns})

    def stage_number(self, key: str) -> int | None:
        """The number of the stage of that key, or None if the plan has no such stage."""
        return next((number for number, step in enumerate(self.steps) if step.stage.key == key), None)

    def marked(self, mark: Mark, role: Role | None = None) -> tuple[int, ...]:
        """The numbers of the stages with that mark, of that role if one is given, in the order of the plan.

        None where the plan leaves such stages out. Raises RunError where no feature of the scenario has marked any.
        """
        numbers = tuple(number for number, step in enumerate(self.steps) if mark in step.stage.marks)
        if not numbers and mark not in self.left_out:
            raise RunError(_NOT_MARKED.fill(mark=mark, meaning=MARK_MEANINGS[mark], name=mark.name))
        return tuple(number for number in numbers if role in (None, self.steps[number].stage.role))

    def the_marked(self, mark: Mark, role: Role | None = None) -> int | None:
        """The number of the one stage with that mark, as `marked` finds it; None where the plan leaves it out."""
        numbers = self.marked(mark, role)
        if len(numbers) > 1:
            keys = ", ".join(self.steps[number].stage.key for number in numbers)
            raise RunError(_MARKED_TWICE.fill(mark=mark, keys=keys))
        return numbers[0] if numbers else None


NEVER = Pool(PoolKind("never", Text("marker (no server, ever)", "標記（永無服務台）", "标记（永无服务台）")), Calendar.always(0))
"""A pool without servers: a stage on it with patience 0 is given up at once, which turns a drawn fact into a
condition that later stages can name. It is no place where anybody waits."""
