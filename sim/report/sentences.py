"""What one measure says of a scenario and of the one it is held against: a sentence, and the cells of a row."""

import math
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.charts.quantity import NOT_KNOWN
from sim.ground.text import Language, Text
from sim.metrics.breakdown import TOTAL, join_part, split_part
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric
from sim.model.phrase import HIGHER_OR_LOWER, MORE_OR_FEWER, Change
from sim.report.spoken import Spoken, coarser, finer, period_in_words, spoken
from sim.study.comparison import NOT_REACHED
from sim.study.shown_names import quoted_names
from sim.study.verdict import IS_BETTER, IS_WORSE, SIGNS, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

Row = Mapping[Hashable, Any]

SHARES: dict[str, Text] = {
    "p50": Text("half of the flights", "半數航班", "半数航班"),
    "p90": Text("9 of 10 flights", "每 10 班航班有 9 班", "每 10 班航班有 9 班"),
    "p95": Text("19 of 20 flights", "每 20 班航班有 19 班", "每 20 班航班有 19 班"),
}
FEWER_ARE = Text("fewer than {share} are ever released", "獲放行的航班不足{share}", "获放行的航班不足{share}")
_LESS_THAN: dict[str, Text] = {
    "p50": Text("half of the flights", "半數", "半数"),
    "p90": Text("9 of 10 flights", "九成", "九成"),
    "p95": Text("19 of 20 flights", "九成半", "九成半"),
}
PLAIN = Text("{label}: {n}", "{label}為 {n}", "{label}为 {n}")
PLAIN_PERCENT = Text("{label}: {n} of {of}", "{label}為每 {of} 有 {n}", "{label}为每 {of} 有 {n}")
IN_BRACKETS = Text(" ({part})", "{part}：", "{part}：")

WITH = Text("With {name}, {level}", "{name}下，{level}", "{name}下，{level}")
THAN = Text(
    "{said}, {change} than with {base}{range}{hedge}.",
    "{said}，較{base}{change}{range}{hedge}。",
    "{said}，比{base}{change}{range}{hedge}。",
)
RANGE = Text(" (between {low} and {high})", "（{low} 至 {high}）", "（{low} 至 {high}）")
PERHAPS = Text("; it may be too little to matter", "，幅度或屬輕微", "，幅度可能轻微")
TOO_LITTLE = Text("; that is too little to matter", "，差異甚微，並無實際影響", "，差异甚微，没有实际影响")
FOR_FEWER = Text(
    "; this is no gain, since fewer flights get through", "；惟獲放行的航班減少，不算改善", "；但获放行的航班减少，不算改善"
)
NOT_POLICY = Text(
    "; more than policy differs, so this is not the effect of policy alone",
    "；兩者的外在條件亦有不同，故並非純粹的政策效果",
    "；两者的外部条件也有不同，所以不是单纯的政策效果",
)
PRACTICALLY = Text("{said}, practically the same as with {base}.", "{said}，與{base}實際上相同。", "{said}，与{base}实际上相同。")
NOT_DECIDED = Text(
    "{said}; compared with {base} that may be anything from {low} to {high}, so this study cannot tell.",
    "{said}；與{base}相比，由{low}至{high}均有可能，本研究未能判定。",
    "{said}；与{base}相比，从{low}到{high}都有可能，本研究未能判定。",
)
TOO_FEW = Text(
    "{said}; there are too few such events to compare it with {base}.",
    "{said}；此類事件太少，不宜與{base}比較。",
    "{said}；此类事件太少，不宜与{base}比较。",
)
NO_NUMBER = Text("{said}; there is nothing to compare with {base}.", "{said}；無法與{base}比較。", "{said}；无法与{base}比较。")
ALIKE = Text(
    "{said}, in every replication the same as with {base}.",
    "{said}，每次重複均與{base}相同。",
    "{said}，每次重复都与{base}相同。",
)
ALONE = Text("{said}.", "{said}。", "{said}。")
UNTIL = Text("{low} to {high}", "{low} 至 {high}", "{low} 至 {high}")
NO_DIFFERENCE = Text("no difference", "沒有差異", "没有差异")
EXACTLY = Text("the same", "相同", "相同")
COMPARATIVE = Text("{word}", "較{word}", "较{word}")
UP, DOWN, LEVEL = "\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}", "="
WORDS: dict[Verdict, Text] = {
    Verdict.BETTER: Text("better", "較佳", "较优"),
    Verdict.WORSE: Text("worse", "較差", "较差"),
    Verdict.BETTER_PERHAPS_SMALL: Text("better, perhaps slightly", "較佳，或屬輕微", "较优，可能轻微"),
    Verdict.WORSE_PERHAPS_SMALL: Text("worse, perhaps slightly", "較差，或屬輕微", "较差，可能轻微"),
    Verdict.LARGER: Text("larger", "較大", "较大"),
    Verdict.SMALLER: Text("smaller", "較小", "较小"),
    Verdict.FEWER_FLIGHTS: Text("for fewer flights", "航班減少", "航班减少"),
    Verdict.OTHER_WORLD: Text("another world", "外在條件不同", "外部条件不同"),
    Verdict.SAME: Text("the same", "實際上相同", "实际上相同"),
    Verdict.TOO_SMALL: Text("too little to matter", "差異甚微", "差异甚微"),
    Verdict.UNDECIDED: Text("cannot tell", "未能判定", "未能判定"),
    Verdict.TOO_FEW_EVENTS: Text("too few to compare", "事件太少", "事件太少"),
    Verdict.NOT_COMPARABLE: Text("no number", "無法比較", "无法比较"),
}
"""A verdict in a cell, beside an arrow."""
_HEDGES: dict[Verdict, Text] = {
    Verdict.BETTER_PERHAPS_SMALL: PERHAPS,
    Verdict.WORSE_PERHAPS_SMALL: PERHAPS,
    Verdict.TOO_SMALL: TOO_LITTLE,
    Verdict.FEWER_FLIGHTS: FOR_FEWER,
    Verdict.OTHER_WORLD: NOT_POLICY,
}
_WITHOUT_COMPARISON: dict[Verdict, Text] = {
    Verdict.SAME: PRACTICALLY,
    Verdict.TOO_FEW_EVENTS: TOO_FEW,
    Verdict.NOT_COMPARABLE: NO_NUMBER,
}


