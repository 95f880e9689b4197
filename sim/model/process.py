"""The process map: the named instants at which features meet without knowing each other.

A feature puts its stages *after* a milestone and lets them *precede* another; a milestone has been
reached when every stage that precedes it has settled and the milestones before it have been reached.
A feature that is switched off therefore leaves no gap. Milestones cost nothing in the engine: the plan
builder replaces them by the stages behind them.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Milestone:
    """An instant of a flight; `after` are the milestones that come before it."""

    key: str
    after: tuple["Milestone", ...] = ()


MAX_EXAMINATION_STEPS = 4


def _examination_steps(place: str, after: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """The steps of an examination: a means in position k of the sequence stands after step k and precedes step k + 1."""
    steps = [Milestone(f"look_0_{place}", after)]
    for position in range(1, MAX_EXAMINATION_STEPS + 1):
        steps.append(Milestone(f"look_{position}_{place}", (steps[-1],)))
    return tuple(steps)


ORDERED = Milestone("ordered")

# data and customs
FILED = Milestone("filed", (ORDERED,))
RECEIVED = {role: Milestone(f"received_{role}", (FILED,)) for role in ("origin", "destination")}
SCREENED = {role: Milestone(f"screened_{role}", (RECEIVED[role],)) for role in RECEIVED}
DECIDED = {role: Milestone(f"decided_{role}", (SCREENED[role],)) for role in RECEIVED}
CLEARED = Milestone("cleared")  # the clearance gate: decided, or no longer waited for

# airspace
FLIGHT_PLAN_READY = Milestone("flight_plan_ready", (ORDERED,))  # what is asked for has its waypoints right, or nobody looked
AUTHORISED = Milestone("authorised", (FLIGHT_PLAN_READY,))
REAUTHORISED = Milestone("reauthorised", (AUTHORISED,))

# goods and aircraft, outward
LOADED = Milestone("loaded", (ORDERED,))
STEPS_ORIGIN = _examination_steps("origin", (LOADED,))
INSPECTED_ORIGIN = Milestone("inspected_origin", (STEPS_ORIGIN[-1],))
DEPARTURE_PERMITTED = Milestone("departure_permitted")  # the gate that customs may put before take-off
READY_TO_DEPART = Milestone("ready_to_depart", (INSPECTED_ORIGIN, AUTHORISED, DEPARTURE_PERMITTED))
FIT_TO_DEPART = Milestone("fit_to_depart", (READY_TO_DEPART,))  # the weather lets it go to its pad
READY_FOR_SLOT = Milestone("ready_for_slot", (FIT_TO_DEPART,))
SLOT_TAKEN = Milestone("slot_taken", (READY_FOR_SLOT,))
FIT_AT_SLOT = Milestone("fit_at_slot", (SLOT_TAKEN,))  # the weather checked again, and waited for if need be
SLOT_TAKEN_AGAIN = Milestone("slot_taken_again", (FIT_AT_SLOT,))  # a new slot for who had to wait
AIRBORNE = Milestone("airborne", (SLOT_TAKEN_AGAIN,))
FLOWN = Milestone("flown", (AIRBORNE,))  # the legs of the route
ARRIVED = Milestone("arrived", (FLOWN,))
LANDED = Milestone("landed", (ARRIVED,))
UNLOADED = Milestone("unloaded", (LANDED,))
STEPS_DESTINATION = _examination_steps("destination", (UNLOADED, CLEARED))
STEPS_LATE = _examination_steps("late", (UNLOADED, CLEARED))
INSPECTED_DESTINATION = Milestone("inspected_destination", (STEPS_DESTINATION[-1], STEPS_LATE[-1]))
AIRCRAFT_FREED = Milestone("aircraft_freed", (UNLOADED,))  # what customs lets the aircraft wait for at the pad
RELEASED = Milestone("released", (INSPECTED_DESTINATION,))

# aircraft, home again
RETURN_READY = Milestone("return_ready", (AIRCRAFT_FREED,))
RETURN_FIT = Milestone("return_fit", (RETURN_READY,))
RETURN_READY_FOR_SLOT = Milestone("return_ready_for_slot", (RETURN_FIT,))
RETURN_SLOT_TAKEN = Milestone("return_slot_taken", (RETURN_READY_FOR_SLOT,))
RETURN_FIT_AT_SLOT = Milestone("return_fit_at_slot", (RETURN_SLOT_TAKEN,))
RETURN_AIRBORNE = Milestone("return_airborne", (RETURN_FIT_AT_SLOT,))
RETURN_ARRIVED = Milestone("return_arrived", (RETURN_AIRBORNE,))
RETURNED = Milestone("returned", (RETURN_ARRIVED,))

EXAMINATION_STEPS = {"origin": STEPS_ORIGIN, "destination": STEPS_DESTINATION, "late": STEPS_LATE}


class Signal(StrEnum):
    """What a stage's giving up means to others; conditions name signals, never another feature's stage."""

    NO_DATA_ORIGIN = "no_data_origin"  # the message to the side of origin was given up
    NO_DATA_DESTINATION = "no_data_destination"
    UNCLEARED = "uncleared"  # the decision did not come in time and the flight goes on without it
    NO_OFFICER = "no_officer"  # an officer for the joint examination did not come in time
    LAPSED = "lapsed"  # the authorisation ran out before a slot was free
    GROUNDED = "grounded"  # at its slot the aircraft was not fit for the weather
    RETURN_GROUNDED = "return_grounded"
    DIVERTED = "diverted"  # the pad was not free before the reserve ran out
    NOT_RELEASED = "not_released"  # refused or detained: the closing stage carries the outcome


NO_DATA = {"origin": Signal.NO_DATA_ORIGIN, "destination": Signal.NO_DATA_DESTINATION}
LATE_CLEARANCE = (Signal.UNCLEARED, *NO_DATA.values(), Signal.NO_OFFICER)
"""Any of these sends the flight to the full inspection on arrival."""
