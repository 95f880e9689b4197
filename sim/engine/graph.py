"""The stage graph of a plan in reverse: from each stage to those that wait for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.model.plan import Step

Stages = tuple[int, ...]


def condition(step: Step) -> frozenset[int]:
    """The stages whose settling decides whether `step` is visited."""
    return frozenset(step.if_given_up) | frozenset(step.unless_given_up)


def predecessors(step: Step) -> frozenset[int]:
    """The stages that must have settled before `step` is ready: `after` and all stages of its condition."""
    return frozenset(step.after) | condition(step)


@dataclass(frozen=True)
class Graph:
    """The graph that all flights of a plan share; every tuple is indexed by stage number.

    followers: the stages that wait, among others, for this one · conditional:
    whose condition names this stage · n_predecessors, n_conditions: how many stages each waits for ·
    has_fallback: some stage is visited only if this one was given up, so that giving it up lets the
    flight go on · roots: the stages that wait for none.
    """

    followers: tuple[Stages, ...]
    conditional: tuple[Stages, ...]
    n_predecessors: Stages
    n_conditions: Stages
    has_fallback: tuple[bool, ...]
    roots: Stages

    @staticmethod
    def of(steps: tuple[Step, ...]) -> "Graph":
        """The graph of a plan's steps."""
        before, decided_by = [predecessors(step) for step in steps], [condition(step) for step in steps]
        fallbacks = {stage for step in steps for stage in step.if_given_up}
        return Graph(
            followers=_turned_round(before),
            conditional=_turned_round(decided_by),
            n_predecessors=tuple(map(len, before)),
            n_conditions=tuple(map(len, decided_by)),
            has_fallback=tuple(stage in fallbacks for stage in range(len(steps))),
            roots=tuple(stage for stage, stages in enumerate(before) if not stages),
        )


def _turned_round(sources: Iterable[frozenset[int]]) -> tuple[Stages, ...]:
    listed = list(sources)
    return tuple(tuple(target for target, stages in enumerate(listed) if stage in stages) for stage in range(len(listed)))
