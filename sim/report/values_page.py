"""The page that says why the baseline's values are as they are: by topic, with status, source and what each replaced."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sim.ground.law import Law
from sim.ground.parameter import Status
from sim.ground.units import format_quantity
from sim.scenario.choices import choice_labels
from sim.scenario.parameters import Parameter, catalogue, value_at, value_in_words
from sim.scenario.scenario import Scenario
from sim.scenario.schema import default_schema


@dataclass(frozen=True, slots=True)
class Topic:
    """Values that belong together: a sentence on what they make of the baseline, and the rows of their table.

    rows: paths; two joined by " to " are the ends of one row.
    """

    title: str
    sentence: str
    rows: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path of the rows."""
        return tuple(path for row in self.rows for path in row.split(" to "))


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a value of the first baseline was, in words, and why it is another now."""

    value: str
    reason: str


HEAD = """\
# Why these values

Made from the declarations by `python -m tests.docs.pages`; don't edit it by hand.

The baseline ([`scenarios/baseline.yaml`](../../scenarios/baseline.yaml)) is a sandbox corridor: one route with a standing
approval, under the rules in force on the road. Nobody has measured such flights. Here are its values that carry the answers; all
others stand in [Parameters](../reference/parameters.md), and `sim explain KEY` says more of each. The last column has what the
first baseline had instead, and why it went; at length in [Design notes](design-notes.md#d-76-the-baseline-is-a-sandbox-corridor).

*Stated*: the figure stands in the source named, which may be of another mode of transport. *Derived*: arithmetic on such a
figure, or the figure carried over to drones. *Recalled*: general knowledge, not checked. *Guess*: no source; vary it before you
lean on it (`sim assumptions`). What published figures say of all of it: [Face validity](face-validity.md).

{count}
"""
TOPICS: tuple[Topic, ...] = (
    Topic(
        "Approval",
        "No flight is decided on by itself; its plan is filed the day before, and one hour before take-off it is confirmed.",
        (
            "policy.flight_authorisation.mode",
            "policy.flight_authorisation.day_plan",
            "policy.flight_authorisation.confirmation_lead",
            "policy.flight_authorisation.agencies",
            "policy.flight_authorisation.officers",
            "world.flight_authorisation.confirmation_time",
            "policy.corridor.boundary_exemption",
        ),
    ),
    Topic(
        "Cargo data",
        "One entry serves both sides, at any hour, accepted half an hour before departure; customs decides on arrival.",
        (
            "policy.data_interface.mode",
            "policy.data_interface.opens to policy.data_interface.closes",
            "policy.data_interface.single_submission",
            "world.data_interface.entry_time",
            "policy.pre_clearance.lead",
            "policy.pre_clearance.decision",
        ),
    ),
    Topic(
        "Screening",
        "Each side selects on its own; the rates are the only ones that were found, and of a weak source.",
        (
            "policy.risk_screening.unit",
            "world.risk_screening.consignments_per_declaration",
            "policy.risk_screening.export_rate",
            "policy.risk_screening.import_rate",
            "policy.risk_screening.random_share",
            "policy.risk_screening.amber_rate",
            "world.risk_screening.auc",
            "policy.pre_clearance.aeo_share",
            "world.compliance.prevalence",
        ),
    ),
    Topic(
        "Inspection",
        "Each side inspects what it selects, by x-ray and then by opening what raised an alarm; no dog is in the sequence.",
        (
            "policy.inspection.regime",
            "policy.inspection.sequence",
            "world.inspection.handling_time",
            "world.xray.sensitivity",
            "world.opening.opening_time",
            "world.document_check.service_time",
            "world.release.release_time",
            "policy.detector_dogs.sharing",
            "policy.detector_dogs.when_absent",
        ),
    ),
    Topic(
        "Posts",
        "One officer of each kind at each side while the port is open; pay is known for Hong Kong's customs officers alone.",
        (
            "policy.document_check.officers",
            "policy.opening.officers",
            "world.posts.hours_a_year",
            "world.posts.officer_pay",
        ),
    ),
    Topic(
        "Port and pads",
        "The hours are those of the road's cargo at the adjacent control points; a pad is reserved before take-off.",
        (
            "policy.port_hours.opens to policy.port_hours.closes",
            "policy.vertiports.pads",
            "policy.vertiports.reservation",
            "policy.vertiports.fleet",
            "policy.corridor.routes",
        ),
    ),
    Topic(
        "Road",
        "What a drone is held against, door to door. The driving time is an estimate (`sim/world/data/road.toml`).",
        ("world.road.clearance", "world.road.handling", "world.road.drone_last_mile"),
    ),
    Topic(
        "Demand",
        "An input to be varied, and no forecast: the demand of a route in Shenzhen, within the port's hours.",
        (
            "world.demand.flights_per_day",
            "world.demand.hourly_profile",
            "world.demand.consignments_per_flight",
            "world.demand.goods_mix",
            "world.demand.operators",
            "world.demand.aircraft",
        ),
    ),
    Topic(
        "Weather",
        "The baseline flies in fair weather and says what an average year would take; the rules hold where weather is asked for.",
        (
            "world.weather.mode",
            "policy.weather.stop_signal",
            "policy.weather.stop_rain",
            "policy.weather.stop_fog",
            "world.weather.wind_exposure",
        ),
    ),
)
_PEOPLE = Replaced("2, round the clock", "some 17 flights a day do not fill two posts")
REPLACED: Mapping[str, Replaced] = {
    "policy.flight_authorisation.mode": Replaced(
        "noon day before", "the article has a second paragraph, on routine flights in a fixed airspace"
    ),
    "policy.flight_authorisation.officers": _PEOPLE,
    "policy.data_interface.mode": Replaced("batch, each half hour", "batches are of trade declarations"),
    "policy.data_interface.opens": Replaced("07:00 to 23:00", "hours of trade declarations, which come after the crossing"),
    "policy.data_interface.single_submission": Replaced("no", "it is in force on the road"),
    "world.data_interface.entry_time": Replaced("6 min on the mean", "a single submission spares one entry"),
    "policy.pre_clearance.lead": Replaced("30 min from the beginning of entry", "on the road the half hour runs from acceptance"),
    "policy.pre_clearance.aeo_share": Replaced("20%", "no AEO of Hong Kong is known to fly"),
    "world.inspection.handling_time": Replaced("1 min on the mean", "far below what time release studies have for an inspection"),
    "policy.risk_screening.unit": Replaced("consignment", "half of all flights were stopped by rates of 5 to 10% of items"),
    "policy.detector_dogs.sharing": Replaced("each port", "all of Hong Kong has some seventy teams"),
    "policy.detector_dogs.when_absent": Replaced("wait", "the delay that few dogs seemed to cause came from it"),
    "policy.document_check.officers": _PEOPLE,
    "policy.opening.officers": _PEOPLE,
    "policy.port_hours.opens": Replaced("none, round the clock", "control points for cargo have hours"),
    "policy.vertiports.reservation": Replaced("no", "some loaded drones were diverted while pads stood empty"),
    "world.road.clearance": Replaced("36 min", "it held the lead of the data, which a drone's clock does not"),
    "world.demand.hourly_profile": Replaced("06:00 to 24:00", "outside the port's hours"),
    "world.demand.goods_mix": Replaced("food 10%, documents 5%", "quarantine and licences first would be an odd start"),
    "world.demand.operators": Replaced("24", "a sandbox route has one or two"),
}
"""By the first path of a row, for the values that the first baseline had otherwise."""
HOURLY = "world.demand.hourly_profile"
COLUMNS = "| what | value | status | source | replaced |\n|---|---|---|---|---|\n"


def values_page() -> str:
    """The page in Markdown."""
    scenario = default_schema().scenario_type.model_validate({"name": "baseline"})
    parts = [HEAD.format(count=_count([catalogue()[path] for topic in TOPICS for path in topic.paths]))]
    for topic in TOPICS:
        rows = "".join(_row(row.split(" to "), scenario) for row in topic.rows)
        parts.append(f"## {topic.title}\n\n{topic.sentence}\n\n{COLUMNS}{rows}")
    return "\n".join(parts)


def _count(parameters: list[Parameter]) -> str:
    n = Counter(parameter.status for parameter in parameters)
    parts = ", ".join(f"{n[status]} {status.value if status is not Status.GUESS else 'guesses'}" for status in Status)
    return f"Of the {len(parameters)} values: {parts}."


def _row(paths: list[str], scenario: Scenario) -> str:
    """The row of one value, or of the two ends of one, which have one status and one source."""
    first, *_ = parameters = [catalogue()[path] for path in paths]
    what = "".join(f"{parameter.label.en}<br>`{parameter.path}`<br>" for parameter in parameters).removesuffix("<br>")
    value = " to ".join(_value(scenario, path) for path in paths)
    before = REPLACED.get(first.path)
    replaced = f"{before.value}: {before.reason}" if before else ""
    return f"| {what} | {value} | {first.status.value} | {first.source} | {replaced} |\n"


def _value(scenario: Scenario, path: str) -> str:
    """A value as an officer reads it: a law by its mean, hours of demand by their ends."""
    value = value_at(scenario, path)
    if isinstance(value, Mapping) and len(set(map(repr, value.values()))) == 1:
        value = next(iter(value.values()))
    if isinstance(value, Law):
        return f"{format_quantity(value.mean, 'time')}{'' if value.kind == 'fixed' else ' on the mean'}"
    if path == HOURLY:
        hours = [hour for hour, weight in enumerate(value) if weight]
        return f"{hours[0]:02}:00 to {hours[-1] + 1:02}:00, most from {value.index(max(value)):02}:00"
    label = choice_labels().get(value) if isinstance(value, str) else None
    return label.en if label else value_in_words(scenario, path)
