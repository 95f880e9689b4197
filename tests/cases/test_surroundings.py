"""Where the command runs and what stands beside it: code pages, full disks, places that can't be written, files of others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.archive.checkpoint import Checkpoint, key_of
from sim.archive.disk import draft_of, make_new_folder
from sim.archive.lock import is_locked, locked
from sim.archive.study_folder import StagingFolder, recover
from sim.charts.quantity import scale_for
from sim.cli import main
from sim.cli.files import write_whole, written_whole
from sim.ground.errors import InputError
from sim.model.metric import Better
from sim.study.verdict import verdict_of
from tests.tiers import slow

ROOT = Path(__file__).parents[2]
SHORT = ["--replications", "2", "--workers", "1", "--no-charts", "--engine", "reference", "--set", "study.days=1"]
FILES = [str(ROOT / "scenarios" / f"{name}.yaml") for name in ("baseline", "one-stop")]


def command(*arguments: str, **settings: str) -> str:
    """A line for the shell that calls `sim`, with these variables of the environment."""
    variables = [f"{name}='{value}'" for name, value in settings.items()]
    return " ".join([*variables, f"'{sys.executable}'", "-m", "sim", *(f"'{argument}'" for argument in arguments)])


def shell(line: str, folder: Path, tree: Path = ROOT) -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "0"}
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], check=False, cwd=folder, env=environment, capture_output=True, timeout=300
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study, which the same command only prints."""
    folder = tmp_path_factory.mktemp("surroundings")
    done = CliRunner().invoke(main, ["run", *FILES, *SHORT, "--out", str(folder / "s")])
    assert done.exit_code == 0, done.output
    return folder


RUN = ["run", *FILES, *SHORT, "--out", "s"]


@pytest.mark.takes(10)
@pytest.mark.parametrize("encoding", ["gbk", "ascii", *map(slow, ["cp936", "cp950", "big5hkscs", "cp1252", "latin-1", "utf-8"])])
def test_redirected_output_is_text_on_any_code_page(study: Path, encoding: str) -> None:
    done = shell(f"{command(*RUN, PYTHONIOENCODING=encoding)} > out.txt", study)
    assert (done.returncode, done.stderr) == (0, b"")
    text = (study / "out.txt").read_bytes().decode(encoding)
    assert "What changed" in text and "\\u" not in text
    assert (study / "s" / "report" / "comparison.txt").read_bytes().decode("utf-8")


LETTERS = [
    ("−1 – 2 → 3", "-1 - 2 > 3"),
    ("[0, ∞]", "[0, inf]"),
    ("a…", "a..."),
    ("香港", "\\u9999\\u6e2f"),
    ("\udce9", "\\udce9"),
]


@pytest.mark.parametrize(("text", "shown"), LETTERS)
def test_letters_that_a_code_page_lacks_are_signs_of_the_same_meaning_or_escapes(tmp_path: Path, text: str, shown: str) -> None:
    code = f"from sim.cli.output import make_streams_readable as m; m(); import click; click.echo({text!a}); print({text!a})"
    done = shell(f"PYTHONIOENCODING=ascii '{sys.executable}' -c \"{code}\"", tmp_path)
    assert done.stdout.decode("ascii").splitlines() == [shown] * 2, done.stderr


PRINTS = [  # what follows the command, its exit code, what is told
    ("> /dev/full", 1, "The output can't be printed: No space left on device; the results are kept in s\n"),
    ("| head -n 1 > /dev/null", 1, ""),
    (">&-", 0, ""),
]


