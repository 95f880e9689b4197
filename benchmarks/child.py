"""A benchmark in a process of its own, whose memory is then its own too."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

MIB = 2**20
STATUS = Path("/proc/self/status")


def in_child(module: str, *values: object) -> dict[str, Any]:
    """What `python -m benchmarks.<module> values` prints as JSON. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, values)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        done.check_returncode()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_bytes() -> int:
    """The most memory that this process has had in use so far.

    Linux counts what `getrusage` gives from before the process began its own program, with its parent's memory.
    """
    if STATUS.is_file():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
