"""The declaration of one parameter, or of one measure, as rows for a reader."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from sim.ground.errors import InputError, Problem
from sim.ground.parameter import FROM_TO, STATUS_LABELS, Status, bounds_in_words
from sim.ground.source_names import source_with_short_name
from sim.ground.text import COMMA, Language, Text
from sim.model.metric import BETTER_LABELS, METRIC_UNIT_LABELS, TOPIC_LABELS, Metric
from sim.policies import FEATURES
from sim.scenario.choices import word
from sim.scenario.conditions import effect_in_words
from sim.scenario.parameters import Parameter, catalogue
from sim.scenario.schema import Schema, default_schema
from sim.scenario.write import flow
from sim.world.aircraft import aircraft_catalogue
from sim.world.routes import route_catalogue

_SEVERAL = Text(
    "'{key}' is the end of several parameters; write more of the path",
    "有多項參數以 {key} 結尾；請寫出較長的路徑",
    "有多项参数以 {key} 结尾；请写出较长的路径",
)
_NONE = Text("there is no parameter or measure '{key}'", "沒有參數或指標 {key}", "没有参数或指标 {key}")
Rows = tuple[tuple[str, str], ...]
ROW_LABELS: dict[str, Text] = {
    "parameter": Text("parameter", "參數", "参数"),
    "measure": Text("measure", "指標", "指标"),
    "label": Text("label", "名稱", "名称"),
    "meaning": Text("meaning", "含義（英文）", "含义（英文）"),
    "definition": Text("definition", "定義（英文）", "定义（英文）"),
    "takes": Text("takes", "可填", "可填"),
    "default": Text("default", "預設值", "默认值"),
    "bounds": Text("bounds", "界限", "界限"),
    "plausible": Text("plausible", "合理範圍", "合理范围"),
    "source": Text("source", "出處", "出处"),
    "status": Text("status", "可信程度", "可信程度"),
    "unit": Text("unit", "單位", "单位"),
    "better": Text("better", "優劣方向", "优劣方向"),
    "topic": Text("topic", "主題", "主题"),
    "matters": Text("matters from", "值得關注的最小差異", "值得关注的最小差异"),
    "event": Text("one event", "單一事件的影響（英文）", "单一事件的影响（英文）"),
    "choices": Text("choices", "可選項", "可选项"),
    "effect": Text("effect", "作用", "作用"),
}
"""The names of the rows. What is declared in English alone (meanings, definitions, sources) says so."""
_OF_LISTS: dict[str, Callable[[], Iterable[str]]] = {
    "policy.corridor.routes": route_catalogue,
    "world.demand.aircraft": aircraft_catalogue,
    "policy.inspection.sequence": lambda: [feature.means for feature in FEATURES if feature.means],
}
"""What the parameters take whose choices are no part of their type."""


def explain(
    key: str, metrics: Mapping[str, Metric] | None = None, language: Language = "en", schema: Schema | None = None
) -> Rows:
    """The declaration of a parameter or of a measure as rows of (name, text).

    `key`: the key of a measure, the path of a parameter, or the end of a path that only one parameter has.
    Raises InputError with the nearest names where nothing is called so, and with the paths where several parameters are.
    """
    parameters, metrics = catalogue(schema or default_schema()), metrics or {}
    if key in metrics:
        return _metric_rows(metrics[key], language)
    paths = [path for path in parameters if path == key or path.endswith(f".{key}")]
    if len(paths) == 1:
        return _parameter_rows(parameters[paths[0]], language)
    raise InputError(_several(key, paths) if paths else _unknown(key, [*parameters, *metrics]))


def _parameter_rows(parameter: Parameter, language: Language) -> Rows:
    rows = {
        "parameter": parameter.path,
        "label": parameter.full_label.in_language(language),
        "meaning": parameter.meaning,
        "takes": parameter.kind.in_language(language),
        "choices": _choices(parameter, language),
        "effect": effect_in_words(parameter.needs).in_language(language) if parameter.needs else "",
        "default": flow(parameter.default),
        "bounds": bounds_in_words(parameter.bounds, language),
        "plausible": bounds_in_words(parameter.plausible, language),
        "source": source_with_short_name(parameter.source, language, parameter.status is Status.GUESS),
        "status": STATUS_LABELS[parameter.status].in_language(language),
    }
    return _named({name: text for name, text in rows.items() if text}, language)


def _choices(parameter: Parameter, language: Language) -> str:
    """The keys that a parameter takes, in Chinese with their names; "" where there are none, or its type has named them."""
    if language == "en" and parameter.path not in _OF_LISTS:
        return ""
    keys = _OF_LISTS[parameter.path]() if parameter.path in _OF_LISTS else parameter.choices
    return COMMA.join(
        Text(key, *(f"{key}（{name}）" if name != key else key for name in (word(key, "zh-Hant"), word(key, "zh-Hans"))))
        for key in keys
    ).in_language(language)


def _metric_rows(metric: Metric, language: Language) -> Rows:
    rows = {
        "measure": metric.key,
        "label": metric.label.in_language(language),
        "definition": metric.formula,
        "unit": METRIC_UNIT_LABELS[metric.unit].in_language(language),
        "better": BETTER_LABELS[metric.better].in_language(language),
        "topic": TOPIC_LABELS[metric.topic].in_language(language),
        **_of_verdicts(metric, language),
    }
    return _named({name: text for name, text in rows.items() if text}, language)


def _of_verdicts(metric: Metric, language: Language) -> dict[str, str]:
    """What the verdicts and intervals of a measure rest on: the smallest difference that matters, and the size of one event."""
    margin, event = metric.matters, metric.event
    rows = {}
    if margin is not None:
        rows = {
            "matters": margin.value,
            "plausible": FROM_TO.in_language(language).format(low=margin.plausible[0], high=margin.plausible[1]),
            "source": margin.source,
            "status": STATUS_LABELS[margin.status].in_language(language),
        }
    if event is not None:
        parts = (f"{event.size:g}", event.times and f"x mean {event.times}", event.per and f"/ mean {event.per}")
        rows["event"] = " ".join(filter(None, parts))
    return rows


def _named(rows: Mapping[str, str], language: Language) -> Rows:
    return tuple((ROW_LABELS[name].in_language(language), text) for name, text in rows.items())


def _several(key: str, paths: list[str]) -> Problem:
    return Problem(_SEVERAL.fill(key=key), allowed=COMMA.join(paths))


def _unknown(key: str, names: list[str]) -> Problem:
    tails: dict[str, list[str]] = {}
    for name in names:
        tails.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    near = get_close_matches(key, names, n=3, cutoff=0.6)
    near += [name for tail in get_close_matches(key.rsplit(".", 1)[-1], tails, n=3, cutoff=0.6) for name in tails[tail]]
    return Problem(_NONE.fill(key=key), allowed=COMMA.join(dict.fromkeys(near[:5])))