@pytest.mark.takes(10)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(("where", "code", "told"), PRINTS)
def test_place_that_takes_no_output_is_told_in_a_line_or_not_at_all(study: Path, where: str, code: int, told: str) -> None:
    done = shell(f"{command(*RUN)} {where}", study)
    assert (done.returncode, done.stderr.decode()) in ((code, told), (0 if "head" in where else code, told))
    assert (study / "s" / "manifest.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("arguments", [["explain"], ["schema"], ["--help"], ["check", FILES[0]]], ids=lambda a: a[0])
def test_full_device_is_told_by_every_command(tmp_path: Path, arguments: list[str]) -> None:
    done = shell(f"{command(*arguments)} > /dev/full", tmp_path)
    assert (done.returncode, done.stderr.decode()) == (1, "The output can't be printed: No space left on device\n")


@pytest.mark.slow
def test_engine_runs_where_nothing_compiled_can_be_kept(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sim" / "engine" / "__pycache__").touch()
    code = "from sim.cli.progress import engine_made_ready as ready; ready('compiled')"
    line = f"HOME=/dev/null XDG_CACHE_HOME=/dev/null NUMBA_CACHE_DIR= PYTHONDONTWRITEBYTECODE=1 '{sys.executable}' -c \"{code}\""
    done = shell(line, tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr.decode().count("NUMBA_CACHE_DIR") == 1
    assert b"NUMBA_CACHE_DIR" not in shell(line.replace("CACHE_DIR= ", "CACHE_DIR=kept "), tmp_path, tmp_path).stderr


HEX = "0123456789abcdef"


def foreign_folder(path: Path) -> None:
    path.mkdir()
    (path / "ch1.txt").write_text("ten years of work")


def foreign_identity(path: Path) -> None:
    foreign_folder(path)
    (path / "identity.json").write_text('{"seed": 7}')


def link_to_folder(path: Path) -> None:
    foreign_identity(path.parent / "elsewhere")
    path.symlink_to(path.parent / "elsewhere")


def link_to_identity(path: Path) -> None:
    path.mkdir()
    (path.parent / "identity.json").write_text("{}")
    (path / "identity.json").symlink_to(path.parent / "identity.json")


FOREIGN: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a folder": (".thesis.unfinished-chapters", foreign_folder),
    "a file": (".thesis.unfinished-chapters", lambda path: path.write_text("x")),
    "a link": (".thesis.unfinished-chapters", link_to_folder),
    "a folder of the exact name": (f".thesis.unfinished-{HEX}", foreign_folder),
    "a file of the exact name": (f".thesis.unfinished-{HEX}", lambda path: path.write_text("x")),
    "a link of the exact name": (f".thesis.unfinished-{HEX}", link_to_folder),
    "an empty folder of the exact name": (f".thesis.unfinished-{HEX}", Path.mkdir),
    "the identity of something else": (f".thesis.unfinished-{HEX}", foreign_identity),
    "a link to an identity": (f".thesis.unfinished-{HEX}", link_to_identity),
    "a longer name": (f".thesis.unfinished-{HEX}0", foreign_identity),
    "capitals": (f".thesis.unfinished-{HEX.upper()}", foreign_identity),
}


def everything_in(folder: Path) -> list[tuple[str, bytes | str]]:
    return [
        (
            path.relative_to(folder).as_posix(),
            str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "",
        )
        for path in sorted(folder.rglob("*"))
    ]


@pytest.mark.parametrize("kind", FOREIGN)
def test_clean_leaves_alone_what_is_not_proved_to_be_a_checkpoint_and_says_so(tmp_path: Path, kind: str) -> None:
    name, make = FOREIGN[kind]
    make(tmp_path / name)
    before = everything_in(tmp_path)
    done = CliRunner().invoke(main, ["runs", str(tmp_path), "--clean"])
    assert (done.exit_code, done.output.count("left alone")) == (0, 1), done.output
    assert name in done.output and everything_in(tmp_path) == before
    assert CliRunner().invoke(main, ["runs", str(tmp_path)]).exit_code == 0


@pytest.mark.parametrize("begun", [False, True])
def test_clean_removes_a_checkpoint_also_where_its_removal_had_begun(tmp_path: Path, begun: bool) -> None:
    identity = {"seed": 7, "scenarios": {"a": "b"}}
    checkpoint = Checkpoint(tmp_path / "out", key_of(identity))
    checkpoint.open(identity, 2)
    (checkpoint.folder / "a-00000000.done.json").write_text("{}")
    (checkpoint.folder / "a-00000000.flights.arrow").write_text("")
    if begun:
        (checkpoint.folder / "identity.json").unlink()
    done = CliRunner().invoke(main, ["runs", str(tmp_path), "--clean"])
    assert "removed" in done.output and not checkpoint.folder.exists()


@pytest.mark.parametrize("word", ["partial", "replaced"])
@pytest.mark.parametrize("make", [foreign_folder, foreign_identity, link_to_folder, Path.touch], ids=lambda make: make.__name__)
def test_recovery_leaves_alone_what_is_no_draft_of_a_study(tmp_path: Path, word: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / f".s.{word}-{HEX}")
    make_new_folder(tmp_path / "s")
    (tmp_path / "s" / "manifest.json").write_text("{}")
    before = everything_in(tmp_path)
    recover(tmp_path / "s")
    assert everything_in(tmp_path) == before


def test_checkpoint_is_not_written_through_a_link(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "out", "f" * 64)
    (tmp_path / "elsewhere").mkdir()
    checkpoint.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        checkpoint.open({"seed": 7}, 1)
    checkpoint.remove()
    assert list((tmp_path / "elsewhere").iterdir()) == [] and checkpoint.folder.is_symlink()


IN_THE_WAY: dict[str, Callable[[Path], None]] = {
    "a link to nothing": lambda path: path.symlink_to(path.parent / "victim"),
    "a file with something in it": lambda path: path.write_text("x"),
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_lock_follows_no_link_and_takes_no_file_of_others(tmp_path: Path, kind: str) -> None:
    lock = tmp_path / ".o.lock"
    IN_THE_WAY[kind](lock)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match="is no lock"), locked(tmp_path / "o"):
        pass
    assert not is_locked(tmp_path / "o")
    assert sorted(tmp_path.iterdir()) == before


def test_drafts_are_new_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sim.archive.disk", "sim.archive.study_folder", "sim.cli.files"):
        monkeypatch.setattr(f"{module}.token", lambda: HEX)
    for name in (f".o.partial-{HEX}", f".o.partial-{HEX}.txt", f".s.partial-{HEX}"):
        (tmp_path / name).symlink_to(tmp_path / "victim")
    with pytest.raises(InputError):
        write_whole(tmp_path / "o.txt", "text")
    with pytest.raises(InputError), written_whole(tmp_path / "o"):
        pass
    with pytest.raises(InputError), StagingFolder(tmp_path / "s"):
        pass
    with pytest.raises(OSError, match="exists"), draft_of(tmp_path / "o.txt"):
        pass
    assert len(list(tmp_path.iterdir())) == 3, "nothing made, nothing removed"


INTERVALS = [  # difference, low, high, level; as they are printed
    ((-0.12, -0.24, -0.0004, 0.0), ("−0.12", "−0.24", "−0.0004")),
    ((-0.20, -0.41, 0.002, 0.0), ("−0.20", "−0.41", "+0.002")),
    ((150, 0.3, 300, 0.0), ("+150", "+0.3", "+300")),
    ((0.0003, 0.0001, 0.0005, 1000.0), ("+0.0003", "+0.0001", "+0.0005")),
    ((1, -1e-12, 2, 0.0), ("+1.00", "−0.000001", "+2.00")),
    ((0, 0, 0, 5.0), ("0", "0", "0")),
]


@pytest.mark.parametrize(("numbers", "printed"), INTERVALS)
def test_printed_ends_show_the_sign_that_the_verdict_rests_on(
    numbers: tuple[float, float, float, float], printed: tuple[str, str, str]
) -> None:
    *changes, level = numbers
    assert scale_for("1").changes(*changes, level=level) == printed


def read(printed: str) -> float:
    return float(printed.replace("−", "-").replace(",", "").replace("∞", "inf"))


FINITE = st.floats(-1e7, 1e7, allow_subnormal=False)


@given(
    st.tuples(FINITE, FINITE).map(sorted),
    st.sampled_from(["s", "min", "share", "/h", "1"]),
    st.floats(0, 1e6),
    st.sampled_from(["lower", "higher", "neither"]),
)
def test_verdict_and_printed_interval_never_contradict(ends: list[float], unit: str, level: float, better: Better) -> None:
    low, high = ends
    mean = low / 2 + high / 2
    shown = scale_for(unit, mean, low, high).changes(mean, low, high, level=level)
    assert verdict_of(*map(read, shown[1:]), better, 0.0) == verdict_of(low, high, better, 0.0)


def test_counts_of_nine_and_three_are_not_clearly_different_of_three_scenarios(tmp_path: Path) -> None:
    from sim.metrics.measure_ref import MeasureRef
    from sim.study.comparison import Terms, comparison_table
    from sim.study.held_against import against_first

    base, fewer = np.zeros(240), np.zeros(240)
    base[:9], fewer[6:9] = 1, 1
    values = {MeasureRef("illicit_missed", ""): {"a": base, "b": fewer, "c": base.copy(), "d": base.copy()}}
    values[MeasureRef("illicit_missed", "")]["c"][9] = values[MeasureRef("illicit_missed", "")]["d"][10] = 1
    metrics = {key: metric for key, metric in sim_metrics().items() if key == "illicit_missed"}
    row = comparison_table(values, against_first(["a", "b", "c", "d"]), metrics, Terms(0.95)).iloc[0]
    assert (row["p"], row["p_adjusted"]) == (0.03125, 0.09375)
    assert row["verdict"] == "undecided" and row["ci_low"] < 0 < row["ci_high"]


def sim_metrics() -> dict[str, "sim.metrics.Metric"]:  # type: ignore[name-defined]
    from sim.metrics import all_metrics
    from sim.policies import FEATURES

    return {metric.key: metric for metric in all_metrics(FEATURES)}


def test_lowest_versions_are_those_of_the_project() -> None:
    from tests.lowest_versions import lowest

    assert list(lowest(["numpy>=2.0", "ruamel.yaml>=0.18.6"])) == ["numpy==2.0", "ruamel.yaml==0.18.6"]
    for wrong in ("numpy", "numpy>=2,<3", "numpy==2.0"):
        with pytest.raises(ValueError, match="lower bound"):
            list(lowest([wrong]))
