"""The brief: two pages with the finding, for whom, how sure, what it rests on, what is to be decided, and the numbers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.attribution_table import LABELS, LEVER, WHOLE, read_attribution
from sim.charts import labels, one_measure
from sim.charts.export import saved
from sim.charts.one_measure import Dot
from sim.charts.style import style_context
from sim.ground.instrument import BODIES, Body, Instrument
from sim.ground.sides import SIDES
from sim.ground.text import Language, Text
from sim.report.attribution import NEGLIGIBLE, scale_of, sentence_of, shown
from sim.report.context import ReportContext
from sim.report.document import Block, Bullets, Column, Heading, Paragraph, Picture, Row, Table
from sim.report.finding import Finding
from sim.report.first_look import assumptions_sentence, robust_sentence
from sim.report.limits import WHAT_LIMITS, limit_sentences
from sim.report.sentences import DOWN, UP, Saying, saying
from sim.report.small_analyses import KeptAnalyses
from sim.report.spoken import Spoken, finer, spoken
from sim.scenario.differences import differences, in_short
from sim.study.comparison import NOT_REACHED
from sim.study.verdict import VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    from sim.analysis.design_run import DesignRun
    from sim.scenario.scenario import Scenario
    from sim.study.study import Study

QUESTION, FINDING = Text("The question", "問題", "问题"), Text("The finding", "結論", "结论")
GAINS = Text("Who gains and who pays", "誰受惠、誰付出", "谁受惠、谁付出")
HOW_SURE = Text("How sure, and what it rests on", "結果有多可靠、依據甚麼", "结果有多可靠、依据什么")
TO_DECIDE = Text("What is to be decided", "有待決定的事項", "有待决定的事项")
NUMBERS, STEPS = Text("The numbers", "數字", "数字"), Text("Step by step", "逐步效果", "逐步效果")
MORE = Text("Where the rest stands", "其餘內容", "其余内容")
AND_MORE = Text("And {n} more questions, in the annex.", "另有 {n} 條問題，見附件。", "另有 {n} 个问题，见附件。")
CHART_NOTE = Text(
    "Dot: mean of the runs; bar: its range with {confidence}% confidence. Differences: from the scenario each is held against.",
    "圓點：各次模擬的平均值；橫線：置信水平 {confidence}% 的範圍。差異：與各自的對照情景比較。",
    "圆点：各次模拟的平均值；横线：置信水平 {confidence}% 的范围。差异：与各自的对照情景比较。",
)
CHART_SHAPE = Text(
    "A row a scenario, with a dot and its range.", "每個情景一行，以圓點及橫線表示。", "每个情景一行，以圆点及横线表示。"
)
SIDES_CAPTION = Text(
    "The largest changes of each side; sides in alphabetical order of their English names",
    "各方變化最大的項目；各方按英文名稱字母次序排列",
    "各方变化最大的项目；各方按英文名称字母次序排列",
)
NO_SIDE = Text(
    "No side's minutes, work or posts clearly change.",
    "各方的分鐘、工時及崗位均無明顯改變。",
    "各方的分钟、工时及岗位均无明显改变。",
)
WHAT, WITH, CHANGE, VERDICT = (
    Text("what", "項目", "项目"),
    Text("with", "情景", "情景"),
    Text("change", "變化", "变化"),
    Text("in words", "判定", "判定"),
)
NOT_TRIED = Text("not tried", "未有試算", "未试算")
ROBUST_NOT_TRIED = Text("Other plausible worlds: not tried.", "其他合理情境：未有試算。", "其他合理情境：未试算。")
ASSUMPTIONS_NOT_TRIED = Text(
    "Which assumptions move the answer: not tried.", "哪些假設影響結果：未有試算。", "哪些假设影响结果：未试算。"
)
STEP, WHO, HOW = Text("step", "措施", "措施"), Text("who decides", "由誰決定", "由谁决定"), Text("by what", "方式", "方式")
STANDING = Text("{how} ({source})", "{how}（{source}）", "{how}（{source}）")
GUESSED = Text(
    "Where nothing in brackets says what is in force already, the instrument is our guess.",
    "未在括號內註明已有先例者，屬推測。",
    "未在括号内注明已有先例的，属推测。",
)
LEVELS, FROM_TO = Text("from, to", "由、至", "由、至"), Text.same("{before} → {after}")
NO_INSTRUMENT = Text("not said by the model", "模型未載明", "模型未载明")
NOTHING_TO_DECIDE = Text("The scenarios differ in no policy.", "各情景的政策並無分別。", "各情景的政策并无分别。")
STEPS_LEFT_OUT = Text("{n} more steps stand in the annex.", "另有 {n} 項措施，見附件。", "另有 {n} 项措施，见附件。")
OFFICIAL = Text("{body}: {names}.", "{body}：{names}。", "{body}：{names}。")
NAMED = Text("{name} ({side})", "{name}（{side}）", "{name}（{side}）")
NEVER = Text("not reached", "未達到", "未达到")
FINEST = 10_000
COMMA = Text(", ", "，", "，")
BETWEEN = Text("; ", "；", "；")
MEASURE = Text("measure", "指標", "指标")
NUMBERS_CAPTION = Text(
    "Means of the runs; in brackets the clear differences from the scenario each is held against",
    "各次模擬的平均值；括號內為與對照情景的明顯差異",
    "各次模拟的平均值；括号内为与对照情景的明显差异",
)
SCENARIOS_LEFT_OUT = Text("{n} more scenarios stand in the annex.", "另有 {n} 個情景，見附件。", "另有 {n} 个情景，见附件。")
STEPS_CAPTION = Text("What each step adds", "每項措施的作用", "每项措施的作用")
ADDS, SHARE_RANGE = Text("adds", "作用", "作用"), Text("range", "範圍", "范围")
ANNEXES = Text(
    "Results by measure, side and group, misses included, the time release study and posts: annex-results. Charts: annex-charts. "
    "Every assumption with its source: annex-assumptions. Warnings, method and how to run it again: annex-method.",
    "各項指標、各方及各組別的結果（包括漏檢）、貨物放行時間研究及崗位：annex-results。圖表：annex-charts。"
    "全部假設及出處：annex-assumptions。注意事項、方法及如何重新運行：annex-method。",
    "各项指标、各方及各组别的结果（包括漏检）、货物放行时间研究及岗位：annex-results。图表：annex-charts。"
    "全部假设及出处：annex-assumptions。注意事项、方法及如何重新运行：annex-method。",
)
OWN = Text(
    "Made by a simulator; it states no position of any administration named in it.",
    "本文由模擬器產生，不代表所提及的任何行政機關的立場。",
    "本文由仿真程序生成，不代表所提及的任何行政机关的立场。",
)
MOST_QUESTIONS, MOST_OF_SIDE, MOST_STEPS, MOST_MEASURES, MOST_SCENARIOS, MOST_LEVERS, MOST_DOTS = 3, 3, 6, 10, 5, 5, 6
CHART = "finding"


def brief(context: ReportContext, analyses: KeptAnalyses) -> Iterator[Block]:
    """The blocks of both pages."""
    finding = Finding(context.study, context.language)
    yield Heading(context.say(QUESTION))
    questions = list(finding.questions)
    yield Bullets(tuple(context.quoted(words) for words in questions[:MOST_QUESTIONS]))
    if len(questions) > MOST_QUESTIONS:
        yield Paragraph(context.say(AND_MORE, n=len(questions) - MOST_QUESTIONS), "note")
    yield Heading(context.say(FINDING))
    yield Paragraph((" " if context.language == "en" else "").join(finding.sentences()), "lead")
    chart = picture(context.study, context.language)
    if chart:
        yield chart
    if context.study.against:
        yield from _gains(context, finding)
    yield Heading(context.say(HOW_SURE))
    in_worlds = robust_sentence(analyses.robustness, context.language) if analyses.robustness else ""
    moving = assumptions_sentence(analyses.assumptions, context.language) if analyses.assumptions else ""
    tried = in_worlds or context.say(ROBUST_NOT_TRIED), moving or context.say(ASSUMPTIONS_NOT_TRIED)
    yield Bullets((*finding.how_sure(), finding.what_it_rests_on(), *tried))
    if context.study.against:
        yield from _to_decide(context)
    yield from _numbers(context, finding)
    if context.study.against:
        yield from _steps(context, analyses.attribution)
    limits = limit_sentences(context.study, context.language)
    if limits:
        yield Heading(context.say(WHAT_LIMITS))
        yield Bullets(tuple(limits[:MOST_SCENARIOS]))
    yield Heading(context.say(MORE))
    yield Paragraph(context.say(ANNEXES), "note")
    yield Paragraph(context.say(OWN), "note")


def picture(study: "Study", language: Language) -> Picture | None:
    """The measure of the finding over all scenarios, with its sentence as the title; None where nothing was measured."""
    head = Finding(study, language).head()
    if head is None:
        return None
    context = ReportContext(study, language)
    lines = in_one_unit([saying(study, head.ref, name, language) for name in study.names[:MOST_DOTS]])
    dots = []
    for line in filter(None, lines):
        level, low, high = (float(line.level[column]) * line.numbers.factor for column in ("mean", "ci_low", "ci_high"))
        dots.append(Dot(context.names[line.name], level, low, high, _beside(line)))
    title, label = head.sentence(), next(line.label() for line in lines if line)
    with style_context(language):
        figure = one_measure.draw(dots, title, label)
        width_in, height_in = (float(size) for size in figure.get_size_inches())
        svg, png = saved(figure).values()
    confidence = f"{100 * study.manifest.confidence:g}"
    alternative = "\n".join([title, context.say(CHART_SHAPE), *(f"{dot.name}: {dot.text}" for dot in dots)])
    return Picture(CHART, context.say(CHART_NOTE, confidence=confidence), alternative, svg, png, width_in, height_in)


@dataclass(frozen=True)
class InRow(Saying):
    """A saying whose numbers are said in the unit of a whole row."""

    scale: Spoken | None = None

    @property
    def numbers(self) -> Spoken:
        """The unit and the digits of the row."""
        assert self.scale is not None
        return self.scale


def in_one_unit(lines: Sequence[Saying | None]) -> list[InRow | None]:
    """One measure of several scenarios in one unit, with as many digits as the levels carry and the least clear gap needs."""
    known = [line for line in lines if line is not None]
    if not known:
        return [None] * len(lines)
    halves = [(float(line.level["ci_high"]) - float(line.level["ci_low"])) / 2 for line in known]
    halves = sorted(half for half in halves if half > 0)
    gaps = [abs(float(line.change["difference"])) for line in known if line.change is not None and line.is_clear]
    half = min([*halves[-1:], *(gap for gap in gaps if gap > 0)], default=math.nan)
    first = known[0]
    scale = spoken(first.metric, first.ref.part, half, *(float(line.level["mean"]) for line in known))
    while any(_is_nearly_all(float(line.level["mean"]), scale) for line in known):
        scale = finer(scale)
    return [
        None if line is None
        else InRow(line.study, line.ref, line.name, line.language, line.level, line.base, line.change, scale)
        for line in lines
    ]  # fmt: skip


def _is_nearly_all(level: float, scale: Spoken) -> bool:
    """Whether a share that is not all of them would be said as if it were."""
    return 0 < scale.of < FINEST and level < 1 and scale.rounded(level) == scale.of


def _beside(line: Saying) -> str:
    """The level, and the difference where the comparison says one."""
    _, level, change, verdict = line.cells()
    shown = " ".join(filter(None, (level, f"({change})" if change and line.is_clear else "")))
    return COMMA.in_language(line.language).join(filter(None, (shown, verdict)))


def _gains(context: ReportContext, finding: Finding) -> Iterator[Block]:
    """A block a side, with as many rows at most for each: what changes the most."""
    yield Heading(context.say(GAINS))
    sides, rows = finding.by_side(), []
    for side in sorted(SIDES, key=lambda side: side.name.en):
        chosen = sorted(sides.get(side.key, ()), key=lambda line: -line.weight)[:MOST_OF_SIDE]
        if chosen:
            rows.append(Row((side.name.in_language(context.language),), is_heading=True))
        for ref in dict.fromkeys(line.ref for line in chosen):
            for line in filter(None, in_one_unit([line for line in chosen if line.ref == ref])):
                before, after, change, verdict = line.cells()
                unit = line.numbers.unit.in_language(context.language)
                label = labels.with_unit(context.say(line.metric.label), unit, context.language)
                levels = context.say(FROM_TO, before=before, after=after)
                cells = (label[:1].upper() + label[1:], context.names[line.name], levels, f"{change} {verdict}".strip())
                rows.append(Row(cells, depth=1))
    if not rows:
        yield Paragraph(context.say(NO_SIDE))
        return
    columns = (
        Column(context.say(WHAT), "left", 3.7),
        Column(context.say(WITH), "left", 3.8),
        Column(context.say(LEVELS), share=1.1),
        Column(context.say(CHANGE), "left", 2.0),
    )
    yield Table(context.say(SIDES_CAPTION), columns, tuple(rows))


def _to_decide(context: ReportContext) -> Iterator[Block]:
    """A row a step: who decides, by which instrument, and whether such a one is in force somewhere."""
    yield Heading(context.say(TO_DECIDE))
    steps = steps_to_decide(context.study, context.language)
    if not steps:
        yield Paragraph(context.say(NOTHING_TO_DECIDE))
        return
    columns = tuple(Column(context.say(text), "left", share) for text, share in ((STEP, 3.7), (WHO, 2.5), (HOW, 4.2)))
    grouped: dict[Instrument | None, list[str]] = {}
    for step, instrument in steps.items():
        grouped.setdefault(instrument, []).append(step)
    rows, bodies = [], dict[Body, None]()
    for instrument, of_instrument in list(grouped.items())[:MOST_STEPS]:
        words = context.say(BETWEEN).join(of_instrument)
        if instrument is None:
            rows.append(Row((words, context.say(NO_INSTRUMENT), "")))
            continue
        how = context.say(instrument.how)
        standing = context.say(STANDING, how=how, source=instrument.source) if instrument.source else how
        rows.append(Row((words, context.say(instrument.who), standing)))
        bodies |= dict.fromkeys(instrument.bodies)
    yield Table("", columns, tuple(rows))
    if len(grouped) > MOST_STEPS:
        yield Paragraph(context.say(STEPS_LEFT_OUT, n=len(grouped) - MOST_STEPS), "note")
    names = [_official(context, body) for body in bodies]
    yield Paragraph((" " if context.language == "en" else "").join(filter(None, [context.say(GUESSED), *names])), "note")


def steps_to_decide(study: "Study", language: Language) -> dict[str, Instrument | None]:
    """By step in words, each once, in the order of the scenarios: the instrument that it needs, None where none is declared."""
    steps: dict[str, Instrument | None] = {}
    by_name = {scenario.name: scenario for scenario in study.scenarios}
    for name, base in study.against.items():
        changed = differences(by_name[base], by_name[name], "policy")
        for path, words in in_short(changed).items():
            steps.setdefault(words.in_language(language), instrument_of(by_name[name], path))
    return steps


def instrument_of(scenario: "Scenario", path: str) -> Instrument | None:
    """The instrument that a parameter of policy needs, as its group declares it; None where it declares none."""
    _, group, lever, *_ = path.split(".")
    chosen = f"{lever}={getattr(getattr(scenario.policy, group), lever)}"
    declared = getattr(scenario.policy, group).instruments
    by_lever = {lever: instrument for instrument in reversed(declared) for lever in instrument.levers or ("",)}
    return next((by_lever[name] for name in (chosen, lever, "") if name in by_lever), None)


def _official(context: ReportContext, body: Body) -> str:
    """The official names of a kind of body, of the sides where flights begin or end in the study."""
    if body == "operators":
        return ""
    at_work = set(context.study.ledger["account"])
    between, named = context.say(BETWEEN), []
    for side in sorted(SIDES, key=lambda side: side.name.en):
        if side.key in at_work:
            named.append(context.say(NAMED, name=getattr(side, body), side=side.name))
    return context.say(OFFICIAL, body=BODIES[body], names=between.join(named))


def _numbers(context: ReportContext, finding: Finding) -> Iterator[Block]:
    """A row a measure and a column a scenario: the level, and in brackets the difference where it is clear."""
    study = context.study
    shown = study.names[:MOST_SCENARIOS]
    refs = list(dict.fromkeys(line.ref for lines in finding.sayings.values() for line in lines))
    moved = {line.ref for line in finding.moved()}
    refs = sorted(refs, key=lambda ref: ref not in moved)[:MOST_MEASURES]
    columns = (Column(context.say(MEASURE), "left", 2.2), *(Column(context.names[name], "right", 1.2) for name in shown))
    rows = []
    for ref in refs:
        lines = in_one_unit([saying(study, ref, name, context.language) for name in shown])
        known = [line for line in lines if line is not None]
        if known:
            rows.append(Row((known[-1].label(), *("" if line is None else _number(line) for line in lines))))
    yield Heading(context.say(NUMBERS), starts_page=True)
    yield Table(context.say(NUMBERS_CAPTION), columns, tuple(rows))
    if len(study.names) > len(shown):
        yield Paragraph(context.say(SCENARIOS_LEFT_OUT, n=len(study.names) - len(shown)), "note")


def _number(line: Saying) -> str:
    if line.level.get("note") == NOT_REACHED:
        return NEVER.in_language(line.language)
    _, level, change, _ = line.cells()
    if not change or not line.is_clear or line.base is None:
        return level
    numbers = line.numbers
    gap = numbers.rounded(float(line.level["mean"])) - numbers.rounded(float(line.base["mean"]))
    if gap:  # as a reader subtracts the two levels of the row
        change = f"{UP if gap > 0 else DOWN} {numbers.number(gap / numbers.factor)}"
    return f"{level} ({change})"


def _steps(context: ReportContext, run: "DesignRun | None") -> Iterator[Block]:
    """A block a package, headed by what its steps come to, and a row a step: what it adds."""
    rows = list(_attributed(context, run) if run else _untried(context))
    if not rows:
        return
    yield Heading(context.say(STEPS))
    columns = (
        Column(context.say(STEP), "left", 3.0),
        Column(context.say(ADDS), "right", 1.0),
        Column(context.say(SHARE_RANGE), "right", 1.4),
        Column(context.say(VERDICT), "left", 1.4),
    )
    yield Table(context.say(STEPS_CAPTION), columns, tuple(rows))


def _untried(context: ReportContext) -> Iterator[Row]:
    words = context.study.differences_in(context.language, "policy")
    for name in [name for name in context.study.against if words[name]][: MOST_SCENARIOS - 1]:
        yield Row((context.names[name],), is_heading=True)
        for sentence in words[name][:MOST_LEVERS]:
            yield Row((sentence, context.say(NOT_TRIED), "", ""), depth=1)


def _attributed(context: ReportContext, run: "DesignRun") -> Iterator[Row]:
    """The first measure of each package; levers that move nothing are left out."""
    assert run.folder is not None
    table = read_attribution(run.folder)
    packages: Sequence[str] = list(dict.fromkeys(table["scenario"]))[: MOST_SCENARIOS - 1]
    for package in packages:
        rows = shown(run, table[table["scenario"] == package])
        first = rows.iloc[0]
        rows = rows[(rows["metric"] == first["metric"]) & (rows["part"] == first["part"])]
        yield Row((sentence_of(run, rows, context.language),), is_heading=True)
        scale, largest = scale_of(rows), float(rows["share"].abs().max())
        unit = scale.difference_unit.in_language(context.language)
        for row in rows[rows["row"].isin([LEVER, WHOLE])].head(MOST_LEVERS + 1).to_dict("records"):
            if row["row"] == WHOLE:
                continue
            share, low, high = scale.changes(row["share"], row["share_low"], row["share_high"])
            share = "0" if abs(row["share"]) < NEGLIGIBLE * largest else f"{share} {unit}".strip()
            verdict = VERDICT_LABELS[Verdict(row["verdict"])].in_language(context.language) if row["verdict"] else ""
            interval = "" if row["share_low"] != row["share_low"] else f"[{low}, {high}]"
            yield Row((str(row[LABELS[context.language]]), share, interval, verdict), depth=1)
