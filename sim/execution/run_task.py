"""A replication that may fail: its result, or an error that says which it was."""

from collections.abc import Callable

from sim.execution.replicate import Replicated, Task, replicate
from sim.ground.errors import InputError, RunError

Keep = Callable[[Task, Replicated], Replicated]


def given(task: Task, result: Replicated) -> Replicated:
    """The result as it is, kept nowhere."""
    return result


def attempt(task: Task, keep: Keep = given) -> Replicated:
    """The result of a task, kept. Raises RunError that names it; the faults of the user and of the disk pass through."""
    try:
        result = replicate(task)
    except InputError:
        raise
    except Exception as error:
        raise RunError(f"{task}: {type(error).__name__}: {error}") from error
    return keep(task, result)


def attempted(task: Task, keep: Keep = given) -> Replicated | Exception:
    """The same for whoever does it elsewhere: what comes back is the result, or the error that `attempt` raises."""
    try:
        return attempt(task, keep)
    except Exception as error:
        return error
