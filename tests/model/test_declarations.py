"""What the features declare is what they do: facts, stages, streams, labels."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import pytest

from sim.ground.arrays import Floats
from sim.ground.errors import InputError
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.metrics import all_metrics
from sim.model.draws import Draws
from sim.model.fact_catalogue import PUT_OFF
from sim.model.facts import Fact, Facts
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.plan import NEVER
from sim.model.stage import Limit, PoolKind, Stage
from sim.policies import FEATURES
from sim.replication.flights import expected_departures, make_flights
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario
from sim.world.routes import route_catalogue
from tests.model.replicated import ONE_DAY
from tests.policies.declared import in_use
from tests.policies.observed import scenario

KINDS = {bool: "b", int: "iu", float: "f"}
BEFORE = {"policy.pre_clearance.decision": "before_departure"}
NO_DATA = {"policy.data_interface.fallback": "inspect_on_arrival"}
HELICOPTERS = {"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139"}
WRONG_DATUM = {"world.datum_fault.fault": "gcj02", "world.datum_fault.faulty_share": "50%"}
# With those that features declare, they walk every path of every feature.
BY_HAND: tuple[dict[str, Any], ...] = (
    {},
    BEFORE,
    {**BEFORE, "policy.pre_clearance.late_rule": "refuse", "policy.data_interface.fields": "personal"},
    {**NO_DATA, "policy.pre_clearance.late_rule": "inspect_on_arrival", "policy.pre_clearance.aeo_periodic": True},
    {**BEFORE, "policy.inspection.regime": "one_stop", "policy.inspection.hold_pad": True, "policy.vertiports.stands": 2},
    {**BEFORE, "policy.inspection.regime": "co_located", "policy.inspection.co_location_site": "origin"},
    {"policy.inspection.regime": "co_located"},
    {"policy.inspection.regime": "recognise", "policy.inspection.on_find": "hold_flight", "policy.inspection.site": "yard"},
    {"policy.data_interface.mode": "paper", "policy.data_interface.single_submission": True},
    {"policy.data_interface.mode": "api", "policy.data_interface.single_submission": False},
    {"policy.data_interface.mode": "batch", "policy.data_interface.single_submission": False, **NO_DATA},
    {"policy.flight_authorisation.mode": "noon_day_before"},
    {"policy.flight_authorisation.mode": "three_days"},
    {"policy.data_interface.mode": "api", "policy.data_interface.fallback": "paper"},
    {"policy.flight_authorisation.mode": "one_hour", "policy.flight_authorisation.agencies": "single_desk"},
    {
        "policy.flight_authorisation.mode": "one_hour",
        "policy.flight_authorisation.agencies": "parallel",
        "policy.corridor.boundary_exemption": "per_flight",
    },
    {"policy.vertiports.reservation": True, "policy.vertiports.stands": {"hong_kong": 2, "mainland": 0}},
    {"policy.vertiports.reservation": False, "policy.vertiports.stands": 2},
    {"policy.vertiports.returns": False, "policy.inspection.sequence": ["open"]},
    {
        "policy.corridor.routes": ["shun_tak_macao"],
        "world.demand.aircraft": "v2000cg",
        "policy.flight_authorisation.mode": "one_hour",
    },
    HELICOPTERS,
    {**HELICOPTERS, "policy.passengers.arrangement": "co_located"},
    {**HELICOPTERS, "policy.passengers.arrangement": "collaborative"},
    {"policy.quarantine.place": "own", "policy.operator_watch.factor": 5.0, "world.compliance.displacement": "50%"},
    {"policy.risk_screening.engine": "joint"},
    {"policy.risk_screening.engine": "shared_results"},
    # weather
    {"world.weather.mode": "sampled", "policy.vertiports.stands": 2},
    # precedence, emergency route, datum fault
    {**WRONG_DATUM, "policy.datum_fault.check": "at_filing", "policy.precedence.customs": "class"},
    {**WRONG_DATUM, "policy.datum_fault.check": "in_flight", "policy.flight_authorisation.medical_emergency": True},
    {"policy.inspection.sequence": ["dog", "open"]},
    {
        "policy.inspection.sequence": ["xray", "dog", "open"],
        "policy.detector_dogs.search": "line",
        "policy.detector_dogs.when_absent": "without",
    },
)


def declared() -> Iterator[dict[str, Any]]:
    """Every means of examination at work; a route of each side; where a parameter says that it matters, with each choice."""
    routes = list(route_catalogue().items())
    firsts = {side: key for side in SIDE_KEYS for key, route in reversed(routes) if side in {s.side for s in route.sites}}
    yield from ({"policy.corridor.routes": [key], "world.demand.aircraft": "v2000cg"} for key in dict.fromkeys(firsts.values()))
    yield from (in_use(feature.key) for feature in FEATURES if feature.means)
    for path, parameter in catalogue().items():
        if parameter.needs:
            setting = {**parameter.needs.example(), **in_use(parameter.feature)}
            yield from ({**setting, path: choice} for choice in parameter.choices) if parameter.choices else (setting,)


def possible(settings: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The settings, each once, without those that are refused."""
    for setting in {json.dumps(setting, sort_keys=True): setting for setting in settings}.values():
        with suppress(InputError):
            scenario({**ONE_DAY, **setting})
            yield setting


