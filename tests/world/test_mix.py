"""Mixes: a number for every key, and what is refused."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.world.mix import Factors, NumbersByKey, Shares

KEYS = ("a", "b", "c")


def adapter(annotation: NumbersByKey) -> TypeAdapter[dict[str, float]]:
    return TypeAdapter(Annotated[dict[str, float], annotation])


@pytest.mark.parametrize(
    ("annotation", "written", "held"),
    [
        (Shares(KEYS), {"b": 0.25, "a": 0.75}, {"a": 0.75, "b": 0.25, "c": 0.0}),
        (Factors(KEYS), {"b": 3}, {"a": 1.0, "b": 3.0, "c": 1.0}),
    ],
)
def test_keys_left_out_are_filled_in_the_order_of_the_keys(
    annotation: NumbersByKey, written: dict[str, float], held: dict[str, float]
) -> None:
    assert list(adapter(annotation).validate_python(written).items()) == list(held.items())
    assert adapter(annotation).json_schema()["propertyNames"] == {"enum": list(KEYS)}


@pytest.mark.parametrize(
    ("annotation", "written", "message"),
    [
        (Shares(KEYS), {"d": 1.0}, "'d' is not one of a, b, c"),
        (Shares(KEYS), {"a": 0.5}, "must add up to 1, not 0.5"),
        (Shares(KEYS), {"a": -0.5, "b": 1.5}, "must not be negative"),
        (Factors(KEYS), {"d": 1.0}, "'d' is not one of a, b, c"),
        (Factors(KEYS), {"a": -1.0}, "a factor must not be negative"),
    ],
)
def test_what_is_no_mix_is_refused(annotation: NumbersByKey, written: dict[str, float], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        adapter(annotation).validate_python(written)
