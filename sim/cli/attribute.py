"""`sim attribute`: which lever of a package did it."""

from pathlib import Path
from typing import Any

import click

from sim.analysis.attribution import attribute as analysis
from sim.analysis.design_run import DesignRun
from sim.analysis.package import ORDERS
from sim.cli.files import SET
from sim.cli.run_options import run_analysis, with_run_options
from sim.execution.options import RunOptions
from sim.report.attribution import write_answer
from sim.study.design import default_folder, design_study


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BASE PACKAGE... | STUDY")
@SET
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="KEY",
    help="A measure to share out  [default: those that answer the question]",
)
@click.option(
    "--group", "groups", multiple=True, metavar="[NAME=]PATH,PATH", help="Levers that are put in together; may be given again."
)
@click.option(
    "--steps", default="", metavar="PATH,PATH", help="Put the levers (or groups) in in this order, one on top of the other."
)
@click.option(
    "--orders", type=int, default=ORDERS, show_default=True, help="Orders to sample where there are more than six levers."
)
@with_run_options
def attribute(
    files: tuple[Path, ...],
    overrides: tuple[str, ...],
    measures: tuple[str, ...],
    groups: tuple[str, ...],
    steps: str,
    orders: int,
    **run_options: Any,
) -> None:
    """Say which lever of a package did it: alone, left out, and its share of the difference.

    Each PACKAGE is a scenario; what it changes against BASE are its levers. Every combination of them that the checks allow is
    simulated on the same random numbers. The study of these scenarios is run first, unless it stands there finished; the
    analysis is kept in its folder, in analyses/attribute. A STUDY is such a folder.
    """

    options = RunOptions(**run_options)
    is_study = len(files) == 1 and files[0].is_dir()
    if options.out is None and not is_study:
        options = RunOptions(**{**run_options, "out": default_folder(design_study(files, overrides, options))})

    def run(options: RunOptions) -> DesignRun:
        return analysis(
            files,
            measures=measures,
            groups=groups,
            steps=steps,
            orders=orders,
            set=overrides,
            options=options,
            finish=write_answer,
        )

    run_analysis(options, run)
