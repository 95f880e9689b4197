"""Parameters and measures by the words that a reader knows them by, in three languages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from sim.ground.text import Text
from sim.model.metric import TOPIC_LABELS, Metric
from sim.scenario.choices import choice_labels
from sim.scenario.parameters import Parameter
from sim.scenario.search_words import SAME

NAME, GROUP, CHOICE, MEANING = 12, 7, 6, 2
"""What a word is worth that stands in a name or key, in that of its group, in a choice, in the meaning."""
OF_A_START = 0.6  # of the worth of a word that begins with the one that was typed
OF_ANOTHER_WORD = 0.45  # of the worth of another word of the same meaning
FULL_NAME, PHRASE, OTHER_NAME = 100, 10, 2
"""What it is worth on top that the words are the whole name, stand in it side by side, or mean the same as the whole name."""
Words = tuple[str, ...]
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter or a measure, as the search knows it: its key and label, and its words by what they are worth."""

    key: str
    label: Text
    names: tuple[str, ...]
    words: tuple[tuple[float, str], ...]


def entries(parameters: Mapping[str, Parameter], metrics: Mapping[str, Metric]) -> list[Entry]:
    """All of them, policies before the world and measures last."""
    of_parameters = [_of_parameter(parameters[path]) for path in parameters]
    return [*of_parameters, *(_of_measure(metric) for metric in metrics.values())]


def _of_parameter(parameter: Parameter) -> Entry:
    group, _, name = parameter.path.rpartition(".")
    labels = choice_labels()
    choices = (choice for key in parameter.choices for choice in (key, *(labels[key].all if key in labels else ())))
    names = (*parameter.label.all, name)
    return Entry(parameter.path, parameter.full_label, names, (
        *((NAME, words) for words in names),
        *((GROUP, words) for words in (*parameter.full_label.all, group)),
        *((CHOICE, words) for words in choices),
        (MEANING, parameter.meaning),
    ))  # fmt: skip


def _of_measure(metric: Metric) -> Entry:
    names = (*metric.label.all, metric.key)
    return Entry(metric.key, metric.label, names, (
        *((NAME, words) for words in names),
        *((GROUP, words) for words in TOPIC_LABELS[metric.topic].all),
        (MEANING, metric.formula),
    ))  # fmt: skip


def search(words: str, known: Iterable[Entry]) -> list[Entry]:
    """The entries that every word fits, best first; where there is none, those that most of a Chinese word fits.

    If the words are the whole name of one entry alone, that one.
    """
    typed, known = _words(words), list(known)
    units = (typed,) if typed in _groups() else tuple((word,) for word in typed)
    parts = tuple((part,) for part in _parts(typed))
    ranked = _ranked(units, typed, known) if typed else []
    if not ranked and len(parts) > len(typed):
        ranked = _ranked(parts, typed, known, enough=0.5)
    whole = [entry for score, entry in ranked if score >= FULL_NAME]
    return whole if len(whole) == 1 else [entry for _, entry in ranked]


def nearest_words(words: str, known: Iterable[Entry]) -> list[str]:
    """The words of names, in any language, that are most like those typed."""
    names = {word for entry in known for name in (*entry.names, entry.key) for word in _words(name)}
    known_words = sorted(name for name in names if len(name) > 2 or _CHINESE.fullmatch(name))
    near = (match for word in _words(words) for match in get_close_matches(word, known_words, n=3, cutoff=0.5))
    return list(dict.fromkeys(near))


def _ranked(units: tuple[Words, ...], typed: Words, known: list[Entry], enough: float = 1.0) -> list[tuple[float, Entry]]:
    scored = []
    for entry in known:
        worths = [_worth(unit, entry) for unit in units]
        if sum(map(bool, worths)) >= max(enough * len(units), 1):
            scored.append((sum(worths) / len(units) + _as_a_whole(typed, entry), entry))
    return sorted(scored, key=lambda pair: -pair[0])  # among equals, as they were


def _worth(unit: Words, entry: Entry) -> float:
    """Of the best place where the words stand, or others of the same meaning."""
    direct = (worth * min(_fits(word, text) for word in unit) for worth, text in entry.words)
    related = (
        OF_ANOTHER_WORD * worth
        for other in _groups().get(unit, ())
        for worth, text in entry.words
        if worth > MEANING and all(_fits(word, text) == 1.0 for word in other)
    )
    return max((*direct, *related), default=0.0)


def _as_a_whole(typed: Words, entry: Entry) -> float:
    wholes = [f" {' '.join(_words(name))} " for name in (*entry.names, *entry.label.all)]
    phrase, others = f" {' '.join(typed)} ", {f" {' '.join(other)} " for other in _groups().get(typed, ())}
    if phrase in wholes:
        return FULL_NAME
    return PHRASE if any(phrase in whole for whole in wholes) else OTHER_NAME if others.intersection(wholes) else 0.0


def _fits(word: str, text: str) -> float:
    """1 where the word stands in the text, less where a word of the text begins with it, 0 where neither is so."""
    if _CHINESE.fullmatch(word):
        return 1.0 if word in text else 0.0
    words = _words(text)
    return 1.0 if word in words else OF_A_START if len(word) > 2 and any(other.startswith(word) for other in words) else 0.0


@lru_cache(maxsize=8192)
def _words(text: str) -> Words:
    """The words of a text in lower case and without the ending of a plural; Chinese as it stands between other signs."""
    return tuple(_singular(word) for word in _WORD.findall(text.casefold().replace("x-ray", "xray")))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


@lru_cache(maxsize=1)
def _groups() -> Mapping[Words, set[Words]]:
    """By words: others of the same meaning, in all languages."""
    groups: dict[Words, set[Words]] = {}
    for group in SAME:
        phrases = {_words(phrase) for phrase in group}
        for phrase in phrases:
            groups.setdefault(phrase, set()).update(phrases)
    return groups


def _parts(typed: Words) -> Iterator[str]:
    """The words, a Chinese one as every two of its characters that stand side by side."""
    for word in typed:
        if _CHINESE.fullmatch(word) and len(word) > 2:
            yield from (word[place : place + 2] for place in range(len(word) - 1))
        else:
            yield word
