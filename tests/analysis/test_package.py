"""Packages of levers: groups that the checks ask for, orders that they allow, dead levers, declared groups and steps."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import Any

import pytest

from sim.analysis import package as module
from sim.analysis.attribution import attribute
from sim.analysis.package import EXACT, Game, LeverGroup, Package, dead_levers, game_of
from sim.ground.errors import InputError, Problem
from sim.ground.text import LANGUAGES, Text
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from sim.statistics.shapley import steps_of
from tests.analysis.made_up import Rule, made_up_package
from tests.policies.observed import baseline

SMALL = {"study.days": 1, "study.warm_up": "6 h", "study.cool_down": "12 h", "world.demand.flights_per_day": "24/d"}
REGIME, DECISION, LEAD = "policy.inspection.regime", "policy.pre_clearance.decision", "policy.pre_clearance.lead"
LATE, HEADWAY, TEAMS = "policy.pre_clearance.late_rule", "policy.corridor.headway", "policy.detector_dogs.teams"
MODE, BATCH = "policy.data_interface.mode", "policy.data_interface.batch_period"
RANDOM, EXPORT = "policy.risk_screening.random_share", "policy.risk_screening.export_rate"
ROUTES, FAR = "policy.corridor.routes", "aw139"
NEAR = {"world.demand.aircraft": {"wenjindu_sheung_shui": "meituan_fy4"}}
SITE, PAY = "policy.inspection.co_location_site", "world.posts.officer_pay"
ONE_STOP = {LEAD: "60 min", DECISION: "before_departure", REGIME: "one_stop"}

# ------------------------------------------------------------------------------------------- made-up packages


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The levers that are taken to be dead."""
    levers: list[str] = []
    monkeypatch.setattr(module, "dead_levers", lambda *_: tuple(levers))
    return levers


def needs(*pairs: str) -> Rule:
    """In each pair the first letter can't be without the second."""
    return lambda levers: all(pair[0] not in levers or pair[1] in levers for pair in pairs)


def toy_game(
    levers: str, rule: Rule, declared: Sequence[LeverGroup] = (), steps: Sequence[LeverGroup] = (), n_orders: int = 20
) -> Game:
    return game_of(made_up_package(levers, rule), declared, steps, n_orders, 1, 2)


def names(game: Game) -> list[str]:
    return [group.name for group in game.groups]


def together(*paths: str, name: str = "", label: str = "") -> LeverGroup:
    return LeverGroup(name or "+".join(paths), paths, Text.same(label))


def orders_by_hand(game: Game) -> int:
    """The orders of the groups all of whose steps are allowed, listed one by one."""
    ways = permutations(range(len(game.groups)))
    return sum(all(game.is_allowed(after) for _, _, after in steps_of(way)) for way in ways)


@pytest.mark.usefixtures("dead")
@pytest.mark.parametrize(
    ("levers", "rule", "groups", "orders"),
    [
        ("abc", lambda _: True, ["a", "b", "c"], 6),
        ("abc", needs("ab"), ["a", "b", "c"], 3),
        ("abc", needs("ab", "bc"), ["a", "b", "c"], 1),
        ("abc", needs("ab", "ba"), ["a+b", "c"], 2),
        ("abcd", needs("ac", "ca", "bd", "db"), ["a+c", "b+d"], 2),
        ("abcd", needs("ab", "bc", "ca"), ["a+b+c", "d"], 2),
        ("abcd", needs("ab", "ba", "ca"), ["a+b", "c", "d"], 3),
        ("abc", lambda s: not {"a", "b"} <= s or "c" in s, ["a", "b", "c"], 4),  # a and b exclude each other without c
        ("abc", lambda s: "a" not in s or bool(s & {"b", "c"}), ["a", "b", "c"], 4),  # a needs b or c
        ("abc", lambda s: len(s) != 1, ["a+b", "c"], 1),  # nothing can be put in alone
        ("ab", lambda s: len(s) != 1, ["a+b"], 1),
    ],
)
def test_groups_are_those_that_the_checks_ask_for(levers: str, rule: Rule, groups: list[str], orders: int) -> None:
    game = toy_game(levers, rule)
    assert game.orders.number == orders_by_hand(game)
    if orders:
        assert (names(game), game.orders.number) == (groups, orders)
    assert game.bound == tuple(name for name in names(game) if "+" in name)
    assert sorted(path for group in game.groups for path in group.paths) == sorted(levers)


