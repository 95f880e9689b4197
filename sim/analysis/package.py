"""A package of levers: what a scenario changes against another, taken apart into groups that can be put in one by one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, LANGUAGES, SEMICOLON, Text
from sim.replication.levers import REPLICATIONS, Unchanged
from sim.scenario.differences import ParameterDifference, differences, in_short
from sim.scenario.load import with_values
from sim.scenario.parameters import written_at
from sim.scenario.scenario import Scenario
from sim.statistics.shapley import Coalition, JoiningOrders, all_orders, everybody, one_order, sampled_orders

_HARDLY_ANY_ORDER = Text(
    "next to no order of so many levers is allowed by the checks, so that none could be sampled",
    "措施太多，而檢查所容許的次序極少，無法抽樣",
    "措施太多，而检查所容许的次序极少，无法抽样",
)
_LEVERS_OF = Text("{n} levers of {name}: {levers}", "{name} 的 {n} 項措施：{levers}", "{name} 的 {n} 项措施：{levers}")
_GROUPS_OR_STEPS = Text(
    "levers that belong together as one group, or steps in an order",
    "把相關措施合為一組，或訂明步驟次序",
    "把相关措施合为一组，或规定步骤次序",
)
_NOT_BEFORE = Text(
    "{name}: these levers can't be put in before the others: {reasons}",
    "{name}：這些措施不能先於其他措施採用：{reasons}",
    "{name}：这些措施不能先于其他措施采用：{reasons}",
)
_ANOTHER_ORDER = Text(
    "another order, or those that belong together as one group",
    "另一次序，或把相關措施合為一組",
    "另一次序，或把相关措施合为一组",
)

EXACT = 6  # groups up to which all allowed orders are taken; that many have 64 combinations
ORDERS = 200  # orders sampled where there are more groups
LISTED, FEW_MORE = 9, 1.25  # groups up to which it is tried whether all orders take few combinations more than the sample
OF_WORLD = Text("{label} (world)", "{label}（外在條件）", "{label}（外部条件）")
_AND = Text(" + ", "、", "、")
OTHERS = "others"  # the name of the last step, of what no step names
REST = Text("all the others", "其餘各項", "其余各项")


@dataclass(frozen=True, slots=True)
class LeverGroup:
    """Levers that are put in together: name, as a user may write it; the paths of the parameters; what it is called."""

    name: str
    paths: tuple[str, ...]
    label: Text


class Package:
    """The policy and world parameters in which a scenario differs from a base, to be put into the base in any combination.

    `differences`: all of them, in the schema's order · labels: in words, by path.
    """

    def __init__(self, base: Scenario, scenario: Scenario) -> None:
        self.base, self.scenario = base, scenario
        self.differences = tuple(d for d in differences(base, scenario) if d.branch != "study")
        words = in_short(self.differences)
        self.labels = {
            d.path: OF_WORLD.fill(label=words[d.path]) if d.branch == "world" else words[d.path] for d in self.differences
        }
        self._values = {d.path: written_at(scenario, d.path) for d in self.differences}
        self._made: dict[frozenset[str], Scenario | InputError] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all levers, in the schema's order."""
        return tuple(self._values)

    def values(self, paths: frozenset[str]) -> dict[str, object]:
        """What is set where these levers are put in, as a scenario file writes it."""
        return {path: value for path, value in self._values.items() if path in paths}

    def made(self, paths: frozenset[str]) -> Scenario | InputError:
        """The base with these levers put in, or the error of the check that refuses it."""
        if paths not in self._made:
            try:
                self._made[paths] = with_values(self.base, self.values(paths))
            except InputError as error:
                self._made[paths] = error
        return self._made[paths]

    def is_allowed(self, paths: frozenset[str]) -> bool:
        """Whether the base can have these levers and no others."""
        return isinstance(self.made(paths), Scenario)