SETTINGS = (*BY_HAND, *possible(declared()))


class Watched(Facts):
    """Facts that remember which were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[Fact[Any]] = set()

    def __getitem__(self, fact: Fact[Any]) -> Any:
        self.read.add(fact)
        return super().__getitem__(fact)

    def get(self, fact: Fact[Any], otherwise: Any) -> Any:
        self.read.add(fact)
        return super().get(fact, otherwise)


class WatchedDraws(Draws):
    """Draws that remember which streams were taken."""

    taken: set[Stream]

    def __getitem__(self, stream: Stream) -> Floats:
        self.taken.add(stream)
        return super().__getitem__(stream)


class Doings:
    """What one feature did in one setting."""

    def __init__(self, written: dict[Fact[Any], Any], uses: list[StageUse]) -> None:
        self.written, self.uses = written, uses
        self.learned: dict[Fact[Any], Any] = {}
        self.read_deciding: set[Fact[Any]] = set()
        self.read_building: set[Fact[Any]] = set()
        self.taken: set[Stream] = set()


@cache
def done(number: int) -> tuple[tuple[int, int], dict[str, Doings]]:
    """(flights, consignments), and for each feature what it does in that setting."""
    made: Scenario = scenario({**ONE_DAY, **SETTINGS[number]})
    horizon_s = (made.study.days + 0.5) * 86400
    flights, consignments = make_flights(made, 1, 0, horizon_s)
    facts = Watched()
    draws = WatchedDraws(1, 0, [s for f in FEATURES for s in f.streams], flights, consignments)
    context = PlanningContext(
        flights, consignments, draws, facts, horizon_s, expected_departures(made, flights), made.study.run_days
    )
    doings = {feature.key: Doings({}, []) for feature in FEATURES}
    for feature in FEATURES:
        facts.read, draws.taken = set(), set()
        doing = doings[feature.key]
        doing.written = dict(feature.decide(context, *groups(made, feature)))
        doing.read_deciding, doing.taken = facts.read, draws.taken
        for fact, value in doing.written.items():
            facts.write(fact, value)
    for feature in FEATURES:
        facts.read, draws.taken = set(), set()
        doing = doings[feature.key]
        doing.learned = dict(feature.learn(context, *groups(made, feature)))
        doing.read_building, doing.taken = facts.read, doing.taken | draws.taken
    for feature in FEATURES:
        facts.read, draws.taken = set(), set()
        doing = doings[feature.key]
        doing.uses = list(feature.build(context, *groups(made, feature)))
        doing.read_building, doing.taken = doing.read_building | facts.read, doing.taken | draws.taken
    return (len(flights), len(consignments)), doings


def groups(made: Scenario, feature: Feature) -> tuple[Any, Any]:
    return getattr(made.policy, feature.key, None), getattr(made.world, feature.key, None)


def doings_of(feature: Feature) -> Iterator[Doings]:
    return (done(number)[1][feature.key] for number in range(len(SETTINGS)))


NEVER_USED = {"open_late_by_origin"}  # the full inspection on arrival is the destination's alone
each_feature = pytest.mark.parametrize("feature", FEATURES, ids=[feature.key for feature in FEATURES])


@each_feature
def test_what_a_feature_reads_is_declared_and_written_before(feature: Feature) -> None:
    earlier = {fact for other in FEATURES[: FEATURES.index(feature)] for fact in other.writes}
    own = {*feature.writes, *feature.learns}
    written = {fact for other in FEATURES for fact in other.writes}
    assert set(feature.reads) <= written
    for doing in doings_of(feature):
        assert doing.read_deciding <= set(feature.reads) & earlier | set(feature.learns)
        assert doing.read_building <= set(feature.reads) | own
    read = set().union(*(doing.read_deciding | doing.read_building for doing in doings_of(feature)))
    assert set(feature.reads) - own <= read, "declared, and never read"


@each_feature
def test_what_a_feature_writes_is_declared_with_its_type_and_shape(feature: Feature) -> None:
    for number in range(len(SETTINGS)):
        (n, m), doings = done(number)
        for fact, value in doings[feature.key].written.items():
            assert fact in feature.writes
            if fact.per == "scenario":
                assert isinstance(value, tuple) or not fact.shared
                continue
            assert np.shape(value) == ({"flight": n, "consignment": m}[fact.per],), fact.name
            assert np.asarray(value).dtype.kind in KINDS[fact.dtype], fact.name
            assert not (fact.dtype is float and np.isnan(value).any()), fact.name
    returned = {fact for doing in doings_of(feature) for fact in doing.written}
    assert set(feature.writes) == returned, "declared, and never written"
    assert set(feature.learns) == {fact for doing in doings_of(feature) for fact in doing.learned}, "declared, and never learned"


@each_feature
def test_what_a_feature_uses_is_declared(feature: Feature) -> None:
    used = [use.stage for doing in doings_of(feature) for use in doing.uses]
    taken = set().union(*(doing.taken for doing in doings_of(feature)))
    assert taken == set(feature.streams), "streams"
    assert set(used) <= set(feature.stages), "stages"
    assert {stage.key for stage in set(feature.stages) - set(used)} <= NEVER_USED, "declared, and never used"
    for use in chain.from_iterable(doing.uses for doing in doings_of(feature)):
        named = (*use.after, *use.if_given_up, *use.unless_given_up, use.hold_until)
        assert {name for name in named if isinstance(name, Stage)} <= set(feature.stages), use.stage.key


@each_feature
def test_the_pools_a_feature_uses_are_declared(feature: Feature) -> None:
    kinds: set[PoolKind] = set()
    for use in chain.from_iterable(doing.uses for doing in doings_of(feature)):
        pools = use.pool.pools if isinstance(use.pool, PoolChoice) else (use.pool,)
        kinds |= {pool.kind for pool in pools if pool is not None and pool != NEVER}
    assert kinds == set(feature.pools)


def test_the_limits_that_features_name_are_declared_each_once() -> None:
    named: set[Limit] = set()
    for doing in chain.from_iterable(map(doings_of, FEATURES)):
        named |= {put_off.limit for put_off in doing.written.get(PUT_OFF, ())}
        named |= {use.stage.limit for use in doing.uses if use.stage.limit is not None}
        for use in doing.uses:
            pools = use.pool.pools if isinstance(use.pool, PoolChoice) else (use.pool,)
            named |= {limit for pool in pools if pool is not None for limit, _ in pool.closed_by}
    declared = [limit for feature in FEATURES for limit in feature.limits]
    assert named == set(declared)
    assert len({limit.key for limit in declared}) == len(declared)


def test_every_fact_has_one_writer_unless_it_is_shared() -> None:
    writers = Counter(fact.name for feature in FEATURES for fact in feature.writes)
    shared = {fact.name for feature in FEATURES for fact in feature.writes if fact.shared}
    assert {name for name, count in writers.items() if count > 1} <= shared
    declared = {fact for feature in FEATURES for fact in feature.writes}
    assert len({fact.name for fact in declared}) == len(declared), "one name, two declarations"


def test_keys_are_unique() -> None:
    stages = [stage for feature in FEATURES for stage in feature.stages]
    for keys in (
        [feature.key for feature in FEATURES],
        [feature.means for feature in FEATURES if feature.means],
        [stage.key for stage in stages],
        [stage.label.en for stage in stages],
        [kind.key for feature in FEATURES for kind in feature.pools],
        [stream.name for feature in FEATURES for stream in feature.streams],
        [metric.key for metric in all_metrics(FEATURES)],
    ):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_streams_are_named_after_their_feature() -> None:
    """So that no two features can share a stream by accident, and none takes a name of the demand's."""
    for feature in FEATURES:
        assert all(stream.name.startswith(f"{feature.key}.") for stream in feature.streams)
        assert all(stream.count > 0 for stream in feature.streams if stream.per == "replication")
