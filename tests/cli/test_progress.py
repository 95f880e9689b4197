"""What is shown while a study runs: on a terminal how far it is, elsewhere nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GET_READY = """
import time
from sim import engine
engine.get_ready = lambda name=None: time.sleep({seconds})
from sim.cli.progress import engine_made_ready
engine_made_ready("compiled")
"""
ADVANCE = """
import time
from sim.cli.progress import progress_bar
with progress_bar() as progress:
    if progress is not None:
        progress(3, 10, 0)  # three were kept from an interrupted run
        for done in range(4, 11):
            time.sleep(0.05)
            progress(done, 10, 1000 * (done - 3))
        time.sleep(0.2)
"""


def shown_on_terminal(code: str) -> str:
    """What a program writes to a terminal as its error output."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "150"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how the end of a terminal looks on Linux
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    return shown.decode()


def shown_elsewhere(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stderr


pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="there is no terminal to be had")


def test_compiling_is_told_when_it_takes_longer_than_a_moment() -> None:
    assert "compiling the engine" in shown_on_terminal(GET_READY.format(seconds=1.5))
    assert "compiling" not in shown_on_terminal(GET_READY.format(seconds=0))


def test_progress_shows_replications_speed_and_time_left() -> None:
    shown = shown_on_terminal(ADVANCE)
    assert "3/10" in shown
    assert "10/10" in shown
    assert "flights/s" in shown
    assert "time left" in shown


@pytest.mark.parametrize("code", [GET_READY.format(seconds=0.6), ADVANCE], ids=["compiling", "progress"])
def test_nothing_is_shown_where_nobody_watches(code: str) -> None:
    assert shown_elsewhere(code) == ""


def test_the_total_may_grow_while_it_runs() -> None:
    """A study that finds its number of replications itself does not know it when it begins."""
    assert "10/20" in shown_on_terminal(ADVANCE.replace("progress(done, 10,", "progress(done, 2 * done,"))
