"""Examinations, and the officers' hours at them, without the luck of the draw: who is selected is drawn, and says little.

Before a consignment is screened, its goods, its operator and the rates say how likely each side is to select it, and what it may
hold and the means' alarms how likely it is to be opened. So what is planned of a flight that is not lost has a known mean, and
planned less that mean is noise of mean 0, whatever happens later. What is counted less this noise has the mean of the count in
whatever queues, and varies less: control variates whose mean is known (Asmussen and Glynn, Stochastic Simulation (2007), V.2).

The noise is taken out in two parts. That of the selection: of flights not lost, which is settled before they are screened. That
of false alarms and of times: of flights whose examination begins, which is settled before either tells. (Of flights with
contraband all is in the first part, since one concealment is behind all alarms.) Put together otherwise, the number is what is
expected of flights not lost, plus what was examined without having been selected (late files), less what was selected and not
examined (cancelled, diverted, late).

Under displacement the probability of contraband is that of each consignment by itself, as in `expected_missed`. Where a schedule
states what is otherwise drawn or decided, chances are not known, and the count stands as it is.
"""

from collections.abc import Iterable

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.metrics.accounts import Accounts, account_of_role, scaled, sum_by_account
from sim.metrics.cached import cached_per_observation
from sim.metrics.completed_examinations import steps_and_completed
from sim.metrics.outcomes import measured_consignments
from sim.metrics.time_spent import time_spent
from sim.model.examination import EXAMINATIONS, SELECTION_CHANCES, SEQUENCE
from sim.model.fact_catalogue import ILLICIT, LOST, PREVALENCE, WEIGHT
from sim.model.metric import Metric
from sim.model.observation import Observation

STEP = "inspection"  # of the stages at which officers examine
Booked = tuple[str, Accounts, Floats]
"""The means, and the accounts and the amounts that are booked to them, shape (k,) each."""


@cached_per_observation
def _smoothed(observation: Observation) -> Bools:
    """Shape (n,): measured and not lost, and so certain to be planned for; none where a schedule states what is drawn."""
    schedule = None if observation.scenario is None else observation.scenario.world.demand.schedule
    if schedule is not None and any(":" in column for column in schedule.columns):
        return np.zeros(len(observation.flights), dtype=np.bool_)
    return observation.measured & ~observation.facts.get(LOST, np.zeros(len(observation.flights), dtype=np.bool_))


def _weight(observation: Observation) -> Floats:
    """Shape (m,): how many consignments of the study without boost each stands for; 1 where nothing is boosted."""
    weight: Floats = observation.facts.get(WEIGHT, np.ones(len(observation.consignments)))
    return weight


def _begun(observation: Observation, stage_key: str) -> Bools:
    """Shape (n,): of those, the flights that came to that stage by the horizon."""
    number = observation.plan.stage_number(stage_key)
    if number is None:
        return np.zeros(len(observation.flights), dtype=np.bool_)
    return _smoothed(observation) & (observation.timeline.queued_s[:, number] <= observation.horizon_s)


def _illicit(observation: Observation) -> Bools:
    """Shape (m,)."""
    illicit: Bools = observation.facts[ILLICIT]
    return illicit


def _luck(selected: Bools, begun: Bools, planned: Floats, if_selected: Floats, chance: Floats) -> Floats:
    """Shape (k,): what is planned less its mean, for flights or consignments. See the module."""
    return np.where(selected, if_selected - chance, 0.0) + np.where(begun, planned - if_selected, 0.0)


def _examinations(observation: Observation) -> dict[str, float]:
    """By side of the officers, by means, and all."""
    booked: list[Booked] = []
    flight, weight = observation.consignments.flight, _weight(observation)
    for step, done in steps_and_completed(observation):
        expected = step.expectation
        amount = np.where(done.examined & measured_consignments(observation), weight, 0.0)
        if expected is not None:
            begun = _begun(observation, expected.begins_with)[flight]
            planned = np.where(step.examined, weight, 0.0)
            if_selected = np.where(_illicit(observation), planned, weight * expected.chance_if_selected)
            amount = amount - _luck(_smoothed(observation)[flight], begun, planned, if_selected, expected.chance)
        booked.append((step.means, done.account, amount))
    return _by_account_and_means(observation, booked)


def _consignments(observation: Observation) -> float:
    """Each counts once, at however many steps and sides it is examined."""
    if SELECTION_CHANCES not in observation.facts:
        return np.nan
    m = len(observation.consignments)
    took_place, planned = np.zeros(m, dtype=np.bool_), np.zeros(m, dtype=np.bool_)
    for _, done in steps_and_completed(observation):
        took_place |= done.examined
    for examination in observation.facts[EXAMINATIONS]:
        if examination.place != "late":
            planned |= examination.examined
    chance, weight = observation.facts[SELECTION_CHANCES].either.mean(observation.facts[PREVALENCE]), _weight(observation)
    smoothed = _smoothed(observation)[observation.consignments.flight]
    luck = np.where(planned, weight, 0.0)[smoothed].sum() - chance[smoothed].sum()
    return float(weight[took_place & measured_consignments(observation)].sum() - luck)


