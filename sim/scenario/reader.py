"""Reading YAML 1.2 into nodes with places; texts that another reader would take otherwise than they look are refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.ground.errors import Problem
from sim.ground.input_file import content_of, shown_path
from sim.scenario.node import Entry, Node, Place, Written, shown
from sim.scenario.scalars import quoted, resolved

LARGEST = 100_000  # values of one file, aliases written out
DEEPEST = 40  # levels of nesting
LARGEST_FILE = 200_000_000  # bytes: the scenario that a study keeps holds the whole text of its schedule
_TAB = re.compile(r"^ *(\t)\s*[^\s#]", re.MULTILINE)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_PLAIN_WORDS = {
    "mapping values are not allowed": "a colon with a space behind it can't stand here; put the text in quotation marks, "
    "or begin the key on a line of its own",
    "could not find expected ':'": "a key without its colon; write it as 'key: value'",
    "'\\t'": "a tab stands here; use spaces",
    "that cannot start any token": "an unquoted text can't begin with this character; put the text in quotation marks",
    "expected ',' or ']'": "a list opened by [ is not closed, or a comma is missing",
    "expected ',' or '}'": "keys opened by { are not closed, or a comma is missing",
    "unexpected end of stream": "an opening quotation mark has no closing one",
    "expected <block end>": "the indentation does not fit the lines above",
    "expected the node content": "a value is missing here",
    "duplicate anchor": "the anchor's name is taken",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a text: its root, None where reading stopped before the end, and every problem."""

    root: Node | None
    problems: tuple[Problem, ...] = ()


def read_file(path: Path) -> Reading:
    """The values of a scenario file with their places; problems carry the file's name as given."""
    file = shown_path(path)
    try:
        content = content_of(path, LARGEST_FILE)
    except ValueError as error:
        return Reading(None, (Problem(str(error), file),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        place = _place_in(before, len(before), file)
        return Reading(None, (_problem(place, "the file is not text in UTF-8; save it as UTF-8"),))
    return read_text(text, file, path.parent)


def read_text(text: str, file: str, folder: Path) -> Reading:
    """The values of a YAML text that holds one document; `folder` is where the file names in it start."""
    tabs = tuple(_problem(_place_in(text, hit.start(1), file), _PLAIN_WORDS["'\\t'"]) for hit in _TAB.finditer(text))
    if tabs:
        return Reading(None, tabs)
    builder = _Builder(file, folder)
    try:
        root = builder.build(YAML(typ="safe", pure=True).parse(text))
    except _UnreadableError as error:
        return Reading(None, (*builder.problems, error.problem))
    except ReaderError as error:
        place = _place_in(text, error.position, file)
        return Reading(None, (*builder.problems, _problem(place, "a character that can't be printed stands here; delete it")))
    except MarkedYAMLError as error:
        return Reading(None, (*builder.problems, _syntax_problem(error, file)))
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        return Reading(None, (*builder.problems, Problem(f"the file can't be read as YAML ({error})", file)))
    return Reading(root, tuple(builder.problems))


class _UnreadableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Builder:
    """Builds nodes from the events of the YAML parser, noting problems and going on where it can."""

    def __init__(self, file: str, folder: Path) -> None:
        self.problems: list[Problem] = []
        self._file, self._folder = file, folder
        self._anchors: dict[str, Node] = {}

    def build(self, events: Iterator[Any]) -> Node:
        root = Node(None, Place(self._file))
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _UnreadableError(
                        _problem(self._place(event), "a second document begins here; one file holds one scenario")
                    )
                root = self._node(next(events), events, 0)
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, place)
        if depth > DEEPEST:
            raise _UnreadableError(_problem(place, f"nested more than {DEEPEST} levels deep"))
        if event.tag is not None:
            self._note(place, "tags (words after an exclamation mark) are not read; delete it", str(event.tag))
        node = self._small_enough(Node(self._value(event, events, depth), place))
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Any:
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, depth + 1)
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(item := next(events), SequenceEndEvent):
                items.append(self._node(item, events, depth + 1))
            return tuple(items)
        if _HALF_CHARACTER.search(event.value):
            self._note(self._place(event), "the text holds half a character (a lone surrogate)")
            return None
        value = resolved(event.value) if event.style is None else event.value
        return Written.of(value, self._folder) if isinstance(value, str) else value

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            place = self._place(event)
            key = self._key(event, events, depth)
            value = next(events)
            node = self._node(value, events, depth)
            if isinstance(value, ScalarEvent) and value.value == "" and value.style is None:
                node = Node(None, place)  # the parser puts an absent value before the next thing, lines below
            if key is not None and key in entries:
                first = entries[key].key
                self._note(place, f"the key '{key}' stands twice; it stands first in line {first.line}, column {first.column}")
            elif key is not None:
                entries[key] = Entry(place, node)
        return entries

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str | None:
        """The key; None, and a problem is noted, where it is not a text."""
        place = self._place(event)
        node = self._node(event, events, depth)
        if isinstance(event, ScalarEvent) and event.style is None and event.value == "<<":
            self._note(place, "merge keys (<<) are not read; write the keys out, or use 'extends'")
            return None
        if isinstance(event, ScalarEvent) and isinstance(node.value, str):
            return str(node.value)
        hint = f"; write it in quotation marks: {quoted(event.value)}" if isinstance(event, ScalarEvent) else ""
        self._note(place, f"a key must be a text{hint}", shown(node.value))
        return None

    def _alias(self, event: Any, place: Place) -> Node:
        if event.anchor not in self._anchors:
            self._note(place, f"no anchor '&{event.anchor}' has been completed before this", f"*{event.anchor}")
            return Node(None, place)
        return self._anchors[event.anchor]

    def _small_enough(self, node: Node) -> Node:
        if node.size <= LARGEST:
            return node
        self._note(node.place, f"more than {LARGEST:,} values stand here, aliases written out")
        return Node(None, node.place)

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note(self, place: Place, message: str, value: str = "") -> None:
        self.problems.append(_problem(place, message, value))


def _problem(place: Place, message: str, value: str = "") -> Problem:
    return Problem(message, place.file, place.line, place.column, found=value)


def _place_in(text: str, position: int, file: str) -> Place:
    line_start = text.rfind("\n", 0, position) + 1
    return Place(file, text.count("\n", 0, position) + 1, position - line_start + 1)


def _syntax_problem(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    technical = str(error.problem or error.context or "unreadable")
    message = next((words for hint, words in _PLAIN_WORDS.items() if hint in technical), f"this is not YAML ({technical})")
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    return _problem(place, message)
