"""What a study was computed with: all that may differ between two runs of the same study."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sim.execution.workers import Crew

LIBRARIES = ("numpy", "numba", "scipy", "simpy", "shapely", "pyproj", "pydantic", "pandas", "pyarrow")


def run_record(started: datetime, crew: Crew, n_kept: int) -> dict[str, Any]:
    """When and with what a study was computed, without anything that names a person, a host or a path.

    n_kept: replications that an earlier, interrupted run had finished; the seconds do not count them.
    """
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        "workers": crew.workers if crew.cluster is None else "cluster",
        "engine": crew.engine,
        "replications_kept": n_kept,
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := version_of(name))},
    }


def version_of(library: str) -> str:
    """The version of an installed library, empty where it is not known."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
