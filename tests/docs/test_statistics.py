"""The page on statistics: the precision it asks for can be asked for."""

import re
from pathlib import Path

from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.statistics.intervals import METHOD
from sim.study.precision import parse_targets

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")


def test_what_the_page_asks_for_can_be_asked_for():
    asked = [*re.findall(r'--precision "(.+?)"', PAGE), *re.findall(r"`([a-z_]+/[\w.]+=.+?)`", PAGE)]
    assert len(asked) == 5
    parse_targets(asked, {metric.key: metric for metric in all_metrics(FEATURES)}, n_scenarios=2)


def test_the_lines_it_shows_are_of_what_it_asks_for():
    measures = [written.partition("=")[0] for written in re.findall(r'--precision "(.+?)"', PAGE)]
    shown = re.search(r"Precision asked for\n(.*?)```", PAGE, re.DOTALL).group(1)
    assert [line.split(":  ")[0].strip().rpartition(": half")[0] for line in shown.splitlines()] == measures


def test_the_page_names_the_method_in_use():
    assert f"the {METHOD.name.en} interval" in PAGE


def test_the_page_names_every_module():
    modules = (Path(__file__).parents[2] / "sim" / "statistics").glob("*.py")
    assert [path.stem for path in modules if path.stem != "__init__" and f"`{path.stem}`" not in PAGE] == []