def dead_levers(package: Package, seed: int, replications: int) -> tuple[str, ...]:
    """The levers of a package that leave every plan as it is, whichever of the others are put in, as far as is tried.

    Tried are: alone, left out of all, and either with each single other one; in REPLICATIONS. Those that are dead stay out while
    the next are tried, and at the end the package without all of them is tried in every replication. A lever of a feature that
    only puts a value on what happened plans nothing and is never dead.
    """
    valued = tuple(f"world.{feature.key}." for feature in package.base.assembly.features if feature.values_only)
    planned: dict[frozenset[str], Unchanged] = {}

    def changes_nothing(path: str, others: frozenset[str]) -> bool:
        without, put_in = package.made(others), package.made(others | {path})
        if not isinstance(without, Scenario) or not isinstance(put_in, Scenario):
            return True
        if others not in planned:
            planned[others] = Unchanged(without, seed, REPLICATIONS)
        return planned[others].is_same(put_in)

    live = list(package.paths)
    for path in package.paths:
        others = frozenset(live) - {path}
        tried = [frozenset[str](), others, *(frozenset({other}) for other in live if other != path)]
        tried += [others - {other} for other in live if other != path]
        was_tried = any(package.is_allowed(context) and package.is_allowed(context | {path}) for context in tried)
        if not path.startswith(valued) and was_tried and all(changes_nothing(path, context) for context in tried):
            live.remove(path)
    dead = frozenset(package.paths) - frozenset(live)
    whole, rest = package.made(frozenset(package.paths)), package.made(frozenset(live))
    if not isinstance(whole, Scenario) or not isinstance(rest, Scenario):
        return ()  # refused without them: they come with the levers that need them
    if dead and not Unchanged(rest, seed, range(replications)).is_same(whole):
        return ()  # one of them moves something in some replication: better to share out too much than too little
    return tuple(path for path in package.paths if path in dead)


@dataclass(frozen=True)
class Game:
    """The groups of a package, and the orders in which they may be put in.

    bound: the groups that had to be made of several, since a check binds their levers together · dead: levers that stay out.
    """

    package: Package
    groups: tuple[LeverGroup, ...]
    orders: JoiningOrders
    bound: tuple[str, ...]
    dead: tuple[str, ...]

    def paths(self, coalition: Coalition) -> frozenset[str]:
        """The levers of some of the groups, and the dead ones where the others can't be without them.

        With all groups in, the dead ones are in too: that is the package itself.
        """
        return paths_of(self.package, self.groups, coalition, self.dead)

    def is_allowed(self, coalition: Coalition) -> bool:
        """Whether these groups can be put in, and no others."""
        return self.package.is_allowed(self.paths(coalition))

    @property
    def whole(self) -> Coalition:
        """All groups."""
        return everybody(len(self.groups))

    def coalitions(self) -> list[Coalition]:
        """The combinations to be simulated: of the orders, each group alone and left out, and each two where all are listed."""
        n = len(self.groups)
        chosen = {0, self.whole, *self.orders.coalitions}
        chosen |= {1 << g for g in range(n)} | {self.whole ^ 1 << g for g in range(n)}
        if n <= EXACT:
            chosen |= {1 << g | 1 << h for g, h in combinations(range(n), 2)}
        return sorted((c for c in chosen if self.is_allowed(c)), key=lambda c: (c.bit_count(), c))


def paths_of(package: Package, groups: Sequence[LeverGroup], coalition: Coalition, dead: Sequence[str]) -> frozenset[str]:
    """See `Game.paths`."""
    paths = frozenset(path for number, group in enumerate(groups) if coalition >> number & 1 for path in group.paths)
    needs_dead = bool(dead) and not package.is_allowed(paths) and package.is_allowed(paths | frozenset(dead))
    return paths | frozenset(dead) if needs_dead or coalition == everybody(len(groups)) else paths


