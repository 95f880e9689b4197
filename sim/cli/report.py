"""`sim report`: the report of a study, as files for a working group."""

from pathlib import Path

import click

from sim.archive.layout import CHARTS, REPORT
from sim.cli.files import written_whole
from sim.cli.language import OPTION, lang_option
from sim.ground.output_folder import output_folder
from sim.ground.text import LANGUAGES
from sim.report.assumption_effects import assumption_study
from sim.report.document import FORMATS
from sim.report.write import write_report
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
def report(study: Path, lang: str, form: str, out: Path | None, assumptions: Path | None) -> None:
    """Write the report of a study: PDF, web page and Word file.

    STUDY is its folder. The report is in English and in Chinese. Each chart is put beside it as SVG and PNG, with its numbers as
    CSV and a text for readers who don't see it.
    """

    languages = [language for language in LANGUAGES if lang in (language, ALL)]
    formats = [kind for kind in FORMATS if form in (kind, ALL)]
    loaded = load(study)
    if assumptions is not None:
        assumption_study(assumptions, loaded)

    def finish(finished: Study, folder: Path) -> None:
        write_report(finished, folder / REPORT, languages, formats, assumptions)

    if out is None:
        add_to(loaded, finish)
        out = study / REPORT
    else:
        out = output_folder(out)
        with written_whole(out) as draft:
            write_report(loaded, draft, languages, formats, assumptions)
    for path in (out / f"report.{language}.{kind}" for language in languages for kind in formats):
        click.echo(path)
    click.echo(out / CHARTS)
