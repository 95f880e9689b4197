"""Section: the assumption ledger: every parameter in use, what it is, and where its figure comes from; guesses first."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from sim.ground.parameter import STATUS_LABELS, Status
from sim.ground.source_names import short_source
from sim.ground.text import Text
from sim.report.assumption_effects import assumption_effects
from sim.report.context import ReportContext
from sim.report.document import Block, Bullets, Column, Heading, Paragraph, Row, Table
from sim.scenario.parameters import Parameter, catalogue, value_in_words

if TYPE_CHECKING:
    from sim.study.study import Study

ASSUMPTIONS = Text("Assumption ledger", "假設清單", "假设清单")
CAPTION = Text("{status}: {n} parameters", "{status}：{n} 個參數", "{status}：{n} 个参数")
PARAMETER, VALUE, SOURCE, MOVES = (
    Text("parameter", "參數", "参数"),
    Text("value", "數值", "数值"),
    Text("source", "出處", "出处"),
    Text("how much it moves the answer", "對答案的影響", "对答案的影响"),
)
ELSEWHERE = Text("{name}: {value}", "{name}：{value}", "{name}：{value}")
BETWEEN = Text("; ", "；", "；")
WORLD, POLICY = Text("world", "外在條件", "外在条件"), Text("policy", "政策", "政策")
LABEL = Text("{label} ({branch})", "{label}（{branch}）", "{label}（{branch}）")
OF_RUN = {"study.seed": attrgetter("seed"), "study.replications": attrgetter("replications")}
"""What options of the command may set for the whole study, whatever its files say: the manifest tells what was used."""
ORDER = (Status.GUESS, Status.RECALLED, Status.DERIVED, Status.STATED)
INTRODUCTION = Text(
    "Every parameter in use, as the baseline has it, and behind it where a scenario differs. Values carry their units. Sources "
    "stand as they are declared; the command sim explain tells the meaning of each parameter.",
    "列出所有使用中的參數：先為基準情景的數值，其後為數值不同的情景。數值均附單位。出處只列機構、"
    "刊物或規則的名稱及日期（假設者僅供參考，數字並非出自該處）；出處全文及各參數的含義為英文，可用指令 sim explain 查閱。",
    "列出所有使用中的参数：先为基准情景的数值，其后为数值不同的情景。数值均附单位。出处只列机构、"
    "刊物或规则的名称及日期（假设者仅供参考，数字并非出自该处）；出处全文及各参数的含义为英文，可用命令 sim explain 查阅。",
)
LEFT_OUT = Text(
    "Left out, since no flight came into any of their stages and no scenario changes them:",
    "以下部分從略，因為沒有航班經過其任何步驟，亦沒有情景作出更改：",
    "以下部分从略，因为没有航班经过其任何步骤，也没有情景作出更改：",
)


def assumptions(context: ReportContext) -> Iterator[Block]:
    """A table a status, guesses first; with how much each moves the answer, where an assumption study says so."""
    used, idle = _used(context.study)
    yield Heading(context.say(ASSUMPTIONS))
    yield Paragraph(context.say(INTRODUCTION), "note")
    effects = None
    if context.assumed is not None:
        effects, sentence = assumption_effects(context.assumed, context.study, context.language)
        yield Paragraph(sentence)
    for status in ORDER:
        rows = [_row(context, parameter, effects) for parameter in used if parameter.status is status]
        if rows:
            caption = context.say(CAPTION, status=STATUS_LABELS[status], n=len(rows))
            yield Table(caption, _columns(context, effects), tuple(rows))
    if idle:
        yield Paragraph(context.say(LEFT_OUT), "note")
        yield Bullets(tuple(context.say(label) for label in idle))


def _columns(context: ReportContext, effects: Mapping[str, str] | None) -> tuple[Column, ...]:
    columns = [(PARAMETER, 2.2), (VALUE, 2.4), (SOURCE, 3.0), *([(MOVES, 1.4)] if effects else [])]
    return tuple(Column(context.say(heading), "left", share) for heading, share in columns)


def _row(context: ReportContext, parameter: Parameter, effects: Mapping[str, str] | None) -> Row:
    branch = WORLD if parameter.branch == "world" else POLICY if parameter.branch == "policy" else None
    label = context.say(LABEL, label=parameter.full_label, branch=branch) if branch else context.say(parameter.full_label)
    source = short_source(parameter.source, context.language, parameter.status is Status.GUESS)
    cells = (label, _values(context, parameter.path), source or parameter.source)
    return Row((*cells, effects.get(parameter.path, "")) if effects else cells)


def _values(context: ReportContext, path: str) -> str:
    """The baseline's value, and those of the scenarios that have another; of the run as a whole, what was used."""
    if path in OF_RUN:
        return str(OF_RUN[path](context.study.manifest))
    baseline, *others = context.study.scenarios
    first = value_in_words(baseline, path, context.language)
    values = [first]
    for scenario in others:
        value = value_in_words(scenario, path, context.language)
        if value != first:
            values.append(context.say(ELSEWHERE, name=context.names[scenario.name], value=value))
    return context.say(BETWEEN).join(values)


def _used(study: "Study") -> tuple[list[Parameter], list[Text]]:
    """The parameters in use, and the names of the features that are not.

    A feature is in use if a flight came into one of its stages in the replications whose stages were kept, if it has no
    stages, or if a scenario changes one of its parameters. Where no stages were kept, all count as used.
    """
    visited = set(study.stages["stage"]) if len(study.stages) else None
    changed = {path.split(".")[1] for path in _changed(study)}
    idle = {
        feature.key: feature.label
        for feature in study.features
        if visited is not None
        and feature.stages
        and feature.key not in changed
        and not visited & {stage.key for stage in feature.stages}
    }
    return [parameter for parameter in catalogue(study.scenarios[0].assembly).values() if parameter.feature not in idle], list(
        idle.values()
    )


def _changed(study: "Study") -> Iterator[str]:
    """The paths of the parameters that differ between the scenarios of the study."""
    from sim.scenario.differences import differences

    baseline, *others = study.scenarios
    for scenario in others:
        yield from (difference.path for difference in differences(baseline, scenario))