@pytest.mark.usefixtures("dead")
def test_who_needs_one_of_two_is_not_bound_to_either() -> None:
    """b needs g, and g needs a or b: g can be without b, so that a, g, b is an order and nothing is joined."""
    game = toy_game("abg", lambda s: ("g" not in s or bool(s & {"a", "b"})) and ("b" not in s or "g" in s))
    assert (names(game), game.orders.number, game.bound) == (["a", "b", "g"], 1, ())


@pytest.mark.usefixtures("dead")
def test_a_joined_group_has_the_labels_of_its_levers_in_each_language() -> None:
    (group, _) = toy_game("abc", needs("ab", "ba")).groups
    assert [group.label.in_language(language) for language in LANGUAGES] == ["A + B", "繁a、繁b", "简a、简b"]


@pytest.mark.usefixtures("dead")
def test_declared_groups_stand_for_their_levers_in_the_order_of_the_schema() -> None:
    game = toy_game("abcd", needs("ab"), [together("d", "a", name="mine", label="Mine"), together("c", "zz", name="other")])
    assert [(group.name, group.paths) for group in game.groups] == [("mine", ("a", "d")), ("b", ("b",)), ("other", ("c",))]
    assert [group.label.en for group in game.groups] == ["Mine", "B", "C"]
    assert (game.orders.number, game.bound) == (3, ())


@pytest.mark.usefixtures("dead")
def test_the_simulated_combinations_are_those_that_are_shown() -> None:
    game = toy_game("abc", needs("ab"))
    allowed = [c for c in range(8) if game.is_allowed(c)]
    assert sorted(game.coalitions()) == allowed == [0, 2, 3, 4, 6, 7]
    assert game.coalitions()[0] == 0 and game.coalitions()[-1] == game.whole


@pytest.mark.usefixtures("dead")
def test_more_than_six_groups_have_their_orders_sampled() -> None:
    free, bound = toy_game("abcdefg", lambda _: True), toy_game("abcdefg", needs("ab"))
    for game in (free, bound):
        assert len(game.groups) == EXACT + 1 and game.orders.number == 20 and len(game.orders.sampled) == 10
        assert set(game.coalitions()) >= {1 << g for g in range(1, 7)} | {game.whole ^ 1 << g for g in range(7) if g != 1}
        assert all(game.is_allowed(c) for c in game.coalitions())
    assert toy_game("abcdefg", needs("ab", "ba")).orders.sampled == ()  # six groups: all orders
    nearly_all = toy_game("abcdefg", lambda _: True, n_orders=200)  # the sample would visit nearly all of 128 combinations
    chain = toy_game("abcdefg", lambda s: sorted(s) == list("abcdefg")[: len(s)])  # a sample would find too few
    assert (chain.orders.sampled, chain.orders.number) == ((), 1)
    assert (nearly_all.orders.sampled, nearly_all.orders.number, len(nearly_all.coalitions())) == ((), 5040, 128)
    with pytest.raises(InputError, match="next to no order of so many levers is allowed"):
        toy_game("abcdefghij", lambda s: sorted(s) == list("abcdefghij")[: len(s)])


@pytest.mark.usefixtures("dead")
def test_steps_stand_in_their_order_and_the_rest_comes_last() -> None:
    game = toy_game("abcd", needs("ab"), steps=[together("b"), together("d", "a")])
    assert [(group.name, group.paths) for group in game.groups] == [("b", ("b",)), ("d+a", ("a", "d")), ("c", ("c",))]
    assert game.orders.number == 1
    rest = toy_game("abcd", needs("ab"), steps=[together("d")])
    assert [(group.name, group.paths, group.label.en) for group in rest.groups][1] == (
        "others",
        ("a", "b", "c"),
        "all the others",
    )
    assert len(toy_game("ab", needs("ab"), steps=[together("b"), together("a")]).groups) == 2


