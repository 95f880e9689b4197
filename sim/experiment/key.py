"""The key of a study: equal for two studies exactly where their results must be the same."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import sim
from sim.experiment.design import Design


def study_identity(design: Design) -> dict[str, Any]:
    """What the results of a replication depend on, and nothing else.

    The number of replications is no part of it, so that finished ones serve a longer study too; neither
    are the engine, the workers and the folder, which change no number.
    """
    return {
        "version": sim.__version__,
        "model": model_fingerprint(),
        "seed": design.seed,
        "confidence": design.confidence,
        "keep_stages": design.keep_stages,
        "scenarios": {scenario.name: scenario.hash for scenario in design.scenarios},
    }


def study_key(design: Design) -> str:
    """A hash of the study's identity, in hexadecimal."""
    written = json.dumps(study_identity(design), sort_keys=False, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


@cache
def model_fingerprint() -> str:
    """A hash of this package's own source and data, so that results of a changed model are never taken for its own."""
    package = Path(sim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".toml", ".geojson", ".yaml"):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
