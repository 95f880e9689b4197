"""Section: the two-sided ledger, and who wins and who loses."""

from collections.abc import Iterator

from sim.ground.sides import SIDES
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.ledger_tables import (
    ACCOUNT,
    BOOSTED,
    GROUP,
    GROUP_COLUMNS,
    HOW_LEDGER,
    HOW_WINNERS,
    INTERVAL,
    MEAN,
    OF_PLANNED,
    OTHER_FLIGHTS,
    WHAT,
    flight_rows,
    group_rows,
    ledger_columns,
    ledger_rows,
)

LEDGER = Text("Whose cost: the two-sided ledger", "誰付代價：雙方帳目", "谁付代价：双方账目")
LEDGER_CAPTION = Text(
    "Minutes, hours, finds and misses by account", "各帳目的分鐘、工時、檢獲及漏檢", "各账目的分钟、工时、查获及漏检"
)
CUSTOMS = Text("Customs of {side}: {customs}.", "{side}的海關：{customs}。", "{side}的海关：{customs}。")
WINNERS = Text("Winners and losers", "誰得誰失", "谁得谁失")
AGAINST = Text("{name} against {base}", "{name} 與 {base} 比較", "{name} 与 {base} 比较")
OF_ALL = Text("{name}: all flights", "{name}：全部航班", "{name}：全部航班")
BY_GROUP = Text("{name}: by group", "{name}：按組別", "{name}：按组别")


def ledger(context: ReportContext) -> Iterator[Block]:
    """A block a scenario and a row an account."""
    study = context.study
    yield Heading(context.say(LEDGER))
    columns = tuple(ledger_columns(study).values())
    yield context.table(context.say(LEDGER_CAPTION), (ACCOUNT, 1.5), columns, ledger_rows(study, context.language))
    yield Paragraph(context.say(HOW_LEDGER), "note")
    at_work = set(study.ledger["account"])
    named = [context.say(CUSTOMS, side=side.name, customs=side.customs) for side in SIDES if side.key in at_work]
    yield Paragraph((" " if context.language == "en" else "").join(named), "note")


def winners(context: ReportContext) -> Iterator[Block]:
    """By compared scenario: all flights, then by group; or why that can't be told."""
    study, language, names = context.study, context.language, context.names
    if not study.against:
        return
    yield Heading(context.say(WINNERS))
    for name, base in study.against.items():
        yield Heading(context.say(AGAINST, name=names[name], base=names[base]), 2)
        if study.boost > 1:
            yield Paragraph(context.say(BOOSTED))
            continue
        if not study.manifest.paired_by_flight[name]:
            yield Paragraph(context.say(OTHER_FLIGHTS, name=names[name], base=names[base]))
            continue
        caption = context.say(OF_ALL, name=names[name])
        yield context.table(caption, (WHAT, 2.6), (MEAN, INTERVAL, OF_PLANNED), flight_rows(study, name, language))
        by_group = context.say(BY_GROUP, name=names[name])
        yield context.table(by_group, (GROUP, 1.8), tuple(GROUP_COLUMNS.values()), group_rows(study, name, language))
    yield Paragraph(context.say(HOW_WINNERS), "note")
