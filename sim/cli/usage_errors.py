"""What is wrong with a command line, in three languages, instead of Click's English."""

import re

import click

from sim.ground.text import COMMA, Language, Text

USAGE = Text("Usage: ", "用法：", "用法：")
OPTIONS = Text("[OPTIONS]", "[選項]", "[选项]")
COMMAND = Text("COMMAND [ARGS]...", "命令 [參數]...", "命令 [参数]...")
TRY_HELP = Text("Try '{command} --help' for help.", "輸入「{command} --help」可看說明。", "输入“{command} --help”可看说明。")
ERROR = Text("Error: {words}.", "錯誤：{words}。", "错误：{words}。")
MISSING = Text("{name} is missing", "欠缺 {name}", "缺少 {name}")
NO_SUCH_OPTION = Text("There is no option {name}", "沒有 {name} 這個選項", "没有 {name} 这个选项")
PERHAPS = Text("; perhaps {names}", "；可能是 {names}", "；可能是 {names}")
NO_VALUE = Text("{name} takes no value", "{name} 不帶數值", "{name} 不带数值")
NEEDS_A_VALUE = Text("{name} needs a value after it", "{name} 後面須有一個值", "{name} 后面须有一个值")
NEEDS_VALUES = Text("{name} needs {n} values after it", "{name} 後面須有 {n} 個值", "{name} 后面须有 {n} 个值")
TOO_MANY = Text("this is too much, and not taken: {words}", "多餘而不能接受：{words}", "多余而不能接受：{words}")
BAD_VALUE = Text("{name}: {value} is not possible", "{name}：不可以是 {value}", "{name}：不可以是 {value}")
NEEDED = Text("; write {what}", "；請寫{what}", "；请写{what}")
WHOLE_NUMBER = Text("a whole number", "整數", "整数")
NUMBER = Text("a number", "數字", "数字")
AT_LEAST = Text(" of at least {low}", "，不少於 {low}", "，不少于 {low}")
AT_MOST = Text(" of at most {high}", "，不多於 {high}", "，不多于 {high}")
ONE_OF = Text("one of {choices}", "其中之一：{choices}", "其中之一：{choices}")


class UsageProblem(click.UsageError):
    """A command line at fault, for a reason in three languages, as the middle of a sentence."""

    def __init__(self, words: Text, context: click.Context | None = None) -> None:
        super().__init__(words.en, context)
        self.words = words


def show_usage_error(error: click.UsageError, language: Language) -> None:
    """Print what is wrong with the command line, under how the command is used, on standard error."""
    context = error.ctx
    if context is not None:
        click.echo(usage(context, language), err=True)
        click.echo(f"{TRY_HELP.fill(command=context.command_path).in_language(language)}\n", err=True)
    click.echo(ERROR.fill(words=usage_problem(error)).in_language(language), err=True)


def usage(context: click.Context, language: Language) -> str:
    """How the command of a context is used, such as "Usage: sim run [OPTIONS] FILE..."."""
    pieces = " ".join(context.command.collect_usage_pieces(context))
    for words in (OPTIONS, COMMAND):
        pieces = pieces.replace(words.en, words.in_language(language))
    formatter = context.make_formatter()
    formatter.write_usage(context.command_path, pieces, USAGE.in_language(language))
    return formatter.getvalue().rstrip("\n")


def usage_problem(error: click.UsageError) -> Text:
    """What is wrong with the command line; in Click's own English where it is no kind that is known here."""
    match error:
        case UsageProblem():
            return error.words
        case click.MissingParameter() if error.param is not None:
            return MISSING.fill(name=_name(error.param))
        case click.BadParameter() if error.param is not None:
            return _bad_value(error, error.param)
        case click.NoSuchOption():
            near = PERHAPS.fill(names=COMMA.join(error.possibilities)) if error.possibilities else Text.same("")
            return NO_SUCH_OPTION.fill(name=error.option_name) + near
        case click.BadOptionUsage():
            return _bad_use(error)
    extra = re.search(r"unexpected extra arguments? \((.*)\)", error.message, re.DOTALL)
    return TOO_MANY.fill(words=extra[1]) if extra else Text.same(error.format_message().rstrip("."))


def _name(param: click.Parameter) -> str:
    """As a user types it."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.metavar or str(param.name).upper()


def _bad_use(error: click.BadOptionUsage) -> Text:
    params = error.ctx.command.params if error.ctx else []
    option = next((param for param in params if error.option_name in param.opts), None)
    if not isinstance(option, click.Option):
        return Text.same(error.format_message().rstrip("."))
    if option.is_flag:
        return NO_VALUE.fill(name=error.option_name)
    return (NEEDS_A_VALUE if option.nargs == 1 else NEEDS_VALUES).fill(name=error.option_name, n=option.nargs)


def _bad_value(error: click.BadParameter, param: click.Parameter) -> Text:
    value = re.match(r"'?(.*?)'? is not ", error.message, re.DOTALL)
    needed = _needed(param)
    if value is None or needed is None:
        return Text.same(f"{_name(param)}: {error.message.rstrip('.')}")
    return BAD_VALUE.fill(name=_name(param), value=value[1]) + NEEDED.fill(what=needed)


def _needed(param: click.Parameter) -> Text | None:
    match kind := param.type:
        case click.Choice():
            return ONE_OF.fill(choices=COMMA.join(str(choice) for choice in kind.choices))
        case click.IntRange():
            ends = [AT_LEAST.fill(low=kind.min)] * (kind.min is not None) + [AT_MOST.fill(high=kind.max)] * (kind.max is not None)
            return sum(ends, WHOLE_NUMBER)
        case _ if kind is click.INT:
            return WHOLE_NUMBER
        case _ if kind is click.FLOAT:
            return NUMBER
    return None
