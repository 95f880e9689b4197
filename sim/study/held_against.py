"""What each scenario of a study is held against: the one that its file names, else the first, the study's baseline."""

from collections.abc import Mapping, Sequence

from sim.ground.errors import Problem
from sim.ground.text import Text
from sim.scenario.load import Changes, in_its_file
from sim.scenario.scenario import Scenario

_CIRCLE = Text(
    "these scenarios are held against each other in a circle", "這些情景互為對照，形成循環", "这些情景互为对照，形成循环"
)
_NO_CIRCLE = Text(
    "a scenario that is not itself held against this one; or hold all against the first (--against-first)",
    "本身並非以這個情景為對照的情景；或全部與首個情景比較（--against-first）",
    "本身并非以这个情景为对照的情景；或全部与首个情景比较（--against-first）",
)


def against_first(names: Sequence[str]) -> dict[str, str]:
    """By compared scenario, in their order: the first of the names."""
    return dict.fromkeys(names[1:], names[0])


def held_against(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """By compared scenario, in their order, the scenario it is held against: its base.

    That is its `compare_with`, where that is another scenario of the study; else the first. The first is held against none.
    """
    names = {scenario.name for scenario in scenarios}
    return {
        scenario.name: scenario.compare_with if scenario.compare_with in names - {scenario.name} else scenarios[0].name
        for scenario in scenarios[1:]
    }


def steps_to(name: str, against: Mapping[str, str]) -> tuple[str, ...]:
    """The way from the study's baseline to a scenario, both included: each is held against the one before it.

    Of a circle, the scenarios in it up to where it closes.
    """
    steps = [name]
    while against.get(steps[-1], name) not in steps:
        steps.append(against[steps[-1]])
    return tuple(reversed(steps))


def circles_at_fault(scenarios: Sequence[Scenario], changes: Changes = ()) -> list[Problem]:
    """The problem of each circle of scenarios held against each other, none of which so leads back to the baseline."""
    against, of_name = held_against(scenarios), {scenario.name: scenario for scenario in scenarios}
    problems: dict[frozenset[str], Problem] = {}
    for name in against:
        steps = steps_to(name, against)
        if against.get(steps[0]) == name:
            members = " > ".join((*reversed(steps), name))
            problem = Problem(
                _CIRCLE, path="compare_with", found=Text.same(members), allowed=_NO_CIRCLE
            )  # fmt: skip
            problems.setdefault(frozenset(steps), in_its_file(problem, of_name[name], changes))
    return list(problems.values())
