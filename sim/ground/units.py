"""Quantities with units: a small table, because the general libraries misread this field's words.

(pint 0.24 reads "5 nm" as nanometres and refuses "kmh".) Inside the project every quantity is a
float in the SI unit of its dimension; units exist only where a person writes or reads.
"""

import re
from fractions import Fraction
from functools import lru_cache

from sim.ground.errors import WordsError
from sim.ground.odd_characters import named, plain_text
from sim.ground.text import COMMA, NOTHING, Language, Text
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S

CURRENCIES: tuple[str, ...] = ("HKD", "CNY", "MOP")
"""Each is a dimension of its own: nothing is converted."""

# dimension -> {unit as written: how many SI units it is}; the first unit is the SI unit itself. Exact
# fractions, so that 95% is the float nearest to 0.95 and 43.2 km/h the same number as 12 m/s.
UNITS: dict[str, dict[str, Fraction]] = {
    "time": {"s": Fraction(1), "min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400)},
    "length": {"m": Fraction(1), "km": Fraction(1000), "ft": Fraction("0.3048"), "nm": Fraction(1852)},
    "speed": {"m/s": Fraction(1), "km/h": Fraction(10, 36), "kmh": Fraction(10, 36), "kn": Fraction(1852, 3600)},
    "mass": {"kg": Fraction(1), "g": Fraction(1, 1000), "t": Fraction(1000)},
    "rate": {"/s": Fraction(1), "/min": Fraction(1, 60), "/h": Fraction(1, 3600), "/d": Fraction(1, 86400)},
    "share": {"": Fraction(1), "%": Fraction(1, 100)},
    **{currency: {currency: Fraction(1)} for currency in CURRENCIES},
}
_WORDS = {
    "second": "s", "seconds": "s", "sec": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hour": "h", "hours": "h", "hr": "h", "day": "d", "days": "d", "metre": "m", "metres": "m",
    "/day": "/d", "/hour": "/h", "per day": "/d", "per hour": "/h", "a day": "/d", "an hour": "/h",
    "mps": "m/s", "kt": "kn", "NM": "nm", "feet": "ft", "HK$": "HKD", "RMB": "CNY",
    "秒": "s", "秒鐘": "s", "秒钟": "s", "個小時": "h", "个小时": "h",
    "分": "min", "分鐘": "min", "分钟": "min", "小時": "h", "小时": "h", "時": "h", "时": "h", "日": "d", "天": "d",
    "percent": "%", "per cent": "%",
    "米": "m", "公尺": "m", "公里": "km", "千米": "km", "米/秒": "m/s", "公里/小時": "km/h", "公里/小时": "km/h",
    "公斤": "kg", "千克": "kg", "克": "g", "噸": "t", "吨": "t", "港元": "HKD", "人民幣": "CNY", "人民币": "CNY",
    "人民幣元": "CNY", "人民币元": "CNY", "澳門元": "MOP", "澳门元": "MOP",
    **{f"/{per}": unit for unit, words in {
        "/s": ("秒",), "/min": ("分", "分鐘", "分钟"), "/h": ("小時", "小时", "時", "时"), "/d": ("日", "天"),
    }.items() for per in words},
}  # fmt: skip
DIMENSION_LABELS: dict[str, Text] = {
    "time": Text("time", "時長", "时长"),
    "length": Text("length", "長度", "长度"),
    "speed": Text("speed", "速度", "速度"),
    "mass": Text("mass", "重量", "重量"),
    "rate": Text("rate", "頻率", "频率"),
    "share": Text("share", "比例", "比例"),
    **{currency: Text.same(currency) for currency in CURRENCIES},
}
"""What a quantity is, by its dimension."""
# The units in which quantities are shown, largest first.
_SHOWN = {
    "time": ("d", "h", "min", "s"), "length": ("km", "m"), "speed": ("m/s",), "mass": ("kg",), "rate": ("/d",), "share": ("%",),
    **{currency: (currency,) for currency in CURRENCIES},
}  # fmt: skip
UNIT_LABELS: dict[str, Text] = {
    "s": Text("s", "秒", "秒"),
    "min": Text("min", "分鐘", "分钟"),
    "h": Text("h", "小時", "小时"),
    "d": Text("d", "日", "日"),
    "m": Text("m", "米", "米"),
    "km": Text("km", "公里", "公里"),
    "m/s": Text("m/s", "米／秒", "米/秒"),
    "g": Text("g", "克", "克"),
    "kg": Text("kg", "公斤", "千克"),
    "/d": Text("/d", "／日", "/日"),
    "%": Text("%", "%", "%"),
    "HKD": Text("HK$", "港元", "港元"),
    "CNY": Text("RMB", "人民幣元", "人民币元"),
    "MOP": Text("MOP", "澳門元", "澳门元"),
}
"""The units in which quantities are shown, as readers see them."""
_QUANTITY = re.compile(r"\s*([-+]?(?:[0-9]{1,300}\.?[0-9]{0,300}|\.[0-9]{1,300})(?:[eE][-+]?[0-9]{1,3})?)\s*(.*?)\s*")


_EXAMPLE = {"time": " s", "length": " m", "speed": " m/s", "mass": " kg", "rate": "/d"} | {c: f" {c}" for c in CURRENCIES}
_NOT_A_TRUTH = Text("a quantity is needed, not true or false", "須填數量，不可填 true 或 false", "须填数量，不可填 true 或 false")
_NO_UNIT = Text(
    "the unit is missing; write it behind the number, as in '{example}'",
    "缺少單位；請在數字後寫上單位，例如 {example}",
    "缺少单位；请在数字后写上单位，例如 {example}",
)
_NO_QUANTITY = Text(
    "a number with a unit of {dimension} is needed ({units})",
    "須填數字連{dimension}單位（{units}）",
    "须填数字及{dimension}单位（{units}）",
)
_NOT_FINITE = Text("a finite number is needed", "須填有限數值", "须填有限数值")
_AN_AMOUNT = Text("an amount in {currency} is needed", "須填以 {currency} 計的金額", "须填以 {currency} 计的金额")
_NOT_CONVERTED = Text(", and nothing is converted", "，系統不作兌換", "，系统不作兑换")
_UNIT_OF_ANOTHER = Text(
    "'{unit}' is a unit of {other}; a {dimension} is needed ({units})",
    "{unit} 是{other}單位；此處須填{dimension}（{units}）",
    "{unit} 是{other}单位；此处须填{dimension}（{units}）",
)
_UNIT_UNKNOWN = Text(
    "unknown unit '{unit}'; a {dimension} takes {units}",
    "單位 {unit} 不明；{dimension}可用 {units}",
    "单位 {unit} 不明；{dimension}可用 {units}",
)
THOUSANDS = Text(
    "numbers have no commas or spaces between thousands; write '{example}'",
    "數字不用千位分隔號；請寫 {example}",
    "数字不用千位分隔号；请写 {example}",
)
_PLAIN_NUMBER = Text("a plain number", "純數字", "纯数字")
_A_CLOCK = Text(
    "a clock time is needed, hours and minutes with a colon, from 00:00 to 24:00",
    "須填時刻，時與分之間用半形冒號，由 00:00 至 24:00",
    "须填时刻，时与分之间用半角冒号，由 00:00 至 24:00",
)
_BETWEEN_THOUSANDS = re.compile(r"(?<=[0-9])[, ](?=[0-9]{3})")
_WITH_COMMAS = re.compile(r"\s*[-+]?[0-9]{1,3}([, ][0-9]{3})+(?![0-9])(\.[0-9]*)?\s*([^,]*)")


def allowed_units(dimension: str) -> Text:
    """The units of a dimension, as an error message lists them."""
    return COMMA.join(Text.same(unit) if unit else _PLAIN_NUMBER for unit in UNITS[dimension])


class NoUnitError(WordsError):
    """A bare number where a quantity is needed."""

    def __init__(self, number: float | str, dimension: str, example: str = "") -> None:
        """example: a quantity such as the parameter usually has, whose unit is proposed; without one, the SI unit is."""
        match = _QUANTITY.fullmatch(example)
        unit = _joined("", match[2]) if match and match[2] in UNITS[dimension] else _EXAMPLE.get(dimension, "")
        super().__init__(_NO_UNIT.fill(example=f"{number}{unit}"))
        self.number, self.dimension = number, dimension

    def __reduce__(self) -> "tuple[type[NoUnitError], tuple[float | str, str]]":
        return type(self), (self.number, self.dimension)


def parse_quantity(written: object, dimension: str) -> float:
    """The value of `written` ("45 s", "60 km/h", "5%") in the SI unit of `dimension`; finite.

    A bare number is taken only for a share. Raises WordsError that says what is allowed.
    """
    if isinstance(written, bool):
        raise WordsError(_NOT_A_TRUTH)
    if isinstance(written, int | float):
        if dimension == "share":
            return _finite(written)
        raise NoUnitError(written, dimension)
    if not isinstance(written, str):
        raise WordsError(_no_quantity(dimension))
    return _parsed(written, dimension)


@lru_cache(maxsize=4096)
def _parsed(written: str, dimension: str) -> float:
    if _WITH_COMMAS.fullmatch(written):
        raise WordsError(THOUSANDS.fill(example=_BETWEEN_THOUSANDS.sub("", written.strip())))
    match = _QUANTITY.fullmatch(written)
    if match is None:
        raise WordsError(named(written) or _no_quantity(dimension))
    number, unit = match.groups()
    unit = _WORDS.get(unit, unit)
    unit = unit.lower() if unit.lower() in UNITS[dimension] else unit
    if unit in UNITS[dimension]:
        return _in_si(number, UNITS[dimension][unit])
    if not unit and dimension not in CURRENCIES:
        raise NoUnitError(number, dimension)
    if plain_text(unit) != unit:
        raise WordsError(named(written))
    raise WordsError(_wrong_unit(unit, dimension))


def _no_quantity(dimension: str) -> Text:
    return _NO_QUANTITY.fill(dimension=DIMENSION_LABELS[dimension], units=allowed_units(dimension))


def _in_si(number: str, size: Fraction) -> float:
    """The float nearest to `number` times the size of its unit."""
    exact = Fraction(number) * size
    if abs(exact) > 10**300:
        raise WordsError(_NOT_FINITE)
    return _finite(float(exact))


def _finite(number: float) -> float:
    if not abs(number) < 1e300:
        raise WordsError(_NOT_FINITE)
    return float(number) + 0.0  # no negative zero: it equals zero, but would be written otherwise


def _wrong_unit(unit: str, dimension: str) -> Text:
    other = next((name for name, units in UNITS.items() if unit and unit in units), None)
    if dimension in CURRENCIES:
        return _AN_AMOUNT.fill(currency=dimension) + (_NOT_CONVERTED if other in CURRENCIES else NOTHING)
    label, units = DIMENSION_LABELS[dimension], allowed_units(dimension)
    if other:
        return _UNIT_OF_ANOTHER.fill(unit=unit, other=DIMENSION_LABELS[other], dimension=label, units=units)
    return _UNIT_UNKNOWN.fill(unit=unit, dimension=label, units=units)


@lru_cache(maxsize=4096, typed=True)
def format_quantity(value: float, dimension: str) -> str:
    """`value` (SI) in the largest unit in which it reads as a short number: 5400 s is "1.5 h".

    The text reads back as exactly `value`.
    """
    units = [(unit, UNITS[dimension][unit]) for unit in _SHOWN[dimension]]
    if value == 0:
        return _joined("0", units[-1][0])
    for unit, size in units:
        number = f"{value / float(size):.12g}"
        long = unit != units[-1][0] and (abs(float(number)) < 1 or len(number) > 5)
        if not long and _in_si(number, size) == value:
            return _joined(number, unit)
    return _joined(repr(value), next(iter(UNITS[dimension])))


def _joined(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit[:1] in ("", "/", "／", "%") else f"{number} {unit}"


def quantity_in_words(written: str, language: Language = "en") -> str:
    """A quantity as `format_quantity` writes it, with its unit in that language; any other text as it is."""
    match = _QUANTITY.fullmatch(written)
    if match is None or match[2] not in UNIT_LABELS:
        return written
    if match[2] in CURRENCIES:
        return amount_in_words(f"{float(match[1]):,.12g}", match[2], language)
    return amount_in_words(match[1], match[2], language)


def amount_in_words(number: str, unit: str, language: Language = "en") -> str:
    """A number with its unit in that language: "45 秒"; of money, "HK$30,870" and "30,870 港元"."""
    label = UNIT_LABELS[unit].in_language(language)
    if unit not in CURRENCIES:
        return _joined(number, label)
    if language != "en":
        return f"{number} {label}"
    return f"{label}{number}" if label.endswith("$") else f"{label} {number}"


def parse_clock(written: object) -> float:
    """Seconds after midnight of a clock time written "07:30" (24:00 is the end of the day)."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", written) if isinstance(written, str) else None
    seconds = int(match[1]) * HOUR_S + int(match[2]) * MINUTE_S if match else -1
    if not 0 <= seconds <= DAY_S:
        raise WordsError((named(written) if isinstance(written, str) else NOTHING) or _A_CLOCK)
    return float(seconds)


def format_clock(seconds: float) -> str:
    """The clock time of an instant given in seconds after midnight."""
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
