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
from sim.ground.errors import WordsError
from sim.ground.input_file import shown_path
from sim.ground.text import COMMA, SEMICOLON, Language, Text
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
_ONE_LAW = Text(
    "one law is needed, with its parameters under its name, as in {example}",
    "須填一種分布，其參數列於名稱之下，例如 {example}",
    "须填一种分布，其参数列于名称之下，例如 {example}",
)
_UNKNOWN_LAW = Text(
    "unknown law '{law}'; the laws are {laws}, as in {example}",
    "沒有分布 {law}；可用 {laws}，例如 {example}",
    "没有分布 {law}；可用 {laws}，例如 {example}",
)
_NO_PARAMETERS = Text(
    "the parameters of {law} are needed: {names}", "須列明 {law} 的參數：{names}", "须列明 {law} 的参数：{names}"
)
_TAKES = Text("{law} takes {names}: {faults}", "{law} 的參數為 {names}：{faults}", "{law} 的参数为 {names}：{faults}")
_NOT_ONE = Text("'{name}' is not one of them", "{name} 不在其中", "{name} 不在其中")
_MISSING = Text("'{name}' is missing", "缺少 {name}", "缺少 {name}")
_VALUES_NEEDED = Text(
    "empirical needs a list of values or a file", "empirical 須列出數值或指明檔案", "empirical 须列出数值或指明文件"
)
_OUT_OF_CV = Text(
    "{name} (coefficient of variation) must be a plain number above 0 and at most 20, not {value}",
    "{name}（變異係數）須為大於 0 而不超過 20 的純數字，現為 {value}",
    "{name}（变异系数）须为大于 0 而不超过 20 的纯数字，现为 {value}",
)
_NEGATIVE = Text("{name} must not be negative", "{name} 不可為負數", "{name} 不可为负数")
_THE_VALUE = Text("the value", "數值", "数值")
_UNIFORM = Text("uniform needs low < high", "uniform 的 low 須小於 high", "uniform 的 low 须小于 high")
_TRIANGULAR = Text(
    "triangular needs low <= mode <= high and low < high",
    "triangular 須 low <= mode <= high，且 low < high",
    "triangular 须 low <= mode <= high，且 low < high",
)
_MEAN_ABOVE_0 = Text("{law} needs a mean above 0", "{law} 的 mean 須大於 0", "{law} 的 mean 须大于 0")
_NO_VALUES = Text("{file}: the file holds no values", "{file}：檔案內沒有數值", "{file}：文件内没有数值")
_ONE_A_LINE = Text(
    "{place}: one value a line is needed, with a decimal point; '{line}' reads as {n} values",
    "{place}：每行只可有一個數值，小數點用半形句點；{line} 會讀成 {n} 個數值",
    "{place}：每行只可有一个数值，小数点用半角句点；{line} 会读成 {n} 个数值",
)
_AT = Text("{place}: {reason}", "{place}：{reason}", "{place}：{reason}")


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

    Raises WordsError that says what is allowed. `empirical: {file: name.csv}` is read relative to the
    folder that the text `name.csv` carries as its attribute `folder` (else the working folder); one
    quantity a line, a bare number being in SI units.
    """
    if isinstance(written, Law):
        return written
    if not isinstance(written, Mapping):
        return Law("fixed", dimension, (("value", _not_negative(parse_quantity(written, dimension), "value")),))
    if len(written) != 1:
        raise WordsError(_ONE_LAW.fill(example=EXAMPLE))
    kind, parts = next(iter(written.items()))
    if kind not in LAWS:
        raise WordsError(_UNKNOWN_LAW.fill(law=kind, laws=COMMA.join(LAWS), example=EXAMPLE))
    if kind == "fixed" and not isinstance(parts, Mapping):
        parts = {"value": parts}
    if not isinstance(parts, Mapping):
        raise WordsError(_NO_PARAMETERS.fill(law=kind, names=COMMA.join(LAWS[kind])))
    if kind == "empirical" and set(parts) == {"file"}:
        return Law(kind, dimension, (("values", _read_values(parts["file"], dimension)),))
    _same_names(kind, parts)
    values = {name: _parameter(name, parts[name], dimension, scaled) for name, scaled in LAWS[kind].items()}
    _check_order(kind, values)
    return Law(kind, dimension, tuple(values.items()))


def _same_names(kind: str, parts: Mapping[str, object]) -> None:
    unknown, missing = set(parts) - set(LAWS[kind]), set(LAWS[kind]) - set(parts)
    if unknown or missing:
        wrong = [_NOT_ONE.fill(name=name) for name in sorted(map(str, unknown))]
        wrong += [_MISSING.fill(name=name) for name in sorted(missing)]
        raise WordsError(_TAKES.fill(law=kind, names=COMMA.join(LAWS[kind]), faults=SEMICOLON.join(wrong)))


def _parameter(name: str, written: object, dimension: str, scaled: bool) -> float | tuple[float, ...]:
    if name == "values":
        if not isinstance(written, list | tuple) or not written:
            raise WordsError(_VALUES_NEEDED)
        return tuple(_not_negative(parse_quantity(value, dimension), name) for value in written)
    if scaled:
        return _not_negative(parse_quantity(written, dimension), name)
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written <= 20:
        raise WordsError(_OUT_OF_CV.fill(name=name, value=repr(written)))
    return float(written)


def _not_negative(value: float, name: str | Text) -> float:
    if not 0 <= value < float("inf"):
        raise WordsError(_NEGATIVE.fill(name=name))
    return value


def _check_order(kind: str, values: Mapping[str, Any]) -> None:
    if kind == "uniform" and not values["low"] < values["high"]:
        raise WordsError(_UNIFORM)
    if kind == "triangular" and not (values["low"] <= values["mode"] <= values["high"] and values["low"] < values["high"]):
        raise WordsError(_TRIANGULAR)
    if "mean" in values and values["mean"] <= 0:
        raise WordsError(_MEAN_ABOVE_0.fill(law=kind))


def _read_values(file: object, dimension: str) -> tuple[float, ...]:
    """The values of a file, one a line; a bare number is in SI units. Raises WordsError that names the line at fault."""
    name = shown_path(table_path(file))
    rows = rows_of(read_table(file), name)
    if not rows:
        raise WordsError(_NO_VALUES.fill(file=name))
    return tuple(_value_of_line(cells, f"{name}:{line}", dimension) for line, cells in rows)


def _value_of_line(cells: list[str], place: str, dimension: str) -> float:
    cells = [cell for cell in cells if cell]
    if len(cells) > 1:
        written = ",".join(cells)
        raise WordsError(_ONE_A_LINE.fill(place=place, line=written, n=len(cells)))
    unit = next(iter(UNITS[dimension]))
    quantity = f"{cells[0]} {unit}" if not isnan(plain_number(cells[0])) else cells[0]
    try:
        return _not_negative(parse_quantity(quantity, dimension), _THE_VALUE)
    except WordsError as error:
        raise WordsError(_AT.fill(place=place, reason=error.words)) from None


def _times(value: Any, factor: float) -> Any:
    return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor


def _written(value: Any, dimension: str) -> Any:
    return [format_quantity(v, dimension) for v in value] if isinstance(value, tuple) else format_quantity(value, dimension)
