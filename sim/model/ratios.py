"""Measures that are one measure over another: the ratio of a single replication."""

from collections.abc import Callable, Mapping
from math import nan

from sim.model.observation import Observation

Values = float | Mapping[str, float]
Compute = Callable[[Observation], Values]


def divided(numerator: Compute, denominator: Compute, scale: float = 1.0) -> Compute:
    """What a measure with a `Ratio` computes: scale x numerator / denominator of a replication, by the parts of the numerator.

    The denominator is read for the same part where it has that, else as a whole (the part ""); NaN where it is 0 or missing.
    """

    def compute(observation: Observation) -> Values:
        above, below = numerator(observation), denominator(observation)
        if not isinstance(above, Mapping):
            return scale * _over(above, _of_part(below, ""))
        return {part: scale * _over(value, _of_part(below, part)) for part, value in above.items()}

    return compute


def _of_part(values: Values, part: str) -> float:
    return values.get(part, values.get("", nan)) if isinstance(values, Mapping) else values


def _over(above: float, below: float) -> float:
    return above / below if below else nan
