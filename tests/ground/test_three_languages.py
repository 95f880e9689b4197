"""Whatever a reader sees is declared in three languages: none is missing, none left in English, none in the other script."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

import sim
from sim.ground.parameter import Group, Status, parameter
from sim.ground.text import Text
from sim.metrics import all_metrics
from sim.model.feature import Feature
from sim.policies import FEATURES
from sim.scenario.choices import choice_labels, word
from sim.scenario.parameters import catalogue

# Units and symbols that may stand as they are.
UNTRANSLATED = {"m/s", "mu*", "sigma"}


def declared() -> Iterator[Text]:
    """Every text that a module of the package holds, however deep, and those of parameters, measures, stages and pools."""
    for module in pkgutil.walk_packages(sim.__path__, "sim."):
        if not module.name.endswith("__main__"):
            yield from texts_in(vars(importlib.import_module(module.name)), set())
    yield from texts_in(list(catalogue().values()), set())
    yield from texts_in((FEATURES, list(all_metrics(FEATURES))), set())


def texts_in(value: Any, seen: set[int]) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif id(value) not in seen:
        seen.add(id(value))
        if isinstance(value, Mapping):
            for part in value.values():
                yield from texts_in(part, seen)
        elif isinstance(value, tuple | list | frozenset | set):
            for part in value:
                yield from texts_in(part, seen)
        elif is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                yield from texts_in(getattr(value, field.name, None), seen)


def fault(text: Text) -> str:
    """What is wrong with a text; empty where nothing is."""
    told = (text.en, text.zh_hant, text.zh_hans)
    if any(told) != all(told):
        return "missing"
    if len({frozenset(re.findall(r"\{(\w+)", one.lower())) for one in told}) > 1:
        return "other places to fill"
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text.en))
    chinese = re.compile("[\u3400-\u9fff]")
    is_to_be_translated = any(word.islower() for word in words) and text.en not in UNTRANSLATED
    if is_to_be_translated and not (chinese.search(text.zh_hant) and chinese.search(text.zh_hans)):
        return "not translated"
    if foreign(text.zh_hant, "big5") or foreign(text.zh_hans, "gb2312"):
        return f"not of its script: {foreign(text.zh_hant, 'big5')}{foreign(text.zh_hans, 'gb2312')}"
    return ""


OF_HONG_KONG = set("裏着")
"""Traditional forms of Hong Kong that Big5 writes otherwise."""
IN_BIG5_TOO = set("价优体儿厂据机极构气确离种网胜适")
"""Simplified forms that Big5 has as characters of their own, which no text here means."""


def foreign(text: str, repertoire: str) -> str:
    """The characters of a text that a national character set lacks: simplified ones in Big5, traditional ones in GB 2312."""
    other, same = (IN_BIG5_TOO, OF_HONG_KONG) if repertoire == "big5" else ({"於"}, set())
    chinese = (sign for sign in text if "\u3400" <= sign <= "\u9fff")
    return "".join(sign for sign in chinese if sign in other or not (sign in same or sign.encode(repertoire, "ignore")))


def written() -> Iterator[tuple[str, list[str]]]:
    """Every Text that the source writes, in functions too: where, and its three parts without what a formatted part fills in."""
    for path in sorted(Path(sim.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_text = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
            if is_text and not any(isinstance(part, ast.Starred) for part in node.args):
                yield f"{path.name}:{node.lineno}", [constants_in(part) for part in node.args]


def constants_in(part: ast.expr) -> str:
    constants = [node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "".join(constants) or "{}"


ALL = sorted(set(declared()), key=str)


def test_there_are_as_many_texts_as_the_package_declares() -> None:
    assert len(ALL) > 700
    assert len(list(written())) > 200


def test_every_text_is_there_in_its_own_script() -> None:
    faults = {text.en: found for text in ALL if (found := fault(text))}
    assert faults == {}


def test_every_text_in_the_source_has_three_languages_in_their_scripts() -> None:
    for place, parts in written():
        assert len(parts) == 3 and all(part.strip() for part in parts), place
        assert foreign(parts[1], "big5") + foreign(parts[2], "gb2312") == "", place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (Text("release", "放行", ""), "missing"),
        (Text("release", "release", "放行"), "not translated"),
        (Text("at {place}", "於{place}", "于"), "other places to fill"),
        (Text("data", "数据", "数据"), "not of its script: 数据"),
        (Text("data", "數據", "數據"), "not of its script: 數據"),
        (Text("release", "放行", "放行"), ""),
        (Text("", "", ""), ""),
    ],
)
def test_a_fault_is_noticed(text: Text, found: str) -> None:
    assert fault(text) == found


def test_no_text_speaks_of_a_border() -> None:
    wrong = re.compile(r"\bborders?\b|國境|国境|邊境|边境|國界|国界", re.IGNORECASE)
    assert [text.en for text in ALL if any(wrong.search(one) for one in (text.en, text.zh_hant, text.zh_hans))] == []


def test_every_choice_has_a_name() -> None:
    choices = {choice for parameter in catalogue().values() for choice in parameter.choices}
    assert {choice for choice in choices if word(choice, "zh-Hans") == choice.replace("_", " ")} == set()
    means = {feature.means for feature in FEATURES if feature.means}
    assert {"xray", "dog", "open"} <= means <= set(choice_labels())
    assert [text for key, text in choice_labels().items() if fault(text)] == []


def test_a_choice_is_named_where_its_parameter_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    class Speed(Group):
        pace: Literal["at_a_walk"] = parameter(
            "at_a_walk",
            label=Text("Pace", "步速", "步速"),
            meaning="How fast.",
            source="made up",
            status=Status.GUESS,
            choice_labels={"at_a_walk": Text("at a walk", "步行", "步行")},
        )

    assert word("at_a_walk", "zh-Hant") == "at a walk"
    monkeypatch.setattr("sim.policies.FEATURES", (*FEATURES, Feature("speed", Text("Speed", "速度", "速度"), policy=Speed)))
    choice_labels.cache_clear()
    assert word("at_a_walk", "zh-Hant") == "步行"
    monkeypatch.undo()
    choice_labels.cache_clear()
