"""One task, done: its result, or an error that names the task."""

from collections.abc import Callable

from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.ground.errors import InputError, RunError
from sim.ground.text import Text

_FAILED = Text("{task}: {error}", "{task}：{error}", "{task}：{error}")

OnResult = Callable[[Task, ReplicationResult], ReplicationResult]
"""Called once with each finished replication; returns what is handed on, such as the result without tables that are on disk."""


def unchanged(task: Task, result: ReplicationResult) -> ReplicationResult:
    """The result as it is: the `OnResult` of a caller that needs none."""
    return result


def run_task(task: Task, on_result: OnResult = unchanged) -> ReplicationResult:
    """What `on_result` returns for the result of the task.

    Raises RunError that names the task where the replication fails; InputError and the errors of `on_result` (of a full disk, for
    one) are raised as they are.
    """
    try:
        result = replicate(task)
    except InputError:
        raise
    except Exception as error:
        raise RunError(_FAILED.fill(task=task.in_words(), error=f"{type(error).__name__}: {error}")) from error
    return on_result(task, result)


def run_task_captured(task: Task, on_result: OnResult = unchanged) -> ReplicationResult | Exception:
    """What `run_task` returns, or the error that it raises: for another process, which has to send back one of them."""
    try:
        return run_task(task, on_result)
    except Exception as error:
        return error
