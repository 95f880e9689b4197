"""A real schedule, or a trace of a run, read from CSV."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

REQUIRED = ("route", "from_side", "planned_departure_s")
OPTIONAL = ("ordered_s", "max_shift_s", "operator", "aeo", "priority", "consignments", "passengers")


@dataclass(frozen=True)
class Schedule:
    """The rows of a schedule: `columns[name][i]` is the text of row i; "" leaves a cell open.

    Columns: route, from_side (side key of the departure), planned_departure_s; optional ordered_s,
    max_shift_s, operator, aeo (0 or 1), priority, consignments, passengers. Any other column replaces what the model
    draws or decides, cell by cell: `fact:<name>` a per-flight fact, `<stage>:<quantity>` a cell of the plan
    (visits, service_s, not_before_s, patience_s, deadline_s, cooldown_s).
    """

    text: str
    file: str
    columns: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.columns["route"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return f"{len(self)} flights of {self.file or 'a schedule'}"


def parse_schedule(text: str, file: str = "") -> Schedule:
    """The schedule of a CSV text with a header line. Raises ValueError naming the line at fault."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if len(rows) < 2:
        raise ValueError(f"{file or 'the schedule'} needs a header line and at least one flight")
    header = [name.strip() for name in rows[0]]
    missing = [name for name in REQUIRED if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    wrong = [name for name in header if name not in REQUIRED + OPTIONAL and ":" not in name]
    if missing or twice or wrong:
        faults = [f"column {name} is missing" for name in missing] + [f"column {name} stands twice" for name in twice]
        faults += [
            f"column '{name}' is not known (allowed: {', '.join(REQUIRED + OPTIONAL)}, fact:…, <stage>:…)" for name in wrong
        ]
        raise ValueError(f"{file}:1: " + "; ".join(faults))
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    for number, row in body:
        if len(row) != len(header):
            raise ValueError(f"{file}:{number}: {len(row)} cells, but the header has {len(header)}")
    columns = {name: tuple(row[i].strip() for _, row in body) for i, name in enumerate(header)}
    return Schedule(text, file, columns)


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
            raise PydanticCustomError("written_wrong", "{reason}", {"reason": "a schedule is written {file: name.csv}"})
        try:
            if "csv" in value:
                return parse_schedule(str(value["csv"]))
            path = Path(getattr(value["file"], "folder", ".")) / str(value["file"])
            return parse_schedule(path.read_text(encoding="utf-8-sig"), path.name)
        except OSError as error:
            raise PydanticCustomError("written_wrong", "{reason}", {"reason": f"{path.name}: {error.strerror}"}) from None
        except ValueError as error:
            raise PydanticCustomError("written_wrong", "{reason}", {"reason": str(error)}) from None

    @staticmethod
    def _written(value: Schedule | None) -> dict[str, str] | None:
        return None if value is None else {"csv": value.text}
