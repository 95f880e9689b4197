"""Errors that a user can mend or must know of."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.ground.text import Text

LISTED = 20  # problems of one file that a user is told; all the others are counted


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input: its place, what was found there and what is allowed.

    `file`, `line` and `column` are those of the file that wrote the value. Lines and columns count from 1; both are 0
    where the fault has no place in a text (a command-line option, a whole file); a row of a table has a line alone.
    `path` is the key's full path, such as `policy.corridor.headway`, or empty. `contradicts` holds the full paths of the other
    parameters whose values forbid the one at `path`; it is empty where that value is never possible. `in_words`: the message in
    three languages, of such a contradiction (`contradiction`).
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""
    contradicts: tuple[str, ...] = ()
    in_words: Text | None = None

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        head = ": ".join(part for part in (place, self.path, self.message) if part)
        found_line = f"\n    found:   {self.found}" if self.found else ""
        allowed_line = f"\n    allowed: {self.allowed}" if self.allowed else ""
        return head + found_line + allowed_line


def contradiction(message: Text, path: str, contradicts: Sequence[str], value: str = "", allowed: str = "") -> Problem:
    """The problem of a value that is possible by itself, and forbidden by those of other parameters, whose paths are given.

    value: it, and what it goes with, as found.
    """
    return Problem(message.en, path=path, found=value, allowed=allowed, contradicts=tuple(contradicts), in_words=message)


class InputError(Exception):
    """The user's input is at fault; `problems` holds every fault, not only the first. The command exits with 2."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.listed()))

    def listed(self) -> list[str]:
        """The problems as a user is told them: the first LISTED of each file, and how many more there are."""
        by_file: dict[str, list[Problem]] = {}
        for problem in self.problems:
            by_file.setdefault(problem.file, []).append(problem)
        lines = []
        for file, problems in by_file.items():
            lines += [str(problem) for problem in problems[:LISTED]]
            if len(problems) > LISTED:
                lines.append(": ".join(part for part in (file, f"and {len(problems) - LISTED} more problems") if part))
        return lines

    def __reduce__(self) -> tuple[type["InputError"], tuple[Problem, ...]]:
        # An exception is pickled with its message; a worker process must send back the problems themselves.
        return type(self), self.problems


class Interrupted(KeyboardInterrupt):
    """The user stopped a study; the message says what is kept."""


class RunError(Exception):
    """A run failed for a reason that is not the user's input. The command exits with 1."""
