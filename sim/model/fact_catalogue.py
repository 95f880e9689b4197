"""The facts that features, measures and the replay hand each other, declared once each; a feature's own stand in its file.

A constant is its fact's name in capitals, so that whoever writes and whoever reads it is found by searching for the name.
"""

from sim.ground.arrays import Bools, Floats, Ints
from sim.ground.text import Text
from sim.model.facts import Fact
from sim.model.limit import PutOff
from sim.model.stage import ENDS, Limit

# the order and the airspace
AIRSPACE_EARLIEST_S = Fact[Floats](
    "airspace_earliest_s", float, "flight", "earliest departure that the airspace rule permits, given the order", is_instant=True
)
AIRSPACE_WHOLE_DAYS = Fact[Bools]("airspace_whole_days", bool, "flight", "a departure that is too early is put off by whole days")
AIRSPACE_LIMITS = Fact[tuple[tuple[Limit, Bools], ...]](
    "airspace_limits", tuple, "scenario", "the rules behind the earliest departure, each with the flights that it holds for"
)
APPLICATION_LEAD_S = Fact[Floats](
    "application_lead_s",
    float,
    "flight",
    "how long before its departure the flight is applied for, at the earliest when it is ordered",
    least=0,
)
AUTHORISATION_VALIDITY_S = Fact[float](
    "authorisation_validity_s", float, "scenario", "how long past the planned departure it holds; inf where it does not lapse"
)
AUTHORISATION_RENEWABLE = Fact[bool]("authorisation_renewable", bool, "scenario", "a lapsed authorisation may be asked for again")

# filing and the departure
DEPARTURE_TARGET_S = Fact[Floats](
    "departure_target_s",
    float,
    "flight",
    "earliest departure that the policy permits, once the order is in; NaN never",
    is_instant=True,
)
LOADING_FROM_S = Fact[Floats](
    "loading_from_s", float, "flight", "instant from which its aircraft is planned to be loaded", is_instant=True
)
PUT_OFF = Fact[tuple[PutOff, ...]](
    "put_off", tuple, "scenario", "by how much which rule puts off the departure, the first to act first, or a stage", shared=True
)
LOST = Fact[Bools]("lost", bool, "flight", "the order came after a cut-off and would not wait")
ENTRY_ALLOWANCE_S = Fact[float](
    "entry_allowance_s", float, "scenario", "time that an operator allows for data entry and transmission, until acceptance, s"
)
FILED_S = Fact[Floats]("filed_s", float, "flight", "instant at which the operator begins to enter the data", is_instant=True)
FILES = Fact[Bools](
    "files", bool, "flight", "the flight files cargo data of its own: no periodic declaration covers it, and it carries cargo"
)
SELECTION_FACTOR = Fact[Floats]("selection_factor", float, "flight", "factor on the selection rates", least=0)
DECIDED_BEFORE_DEPARTURE = Fact[bool]("decided_before_departure", bool, "scenario", "customs decides before departure")
PERSONAL_DATA_CROSS = Fact[bool]("personal_data_cross", bool, "scenario", "the other side's risk engine sees personal data")

# who goes first
CUSTOMS_PRIORITY = Fact[Ints]("customs_priority", int, "flight", "priority at customs stages; smaller goes first")
AUTHORISATION_PRIORITY = Fact[Ints](
    "authorisation_priority", int, "flight", "priority at the authorisation desks; smaller goes first"
)
SLOT_PRIORITY = Fact[Ints]("slot_priority", int, "flight", "priority at the corridor's slots; smaller goes first")
PAD_PRIORITY = Fact[Ints]("pad_priority", int, "flight", "priority at the pads, from 0 to 3; smaller goes first", least=0, most=3)
AUTHORISATION_PRIORITY_EMPTY = Fact[int](
    "authorisation_priority_empty", int, "scenario", "the same of an aircraft that flies home empty"
)
SLOT_PRIORITY_EMPTY = Fact[int]("slot_priority_empty", int, "scenario", "the same of an aircraft that flies home empty")
PAD_PRIORITY_EMPTY = Fact[int]("pad_priority_empty", int, "scenario", "the same of an aircraft that flies home empty")

