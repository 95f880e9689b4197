"""Posts and money: how much of a year one person is on duty, and what people, pads and aircraft cost. It moves no flight."""

from typing import Any

from sim.ground.parameter import Amounts, BySide, Duration, Group, Status, parameter
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.model.fact_catalogue import HOURS_A_YEAR, MONTHLY_COSTS, STATED_PAY
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext

_LEFT_OPEN = "left open: no public figure was found, and without one no money is shown"
_A_MONTH = "in the side's own currency; a side left out has no figure, and its posts are told in people and hours only."


class PostsWorld(Group):
    """What it takes to keep a post, a pad or an aircraft."""

    hours_a_year: BySide[Duration] = parameter(
        "1760 h",
        label=Text("Hours a year that one person is on duty", "每人每年當值時數", "每人每年在岗时数"),
        meaning=(
            "Hours a year that one person stands on a post, leave, holidays, sickness and training taken off. A post round the"
            " clock all year needs 8,760 h / these hours people: five at 1,760 h."
        ),
        source=(
            "44 weeks of 40 h; no figure of a customs service was found. Conditioned hours of Hong Kong's customs officers are"
            " 48 a week, meal breaks included (recalled), before leave and training"
        ),
        status=Status.GUESS,
        bounds=("100 h", "8760 h"),
        plausible=("1500 h", "2200 h"),
    )
    officer_pay: Amounts = parameter(
        {"hong_kong": "30870 HKD"},
        label=Text("Pay of a customs officer", "海關人員月薪", "海关人员月薪"),
        meaning=f"Pay of one customs officer a month, {_A_MONTH}",
        source=(
            "middle of HK$25,470 and HK$36,270: a customs officer is on points 5 to 16 of the Disciplined Services (Rank and"
            " File) Pay Scale (civilservice.ctgoodjobs.hk, hk01.com 60291377; 2025). Point 5 was HK$23,625 in 2023 (hksar.org);"
            " inspectors begin at HK$48,335. No public figure for the Mainland or Macao was found"
        ),
        status=Status.DERIVED,
        bounds=(0, None),
        plausible=("25470 HKD", "36270 HKD"),
        merged_by_key=True,
    )
    aviation_pay: Amounts = parameter(
        {},
        label=Text("Pay of aviation staff", "飛行審批人員月薪", "飞行审批人员月薪"),
        meaning=f"Pay a month of one of those who authorise and confirm flights, {_A_MONTH}",
        source=(
            f"{_LEFT_OPEN}. Hong Kong's operations officers are on points 27 to 44 of the Master Pay Scale (cad.gov.hk), but"
            " who confirms a drone's plan is not published"
        ),
        status=Status.GUESS,
        bounds=(0, None),
        merged_by_key=True,
    )
    immigration_pay: Amounts = parameter(
        {},
        label=Text("Pay of an immigration officer", "入境事務人員月薪", "边检人员月薪"),
        meaning=f"Pay of one immigration officer a month, {_A_MONTH}",
        source=_LEFT_OPEN,
        status=Status.GUESS,
        bounds=(0, None),
        merged_by_key=True,
    )
    quarantine_pay: Amounts = parameter(
        {},
        label=Text("Pay of a quarantine officer", "檢疫人員月薪", "检疫人员月薪"),
        meaning=f"Pay of one quarantine officer a month, {_A_MONTH}",
        source=_LEFT_OPEN,
        status=Status.GUESS,
        bounds=(0, None),
        merged_by_key=True,
    )
    pad_cost: Amounts = parameter(
        {},
        label=Text("Cost of a pad", "起降坪每月成本", "起降坪每月成本"),
        meaning=f"Cost of one pad a month, open or not, {_A_MONTH}",
        source=_LEFT_OPEN,
        status=Status.GUESS,
        bounds=(0, None),
        merged_by_key=True,
    )
    aircraft_cost: Amounts = parameter(
        {},
        label=Text("Cost of an aircraft", "航空器每月成本", "航空器每月成本"),
        meaning=f"Cost of one aircraft a month to its operator, at the side where it is based, {_A_MONTH}",
        source=_LEFT_OPEN,
        status=Status.GUESS,
        bounds=(0, None),
        merged_by_key=True,
    )
    stated_pay: Amounts = parameter(
        {},
        label=Text(
            "Pay of customs officers that a flight may cost", "每班航班可承擔的海關人員薪酬", "每班航班可承担的海关人员薪酬"
        ),
        meaning=(
            "What a flight released may cost in pay of customs officers on duty, by side, for the break-even volume: the flights"
            " released a day at which it costs no more. None by default, and then there is no such volume."
        ),
        source="for the user to state; no public figure exists",
        status=Status.GUESS,
        bounds=(1, None),
        merged_by_key=True,
    )


def decide(context: PlanningContext, policy: Any, world: PostsWorld) -> FactValues:
    """What the measures of posts and money reckon with; nothing else reads it."""
    monthly = {
        "officer": world.officer_pay,
        "aviation": world.aviation_pay,
        "immigration": world.immigration_pay,
        "quarantine": world.quarantine_pay,
        "pads": world.pad_cost,
        "fleet": world.aircraft_cost,
    }
    hours = {side: seconds / HOUR_S for side, seconds in world.hours_a_year.items()}
    return {HOURS_A_YEAR: hours, MONTHLY_COSTS: monthly, STATED_PAY: world.stated_pay}


POSTS = Feature(
    key="posts",
    label=Text("Posts and money", "崗位與經費", "岗位与经费"),
    world=PostsWorld,
    writes=(HOURS_A_YEAR, MONTHLY_COSTS, STATED_PAY),
    decide=decide,
    values_only=True,
)
