"""Shares, intervals, verdicts and sentences of made-up systems whose Shapley values are known."""

import math
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from sim.analysis import package as module
from sim.analysis.attribution_table import LABELS, Attributed, attribution_table, interaction_table
from sim.analysis.contrasts import Contrasts
from sim.analysis.design_run import DesignRun
from sim.analysis.package import game_of
from sim.charts.attribution import draw
from sim.charts.style import PAPER
from sim.ground.text import LANGUAGES, Language
from sim.metrics.measure_ref import read_measure
from sim.report.as_terminal import terminal_text
from sim.report.attribution import pages, scale_of, sentence_of
from sim.statistics.paired import paired_difference
from sim.statistics.pooled_quantiles import PooledQuantile, cluster_counts, pooled_quantile
from sim.statistics.rare_events import judged_exactly
from sim.study.verdict import VERDICT_LABELS, Verdict
from tests.analysis.made_up import MadeUp, Rule, made_up_package
from tests.study.by_hand import Difference
from tests.study.quantiles_by_hand import t_of, times_drawn

FREE: Rule = lambda levers: True  # noqa: E731
B_FIRST: Rule = lambda levers: "a" not in levers or "b" in levers  # noqa: E731
WAIT, FLIGHTS, N = "wait_mean", "released_share", 12
SOME = np.random.default_rng(5)

# ------------------------------------------------------------------------------------------- made-up systems


class System:
    """Values of a measure by combination of levers, shape (replications,) each, as a package takes them apart."""

    def __init__(
        self,
        value: Callable[[frozenset[str]], Any],
        levers: str = "abc",
        rule: Rule = FREE,
        measure: str = WAIT,
        flights: Callable[[frozenset[str]], Any] | None = None,
        n_orders: int = 20,
        quantiles: Callable[[frozenset[str]], PooledQuantile] | None = None,
        **others: Any,
    ) -> None:
        self.game = game_of(made_up_package(levers, rule), (), (), n_orders, 1, 2)
        self.names = {coalition: f"a-{coalition}" for coalition in self.game.coalitions()}
        paths = [self.game.paths(coalition) for coalition in self.names]
        self.values = {c: np.asarray(value(levers), dtype=float) for c, levers in zip(self.names, paths, strict=True)}
        if flights is not None:
            others["released_share"] = np.stack([np.broadcast_to(flights(levers), self.values[0].shape) for levers in paths])
        run = MadeUp(np.stack(list(self.values.values())), tuple(self.names.values()), **others)
        if quantiles:
            by_hand = [quantiles(levers) for levers in paths]
            run.quantiles = lambda measure: by_hand if measure != FLIGHTS else []  # type: ignore[method-assign]
        self.run, self.measure = cast(DesignRun, run), read_measure(measure)
        contrasts = Contrasts(self.run, self.names)
        self.parts = Attributed(self.game, contrasts, (self.measure,), read_measure(FLIGHTS))

    def table(self) -> pd.DataFrame:
        """The rows of the measure: of the levers by name, and of all of them as ""."""
        table = attribution_table([self.parts])
        return table[table["metric"] == self.measure.ref.metric].set_index("lever")

    def rows(self) -> pd.DataFrame:
        return self.table().reset_index()

    def share_by_hand(self, lever: int) -> np.ndarray:
        """Shape (replications,): its mean gain over the orders, listed one by one."""
        n, gains = len(self.game.groups), []
        for order in permutations(range(n)):
            steps = [sum(1 << player for player in order[:k]) for k in range(n + 1)]
            if all(self.game.is_allowed(step) for step in steps):
                at = order.index(lever)
                gains.append(self.values[steps[at + 1]] - self.values[steps[at]])
        return np.asarray(np.mean(gains, axis=0))


@pytest.fixture(autouse=True)
def none_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "dead_levers", lambda *_: ())


def interval(apart: np.ndarray, event: float = math.nan) -> tuple[float, float]:
    return Difference(np.zeros(len(apart)), apart, event).interval(0.05)


def ends(row: "pd.Series[Any]", name: str) -> tuple[float, float]:
    return row[f"{name}_low"], row[f"{name}_high"]


LEVEL = 900 + 60 * SOME.standard_normal(N)
EFFECT = {lever: effect + 20 * SOME.standard_normal(N) for lever, effect in {"a": -240.0, "b": 0.0, "c": 90.0}.items()}


