"""Other settings of every parameter that a feature declares, from the declarations themselves.

A parameter that gives no choices and no range stands in BY_HAND; a new one that stands nowhere fails the test
that reads the table.
"""

from typing import Any

from sim.scenario.parameters import Parameter, catalogue
from tests.policies.declared import values

NO_FEATURES = ("demand", "study")
BY_HAND: dict[str, list[Any]] = {
    "policy.risk_screening.goods_factor": [{"food": 3.0}, {"parcel": 0.0}],
    "policy.inspection.sequence": [["open"], ["xray", "dog", "open"], ["dog", "open"]],
    "policy.corridor.routes": [["wenjindu_sheung_shui", "wenjindu_tuen_mun"]],
    "policy.corridor.own_routes": [
        {"over_the_river": {"start": "wenjindu", "end": "sheung_shui", "via": [[114.13, 22.52]], "datum": "wgs84"}}
    ],
    "policy.corridor.closed_areas": [
        {
            "range": {
                "outline": [[114.1, 22.5], [114.2, 22.5], [114.2, 22.53], [114.1, 22.53]],
                "closed": [{"daily": ["12:00", "13:00"]}],
            }
        }
    ],
    "policy.corridor.closures": [[["day 1 08:00", "day 1 12:00"]]],
    "world.compliance.goods_factor": [{"food": 50.0}],
    "policy.quarantine.goods_factor": [{"parcel": 1.0}, {"food": 0.0, "medical": 0.0}],
    # weather, and outages at stated times
    "world.data_interface.outage_events": [
        [["day 1 08:00", "day 1 12:00"]],
        {"hong_kong": [["day 1 06:00", "day 2 06:00"]], "mainland": [], "macao": []},
    ],
    "world.weather.month": [1, 3, 9],
    "world.weather.events": [
        [
            {"kind": "signal_3", "start": "day 1 09:00", "end": "day 1 15:00"},
            {"kind": "signal_8", "start": "day 1 11:00", "end": "day 1 13:00"},
        ],
        [
            {"kind": "wind", "start": "day 1 09:00", "end": "day 1 12:00", "speed": "11 m/s"},
            {"kind": "rain_black", "start": "day 1 11:00", "end": "day 1 14:00"},
        ],
    ],
    "world.road.times": [{"wenjindu_sheung_shui": "2 h"}],
    "world.detector_dogs.goods_factor": [{"food": 0.1}],
    # pay and cost, which only measures read
    **{f"world.posts.{kind}_pay": [{"mainland": "9000 CNY"}] for kind in ("officer", "aviation", "immigration", "quarantine")},
    "world.posts.pad_cost": [{"hong_kong": "30000 HKD"}],
    "world.posts.aircraft_cost": [{"mainland": "9000 CNY"}],
    "world.posts.stated_pay": [{"hong_kong": "50 HKD"}],
}
# Beyond what is plausible, so that rare paths are walked.
STRESS: dict[str, list[Any]] = {
    "policy.pre_clearance.aeo_share": ["0%", "100%"],
    "policy.pre_clearance.max_hold": ["0 s"],
    "policy.risk_screening.amber_rate": ["60%"],
    "policy.opening.officers": [0],
    "policy.opening.joint_patience": ["0 s"],
    "policy.corridor.cancel_after": ["0 s"],
    "policy.vertiports.stands": [{"hong_kong": 2, "mainland": 0}],
    "policy.vertiports.pads": [{"00:00": 1, "12:00": 3}],
    "world.compliance.prevalence": ["20%"],
    "world.pre_clearance.late_share": ["60%"],
    "world.data_interface.outage_interval": ["4 h"],
    "world.data_interface.reject_share": ["60%"],
    "world.data_interface.new_consignor_share": ["50%"],
    "world.flight_authorisation.rework_share": ["60%"],
    "world.document_check.refusal_share": ["50%"],
    "world.inspection.lock_fault": ["50%"],
    "world.weather.frequency": [20.0],
    "world.weather.wind_exposure": ["200%"],
    "policy.detector_dogs.teams": [0],
    "policy.detector_dogs.rest": ["0 s", "8 h"],
    "policy.detector_dogs.shift": ["1 h", "16 h"],
    "policy.detector_dogs.moves": [3],
    "world.detector_dogs.false_alarm": ["60%"],
}
PARAMETERS: dict[str, Parameter] = {path: p for path, p in catalogue().items() if p.feature not in NO_FEATURES}


def others(path: str) -> list[Any]:
    """Values of a parameter, as a scenario file writes them, that differ from its default."""
    parameter = PARAMETERS[path]
    declared = [*values(parameter), *BY_HAND.get(path, []), *STRESS.get(path, [])]
    return [value for value in declared if value != parameter.default]
