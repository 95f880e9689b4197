"""One screen: what was asked, the answer, what limits, what changed and for whom, how sure that is, and what to type next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.charts import labels
from sim.ground.text import Language, Text
from sim.report.as_terminal import WIDTH, lines_of
from sim.report.context import LISTED
from sim.report.document import Block, Bullets, Column, Heading, Paragraph, Row, Table
from sim.report.finding import MINUTES_BY_SIDE, Finding
from sim.report.limits import limit_sentences
from sim.report.precision import target_lines
from sim.report.sections.question import SET
from sim.report.sentences import Saying
from sim.report.spoken import period_in_words
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

HEIGHT = 40
TITLE = Text(
    "GBA flight clearance simulation: {n} scenarios, {runs} runs of {period}, seed {seed}",
    "大灣區航班清關模擬：{n} 個情景，模擬 {runs} 次，每次 {period}，隨機種子 {seed}",
    "大湾区航班清关模拟：{n} 个情景，模拟 {runs} 次，每次 {period}，随机种子 {seed}",
)
TITLE_OF_ONE = Text(
    "GBA flight clearance simulation: one scenario, {runs} runs of {period}, seed {seed}",
    "大灣區航班清關模擬：一個情景，模擬 {runs} 次，每次 {period}，隨機種子 {seed}",
    "大湾区航班清关模拟：一个情景，模拟 {runs} 次，每次 {period}，随机种子 {seed}",
)
ASKED = Text("Asked", "問題", "问题")
ANSWER = Text("Answer", "答案", "答案")
LIMITS = Text("What limits", "制約所在", "制约所在")
CHANGED = Text("What changed", "有何改變", "有何改变")
MEASURED = Text("What was measured", "量度所得", "测得结果")
MEAN, RANGE = Text("mean", "平均", "平均"), Text("range", "範圍", "范围")
WHO = Text("Who gains and who pays", "何方受惠，何方付出", "哪方受惠，哪方付出")
SURE = Text("How sure, and on what it rests", "把握與依據", "把握与依据")
LEVERS = Text("Levers without effect", "不起作用的措施", "不起作用的措施")
NEXT = Text("What to type next", "下一步可輸入", "下一步可输入")
MEASURE = Text("measure", "指標", "指标")
BEFORE, AFTER = Text("without", "對照", "对照"), Text("with it", "此情景", "此情景")
BY = Text("change", "變化", "变化")
MEANS = Text("", "", "")
NAME_AND_BASE = Text("{name}, against {base}", "{name}（與{base}比較）", "{name}（与{base}比较）")
OF = Text("{name}: {levers}", "{name}：{levers}", "{name}：{levers}")
OF_BASE = Text("{name}, against {base}: {levers}", "{name}（與{base}比較）：{levers}", "{name}（与{base}比较）：{levers}")
NO_LEVER = Text("no lever differs", "沒有任何措施不同", "没有任何措施不同")
MORE_LEVERS = Text("and {n} more", "另有 {n} 項", "另有 {n} 项")
BETWEEN, COMMA = Text("; ", "；", "；"), Text(", ", "，", "，")
NOTHING_CHANGED = Text(
    "Nothing that was asked about is shown to change by as much as matters.",
    "就所問的指標，未見值得關注的改變。",
    "就所问的指标，未见值得关注的改变。",
)
NO_SIDE = Text(
    "No side's posts, work or minutes are shown to change by as much as matters.",
    "各方的崗位、工作量及用時未見值得關注的改變。",
    "各方的岗位、工作量及用时未见值得关注的改变。",
)
NOT_BY_SIDE = Text(
    "Not told by side, since more than policy differs.",
    "外在條件不同，不按各方列出。",
    "外部条件不同，不按各方列出。",
)
LEFT_OUT = Text(
    "{heading} ({n} more with --full)",
    "{heading}（另有 {n} 項，加 --full 顯示）",
    "{heading}（另有 {n} 项，加 --full 显示）",
)
NOTES = Text(
    "{n} notes on what may mislead: --full.",
    "另有 {n} 項須留意之處，加 --full 顯示。",
    "另有 {n} 项须留意之处，加 --full 显示。",
)
OF_SIDE = Text("{side}: {changes}", "{side}：{changes}", "{side}：{changes}")
OF_SCENARIO = Text("{name}. {sides}.", "{name}：{sides}。", "{name}：{sides}。")
IN_SHORT: dict[str, Text] = {
    MINUTES_BY_SIDE: Text("landing to release", "抵達至放行", "抵达至放行"),
    "officer_posts": Text("customs officers at a time", "同時當值海關人員", "同时在岗海关人员"),
    "officer_hours": Text("officer-hours per 1,000 flights", "每千班工時", "每千班工时"),
    "aviation_posts": Text("aviation staff at a time", "同時當值飛行審批人員", "同时在岗飞行审批人员"),
    "immigration_posts": Text("immigration officers at a time", "同時當值入境事務人員", "同时在岗边检人员"),
    "quarantine_posts": Text("quarantine officers at a time", "同時當值檢疫人員", "同时在岗检疫人员"),
}
"""What the lines by side call their measures."""
COMMANDS: tuple[tuple[str, Text], ...] = (
    ("sim report {folder}", Text("a brief of two pages, with annexes", "兩頁簡報及附件", "两页简报及附件")),
    ("sim attribute {folder}", Text("which lever of a package did it", "多項措施之中哪一項起作用", "多项措施中哪一项起作用")),
    ("sim replay {folder}", Text("the flights on a map", "在地圖上重播航班", "在地图上重播航班")),
)
PACKAGE = "sim attribute {folder}"
_SIZES = (
    (10, 3, 3, 2), (8, 3, 3, 1), (6, 3, 3, 1), (6, 2, 2, 1), (5, 2, 2, 1), (5, 2, 1, 1), (4, 2, 1, 1), (5, 2, 1, 0), (5, 2, 0, 0),
    (4, 2, 0, 0), (3, 2, 0, 0), (2, 2, 0, 0), (1, 2, 0, 0), (3, 0, 0, 0), (0, 0, 0, 0),
)  # fmt: skip
"""From the largest to the smallest: rows of what changed, changes a side, levers a scenario, sentences on what limits."""


@dataclass(frozen=True)
class _Size:
    rows: int
    sides: int
    levers: int
    limits: int


def screen_blocks(
    study: "Study", language: Language = "en", folder: Path | None = None, width: int = WIDTH, height: int = HEIGHT
) -> list[Block]:
    """The screen of a study, as much of it as fits in `height` lines of `width` columns.

    folder: where the study stands, as commands name it. The rest is in the full print.
    """
    finding = Finding(study, language)
    blocks: list[Block] = []
    for size in _SIZES:
        blocks = list(_Screen(finding, _Size(*size), folder).blocks())
        if sum(1 for _ in lines_of(blocks, width, spaced=False)) + study.reused <= height:  # a line more says that it stood there
            break
    return blocks


def title_of(study: "Study", language: Language) -> Paragraph:
    """What was run: how many scenarios, how often and for how long."""
    manifest, n = study.manifest, len(study.names)
    words = {
        "n": n,
        "runs": manifest.replications,
        "period": period_in_words(manifest.window.days, language),
        "seed": manifest.seed,
    }
    return Paragraph((TITLE if n > 1 else TITLE_OF_ONE).in_language(language).format(**words), "lead")


def silent_levers(study: "Study", language: Language, most: int | None = None) -> Iterator[Block]:
    """The levers that change nothing, the first of them or all; nothing where there are none."""
    if levers := study.levers_in(language):
        yield Heading(LEVERS.in_language(language))
        yield Bullets(tuple(levers[:most]))


class _Screen:
    """The blocks of one screen of a given size."""

    def __init__(self, finding: Finding, size: _Size, folder: Path | None) -> None:
        self.finding, self.size = finding, size
        self.study, self.language = finding.study, finding.language
        self.folder = str(folder) if folder else "STUDY"
        self.names = names_in(self.study, self.language)

    def blocks(self) -> Iterator[Block]:
        yield title_of(self.study, self.language)
        yield Heading(self._say(ASKED))
        yield from (Paragraph(question) for question in self.finding.questions)
        if self.study.manifest.set:
            yield Paragraph(self._say(SET, list=", ".join(self.study.manifest.set)))
        yield Heading(self._say(ANSWER))
        yield from (Paragraph(sentence, "lead") for sentence in self.finding.sentences())
        yield from silent_levers(self.study, self.language, most=2)
        limits = limit_sentences(self.study, self.language)[: self.size.limits]
        if limits:
            yield Heading(self._say(LIMITS))
            yield from (Paragraph(sentence) for sentence in limits)
        yield from self._changed()
        if self.study.against:
            yield from self._who()
        yield Heading(self._say(SURE))
        joint = " " if self.language == "en" else ""
        notes = len(self.study.warnings_in(self.language))
        full_stop = "." if self.language == "en" else "。"
        targets = [f"{line}{full_stop}" for line in target_lines(self.study, self.language)]
        sentences = [*targets, *self.finding.how_sure(), self.finding.what_it_rests_on()]
        if notes:
            sentences.append(self._say(NOTES, n=notes))
        yield Paragraph(joint.join(sentences))
        yield Heading(self._say(NEXT))
        yield Table("", (Column("", "left"), Column("", "left")), tuple(self._commands()))

    def _changed(self) -> Iterator[Block]:
        """A heading a scenario with its levers, and under it what moved of what was asked about."""
        moved = self.finding.moved() if self.study.against else list(self.finding.sayings[self.study.baseline])
        shown = _evenly(moved, self.size.rows)
        heading, more = self._say(CHANGED if self.study.against else MEASURED), len(moved) - len(shown)
        yield Heading(self._say(LEFT_OUT, heading=heading, n=more) if more else heading)
        if not self.study.against:
            yield from self._levels(shown)
            return
        levers, rows = self.finding.levers(), []
        for name in self.study.against or self.study.names:
            of_name = [line for line in shown if line.name == name]
            if name in self.study.against and (of_name or self.size.levers):
                rows.append(Row((self._heading(name, levers[name]),), is_heading=True))
            rows += [Row((line.label(), *line.cells()), depth=1) for line in of_name]
        if moved:
            headings = [MEASURE, BEFORE, AFTER, BY, MEANS]
            sides: list[str] = ["left", "right", "right", "right", "left"]
            columns = tuple(
                Column(self._say(heading), "left" if side == "left" else "right")
                for heading, side in zip(headings, sides, strict=True)
            )
            yield Table("", columns, tuple(rows))
        else:
            yield Table("", (Column("", "left"),), tuple(rows))
            yield Paragraph(self._say(NOTHING_CHANGED))

    def _levels(self, lines: Sequence[Saying]) -> Iterator[Block]:
        """A row a measure of a scenario that stands alone: its mean, and between what it lies."""
        columns = (Column(self._say(MEASURE), "left"), Column(self._say(MEAN)), Column(self._say(RANGE)))
        yield Table("", columns, tuple(Row((line.label(), line.cells()[1], line.level_range())) for line in lines))

    def _heading(self, name: str, levers: Sequence[str]) -> str:
        """A scenario with what it changes, and with what it is held against where that is not the study's baseline."""
        base = self.study.against[name]
        is_first = base == self.study.baseline
        if not self.size.levers:
            return self.names[name] if is_first else self._say(NAME_AND_BASE, name=self.names[name], base=self.names[base])
        heading = OF if is_first else OF_BASE
        return self._say(heading, name=self.names[name], base=self.names[base], levers=self._levers(levers))

    def _levers(self, levers: Sequence[str]) -> str:
        """What a scenario changes, the first of it, and how many levers there are besides."""
        few = list(levers[: self.size.levers])
        if len(levers) > len(few):
            few.append(self._say(MORE_LEVERS, n=len(levers) - len(few)))
        return self._say(BETWEEN).join(few) or self._say(NO_LEVER)

    def _who(self) -> Iterator[Block]:
        """A line a scenario: by side, whose posts, work and minutes change."""
        by_side = self.finding.by_side()
        if not self.size.sides:
            return
        yield Heading(self._say(WHO))
        lines = []
        for name in self.study.against:
            by_change: dict[str, list[str]] = {}
            for side, of_side in by_side.items():
                changes = [self._in_short(line) for line in of_side if line.name == name]
                if len(changes) > self.size.sides:
                    more = self._say(MORE_LEVERS, n=len(changes) - self.size.sides)
                    changes = [*changes[: self.size.sides], more]
                if changes:
                    by_change.setdefault(self._say(COMMA).join(changes), []).append(labels.part(side, self.language))
            sides = [
                self._say(OF_SIDE, side=self._say(LISTED).join(alike), changes=changes) for changes, alike in by_change.items()
            ]
            if sides:
                lines.append(self._say(OF_SCENARIO, name=self.names[name], sides=self._say(BETWEEN).join(sides)))
        elsewhere = set(self.study.against) <= set(self.finding.elsewhere())
        yield from map(Paragraph, lines or [self._say(NOT_BY_SIDE if elsewhere else NO_SIDE)])

    def _in_short(self, line: Saying) -> str:
        """A change by side: "customs officers on duty \N{UPWARDS ARROW} 0.6"."""
        return f"{self._say(IN_SHORT[line.ref.metric])} {line.short_difference()}"

    def _commands(self) -> Iterator[Row]:
        is_package = any(len(levers) > 1 for levers in self.finding.levers().values())
        commands = COMMANDS if self.size.levers else COMMANDS[:-1]
        for command, what in commands:
            if command != PACKAGE or is_package:
                yield Row((command.format(folder=self.folder), self._say(what)))

    def _say(self, text: Text, **parts: object) -> str:
        return text.in_language(self.language).format(**parts)


def _evenly(lines: Sequence[Saying], most: int) -> list[Saying]:
    """The first of the lines, by turns from each group of those of one scenario, in their order."""
    groups: dict[str, list[Saying]] = {}
    for line in lines:
        groups.setdefault(line.name, []).append(line)
    chosen: list[Saying] = []
    turn = 0
    while len(chosen) < min(most, len(lines)):
        chosen += [of_name[turn] for of_name in groups.values() if turn < len(of_name)][: most - len(chosen)]
        turn += 1
    return [line for line in lines if line in chosen]
