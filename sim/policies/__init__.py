"""Floor 3: the policy features, one file each. They never import each other."""

from sim.model.feature import Feature
from sim.policies.compliance import COMPLIANCE
from sim.policies.corridor import CORRIDOR
from sim.policies.data_interface import DATA_INTERFACE
from sim.policies.datum_fault import DATUM_FAULT
from sim.policies.detector_dogs import DETECTOR_DOGS
from sim.policies.document_check import DOCUMENT_CHECK
from sim.policies.flight_authorisation import FLIGHT_AUTHORISATION
from sim.policies.inspection import INSPECTION
from sim.policies.opening import OPENING
from sim.policies.operator_watch import OPERATOR_WATCH
from sim.policies.passengers import PASSENGERS
from sim.policies.port_hours import PORT_HOURS
from sim.policies.posts import POSTS
from sim.policies.pre_clearance import PRE_CLEARANCE
from sim.policies.precedence import PRECEDENCE
from sim.policies.quarantine import QUARANTINE
from sim.policies.release import RELEASE_FEATURE
from sim.policies.risk_screening import RISK_SCREENING
from sim.policies.road import ROAD
from sim.policies.vertiports import VERTIPORTS
from sim.policies.weather import WEATHER
from sim.policies.xray import XRAY_FEATURE

FEATURES: tuple[Feature, ...] = (
    PORT_HOURS,
    PRECEDENCE,
    FLIGHT_AUTHORISATION,
    DATA_INTERFACE,
    PRE_CLEARANCE,
    COMPLIANCE,
    OPERATOR_WATCH,
    RISK_SCREENING,
    DOCUMENT_CHECK,
    INSPECTION,
    DETECTOR_DOGS,
    XRAY_FEATURE,
    OPENING,
    QUARANTINE,
    PASSENGERS,
    WEATHER,
    DATUM_FAULT,
    CORRIDOR,
    VERTIPORTS,
    RELEASE_FEATURE,
    ROAD,
    POSTS,
)
"""The features in process order: each decides on the facts of those before it."""
