"""A group of commands that are imported when they are used."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from sim.cli.commands import CommandInfo
from sim.cli.language import LANG_HELP, OPTION, language_of_command
from sim.cli.usage_errors import UsageProblem, usage
from sim.cli.wrapping import definitions, terminal_width, wrapped
from sim.ground.arguments import near_names
from sim.ground.text import LANGUAGES, NOTHING, Text

NO_SUCH_COMMAND = Text(
    "There is no command '{name}'; there is {near}",
    "沒有「{name}」這個命令；可用的有 {near}",
    "没有“{name}”这个命令；可用的有 {near}",
)
HEADING = Text("{words}:\n", "{words}：\n", "{words}：\n")
OPTIONS = Text("Options", "選項", "选项")
VERSION_HELP = Text("Show the version and exit.", "顯示版本。", "显示版本。")
HELP_HELP = Text(
    "Show this message and exit; after a command, how it is used.",
    "顯示本說明；置於命令之後則顯示該命令的用法。",
    "显示本说明；置于命令之后则显示该命令的用法。",
)


class LazyGroup(click.Group):
    """Commands by a table; its help is made from the table alone, in the language of the command.

    about: what the help begins with, a paragraph each.
    """

    def __init__(
        self, *arguments: Any, table: Mapping[str, CommandInfo], about: tuple[Text, ...] = (NOTHING,), **settings: Any
    ) -> None:
        super().__init__(*arguments, **settings)
        self.table = table
        self.about = about

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

    def get_help(self, ctx: click.Context) -> str:
        language, width, names_width = language_of_command(), terminal_width(), max(map(len, self.table), default=0)
        paragraphs = [usage(ctx, language), *(wrapped(words.in_language(language), width) for words in self.about if words)]
        options = {f"{OPTION} {'|'.join(LANGUAGES)}": LANG_HELP, "--version": VERSION_HELP, "-h, --help": HELP_HELP}
        sections = [(OPTIONS, [(name, words.in_language(language)) for name, words in options.items()])]
        for group in reversed(dict.fromkeys(info.group for info in self.table.values())):
            rows = [(name, info.summary.in_language(language)) for name, info in self.table.items() if info.group == group]
            sections.insert(0, (group, rows))
        for heading, rows in sections:
            paragraphs.append(HEADING.fill(words=heading).in_language(language) + definitions(rows, width, names_width))
        return "\n\n".join(paragraphs)
