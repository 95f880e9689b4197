"""`sim check`: print the problems of scenario files, or a summary of each scenario."""

from pathlib import Path

import click

from sim.cli.files import SCENARIOS, SET
from sim.engine.check import check_plan
from sim.ground.errors import InputError, Problem
from sim.replication import prepare
from sim.replication.scheduled import PATH
from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenario
from sim.scenario.parameters import value_in_words
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.study.caveats import cautions_beforehand, caveats_of_scenario
from sim.study.design import questions_at_fault, schedules_at_fault
from sim.study.silent_levers import said_dead


@click.command()
@SCENARIOS
@SET
def check(files: tuple[Path, ...], overrides: tuple[str, ...]) -> None:
    """Check scenario files: every problem of every file, or what each scenario is."""

    problems: dict[Problem, None] = {}
    for file in files:
        try:
            scenario = load_scenario(file, overrides)
            _try_schedule(scenario)
        except InputError as error:
            problems.update(dict.fromkeys(error.problems))
        else:
            faults = [*questions_at_fault([scenario], overrides), *schedules_at_fault([scenario], overrides)]
            problems.update(dict.fromkeys(faults))
            if not faults:
                _print_summary(file, scenario)
    if problems:
        raise InputError(*problems)


def _try_schedule(scenario: Scenario) -> None:
    """A schedule is fully read only when flights are made of it."""
    schedule = scenario.world.demand.schedule
    if schedule is None:
        return
    plan = prepare(scenario, scenario.study.seed, 0).plan
    try:
        check_plan(plan)
    except ValueError as error:
        raise InputError(Problem(f"no flight can go so: {error}", file=schedule.file or "schedule", path=PATH)) from None


def _print_summary(file: Path, scenario: Scenario) -> None:

    title = f": {scenario.title}" if str(scenario.title) != scenario.name else ""
    click.echo(f"{file}: ok: {scenario.name}{title}")
    study, routes = scenario.study, scenario.policy.corridor.routes
    per_day = value_in_words(scenario, "world.demand.flights_per_day")
    schedule = scenario.world.demand.schedule
    click.echo(f"    flights: {f'{per_day} on each corridor, each way' if schedule is None else schedule}")
    click.echo(f"    corridors: {', '.join(routes)}")
    click.echo(
        f"    study: {study.replications} replications of {study.days} day{'' if study.days == 1 else 's'}, seed {study.seed}"
    )
    base = _extended(file)
    levers = said_dead(scenario, base or scenario.assembly.defaults())
    for caution in (*levers, *cautions_beforehand([scenario]), *caveats_of_scenario(scenario)):
        click.echo(f"    caution: {caution.en}")
    if base is not None:
        for line in _differences_from_base(base, scenario):
            click.echo(f"    {line}")


def _extended(file: Path) -> Scenario | None:
    """The scenario that a file extends, if it does."""
    root = read_file(file).root
    extends = root.value.get("extends") if root is not None else None
    return None if extends is None else load_scenario(file.parent / str(extends.node.value))


def _differences_from_base(base: Scenario, scenario: Scenario) -> list[str]:
    lines = [f"    {difference.branch}: {in_words(difference)}" for difference in differences(base, scenario)]
    return [f"against {base.name}:", *(lines or ["    no difference"])]
