"""Sentences: every one that a shipped scenario or a question can lead to is short, plain and in its own language."""

import itertools
import math
import re
from types import SimpleNamespace
from typing import Any

import pytest

from sim.ground.text import LANGUAGES, Language
from sim.metrics import all_metrics
from sim.metrics.measure_ref import MeasureRef
from sim.policies import FEATURES
from sim.report.finding import ALWAYS, BY_SIDE, MINUTES_BY_SIDE
from sim.report.sentences import Saying
from sim.report.spoken import spoken
from sim.study.questions import LONGEST_WAIT, QUESTIONS
from sim.study.verdict import Verdict
from tests.shipped import FILES, shipped

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
TITLES = [shipped(file.stem).title for file in FILES]
ANSWERING = sorted(
    {key for question in QUESTIONS for key in question.answered_by}
    | {key for file in FILES for key in shipped(file.stem).answered_by}
    | {*ALWAYS, *(f"{key}/hong_kong" for key in BY_SIDE), f"{MINUTES_BY_SIDE}/mainland/mean"}
)
JARGON = (
    "quantile",
    "percentile",
    "interval",
    "replication",
    "p95",
    "p50",
    "baseline",
    "verdict",
    "metric",
    "ci_",
    "_",
    "{",
    "None",
    "nan",
)


def saying(key: str, language: Language, verdict: Verdict, before: float, difference: float, half_width: float) -> Saying:
    """A measure of the scenario `new` held against `old`."""
    ref = MeasureRef.parse(key)
    longest = max(TITLES, key=lambda title: len(title.en))
    scenarios = [SimpleNamespace(name="old", title=longest), SimpleNamespace(name="new", title=TITLES[0])]
    window = SimpleNamespace(days=10)
    study: Any = SimpleNamespace(metrics=METRICS, features=FEATURES, manifest=SimpleNamespace(window=window, scenarios=scenarios))
    row = {"n": 20, "note": "", "ci_low": before - half_width, "ci_high": before + half_width}
    change = {
        "baseline": "old", "difference": difference, "ci_low": difference - half_width, "ci_high": difference + half_width,
        "differ": 20, "matters": 1.0, "verdict": str(verdict), "note": "", "replications_to_decide": math.nan,
    }  # fmt: skip
    return Saying(study, ref, "new", language, row | {"mean": before + difference}, row | {"mean": before}, change)


