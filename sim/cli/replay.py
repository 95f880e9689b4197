"""`sim replay`: the flights of a study on a map, moment by moment, as a page, a still or an animation."""

from pathlib import Path

import click

from sim.cli.files import write_whole
from sim.cli.language import echo, language_of_command
from sim.ground.text import Text
from sim.replay.data import scenes_of
from sim.replay.rerun import chosen_scenarios
from sim.replay.still import Animation, Still
from sim.replay.target import check_each_once, file_for
from sim.replay.write import page
from sim.study.study import load

WRITTEN = Text("{path}: written", "{path}：已寫入", "{path}：已写入")
PAGE = Text(
    "{path}: {names}, replication {number}, {size}",
    "{path}：{names}，第 {number} 次重複，{size}",
    "{path}：{names}，第 {number} 次重复，{size}",
)
AGAINST = Text(" against ", " 對照 ", " 对照 ")


@click.command()
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY")
@click.option("--scenario", metavar="A", help="The scenario to replay  [default: the one that B is held against]")
@click.option("--against", metavar="B", help="A second one beside it  [default: the first compared one]")
@click.option("--replication", type=int, default=0, show_default=True, help="Which replication, counted from 0.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The page (.html)  [default: STUDY-replay.html]")
@click.option(
    "stills",
    "--still",
    nargs=2,
    multiple=True,
    metavar="INSTANT FILE",
    help='Picture (.png, .svg) of an instant, such as "day 3 09:30" (day 1 is the first measured); may be given more than once.',
)
@click.option(
    "animations",
    "--animate",
    nargs=3,
    multiple=True,
    metavar="FROM TO FILE",
    help="An animation (.gif) from one instant to another; may be given more than once.",
)
def replay(
    study: Path,
    scenario: str | None,
    against: str | None,
    replication: int,
    out: Path | None,
    stills: tuple[tuple[str, str], ...],
    animations: tuple[tuple[str, str, str], ...],
) -> None:
    """Replay the flights of one replication of a study on a map.

    STUDY is the folder that `sim run` has left. Writes one page that works offline: map, queues, time slider, the story of each
    flight. With --still or --animate the page is written only where --out names it.
    """

    if out:
        file_for(out, "--out", (".html",))
    lang = language_of_command()
    loaded = load(study)
    names = chosen_scenarios(loaded, scenario, against)
    scenes = scenes_of(loaded, names, replication)
    pictures: list[Still | Animation] = [Still.parse(*still, scenes) for still in stills]
    pictures += [Animation.parse(*animation, scenes) for animation in animations]
    check_each_once([picture.file for picture in pictures])
    for picture in pictures:
        picture.write(scenes, lang)
        echo(WRITTEN.fill(path=picture.file))
    if out or not pictures:
        file = out or study.resolve().with_name(f"{study.resolve().name}-replay.html")
        text = page(loaded, scenes, replication, lang)
        write_whole(file, text)
        size = f"{len(text.encode()) / 1e6:.1f} MB"
        echo(PAGE.fill(path=file, names=AGAINST.join(names), number=replication, size=size))
