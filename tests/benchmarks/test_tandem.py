"""All implementations of the clearance tandem do the same, so their times may be set beside each other. No time is asserted."""

import json

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks.implementations import OTHERS, implementations, lacks
from benchmarks.instants import largest_difference_s
from benchmarks.table import Section, Target
from benchmarks.tandem import GRID_S, INSPECT, SERVERS, SLOT, STAGES, Tandem, draw_tandem, tandem_plan
from benchmarks.tandem_race import longest_queue
from sim.engine import ENGINES, run
from sim.engine.audit import audit
from sim.model.outcome import Outcome

FEW = 600
HEADWAYS_S = {"as it is": 3.0, "long queue": 15.0}
NAMES = sorted({*OTHERS, *ENGINES} - {"reference"})


@pytest.fixture(params=HEADWAYS_S.values(), ids=HEADWAYS_S)
def tandem(request) -> Tandem:
    return draw_tandem(FEW, request.param)


@pytest.mark.filterwarnings("default")  # those of other people's libraries
@pytest.mark.parametrize("name", NAMES)
def test_it_gives_the_instants_of_the_reference(name: str, tandem: Tandem):
    if why := lacks(name):
        pytest.skip(why)
    one, reference = implementations()[name], implementations()["reference"]
    theirs, ours = (each.instants(tandem, each.simulate(tandem)) for each in (one, reference))
    assert largest_difference_s(theirs, ours) == 0
    if name == "Ciw":  # it chooses by chance among what falls on one instant, so nothing may
        assert largest_difference_s(one.instants(tandem, one.simulate(tandem)), ours) == 0


def test_the_tandem_is_an_ordinary_plan_in_which_all_are_released(tandem: Tandem):
    plan = tandem_plan(tandem)
    timeline = run(plan, "reference")
    audit(plan, timeline)
    assert set(timeline.outcome.tolist()) == {Outcome.RELEASED}
    assert np.array_equal(~np.isnan(timeline.start_s), plan.visits)


def test_someone_waits_in_every_queue_and_priority_matters():
    tandem = draw_tandem(FEW)
    timeline = run(tandem_plan(tandem), "reference")
    waits_s = timeline.start_s - timeline.queued_s
    assert all(np.nanmax(waits_s[:, stage]) > 0 for stage in SERVERS)
    assert waits_s[tandem.urgent, SLOT].mean() < waits_s[~tandem.urgent, SLOT].mean()


def test_what_is_drawn_lies_on_the_grid_and_longer_tandems_begin_alike():
    short, long = draw_tandem(FEW), draw_tandem(3 * FEW)
    for drawn_s in (long.arrives_s, *long.services_s.values()):
        assert np.array_equal(drawn_s, np.rint(drawn_s / GRID_S) * GRID_S)
    assert np.all(np.diff(long.arrives_s) > 0)
    assert np.all(long.flight_s > long.headway_s)  # or the headway could not be a part of the flight
    assert np.array_equal(short.arrives_s, long.arrives_s[:FEW])
    assert np.array_equal(short.inspection_s, long.inspection_s[:FEW])
    assert 0.05 < long.inspected.mean() < 0.15


def test_differences_are_seen():
    instants = np.zeros((3, 2, len(STAGES)))
    later, missing = instants.copy(), instants.copy()
    later[1, 1, INSPECT], missing[1, 1, INSPECT] = 0.5, np.nan
    assert largest_difference_s(instants, later) == 0.5
    assert largest_difference_s(instants, missing) == np.inf


def test_the_longest_queue_is_counted():
    instants = np.zeros((3, 4, len(STAGES)))
    instants[0, :, SLOT], instants[1, :, SLOT] = [0, 1, 2, 9], [0, 3, 6, 9]
    assert longest_queue(instants) == 2


def test_the_report_is_written(tmp_path, capsys, monkeypatch):
    section = Section("A title", "A text.", ("what", "how long"), [("this", "1 s")], figures={"this": [1.0]})
    section.targets.append(Target("this", 1.0, 2.0, "s", at_most=True))
    monkeypatch.setattr(command, "PARTS", {"part": lambda quick: [section]})
    monkeypatch.setattr("sys.argv", ["benchmarks", "--quick", "--out", str(tmp_path)])
    command.main()
    printed, written = capsys.readouterr().out, (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    for line in ("## A title", "| what | how long |", "| this |      1 s |", "| this   |   1.00 s | at most 2.00 s |   yes |"):
        assert line in printed and line in written
    assert json.loads((tmp_path / "benchmarks.json").read_text())["sections"][0]["targets"][0]["holds"] is True
