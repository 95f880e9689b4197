"""Levers that are dead: changed parameters that, put back to their value in another scenario, leave every plan as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from sim.ground.errors import InputError
from sim.ground.sides import SIDE_KEYS
from sim.model.plan import Plan
from sim.replication.prepare import Prepared, prepare
from sim.scenario.differences import ParameterDifference, differences
from sim.scenario.load import with_values
from sim.scenario.parameters import written_at
from sim.scenario.scenario import Scenario

REPLICATIONS = (0, 1)  # those whose plans are compared: a lever that is dead in both is taken to be dead
CELLS = ("pool", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s", "ends", "priority")


@dataclass(frozen=True, slots=True)
class Lever:
    """A parameter that a scenario holds differently from another, or a part of it, put back to its value there.

    path: of the parameter; with a side or key behind it, where only that part is meant · parameter: its path without · put_back:
    the scenario with it put back, and with every dead lever before it · together: the parameters that had to be put back with
    it, since by itself it would be refused · is_dead: flights, facts and plan are then the same.
    """

    path: str
    parameter: str
    put_back: Scenario
    together: tuple[str, ...]
    is_dead: bool


def levers(scenario: Scenario, base: Scenario, unchanged: "Unchanged | None" = None) -> tuple[Lever, ...]:
    """The policy and world parameters in which a scenario differs from `base`, in the schema's order, dead ones and others.

    What is dead stays put back while the next are tried: all that are named dead can be put back at once, and of two that stand
    in for each other only the first is. A value by side or by key that is alive is tried part by part; only dead parts are
    listed. One that can't be put back by itself is tried with those others that it takes. unchanged: the replications of the
    scenario to be tried, if not those of its own seed in REPLICATIONS. Nothing is simulated.
    """
    return tuple(_levers(scenario, base, unchanged or Unchanged(scenario)))


def dead_parameters(
    scenario: Scenario, values: Mapping[str, Sequence[Any]], unchanged: "Unchanged | None" = None
) -> tuple[str, ...]:
    """Those of these parameters that move nothing in a scenario: at each of the values no flight, fact or plan is another.

    values: by path, as a scenario file writes them; one that the scenario can't have is passed over · unchanged: see `levers`.
    """
    unchanged = unchanged or Unchanged(scenario)

    def changed(path: str) -> Iterator[Scenario]:
        for value in values[path]:
            with suppress(InputError):
                yield with_values(scenario, {path: value})

    return tuple(path for path in values if all(map(unchanged.is_same, changed(path))))


def _levers(scenario: Scenario, base: Scenario, unchanged: "Unchanged") -> Iterator[Lever]:
    now = scenario
    for difference in differences(base, scenario):
        if difference.branch == "study" or written_at(now, difference.path) == written_at(base, difference.path):
            continue
        put_back, together = _put_back(now, base, difference.path)
        is_dead = unchanged.is_same(put_back)
        yield Lever(difference.path, difference.path, put_back, together, is_dead)
        if is_dead:
            now = put_back
        elif not together:
            yield from _dead_parts(now, base, difference, unchanged)


def _put_back(now: Scenario, base: Scenario, path: str) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with a parameter as `base` has it, and the others that had to be put back with it: none of them needlessly."""
    together = [other.path for other in differences(base, now) if other.branch != "study" and other.path != path]
    values = {name: written_at(base, name) for name in (path, *together)}
    with suppress(InputError):
        return with_values(now, {path: values[path]}), ()
    put_back = with_values(now, values)
    for other in tuple(together):
        with suppress(InputError):
            put_back = with_values(now, {name: value for name, value in values.items() if name != other})
            del values[other]
            together.remove(other)
    return put_back, tuple(together)


def _dead_parts(now: Scenario, base: Scenario, difference: ParameterDifference, unchanged: "Unchanged") -> Iterator[Lever]:
    """The sides or keys of a live lever that are dead by themselves; sides where nobody flies are not spoken of."""
    keys = [change.key for change in difference.changes if change.key]
    keys = [key for key in keys if key not in SIDE_KEYS or key in unchanged.sides()]
    if len(keys) < 2:
        return
    before, after = written_at(base, difference.path), written_at(now, difference.path)
    for key in keys:
        value = {name: part for name, part in after.items() if name != key}
        if key in before:
            value = {name: before[key] if name == key else part for name, part in after.items()}
        try:
            put_back = with_values(now, {difference.path: value})
        except InputError:  # shares that must add up to 1 have no part that could stand by itself
            continue
        if unchanged.is_same(put_back):
            yield Lever(f"{difference.path}.{key}", difference.path, put_back, (), True)


class Unchanged:
    """The prepared replications of a scenario, each made once, to hold those of others against."""

    def __init__(self, scenario: Scenario, seed: int | None = None, replications: Iterable[int] = REPLICATIONS) -> None:
        self.replications = tuple(replications)
        self.seed = scenario.study.seed if seed is None else seed
        self._scenario = scenario
        self._made: dict[int, Prepared] = {}

    def of(self, replication: int) -> Prepared:
        """A replication before its clock runs."""
        if replication not in self._made:
            self._made[replication] = prepare(self._scenario, self.seed, replication)
        return self._made[replication]

    def sides(self) -> set[str]:
        """The sides on which flights begin or end, or that they fly over."""
        flights = self.of(self.replications[0]).flights
        return {*flights.sides, *flights.sides_flown_over}

    def is_same(self, other: Scenario) -> bool:
        """Whether another scenario has the same flights, facts and plan in all the replications."""
        return all(same_replication(self.of(r), prepare(other, self.seed, r)) for r in self.replications)


def same_replication(first: Prepared, second: Prepared) -> bool:
    """Whether two prepared replications have the same flights, facts and plan; cells that no flight visits are not read."""
    same_flights = _same(first.flights, second.flights) and _same(first.consignments, second.consignments)
    return (
        same_flights and _same(dict(first.facts.by_name()), dict(second.facts.by_name())) and same_plan(first.plan, second.plan)
    )


def same_plan(first: Plan, second: Plan) -> bool:
    """Whether two plans say the same of every stage that is visited, in the same graph with the same pools."""
    if (first.steps, first.pools, first.closing, first.takeoff) != (second.steps, second.pools, second.closing, second.takeoff):
        return False
    if not np.array_equal(first.visits, second.visits):
        return False
    return all(np.array_equal(getattr(first, name)[first.visits], getattr(second, name)[first.visits]) for name in CELLS)


def _same(first: Any, second: Any) -> bool:
    """Equal at any depth of containers; NaN is equal to NaN."""
    if first is second:
        return True
    if isinstance(first, np.ndarray):
        return (
            isinstance(second, np.ndarray)
            and first.dtype == second.dtype
            and np.array_equal(first, second, first.dtype.kind == "f")
        )
    if is_dataclass(first) and not isinstance(first, type):
        return type(first) is type(second) and all(_same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    if isinstance(first, Mapping):
        return (
            isinstance(second, Mapping) and first.keys() == second.keys() and all(_same(first[key], second[key]) for key in first)
        )
    if isinstance(first, tuple | list):
        return isinstance(second, tuple | list) and len(first) == len(second) and all(map(_same, first, second))
    return bool(first == second)