def _hours_counted(observation: Observation) -> dict[str, float]:
    """Hours of officers at examinations, by side and all."""
    return _hours(observation, [_spent(observation)])


def _hours_expected(observation: Observation) -> dict[str, float]:
    """The same without the luck of the draw."""
    booked = [_spent(observation)]
    consignments, n = observation.consignments, len(observation.flights)
    for step, _ in steps_and_completed(observation):
        expected = step.expectation
        if expected is None or expected.mean_s is None:
            continue
        planned_s = np.zeros(n)
        number = observation.plan.stage_number(step.stage_key)
        if number is not None:
            planned_s = np.where(observation.plan.visits[:, number], observation.plan.service_s[:, number], 0.0)
        if_selected_s = consignments.sum_of_flight(expected.chance_if_selected, n) * expected.mean_s
        with_illicit = consignments.any_of_flight(_illicit(observation), n)
        if_selected_s = np.where(with_illicit, planned_s, if_selected_s)
        mean_s = consignments.sum_of_flight(expected.chance, n) * expected.mean_s
        begun = _begun(observation, expected.begins_with)
        luck_s = _luck(_smoothed(observation), begun, planned_s, if_selected_s, mean_s)
        booked += [(step.means, account_of_role(observation, role), -luck_s) for role in expected.officers]
    return _hours(observation, booked)


def _spent(observation: Observation) -> Booked:
    """The seconds that customs officers spent at examinations of measured flights."""
    spent = time_spent(observation)["officer"]
    at_examination = np.array([step.stage.step == STEP for step in observation.plan.steps], dtype=np.bool_)
    counted = observation.measured[spent.flight] & at_examination[spent.stage]
    return "", spent.account[counted], spent.seconds[counted]


def _hours(observation: Observation, booked: Iterable[Booked]) -> dict[str, float]:
    accounts, amounts = zip(*((account, amount) for _, account, amount in booked), strict=True)
    return scaled(sum_by_account(observation, np.concatenate(accounts), np.concatenate(amounts)), 1.0 / HOUR_S)


def _by_account_and_means(observation: Observation, booked: list[Booked]) -> dict[str, float]:
    by_means = dict.fromkeys(observation.facts.get(SEQUENCE, ()), 0.0)
    for means, _, amount in booked:
        by_means[means] += float(amount.sum())
    accounts = np.concatenate([account for _, account, _ in booked]) if booked else np.zeros(0, dtype=np.int8)
    amounts = np.concatenate([amount for _, _, amount in booked]) if booked else np.zeros(0)
    return {**sum_by_account(observation, accounts, amounts), **by_means}


_HOW = (
    "what was counted, less what was planned of flights not lost, plus how likely that was before it was drawn, from goods, "
    "operator, rates, regime and prevalence, and for openings from how often the means before them raise alarms. The mean is "
    "that of the count in whatever queues, the noise smaller; examinations in full of late files stand as they came."
)

METRICS: tuple[Metric, ...] = (
    Metric(
        key="expected_examinations",
        label=Text("examinations, expected", "預期查驗次數", "预期查验次数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=f"The number of examinations: {_HOW} By side of the officers; by means; the whole.",
        compute=_examinations,
        boostable=True,
    ),
    Metric(
        key="expected_consignments_examined",
        label=Text("consignments examined, expected", "預期受查驗貨件數", "预期受查验货件数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula=f"The number of consignments examined at least once: {_HOW}",
        compute=_consignments,
        boostable=True,
    ),
    Metric(
        key="examination_hours",
        label=Text("customs officer-hours at examinations", "查驗所用海關人員工時", "查验所用关员工时"),
        unit="h",
        adds_up=True,
        better="neither",
        topic="workload",
        formula=(
            "Time of customs officers at examinations of measured flights, holds included; readers of x-ray images and dog "
            "handlers count. By side that the pool belongs to, else that of the stage; the whole."
        ),
        compute=_hours_counted,
        expectation="expected_examination_hours",
    ),
    Metric(
        key="expected_examination_hours",
        label=Text("customs officer-hours at examinations, expected", "預期查驗所用海關人員工時", "预期查验所用关员工时"),
        unit="h",
        adds_up=True,
        better="neither",
        topic="workload",
        formula=(
            f"Officers' hours at examinations: {_HOW} So do waits of one officer of a joint team for the other, and dogs' "
            "searches in a line. By side; the whole."
        ),
        compute=_hours_expected,
    ),
)
