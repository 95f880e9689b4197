"""What a study was computed with: all that may differ between two runs of the same study."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Any

from sim.execution.options import RunOptions

LIBRARIES = ("numpy", "numba", "scipy", "simpy", "shapely", "pyproj", "pydantic", "pandas", "pyarrow")


def run_record(started: datetime, options: RunOptions, engine: str, n_kept: int) -> dict[str, Any]:
    """When and with what a study was computed, without anything that names a person, a host or a path.

    engine: the one that was used, a key of `sim.engine.ENGINES` · n_kept: replications that an earlier, interrupted run had
    finished; the seconds do not count them.
    """
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        "workers": options.n_workers if options.cluster is None else "cluster",
        "engine": engine,
        "replications_kept": n_kept,
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: version for name in LIBRARIES if (version := version_of(name))},
    }


def version_of(library: str) -> str:
    """The version of an installed library, empty where it is not known."""
    try:
        return installed_version(library)
    except PackageNotFoundError:
        return ""