@dataclass(frozen=True)
class Saying:
    """One measure of one scenario: its level, and its difference from the scenario it is held against, in one language.

    level, base: rows of the study's summary · change: the row of its comparison, None where it is held against nothing.
    """

    study: "Study"
    ref: MeasureRef
    name: str
    language: Language
    level: Row
    base: Row | None = None
    change: Row | None = None

    @property
    def metric(self) -> Metric:
        """The measure."""
        return self.study.metrics[self.ref.metric]

    @property
    def verdict(self) -> Verdict | None:
        """What the comparison says of it."""
        return Verdict(self.change["verdict"]) if self.change is not None else None

    @property
    def is_clear(self) -> bool:
        """Whether the comparison shows a difference that may matter."""
        return self.verdict in SIGNS

    @property
    def is_seen(self) -> bool:
        """Whether it differs, be it by policy or by the world: the interval of the difference is without 0."""
        if self.verdict != Verdict.OTHER_WORLD or self.change is None:
            return self.is_clear
        return float(self.change["ci_low"]) > 0 or float(self.change["ci_high"]) < 0

    @property
    def is_told(self) -> bool:
        """Whether the comparison says something: that it differs, or that any difference is too small to matter."""
        return self.is_alike or self.verdict not in (Verdict.UNDECIDED, Verdict.TOO_FEW_EVENTS, Verdict.NOT_COMPARABLE)

    @property
    def is_better(self) -> bool:
        """Whether the difference is for the better."""
        return self.verdict in IS_BETTER

    @property
    def is_worse(self) -> bool:
        """Whether the difference is for the worse."""
        return self.verdict in IS_WORSE

    @property
    def weight(self) -> float:
        """How many times as large as the smallest difference that matters the difference is; 0 where there is no such number."""
        if self.change is None or not math.isfinite(float(self.change["difference"])):
            return 0.0
        matters = float(self.change["matters"])
        if matters > 0:
            return abs(float(self.change["difference"])) / matters
        largest = max(abs(float(row["mean"])) for row in (self.level, self.base or self.level))
        return abs(float(self.change["difference"])) / largest if largest > 0 else 0.0

    @property
    def says_difference(self) -> bool:
        """Whether its sentence says by how much it differs."""
        return self.is_clear or self.verdict in (Verdict.TOO_SMALL, Verdict.OTHER_WORLD)

    @cached_property
    def _own_level(self) -> Spoken:
        """How a level by itself is said: a share as its difference is, all else by its own interval."""
        if self.numbers.of:
            return self.numbers
        half_width = (float(self.level["ci_high"]) - float(self.level["ci_low"])) / 2
        return spoken(self.metric, self.ref.part, half_width, float(self.level["mean"]))

    @cached_property
    def numbers(self) -> Spoken:
        """How its numbers are said: those of the difference, where there is one."""
        levels = [float(row["mean"]) for row in (self.level, self.base) if row is not None]
        interval = self.level if self.change is None else self.change
        low, high = float(interval["ci_low"]), float(interval["ci_high"])
        scale = spoken(self.metric, self.ref.part, (high - low) / 2, *levels)
        if self.change is None or not self.says_difference or not math.isfinite(sum(levels)):
            return scale
        least = min(abs(low), abs(high)) if low * high > 0 else 0.0

        def is_seen(fit: Spoken) -> bool:
            return not self.is_clear or least == 0 or fit.rounded(least) != 0

        # A reader subtracts: of the scales on which the ends are seen, one on which the levels have the difference between them.
        nearest = scale if is_seen(scale) else finer(scale)
        fits = (fit for fit in (nearest, coarser(nearest), finer(nearest)) if is_seen(fit) and self._adds_up(fit, *levels))
        return next(fits, nearest)

    def _adds_up(self, scale: Spoken, after: float, before: float) -> bool:
        """Whether between the levels, as they are said, lies the difference as it is said."""
        assert self.change is not None
        gap = scale.rounded(after) - scale.rounded(before)
        return abs(gap - scale.rounded(float(self.change["difference"]))) < scale.step / 2

    def sentence(self) -> str:
        """The sentence: the level, and how it differs."""
        names = quoted_names(self.study, self.language)
        level = self.clause(self.level)
        stem = self._say(WITH, name=names[self.name], level=level) if len(names) > 1 else level[:1].upper() + level[1:]
        if self.change is None or self.verdict is None:
            return self._say(ALONE, said=stem)
        words = {"said": stem, "base": names[str(self.change["baseline"])]}
        has_number = math.isfinite(float(self.change["difference"]))
        if self.is_alike:
            return self._say(ALIKE, **words)
        if self.verdict in _WITHOUT_COMPARISON or not has_number:
            return self._say(_WITHOUT_COMPARISON.get(self.verdict, NO_NUMBER), **words)
        low, high = float(self.change["ci_low"]), float(self.change["ci_high"])
        if self.verdict == Verdict.UNDECIDED:
            if not math.isfinite(low + high):
                return self._say(NO_NUMBER, **words)
            return self._say(NOT_DECIDED, **words, low=self.difference(low), high=self.difference(high))
        hedge = self._say(_HEDGES[self.verdict]) if self.verdict in _HEDGES else ""
        return self._say(THAN, **words, change=self.difference(), range=self.range(), hedge=hedge)

    @property
    def is_alike(self) -> bool:
        """Whether it was the same in every replication, though too few to say so of all."""
        return self.change is not None and self.verdict == Verdict.UNDECIDED and not float(self.change["differ"])

    def difference(self, value: float | None = None) -> str:
        """A difference in words, "3 fewer"; that of the comparison where no other is named."""
        by = float(self.change["difference"]) if value is None and self.change is not None else float(value or 0.0)
        words = _change_of(self.metric)
        if self.numbers.rounded(by) == 0 and not self.is_clear:
            return self._say(NO_DIFFERENCE)
        n = self.numbers.amount(by, self.language)
        return self._say(words.more if by >= 0 else words.less, n=n)

    def level_range(self) -> str:
        """Between what the level lies; empty where an end is missing."""
        low, high = float(self.level["ci_low"]), float(self.level["ci_high"])
        if not math.isfinite(low + high):
            return ""
        return self._say(UNTIL, low=self._cell({"mean": low}), high=self._cell({"mean": high}))

    def short_difference(self) -> str:
        """The difference behind an arrow, with its unit, as its interval alone would have it."""
        assert self.change is not None
        by, low, high = (float(self.change[column]) for column in ("difference", "ci_low", "ci_high"))
        scale = spoken(self.metric, self.ref.part, (high - low) / 2, by)
        return f"{UP if by > 0 else DOWN} {scale.amount(by, self.language)}"

    def range(self) -> str:
        """Between what the difference lies, in brackets; empty where both ends are said alike, or one is missing."""
        assert self.change is not None
        low, high = float(self.change["ci_low"]), float(self.change["ci_high"])
        if not math.isfinite(low + high):
            return ""
        if low < 0 < high:
            return self._say(RANGE, low=self.difference(low), high=self.difference(high))
        least, most = self.numbers.ends(low, high, self.language)
        return "" if least == most else self._say(RANGE, low=least, high=most)

    def clause(self, row: Row) -> str:
        """A level as a clause."""
        value, phrase = float(row["mean"]), self.metric.phrase
        *group, last = split_part(self.ref.part) or [""]
        is_quantile = last in SHARES
        where = join_part(*group) if is_quantile or last == "mean" else self.ref.part
        part = labels.part(where, self.language, self.study.features) if where else ""
        if is_quantile and (row.get("note") == NOT_REACHED or not math.isfinite(value)):
            return self._say(FEWER_ARE, share=self._say(_LESS_THAN[last]))
        scale = self.numbers if self.says_difference else self._own_level
        amount = scale.number_in_words(value, self.language)
        words = {
            "n": amount if scale.counts else scale.amount(value, self.language),
            "number": amount,
            "of": f"{scale.of:,}",
            "part": part,
            "where": self._say(IN_BRACKETS, part=part) if part else "",
            "share": self._say(SHARES[last]) if is_quantile else "",
            "period": period_in_words(self.study.manifest.window.days, self.language),
        }
        if phrase is None:
            label = labels.measure(self.study, self.ref.metric, self.ref.part, self.language)
            plain = PLAIN if not scale.of else PLAIN_PERCENT
            return self._say(plain, label=label if self.language != "en" else label[:1].lower() + label[1:], **words)
        chosen = phrase.quantile if is_quantile and phrase.quantile else phrase.level
        if value < 0 and (below := phrase.quantile_below if chosen is phrase.quantile else phrase.below) is not None:
            chosen = below
        return self._say(chosen, **words).strip()

    def cells(self) -> tuple[str, str, str, str]:
        """What a row has of it: the level in the base, that in the scenario, the difference with an arrow, and the verdict."""
        before = self._cell(self.base) if self.base is not None else ""
        if self.change is None or self.verdict is None:
            return before, self._cell(self.level), "", ""
        by = float(self.change["difference"])
        change = ""
        if math.isfinite(by) and self.says_difference:
            arrow = UP if self.numbers.rounded(by) > 0 else DOWN if self.numbers.rounded(by) < 0 else LEVEL
            change = f"{arrow} {self.numbers.number(by)}"
        if self.verdict in (Verdict.LARGER, Verdict.SMALLER):
            words = _change_of(self.metric)
            word = self._say(words.more if by > 0 else words.less, n="").strip()
            return before, self._cell(self.level), change, self._say(COMPARATIVE, word=word)
        return before, self._cell(self.level), change, self._say(EXACTLY if self.is_alike else WORDS[self.verdict])

    def _cell(self, row: Row) -> str:
        value = float(row["mean"])
        if not math.isfinite(value):
            return NOT_KNOWN
        sign = "\N{MINUS SIGN}" if self.numbers.rounded(value) < 0 else ""
        return f"{sign}{self.numbers.number(value)}"

    def label(self) -> str:
        """The measure with what its numbers are of, for the first cell of a row: "on time within 15 minutes, of 100"."""
        label = labels.measure(self.study, self.ref.metric, self.ref.part, self.language)
        if self.numbers.of:
            counter = self.numbers.counter.in_language(self.language)
            return self._say(OF_MANY, label=label, of=f"{self.numbers.of:,}", counter=counter).replace(" ）", "）").rstrip()
        if self.metric.unit_in(self.ref.part) == "1" and self.metric.phrase and "{period}" in self.metric.phrase.level.en:
            period = period_in_words(self.study.manifest.window.days, self.language)
            return self._say(IN_PERIOD, label=label, period=period)
        return labels.with_unit(label, self.numbers.unit.in_language(self.language), self.language)

    def _say(self, text: Text, **parts: object) -> str:
        return closed_up(text.in_language(self.language).format(**parts), self.language)


