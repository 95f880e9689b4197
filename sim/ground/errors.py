"""Errors that a user can mend or must know of, in three languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.ground.text import NOTHING, Language, Text

LISTED = 20  # problems of one file that a user is told; all the others are counted
_FOUND = Text("found:   ", "現為：", "现为：")
_ALLOWED = Text("allowed: ", "應為：", "应为：")
_MORE = Text("and {n} more problems", "另有 {n} 項錯誤", "另有 {n} 项错误")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input: its place, what was found there and what is allowed.

    `file`, `line` and `column` are those of the file that wrote the value. Lines and columns count from 1; both are 0
    where the fault has no place in a text (a command-line option, a whole file); a row of a table has a line alone.
    `path` is the key's full path, such as `policy.corridor.headway`, or empty. `contradicts` holds the full paths of the other
    parameters whose values forbid the one at `path`; it is empty where that value is never possible. What a user typed and what
    can be typed, a key, a value, a file, is the same in every language (`Text.same`).
    """

    message: Text
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    found: Text = NOTHING
    allowed: Text = NOTHING
    contradicts: tuple[str, ...] = ()

    def in_language(self, language: Language) -> str:
        """The problem as a user is told it: place and message in one line, then what was found and what is allowed."""
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        lines = [": ".join(part for part in (place, self.path, self.message.in_language(language)) if part)]
        for label, text in ((_FOUND, self.found), (_ALLOWED, self.allowed)):
            if text:
                lines.append(f"    {label.in_language(language)}{text.in_language(language)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.in_language("en")


def contradiction(
    message: Text, path: str, contradicts: Sequence[str], value: Text = NOTHING, allowed: Text = NOTHING
) -> Problem:
    """The problem of a value that is possible by itself, and forbidden by those of other parameters, whose paths are given.

    value: it, and what it goes with, as found.
    """
    return Problem(message, path=path, found=value, allowed=allowed, contradicts=tuple(contradicts))


class WordsError(ValueError):
    """A value that can't be taken, with the reason in three languages."""

    def __init__(self, words: Text) -> None:
        super().__init__(words)  # its only argument, so that it can be pickled; as a str it is the English one
        self.words = words


class InputError(Exception):
    """The user's input is at fault; `problems` holds every fault, not only the first. The command exits with 2."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.listed()))

    def listed(self, language: Language = "en") -> list[str]:
        """The problems as a user is told them: the first LISTED of each file, and how many more there are."""
        by_file: dict[str, list[Problem]] = {}
        for problem in self.problems:
            by_file.setdefault(problem.file, []).append(problem)
        lines = []
        for file, problems in by_file.items():
            lines += [problem.in_language(language) for problem in problems[:LISTED]]
            if len(problems) > LISTED:
                more = _MORE.fill(n=len(problems) - LISTED).in_language(language)
                lines.append(": ".join(part for part in (file, more) if part))
        return lines

    def __reduce__(self) -> tuple[type["InputError"], tuple[Problem, ...]]:
        # An exception is pickled with its message; a worker process must send back the problems themselves.
        return type(self), self.problems


class Interrupted(KeyboardInterrupt):
    """The user stopped a study; `words` says what is kept."""

    def __init__(self, words: Text) -> None:
        super().__init__(words)
        self.words = words


class RunError(Exception):
    """A run failed for a reason that is not the user's input. The command exits with 1."""

    def __init__(self, words: Text) -> None:
        super().__init__(words)
        self.words = words