@pytest.mark.usefixtures("dead")
def test_a_step_that_is_refused_is_an_error_with_the_reason_of_the_check() -> None:
    with pytest.raises(InputError) as refusal:
        toy_game("abc", needs("ab"), steps=[together("c"), together("a"), together("b")])
    (problem,) = refusal.value.problems
    assert problem.path == "steps" and problem.found.en == "c, a"
    assert problem.message.en == "b: these levers can't be put in before the others: the rule forbids it"


def test_dead_levers_stay_out_unless_another_needs_them(dead: list[str]) -> None:
    dead.append("c")
    game = toy_game("abc", needs("bc"))
    assert names(game) == ["a", "b"] and game.orders.number == 2
    assert [game.paths(c) for c in range(4)] == [set(), {"a"}, {"b", "c"}, {"a", "b", "c"}]
    stepwise = toy_game("abc", needs("bc"), steps=[together("c"), together("b")])
    assert names(stepwise) == ["b", "a"] and stepwise.paths(1) == {"b", "c"}
    dead += ["a", "b"]
    nothing = toy_game("abc", needs("bc"))
    assert nothing.groups == () and nothing.whole == 0 and nothing.paths(0) == {"a", "b", "c"}


# ------------------------------------------------------------------------------------------- real scenarios


@cache
def small() -> Scenario:
    return apply(baseline(), SMALL)


