"""What is wrong with the words of an error: a language that lacks, another place to fill, English left in Chinese."""

import re
from collections.abc import Iterable
from functools import cache

from sim.ground.errors import Problem
from sim.ground.law import LAWS
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.ground.units import UNITS
from sim.scenario.parameters import catalogue
from sim.scenario.schema import META_KEYS
from sim.world.aircraft import aircraft_catalogue
from sim.world.goods import GOODS_KEYS
from sim.world.routes import route_catalogue
from sim.world.sites import sites

# Of scenario files and commands, beside the keys of parameters.
TYPED = {
    "true",
    "false",
    "null",
    "extends",
    "file",
    "name",
    "csv",
    "geojson",
    "yaml",
    "key",
    "value",
    "set",
    "KEY",
    "VALUE",
    "UTF",
    "YAML",
    "en",
    "hant",
    "hans",
    "day",
    "Mon",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "mean",
    "cv",
    "low",
    "high",
    "zh",
    "mode",
    "values",
    "kind",
    "start",
    "end",
    "speed",
    "closed",
    "daily",
    "on",
    "via",
    "datum",
    "outline",
    "near",
    "side",
    "lon",
    "lat",
    "wind",
    "fog",
    "from_side",
    "planned_departure",
    "route",
    "GeoJSON",
    "Feature",
    "FeatureCollection",
    "Polygon",
    "LineString",
    "WGS",
    "GCJ",
    "medical",
    "passenger",
    "express",
    "general",
    "Tab",
    "title",
    "xray",
    "dog",
    "open",
}
_WORD = re.compile(r"[A-Za-z][A-Za-z_]+")
_CHINESE = re.compile("[\u3400-\u9fff]")


@cache
def typed() -> frozenset[str]:
    """Every word that a user types: keys, choices, units, names of the catalogues."""
    parameters = catalogue().values()
    texts = [
        *TYPED, *META_KEYS, *LAWS, *SIDE_KEYS, *sites(), *route_catalogue(), *aircraft_catalogue(), *GOODS_KEYS,
        *(parameter.path for parameter in parameters), *(choice for parameter in parameters for choice in parameter.choices),
        *(unit for units in UNITS.values() for unit in units),
    ]  # fmt: skip
    return frozenset(word for text in texts for word in _WORD.findall(text))


def fault_of(text: Text, written: str = "") -> str:
    """What is wrong with one text of an error; empty where nothing is. written: what the user wrote, which it may repeat."""
    if not all(text.all) and any(text.all):
        return f"a language lacks: {text.all}"
    known = typed() | set(_WORD.findall(written))
    for words in text.all[1:]:
        if foreign := [word for word in _WORD.findall(words) if word not in known]:
            return f"no word that is typed: {foreign} in {words!r}"
    is_prose = [word for word in _WORD.findall(text.en) if word not in known]
    if is_prose and not all(_CHINESE.search(words) for words in text.all[1:]):
        return f"not translated: {text.en!r}"
    numbers = [sorted(re.findall(r"(?<![A-Za-z0-9])[0-9]+", words)) for words in text.all]
    return "" if numbers[0] == numbers[1] == numbers[2] else f"other numbers: {text.all}"


def faults_of(problems: Iterable[Problem], written: str = "") -> list[str]:
    """What is wrong with the texts of problems, each once."""
    texts = dict.fromkeys(text for problem in problems for text in (problem.message, problem.found, problem.allowed))
    return [fault for text in texts if (fault := fault_of(text, written))]
