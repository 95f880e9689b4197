"""How a study is to be conducted, which moves none of its numbers, and how replications are done by it."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.archive.checkpoint import Unfinished
from sim.execution.interrupts import stop_heeded
from sim.execution.replicate import Replicated, Task
from sim.execution.workers import Crew
from sim.ground.errors import Interrupted, RunError

Progress = Callable[[int, int, int], None]
Finish = Callable[[Mapping[str, Any], Path], None]


@dataclass(frozen=True, slots=True)
class Order:
    """How a study is to be conducted (see `sim.study.study.run`).

    finish(manifest, folder): writes what belongs into the folder beside the tables.
    """

    crew: Crew
    resume: bool
    again: bool
    finish: Finish | None
    progress: Progress | None
    is_kept: bool = True

    def replicate_missing(
        self, tasks: Sequence[Task], results: dict[int, Replicated], work: Unfinished, n_flights: int = 0
    ) -> Generator[Replicated, None, None]:
        """Do the tasks that have no result yet; each is kept on disk and added to `results`, by position, before it is yielded.

        n_flights: those simulated before, for the progress.
        """
        missing = [position for position in range(len(tasks)) if position not in results]
        advance = self.progress or (lambda *_: None)
        advance(len(results), len(tasks), n_flights)
        with (
            stop_heeded() as stop_if_asked,
            closing(self.crew.replicate([tasks[position] for position in missing], work.keep)) as finished,
        ):
            for place, result in finished:
                stop_if_asked()
                results[missing[place]] = result
                n_flights += result.n_flights
                advance(len(results), len(tasks), n_flights)
                yield result

    @contextmanager
    def telling_what_is_left(self, work: Unfinished, n_tasks: int) -> Iterator[None]:
        """What stops the study says how much of it is kept. Raises RunError as it comes, Interrupted for Ctrl-C."""
        try:
            yield
        except RunError as error:
            raise RunError(f"{error}. {self._left_over(work.n_kept(), n_tasks)}") from error
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped on request. {self._left_over(work.n_kept(), n_tasks)}") from None

    def _left_over(self, n_finished: int, n_tasks: int) -> str:
        """What to tell of a study that ends before it is finished."""
        if not n_finished:
            return "No replication was finished; nothing is left of it"
        if not self.is_kept:
            return "Nothing is left of it, since it was to leave no folder"
        how = "--resume (resume=True)" if self.again else "the same command"
        return f"{n_finished} of {n_tasks} replications are finished and kept: {how} goes on from there"
