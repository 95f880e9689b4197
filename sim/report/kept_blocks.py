"""The blocks of an analysis' answer, kept in its folder, so that reports can be made of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.archive import layout
from sim.ground.errors import InputError, Problem
from sim.ground.text import Language, Text
from sim.report.document import Block, Callout, Column, Heading, Paragraph, Row, Table

NO_ANSWER = Text("the folder of this analysis has no answer", "此分析的資料夾沒有結果", "此分析的文件夹没有结果")
AGAIN = Text(
    "run the same command again: nothing is simulated anew",
    "再次執行同一指令：不會重新模擬",
    "再次运行同一命令：不会重新仿真",
)
_BLOCKS: dict[str, Any] = {block.__name__: block for block in (Heading, Paragraph, Callout)}


def write_content(folder: Path, content: Mapping[Language, Iterable[Block]]) -> None:
    """Keep the blocks of an answer in the folder of its analysis, by language."""
    entries = {language: [{type(block).__name__: asdict(block)} for block in blocks] for language, blocks in content.items()}
    path = folder / layout.ANSWER_BLOCKS
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def read_content(folder: Path, language: Language) -> list[Block]:
    """The blocks that `write_content` kept. Raises InputError where there are none, as in a folder of an older version."""
    try:
        entries = json.loads((folder / layout.ANSWER_BLOCKS).read_text(encoding="utf-8"))[language]
    except (OSError, ValueError, KeyError):
        raise InputError(Problem(NO_ANSWER, file=str(folder), allowed=AGAIN)) from None
    return [_block(name, values) for entry in entries for name, values in entry.items()]


def _block(name: str, values: dict[str, Any]) -> Block:
    if name == Table.__name__:
        rows = tuple(Row(tuple(row["cells"]), row["is_heading"], row["depth"]) for row in values["rows"])
        return Table(values["caption"], tuple(Column(**column) for column in values["columns"]), rows)
    block: Block = _BLOCKS[name](**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    return block