def additive(levers: frozenset[str]) -> np.ndarray:
    return LEVEL + sum((EFFECT[lever] for lever in levers), np.zeros(N))


def tangled(levers: frozenset[str]) -> np.ndarray:
    """Another number for every combination and replication, and one large interaction."""
    noise = np.random.default_rng(sum(map(ord, levers))).standard_normal(N)
    return additive(levers) + 15 * noise - 300 * ({"a", "c"} <= levers)


# ------------------------------------------------------------------------------------------- shares and intervals


def test_where_effects_add_up_alone_left_out_and_share_are_one_number() -> None:
    table = System(additive).table()
    for lever, effect in EFFECT.items():
        row = table.loc[lever]
        assert [row["alone"], row["left_out"], row["share"]] == pytest.approx([effect.mean()] * 3)
        for name in ("alone", "left_out", "share"):
            assert ends(row, name) == pytest.approx(interval(effect))
        assert (row["n"], row["orders"], row["refused"]) == (N, 6, "") and math.isnan(row["order_error"])
    whole = table.loc[""]
    assert whole["share"] == pytest.approx(sum(effect.mean() for effect in EFFECT.values()))
    assert table["of_whole"].iloc[:3].sum() == pytest.approx(whole["of_whole"]) == 1.0
    assert list(table["verdict"]) == ["better", "same", "worse", "better"]
    assert set(table["at_base"]) == {LEVEL.mean()}


@pytest.mark.parametrize(("levers", "rule"), [("abc", FREE), ("abc", B_FIRST), ("abcd", B_FIRST)])
def test_shares_of_tangled_levers_are_those_of_orders_listed_one_by_one(levers: str, rule: Rule) -> None:
    system = System(lambda put_in: tangled(put_in - {"d"}) + 30 * len(put_in & {"b", "d"}) ** 2, levers, rule)
    table, whole = system.table(), system.values[system.game.whole] - system.values[0]
    for number, lever in enumerate(levers):
        by_hand = system.share_by_hand(number)
        assert table.loc[lever, "share"] == pytest.approx(by_hand.mean()), lever
        assert ends(table.loc[lever], "share") == pytest.approx(interval(by_hand)), lever
    assert table["share"].iloc[:-1].sum() == pytest.approx(table.loc["", "share"], rel=1e-12) == pytest.approx(whole.mean())
    assert ends(table.loc[""], "share") == pytest.approx(interval(whole))


def test_a_combination_that_is_refused_has_a_dash_and_the_reason() -> None:
    table = System(tangled, rule=B_FIRST).table()
    assert math.isnan(table.loc["a", "alone"]) and table.loc["a", "refused"] == "alone: rule: the rule forbids it"
    assert math.isnan(table.loc["b", "left_out"]) and table.loc["b", "refused"] == "left out: rule: the rule forbids it"
    assert table.loc[["a", "b"], "share"].notna().all() and table.loc["c", "refused"] == ""


def test_what_two_do_together_beyond_what_each_does_alone() -> None:
    system = System(tangled)
    table = interaction_table([system.parts]).set_index(["first", "second"])
    v = system.values
    for pair, (one, two) in {("a", "b"): (1, 2), ("a", "c"): (1, 4), ("b", "c"): (2, 4)}.items():
        apart = v[one | two] - v[one] - v[two] + v[0]
        assert table.loc[pair, "interaction"] == pytest.approx(apart.mean())
        assert tuple(table.loc[pair, ["ci_low", "ci_high"]]) == pytest.approx(interval(apart))
    refused = interaction_table([System(tangled, rule=B_FIRST).parts])
    assert list(zip(refused["first"], refused["second"], strict=True)) == [("b", "c")]  # the others need a alone


def test_an_event_counts_as_often_as_its_value_enters_a_share() -> None:
    system = System(tangled, "ab", event=6.0)
    table = system.table()
    assert ends(table.loc["a"], "share") == pytest.approx(interval(system.share_by_hand(0), 6.0))
    assert ends(table.loc["a"], "alone") == pytest.approx(interval(system.values[1] - system.values[0], 6.0))
    (pair,) = interaction_table([system.parts]).to_dict("records")
    apart = system.values[3] - system.values[2] - system.values[1] + system.values[0]
    assert (pair["ci_low"], pair["ci_high"]) == pytest.approx(interval(apart, 6.0))


