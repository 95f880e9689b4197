"""The tandem in Ciw: a network of six nodes, two classes of customers, a route for each.

A server of Ciw is busy as long as its customer is there, so a flight stays in the slot for the headway and
the rest of its flight follows, as in the other implementations that are written by hand.
"""

from collections.abc import Sequence
from typing import Any

import ciw
import numpy as np

from benchmarks.instants import Instants
from benchmarks.tandem import FLY, INSPECT, SERVERS, SLOT, STAGES, Tandem

CLASSES = {"urgent": 0, "other": 1}


class Drawn(ciw.dists.Distribution):
    """The time that was drawn for each customer; customers are numbered from 1 in order of arrival."""

    def __init__(self, times_s: Sequence[float]) -> None:
        self.times_s = tuple(times_s)

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return self.times_s[ind.id_number - 1]


def simulate(tandem: Tandem) -> Any:
    """The simulation after its last customer."""
    simulation = ciw.Simulation(_network(tandem))
    simulation.simulate_until_max_customers(tandem.n, method="Finish")
    return simulation


def instants(tandem: Tandem, simulation: Any) -> Instants:
    """Of the records that Ciw keeps of every customer at every node."""
    found = np.full((3, tandem.n, len(STAGES)), np.nan)
    for record in simulation.get_all_records():
        found[:, record.id_number - 1, record.node - 1] = record.arrival_date, record.service_start_date, record.exit_date
    found[2, :, SLOT] = found[1, :, SLOT]
    found[:2, :, FLY] = found[1, :, SLOT]
    return found


def _network(tandem: Tandem) -> Any:
    services_s = {**tandem.services_s, SLOT: np.full(tandem.n, tandem.headway_s), FLY: tandem.flight_s - tandem.headway_s}
    services = [Drawn(services_s[stage].tolist()) for stage in range(len(STAGES))]
    inspected = tandem.inspected.tolist()

    def route(customer: Any, _: Any) -> list[int]:
        return [node + 1 for node in range(1, len(STAGES)) if node != INSPECT or inspected[customer.id_number - 1]]

    return ciw.create_network(
        arrival_distributions={name: _arrivals(tandem, name == "urgent") for name in CLASSES},
        service_distributions=dict.fromkeys(CLASSES, services),
        number_of_servers=[SERVERS.get(stage, float("inf")) for stage in range(len(STAGES))],
        priority_classes=CLASSES,
        routing=dict.fromkeys(CLASSES, ciw.routing.ProcessBased(route)),
    )


def _arrivals(tandem: Tandem, urgent: bool) -> list[Any]:
    """At the first node, with the gaps between the customers of that class, and nobody after the last."""
    gaps_s = np.diff(tandem.arrives_s[tandem.urgent == urgent], prepend=0.0)
    return [ciw.dists.Sequential([*gaps_s.tolist(), float("inf")]), *[None] * (len(STAGES) - 1)]
