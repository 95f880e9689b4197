"""Two small policies in one world: a day of few flights, with and without time for customs to decide."""

from pathlib import Path

import pytest

from sim.scenario.schema import default_schema
from tests.conftest import BASE

EARLY = """
extends: base.yaml
name: early
title: Early
policy:
  pre_clearance: {lead: 60 min}
"""
TRIED = ("data_interface", "document_check")
FEW = [f"world.{section.key}" for section in default_schema().sections if section.branch == "world" and section.key not in TRIED]
"""Left as they are, so that a study over all parameters is one over those of the data interface and the document check."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The scenario without time for customs to decide; its neighbour `early.yaml` has some."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "early.yaml").write_text(EARLY, encoding="utf-8")
    return tmp_path / "base.yaml"


@pytest.fixture
def early(base: Path) -> Path:
    """The scenario with time for customs to decide."""
    return base.with_name("early.yaml")
