"""Laws: probability distributions by name and natural parameters, sampled by inverse from uniforms.

Sampling by inverse keeps common random numbers: a uniform near 1 gives a flight a slow service in
every compared scenario, whatever their laws are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.csv_table import plain_number, read_table, rows_of, table_path
from sim.ground.input_file import shown_path
from sim.ground.text import Language, Text
from sim.ground.units import UNITS, format_quantity, parse_quantity, quantity_in_words

# The parameters of each law: name -> whether it carries the law's dimension (else a plain number).
LAWS: dict[str, dict[str, bool]] = {
    "fixed": {"value": True},
    "exponential": {"mean": True},
    "lognormal": {"mean": True, "cv": False},
    "gamma": {"mean": True, "cv": False},
    "triangular": {"low": True, "mode": True, "high": True},
    "uniform": {"low": True, "high": True},
    "empirical": {"values": True},
}
LAW_LABELS: dict[str, Text] = {
    "fixed": Text("fixed", "固定值", "固定值"),
    "exponential": Text("exponential", "指數分布", "指数分布"),
    "lognormal": Text("lognormal", "對數常態分布", "对数正态分布"),
    "gamma": Text("gamma", "伽瑪分布", "伽马分布"),
    "triangular": Text("triangular", "三角分布", "三角分布"),
    "uniform": Text("uniform", "均勻分布", "均匀分布"),
    "empirical": Text("empirical", "經驗分布", "经验分布"),
}
PART_LABELS: dict[str, Text] = {
    "mean": Text("mean", "平均值", "平均值"),
    "cv": Text("cv", "變異係數", "变异系数"),
    "low": Text("low", "下限", "下限"),
    "mode": Text("mode", "眾數", "众数"),
    "high": Text("high", "上限", "上限"),
    "values": Text("values", "個數值", "个数值"),
}
EXAMPLE = "{lognormal: {mean: 5 min, cv: 0.6}}"


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution of a non-negative quantity, its parameters in SI units.

    `empirical` is the step function of the observed values: each is drawn equally often.
    """

    kind: str
    dimension: str
    parameters: tuple[tuple[str, Any], ...]
    _values: dict[str, Any] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", dict(self.parameters))

    @property
    def mean(self) -> float:
        """The expectation, in SI units."""
        p = self._values
        match self.kind:
            case "fixed":
                return float(p["value"])
            case "triangular":
                return float(p["low"] + p["mode"] + p["high"]) / 3
            case "uniform":
                return float(p["low"] + p["high"]) / 2
            case "empirical":
                return float(np.mean(p["values"]))
        return float(p["mean"])

    def quantile(self, u: Floats) -> Floats:
        """The quantile function at `u` (any shape, values in [0, 1)), in SI units, same shape."""
        p = self._values
        match self.kind:
            case "fixed":
                return np.full(np.shape(u), float(p["value"]))
            case "exponential":
                return np.asarray(-p["mean"] * np.log1p(-u))
            case "lognormal":
                from scipy import special  # here, not above: it would double the time that every command takes to start

                sigma = np.sqrt(np.log1p(p["cv"] ** 2))
                return np.asarray(p["mean"] * np.exp(sigma * special.ndtri(u) - sigma**2 / 2))
            case "gamma":
                from scipy import special

                shape = 1 / p["cv"] ** 2
                return np.asarray(special.gammaincinv(shape, u) * p["mean"] / shape)
            case "triangular":
                low, mode, high = p["low"], p["mode"], p["high"]
                turn = (mode - low) / (high - low)
                rising = low + np.sqrt(u * (high - low) * (mode - low))
                return np.asarray(np.where(u < turn, rising, high - np.sqrt((1 - u) * (high - low) * (high - mode))))
            case "uniform":
                return np.asarray(p["low"] + u * (p["high"] - p["low"]))
        values = np.sort(np.asarray(p["values"], dtype=np.float64))
        return np.asarray(values[np.minimum((u * len(values)).astype(np.int64), len(values) - 1)])

    def quantile_where(self, which: NDArray[np.bool_], u: Floats) -> Floats:
        """The quantile at `u` where `which` is true, else 0, shape of both; computed only where it is true."""
        values = np.zeros(np.shape(u))
        values[which] = self.quantile(u[which])
        return values

    def scaled(self, factor: float) -> "Law":
        """The law of `factor` times the quantity: every parameter in units is multiplied, plain numbers stay."""
        scale = LAWS[self.kind]
        moved = {k: _times(v, factor) if scale[k] else v for k, v in self.parameters}
        return Law(self.kind, self.dimension, tuple(moved.items()))

    def as_written(self) -> str | dict[str, Any]:
        """The law as a scenario file writes it; a fixed law is the bare quantity."""
        if self.kind == "fixed":
            return format_quantity(self._values["value"], self.dimension)
        scale = LAWS[self.kind]
        return {self.kind: {k: _written(v, self.dimension) if scale[k] else v for k, v in self.parameters}}

    def in_words(self, language: Language = "en") -> str:
        """The law in words: "lognormal (mean 5 min, cv 0.6)"; a fixed law is the bare quantity."""
        written = self.as_written()
        if isinstance(written, str):
            return quantity_in_words(written, language)
        word = {key: text.in_language(language) for key, text in PART_LABELS.items()}
        name = LAW_LABELS[self.kind].in_language(language)
        if self.kind == "empirical":
            mean = quantity_in_words(format_quantity(float(f"{self.mean:.4g}"), self.dimension), language)
            return f"{name} ({len(self._values['values'])} {word['values']}, {word['mean']} {mean})"
        parts = [f"{word[part]} {quantity_in_words(str(value), language)}" for part, value in written[self.kind].items()]
        return f"{name} ({', '.join(parts)})"

    def __str__(self) -> str:
        """The law in English words."""
        return self.in_words()