def numbers_of(key: str) -> tuple[float, float, float]:
    """A level, a difference and half an interval as large as the measure has them."""
    ref = MeasureRef.parse(key)
    unit = METRICS[ref.metric].unit_in(ref.part)
    return {"share": (0.923, 0.0312, 0.0104), "s": (754.0, 133.0, 41.0), "min": (12.0, 2.4, 0.7)}.get(unit, (104.3, 11.37, 4.1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_can_be_said_is_plain_and_short(language: Language) -> None:
    faults = []
    for key, verdict in itertools.product(ANSWERING, Verdict):
        if key == LONGEST_WAIT:
            continue
        level, by, half = numbers_of(key)
        for sign, half_width in itertools.product((1, -1), (half, 20 * half)):
            is_wide = verdict in (Verdict.UNDECIDED, Verdict.SAME)
            line = saying(key, language, verdict, level, sign * by, half_width if is_wide else half)
            faults += [f"{key} {verdict}: {fault}: {line.sentence()}" for fault in faults_of(line.sentence(), language)]
            faults += [f"{key} {verdict}: a cell: {cell}" for cell in line.cells() if "nan" in cell or "{" in cell]
    assert not faults, "\n".join(faults[:20])


def faults_of(sentence: str, language: Language) -> list[str]:
    """What a reader would stumble over; quoted titles are their authors'."""
    bare = re.sub(r"[「“].*?[」”]", "", sentence)
    faults = [f"jargon {word}" for word in JARGON if word in bare]
    longest = 260 if language == "en" else 110
    if len(bare) > longest:
        faults.append(f"{len(bare)} signs")
    if not sentence.endswith("." if language == "en" else "。"):
        faults.append("no end")
    if re.search(r"  |\s[.,;。，；]|[.。]{2}", sentence):
        faults.append("gaps or signs")
    if re.search(r"\d{5,}|\d\.\d{3,}", bare):
        faults.append("too many digits")
    if language == "en":
        faults += ["Chinese signs"] if re.search(r"[\u3000-\u9fff]", bare) else []
    else:
        words = {word for word in re.findall(r"[A-Za-z]+", bare) if not word.isupper()}  # names of types of aircraft are capitals
        faults += [f"English {words}"] if words else []
        faults += ["a gap between Chinese signs"] if re.search(r"(?<=[\u3000-\u9fff]) (?=[\u3000-\u9fff])", bare) else []
    return faults


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_titles_have_no_english_words_in_chinese(language: Language) -> None:
    words = {word for title in TITLES for word in re.findall(r"[A-Za-z]+", title.in_language(language)) if not word.isupper()}
    assert words <= {"eVTOL"}, words


def test_a_share_is_said_as_whole_things_and_its_difference_is_that_of_what_is_shown() -> None:
    line = saying("on_time_share", "en", Verdict.BETTER, 0.69, 0.0404, 0.009)
    assert line.sentence().startswith(
        "With “Twice as many trusted operators”, 730 of 1,000 flights planned are on time, 40 more than"
    )
    line = saying("on_time_share", "en", Verdict.WORSE, 0.968, -0.0201, 0.0116)
    assert (
        "95 of 100 flights planned are on time, 2 fewer than with" in line.sentence() and "(between 1 and 3)" in line.sentence()
    )
    assert line.cells() == ("97", "95", "↓ 2", "worse")
    for before, difference in itertools.product((0.9641, 0.9655, 0.9249), (-0.0151, -0.0249, 0.0144)):
        cells = saying("on_time_share", "en", Verdict.WORSE, before, difference, 0.012).cells()
        shown = [int(cell.split()[-1].replace(",", "")) for cell in cells[:3]]
        assert abs(shown[1] - shown[0]) == shown[2], cells


def test_numbers_have_no_more_digits_than_their_interval() -> None:
    metric = METRICS["officer_hours"]
    assert spoken(metric, "", 4.7, 98.0).number(97.94) == "98"
    assert spoken(metric, "", 0.47, 98.0).number(97.94) == "97.9"
    assert spoken(metric, "", 47.0, 98.0).number(97.94) == "100"
    assert spoken(metric, "", math.nan, 98.0).number(97.94) == "98"
    assert spoken(METRICS["on_time_share"], "", 0.0004).of == 10_000


def test_a_difference_whose_near_end_would_be_said_as_none_has_a_digit_more() -> None:
    line = saying("officer_hours", "en", Verdict.WORSE_PERHAPS_SMALL, 98.0, 5.0, 4.9)
    assert "(between 0.1 and 9.9 h)" in line.sentence() and "may be too little to matter" in line.sentence()


def test_what_was_alike_in_every_replication_is_not_called_undecided() -> None:
    line = saying("officer_hours_scheduled", "en", Verdict.UNDECIDED, 2600.0, 0.0, math.nan)
    assert isinstance(line.change, dict)
    line.change["differ"] = 0
    assert "in every replication the same as with" in line.sentence() and line.cells()[3] == "the same"


def test_early_and_late_are_said_without_a_sign() -> None:
    early = saying("delay_quantile/p50", "en", Verdict.BETTER, -300.0, -300.0, 60.0)
    assert "half of the flights are released at least 10 min before their planned time, 5 min earlier than" in early.sentence()
    late = saying("delay_quantile/p95", "zh-Hant", Verdict.WORSE, 300.0, 600.0, 60.0)
    assert "每 20 班航班有 19 班最遲於計劃時間後 15 分鐘放行" in late.sentence() and "遲 10 分鐘" in late.sentence()
