"""The printed comparison: what a study found, for readers who are no statisticians."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from sim.charts import labels
from sim.charts.headlines import headline_rows
from sim.charts.quantity import NOT_KNOWN, Scale, scale_for
from sim.report.answers import WHERE, answers
from sim.report.reading import NOT_MEASURED, SIGNS_OF_AN_ANSWER, how_to_read
from sim.report.recovery import card_parts
from sim.report.sides import cost_parts, winners_parts

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.study import Study

WIDTH = 100
EXPLAIN = "`sim explain KEY` names the source and status of each."
_SIGNS = {"better": "+ better", "worse": "! worse", "changed": "~ changed"}
_STYLES = {"better": "green", "worse": "red", "changed": "yellow"}


def print_comparison(study: "Study", console: Console) -> None:
    """Print the comparison on `console`, with where the files are."""
    console.print(Group(*_pages(study, study.folder)))


def comparison_text(study: "Study", folder: Path | None = None) -> str:
    """The comparison as plain text, at most WIDTH columns wide; it names `folder`, if given, as where the files are."""
    page = StringIO()
    Console(file=page, width=WIDTH, color_system=None, force_terminal=False).print(Group(*_pages(study, folder)))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _pages(study: "Study", folder: Path | None) -> Iterator[RenderableType]:
    baseline, *compared = study.names
    yield _title(study)
    changed = study.manifest.get("set", [])
    told = [Line(f"! set in every scenario, whatever its file says: {', '.join(changed)}")] if changed else []
    yield from _section("What is compared", [*told, *(_described(study, name) for name in study.names)])
    yield from _answers(study)
    yield from _section(f"{baseline}: levels", [_levels(study, baseline)])
    for name in compared:
        yield from _section(f"{name} against {baseline}", [_differences(study, name)])
    card = card_parts(study)
    if card:
        yield from _section("Surge and recovery", card)
    if compared:
        yield from _section("Whose cost", cost_parts(study))
    for name in compared:
        yield from _section(f"Winners and losers: {name} against {baseline}", winners_parts(study, name))
    confidence = labels.confidence(study)
    yield from _section("How to read this", [Line(sentence) for sentence in how_to_read(confidence, bool(compared))])
    told_first = (f"{NOT_MEASURED.en} {EXPLAIN}", *study.warnings)
    yield from _section("Read this before you use a number", [_bullet(sentence) for sentence in told_first])
    if folder is not None:
        charts = "charts/, " if (folder / "charts").exists() else ""
        files = (
            f"{folder}: summary.csv, comparison.csv, ledger.csv, winners.csv, trs.csv (a time release study), {charts}report/, "
            "the scenarios as they were run, and tables for notebooks."
        )
        yield from _section("Files", [Line(files)])


def _title(study: "Study") -> Line:
    count = len(study.names)
    what = f"{count} scenarios compared" if count > 1 else "one scenario"
    n, settings = study.manifest["replications"], study.scenarios[0].study
    told = f"{_count(n, 'replication')} of {_count(settings.days, 'day')}, seed {study.manifest['seed']}"
    return Line.assemble((f"GBA flight clearance simulation: {what}", "bold"), f"\n{told}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _section(heading: str, parts: list[RenderableType]) -> Iterator[RenderableType]:
    yield Line(f"\n{heading}", style="bold underline")
    for part in parts:
        yield Padding(part, (0, 0, 0, 2))


def _described(study: "Study", name: str) -> RenderableType:
    scenario = next(scenario for scenario in study.scenarios if scenario.name == name)
    role = " (the baseline)" if name == study.baseline else ""
    title = f": {scenario.title}" if scenario.title and scenario.title != name else ""
    lines: list[RenderableType] = [Line.assemble((name, "bold"), role, title)]
    policy, world = (study.differences_in("en", branch)[name] for branch in ("policy", "world"))
    lines += [Padding(_bullet(words), (0, 0, 0, 2)) for words in policy]
    if world:
        lines.append(Padding(Line("! not the same world as the baseline: this is no comparison of policies alone"), (0, 0, 0, 2)))
        lines += [Padding(_bullet(words), (0, 0, 0, 4)) for words in world]
    if name != study.baseline and not policy and not world:
        lines.append(Padding(Line("no difference from the baseline"), (0, 0, 0, 2)))
    return Group(*lines)


def _answers(study: "Study") -> Iterator[RenderableType]:
    """Each question with its answer; nothing where no scenario asks one that measures answer."""
    told = [answer for answer in answers(study) if answer.rows]
    for answer in told:
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
        table.add_column("scenario", no_wrap=True, min_width=len(max(answer.rows, key=len)))
        for heading in answer.columns:
            table.add_column(heading, justify="left" if heading == WHERE.en else "right", min_width=8)
        for name, cells in answer.rows.items():
            table.add_row(name, *cells)
        yield from _section(answer.question, [Line(" ".join(answer.sentences), style="bold"), table])
    if told:
        yield Padding(Line(SIGNS_OF_AN_ANSWER.en, style="dim"), (0, 0, 0, 2))


def _bullet(sentence: str) -> RenderableType:
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row("-", Line(sentence))
    return row


def _levels(study: "Study", name: str) -> Table:
    table = _table(("measure", "left"), ("mean", "right"), ("interval", "right"))
    for row in _rows(study, study.summary[study.summary["scenario"] == name], table):
        scale = scale_for(row.unit, row.mean)
        mean, low, high = scale.levels(row.mean, row.ci_low, row.ci_high)
        interval = _at_most(study, row) if study.metrics[row.metric].rare else ""
        table.add_row(_measure(study, row, scale), mean, interval or _interval(low, high))
    return table


def _at_most(study: "Study", row: Any) -> str:
    """For a count of few rare events its exact upper bound instead of an interval; empty where there are enough."""
    from sim.experiment.intervals import FEW_EVENTS, upper_bound_of_count

    count = row.mean * row.n
    if not count < FEW_EVENTS:
        return ""
    return f"at most {upper_bound_of_count(count, study.scenarios[0].study.confidence) / row.n:.2g}"


def _differences(study: "Study", name: str) -> Table:
    columns = (
        ("measure", "left"),
        ("baseline", "right"),
        ("scenario", "right"),
        ("difference", "right"),
        ("interval", "right"),
        ("verdict", "left"),
    )
    table = _table(*columns)
    means = study.summary.set_index(["scenario", "metric", "part"])["mean"]
    for row in _rows(study, study.comparison[study.comparison["scenario"] == name], table):
        levels = [float(means.get((of, row.metric, row.part), float("nan"))) for of in (row.baseline, row.scenario)]
        scale = scale_for(row.unit, *levels)
        own = scale_for(row.unit, row.difference)  # minutes of difference between hours of level
        difference, low, high = own.changes(row.difference, row.ci_low, row.ci_high, level=levels[0] if own == scale else 0.0)
        if own != scale and difference != NOT_KNOWN:
            difference = f"{difference} {own.difference_unit.en}"
        verdict = Line(_SIGNS.get(row.verdict, row.verdict), style=_STYLES.get(row.verdict, ""))
        interval = "" if row.verdict == "too few events" else _interval(low, high)
        table.add_row(_measure(study, row, scale), *scale.levels(*levels), difference, interval, verdict)
    return table


def _table(*columns: tuple[str, Any]) -> Table:
    widest = {"verdict": len("no clear difference"), "interval": 16}
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for number, (heading, side) in enumerate(columns):
        table.add_column(
            heading, justify=side, no_wrap=number > 0, min_width=len(heading) if number == 0 else widest.get(heading)
        )
    return table


def _rows(study: "Study", rows: "pd.DataFrame", table: Table) -> Iterator[Any]:
    """The rows of the headline measures; a heading is put into `table` before each topic and each measure by parts."""
    shown = _telling(headline_rows(study, rows))
    by_parts = set(shown.loc[shown["part"] != "", "metric"])
    topic = metric = ""
    for row in cast(Iterator[Any], shown.itertuples()):
        if study.metrics[row.metric].topic != topic:
            topic = study.metrics[row.metric].topic
            table.add_row(Line(topic.upper(), style="bold"))
        if row.metric != metric and row.metric in by_parts and row.part != "":
            table.add_row(Padding(Line(labels.measure(study, row.metric)), (0, 0, 0, 2)))
        metric = row.metric
        yield row


def _telling(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The rows without parts that say nothing: not measured, or nought throughout."""
    rows = rows[(rows["metric"] != "flight_outcome_share") | (rows["part"] != "released")]  # printed as throughput
    value = rows["mean" if "mean" in rows else "difference"]
    nought = (rows[["ci_low", "ci_high"]].fillna(0) == 0).all(axis=1) & (value == 0)
    empty = value.isna() | nought
    return rows[(rows["part"] == "") | ~empty]


def _measure(study: "Study", row: Any, scale: Scale) -> RenderableType:
    """The label of a row: the measure's, or under its heading the part's; with the unit of the numbers."""
    label = labels.part(row.part) if row.part else labels.measure(study, row.metric)
    unit = scale.unit.en
    value = row.mean if hasattr(row, "mean") and not callable(row.mean) else row.difference
    bare = not unit or label.endswith(unit) or not np.isfinite(value)
    told = label if bare else f"{label} ({unit})"
    return Padding(Line(told), (0, 0, 0, 4 if row.part else 2))


def _interval(low: str, high: str) -> str:
    return "" if low == NOT_KNOWN else f"[{low}, {high}]"
