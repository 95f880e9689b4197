"""A rule that says in which worlds something happens, grown on one half of the worlds and judged by the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ranges import Range
from sim.ground.arrays import Bools, Floats
from sim.ground.streams import draw

DEPTH = 2  # conditions at most: what a reader keeps in mind
SMALLEST_LEAF = 0.05  # of the worlds in each leaf
FEWEST = 8  # worlds of the kind asked about, or of the other, in either half, from which no rule is made
DENSER = 1.5  # times as frequent in the box as in all worlds, in both halves
CHANCE = 0.05  # how often a rule is made where there is none
HALVES = "robust.halves"  # name of the stream that splits the worlds


@dataclass(frozen=True, slots=True)
class Condition:
    """A parameter above or below a value, in SI units (of a law, its mean)."""

    path: str
    above: bool
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A box of worlds; all numbers are those of the half that it was not grown on.

    worlds: how many of that half are in it, and `hits` of them are of the kind asked about · density: hits / worlds in it ·
    coverage: hits in it / all hits · base: share of that kind among all worlds of the half, which density is to be held against ·
    p_value: the chance of as many hits in it, or more, if they stood anywhere in the half with the same chance. Terms as in
    Bryant and Lempert, Technological Forecasting and Social Change 77 (2010) 34-49.
    """

    conditions: tuple[Condition, ...]
    worlds: int
    hits: int
    density: float
    coverage: float
    base: float
    p_value: float

    @property
    def holds_most(self) -> bool:
        """Whether more than half of all hits are in it."""
        return self.coverage > 0.5


def rule_of(is_hit: Bools, u: Floats, varied: Sequence[Range], seed: int) -> Rule | None:
    """The box in which worlds of a kind are much more frequent than elsewhere; None where none can be told from chance.

    is_hit: shape (worlds,), those of the kind asked about · u: shape (worlds, ranges), where in its range each parameter stood ·
    seed: splits the worlds into halves at random. On the first half a small decision tree is grown (scikit-learn's CART, Gini; at
    most DEPTH levels, leaves of SMALLEST_LEAF of its worlds), and the leaf that covers most hits among those DENSER than the
    half is taken. The second half judges it: it must be as much denser there, and pass the permutation test of hits in a fixed
    box at CHANCE, all permutations counted (Fisher's exact test, one-sided). If hits hang on no parameter a rule is so made in
    at most CHANCE of studies, whatever the number of parameters. None also where either half has fewer than FEWEST hits, or
    worlds without one.
    """
    order = np.argsort(draw(seed, 0, HALVES, "uniform", len(is_hit)), kind="stable")
    growing, judging = np.array_split(order, 2)
    halves = [is_hit[half] for half in (growing, judging)]
    if min(min(np.count_nonzero(half), np.count_nonzero(~half)) for half in halves) < FEWEST:
        return None
    from sklearn.tree import DecisionTreeClassifier

    least = max(FEWEST, int(np.ceil(SMALLEST_LEAF * len(growing))))
    tree: Any = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=0).fit(u[growing], halves[0])
    leaf = _leaf(tree.apply(u[growing]), halves[0])
    if leaf is None:
        return None
    box = _judged(_path(tree.tree_, leaf, varied), tree.apply(u[judging]) == leaf, halves[1])
    return box if box.density >= DENSER * box.base and box.p_value <= CHANCE else None


def _leaf(leaf_of: NDArray[np.int64], is_hit: Bools) -> int | None:
    """The leaf that covers most hits among those that are DENSER than all worlds."""
    dense = []
    for leaf in np.unique(leaf_of).tolist():
        inside = is_hit[leaf_of == leaf]
        if inside.mean() >= DENSER * is_hit.mean():
            dense.append((int(inside.sum()), float(inside.mean()), int(leaf)))
    return max(dense)[-1] if dense else None


def _judged(conditions: tuple[Condition, ...], is_inside: Bools, is_hit: Bools) -> Rule:
    from scipy.stats import hypergeom

    worlds, hits, all_hits = int(is_inside.sum()), int((is_inside & is_hit).sum()), int(is_hit.sum())
    p_value = float(hypergeom.sf(hits - 1, len(is_hit), all_hits, worlds))
    return Rule(conditions, worlds, hits, hits / max(worlds, 1), hits / all_hits, all_hits / len(is_hit), p_value)


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