def test_a_replication_without_a_value_somewhere_is_left_out_everywhere() -> None:
    def value(levers: frozenset[str]) -> np.ndarray:
        return np.where((np.arange(N) == 3) & (levers == {"a", "b"}), math.nan, tangled(levers))

    table, kept = System(value).table(), np.arange(N) != 3
    assert set(table["n"]) == {N - 1}
    assert table.loc["", "share"] == pytest.approx((tangled(frozenset("abc")) - LEVEL)[kept].mean(), abs=40)
    assert table["share"].iloc[:3].sum() == pytest.approx(table.loc["", "share"])
    assert table.loc["a", "at_base"] == pytest.approx(tangled(frozenset())[kept].mean())


@pytest.mark.parametrize("at", ["c", "ab"])
def test_what_was_not_reached_somewhere_is_not_shared_out(at: str) -> None:
    """The replications in which it was reached are a selection."""

    def value(levers: frozenset[str]) -> np.ndarray:
        return np.where((np.arange(N) < 2) & (levers == set(at)), math.inf, tangled(levers))

    system = System(value)
    table = system.table()
    assert table["share"].iloc[:3].isna().all()
    assert set(table["verdict"].iloc[:3]) == {"not_comparable"}
    assert table.loc["", "share"] == pytest.approx((system.values[7] - system.values[0]).mean())
    everywhere = System(lambda levers: np.where(np.arange(N) < 2, math.inf, tangled(levers)))
    assert everywhere.table()["share"].isna().all()
    assert "no number can be shared out" in sentence_of(everywhere.run, everywhere.rows())


def test_a_measure_without_any_value_is_told_and_shares_nothing_out() -> None:
    system = System(lambda levers: np.full(N, math.nan))
    assert system.table()["share"].isna().all() and set(system.table()["verdict"]) == {"not_comparable"}
    for language in LANGUAGES:
        assert "nan" not in sentence_of(system.run, system.rows(), language)
    assert "all together" not in printed(system)  # a table of dashes says no more


# ------------------------------------------------------------------------------------------- quantiles


def times(levers: frozenset[str]) -> np.ndarray:
    """Shape (8, 40): whole seconds of 40 flights of each replication; b spreads them out, and takes from a what it gains."""
    values = np.round(600 + 50 * np.random.default_rng(3).standard_normal((8, 40)) * (1 + ("b" in levers)))
    return np.asarray(values - 90 * ("a" in levers) + 30 * ({"a", "b"} <= levers))


def median(levers: frozenset[str]) -> PooledQuantile:
    values = times(levers).ravel()
    pool, counts = cluster_counts(np.repeat(np.arange(8), 40), values, np.ones(len(values), dtype=np.int64), 8)
    return pooled_quantile(pool, counts, 0.5)


def hull(mean: float, draws: np.ndarray, weights: float) -> tuple[float, float]:
    """Of 95%: t times the standard error, and the percentiles of the draws; wider by a second for each unit of weight."""
    half, rising = t_of(8, 0.05) * draws.std(ddof=1) * math.sqrt(8 / 7), np.sort(draws)
    return min(mean - half, rising[24]) - weights, max(mean + half, rising[-25]) + weights


def test_the_shares_of_a_quantile_are_those_of_the_flights_of_all_replications() -> None:
    """What a replication's own median is plays no part: 8 replications of 40 flights, drawn whole."""
    system = System(lambda levers: np.zeros(8), "ab", measure="delay_quantile/p50", quantiles=median)
    v = {c: np.sort(times(system.game.paths(c)).ravel())[159] for c in range(4)}
    samples = {c: times(system.game.paths(c)) for c in range(4)}
    drawn = [np.repeat(np.arange(8), n.astype(int)) for n in times_drawn(8)]
    draws = {c: np.array([np.sort(samples[c][chosen].ravel())[159] for chosen in drawn]) for c in range(4)}
    table = system.table()
    for lever, (one, other) in {"a": (1, 2), "b": (2, 1)}.items():
        share = [(of[one] - of[0] + of[3] - of[other]) / 2 for of in (v, draws)]
        assert table.loc[lever, "share"] == share[0]
        assert ends(table.loc[lever], "share") == pytest.approx(hull(*share, 1.0))
        assert ends(table.loc[lever], "alone") == pytest.approx(hull(v[one] - v[0], draws[one] - draws[0], 1.0))
    assert table["share"].iloc[:2].sum() == table.loc["", "share"] == v[3] - v[0]
    assert set(table["at_base"]) == {v[0]}
    (pair,) = interaction_table([system.parts]).to_dict("records")
    together = [of[3] - of[1] - of[2] + of[0] for of in (v, draws)]
    assert (pair["interaction"], pair["ci_low"], pair["ci_high"]) == pytest.approx((together[0], *hull(*together, 2.0)))