def parse_law(written: object, dimension: str) -> Law:
    """The law of `written`: a bare quantity (fixed) or {name: {parameter: value}}.

    Raises ValueError that says what is allowed. `empirical: {file: name.csv}` is read relative to the
    folder that the text `name.csv` carries as its attribute `folder` (else the working folder); one
    quantity a line, a bare number being in SI units.
    """
    if isinstance(written, Law):
        return written
    if not isinstance(written, Mapping):
        return Law("fixed", dimension, (("value", _not_negative(parse_quantity(written, dimension), "value")),))
    if len(written) != 1:
        raise ValueError(f"one law is needed, with its parameters under its name, as in {EXAMPLE}")
    kind, parts = next(iter(written.items()))
    if kind not in LAWS:
        raise ValueError(f"unknown law '{kind}'; the laws are {', '.join(LAWS)}, as in {EXAMPLE}")
    if kind == "fixed" and not isinstance(parts, Mapping):
        parts = {"value": parts}
    if not isinstance(parts, Mapping):
        raise ValueError(f"the parameters of {kind} are needed: {', '.join(LAWS[kind])}")
    if kind == "empirical" and set(parts) == {"file"}:
        return Law(kind, dimension, (("values", _read_values(parts["file"], dimension)),))
    _same_names(kind, parts)
    values = {name: _parameter(name, parts[name], dimension, scaled) for name, scaled in LAWS[kind].items()}
    _check_order(kind, values)
    return Law(kind, dimension, tuple(values.items()))


def _same_names(kind: str, parts: Mapping[str, object]) -> None:
    unknown, missing = set(parts) - set(LAWS[kind]), set(LAWS[kind]) - set(parts)
    if unknown or missing:
        wrong = [f"'{name}' is not one of them" for name in sorted(map(str, unknown))]
        wrong += [f"'{name}' is missing" for name in sorted(missing)]
        raise ValueError(f"{kind} takes {', '.join(LAWS[kind])}: {'; '.join(wrong)}")


def _parameter(name: str, written: object, dimension: str, scaled: bool) -> float | tuple[float, ...]:
    if name == "values":
        if not isinstance(written, list | tuple) or not written:
            raise ValueError("empirical needs a list of values or a file")
        return tuple(_not_negative(parse_quantity(value, dimension), name) for value in written)
    if scaled:
        return _not_negative(parse_quantity(written, dimension), name)
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written <= 20:
        raise ValueError(f"{name} (coefficient of variation) must be a plain number above 0 and at most 20, not {written!r}")
    return float(written)


def _not_negative(value: float, name: str) -> float:
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} must not be negative")
    return value


def _check_order(kind: str, values: Mapping[str, Any]) -> None:
    if kind == "uniform" and not values["low"] < values["high"]:
        raise ValueError("uniform needs low < high")
    if kind == "triangular" and not (values["low"] <= values["mode"] <= values["high"] and values["low"] < values["high"]):
        raise ValueError("triangular needs low <= mode <= high and low < high")
    if "mean" in values and values["mean"] <= 0:
        raise ValueError(f"{kind} needs a mean above 0")


def _read_values(file: object, dimension: str) -> tuple[float, ...]:
    """The values of a file, one a line; a bare number is in SI units. Raises ValueError that names the line at fault."""
    name = shown_path(table_path(file))
    rows = rows_of(read_table(file), name)
    if not rows:
        raise ValueError(f"{name}: the file holds no values")
    return tuple(_value_of_line(cells, f"{name}:{line}", dimension) for line, cells in rows)


def _value_of_line(cells: list[str], place: str, dimension: str) -> float:
    cells = [cell for cell in cells if cell]
    if len(cells) > 1:
        written = ",".join(cells)
        raise ValueError(f"{place}: one value a line is needed, with a decimal point; '{written}' reads as {len(cells)} values")
    unit = next(iter(UNITS[dimension]))
    quantity = f"{cells[0]} {unit}" if not isnan(plain_number(cells[0])) else cells[0]
    try:
        return _not_negative(parse_quantity(quantity, dimension), "the value")
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _times(value: Any, factor: float) -> Any:
    return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor


def _written(value: Any, dimension: str) -> Any:
    return [format_quantity(v, dimension) for v in value] if isinstance(value, tuple) else format_quantity(value, dimension)
