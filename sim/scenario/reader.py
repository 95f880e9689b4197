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

from sim.ground.errors import Problem, WordsError
from sim.ground.input_file import content_of, shown_path
from sim.ground.text import NOTHING, Text
from sim.scenario.node import Entry, Node, Place, Written, shown
from sim.scenario.scalars import quoted, resolved
from sim.scenario.slips import did_you_mean, slips_of

LARGEST = 100_000  # values of one file, aliases written out
NEAR = 3  # lines before the one in which the parser stumbles over a slip
DEEPEST = 40  # levels of nesting
LARGEST_FILE = 200_000_000  # bytes: the scenario that a study keeps holds the whole text of its schedule
_TAB = re.compile(r"^ *(\t)\s*[^\s#]", re.MULTILINE)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_TAB_HERE = Text("a tab stands here; use spaces", "此處有定位字元（Tab）；請用空格", "此处有制表符（Tab）；请用空格")
_PLAIN_WORDS = {
    "mapping values are not allowed": Text(
        "a colon with a space behind it can't stand here; put the text in quotation marks, or begin the key on a line of its own",
        "此處不可有冒號加空格；請將文字放入引號，或將鍵另起一行",
        "此处不可有冒号加空格；请将文字放入引号，或将键另起一行",
    ),
    "could not find expected ':'": Text(
        "a key without its colon; write it as 'key: value'", "鍵後缺少冒號；請寫作 key: value", "键后缺少冒号；请写作 key: value"
    ),
    "'\\t'": _TAB_HERE,
    "that cannot start any token": Text(
        "an unquoted text can't begin with this character; put the text in quotation marks",
        "沒有引號的文字不可以此字元開首；請將文字放入引號",
        "没有引号的文字不可以此字符开头；请将文字放入引号",
    ),
    "expected ',' or ']'": Text(
        "a list opened by [ is not closed, or a comma is missing",
        "以 [ 開始的清單未完結，或缺少逗號",
        "以 [ 开始的列表未结束，或缺少逗号",
    ),
    "expected ',' or '}'": Text(
        "keys opened by { are not closed, or a comma is missing",
        "以 { 開始的一組鍵未完結，或缺少逗號",
        "以 { 开始的一组键未结束，或缺少逗号",
    ),
    "unexpected end of stream": Text("an opening quotation mark has no closing one", "引號未關閉", "引号未关闭"),
    "expected <block end>": Text("the indentation does not fit the lines above", "縮排與上文不符", "缩进与上文不符"),
    "expected the node content": Text("a value is missing here", "此處缺少數值", "此处缺少数值"),
    "expected alphabetic or numeric character": Text(
        "an unquoted text can't begin with & or *; put the text in quotation marks",
        "沒有引號的文字不可以 & 或 * 開首；請將文字放入引號",
        "没有引号的文字不可以 & 或 * 开头；请将文字放入引号",
    ),
    "unknown escape character": Text(
        "in double quotation marks a backslash must stand twice; or use single ones",
        "雙引號內的反斜線須寫兩次；或改用單引號",
        "双引号内的反斜杠须写两次；或改用单引号",
    ),
    "duplicate anchor": Text("the anchor's name is taken", "錨點名稱重複", "锚点名称重复"),
}
_NOT_UTF_8 = Text(
    "the file is not text in UTF-8; save it as UTF-8",
    "檔案不是 UTF-8 文字；請另存為 UTF-8",
    "文件不是 UTF-8 文字；请另存为 UTF-8",
)
_NOT_PRINTABLE = Text(
    "a character that can't be printed stands here; delete it", "此處有無法顯示的字元；請刪除", "此处有无法显示的字符；请删除"
)
_NOT_YAML = Text(
    "the file can't be read as YAML ({reason})", "檔案不能按 YAML 讀取（{reason}）", "文件不能按 YAML 读取（{reason}）"
)
_BROKEN = Text("this is not YAML ({reason})", "不合 YAML 寫法（{reason}）", "不合 YAML 写法（{reason}）")
_SECOND = Text(
    "a second document begins here; one file holds one scenario",
    "此處開始第二份文件；每個檔案只載一個情景",
    "此处开始第二份文档；每个文件只载一个情景",
)
TOO_DEEP = Text("nested more than {deepest} levels deep", "層次超過 {deepest} 層", "嵌套超过 {deepest} 层").fill(deepest=DEEPEST)
_TAG = Text(
    "tags (words after an exclamation mark) are not read; delete it",
    "不接受標籤（感嘆號後的字）；請刪除",
    "不接受标签（感叹号后的字）；请删除",
)
_HALF = Text("the text holds half a character (a lone surrogate)", "文字含有殘缺字元", "文字含有残缺字符")
_KEY_TWICE = Text(
    "the key '{key}' stands twice; it stands first in line {line}, column {column}",
    "{key} 這個鍵出現兩次；首次在第 {line} 行第 {column} 格",
    "{key} 这个键出现两次；首次在第 {line} 行第 {column} 列",
)
_MERGE_KEY = Text(
    "merge keys (<<) are not read; write the keys out, or use 'extends'",
    "不接受合併鍵（<<）；請逐一寫出，或用 extends",
    "不接受合并键（<<）；请逐一写出，或用 extends",
)
_TEXT_KEY = Text("a key must be a text", "鍵須為文字", "键须为文字")
_QUOTE_IT = Text("; write it in quotation marks: {key}", "；請加引號：{key}", "；请加引号：{key}")
_NO_ANCHOR = Text(
    "no anchor '&{anchor}' has been completed before this", "此前未有完整的錨點 &{anchor}", "此前没有完整的锚点 &{anchor}"
)
_TOO_MANY = Text(
    "more than {most} values stand here, aliases written out",
    "此處有多於 {most} 個數值（連別名展開計）",
    "此处有多于 {most} 个数值（连别名展开计）",
)
_CUT = Text(
    "the text ends before '#', which begins a comment; write it in quotation marks: {text}",
    "文字在 # 之前中斷，# 之後視作註解；請加引號：{text}",
    "文字在 # 之前中断，# 之后视作注释；请加引号：{text}",
)
_IN_WORDS = ("name", "title", "question", "notes", "en", "zh_hant", "zh_hans")  # keys whose text is an author's own
_CUT_OFF = re.compile(r":?\s+#\S.*")  # a comment of somebody who means one has a space behind the #


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a text: its root, None where reading stopped before the end, and every problem.

    `slips`: characters that may stand in a text, and explain a problem of their line if there is one (`explained`).
    """

    root: Node | None
    problems: tuple[Problem, ...] = ()
    slips: tuple[Problem, ...] = ()


def read_file(path: Path) -> Reading:
    """The values of a scenario file with their places; problems carry the file's name as given."""
    file = shown_path(path)
    try:
        content = content_of(path, LARGEST_FILE)
    except WordsError as error:
        return Reading(None, (Problem(error.words + did_you_mean(path), file),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        place = _place_in(before, len(before), file)
        return Reading(None, (_problem(place, _NOT_UTF_8),))
    return read_text(text, file, path.parent)


def read_text(text: str, file: str, folder: Path) -> Reading:
    """The values of a YAML text that holds one document; `folder` is where the file names in it start."""
    tabs = tuple(_problem(_place_in(text, hit.start(1), file), _TAB_HERE) for hit in _TAB.finditer(text))
    if tabs:
        return Reading(None, tabs)
    builder, slips = _Builder(file, folder, text), slips_of(text, file)
    try:
        root = builder.build(YAML(typ="safe", pure=True).parse(text))
    except _UnreadableError as error:
        return Reading(None, (*builder.problems, error.problem))
    except ReaderError as error:
        place = _place_in(text, error.position, file)
        return Reading(None, (*builder.problems, _problem(place, _NOT_PRINTABLE)))
    except MarkedYAMLError as error:
        problem = _syntax_problem(error, file)
        before = tuple(slip for slip in slips if problem.line - NEAR <= slip.line <= problem.line)
        return Reading(None, (*builder.problems, *(before or (problem,))))
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        return Reading(None, (*builder.problems, Problem(_NOT_YAML.fill(reason=error), file)))
    return Reading(root, tuple(builder.problems), slips)


class _UnreadableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem


class _Builder:
    """Builds nodes from the events of the YAML parser, noting problems and going on where it can."""

    def __init__(self, file: str, folder: Path, text: str) -> None:
        self.problems: list[Problem] = []
        self._lines = text.split("\n")
        self._file, self._folder = file, folder
        self._anchors: dict[str, Node] = {}

    def build(self, events: Iterator[Any]) -> Node:
        root = Node(None, Place(self._file))
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _UnreadableError(_problem(self._place(event), _SECOND))
                root = self._node(next(events), events, 0)
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, place)
        if depth > DEEPEST:
            raise _UnreadableError(_problem(place, TOO_DEEP))
        if event.tag is not None:
            self._note(place, _TAG, Text.same(str(event.tag)))
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
            self._note(self._place(event), _HALF)
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
            if key in _IN_WORDS and isinstance(value, ScalarEvent) and value.style is None:
                is_cut = self._note_cut(value, event.end_mark if value.value == "" else value.end_mark)
                node = Node(Written.of(key, self._folder), place) if is_cut else node  # a text, which is told once
            if key is not None and key in entries:
                first = entries[key].key
                self._note(place, _KEY_TWICE.fill(key=key, line=first.line, column=first.column))
            elif key is not None:
                entries[key] = Entry(place, node)
        return entries

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str | None:
        """The key; None, and a problem is noted, where it is not a text."""
        place = self._place(event)
        node = self._node(event, events, depth)
        if isinstance(event, ScalarEvent) and event.style is None and event.value == "<<":
            self._note(place, _MERGE_KEY)
            return None
        if isinstance(event, ScalarEvent) and isinstance(node.value, str):
            return str(node.value)
        hint = _QUOTE_IT.fill(key=quoted(event.value)) if isinstance(event, ScalarEvent) else NOTHING
        self._note(place, _TEXT_KEY + hint, shown(node.value))
        return None

    def _alias(self, event: Any, place: Place) -> Node:
        if event.anchor not in self._anchors:
            self._note(place, _NO_ANCHOR.fill(anchor=event.anchor), Text.same(f"*{event.anchor}"))
            return Node(None, place)
        return self._anchors[event.anchor]

    def _small_enough(self, node: Node) -> Node:
        if node.size <= LARGEST:
            return node
        self._note(node.place, _TOO_MANY.fill(most=f"{LARGEST:,}"))
        return Node(None, node.place)

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note_cut(self, event: Any, mark: Any) -> bool:
        """Whether a # cuts a text for readers off behind `mark`: its end, or the end of its key where nothing is left of it."""
        cut = _CUT_OFF.fullmatch(self._lines[mark.line].rstrip("\r"), mark.column) if mark.line < len(self._lines) else None
        if cut:
            place = Place(self._file, mark.line + 1, mark.column + cut[0].index("#") + 1)
            kept = Text.same(quoted(event.value) if event.value else "")
            self._note(place, _CUT.fill(text=quoted((event.value + cut[0]).lstrip(": "))), kept)
        return cut is not None

    def _note(self, place: Place, message: Text, value: Text = NOTHING) -> None:
        self.problems.append(_problem(place, message, value))


def _problem(place: Place, message: Text, value: Text = NOTHING) -> Problem:
    return Problem(message, place.file, place.line, place.column, found=value)


def _place_in(text: str, position: int, file: str) -> Place:
    line_start = text.rfind("\n", 0, position) + 1
    return Place(file, text.count("\n", 0, position) + 1, position - line_start + 1)


def _syntax_problem(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    technical = str(error.problem or error.context or "unreadable")
    message = next((words for hint, words in _PLAIN_WORDS.items() if hint in technical), _BROKEN.fill(reason=technical))
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    return _problem(place, message)
