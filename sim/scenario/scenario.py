"""The scenario: one policy in one world, and how it is simulated; immutable, and equal in every process."""

import json
import pickle
from collections.abc import Mapping
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from sim.ground.names import NAME_PATTERN
from sim.ground.text import Text
from sim.scenario.own_source import digest_of_own_features
from sim.scenario.own_words import OwnWords
from sim.scenario.study_settings import MOVING, StudySettings

if TYPE_CHECKING:
    from sim.scenario.schema import Schema


class Scenario(BaseModel):
    """A checked scenario; `Schema.scenario_type` adds the groups of `policy` and `world`.

    title, question, notes: in each language, or one text that stands for all (`str(scenario.title)` is the English one) ·
    policy, world: a group of parameters for each feature, by its key (`scenario.policy.corridor.headway`),
    in SI units · study: how it is simulated · compare_with: name of the scenario that it is meant to be held against,
    if that is not the one it extends · answered_by: measures ("key" or "key/part") that answer its question, if they are
    not those of the question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
    assembly: ClassVar["Schema"]

    name: Annotated[str, Field(strict=True, pattern=NAME_PATTERN)]
    title: OwnWords = Text.same("")
    question: OwnWords = Text.same("")
    notes: OwnWords = Text.same("")
    compare_with: Annotated[str, Field(strict=True)] = ""
    answered_by: tuple[Annotated[str, Field(strict=True)], ...] = ()
    policy: Any
    world: Any
    study: StudySettings = Field(default_factory=StudySettings)
    _file: Path | None = PrivateAttr(default=None)
    _n_written: int | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file that the scenario was loaded from, if any; no part of what the scenario is."""
        return self._file

    @property
    def n_written(self) -> int | None:
        """How many values a file that extends no other names; None of a file that does, and where there is no file."""
        return self._n_written

    def resolved(self) -> dict[str, Any]:
        """Every value as a scenario file writes it, defaults included: needs no other file to be read again."""
        return self.model_dump(mode="json")

    @cached_property
    def hash(self) -> str:
        """A hex digest of everything that moves a number of one replication: policy, world, and the settings in `MOVING`.

        Name, title, question and notes, the number of replications and the confidence level are left out. With
        features that are not the package's own, their source counts too.
        """
        values = self.resolved()
        moving = {key: values["study"][key] for key in MOVING}
        source = digest_of_own_features(self.assembly.features)
        parts = [values["policy"], values["world"], moving, *([source] if source else [])]
        canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
        return blake2b(canonical.encode(), digest_size=16).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and type(self) is type(other) and self.resolved() == other.resolved()

    def __hash__(self) -> int:
        return hash(self.hash)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values and without the cached properties of the original."""
        copy = super().model_copy(update=update, deep=deep)
        for worked_out in ("hash", "_packed"):
            copy.__dict__.pop(worked_out, None)
        return copy

    @cached_property
    def _packed(self) -> bytes:
        """The scenario as bytes for another process: the type is made at run time, so pickle can't take the instance itself."""
        return pickle.dumps((self.resolved(), self._file))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return _unpacked, (self.assembly, self._packed)


@lru_cache(maxsize=64)
def _unpacked(assembly: "Schema", packed: bytes) -> Scenario:
    """The scenario of packed values; checked once in a process, however many tasks bring it."""
    return assembly.rebuilt(*pickle.loads(packed))
