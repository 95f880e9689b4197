"""What changed since an earlier run of a study, as blocks: can the two be compared, what was changed, which answers moved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sim.charts import labels
from sim.ground.text import Language, Text
from sim.metrics.breakdown import TOTAL
from sim.metrics.measure_ref import MeasureRef
from sim.model.feature import Feature
from sim.model.metric import Metric
from sim.report.critical_path import BEFORE, sentences
from sim.report.document import Block, Bullets, Column, Heading, Paragraph, Row, Table
from sim.report.finding import ALWAYS, Finding
from sim.report.sentences import Saying, closed_up, saying_of
from sim.report.spoken import period_in_words
from sim.scenario.differences import in_words
from sim.scenario.parameters import worded
from sim.scenario.schema import BRANCHES
from sim.study.changes import StudyChanges, VerdictChange, earlier
from sim.study.shown_names import in_quotation_marks, names_in
from sim.study.verdict import VERDICT_LABELS, Verdict

if TYPE_CHECKING:
    from sim.study.study import Study

TITLE = Text("What changed since the earlier run", "與上次運行相比的變化", "与上次运行相比的变化")
CAN_COMPARE = Text("Can the two be compared?", "兩次運行可否比較？", "两次运行能否比较？")
THE_EARLIER = Text("the earlier run", "上次運行", "上次运行")
IDENTICAL = Text(
    "No number differs: {n}, {replications} replications of each.",
    "所有數字完全相同：{n}，各重複 {replications} 次。",
    "所有数字完全相同：{n}，各重复 {replications} 次。",
)
SCENARIOS, ONE_SCENARIO = Text("{n} scenarios", "{n} 個情景", "{n} 个情景"), Text("one scenario", "1 個情景", "1 个情景")
NOTHING_MATTERS = Text(
    "No scenario is shown to differ from the earlier run by as much as matters.",
    "未見任何情景與上次運行有值得關注的差異。",
    "未见任何情景与上次运行有值得关注的差异。",
)
OUTSIDE = Text(
    "More than policy was changed in {names}: what differs there is not the effect of policy alone.",
    "{names}除政策外，外在條件亦有改動：其差異並非純粹由政策造成。",
    "{names}除政策外，外部条件也有改动：其差异并非单纯由政策造成。",
)
NONE_IN_BOTH = Text(
    "No scenario is in both studies, so that there is nothing to compare.",
    "兩項研究沒有相同的情景，無從比較。",
    "两项研究没有相同的情景，无从比较。",
)
ALIKE = Text(
    "Same random numbers (seed {seed}), same days, same version of the model: the two are compared run by run, and what differs "
    "comes from what was changed.",
    "隨機數（種子 {seed}）、統計日及模型版本均相同：逐次比較，差異來自所作的改動。",
    "随机数（种子 {seed}）、统计日及模型版本均相同：逐次比较，差异来自所作的改动。",
)
SAME_SEED = Text(
    "Same random numbers (seed {seed}): the two are compared run by run.",
    "隨機數相同（種子 {seed}）：逐次比較。",
    "随机数相同（种子 {seed}）：逐次比较。",
)
OTHER_SEED = Text(
    "Other random numbers (seed {before} before, {after} now): part of every difference is chance. The ranges allow for that, "
    "and are wider than if the seed were the same.",
    "隨機數不同（種子之前為 {before}，現為 {after}）：差異中有隨機成分。範圍已計及此點，故較種子相同時為闊。",
    "随机数不同（种子之前为 {before}，现为 {after}）：差异中有随机成分。范围已考虑这一点，所以比种子相同时宽。",
)
FIRST_RUNS = Text(
    "{before} replications before, {after} now: compared are the first {n}, which both have.",
    "重複次數之前為 {before}，現為 {after}：比較兩者共有的首 {n} 次。",
    "重复次数之前为 {before}，现为 {after}：比较两者共有的前 {n} 次。",
)
ALL_RUNS = Text(
    "{before} replications before, {after} now: all of them count.",
    "重複次數之前為 {before}，現為 {after}：全部計入。",
    "重复次数之前为 {before}，现为 {after}：全部计入。",
)
OTHER_WINDOW = Text(
    "Other days are observed ({before} after a warm-up of {warm_before} before, {after} after {warm_after} now): what is counted "
    "over all of them is left out, and the rest may differ because of the days.",
    "統計日不同（之前為預熱 {warm_before} 後的 {before}，現為預熱 {warm_after} 後的 {after}）：按整段時間計數的指標不作比較，"
    "其餘差異亦可能因日子不同而起。",
    "统计日不同（之前为预热 {warm_before} 后的 {before}，现为预热 {warm_after} 后的 {after}）：按整段时间计数的指标不作比较，"
    "其余差异也可能因日子不同而起。",
)
OTHER_MODEL = Text(
    "{model}: a difference may be the model's, and not come from what was changed. To tell, run the earlier scenarios again with "
    "the version of now.",
    "{model}：差異可能來自模型，而非所作的改動。如要分辨，請以現時版本重新運行先前的情景。",
    "{model}：差异可能来自模型，而不是所作的改动。如要分辨，请用现在的版本重新运行先前的情景。",
)
OTHER_VERSION = Text(
    "The numbers come from another version of the model ({before} before, {after} now)",
    "兩者的模型版本不同（之前為 {before}，現為 {after}）",
    "两者的模型版本不同（之前为 {before}，现为 {after}）",
)
OTHER_CODE = Text(
    "The model, or a library that it reckons with, was changed between the two (both say version {after})",
    "模型或其運算程式庫在兩次運行之間有改動（版本同為 {after}）",
    "模型或其运算程序库在两次运行之间有改动（版本同为 {after}）",
)
OTHER_BOOST = Text(
    "Contraband was drawn {before} times as often as it occurs before, and is now {after} times: the flights are those of other "
    "worlds, and no number is compared.",
    "違禁品的抽樣倍數之前為 {before} 倍，現為 {after} 倍：航班屬不同設定，數字不作比較。",
    "违禁品的抽样倍数之前为 {before} 倍，现为 {after} 倍：航班属不同设定，数字不作比较。",
)
OTHER_CONFIDENCE = Text(
    "The studies state their ranges with {before}% confidence before and {after}% now; here all are of {after}%.",
    "兩項研究的置信水平不同（之前為 {before}%，現為 {after}%）；此處一律為 {after}%。",
    "两项研究的置信水平不同（之前为 {before}%，现为 {after}%）；此处一律为 {after}%。",
)
ADDED = Text("New: {names}. There is nothing to compare with.", "新增情景：{names}；無從比較。", "新增情景：{names}；无从比较。")
REMOVED = Text("No longer there: {names}.", "已移除的情景：{names}。", "已移除的情景：{names}。")
RENAMED = Text(
    "{after} was called {before}: policy and world are the same.",
    "{after}原名 {before}：政策及外在條件相同。",
    "{after}原名 {before}：政策及外部条件相同。",
)
HELD_OTHERWISE = Text(
    "{name} is held against {after}, and was against {before}: its verdicts within the study are not set side by side.",
    "{name}現與{after}比較，之前與{before}比較：其研究內的結論不作對照。",
    "{name}现与{after}比较，之前与{before}比较：其研究内的结论不作对照。",
)
NO_BASE = Text("nothing", "（無）", "（无）")
UNREADABLE = Text(
    "The scenarios of {study} were written for another version and can't be read: what was changed in them can't be said.",
    "{study} 的情景由其他版本寫成，無法讀取：未能列出當中的改動。",
    "{study} 的情景由其他版本写成，无法读取：未能列出其中的改动。",
)
NOT_CHANGED = Text(
    "Nothing was changed in it, and no number differs.", "情景沒有改動，數字完全相同。", "情景没有改动，数字完全相同。"
)
NO_NUMBER = Text("No number differs.", "數字完全相同。", "数字完全相同。")
BY_CHANCE = Text(
    "Nothing was changed in it: what differs is chance{or_model}.",
    "情景沒有改動：差異屬隨機波動{or_model}。",
    "情景没有改动：差异属随机波动{or_model}。",
)
OR_MODEL = Text(", or comes from the days or the model", "，或因統計日或模型不同而起", "，或因统计日或模型不同而起")
FROM_OUTSIDE = Text(
    "Nothing was changed in it: what differs comes from the days or the model.",
    "情景沒有改動：差異因統計日或模型不同而起。",
    "情景没有改动：差异因统计日或模型不同而起。",
)
OF_BRANCH = {
    "policy": Text("policy: {words}", "政策：{words}", "政策：{words}"),
    "world": Text("world: {words}", "外在條件：{words}", "外部条件：{words}"),
}
IN_ALL = Text("Changed in every scenario", "各情景共有的改動", "各情景共有的改动")
NO_PATHS = Text(
    "What flights wait for is not set side by side, since {which} did not keep it.",
    "航班所等候的環節不作對照：{which}沒有相關記錄。",
    "航班所等候的环节不作对照：{which}没有相关记录。",
)
THE_LATER, NEITHER = Text("the later run", "現時的運行", "现在的运行"), Text("both runs", "兩次運行均", "两次运行均")
COLUMNS = (
    Text("measure", "指標", "指标"),
    Text("before", "之前", "之前"),
    Text("now", "現時", "现在"),
    Text("change", "變化", "变化"),
    Text("verdict", "結論", "结论"),
)
NUMBERS = Text("Before and now, in {period}", "之前與現時（{period}）", "之前与现在（{period}）")
NUMBERS_OF_ANY = Text("Before and now", "之前與現時", "之前与现在")
THE_OTHERS = Text(
    "Of the {all} measures that were looked at, {same} are practically the same; of {open} it can't be told whether they "
    "changed.",
    "所看的 {all} 項指標中，{same} 項實際上相同，{open} 項未能判定有否改變。",
    "所看的 {all} 项指标中，{same} 项实际上相同，{open} 项未能判定有无改变。",
)
VERDICT_WAS = Text(
    "{Label}, against {base}: was “{before}”, is “{after}” now.",
    "{Label}，與{base}比較：之前為「{before}」，現為「{after}」。",
    "{Label}，与{base}比较：之前为“{before}”，现为“{after}”。",
)
WITHIN = Text("Verdicts within the study that changed", "研究內有變的結論", "研究内有变的结论")
PATH = Text("What flights wait for", "航班所等候的環節", "航班所等候的环节")
_BETWEEN = Text(", ", "、", "、")
_ALIKE = (Verdict.SAME, Verdict.TOO_SMALL)
LEAST_PART = 0.01  # of a measure without a direction; what moves by less is not worth a row


@dataclass(frozen=True)
class _BothRuns:
    """What sentences on a scenario before and now need to know of a study."""

    manifest: Any
    metrics: dict[str, Metric]
    features: tuple[Feature, ...]


class ChangesInWords:
    """What changed from one study to another, in one language."""

    def __init__(self, changes: StudyChanges, language: Language = "en") -> None:
        self.changes, self.language = changes, language
        self.names = names_in(changes.after, language)
        self.names_before = names_in(changes.before, language)

    def blocks(self) -> Iterator[Block]:
        """The answer, whether the two can be compared, then scenario by scenario."""
        changes = self.changes
        yield Heading(self._say(TITLE))
        if changes.are_identical:
            count = len(changes.after.names)
            n = self._say(ONE_SCENARIO if count == 1 else SCENARIOS, n=count)
            yield Paragraph(self._say(IDENTICAL, n=n, replications=changes.after.manifest.replications), "lead")
            yield from self._as_bullets([*self._held_otherwise()])
            yield from self._common_changes()
            for name in changes.levers:
                if self._differences(name):
                    yield Heading(self.names[name], 2)
                    yield from self._of_scenario(name, ())
            return
        lines = self._lines() if changes.are_comparable else {}
        yield from self._answer(lines)
        yield Heading(self._say(CAN_COMPARE), 2)
        yield Bullets(tuple(self._comparability()))
        yield from self._common_changes()
        for name in changes.pairs:
            yield Heading(self.names[name], 2)
            yield from self._of_scenario(name, lines.get(name, []))

    def _answer(self, lines: Mapping[str, Sequence[Saying]]) -> Iterator[Block]:
        """What moved most, of each scenario the first that clearly did; or that nothing did."""
        changes = self.changes
        firsts = (next((line for line in of_name if _is_material(line)), None) for of_name in lines.values())
        heads = sorted((line for line in firsts if line is not None), key=lambda line: -line.weight)
        if not changes.pairs:
            yield Paragraph(self._say(NONE_IN_BOTH), "lead")
        if changes.pairs and changes.other_world:
            yield Paragraph(self._say(OUTSIDE, names=self._listed(changes.other_world, self.names)), "lead")
        if heads:
            yield Paragraph(heads[0].sentence(), "lead")
        elif any(name not in changes.other_world for name in lines):
            yield Paragraph(self._say(NOTHING_MATTERS), "lead")

    # ---------------------------------------------------------------------------------------------- can they be compared

    def _comparability(self) -> Iterator[str]:
        changes = self.changes
        before, after = changes.before.manifest, changes.after.manifest
        if not changes.is_paired:
            yield self._say(OTHER_SEED, before=before.seed, after=after.seed)
        else:
            is_alike = not (changes.has_other_window or changes.has_other_model) and changes.are_comparable
            yield self._say(ALIKE if is_alike else SAME_SEED, seed=after.seed)
        if before.replications != after.replications:
            numbers = {"before": before.replications, "after": after.replications, "n": changes.replications}
            yield self._say(FIRST_RUNS if changes.is_paired else ALL_RUNS, **numbers)
        if changes.has_other_window:
            days = [period_in_words(manifest.window.days, self.language) for manifest in (before, after)]
            warm_up = {
                "warm_before": worded(0.0, before.window.warm_up, self.language),
                "warm_after": worded(0.0, after.window.warm_up, self.language),
            }
            yield self._say(OTHER_WINDOW, before=days[0], after=days[1], **warm_up)
        if changes.has_other_model:
            changed = OTHER_CODE if before.version == after.version else OTHER_VERSION
            yield self._say(OTHER_MODEL, model=self._say(changed, before=before.version, after=after.version))
        if not changes.are_comparable:
            yield self._say(OTHER_BOOST, before=f"{changes.boosts[0]:g}", after=f"{changes.boosts[1]:g}")
        if before.confidence != after.confidence:
            levels = {"before": f"{100 * before.confidence:g}", "after": f"{100 * after.confidence:g}"}
            yield self._say(OTHER_CONFIDENCE, **levels)
        for study, readable in zip((changes.before, changes.after), changes.scenarios, strict=True):
            if not readable:
                yield self._say(UNREADABLE, study=study.folder)
        if changes.added:
            yield self._say(ADDED, names=self._listed(changes.added, self.names))
        if changes.removed:
            yield self._say(REMOVED, names=self._listed(changes.removed, self.names_before))
        for name, was in changes.renamed.items():
            yield self._say(RENAMED, after=self._quoted(self.names[name]), before=was)
        yield from self._held_otherwise()
        kept = changes.kept_critical_paths
        if changes.pairs and changes.are_comparable and not all(kept):
            which = NEITHER if not any(kept) else THE_LATER if kept[0] else THE_EARLIER
            yield self._say(NO_PATHS, which=self._say(which))

    def _held_otherwise(self) -> Iterator[str]:
        changes = self.changes
        for name, was in changes.pairs.items():
            now, then = changes.after.against.get(name), changes.before.against.get(was)
            if (changes.pairs.get(now) if now else None) != then:
                bases = {
                    "after": self._quoted(self.names[now]) if now else self._say(NO_BASE),
                    "before": self._quoted(self.names_before[then]) if then else self._say(NO_BASE),
                }
                yield self._say(HELD_OTHERWISE, name=self._quoted(self.names[name]), **bases)

    # ---------------------------------------------------------------------------------------------- scenario by scenario

    def _of_scenario(self, name: str, lines: Sequence[Saying]) -> Iterator[Block]:
        changes = self.changes
        yield from self._as_bullets(self._differences(name))
        is_same, is_known, is_changed = changes.is_same(name), name in changes.levers, bool(changes.levers.get(name))
        if is_same:
            yield Paragraph(self._say(NO_NUMBER if is_changed or not is_known else NOT_CHANGED))
        elif not is_changed and is_known:
            yield Paragraph(self._why_it_differs())
        if not is_same:
            yield from self._numbers(lines)
        verdicts = [self._verdict(change) for change in changes.verdicts({name: [line.ref for line in lines]})]
        if verdicts:
            yield Paragraph(self._say(WITHIN))
            yield Bullets(tuple(verdicts))
        if is_same or not changes.are_comparable:
            return
        path = sentences(changes.critical_path(name), BEFORE, self.language, labels.stages(changes.after.features))
        if path:
            yield Paragraph(self._say(PATH))
            yield Bullets(tuple(path))

    def _common_changes(self) -> Iterator[Block]:
        """What was changed in every scenario, once; of a single one it stands with it."""
        if self._in_every_scenario:
            yield Heading(self._say(IN_ALL), 2)
            yield Bullets(self._in_every_scenario)

    @cached_property
    def _in_every_scenario(self) -> tuple[str, ...]:
        of_names = [self._all_differences(name) for name in self.changes.pairs]
        if len(of_names) < 2:
            return ()
        return tuple(words for words in of_names[0] if all(words in others for others in of_names[1:]))

    def _differences(self, name: str) -> list[str]:
        """What was changed in a scenario, and not in every one."""
        return [words for words in self._all_differences(name) if words not in self._in_every_scenario]

    def _all_differences(self, name: str) -> list[str]:
        return [
            OF_BRANCH[branch].in_language(self.language).format(words=in_words(difference, self.language))
            for branch in BRANCHES
            for difference in self.changes.levers.get(name, ())
            if difference.branch == branch and branch in OF_BRANCH
        ]

    def _why_it_differs(self) -> str:
        is_other = self.changes.has_other_window or self.changes.has_other_model
        if self.changes.is_paired:
            return self._say(FROM_OUTSIDE)
        return self._say(BY_CHANCE, or_model=self._say(OR_MODEL) if is_other else "")

    def _numbers(self, lines: Sequence[Saying]) -> Iterator[Block]:
        """What moved as a table, and how much did not."""
        moved = [line for line in lines if _is_material(line) or _has_moved_elsewhere(line)]
        if moved:
            columns = [Column(self._say(COLUMNS[0]), "left", 3.0), *(Column(self._say(heading)) for heading in COLUMNS[1:4])]
            rows = tuple(Row((line.label(), *line.cells())) for line in moved)
            period = period_in_words(self.changes.after.manifest.window.days, self.language)
            caption = self._say(NUMBERS_OF_ANY if self.changes.has_other_window else NUMBERS, period=period)
            yield Table(caption, (*columns, Column(self._say(COLUMNS[4]), "left")), rows)
        n_same = sum(line.is_alike or line.verdict in _ALIKE or _is_immaterial(line) for line in lines)
        if lines:
            others = {"same": n_same, "open": len(lines) - len(moved) - n_same}
            yield Paragraph(self._say(THE_OTHERS, all=len(lines), **others), "note")

    def _lines(self) -> dict[str, list[Saying]]:
        """By scenario, what was asked of it, what all are asked, and the headline measures, before and now."""
        changes = self.changes
        refs = {name: self._refs(name) for name in changes.pairs}
        if not refs:
            return {}
        levels, differences = changes.table(ref for of_name in refs.values() for ref in of_name)
        records = [
            record
            for name in changes.pairs
            for record in (
                SimpleNamespace(name=name, title=Text.same(self.names[name])),
                SimpleNamespace(name=earlier(name), title=THE_EARLIER),
            )
        ]
        lines = {}
        for name, of_name in refs.items():
            of_both = [record for record in records if record.name in (name, earlier(name))]
            manifest = SimpleNamespace(scenarios=of_both, window=changes.after.manifest.window)
            both = cast("Study", _BothRuns(manifest, changes.after.metrics, changes.after.features))
            sayings = (saying_of(both, ref, name, self.language, levels, differences) for ref in of_name)
            lines[name] = [line for line in sayings if line is not None]
        return lines

    def _refs(self, name: str) -> list[MeasureRef]:
        study = self.changes.after
        asked_of = Finding(study, self.language).sayings.get(name, ())
        summary = study.summary
        rows = summary[
            (summary["scenario"] == name) & summary["metric"].isin([k for k, m in study.metrics.items() if m.headline])
        ]
        headline = [MeasureRef(str(metric), str(part)) for metric, part in zip(rows["metric"], rows["part"], strict=True)]
        always = [MeasureRef.parse(key) for key in ALWAYS]
        return list(dict.fromkeys([*(line.ref for line in asked_of), *always, *(ref for ref in headline if _is_short(ref))]))

    def _verdict(self, change: VerdictChange) -> str:
        label = labels.measure(self.changes.after, change.ref.metric, change.ref.part, self.language)
        words = {key: VERDICT_LABELS[Verdict(value)].in_language(self.language) for key, value in
                 (("before", change.before), ("after", change.after))}  # fmt: skip
        return self._say(VERDICT_WAS, base=self._quoted(self.names[change.base]), Label=label, **words)

    # ---------------------------------------------------------------------------------------------- words

    def _as_bullets(self, items: Sequence[str]) -> Iterator[Block]:
        if items:
            yield Bullets(tuple(items))

    def _quoted(self, name: str) -> str:
        return in_quotation_marks(name, self.language)

    def _listed(self, names: Sequence[str], shown: dict[str, str]) -> str:
        return self._say(_BETWEEN).join(self._quoted(shown[name]) for name in names)

    def _say(self, text: Text, **parts: object) -> str:
        return closed_up(text.in_language(self.language).format(**parts), self.language)


def _is_immaterial(line: Saying) -> bool:
    """Whether it clearly moved, of a measure without a direction, and by next to nothing."""
    return line.verdict in (Verdict.LARGER, Verdict.SMALLER) and line.weight < LEAST_PART


def _is_material(line: Saying) -> bool:
    return line.is_clear and not _is_immaterial(line)


def _has_moved_elsewhere(line: Saying) -> bool:
    """Whether it clearly moved where more than policy did."""
    if line.verdict != Verdict.OTHER_WORLD or line.change is None:
        return False
    low, high = float(line.change["ci_low"]), float(line.change["ci_high"])
    return low > 0 or high < 0


def _is_short(ref: MeasureRef) -> bool:
    """Whether it is a whole or a mean or quantile of all flights, and no part by side, hour or the like."""
    return ref.part in (TOTAL, "mean", "p50", "p95")


def changes_in_blocks(changes: StudyChanges, language: Language = "en") -> list[Block]:
    """What changed from one study to another, in blocks."""
    return list(ChangesInWords(changes, language).blocks())
