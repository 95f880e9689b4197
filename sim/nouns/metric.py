"""Measures, declared once each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.ground.text import Text

if TYPE_CHECKING:
    from sim.nouns.observation import Observation

Better = Literal["lower", "higher", "neither"]
Topic = Literal["throughput", "delay", "release time", "control", "workload", "waiting", "outcome", "recovery"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure of one replication: a declared value, with the function that computes it.

    `compute` returns one number, or numbers by part (a side, a pool, a stage: the key of the mapping).
    NaN means that the replication offers nothing to measure. `formula` is the definition in words.
    `headline` measures are printed by default; `unit` is that of the number ("s", "/h", "share", "1").
    `rare` names the measure as a count of rare events, flagged where few are expected. `expectation` is the key of a measure
    that has the mean of a count and less noise. `boostable` measures hold in a
    boosted study too: consignments count by their weights; the others are not shown there.
    """

    key: str
    label: Text
    unit: str
    better: Better
    topic: Topic
    formula: str
    compute: "Callable[[Observation], float | Mapping[str, float]]"
    headline: bool = False
    rare: bool = False
    expectation: str = ""
    boostable: bool = False
