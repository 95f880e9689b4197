"""How a study is to be conducted, which moves none of its numbers, and how replications are done by it."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.archive.checkpoint import Checkpoint
from sim.execution.choose import choose_executor
from sim.execution.interrupts import interruptible
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task
from sim.ground.errors import Interrupted, RunError

Finish = Callable[[Mapping[str, Any], Path], None]


@dataclass(frozen=True, slots=True)
class Order:
    """How a study is to be conducted (see `sim.study.study.run`).

    finish(manifest, folder): writes what belongs into the folder beside the tables · is_kept: whether the folder stays.
    """

    options: RunOptions
    finish: Finish | None
    is_kept: bool = True

    def replicate_missing(
        self, tasks: Sequence[Task], results: dict[int, ReplicationResult], work: Checkpoint, n_flights: int = 0
    ) -> Generator[ReplicationResult, None, None]:
        """Do the tasks that have no result yet; each is kept on disk and added to `results`, by position, before it is yielded.

        n_flights: those simulated before, for the progress.
        """
        missing = [position for position in range(len(tasks)) if position not in results]
        to_do = [tasks[position] for position in missing]
        advance = self.options.progress or (lambda *_: None)
        advance(len(results), len(tasks), n_flights)
        with (
            interruptible() as raise_if_pressed,
            closing(choose_executor(self.options, to_do).run(to_do, work.save)) as completions,
        ):
            for place, result in completions:
                raise_if_pressed()
                results[missing[place]] = result
                n_flights += result.n_flights
                advance(len(results), len(tasks), n_flights)
                yield result

    @contextmanager
    def telling_what_is_left(self, work: Checkpoint, n_tasks: int) -> Iterator[None]:
        """What stops the study says how much of it is kept. Raises RunError as it comes, Interrupted for Ctrl-C."""
        try:
            yield
        except RunError as error:
            raise RunError(f"{error}. {self._left_over(work.n_saved(), n_tasks)}") from error
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped on request. {self._left_over(work.n_saved(), n_tasks)}") from None

    def _left_over(self, n_finished: int, n_tasks: int) -> str:
        """What to tell of a study that ends before it is finished."""
        if not n_finished:
            return "No replication was finished; nothing is left of it"
        if not self.is_kept:
            return "Nothing is left of it, since it was to leave no folder"
        how = "--resume (resume=True)" if self.options.again else "the same command"
        return f"{n_finished} of {n_tasks} replications are finished and kept: {how} goes on from there"
