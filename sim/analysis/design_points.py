"""Points of an experiment: one scenario with some parameters set, as many times as a design asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ranges import Range, no_such_parameter, range_of
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem, WordsError
from sim.ground.text import AND, COMMA, Language, Text
from sim.ground.units import parse_clock, parse_quantity, quantity_in_words
from sim.scenario.choices import word
from sim.scenario.load import apply
from sim.scenario.node import plain
from sim.scenario.parameters import catalogue
from sim.scenario.reader import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.write import flow

DesignKind = Literal["grid", "lhs", "sobol"]
MOST = 20_000  # points: more than that is taken for a slip
TO = ".."
_RANGE_EXAMPLE = Text("two values of it, as in 5 min..2 h", "兩個數值，例如 5 min..2 h", "两个数值，例如 5 min..2 h")
_NO_RANGE = Text(
    "the parameter has no plausible range to be varied over",
    "該參數沒有可供變動的合理範圍",
    "该参数没有可供变动的合理范围",
)
_VALUES = Text("the values, as in {path}=A,B,C", "各數值，例如 {path}=A,B,C", "各数值，例如 {path}=A,B,C")
_NO_VALUE = Text("no value to vary it over", "沒有可供變動的數值", "没有可供变动的数值")
_NOT_RISING = Text(
    "a range is needed, from the lower value to the higher",
    "須為範圍，由較低的數值至較高的數值",
    "须为范围，由较低的数值至较高的数值",
)
_NO_DESIGN = Text("there is no such design", "沒有這種設計", "没有这种设计")
_VARIED_ONCE = Text("each parameter is varied once", "每個參數只可變動一次", "每个参数只可变动一次")
_NOTHING_VARIED = Text("nothing is varied", "沒有變動任何參數", "没有变动任何参数")
_FOR_EACH = Text(
    "--vary PATH=VALUES for each parameter",
    "每個參數各用一個 --vary PATH=VALUES",
    "每个参数各用一个 --vary PATH=VALUES",
)
_SO_MANY = Text("so many points are a slip", "點數過多，應屬筆誤", "点数过多，应属笔误")
_AT_MOST = Text("at most {n}", "不多於 {n}", "不多于 {n}")
_IN_DESIGN = Text(
    "point {name} of this design, which needs every point, is not possible: {reason}",
    "此設計每一點均不可缺少，而 {name} 這一點不可行：{reason}",
    "此设计每一点均不可缺少，而 {name} 这一点不可行：{reason}",
)
_KEEPS_ITS_VALUE = Text(
    "{allowed}; or a design in which {paths} keeps its value (--leave)",
    "{allowed}；或令 {paths} 保持原值的設計（--leave）",
    "{allowed}；或令 {paths} 保持原值的设计（--leave）",
)
_VALUES_AND = Text("{values} ({found})", "{values}（{found}）", "{values}（{found}）")
LONGEST = 58  # of a name before its number


@dataclass(frozen=True)
class Factor:
    """A parameter that is varied: over `levels`, as a scenario file writes them, or over `range` where there are none."""

    path: str
    levels: tuple[Any, ...] = ()
    range: Range | None = None


@dataclass(frozen=True)
class DesignPoint:
    """One setting: the scenario, the name of the one it is made from, and what was set (path -> value as a file writes it)."""

    scenario: Scenario
    base: str
    set: Mapping[str, Any]


@dataclass(frozen=True)
class ForbiddenPoint:
    """A setting that checks between parameters forbid: the name that its point would have, what was set, and why it can't be."""

    name: str
    base: str
    set: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def involved(self, problem: Problem) -> tuple[str, ...]:
        """The paths of what was set, of those that contradict each other in a problem."""
        at_fault = (problem.path, *problem.contradicts)
        return tuple(path for path in self.set if any(f"{place}.".startswith(f"{path}.") for place in at_fault))


@dataclass(frozen=True)
class Plan:
    """The points that a design asks for of a scenario: those that are possible, and those that checks forbid."""

    scenario: Scenario
    possible: tuple[DesignPoint, ...]
    forbidden: tuple[ForbiddenPoint, ...]

    def __len__(self) -> int:
        """How many points the design asks for."""
        return len(self.possible) + len(self.forbidden)


