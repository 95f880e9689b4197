"""`sim runs`: the studies in a folder, finished and unfinished."""

import json
from pathlib import Path

import click

from sim.cli.language import echo, language_of_command
from sim.cli.wrapping import cells, padded
from sim.ground.text import COMMA, NOTHING, Text
from sim.study.identity import study_fingerprint
from sim.study.inventory import StudyRow, list_studies, not_ours_in, remove_unfinished

DEFAULT = Path("out")
NAMED = 8  # scenarios told by name; an analysis has as many as points
HEADINGS = (
    Text("study", "研究", "研究"),
    Text("state", "狀態", "状态"),
    Text("when", "時間", "时间"),
    Text("replications", "重複次數", "重复次数"),
    Text("seed", "種子", "种子"),
    Text("version", "版本", "版本"),
    Text("took", "用時", "用时"),
    Text("scenarios", "情景", "情景"),
)
STATES = {
    "done": Text("done", "已完成", "已完成"),
    "other model": Text("other model", "模型版本不同", "模型版本不同"),
    "changed": Text("changed", "檔案已被更改", "文件已被更改"),
    "unfinished": Text("unfinished", "未完成", "未完成"),
    "at work": Text("at work", "進行中", "进行中"),
    "unreadable": Text("unreadable", "無法讀取", "无法读取"),
}
NONE = Text("{path}: no study", "{path}：沒有研究", "{path}：没有研究")
AT_WORK = Text(
    "{path}: a process works on it, so it is left alone", "{path}：有程序正在處理，未作更改", "{path}：有进程正在处理，未作更改"
)
REMOVED = Text(
    "{path}: {n} finished replications of an unfinished study removed",
    "{path}：已刪除未完成研究的 {n} 次已完成重複",
    "{path}：已删除未完成研究的 {n} 次已完成重复",
)
NOT_OURS = Text(
    "{path}: this is not proved to be of an unfinished study, so it is left alone",
    "{path}：未能證實屬於未完成的研究，未作更改",
    "{path}：未能证实属于未完成的研究，未作更改",
)
OF_SO_MANY = Text("{done} of {n}", "{n} 次中的 {done} 次", "{n} 次中的 {done} 次")
SECONDS = Text("{n} s", "{n} 秒", "{n} 秒")
IN_ALL = Text("\N{HORIZONTAL ELLIPSIS} ({n} in all)", "……（共 {n} 個）", "……（共 {n} 个）")
HOLDS = Text("{kind}: {names}", "{kind}：{names}", "{kind}：{names}")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, for other programs.")
@click.option("--clean", is_flag=True, help="Remove what unfinished studies have left.")
def runs(folder: Path | None, as_json: bool, clean: bool) -> None:
    """List the studies in FOLDER (out/ unless named), finished and unfinished."""

    if folder is None:
        folder = DEFAULT
        if not folder.is_dir():
            _say_none(folder, as_json)
            return
    if clean:
        for name, n_kept in remove_unfinished(folder):
            echo((AT_WORK if n_kept is None else REMOVED).fill(path=folder / name, n=n_kept))
        for path in not_ours_in(folder):
            echo(NOT_OURS.fill(path=path))
        return
    rows = list_studies(folder, study_fingerprint())
    if as_json:
        click.echo(json.dumps([row.__dict__ for row in rows], indent=2, ensure_ascii=False))
    elif rows:
        _print(rows)
    else:
        _say_none(folder, as_json)


def _say_none(folder: Path, as_json: bool) -> None:
    if as_json:
        click.echo("[]")
    else:
        echo(NONE.fill(path=folder))


def _print(rows: list[StudyRow]) -> None:
    language = language_of_command()
    headings = tuple(heading.in_language(language) for heading in HEADINGS)
    lines = [headings, *(tuple(cell.in_language(language) for cell in _in_words(row)) for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(HEADINGS))]
    for line in lines:
        click.echo("  ".join(padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _in_words(row: StudyRow) -> tuple[Text, ...]:
    state = STATES[row.state]
    if row.replications_asked is None:
        return Text.same(row.name), state, *[NOTHING] * (len(HEADINGS) - 2)
    done, n = f"{row.replications_done:g}", row.replications_asked
    replications = OF_SO_MANY.fill(done=done, n=n) if row.seconds is None else Text.same(str(n))
    took = NOTHING if row.seconds is None else SECONDS.fill(n=f"{row.seconds:,.0f}")
    when, seed = row.started[:16].replace("T", " "), str(row.seed)
    return Text.same(row.name), state, Text.same(when), replications, Text.same(seed), Text.same(row.version), took, _what(row)


def _what(row: StudyRow) -> Text:
    """What is in the folder: its scenarios, by name if they are few."""
    names = row.scenarios
    shown = COMMA.join(names if len(names) <= NAMED else [*names[:2], IN_ALL.fill(n=len(names))])
    return HOLDS.fill(kind=row.holds, names=shown) if row.holds else shown
