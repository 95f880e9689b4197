"""The group of commands, and what the user is told when something goes wrong."""

from typing import Any

import click

from sim import __version__
from sim.cli.assumptions import assumptions
from sim.cli.calibrate import calibrate
from sim.cli.check import check
from sim.cli.diff import diff
from sim.cli.explain import explain
from sim.cli.frontier import frontier
from sim.cli.new import new
from sim.cli.replay import replay
from sim.cli.report import report
from sim.cli.robust import robust
from sim.cli.run import run
from sim.cli.runs import runs
from sim.cli.saturate import saturate
from sim.cli.schema import schema
from sim.cli.sensitivity import sensitivity
from sim.cli.sql import sql
from sim.cli.sweep import sweep
from sim.cli.warm_up import warm_up
from sim.ground.errors import InputError, RunError

BAD_INPUT, RUN_FAILED, STOPPED = 2, 1, 130
STOPPED_ON_REQUEST = "Stopped on request."


class Commands(click.Group):
    """Commands whose failures are told in sentences, with an exit code that says whose fault it was."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            ctx.exit(BAD_INPUT)
        except RunError as error:
            click.echo(f"The study failed: {error}", err=True)
            ctx.exit(RUN_FAILED)
        except KeyboardInterrupt as stopped:  # Interrupted says what is kept
            click.echo(f"\n{stopped.args[0] if stopped.args else STOPPED_ON_REQUEST}", err=True)
            ctx.exit(STOPPED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sim")
def main() -> None:
    """Simulate low-altitude flights across the boundaries of the Greater Bay Area and how they are cleared.

    A scenario is a YAML file; `sim run` compares the first with the others.
    """


ANALYSES = (sweep, robust, assumptions, sensitivity, frontier, saturate)

for command in (run, report, replay, *ANALYSES, runs, sql, calibrate, warm_up, check, explain, diff, new, schema):
    main.add_command(command)
