"""`sim diff`: what sets one scenario apart from another."""

from pathlib import Path

import click

from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenarios
from sim.scenario.schema import BRANCHES


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
def diff(first: Path, second: Path) -> None:
    """Say in words how scenario B differs from scenario A, policy and world apart."""

    before, after = load_scenarios([first, second]) if first != second else load_scenarios([first]) * 2
    changes = differences(before, after)
    if not changes:
        click.echo(f"{before.name} and {after.name} do not differ.")
    for branch in BRANCHES:
        of_branch = [in_words(difference) for difference in changes if difference.branch == branch]
        if of_branch:
            note = " (not the same world: results compare more than policies)" if branch == "world" else ""
            click.echo(f"{branch}{note}:")
        for words in of_branch:
            click.echo(f"    {words}")
