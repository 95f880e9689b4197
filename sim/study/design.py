"""What a study is to do, settled and checked before anything runs."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from sim.engine import default_engine
from sim.execution.options import RunOptions
from sim.execution.replicate import Task
from sim.ground import arguments
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.metrics.measure_ref import Measure, MeasureRef, measures_of, no_such_measure
from sim.model.metric import Metric
from sim.scenario.differences import differences
from sim.scenario.load import Changes, Scenarios, changes_as_texts, in_its_file, in_world_of, load_scenarios
from sim.scenario.scenario import Scenario
from sim.scenario.study_settings import QUESTION_KEYS
from sim.statistics.sequential import FEWEST
from sim.study.held_against import against_first, circles_at_fault, held_against
from sim.study.outside_window import schedule_unmeasured
from sim.study.precision import MOST, AskedPrecision, Target, parse_targets

_KEY = re.compile(r"^[Qq]\d+$")
KeepStages = Literal["first", "all", "none"]
WINDOW = ("warm_up", "days", "cool_down")  # settings of the study window, which all scenarios share
_OTHER_WINDOW = Text(
    "scenario {name} is observed over another window than the baseline {first}",
    "情景 {name} 的統計時段與基準情景 {first} 不同",
    "情景 {name} 的统计时段与基准情景 {first} 不同",
)
_OTHER_BOOST = Text(
    "scenario {name} has another boost of contraband than the baseline {first}",
    "情景 {name} 的違禁品加強倍數與基準情景 {first} 不同",
    "情景 {name} 的违禁品加强倍数与基准情景 {first} 不同",
)
SHARED = {**dict.fromkeys(WINDOW, _OTHER_WINDOW), "boost": _OTHER_BOOST}
_OTHER_FEATURES = Text(
    "scenario {name} has other features than the baseline {first}",
    "情景 {name} 的功能模組與基準情景 {first} 不同",
    "情景 {name} 的功能模块与基准情景 {first} 不同",
)
_OR_MORE = Text("{n} or more", "{n} 或以上", "{n} 或以上")
_NO_PRECISION = Text("it limits what a precision asks for", "此項只用於限制 precision 的要求", "此项只用于限制 precision 的要求")
_WITH_PRECISION = Text("with precision", "與 precision 一併使用", "与 precision 一并使用")
_NO_WORLD = Text(
    "the world can only be that of a scenario that is compared",
    "外在條件只可取自參與比較的情景",
    "外在条件只可取自参与比较的情景",
)
_NO_QUESTION = Text("there is no such question", "沒有這個問題", "没有这个问题")
_A_QUESTION = Text(
    "{first} to {last}, or a question in words", "{first} 至 {last}，或以文字寫出的問題", "{first} 至 {last}，或以文字写出的问题"
)
_NO_MARGIN = Text(
    "the smallest difference that matters is above 0, and no larger than any difference can be",
    "值得關注的最小差異須大於 0，且不可超過差異可能達到的數值",
    "值得关注的最小差异须大于 0，且不可超过差异可能达到的数值",
)
_ABOVE_0 = Text("above 0", "大於 0", "大于 0")
_ABOVE_0_SHARE = Text("above 0, up to 100 pp", "大於 0，不多於 100 pp", "大于 0，不多于 100 pp")
_NO_DIRECTION = Text(
    "neither direction of {measure} is better, so that no difference of it is judged",
    "{measure} 不分高低優劣，故不評定其差異",
    "{measure} 不分高低优劣，故不评定其差异",
)
_WITH_DIRECTION = Text(
    "a measure with a direction, such as on_time_share",
    "有優劣方向的指標，例如 on_time_share",
    "有优劣方向的指标，例如 on_time_share",
)


@dataclass(frozen=True, slots=True)
class Design:
    """The design of a study: the first scenario is the baseline; its study settings are used unless options replace them.

    keep_stages: of which replications every visited stage is kept · overrides: what was set on every scenario, as written ·
    only_measures: neither flights nor consignments are kept · against_first: every scenario is held against the first, whatever
    its file names · precision: what the intervals are to come to, with `replications`
    at least and `max_replications` at most; empty where the number of replications is settled.
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    replications: int
    confidence: float
    engine: str = field(default_factory=default_engine)
    keep_stages: KeepStages = "first"
    overrides: tuple[str, ...] = ()
    only_measures: bool = False
    against_first: bool = False
    precision: tuple[Target, ...] = ()
    max_replications: int = MOST

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names, the baseline's first."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def baseline(self) -> str:
        """The baseline's name."""
        return self.names[0]

    @property
    def against(self) -> dict[str, str]:
        """By compared scenario, in their order, the name of the one it is held against."""
        return against_first(self.names) if self.against_first else held_against(self.scenarios)

    @property
    def chained(self) -> dict[str, str]:
        """By scenario that is held against another than the baseline, in their order, the baseline's name."""
        return {name: self.baseline for name, base in self.against.items() if base != self.baseline}

    def base_of(self, name: str) -> Scenario | None:
        """The scenario that the one of that name is held against; None of the baseline."""
        base = self.against.get(name)
        return None if base is None else self.scenarios[self.names.index(base)]

    def other_world(self, against: Mapping[str, str]) -> tuple[str, ...]:
        """Of scenarios held against others, by name, those that do not stand in the world of the other."""
        of_name = {scenario.name: scenario for scenario in self.scenarios}
        return tuple(name for name, base in against.items() if any(differences(of_name[base], of_name[name], "world")))

    def asked_precision(self) -> AskedPrecision:
        """The precision asked for, as a study's manifest says it."""
        return AskedPrecision(tuple(target.written for target in self.precision), self.replications, self.max_replications)

    def tasks(self, start: int = 0) -> tuple[Task, ...]:
        """The replications to be done from number `start` on: all of the first scenario, then all of the second, and so on."""
        return tuple(
            Task(scenario, self.seed, replication, self.engine, self._keeps_stages_of(replication), self.only_measures)
            for scenario in self.scenarios
            for replication in range(start, self.replications)
        )

    def _keeps_stages_of(self, replication: int) -> bool:
        return self.keep_stages == "all" or (self.keep_stages == "first" and replication == 0)


