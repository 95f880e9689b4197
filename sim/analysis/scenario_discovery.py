"""A rule that says in which worlds a policy loses, with how much of the losses it covers and how dense they are in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ranges import Range

DEPTH = 2  # conditions at most: what a reader keeps in mind
SMALLEST_LEAF = 0.05  # of the worlds in each leaf
FEWEST = 8  # losses, or worlds without one, from which no rule is made


@dataclass(frozen=True, slots=True)
class Condition:
    """A parameter above or below a value, in SI units (of a law, its mean)."""

    path: str
    above: bool
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A box of worlds.

    worlds: how many are in it, and `losses` of them are lost · density: losses / worlds in it · coverage: losses in it / all
    losses · base: share of losses among all worlds, which density is to be held against. Terms as in Bryant and Lempert,
    Technological Forecasting and Social Change 77 (2010) 34-49.
    """

    conditions: tuple[Condition, ...]
    worlds: int
    losses: int
    density: float
    coverage: float
    base: float


def loss_rule(lost: NDArray[np.bool_], u: NDArray[np.float64], varied: Sequence[Range]) -> Rule | None:
    """The leaf of a small decision tree that covers most losses among those at least half as dense again as all worlds.

    lost: shape (worlds,) · u: shape (worlds, ranges), where in its range each parameter stood. None where losses, or worlds
    without one, are fewer than FEWEST, or no leaf is that dense. The tree (scikit-learn's CART, Gini) has at most DEPTH levels,
    and leaves of SMALLEST_LEAF of the worlds; it is grown on the worlds it describes, so that density is rather too high.
    """
    n_lost = int(np.count_nonzero(lost))
    if min(n_lost, len(lost) - n_lost) < FEWEST:
        return None
    from sklearn.tree import DecisionTreeClassifier

    least = max(FEWEST, int(np.ceil(SMALLEST_LEAF * len(lost))))
    tree: Any = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=0).fit(u, lost)
    leaf_of = tree.apply(u)
    boxes = [_rule(tree.tree_, int(leaf), leaf_of == leaf, lost, varied) for leaf in np.unique(leaf_of)]
    dense = [box for box in boxes if box.conditions and box.density >= 1.5 * box.base]
    return max(dense, key=lambda box: (box.coverage, box.density), default=None)


def _rule(tree: Any, leaf: int, inside: NDArray[np.bool_], lost: NDArray[np.bool_], varied: Sequence[Range]) -> Rule:
    n, losses, all_losses = int(inside.sum()), int((inside & lost).sum()), int(lost.sum())
    return Rule(_path(tree, leaf, varied), n, losses, losses / n, losses / all_losses, all_losses / len(lost))


def _path(tree: Any, leaf: int, varied: Sequence[Range]) -> tuple[Condition, ...]:
    """The conditions from the root to a leaf: the narrowest for each parameter and direction."""
    parent = {int(child): (node, above) for node in range(tree.node_count) for child, above in _children(tree, node)}
    narrowest: dict[tuple[str, bool], Condition] = {}
    node = leaf
    while node in parent:
        node, above = parent[node]
        split = varied[int(tree.feature[node])]
        narrowest.setdefault((split.path, above), Condition(split.path, above, split.at(float(tree.threshold[node]))))
    return tuple(reversed(narrowest.values()))


def _children(tree: Any, node: int) -> tuple[tuple[int, bool], ...]:
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    return ((left, False), (right, True)) if left >= 0 else ()
