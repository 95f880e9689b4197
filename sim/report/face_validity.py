"""The page that holds predictions against published figures: what was predicted, what was set from the figures, what misses."""

from collections import Counter
from collections.abc import Sequence

from sim.report.calibration import Compared
from sim.report.published import CALIBRATED, PREDICTED

HEAD = """\
# Face validity

Made by `{command}`; don't edit it by hand. `sim calibrate` prints what the scenarios that it is given predict.
Figures with a 95% interval are simulated ({replications} replications), the others follow from the declarations without any draw;
of flights these are the planned times, to which a simulated one adds the climb to its level and the descent, half a minute for a
small drone.

No clearance time of a drone that crosses a boundary has been published, so nothing on this page shows that the model's
clearance times are right. What can be held against figures is what lies around them: flying, roads, passengers, lanes, weather,
dogs. The model *agrees* with a figure if its own lies in the published range, or out of it by a fiftieth at most; it is *near* if
out by a fifth at most, and else it *misses*; the mean counts, whatever its interval. A figure that says "under" or "over" is a
weak test: much would agree with it.
"""
PREDICTED_HEAD = """\
## Predicted: nothing in the model was set from these

{count}
"""
CALIBRATED_HEAD = """\
## Calibrated: something in the model was set from these

That such a figure is met proves nothing. That one is missed is worth knowing all the same. {count}
"""
ALIKE_HEAD = """\
## What is not alike

By the numbers above; and what was set from a figure, or names its source for another statement of it (of such figures one may
ask whether they are independent).
"""
COLUMNS = "| | figure | source | published | the model | |\n|---|---|---|---:|---:|---|\n"


def page(rows: Sequence[Compared], command: str, replications: int) -> str:
    """The page in Markdown. Raises ValueError where a figure was not predicted, or a miss has no reason."""
    unsound = [row for row in rows if row.verdict == "not predicted" or (row.verdict == "misses" and not row.published.why)]
    if unsound:
        lines = [f"{row.published.what.en}: {row.in_words()[1]}, {row.verdict}" for row in unsound]
        raise ValueError("figures without a prediction, or misses without a reason:\n" + "\n".join(lines))
    numbers = {id(row.published): number for number, row in enumerate(rows, start=1)}
    predicted = [row for row in rows if row.published in PREDICTED]
    calibrated = [row for row in rows if row.published in CALIBRATED]
    parts = [HEAD.format(command=command, replications=replications)]
    for head, members in ((PREDICTED_HEAD, predicted), (CALIBRATED_HEAD, calibrated)):
        parts += [
            head.format(count=_count(members)),
            COLUMNS + "".join(_line(numbers[id(row.published)], row) for row in members),
        ]
        misses = [f"- {numbers[id(row.published)]}: {row.published.why}.\n" for row in members if row.verdict == "misses"]
        parts.append("Why the misses miss:\n\n" + "".join(misses))
    parts.append(ALIKE_HEAD)
    parts.append("".join(_remark(numbers[id(row.published)], row) for row in rows))
    return "\n".join(parts)


def _count(rows: Sequence[Compared]) -> str:
    n = Counter(row.verdict for row in rows)
    return f"Of {len(rows)} figures the model agrees with {n['agrees']}, is near {n['near']} and misses {n['misses']}."


def _line(number: int, row: Compared) -> str:
    published, model = row.in_words()
    verdict = f"**{row.verdict}**" if row.verdict == "misses" else row.verdict
    return f"| {number} | {row.published.what.en} | {row.published.source} | {published} | {model} | {verdict} |\n"


def _remark(number: int, row: Compared) -> str:
    published = row.published
    parts = [published.remark] if published.remark else []
    if published.sets:
        parts.append(f"set from it: {', '.join(f'`{name}`' for name in published.sets)}")
    if published.names_it:
        parts.append(f"the source is also named by {', '.join(f'`{name}`' for name in published.names_it)}")
    return f"- {number}: {'; '.join(parts)}.\n" if parts else ""