def package(changes: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Package:
    held_against = apply(small(), base) if base else small()
    return Package(held_against, apply(held_against, changes).model_copy(update={"name": "package"}))


def game(changes: Mapping[str, Any], base: Mapping[str, Any] | None = None, **others: Any) -> Game:
    return game_of(package(changes, base), others.get("groups", ()), others.get("steps", ()), 20, 7, 2)


PORTS = {"policy.port_hours.opens": "08:00", "policy.port_hours.closes": "11:00", "policy.port_hours.last_take_off": "30 min"}
BOUND: list[tuple[Mapping[str, Any], Mapping[str, Any], list[str], int]] = [
    (ONE_STOP, {}, [], 3),
    ({LATE: "refuse", DECISION: "before_departure", REGIME: "one_stop"}, {}, [], 2),
    ({REGIME: "co_located", SITE: "origin", DECISION: "before_departure"}, {}, [], 4),
    ({RANDOM: "6%", EXPORT: "7%", "policy.risk_screening.import_rate": "6%", HEADWAY: "6 min"}, {}, [], 8),
    ({"policy.corridor.floor": "130 m", "policy.corridor.ceiling": "150 m", HEADWAY: "6 min"}, {}, [], 3),
    ({**PORTS, HEADWAY: "6 min"}, {"policy.port_hours.last_take_off": "4 h"}, [], 12),
]


@pytest.mark.parametrize(("changes", "base", "bound", "orders"), BOUND, ids=[" ".join(c) for c, *_ in BOUND])
def test_orders_that_the_checks_of_real_features_allow(
    changes: Mapping[str, Any], base: Mapping[str, Any], bound: list[str], orders: int
) -> None:
    shared = game(changes, base)
    assert (list(shared.bound), shared.orders.number, shared.dead) == (bound, orders, ())
    assert shared.orders.number == orders_by_hand(shared)
    assert {path for group in shared.groups for path in group.paths} == set(changes)


def test_a_package_taken_back_goes_the_other_way_round() -> None:
    """From one stop back to two inspections the regime comes first, for it needs the decision that goes with the other step."""
    back = game({DECISION: "on_arrival", REGIME: "check_twice"}, {DECISION: "before_departure", REGIME: "one_stop"})
    assert (names(back), back.orders.number, back.bound) == ([DECISION, REGIME], 1, ())
    ((term,),) = back.orders.shares[1:]
    assert (term.before, term.after) == (0, 2)
    assert game({"policy.corridor.floor": "10 m", "policy.corridor.ceiling": "20 m"}).orders.number == 1  # the floor first


def test_real_levers_that_need_each_other_are_one_group() -> None:
    """The routes and the type that flies them: another type can't fly this route, and this type can't fly the other."""
    shared = game({ROUTES: ["shekou_shun_tak"], "world.demand.aircraft": {"shekou_shun_tak": FAR}, HEADWAY: "6 min"}, NEAR)
    assert shared.bound == (f"{ROUTES}+world.demand.aircraft",) and shared.orders.number == 2


def test_a_lever_of_a_feature_that_is_not_used_is_dead() -> None:
    shared = game({TEAMS: 4, HEADWAY: "6 min"})
    assert (shared.dead, names(shared)) == ((TEAMS,), [HEADWAY])
    assert TEAMS not in shared.paths(0) and TEAMS in shared.paths(shared.whole)


def test_all_levers_may_be_dead() -> None:
    shared = game({TEAMS: 4, "policy.detector_dogs.rest": "1 h"})
    assert shared.groups == () and shared.dead == (TEAMS, "policy.detector_dogs.rest")


@pytest.mark.parametrize(
    ("changes", "base"),
    [
        ({MODE: "api", BATCH: "10 min"}, {MODE: "batch"}),  # dead in company: nothing is sent in batches any more
        ({MODE: "batch", BATCH: "10 min"}, {MODE: "api"}),  # dead alone
        ({TEAMS: 4, "policy.inspection.sequence": ["dog", "open"]}, {"policy.risk_screening.export_rate": "60%"}),
    ],
)
def test_a_lever_that_is_dead_only_in_some_company_is_alive(changes: Mapping[str, Any], base: Mapping[str, Any]) -> None:
    assert dead_levers(package(changes, base), 7, 2) == ()


def test_a_value_that_only_prices_what_happened_is_never_dead() -> None:
    shared = game({PAY: {"mainland": "10000 CNY"}, TEAMS: 4})
    assert (shared.dead, names(shared)) == ((TEAMS,), [PAY])


def test_steps_of_real_levers_that_a_check_refuses_name_the_check() -> None:
    steps = [together(REGIME), together(DECISION)]
    with pytest.raises(InputError, match="both sides inspect at the origin only if both decide before departure"):
        game(ONE_STOP, steps=steps)


# ------------------------------------------------------------------------------------------- what is asked for


def refusal(**asked: Any) -> list[Problem]:
    other = apply(small(), ONE_STOP).model_copy(update={"name": "other"})
    with pytest.raises(InputError) as error:
        attribute([small(), other], replications=2, **asked)
    return list(error.value.problems)


def test_what_names_no_lever_is_an_error_with_the_levers_that_there_are() -> None:
    (problem,) = refusal(groups="policy.inspection,policy.corridor")
    assert (problem.path, problem.found.en, problem.allowed.en) == ("groups", "policy.corridor", f"{LEAD}, {DECISION}, {REGIME}")
    (problem,) = refusal(steps="policy.pre_clearanc")
    assert (problem.path, problem.message.en, problem.found.en) == ("steps", "no package changes it", "policy.pre_clearanc")
    (problem,) = refusal(groups="mine=")
    assert problem.path == "groups" and problem.found.en == "mine="


def test_a_lever_stands_in_one_group_and_in_one_step() -> None:
    (problem,) = refusal(groups=["policy.pre_clearance", f"x={LEAD}"])
    assert problem.message.en == f"{LEAD} stands in more than one of them" and problem.found.en == "policy.pre_clearance, x"
    (problem,) = refusal(steps=f"policy.pre_clearance,{LEAD}")
    assert problem.path == "steps" and LEAD in problem.message.en


@pytest.mark.parametrize("groups", [[f"x={LEAD}", f"x={REGIME}"], [f"{LEAD}={REGIME}"], [f"={REGIME}"], [f"others={REGIME}"]])
def test_a_group_has_a_name_of_its_own(groups: list[str]) -> None:
    """Else the levers of one of the two would be lost from the shares."""
    (problem,) = refusal(groups=groups)
    assert problem.path == "groups" and "name" in problem.message.en


def test_a_step_that_is_refused_and_a_package_without_base_are_errors() -> None:
    (problem,) = refusal(steps=REGIME)
    assert problem.path == "steps" and problem.message.en.startswith("other: these levers can't be put in before the others")
    with pytest.raises(InputError, match="a package needs a base to be held against"):
        attribute([small()], replications=2)
    (problem,) = refusal(orders=1)
    assert problem.path == "orders"
