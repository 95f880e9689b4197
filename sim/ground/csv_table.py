"""Tables of text (CSV) that users bring: read row by row, each fault with the line it stands in."""

import csv
import io
import re
from pathlib import Path

from sim.ground.input_file import content_of, shown_path

LARGEST_TABLE = 50_000_000  # bytes
SAVE_IT = "save it as UTF-8 (in Excel: 'CSV UTF-8')"
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?inf")


def table_path(file: object) -> Path:
    """The path of a table's file, relative to the folder that `file` carries as its attribute `folder`, else as it stands."""
    return Path(getattr(file, "folder", ".")) / str(file)


def read_table(file: object) -> str:
    """The text of a table's file (see `table_path`). Raises ValueError that names it where it can't be read or is not UTF-8."""
    path = table_path(file)
    try:
        content = content_of(path, LARGEST_TABLE)
    except ValueError as error:
        raise ValueError(f"{shown_path(path)}: {error}") from None
    file = shown_path(path)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        raise ValueError(f"{file}: the file is in UTF-16; {SAVE_IT}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"{file}:{line}: not in UTF-8, perhaps GBK or Big5; {SAVE_IT}") from None


def rows_of(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The rows of a table that are not empty, each with the number of its line and its cells without blanks around them.

    Lines end as any system ends them. Raises ValueError that names the line of a quotation mark that is not closed, or of a
    cell that is too long.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader, rows, line = csv.reader(io.StringIO(text), strict=True), list[tuple[int, list[str]]](), 1
    unclosed = "a quotation mark is opened and not closed"
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            is_quoted = '"' in text.split("\n")[line - 1]
            is_open = "unexpected end" in str(error) or ("field limit" in str(error) and is_quoted)
            too_long = f"a cell is longer than {csv.field_size_limit() // 1024} KiB" if "field limit" in str(error) else error
            raise ValueError(f"{name}:{line}: {unclosed if is_open else too_long}") from None
        if cells is None:
            return rows
        if reader.line_num > line:  # a cell holds the ends of lines
            raise ValueError(f"{name}:{line}: {unclosed} in that line")
        if any(cell.strip() for cell in cells):
            rows.append((line, [cell.strip() for cell in cells]))
        line = reader.line_num + 1


def plain_number(cell: str) -> float:
    """The number of a cell, in digits with a decimal point, perhaps inf; NaN for anything else (commas, blanks, underscores)."""
    return float(cell) if _PLAIN_NUMBER.fullmatch(cell) else float("nan")