def test_a_quantile_that_falls_among_flights_never_released_somewhere_is_not_shared_out() -> None:
    def beyond(levers: frozenset[str]) -> PooledQuantile:
        values = np.where((np.arange(40) < 25) & (levers == {"a"}), math.inf, times(levers)).ravel()
        pool, counts = cluster_counts(np.repeat(np.arange(8), 40), values, np.ones(len(values), dtype=np.int64), 8)
        return pooled_quantile(pool, counts, 0.5)

    system = System(lambda levers: np.zeros(8), "ab", measure="delay_quantile/p50", quantiles=beyond)
    table = system.table()
    assert table["share"].iloc[:2].isna().all() and set(table["verdict"].iloc[:2]) == {"not_comparable"}
    assert not math.isnan(table.loc["", "share"])
    assert "It can't be shared out" in sentence_of(system.run, system.rows())


# ------------------------------------------------------------------------------------------- verdicts


def guarded(**others: Any) -> pd.DataFrame:
    return System(additive, flights=lambda levers: np.where("a" in levers, 0.7, 1.0) * np.ones(N), **others).table()


def test_a_lever_that_turns_flights_away_is_not_better() -> None:
    """a lowers the delay, and three flights in ten are gone with it: neither it nor the package is better for that."""
    table = guarded()
    assert list(table["verdict"]) == ["fewer_flights", "same", "worse", "fewer_flights"]
    system = System(additive, flights=lambda levers: 0.7 if "a" in levers else 1.0)
    listed = attribution_table([system.parts])
    flights = listed[listed["metric"] == FLIGHTS].set_index("lever")
    assert flights["share"].to_dict() == pytest.approx({"a": -0.3, "b": 0.0, "c": 0.0, "": -0.3})
    assert flights.loc["a", "verdict"] == "worse"


def test_a_lever_is_better_though_another_turns_flights_away() -> None:
    table = System(additive, flights=lambda levers: 0.7 if "c" in levers else 1.0).table()
    assert list(table["verdict"]) == ["better", "same", "worse", "fewer_flights"]


def test_of_few_rare_events_nothing_is_said() -> None:
    counts = {frozenset(""): [0, 1, 0, 0], frozenset("a"): [1, 0, 0, 0], frozenset("b"): [0, 0, 1, 1], frozenset("ab"): [1] * 4}
    table = System(lambda levers: counts[levers], "ab", measure="illicit_missed", event=1.0).table()
    assert set(table["verdict"]) == {"too_few_events"} and table["of_whole"].isna().all()
    many = System(lambda levers: 20 * np.asarray(counts[levers]) + 9, "ab", measure="illicit_missed", event=1.0).table()
    assert "too_few_events" not in set(many["verdict"])


def test_small_counts_of_rare_events_are_judged_exactly_as_in_a_comparison() -> None:
    """Five events in eleven replications without the lever a, none with it; its share over orders is no plain count."""
    seen = np.array([1.0, 0, 2, 0, 0, 1, 0, 1, 0, 0, 0, 0])
    system = System(lambda levers: seen * ("a" not in levers), levers="ab", measure="illicit_missed", event=1.0)
    row = system.table().loc["a"]
    exact = judged_exactly(paired_difference(seen, 0 * seen, 1.0), seen, 0 * seen)
    assert ends(row, "alone") == pytest.approx(exact.interval(0.05)) != pytest.approx(ends(row, "share"))


