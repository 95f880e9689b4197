"""What a study was computed with: all that may differ between two runs of the same study."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

LIBRARIES = ("numpy", "scipy", "simpy", "shapely", "pyproj", "pydantic", "pandas", "pyarrow")


def run_record(started: datetime, workers: int, engine: str) -> dict[str, Any]:
    """When and with what a study was computed, without anything that names a person, a host or a path."""
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        "workers": workers,
        "engine": engine,
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
