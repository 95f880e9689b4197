"""What a scenario file may not hold, each with its exact place, and what an unquoted value is read as."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.node import follow, plain
from sim.scenario.reader import read_file, read_text
from sim.scenario.scalars import resolved, written

FOLDER = Path("folder")


def read(text: str) -> object:
    reading = read_text(text, "a.yaml", FOLDER)
    assert not reading.problems
    assert reading.root is not None
    return plain(reading.root)


@pytest.mark.parametrize(
    ("text", "places", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", [(3, 1)], "the key 'a' stands twice; it stands first in line 1, column 1"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", [(3, 3)], "merge keys"),
        ("a: !!str 5\n", [(1, 4)], "tags"),
        ("a: ! 5\n", [(1, 4)], "tags"),
        ("a:\n  1: x\n", [(2, 3)], 'a key must be a text; write it in quotation marks: "1"'),
        ("a: {true: x}\n", [(1, 5)], 'write it in quotation marks: "true"'),
        ("? [a]\n: 3\n", [(1, 3)], "a key must be a text"),
        ("a: [1, 2\n", [(2, 1)], "a list opened by [ is not closed"),
        ("a: {b: 1\n", [(2, 1)], "keys opened by { are not closed"),
        ("a: b: c\n", [(1, 5)], "a colon with a space behind it can't stand here"),
        ("a: 1\nb\n", [(3, 1)], "a key without its colon"),
        ("a:\n\tb: 1\n\tc: 2\n", [(2, 1), (3, 1)], "a tab stands here"),
        ("a:\tb\n", [(1, 3)], "a tab stands here"),
        ("a: @x\n", [(1, 4)], "can't begin with this character"),
        ("a: 'x\n", [(2, 1)], "no closing one"),
        ("a: *nope\n", [(1, 4)], "no anchor '&nope'"),
        ("a: &x [*x]\n", [(1, 8)], "no anchor '&x'"),
        ("a: 1\n---\nb: 2\n", [(2, 1)], "a second document begins here"),
        ("a: x\x01y\n", [(1, 5)], "a character that can't be printed"),
        ('a: "\\ud800"\n', [(1, 4)], "half a character"),
        ("a: " + "[" * 60 + "]" * 60, [(1, 44)], "nested more than 40 levels deep"),
        ("a: 1\n   b: 2\n", [(2, 5)], "a colon with a space behind it"),
        ("a:\n  b: 1\n c: 2\n", [(3, 2)], "the indentation does not fit"),
    ],
)
def test_each_fault_has_its_place_and_plain_words(text: str, places: list[tuple[int, int]], words: str) -> None:
    problems = read_text(text, "a.yaml", FOLDER).problems
    assert [(p.line, p.column) for p in problems] == places
    assert all(words in p.message.en and p.file == "a.yaml" for p in problems)


def test_several_faults_are_told_at_once() -> None:
    problems = read_text("a: !x 1\na: 2\n2: 3\nb: *no\n", "a.yaml", FOLDER).problems
    assert [(p.line, p.column) for p in problems] == [(1, 4), (2, 1), (3, 1), (4, 4)]


def test_aliases_that_explode_are_refused_without_being_written_out() -> None:
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    problems = read_text("\n".join(lines), "a.yaml", FOLDER).problems
    assert problems[0].line == 6
    assert "more than 100,000 values" in problems[0].message.en


def test_a_small_alias_is_read() -> None:
    assert read("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("07:00", "07:00"),
        ("7:00", "7:00"),
        ("24:00", "24:00"),
        ("2026-11-02", "2026-11-02"),
        ("no", "no"),
        ("45 s", "45 s"),
        ("700", 700),
        ("-3", -3),
        ("0x1f", 31),
        ("0o17", 15),
        ("0777", 777),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("5%", "5%"),
    ],
)
def test_a_value_is_read_as_it_looks(text: str, value: object) -> None:
    assert read(f"a: {text}\n") == {"a": value}
    assert type(read(f"a: {text}\n")["a"]) in (type(value), *type(value).__subclasses__())  # type: ignore[index]


def test_a_clock_stays_a_clock_in_a_file_that_declares_yaml_1_1() -> None:
    assert read("%YAML 1.1\n---\na: {b: 07:00, c: [23:00, 6:30]}\n") == {"a": {"b": "07:00", "c": ["23:00", "6:30"]}}


def test_keys_and_values_know_their_places_and_texts_their_folder() -> None:
    root = read_text("a:\n  b: [1, x]\n", "a.yaml", FOLDER).root
    assert root is not None
    found = follow(root, ["a", "b", 1])
    assert (found.node.place.line, found.node.place.column) == (2, 10)
    assert (follow(root, ["a", "b"]).key.line, follow(root, ["a", "b"]).key.column) == (2, 3)
    assert found.node.value.folder == FOLDER


@pytest.mark.parametrize(("content", "line", "column"), [(b"\xff\xfe", 1, 1), (b"a: 1\nb: \xe9\n", 2, 4)])
def test_a_file_that_is_not_utf_8(tmp_path: Path, content: bytes, line: int, column: int) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    (problem,) = read_file(file).problems
    assert (problem.line, problem.column, problem.file) == (line, column, str(file))
    assert "UTF-8" in problem.message.en


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    reading = read_file(file)
    assert reading.root is not None
    assert plain(reading.root) == {"a": 1, "b": "x"}


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert read_file(tmp_path / "no.yaml").problems[0].message.en == "there is no such file"
    assert read_file(tmp_path).problems[0].message.en == "this is a folder, not a file"


@given(st.one_of(st.text(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False), st.booleans(), st.none()))
def test_a_scalar_that_is_written_reads_back_as_itself(value: str | int | float | bool | None) -> None:
    back = read(f"a: {written(value)}\nb: [{written(value)}, 1]\n")
    assert back == {"a": value, "b": [value, 1]}


@given(st.text(alphabet="0123456789.:eE+-_xo yn"))
def test_an_unquoted_text_never_raises(text: str) -> None:
    assert resolved(text) is None or isinstance(resolved(text), str | int | float)