def read_factor(option: str, scenario: Scenario) -> Factor:
    """The factor that `PATH=value, value, ...`, `PATH=low..high` or `PATH` alone (its plausible range, or its choices) asks for.

    Raises InputError that names the option and what is allowed.
    """
    path, equals, written = (part.strip() for part in option.partition("="))
    known = catalogue(scenario.assembly)
    if path not in known:
        raise InputError(no_such_parameter(path, list(known)))
    if equals and TO not in written:
        return Factor(path, _values(path, written))
    if not equals and known[path].choices:
        return Factor(path, known[path].choices)
    if not equals and isinstance(known[path].default, bool):
        return Factor(path, (False, True))
    declared = range_of(scenario, path)
    if declared is None:
        raise InputError(Problem(_NO_RANGE, path=path, allowed=_VALUES.fill(path=path)))
    return Factor(path, (), _read_range(declared, written) if equals else declared)


def _values(path: str, written: str) -> tuple[Any, ...]:
    """The values of a list: what YAML reads between commas."""
    reading = read_text(f"[{written}]", f"--vary {path}", Path())
    if reading.problems or reading.root is None:
        raise InputError(*(Problem(problem.message, path=path, found=Text.same(written)) for problem in reading.problems))
    values = tuple(plain(reading.root))
    if not values:
        raise InputError(Problem(_NO_VALUE, path=path, allowed=_VALUES.fill(path=path)))
    return values


def _read_range(declared: Range, written: str) -> Range:
    low, _, high = (part.strip() for part in written.partition(TO))
    try:
        start, end = (_in_si(value, declared.parameter.dimension) for value in (low, high))
    except WordsError as error:
        raise InputError(Problem(error.words, path=declared.path, found=Text.same(written), allowed=_RANGE_EXAMPLE)) from None
    if not start < end:
        raise InputError(Problem(_NOT_RISING, path=declared.path, found=Text.same(written), allowed=_RANGE_EXAMPLE))
    return Range(declared.parameter, start, end, declared.own, declared.value)


def _in_si(written: str, dimension: str) -> float:
    """An end of a range. Raises ValueError that says what is allowed."""
    if dimension == "clock":
        return parse_clock(written)
    if dimension:
        return parse_quantity(written, dimension)
    return float(written)


def grid(factors: Sequence[Factor], steps: int) -> list[dict[str, Any]]:
    """Every combination of the values of the factors; `steps` values, evenly spaced, of a factor that has a range."""
    lists = [[(factor.path, value) for value in _levels(factor, steps)] for factor in factors]
    return [dict(combination) for combination in product(*lists)]


def _levels(factor: Factor, steps: int) -> Sequence[Any]:
    if factor.range is None:
        return factor.levels
    return [factor.range.written(factor.range.at(u)) for u in np.linspace(0, 1, steps).tolist()]


def sampled(factors: Sequence[Factor], kind: DesignKind, n: int, seed: int) -> list[dict[str, Any]]:
    """n points of a Latin hypercube or of a scrambled Sobol sequence over the factors; all listed values are equally likely."""
    return [
        {factor.path: _at(factor, u) for factor, u in zip(factors, row, strict=True)}
        for row in unit_points(kind, n, len(factors), seed).tolist()
    ]


