"""Quantities with units: a small table, because the general libraries misread this field's words.

(pint 0.24 reads "5 nm" as nanometres and refuses "kmh".) Inside the project every quantity is a
float in the SI unit of its dimension; units exist only where a person writes or reads.
"""

import re

# dimension -> {unit as written: how many SI units it is}; the first unit is the SI unit itself.
UNITS: dict[str, dict[str, float]] = {
    "time": {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "length": {"m": 1.0, "km": 1000.0, "ft": 0.3048, "nm": 1852.0},
    "speed": {"m/s": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kn": 1852 / 3600},
    "mass": {"kg": 1.0, "g": 0.001, "t": 1000.0},
    "rate": {"/s": 1.0, "/min": 1 / 60, "/h": 1 / 3600, "/d": 1 / 86400},
    "share": {"": 1.0, "%": 0.01},
}
_WORDS = {
    "second": "s", "seconds": "s", "sec": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hour": "h", "hours": "h", "hr": "h", "day": "d", "days": "d", "metre": "m", "metres": "m",
    "/day": "/d", "/hour": "/h", "per day": "/d", "per hour": "/h", "a day": "/d", "an hour": "/h",
    "mps": "m/s", "kt": "kn", "NM": "nm", "feet": "ft",
}  # fmt: skip
_QUANTITY = re.compile(r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(.*?)\s*")


def allowed_units(dimension: str) -> str:
    """The units of a dimension, as an error message lists them."""
    return ", ".join(unit or "a plain number" for unit in UNITS[dimension])


def parse_quantity(written: object, dimension: str) -> float:
    """The value of `written` ("45 s", "60 km/h", "5%") in the SI unit of `dimension`; finite.

    A bare number is taken only for a share. Raises ValueError that says what is allowed.
    """
    if isinstance(written, bool):
        raise ValueError("a quantity is needed, not true or false")
    if isinstance(written, int | float):
        if dimension == "share":
            return _finite(written)
        raise ValueError(f"the unit is missing; write it behind the number, as in '{written} {next(iter(UNITS[dimension]))}'")
    match = _QUANTITY.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError(f"a number with a unit of {dimension} is needed ({allowed_units(dimension)})")
    number, unit = match.groups()
    unit = _WORDS.get(unit, unit)
    if unit in UNITS[dimension]:
        return _finite(float(number) * UNITS[dimension][unit])
    raise ValueError(_wrong_unit(unit, dimension))


def _finite(number: float) -> float:
    if not abs(number) < 1e300:
        raise ValueError("a finite number is needed")
    return float(number) + 0.0  # no negative zero: it equals zero, but would be written otherwise


def _wrong_unit(unit: str, dimension: str) -> str:
    other = next((name for name, units in UNITS.items() if unit and unit in units), None)
    if other:
        return f"'{unit}' is a unit of {other}; a {dimension} is needed ({allowed_units(dimension)})"
    if not unit:
        return f"the unit is missing; a {dimension} takes {allowed_units(dimension)}"
    return f"unknown unit '{unit}'; a {dimension} takes {allowed_units(dimension)}"


def format_quantity(value: float, dimension: str) -> str:
    """`value` (SI) in the largest unit in which it reads as a short number: 5400 s is "1.5 h".

    The text reads back as exactly `value`.
    """
    if dimension == "share":
        text = f"{value * 100:.12g}%"
        return text if parse_quantity(text, dimension) == value else repr(value)
    units = _written_units(dimension)
    if value == 0:
        return _joined("0", next(iter(UNITS[dimension])))
    for unit, size in units.items():
        number = f"{value / size:.12g}"
        if abs(value / size) >= 1 and len(number) <= 5 and float(number) * size == value:
            return _joined(number, unit)
    smallest, size = list(units.items())[-1]
    number = f"{value / size:.12g}"
    exact = float(number) * size == value
    return _joined(number, smallest) if exact else _joined(repr(value), next(iter(UNITS[dimension])))


def _written_units(dimension: str) -> dict[str, float]:
    """The units in which quantities are shown, largest first."""
    shown = {"rate": ["/d"], "speed": ["m/s"], "mass": ["kg"], "length": ["km", "m"], "time": ["d", "h", "min", "s"]}
    return {unit: UNITS[dimension][unit] for unit in shown[dimension]}


def _joined(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit.startswith("/") else f"{number} {unit}"


def parse_clock(written: object) -> float:
    """Seconds after midnight of a clock time written "07:30" (24:00 is the end of the day)."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", written) if isinstance(written, str) else None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 if match else -1
    if not 0 <= seconds <= 86400:
        raise ValueError("a clock time is needed, hours and minutes with a colon, from 00:00 to 24:00")
    return float(seconds)


def format_clock(seconds: float) -> str:
    """The clock time of an instant given in seconds after midnight."""
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
