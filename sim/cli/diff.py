"""`sim diff`: what sets one scenario apart from another, or what changed from one study to a later one."""

from pathlib import Path

import click

from sim.cli.check import CAUTION
from sim.cli.language import echo, language_of_command
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenarios
from sim.scenario.scenario import Scenario
from sim.scenario.schema import BRANCHES, Branch
from sim.study.shown_names import name_as_text
from sim.study.silent_levers import said_dead

MIXED = Text(
    "one is a scenario file and the other a folder ({file}, {folder}): name two scenario files, or the folders of two studies",
    "其一為情景檔案，另一為資料夾（{file}、{folder}）：請指定兩個情景檔案，或兩項研究的資料夾",
    "其一是情景文件，另一个是文件夹（{file}、{folder}）：请指定两个情景文件，或两项研究的文件夹",
)
FROM = Text("From {first} to {second}:", "由{first}改為{second}：", "由{first}改为{second}：")
ALIKE = Text("From {first} to {second}: no difference.", "{first}與{second}並無差異。", "{first}与{second}没有差异。")
OF_BRANCH: dict[Branch, Text] = {
    "policy": Text("policy:", "政策：", "政策："),
    "world": Text(
        "world (not the same world: results compare more than policies):",
        "外在條件（兩者不同：結果的差異並非純粹由政策造成）：",
        "外部条件（两者不同：结果的差异并非单纯由政策造成）：",
    ),
    "study": Text("study:", "研究設定：", "研究设置："),
}


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
def diff(first: Path, second: Path) -> None:
    """Say in words how scenario B differs from scenario A, or what changed from study A to study B.

    A and B are two scenario files, or the folders of two studies. Of scenarios, policy and world are told apart, and levers that
    change nothing are named. Of studies: whether they can be compared, what was changed in each scenario, which answers moved,
    and what flights wait for now.
    """

    folders, files = [path for path in (first, second) if path.is_dir()], [path for path in (first, second) if not path.is_dir()]
    if folders and any(path.exists() for path in files):
        raise InputError(Problem(MIXED.fill(file=files[0], folder=folders[0])))
    if folders:
        _print_changes(first, second)
    else:
        _print_differences(*(load_scenarios([first, second]) if first != second else load_scenarios([first]) * 2))


def _print_differences(before: Scenario, after: Scenario) -> None:
    language = language_of_command()
    changes = differences(before, after)
    names = {"first": name_as_text(before), "second": name_as_text(after)}
    echo((FROM if changes else ALIKE).fill(**names))
    for branch in BRANCHES:
        of_branch = [in_words(difference, language) for difference in changes if difference.branch == branch]
        if of_branch:
            echo(OF_BRANCH[branch])
        for words in of_branch:
            click.echo(f"    {words}")
    for caution in said_dead(after, before):
        echo(CAUTION.fill(caution=caution))


def _print_changes(before: Path, after: Path) -> None:
    from rich.console import Console

    from sim.report.as_terminal import print_blocks
    from sim.report.changes import changes_in_blocks
    from sim.study.changes import StudyChanges
    from sim.study.study import load

    changes = StudyChanges(load(before), load(after))
    print_blocks(changes_in_blocks(changes, language_of_command()), Console(highlight=False))
