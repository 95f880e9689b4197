"""Attributes of flights and consignments that are drawn alike under every policy."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.counts import binomial_quantile, poisson_quantile
from sim.ground.streams import draw
from sim.world.demand import PRIORITY_KEYS, Demand
from sim.world.goods import GOODS_KEYS

PASSENGER = PRIORITY_KEYS.index("passenger")
Columns = dict[str, NDArray[np.generic]]
DRAWN = ("max_shift", "operator", "priority", "consignments", "passengers")


def drawn_notice_s(demand: Demand, seed: int, replication: int, name: str, count: int) -> Floats:
    """Time from the order of each flight to its planned departure, s, shape (count,); the stream's name begins with `name`."""
    return demand.notice.quantile(draw(seed, replication, f"{name}.notice", "uniform", count))


def drawn_attributes(
    demand: Demand, seats: NDArray[np.int64], seed: int, replication: int, name: str, count: int
) -> dict[str, Floats]:
    """The drawn attributes of each flight but its notice, shape (count,), float64 each.

    max_shift_s, operator, priority, consignments, passengers. Flights with `seats` (shape (count,))
    are of the class of passengers and carry no consignments. The streams begin with `name`, so that flights of one
    name do not change with the number of flights of another.
    """
    u = {attribute: draw(seed, replication, f"{name}.{attribute}", "uniform", count) for attribute in DRAWN}
    return {
        "max_shift_s": demand.max_shift.quantile(u["max_shift"]),
        "operator": np.floor(u["operator"] * demand.operators),
        "priority": np.where(seats > 0, PASSENGER, _pick(u["priority"], demand.priority_mix, PRIORITY_KEYS)).astype(np.float64),
        "consignments": np.where(seats > 0, 0.0, 1.0 + poisson_quantile(u["consignments"], demand.consignments_per_flight - 1)),
        "passengers": binomial_quantile(u["passengers"], seats, demand.seat_load).astype(np.float64),
    }


def drawn_goods(demand: Demand, seed: int, replication: int, name: str, count: int) -> NDArray[np.int32]:
    """The number in GOODS of each consignment, shape (count,), int32."""
    return _pick(draw(seed, replication, f"{name}.goods", "uniform", count), demand.goods_mix, GOODS_KEYS).astype(np.int32)


def _pick(u: Floats, mix: Mapping[str, float], keys: Sequence[str]) -> NDArray[np.int64]:
    """The number of the class that each uniform falls into; shares that miss 1 by rounding are scaled to it."""
    edges = np.cumsum([mix[key] for key in keys])
    return np.searchsorted(edges / edges[-1], u, side="right")
