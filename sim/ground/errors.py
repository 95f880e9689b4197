"""What can go wrong for a user, told so that it can be mended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input: where it stands, what was found there and what is allowed.

    `file`, `line` and `column` (both counted from 1) are those of the file that wrote the value;
    line and column are 0 where the fault has no place in a text (a command-line option, a whole file).
    `path` is the key's full path, such as `policy.corridor.headway`, or empty.
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = ": ".join(part for part in (place, self.path, self.message) if part)
        found = f"\n    found:   {self.found}" if self.found else ""
        allowed = f"\n    allowed: {self.allowed}" if self.allowed else ""
        return head + found + allowed


class InputError(Exception):
    """The user's input is at fault; carries every problem found at once. The command exits with 2."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[Problem, ...]]:
        return type(self), self.problems


class Interrupted(KeyboardInterrupt):
    """The user stopped a study; the message says what is kept."""


class RunError(Exception):
    """A run failed for a reason that is not the user's input. The command exits with 1."""
