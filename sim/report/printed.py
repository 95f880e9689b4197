"""The printed comparison: what a study found, for readers who are no statisticians."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from sim.archive.layout import CHARTS, REPORT, SUMMARY_TABLES, summary_table_file
from sim.charts import labels
from sim.report.answers import HELD_AGAINST, answers
from sim.report.best import FEWEST_TO_RANK, best_parts
from sim.report.comparing import DIFFERENCE_COLUMNS, LEVEL_COLUMNS, MEASURE, difference_rows, level_rows
from sim.report.held_against import held_against_sentences, steps_between
from sim.report.interpretation_notes import NOT_MEASURED, OF_ALL_STEPS, SIGNS_OF_AN_ANSWER, how_to_read
from sim.report.ledger_tables import LabelledRow, ledger_parts, winners_parts
from sim.report.limits import WHAT_LIMITS, limit_sentences
from sim.report.posts import POSTS, posts_parts
from sim.report.precision import pairing_parts, precision_lines
from sim.report.recovery import card_parts
from sim.report.return_period import return_period_of_difference, return_period_of_level
from sim.report.same_flights import same_flight_sentence
from sim.report.terminal import as_text, section

if TYPE_CHECKING:
    from sim.study.study import Study

_SAID_OF = {"trs": " (a time release study)"}
EXPLAIN = "`sim explain KEY` names the source and status of each."
_STYLES = {"+": "green", "!": "red", "~": "yellow", "*": "yellow"}  # of a verdict, by its first sign


def print_comparison(study: "Study", console: Console) -> None:
    """Print the comparison on `console`, with where the files are."""
    console.print(Group(*_pages(study, study.folder)))


def comparison_text(study: "Study", folder: Path | None = None) -> str:
    """The comparison as plain text, at most WIDTH columns wide; it names `folder`, if given, as where the files are."""
    return as_text(_pages(study, folder))


def _pages(study: "Study", folder: Path | None) -> Iterator[RenderableType]:
    baseline, against = study.baseline, study.against
    yield _title(study)
    changed = study.manifest.set
    overrides = [Line(f"! set in every scenario, whatever its file says: {', '.join(changed)}")] if changed else []
    levers = study.levers_in("en")
    if levers:
        yield from section("Levers without effect", [_bullet(sentence) for sentence in levers])
    held = _lines(*held_against_sentences(study))
    yield from section("What is compared", [*overrides, *held, *(_described(study, name) for name in study.names)])
    yield from _answers(study)
    limiting = limit_sentences(study)
    if limiting:
        yield from section(WHAT_LIMITS.en, [_bullet(sentence) for sentence in limiting])
    yield from section(f"{baseline}: levels", [_levels(study, baseline), *_lines(return_period_of_level(study, baseline))])
    for name, base in against.items():
        sentences = same_flight_sentence(study, name), return_period_of_difference(study, name)
        parts = [_differences(study, difference_rows(study, name)), *_lines(*sentences), *pairing_parts(study, name)]
        yield from section(f"{name} against {base}", parts)
        if base != baseline:
            steps = steps_between(study, name)
            table = _differences(study, difference_rows(study, name, is_together=True))
            yield from section(
                f"{name} against {baseline}, all steps together ({steps} included)", [table, Line(OF_ALL_STEPS.en, style="dim")]
            )
    if len(study.names) >= FEWEST_TO_RANK:
        yield from section(f"Best of {len(study.names)}", best_parts(study))
    card = card_parts(study)
    if card:
        yield from section("Surge and recovery", card)
    if against:
        yield from section("Whose cost", ledger_parts(study))
    kept = posts_parts(study)
    if kept:
        yield from section(POSTS.en, kept)
    for name, base in against.items():
        yield from section(f"Winners and losers: {name} against {base}", winners_parts(study, name))
    confidence = labels.confidence(study)
    targets: list[RenderableType] = [Line(line) for line in precision_lines(study)]
    if targets:
        yield from section("Precision asked for", targets)
    yield from section(
        "How to read this", [Line(sentence) for sentence in how_to_read(confidence, bool(against), study.manifest.replications)]
    )
    warnings = (f"{NOT_MEASURED.en} {EXPLAIN}", *study.warnings)
    yield from section("Read this before you use a number", [_bullet(sentence) for sentence in warnings])
    if folder is not None:
        charts = f"{CHARTS}/, " if (folder / CHARTS).exists() else ""
        listed = ", ".join(f"{summary_table_file(name)}{_SAID_OF.get(name, '')}" for name in SUMMARY_TABLES)
        files = f"{folder}: {listed}, {charts}{REPORT}/, the scenarios as they were run, and tables for notebooks."
        yield from section("Files", [Line(files)])


def _title(study: "Study") -> Line:
    count = len(study.names)
    what = f"{count} scenarios compared" if count > 1 else "one scenario"
    manifest = study.manifest
    size = f"{_count(manifest.replications, 'replication')} of {_count(manifest.window.days, 'day')}, seed {manifest.seed}"
    return Line.assemble((f"GBA flight clearance simulation: {what}", "bold"), f"\n{size}\n{manifest.kind.en}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _described(study: "Study", name: str) -> RenderableType:
    scenario = next(scenario for scenario in study.scenarios if scenario.name == name)
    base = study.against.get(name)
    role = " (the baseline)" if base is None else f", against {base}" if labels.bases_differ(study) else ""
    title = f": {scenario.title}" if scenario.title and str(scenario.title) != name else ""
    lines: list[RenderableType] = [Line.assemble((name, "bold"), role, title)]
    policy, world = (study.differences_in("en", branch)[name] for branch in ("policy", "world"))
    lines += [Padding(_bullet(words), (0, 0, 0, 2)) for words in policy]
    if world:
        lines.append(Padding(Line(f"! not the same world as {base}: this is no comparison of policies alone"), (0, 0, 0, 2)))
        lines += [Padding(_bullet(words), (0, 0, 0, 4)) for words in world]
    if base is not None and not policy and not world:
        lines.append(Padding(Line(f"no difference from {base}"), (0, 0, 0, 2)))
    return Group(*lines)


def _answers(study: "Study") -> Iterator[RenderableType]:
    """Each question with its answer; nothing where no scenario asks one that measures answer."""
    answered = [answer for answer in answers(study) if answer.rows]
    for answer in answered:
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
        table.add_column("scenario", no_wrap=True, min_width=len(max(answer.rows, key=len)))
        if answer.bases:
            table.add_column(HELD_AGAINST.en, no_wrap=True)
        for number, heading in enumerate(answer.columns, start=1):
            in_words = answer.where and number == len(answer.columns)
            table.add_column(heading, justify="left" if in_words else "right", min_width=8)
        for label, cells in answer.rows.items():
            table.add_row(label, *([answer.bases[label]] if answer.bases else []), *cells)
        yield from section(answer.question, [Line(" ".join(answer.sentences), style="bold"), table])
    if answered:
        yield Padding(Line(SIGNS_OF_AN_ANSWER.en, style="dim"), (0, 0, 0, 2))


def _bullet(sentence: str) -> RenderableType:
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row("-", Line(sentence))
    return row


def _levels(study: "Study", name: str) -> Table:
    columns = [(heading.en, "right") for heading in LEVEL_COLUMNS]
    return _filled(_table((MEASURE.en, "left"), *columns), level_rows(study, name))


def _differences(study: "Study", rows: list[LabelledRow]) -> Table:
    *numbers, verdict = (heading.en for heading in DIFFERENCE_COLUMNS)
    table = _table((MEASURE.en, "left"), *((heading, "right") for heading in numbers), (verdict, "left"))
    return _filled(table, rows)


def _lines(*sentences: str) -> list[RenderableType]:
    return [Line(sentence) for sentence in sentences if sentence]


def _table(*columns: tuple[str, Any]) -> Table:
    narrowest = {"verdict": len("practically")}  # it goes on in the next line where the page is full
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for number, (heading, side) in enumerate(columns):
        table.add_column(
            heading,
            justify=side,
            no_wrap=number > 0 and heading != "verdict",
            min_width=len(heading) if number == 0 else narrowest.get(heading),
        )
    return table


def _filled(table: Table, rows: list[LabelledRow]) -> Table:
    """The table with its rows: topics in capitals, verdicts in colour."""
    for row in rows:
        topic = not row.cells and row.depth == 0
        label = Line(row.label.upper() if topic else row.label, style="bold" if topic else "")
        cells = [Line(cell, style=_STYLES.get(cell[:1], "") if " " in cell[1:3] else "") for cell in row.cells]
        table.add_row(Padding(label, (0, 0, 0, 2 * row.depth)), *cells)
    return table
