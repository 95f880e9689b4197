"""Shapley values: the value of a game shared among its players, as the mean over the orders in which they may join."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.streams import draw

TRIES = 20_000  # orders drawn at most, where most of them are not allowed
STREAM = "attribution.orders"

Order = tuple[int, ...]
"""Players by number, in the order in which they join."""
Coalition = int
"""Some of the players, as the sum of 2 to the power of their numbers."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a contrast: weight times (value of the coalition `after` less that of `before`)."""

    weight: float
    before: Coalition
    after: Coalition


Contrast = tuple[Term, ...]
"""A sum of differences between coalitions' values."""


@dataclass(frozen=True, slots=True)
class JoiningOrders:
    """Orders in which all of n players join one after the other, every coalition on the way being allowed.

    number: how many orders are taken into account · shares: by player, the mean over these orders of what the value gains when it
    joins · sampled: the orders themselves, in pairs, where they are a sample; empty where they are all that are allowed.
    """

    n_players: int
    number: int
    shares: tuple[Contrast, ...]
    sampled: tuple[tuple[Order, Order], ...] = ()

    @property
    def coalitions(self) -> tuple[Coalition, ...]:
        """The coalitions whose values the shares need, rising."""
        return tuple(sorted({c for share in self.shares for term in share for c in (term.before, term.after)}))


def everybody(n_players: int) -> Coalition:
    """The coalition of all players."""
    return (1 << n_players) - 1


def all_orders(n_players: int, allowed: Collection[Coalition]) -> JoiningOrders:
    """All orders on whose way every coalition is allowed; `number` 0 and no shares where there is none.

    The orders are counted, not listed: those through a coalition are the ways to it times the ways on from it. With all
    coalitions allowed the shares are Shapley's (Contributions to the Theory of Games II (1953) 307-317); with fewer, the mean
    over the maximal chains of the allowed coalitions (Faigle and Kern, International Journal of Game Theory 21 (1992) 249-266).
    """
    whole, permitted = everybody(n_players), set(allowed)
    if not {0, whole} <= permitted:
        return JoiningOrders(n_players, 0, ())
    ways_to, ways_on = dict.fromkeys(permitted, 0), dict.fromkeys(permitted, 0)
    ways_to[0], ways_on[whole] = 1, 1
    steps = [(c, p) for c in sorted(permitted, key=int.bit_count) for p in range(n_players) if c | 1 << p in permitted - {c}]
    for coalition, player in steps:
        ways_to[coalition | 1 << player] += ways_to[coalition]
    for coalition, player in reversed(steps):
        ways_on[coalition] += ways_on[coalition | 1 << player]
    number = ways_on[0]
    if not number:
        return JoiningOrders(n_players, 0, ())
    shares: list[list[Term]] = [[] for _ in range(n_players)]
    for before, player in steps:
        after = before | 1 << player
        ways = ways_to[before] * ways_on[after]
        if ways:
            shares[player].append(Term(ways / number, before, after))
    return JoiningOrders(n_players, number, tuple(map(tuple, shares)))


def one_order(n_players: int) -> JoiningOrders:
    """The players join in the order of their numbers."""
    steps = ((everybody(player), everybody(player + 1)) for player in range(n_players))
    return JoiningOrders(n_players, 1, tuple((Term(1.0, before, after),) for before, after in steps))


def sampled_orders(n_players: int, is_allowed: Callable[[Coalition], bool], n_orders: int, seed: int) -> JoiningOrders:
    """A sample of the allowed orders, each as likely as any other, in antithetic pairs: an order and its reverse.

    n_orders: an even number. Where the reverse of an order is not allowed, its partner is another order of which that holds,
    drawn for it, so that every order stays as likely. Drawn are at most TRIES orders; `number` 0 and no shares where they hold
    too few allowed ones. Source: Mitchell, Cooper, Frank and Holmes, Journal of Machine Learning Research 23 (2022) 1-46, 4.1.
    """
    drawn = (order for order in _drawn(n_players, seed) if _is_way(order, is_allowed))
    first = list(islice(drawn, n_orders // 2))
    one_way = (order for order in drawn if not _is_way(order[::-1], is_allowed))
    partners = [order[::-1] if _is_way(order[::-1], is_allowed) else next(one_way, None) for order in first]
    pairs = tuple((order, partner) for order, partner in zip(first, partners, strict=True) if partner is not None)
    if not pairs or len(pairs) < n_orders // 2:
        return JoiningOrders(n_players, 0, ())
    terms: list[dict[tuple[Coalition, Coalition], int]] = [{} for _ in range(n_players)]
    for order in (order for pair in pairs for order in pair):
        for player, before, after in steps_of(order):
            terms[player][before, after] = terms[player].get((before, after), 0) + 1
    number = 2 * len(pairs)
    shares = tuple(tuple(Term(times / number, *pair) for pair, times in sorted(of_player.items())) for of_player in terms)
    return JoiningOrders(n_players, number, shares, pairs)


def steps_of(order: Order) -> Iterator[tuple[int, Coalition, Coalition]]:
    """Each player as it joins: the player, the coalition before, the coalition after."""
    coalition = 0
    for player in order:
        yield player, coalition, coalition | 1 << player
        coalition |= 1 << player


def errors_of_sampling(orders: JoiningOrders, values: dict[Coalition, float]) -> Floats:
    """Shape (players,): the standard error that each share has from the sample of orders; 0 where they are no sample.

    values: of each coalition. The pairs are independent of each other, the two orders of a pair are not.
    """
    if not orders.sampled:
        return np.zeros(orders.n_players)
    gains = np.zeros((len(orders.sampled), orders.n_players))
    for row, pair in enumerate(orders.sampled):
        for order in pair:
            for player, before, after in steps_of(order):
                gains[row, player] += (values[after] - values[before]) / 2
    if len(gains) < 2:
        return np.full(orders.n_players, np.nan)
    return np.asarray(np.std(gains, axis=0, ddof=1) / np.sqrt(len(gains)))


def interaction(first: int, second: int) -> Contrast:
    """What two players gain together beyond what each gains alone."""
    one, two = 1 << first, 1 << second
    return (Term(1.0, one, one | two), Term(-1.0, 0, two))


def sum_of_positive_weights(contrast: Sequence[Term]) -> float:
    """How often, at most, a value enters a contrast."""
    return sum(term.weight for term in contrast if term.weight > 0)


def _drawn(n_players: int, seed: int) -> Iterator[Order]:
    keys = draw(seed, 0, STREAM, "uniform", TRIES * n_players).reshape(TRIES, n_players)
    return (tuple(order) for order in np.argsort(keys, axis=1, kind="stable").tolist())


def _is_way(order: Order, is_allowed: Callable[[Coalition], bool]) -> bool:
    return all(is_allowed(after) for _, _, after in steps_of(order))
