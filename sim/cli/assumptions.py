"""`sim assumptions`: which assumption moves the answer most."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.assumptions import assumptions as analysis
from sim.cli.files import SET
from sim.cli.run_options import LEAVE, MEASURE, read_run_options, run_analysis, with_run_options
from sim.cli.usage_errors import UsageProblem
from sim.ground.text import Text
from sim.report.assumptions import write_answer

ONE_OR_TWO = Text("One FILE or two are needed", "須有一個或兩個檔案", "须有一个或两个文件")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE [FILE]")
@SET
@MEASURE
@LEAVE
@with_run_options
def assumptions(
    files: tuple[Path, ...], overrides: tuple[str, ...], measure: str, leave: tuple[str, ...], **run_options: Any
) -> None:
    """Rank the assumptions by how far each moves the answer.

    Each is moved over its plausible range by itself. The answer is the level of the measure in the FILE, or its difference
    between two (the second minus the first).
    """

    if len(files) > 2:
        raise UsageProblem(ONE_OR_TWO)
    options = read_run_options(run_options, f"{'-'.join(file.stem for file in files)}-assumptions")
    run_analysis(
        options,
        lambda options: analysis(files, measure=measure, leave=leave, set=overrides, options=options, finish=write_answer),
    )
