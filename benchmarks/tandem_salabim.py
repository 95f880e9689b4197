"""The tandem in salabim: a component a flight with `yield`, which is quicker there than greenlets; monitors and trace off."""

from collections.abc import Generator

import salabim

from benchmarks.instants import Instants, Record, from_records
from benchmarks.tandem import INSPECT, PAD, SERVERS, SLOT, STAGES, VALIDATE, Tandem

Process = Generator[None, None, None]
Pools = dict[int, salabim.Resource]


class Flight(salabim.Component):
    """One flight on its way."""

    def setup(self, drawn: tuple, headway_s: float, pools: Pools, records: list[Record]) -> None:
        self.status.monitor(False)
        self.mode.monitor(False)
        self.drawn, self.headway_s, self.pools, self.records = drawn, headway_s, pools, records

    def process(self) -> Process:
        now, pools = self.env.now, self.pools
        number, priority, validation_s, scoring_s, is_inspected, inspection_s, flight_s, pad_s = self.drawn
        arrived_s = now()
        yield self.request((pools[VALIDATE], 1, priority))
        validating_s = now()
        yield self.hold(validation_s)
        self.release(pools[VALIDATE])
        validated_s = now()
        yield self.hold(scoring_s)
        scored_s = inspecting_s = inspected_s = now()
        if is_inspected:
            yield self.request((pools[INSPECT], 1, priority))
            inspecting_s = now()
            yield self.hold(inspection_s)
            self.release(pools[INSPECT])
            inspected_s = now()
        yield self.request((pools[SLOT], 1, priority))
        slot_s = now()
        yield self.hold(self.headway_s)  # the flight is on its way, and keeps the next one waiting
        self.release(pools[SLOT])
        yield self.hold(flight_s - self.headway_s)
        flown_s = now()
        yield self.request((pools[PAD], 1, priority))
        on_pad_s = now()
        yield self.hold(pad_s)
        self.release(pools[PAD])
        self.records[number] = (arrived_s, validating_s, validated_s, scored_s, inspecting_s, inspected_s,
                                slot_s, flown_s, on_pad_s, now())  # fmt: skip


class Arrivals(salabim.Component):
    """Lets every flight begin when it arrives."""

    def setup(self, tandem: Tandem, pools: Pools, records: list[Record]) -> None:
        self.arrives_s = tandem.arrives_s.tolist()
        self.drawn = zip(
            range(tandem.n), tandem.priority.tolist(), tandem.validation_s.tolist(), tandem.scoring_s.tolist(),
            tandem.inspected.tolist(), tandem.inspection_s.tolist(), tandem.flight_s.tolist(), tandem.pad_s.tolist(),
            strict=True,
        )  # fmt: skip
        self.headway_s, self.pools, self.records = tandem.headway_s, pools, records

    def process(self) -> Process:
        for arrives_s, drawn in zip(self.arrives_s, self.drawn, strict=True):
            yield self.hold(till=arrives_s)
            Flight(drawn=drawn, headway_s=self.headway_s, pools=self.pools, records=self.records)


def simulate(tandem: Tandem) -> list[Record]:
    """One record a flight."""
    env = salabim.Environment(trace=False, random_seed="", set_numpy_random_seed=False, yieldless=False)
    pools = {stage: salabim.Resource(STAGES[stage], servers, monitor=False, env=env) for stage, servers in SERVERS.items()}
    records: list[Record] = [()] * tandem.n
    Arrivals(tandem=tandem, pools=pools, records=records, env=env)
    env.run()
    return records


def instants(tandem: Tandem, records: list[Record]) -> Instants:
    """The records as instants of stages."""
    return from_records(tandem, records)
