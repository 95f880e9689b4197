"""A group of commands that are imported when they are used."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from sim.cli.commands import CommandInfo
from sim.cli.usage_errors import UsageProblem
from sim.ground.arguments import near_names
from sim.ground.text import Text

NO_SUCH_COMMAND = Text(
    "There is no command '{name}'; there is {near}",
    "沒有「{name}」這個命令；可用的有 {near}",
    "没有“{name}”这个命令；可用的有 {near}",
)


class LazyGroup(click.Group):
    """Commands by a table; its help is made from the table alone."""

    def __init__(self, *arguments: Any, table: Mapping[str, CommandInfo], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name].place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command), f"{self.table[cmd_name].place} is no click command"
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and args[0] not in self.table:
            raise UsageProblem(NO_SUCH_COMMAND.fill(name=args[0], near=near_names(args[0], self.table)), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group in dict.fromkeys(info.group for info in self.table.values()):
            with formatter.section(group):
                formatter.write_dl([(name, info.summary) for name, info in self.table.items() if info.group == group])
