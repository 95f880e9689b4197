"""Measures of every replication worked out anew with pandas from flights, consignments and stages, without `sim.metrics`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

HOUR = 3600.0
CUSTOMS = ("interface", "screening", "documents", "inspection", "quarantine", "passengers", "release")
PRIORITIES = ("medical", "passenger", "express", "general")
ENDS = {"export": "origin", "import": "destination"}
FLIGHT_OUTCOMES = ("in_system", "released", "refused", "diverted", "cancelled", "lost")
CONSIGNMENT_OUTCOMES = ("not_ended", "released", "detained", "seized", "returned")
WORK = {  # which pools' time is whose; whoever reads the image sits at the machine
    "officer": ("document_officers", "examination_officers", "xray_machines", "dog_teams"),
    "aviation": ("authorisation_officers",),
    "quarantine": ("quarantine_officers",),
    "machine": ("xray_machines",),
    "dog": ("dog_teams",),
}
TEAMS = ("team_origin", "team_destination")
BOUNDARY_LEGS = ("fly_1", "return_fly_1")
"""Of a route with two legs each way: where one leg goes over into the next."""

Numbers = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Replication:
    """The tables of one replication; window: start, end and horizon, s."""

    flights: pd.DataFrame
    consignments: pd.DataFrame
    stages: pd.DataFrame
    window: tuple[float, float, float]

    @property
    def measured(self) -> pd.DataFrame:
        start, end, _ = self.window
        return self.flights[(self.flights["planned_departure_s"] >= start) & (self.flights["planned_departure_s"] < end)]


def replications(
    tables: Mapping[str, pd.DataFrame], window: tuple[float, float, float]
) -> Iterator[tuple[str, int, Replication]]:
    """Scenario, number and tables of each."""
    apart = {name: dict(list(table.groupby(["scenario", "replication"]))) for name, table in tables.items()}
    for scenario, number in apart["flights"]:
        yield (
            scenario,
            number,
            Replication(*(apart[name][scenario, number] for name in ("flights", "consignments", "stages")), window),
        )


def all_measures(replication: Replication) -> Numbers:
    return {
        **of_flights(replication),
        **of_outcomes(replication),
        **of_control(replication),
        **of_work(replication),
        **of_queues(replication),
        **of_release(replication),
    }


def over(above: float, below: float) -> float:
    return above / below if below else np.nan


def most_in_an_hour(instants: pd.Series) -> float:
    times = sorted(instants)
    return float(max((sum(first <= time < first + HOUR for time in times) for first in times), default=0))


def of_flights(replication: Replication) -> Numbers:
    flights, (start, end, horizon), stages = replication.measured, replication.window, replication.stages
    released = flights["released_s"].notna()
    came = stages[stages["queued_s"] <= horizon]
    filed, applied = (
        flights["flight"].isin(came.loc[came["step"].isin(steps), "flight"]).sum() for steps in (CUSTOMS, ("airspace",))
    )
    n, n_released = len(flights), int(released.sum())
    delay = flights["released_s"] - flights["planned_release_s"]
    order = flights["released_s"] - flights["ordered_s"]
    shift = flights["departure_target_s"] - flights["planned_departure_s"]
    releases = replication.flights["released_s"]
    releases = releases[(releases >= start) & (releases < end)]
    crossed = stages.loc[stages["stage"].isin(BOUNDARY_LEGS) & stages["start_s"].notna(), "end_s"]
    crossed = crossed[(crossed >= start) & (crossed < end)]
    hours = (end - start) / HOUR
    numbers: Numbers = {
        ("flights_planned", ""): n,
        ("flights_filed", ""): filed,
        ("flights_applied", ""): applied,
        ("flights_released", ""): n_released,
        ("released_share", ""): n_released / n,
        ("unreleased_share", ""): 1 - n_released / n,
        ("releases_per_hour", ""): len(releases) / hours,
        ("peak_hour_releases", ""): most_in_an_hour(releases),
        ("crossings_per_hour", ""): len(crossed) / hours,
        ("peak_hour_crossings", ""): most_in_an_hour(crossed),
        ("on_time_share", ""): (delay <= 900 + 1e-6).sum() / n,
        ("delay_mean", ""): delay.mean(),
        ("order_to_release_mean", ""): order.mean(),
        ("departure_shift_mean", ""): shift.mean(),
        ("departure_shifted_share", ""): (shift > 0).sum() / n,
    }
    for key in PRIORITIES:
        of_class = flights["priority"] == key
        numbers["released_share_by_priority", key] = released[of_class].mean()
        numbers["delay_by_priority", key] = delay[of_class].mean()
        numbers["order_to_release_by_priority", key] = order[of_class].mean()
        numbers["queued_by_priority", key] = flights.loc[of_class & released, "in_queues_s"].mean()
    for key, of_tier in (("aeo", flights["aeo"]), ("other", ~flights["aeo"])):
        numbers["delay_by_tier", key] = delay[of_tier].mean()
    return numbers


def of_outcomes(replication: Replication) -> Numbers:
    flights, consignments = replication.measured, replication.consignments
    consignments = consignments[consignments["flight"].isin(flights["flight"])]
    numbers = {("flight_outcome_share", key): (flights["outcome"] == key).mean() for key in FLIGHT_OUTCOMES}
    for key in CONSIGNMENT_OUTCOMES:
        numbers["consignment_outcome_count", key] = (consignments["outcome"] == key).sum()
        numbers["consignment_outcome_share", key] = (consignments["outcome"] == key).mean()
    return numbers


def of_control(replication: Replication) -> Numbers:
    """What needs no look at the looks: by weight, so that a boosted study can be held against it too."""
    flights, goods = replication.measured, replication.consignments
    of_flight = flights[["flight", "origin_side", "destination_side", "aeo", "expected_missed"]]
    goods = goods.merge(of_flight, on="flight")
    weight, illicit = goods["weight"], goods["illicit"]
    released, seized = goods["outcome"] == "released", goods["outcome"] == "seized"
    missed, found = weight[illicit & released].sum(), weight[illicit & seized].sum()
    expected = flights["expected_missed"].sum()
    numbers: Numbers = {
        ("illicit_planned", ""): weight[illicit].sum(),
        ("consignments_released", ""): weight[released].sum(),
        ("illicit_found_or_missed", ""): found + missed,
        ("illicit_found", ""): found,
        ("illicit_missed", ""): missed,
        ("detection_share", ""): over(found, found + missed),
        ("expected_missed", ""): expected,
        ("missed_per_million", ""): 1e6 * over(expected, weight[released].sum()),
    }
    for key, of_tier in (("aeo", goods["aeo"]), ("other", ~goods["aeo"])):
        expected = flights.loc[flights["aeo"] == (key == "aeo"), "expected_missed"].sum()
        numbers["consignments_released", key] = weight[released & of_tier].sum()
        numbers["missed_by_tier", key] = weight[illicit & released & of_tier].sum()
        numbers["expected_missed_by_tier", key] = expected
        numbers["missed_per_million_by_tier", key] = 1e6 * over(expected, weight[released & of_tier].sum())
    for side in sorted({*flights["origin_side"], *flights["destination_side"]}):
        by_way = {}
        for way, end in ENDS.items():
            here = goods[f"{end}_side"] == side
            expected = flights.loc[flights[f"{end}_side"] == side, "expected_missed"].sum()
            by_way[f"{side}/{way}"] = np.array([weight[released & here].sum(), weight[illicit & released & here].sum(), expected])
        for part, (n, n_missed, expected) in {**by_way, side: sum(by_way.values())}.items():
            numbers["consignments_released", part] = n
            numbers["illicit_missed_by_side", part] = n_missed
            numbers["expected_missed_by_side", part] = expected
            numbers["missed_per_million_by_side", part] = 1e6 * over(expected, n)
        red_goods = (goods["red_consignment_origin"] & (goods["origin_side"] == side)) | (
            goods["red_consignment_destination"] & (goods["destination_side"] == side)
        )
        touched_goods = (goods["origin_side"] == side) | (goods["destination_side"] == side)
        numbers["selected_consignment_share", side] = over(weight[red_goods].sum(), weight[touched_goods].sum())
        red = (flights["red_origin"] & (flights["origin_side"] == side)) | (
            flights["red_destination"] & (flights["destination_side"] == side)
        )
        touched = (flights["origin_side"] == side) | (flights["destination_side"] == side)
        numbers["selected_flight_share", side] = over(red.sum(), touched.sum())
        on_declaration = goods.assign(red=red_goods, touched=touched_goods).groupby("declaration")[["red", "touched"]].any()
        numbers["selected_declaration_share", side] = over(on_declaration["red"].sum(), on_declaration["touched"].sum())
    either = goods["red_consignment_origin"] | goods["red_consignment_destination"]
    numbers["selected_declaration_share", ""] = goods.assign(either=either).groupby("declaration")["either"].any().mean()
    numbers["selected_consignment_share", ""] = over(weight[either].sum(), weight.sum())
    numbers["selected_flight_share", ""] = (flights["red_origin"] | flights["red_destination"]).mean()
    return numbers


def of_examinations(replication: Replication, means: str) -> Numbers:
    """Where both sides examine, by one means and then by opening what raised an alarm; by weight, by side of the officers."""
    flights, horizon = replication.measured, replication.window[2]
    goods = replication.consignments.merge(flights[["flight", "origin_side", "destination_side"]], on="flight")
    done = replication.stages[replication.stages["start_s"].notna() & (replication.stages["end_s"] <= horizon)]
    weight, seized = goods["weight"], goods["illicit"] & (goods["outcome"] == "seized")
    looked_at, alarmed, found = pd.Series(False, goods.index), [], []
    examined = []
    for end in ENDS.values():
        at_means = goods["flight"].isin(done.loc[done["stage"] == f"{means}_{end}", "flight"]) & goods[f"red_consignment_{end}"]
        at_opening = goods["flight"].isin(done.loc[done["stage"] == f"open_{end}_by_{end}", "flight"])
        alarm = at_means & goods[f"alarm_{end}"].astype(bool)
        looked_at |= at_means
        side = goods[f"{end}_side"]
        examined += [(side[at_means], weight[at_means]), (side[alarm & at_opening], weight[alarm & at_opening])]
        alarmed.append((side[alarm & ~goods["illicit"]], weight[alarm & ~goods["illicit"]]))
        first = seized & goods[f"found_{end}"].astype(bool) & alarm & at_opening
        found.append((side[first], weight[first]))
        seized &= ~first
    assert not seized.any()
    n_examined = weight[looked_at].sum()
    numbers: Numbers = {("consignments_examined", ""): n_examined}
    for part in ("", *sorted({*flights["origin_side"], *flights["destination_side"]}), "shared"):
        looks, alarms, finds = (
            sum(weights[(side == part) | (part == "")].sum() for side, weights in booked) for booked in (examined, alarmed, found)
        )
        numbers |= {("examinations", part): looks, ("false_alarms", part): alarms, ("illicit_found", part): finds}
        numbers["false_alarms_per_thousand", part] = 1000 * over(alarms, looks)
    numbers["finds_per_thousand_examined", ""] = 1000 * over(numbers["illicit_found", ""], n_examined)
    return numbers


def of_work(replication: Replication) -> Numbers:
    """From the stages: a service ends with its stage, but officers who open together wait for each other."""
    flights, (_, _, horizon), stages = replication.measured, replication.window, replication.stages
    of_flights = of_flights_counts(replication)
    served = stages[stages["flight"].isin(flights["flight"]) & stages["start_s"].notna() & (stages["queued_s"] <= horizon)]
    opened = stages[stages["stage"] == "open_joint"].set_index("flight")["end_s"]
    until = served["end_s"].where(~served["stage"].isin(TEAMS), served["flight"].map(opened))
    until = until.fillna(served["flight"].map(stages.groupby("flight")["end_s"].max()))  # cut off when the flight ended
    hours = (until.clip(upper=horizon) - served["start_s"].clip(upper=horizon)) / HOUR
    kind = served["pool"].str.split(".").str[0]
    sides = sorted({*flights["origin_side"], *flights["destination_side"]})
    numbers: Numbers = {}
    for work, pools in WORK.items():
        mine = kind.isin(pools)
        per = of_flights["applied" if work == "aviation" else "filed"]
        for part in ("", *sides, "shared"):
            time = hours[mine & ((served["side"] == part) | (part == ""))].sum()
            numbers[f"{work}_time", part] = time
            numbers[f"{work}_hours", part] = 1000 * over(time, per)
            numbers[f"{work}_hours_per_released", part] = 1000 * over(time, of_flights["released"])
            visits = {key: hours[mine & (kind == key) & ((served["side"] == part) | (part == ""))] for key in pools}
            longest = [np.sqrt((spent**2).mean()) for spent in visits.values() if len(spent)]
            if part == "" or longest:
                numbers[f"{work}_visit_hours", part] = max(longest, default=np.nan)
    return numbers


def of_flights_counts(replication: Replication) -> dict[str, float]:
    numbers = of_flights(replication)
    return {name: numbers[f"flights_{name}", ""] for name in ("filed", "applied", "released")}


def of_queues(replication: Replication) -> Numbers:
    flights, (start, end, horizon), stages = replication.measured, replication.window, replication.stages
    last_end = stages.groupby("flight")["end_s"].max()
    visits = stages[(stages["pool"] != "") & (stages["pool"] != "never") & (stages["queued_s"] <= horizon)]
    until = pd.concat([visits["start_s"], visits["end_s"]], axis=1).min(axis=1)
    until = until.fillna(visits["flight"].map(last_end)).clip(upper=horizon)  # it left the queue when the flight ended
    numbers: Numbers = {}
    for pool, of_pool in visits.groupby("pool"):
        left = until[of_pool.index]
        waits = (left - of_pool["queued_s"])[of_pool["flight"].isin(flights["flight"])]
        entered, left = of_pool["queued_s"].clip(start, end), left.clip(start, end)
        numbers["wait_mean", pool] = waits.mean()
        numbers["queue_mean", pool] = (left - entered).sum() / (end - start)
        spells = [spell for spell in zip(entered, left, strict=True) if spell[1] > spell[0]]
        numbers["queue_longest", pool] = max((sum(a <= first < b for a, b in spells) for first, _ in spells), default=0)
    return numbers


def of_release(replication: Replication) -> Numbers:
    """Of measured flights released: the clocks, and what the time went into."""
    flights, table = replication.measured.set_index("flight"), replication.stages
    released_s = flights["released_s"].dropna()
    flights = flights.loc[released_s.index]
    ended, begun = (of_stage(replication, what) for what in ("end_s", "start_s"))
    clocks = {
        "file_to_release": released_s - lodged(replication),
        "arrival_to_release": released_s - ended("land"),
    }
    clocks = {key: lapse.reindex(flights.index) for key, lapse in clocks.items()}
    clocks["file_to_release"] = clocks["file_to_release"].where(clocks["file_to_release"] >= 0)
    numbers: Numbers = {}
    groups = {"channel": channels(flights, ("origin", "destination")), "tier": tiers(flights)}
    sides = sorted({*replication.flights["origin_side"], *replication.flights["destination_side"]})
    groups["destination"] = {side: flights["destination_side"] == side for side in sides}
    for key, lapse in clocks.items():
        numbers[key, "mean"] = lapse.mean()
        for by, of_kind in groups.items():
            for group, members in of_kind.items():
                numbers[f"{key}_by_{by}", f"{group}/mean"] = lapse[members].mean()
    stages = table[table["flight"].isin(flights.index)]
    until = stages["flight"].map(released_s)
    customs = stages[stages["step"].isin(CUSTOMS) & stages["queued_s"].notna()]
    spells = customs.assign(until_s=np.fmin(customs["end_s"], until[customs.index])).groupby("flight")[["queued_s", "until_s"]]
    with_customs = pd.Series({flight: length_of_union(of_flight) for flight, of_flight in spells}).reindex(flights.index)
    for group, members in groups["channel"].items():
        numbers["customs_time_by_channel", group] = with_customs[members].mean()
    numbers["clearance_outlasts_flight_share", ""] = (with_customs > flights["block_s"] + 1e-6).mean()
    entered, start, end = (np.fmin(stages[key], until) for key in ("queued_s", "start_s", "end_s"))
    served = stages["start_s"].notna()
    minutes = stages[["step", "side"]].assign(
        wait=(start.where(served, end) - entered).where(stages["queued_s"].notna(), 0.0) / 60,
        service=(end - start).where(served, 0.0) / 60,
    )
    for (step, side), of_step in minutes.groupby(["step", "side"]):
        for kind in ("wait", "service"):
            numbers["time_by_step", f"{step}/{side}/{kind}"] = over(of_step[kind].sum(), len(flights))
    flown = (ended("land") - begun("fly_1")).reindex(replication.measured["flight"])
    numbers["flight_time", "wenjindu_sheung_shui"] = flown[ended("land").reindex(flown.index) <= replication.window[2]].mean()
    return {**numbers, **of_time_release(replication)}


def of_time_release(replication: Replication) -> Numbers:
    """The lines of the time release study: export up to the take-off, import up to the release."""
    flights, horizon = replication.measured.set_index("flight"), replication.window[2]
    ended, begun, queued = (of_stage(replication, what) for what in ("end_s", "start_s", "queued_s"))
    departed = begun("fly_1").where(lambda instants: instants <= horizon)
    released, lodged_s = flights["released_s"], lodged(replication)
    stages = replication.stages[replication.stages["flight"].isin(flights.index) & replication.stages["queued_s"].notna()]
    numbers: Numbers = {}
    for way, end in ENDS.items():
        from_s, until_s = (None, departed) if way == "export" else (departed, released)
        until = stages["flight"].map(until_s)

        def spent(which: pd.Series, from_s: pd.Series | None, until: pd.Series = until) -> pd.Series:
            inside = which & (stages["queued_s"] < until)
            if from_s is not None:
                inside &= stages["queued_s"] >= stages["flight"].map(from_s)
            here = stages[inside].assign(until_s=np.fmin(stages["end_s"], until)[inside])
            return pd.Series({flight: length_of_union(rows) for flight, rows in here.groupby("flight")[["queued_s", "until_s"]]})

        accepted = queued(f"screen_{end}") - lodged_s
        lapses = {
            "lodgement_to_acceptance": accepted.where(accepted >= 0),
            "documentary_control": spent((stages["step"] == "documents") & (stages["role"] == end), None),
            "physical_inspection": spent(stages["step"] == "inspection", from_s),
        }
        if way == "export":
            since = departed - lodged_s
            lapses["arrival_to_lodgement"] = lodged_s - begun("load")
            lapses["arrival_to_departure"] = departed - begun("load")
            lapses["lodgement_to_departure"] = since.where(since >= 0)
        else:
            since = released - lodged_s
            lapses["arrival_to_lodgement"] = lodged_s - ended("land")
            lapses["release"] = released - begun("release")
            lapses["arrival_to_release"] = released - ended("land")
            lapses["lodgement_to_release"] = since.where(since >= 0)
        groups = {"all": flights["aeo"].notna(), **channels(flights, (end,)), **tiers(flights)}
        for step, of_flight in lapses.items():
            lapse = of_flight.astype(float).reindex(flights.index).where(until_s.reindex(flights.index).notna())
            for side in sorted({*flights["origin_side"], *flights["destination_side"]}):
                for group, members in groups.items():
                    here = lapse[members & (flights[f"{end}_side"] == side)].dropna()
                    part = f"{way}/{side}/{group}/{step}"
                    numbers["time_release", f"{part}/mean"] = here.mean()
                    numbers["time_release_flights", part] = len(here)
    return numbers


def of_stage(replication: Replication, column: str) -> Callable[[str], pd.Series]:
    """By flight: an instant of a stage; the end only where it was gone through."""
    table = replication.stages
    if column == "end_s":
        table = table[table["start_s"].notna()]
    return lambda stage: table[table["stage"] == stage].set_index("flight")[column]


def lodged(replication: Replication) -> pd.Series:
    """By flight: when the file was ready; where none was, when it was due, or else the order."""
    flights = replication.flights.set_index("flight")
    ready = of_stage(replication, "end_s")("prepare").reindex(flights.index)
    return ready.fillna(flights["filed_s"])


def channels(flights: pd.DataFrame, ends: tuple[str, ...]) -> dict[str, pd.Series]:
    red, amber = (flights[[f"{colour}_{end}" for end in ends]].any(axis=1) for colour in ("red", "amber"))
    return {"green": ~red & ~amber, "amber": amber & ~red, "red": red}


def tiers(flights: pd.DataFrame) -> dict[str, pd.Series]:
    return {"aeo": flights["aeo"], "other": ~flights["aeo"]}


def length_of_union(spells: pd.DataFrame) -> float:
    """Seconds that any of the spells (from, until) covers."""
    length, reached = 0.0, -np.inf
    for from_s, until_s in sorted(spells.itertuples(index=False, name=None)):
        length += max(0.0, until_s - max(from_s, reached))
        reached = max(reached, until_s)
    return length
