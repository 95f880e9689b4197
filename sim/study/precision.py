"""How precise a study is to be: the half widths that its intervals are to come to, by the rule of `sim.statistics.sequential`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.errors import InputError, Problem, WordsError
from sim.ground.text import Text
from sim.ground.units import parse_quantity
from sim.metrics.measure_ref import NUMBER, MeasureRef, example_in, no_such_measure, quantity_in
from sim.model.metric import Metric
from sim.statistics.sequential import FEWEST, Running

_NO_PART = Text("no scenario has this part of the measure", "沒有情景具有該指標的這一部分", "没有情景具有该指标的这一部分")
_NO_WHOLE = Text("the measure has no whole, only parts", "該指標沒有總計，只有各部分", "该指标没有总计，只有各部分")
_NEEDED = Text("a measure and a half width are needed", "須有指標及半寬", "须有指标及半宽")
_SUCH_AS = Text(
    "such as delay_mean=5% or 'wait_mean/pool=10 s'",
    "例如 delay_mean=5% 或 'wait_mean/pool=10 s'",
    "例如 delay_mean=5% 或 'wait_mean/pool=10 s'",
)
_ONE_ALONE = Text("one scenario alone differs from no other", "只有一個情景，無從比較差異", "只有一个情景，无从比较差异")
_A_SECOND = Text("a second scenario", "另加一個情景", "另加一个情景")
_NO_SHARE = Text(
    "a difference may be 0, so no share of it says how narrow its interval is to be",
    "差異可能為 0，故不能以其百分比訂明區間須有多窄",
    "差异可能为 0，故不能用其百分比规定区间须有多窄",
)
_IN_ITS_UNIT = Text(
    "a half width in the measure's unit, such as {example}",
    "以指標單位表示的半寬，例如 {example}",
    "以指标单位表示的半宽，例如 {example}",
)
_SHARE_OR = Text("a share of the mean (5%) or {example}", "平均值的百分比（5%）或 {example}", "平均值的百分比（5%）或 {example}")
_NO_HALF_WIDTH = Text("no half width of {measure}: {why}", "不可作為 {measure} 的半寬：{why}", "不可作为 {measure} 的半宽：{why}")
_NOT_ABOVE_0 = Text("the half width must be above 0", "半寬須大於 0", "半宽须大于 0")

MOST = 1000
DIFFERENCE = "difference:"
_DIFFERENCE = Text("difference of {label}", "{label}的差異", "{label}的差异")


@dataclass(frozen=True, slots=True)
class AskedPrecision:
    """What was asked of a study: targets as written, with so many replications at least and at most."""

    targets: tuple[str, ...]
    replications: int
    max_replications: int


@dataclass(frozen=True, slots=True)
class Target:
    """The half width required of one measure's interval.

    written: as the user wrote it, "delay_mean=5%" · label: of the measure, or of its difference · required: a share of the
    mean's absolute value where `is_relative`, else in the measure's unit · of_difference: the interval is that of the paired
    difference from the scenario it is held against · events: of a measure of rare events, the one that counts them (itself, or
    of a rate another).
    """

    written: str
    measure: MeasureRef
    label: Text
    required: float
    is_relative: bool
    of_difference: bool
    events: MeasureRef | None

    def allowed(self, mean: Floats) -> Floats:
        """The widest half width about these means."""
        return self.required * np.abs(mean) if self.is_relative else np.full_like(mean, self.required)

    def shown(self, half: float, mean: float) -> str:
        """A half width, written as the target writes the one required: "4.8%", "1.6 min"; a question mark where there is none."""
        number, unit = NUMBER.fullmatch(self.written.rpartition("=")[2].strip()).groups()  # type: ignore[union-attr]
        share = half / (self.required * abs(mean)) if self.is_relative and mean else half / self.required
        digits = f"{float(number) * share:.3g}" if math.isfinite(share) else "?"
        return f"{digits}{unit}" if unit in ("", "%") or unit.startswith("/") else f"{digits} {unit}"


def precise(run: Running, target: Target) -> Bools:
    """After which replications the half width is as narrow as required, shape (r,).

    A mean of fewer than 3 values, a NaN or an inf never is. A measure with one value throughout has a half width of 0, and is.
    """
    with np.errstate(invalid="ignore"):
        return (run.n >= FEWEST) & (run.half <= target.allowed(run.mean))


def parse_targets(written: Sequence[str], metrics: Mapping[str, Metric], n_scenarios: int) -> tuple[Target, ...]:
    """The targets of texts like "delay_mean=5%". Raises InputError with every one that can't be."""
    problems: list[Problem] = []
    targets: list[Target] = []
    for text in written:
        try:
            targets.append(_target(text, metrics, n_scenarios))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return tuple(targets)


def not_measured(target: Target, measured: Iterable[MeasureRef]) -> Problem:
    """The problem that no scenario has that part of a measure. measured: what there is."""
    parts = [str(ref) for ref in sorted(measured) if ref.metric == target.measure.metric]
    near = get_close_matches(str(target.measure), parts, n=8, cutoff=0.3) or parts[:8]
    more = " …" if len(parts) > len(near) else ""
    message = _NO_PART if target.measure.part else _NO_WHOLE
    return Problem(message, path="precision", found=Text.same(target.written), allowed=Text.same(", ".join(near) + more))


def _target(written: str, metrics: Mapping[str, Metric], n_scenarios: int) -> Target:
    name, sign, half_width = (word.strip() for word in written.rpartition("="))
    of_difference = name.startswith(DIFFERENCE)
    measure = MeasureRef.parse(name.removeprefix(DIFFERENCE))
    key = measure.metric
    if not sign or not key or not half_width:
        raise _wrong(_NEEDED, written, _SUCH_AS)
    if key not in metrics:
        raise InputError(replace(no_such_measure(key, "precision", metrics), found=Text.same(written)))
    if of_difference and n_scenarios < 2:
        raise _wrong(_ONE_ALONE, written, _A_SECOND)
    is_relative, unit = half_width.endswith("%"), metrics[key].unit_in(measure.part)
    if of_difference and is_relative:
        raise _wrong(_NO_SHARE, written, _IN_ITS_UNIT.fill(example=example_in(unit)))
    try:
        required = parse_quantity(half_width, "share") if is_relative else quantity_in(unit, half_width)
    except WordsError as error:
        allowed = _SHARE_OR.fill(example=example_in(unit))
        raise _wrong(_NO_HALF_WIDTH.fill(measure=key, why=error.words), written, allowed) from None
    if required <= 0:
        raise _wrong(_NOT_ABOVE_0, written, _SHARE_OR.fill(example=example_in(unit)))
    label = _DIFFERENCE.fill(label=metrics[key].label) if of_difference else metrics[key].label
    events = MeasureRef(metrics[key].counted_by or key, measure.part) if metrics[key].rare else None
    return Target(written, measure, label, required, is_relative, of_difference, events)


def _wrong(message: Text, written: str, allowed: Text) -> InputError:
    return InputError(Problem(message, path="precision", found=Text.same(written), allowed=allowed))
