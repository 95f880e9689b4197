"""`sim sql`: a question in SQL to a study."""

from pathlib import Path

import click

from sim.study.study import load


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
def sql(study: Path, query: str, as_csv: bool) -> None:
    """Query the tables of a study in SQL.

    STUDY is its folder. Its tables are replications, flights, consignments, stages, and the summary tables summary, comparison,
    best, ledger, winners, released_in_both, trs, limits.

    As in: sim sql out/demo "select outcome, count(*) from flights group by outcome"
    """

    answer = load(study).sql(query)
    click.echo(answer.to_csv(index=False, lineterminator="\n") if as_csv else answer.to_string(index=False) + "\n", nl=False)
