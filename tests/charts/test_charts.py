"""Every chart draws for every size of study, clips nothing, and gives the same bytes twice."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text as Drawn

from sim.charts import corridor_map, differences, style, utilisation
from sim.charts.catalogue import CHARTS
from sim.charts.chart import Chart
from sim.charts.export import write_charts
from sim.charts.panels import merged_order
from sim.ground.text import LANGUAGES, Language
from sim.report.as_typst import CM, width_on_page
from sim.report.document import Picture
from sim.world.own_route import OwnRoute
from tests.charts.fake_study import FakeStudy, fake_study, study_of
from tests.tiers import slow

STUDIES = {n: fake_study(n) for n in (1, 2, 8)}
LONG = study_of(["a-baseline-with-a-name-of-sixty-four-characters-the-longest-allowed", "b" * 64, "c_" * 32], n_replications=3)
each_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)


def drawn(chart: Chart, study: Any, language: Language = "en") -> Figure:
    with style.style_context(language):
        figure = chart.draw(study, language)
        FigureCanvasAgg(figure).draw()
    return figure


@cache
def drawn_of(n_scenarios: int, chart: Chart, language: Language = "en") -> Figure:
    """Drawn once for all that is looked for in it."""
    return drawn(chart, STUDIES[n_scenarios], language)


def texts_outside(figure: Figure) -> list[str]:
    """The texts of a figure of which any part lies outside of it."""
    with style.style_context("en"):  # for the way in which letters are measured
        return _outside(figure, FigureCanvasAgg(figure).get_renderer())  # type: ignore[no-untyped-call]


def _outside(figure: Figure, renderer: Any) -> list[str]:
    hidden = {id(text) for axes in figure.axes if not axes.get_visible() for text in axes.findobj(Drawn)}
    hidden |= {id(label) for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for label in _idle_labels(axis)}
    outside = []
    for text in figure.findobj(Drawn):
        assert isinstance(text, Drawn)
        if id(text) in hidden or not text.get_visible() or not text.get_text().strip():
            continue
        extent = text.get_window_extent(renderer)
        if extent.x0 < -1 or extent.x1 > figure.bbox.x1 + 1 or extent.y0 < -1 or extent.y1 > figure.bbox.y1 + 1:
            outside.append(text.get_text())
    return outside


def _idle_labels(axis: Any) -> list[Drawn]:
    """The labels of ticks that are not drawn: left over, or beyond the limits."""
    low, high = sorted(axis.get_view_interval())
    idle = [tick for tick in axis.majorTicks if tick not in axis.get_major_ticks() or not low <= tick.get_loc() <= high]
    return [label for tick in idle for label in (tick.label1, tick.label2)]


@each_chart
@pytest.mark.parametrize("n_scenarios", STUDIES)
def test_nothing_is_clipped(chart: Chart, n_scenarios: int) -> None:
    assert texts_outside(drawn_of(n_scenarios, chart)) == []


@each_chart
def test_long_names_are_not_clipped(chart: Chart) -> None:
    assert texts_outside(drawn(chart, LONG)) == []


@each_chart
@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_charts_have_every_glyph(chart: Chart, language: Language) -> None:
    figure = drawn_of(2, chart, language)  # a missing glyph is a warning, and warnings are errors
    assert any(ord(sign) > 0x4E00 for text in figure.texts for sign in text.get_text())


@pytest.mark.parametrize("chart", [chart for chart in CHARTS if chart.key in ("waterfall", "release-time")], ids=lambda c: c.key)
def test_every_bar_lies_within_its_axes(chart: Chart) -> None:
    study = fake_study(4)
    slow = study.replications["scenario"] == study.names[-1]  # the last panel has by far the longest bars
    study.replications.loc[slow, "value"] *= 9
    study.summary.loc[study.summary["scenario"] == study.names[-1], "mean"] *= 9
    for axes in drawn(chart, study).axes:
        right = [patch.get_x() + patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
        assert max(right) <= axes.get_xlim()[1]


def test_rows_of_later_scenarios_stand_where_they_belong() -> None:
    assert merged_order(["abc", "axc", "aby", "z"]) == list("zaxbyc")


def test_the_clipping_test_notices_clipping() -> None:
    with style.style_context("en"):
        figure = style.page(2.0, "A title", "A finding", "A note")
        figure.text(0.9, 0.5, "a text that runs over the right edge of the figure", size=14)
    assert texts_outside(figure) == ["a text that runs over the right edge of the figure"]


@each_chart
def test_a_study_in_which_nothing_was_released_still_draws(chart: Chart) -> None:
    study = fake_study(2, released_share=0.0)
    gone = study.replications["metric"].isin(["time_by_step", "waterfall", "delay_mean", "delay_quantile"])
    study.replications.loc[gone, "value"] = float("nan")
    study.summary.loc[study.summary["metric"].isin(["waterfall", "utilisation_by_hour"]), "mean"] = float("nan")
    study.comparison.loc[:, ["difference", "ci_low", "ci_high"]] = float("nan")
    assert texts_outside(drawn(chart, study)) == []


@each_chart
def test_one_replication_without_intervals_draws(chart: Chart) -> None:
    assert texts_outside(drawn(chart, fake_study(2, n_replications=1))) == []


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    study: Any = fake_study(2)
    first, again = (write_charts(study, tmp_path / name) for name in ("first", "again"))
    names = [f"{chart.key}.csv" for chart in CHARTS]
    names += [f"{chart.key}.{kind}" for chart in CHARTS for kind in ("svg", "png", "txt")]
    assert [path.name for path in first] == names
    assert [one.read_bytes() for one in first] == [other.read_bytes() for other in again]


def test_waterfall_numbers_add_up_to_order_to_release() -> None:
    study: FakeStudy = fake_study(2)
    (chart,) = (chart for chart in CHARTS if chart.key == "waterfall")
    numbers = chart.numbers(study)  # type: ignore[arg-type]
    parts = study.summary[study.summary["metric"] == "waterfall"].groupby("scenario")["mean"].sum()
    pd.testing.assert_series_equal(numbers.groupby("scenario")["mean_s"].sum(), parts, check_names=False)


def test_what_became_of_the_flights_adds_up_to_those_planned() -> None:
    (chart,) = (chart for chart in CHARTS if chart.key == "winners")
    study: Any = fake_study(4)
    shown = chart.numbers(study)
    assert shown["scenario"].unique().tolist() == ["one-stop", "recognition-e-lock"], "the fourth has other flights"
    assert shown.groupby("scenario")["share"].sum().tolist() == pytest.approx([1.0, 1.0])
    assert chart.finding(study, "en").split("\n")[0] == "one-stop: 50.0% sooner, 10.0% later, 3.3% newly released, 1.7% no longer"


@each_chart
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_alternative_text_holds_title_shape_and_findings(chart: Chart, language: Language) -> None:
    study: Any = STUDIES[2]
    title, shape, *findings = chart.alternative(study, language).split("\n")
    assert title == chart.title_of(study, language) and shape == chart.shape.in_language(language) and findings
    drawn_texts = " ".join("".join(text.get_text().split()) for text in drawn_of(2, chart, language).texts)
    assert all("".join(found.split()) in drawn_texts for found in findings), "what is heard is what is drawn"


def test_bars_of_minutes_keep_apart_in_grey() -> None:
    colours = [style.lightness(style.WHOSE_COLOURS[key]) for key in ("hong_kong", "mainland", "operator")]
    gaps = [abs(a - b) for i, a in enumerate(colours) for b in colours[:i]]
    assert min(gaps) > 0.12


def test_scenarios_differ_by_marker_and_dash_as_well_as_colour() -> None:
    for quality in ("colour", "marker", "dash", "hatch"):
        assert len({str(getattr(line, quality)) for line in style.SCENARIOS}) == len(style.SCENARIOS)


def test_wrapped_lines_fit_and_lose_no_word() -> None:
    text = "a sentence with a-hyphenated-word and 中文字不用空格也可換行 that is wrapped"
    with style.style_context("zh-Hant"):
        wrapped = style.wrap(text, 1.2, 9)
        assert all(style.text_width_in(line, 9) <= 1.2 for line in wrapped.split("\n"))
    assert "".join(wrapped.split()) == "".join(text.split())


def test_no_chinese_line_begins_or_ends_with_the_wrong_mark() -> None:
    text = "延誤分位數（全部計劃航班 / ）：中位數、「一站式」查驗（起飛前）；由 Hong Kong 、澳門（及內地）承認。"
    with style.style_context("zh-Hant"):
        for width_in in np.arange(0.4, 3.0, 0.05):
            lines = style.wrap(text, width_in, 9).split("\n")
            assert not any(line[0] in style.NEVER_FIRST or line[-1] in style.NEVER_LAST for line in lines), lines
            assert all(style.text_width_in(line, 9) <= width_in for line in lines)
            assert "".join("".join(lines).split()) == "".join(text.split())


def test_the_pool_that_a_finding_names_is_shown() -> None:
    """Though it is less busy than those of another scenario."""
    loads = {"quiet": [0.1, 0.3, 0.2, 0.1], "busy": [0.9, 0.4, 0.8, 0.7]}
    rows = [(name, pool, 9, mean) for name, means in loads.items() for pool, mean in zip("abcd", means, strict=True)]
    shown = pd.DataFrame(rows, columns=["scenario", "pool", "hour", "mean"])
    assert utilisation._busiest(shown, 2) == ["a", "b"]
    assert utilisation._busiest(shown, 3) == ["a", "b", "c"]


@pytest.mark.parametrize(("n_scenarios", "n_pools"), [(1, 20), slow(6, 11), slow(8, 7)])
def test_of_many_pools_as_many_are_shown_as_a_page_bears(n_scenarios: int, n_pools: int) -> None:
    """The busiest; the note says how many, and the chart needs no more shrinking than the width of the page asks for."""
    study: Any = fake_study(n_scenarios)
    of = study.summary[study.summary["metric"] == "utilisation_by_hour"]
    more = [of.assign(part=of["part"].str.replace("/", f"_{k}/", regex=False), mean=of["mean"] / (k + 1)) for k in range(1, 5)]
    study.summary = pd.concat([study.summary, *more], ignore_index=True)
    figure = drawn(utilisation.CHART, study)
    used = utilisation.numbers(study)["pool"].nunique()
    assert len(figure.axes[0].get_yticks()) == n_pools < used
    assert any(f"Of {used} pools the {n_pools} busiest" in " ".join(text.get_text().split()) for text in figure.texts)
    width_in, height_in = figure.get_size_inches()
    width_cm = width_on_page(Picture("", "", "", b"", b"", width_in, height_in))
    assert width_cm >= 0.67 * CM * width_in
    assert texts_outside(figure) == []


def test_the_map_draws_a_route_of_the_scenarios_own() -> None:
    study: Any = fake_study(2)
    own = OwnRoute(start="wenjindu", end="sheung_shui", via=((114.13, 22.52),))
    study.flights["route"] = "mine"
    for scenario in study.scenarios:
        scenario.policy.corridor.routes, scenario.policy.corridor.own_routes = ("mine",), {"mine": own}
    table = corridor_map.numbers(study)
    assert table["route"].tolist() == ["mine"] and table["length_km"].iloc[0] > 4


def test_a_measure_alike_in_all_scenarios_has_no_panel_of_differences() -> None:
    study = fake_study()
    before = differences.numbers(study)
    metric = before["metric"].iloc[0]
    study.comparison.loc[study.comparison["metric"] == metric, "difference"] = 0.0
    assert set(before["metric"]) - set(differences.numbers(study)["metric"]) == {metric}
    study.comparison["difference"] = 0.0
    assert len(differences.numbers(study)) == len(before), "where all is alike, that is what there is to see"
