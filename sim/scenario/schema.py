"""The schema of a scenario, assembled from what the features declare."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from sim.ground.condition import Condition
from sim.ground.parameter import Group, declaration_of
from sim.ground.text import Text
from sim.model.feature import Feature
from sim.scenario.scenario import Scenario
from sim.scenario.study_settings import StudySettings

Branch = Literal["policy", "world", "study"]
BRANCHES: tuple[Branch, ...] = ("policy", "world", "study")
META_KEYS: tuple[str, ...] = ("name", "title", "question", "notes", "compare_with", "answered_by")


@dataclass(frozen=True, slots=True)
class Section:
    """One group of parameters of a scenario: its branch and key, its label, its model, and what all its parameters need."""

    branch: Branch
    key: str
    label: Text
    group: type[Group]
    needs: Condition | None = None

    @property
    def path(self) -> str:
        """`policy.corridor`; the study settings stand directly under `study`."""
        return self.branch if self.branch == "study" else f"{self.branch}.{self.key}"


STUDY = Section("study", "study", Text("Study", "研究", "研究"), StudySettings)


@dataclass(frozen=True, eq=False)
class Schema:
    """All that a scenario may say: the features, the groups that belong to no feature, and the model."""

    features: tuple[Feature, ...]
    core: tuple[Section, ...]
    scenario_type: type[Scenario]

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every group: policy in process order, world, study."""
        return _sections(self.features, self.core)

    def rebuilt(self, resolved: dict[str, Any], file: Path | None) -> Scenario:
        """The scenario of resolved values (`Scenario.resolved`). Raises pydantic.ValidationError."""
        scenario = self.scenario_type.model_validate(resolved)
        scenario._file = file
        return scenario

    def defaults(self) -> Scenario:
        """The scenario in which every parameter has its default."""
        return self.scenario_type.model_validate({"name": "defaults"})

    def __reduce__(self) -> tuple[Callable[..., "Schema"], tuple[Any, ...]]:
        if default_schema.cache_info().currsize and self is default_schema():
            return default_schema, ()
        return build_schema, (self.features, self.core)


@lru_cache(maxsize=16)
def build_schema(features: tuple[Feature, ...], core: tuple[Section, ...] = ()) -> Schema:
    """The schema of these features and of the groups that belong to no feature.

    Raises ValueError where two groups of a branch have the same key.
    """
    sections = _sections(features, core)
    branches = {branch: _branch(branch, sections) for branch in ("policy", "world")}
    fields: dict[str, Any] = {name: (group, Field(default_factory=group)) for name, group in branches.items()}
    scenario_type = create_model("Scenario", __base__=Scenario, **fields)
    schema = Schema(features, core, scenario_type)
    scenario_type.assembly = schema
    return schema


@lru_cache(maxsize=1)
def default_schema() -> Schema:
    """The schema of the features and the demand that this project ships."""
    from sim.policies import FEATURES  # here, not above: a schema of other features needs none of them
    from sim.world.demand import Demand

    return build_schema(tuple(FEATURES), (Section("world", "demand", Text("Demand", "需求", "需求"), Demand),))


def group_of(info: FieldInfo | None) -> type[Group] | None:
    """The model of a field that is a group of parameters; None for a parameter, or no field."""
    model = info.annotation if info is not None and declaration_of(info) is None else None
    return model if isinstance(model, type) and issubclass(model, Group) else None


def _sections(features: tuple[Feature, ...], core: tuple[Section, ...]) -> tuple[Section, ...]:
    policy = [Section("policy", f.key, f.label, f.policy, f.needed) for f in features if f.policy]
    world = [Section("world", f.key, f.label, f.world, f.needed) for f in features if f.world]
    return (*policy, *(s for s in core if s.branch == "policy"), *(s for s in core if s.branch == "world"), *world, STUDY)


def _branch(branch: str, sections: tuple[Section, ...]) -> type[Group]:
    groups = [section for section in sections if section.branch == branch]
    keys = [section.key for section in groups]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"two groups of {branch} have the same key: {', '.join(twice)}")
    fields: dict[str, Any] = {s.key: (s.group, Field(default_factory=s.group, title=s.label.en)) for s in groups}
    return create_model(branch.capitalize(), __base__=Group, **fields)
