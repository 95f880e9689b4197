"""The study settings of a scenario: how it is simulated, not what is simulated."""

from datetime import date

from sim.ground.parameter import Date, Duration, Group, Share, Status, parameter
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.ground.tolerance import wholes_within
from sim.world.run_days import RunDays

QUESTION_KEYS: tuple[str, ...] = tuple(f"Q{number}" for number in range(1, 16))
"""The questions of the catalogue, by the keys that scenarios name (`sim.study.questions` has their words)."""
LARGEST_SEED = 2**63 - 1
MOST_REPLICATIONS = 100_000
_OURS = "project's own choice; not an observation"

# Study settings that change what happens in one replication. The others say how many replications
# there are and how they are summed up: replications that are finished stay valid when they change.
MOVING: tuple[str, ...] = ("seed", "first_day", "days", "warm_up", "cool_down", "boost")


class StudySettings(Group):
    """How a scenario is simulated; compared scenarios share these settings."""

    seed: int = parameter(
        default=1,
        label=Text("random seed", "隨機種子", "随机种子"),
        meaning="Number from which all random numbers follow; the same seed gives the same results.",
        source=_OURS,
        status=Status.GUESS,
        bounds=(0, LARGEST_SEED),
    )
    replications: int = parameter(
        default=20,
        label=Text("replications", "重複次數", "重复次数"),
        meaning="How many independent replications are simulated; more make the intervals narrower.",
        source=_OURS,
        status=Status.GUESS,
        bounds=(1, MOST_REPLICATIONS),
    )
    first_day: Date = parameter(
        default=date(2026, 6, 1),
        label=Text("first day", "首日", "首日"),
        meaning="Date of day 1, the first measured day; the warm-up lies before it. It gives the days their weekdays and public "
        "holidays, instants written as dates their place, and sampled weather its month.",
        source="project's own choice: a Monday without a public holiday on any side in the 18 days from it",
        status=Status.GUESS,
    )
    days: int = parameter(
        default=3,
        label=Text("measured days", "量度日數", "测量天数"),
        meaning="Days whose planned flights are measured; they begin when the warm-up ends.",
        source=_OURS,
        status=Status.GUESS,
        bounds=(1, 3660),
    )
    warm_up: Duration = parameter(
        default="3 d",
        label=Text("warm-up", "預熱時段", "预热时段"),
        meaning="Time before the measured days, simulated so that queues are filled, and not measured; 0 starts empty.",
        source=_OURS,
        status=Status.GUESS,
        bounds=("0 s", "60 d"),
    )
    cool_down: Duration = parameter(
        default="3 d",
        label=Text("cool-down", "收尾時段", "收尾时段"),
        meaning="Time after the measured days that is still observed, so that late flights can end; "
        "a flight that has not ended by then is counted as still in the system.",
        source=_OURS,
        status=Status.GUESS,
        bounds=("0 s", "60 d"),
    )
    confidence: Share = parameter(
        default="95%",
        label=Text("confidence level", "置信水平", "置信水平"),
        meaning="Confidence of the intervals printed beside every mean and difference.",
        source="usual in simulation studies",
        status=Status.RECALLED,
        bounds=("50%", "99.9%"),
    )
    boost: float = parameter(
        default=1.0,
        label=Text("boost of contraband", "違禁品加強倍數", "违禁品加强倍数"),
        meaning="Factor on the prevalence of contraband in the draws, for studies of misses; every consignment is weighted back, "
        "and delays, queues and workload are not shown, for they would be those of another world. 1 is off.",
        source=_OURS,
        status=Status.GUESS,
        bounds=(1, 1000),
    )

    matters: dict[str, str | float] = parameter(
        default={},
        label=Text("smallest differences that matter", "有意義的最小差異", "有意义的最小差异"),
        meaning="By measure, or measure and part, the smallest difference that matters, in its unit, where another than the "
        "measure's own shall hold; verdicts are made against it.",
        source=_OURS,
        status=Status.GUESS,
        merged_by_key=True,
    )

    @property
    def window_s(self) -> tuple[float, float]:
        """Start and end of the measured days, in s from the first midnight."""
        return self.warm_up, self.warm_up + self.days * DAY_S

    @property
    def run_days(self) -> RunDays:
        """The numbers and dates of the run's days; where the warm-up ends within a day, day 1 is that day."""
        return RunDays(self.first_day, float(wholes_within(self.warm_up, DAY_S)) * DAY_S)

    @property
    def horizon_s(self) -> float:
        """End of what is observed, in s from the first midnight."""
        return self.window_s[1] + self.cool_down