def design_study(
    scenarios: Scenarios,
    changes: Changes = (),
    options: RunOptions = RunOptions(),  # noqa: B008 (frozen)
    *,
    keep_stages: KeepStages = "first",
    precision: str | Sequence[str] = (),
    max_replications: int | None = None,
    matters: str | Sequence[str] = (),
    same_world: str | None = None,
    against_first: bool = False,
) -> Design:
    """The study of these scenarios. Raises InputError with everything that can't be done as asked."""
    arguments.check(
        arguments.text("same_world", same_world, optional=True),
        arguments.flag("against_first", against_first),
        arguments.one_of("keep_stages", keep_stages, get_args(KeepStages)),
        arguments.whole_number("max_replications", max_replications, FEWEST),
    )
    margins = tuple(f"study.matters.{margin}" for margin in arguments.texts("matters", matters))
    loaded = load_scenarios(load_scenarios(scenarios, changes), margins)
    changes = (*changes_as_texts(changes), *margins)
    if same_world is not None:
        loaded = all_in_world_of(loaded, same_world)
    first = loaded[0].study
    least = first.replications if options.replications is None else options.replications
    design = Design(
        scenarios=loaded,
        seed=first.seed if options.seed is None else options.seed,
        replications=least,
        confidence=round(first.confidence, 12),  # 95% is read as 0.9500000000000001
        engine=options.engine or default_engine(),
        keep_stages=keep_stages,
        against_first=against_first,
        overrides=(*changes, *([f"world: that of {same_world}"] if same_world is not None else [])),
        max_replications=max(MOST, least) if max_replications is None else max_replications,
    )
    problems = [*features_apart(loaded), *settings_apart(loaded), *questions_at_fault(loaded, changes)]
    problems += schedules_at_fault(loaded, changes)
    problems += [] if against_first else circles_at_fault(loaded, changes)
    if max_replications is not None and max_replications < least:
        problems.append(
            Problem(
                arguments.NOT_POSSIBLE,
                path="max_replications",
                found=Text.same(str(max_replications)),
                allowed=_OR_MORE.fill(n=least),
            )
        )
    targets: tuple[Target, ...] = ()
    try:
        written = arguments.texts("precision", precision)
        if max_replications is not None and not written:
            problems.append(Problem(_NO_PRECISION, path="max_replications", allowed=_WITH_PRECISION))
        targets = parse_targets(written, measures_of(loaded), len(loaded))
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(*dict.fromkeys(problems))  # what is set on all scenarios is wrong in each of them
    return replace(design, precision=targets)


def all_in_world_of(scenarios: Sequence[Scenario], name: str) -> tuple[Scenario, ...]:
    """The scenarios, all in the world of the one of that name. Raises InputError where there is none of that name."""
    of_name = {scenario.name: scenario for scenario in scenarios}
    if name not in of_name:
        raise InputError(Problem(_NO_WORLD, path="same_world", found=Text.same(name), allowed=COMMA.join(of_name)))
    return tuple(in_world_of(scenario, of_name[name]) for scenario in scenarios)


