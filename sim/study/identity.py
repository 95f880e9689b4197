"""The identity of a study: equal for two studies exactly where their results must be equal."""

from typing import Any

import sim
from sim.archive.checkpoint import key_of
from sim.execution.environment import version_of
from sim.execution.fingerprint import fingerprint, fingerprint_of_the_rest
from sim.execution.replicate import replicate
from sim.study.design import Design
from sim.study.folder_contents import evaluate
from sim.study.manifest import Manifest

LIBRARIES = ("numpy", "scipy", "shapely", "pyproj")  # those that a number can come from
MAKE_NUMBERS = (replicate.__module__, evaluate.__module__)


def study_identity(design: Design) -> dict[str, Any]:
    """What the results of a replication depend on, and nothing else.

    The number of replications is no part of it, so that finished ones serve a longer study too; neither
    are the engine, the workers and the folder, which change no number.
    """
    return {
        "version": sim.__version__,
        "model": study_fingerprint(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "seed": design.seed,
        "confidence": design.confidence,
        "keep_stages": design.keep_stages,
        "only_measures": design.only_measures,
        "scenarios": {scenario.name: scenario.hash for scenario in design.scenarios},
    }


def study_key(design: Design) -> str:
    """A hash of the study's identity, in hexadecimal."""
    return key_of(study_identity(design))


def study_fingerprint() -> str:
    """A hash of all that numbers come from, so that results of a changed model are never taken for its own.

    What shows the numbers is left out: a study that fails in its charts is not to be run again once they are mended.
    """
    return fingerprint(*MAKE_NUMBERS)


def presentation_fingerprint() -> str:
    """A hash of all the rest, so that charts and reports of a finished study are made anew if what shows them changes."""
    return fingerprint_of_the_rest(*MAKE_NUMBERS)


def is_shown_as_now(manifest: Manifest) -> bool:
    """Whether charts and report in the folder are those that this version of the package would make."""
    return manifest.presentation == presentation_fingerprint()
