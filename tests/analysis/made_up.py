"""A survey whose values are given, and a package whose checks are, for tests of what is made of them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis.design_run import DesignRun
from sim.analysis.package import Package
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.metrics import CATALOGUE
from sim.policies import FEATURES


class MadeUp:
    """Values of one measure, shape (points, replications), and of the share of flights released, 1 unless given.

    event: by how much one event moves a value, NaN: not known.
    """

    def __init__(
        self,
        values: ArrayLike,
        names: tuple[str, ...] = (),
        confidence: float = 0.95,
        event: float = float("nan"),
        released_share: ArrayLike = 1.0,
    ) -> None:
        self._values = np.atleast_2d(np.asarray(values, dtype=float))
        self.names = names or tuple(f"p{number}" for number in range(len(self._values)))
        self.released_share = np.broadcast_to(np.asarray(released_share, dtype=float), self._values.shape)
        self.confidence, self.event = confidence, event
        self.metrics = {metric.key: metric for metric in CATALOGUE}
        self.features = FEATURES
        scenarios = [SimpleNamespace(name=name, title=Text.same(name)) for name in ("a", "b")]
        self.manifest = SimpleNamespace(replications=self._values.shape[1], scenarios=scenarios, seed=1)

    def values(self, measure: str) -> Any:
        return self.released_share if measure == "released_share" else self._values

    def quantiles(self, measure: str) -> list[Any]:
        """Every measure is made up as one of replications."""
        return []

    def event_sizes(self, measure: str, points: Any) -> Any:
        return np.full(len(points), self.event)


def made_up(values: ArrayLike, **others: Any) -> DesignRun:
    return cast(DesignRun, MadeUp(values, **others))


Rule = Callable[[frozenset[str]], bool]


def made_up_package(levers: str, rule: Rule) -> Package:
    """Scenario b against a, with levers of one letter each; a combination is allowed where the rule says so."""
    refusal = InputError(Problem(Text.same("the rule forbids it"), path="rule"))
    package = SimpleNamespace(
        base=SimpleNamespace(name="a"),
        scenario=SimpleNamespace(name="b"),
        paths=tuple(levers),
        differences=tuple(SimpleNamespace(path=lever) for lever in levers),
        labels={lever: Text(lever.upper(), f"繁{lever}", f"简{lever}") for lever in levers},
        is_allowed=rule,
        made=lambda paths: None if rule(paths) else refusal,
    )
    return cast(Package, package)
