"""The command `sim`: its group of commands, and its exit codes."""

from typing import Any

import click

from sim import __version__
from sim.cli.commands import COMMANDS
from sim.cli.lazy_group import LazyGroup
from sim.cli.output import make_streams_readable, print_errors
from sim.ground.errors import InputError, RunError

BAD_INPUT, RUN_FAILED, STOPPED = 2, 1, 130
STOPPED_ON_REQUEST = "Stopped on request."


class Commands(LazyGroup):
    """Commands whose failures are printed as sentences; the exit code says whether the input or the run was at fault."""

    def main(self, *args: Any, **settings: Any) -> Any:
        make_streams_readable()
        with print_errors(RUN_FAILED):
            return super().main(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with print_errors(RUN_FAILED, ctx):
                return super().invoke(ctx)
        except InputError as error:
            for line in error.listed():
                click.echo(line, err=True)
            ctx.exit(BAD_INPUT)
        except RunError as error:
            click.echo(f"The study failed: {error}", err=True)
            ctx.exit(RUN_FAILED)
        except KeyboardInterrupt as stopped:  # Interrupted says what is kept
            click.echo(f"\n{stopped.args[0] if stopped.args else STOPPED_ON_REQUEST}", err=True)
            ctx.exit(STOPPED)


@click.group(cls=Commands, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sim")
def main() -> None:
    """Simulate low-altitude flights across the boundaries of the Greater Bay Area and how they are cleared.

    A scenario is a YAML file; `sim run` compares the first with the others.
    """
