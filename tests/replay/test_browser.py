"""The page in a headless Chromium: quiet, offline, true to the timeline, and usable without a mouse or a screen."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.ground.text import LANGUAGES
from sim.metrics.limits import departures_put_off_by
from sim.metrics.visits import pool_visits
from sim.metrics.waterfall import KINDS, waterfall
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.outcome import Outcome
from sim.replay.data import scenes_of
from sim.replay.scene import Scene
from sim.replay.spells import TICKS_PER_S
from sim.replay.write import page
from sim.study.study import Study
from tests.tiers import slow

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (CHROMIUM names one)")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
OPTIONS += ["--disable-background-networking", "--disable-component-update"]
NOON_S = 12.5 * 3600
STORMY = """
name: stormy
title: Stormy
study: {days: 1, warm_up: 0 s, cool_down: 30 h, replications: 1, seed: 3}
policy: {flight_authorisation: {mode: noon_day_before}}
world:
  demand: {flights_per_day: 60/d, notice: {exponential: {mean: 24 h}}}
  weather:
    events: [{kind: signal_3, start: day 1 09:00, end: day 1 16:00}, {kind: signal_8, start: day 1 11:00, end: day 1 13:00}]
"""
SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(study: Study, scenes: tuple[Scene, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("page") / "replay.html"
    path.write_text(page(study, scenes, 0), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """A page of a day with orders after the cut-off of the flight authorisation, and two signals; and its scene."""
    home = tmp_path_factory.mktemp("stormy")
    (home / "stormy.yaml").write_text(STORMY, encoding="utf-8")
    study = sim.run([home / "stormy.yaml"], out=home / "study")
    scenes = scenes_of(study, study.names, 0)
    (home / "page.html").write_text(page(study, scenes, 0), encoding="utf-8")
    return home / "page.html", scenes[0]


@pytest.fixture
def in_storm(browser: Any, stormy: tuple[Path, Scene]) -> Iterator[Any]:
    yield from opening(browser, stormy[0])


@pytest.fixture
def opened(browser: Any, file: Path) -> Iterator[Any]:
    """The page, read in; afterwards it must have told no error and asked for nothing but itself."""
    yield from opening(browser, file)


def opening(browser: Any, file: Path, **settings: Any) -> Iterator[Any]:
    tab = browser.new_page(viewport={"width": 1500, "height": 950}, **settings)
    told: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    tab.evaluate("window.replay.then(() => null)")
    yield tab
    tab.close()
    assert told == []
    assert asked == [file.as_uri()]


def ask(tab: Any, script: str, argument: Any = None) -> Any:
    """What a script says of the page `p`, given the argument `a`."""
    return tab.evaluate(f"async (a) => {{ const p = await window.replay; return ({script}); }}", argument)


def seek(tab: Any, instant_s: float) -> None:
    ask(tab, f"p.clock.seek(a * {TICKS_PER_S})", instant_s)


# ----------------------------------------------------------------------------------------- the moments


@pytest.mark.parametrize("number", [0, slow(1)])
def test_flights_are_where_they_were_computed(opened: Any, scenes: tuple[Scene, ...], number: int) -> None:
    scene = scenes[number]
    keys = [step.stage.key for step in scene.observation.plan.steps]
    n_seen = 0
    for instant_s in np.arange(2 * 3600.0, 40 * 3600, 3333):
        shown = {(one["flight"], one["stage"]): one for one in ask(opened, "p.positions(...a)", [number, instant_s])}
        seen = scene.spells.at(instant_s)
        points, _ = scene.spells.points(seen, instant_s, scene.places)
        visits = scene.spells.visit[seen]
        expected = {
            (int(scene.visits.flight[v]), keys[scene.visits.stage[v]]): point for v, point in zip(visits, points, strict=True)
        }
        assert shown.keys() == expected.keys()
        for key, (x, y) in expected.items():
            assert abs(shown[key]["x"] - x) < 1e-6 and abs(shown[key]["y"] - y) < 1e-6
        n_seen += len(expected)
    assert n_seen > 100


@pytest.mark.slow
def test_the_clock_counts_from_the_first_measured_day(opened: Any) -> None:
    clock = "p.words.head.day_1_s = {}, p.words.instant({} * p.words.head.ticks_per_s)"
    shown = [ask(opened, f"({clock.format(day_1_s, s)})") for day_1_s, s in ((0, 45000), (259200, 45000), (259200, 304200))]
    assert shown == ["Day 1, 12:30", "Day -2, 12:30", "Day 1, 12:30"]
    ask(opened, "p.words.head.day_1_s = 0")


@pytest.mark.slow
def test_the_slider_moves_the_flights(opened: Any, scenes: tuple[Scene, ...]) -> None:
    slider = opened.locator("#slider")
    slider.fill(str(int(NOON_S)))
    assert opened.locator("#clock").inner_text() == "Day 1, 12:30"
    drawn = ask(opened, "p.maps[0].hits.spell.length")
    assert drawn == len(scenes[0].spells.at(NOON_S)) > 0
    slider.focus()
    for key, clock in (("ArrowRight", "12:31"), ("Shift+ArrowRight", "12:41"), ("PageDown", "11:41"), ("Home", "00:00")):
        opened.keyboard.press(key)
        assert opened.locator("#clock").inner_text() == f"Day 1, {clock}"
    assert slider.get_attribute("aria-valuetext") == "Day 1, 00:00"


@pytest.mark.slow
def test_queues_are_those_of_the_visits(opened: Any, scenes: tuple[Scene, ...]) -> None:
    observation = scenes[0].observation
    visits = pool_visits(observation)
    for instant_s in (9.27 * 3600, 14.51 * 3600, 18.02 * 3600):
        shown = ask(opened, f"p.scenes[0].pools.map((_, n) => p.scenes[0].pool(n, a * {TICKS_PER_S}))", instant_s)
        for number, told in enumerate(shown):
            here = visits.of_pool(number)
            waiting = (visits.queued_s[here] <= instant_s) & (instant_s < visits.left_s[here])
            busy = (visits.start_s[here] <= instant_s) & (instant_s < visits.free_s[here])
            assert (told["waiting"], told["busy"]) == (waiting.sum(), busy.sum())
            servers = observation.plan.pools[number].calendar.at(instant_s)
            assert told["servers"] in (servers, None)


@pytest.mark.slow
def test_closures_and_outages_are_shown_when_they_happen(opened: Any) -> None:
    banner = opened.locator(".banner").first
    seek(opened, 14.5 * 3600)
    assert "planned closure of the corridor" in banner.inner_text() and "no slots" in banner.inner_text()
    seek(opened, 18 * 3600)
    assert "outage of the data interface" in banner.inner_text()
    seek(opened, 12 * 3600)
    assert banner.inner_text() == ""


@pytest.mark.slow
def test_the_banner_tells_the_signal_in_force_above_the_map(in_storm: Any) -> None:
    banner, on_map = in_storm.locator(".banner"), in_storm.locator(".map")
    for hour, told in (
        (10, "signal 3, until Day 1, 11:00"),
        (12, "signal 8, until Day 1, 13:00"),
        (14, "signal 3, until Day 1, 16:00"),
    ):
        seek(in_storm, hour * 3600)
        assert told in banner.inner_text() and banner.inner_text().count("typhoon") == 1
        above, below = banner.bounding_box(), on_map.bounding_box()
        assert above["y"] + above["height"] <= below["y"] + 0.5
    seek(in_storm, 17 * 3600)
    assert banner.inner_text() == ""
    assert on_map.bounding_box()["y"] == below["y"]  # the line is kept free


@pytest.mark.slow
def test_both_maps_play_in_step_and_stop(opened: Any) -> None:
    seek(opened, NOON_S)
    opened.locator("#play").click()
    opened.wait_for_function("(async () => (await window.replay).clock.tick > 460000)()")
    assert opened.locator("#play").inner_text().endswith("Pause")
    opened.locator("#play").click()
    stood = ask(opened, "p.clock.tick")
    opened.wait_for_timeout(120)
    assert ask(opened, "[p.clock.playing, p.clock.tick]") == [False, stood]
    assert ask(opened, "p.maps.map((map, n) => map.hits.spell.length === p.scenes[n].seenAt(p.clock.tick).length)") == [
        True,
        True,
    ]


@pytest.mark.slow
def test_nothing_moves_unasked(browser: Any, file: Path) -> None:
    for tab in opening(browser, file, reduced_motion="reduce"):
        first = tab.locator("#clock").inner_text()
        picture = tab.screenshot()
        tab.wait_for_timeout(400)
        assert tab.locator("#clock").inner_text() == first
        assert tab.screenshot() == picture


# ----------------------------------------------------------------------------------------- the stories


@pytest.mark.slow
def test_a_click_opens_the_flight_under_it(opened: Any) -> None:
    seek(opened, NOON_S)
    x, y, flight = ask(opened, "[p.maps[1].hits.x[0], p.maps[1].hits.y[0], p.scenes[1].spells.flight[p.maps[1].hits.spell[0]]]")
    opened.locator(".map").nth(1).click(position={"x": x, "y": y})
    assert opened.locator("#story-title").inner_text() == f"Story of flight {flight}"
    assert opened.evaluate("document.activeElement.id") == "story"
    opened.locator("#close-story").click()
    assert not opened.locator("#story").is_visible()


@pytest.mark.slow
def test_keys_open_the_flight_that_they_chose(opened: Any) -> None:
    seek(opened, NOON_S)
    opened.locator(".map").first.focus()
    drawn = ask(opened, "p.maps[0].flightsDrawn()")
    opened.keyboard.press("n")
    opened.keyboard.press("n")
    assert ask(opened, "p.chosen") == drawn[1]
    assert f"Flight {drawn[1]}" in opened.locator("#list-note").inner_text()
    opened.keyboard.press("p")
    opened.keyboard.press("Enter")
    assert opened.locator("#story-title").inner_text() == f"Story of flight {drawn[0]}"
    opened.locator(".map").first.focus()
    opened.keyboard.press("Escape")
    assert not opened.locator("#story").is_visible()


@pytest.mark.slow
def test_escape_leaves_the_story_for_the_map(opened: Any) -> None:
    seek(opened, NOON_S)
    for inside in ("#story", "#go-worst", ".wide >> nth=0"):
        opened.locator(".map").first.focus()
        opened.keyboard.press("n")
        opened.keyboard.press("Enter")
        opened.locator(inside).focus()
        opened.keyboard.press("Escape")
        assert not opened.locator("#story").is_visible()
        assert opened.locator(".map").first.evaluate("map => map === document.activeElement")


@pytest.mark.slow
def test_keys_and_the_mouse_zoom_and_shift_the_map(opened: Any) -> None:
    where = "[p.maps[0].zoom, p.maps[0].shift.x, p.maps[0].shift.y, p.maps[1].shift.x]"
    opened.locator(".map").first.focus()
    for key in ("+", "a", "s"):
        opened.keyboard.press(key)
    assert ask(opened, where) == [1.5, 60, -60, 60]
    opened.keyboard.press("0")
    assert ask(opened, where) == [1, 0, 0, 0]
    box = opened.locator(".map").first.bounding_box()
    opened.mouse.move(box["x"] + 200, box["y"] + 300)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 230, box["y"] + 310)
    opened.mouse.up()
    assert ask(opened, where) == [1, 30, 10, 30]
    assert not opened.locator("#story").is_visible()


@pytest.mark.slow
def test_a_story_tells_the_waterfall(opened: Any, scenes: tuple[Scene, ...]) -> None:
    """The rows of the table are the parts of the measure, in both scenarios, and the longest is what held the flight up."""
    table = waterfall(scenes[0].observation)
    row = int(np.argmax(table.seconds[:, :, KINDS.index("wait")].sum(axis=1)))
    flight = int(table.flight[row])
    opened.locator("#number").fill(str(flight))
    opened.locator("#number").press("Enter")
    told = opened.locator("#story article").first
    shown = told.locator("table").first.locator("tbody tr:not(.total) th").all_inner_texts()
    parts_s = table.seconds[row].sum(axis=1)
    expected = [str(table.stages[s].label) for s in np.flatnonzero(np.rint(table.seconds[row] * TICKS_PER_S).sum(axis=1) > 0)]
    assert sorted(shown) == sorted(expected)
    longest = int(np.argmax(parts_s - table.seconds[row, :, 2]))
    assert f"Held up longest by: {table.stages[longest].label} (" in told.locator(".held").inner_text()
    assert opened.locator("#story article").count() == 2


PUT_OFF = {"en": "Put off by {h} h {m:02d} min", "zh-Hant": "推遲 {h} 小時 {m:02d} 分鐘", "zh-Hans": "推迟 {h} 小时 {m:02d} 分钟"}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_says_first_that_a_flight_was_put_off(in_storm: Any, stormy: tuple[Path, Scene], language: str) -> None:
    observation = stormy[1].observation
    by_s = observation.facts[DEPARTURE_TARGET_S] - observation.flights.planned_departure_s
    released = observation.measured & ~np.isnan(observation.released_s)
    flights = np.flatnonzero(released & (by_s > 6000))
    assert len(flights)
    in_storm.select_option("#language", language)
    for flight in flights[:3]:
        ask(in_storm, "p.open(a, p.scenes[0])", int(flight))
        h, m = divmod(round(by_s[flight] / 60), 60)
        told = in_storm.locator(".held").inner_text()
        put_off, _, rest = told.partition(PUT_OFF[language].format(h=h, m=m))
        assert {"en": "Held up longest by", "zh-Hant": "耽擱最久", "zh-Hans": "耽搁最久"}[language] in rest
        assert "：" not in put_off
    on_time = int(np.flatnonzero(released & (by_s == 0))[0])
    ask(in_storm, "p.open(a, p.scenes[0])", on_time)
    told = in_storm.locator(".held").inner_text()
    assert told and not any(word in told for word in ("Put off", "推遲", "推迟"))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_says_why_a_flight_was_lost(in_storm: Any, stormy: tuple[Path, Scene], language: str) -> None:
    observation = stormy[1].observation
    flight = int(np.flatnonzero((observation.outcome == Outcome.LOST) & observation.measured)[0])
    most_min = round(observation.flights.max_shift_s[flight] / 60)
    assert most_min >= 100
    in_storm.select_option("#language", language)
    ask(in_storm, "p.open(a, p.scenes[0])", flight)
    told = in_storm.locator(".held").inner_text()
    limits, number = departures_put_off_by(observation)
    rule = limits[number[flight]].label.in_language(language)
    why = {"en": "Lost: the order came too late for {}", "zh-Hant": "流失：下單趕不及{}", "zh-Hans": "流失：下单赶不上{}"}
    assert why[language].format(rule) in told
    hours = {"en": "{} h {:02d} min at most.", "zh-Hant": "{} 小時 {:02d} 分鐘。", "zh-Hans": "{} 小时 {:02d} 分钟。"}[language]
    assert told.endswith(hours.format(*divmod(most_min, 60)))
    assert in_storm.locator("#story .kinds").count() == in_storm.locator("#story table").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 320])
def test_a_narrow_page_does_not_scroll_sideways(in_storm: Any, stormy: tuple[Path, Scene], width: int) -> None:
    in_storm.set_viewport_size({"width": width, "height": 800})
    released = np.flatnonzero(~np.isnan(stormy[1].observation.released_s) & stormy[1].observation.measured)
    ask(in_storm, "p.open(a, p.scenes[0])", int(released[0]))
    assert in_storm.evaluate("document.documentElement.scrollWidth") <= width
    table = in_storm.locator(".wide").first
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")  # the table does


@pytest.mark.slow
def test_lists_find_the_flights(opened: Any, scenes: tuple[Scene, ...]) -> None:
    observation = scenes[0].observation
    delay_s = np.where(observation.measured, observation.released_s - observation.flights.planned_release_s, np.nan)
    expected = {
        "worst": [int(np.nanargmax(delay_s))],
        "missed": np.flatnonzero((scenes[0].contraband["missed"] > 0) & observation.measured),
        "diverted": np.flatnonzero((observation.outcome == 3) & observation.measured),
    }
    for kind, flights in expected.items():
        opened.select_option("#list-kind", kind)
        listed = [int(number) for number in opened.locator("#list button").evaluate_all("all => all.map(b => b.dataset.flight)")]
        assert (listed[:1] if kind == "worst" else sorted(listed)) == list(flights), kind
        assert listed
    opened.locator("#list button").first.click()
    assert opened.locator("#story-title").inner_text() == f"Story of flight {listed[0]}"
    assert "diverted" in opened.locator("#story article h3").first.inner_text()


@pytest.mark.slow
def test_a_number_that_is_no_flight_is_told(opened: Any) -> None:
    opened.locator("#number").fill("99999")
    opened.locator("#by-number button").click()
    assert opened.locator("#list-note").inner_text() == "There is no flight of that number."


# ------------------------------------------------------------------------------------------- the reader


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_passes_axe(browser: Any, file: Path, scheme: str, language: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for tab in opening(browser, file, color_scheme=scheme):
        seek(tab, 18 * 3600)
        tab.locator("#list button").first.click()
        tab.select_option("#language", language)
        found = axe.run(tab)
        assert len(found.response["passes"]) > 30
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_left_in_another_language(opened: Any, study: Study, language: Any) -> None:
    seek(opened, 18 * 3600)
    opened.select_option("#language", language)
    opened.locator("#list button").first.click()
    assert opened.evaluate("document.documentElement.lang").startswith(language)
    words = opened.locator("main").inner_text()
    for name in (*study.names, *(str(scenario.title) for scenario in study.scenarios), "English", "UAV", "FH", "AEO"):
        words = words.replace(name, "")
    words = words.replace("繁體中文", "").replace("简体中文", "")
    if language == "en":
        assert not any(ord(sign) > 0x2E80 for sign in words)
    else:
        latin = {
            word for line in words.splitlines() for word in line.split() if word.isascii() and word.isalpha() and len(word) > 2
        }
        assert latin == set()


@pytest.mark.slow
def test_frames_are_drawn_in_time(opened: Any) -> None:
    """Ten thousand flights are in the slow test below; a busy machine gets a wide margin in both."""
    frames_ms = ask(opened, FRAMES, int(NOON_S) * TICKS_PER_S)
    assert len(frames_ms) >= 200
    assert frames_ms[len(frames_ms) // 2] < 16


FRAMES = """(p.clock.frames = [], Array.from({ length: 200 }, (_, i) => p.clock.seek(a + i * 600)),
             [...p.clock.frames].sort((one, other) => one - other))"""


@pytest.mark.slow
def test_ten_thousand_flights_stay_smooth(browser: Any, tmp_path: Path) -> None:
    """The figures of one machine are in docs/explanation/design-notes.md."""
    demand, few = "world.demand.flights_per_day=315/d", ["study.replications=1"]
    scenarios = [SCENARIOS / "growth-35x.yaml", SCENARIOS / "growth-35x-resourced.yaml"]
    crowded = sim.run(scenarios, out=tmp_path / "crowded", set=[demand, *few])
    scenes = scenes_of(crowded, crowded.names, 0)
    assert min(len(scene.observation.flights) for scene in scenes) > 9500
    file = tmp_path / "crowded.html"
    file.write_text(page(crowded, scenes, 0), encoding="utf-8")
    assert file.stat().st_size < 4e6
    for tab in opening(browser, file):
        frames_ms = ask(tab, FRAMES, scenes[0].observation.window_start_s * TICKS_PER_S)
        assert frames_ms[len(frames_ms) // 2] < 8
        seek(tab, scenes[0].observation.window_start_s + NOON_S)
        tab.locator("#play").click()
        gaps_ms = tab.evaluate(GAPS)
        assert gaps_ms[len(gaps_ms) // 2] < 34


GAPS = """() => new Promise((done) => {
  const gaps = [];
  let last = null;
  const frame = (now) => {
    if (last !== null) gaps.push(now - last);
    last = now;
    if (gaps.length < 120) requestAnimationFrame(frame);
    else done(gaps.sort((one, other) => one - other));
  };
  requestAnimationFrame(frame);
})"""
