"""The manifest of the folder that a study or an analysis leaves, typed: what was run, with what, and the hash of every file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from sim.archive import layout, study_folder
from sim.ground.text import Text
from sim.scenario.schema import Branch
from sim.study.design import KeepStages
from sim.study.json_entries import INLINE, OneOrThree, Quantity, Within, read_entries
from sim.study.precision import AskedPrecision

Replications = Annotated[int, Within(1, 10_000_000)]  # far more than any study has, and few enough for an array
Count = Annotated[int, Within(0)]
Duration = Annotated[str, Quantity("time")]
AnyManifest = TypeVar("AnyManifest", bound="Manifest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the results of a replication depend on; the manifest's key is its hash.

    version: of the package · model: fingerprint of all that numbers come from · libraries: versions by name · scenarios: hashes
    by name, of an analysis those of its points.
    """

    version: str
    model: str
    libraries: Mapping[str, str]
    seed: Count
    confidence: float
    keep_stages: KeepStages
    only_measures: bool
    scenarios: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedIdentity(Identity):
    """What a checkpoint notes of a study; replications: the most that were ever asked for."""

    replications: Replications
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The observed window, as a scenario file writes it."""

    warm_up: Duration
    days: Annotated[int, Within(1, 3660)]
    cool_down: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRecord:
    """A scenario; file: the one in the folder that has it in full."""

    name: str
    title: Annotated[Text, OneOrThree()]
    file: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRecord:
    """One thing that sets a scenario apart from the one it is held against: its branch, and the sentence in each language."""

    branch: Branch
    text: Text = field(metadata=INLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedScenario(ScenarioRecord):
    """A scenario of a study.

    against: the name of the one it is held against, its base; empty for the baseline, and in folders of a version that held every
    scenario against the first · paired_by_flight: whether its flights are those of its base, one by one.
    """

    against: str = ""
    paired_by_flight: bool
    differences: tuple[DifferenceRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """When and with what it was run: all that may differ between two runs of the same study.

    seconds: without those of replications_kept, which an interrupted run had left · workers: "cluster" for those of one.
    """

    started: datetime
    seconds: Annotated[float, Within(0)]
    workers: Count | Literal["cluster"]
    engine: str
    replications_kept: Count
    platform: str
    cpus: Count | None
    python: str
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedPrecision:
    """What a target came to in one scenario; mean and half_width are None where there is none, or it is infinite.

    target: as written, "delay_mean=5%" · n: replications with a value · shown: the half width in the target's unit, in English.
    """

    target: str
    scenario: str
    n: Count
    mean: float | None
    half_width: float | None
    shown: str
    is_reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionRecord:
    """How a precision asked for led to the number of replications; simulated: of each scenario, with those looked ahead to."""

    asked: AskedPrecision
    ended_by: Literal["precision", "limit"]
    simulated: Replications
    reached: tuple[ReachedPrecision, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the manifests of a study and of an analysis have in common.

    key: hash of the identity · presentation: fingerprint of what shows numbers · replications: of each scenario or point ·
    warnings: what a reader must be told · files: hashes (SHA-256) by name, relative to the folder; empty before it is whole ·
    entries: the JSON as it stands in the file, with what a newer version may have added.
    """

    key: str
    identity: Identity
    presentation: str
    version: str
    seed: Count
    replications: Replications
    confidence: Annotated[float, Within(0.5, 0.999)]
    window: Window
    warnings: tuple[Text, ...]
    run: RunRecord
    files: Mapping[str, str]
    entries: Mapping[str, Any] = field(metadata=INLINE, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class StudyManifest(Manifest):
    """The manifest of a study.

    kind: terminating or steady state, in a sentence · keep_stages: of which replications each visited stage is kept · set: what
    was set on every scenario, as written · against_first: whether all were to be held against the first, whatever their files
    name · scenarios: the baseline first · levers: those that change nothing or never bind, in sentences · precision: None where
    none was asked for.
    """

    kind: Text
    keep_stages: KeepStages
    set: tuple[str, ...]
    against_first: bool = False
    scenarios: Annotated[tuple[ComparedScenario, ...], Within(1)]
    levers: tuple[Text, ...] = ()
    precision: PrecisionRecord | None = None

    @property
    def against(self) -> dict[str, str]:
        """By compared scenario, in their order, the name of the one it is held against."""
        first, *compared = self.scenarios
        return {scenario.name: scenario.against or first.name for scenario in compared}

    @property
    def paired_by_flight(self) -> dict[str, bool]:
        """By scenario, whether its flights are those of the one it is held against, one by one."""
        return {scenario.name: scenario.paired_by_flight for scenario in self.scenarios}


@dataclass(frozen=True, kw_only=True)
class AnalysisManifest(Manifest):
    """The manifest of an analysis.

    holds: which analysis it is · asked: what the points were evaluated for, by argument · scenarios: those that the points are
    made from · points: how many there are.
    """

    holds: str
    asked: Mapping[str, Any]
    scenarios: Annotated[tuple[ScenarioRecord, ...], Within(1)]
    points: Count


def read_manifest(folder: Path) -> StudyManifest | AnalysisManifest:
    """The manifest in a finished folder, of whichever kind.

    Raises InputError where there is none that can be read, and with every entry that is missing or wrong.
    """
    entries, file = study_folder.read_manifest(folder), str(folder / layout.MANIFEST)
    if study_folder.HOLDS in entries:
        return read_entries(AnalysisManifest, entries, file)
    return read_entries(StudyManifest, entries, file)


def manifest_of(kind: type[AnyManifest], entries: Mapping[str, Any]) -> AnyManifest:
    """The manifest with these entries, before it is written."""
    return read_entries(kind, json.loads(json.dumps({"files": {}, **entries})))
