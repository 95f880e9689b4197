"""The replications of a study that are still missing: done as its options say, each kept on disk as soon as it is finished."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager

from sim.archive.checkpoint import Checkpoint
from sim.execution.choose import choose_executor
from sim.execution.forecast import FEWEST, forecast_s
from sim.execution.interrupts import interruptible
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import Interrupted, RunError
from sim.ground.text import Text

_AND_LEFT = Text("{words}. {left}", "{words}。{left}", "{words}。{left}")
_STOPPED = Text("Stopped on request", "已按要求停止", "已按要求停止")
_NONE_FINISHED = Text(
    "No replication was finished; nothing is left of it", "未有完成任何一次重複，沒有保留結果", "没有完成任何一次重复，未保留结果"
)
_NO_FOLDER = Text(
    "Nothing is left of it, since it was to leave no folder", "原定不留下資料夾，故沒有保留結果", "原定不留下文件夹，故未保留结果"
)
_SAME_COMMAND = Text("the same command", "同一命令", "同一命令")
_KEPT = Text(
    "{n} of {total} replications are finished and kept: {how} goes on from there",
    "{total} 次重複中已完成並保留 {n} 次：{how} 可由此繼續",
    "{total} 次重复中已完成并保留 {n} 次：{how} 可由此继续",
)


def replicate_missing(
    tasks: Sequence[Task], results: dict[int, ReplicationResult], work: Checkpoint, options: RunOptions, n_flights: int = 0
) -> Generator[ReplicationResult, None, None]:
    """Do the tasks that have no result yet; each is kept on disk and added to `results`, by position, before it is yielded.

    n_flights: those simulated before, for the progress.
    """
    missing = [position for position in range(len(tasks)) if position not in results]
    to_do = [tasks[position] for position in missing]
    if options.forecast and options.cluster is None and len(to_do) >= FEWEST:
        options.forecast(len(to_do), forecast_s(to_do, options))
    advance = options.progress or (lambda *_: None)
    advance(len(results), len(tasks), n_flights)
    with (
        interruptible() as raise_if_pressed,
        closing(choose_executor(options, to_do).run(to_do, work.save)) as completions,
    ):
        for place, result in completions:
            raise_if_pressed()
            results[missing[place]] = result
            n_flights += result.n_flights
            advance(len(results), len(tasks), n_flights)
            yield result


@contextmanager
def saying_what_is_kept(work: Checkpoint, n_tasks: int, options: RunOptions) -> Iterator[None]:
    """What stops the study says how much of it is kept. Raises RunError as it comes, Interrupted for Ctrl-C."""
    try:
        yield
    except RunError as error:
        raise RunError(_AND_LEFT.fill(words=error.words, left=_left_over(work.n_saved(), n_tasks, options))) from error
    except KeyboardInterrupt:
        raise Interrupted(_AND_LEFT.fill(words=_STOPPED, left=_left_over(work.n_saved(), n_tasks, options))) from None


def _left_over(n_finished: int, n_tasks: int, options: RunOptions) -> Text:
    """A sentence for a study that ends before it is finished."""
    if not n_finished:
        return _NONE_FINISHED
    if options.out is None:
        return _NO_FOLDER
    how = Text.same("--resume (resume=True)") if options.again else _SAME_COMMAND
    return _KEPT.fill(n=n_finished, total=n_tasks, how=how)
