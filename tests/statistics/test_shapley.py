"""Shapley values of games whose values are known, and of games in which not every coalition is allowed."""

from itertools import permutations

import numpy as np
import pytest

from sim.ground.streams import draw
from sim.statistics.shapley import (
    JoiningOrders,
    all_orders,
    errors_of_sampling,
    everybody,
    interaction,
    one_order,
    sampled_orders,
    steps_of,
    sum_of_positive_weights,
)


def shares(orders: JoiningOrders, values: dict[int, float]) -> list[float]:
    return [sum(term.weight * (values[term.after] - values[term.before]) for term in share) for share in orders.shares]


def by_listing(n: int, allowed: set[int], values: dict[int, float]) -> list[float]:
    """The mean gain of each player over the allowed orders, listed one by one."""
    ways = [order for order in permutations(range(n)) if all(after in allowed for _, _, after in steps_of(order))]
    gains = np.zeros((len(ways), n))
    for row, order in enumerate(ways):
        for player, before, after in steps_of(order):
            gains[row, player] = values[after] - values[before]
    return gains.mean(axis=0).tolist()


def random_values(n: int, seed: int) -> dict[int, float]:
    return dict(enumerate(draw(seed, 0, "test of shapley", "uniform", 2**n).tolist()))


def test_in_an_additive_game_each_has_what_it_brings() -> None:
    brings = [3.0, -1.0, 0.5, 0.0]
    values = {c: sum(b for p, b in enumerate(brings) if c >> p & 1) for c in range(16)}
    orders = all_orders(4, range(16))
    assert orders.number == 24
    assert shares(orders, values) == pytest.approx(brings)


def test_the_glove_game() -> None:
    """One left glove (player 0) and two right ones: a pair is worth 1. Shapley values 2/3, 1/6, 1/6."""
    values = {c: float(bool(c & 1 and c & 6)) for c in range(8)}
    assert shares(all_orders(3, range(8)), values) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_an_airport_charges_each_for_the_length_that_it_needs() -> None:
    """Runways of 1, 2 and 4: Littlechild and Owen, Management Science 20 (1973) 370-372."""
    needs = [1.0, 2.0, 4.0]
    values = {c: max([0.0, *(need for p, need in enumerate(needs) if c >> p & 1)]) for c in range(8)}
    assert shares(all_orders(3, range(8)), values) == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


def test_two_that_stand_in_for_each_other_share_alike_and_interact() -> None:
    values = {0: 0.0, 1: 1.0, 2: 1.0, 3: 1.0}
    assert shares(all_orders(2, range(4)), values) == pytest.approx([0.5, 0.5])
    (pair,) = [interaction(0, 1)]
    assert sum(term.weight * (values[term.after] - values[term.before]) for term in pair) == -1.0
    assert sum_of_positive_weights(pair) == 1.0


@pytest.mark.parametrize("seed", range(40))
def test_counting_orders_is_listing_them(seed: int) -> None:
    n = 2 + seed % 4
    uniform = draw(seed, 1, "test of shapley", "uniform", 2**n)
    allowed = {0, everybody(n)} | {c for c in range(2**n) if uniform[c] < 0.7}
    values, orders = random_values(n, seed), all_orders(n, allowed)
    listed = [o for o in permutations(range(n)) if all(after in allowed for _, _, after in steps_of(o))]
    assert orders.number == len(listed), f"seed {seed}"
    if listed:
        assert shares(orders, values) == pytest.approx(by_listing(n, allowed, values)), f"seed {seed}"
        assert sum(shares(orders, values)) == pytest.approx(values[everybody(n)] - values[0]), f"seed {seed}"
        assert set(orders.coalitions) <= allowed


def test_a_lever_that_needs_another_comes_after_it() -> None:
    orders = all_orders(3, [c for c in range(8) if not c & 1 or c & 2])  # 0 needs 1
    assert orders.number == 3
    assert {(term.before, term.after) for term in orders.shares[0]} == {(2, 3), (6, 7)}


def test_no_order_is_allowed_where_two_need_each_other() -> None:
    orders = all_orders(2, [0, 3])
    assert (orders.number, orders.shares, orders.coalitions) == (0, (), ())
    assert all_orders(2, [1, 2]).number == 0


def test_the_steps_of_one_order_stand_one_on_top_of_the_other() -> None:
    values = random_values(3, 5)
    assert shares(one_order(3), values) == pytest.approx([values[1] - values[0], values[3] - values[1], values[7] - values[3]])
    assert one_order(3).number == 1


def needs_next(coalition: int) -> bool:
    """0 needs 1, and 2 needs 3."""
    return (not coalition & 1 or bool(coalition & 2)) and (not coalition & 4 or bool(coalition & 8))


@pytest.mark.parametrize("is_allowed", [lambda _: True, needs_next, lambda c: c & 3 != 3 or bool(c & 12)])
def test_sampled_orders_come_near_to_all(is_allowed) -> None:  # type: ignore[no-untyped-def]
    n, values = 5, random_values(5, 3)
    exact = all_orders(n, [c for c in range(32) if is_allowed(c)])
    within = []
    for seed in range(40):
        sample = sampled_orders(n, is_allowed, 200, seed)
        assert sample.number == 200 and len(sample.sampled) == 100
        assert all(is_allowed(after) for pair in sample.sampled for order in pair for _, _, after in steps_of(order))
        off, errors = np.subtract(shares(sample, values), shares(exact, values)), errors_of_sampling(sample, values)
        assert sum(shares(sample, values)) == pytest.approx(values[31] - values[0])
        within.append(np.abs(off) <= 1.984 * errors + 1e-12)  # t(0.975; 99)
    assert np.mean(within) > 0.9  # 200 intervals of 95%


def test_the_partner_of_an_order_is_its_reverse_where_that_is_allowed() -> None:
    free = sampled_orders(4, lambda _: True, 20, 1)
    assert all(second == first[::-1] for first, second in free.sampled)
    bound = sampled_orders(4, needs_next, 20, 1)
    assert all(second != first[::-1] for first, second in bound.sampled)
    assert sampled_orders(4, needs_next, 20, 1) == bound != sampled_orders(4, needs_next, 20, 2)


def test_an_additive_game_has_no_error_of_sampling_and_all_orders_have_none() -> None:
    values = {c: float(c.bit_count()) for c in range(32)}
    assert errors_of_sampling(sampled_orders(5, lambda _: True, 20, 1), values) == pytest.approx(np.zeros(5), abs=1e-12)
    assert errors_of_sampling(all_orders(5, range(32)), random_values(5, 1)).tolist() == [0.0] * 5


def test_where_next_to_no_order_is_allowed_none_is_sampled() -> None:
    chain = [everybody(n) for n in range(11)]  # 1 order of 10! = 3,628,800
    assert sampled_orders(10, chain.__contains__, 20, 1).number == 0
