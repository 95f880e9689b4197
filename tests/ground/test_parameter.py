"""Parameter declarations: types taken exactly, bounds held, values by side, and nothing changed afterwards."""

import pickle
from datetime import date
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from sim.ground.parameter import (
    Amounts,
    BySide,
    Clock,
    Date,
    Duration,
    DurationLaw,
    Group,
    Servers,
    Share,
    Status,
    bounds_in_words,
    declaration_of,
    in_si,
    is_by_side,
    is_each_side,
    parameter,
)
from sim.ground.roster import Turn
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text


class Colour(StrEnum):
    GREEN = "green"
    RED = "red"


def declared(default: Any, bounds: tuple[Any, Any] | None = None) -> Any:
    return parameter(default, Text("a", "b", "c"), "meaning", "source", Status.GUESS, bounds)


class Toy(Group):
    count: int = declared(3, (1, 5))
    pace: float = declared(1, (0.5, 2))
    flag: bool = declared(True)
    name: str = declared("x")
    colour: Colour = declared("green")
    rule: Literal["a", "b"] = declared("a")
    wait: Duration = declared("5 min", ("1 s", "1 h"))
    share: Share = declared(0.5, ("0%", "100%"))
    opens: Clock = declared("07:00", ("06:00", "12:00"))
    first: Date = declared("2026-11-02")
    law: DurationLaw = declared("5 min", ("1 s", "1 h"))
    waits: BySide[Duration] = declared("5 min", ("1 s", "1 h"))
    laws: BySide[DurationLaw] = declared("5 min", ("1 s", "1 h"))
    staff: BySide[Servers] = declared(2, (0, 9))
    clocks: tuple[Clock, ...] = declared(())
    mix: dict[str, Share] = declared({"a": 0.5}, (0, 1))
    maybe: Duration | None = declared(None, (None, "1 h"))


def test_defaults_are_read_like_what_a_file_writes() -> None:
    toy = Toy()
    assert (toy.wait, toy.opens, toy.first, toy.maybe) == (300.0, 25200.0, date(2026, 11, 2), None)
    assert toy.waits == dict.fromkeys(SIDE_KEYS, 300.0)
    assert toy.staff["mainland"] == (Turn(0.0, 2),)


