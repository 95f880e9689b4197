"""What changed from one study to a later one: by small studies, that others read too where they can."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

import sim
from sim.metrics.measure_ref import MeasureRef
from sim.report.as_terminal import terminal_text
from sim.report.changes import ChangesInWords, changes_in_blocks
from sim.study.changes import StudyChanges, earlier
from tests.conftest import BASE, TWO, MakeStudy

DECIDED_EARLY = "\npolicy: {pre_clearance: {lead: 60 min, decision: before_departure}}\n"
LONG = BASE.replace("days: 1", "days: 3")
RENAMED = BASE.replace("name: base", "name: first").replace("title: Base", "title: First")
REFS = [MeasureRef("on_time_share"), MeasureRef("flights_released"), MeasureRef("delay_quantile", "p50")]


def changes(before: Path, after: Path) -> StudyChanges:
    return StudyChanges(sim.load(before), sim.load(after))


def bullets(of: StudyChanges) -> list[str]:
    return [item for block in ChangesInWords(of).blocks() for item in getattr(block, "items", ())]


def words(of: StudyChanges) -> str:
    return " ".join(terminal_text(changes_in_blocks(of), 100).split())


@pytest.fixture(scope="module")
def base(make_study: MakeStudy) -> Path:
    return make_study({"base": BASE}, replications=4)


@pytest.fixture(scope="module")
def early(make_study: MakeStudy) -> Path:
    """The same scenario with another decision: the flights are the same, and what they wait for is another stage."""
    return make_study({"base": BASE + DECIDED_EARLY}, replications=6)


@pytest.fixture(scope="module")
def long(make_study: MakeStudy) -> StudyChanges:
    """The same over flights enough to tell."""
    return changes(make_study({"base": LONG}, replications=10), make_study({"base": LONG + DECIDED_EARLY}, replications=10))


@pytest.fixture(scope="module")
def other_seed(make_study: MakeStudy) -> Path:
    return make_study({"base": BASE}, replications=6, seed=8)


def test_of_a_study_and_itself_no_number_differs(base: Path) -> None:
    same = changes(base, base)
    assert same.are_identical
    assert words(same) == "What changed since the earlier run No number differs: one scenario, 4 replications of each."


def test_with_one_seed_replications_are_compared_pair_by_pair(base: Path, early: Path) -> None:
    paired = changes(base, early)
    levels, differences = paired.table(REFS)
    by_ref = {MeasureRef(row.metric, row.part): row for row in differences.itertuples()}
    of_both = [study.replications.query("metric == 'on_time_share' and replication < 4")["value"].to_numpy() for study in (
        paired.before, paired.after)]  # fmt: skip
    row = by_ref[REFS[0]]
    assert row.difference == pytest.approx((of_both[1] - of_both[0]).mean())
    assert (row.n, row.scenario, row.baseline) == (4, "base", earlier("base"))
    means = levels[levels["metric"] == "on_time_share"].set_index("scenario")["mean"]
    assert means.to_dict() == pytest.approx({"base": of_both[1].mean(), earlier("base"): of_both[0].mean()})
    assert set(by_ref) == set(REFS)


def test_with_another_seed_the_levels_are_independent(base: Path, other_seed: Path) -> None:
    apart = changes(base, other_seed)
    row = apart.table(REFS)[1].set_index("metric").loc["on_time_share"]
    was, now = (
        study.replications.query("metric == 'on_time_share'")["value"].to_numpy() for study in (apart.before, apart.after)
    )
    assert row["difference"] == pytest.approx(now.mean() - was.mean())
    assert math.isnan(row["variance_reduction"])
    assert row["ci_low"] <= row["difference"] <= row["ci_high"]
    text = words(apart)
    assert "Other random numbers (seed 7 before, 8 now)" in text
    assert "4 replications before, 6 now: all of them count." in text
    assert "Nothing was changed in it: what differs is chance." in text


def test_what_was_changed_is_said_in_words(base: Path, early: Path) -> None:
    text = words(changes(base, early))
    assert "policy: Filing and pre-clearance: Decision on arrival → before departure" in text
    assert "Same random numbers (seed 7), same days, same version of the model" in text
    assert "4 replications before, 6 now: compared are the first 4, which both have." in text


def test_where_only_the_critical_path_changed_flights_are_not_said_to_fly_longer(long: StudyChanges) -> None:
    """The minutes of flying on the critical path grow, and none is flown more."""
    studies = long.before, long.after
    minutes = [s.replications.query("metric == 'waterfall' and part == 'fly_1/service'")["value"].mean() for s in studies]
    assert minutes[1] > 1.02 * minutes[0]
    lines = bullets(long)
    assert any(line.startswith("Flights do not fly longer or shorter") for line in lines)
    assert not any("Time in the air" in line for line in lines)
    loading = next(line for line in lines if line.startswith("Loading ends last before take-off"))
    assert "it takes as long in both" in loading


def test_scenarios_that_came_went_and_have_another_name_are_named(base: Path, make_study: MakeStudy) -> None:
    two = make_study(TWO)
    renamed = make_study({"first": RENAMED}, replications=4)
    assert "No longer there: “Dense”." in words(changes(two, base))
    assert "New: “Dense”. There is nothing to compare with." in words(changes(base, two))
    again = changes(base, renamed)
    assert (again.renamed, again.pairs) == ({"first": "base"}, {"first": "base"})
    assert "“First” was called base: policy and world are the same." in words(again)
    assert "Nothing was changed in it, and no number differs." in words(again)


def test_another_world_is_no_effect_of_policy_alone(base: Path, make_study: MakeStudy) -> None:
    busier = make_study({"base": BASE.replace("24/d", "48/d")}, replications=4)
    other = changes(base, busier)
    assert other.other_world == ("base",)
    assert set(other.table(REFS)[1]["verdict"]) == {"other_world"}
    assert "More than policy was changed in “Base”" in words(other)


def test_what_is_counted_over_other_days_is_left_out(base: Path, make_study: MakeStudy) -> None:
    longer = make_study({"base": BASE.replace("days: 1", "days: 2")}, replications=4)
    assert set(changes(base, longer).table(REFS)[1]["metric"]) == {"on_time_share", "delay_quantile"}
    assert "Other days are observed (one day after a warm-up of 6 h before, 2 days after 6 h now)" in words(changes(base, longer))


@pytest.mark.parametrize("boosts", [(1.0, 10.0), (10.0, 1.0)])
def test_numbers_of_boosted_worlds_are_not_compared(
    base: Path, boosts: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StudyChanges, "boosts", boosts)
    monkeypatch.setattr(StudyChanges, "are_identical", False)
    text = words(changes(base, base))
    assert "no number is compared" in text
    assert "Before and now" not in text


def test_another_version_of_the_model_is_said(base: Path, early: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StudyChanges, "has_other_model", True)
    text = words(changes(base, early))
    assert "was changed between the two (both say version 0.1.0): a difference may be the model's" in text
    assert "what differs comes from what was changed" not in text


def test_what_an_older_version_did_not_keep_is_not_taken_as_0(early: Path) -> None:
    old = changes(Path(__file__).parents[1] / "fixtures" / "format-2" / "finished", early)
    renamed = StudyChanges(old.before, old.after)
    renamed.__dict__["pairs"] = {"base": "baseline"}
    text = words(renamed)
    assert "What flights wait for is not set side by side, since the earlier run did not keep it." in text
    assert "take-off in" not in text


def test_what_was_changed_in_every_scenario_stands_once(make_study: MakeStudy) -> None:
    """A lever that flights notice in neither scenario: the levers are told although no number differs."""
    both = make_study({name: text.replace("24/d", "24/d, operators: 5") for name, text in TWO.items()})
    text = words(changes(make_study(TWO), both))
    assert text.count("Operators") == 1
    assert "Changed in every scenario - world: Demand: Operators 2 → 5" in text


def test_verdicts_that_changed_within_the_study_are_told(make_study: MakeStudy) -> None:
    few, many = make_study(TWO), make_study(TWO, replications=8)
    both = changes(few, many)
    verdicts = [study.comparison.set_index(["metric", "part"])["verdict"] for study in (both.before, both.after)]
    refs = [MeasureRef(*key) for key in verdicts[0].index.intersection(verdicts[1].index)]
    differ = [ref for ref in refs if verdicts[0][ref] != verdicts[1][ref]]
    assert differ
    moved = both.verdicts({"dense": refs})
    assert [change.ref for change in moved] == differ
    assert all((change.before, change.after) == (verdicts[0][change.ref], verdicts[1][change.ref]) for change in moved)
    assert both.verdicts({"base": refs}) == []


def test_the_chinese_pages_have_no_english(base: Path, early: Path, other_seed: Path) -> None:
    for after in (early, other_seed):
        for language in ("zh-Hant", "zh-Hans"):
            lines: Sequence[str] = (
                terminal_text(changes_in_blocks(changes(base, after), language), 100).replace("Base", "").split()
            )
            assert [line for line in lines if any(sign.isascii() and sign.isalpha() for sign in line)] == [], language


def test_the_value_of_a_measure_never_kept_is_not_made_up(base: Path, early: Path) -> None:
    unknown = changes(base, early).table([MeasureRef("no_such_measure")])
    assert [len(table) for table in unknown] == [0, 0]
