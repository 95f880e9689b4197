"""`sim sql`: a question in SQL to a study."""

from pathlib import Path

import click

from sim.cli.files import write_whole
from sim.study.csv_files import csv_text
from sim.study.study import load


@click.command()
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY")
@click.argument("query", metavar="QUERY")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the answer as CSV that spreadsheets open right."
)
def sql(study: Path, query: str, as_csv: bool, out: Path | None) -> None:
    """Query the tables of a study in SQL.

    STUDY is its folder. Its tables are replications, flights, consignments, stages, and the summary tables summary, comparison,
    best, ledger, winners, released_in_both, trs, limits.

    As in: sim sql out/demo "select outcome, count(*) from flights group by outcome"
    """

    answer = load(study).sql(query)
    if out is not None:
        write_whole(out, csv_text(answer))
        click.echo(out)
    else:
        click.echo(answer.to_csv(index=False, lineterminator="\n") if as_csv else answer.to_string(index=False) + "\n", nl=False)