# the ports
PORT_HOURS_S = Fact[dict[str, tuple[float, float]]](
    "port_hours_s", dict, "scenario", "for each side, from when until when its ports are open, clock, s"
)

PORTS_SHUT = Limit("port_hours", Text("the hours of the ports", "口岸開放時間", "口岸开放时间"))

# contraband
ILLICIT = Fact[Bools]("illicit", bool, "consignment", "the consignment is contraband")
EXPOSURE = Fact[Floats](
    "exposure",
    float,
    "consignment",
    "standard normal; the higher, the easier the consignment is to find by any means",
    latent=True,
)
EXPOSURE_CORRELATION = Fact[float](
    "exposure_correlation", float, "scenario", "share of an examination's chance that all examinations have in common"
)
PREVALENCE = Fact[Floats]("prevalence", float, "consignment", "probability that the consignment is contraband", latent=True)
PREVALENCE_DRAWN = Fact[Floats](
    "prevalence_drawn",
    float,
    "consignment",
    "probability with which it was drawn as contraband: the prevalence, or more in a boosted study",
    latent=True,
)
WEIGHT_ALONE = Fact[Floats](
    "weight_alone", float, "consignment", "the same by what this consignment holds, whatever is selected with it", latent=True
)
WEIGHT = Fact[Floats](
    "weight", float, "consignment", "how many consignments of the study without boost it stands for; 1 where nothing is boosted"
)
WATCH_FACTOR = Fact[Floats](
    "watch_factor", float, "flight", "factor on the selection rates because of the operator's earlier finds", least=0
)

# channels
RED_CONSIGNMENT = {
    role: Fact[Bools](f"red_consignment_{role}", bool, "consignment", f"selected for inspection by the side of {role}")
    for role in ENDS
}
AMBER_CONSIGNMENT = {
    role: Fact[Bools](
        f"amber_consignment_{role}", bool, "consignment", f"sent to the document check of the side of {role}; not red"
    )
    for role in ENDS
}
RED = {role: Fact[Bools](f"red_{role}", bool, "flight", f"red channel at the side of {role}") for role in ENDS}
AMBER = {
    role: Fact[Bools](f"amber_{role}", bool, "flight", f"documents of a consignment are checked at the side of {role}")
    for role in ENDS
}
SCREENING_ODDS = Fact[Floats](
    "screening_odds",
    float,
    "consignment",
    "likelihood of the channels that its unit is on at both sides, if a consignment of the unit is illicit / if none is",
    latent=True,
)
SELECTION_UNIT = Fact[Ints](
    "selection_unit", int, "consignment", "number of the unit (consignment, declaration or flight) with which it is selected"
)
DECLARATION = Fact[Ints]("declaration", int, "consignment", "number of the declaration that covers it")

# the flight
BLOCK_S = Fact[Floats](
    "block_s",
    float,
    "flight",
    "time from take-off to landing without delay: overhead, climb and descent, distance / cruise speed",
    least=0,
)
ALTERNATE_DISTANCE_M = Fact[float]("alternate_distance_m", float, "scenario", "from a vertiport to the alternate of its side, m")
RETURNS = Fact[Bools]("returns", bool, "flight", "the aircraft flies home empty")
DETOUR_M = Fact[Floats]("detour_m", float, "flight", "metres flown beyond the route", least=0)
RESERVE_USED_S = Fact[Floats](
    "reserve_used_s", float, "flight", "flying time taken off the reserve before the landing, s", least=0
)

# posts and money: by side, in the side's own currency; a side without a figure is left out
HOURS_A_YEAR = Fact[dict[str, float]]("hours_a_year", dict, "scenario", "h on duty that one person works in a year, by side")
MONTHLY_COSTS = Fact[dict[str, dict[str, float]]](
    "monthly_costs",
    dict,
    "scenario",
    "what one person of a kind of work is paid a month, or what a pad or an aircraft costs a month, by that and by side",
)
STATED_PAY = Fact[dict[str, float]](
    "stated_pay", dict, "scenario", "what a flight released may cost in pay of customs officers on duty, by side"
)
