"""Section: the question, and what was compared, in words."""

from collections.abc import Iterator

from sim.charts import labels
from sim.ground.text import Text
from sim.report.context import LISTED, ReportContext
from sim.report.document import Block, Bullets, Heading, Paragraph
from sim.report.held_against import held_against_sentences
from sim.study.questions import question_in_words

QUESTION = Text("The question", "問題", "问题")
COMPARED = Text("What was compared", "比較了甚麼", "比较了什么")
NOT_ASKED = Text("The scenarios name no question.", "各情景沒有列明問題。", "各情景没有列明问题。")
SCENARIO = Text("{name}: {title}", "{title}（{name}）", "{title}（{name}）")
BASELINE = Text("{name} (the baseline): {title}", "{title}（{name}，基準情景）", "{title}（{name}，基准情景）")
SCENARIO_AGAINST = Text(
    "{name}, against {base}: {title}", "{name}（與 {base} 比較）：{title}", "{name}（与 {base} 比较）：{title}"
)
SET = Text(
    "Set in every scenario, whatever its file says: {list}.",
    "不論檔案所載，各情景一律設定：{list}。",
    "不论文件所载，各情景一律设定：{list}。",
)
OTHER_WORLD = Text(
    "Not the same world as {base}: this is no comparison of policies alone.",
    "與 {base} 的外在條件不同：這並非純粹的政策比較。",
    "与 {base} 的外在条件不同：这并非纯粹的政策比较。",
)
OF_WORLD = Text("World: {list}", "外在條件：{list}", "外在条件：{list}")
ALIKE = Text("No difference from {base}.", "與 {base} 沒有差異。", "与 {base} 没有差异。")
OWN_WORDS = Text(
    "Titles, and questions in a scenario's own words, stand as their authors wrote them; one text stands for all languages.",
    "標題及情景自擬的問題按作者原文載列；只有一種文字者，各語言版本均照錄。",
    "标题及情景自拟的问题按作者原文载列；只有一种文字的，各语言版本均照录。",
)


def question(context: ReportContext) -> Iterator[Block]:
    """The questions that the scenarios ask."""
    compared = context.study.scenarios[1:] or context.study.scenarios
    questions = dict.fromkeys(
        question_in_words(scenario.question, context.language) for scenario in compared if scenario.question
    )
    yield Heading(context.say(QUESTION))
    for text in questions or [context.say(NOT_ASKED)]:
        yield Paragraph(context.quoted(text), "lead")


def what_was_compared(context: ReportContext) -> Iterator[Block]:
    """What is held against what; each scenario, and what sets it apart from the one it is held against: policy, then world."""
    yield Heading(context.say(COMPARED))
    for sentence in held_against_sentences(context.study, context.language):
        yield Paragraph(sentence)
    changed = context.study.manifest.set
    if changed:
        yield Paragraph(context.say(SET, list=context.quoted(context.say(LISTED).join(changed))))
    policy, world = (context.study.differences_in(context.language, branch) for branch in ("policy", "world"))
    for scenario in context.study.scenarios:
        name, base = scenario.name, context.study.against.get(scenario.name)
        base_name = context.names[base] if base else ""
        title = context.quoted(context.say(scenario.title) or name)
        heading = BASELINE if base is None else SCENARIO_AGAINST if labels.bases_differ(context.study) else SCENARIO
        yield Heading(context.say(heading, name=name, title=title, base=base_name), 2)
        sentences = [*policy[name], *(context.say(OF_WORLD, list=sentence) for sentence in world[name])]
        if sentences:
            yield Bullets(tuple(sentences))
        elif base is not None:
            yield Paragraph(context.say(ALIKE, base=base_name))
        if world[name]:
            yield Paragraph(context.say(OTHER_WORLD, base=base_name), "note")
    yield Paragraph(context.say(OWN_WORDS), "note")
