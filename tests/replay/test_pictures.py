"""The command, its stills and its animations: what they write, the same bytes twice, and what they refuse."""

from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

import sim
from sim.charts import style
from sim.cli import main
from sim.ground.text import LANGUAGES, Language
from sim.replay.scene import Scene
from sim.replay.still import MOST_FRAMES, Animation, Still, _Drawing
from sim.replay.target import file_for


def replay(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["replay", *(str(argument) for argument in arguments)])


def test_the_page_goes_beside_the_study(folder: Path) -> None:
    done = replay(folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "base against one-stop, replication 0" in done.stdout
    file = folder.with_name(f"{folder.name}-replay.html")
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    file.unlink()


def test_one_scenario_another_replication_another_language(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.html"
    done = replay(folder, "--scenario", "one-stop", "--replication", "1", "--lang", "zh-Hant", "--out", out)
    assert done.exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert 'data-language="zh-Hant"' in text
    assert '"replication":1' in text and '"name":"base"' not in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_still_is_the_same_twice(scenes: tuple[Scene, ...], tmp_path: Path, kind: str, language) -> None:
    files = [tmp_path / f"{n}.{kind}" for n in range(2)]
    for file in files:
        Still.parse("day 1 13:30", str(file), scenes).write(scenes, language)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(files[0].read_bytes()) > 10_000


def test_a_still_shows_the_moment(scenes: tuple[Scene, ...], tmp_path: Path) -> None:
    files = [tmp_path / "at-noon.svg", tmp_path / "later.svg"]
    for file, instant in zip(files, ("day 1 12:00", "day 1 12:10"), strict=True):
        Still.parse(instant, str(file), scenes).write(scenes, "en")
    assert files[0].read_bytes() != files[1].read_bytes()


def test_an_animation_has_a_frame_a_step(scenes: tuple[Scene, ...], tmp_path: Path) -> None:
    asked = Animation.parse("day 1 12:00", "day 1 12:03", str(tmp_path / "a.gif"), scenes[:1])
    asked.write(scenes[:1], "en")
    with Image.open(asked.file) as picture:
        assert picture.n_frames == len(asked.instants_s) == 4
        assert picture.info["loop"] == 0


def test_a_long_animation_takes_larger_steps() -> None:
    instants_s = Animation(0, 40 * 3600, Path("a.gif")).instants_s
    assert len(instants_s) <= MOST_FRAMES
    assert {b - a for a, b in pairwise(instants_s)} == {17 * 60}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--still", "day 1 09:00", "a.txt"], ".svg"),
        (["--still", "breakfast", "a.png"], "an instant is needed"),
        (["--animate", "day 1 10:00", "day 1 09:00", "a.gif"], "ends before it begins"),
        (["--animate", "day 1 10:00", "day 1 11:00", "a.mp4"], ".gif"),
        (["--replication", "2"], "0 to 1"),
        (["--scenario", "elsewhere"], "base, one-stop"),
        (
            ["--animate", "day 1 10:00", "day 1 10:01", "a.gif", "--animate", "day 1 11:00", "day 1 11:01", "a.gif"],
            "more than one",
        ),
        (["--still", "day 1 09:00", "a.png", "--still", "day 1 10:00", "./a.png"], "more than one"),
        (["--out", "page.csv"], ".html"),
        (["--out", "page"], ".html"),
        (["--out", "no/such/folder.html"], "can't be written"),
    ],
)
def test_what_can_not_be_done_is_told(folder: Path, tmp_path: Path, monkeypatch, arguments: list[str], told: str) -> None:
    monkeypatch.chdir(tmp_path)
    refused = replay(folder, *arguments)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--out", "{}.html"], ["--still", "day 1 09:00", "{}.png"], ["--animate", "day 1 10:00", "day 1 10:02", "{}.gif"]],
)
@pytest.mark.parametrize("place", ["page", "new/page", "parts/../page"])
def test_nothing_is_written_into_a_study(folder: Path, arguments: list[str], place: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    refused = replay(folder, *(argument.format(folder / place) for argument in arguments))
    assert refused.exit_code == 2
    assert "lies in the folder of a study" in refused.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_manifest_of_another_program_forbids_nothing(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "an app"}', encoding="utf-8")
    assert file_for(tmp_path / "a.html", "--out", (".html",)) == tmp_path / "a.html"


def test_several_stills_are_written(folder: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    done = replay(folder, "--scenario", "base", "--still", "Day 1, 09:30", files[0], "--still", "day 1 12:00", files[1])
    assert done.exit_code == 0
    assert files[0].read_bytes() != files[1].read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_still_says_what_it_is_made_from(scenes: tuple[Scene, ...], language: Language) -> None:
    told = scenes[0].provenance(language)
    for part in ("5", "0", sim.__version__, {"en": "Simulated", "zh-Hant": "並非實測", "zh-Hans": "并非实测"}[language]):
        assert part in told
    with style.style_context(language):
        drawn = "".join(text.get_text() for text in _Drawing(scenes, language, 0, 0).figure.texts)
    assert told.replace(" ", "") in "".join(drawn.split())


def test_no_study_is_told(tmp_path: Path) -> None:
    refused = replay(tmp_path)
    assert refused.exit_code == 2
    assert "no study can be read here" in refused.stderr
