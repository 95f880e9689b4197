"""How precise a study was asked to be, and how precise it is: a line a target."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.study import Study


def precision_lines(study: "Study") -> Iterator[str]:
    """For each target its widest interval over the scenarios, in English; nothing where no precision was asked for."""
    found = study.manifest.get("precision")
    if not found:
        return
    for written, rows in groupby(found["reached"], key=lambda row: row["target"]):
        yield _line(written, list(rows), study.manifest["replications"])
    yield (
        f"Simulated: {found['simulated']} replications of each scenario, those included that were looked ahead to. "
        f"Asked for: {found['asked']['replications']} at least and {found['asked']['max_replications']} at most."
    )


def _line(written: str, rows: list[dict[str, Any]], replications: int) -> str:
    measure, _, asked = (word.strip() for word in written.rpartition("="))
    widest = max(rows, key=_width)
    of = " of the mean" if asked.endswith("%") and widest["half_width"] is not None else ""
    where = f" (widest: {widest['scenario']})" if len(rows) > 1 else ""
    short = "" if all(row["is_reached"] for row in rows) else ": NOT REACHED"
    return f"{measure}: half width {widest['shown']}{of}{where}, asked {asked}, with {replications} replications{short}"


def _width(row: dict[str, Any]) -> tuple[bool, bool, float]:
    """What is not reached comes before what is, and what has no half width before what has one."""
    half, mean = row["half_width"], row["mean"]
    is_relative = row["target"].rstrip().endswith("%")
    return not row["is_reached"], half is None, (half or 0.0) / (abs(mean or 1.0) if is_relative else 1.0)
