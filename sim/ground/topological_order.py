"""A topological order of numbered nodes: each behind all that come before it."""

from collections.abc import Sequence, Set
from heapq import heapify, heappop, heappush


def topological_order(predecessors: Sequence[Set[int]]) -> tuple[int, ...]:
    """The nodes 0, 1, … in order, each behind its predecessors; of those that are free, the least number goes first.

    Raises ValueError with the nodes of the circle, and of what comes behind it, as its argument where there is no such order.
    """
    followers: list[list[int]] = [[] for _ in predecessors]
    for node, before in enumerate(predecessors):
        for earlier in before:
            followers[earlier].append(node)
    n_left = [len(before) for before in predecessors]
    free = [node for node, n in enumerate(n_left) if n == 0]
    heapify(free)
    order: list[int] = []
    while free:
        order.append(node := heappop(free))
        for follower in followers[node]:
            n_left[follower] -= 1
            if n_left[follower] == 0:
                heappush(free, follower)
    if len(order) < len(predecessors):
        raise ValueError([node for node, n in enumerate(n_left) if n > 0])
    return tuple(order)