def game_of(
    package: Package,
    declared: Sequence[LeverGroup],
    steps: Sequence[LeverGroup],
    n_orders: int,
    seed: int,
    replications: int,
) -> Game:
    """The groups of a package and the orders that are allowed.

    declared: groups of levers that belong together · steps: the groups in the order in which they are to be put in, all others
    behind them as one; empty: over all allowed orders, or a sample of n_orders where there are more than EXACT groups. Levers
    that a check binds together form one group. Raises InputError where a step is refused, or no order is allowed.
    """
    dead = dead_levers(package, seed, replications)
    live = [d for d in package.differences if d.path not in dead]
    if not live:
        return Game(package, (), JoiningOrders(0, 1, ()), (), dead)
    if steps:
        return _stepwise(package, live, steps, dead)
    groups = _grouped(package, live, declared)

    def allows(groups: Sequence[LeverGroup]) -> Callable[[Coalition], bool]:
        return lambda coalition: package.is_allowed(paths_of(package, groups, coalition, dead))

    merged = _merge_needing_each_other(groups, allows)
    if len(merged) > EXACT:
        orders = _sampled_or_all(merged, allows, n_orders, seed)
        if not orders.number:
            raise InputError(_no_order(package, merged))
    else:
        merged, orders = _merge_until_ordered(merged, allows)
    before = {group.name for group in groups}
    return Game(package, tuple(merged), orders, tuple(g.name for g in merged if g.name not in before), dead)


def _sampled_or_all(groups: Sequence[LeverGroup], allows: "Allows", n_orders: int, seed: int) -> JoiningOrders:
    """A sample of the orders; all of them where that takes few combinations more, for it has no error, or so few are allowed."""
    sample = sampled_orders(len(groups), allows(groups), n_orders, seed)
    if len(groups) > LISTED:
        return sample
    orders = _all_orders(groups, allows)
    takes_few_more = len(orders.coalitions) <= FEW_MORE * len(sample.coalitions)
    return orders if takes_few_more or not sample.number else sample


def _no_order(package: Package, groups: Sequence[LeverGroup]) -> Problem:
    names = COMMA.join(group.name for group in groups)
    found_levers = _LEVERS_OF.fill(n=len(groups), name=package.scenario.name, levers=names)
    return Problem(_HARDLY_ANY_ORDER, path="groups", found=found_levers, allowed=_GROUPS_OR_STEPS)


def _grouped(package: Package, live: Sequence[ParameterDifference], declared: Sequence[LeverGroup]) -> list[LeverGroup]:
    """The declared groups as far as their levers are live, and every other lever by itself; in the schema's order."""
    of_path = {path: group for group in declared for path in group.paths}
    groups: dict[str, LeverGroup] = {}
    for difference in live:
        group = of_path.get(difference.path)
        if group is None:
            groups[difference.path] = LeverGroup(difference.path, (difference.path,), package.labels[difference.path])
        else:
            paths = tuple(d.path for d in live if d.path in group.paths)
            label = group.label if group.label.en else _joined([package.labels[d.path] for d in live if d.path in group.paths])
            groups[group.name] = replace(group, paths=paths, label=label)
    return list(groups.values())


def _stepwise(package: Package, live: Sequence[ParameterDifference], steps: Sequence[LeverGroup], dead: tuple[str, ...]) -> Game:
    """The game of one order. Raises InputError where a combination on its way is refused."""
    named = [replace(step, paths=tuple(d.path for d in live if d.path in step.paths)) for step in steps]
    groups = []
    for step in (step for step in named if step.paths):
        label = step.label if step.label.en else _joined([package.labels[d.path] for d in live if d.path in step.paths])
        groups.append(replace(step, label=label))
    others = [d for d in live if not any(d.path in step.paths for step in groups)]
    if others:
        is_single = len(others) == 1
        name, label = (others[0].path, package.labels[others[0].path]) if is_single else (OTHERS, REST)
        groups.append(LeverGroup(name, tuple(d.path for d in others), label))
    for n in range(1, len(groups)):
        made = package.made(paths_of(package, groups, everybody(n), dead))
        if isinstance(made, InputError):
            reasons = SEMICOLON.join(problem.message for problem in made.problems)
            message = _NOT_BEFORE.fill(name=package.scenario.name, reasons=reasons)
            names = COMMA.join(group.name for group in groups[:n])
            raise InputError(Problem(message, path="steps", found=names, allowed=_ANOTHER_ORDER))
    return Game(package, tuple(groups), one_order(len(groups)), (), dead)


Allows = Callable[[Sequence[LeverGroup]], Callable[[Coalition], bool]]


