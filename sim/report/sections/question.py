"""Section: the question, and what was compared, in words."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.answers import asked
from sim.report.context import LISTED, Edition
from sim.report.document import Block, Bullets, Heading, Paragraph

QUESTION = Text("The question", "問題", "问题")
COMPARED = Text("What was compared", "比較了甚麼", "比较了什么")
NOT_ASKED = Text("The scenarios name no question.", "各情景沒有列明問題。", "各情景没有列明问题。")
SCENARIO = Text("{name}: {title}", "{name}：{title}", "{name}：{title}")
BASELINE = Text("{name} (the baseline): {title}", "{name}（基準情景）：{title}", "{name}（基准情景）：{title}")
SET = Text(
    "Set in every scenario, whatever its file says: {told}.",
    "不論檔案所載，各情景一律設定：{told}。",
    "不论文件所载，各情景一律设定：{told}。",
)
OTHER_WORLD = Text(
    "Not the same world as the baseline: this is no comparison of policies alone.",
    "與基準情景的外在條件不同：這並非純粹的政策比較。",
    "与基准情景的外在条件不同：这并非纯粹的政策比较。",
)
OF_WORLD = Text("World: {told}", "外在條件：{told}", "外在条件：{told}")
ALIKE = Text("No difference from the baseline.", "與基準情景沒有差異。", "与基准情景没有差异。")
OWN_WORDS = Text(
    "Titles, and questions in a scenario's own words, stand as their authors wrote them.",
    "標題及情景自擬的問題按作者原文載列。",
    "标题及情景自拟的问题按作者原文载列。",
)


def question(edition: Edition) -> Iterator[Block]:
    """The questions that the scenarios ask."""
    compared = edition.study.scenarios[1:] or edition.study.scenarios
    questions = dict.fromkeys(asked(scenario.question.strip(), edition.language) for scenario in compared if scenario.question)
    yield Heading(edition.say(QUESTION))
    for told in questions or [edition.say(NOT_ASKED)]:
        yield Paragraph(edition.quoted(told), "lead")


def what_was_compared(edition: Edition) -> Iterator[Block]:
    """Each scenario, and what sets it apart from the baseline: policy, then world."""
    yield Heading(edition.say(COMPARED))
    changed = edition.study.manifest.get("set", [])
    if changed:
        yield Paragraph(edition.say(SET, told=edition.quoted(edition.say(LISTED).join(changed))))
    policy, world = (edition.study.differences_in(edition.language, branch) for branch in ("policy", "world"))
    for scenario in edition.study.scenarios:
        name = scenario.name
        is_baseline = name == edition.study.baseline
        title = edition.quoted(scenario.title or name)
        yield Heading(edition.say(BASELINE if is_baseline else SCENARIO, name=name, title=title), 2)
        told = [*policy[name], *(edition.say(OF_WORLD, told=found) for found in world[name])]
        if told:
            yield Bullets(tuple(told))
        elif not is_baseline:
            yield Paragraph(edition.say(ALIKE))
        if world[name]:
            yield Paragraph(edition.say(OTHER_WORLD), "note")
    yield Paragraph(edition.say(OWN_WORDS), "note")
