"""The tandem as an experienced user of SimPy would write it: a process a flight, priority resources."""

from collections.abc import Generator

import simpy

from benchmarks.instants import Instants, Record, from_records
from benchmarks.tandem import INSPECT, PAD, SERVERS, SLOT, VALIDATE, Tandem

Process = Generator[simpy.Event, None, None]


class Simulation:
    """The resources, what was drawn, and a record a flight."""

    def __init__(self, tandem: Tandem) -> None:
        self.env = simpy.Environment()
        self.pools = {stage: simpy.PriorityResource(self.env, servers) for stage, servers in SERVERS.items()}
        self.headway_s = tandem.headway_s
        self.arrives_s = tandem.arrives_s.tolist()
        self.drawn = list(zip(
            tandem.priority.tolist(), tandem.validation_s.tolist(), tandem.scoring_s.tolist(), tandem.inspected.tolist(),
            tandem.inspection_s.tolist(), tandem.flight_s.tolist(), tandem.pad_s.tolist(), strict=True,
        ))  # fmt: skip
        self.records: list[Record] = [()] * tandem.n

    def run(self) -> list[Record]:
        self.env.process(self.arrivals())
        self.env.run()
        return self.records

    def arrivals(self) -> Process:
        env = self.env
        for number, arrives_s in enumerate(self.arrives_s):
            yield env.timeout(arrives_s - env.now)
            env.process(self.flight(number))

    def flight(self, number: int) -> Process:
        env, pools = self.env, self.pools
        priority, validation_s, scoring_s, is_inspected, inspection_s, flight_s, pad_s = self.drawn[number]
        arrived_s = env.now
        with pools[VALIDATE].request(priority=priority) as request:
            yield request
            validating_s = env.now
            yield env.timeout(validation_s)
        validated_s = env.now
        yield env.timeout(scoring_s)
        scored_s = inspecting_s = inspected_s = env.now
        if is_inspected:
            with pools[INSPECT].request(priority=priority) as request:
                yield request
                inspecting_s = env.now
                yield env.timeout(inspection_s)
            inspected_s = env.now
        with pools[SLOT].request(priority=priority) as request:
            yield request
            slot_s = env.now
            yield env.timeout(self.headway_s)  # the flight is on its way, and keeps the next one waiting
        yield env.timeout(flight_s - self.headway_s)
        flown_s = env.now
        with pools[PAD].request(priority=priority) as request:
            yield request
            on_pad_s = env.now
            yield env.timeout(pad_s)
        self.records[number] = (arrived_s, validating_s, validated_s, scored_s, inspecting_s, inspected_s,
                                slot_s, flown_s, on_pad_s, env.now)  # fmt: skip


def simulate(tandem: Tandem) -> list[Record]:
    """One record a flight."""
    return Simulation(tandem).run()


def instants(tandem: Tandem, records: list[Record]) -> Instants:
    """The records as instants of stages."""
    return from_records(tandem, records)
