"""The commands of the analyses, from the outside."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from sim.archive.layout import answer_file
from sim.cli.main import main
from sim.ground.text import LANGUAGES
from sim.report.analysis_report import analysis_document
from sim.report.as_terminal import WIDTH
from sim.report.document import FORMATS, Paragraph, Picture
from sim.study.manifest import AnalysisManifest, read_manifest
from tests.analysis.conftest import FEW
from tests.tiers import slow

LEAVE = [part for group in FEW for part in ("--leave", group)]
LEAD = "policy.pre_clearance.lead=0 min,60 min"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"COLUMNS": str(WIDTH)})


FORECAST = re.compile(r"[\d,]+ replications to simulate: about [\d.]+ (?:s|min|h), some more to evaluate\n")
"""All that an analysis may say on stderr, where there is enough to simulate for a forecast."""
SHARE = ("--measure", "on_time_share")
ENGLISH = re.compile(r"`[^`]*`|[A-Za-z][\w./-]+", re.ASCII)
OF_A_USER = re.compile(r"`.*`|(world|policy|study)\.[\w.]+|\w+\.csv|[a-z]+_[a-z]+|Base|Early|API|FY4")
"""Commands, keys and choices, files, the titles of these scenarios, and names."""
ENTRY, SCAN = "world.data_interface.entry_time", "world.xray.scan_time"
CASES = {
    "sweep": (["sweep", "base.yaml", "--vary", LEAD, *SHARE], "sweep.csv", "Filing lead"),
    "heat": (["sweep", "base.yaml", "--vary", LEAD, "--vary", ENTRY, "--steps", "2"], "sweep.csv", "45 min"),
    "cloud": (
        ["sweep", "base.yaml", "--vary", LEAD, "--vary", SCAN, "--design", "lhs", "--points", "4"], "sweep.csv", "median"
    ),
    "robust": (["robust", "base.yaml", "early.yaml", "--worlds", "6", *SHARE, *LEAVE], "worlds.csv", "plausible"),
    "assumptions": (["assumptions", "base.yaml", "early.yaml", *SHARE, *LEAVE], "assumptions.csv", "move the answer"),
    "sensitivity": (
        ["sensitivity", "base.yaml", *SHARE, "--samples", "2", "--over", SCAN, "--over", ENTRY], "sensitivity.csv", "mu*"
    ),
    "frontier": (
        ["frontier", "base.yaml", "early.yaml", "--pair", "on_time_share,delay_quantile/p50"], "frontier.csv", "on the frontier"
    ),
}  # fmt: skip


def check_report(out: Path) -> None:
    """The report of an analysis has every format and language, the numbers of the printed answer, and its chart."""
    done = run("report", out)
    assert done.exit_code == 0, done.output
    names = [f"report.{language}.{form}" for language in LANGUAGES for form in FORMATS]
    assert {path.name for path in (out / "report").iterdir()} >= {*names, "answer.json", "answer.txt"}
    written = {name: (out / "report" / name).read_bytes() for name in names}
    manifest = read_manifest(out)
    assert isinstance(manifest, AnalysisManifest) and {f"report/{name}" for name in names} <= set(manifest.files)
    for language in LANGUAGES:
        document = analysis_document(out, manifest, language)
        printed = "".join((out / answer_file(language)).read_text(encoding="utf-8").split())
        for block in document.blocks:
            if isinstance(block, Paragraph):
                assert "".join(block.text.split()) in printed
        assert len([block for block in document.blocks if isinstance(block, Picture)]) == 1
    assert run("report", out, "--out", out.parent / "elsewhere").exit_code == 0
    assert {path.name: path.read_bytes() for path in (out.parent / "elsewhere").iterdir()} == written, "same analysis, same bytes"


def check_answers(out: Path) -> None:
    """The answer stands there in each language, no line of it is wider than a page, and no English word is in a Chinese one."""
    for language in LANGUAGES:
        text = (out / answer_file(language)).read_text(encoding="utf-8")
        assert max(map(cell_len, text.splitlines())) <= WIDTH
        assert "nan" not in text and "{" not in text
        if language != "en":
            assert [word for word in ENGLISH.findall(text) if not OF_A_USER.fullmatch(word)] == []


@pytest.mark.parametrize("case", [case if case in ("sweep", "frontier") else slow(case) for case in CASES])
def test_an_analysis_prints_its_answer_and_leaves_its_files(case: str, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base.parent)
    command, listing, told = CASES[case]
    done = run(*command, "--replications", "2", "--workers", "1", "--out", "found")
    assert done.exit_code == 0 and set(filter(None, FORECAST.split(done.stderr))) == set()
    assert told in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    out = base.parent / "found"
    assert {path.name for path in out.iterdir()} >= {listing, "points.csv", "manifest.json", "report", "scenarios"}
    assert (out / "report" / "answer.txt").read_text(encoding="utf-8") in done.stdout
    check_answers(out)
    if case != "sensitivity":
        drawn = sorted(path.name for path in (out / "charts").glob("*.svg"))
        assert len(drawn) == 3
        assert len([name for name in drawn if ".zh-Han" in name]) == 2
    if case == "frontier":
        check_report(out)
    again = run(*command, "--replications", "2", "--workers", "1", "--out", "found")
    assert "held these replications already" in again.stdout
    if case == "sweep":
        narrow = CliRunner().invoke(main, [*command, *("--replications", "2", "--out", "found")], env={"COLUMNS": "80"})
        answer, _, _ = narrow.stdout.partition("\nfound: ")
        assert max(map(cell_len, answer.splitlines())) <= 80, "as wide as the terminal"


@pytest.mark.slow
def test_saturate_prints_its_answer(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base.parent)
    done = run(
        "saturate", "base.yaml", "--target", "on_time_share >= 40%", "--replications", "2", "--workers", "1", "--out", "found"
    )
    assert done.exit_code == 0 and set(filter(None, FORECAST.split(done.stderr))) == set()
    assert "flights a day on each route" in done.stdout
    assert {path.name for path in (base.parent / "found").iterdir()} >= {"saturation.csv", "pools.csv", "charts", "report"}
    check_answers(base.parent / "found")
    assert (base.parent / "found-search" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["sweep", "base.yaml"], "nothing is varied"),
        (["sweep", "base.yaml", "--vary", "policy.pre_clearance.lead=5"], "unit is missing"),
        (["sweep", "nowhere.yaml", "--vary", LEAD], "nowhere.yaml"),
        (["robust", "base.yaml", "early.yaml", "--band", "5 km", "--measure", "delay_quantile/p50"], "5 km"),
        (["assumptions", "base.yaml", "early.yaml", "base.yaml"], "One FILE or two"),
        (["saturate", "base.yaml", "--target", "soon"], "<= or >="),
        (["frontier", "base.yaml", "early.yaml", "--pair", "delay"], "two measures"),
        (["sensitivity", "base.yaml", "--method", "fast"], "morris, sobol"),
        (["sweep", "base.yaml", "--vary", LEAD, "--replications", "0"], "1 to 100000"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    command: list[str], told: str, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base.parent)
    before = sorted(base.parent.rglob("*"))
    done = run(*command, "--out", "found")
    assert done.exit_code == 2
    assert told in done.stderr
    assert sorted(base.parent.rglob("*")) == before