def closed_up(sentence: str, language: Language) -> str:
    """Without the spaces that stand between two Chinese signs where a number's unit was put in."""
    return sentence if language == "en" else _BETWEEN_SIGNS.sub("", sentence)


_BETWEEN_SIGNS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
OF_MANY = Text("{label}, of {of} {counter}", "{label}（每 {of} {counter}）", "{label}（每 {of} {counter}）")
IN_PERIOD = Text("{label}, in {period}", "{label}（{period}內）", "{label}（{period}内）")


def saying(study: "Study", ref: MeasureRef, name: str, language: Language = "en", *, is_together: bool = False) -> Saying | None:
    """What the study has of a measure of a scenario; None where it was not measured.

    The difference is that from the scenario it is held against; is_together: that of all its steps from the baseline.
    """
    return saying_of(study, ref, name, language, study.summary, study.together if is_together else study.comparison)


def saying_of(
    study: "Study", ref: MeasureRef, name: str, language: Language, levels: "pd.DataFrame", differences: "pd.DataFrame"
) -> Saying | None:
    """The same from tables with the columns of a summary and of a comparison, whatever the two compared are."""
    level = _row(levels, ref, name)
    if level is None:
        return None
    change = _row(differences, ref, name)
    base = _row(levels, ref, str(change["baseline"])) if change is not None else None
    return Saying(study, ref, name, language, level, base, change)


def _row(table: Any, ref: MeasureRef, name: str) -> Row | None:
    rows = table[(table["scenario"] == name) & (table["metric"] == ref.metric) & (table["part"] == (ref.part or TOTAL))]
    return rows.to_dict("records")[0] if len(rows) else None


def _change_of(metric: Metric) -> Change:
    if metric.phrase is not None:
        return metric.phrase.change
    return MORE_OR_FEWER if metric.unit == "1" else HIGHER_OR_LOWER
