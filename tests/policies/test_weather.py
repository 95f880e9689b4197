"""What must hold of the weather: nobody flies in it, nobody waits for ever, and without it nothing moves."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.engine import run as run_plan
from sim.engine.audit import audit
from sim.ground.errors import InputError
from sim.ground.streams import Stream, draw
from sim.ground.time_units import DAY_S, HOUR_S
from sim.metrics.recovery import METRICS
from sim.model.disruption import DISRUPTIONS, WEATHER_CLOSURES_S, WEATHER_GROUNDED_S, WEATHER_SAMPLED_S, Disruption
from sim.model.fact_catalogue import BLOCK_S, DEPARTURE_TARGET_S
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.policies.weather import average_year, decide
from sim.replication import prepare
from sim.study.caveats import cautions_beforehand
from sim.world.aircraft import aircraft_catalogue
from tests.engine.random_plans import same
from tests.model.replicated import plan_digest
from tests.policies.levers import AMPLE
from tests.policies.observed import observed, prepared, scenario

EVENTS = "world.weather.events"
BUSY: dict[str, Any] = {**AMPLE, "world.demand.flights_per_day": "200/d", "policy.vertiports.pads": 3}
STORMY = {**BUSY, "world.weather.mode": "sampled", "world.weather.frequency": 15.0, "world.weather.wind_exposure": "150%"}


def event(kind: str, start: str, end: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "start": start, "end": end, **more}


def inside(instants_s: np.ndarray, spells: Any) -> np.ndarray:
    """Shape of `instants_s`: whether each lies in one of the spells [start, end)."""
    return (
        np.any([(instants_s >= start_s) & (instants_s < end_s) for start_s, end_s in spells], axis=0)
        if spells
        else instants_s < -1e18
    )


def slot_starts_s(observation: Observation) -> dict[int, np.ndarray]:
    """By pool of slots: the instants at which slots are taken, rising."""
    plan, timeline = observation.plan, observation.timeline
    slots = [s for s, step in enumerate(plan.steps) if "slot" in step.stage.key and "fit" not in step.stage.key]
    taken = ~np.isnan(timeline.start_s[:, slots])
    pools, starts_s = plan.pool[:, slots][taken], timeline.start_s[:, slots][taken]
    return {int(pool): np.sort(starts_s[pools == pool]) for pool in np.unique(pools)}


def test_without_weather_the_policy_adds_nothing_to_the_plan() -> None:
    stern = {
        "policy.weather.stop_signal": "signal_1",
        "policy.weather.wind_limit": "1 m/s",
        "policy.weather.reopening_pause": "2 h",
    }
    fair = {"world.weather.month": 9, "world.weather.frequency": 9.0}
    assert plan_digest(prepared(BUSY).plan) == plan_digest(prepared({**BUSY, **stern, **fair}).plan)
    assert not any(step.stage.step == "weather" for step in prepared(BUSY).plan.steps)


@pytest.mark.parametrize("replication", range(4))
@pytest.mark.parametrize("month", [1, 6, 9])
def test_nobody_takes_off_or_gets_a_slot_in_bad_weather(month: int, replication: int) -> None:
    made = observed({**STORMY, "world.weather.month": month}, replication)
    audit(made.plan, made.timeline)
    assert made.plan.takeoff is not None
    takeoff_s = made.timeline.start_s[:, made.plan.takeoff]
    for number, kind in enumerate(made.flights.aircraft_types):
        spells = made.facts[WEATHER_GROUNDED_S][kind.key]
        assert spells
        assert not inside(takeoff_s[made.flights.aircraft == number], spells).any()
    for starts_s in slot_starts_s(made).values():
        assert not inside(starts_s, made.facts[WEATHER_CLOSURES_S]).any()
    assert not (made.timeline.outcome == Outcome.IN_SYSTEM).any()


def test_who_is_grounded_at_its_slot_waits_and_takes_another_one_with_headway() -> None:
    """Slots are scarce, so that flights wait at theirs when the wind rises at 12:00; it falls at 14:00."""
    setting = {
        **BUSY,
        "policy.corridor.headway": "6 min",
        "policy.vertiports.pads": 20,
        EVENTS: [event("wind", "day 1 12:00", "day 1 14:00", speed="15 m/s")],
    }
    made = observed(setting, 0)
    again_s = made.end_of("slot_after_weather")
    grounded = made.timeline.given_up()[:, made.plan.stage_number("fit_check")]
    assert grounded.sum() > 10
    assert np.array_equal(grounded & ~np.isnan(made.end_of("fit_wait")), grounded)
    assert np.nanmin(again_s) >= 14 * HOUR_S
    for starts_s in slot_starts_s(made).values():
        assert np.diff(starts_s).min() >= 360 - 1e-6


def test_slots_are_given_again_after_the_pause() -> None:
    made = observed({**BUSY, "policy.weather.reopening_pause": "45 min", EVENTS: [event("fog", "day 1 10:00", "day 1 12:00")]}, 0)
    assert made.facts[WEATHER_CLOSURES_S] == ((10 * HOUR_S, 12.75 * HOUR_S),)
    for starts_s in slot_starts_s(made).values():
        assert starts_s[starts_s >= 10 * HOUR_S].min() == 12.75 * HOUR_S
    assert Disruption("fog", 10 * HOUR_S, 12 * HOUR_S) in made.facts[DISRUPTIONS]


def test_who_waits_for_the_weather_holds_no_pad() -> None:
    made = observed({**BUSY, EVENTS: [event("signal_8", "day 1 10:00", "day 1 13:00")]}, 0)
    pad = made.plan.stage_number("departure_pad")
    wanted = made.facts[DEPARTURE_TARGET_S]
    due_in_it = (wanted > 10 * HOUR_S) & (wanted < 13 * HOUR_S)
    assert due_in_it.sum() > 20
    assert np.nanmin(made.timeline.queued_s[due_in_it, pad]) >= 13 * HOUR_S


@pytest.mark.parametrize("mode", ["standing", "one_hour"])
@pytest.mark.parametrize("renewal", [True, False])
def test_nobody_waits_longer_for_the_weather_than_for_a_slot(mode: str, renewal: bool) -> None:
    setting = {
        **BUSY,
        "policy.flight_authorisation.mode": mode,
        "policy.flight_authorisation.renewal": renewal,
        "policy.corridor.cancel_after": "3 h",
        EVENTS: [event("signal_8", "day 1 08:00", "day 1 20:00"), event("wind", "day 1 20:00", "day 2 00:00", speed="16 m/s")],
    }
    made = observed(setting, 0)
    target_s = made.facts[DEPARTURE_TARGET_S]
    hit = (target_s > 8 * HOUR_S) & (target_s < 16 * HOUR_S)
    assert (made.outcome[hit] == Outcome.CANCELLED).all()
    waited_s = (made.timeline.ended_s - target_s)[hit]
    assert waited_s.max() <= 3 * HOUR_S + 1e-6
    assert not (made.timeline.outcome == Outcome.IN_SYSTEM).any()


TYPHOON = [
    event("signal_1", "day 1 08:00", "day 1 20:00"),
    event("signal_3", "day 1 10:00", "day 1 18:00"),
    event("signal_8", "day 1 12:00", "day 1 14:00"),
]
CALM = {
    "study.warm_up": "0 s",
    EVENTS: TYPHOON,
    "policy.weather.reopening_pause": "0 s",
    "world.weather.type_limit_factor": 5.0,
    "policy.weather.wind_limit": "60 m/s",
}


@pytest.mark.parametrize(
    ("stop", "closed"), [("signal_1", (8, 20)), ("signal_3", (10, 18)), ("signal_8", (12, 14)), ("never", None)]
)
def test_a_closure_begins_at_the_signal_that_policy_names(stop: str, closed: tuple[int, int] | None) -> None:
    facts = prepared({**CALM, "policy.weather.stop_signal": stop}).facts
    spells = ((closed[0] * HOUR_S, closed[1] * HOUR_S),) if closed else ()
    assert facts[WEATHER_CLOSURES_S] == spells
    weather = [one for one in facts[DISRUPTIONS] if one.kind != "outage"]
    assert weather == [Disruption("signal_8", *spell) for spell in spells]


def test_a_signal_brings_its_wind_also_where_policy_goes_on_flying() -> None:
    """Signal 3 blows at 11.4 m/s: more than the smallest drone bears, less than 12 m/s."""
    routes = {"policy.corridor.routes": ["wenjindu_sheung_shui", "hzmb_zhuhai_hong_kong"]}
    types = {"world.demand.aircraft": {"wenjindu_sheung_shui": "meituan_fy4", "hzmb_zhuhai_hong_kong": "v2000cg"}}
    at_once = {"study.warm_up": "0 s"}
    facts = prepared({**at_once, **routes, **types, EVENTS: TYPHOON[:2], "policy.weather.stop_signal": "never"}).facts
    assert facts[WEATHER_GROUNDED_S] == {"meituan_fy4": ((10 * HOUR_S, 18 * HOUR_S),), "v2000cg": ()}
    assert Disruption("wind", 10 * HOUR_S, 18 * HOUR_S) in facts[DISRUPTIONS]
    assert facts[WEATHER_CLOSURES_S] == ()


def test_a_stricter_wind_limit_only_adds_hours() -> None:
    by_limit = [{**STORMY, "policy.weather.wind_limit": limit} for limit in ("10 m/s", "12 m/s", "14 m/s")]
    strong = {"world.weather.type_limit_factor": 2.0, "world.weather.month": 1, "world.weather.frequency": 0.0}
    lost = [prepared({**setting, **strong}).facts[WEATHER_GROUNDED_S]["meituan_fy4"] for setting in by_limit]
    hours = [np.array([start_s for a, b in spells for start_s in np.arange(a, b, HOUR_S)]) for spells in lost]
    assert len(hours[0]) > len(hours[1]) > len(hours[2]) > 0
    assert set(hours[2]) < set(hours[1]) < set(hours[0])


def test_hours_and_days_lost_by_hand() -> None:
    found = {metric.key: metric.compute(observed({**BUSY, **CALM}, 0)) for metric in METRICS}
    assert found["weather_hours"] == {"slots": 8.0, "meituan_fy4": 8.0}
    assert found["weather_days"] == {}, "8 hours that a scenario states are none of every month"
    assert observed(BUSY, 0).facts[WEATHER_CLOSURES_S] == ()
    assert 0.4 < found["weather_met_share"] < 0.7  # type: ignore[operator]


def test_days_a_month_are_those_of_sampled_weather_alone() -> None:
    """An event that takes the whole window moves the hours of the window, and no day of a month."""
    all_foggy = [event("fog", "day 1 00:00", "day 10 00:00")]
    alone, with_event = (observed({**STORMY, EVENTS: events}, 0) for events in ([], all_foggy))
    found = [{m.key: m.compute(made) for m in METRICS if m.key.startswith("weather_")} for made in (alone, with_event)]
    hours, days = found[0]["weather_hours"], found[0]["weather_days"]
    assert isinstance(hours, dict)
    assert days == pytest.approx({key: 30 * lost_h / alone.window_h for key, lost_h in hours.items()})
    assert found[1]["weather_days"] == days
    assert found[1]["weather_hours"] == dict.fromkeys(hours, with_event.window_h)


LOWEST: dict[str, dict[str, Any]] = {
    "signal_1": {"policy.weather.stop_signal": "signal_1"},
    "signal_3": {"policy.weather.stop_signal": "signal_3"},
    "signal_8": {"policy.weather.stop_signal": "signal_8"},
    "rain_amber": {"policy.weather.stop_rain": "rain_amber"},
    "fog": {"policy.weather.stop_fog": True},
}
NOTHING_STOPS = {
    "policy.weather.stop_signal": "never",
    "policy.weather.stop_rain": "never",
    "policy.weather.stop_fog": False,
    "policy.weather.reopening_pause": "0 s",
}


def year(changes: dict[str, Any], *types: str) -> dict[str, float]:
    """The expected share of the year that weather would take under the limits of a scenario."""
    made = scenario(changes)
    return average_year(made.policy.weather, made.world.weather, [aircraft_catalogue()[key] for key in types])


@pytest.mark.parametrize(
    ("lowest", "published_h"),
    [
        ("signal_1", 262.0),  # Observatory, tc2016 table 4.6: hours a year of signal 1 or higher, 1956 to 2016
        ("signal_3", 119.5),  # the same: signal 3 or higher, five days a year
        ("signal_8", 21.5),  # the same: signal 8 or higher
        ("rain_amber", 21.3 * 2.5),  # 21.3 warnings a year (Observatory, 1992 to 2010); their length is the model's guess
        ("fog", 12 * 4.0),  # a guess both: no hours of fog a year were found
    ],
)
def test_the_hours_of_an_average_year_are_those_published(lowest: str, published_h: float) -> None:
    """Within 5%: what is published adds up the hours of all, and some of the model's lie over each other."""
    lost_h = 365.25 * 24 * year({**NOTHING_STOPS, **LOWEST[lowest]})["slots"]
    assert 0.95 * published_h < lost_h < published_h


