"""A real schedule, or a trace of a run, read from CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from sim.ground.csv_table import read_table, rows_of, table_path
from sim.ground.errors import LISTED, WordsError
from sim.ground.input_file import shown_path
from sim.ground.odd_characters import named
from sim.ground.parameter import refusal
from sim.ground.text import COLON, COMMA, SEMICOLON, Text

REQUIRED = ("route", "from_side", "planned_departure")
OPTIONAL = ("ordered", "max_shift_s", "operator", "aeo", "priority", "consignments", "passengers")

_TABLE = Text(
    "{form}, a table with a header, one flight a row; it needs the columns {columns}",
    "{form}，首行為欄名，每行一班；必須有 {columns} 各欄",
    "{form}，首行为列名，每行一班；必须有 {columns} 各列",
).fill(form="{file: name.csv}", columns=COMMA.join(REQUIRED))
_WRITTEN_SO = Text("a schedule is written {form}", "航班表寫作 {form}", "航班表写作 {form}").fill(form="{file: name.csv}")
_EMPTY = Text(
    "{place}: a header line and at least one flight are needed",
    "{place}：須有欄名一行及最少一班航班",
    "{place}：须有列名一行及最少一班航班",
)
_MISSING = Text("column {column} is missing", "缺少 {column} 欄", "缺少 {column} 列")
_TWICE = Text("column {column} stands twice", "{column} 欄出現兩次", "{column} 列出现两次")
_FROM_MIDNIGHT = Text(
    "column {column} counted from the first midnight of the run and is no longer read; write {instead}, as day 1 07:30 or in "
    "seconds from 00:00 of day 1, the first measured day",
    "{column} 欄以模擬首個午夜起計，現已不用；請改寫 {instead}，例如 day 1 07:30，或由計量首日（day 1）00:00 起計的秒數",
    "{column} 列以模拟首个午夜起计，现已不用；请改写 {instead}，例如 day 1 07:30，或由计量首日（day 1）00:00 起计的秒数",
)
_NOT_KNOWN = Text(
    "column '{column}' is not known (allowed: {columns}, fact:…, <stage>:…)",
    "沒有 {column} 這一欄（可用 {columns}、fact:…、<stage>:…）",
    "没有 {column} 这一列（可用 {columns}、fact:…、<stage>:…）",
)
_AND_MORE = Text("and {n} more", "另有 {n} 項", "另有 {n} 项")
_AT = Text("{place}: {reason}", "{place}：{reason}", "{place}：{reason}")
_CELLS = Text(
    "{place}: {n} cells, but the header has {columns}",
    "{place}：有 {n} 格，欄名則有 {columns} 個",
    "{place}：有 {n} 格，列名则有 {columns} 个",
)


@dataclass(frozen=True)
class Schedule:
    """The rows of a schedule: `columns[name][i]` is the text of row i; "" leaves a cell open.

    Columns: route, from_side (side key of the departure), planned_departure; optional ordered, max_shift_s, operator, aeo
    (0 or 1), priority, consignments, passengers. Any other column replaces what the model draws or decides, cell by cell:
    `fact:<name>` a per-flight fact, `<stage>:<quantity>` a cell of the plan (visits, service_s, not_before_s, patience_s,
    deadline_s, cooldown_s). `lines[i]` is the line of row i in its text.
    """

    text: str
    file: str
    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.columns["route"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return f"{len(self)} flights of {Path(self.file).name or 'a schedule'}"


def parse_schedule(text: str, file: str = "") -> Schedule:
    """The schedule of a CSV text with a header line. Raises WordsError naming the line at fault."""
    name = file or "schedule"
    rows = rows_of(text, name)
    if len(rows) < 2:
        raise WordsError(_EMPTY.fill(place=name))
    header = rows[0][1]
    missing = [column for column in REQUIRED if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    wrong = [column for column in header if column not in REQUIRED + OPTIONAL and ":" not in column]
    if missing or twice or wrong:
        faults = [_MISSING.fill(column=column) for column in missing] + [_TWICE.fill(column=column) for column in twice]
        faults += [
            _FROM_MIDNIGHT.fill(column=column, instead=column[:-2])
            for column in wrong
            if column in ("planned_departure_s", "ordered_s")
        ]
        faults += [
            COLON.join(filter(None, [_NOT_KNOWN.fill(column=column, columns=COMMA.join(REQUIRED + OPTIONAL)), named(column)]))
            for column in wrong
            if column not in ("planned_departure_s", "ordered_s")
        ]
        faults[LISTED:] = [_AND_MORE.fill(n=len(faults) - LISTED) for _ in faults[LISTED : LISTED + 1]]
        raise WordsError(_AT.fill(place=f"{name}:{rows[0][0]}", reason=SEMICOLON.join(faults)))
    body = rows[1:]
    for line, cells in body:
        if len(cells) != len(header):
            raise WordsError(_CELLS.fill(place=f"{name}:{line}", n=len(cells), columns=len(header)))
    columns = {column: tuple(cells[i] for _, cells in body) for i, column in enumerate(header)}
    return Schedule(text, file, columns, tuple(line for line, _ in body))


class ScheduleText:
    """Annotation: a schedule written {file: name.csv} (relative to the scenario) or {csv: "text"}."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._parse,
            serialization=core_schema.plain_serializer_function_ser_schema(self._written, when_used="always"),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        text = {"type": "string"}
        written = {"type": "object", "properties": {"file": text, "csv": text}, "maxProperties": 1, "additionalProperties": False}
        return {"anyOf": [{"type": "null"}, written]}

    @staticmethod
    def _parse(value: Any) -> Schedule | None:
        if value is None or isinstance(value, Schedule):
            return value
        if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in ("file", "csv"):
            raise refusal(_WRITTEN_SO, "table_wrong", allowed=_TABLE)
        try:
            if "csv" in value:
                return parse_schedule(str(value["csv"]))
            return parse_schedule(read_table(value["file"]), shown_path(table_path(value["file"])))
        except WordsError as error:
            raise refusal(error.words, "table_wrong", found=shown_path(value.get("file", "")), allowed=_TABLE) from None

    @staticmethod
    def _written(value: Schedule | None) -> dict[str, str] | None:
        return None if value is None else {"csv": value.text}
