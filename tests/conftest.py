"""Two small scenarios on disk: a day of few flights under two headways."""

from pathlib import Path

import pytest

BASE = """
name: base
title: Base
study: {days: 1, warm_up: 6 h, cool_down: 12 h, replications: 3, seed: 7}
world:
  demand: {flights_per_day: 24/d}
"""
DENSE = """
extends: base.yaml
name: dense
title: Dense
policy:
  corridor: {headway: 6 min}
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "base.yaml").write_text(BASE)
    (folder / "dense.yaml").write_text(DENSE)
    return [folder / "base.yaml", folder / "dense.yaml"]
