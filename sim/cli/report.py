"""`sim report`: the report of a study, as files for a working group."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from sim.archive.layout import REPORT
from sim.cli.files import written_whole
from sim.cli.language import OPTION, echo, lang_option
from sim.cli.progress import engine_made_ready, progress_bar
from sim.cli.run_options import tell_forecast
from sim.engine import default_engine
from sim.execution.options import RunOptions
from sim.ground.output_folder import output_folder
from sim.ground.text import LANGUAGES, Language, Text
from sim.report.analysis_report import write_analysis_report
from sim.report.assumption_effects import assumption_study
from sim.report.document import FORMATS, Format
from sim.report.small_analyses import KeptAnalyses, kept_analyses, run_analyses
from sim.report.write import write_report
from sim.study.manifest import AnalysisManifest, read_manifest
from sim.study.runner import complete
from sim.study.study import Study, add_to, load

ALL = "all"


@click.command()
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY")
@click.option(OPTION, **lang_option("Language of the report.", ALL, [ALL]))
@click.option("--format", "form", type=click.Choice([*FORMATS, ALL]), default=ALL, show_default=True, help="Kind of file.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to put it  [default: report/ in the study]")
@click.option(
    "--assumptions",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="What `sim assumptions` left: how much each moves the answer.",
)
@click.option("--no-analyses", is_flag=True, help="Run no analyses.")
def report(study: Path, lang: str, form: str, out: Path | None, assumptions: Path | None, no_analyses: bool) -> None:
    """Write the report of a study, or of an analysis: PDF, web page and Word file.

    STUDY is its folder. The report is in English and in Chinese. Each chart is put beside it as SVG and PNG, with its numbers as
    CSV and a text for readers who don't see it. Three small analyses are run first, once, and kept in the study's analyses/:
    which lever did it, in how many plausible worlds the answer holds, and which assumptions move it. Of the folder of an
    analysis, report.LANGUAGE.FORMAT is written, with what it printed and its charts.
    """

    languages = [language for language in LANGUAGES if lang in (language, ALL)]
    formats = [kind for kind in FORMATS if form in (kind, ALL)]
    manifest = read_manifest(study)
    if isinstance(manifest, AnalysisManifest):
        _report_of_analysis(study, manifest, languages, formats, out)
        return
    loaded = load(study)
    larger = None if assumptions is None else assumption_study(assumptions, loaded)
    analyses = kept_analyses(loaded) if no_analyses else _analyses(loaded)
    analyses = replace(analyses, assumptions=larger or analyses.assumptions)

    def finish(finished: Study, folder: Path) -> None:
        write_report(finished, folder / REPORT, languages, formats, analyses)

    if out is None:
        add_to(loaded, finish)
        out = study / REPORT
    else:
        out = output_folder(out)
        with written_whole(out) as draft:
            write_report(loaded, draft, languages, formats, analyses)
    for path in (out / f"brief.{language}.{kind}" for language in languages for kind in formats):
        click.echo(path)
    click.echo(out)


def _report_of_analysis(
    folder: Path, manifest: AnalysisManifest, languages: Sequence[Language], formats: Sequence[Format], out: Path | None
) -> None:
    """The report of an analysis into its folder, or into `out`."""

    def finish(finished: AnalysisManifest, staging: Path) -> None:
        write_analysis_report(staging, finished, staging / REPORT, languages, formats)

    if out is None:
        complete(folder, manifest, finish)
        out = folder / REPORT
    else:
        out = output_folder(out)
        with written_whole(out) as draft:
            write_analysis_report(folder, manifest, draft, languages, formats)
    for path in (out / f"{REPORT}.{language}.{kind}" for language in languages for kind in formats):
        click.echo(path)
    click.echo(out)


def _analyses(study: Study) -> KeptAnalyses:
    """The analyses of the study, run unless they stand there; on stderr, what is run and about how long it takes."""

    def tell(_: str, sentence: Text) -> None:
        echo(sentence, err=True)

    engine_made_ready(default_engine())
    with progress_bar() as progress:
        return run_analyses(study, RunOptions(progress=progress, forecast=tell_forecast), tell)
