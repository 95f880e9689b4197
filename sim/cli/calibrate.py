"""`sim calibrate`: what the model predicts beside what was published."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from sim.cli.files import SCENARIOS, SET
from sim.cli.language import echo, language_of_command
from sim.cli.wrapping import wrapped
from sim.ground.text import NOTHING, Language, Text
from sim.report.calibration import Compared, compared
from sim.study.study import run

WIDTH = 130
ROLES = {
    "check": Text(
        "Predicted: nothing in the model was set from these.",
        "推算：模型中沒有數值取自下列各項。",
        "推算：模型中没有数值取自下列各项。",
    ),
    "input": Text(
        "Calibrated: something was set from these; that such a figure is met proves nothing.",
        "校準：模型中有數值取自下列各項，故相符並不證明甚麼。",
        "校准：模型中有数值取自下列各项，故相符并不证明什么。",
    ),
}
HEADINGS = (
    Text("figure", "數字", "数字"), Text("published", "已公布", "已公布"), Text("predicted", "推算", "推算"), NOTHING
)  # fmt: skip
VERDICTS = {
    "agrees": Text("agrees", "相符", "相符"),
    "near": Text("near", "接近", "接近"),
    "misses": Text("misses", "不符", "不符"),
    "not predicted": Text("not predicted", "未有推算", "未有推算"),
}
SOURCES = Text("Sources and remarks:", "出處及說明（英文）：", "出处及说明（英文）：")
AGREES = Text(
    "Agrees: in the published range, or out of it by a fiftieth at most; near: by a fifth at most. No clearance time of a "
    "cross-boundary drone is published; what is compared here is what lies around it.",
    "相符：在已公布範圍內，或超出不多於五十分之一；接近：超出不多於五分之一。現時並無跨境無人機清關時間公布，此處比較的是與"
    "其相關的數字。",
    "相符：在已公布范围内，或超出不多于五十分之一；接近：超出不多于五分之一。目前并无跨境无人机通关时间公布，此处比较的是与"
    "其相关的数字。",
)


@click.command()
@SCENARIOS
@SET
@click.option("--replications", type=int, help="Number of replications  [default: the first scenario's]")
def calibrate(files: tuple[Path, ...], overrides: tuple[str, ...], replications: int | None) -> None:
    """Print predicted figures beside published ones.

    What each FILE's scenario predicts is shown, and what follows from the declarations alone; docs/explanation/face-validity.md
    has all of it, and names the scenarios. Nothing is written.
    """

    study = run(files, set=overrides, replications=replications, keep_stages="none")
    rows = compared(study)
    console, language = Console(highlight=False, width=WIDTH), language_of_command()
    for role, heading in ROLES.items():
        echo(heading)
        numbered = [(number, row) for number, row in enumerate(rows, start=1) if row.published.role == role]
        console.print(_table(numbered, language))
    echo(SOURCES)
    for number, row in enumerate(rows, start=1):
        parts = [row.published.source, row.published.remark, row.published.why if row.verdict == "misses" else ""]
        click.echo(f"{number}  {'; '.join(part for part in parts if part)}.")
    click.echo(wrapped(AGREES.in_language(language), WIDTH))


def _table(rows: Sequence[tuple[int, Compared]], language: Language) -> Table:

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading.in_language(language), justify="right" if place in (1, 2) else "left", no_wrap=True)
    for number, row in rows:
        verdict = VERDICTS[row.verdict].in_language(language)
        table.add_row(f"{number} {row.published.what.in_language(language)}", *row.in_words(language), verdict)
    return table
