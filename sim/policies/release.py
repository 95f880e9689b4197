"""Release: the goods are handed to the consignee; the flight is closed when its aircraft is home."""

from collections.abc import Sequence

from sim.ground.parameter import DurationLaw, Group, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.outcome import Outcome
from sim.model.process import INSPECTED_DESTINATION, RELEASED, RETURNED, Signal
from sim.model.stage import Mark, Stage


class ReleaseWorld(Group):
    """The last step."""

    release_time: DurationLaw = parameter(
        "30 s",
        label=Text("Release", "放行用時", "放行用时"),
        meaning="Time from the end of all checks to the release of the goods to the consignee; passengers walk off at once.",
        source="kiosk time of a laden truck, 45 s cut to about 30 s (china.org.cn, 17 May 2002), carried over",
        status=Status.DERIVED,
        bounds=("0 s", "4 h"),
        plausible=("10 s", "10 min"),
    )


RELEASE_TIME = Stream("release.release")
RELEASE = Stage("release", Text("release", "放行", "放行"), "destination", "release", (Mark.RELEASED,))
CLOSE_REFUSED = Stage("close_refused", Text("close, not released", "結案（不予放行）", "结案（不予放行）"), "shared", "return")
CLOSE_DIVERTED = Stage("close_diverted", Text("close, diverted", "結案（備降）", "结案（备降）"), "shared", "return")


def build(context: PlanningContext, policy: None, world: ReleaseWorld) -> Sequence[StageUse]:
    """The release, and the closing stages that carry an outcome found after take-off."""
    release_s = world.release_time.quantile_where(~context.flights.cabin, context.draw(RELEASE_TIME))
    return [
        StageUse(
            RELEASE,
            (INSPECTED_DESTINATION,),
            (RELEASED,),
            unless_given_up=(Signal.NOT_RELEASED, Signal.DIVERTED),
            service_s=release_s,
        ),
        StageUse(
            CLOSE_REFUSED,
            after=(RELEASED, RETURNED),
            if_given_up=(Signal.NOT_RELEASED,),
            unless_given_up=(Signal.DIVERTED,),
            ends=Outcome.REFUSED,
            closing=True,
        ),
        StageUse(CLOSE_DIVERTED, (RELEASED, RETURNED), if_given_up=(Signal.DIVERTED,), ends=Outcome.DIVERTED, closing=True),
    ]


RELEASE_FEATURE = Feature(
    key="release",
    label=Text("Release", "放行", "放行"),
    world=ReleaseWorld,
    streams=(RELEASE_TIME,),
    stages=(RELEASE, CLOSE_REFUSED, CLOSE_DIVERTED),
    build=build,
)
