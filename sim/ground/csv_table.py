"""Tables of text (CSV) that users bring: read row by row, each fault with the line it stands in."""

import csv
import io
import re
from pathlib import Path

from sim.ground.errors import WordsError
from sim.ground.input_file import content_of, shown_path
from sim.ground.text import Text

LARGEST_TABLE = 50_000_000  # bytes
_AT = Text("{place}: {reason}", "{place}：{reason}", "{place}：{reason}")
_UTF_16 = Text(
    "{file}: the file is in UTF-16; save it as UTF-8 (in Excel: 'CSV UTF-8')",
    "{file}：檔案為 UTF-16 編碼；請另存為 UTF-8（Excel 選「CSV UTF-8」）",
    "{file}：文件为 UTF-16 编码；请另存为 UTF-8（Excel 选“CSV UTF-8”）",
)
_NOT_UTF_8 = Text(
    "{place}: not in UTF-8, perhaps GBK or Big5; save it as UTF-8 (in Excel: 'CSV UTF-8')",
    "{place}：不是 UTF-8 編碼，可能是 Big5 或 GBK；請另存為 UTF-8（Excel 選「CSV UTF-8」）",
    "{place}：不是 UTF-8 编码，可能是 GBK 或 Big5；请另存为 UTF-8（Excel 选“CSV UTF-8”）",
)
_UNCLOSED = Text("a quotation mark is opened and not closed", "引號未關閉", "引号未关闭")
_UNCLOSED_THERE = Text("a quotation mark is opened and not closed in that line", "該行的引號未關閉", "该行的引号未关闭")
_TOO_LONG = Text("a cell is longer than {size} KiB", "有儲存格長於 {size} KiB", "有单元格长于 {size} KiB")
_NO_TABLE = Text("this is no table ({reason})", "無法讀作表格（{reason}）", "无法读作表格（{reason}）")
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?inf")


def table_path(file: object) -> Path:
    """The path of a table's file, relative to the folder that `file` carries as its attribute `folder`, else as it stands."""
    return Path(getattr(file, "folder", ".")) / str(file)


def read_table(file: object) -> str:
    """The text of a table's file (see `table_path`). Raises WordsError that names it where it can't be read or is not UTF-8."""
    path = table_path(file)
    try:
        content = content_of(path, LARGEST_TABLE)
    except WordsError as error:
        raise WordsError(_AT.fill(place=shown_path(path), reason=error.words)) from None
    file = shown_path(path)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        raise WordsError(_UTF_16.fill(file=file))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise WordsError(_NOT_UTF_8.fill(place=f"{file}:{line}")) from None


def rows_of(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The rows of a table that are not empty, each with the number of its line and its cells without blanks around them.

    Lines end as any system ends them. Raises WordsError that names the line of a quotation mark that is not closed, or of a
    cell that is too long.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader, rows, line = csv.reader(io.StringIO(text), strict=True), list[tuple[int, list[str]]](), 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            is_quoted = '"' in text.split("\n")[line - 1]
            is_open = "unexpected end" in str(error) or ("field limit" in str(error) and is_quoted)
            too_long = _TOO_LONG.fill(size=csv.field_size_limit() // 1024)
            reason = _UNCLOSED if is_open else too_long if "field limit" in str(error) else _NO_TABLE.fill(reason=error)
            raise WordsError(_AT.fill(place=f"{name}:{line}", reason=reason)) from None
        if cells is None:
            return rows
        if reader.line_num > line:  # a cell holds the ends of lines
            raise WordsError(_AT.fill(place=f"{name}:{line}", reason=_UNCLOSED_THERE))
        if any(cell.strip() for cell in cells):
            rows.append((line, [cell.strip() for cell in cells]))
        line = reader.line_num + 1


def plain_number(cell: str) -> float:
    """The number of a cell, in digits with a decimal point, perhaps inf; NaN for anything else (commas, blanks, underscores)."""
    return float(cell) if _PLAIN_NUMBER.fullmatch(cell) else float("nan")
