"""The key of a study: equal for two studies exactly where their results must be the same."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import sim
from sim.execution.environment import version_of
from sim.study.design import Design

LIBRARIES = ("numpy", "scipy", "shapely", "pyproj")  # those that a number can come from
PRESENTATION = ("analysis", "charts", "report", "app")
NOT_IN_STUDIES = ("replay", "cli")  # what writes nothing into a study's folder


def study_identity(design: Design) -> dict[str, Any]:
    """What the results of a replication depend on, and nothing else.

    The number of replications is no part of it, so that finished ones serve a longer study too; neither
    are the engine, the workers and the folder, which change no number.
    """
    return {
        "version": sim.__version__,
        "model": model_fingerprint(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "seed": design.seed,
        "confidence": design.confidence,
        "keep_stages": design.keep_stages,
        "only_measures": design.only_measures,
        "scenarios": {scenario.name: scenario.hash for scenario in design.scenarios},
    }


def study_key(design: Design) -> str:
    """A hash of the study's identity, in hexadecimal."""
    written = json.dumps(study_identity(design), sort_keys=False, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


@cache
def model_fingerprint() -> str:
    """A hash of all source and data that numbers come from, so that results of a changed model are never taken for its own.

    What shows the numbers is left out: a study that fails in its charts is not to be run again once they are mended.
    """
    return _fingerprint(lambda package: package not in (*PRESENTATION, *NOT_IN_STUDIES))


@cache
def presentation_fingerprint() -> str:
    """A hash of the source of analyses, charts and reports, so that those of a finished study are made anew if it changes."""
    return _fingerprint(lambda package: package in PRESENTATION)


def _fingerprint(counts: Callable[[str], bool]) -> str:
    root = Path(sim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and path.suffix in (".py", ".toml", ".geojson", ".yaml") and counts(name.parts[0]):
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
