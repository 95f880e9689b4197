"""Intermediate results that several measures share."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from sim.model.observation import Observation

T = TypeVar("T")


def cached_per_observation(compute: Callable[[Observation], T]) -> Callable[[Observation], T]:
    """`compute`, evaluated once an observation; the result lives and dies with the observation.

    It is kept where `cached_property` keeps its own, because an observation holds arrays and so has no
    hash. Results are shared: nobody may write into them.
    """
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def once(observation: Observation) -> T:
        kept = observation.__dict__
        if name not in kept:
            kept[name] = compute(observation)
        return kept[name]  # type: ignore[no-any-return]

    return once
