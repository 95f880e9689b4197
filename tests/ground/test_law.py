"""Laws against scipy's own distributions, and what is no law."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.ground.law import LAWS, Law, parse_law

U = np.array([0.0, 1e-6, 0.01, 0.25, 0.5, 0.75, 0.99, 1 - 1e-6])


def lognormal(mean: float, cv: float) -> Any:
    sigma = np.sqrt(np.log(1 + cv**2))
    return stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))


@pytest.mark.parametrize(
    ("written", "theory"),
    [
        ({"exponential": {"mean": "5 min"}}, stats.expon(scale=300)),
        ({"lognormal": {"mean": "5 min", "cv": 0.6}}, lognormal(300, 0.6)),
        ({"lognormal": {"mean": "1 h", "cv": 3}}, lognormal(3600, 3)),
        ({"gamma": {"mean": "5 min", "cv": 0.5}}, stats.gamma(4, scale=75)),
        ({"gamma": {"mean": "5 min", "cv": 2}}, stats.gamma(0.25, scale=1200)),
        ({"triangular": {"low": "1 s", "mode": "2 s", "high": "5 s"}}, stats.triang(0.25, 1, 4)),
        ({"triangular": {"low": "1 s", "mode": "1 s", "high": "5 s"}}, stats.triang(0, 1, 4)),
        ({"triangular": {"low": "1 s", "mode": "5 s", "high": "5 s"}}, stats.triang(1, 1, 4)),
        ({"uniform": {"low": "1 s", "high": "5 s"}}, stats.uniform(1, 4)),
    ],
)
def test_quantiles_and_mean_are_those_of_theory(written: object, theory: Any) -> None:
    law = parse_law(written, "time")
    np.testing.assert_allclose(law.quantile(U), theory.ppf(U), rtol=1e-9, atol=1e-12)
    assert law.mean == pytest.approx(theory.mean(), rel=1e-12)


def test_a_fixed_and_an_empirical_law() -> None:
    assert parse_law("5 min", "time").quantile(U).tolist() == [300.0] * len(U)
    assert parse_law({"fixed": "5 min"}, "time") == parse_law("5 min", "time") == parse_law({"fixed": {"value": "300 s"}}, "time")
    law = parse_law({"empirical": {"values": ["3 s", "1 s", "2 s", "6 s"]}}, "time")
    assert law.quantile(np.array([0.0, 0.2499, 0.25, 0.5, 0.75, 0.9999])).tolist() == [1, 1, 2, 3, 6, 6]
    assert law.mean == 3.0


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize(
    "written",
    ["3 s", {"exponential": {"mean": "3 s"}}, {"gamma": {"mean": "3 s", "cv": 1}}, {"empirical": {"values": ["1 s", "2 s"]}}],
)
def test_quantiles_have_the_shape_of_what_is_asked(written: object, shape: tuple[int, ...]) -> None:
    assert parse_law(written, "time").quantile(np.full(shape, 0.5)).shape == shape


def test_only_those_asked_for_have_a_quantile() -> None:
    law = parse_law({"lognormal": {"mean": "5 min", "cv": 0.6}}, "time")
    which = np.arange(len(U)) % 2 == 0
    assert law.quantile_where(which, U).tolist() == np.where(which, law.quantile(U), 0.0).tolist()
    assert not law.quantile_where(np.zeros(len(U), dtype=bool), U).any()


EXAMPLES = [
    "3 s",
    {"exponential": {"mean": "3 s"}},
    {"lognormal": {"mean": "3 s", "cv": 0.5}},
    {"gamma": {"mean": "3 s", "cv": 0.5}},
    {"triangular": {"low": "1 s", "mode": "2 s", "high": "5 s"}},
    {"uniform": {"low": "1 s", "high": "5 s"}},
    {"empirical": {"values": ["1 s", "1.5 min"]}},
]


@pytest.mark.parametrize("written", EXAMPLES)
def test_a_law_is_written_as_it_was_read_scales_and_pickles(written: object) -> None:
    law = parse_law(written, "time")
    assert law.as_written() == written
    assert parse_law(law.as_written(), "time") == law
    assert pickle.loads(pickle.dumps(law)) == law
    assert hash(parse_law(written, "time")) == hash(law)
    np.testing.assert_allclose(law.scaled(3).quantile(U), 3 * law.quantile(U), rtol=1e-12)
    assert law.scaled(3).mean == pytest.approx(3 * law.mean)


def test_every_law_has_an_example_here() -> None:
    assert {parse_law(written, "time").kind for written in EXAMPLES} == set(LAWS)


def test_a_law_in_words() -> None:
    law = parse_law({"lognormal": {"mean": "5 min", "cv": 0.6}}, "time")
    assert str(law) == "lognormal (mean 5 min, cv 0.6)"
    assert law.in_words("zh-Hant") == "對數常態分布 (平均值 5 分鐘, 變異係數 0.6)"
    assert str(parse_law("90 s", "time")) == "1.5 min"
    assert str(parse_law({"empirical": {"values": ["1 s", "2 s"]}}, "time")) == "empirical (2 values, mean 1.5 s)"


def test_values_come_from_a_file_beside_the_scenario(tmp_path: Path) -> None:
    class Name(str):
        folder = tmp_path

    (tmp_path / "times.csv").write_text("\ufeff30,\n\n1 min\n 45\n", encoding="utf-8")
    law = parse_law({"empirical": {"file": Name("times.csv")}}, "time")
    assert isinstance(law, Law)
    assert law.quantile(np.array([0.0, 0.5, 0.9])).tolist() == [30, 45, 60]
    (tmp_path / "lengths.csv").write_text("30\n1 km\n", encoding="utf-8")
    assert parse_law({"empirical": {"file": Name("lengths.csv")}}, "length").mean == 515.0


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), (b"\xff\xfe\x00", "UTF-8"), (b"\n", "no values"), (b"x\n", "a number with a unit")],
)
def test_a_file_that_can_t_be_used(tmp_path: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "times.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        parse_law({"empirical": {"file": str(file)}}, "time")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"normal": {"mean": "3 s"}}, "unknown law 'normal'"),
        ({}, "one law is needed"),
        ({"exponential": {"mean": "3 s"}, "gamma": {}}, "one law is needed"),
        ({"exponential": "3 s"}, "the parameters of exponential are needed"),
        ({"lognormal": {"mean": "3 s"}}, "'cv' is missing"),
        ({"lognormal": {"mean": "3 s", "cv": 0.5, "sd": 3}}, "'sd' is not one of them"),
        ({"lognormal": {"mean": "3 s", "cv": 0}}, "cv"),
        ({"lognormal": {"mean": "3 s", "cv": "0.5"}}, "cv"),
        ({"lognormal": {"mean": "0 s", "cv": 0.5}}, "a mean above 0"),
        ({"exponential": {"mean": "-3 s"}}, "must not be negative"),
        ({"uniform": {"low": "3 s", "high": "3 s"}}, "low < high"),
        ({"triangular": {"low": "3 s", "mode": "2 s", "high": "5 s"}}, "low <= mode <= high"),
        ({"empirical": {"values": []}}, "a list of values"),
        ({"empirical": {"file": "x.csv", "values": ["3 s"]}}, "'file' is not one of them"),
        ("-3 s", "must not be negative"),
        (3, "the unit is missing"),
        ([3], "a number with a unit"),
    ],
)
def test_what_is_no_law_is_refused_in_words(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_law(written, "time")