def test_a_difference_of_few_replications_has_no_interval() -> None:
    table = System(lambda levers: LEVEL - 30 * (np.arange(N) == 2) * ("a" in levers)).table()
    assert table.loc["a", "share"] == pytest.approx(-2.5) and math.isnan(table.loc["a", "share_low"])
    assert list(table["verdict"]) == ["too_few_events", "undecided", "undecided", "too_few_events"]
    assert table["of_whole"].isna().all()


# ------------------------------------------------------------------------------------------- sampled orders


def crowded(levers: frozenset[str]) -> np.ndarray:
    pairs = sum(x in levers and y in levers for x, y in zip("abcdefg", "bcdefga", strict=True))
    return LEVEL + 40 * len(levers) - 25.0 * pairs * (1 + 0.1 * np.arange(N)) + 60 * ("a" in levers) * len(levers)


def additive_of_many(levers: frozenset[str]) -> np.ndarray:
    return LEVEL + 30.0 * len(levers)


def test_the_interval_of_a_sampled_share_holds_the_error_of_the_sample() -> None:
    system = System(crowded, "abcdefg", n_orders=12)
    table, pairs = system.table(), system.game.orders.sampled
    assert len(pairs) == 6 and set(table["orders"]) == {12}
    for number, lever in enumerate("abcdefg"):
        gains = np.array([[_gain(system, order, number) for order in pair] for pair in pairs])  # pairs, order, replications
        share = gains.mean(axis=(0, 1))
        error = gains.mean(axis=(1, 2)).std(ddof=1) / math.sqrt(len(pairs)) * t_of(len(pairs), 0.05)
        low, high = interval(share)
        row = table.loc[lever]
        assert (row["share"], row["order_error"]) == pytest.approx((share.mean(), error)), lever
        wider = share.mean() - math.hypot(share.mean() - low, error), share.mean() + math.hypot(high - share.mean(), error)
        assert ends(row, "share") == pytest.approx(wider), lever
        assert ends(row, "alone") == pytest.approx(interval(system.values[1 << number] - system.values[0])), lever
    assert table["order_error"].iloc[:7].max() > 0
    assert table["share"].iloc[:7].sum() == pytest.approx(table.loc["", "share"])
    assert interaction_table([system.parts]).empty
    assert "mean gain over 12 orders, drawn from those in which" in printed(system)
    assert "mean gain over the 6 orders in which" in printed(System(additive))
    few = System(additive_of_many, "abcdefg", rule=lambda levers: sorted(levers) == list("abcdefg")[: len(levers)])
    assert few.table()["order_error"].isna().all() and "mean gain over the one order in which" in printed(few)


def _gain(system: System, order: Sequence[int], player: int) -> np.ndarray:
    before = sum(1 << other for other in order[: order.index(player)])
    return system.values[before | 1 << player] - system.values[before]


# ------------------------------------------------------------------------------------------- sentences


def test_the_sentence_names_the_levers_whose_share_is_clear_the_largest_first() -> None:
    system = System(additive)
    assert sentence_of(system.run, system.rows()) == (
        "Mean wait: 14.9 min in a, −2.92 min with b [−3.27, −2.60]. Of that, −4.11 min by A; +1.33 min by C."
    )


def test_a_number_that_is_too_small_or_for_fewer_flights_is_not_said_without_that() -> None:
    small = System(lambda levers: LEVEL + (additive(levers) - LEVEL) / 10)
    assert "−0.29 min with b [−0.33, −0.26] (too small to matter). Of that, −0.41 min by A; +0.13 min by C." in sentence_of(
        small.run, small.rows()
    )
    away = System(additive, flights=lambda levers: 0.7 if "a" in levers else 1.0)
    assert "[−3.27, −2.60] (for fewer flights). Of that, −4.11 min by A; +1.33 min by C." in sentence_of(away.run, away.rows())
    assert "（航班減少）" in sentence_of(away.run, away.rows(), "zh-Hant")


def test_no_lever_is_named_that_is_not_clear() -> None:
    noise = {lever: 60 * np.random.default_rng(ord(lever)).standard_normal(N) for lever in "abc"}
    system = System(lambda levers: LEVEL + sum((noise[lever] for lever in levers), np.zeros(N)))
    assert "neither all levers together nor any of them makes a clear difference" in sentence_of(system.run, system.rows())
    against = System(lambda levers: LEVEL + 200 * ("a" in levers) - 200 * ("b" in levers) + noise["c"] * ("c" in levers))
    written = sentence_of(against.run, against.rows())
    assert "all levers together make no clear difference" in written and "+3.33 min by A; −3.33 min by B" in written


