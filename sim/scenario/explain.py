"""One parameter, or one measure, explained from its declaration."""

from collections.abc import Mapping
from difflib import get_close_matches

from sim.ground.errors import InputError, Problem
from sim.ground.parameter import bounds_in_words
from sim.ground.text import Language
from sim.nouns.metric import Metric
from sim.scenario.parameters import Parameter, catalogue
from sim.scenario.schema import Schema, default_schema
from sim.scenario.write import flow

Rows = tuple[tuple[str, str], ...]


def explain(
    key: str, metrics: Mapping[str, Metric] | None = None, language: Language = "en", schema: Schema | None = None
) -> Rows:
    """What is declared of a parameter (its path, or an unambiguous end of it) or of a measure: rows of (what, text).

    Raises InputError where nothing has that name, with the nearest names, or where several have.
    """
    parameters, metrics = catalogue(schema or default_schema()), metrics or {}
    if key in metrics:
        return _metric_rows(metrics[key], language)
    found = [path for path in parameters if path == key or path.endswith(f".{key}")]
    if len(found) == 1:
        return _parameter_rows(parameters[found[0]], language)
    raise InputError(_several(key, found) if found else _unknown(key, [*parameters, *metrics]))


def _parameter_rows(parameter: Parameter, language: Language) -> Rows:
    rows = (
        ("parameter", parameter.path),
        ("label", parameter.full_label.in_language(language)),
        ("meaning", parameter.meaning),
        ("takes", parameter.kind),
        ("default", flow(parameter.default)),
        ("bounds", bounds_in_words(parameter.bounds)),
        ("plausible", bounds_in_words(parameter.plausible)),
        ("source", parameter.source),
        ("status", parameter.status.value),
    )
    return tuple(row for row in rows if row[1])


def _metric_rows(metric: Metric, language: Language) -> Rows:
    return (
        ("measure", metric.key),
        ("label", metric.label.in_language(language)),
        ("definition", metric.formula),
        ("unit", metric.unit),
        ("better", metric.better),
        ("topic", metric.topic),
    )


def _several(key: str, found: list[str]) -> Problem:
    return Problem(f"'{key}' is the end of several parameters; write more of the path", allowed=", ".join(found))


def _unknown(key: str, names: list[str]) -> Problem:
    tails: dict[str, list[str]] = {}
    for name in names:
        tails.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    near = get_close_matches(key, names, n=3, cutoff=0.6)
    near += [name for tail in get_close_matches(key.rsplit(".", 1)[-1], tails, n=3, cutoff=0.6) for name in tails[tail]]
    return Problem(f"there is no parameter or measure '{key}'", allowed=", ".join(dict.fromkeys(near[:5])))