@pytest.mark.parametrize(
    "values",
    [
        {"count": 6},
        {"count": 0},
        {"pace": 0.4},
        {"wait": "2 h"},
        {"wait": "0 s"},
        {"share": "101%"},
        {"share": -0.1},
        {"opens": "05:59"},
        {"law": "2 h"},
        {"law": {"exponential": {"mean": "2 h"}}},
        {"waits": {"hong_kong": "2 h", "mainland": "1 s", "macao": "1 s"}},
        {"waits": "2 h"},
        {"laws": {"hong_kong": "2 h", "mainland": "1 s", "macao": "1 s"}},
        {"staff": 10},
        {"staff": {"07:00": 10}},
        {"mix": {"a": 2}},
        {"maybe": "2 h"},
    ],
)
def test_bounds_hold_for_every_type(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        Toy.model_validate(values)
    assert {detail["type"] for detail in error.value.errors()} == {"out_of_bounds"}


def test_a_default_outside_its_bounds_is_noticed() -> None:
    class Wrong(Group):
        wait: Duration = declared("5 h", ("1 s", "1 h"))

    with pytest.raises(ValidationError):
        Wrong()


@pytest.mark.parametrize(
    "values",
    [
        {"count": "3"},
        {"count": 3.0},
        {"count": True},
        {"pace": "1"},
        {"pace": True},
        {"pace": float("nan")},
        {"flag": 1},
        {"flag": "yes"},
        {"name": 3},
        {"name": b"x"},
        {"colour": "blue"},
        {"rule": "c"},
        {"rule": 1},
        {"wait": 300},
        {"opens": 25200},
        {"first": 20260101},
        {"first": "2026-13-01"},
        {"first": "20261102"},
        {"staff": True},
        {"staff": -1},
        {"staff": {"7:00": 1, "07:00": 2}},
        {"staff": {"00:00": 1, "24:00": 2}},
        {"staff": {}},
        {"clocks": "07:00"},
        {"mix": [1]},
        {"unknown": 1},
        {"mix": {"a": "x"}},
    ],
)
def test_nothing_is_converted_that_was_not_meant(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Toy.model_validate(values)


def test_a_value_by_side_needs_all_sides_and_no_other() -> None:
    with pytest.raises(ValidationError, match="no value for mainland, macao"):
        Toy.model_validate({"waits": {"hong_kong": "1 s"}})
    with pytest.raises(ValidationError, match="there is no side 'hongkong'"):
        Toy.model_validate({"waits": {"hongkong": "1 s", "mainland": "1 s"}})
    assert is_by_side({"hong_kong": 1})
    assert not is_by_side({"lognormal": {}})
    assert not is_by_side({})
    assert is_each_side(Toy.model_fields["waits"])
    assert not is_each_side(Toy.model_fields["wait"])


def test_a_group_is_written_as_a_file_would_and_reads_back() -> None:
    values = {
        "clocks": ["08:00"],
        "staff": {"hong_kong": {"7:00": 3, "19:00": 1}, "mainland": 4, "macao": 1},
        "maybe": "1 min",
        "mix": {"a": "10%"},
        "laws": {"hong_kong": "3 s", "mainland": {"lognormal": {"mean": "5 min", "cv": 0.6}}, "macao": "3 s"},
    }
    toy = Toy.model_validate(values)
    written = toy.model_dump(mode="json")
    assert written["staff"] == {"hong_kong": {"07:00": 3, "19:00": 1}, "mainland": 4, "macao": 1}
    assert written["laws"]["mainland"] == {"lognormal": {"mean": "5 min", "cv": 0.6}}
    assert (written["wait"], written["share"], written["opens"], written["first"]) == ("5 min", "50%", "07:00", "2026-11-02")
    assert Toy.model_validate(written) == toy == pickle.loads(pickle.dumps(toy))


def test_a_group_can_t_be_changed_at_any_depth() -> None:
    toy = Toy()
    with pytest.raises(ValidationError):
        toy.count = 4
    for change in (lambda: toy.waits.update(mainland=1.0), lambda: toy.mix.pop("a"), lambda: toy.mix.__setitem__("b", 1.0)):
        with pytest.raises(TypeError, match="can't be changed"):
            change()
    assert toy == Toy()


def test_declarations_are_found_and_bounds_read() -> None:
    declaration = declaration_of(Toy.model_fields["wait"])
    assert declaration is not None
    assert (declaration.bounds, declaration.status.value) == (("1 s", "1 h"), "guess")
    assert [in_si(bound) for bound in (3, "1 h", "07:00", "5%", "24/d")] == [3.0, 3600.0, 25200.0, 0.05, 24 / 86400]
    with pytest.raises(ValueError, match="no unit reads"):
        in_si("3 x")
    assert [bounds_in_words(b) for b in (None, (None, None), (1, None), (None, "1 h"), (1, 2))] == [
        "",
        "",
        "at least 1",
        "at most 1 h",
        "1 to 2",
    ]


class Paid(Group):
    pay: Amounts = declared({"macao": "1 MOP"}, (0, None))


def test_amounts_are_each_in_the_currency_of_their_side() -> None:
    paid = Paid.model_validate({"pay": {"mainland": "9000 RMB", "hong_kong": 30000}})
    assert paid.pay == {"hong_kong": 30000.0, "mainland": 9000.0}
    written = paid.model_dump(mode="json")
    assert written == {"pay": {"hong_kong": "30000 HKD", "mainland": "9000 CNY"}}
    assert Paid.model_validate(written) == paid
    assert Paid.model_validate({"pay": {}}).pay == {}


@pytest.mark.parametrize(
    ("pay", "message"),
    [
        ({"hong_kong": "9000 CNY"}, "an amount in HKD is needed, and nothing is converted"),
        ({"hongkong": "9000 HKD"}, "there is no side 'hongkong'"),
        ("9000 HKD", "an amount by side is needed, as in {hong_kong: 1000 HKD}"),
        ({"macao": True}, "not true or false"),
        ({"macao": "-1 MOP"}, "outside its bounds"),
    ],
)
def test_what_is_no_amount_of_a_side_is_refused(pay: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Paid.model_validate({"pay": pay})
