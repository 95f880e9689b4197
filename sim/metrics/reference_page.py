"""The reference page of the measures, made from their declarations."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sim.model.metric import Metric

_HEAD = """# Measures

Made from the declarations in `sim/metrics` by `sim.metrics.reference_page.measures_page`; don't edit it by hand.

A measure is a pure function of one replication: the flights, what was decided about them, the plan and the
timeline. **Measured** flights are those whose planned departure lies in the window; what happens after the
horizon counts as still in the system. Measures by the clock (releases and crossings per hour, queues,
utilisation, officers on duty) count what happens within the window, whichever flight it belongs to.

A measure is one number, or numbers **by part**. A part is one or more fields joined by `/`, in the order named
at the end of the definition: `documents/hong_kong/wait`, `pad.sheung_wan/07`. The empty part is the whole. NaN
means that there was nothing to measure. Quantiles are `p50`, `p90`, `p95`: the smallest value that at least
that share does not exceed.

Accounts are the sides, `air`, `operator` and `shared`. A stage of origin or destination is booked to that side
of the flight; where it queues for a pool that belongs to a side, to the pool's side.

The waterfall walks back from the release along the critical path. At each stage it books the service, before
that the time in the queue, before that the time until the schedule let the flight enter, and goes on at the
stage before it that settled last (of several, the first in the plan). A stage that was skipped takes no time.
One that was given up took the time in its queue; one given up by its deadline before the flight came to it took
none, and the time is that of the stage which was still under way. The parts of a flight add up to release -
order within 1e-6 s. Waiting for a server that another flight holds is booked where the flight waits; which
stage held the server is not told apart.

A measure that is better one way has a smallest difference that matters ("matters from"; in brackets what a reader may
reasonably take instead); all are judgements, and the declarations say of what kind. Plain counts are better neither way: turning
traffic away lowers them. (ratio of sums): over several replications, numerator and denominator are added up and divided once.

Measures in **bold** are printed by default. (rare): counts of rare events, flagged with an exact upper bound where they are few.
"""
_COLUMNS = ("measure", "English", "繁體中文", "简体中文", "unit", "better", "matters from", "definition")


def measures_page(metrics: Iterable[Metric]) -> str:
    """The page in Markdown: how to read measures, then one table a topic."""
    by_topic = sorted(metrics, key=lambda metric: metric.topic)
    tables = [f"## {topic.capitalize()}\n\n{_table(list(members))}" for topic, members in groupby(by_topic, lambda m: m.topic)]
    return "\n".join([_HEAD, *tables])


def _table(metrics: Sequence[Metric]) -> str:
    head = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}\n"
    return head + "".join(f"| {' | '.join(_cells(metric))} |\n" for metric in metrics)


def _cells(metric: Metric) -> tuple[str, ...]:
    key = f"**`{metric.key}`**" if metric.headline else f"`{metric.key}`"
    marks = f"{' (ratio of sums)' if metric.ratio else ''}{' (rare)' if metric.rare else ''}"
    label, margin = metric.label, metric.matters
    matters = f"{margin.value} ({margin.plausible[0]} to {margin.plausible[1]})" if margin else ""
    formula = f"{metric.formula}{marks}".replace("|", "\\|")
    return key, label.en, label.zh_hant, label.zh_hans, metric.unit, _better(metric), matters, formula


def _better(metric: Metric) -> str:
    """Which direction is better; of the parts that differ, those of each direction behind it."""
    by_direction: dict[str, list[str]] = {}
    for part, better in metric.better_of_part.items():
        by_direction.setdefault(better, []).append(f"`{part}`")
    return "; ".join([metric.better, *(f"{better}: {', '.join(parts)}" for better, parts in by_direction.items())])