def default_folder(design: Design) -> Path:
    """Where a study goes when nothing else is said: out/<baseline>-vs-<other>, or -vs-<number>-others."""
    baseline, *others = design.names
    if not others:
        return Path("out") / baseline
    return Path("out") / f"{baseline}-vs-{others[0] if len(others) == 1 else f'{len(others)}-others'}"


def study_settings(scenario: Scenario) -> dict[str, Any]:
    """The study settings as a scenario file writes them."""
    return dict(scenario.resolved()["study"])


def questions_at_fault(scenarios: Sequence[Scenario], changes: Changes = ()) -> list[Problem]:
    """What is wrong with the questions of scenarios and with the measures that are to answer them."""
    return [
        in_its_file(problem, scenario, changes)
        for scenario in scenarios
        for problem in (*_unknown_question(scenario), *_unknown_measures(scenario), *_margins_at_fault(scenario))
    ]


def schedules_at_fault(scenarios: Sequence[Scenario], changes: Changes = ()) -> list[Problem]:
    """What is wrong with schedules that are not measured at all."""
    problems = ((schedule_unmeasured(scenario), scenario) for scenario in scenarios)
    return [in_its_file(problem, scenario, changes) for problem, scenario in problems if problem is not None]


def _unknown_question(scenario: Scenario) -> list[Problem]:
    question = str(scenario.question).strip()
    if question in QUESTION_KEYS or not _KEY.match(question):
        return []
    allowed = _A_QUESTION.fill(first=QUESTION_KEYS[0], last=QUESTION_KEYS[-1])
    return [Problem(_NO_QUESTION, path="question", found=Text.same(str(scenario.question)), allowed=allowed)]


def _unknown_measures(scenario: Scenario) -> list[Problem]:
    known = measures_of([scenario])
    return [
        no_such_measure(measure, "answered_by", known)
        for measure in scenario.answered_by
        if MeasureRef.parse(measure).metric not in known
    ]


def margins_of(scenario: Scenario, metrics: Mapping[str, Metric]) -> dict[MeasureRef, float]:
    """The smallest differences that matter which a scenario states, each in the unit of its measure. Raises InputError."""
    refs = {name: MeasureRef.parse(name) for name in scenario.study.matters}
    return {ref: _margin(Measure(ref, metrics[ref.metric]), scenario.study.matters[name], name) for name, ref in refs.items()}


def _margin(measured: Measure, stated: str | float, name: str) -> float:
    path, written = f"study.matters.{name}", str(stated)
    margin = measured.quantity(written, path)
    most = 1.0 if measured.unit == "share" else math.inf
    if not 0 < margin <= most or math.isinf(margin):
        allowed = _ABOVE_0_SHARE if measured.unit == "share" else _ABOVE_0
        raise InputError(Problem(_NO_MARGIN, path=path, found=Text.same(written), allowed=allowed))
    return margin


def _margins_at_fault(scenario: Scenario) -> Iterator[Problem]:
    """What is wrong with the smallest differences that matter: unknown measures, measures without a direction, quantities."""
    known = measures_of([scenario])
    for name in scenario.study.matters:
        ref, path = MeasureRef.parse(name), f"study.matters.{name}"
        if ref.metric not in known:
            yield no_such_measure(name, path, known)
        elif {known[ref.metric].better, *known[ref.metric].better_of_part.values()} == {"neither"}:
            yield Problem(_NO_DIRECTION.fill(measure=ref.metric), path=path, found=Text.same(name), allowed=_WITH_DIRECTION)
        else:
            try:
                _margin(Measure(ref, known[ref.metric]), scenario.study.matters[name], name)
            except InputError as error:
                yield from error.problems


def features_apart(scenarios: Sequence[Scenario]) -> list[Problem]:
    """Where a scenario has other features than the first: all of a study have the same measures and columns."""
    first, *others = scenarios
    keys = [feature.key for feature in first.assembly.features]
    return [
        Problem(
            _OTHER_FEATURES.fill(name=other.name, first=first.name),
            path="scenarios",
            found=COMMA.join(feature.key for feature in other.assembly.features),
            allowed=COMMA.join(keys),
        )
        for other in others
        if other.assembly.features != first.assembly.features
    ]


def settings_apart(scenarios: Sequence[Scenario]) -> list[Problem]:
    """Where a scenario differs from the first in a setting that all of a study share."""
    first, *others = scenarios
    return [
        Problem(
            apart.fill(name=other.name, first=first.name),
            path=f"study.{setting}",
            found=Text.same(str(study_settings(other)[setting])),
            allowed=Text.same(str(study_settings(first)[setting])),
        )
        for other in others
        for setting, apart in SHARED.items()
        if getattr(other.study, setting) != getattr(first.study, setting)
    ]