def test_an_average_year_as_shipped_takes_more_than_the_longest_of_its_causes_and_less_than_their_sum() -> None:
    alone = [year({**NOTHING_STOPS, **LOWEST[lowest]})["slots"] for lowest in ("signal_3", "rain_amber", "fog")]
    shipped, no_pause = year({})["slots"], year({"policy.weather.reopening_pause": "0 s"})["slots"]
    assert max(alone) < no_pause < sum(alone)
    episodes = 4.08 + 21.3 + 12
    assert shipped - no_pause == pytest.approx(episodes * 0.5 / (365.25 * 24), rel=0.05), "half an hour after each of them"


SAMPLES = 300
LIMITS: dict[str, dict[str, Any]] = {
    "as shipped": {},
    "flies on in signals": {"policy.weather.stop_signal": "signal_8", "policy.weather.reopening_pause": "3 h"},
    "never stops": NOTHING_STOPS,
}


@pytest.mark.parametrize("limits", LIMITS)
def test_the_average_year_is_that_of_sampling(limits: str) -> None:
    """The mean of what `decide` makes of 300 samples of each month of 60 days, against its expectation."""
    changes = {**LIMITS[limits], "world.weather.frequency": 4.0, "world.weather.wind_exposure": "110%"}
    key = "meituan_fy4"
    kind, expected, found = aircraft_catalogue()[key], year(changes, key), {"slots": [0.0], key: [0.0]}
    days, seed = 60, int(np.random.default_rng().integers(1 << 31))
    for month in range(1, 13):
        made = scenario({**changes, "world.weather.mode": "sampled", "world.weather.month": month})
        for replication in range(SAMPLES // 12):
            draws = Drawn(seed, 100 * month + replication)
            flights = SimpleNamespace(aircraft_types=(kind,))
            run: Any = SimpleNamespace(spells_s=list)
            context: Any = SimpleNamespace(draw=draws, horizon_s=days * DAY_S, flights=flights, days=run)
            facts = decide(context, made.policy.weather, made.world.weather)
            for name, spells in facts[WEATHER_SAMPLED_S].items():
                found[name].append(sum(min(b, days * DAY_S) - max(a, 0.0) for a, b in spells if b > 0 and a < days * DAY_S))
    for name, lost_s in found.items():
        shares = np.array(lost_s[1:]) / (days * DAY_S)
        apart = shares.mean() - expected[name]
        assert abs(apart) <= 4.4 * shares.std() / np.sqrt(len(shares)) + 1e-9, f"{name}, seed {seed}: {shares.mean():.4f}"


class Drawn:
    """The numbers of a replication's streams, without flights."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication

    def __call__(self, stream: Stream) -> np.ndarray:
        return draw(self.seed, self.replication, stream.name, stream.kind, stream.count)


def of_fair_weather(*changes: dict[str, Any]) -> list[str]:
    """What a study of these changed baselines is told of fair weather before it runs."""
    told = cautions_beforehand([scenario(change) for change in changes])
    return [caution.en for caution in told if "Fair weather only" in caution.en]


def test_a_study_without_weather_says_so_and_one_with_weather_does_not() -> None:
    (caution,) = of_fair_weather({})
    share, days = (f"{number:.2g}" for number in (100 * year({})["slots"], 365.25 * year({})["slots"]))
    assert f"close the corridor for {share}% of the time ({days} days in all)" in caution
    assert of_fair_weather({"world.weather.mode": "sampled"}) == of_fair_weather({EVENTS: TYPHOON}) == []
    assert len(of_fair_weather({"policy.weather.stop_signal": "signal_1"}, {})) == 2, "other limits, another share of the year"
    assert len(of_fair_weather({}, {})) == 1


def test_both_engines_agree_in_a_storm() -> None:
    plan = prepare(scenario(STORMY), seed=3, replication=0).plan
    assert same(run_plan(plan, "reference"), run_plan(plan, "compiled"))


def test_a_replication_has_the_same_weather_whatever_else_changes() -> None:
    one, other = (prepared({**STORMY, "policy.vertiports.pads": pads}).facts for pads in (1, 5))
    assert one[WEATHER_GROUNDED_S] == other[WEATHER_GROUNDED_S]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (event("fog", "day 1 09:00", "day 1 09:00"), "ends after it begins"),
        (event("wind", "day 1 09:00", "day 1 10:00"), "have a speed"),
        (event("fog", "day 1 09:00", "day 1 10:00", speed="9 m/s"), "have a speed"),
        (event("hail", "day 1 09:00", "day 1 10:00"), "hail"),
    ],
)
def test_impossible_events_are_refused(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        scenario({EVENTS: [wrong]})


def test_a_study_too_long_for_the_draws_is_refused() -> None:
    with pytest.raises(InputError, match="fewer days"):
        prepared({"world.weather.mode": "sampled", "study.days": 500, "world.demand.flights_per_day": "1/d"})


@pytest.mark.parametrize("arrivals_min", [5, 10])
def test_the_time_to_clear_after_a_typhoon_is_that_of_the_fluid_limit(arrivals_min: int) -> None:
    """A flight each way every so many minutes, slots every 3, none for 2 h: a T / (m - a), and the flight on top.

    All times are fixed, nothing is inspected, and a release is due a minute after a flight without delay has it.
    """
    minutes = range(8 * 60, 20 * 60, arrivals_min)
    rows = [f"wenjindu_sheung_shui,{side},{60 * minute}" for minute in minutes for side in ("mainland", "hong_kong")]
    fixed = {
        "world.demand.schedule": {"csv": "\n".join(["route,from_side,planned_departure", *rows]) + "\n"},
        "world.demand.release_allowance": "5 min",
        "world.corridor.speed_variation": "0%",
        "world.vertiports.load_time": "5 min",
        "world.vertiports.unload_time": "3 min",
        "policy.risk_screening.export_rate": "0%",
        "policy.risk_screening.import_rate": "0%",
        "policy.risk_screening.random_share": "0%",
        "policy.risk_screening.amber_rate": "0%",
        "world.risk_screening.faulty_share": "0%",
        "policy.pre_clearance.lead": "60 min",
        "policy.vertiports.pads": 100,
        "policy.vertiports.fleet": 200,
        "policy.vertiports.returns": False,
        "world.data_interface.outage_interval": "3650 d",
        "policy.corridor.headway": "3 min",
        "policy.weather.reopening_pause": "0 s",
        EVENTS: [event("signal_8", "day 1 10:00", "day 1 12:00")],
    }
    made = observed({**AMPLE, **fixed}, 0)
    found: dict[str, float] = {m.key: m.compute(made).get("signal_8", np.nan) for m in METRICS if m.key.startswith("recovery")}  # type: ignore[union-attr]
    arrive, serve, closed = 60 / arrivals_min, 20.0, 2.0  # an hour, each way; h
    flight_s = float(made.facts[BLOCK_S][0]) + 4 * 60
    expected_s = HOUR_S * arrive * closed / (serve - arrive) + flight_s
    slack_s = HOUR_S / (serve - arrive) + 180  # a flight more or less, and the minute of grace
    assert found["recovery_clear_time"] == pytest.approx(expected_s, abs=2 * slack_s)
    assert found["recovery_peak_backlog"] == pytest.approx(2 * arrive * closed, abs=2)
    if arrivals_min == 5:
        assert found["recovery_surge"] == pytest.approx(2 * serve, abs=2)