def printed(system: System, language: Language = "en") -> str:
    """What is printed of the one measure that was asked about, on one line."""
    system.run.manifest.asked = {
        "steps": [],
        "orders": system.game.orders.number,
        "measures": {"b": [system.measure.name]},
    }  # type: ignore[misc]
    tables = attribution_table([system.parts]), interaction_table([system.parts])
    return terminal_text(pages(system.run, *tables, language), 400)


def test_flights_that_are_turned_away_are_told_unasked() -> None:
    away = System(additive, flights=lambda levers: 0.7 if "a" in levers else 1.0)
    assert "Share of flights released: 100% in a, −30.0 percentage points with b" in printed(away)
    assert "flights released" not in printed(System(additive))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_and_label_of_the_table_is_printed(language: Language) -> None:
    system = System(tangled, rule=B_FIRST)
    text, rows = printed(system, language), system.rows()
    scale = scale_of(rows)
    for row in rows.to_dict("records"):
        names = ("alone", "left_out", "share", "share_low", "share_high")
        numbers = scale.changes(*(float(row[name]) for name in names), level=float(row["at_base"]))
        (line,) = [line for line in text.splitlines() if f"{numbers[2]}  [{numbers[3]}, {numbers[4]}]" in line]
        assert row["row"] == "whole" or str(row[LABELS[language]]) in line
        assert row["row"] == "whole" or [cell for cell in line.split() if cell in numbers[:2]] == list(numbers[:2])
        assert VERDICT_LABELS[Verdict(row["verdict"])].in_language(language) in line
    assert text.count("–") == 2 and "nan" not in text


def test_numbers_of_a_table_have_one_precision_and_none_is_finer() -> None:
    """A third of a second beside four minutes is no number of its own; the end of an interval keeps its sign."""
    text = printed(System(lambda levers: LEVEL - 240.0 * ("a" in levers) - 0.3 * ("b" in levers), "ab", event=1.0))
    (line,) = [line for line in text.splitlines() if line.split()[:1] == ["B"]]
    assert "by B" not in text and line.split()[1:4] == ["0.00", "0.00", "0.00"] and line.split()[4].startswith("[−0.0")


def test_no_share_moves_by_more_than_all_flights() -> None:
    gets_through = np.linspace(0.02, 0.2, 3)
    released = lambda levers: gets_through if "a" in levers else np.ones(3)  # noqa: E731
    table = System(released, "ab", measure=FLIGHTS, flights=released).table()
    assert ends(table.loc["a"], "alone") == (-1.0, pytest.approx(interval(gets_through - 1)[1]))
    assert interval(gets_through - 1)[0] < -1


def test_a_bar_is_filled_where_its_share_is_clear_and_events_are_enough() -> None:
    system = System(additive)
    rows = system.rows()
    for doubtful in ("", "too_few_events"):
        rows.loc[0, "verdict"] = doubtful or rows.loc[0, "verdict"]
        (axis,) = draw(system.run, rows, "Finding", False, "en").axes
        bars = [bar for container in axis.containers for bar in container]
        assert [bar.get_width() * 60 for bar in bars] == pytest.approx(rows["share"].tolist())
        assert [to_hex(bar.get_facecolor()) == PAPER for bar in bars] == [bool(doubtful), True, False, False]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["A", "B", "C", "all together"]


def test_the_note_of_a_chart_says_how_many_measures_are_not_drawn() -> None:
    system = System(additive)
    four = pd.concat([system.rows().assign(part=part) for part in ("", "a", "b", "c")])
    texts = [text.get_text() for text in draw(system.run, four, "Finding", False, "en").texts]
    assert any("the first 3 of 4 measures" in text.replace("\n", " ") for text in texts)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_sentences_in_chinese_have_no_word_of_english(language: Any) -> None:
    shown = System(additive)
    for system in (shown, System(lambda levers: LEVEL), System(lambda levers: np.full(N, math.nan))):
        written = sentence_of(system.run, system.rows(), language)
        words = "".join(character if character.isascii() and character.isalpha() else " " for character in written).split()
        assert set(words) <= {"a", "b", "c"}, written
