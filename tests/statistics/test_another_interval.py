"""Another interval is one object in one file: every interval, p-value and word of a study follows it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.ground.text import LANGUAGES, Language
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.statistics import intervals
from sim.study.comparison import BOUNDS
from sim.study.replication_values import values_by_measure
from sim.study.verdict import SIGNS
from tests.statistics.made_up_interval import NAME, Extremes

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
ROOT = Path(__file__).resolve().parents[2]
SHORT = (
    "study.days=1", "study.warm_up=0 h", "study.cool_down=12 h",
    "world.demand.flights_per_day=30/d", "policy.pre_clearance.aeo_share=50%",
)  # fmt: skip
SCENARIOS = ("scenarios/baseline.yaml", "scenarios/one-stop.yaml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study made by a process that has changed the one object."""
    out = tmp_path_factory.mktemp("another") / "study"
    options = [word for change in SHORT for word in ("--set", change)]
    limits = ("--replications", "3", "--max-replications", "5", "--precision", "delay_mean=1 s", "--seed", "7", "--workers", "1")
    command = [sys.executable, "-m", "tests.statistics.made_up_interval", "run", *SCENARIOS, *options, *limits, "--out", str(out)]
    subprocess.run([*command, "--no-charts"], cwd=ROOT, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def values(folder: Path) -> pd.Series:
    """By scenario, metric, part and replication, those of ratios as a study takes them: see `with_ratios`."""
    table = pd.read_parquet(folder / "replications.parquet")
    table = table.astype({"scenario": str, "metric": str, "part": str}).fillna({"part": ""})
    taken = values_by_measure(table, int(table["replication"].max()) + 1, METRICS)
    rows = [
        (scenario, *ref, number, value)
        for ref, by_scenario in taken.items()
        for scenario, column in by_scenario.items()
        for number, value in enumerate(column)
    ]
    named = pd.DataFrame(rows, columns=["scenario", "metric", "part", "replication", "value"])
    return named.set_index(["scenario", "metric", "part", "replication"])["value"].dropna().sort_index()


def is_quantile(part: str) -> bool:
    """Whether a part is a quantile of all replications together, whose interval follows from them all at once."""
    return part.rpartition("/")[2] in ("p50", "p90", "p95")


def test_the_summary_follows(folder: Path, values: pd.Series) -> None:
    summary = pd.read_csv(folder / "summary.csv", keep_default_na=False, na_values={"ci_low": [""], "ci_high": [""]})
    known = summary[summary["ci_low"].notna() & ~summary["part"].map(is_quantile)]
    assert len(known) > 200
    by_measure = values.groupby(level=[0, 1, 2])
    key = pd.MultiIndex.from_frame(known[["scenario", "metric", "part"]])
    ends = [BOUNDS.get(unit, (0.0, np.inf)) for unit in known["unit"]]
    for name, extremes in (("ci_low", by_measure.min()), ("ci_high", by_measure.max())):
        np.testing.assert_allclose(known[name], np.clip(extremes.loc[key], *np.transpose(ends)), rtol=1e-12, atol=1e-12)


def test_the_comparison_follows_and_agrees_with_itself(folder: Path, values: pd.Series) -> None:
    table = pd.read_csv(folder / "comparison.csv", keep_default_na=False, na_values={"ci_low": [""], "p": [""]})
    known = table[table["p"].notna() & table["ci_low"].notna() & ~table["part"].map(is_quantile)]
    apart = (values.loc["one-stop"] - values.loc["baseline"]).dropna()
    apart = apart.where(apart.abs() > 1e-6, 0.0).groupby(level=[0, 1])
    key = pd.MultiIndex.from_frame(known[["metric", "part"]])
    np.testing.assert_allclose(known["ci_low"].astype(float), apart.min().loc[key], atol=1e-5)
    np.testing.assert_allclose(known["ci_high"].astype(float), apart.max().loc[key], atol=1e-5)
    assert set(known["p"]) == set(known["p_adjusted"].astype(float)) == {0.0, 1.0}
    holds_0 = (known["ci_low"].astype(float) <= 0) & (known["ci_high"].astype(float) >= 0)
    assert (holds_0 == (known["p"] == 1)).all()
    judged = known[known["verdict"].isin([*SIGNS, "same", "undecided", "too_small"])]
    assert (judged["verdict"].isin(["same", "undecided"]) == holds_0[judged.index]).all()


def test_the_comparison_with_the_best_follows(folder: Path, values: pd.Series) -> None:
    best = pd.read_csv(folder / "best.csv", keep_default_na=False)
    row = best[(best["scenario"] == "one-stop") & (best["metric"] == "released_share")].iloc[0]
    apart = values.loc["one-stop", "released_share", ""] - values.loc["baseline", "released_share", ""]
    assert float(row["ci_high"]) == max(apart.max(), 0.0)
    assert row["may_be_best"] == ("yes" if apart.max() >= 0 else "no")


def test_winners_and_losers_follow(folder: Path) -> None:
    """Ends of intervals of counts are counts of a replication."""
    winners = pd.read_csv(folder / "winners.csv", keep_default_na=False)
    ends = winners[(winners["unit"] == "1") & (winners["ci_low"] != "")]
    assert len(ends) > 20
    assert (ends[["ci_low", "ci_high"]].astype(float) % 1 == 0).all(axis=None)


def test_precision_follows(folder: Path, values: pd.Series) -> None:
    reached = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["precision"]["reached"]
    for one in reached:
        numbers = values.loc[one["scenario"], "delay_mean", ""]
        assert one["half_width"] == pytest.approx((numbers.max() - numbers.min()) / 2)


def test_the_words_follow(folder: Path) -> None:
    assert "lean on the extremes alone." in (folder / "report" / "comparison.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_name_the_method(language: Language, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from sim import load
    from sim.report.context import ReportContext
    from sim.report.document import Paragraph
    from sim.report.sections.method import method
    from sim.report.stress import stress_des

    monkeypatch.setattr(intervals, "METHOD", Extremes())
    section = " ".join(block.text for block in method(ReportContext(load(folder), language)) if isinstance(block, Paragraph))
    page = stress_des(language=language)
    assert section.count(NAME.in_language(language)) == 1 and page.count(NAME.in_language(language)) == 2
    used = intervals.WidenedT.name.in_language(language)
    assert used not in section and used not in page


def test_no_other_module_knows_the_law_of_the_method() -> None:
    """Quantiles of Student's t, and its name, stand in one file."""
    pattern = re.compile(r"stdtr|Student's t|\bt interval|t 置信|t 區間|t 区间|ttest|stats\.t\b")
    knowing = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert knowing == ["sim/statistics/intervals.py"]
