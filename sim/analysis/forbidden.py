"""Combinations that an analysis leaves out, since checks between parameters forbid them: their table, and what to say of them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.analysis.design_points import ForbiddenPoint, Plan, in_short, one_line
from sim.ground.errors import InputError, Problem
from sim.ground.text import AND, NOTHING, OR_ELSE, SEMICOLON, Text
from sim.scenario.parameters import catalogue, written_at
from sim.scenario.scenario import Scenario
from sim.study.shown_names import BETWEEN_NAMES, names_as_texts

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 3  # settings that a sentence names; the table has all
COLUMNS = ("reason", "at", "value", "allowed")
COMBINATIONS = Text("combinations", "個組合", "个组合")
ENDS = Text("settings, with their parameters", "個設定（連同其參數）", "个设定（连同其参数）")
WORLDS = Text("worlds", "個情境", "个情境")

_NUMBER_LEFT_OUT = Text(
    "Left out as not possible: {n} of the {unit}; left_out.csv has each with its reason.",
    "不可行而未納入分析：{n} {unit}，原因見 left_out.csv。",
    "不可行而未纳入分析：{n} {unit}，原因见 left_out.csv。",
)
_LEFT_OUT = Text(
    "Left out as not possible, {n} of {total} {unit} ({settings}): {reason}.{rest}",
    "{total} {unit}中有 {n} 個不可行，不納入分析（{settings}）：{reason}。{rest}",
    "{total} {unit}中有 {n} 个不可行，不纳入分析（{settings}）：{reason}。{rest}",
)
_OF = Text("Scenario {base}: ", "情景 {base}：", "情景 {base}：")
_MORE = Text("; and {n} more", "；另有 {n} 個", "；另有 {n} 个")
_AS_IT_IS = Text(
    " The scenario has {values}{hint}.",
    "情景原值為 {values}{hint}。",
    "情景原值为 {values}{hint}。",
)
_VARY_TOO = Text(": vary that too, or set another value", "：可一併變動，或另設數值", "：可一并变动，或另设数值")
_NONE = Text(
    "nothing that was asked for is possible: {reason}",
    "所列組合均不可行：{reason}",
    "所列组合均不可行：{reason}",
)
_ANOTHER = Text("another value of {path}, varied or set", "{path} 另取數值（變動或另設）", "{path} 另取数值（变动或另设）")
_BEFORE = Text(
    "the scenario must be possible before {paths} is varied: set both, or vary both",
    "變動 {paths} 之前，情景本身須可行：兩者一併設定，或一併變動",
    "变动 {paths} 之前，情景本身须可行：两者一并设定，或一并变动",
)
_NOTHING_LEFT = Text(" Nothing of this scenario is left to compare.", "該情景因而沒有可比較者。", "该情景因而没有可比较者。")


class _Reason:
    """The points of a scenario that one check forbids, by name, with the problem of the first."""

    def __init__(self, plan: Plan, problem: Problem) -> None:
        self.plan, self.problem = plan, problem
        self.points: dict[str, ForbiddenPoint] = {}

    def settings(self) -> list[str]:
        """What was set of the parameters that contradict each other, each combination once."""
        combinations = dict.fromkeys(
            tuple((path, one_line(point.set[path])) for path in point.involved(self.problem)) for point in self.points.values()
        )
        return [", ".join(f"{path}={in_short(value)}" for path, value in values) for values in combinations]

    def as_it_is(self) -> dict[str, str]:
        """The parameters that take part in the contradiction and are not varied, with what the scenario sets, by path."""
        scenario, varied = self.plan.scenario, {path for point in self.points.values() for path in point.set}
        known = catalogue(scenario.assembly)
        places = (self.problem.path, *self.problem.contradicts)
        paths = dict.fromkeys(path for place in places for path in known if f"{place}.".startswith(f"{path}."))
        return {path: f"{path}={in_short(one_line(written_at(scenario, path)))}" for path in paths if path not in varied}


def _reasons(plans: Sequence[Plan]) -> list[_Reason]:
    """By scenario, parameter and message, in the order of the design."""
    reasons: dict[tuple[str, str, Text], _Reason] = {}
    for plan in plans:
        for point in plan.forbidden:
            for problem in point.problems:
                reason = reasons.setdefault((plan.scenario.name, problem.path, problem.message), _Reason(plan, problem))
                reason.points[point.name] = point
    return list(reasons.values())


def forbidden_table(forbidden: Sequence[ForbiddenPoint]) -> "pd.DataFrame":
    """One row a point and reason.

    point: the name that it would have · base: the scenario · a column a parameter that was set, as written · reason: what the
    check says · at: the parameter that it speaks of · value, allowed: what it found there, and what it would allow.
    """
    import pandas as pd

    paths = list(dict.fromkeys(path for point in forbidden for path in point.set))
    rows = [
        {"point": point.name, "base": point.base}
        | {path: one_line(point.set[path]) if path in point.set else "" for path in paths}
        | dict(zip(COLUMNS, reason, strict=True))
        for point in forbidden
        for reason in _each_reason(point.problems)
    ]
    return pd.DataFrame(rows, columns=["point", "base", *paths, *COLUMNS])


def _each_reason(problems: Sequence[Problem]) -> Iterator[tuple[str, str, str, str]]:
    """COLUMNS of each reason, where it holds of several sides those of all."""
    of_reason: dict[tuple[Text, str], list[Problem]] = {}
    for problem in problems:
        of_reason.setdefault((problem.message, problem.path), []).append(problem)
    for (reason, path), same in of_reason.items():
        value, allowed = (dict.fromkeys(getattr(problem, name).en for problem in same) for name in ("found", "allowed"))
        yield reason.en, path, "; ".join(value), "; ".join(allowed)


def forbidden_sentences(plans: Sequence[Plan], unit: Text = COMBINATIONS) -> list[Text]:
    """What to tell of the points that are left out, by reason; of several scenarios with the names of those it is true of."""
    true_of: dict[Text, list[Scenario]] = {}
    for reason in _reasons(plans):
        true_of.setdefault(_sentence(reason, len(plans) > 1, unit), []).append(reason.plan.scenario)
    return [of_scenarios(scenarios, sentence) if len(plans) > 1 else sentence for sentence, scenarios in true_of.items()]


def number_left_out(n: int, unit: Text = COMBINATIONS) -> Text:
    """A sentence for a note that has no room for reasons; none where none is left out."""
    return _NUMBER_LEFT_OUT.fill(n=_number(n), unit=unit) if n else NOTHING


def _sentence(reason: _Reason, is_one_of_several: bool, unit: Text) -> Text:
    settings = reason.settings()
    values = ", ".join(list(reason.as_it_is().values())[:SHOWN])
    rest = _AS_IT_IS.fill(values=Text.same(values), hint=_VARY_TOO if unit is COMBINATIONS else NOTHING) if values else NOTHING
    if is_one_of_several and not reason.plan.possible:
        rest += _NOTHING_LEFT
    more = _MORE.fill(n=_number(len(settings) - SHOWN)) if len(settings) > SHOWN else NOTHING
    return _LEFT_OUT.fill(
        n=_number(len(reason.points)),
        total=_number(len(reason.plan)),
        unit=unit,
        reason=reason.problem.message,
        settings=Text.same("; ".join(settings[:SHOWN])) + more,
        rest=rest,
    )


def none_possible(plans: Sequence[Plan], leave: bool = False) -> InputError:
    """The error of a design in which no point is possible: by reason, what was set, and what would be allowed.

    leave: whether a parameter can be left as it is.
    """
    problems: dict[Problem, None] = {}
    for reason in _reasons(plans):
        as_it_is, settings = reason.as_it_is(), reason.settings()
        others = [_ANOTHER.fill(path=path) for path in list(as_it_is)[:SHOWN]]
        if leave:
            varied = next(iter(reason.points.values())).involved(reason.problem)
            others = [*(Text.same(f"--leave {path}") for path in varied), *others]
        problem = Problem(
            _NONE.fill(reason=reason.problem.message),
            path=reason.problem.path,
            found=Text.same(
                "; ".join([*settings[:SHOWN], *(["..."] if len(settings) > SHOWN else []), *list(as_it_is.values())[:SHOWN]])
            ),
            allowed=OR_ELSE.join(part for part in (reason.problem.allowed, *others) if part),
        )
        problems[problem] = None
    return InputError(*problems)


@contextmanager
def before_varying(vary: Sequence[str]) -> Iterator[None]:
    """Of a scenario that is not possible as it is, says of each value at fault that is varied that this comes later."""
    paths = {option.partition("=")[0].strip() for option in vary}
    try:
        yield
    except InputError as error:
        raise InputError(*(_before(problem, paths) for problem in error.problems)) from None


def _before(problem: Problem, varied: Collection[str]) -> Problem:
    late = [path for path in (problem.path, *problem.contradicts) if problem.contradicts and path in varied]
    if not late:
        return problem
    hint = _BEFORE.fill(paths=AND.join(late))
    return replace(problem, allowed=SEMICOLON.join(part for part in (problem.allowed, hint) if part))


def _number(n: int) -> Text:
    return Text.same(str(n))


def of_scenarios(scenarios: Sequence[Scenario], sentence: Text) -> Text:
    """The sentence with the scenarios that it speaks of before it."""
    names = zip(*(name.all for name in names_as_texts(scenarios).values()), strict=True)
    listed = Text(*(link.join(of) for link, of in zip(BETWEEN_NAMES.all, names, strict=True)))
    return _OF.fill(base=listed) + sentence
