"""`sim run`: simulate scenarios and compare them with the first."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.files import SCENARIOS, SET

if TYPE_CHECKING:
    from sim.experiment.study import Study


@click.command()
@SCENARIOS
@SET
@click.option("--seed", type=int, help="Seed of all random numbers  [default: the first scenario's]")
@click.option("--replications", type=int, help="Replications; with --precision the least number  [default: the first scenario's]")
@click.option(
    "--precision",
    multiple=True,
    metavar="MEASURE=WIDTH",
    help="Add replications until the interval of MEASURE is as narrow: 'delay_mean=5%', 'delay_quantile/p95=2 min'; repeatable.",
)
@click.option("--max-replications", type=int, help="Number of replications at which --precision gives up  [default: 1000]")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the study  [default: one in out/ named after the scenarios]"
)
@click.option("--workers", type=click.IntRange(min=1), help="How many at a time; the numbers are the same  [default: the cores]")
@click.option("--cluster", metavar="ADDRESS", help="Let the workers of a dask.distributed scheduler do the replications.")
@click.option("--engine", metavar="NAME", help="compiled or reference; the numbers are the same  [default: compiled]")
@click.option("--resume", is_flag=True, help="Insist on going on with an interrupted study; without it that is done if possible.")
@click.option("--again", is_flag=True, help="Run it anew, even if it stands there finished.")
@click.option("--no-charts", is_flag=True, help="Leave out the charts.")
def run(
    files: tuple[Path, ...],
    overrides: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    precision: tuple[str, ...],
    max_replications: int | None,
    out: Path | None,
    workers: int | None,
    cluster: str | None,
    engine: str | None,
    resume: bool,
    again: bool,
    no_charts: bool,
) -> None:
    """Simulate the scenarios and compare each with the first, the baseline.

    Prints the comparison and leaves tables, charts and the scenarios as they were run in a folder. The same files and seed give
    the same numbers. An interrupted study goes on where it was; one that stands there finished is not run again.
    """
    from rich.console import Console

    from sim.cli.progress import engine_made_ready, progress_bar
    from sim.experiment.design import default_folder, design_study
    from sim.experiment.study import add_to, run_design
    from sim.report.printed import comparison_text, print_comparison

    design = design_study(files, overrides, seed, replications, engine, precision=precision, max_replications=max_replications)
    finish = _write_report if no_charts else _write_report_and_charts
    if cluster is None:
        engine_made_ready(design.engine)
    with progress_bar() as progress:
        study = run_design(
            design,
            workers=workers or _cores(),
            cluster=cluster,
            out=out or default_folder(design),
            resume=resume,
            again=again,
            progress=progress,
            finish=finish,
        )
    if (
        study.reused
        and not no_charts
        and not (study.is_shown_as_now and (out or default_folder(design)).joinpath("charts").is_dir())
    ):
        study = add_to(study, finish)
    console = Console(highlight=False)
    if console.is_terminal:
        print_comparison(study, console)
    else:
        click.echo(comparison_text(study, study.folder), nl=False)
    if study.reused:
        click.echo(f"\n{study.folder} held this study already (same scenarios, seed and version); --again runs it anew.")


def _cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _write_report(study: "Study", folder: Path) -> None:
    from sim.report.printed import comparison_text

    (folder / "report").mkdir(exist_ok=True)
    (folder / "report" / "comparison.txt").write_text(comparison_text(study), encoding="utf-8", newline="\n")


def _write_report_and_charts(study: "Study", folder: Path) -> None:
    from sim.charts.export import write_charts

    _write_report(study, folder)
    write_charts(study, folder / "charts")
