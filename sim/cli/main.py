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
from sim.cli.patterns import expand_patterns
from sim.cli.usage_errors import show_usage_error
from sim.cli.wrapping import WIDEST
from sim.ground.errors import InputError, Interrupted, RunError
from sim.ground.text import Text

BAD_INPUT, RUN_FAILED, STOPPED = 2, 1, 130
STOPPED_ON_REQUEST = Text("Stopped on request.", "已按要求停止。", "已按要求停止。")
ABOUT = (
    Text(
        "Simulate low-altitude flights across the boundaries of the Greater Bay Area and how they are cleared.",
        "模擬粵港澳大灣區低空跨境航班及其清關過程。",
        "仿真粤港澳大湾区低空跨境航班及其通关过程。",
    ),
    Text(
        "A scenario is a text file. To begin: sim run scenarios/baseline.yaml scenarios/one-stop.yaml",
        "情景是一個文字檔案。可由此開始：sim run scenarios/baseline.yaml scenarios/one-stop.yaml",
        "情景是一个文本文件。可由此开始：sim run scenarios/baseline.yaml scenarios/one-stop.yaml",
    ),
)
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
        """The command, with what every command has: --lang, and patterns of files that are replaced by those that fit."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            if not any(OPTION in param.opts for param in command.params):
                command.params.append(LANG)
            for param in command.params:
                if isinstance(param, click.Argument) and isinstance(param.type, click.Path) and param.callback is None:
                    param.callback = expand_patterns
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
    about=ABOUT,
    params=[LANG],
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
)
@click.version_option(__version__, prog_name="sim")
@click.pass_context
def main(context: click.Context) -> None:
    """The command `sim`; without a command it prints its help."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
