"""What a benchmark found, as Markdown to read and as plain values for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """One figure beside what it should be: at least `wanted`, or at most."""

    what: str
    measured: float
    wanted: float
    unit: str = "×"
    at_most: bool = False

    @property
    def holds(self) -> bool:
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def row(self) -> tuple[str, ...]:
        """What, measured, wanted, and whether it holds."""
        wanted = f"{'at most' if self.at_most else 'at least'} {figure(self.wanted, self.unit)}"
        return self.what, figure(self.measured, self.unit), wanted, "yes" if self.holds else "NO"


@dataclass
class Section:
    """One part of the report: a text, a table, targets, and every figure behind them."""

    title: str
    text: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """Title, text, table, notes, targets."""
        parts = [f"## {self.title}", self.text, markdown_table(self.header, self.rows), *self.notes]
        if self.targets:
            parts.append(markdown_table(("target", "measured", "wanted", "holds"), [target.row() for target in self.targets]))
        return "\n\n".join(part for part in parts if part) + "\n"

    def as_json(self) -> dict[str, Any]:
        """Title, targets and figures."""
        targets = [{**asdict(target), "holds": target.holds} for target in self.targets]
        return {"title": self.title, "targets": targets, "figures": self.figures}


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lined up, so that it reads well as it stands: the first column to the left, figures to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    rule = [":" + "-" * (widths[0] + 1), *("-" * (width + 1) + ":" for width in widths[1:])]
    return "\n".join([_line(header, widths), f"|{'|'.join(rule)}|", *(_line(row, widths) for row in rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
    return f"| {' | '.join(padded)} |"


def figure(value: float, unit: str = "") -> str:
    """Three digits that count, thousands apart: "1,710,000", "0.82×", "14.0 ms"."""
    digits = f"{value:.3g}"
    short = f"{float(digits):,.0f}" if abs(value) >= 100 else _fixed(value)
    return f"{short}{unit}" if unit in ("", "×", "%") else f"{short} {unit}"


def _fixed(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3g}"


def seconds(value: float) -> str:
    """A duration in the unit that suits it."""
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= size:
            return figure(value / size, unit)
    return figure(value / 1e-9, "ns")
