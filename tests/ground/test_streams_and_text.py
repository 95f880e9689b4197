"""Random streams depend on seed, replication and name only; texts have three languages."""

import pickle

import numpy as np
import pytest

from sim.ground.errors import LISTED, InputError, Interrupted, Problem, RunError, WordsError
from sim.ground.streams import draw
from sim.ground.text import COMMA, LANGUAGES, NOTHING, Text


def test_a_longer_draw_only_adds_to_the_end() -> None:
    for kind in ("uniform", "normal"):
        assert np.array_equal(draw(1, 0, "a", kind, 10), draw(1, 0, "a", kind, 1000)[:10])


def test_seed_replication_and_name_each_make_another_stream() -> None:
    streams = [draw(*key, "uniform", 50) for key in ((1, 0, "a"), (2, 0, "a"), (1, 1, "a"), (1, 0, "b"))]
    assert len({tuple(stream) for stream in streams}) == 4


def test_draws_are_pinned() -> None:
    """A change here changes every published number."""
    assert draw(1, 0, "a", "uniform", 2).tolist() == [0.29579610531375666, 0.8909742520259233]
    assert draw(1, 0, "a", "normal", 2).tolist() == [0.9269407342697606, 0.17134881957055922]


def test_draws_are_of_their_kind() -> None:
    uniform, normal = draw(3, 0, "x", "uniform", 40_000), draw(3, 0, "x", "normal", 40_000)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    # four standard errors of the mean: 1 / sqrt(12 n) and 1 / sqrt(n)
    assert abs(uniform.mean() - 0.5) < 4 / np.sqrt(12 * 40_000)
    assert abs(normal.mean()) < 4 / np.sqrt(40_000)
    assert abs(normal.std() - 1) < 4 / np.sqrt(2 * 40_000)


def test_streams_of_two_names_are_not_correlated() -> None:
    one, other = draw(3, 0, "x", "normal", 40_000), draw(3, 0, "y", "normal", 40_000)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(40_000)


def test_a_text_is_filled_language_by_language() -> None:
    filled = Text("at {at}", "於{at}", "于{at}").fill(at=Text("origin", "出境方", "出境方"))
    assert [filled.in_language(language) for language in LANGUAGES] == ["at origin", "於出境方", "于出境方"]
    assert str(filled) == "at origin"
    assert Text("{n} of {what}", "{what} {n}", "{what} {n}").fill(n=3, what="a") == Text("3 of a", "a 3", "a 3")


def test_texts_are_joined_and_added_language_by_language() -> None:
    either = Text("either", "二者之一", "二者之一")
    assert COMMA.join(["a", either, "b"]) == Text("a, either, b", "a、二者之一、b", "a、二者之一、b")
    assert COMMA.join([]) == NOTHING and not NOTHING
    assert either + Text.same(".") == Text("either.", "二者之一.", "二者之一.")


def test_a_problem_says_where_what_was_found_and_what_is_allowed() -> None:
    problem = Problem(Text.same("too much"), "a.yaml", 3, 7, "policy.x", Text.same("9"), Text.same("1 to 6"))
    assert str(problem) == "a.yaml:3:7: policy.x: too much\n    found:   9\n    allowed: 1 to 6"
    assert str(Problem(Text.same("too much"), "--set x=9")) == "--set x=9: too much"
    with pytest.raises(InputError) as error:
        raise InputError(problem, problem)
    assert error.value.problems == (problem, problem)


def test_a_problem_is_told_in_three_languages_and_keeps_what_was_typed() -> None:
    problem = Problem(
        Text("too much", "過多", "过多"), "a.yaml", 3, path="policy.x", found=Text.same("9"), allowed=Text("less", "較少", "较少")
    )
    error = InputError(*(problem for _ in range(LISTED + 1)))
    assert error.listed("zh-Hant")[0] == "a.yaml:3: policy.x: 過多\n    現為：9\n    應為：較少"
    assert error.listed("zh-Hans")[-1] == "a.yaml: 另有 1 项错误"
    assert error.listed() == error.listed("en") and str(error).startswith(
        "a.yaml:3: policy.x: too much\n    found:   9\n    allowed: less\n"
    )


@pytest.mark.parametrize("kind", [RunError, Interrupted, WordsError])
def test_errors_keep_their_three_languages_between_processes(kind: type[RunError | Interrupted | WordsError]) -> None:
    words = Text("stopped", "已停止", "已停止")
    error = pickle.loads(pickle.dumps(kind(words)))
    assert error.words == words and str(error) == "stopped"
