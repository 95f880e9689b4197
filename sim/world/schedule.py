"""A real schedule, or a trace of a run, read from CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from sim.ground.csv_table import read_table, rows_of, table_path
from sim.ground.errors import LISTED
from sim.ground.input_file import shown_path

REQUIRED = ("route", "from_side", "planned_departure")
OPTIONAL = ("ordered", "max_shift_s", "operator", "aeo", "priority", "consignments", "passengers")

_TABLE = f"{{file: name.csv}}, a table with a header, one flight a row; it needs the columns {', '.join(REQUIRED)}"


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
    """The schedule of a CSV text with a header line. Raises ValueError naming the line at fault."""
    name = file or "schedule"
    rows = rows_of(text, name)
    if len(rows) < 2:
        raise ValueError(f"{name}: a header line and at least one flight are needed")
    header = rows[0][1]
    missing = [column for column in REQUIRED if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    wrong = [column for column in header if column not in REQUIRED + OPTIONAL and ":" not in column]
    if missing or twice or wrong:
        faults = [f"column {column} is missing" for column in missing] + [f"column {column} stands twice" for column in twice]
        faults += [
            f"column {column} counted from the first midnight of the run and is no longer read; write {column[:-2]}, as "
            "day 1 07:30 or in seconds from 00:00 of day 1, the first measured day"
            for column in wrong
            if column in ("planned_departure_s", "ordered_s")
        ]
        faults += [
            f"column '{column}' is not known (allowed: {', '.join(REQUIRED + OPTIONAL)}, fact:…, <stage>:…)"
            for column in wrong
            if column not in ("planned_departure_s", "ordered_s")
        ]
        faults[LISTED:] = [f"and {len(faults) - LISTED} more" for _ in faults[LISTED : LISTED + 1]]
        raise ValueError(f"{name}:{rows[0][0]}: " + "; ".join(faults))
    body = rows[1:]
    for line, cells in body:
        if len(cells) != len(header):
            raise ValueError(f"{name}:{line}: {len(cells)} cells, but the header has {len(header)}")
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
            reason = {"reason": "a schedule is written {file: name.csv}", "found": type(value).__name__, "allowed": _TABLE}
            raise PydanticCustomError("table_wrong", "{reason}", reason)
        try:
            if "csv" in value:
                return parse_schedule(str(value["csv"]))
            return parse_schedule(read_table(value["file"]), shown_path(table_path(value["file"])))
        except ValueError as error:
            context = {"reason": str(error), "found": shown_path(value.get("file", "")), "allowed": _TABLE}
            raise PydanticCustomError("table_wrong", "{reason}", context) from None

    @staticmethod
    def _written(value: Schedule | None) -> dict[str, str] | None:
        return None if value is None else {"csv": value.text}
