"""Named random streams: a number depends on (seed, replication, name) and on nothing else.

Streams are keyed by name, never by position or by the order of calls, so that two scenarios see the
same random world and switching one feature on moves no other number (common random numbers).
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import numpy as np

from sim.ground.arrays import Floats


@dataclass(frozen=True, slots=True)
class Stream:
    """A declared source of randomness.

    `kind`: standard uniforms on [0, 1) or standard normals; scenarios transform them by inverse, so
    that a parameter never changes what is drawn. `per`: what one number belongs to: a flight, a
    consignment, or the replication itself (`count` numbers, such as the gaps between outages).
    """

    name: str
    kind: Literal["uniform", "normal"] = "uniform"
    per: Literal["flight", "consignment", "replication"] = "flight"
    count: int = 0


def draw(seed: int, replication: int, name: str, kind: str, count: int) -> Floats:
    """The first `count` numbers of the stream, shape (count,); a longer call only adds to the end."""
    key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(replication, key))
    generator = np.random.Generator(np.random.PCG64(sequence))
    return generator.random(count) if kind == "uniform" else generator.standard_normal(count)
