"""Measures: how flights and consignments end."""

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.metrics.cached import cached_per_observation
from sim.metrics.completed_examinations import completed_steps
from sim.metrics.quantiles import share
from sim.model.examination import WITHHELD
from sim.model.metric import EventSize, Margin, Metric
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome, Outcome
from sim.model.phrase import FLIGHTS_COUNTED, MORE_OR_FEWER, Phrase
from sim.model.stage import Mark


@cached_per_observation
def consignment_outcomes(observation: Observation) -> NDArray[np.int8]:
    """Shape (m,), int8: ConsignmentOutcome of every consignment at the horizon.

    Seized: an examination step that its flight went through found it. Detained: kept back at a stage that its flight went
    through. Of the others, by their flight: released; detained, where a find held the rest of the flight;
    returned, where it was refused for another reason, diverted, cancelled or lost; else not ended.
    """
    consignments = observation.consignments
    seized = np.zeros(len(consignments), dtype=bool)
    for step in completed_steps(observation):
        seized |= step.found
    outcomes = _with_their_flight(observation)[consignments.flight]
    outcomes[_withheld(observation)] = ConsignmentOutcome.DETAINED
    outcomes[seized] = ConsignmentOutcome.SEIZED
    return outcomes


def _with_their_flight(observation: Observation) -> NDArray[np.int8]:
    """Shape (n,): the outcome of whatever of a flight's consignments is neither seized nor kept back by itself."""
    outcome = observation.outcome
    cases = {
        ConsignmentOutcome.RELEASED: outcome == Outcome.RELEASED,
        ConsignmentOutcome.DETAINED: stopped_for_a_find(observation),
        ConsignmentOutcome.RETURNED: outcome != Outcome.IN_SYSTEM,
    }
    return np.select(list(cases.values()), list(cases), ConsignmentOutcome.NOT_ENDED).astype(np.int8)


def _withheld(observation: Observation) -> Bools:
    """Shape (m,): kept back by the horizon, as by quarantine."""
    flight = observation.consignments.flight
    kept = np.zeros(len(flight), dtype=bool)
    for withholding in observation.facts.get(WITHHELD, ()):
        kept |= withholding.consignments & (observation.end_of(withholding.stage_key) <= observation.horizon_s)[flight]
    return kept


def stopped_for_a_find(observation: Observation) -> Bools:
    """Shape (n,): refused after a detention for a find, which ends a flight or marks it for its closing stage."""
    numbers = list(observation.plan.marked(Mark.DETENTION))
    detained = (~np.isnan(observation.timeline.end_s[:, numbers])).any(axis=1)
    return np.asarray(detained & (observation.outcome == Outcome.REFUSED))


@cached_per_observation
def measured_consignments(observation: Observation) -> Bools:
    """Shape (m,): the consignments of measured flights."""
    return observation.measured[observation.consignments.flight]


def _flight_shares(observation: Observation) -> dict[str, float]:
    outcomes = observation.outcome[observation.measured]
    return {o.name.lower(): share(float((outcomes == o).sum()), len(outcomes)) for o in Outcome}


def _consignment_counts(observation: Observation) -> dict[str, float]:
    outcomes = consignment_outcomes(observation)[measured_consignments(observation)]
    counts = np.bincount(outcomes, minlength=len(ConsignmentOutcome))
    return {o.name.lower(): float(counts[o]) for o in ConsignmentOutcome}


def _consignment_shares(observation: Observation) -> dict[str, float]:
    total = float(measured_consignments(observation).sum())
    return {key: share(count, total) for key, count in _consignment_counts(observation).items()}


METRICS: tuple[Metric, ...] = (
    Metric(
        key="flight_outcome_share",
        label=Text("outcomes of flights", "航班結果", "航班结果"),
        unit="share",
        better="neither",
        topic="outcome",
        formula=(
            "Measured flights by how they stand at the horizon / flights planned; released as soon as the release has ended. "
            "Lost: the order came after a cut-off and would not wait; cancelled: it waited too long for clearance or a slot; "
            "diverted: no pad was free in time; refused: by customs or for the airspace. By outcome."
        ),
        compute=_flight_shares,
        headline=True,
        better_of_part={"released": "higher", "refused": "lower", "diverted": "lower", "cancelled": "lower", "lost": "lower"},
        event=EventSize(per="flights_planned"),
        matters=Margin("1 pp", "one flight in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
        phrase=Phrase(
            Text(
                "{n} of {of} flights planned are {part}",
                "每 {of} 班計劃航班有 {n} 班{part}",
                "每 {of} 班计划航班有 {n} 班{part}",
            ),
            MORE_OR_FEWER,
            counter=FLIGHTS_COUNTED,
        ),
    ),
    Metric(
        key="consignment_outcome_count",
        label=Text("outcomes of consignments, number", "貨件結果（件數）", "货件结果（件数）"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="outcome",
        formula=(
            "Consignments of measured flights by how they stand at the horizon. Seized: found; detained: kept back by quarantine,"
            " or another consignment of the refused flight was seized; returned: the flight was refused, diverted, cancelled or "
            "lost. By outcome."
        ),
        compute=_consignment_counts,
        event=EventSize(),
    ),
    Metric(
        key="consignment_outcome_share",
        label=Text("outcomes of consignments, share", "貨件結果（比例）", "货件结果（比例）"),
        unit="share",
        better="neither",
        topic="outcome",
        formula="Consignments by outcome / consignments of measured flights. By outcome.",
        compute=_consignment_shares,
        better_of_part={"returned": "lower"},
        event=EventSize(per="flights_planned"),
        matters=Margin("1 pp", "one consignment in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
    ),
)
