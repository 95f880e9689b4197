"""What is missed, as an expectation from the screening algebra: contraband is rare, and its count says little.

Control decides by what it sees, never by what is inside: channels, alarms and finds of a replication give its whole
timeline. Given them, every consignment is contraband with a probability of its own, by Bayes' rule; independently of the
others but for those that are selected with it, and what was seen of those is weighed too. The sum of these probabilities over
what was released is the expectation of the count given all that control saw, so both have one mean, whatever the queues, late
files or a watch after a find did; and the sum varies less (Rao and Blackwell; "conditional Monte Carlo" in Asmussen and Glynn,
Stochastic Simulation (2007), V.4). Under displacement the probabilities before any examination are those of each consignment by
itself; that one mover stands for one is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Bools, Floats, Ints
from sim.ground.unique_rows import map_unique_rows
from sim.metrics.cached import cached_per_observation
from sim.metrics.completed_examinations import CompletedStep, completed_steps
from sim.metrics.outcomes import consignment_outcomes, measured_consignments, stopped_for_a_find
from sim.model.fact_catalogue import EXPOSURE_CORRELATION, PREVALENCE, PREVALENCE_DRAWN, SCREENING_ODDS, SELECTION_UNIT
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome, Outcome
from sim.statistics.detection import likelihood_of_examinations, likelihood_of_result, product_of_others, ratio_of_one


@cached_per_observation
def expected_missed(observation: Observation) -> Floats | None:
    """Shape (m,): the probability that each consignment of a measured flight is contraband and was released.

    0 for what was not released; weighted back in a boosted study. None where no feature says which are illicit.
    """
    if PREVALENCE not in observation.facts:
        return None
    passed = measured_consignments(observation) & (consignment_outcomes(observation) == ConsignmentOutcome.RELEASED)
    return _probability(observation, passed, _likelihoods)


def expected_carried(observation: Observation) -> Floats | None:
    """Shape (m,): the probability, before any look, that each consignment that was carried is contraband; 0 for the others.

    Carried: of a measured flight that was released or stopped for a find. By its prevalence and its channels alone, so that the
    sum is free of the luck of the few finds. Its mean is that of the count, but for flights that a find stops and that would
    not have been released either: with a quarter of the flights not released the sum is 0.4% (standard error 0.7%) below the
    count, 2.2% (0.7%) where a find stops the whole flight. Weights and None as in `expected_missed`.
    """
    if PREVALENCE not in observation.facts:
        return None
    came = (observation.outcome == Outcome.RELEASED) | stopped_for_a_find(observation)
    return _probability(observation, came[observation.consignments.flight] & measured_consignments(observation), _nothing_seen)


def _probability(observation: Observation, which: Bools, likelihoods: Callable[[Observation, Bools], "Likelihoods"]) -> Floats:
    """Shape (m,): Bayes' rule for the consignments in `which`, 0 for the others.

    likelihoods: of what was seen of the k consignments in `around`, their channels left out, shape (k,) each. Channels are those
    of a unit, which is as illicit as anything in it: how likely another consignment of it is contraband, by all that was seen of
    those, says how much of the unit's likelihood ratio is this one's.
    """
    facts = observation.facts
    unit: Ints = facts.get(SELECTION_UNIT, np.arange(len(which)))
    concerned = np.zeros(int(np.max(unit, initial=-1)) + 1, dtype=np.bool_)
    concerned[unit[which]] = True
    around = concerned[unit]
    if_illicit, if_licit = likelihoods(observation, around)
    prevalence, drawn, unit = facts[PREVALENCE][around], facts[PREVALENCE_DRAWN][around], unit[around]
    odds = facts[SCREENING_ODDS][around] if SCREENING_ODDS in facts else np.ones(len(unit))
    seen, seen_unboosted = (p * if_illicit + (1.0 - p) * if_licit for p in (drawn, prevalence))
    with np.errstate(invalid="ignore", divide="ignore"):  # 0 / 0: what is never contraband, or never seen so
        licit_alone, weight = (
            np.nan_to_num((1.0 - drawn) * if_licit / seen, nan=1.0),
            np.nan_to_num(seen_unboosted / seen, nan=1.0),
        )
        of_one = ratio_of_one(odds, 1.0 - product_of_others(licit_alone, unit))
        illicit, licit = drawn * of_one * if_illicit, (1.0 - drawn) * if_licit
        of_each = np.nan_to_num(illicit / (illicit + licit) * prevalence / drawn) * product_of_others(weight, unit)
    probability = np.zeros(len(which))
    probability[around] = of_each
    return np.where(which, probability, 0.0)


Likelihoods = tuple[Floats, Floats]
"""How likely is what was seen of each consignment, if it is illicit and if it is licit."""


def _nothing_seen(observation: Observation, which: Bools) -> Likelihoods:
    return np.ones(int(which.sum())), np.ones(int(which.sum()))


@dataclass(frozen=True)
class _Seen:
    """All steps with one image, shape (k,) each: whether they took place, whether they raised an alarm, how likely that
    was on an illicit consignment; and on a licit one."""

    examined: Bools
    alarmed: Bools
    sensitivity: Floats
    false_alarm: float


def _likelihoods(observation: Observation, which: Bools) -> Likelihoods:
    """Shape (k,) each: how likely is what the steps at these k consignments showed, if illicit and if licit."""
    seen = _seen(completed_steps(observation), which)
    if not seen:
        return _nothing_seen(observation, which)
    licit = np.prod(
        [
            likelihood_of_result(evidence.examined, evidence.alarmed, np.full(len(evidence.alarmed), evidence.false_alarm))
            for evidence in seen
        ],
        axis=0,
    )
    columns = [column for evidence in seen for column in (evidence.examined, evidence.alarmed, evidence.sensitivity)]
    correlation = observation.facts[EXPOSURE_CORRELATION]
    return map_unique_rows(
        lambda *rows: likelihood_of_examinations(rows[::3], rows[1::3], rows[2::3], correlation), *columns
    ), licit


def _seen(steps: tuple[CompletedStep, ...], which: Bools) -> list[_Seen]:
    """The steps that took place, those with one image taken together."""
    by_image: dict[str, _Seen] = {}
    for step in steps:
        examined, alarmed = step.examined[which], step.alarmed[which]
        if not examined.any():
            continue
        sensitivity = np.broadcast_to(step.detection.sensitivity, len(which))[which]
        known = by_image.get(step.detection.image)
        if known is not None:
            examined, alarmed = examined | known.examined, alarmed | known.alarmed
        by_image[step.detection.image] = _Seen(examined, alarmed, sensitivity, step.detection.false_alarm)
    return list(by_image.values())
