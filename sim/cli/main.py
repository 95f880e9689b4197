"""The command `sim`: its group of commands, and its exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from sim import __version__
from sim.cli.commands import COMMANDS
from sim.cli.language import LANG, OPTION, echo, language_of_command, note_language
from sim.cli.lazy_group import LazyGroup
from sim.cli.output import make_streams_readable, print_errors
from sim.cli.usage_errors import show_usage_error
from sim.ground.errors import InputError, Interrupted, RunError
from sim.ground.text import Text

BAD_INPUT, RUN_FAILED, STOPPED = 2, 1, 130
STOPPED_ON_REQUEST = Text("Stopped on request.", "已按要求停止。", "已按要求停止。")
FAILED = Text("The study failed: {words}", "研究未能完成：{words}", "研究未能完成：{words}")


class Commands(LazyGroup):
    """Commands whose failures are printed as sentences; the exit code says whether the input or the run was at fault."""

    def main(self, *args: Any, **settings: Any) -> Any:
        make_streams_readable()
        with print_errors(RUN_FAILED):
            return super().main(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        note_language(ctx, args)
        with _usage_errors_shown(ctx):
            return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is not None and not any(OPTION in param.opts for param in command.params):
            command.params.append(LANG)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with print_errors(RUN_FAILED, ctx), _usage_errors_shown(ctx):
                return super().invoke(ctx)
        except InputError as error:
            for line in error.listed(language_of_command()):
                click.echo(line, err=True)
            ctx.exit(BAD_INPUT)
        except RunError as error:
            echo(FAILED.fill(words=error.words), err=True)
            ctx.exit(RUN_FAILED)
        except KeyboardInterrupt as stopped:
            click.echo(err=True)
            echo(stopped.words if isinstance(stopped, Interrupted) else STOPPED_ON_REQUEST, err=True)
            ctx.exit(STOPPED)


@contextmanager
def _usage_errors_shown(context: click.Context) -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        group, name = context.command, context.invoked_subcommand
        if error.ctx is None and isinstance(group, Commands) and name and (command := group.get_command(context, name)):
            error.ctx = click.Context(command, context, name)  # Click leaves it out of some
        with context:
            show_usage_error(error, language_of_command())
        context.exit(BAD_INPUT)


@click.group(
    cls=Commands,
    table=COMMANDS,
    params=[LANG],
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="sim")
@click.pass_context
def main(context: click.Context) -> None:
    """Simulate low-altitude flights across the boundaries of the Greater Bay Area and how they are cleared.

    A scenario is a YAML file; `sim run` compares the first with the others.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
