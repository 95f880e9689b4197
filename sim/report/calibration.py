"""Predicted beside published: what the model says of the figures that somebody has published."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.charts.quantity import scale_for
from sim.ground.arrays import Floats
from sim.ground.text import NOTHING, Language, Text
from sim.metrics.measure_ref import MeasureRef
from sim.report.document import Block, Column, Heading, Paragraph, Row, Side, Table
from sim.report.published import PUBLISHED, Measured, Published
from sim.statistics.intervals import estimate_means

if TYPE_CHECKING:
    from sim.study.study import Study

UNDER, OVER, TO = (
    Text("under {n}", "少於 {n}", "少于 {n}"),
    Text("over {n}", "多於 {n}", "多于 {n}"),
    Text(" to ", " 至 ", " 至 "),
)
SAME_SHARE, NEAR_SHARE = 0.02, 0.2
Verdict = Literal["agrees", "near", "misses", "not predicted"]

ROLES = {
    "check": Text(
        "Predicted: nothing in the model was set from these.",
        "推算：模型中沒有數值取自下列各項。",
        "推算：模型中没有数值取自下列各项。",
    ),
    "input": Text(
        "Calibrated: something was set from these; that such a figure is met proves nothing.",
        "校準：模型中有數值取自下列各項，故相符並不證明甚麼。",
        "校准：模型中有数值取自下列各项，故相符并不证明什么。",
    ),
}
HEADINGS = (
    Text("figure", "數字", "数字"), Text("published", "已公布", "已公布"), Text("predicted", "推算", "推算"), NOTHING
)  # fmt: skip
VERDICTS = {
    "agrees": Text("agrees", "相符", "相符"),
    "near": Text("near", "接近", "接近"),
    "misses": Text("misses", "不符", "不符"),
    "not predicted": Text("not predicted", "未有推算", "未有推算"),
}
SIDES: tuple[Side, ...] = ("left", "right", "right", "left")
SOURCES = Text("Sources and remarks", "出處及說明（英文）", "出处及说明（英文）")
HOW = Text("How to read this", "如何閱讀", "如何阅读")
AGREES = Text(
    "Agrees: in the published range, or out of it by a fiftieth at most; near: by a fifth at most. No clearance time of a "
    "cross-boundary drone is published; what is compared here is what lies around it.",
    "相符：在已公布範圍內，或超出不多於五十分之一；接近：超出不多於五分之一。現時並無跨境無人機清關時間公布，此處比較的是與"
    "其相關的數字。",
    "相符：在已公布范围内，或超出不多于五十分之一；接近：超出不多于五分之一。目前并无跨境无人机通关时间公布，此处比较的是与"
    "其相关的数字。",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure with what was predicted, in its unit; NaN where the study did not measure it.

    low, high: ends of the interval; NaN for a prediction without one.
    """

    published: Published
    predicted: float
    low: float = math.nan
    high: float = math.nan

    @property
    def verdict(self) -> Verdict:
        """Whether the prediction lies beyond the published range by a fiftieth of its nearer end at most, a fifth, or more."""
        if math.isnan(self.predicted):
            return "not predicted"
        nearest = min(max(self.predicted, self.published.low), self.published.high)
        beyond = abs(self.predicted - nearest)
        share = beyond / abs(nearest) if beyond else 0.0
        return "agrees" if share <= SAME_SHARE else "near" if share <= NEAR_SHARE else "misses"

    def in_words(self, language: Language = "en") -> tuple[str, str]:
        """The published and the predicted figure with their unit: "18.0 to 20.0 min", "17.3 min [17.1, 17.4]"."""
        published = self.published
        scale = scale_for(published.unit, published.low, published.high, self.predicted)
        ends = [end for end in (published.low, published.high) if math.isfinite(end)]
        *written, mean, low, high = scale.levels(*ends, self.predicted, self.low, self.high)
        if published.low == 0:
            figure = UNDER.in_language(language).format(n=written[-1])
        elif not math.isfinite(published.high):
            figure = OVER.in_language(language).format(n=written[0])
        else:
            figure = written[0] if written[0] == written[-1] else TO.in_language(language).join(written)
        joint, unit = "" if scale.unit.en in ("%", "") else " ", scale.unit.in_language(language)
        interval = f" [{low}, {high}]" if low != high else ""
        return f"{figure}{joint}{unit}", f"{mean}{joint}{unit}{interval}"


def compared(study: "Study") -> Sequence[Compared]:
    """Every published figure that the study's scenarios predict, and those that follow from the declarations alone."""
    return [_compared(study, published) for published in PUBLISHED if scenarios_of(published) <= set(study.names)]


def compared_in_blocks(rows: Sequence[Compared], language: Language) -> Iterator[Block]:
    """What `sim calibrate` prints: a table a role of the figures, numbered as their sources are below."""
    numbered = list(enumerate(rows, start=1))
    columns = tuple(Column(heading.in_language(language), side) for heading, side in zip(HEADINGS, SIDES, strict=True))
    for role, heading in ROLES.items():
        cells = [
            Row((f"{number} {row.published.what.in_language(language)}", *row.in_words(language), _verdict(row, language)))
            for number, row in numbered
            if row.published.role == role
        ]
        if cells:
            yield Heading(heading.in_language(language))
            yield Table("", columns, tuple(cells))
    yield Heading(SOURCES.in_language(language))
    for number, row in numbered:
        parts = [row.published.source, row.published.remark, row.published.why if row.verdict == "misses" else ""]
        yield Paragraph(f"{number}  {'; '.join(part for part in parts if part)}.")
    yield Heading(HOW.in_language(language))
    yield Paragraph(AGREES.in_language(language))


def _verdict(row: Compared, language: Language) -> str:
    return VERDICTS[row.verdict].in_language(language)


def scenarios_of(published: Published) -> set[str]:
    """The scenarios that a study needs to predict a figure."""
    prediction = published.prediction
    return {prediction.scenario, prediction.against} - {""} if isinstance(prediction, Measured) else set()


def _compared(study: "Study", published: Published) -> Compared:
    prediction = published.prediction
    if not isinstance(prediction, Measured):
        return Compared(published, prediction.value())
    values = _sum(study, prediction.scenario, prediction.measures) / prediction.per
    if prediction.against:
        before = _sum(study, prediction.against, prediction.measures) / prediction.per
        values = (values - before) / (float(np.nanmean(before)) if prediction.as_share else 1.0)
    estimate = estimate_means(np.atleast_2d(values), study.confidence)[0]
    return Compared(published, estimate.mean, estimate.low, estimate.high)


def _sum(study: "Study", scenario: str, measures: Sequence[str]) -> Floats:
    return np.asarray(np.sum([_values(study, scenario, measure) for measure in measures], axis=0))


def _values(study: "Study", scenario: str, measure: str) -> Floats:
    """A measure's value in each replication, shape (n,), NaN where there is none."""
    metric, part = MeasureRef.parse(measure)
    table = study.replications
    rows = table[(table["scenario"] == scenario) & (table["metric"] == metric) & (table["part"] == part)]
    return rows.set_index("replication")["value"].reindex(range(study.manifest.replications)).to_numpy(dtype=float)
