"""Values of a scenario file with the place at which each was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.ground.text import COMMA, Text
from sim.scenario.scalars import quoted

Key = str | int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key or a value was written; line and column count from 1 and are 0 outside a text."""

    file: str = ""
    line: int = 0
    column: int = 0


class Written(str):
    """A text of a scenario file with the folder of its file, from which file names in it are relative."""

    folder: Path = Path()

    @classmethod
    def of(cls, text: str, folder: Path) -> "Written":
        """`text`, written by a file of `folder`."""
        written = cls(text)
        written.folder = folder
        return written


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place: a scalar, a tuple of nodes, or a mapping from key to `Entry`.

    `size` counts the values in it, aliases written out.
    """

    value: Any
    place: Place
    size: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        parts = self.value if isinstance(self.value, tuple) else ()
        if isinstance(self.value, dict):
            parts = tuple(entry.node for entry in self.value.values())
        object.__setattr__(self, "size", 1 + sum(part.size for part in parts))

    @property
    def is_group(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.value, dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of one key of a mapping, and the place of the key itself."""

    key: Place
    node: Node


def plain(node: Node) -> Any:
    """The node as plain values: dict, list, scalars."""
    if isinstance(node.value, dict):
        return {key: plain(entry.node) for key, entry in node.value.items()}
    return [plain(part) for part in node.value] if isinstance(node.value, tuple) else node.value


def node_of(value: Any, place: Place) -> Node:
    """The node of plain values, all at one place; scalars of array libraries become plain numbers."""
    if isinstance(value, Mapping):
        return Node({str(key): Entry(place, node_of(part, place)) for key, part in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node(tuple(node_of(part, place) for part in value), place)
    return Node(value.item() if hasattr(value, "item") else value, place)


def nested(keys: Sequence[str], node: Node) -> Node:
    """`node` under a chain of keys, all at the node's own place."""
    for key in reversed(keys):
        node = Node({key: Entry(node.place, node)}, node.place)
    return node


@dataclass(frozen=True, slots=True)
class FollowedPath:
    """The part of a path that a tree holds: its keys, the place of the last one, and the value there."""

    keys: tuple[Key, ...]
    key: Place
    node: Node


def follow(root: Node, path: Sequence[Any], skipping: bool = False) -> FollowedPath:
    """The deepest written value along `path` from `root`.

    With `skipping`, parts that no file wrote are passed over: pydantic puts names of alternative types into its paths.
    """
    keys: tuple[Key, ...] = ()
    key_place, node = root.place, root
    for part in path:
        if isinstance(node.value, dict) and part in node.value:
            key_place, node = node.value[part].key, node.value[part].node
        elif isinstance(node.value, tuple) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            key_place = node.place
        elif skipping:
            continue
        else:
            break
        keys = (*keys, part)
    return FollowedPath(keys, key_place, node)


def dotted(keys: Sequence[Key]) -> str:
    """The path as one text, such as policy.corridor.closures[2]; items of lists count from 1, as people do."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


_NOTHING = Text("nothing", "未填", "未填")
_KEYS = Text("keys {keys}", "鍵 {keys}", "键 {keys}")
_NO_KEYS = Text("no keys", "沒有鍵", "没有键")
_A_LIST = Text("a list of {n}", "{n} 項的清單", "{n} 项的列表")


def shown(value: Any) -> Text:
    """A plain value as an error message shows it; texts stand in quotation marks."""
    match value:
        case None:
            return _NOTHING
        case True | False:
            return Text.same(str(value).lower())
        case str():
            return Text.same(quoted(value if len(value) <= 80 else value[:77] + "..."))
        case dict():
            return _KEYS.fill(keys=COMMA.join(map(str, value))) if value else _NO_KEYS
        case list() | tuple():
            return _A_LIST.fill(n=len(value))
    return Text.same(str(value))
