"""A file laid over the file it extends.

Groups merge key by key. The value of a parameter is replaced whole, be it a law, a list or a mapping;
only a value by side may name some of the sides, and the others keep what they had, and a mapping that is declared so
(`merged_by_key`) keeps the keys that are not named.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.ground.errors import Problem
from sim.ground.input_file import is_control
from sim.ground.parameter import is_by_side, is_each_side, is_merged_by_key
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.scenario.node import Entry, Node, Place, node_of, shown
from sim.scenario.reader import read_file
from sim.scenario.schema import META_KEYS, group_of
from sim.scenario.slips import did_you_mean

_EMPTY = Text("the file is empty", "檔案是空的", "文件是空的")
_NO_GROUP = Text(
    "keys with values are needed, as in 'title: One-stop inspection'",
    "須填鍵與值，例如 title: One-stop inspection",
    "须填键与值，例如 title: One-stop inspection",
)
_NO_NAME = Text("the name of one scenario file is needed", "須填一個情景檔案的名稱", "须填一个情景文件的名称")
_CONTROL = Text("the name of a file has no control characters", "檔案名稱不可含控制字元", "文件名不可含控制字符")
_CIRCLE = Text("the files extend each other in a circle: {chain}", "檔案互相引用成環：{chain}", "文件互相引用成环：{chain}")
_MISSING = Text(
    "the file it extends does not exist: {chain}", "extends 所指的檔案不存在：{chain}", "extends 所指的文件不存在：{chain}"
)
_A_FILE = Text("a file name, relative to this file", "檔案名稱（以本檔案所在資料夾起計）", "文件名（以本文件所在文件夹起计）")


@dataclass(frozen=True, slots=True)
class Chain:
    """A scenario file and the files it extends: their values, the outermost base first.

    slips: `Reading.slips` of all the files.
    """

    layers: tuple[Node, ...]
    problems: tuple[Problem, ...]
    slips: tuple[Problem, ...] = ()


def read_chain(path: Path) -> Chain:
    """The file and all files that it extends, directly or not; reading stops at the first file that can't be read."""
    layers: list[Node] = []
    problems: list[Problem] = []
    slips: list[Problem] = []
    seen = [path]
    while True:
        reading = read_file(path)
        problems += reading.problems
        slips += reading.slips
        root = reading.root
        if root is None:
            break
        if root.value is None and not reading.problems:
            problems.append(Problem(_EMPTY, str(path)))
        elif not root.is_group and root.value is not None:
            problems.append(Problem(_NO_GROUP, str(path), root.place.line, root.place.column))
        if not root.is_group:
            break
        layers.append(_without(root, () if len(layers) == 0 else META_KEYS))
        following = _extended(root, seen, problems)
        if following is None:
            break
        path = following
        seen.append(path)
    return Chain(tuple(reversed(layers)), tuple(problems), tuple(slips))


def _without(root: Node, keys: tuple[str, ...]) -> Node:
    """The layer without `extends`, and without the keys that speak of one file only."""
    return Node({key: entry for key, entry in root.value.items() if key not in ("extends", *keys)}, root.place)


def _extended(root: Node, seen: list[Path], problems: list[Problem]) -> Path | None:
    """The file named by `extends`; None where there is none, and also, with a problem, where it can't be read."""
    entry = root.value.get("extends")
    if entry is None:
        return None
    value, place = entry.node.value, entry.node.place
    if not isinstance(value, str) or not value.strip():
        problems.append(_problem(place, _NO_NAME, shown(value)))
        return None
    if any(map(is_control, value)):
        problems.append(_problem(place, _CONTROL, shown(value)))
        return None
    target = Path(os.path.normpath(seen[-1].parent / value))
    chain = " → ".join(str(file) for file in (*seen, target))
    if any(_same_file(target, file) for file in seen):
        problems.append(_problem(place, _CIRCLE.fill(chain=chain), shown(value)))
        return None
    if not _is_file(target):
        problems.append(_problem(place, _MISSING.fill(chain=chain) + did_you_mean(target, value), shown(value)))
        return None
    return target


def _problem(place: Place, message: Text, value: Text) -> Problem:
    return Problem(message, place.file, place.line, place.column, "extends", value, _A_FILE)


def _same_file(first: Path, second: Path) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def merged(base: Node | None, over: Node, model: type[BaseModel]) -> Node:
    """`over` laid on `base`, for the group `model`; unknown keys stay, so that the schema can report them later."""
    if over.value is None:
        return base or Node({}, over.place)
    if not over.is_group:
        return over
    entries = dict(base.value) if base is not None and base.is_group else {}
    for key, entry in over.value.items():
        before = entries[key].node if key in entries else None
        entries[key] = Entry(entry.key, _field(before, entry.node, model.model_fields.get(key)))
    return Node(entries, over.place)


def _field(base: Node | None, over: Node, info: FieldInfo | None) -> Node:
    group = group_of(info)
    if group is not None:
        return merged(base, over, group)
    if info is not None and is_each_side(info) and _names_sides(over):
        return _sides(base or node_of(info.default, Place()), over)
    if base is not None and is_merged_by_key(info) and isinstance(base.value, dict) and isinstance(over.value, dict):
        return Node({**base.value, **over.value}, over.place)
    return over


def _names_sides(node: Node) -> bool:
    return is_by_side(node.value)


def _sides(base: Node, over: Node) -> Node:
    """A value for every side: from `over` if that names the side, else from `base`."""
    before = base.value if _names_sides(base) else {side: Entry(base.place, base) for side in SIDE_KEYS}
    return Node({side: (over.value if side in over.value else before)[side] for side in SIDE_KEYS}, over.place)
