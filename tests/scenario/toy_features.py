"""A small made-up set of features, so that the tests of scenario files stand apart from the real ones."""

from pathlib import Path
from typing import Any, Literal

from sim.ground.errors import Problem
from sim.ground.parameter import (
    BySide,
    Clock,
    Duration,
    DurationLaw,
    Group,
    Rate,
    Servers,
    Share,
    Speed,
    Status,
    parameter,
)
from sim.ground.text import Text
from sim.model.feature import Feature
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Schema, Section, build_schema


def declared(default: Any, name: str, bounds: tuple[Any, Any] | None = None) -> Any:
    """A parameter of the toy, with the least that must be declared."""
    label = Text(name, f"{name}（繁）", f"{name}（简）")
    return parameter(default, label, f"What {name} means.", "made up", Status.GUESS, bounds)


class Strip(Group):
    """A group within a group."""

    width: Duration = declared("10 s", "width")
    exempt: bool = declared(False, "exemption")


class CorridorPolicy(Group):
    headway: Duration = declared("1 min", "headway", ("1 s", "1 h"))
    opens: Clock = declared("07:00", "opening")
    closes: Clock = declared("23:00", "closing")
    lanes: int = declared(1, "lanes", (1, 6))
    wind_limit: Speed = declared("12 m/s", "wind limit")
    closures: tuple[Clock, ...] = declared((), "closures")
    strip: Strip = Strip()


class CheckPolicy(Group):
    officers: BySide[int] = declared(2, "officers", (0, 50))
    roster: BySide[Servers] = declared(2, "roster", (0, 9))
    rule: Literal["hold", "inspect", "refuse"] = declared("hold", "rule for a late file")
    random_share: Share = declared("5%", "random share", ("0%", "100%"))
    service: BySide[DurationLaw] = declared("5 min", "service time", ("1 s", "2 h"))
    reserve: Duration | None = declared(None, "reserve")
    enabled: bool = declared(True, "enabled")


class CheckWorld(Group):
    faulty: dict[Literal["medical", "parcel"], Share] = declared({"medical": 0.01, "parcel": 0.02}, "faulty documents")
    pace: float = declared(1.0, "pace", (0.1, 10))


class Demand(Group):
    flights: Rate = declared("8.5/d", "flights")
    aircraft: str | dict[str, str] = declared("fy4", "aircraft")
    profile: tuple[float, ...] = declared((1, 2.5), "profile")


def opens_before_it_closes(policy: Any, world: Any, scenario: Any) -> tuple[Problem, ...]:
    """A check between two parameters."""
    if policy.opens < policy.closes:
        return ()
    return (
        Problem(
            Text.same("the corridor closes before it opens"),
            path="policy.corridor.closes",
            allowed=Text.same("later than the opening"),
        ),
    )


FEATURES = (
    Feature("corridor", Text("Corridor", "低空通道", "低空通道"), policy=CorridorPolicy, check=opens_before_it_closes),
    Feature("document_check", Text("Document check", "文件審核", "单证审核"), policy=CheckPolicy, world=CheckWorld),
)
CORE = (Section("world", "demand", Text("Demand", "需求", "需求"), Demand),)


def toy_schema() -> Schema:
    """The schema of the toy."""
    return build_schema(FEATURES, CORE)


def load(folder: Path, text: str, overrides: tuple[str, ...] = (), name: str = "one.yaml") -> Scenario:
    """The scenario of a text, written to a file of `folder` first."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return load_scenario(file, overrides, toy_schema())
