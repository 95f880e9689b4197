"""The part of a measure: which pool, side, stage or quantile a number belongs to.

A part is one or more fields joined by "/", as in `documents/hong_kong/wait` or `pad.sheung_wan/07`;
the measure's formula names the fields in order. A field may hold dots (the keys of pools do) but no
"/". The empty part is the total: the only number of a plain measure, or the sum over the parts.
"""

SEPARATOR = "/"
TOTAL = ""


def join_part(*fields: str) -> str:
    """The part of those fields. Raises ValueError where a field holds the separator."""
    if any(SEPARATOR in field for field in fields):
        raise ValueError(f"a field of a part must not hold '{SEPARATOR}': {fields}")
    return SEPARATOR.join(fields)


def split_part(part: str) -> tuple[str, ...]:
    """The fields of a part; none for the whole."""
    return tuple(part.split(SEPARATOR)) if part else ()