def unit_points(kind: DesignKind, n: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Shape (n, dimensions): points of the unit cube. Source: scipy.stats.qmc (McKay et al. 1979; Sobol 1967, Owen 1998)."""
    from scipy.stats import qmc

    if kind == "lhs":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(n))
    sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
    return np.asarray(sequence.random_base2(int(np.ceil(np.log2(n))))[:n])


def settings_of(varied: Sequence[Range], u: Floats) -> list[dict[str, Any]]:
    """What each row of u, shape (points, ranges) from 0 to 1, sets, by path."""
    return [{span.path: span.written(span.at(at)) for span, at in zip(varied, row, strict=True)} for row in u.tolist()]


def _at(factor: Factor, u: float) -> Any:
    if factor.range is None:
        return factor.levels[min(int(u * len(factor.levels)), len(factor.levels) - 1)]
    return factor.range.written(factor.range.at(u))


def settings(factors: Sequence[Factor], kind: str, n: int, steps: int, seed: int) -> list[dict[str, Any]]:
    """What each point of a design sets. Raises InputError for a design that can't be made."""
    if kind not in get_args(DesignKind):
        raise InputError(Problem(_NO_DESIGN, path="design", found=Text.same(kind), allowed=COMMA.join(get_args(DesignKind))))
    twice = sorted({factor.path for factor in factors if [other.path for other in factors].count(factor.path) > 1})
    if twice or not factors:
        message = _VARIED_ONCE if twice else _NOTHING_VARIED
        raise InputError(Problem(message, path="vary", found=Text.same(", ".join(twice)), allowed=_FOR_EACH))
    points = grid(factors, steps) if kind == "grid" else sampled(factors, kind, n, seed)  # type: ignore[arg-type]
    if len(points) > MOST:
        raise InputError(Problem(_SO_MANY, path="vary", found=Text.same(str(len(points))), allowed=_AT_MOST.fill(n=f"{MOST:,}")))
    return points


def points_of(scenario: Scenario, settings: Sequence[Mapping[str, Any]]) -> Iterator[DesignPoint]:
    """The scenario with each of the settings, named by its number, of a design that needs every point.

    Raises InputError with what can't be set; of a combination that a check forbids, with its point.
    """
    for label, changes in _named(scenario, settings):
        point = _point(scenario, label, changes)
        if isinstance(point, ForbiddenPoint):
            raise InputError(*(_in_design(problem, point) for problem in point.problems))
        yield point


def plan_of(scenario: Scenario, settings: Sequence[Mapping[str, Any]]) -> Plan:
    """The scenario with each of the settings, named by its number in the whole design.

    Raises InputError where a value is never possible, whatever the others.
    """
    points = [_point(scenario, label, changes) for label, changes in _named(scenario, settings)]
    possible = tuple(point for point in points if isinstance(point, DesignPoint))
    return Plan(scenario, possible, tuple(point for point in points if isinstance(point, ForbiddenPoint)))


def _named(scenario: Scenario, settings: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    width = len(str(len(settings)))
    for number, changes in enumerate(settings, start=1):
        yield f"{scenario.name[:LONGEST]}-{number:0{width}d}", changes


def _point(scenario: Scenario, label: str, changes: Mapping[str, Any]) -> DesignPoint | ForbiddenPoint:
    """Raises InputError with the values that are never possible, if there are any."""
    try:
        changed = apply(scenario, changes)
    except InputError as error:
        slips = [problem for problem in error.problems if not problem.contradicts]
        if slips:
            raise InputError(*slips) from None
        return ForbiddenPoint(label, scenario.name, changes, error.problems)
    return DesignPoint(changed.model_copy(update={"name": label}), scenario.name, changes)


def _in_design(problem: Problem, point: ForbiddenPoint) -> Problem:
    """The problem of a point, as whoever asked for the whole design must be told it."""
    values = ", ".join(f"{path}={in_short(one_line(point.set[path]))}" for path in point.involved(problem))
    message = _IN_DESIGN.fill(name=point.name, reason=problem.message)
    allowed = _KEEPS_ITS_VALUE.fill(allowed=problem.allowed, paths=AND.join(point.involved(problem)))
    return Problem(message, path=problem.path, found=_VALUES_AND.fill(values=values, found=problem.found), allowed=allowed)


def one_line(value: Any) -> str:
    """A value as a scenario file writes it, on one line."""
    return value if isinstance(value, str) else flow(value)


def number_of(name: str) -> int:
    """The number, in its design, of the point with that name."""
    return int(name.rpartition("-")[2])


def in_short(written: str) -> str:
    """A value of a point, as its listing has it, in few words: of a law its mean, of sides that are alike the one value."""
    reading = read_text(written, "", Path())
    return written if reading.root is None else _short(plain(reading.root), written)


def setting_in_words(written: str, language: Language = "en") -> str:
    """The same with its unit, or the name of a choice, in that language; in English choices stand as files write them."""
    short = in_short(written)
    in_words = quantity_in_words(short, language)
    return in_words if language == "en" or in_words != short else word(short, language)


def _short(value: Any, written: str) -> str:
    if isinstance(value, Mapping) and value:
        parts = list(value.values())
        if len(parts) == 1 and isinstance(parts[0], Mapping) and "mean" in parts[0]:
            return str(parts[0]["mean"])
        if all(part == parts[0] for part in parts):
            return _short(parts[0], flow(parts[0]))
    return written
