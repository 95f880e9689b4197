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
        raise RunError(f"{error}. {_left_over(work.n_saved(), n_tasks, options)}") from error
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped on request. {_left_over(work.n_saved(), n_tasks, options)}") from None


def _left_over(n_finished: int, n_tasks: int, options: RunOptions) -> str:
    """A sentence for a study that ends before it is finished."""
    if not n_finished:
        return "No replication was finished; nothing is left of it"
    if options.out is None:
        return "Nothing is left of it, since it was to leave no folder"
    how = "--resume (resume=True)" if options.again else "the same command"
    return f"{n_finished} of {n_tasks} replications are finished and kept: {how} goes on from there"