def _merge_needing_each_other(groups: Sequence[LeverGroup], allows: Allows) -> list[LeverGroup]:
    """The groups, those joined that can't be put in without each other: each of them needs all the others."""
    merged = list(groups)
    while True:
        is_allowed = allows(merged)
        needs = {g: _needs(g, len(merged), is_allowed) for g in range(len(merged)) if not is_allowed(1 << g)}
        together = next((pair for g, of_g in needs.items() for pair in [_circle(g, needs)] if len(pair) > 1), None)
        if together is None:
            return merged
        merged = _merged(merged, together)


def _needs(group: int, n: int, is_allowed: Callable[[Coalition], bool]) -> Coalition:
    """The others without which a group can't be put in, whatever else is: those in every combination that lets it in.

    Up to EXACT groups all combinations are looked through; of more, those that are left when as many others as can be are left
    out one by one, the one in question first.
    """
    whole, others = everybody(n), [other for other in range(n) if other != group]
    if n <= EXACT:
        needed = whole
        for coalition in range(whole + 1):
            if coalition >> group & 1 and is_allowed(coalition):
                needed &= coalition
        return needed ^ 1 << group
    return sum(1 << other for other in others if not _can_be_without(group, other, whole, is_allowed))


def _can_be_without(group: int, other: int, whole: Coalition, is_allowed: Callable[[Coalition], bool]) -> bool:
    kept, before = whole, 0
    while kept >> other & 1 and kept != before:
        before = kept
        for candidate in (other, *range(whole.bit_length())):
            smaller = kept & ~(1 << candidate)
            if candidate != group and smaller != kept and kept >> other & 1 and is_allowed(smaller):
                kept = smaller
    return not kept >> other & 1


def _circle(group: int, needs: Mapping[int, Coalition]) -> tuple[int, ...]:
    """The group and those that it needs, directly or through others, and that need it in turn."""
    reached = {g: _reached(g, needs) for g in needs}
    return tuple(sorted({group} | {g for g in reached[group] if group in reached.get(g, ())}))


def _reached(group: int, needs: Mapping[int, Coalition]) -> set[int]:
    reached: set[int] = set()
    ahead = [group]
    while ahead:
        needed = needs.get(ahead.pop(), 0)
        fresh = {g for g in range(needed.bit_length()) if needed >> g & 1} - reached
        reached |= fresh
        ahead += sorted(fresh)
    return reached


def _merge_until_ordered(groups: Sequence[LeverGroup], allows: Allows) -> tuple[list[LeverGroup], JoiningOrders]:
    """The groups with all orders that are allowed; where there is none, with as few of them joined as it takes."""
    merged = list(groups)
    while True:
        orders = _all_orders(merged, allows)
        if orders.number:
            return merged, orders
        merged = next(_fewer(merged, allows))


def _fewer(groups: Sequence[LeverGroup], allows: Allows) -> Iterator[list[LeverGroup]]:
    """The groups with some of them joined: the first so few that an order is allowed; all of them at the end, which always is."""
    for size in range(2, len(groups) + 1):
        for together in combinations(range(len(groups)), size):
            merged = _merged(groups, together)
            if _all_orders(merged, allows).number:
                yield merged


def _all_orders(groups: Sequence[LeverGroup], allows: Allows) -> JoiningOrders:
    is_allowed = allows(groups)
    return all_orders(len(groups), [c for c in range(everybody(len(groups)) + 1) if is_allowed(c)])


def _merged(groups: Sequence[LeverGroup], together: Sequence[int]) -> list[LeverGroup]:
    """The groups with some of them as one, at the place of the first."""
    paths = tuple(path for g in together for path in groups[g].paths)
    group = LeverGroup("+".join(groups[g].name for g in together), paths, _joined([groups[g].label for g in together]))
    first, *others = together
    return [group if g == first else groups[g] for g in range(len(groups)) if g not in others]


def _joined(labels: Sequence[Text]) -> Text:
    return Text(*(_AND.in_language(language).join(label.in_language(language) for label in labels) for language in LANGUAGES))
