"""The words of an error are a Text: no sentence in one language alone reaches a user."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = {  # where an error is made: the arguments that hold words, by name and by place
    "Problem": ({"message", "found", "allowed"}, (0,)),
    "contradiction": ({"message", "value", "allowed"}, (0, 3, 4)),
    "refusal": ({"words", "allowed"}, (0,)),
    "WordsError": ({"words"}, (0,)),
    "RunError": ({"words"}, (0,)),
    "Interrupted": ({"words"}, (0,)),
    "wrong_type": ({"allowed"}, (2,)),
    "unknown_name": ({"message"}, (0,)),
}
ROOMS = sorted(path.name for path in (ROOT / "sim").iterdir() if path.is_dir() and not path.name.startswith("_"))


def untranslated(source: str) -> Iterator[int]:
    """The line of each error whose words are a str, or a Text that is the same in every language and yet a sentence."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name == "same" and any(is_sentence(part) for part in call.args):
            yield call.lineno
        names, places = WORDS.get(name, (set(), ()))
        parts = [part for place, part in enumerate(call.args) if place in places]
        parts += [keyword.value for keyword in call.keywords if keyword.arg in names]
        if any(is_str(part) for part in parts):
            yield call.lineno


def is_str(part: ast.expr) -> bool:
    """Whether an expression is plainly a str: a literal, a formatted one, str(...), a join, or one of two of these."""
    match part:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Call(func=ast.Name(id="str")) | ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join")):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return is_str(body) or is_str(orelse)
        case ast.BoolOp(values=values):
            return any(map(is_str, values))
        case ast.BinOp(left=left, right=right):
            return is_str(left) or is_str(right)
    return False


def is_sentence(part: ast.expr) -> bool:
    """Whether a literal holds three words in a row, which nothing that is typed does."""
    literals = [node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return any(re.search(r"\b[a-z]+ [a-z]+ [a-z]+\b", literal) for literal in literals)


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_is_told_in_three_languages(room: str) -> None:
    lines = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "sim" / room).rglob("*.py"))
        for line in untranslated(path.read_text(encoding="utf-8"))
    ]
    assert not lines, "write these as a Text:\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("source", "n"),
    [
        ("Problem('wrong')", 1),
        ("Problem(f'wrong {x}', path='a')", 1),
        ("Problem(WRONG, path='a', allowed=', '.join(names))", 1),
        ("Problem(WRONG, found='nothing' if x else y)", 1),
        ("raise errors.RunError(str(error))", 1),
        ("Problem(WRONG, 'a.yaml', 3, path='a', found=Text.same(x), allowed=COMMA.join(names))", 0),
        ("Problem(Text.same('this is a sentence'))", 1),
        ("Problem(Text('a', 'b', 'c'), found=Text.same('policy.a: 1 h'))", 0),
    ],
)
def test_words_in_one_language_are_noticed(source: str, n: int) -> None:
    assert len(list(untranslated(source))) == n
