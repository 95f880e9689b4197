"""`sim run`: simulate scenarios and compare each with the one it is held against."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sim.archive.layout import CHARTS, REPORT, comparison_file
from sim.cli.files import SCENARIOS, SET
from sim.cli.language import echo, language_of_command
from sim.cli.output import note_kept
from sim.cli.progress import engine_made_ready, progress_bar
from sim.cli.run_options import with_run_options
from sim.execution.options import RunOptions
from sim.ground.text import LANGUAGES, Text
from sim.report.as_terminal import WIDTH
from sim.report.printed import comparison_text, print_comparison
from sim.scenario.standing_alone import standing_alone
from sim.study.caveats import cautions_beforehand
from sim.study.design import Design, default_folder, design_study
from sim.study.identity import is_shown_as_now
from sim.study.study import Study, add_to, run_design

HELD_ALREADY = Text(
    "{folder} held this study already (same scenarios, seed and version); --again runs it anew.",
    "{folder} 已有此項研究的結果（情景、種子及版本相同）；加上 --again 可重新模擬。",
    "{folder} 已有此项研究的结果（情景、种子及版本相同）；加上 --again 可重新仿真。",
)


@click.command()
@SCENARIOS
@SET
@click.option(
    "--precision",
    multiple=True,
    metavar="MEASURE=WIDTH",
    help="Add replications until the interval of MEASURE is as narrow: 'delay_mean=5%', 'delay_quantile/p95=2 min'; repeatable.",
)
@click.option("--max-replications", type=int, help="Number of replications at which --precision gives up  [default: 1000]")
@click.option(
    "--matters",
    multiple=True,
    metavar="MEASURE=DIFFERENCE",
    help="The smallest difference of MEASURE that matters, for its verdicts: 'on_time_share=1 pp'; repeatable.",
)
@click.option("--same-world", metavar="NAME", help="Run every scenario in the world of scenario NAME, to compare policies alone.")
@click.option("--against-first", is_flag=True, help="Hold every scenario against the first, whatever compare_with its file has.")
@click.option("--full", is_flag=True, help="Print everything, not one screen.")
@click.option("--no-charts", is_flag=True, help="Leave out the charts.")
@with_run_options
def run(
    files: tuple[Path, ...],
    overrides: tuple[str, ...],
    precision: tuple[str, ...],
    max_replications: int | None,
    matters: tuple[str, ...],
    same_world: str | None,
    against_first: bool,
    full: bool,
    no_charts: bool,
    **run_options: Any,
) -> None:
    """Simulate the scenarios and compare each with the one it is held against.

    That is the scenario which its file names (compare_with), if it is among them, else the first, the baseline. Prints one
    screen, everything with --full, and leaves tables, charts and the scenarios as they were run in a folder. The same files and
    seed give the same numbers. An interrupted study goes on where it was; one that stands there finished is not run again.
    """

    options = RunOptions(**run_options)
    design = design_study(
        files, overrides, options, precision=precision, max_replications=max_replications, matters=matters, same_world=same_world,
        against_first=against_first,
    )  # fmt: skip
    out = options.out or default_folder(design)
    finish = _write_report if no_charts else _write_report_and_charts
    tell_beforehand(design, Console(stderr=True))
    if options.cluster is None:
        engine_made_ready(design.engine)
    with progress_bar() as progress:
        study = run_design(design, replace(options, out=out, progress=progress), finish)
    if study.reused and not no_charts and not (is_shown_as_now(study.manifest) and (out / CHARTS).is_dir()):
        study = add_to(study, finish)
    note_kept(study.folder)
    console, language = Console(highlight=False), language_of_command()
    if console.is_terminal:
        print_comparison(study, console, language, full=full)
    else:
        click.echo(comparison_text(study, study.folder, language, full=full), nl=False)
    if study.reused:
        echo(HELD_ALREADY.fill(folder=study.folder))


def tell_beforehand(design: Design, console: Console) -> None:
    """What is known before the run, for who sits at a terminal and may stop it; it stands among the study's warnings too."""
    if console.is_terminal:
        alone = (caution for scenario in design.scenarios for caution in standing_alone(scenario))
        for caution in (*alone, *cautions_beforehand(design.scenarios, design.seed)):
            words = caution.in_language(language_of_command())
            console.print(click.wrap_text(f"! {words}", WIDTH, subsequent_indent="  "), markup=False, highlight=False)


def _write_report(study: Study, folder: Path) -> None:

    (folder / REPORT).mkdir(exist_ok=True)
    for language in LANGUAGES:
        text = comparison_text(study, language=language)
        (folder / comparison_file(language)).write_text(text, encoding="utf-8", newline="\n")


def _write_report_and_charts(study: Study, folder: Path) -> None:
    from sim.charts.export import write_charts  # it loads Matplotlib, which --no-charts does without

    _write_report(study, folder)
    write_charts(study, folder / CHARTS)
