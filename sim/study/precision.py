"""How precise a study is to be: the half widths that its intervals are to come to, by the rule of `sim.statistics.sequential`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.ground.units import parse_quantity
from sim.metrics.measure_ref import NUMBER, MeasureRef, example_in, no_such_measure, quantity_in
from sim.model.metric import Metric
from sim.statistics.sequential import FEWEST, Running

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
    message = "no scenario has this part of the measure" if target.measure.part else "the measure has no whole, only parts"
    return Problem(message, path="precision", found=target.written, allowed=", ".join(near) + more)


def _target(written: str, metrics: Mapping[str, Metric], n_scenarios: int) -> Target:
    name, sign, half_width = (word.strip() for word in written.rpartition("="))
    of_difference = name.startswith(DIFFERENCE)
    measure = MeasureRef.parse(name.removeprefix(DIFFERENCE))
    key = measure.metric
    if not sign or not key or not half_width:
        raise _wrong("a measure and a half width are needed", written, "such as delay_mean=5% or 'wait_mean/pool=10 s'")
    if key not in metrics:
        raise InputError(replace(no_such_measure(key, "precision", metrics), found=Text.same(written)))
    if of_difference and n_scenarios < 2:
        raise _wrong("one scenario alone differs from no other", written, "a second scenario")
    is_relative, unit = half_width.endswith("%"), metrics[key].unit_in(measure.part)
    if of_difference and is_relative:
        allowed = f"a half width in the measure's unit, such as {example_in(unit)}"
        raise _wrong("a difference may be 0, so no share of it says how narrow its interval is to be", written, allowed)
    try:
        required = parse_quantity(half_width, "share") if is_relative else quantity_in(unit, half_width)
    except ValueError as error:
        allowed = f"a share of the mean (5%) or {example_in(unit)}"
        raise _wrong(f"no half width of {key}: {error}", written, allowed) from None
    if required <= 0:
        raise _wrong("the half width must be above 0", written, f"5% or {example_in(unit)}")
    label = _DIFFERENCE.fill(label=metrics[key].label) if of_difference else metrics[key].label
    events = MeasureRef(metrics[key].counted_by or key, measure.part) if metrics[key].rare else None
    return Target(written, measure, label, required, is_relative, of_difference, events)


def _wrong(message: str, written: str, allowed: str) -> InputError:
    return InputError(Problem(message, path="precision", found=written, allowed=allowed))
