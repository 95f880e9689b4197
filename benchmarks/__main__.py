"""`python -m benchmarks`: all parts in turn, to the terminal and to out/benchmarks/."""

import argparse
import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import end_to_end, growth, memory, real_plans, start_up, tandem_race, workers
from benchmarks.table import Section

OUT = Path(__file__).parents[1] / "out" / "benchmarks"
PARTS: dict[str, Callable[[bool], list[Section]]] = {
    "tandem": tandem_race.sections,
    "plans": real_plans.sections,
    "end-to-end": end_to_end.sections,
    "growth": growth.sections,
    "memory": memory.sections,
    "workers": workers.sections,
    "start-up": start_up.sections,
}
LIBRARIES = ("numpy", "numba", "simpy", "ciw", "salabim", "pyarrow")


def main() -> None:
    """Runs what was asked for; after every part, what there is so far is on the disk."""
    asked = _arguments()
    machine, found = _machine(), list[Section]()
    print(_heading(asked.quick, machine))
    for part in asked.only or PARTS:
        sections = PARTS[part](asked.quick)
        found += sections
        print("\n".join(section.markdown() for section in sections), flush=True)
        _write(asked, machine, found)
    print(f"Written to {os.path.relpath(asked.out)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller version, a minute or so")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone (may be repeated)")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the tables")
    return parser.parse_args()


def _heading(quick: bool, machine: dict[str, Any]) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in machine["libraries"].items())
    size = "Quick version: small sizes, few rounds; read no more than the order of magnitude from it.\n" if quick else ""
    return f"# Benchmarks\n\n{size}{machine['platform']}, {machine['cpus']} cores, Python {machine['python']}, {libraries}.\n"


def _write(asked: argparse.Namespace, machine: dict[str, Any], found: list[Section]) -> None:
    asked.out.mkdir(parents=True, exist_ok=True)
    text = "\n".join([_heading(asked.quick, machine), *(section.markdown() for section in found)])
    (asked.out / "benchmarks.md").write_text(text, encoding="utf-8")
    values = {"quick": asked.quick, "machine": machine, "sections": [section.as_json() for section in found]}
    (asked.out / "benchmarks.json").write_text(json.dumps(values, indent=2, default=float) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    """The kind of machine and what ran on it, without anything that names it."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "libraries": {name: number for name in LIBRARIES if (number := _version(name))},
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
