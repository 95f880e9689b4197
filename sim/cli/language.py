"""The language that a command speaks: that of --lang, else the locale's, else English."""

import locale
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import click

from sim.cli.usage_errors import UsageProblem
from sim.ground.text import LANGUAGES, Language, Text

VARIABLES = ("SIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""What says the language of the user; the first of these that is set counts."""
OPTION = "--lang"
LANG_HELP = Text(
    "Language of what is printed  [default: the locale's]",
    "輸出所用語言  [預設：按系統地區設定]",
    "输出所用语言  [默认：按系统地区设置]",
)
NO_SUCH_LANGUAGE = Text(
    "--lang: {value} is no language of sim; there are {languages} (zh-HK, zh-TW, zh-CN and the like are taken too)",
    "--lang：本程式沒有 {value} 這種語言；可用 {languages}（亦接受 zh-HK、zh-TW、zh-CN 等寫法）",
    "--lang：本程序没有 {value} 这种语言；可用 {languages}（也接受 zh-HK、zh-TW、zh-CN 等写法）",
)
_SHORT: dict[str, Language] = {"english": "en", "tc": "zh-Hant", "cht": "zh-Hant", "sc": "zh-Hans", "chs": "zh-Hans"}
_WITH_TRADITIONAL = {"hant", "hk", "mo", "tw"}
_LANGUAGE = "sim.cli.language"


def language_named(spelling: str) -> Language | None:
    """The language of a name in any of the common spellings, such as zh_HK.UTF-8, ZH-hant or zh-cn; None for any other."""
    name = spelling.partition(".")[0].partition("@")[0].strip().lower().replace("_", "-")
    first, *rest = name.split("-")
    if first == "zh":
        is_traditional = "hans" not in rest and not _WITH_TRADITIONAL.isdisjoint(rest)
        return "zh-Hant" if is_traditional else "zh-Hans"
    return "en" if first == "en" else _SHORT.get(name)


def language_of_locale(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the environment, and on Windows, where it names none, that of the user interface; else English."""
    spelling = next((value for name in VARIABLES if (value := environment.get(name))), None) or _of_windows()
    return language_named(spelling) or "en"


def _of_windows() -> str:
    if sys.platform == "win32":
        import ctypes

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""


def note_language(context: click.Context, arguments: Sequence[str]) -> None:
    """Note the language that a command line asks for, before it is parsed: what is wrong with it is said in that language."""
    names = [argument.removeprefix(f"{OPTION}=") for argument in arguments if argument.startswith(f"{OPTION}=")]
    names += [following for argument, following in pairwise(arguments) if argument == OPTION]
    context.meta[_LANGUAGE] = language_named(names[-1] if names else "") or language_of_locale()


def language_of_command() -> Language:
    """The language of the command that is running."""
    context = click.get_current_context(silent=True)
    language: Language | None = context.meta.get(_LANGUAGE) if context else None
    return language or language_of_locale()


def echo(words: Text, err: bool = False) -> None:
    """Print a line in the language of the command."""
    click.echo(words.in_language(language_of_command()), err=err)


def lang_option(words: str, default: str | None = None, others: Sequence[str] = ()) -> dict[str, Any]:
    """The settings of a --lang whose value is a language in any common spelling, or one of some other words."""
    choices = (*LANGUAGES, *others)

    def read(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is None:
            return None
        choice = next((choice for choice in choices if choice.lower() == value.lower()), None) or language_named(value)
        if choice is None:
            raise UsageProblem(NO_SUCH_LANGUAGE.fill(value=value, languages=", ".join(choices)), context)
        return choice

    return {"metavar": f"[{'|'.join(choices)}]", "callback": read, "help": words, "default": default, "show_default": True}


LANG = click.Option([OPTION], expose_value=False, **lang_option(LANG_HELP.en))
"""Every command has it, unless one of its own: see `Commands.get_command`. `language_of_command` is what it says."""
