"""What is drawn of each flight and each consignment, whatever the policy."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.ground.streams import Floats, draw
from sim.world.demand import PRIORITY_KEYS, Demand
from sim.world.goods import GOODS_KEYS

Columns = dict[str, NDArray[np.generic]]
DRAWN = ("notice", "max_shift", "operator", "priority", "consignments")


def drawn_attributes(demand: Demand, seed: int, replication: int, name: str, count: int) -> dict[str, Floats]:
    """What is drawn of each flight, shape (count,), float64 each: notice_s, max_shift_s, operator, priority, consignments.

    The streams carry `name`, so that flights of one name do not move when there are more or fewer of another.
    """
    u = {attribute: draw(seed, replication, f"{name}.{attribute}", "uniform", count) for attribute in DRAWN}
    return {
        "notice_s": demand.notice.quantile(u["notice"]),
        "max_shift_s": demand.max_shift.quantile(u["max_shift"]),
        "operator": np.floor(u["operator"] * demand.operators),
        "priority": _pick(u["priority"], demand.priority_mix, PRIORITY_KEYS).astype(np.float64),
        "consignments": 1.0 + _poisson_quantile(u["consignments"], demand.consignments_per_flight - 1),
    }


def drawn_goods(demand: Demand, seed: int, replication: int, name: str, count: int) -> NDArray[np.int32]:
    """The number in GOODS of each consignment, shape (count,), int32."""
    return _pick(draw(seed, replication, f"{name}.goods", "uniform", count), demand.goods_mix, GOODS_KEYS).astype(np.int32)


def _poisson_quantile(u: Floats, mean: float) -> NDArray[np.int64]:
    """The least k with P(X <= k) >= u for X Poisson, shape of `u`; from a table, as scipy.stats takes a second to load."""
    from scipy.special import pdtr

    enough = np.arange(int(mean + 12 * np.sqrt(mean) + 40))
    return np.searchsorted(pdtr(enough, mean), u, side="left")


def _pick(u: Floats, mix: Mapping[str, float], keys: Sequence[str]) -> NDArray[np.int64]:
    """The number of the class that each uniform falls into; shares that miss 1 by rounding are scaled to it."""
    edges = np.cumsum([mix[key] for key in keys])
    return np.searchsorted(edges / edges[-1], u, side="right")
